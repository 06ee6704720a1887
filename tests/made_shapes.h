/* SPDX-License-Identifier: MIT */
/* made_shapes: shapes from the numbers that matter, for tests; micrometres. */
#ifndef TESTS_MADE_SHAPES_H
#define TESTS_MADE_SHAPES_H

#include <string.h>

#include "formats/scene/shape.h"

static inline struct shape made_circle(int64_t x, int64_t y, int64_t r)
{
	return (struct shape){
		.kind = SHAPE_CIRCLE,
		.value = {[PARAM_X] = x, [PARAM_Y] = y, [PARAM_R] = r},
	};
}

static inline struct shape made_rounded(int64_t w, int64_t h, int64_t r)
{
	return (struct shape){
		.kind = SHAPE_ROUNDED_RECTANGLE,
		.value = {[PARAM_WIDTH] = w, [PARAM_HEIGHT] = h, [PARAM_R] = r},
	};
}

static inline struct shape made_polyline(int n, const struct point *points)
{
	struct shape p = {.kind = SHAPE_POLYLINE, .point_count = n};

	memcpy(p.points, points, (size_t)n * sizeof(*points));
	return p;
}

static inline struct shape made_profile(int n, const struct point *points)
{
	struct shape p = made_polyline(n, points);

	p.kind = SHAPE_PROFILE;
	p.value[PARAM_THICKNESS] = 8000;
	return p;
}

#endif
