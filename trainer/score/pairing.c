/* SPDX-License-Identifier: MIT */
/*
 * An optimal assignment of gains. A pair gains NEAR if it is near, EQUAL for each equal number, and less
 * than 1 for closeness: 256 pairs of 25 numbers, the most there are, gain less than NEAR by numbers and
 * less than EQUAL by closeness. So one sum has all three in order of rank.
 */
#include <config.h>

#include "trainer/score/pairing.h"

#include <stdlib.h>
#include <string.h>

#include "trainer/score/assignment.h"
#include "trainer/score/label_number.h"

#define NEAR 1e8
#define EQUAL 1e3

/* 0: they do not pair. */
static double gain_of(const struct shape *truth, const struct shape *said, int64_t floor)
{
	struct label_number numbers[LABEL_NUMBERS_MAX];
	int equal = 0, n;
	double off = 0;
	bool shared = false;

	if (truth->kind != said->kind)
		return 0;
	n = label_numbers_of_shape(truth, numbers);
	for (int i = 0; i < n; i++) {
		int64_t value;

		if (!label_number_in(said, &numbers[i], &value))
			continue;
		off += (double)llabs(numbers[i].value - value);
		equal += numbers[i].value == value;
		shared = shared || (value != 0 && numbers[i].value == value);
	}
	if (label_shape_is_near(truth, said, floor))
		return NEAR + equal * EQUAL + 1 / (2 + off);
	return shared ? equal * EQUAL + 1 / (2 + off) : 0;
}

struct pairing pairing_from_programs(const struct program *truth, const struct program *said,
				     int64_t floor, struct arena *arena)
{
	int rows = truth->shape_count, columns = said->shape_count;
	struct pairing p = {rows, columns, ARENA_NEW(arena, int, rows),
			    ARENA_NEW(arena, int, columns)};
	struct arena_mark mark = arena_mark(arena);
	double *cost = ARENA_NEW(arena, double, rows *columns);

	for (int k = 0; k < rows * columns && truth->unit == said->unit; k++)
		cost[k] = -gain_of(&truth->shapes[k / columns], &said->shapes[k % columns], floor);
	assignment_solve(cost, rows, columns, p.said_of_true, arena);
	for (int j = 0; j < columns; j++)
		p.true_of_said[j] = -1;
	for (int i = 0; i < rows; i++) {
		int j = p.said_of_true[i];

		if (j >= 0 && cost[i * columns + j] < 0)
			p.true_of_said[j] = i;
		else
			p.said_of_true[i] = -1;
	}
	arena_release(arena, mark);
	return p;
}

static int compare(const void *a, const void *b)
{
	return shape_compare(a, b);
}

static struct shape *sorted(const struct program *program, struct arena *arena)
{
	size_t n = (size_t)program->shape_count;
	struct shape *shapes = ARENA_NEW(arena, struct shape, n);

	memcpy(shapes, program->shapes, n * sizeof(*shapes));
	qsort(shapes, n, sizeof(*shapes), compare);
	return shapes;
}

void pairing_count_equal(const struct program *truth, const struct program *said,
			 int equal[SHAPE_COUNT_], struct arena *arena)
{
	struct arena_mark mark = arena_mark(arena);
	const struct shape *a = sorted(truth, arena), *b = sorted(said, arena);
	const struct shape *a_end = a + truth->shape_count, *b_end = b + said->shape_count;

	memset(equal, 0, SHAPE_COUNT_ * sizeof(*equal));
	while (truth->unit == said->unit && a < a_end && b < b_end) {
		int c = shape_compare(a, b);

		if (c == 0)
			equal[a->kind]++;
		a += c <= 0;
		b += c >= 0;
	}
	arena_release(arena, mark);
}
