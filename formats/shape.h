/* SPDX-License-Identifier: MIT */
/*
 * shape: the primitives of the two-dimensional families, as named parameters in integers.
 *
 *	struct shape s = {.kind = SHAPE_CIRCLE};
 *	s.value[PARAM_X] = 30000;	(30 mm)
 *	s.value[PARAM_R] = 5000;
 *	if (shape_check(&s, &err) < 0) ...
 *	struct path path = path_from_shape(&s, &arena);
 *
 * Lengths and coordinates are micrometres, angles thousandths of a degree counter-clockwise from
 * the x axis, counts plain: every value but a count is written as thousandths. The two tables below
 * are the only place that names a primitive or a parameter; scene, program, grammar and man page
 * follow from them.
 */
#ifndef FORMATS_SHAPE_H
#define FORMATS_SHAPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "formats/path.h"

/* P(enum suffix, name, kind, lowest, highest): bounds in the stored unit, both included */
#define SHAPE_PARAMS(P)                                                                            \
	P(X, "x", COORD, -10000000, 10000000)                                                      \
	P(Y, "y", COORD, -10000000, 10000000)                                                      \
	P(WIDTH, "width", LENGTH, 1, 10000000)                                                     \
	P(HEIGHT, "height", LENGTH, 1, 10000000)                                                   \
	P(LENGTH, "length", LENGTH, 1, 10000000)                                                   \
	P(R, "r", LENGTH, 1, 10000000)                                                             \
	P(RX, "rx", LENGTH, 1, 10000000)                                                           \
	P(RY, "ry", LENGTH, 1, 10000000)                                                           \
	P(START, "start", ANGLE, 0, 359999)                                                        \
	P(SWEEP, "sweep", ANGLE, 1, 359999)                                                        \
	P(SIDES, "sides", COUNT, 3, 12)                                                            \
	P(ANGLE, "angle", ANGLE, 0, 359999)                                                        \
	P(POINTS, "points", POINT_LIST, -10000000, 10000000)

/* S(enum suffix, name, parameters in label order, what x and y are). An `angle` of 0 is left out of
 * labels: the standards read a line drawn level as level. */
#define SHAPE_KINDS(S)                                                                             \
	S(RECTANGLE, "rectangle", "x y width height angle",                                        \
	  "first corner, which angle turns about")                                                 \
	S(ROUNDED_RECTANGLE, "rounded_rectangle", "x y width height r angle",                      \
	  "first corner of the unrounded rectangle, which angle turns about")                      \
	S(CIRCLE, "circle", "x y r", "centre")                                                     \
	S(ELLIPSE, "ellipse", "x y rx ry angle", "centre; angle turns rx")                         \
	S(ARC, "arc", "x y r start sweep", "centre; start is the angle of the first end")          \
	S(LINE, "line", "x y length angle", "first end; angle is the direction")                   \
	S(POLYLINE, "polyline", "points", "open, 3 to 8 points")                                   \
	S(POLYGON, "polygon", "x y r sides angle",                                                 \
	  "centre; r reaches the corners; angle is the direction of one corner")                   \
	S(SLOT, "slot", "x y length r angle",                                                      \
	  "centre of the first round end; length joins the centres of the ends")                   \
	S(TRIANGLE, "triangle", "points", "3 corners, counter-clockwise")

enum param {
#define P(id, name, kind, lo, hi) PARAM_##id,
	SHAPE_PARAMS(P)
#undef P
		PARAM_COUNT_
};

enum param_kind { KIND_COORD, KIND_LENGTH, KIND_ANGLE, KIND_COUNT, KIND_POINT_LIST };

enum shape_kind {
#define S(id, name, params, about) SHAPE_##id,
	SHAPE_KINDS(S)
#undef S
		SHAPE_COUNT_
};

#define SHAPE_POINTS_MAX 8

struct point {
	int64_t x, y; /* um */
};

struct shape {
	enum shape_kind kind;
	int64_t value[PARAM_COUNT_]; /* those the kind has; the others are 0 */
	int point_count;             /* polyline, triangle */
	struct point points[SHAPE_POINTS_MAX];
};

/* Tables. */
const char *shape_kind_name(enum shape_kind kind);
int shape_kind_from_name(const char *name, size_t len, enum shape_kind *kind); /* 0 or -1 */
const char *param_name(enum param param);
int param_from_name(const char *name, size_t len, enum param *param); /* 0 or -1 */
enum param_kind param_kind(enum param param);
void param_bounds(enum param param, int64_t *lo, int64_t *hi);

/* The kind's parameters in label order; returns how many (at most PARAM_COUNT_). */
int shape_params(enum shape_kind kind, enum param out[PARAM_COUNT_]);
bool shape_has_param(enum shape_kind kind, enum param param);

/* True for the one parameter that labels leave out when it is 0 (`angle`; for line too). */
bool param_is_optional(enum param param);

/* For readers: whether a needed parameter of the kind is absent from `given` (bit p for parameter
 * p); *missing is then the first one in label order. */
bool shape_lacks_param(enum shape_kind kind, uint32_t given, enum param *missing);

/* Whether the shape can exist: every value within bounds, radius fits the rectangle (2 r equal to
 * the shorter side is fine), points distinct, triangle counter-clockwise and not flat, polyline not
 * crossing or touching itself, no two successive polyline pieces in one line. ERR_FORMAT with a
 * message that names kind, parameter and the allowed range (no file:line; callers add it). Points
 * are counted from 0 in messages. A kind out of its enum, or a value that the kind lacks and that
 * is not 0, is a bug of the caller (assert). */
int shape_check(const struct shape *shape, struct err *err);

/* Canonical order of labels: by the first point (lowest x, then y), then kind, then values. Returns
 * <0, 0, >0 as qsort wants; 0 only for equal shapes. */
int shape_compare(const struct shape *a, const struct shape *b);

/* x, y, or the first point. */
struct point shape_anchor(const struct shape *shape);

/* The outline in millimetres: one path, counter-clockwise where it is closed (all but arc, line and
 * polyline). The shape must have passed shape_check. */
struct path path_from_shape(const struct shape *shape, struct arena *arena);

#endif
