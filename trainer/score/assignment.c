/* SPDX-License-Identifier: MIT */
/*
 * Shortest augmenting paths: rows are added one at a time; from the new one Dijkstra's search, over costs
 * reduced by the potentials of both sides, finds the nearest free column, and the pairs along the way
 * are moved on by one. Jonker and Volgenant 1987, "A Shortest Augmenting Path Algorithm for Dense and
 * Sparse Linear Assignment Problems"; Crouse 2016, "On Implementing 2D Rectangular Assignment
 * Algorithms", for fewer rows than columns. More rows than columns are solved lying on their side.
 *
 * Invariant: cost - u - v is never negative, and 0 for every pair.
 */
#include <config.h>

#include "trainer/score/assignment.h"

#include <math.h>
#include <stdbool.h>

struct solver {
	const double *cost;
	int rows, columns; /* rows <= columns */
	int row_step, column_step;
	double *u, *v;      /* potentials of rows and columns */
	double *distance;   /* of columns, from the row that is added */
	int *row_of_column; /* -1: free */
	int *before;        /* the row from which a column is reached */
	bool *done;
};

static double reduced_cost(const struct solver *s, int row, int column)
{
	return s->cost[(size_t)row * (size_t)s->row_step +
		       (size_t)column * (size_t)s->column_step] -
	       s->u[row] - s->v[column];
}

static int nearest_column(const struct solver *s)
{
	int nearest = -1;

	for (int j = 0; j < s->columns; j++)
		if (!s->done[j] && (nearest < 0 || s->distance[j] < s->distance[nearest]))
			nearest = j;
	return nearest;
}

/* The nearest free column; on the way there all nearer ones are done. */
static int find_free_column(struct solver *s, int row)
{
	double so_far = 0;

	for (int j = 0; j < s->columns; j++) {
		s->distance[j] = INFINITY;
		s->done[j] = false;
	}
	for (;;) {
		int column;

		for (int j = 0; j < s->columns; j++) {
			double d = s->done[j] ? 0 : so_far + reduced_cost(s, row, j);

			if (!s->done[j] && d < s->distance[j]) {
				s->distance[j] = d;
				s->before[j] = row;
			}
		}
		column = nearest_column(s);
		so_far = s->distance[column];
		if (s->row_of_column[column] < 0)
			return column;
		s->done[column] = true;
		row = s->row_of_column[column];
	}
}

static void add_row(struct solver *s, int *column_of_row, int added)
{
	int column = find_free_column(s, added);
	double reached = s->distance[column];

	s->u[added] += reached;
	for (int j = 0; j < s->columns; j++) {
		if (!s->done[j])
			continue;
		s->u[s->row_of_column[j]] += reached - s->distance[j];
		s->v[j] -= reached - s->distance[j];
	}
	for (int row = -1; row != added;) {
		int next;

		row = s->before[column];
		next = column_of_row[row];
		s->row_of_column[column] = row;
		column_of_row[row] = column;
		column = next;
	}
}

void assignment_solve(const double *cost, int rows, int columns, int *column_of_row,
		      struct arena *arena)
{
	bool lies = rows > columns;
	int fewer = lies ? columns : rows, more = lies ? rows : columns;
	struct arena_mark mark = arena_mark(arena);
	struct solver s = {.cost = cost,
			   .rows = fewer,
			   .columns = more,
			   .row_step = lies ? 1 : columns,
			   .column_step = lies ? columns : 1,
			   .u = ARENA_NEW(arena, double, fewer),
			   .v = ARENA_NEW(arena, double, more),
			   .distance = ARENA_NEW(arena, double, more),
			   .row_of_column = ARENA_NEW(arena, int, more),
			   .before = ARENA_NEW(arena, int, more),
			   .done = ARENA_NEW(arena, bool, more)};
	int *pairs = ARENA_NEW(arena, int, fewer);

	for (int j = 0; j < more; j++)
		s.row_of_column[j] = -1;
	for (int i = 0; i < fewer; i++)
		pairs[i] = -1;
	for (int i = 0; i < fewer; i++)
		add_row(&s, pairs, i);
	for (int i = 0; i < rows; i++)
		column_of_row[i] = lies ? s.row_of_column[i] : pairs[i];
	arena_release(arena, mark);
}
