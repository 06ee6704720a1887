/* SPDX-License-Identifier: MIT */
/*
 * hand_number: a number written by hand, in strokes.
 *
 *	double width = hand_number_width("48");
 *	hand_number_draw(&mask, &(struct hand_frame){origin, x, y}, "48", pen_px, &rng);
 *
 * It knows digits, point, comma, R and the sign of a diameter. Units are sixths of a digit's height.
 */
#ifndef AUGMENT_HAND_NUMBER_H
#define AUGMENT_HAND_NUMBER_H

#include "augment/paint.h"
#include "base/rng.h"
#include "formats/scene/path.h"

#define HAND_HEIGHT 6.0

struct hand_frame {
	struct vec origin, x, y; /* px; the baseline's start, one unit along it and one up */
};

double hand_number_width(const char *value);

/* No two digits of the same kind are quite alike. */
void hand_number_draw(struct mask *mask, const struct hand_frame *frame, const char *value,
		      double pen_px, struct rng *rng);

#endif
