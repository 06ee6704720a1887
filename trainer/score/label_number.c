/* SPDX-License-Identifier: MIT */
/* All in integers, so that a number on the border of a tolerance is within it on every machine. */
#include <config.h>

#include "trainer/score/label_number.h"

#include <stdlib.h>

#define PERCENT 100
#define ANGLE_NEAR 900
#define FULL_TURN 360000

static int add_points(const struct shape *shape, struct label_number *out)
{
	int count = 0;

	for (int i = 0; i < shape->point_count; i++)
		for (int is_y = 0; is_y < 2; is_y++)
			out[count++] = (struct label_number){PARAM_POINTS, i, is_y,
							     is_y ? shape->points[i].y
								  : shape->points[i].x};
	return count;
}

int label_numbers_of_shape(const struct shape *shape, struct label_number out[LABEL_NUMBERS_MAX])
{
	enum param params[PARAM_COUNT_];
	int n = shape_params(shape->kind, params), count = 0;

	for (int i = 0; i < n; i++) {
		int64_t value = shape->value[params[i]];

		if (params[i] == PARAM_POINTS)
			count += add_points(shape, out + count);
		else if (value != 0 || !param_is_optional(params[i]))
			out[count++] = (struct label_number){.param = params[i], .value = value};
	}
	return count;
}

bool label_number_in(const struct shape *shape, const struct label_number *number, int64_t *value)
{
	if (number->param != PARAM_POINTS) {
		*value = shape->value[number->param];
		return true;
	}
	if (number->point >= shape->point_count)
		return false;
	*value = number->is_y ? shape->points[number->point].y : shape->points[number->point].x;
	return true;
}

void label_number_set(struct shape *shape, const struct label_number *number, int64_t value)
{
	struct point *point = &shape->points[number->point];

	if (number->param != PARAM_POINTS)
		shape->value[number->param] = value;
	else if (number->is_y)
		point->y = value;
	else
		point->x = value;
}

enum param_kind label_number_kind(const struct label_number *number)
{
	enum param_kind kind = param_kind(number->param);

	return kind == KIND_POINT_LIST ? KIND_COORD : kind;
}

static bool angle_is_near(enum param param, int64_t truth, int64_t said)
{
	int64_t off = llabs(truth - said);

	if (param != PARAM_SWEEP && off > FULL_TURN / 2)
		off = FULL_TURN - off;
	return off <= ANGLE_NEAR;
}

bool label_number_is_near(const struct label_number *truth, int64_t said, int64_t floor)
{
	int64_t off = llabs(truth->value - said);

	switch (label_number_kind(truth)) {
	case KIND_LENGTH:
		return PERCENT * off <= truth->value;
	case KIND_ANGLE:
		return angle_is_near(truth->param, truth->value, said);
	case KIND_COUNT:
		return off == 0;
	case KIND_COORD:
	case KIND_POINT_LIST:
		break;
	}
	return PERCENT * off <= llabs(truth->value) || off <= floor;
}

bool label_shape_is_near(const struct shape *truth, const struct shape *said, int64_t floor)
{
	struct label_number points[2 * SHAPE_POINTS_MAX];
	int n = add_points(truth, points);
	int64_t value;

	if (truth->kind != said->kind || truth->point_count != said->point_count)
		return false;
	for (int i = 0; i < n; i++)
		if (!label_number_in(said, &points[i], &value) ||
		    !label_number_is_near(&points[i], value, floor))
			return false;
	for (int p = 0; p < PARAM_COUNT_; p++) {
		struct label_number number = {.param = (enum param)p, .value = truth->value[p]};

		if (p != PARAM_POINTS && shape_has_param(truth->kind, number.param) &&
		    !label_number_is_near(&number, said->value[p], floor))
			return false;
	}
	return true;
}
