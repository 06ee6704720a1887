/* SPDX-License-Identifier: MIT */
/*
 * Areas: along a level line the edges that cross it, in order, are ends of what is filled and what is
 * not. An edge crosses a line that it reaches with its lower end and not with its upper one, so that a
 * corner is crossed once.
 *
 * Volumes: between two levels at which no board begins or ends, boards are rectangles seen from above,
 * whose sides cut the plane into cells that are covered wholly or not at all.
 */
#include <config.h>

#include "trainer/score/figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LINES 1024
#define LEAST 8

static int compare(const void *a, const void *b)
{
	double p = *(const double *)a, q = *(const double *)b;

	return (p > q) - (p < q);
}

static double over(double both, double a, double b)
{
	return both / (a + b - both);
}

static int unite(double *list, int count)
{
	int kept = 0;

	qsort(list, (size_t)count, sizeof(*list), compare);
	for (int i = 0; i < count; i++)
		if (kept == 0 || list[kept - 1] != list[i])
			list[kept++] = list[i];
	return kept;
}

/* --- areas */

/* Level lines, rising, each in the middle of a strip. */
struct lines {
	int count;
	double *y, *height; /* of the strip */
};

/* Where a figure crosses them: line i at x[first[i]] to x[first[i + 1] - 1]. */
struct crossings {
	const struct lines *lines;
	int *first;
	double *x;
};

static int list_outlines(const struct figure *f, double *levels)
{
	int count = 0;

	for (int g = 0; g < f->group_count; g++) {
		if (!f->groups[g].is_filled)
			continue;
		levels[count++] = f->groups[g].box.lo[1];
		levels[count++] = f->groups[g].box.hi[1];
	}
	return count;
}

/* Between two levels at which no outline begins or ends there are LEAST lines, and more by height. */
static struct lines lay_lines(const struct figure *a, const struct figure *b, struct arena *arena)
{
	double *levels = ARENA_NEW(arena, double, 2 * (a->group_count + b->group_count));
	int n = list_outlines(a, levels), most;
	struct lines l = {0};

	n += list_outlines(b, levels + n);
	n = unite(levels, n);
	most = LINES + LEAST * n;
	l.y = ARENA_NEW(arena, double, most);
	l.height = ARENA_NEW(arena, double, most);
	for (int i = 0; i + 1 < n; i++) {
		double share = (levels[i + 1] - levels[i]) / (levels[n - 1] - levels[0]);
		int here = LEAST + (int)(share * LINES);

		for (int k = 0; k < here; k++) {
			l.height[l.count] = (levels[i + 1] - levels[i]) / here;
			l.y[l.count] = levels[i] + (k + 0.5) * l.height[l.count];
			l.count++;
		}
	}
	return l;
}

/* The first line at or over y. */
static int line_over(const struct lines *l, double y)
{
	int lo = 0, hi = l->count;

	while (lo < hi) {
		int middle = lo + (hi - lo) / 2;

		if (l->y[middle] < y)
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo;
}

/* Calls add(c, line, x) for each crossing. */
static void cross_lines(struct crossings *c, const struct figure *f,
			void (*add)(struct crossings *c, int line, double x))
{
	for (int g = 0; g < f->group_count; g++) {
		const struct figure_group *group = &f->groups[g];

		for (int i = 0; i < group->count && group->is_filled; i++) {
			const struct figure_edge *e = &f->edges[group->first + i];
			bool rises = e->a[1] < e->b[1];
			const double *low = rises ? e->a : e->b, *high = rises ? e->b : e->a;
			int end = line_over(c->lines, high[1]);

			for (int k = line_over(c->lines, low[1]); k < end; k++) {
				double t = (c->lines->y[k] - low[1]) / (high[1] - low[1]);

				add(c, k, low[0] + t * (high[0] - low[0]));
			}
		}
	}
}

static void count_crossing(struct crossings *c, int line, double x)
{
	(void)x;
	c->first[line]++;
}

/* first[line] moves down from the line's end to its beginning. */
static void put_crossing(struct crossings *c, int line, double x)
{
	c->x[--c->first[line]] = x;
}

static struct crossings find_crossings(const struct lines *lines, const struct figure *f,
				       struct arena *arena)
{
	struct crossings c = {.lines = lines, .first = ARENA_NEW(arena, int, lines->count + 1)};

	cross_lines(&c, f, count_crossing);
	for (int i = 1; i <= lines->count; i++)
		c.first[i] += c.first[i - 1];
	c.x = ARENA_NEW(arena, double, c.first[lines->count]);
	cross_lines(&c, f, put_crossing);
	for (int i = 0; i < lines->count; i++)
		qsort(c.x + c.first[i], (size_t)(c.first[i + 1] - c.first[i]), sizeof(*c.x),
		      compare);
	return c;
}

static double filled(const double *x, int count)
{
	double sum = 0;

	for (int i = 0; i + 1 < count; i += 2)
		sum += x[i + 1] - x[i];
	return sum;
}

static double filled_by_both(const double *a, int a_count, const double *b, int b_count)
{
	double sum = 0;

	for (int i = 0, k = 0; i + 1 < a_count && k + 1 < b_count;) {
		double from = max2(a[i], b[k]), to = min2(a[i + 1], b[k + 1]);

		sum += max2(0, to - from);
		if (a[i + 1] < b[k + 1])
			i += 2;
		else
			k += 2;
	}
	return sum;
}

static double iou_of_areas(const struct figure *a, const struct figure *b, struct arena *arena)
{
	struct lines lines = lay_lines(a, b, arena);
	struct crossings ca = find_crossings(&lines, a, arena);
	struct crossings cb = find_crossings(&lines, b, arena);
	double sum_a = 0, sum_b = 0, both = 0;

	for (int i = 0; i < lines.count; i++) {
		const double *xa = ca.x + ca.first[i], *xb = cb.x + cb.first[i];
		int na = ca.first[i + 1] - ca.first[i], nb = cb.first[i + 1] - cb.first[i];

		sum_a += lines.height[i] * filled(xa, na);
		sum_b += lines.height[i] * filled(xb, nb);
		both += lines.height[i] * filled_by_both(xa, na, xb, nb);
	}
	return sum_a + sum_b > 0 ? over(both, sum_a, sum_b) : 0;
}

/* --- volumes */

enum { IN_A = 1, IN_B = 2 };

/* The boards of both figures between two levels. */
struct slice {
	int count;
	const struct figure_box **boards;
	unsigned char *whose; /* IN_A or IN_B */
	double *cuts[2];      /* along x and y, rising */
	unsigned char *cells;
};

static int find_cut(const double *cuts, int count, double at)
{
	const double *found = bsearch(&at, cuts, (size_t)count, sizeof(*cuts), compare);

	return (int)(found - cuts);
}

static void paint(struct slice *s, int board, const int n[2])
{
	const struct figure_box *b = s->boards[board];
	int y1 = find_cut(s->cuts[1], n[1], b->hi[1]), x0 = find_cut(s->cuts[0], n[0], b->lo[0]);
	int x1 = find_cut(s->cuts[0], n[0], b->hi[0]);

	for (int y = find_cut(s->cuts[1], n[1], b->lo[1]); y < y1; y++)
		for (int x = x0; x < x1; x++)
			s->cells[y * n[0] + x] |= s->whose[board];
}

/* Adds the areas of cells in a, in b, and in both, times the height. */
static void measure_slice(struct slice *s, double height, double sums[3])
{
	int n[2];

	for (int axis = 0; axis < 2; axis++) {
		for (int i = 0; i < s->count; i++) {
			s->cuts[axis][2 * i] = s->boards[i]->lo[axis];
			s->cuts[axis][2 * i + 1] = s->boards[i]->hi[axis];
		}
		n[axis] = unite(s->cuts[axis], 2 * s->count);
	}
	memset(s->cells, 0, (size_t)n[0] * (size_t)n[1]);
	for (int i = 0; i < s->count; i++)
		paint(s, i, n);
	for (int y = 0; y + 1 < n[1]; y++) {
		for (int x = 0; x + 1 < n[0]; x++) {
			int cell = s->cells[y * n[0] + x];
			double volume = height * (s->cuts[0][x + 1] - s->cuts[0][x]) *
					(s->cuts[1][y + 1] - s->cuts[1][y]);

			sums[0] += cell & IN_A ? volume : 0;
			sums[1] += cell & IN_B ? volume : 0;
			sums[2] += cell == (IN_A | IN_B) ? volume : 0;
		}
	}
}

static int list_levels(const struct figure *f, double *levels)
{
	for (int i = 0; i < f->board_count; i++) {
		levels[2 * i] = f->boards[i].lo[2];
		levels[2 * i + 1] = f->boards[i].hi[2];
	}
	return 2 * f->board_count;
}

static void add_boards(struct slice *s, const struct figure *f, unsigned char whose, double z)
{
	for (int i = 0; i < f->board_count; i++) {
		if (f->boards[i].lo[2] > z || f->boards[i].hi[2] <= z)
			continue;
		s->boards[s->count] = &f->boards[i];
		s->whose[s->count++] = whose;
	}
}

static double iou_of_boards(const struct figure *a, const struct figure *b, struct arena *arena)
{
	int most = a->board_count + b->board_count;
	double *levels = ARENA_NEW(arena, double, 2 * most), sums[3] = {0};
	struct slice s = {.boards = ARENA_NEW(arena, const struct figure_box *, most),
			  .whose = ARENA_NEW(arena, unsigned char, most)};
	struct arena_mark mark = arena_mark(arena);
	int n = list_levels(a, levels);

	n += list_levels(b, levels + n);
	n = unite(levels, n);
	for (int i = 0; i + 1 < n; i++) {
		s.count = 0;
		add_boards(&s, a, IN_A, levels[i]);
		add_boards(&s, b, IN_B, levels[i]);
		s.cuts[0] = ARENA_NEW(arena, double, 2 * s.count);
		s.cuts[1] = ARENA_NEW(arena, double, 2 * s.count);
		s.cells = ARENA_NEW(arena, unsigned char, 4 * s.count * s.count);
		measure_slice(&s, levels[i + 1] - levels[i], sums);
		arena_release(arena, mark);
	}
	return over(sums[2], sums[0], sums[1]);
}

double figure_iou(const struct figure *a, const struct figure *b, struct arena *arena)
{
	struct arena_mark mark = arena_mark(arena);
	double iou = a->board_count + b->board_count > 0 ? iou_of_boards(a, b, arena)
							 : iou_of_areas(a, b, arena);

	arena_release(arena, mark);
	return iou;
}
