/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/rerank/combine_shapes.h"

#include <math.h>
#include <string.h>

#include "trainer/rerank/shape_search.h"
#include "trainer/score/label_number.h"

#define LENGTH_PX 4.0 /* of lengths that no program says: the least, */
#define STEP_PX 1.0   /* and from one to the next */

#define PLACINGS 6 /* that are tried */
#define COORDINATES_MOST 24
#define LINES_LEAST 0.2 /* of thick lines that shapes lie on */

/* px * px: */
#define LINE_GAIN 4.0 /* of a px of thick line, as placing_misfit has it, */
#define OFF_COST 3.0  /* and of outlines that are off lines */
#define NUMBER_COST 4.0
#define UNSAID_COST 25.0

/* Each number may be wrong, and one that no program says mostly is. */
static double cost_of(const struct shape *shape, const struct shape_numbers *said)
{
	struct label_number numbers[LABEL_NUMBERS_MAX];
	int n = label_numbers_of_shape(shape, numbers);
	double cost = NUMBER_COST * n;

	for (int i = 0; i < n; i++) {
		bool is_said = label_number_kind(&numbers[i]) != KIND_LENGTH;

		for (int k = 0; k < said->length_count && !is_said; k++)
			is_said = said->lengths[k] == numbers[i].value;
		if (!is_said)
			cost += UNSAID_COST;
	}
	return cost;
}

/* Shapes together: what they are off and cost, and the lines that they lie on. */
struct sum {
	double off, cost;
	uint64_t *lines;
};

static void add_shape(const struct shape_search *s, struct sum *sum, const struct found_shape *one)
{
	sum->off += one->off;
	sum->cost += one->cost;
	for (int k = 0; k < s->words; k++)
		sum->lines[k] |= one->lines[k];
}

/* Of n shapes, of which some may be none yet, all but one; -1: all. */
static void sum_shapes(const struct shape_search *s, struct sum *sum,
		       const struct found_shape *const *chosen, int n, int but)
{
	sum->off = sum->cost = 0;
	memset(sum->lines, 0, (size_t)s->words * sizeof(*sum->lines));
	for (int i = 0; i < n; i++)
		if (i != but && chosen[i])
			add_shape(s, sum, chosen[i]);
}

/* What the lines of the shapes and of one more are worth, less what they are off. */
static double worth_with(const struct shape_search *s, const struct sum *sum,
			 const struct found_shape *one)
{
	int count = 0;

	for (int k = 0; k < s->words; k++)
		count += __builtin_popcountll(sum->lines[k] | one->lines[k]);
	return LINE_GAIN * count - OFF_COST * (sum->off + one->off) - (sum->cost + one->cost);
}

/* Another shape in the place of one, if that is better than `now`; returns what all are worth then. */
static double replace(const struct shape_search *s, const struct found_shape **chosen, int n,
		      int which, double now, struct sum *others)
{
	sum_shapes(s, others, chosen, n, which);
	for (int i = 0; i < s->count; i++) {
		double w = worth_with(s, others, &s->found[i]);

		if (w > now) {
			now = w;
			chosen[which] = &s->found[i];
		}
	}
	return now;
}

/* One after the other as long as that makes it better, from what is chosen, where NULL is none yet. */
static double choose_shapes(const struct shape_search *s, const struct found_shape **chosen, int n,
			    double now, struct sum *others)
{
	double before = -INFINITY;

	while (now > before) {
		before = now;
		for (int i = 0; i < n; i++)
			now = replace(s, chosen, n, i, now, others);
	}
	return now;
}

static const struct found_shape **shapes_of(const struct shape_search *s,
					    const struct program *program, struct arena *arena)
{
	const struct found_shape **chosen =
		ARENA_NEW(arena, const struct found_shape *, program->shape_count);

	for (int i = 0; i < program->shape_count; i++) {
		struct found_shape *one = ARENA_NEW(arena, struct found_shape, 1);

		one->lines = ARENA_NEW(arena, uint64_t, s->words);
		shape_search_look(s, &program->shapes[i], one);
		chosen[i] = one;
	}
	return chosen;
}

/* Whether the set has a fair share of the thick lines that go on; else it may be lettering. */
static bool is_enough(const struct ridges *ridges, const uint64_t *lines)
{
	int all = 0, in = 0;

	for (int i = 0; i < ridges->count; i++)
		if (ridges->list[i].is_thick && ridges->list[i].goes_on) {
			all++;
			in += lines[i / 64] >> i % 64 & 1;
		}
	return in >= LINES_LEAST * all;
}

/* Lengths that no program says, of steps that they have, of a pixel at least. */
static void add_steps(const struct combine *g, const struct program *program,
		      const struct placing *placing, struct shape_numbers *numbers)
{
	static const int64_t units[] = {10000, 5000, 1000, 500, 250, 100, 50, 10, 5, 1};
	double px = placing->scale * unit_mm(program->unit) / 1000; /* of a thousandth */
	size_t u = 0;
	int64_t step;

	for (int i = 0; i < numbers->coord_count; i++)
		while (numbers->coords[i] % units[u] != 0)
			u++;
	step = units[u] * (int64_t)max2(1, ceil(STEP_PX / px / (double)units[u]));
	shape_numbers_step(numbers, step * (int64_t)ceil(LENGTH_PX / px / (double)step),
			   (int64_t)(g->ridges->side / 2 / px), step);
}

/* The shapes that explain the picture best where it lies so, as many as the program has; returns how well, 0 where there
 * are fewer. */
static double find_shapes(const struct combine *g, const struct program *program,
			  const struct placing *placing, struct program *found, struct arena *arena)
{
	struct shape_search s = shape_search_at(g->ridges, placing, program->unit, arena);
	struct shape_numbers numbers = {.coord_count = 0}, said;
	struct sum sum = {.lines = ARENA_NEW(arena, uint64_t, s.words)};
	const struct found_shape **old = shapes_of(&s, program, arena), **anew;
	double first, other;

	for (int i = 0; i < program->shape_count; i++)
		shape_numbers_add(&numbers, &program->shapes[i]);
	for (int i = 0; i < g->count; i++)
		for (int k = 0; k < g->programs[i].shape_count; k++)
			shape_numbers_add(&numbers, &g->programs[i].shapes[k]);
	said = numbers;
	add_steps(g, program, placing, &numbers);
	shape_search_all(&s, &numbers);
	for (int i = 0; i < s.count; i++)
		s.found[i].cost = cost_of(&s.found[i].shape, &said);
	sum_shapes(&s, &sum, old, program->shape_count, 0);
	first = worth_with(&s, &sum, old[0]);
	first = choose_shapes(&s, old, program->shape_count, first, &sum);
	anew = ARENA_NEW(arena, const struct found_shape *, program->shape_count);
	other = choose_shapes(&s, anew, program->shape_count, 0, &sum);
	*found = (struct program){program->unit, program->shape_count,
				  ARENA_NEW(arena, struct shape, program->shape_count)};
	if (other > first)
		old = anew;
	for (int i = 0; i < program->shape_count; i++) {
		if (!old[i])
			return 0;
		found->shapes[i] = old[i]->shape;
	}
	sum_shapes(&s, &sum, old, program->shape_count, -1);
	return is_enough(g->ridges, sum.lines) ? max2(first, other) : 0;
}

/* Where the program would lie if most of it were wrong. */
static struct placing loosely(const struct combine *g, const struct program *program,
			      struct arena *arena)
{
	struct placing placing = {0};
	struct figure figure;
	struct outline outline;

	if (figure_from_program(&figure, program, g->family, arena, NULL) < 0)
		return placing;
	outline = outline_from_figure(&figure, true, arena);
	return placing_search_loose(&outline, g->ridges);
}

static void add_placing(struct placing list[PLACINGS], int *count, const struct placing *one,
			int side)
{
	for (int i = 0; i < *count; i++)
		if (placing_is_same(one, &list[i], side))
			return;
	if (one->scale > 0 && *count < PLACINGS)
		list[(*count)++] = *one;
}

/* Where straight lines are at the coordinates of a program, whichever shapes these belong to. */
static int by_coordinates(const struct combine *g, const struct program *program,
			  struct placing list[PLACINGS])
{
	double x[COORDINATES_MOST], y[COORDINATES_MOST], mm = unit_mm(program->unit) / 1000;
	struct label_number numbers[LABEL_NUMBERS_MAX];
	struct coordinates of = {x, y, 0, 0};

	for (int i = 0; i < program->shape_count; i++) {
		int n = label_numbers_of_shape(&program->shapes[i], numbers);

		for (int k = 0; k < n; k++) {
			bool is_y = numbers[k].param == PARAM_Y || numbers[k].is_y;

			if (label_number_kind(&numbers[k]) != KIND_COORD)
				continue;
			if (is_y && of.y_count < COORDINATES_MOST)
				y[of.y_count++] = (double)numbers[k].value * mm;
			else if (!is_y && of.x_count < COORDINATES_MOST)
				x[of.x_count++] = (double)numbers[k].value * mm;
		}
	}
	return placing_search_coordinates(&of, g->ridges, list, PLACINGS - 2);
}

/* Where the picture may lie: as the best program does, or any other one, or where its coordinates are. */
static int find_placings(const struct combine *g, const struct program *program,
			 const struct placing *placing, struct placing list[PLACINGS],
			 struct arena *arena)
{
	int side = g->ridges->side, count = 0, others;
	struct placing one, found[PLACINGS];

	add_placing(list, &count, placing, side);
	one = loosely(g, program, arena);
	add_placing(list, &count, &one, side);
	others = by_coordinates(g, program, found);
	for (int i = 0; i < others; i++)
		add_placing(list, &count, &found[i], side);
	for (int i = 0; i < g->count; i++)
		add_placing(list, &count, &g->placings[i], side);
	return count;
}

bool combine_find_shapes(const struct combine *g, const struct program *program,
			 const struct placing *placing, struct program *found, struct placing *at,
			 struct arena *arena)
{
	struct placing placings[PLACINGS];
	int count = find_placings(g, program, placing, placings, arena);
	struct program one;
	double worth = 0;

	for (int i = 0; i < count; i++) {
		double w = find_shapes(g, program, &placings[i], &one, arena);

		if (w <= worth)
			continue;
		worth = w;
		*found = one;
		*at = placings[i];
	}
	return worth > 0;
}
