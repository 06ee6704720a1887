/* SPDX-License-Identifier: MIT */
/*
 * The steps are few, so that two programs whose largest numbers are near each other seldom get different ones,
 * and all is in integers, so that a key is the same on every machine.
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "formats/dataset/dataset.h"
#include "formats/dataset/program_near.h"

#define PARTS 100 /* of the largest length, and of a turn */
#define TURN 360000
#define FINER 1000 /* steps are in thousandths of a thousandth */

/* Of a shape, rounded: its kind, each parameter, how many points, each point. */
#define ROW_NUMBERS (1 + PARAM_COUNT_ + 1 + 2 * SHAPE_POINTS_MAX)

struct row {
	int64_t number[ROW_NUMBERS];
};

static int64_t larger(int64_t largest, int64_t v)
{
	v = v < 0 ? -v : v;
	return v > largest ? v : largest;
}

static int64_t largest_of(const struct program *program)
{
	int64_t largest = 0;

	for (int i = 0; i < program->shape_count; i++) {
		const struct shape *s = &program->shapes[i];

		for (int p = 0; p < PARAM_COUNT_; p++)
			if (param_kind((enum param)p) == KIND_LENGTH ||
			    param_kind((enum param)p) == KIND_COORD)
				largest = larger(largest, s->value[p]);
		for (int k = 0; k < s->point_count; k++)
			largest = larger(larger(largest, s->points[k].x), s->points[k].y);
	}
	return largest;
}

int64_t program_near_step(int64_t largest)
{
	static const int64_t series[] = {1000, 1250, 1600, 2000, 2500,
					 3150, 4000, 5000, 6300, 8000};
	const size_t count = sizeof(series) / sizeof(*series);
	int64_t most = largest * FINER / PARTS, step = series[0];

	for (int64_t ten = 1; series[0] * ten <= most; ten *= 10)
		for (size_t i = 0; i < count && series[i] * ten <= most; i++)
			step = series[i] * ten;
	return step;
}

/* v / step, halves away from zero. */
static int64_t rounded(int64_t v, int64_t step)
{
	int64_t steps = (2 * (v < 0 ? -v : v) + step) / (2 * step);

	return v < 0 ? -steps : steps;
}

static int64_t round_param(enum param param, int64_t v, int64_t step)
{
	switch (param_kind(param)) {
	case KIND_ANGLE:
		return rounded(v, TURN / PARTS) % PARTS;
	case KIND_COUNT:
	case KIND_POINT_LIST:
		return v;
	case KIND_COORD:
	case KIND_LENGTH:
		break;
	}
	return rounded(v * FINER, step);
}

static struct row row_of(const struct shape *s, int64_t step)
{
	struct row row = {{(int64_t)s->kind}};
	int64_t *out = row.number + 1;

	for (int p = 0; p < PARAM_COUNT_; p++)
		*out++ = round_param((enum param)p, s->value[p], step);
	*out++ = s->point_count;
	for (int k = 0; k < s->point_count; k++) {
		*out++ = rounded(s->points[k].x * FINER, step);
		*out++ = rounded(s->points[k].y * FINER, step);
	}
	return row;
}

static int compare(const void *a, const void *b)
{
	const struct row *p = a, *q = b;

	for (int i = 0; i < ROW_NUMBERS; i++)
		if (p->number[i] != q->number[i])
			return p->number[i] < q->number[i] ? -1 : 1;
	return 0;
}

uint64_t program_near_key(const struct program *program, struct arena *arena)
{
	int64_t step = program_near_step(largest_of(program));
	size_t count = (size_t)program->shape_count;
	struct row *rows = ARENA_NEW(arena, struct row, count + 1);

	rows[0] = (struct row){{(int64_t)program->unit, step}};
	for (size_t i = 0; i < count; i++)
		rows[i + 1] = row_of(&program->shapes[i], step);
	if (count)
		qsort(rows + 1, count, sizeof(*rows), compare);
	return dataset_checksum(rows, (count + 1) * sizeof(*rows));
}
