/* SPDX-License-Identifier: MIT */
/*
 * label_number: the numbers that a label says of a shape, one by one.
 *
 *	struct label_number numbers[LABEL_NUMBERS_MAX];
 *	int n = label_numbers_of_shape(&shape, numbers);
 *	if (label_number_in(&other, &numbers[0], &value) && label_number_is_near(...)) ...
 *
 * Values are those of shape.h: thousandths of the program's unit or of a degree; counts plain.
 */
#ifndef TRAINER_LABEL_NUMBER_H
#define TRAINER_LABEL_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "formats/scene/shape.h"

struct label_number {
	enum param param;
	int point; /* PARAM_POINTS: of which point; else 0 */
	bool is_y; /* PARAM_POINTS: which of its coordinates */
	int64_t value;
};

#define LABEL_NUMBERS_MAX (2 * SHAPE_POINTS_MAX + PARAM_COUNT_)

/* In label order, without what is left out because it is 0; returns how many. */
int label_numbers_of_shape(const struct shape *shape, struct label_number out[LABEL_NUMBERS_MAX]);

/* The same number of another shape of the kind, also one that is left out (0); false where the shape
 * has no such point. */
bool label_number_in(const struct shape *shape, const struct label_number *number, int64_t *value);

/* Makes that number of a shape, which has such a point, `value`. */
void label_number_set(struct shape *shape, const struct label_number *number, int64_t value);

/* What a number counts: a coordinate, a length, an angle, or plain things. */
enum param_kind label_number_kind(const struct label_number *number);

/* Whether a number is within 1 % of the true one:
 *
 *	lengths      within 1 % of the true length
 *	coordinates  within 1 % of the true one, or within `floor`, whichever is more
 *	angles       within 0.9 degrees, 1 % of a right angle; directions round the circle
 *	counts       equal
 */
bool label_number_is_near(const struct label_number *truth, int64_t said, int64_t floor);

/* Whether both are of one kind, with as many points, and every parameter is near: said or left out. */
bool label_shape_is_near(const struct shape *truth, const struct shape *said, int64_t floor);

#endif
