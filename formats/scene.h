/* SPDX-License-Identifier: MIT */
/*
 * scene: what is drawn, without any style; scene(5) is its JSON.
 *
 *	struct scene scene;
 *	if (scene_from_seed(&scene, &params, seed, index, attempt, &arena, &err) < 0) ... (gen/)
 *	scene_write(&scene, &buf);
 *	if (scene_parse(&scene, name, text, len, &arena, &err) < 0) ...
 */
#ifndef FORMATS_SCENE_H
#define FORMATS_SCENE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "formats/shape.h"

#define SCENE_FAMILIES(F) F(SHAPES, "shapes")

/* How positions from the datum are stated: one line per value, all from the datum line (parallel
 * dimensioning), or all values along one line from the origin (running dimensioning). ISO 129-1. */
#define SCENE_ARRANGEMENTS(A)                                                                      \
	A(PARALLEL, "parallel")                                                                    \
	A(RUNNING, "running")

/* What a dimension measures. LEVEL and UPRIGHT are linear dimensions along x and y; POSITION_X and
 * POSITION_Y are linear dimensions from the datum. */
#define SCENE_DIMENSIONS(D)                                                                        \
	D(LEVEL, "horizontal")                                                                     \
	D(UPRIGHT, "vertical")                                                                     \
	D(ALIGNED, "aligned")                                                                      \
	D(RADIUS, "radius")                                                                        \
	D(DIAMETER, "diameter")                                                                    \
	D(ANGULAR, "angular")                                                                      \
	D(POSITION_X, "position_x")                                                                \
	D(POSITION_Y, "position_y")

enum family {
#define F(id, name) FAMILY_##id,
	SCENE_FAMILIES(F)
#undef F
		FAMILY_COUNT_
};

enum arrangement {
#define A(id, name) ARRANGE_##id,
	SCENE_ARRANGEMENTS(A)
#undef A
		ARRANGE_COUNT_
};

enum dim_kind {
#define D(id, name) DIM_##id,
	SCENE_DIMENSIONS(D)
#undef D
		DIM_COUNT_
};

/* One dimension: which number of which shape it states. `point` counts the points of a PARAM_POINTS
 * dimension; else 0. A position shared by several shapes is stated once per shape; the drafter
 * draws equal ones once. */
struct dimension {
	enum dim_kind kind;
	int shape;
	enum param param;
	int point;
};

#define SCENE_SHAPES_MAX 64
#define SCENE_DIMENSIONS_MAX 1024

struct scene {
	enum family family;
	int64_t sheet_um;            /* side of the square sheet */
	int scale_paper, scale_real; /* 1:2 is 1 and 2 */
	enum arrangement arrangement;
	uint32_t attempt; /* redraws before this one, 0 first */
	int shape_count;
	struct shape *shapes; /* in canonical order, in the arena */
	int dimension_count;
	struct dimension *dimensions; /* in the arena */
};

const char *family_name(enum family family);
const char *arrangement_name(enum arrangement arrangement);
const char *dim_kind_name(enum dim_kind kind);

/* NULL-terminated list for option tables. */
extern const char *const family_names[FAMILY_COUNT_ + 1];

/* One line of JSON without a newline. */
void scene_write(const struct scene *scene, struct buf *out);

/* Reads what scene_write wrote, or a person: any key order and white space; "attempt" may be absent
 * (0). Sheet 50 to 2000 mm, scale parts 1 to 1000, at least one shape. Unknown keys, values out of
 * range, shapes that cannot exist, dimensions of parameters a shape lacks, shapes out of canonical
 * order: ERR_FORMAT with name:line and the allowed range; more shapes or dimensions than the
 * maxima: ERR_LIMIT, likewise. On failure *scene holds nothing of use. */
int scene_parse(struct scene *scene, const char *name, const char *text, size_t len,
		struct arena *arena, struct err *err);

/* The same in every field, shapes and dimensions in the same order. */
bool scene_equal(const struct scene *a, const struct scene *b);

#endif
