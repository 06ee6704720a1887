/* SPDX-License-Identifier: MIT */
/*
 * printed_number: which numbers of a label stand on the drawing as they stand in the label.
 *
 *	struct printed_numbers printed = printed_from_scene(&scene, &arena);
 *	if (printed_has(&printed, &number)) ...	(copied; else halved, added up, counted)
 *
 * A number is printed where a dimension of the drawing has its very value (but for a minus sign, which a
 * position's side says) and states that parameter of any shape: equal features share a call-out, and
 * what lies in one line shares a dimension. A coordinate along x or y is one parameter, be it a
 * shape's, a point's or where a size ends. All others are derived: radii stated as diameters,
 * coordinates stated from a neighbour, centres of boards. Dimensions that are only drawn in some styles
 * (reference) print nothing.
 */
#ifndef TRAINER_PRINTED_NUMBER_H
#define TRAINER_PRINTED_NUMBER_H

#include "base/arena.h"
#include "formats/scene/scene.h"
#include "trainer/score/label_number.h"

struct printed_number {
	enum param param; /* a point's coordinates are PARAM_X and PARAM_Y */
	int64_t value;    /* not negative */
};

struct printed_numbers {
	int count;
	struct printed_number *list; /* rising, in the arena */
};

struct printed_numbers printed_from_scene(const struct scene *scene, struct arena *arena);
bool printed_has(const struct printed_numbers *printed, const struct label_number *number);

#endif
