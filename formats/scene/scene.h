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
#include "formats/scene/shape.h"

/* How positions from the datum are stated: one line per value, all from the datum (parallel
 * dimensioning); all values along one line from the origin (running dimensioning); each from its
 * neighbour (chain dimensioning); each at the end of its extension line, without dimension lines
 * (ASME Y14.5: rectangular coordinate dimensioning); those of single holes in a table with their
 * sizes, by the names that the holes bear, all else in parallel (coordinate dimensioning). ISO 129-1.
 * The last two are for plates. */
#define SCENE_ARRANGEMENTS(A)                                                                      \
	A(PARALLEL, "parallel")                                                                    \
	A(RUNNING, "running")                                                                      \
	A(CHAIN, "chain")                                                                          \
	A(ORDINATE, "ordinate")                                                                    \
	A(TABLE, "table")

/* How much of a turned part is shown cut open: nothing; all; what lies below the axis, which for a body
 * of revolution is a quarter taken out; its ends with blind bores; what lies below the axis at one end,
 * up to a shoulder or a break line (turned_quarter). ISO 128-3. */
#define SCENE_SECTIONS(S)                                                                          \
	S(NONE, "none")                                                                            \
	S(FULL, "full")                                                                            \
	S(HALF, "half")                                                                            \
	S(LOCAL, "local")                                                                          \
	S(QUARTER, "quarter")

/* What a dimension measures. LEVEL and UPRIGHT are linear dimensions along x and y of a view;
 * POSITION_X and POSITION_Y are linear dimensions from the datum, or from another coordinate.
 * SIDE_DIAMETER is a linear dimension across a view from the side. CHAMFER to THICKNESS stand on
 * leaders. SPACES_X and SPACES_Y state equal distances as one: 3x20 (=60). */
#define SCENE_DIMENSIONS(D)                                                                        \
	D(LEVEL, "horizontal")                                                                     \
	D(UPRIGHT, "vertical")                                                                     \
	D(ALIGNED, "aligned")                                                                      \
	D(RADIUS, "radius")                                                                        \
	D(DIAMETER, "diameter")                                                                    \
	D(ANGULAR, "angular")                                                                      \
	D(POSITION_X, "position_x")                                                                \
	D(POSITION_Y, "position_y")                                                                \
	D(SIDE_DIAMETER, "side_diameter")                                                          \
	D(ARC_LENGTH, "arc_length")                                                                \
	D(SPACES_X, "spaces_x")                                                                    \
	D(SPACES_Y, "spaces_y")                                                                    \
	D(CHAMFER, "chamfer")                                                                      \
	D(THREAD, "thread")                                                                        \
	D(COUNTERBORE, "counterbore")                                                              \
	D(THICKNESS, "thickness")

/* Further ones, of solids alone: no scene(5) has them. */
#define SOLID_DIMENSIONS(D) D(COUNTERSINK, "countersink")

enum arrangement {
#define A(id, name) ARRANGE_##id,
	SCENE_ARRANGEMENTS(A)
#undef A
		ARRANGE_COUNT_
};

enum section {
#define S(id, name) SECTION_##id,
	SCENE_SECTIONS(S)
#undef S
		SECTION_COUNT_
};

enum dim_kind {
#define D(id, name) DIM_##id,
	SCENE_DIMENSIONS(D) SOLID_DIMENSIONS(D)
#undef D
		DIM_COUNT_
};

#define SCENE_DATUM -1

/* A coordinate of a shape: its x or y; with a length or a size, x plus that; a point's. Of parts of
 * cabinets a face, which says itself along which axis it is (cabinet_face). */
struct feature {
	int shape; /* SCENE_DATUM: the origin */
	enum param param;
	int point; /* counts the points of PARAM_POINTS; else 0 */
};

/* One dimension: which number of which shape it states. A position shared by several shapes is
 * stated once per shape; the drafter draws equal ones once. */
struct dimension {
	enum dim_kind kind;
	int view; /* where it is drawn: 0 in families of one view */
	int shape;
	enum param param;
	int point;
	struct feature from; /* of a position: what it is measured from; of a depth: the diameter
			      * that it leaves the rest of, which is printed: d - t */
	int count;           /* how many equal features it stands for; 0 and 1 the same */
	bool reference;      /* repeats what others state; drawn in styles that do so */

	/* Of a solid: from where to where it measures in its view, along u (POSITION_X) or v, thousandths,
	 * which SIDE_DIAMETER says too; or which of the part's rounds it is of, of a cone's diameters at which
	 * end; of chamfers of planes -1 less the face. */
	int64_t at[2];
	int round, end;
};

struct part;

#define SCENE_VIEWS_MAX 6
#define SCENE_SHAPES_MAX 64
#define SCENE_DIMENSIONS_MAX 1024

struct scene {
	enum family family;
	enum unit unit;
	int64_t sheet_um[2];         /* width and height of the sheet: micrometres in any unit */
	int scale_paper, scale_real; /* 1:2 is 1 and 2 */
	enum arrangement arrangement;
	enum section section;
	/* From where to where along x a turned part is not shown, because it is long and the same
	 * throughout (ISO 128-3, interrupted views); equal: all is shown. */
	int64_t interrupted[2];
	/* A step of a turned part, from where to where along x, and how long it is drawn instead: its
	 * number was changed, not the drawing (ISO 129-1, underlined); 0 long: there is none. */
	int64_t off_scale[3];
	uint32_t attempt; /* redraws before this one, 0 first */
	int shape_count;
	struct shape *shapes; /* in canonical order, in the arena */
	int dimension_count;
	struct dimension *dimensions; /* in the arena */
	/* A solid (part.h), borrowed; or NULL. Then there are no shapes, its dimensions are of itself and
	 * the family says what kind of part it is to the drafter. It is not written. */
	const struct part *part;
};

const char *family_name(enum family family);
const char *arrangement_name(enum arrangement arrangement);
const char *dim_kind_name(enum dim_kind kind);

/* NULL-terminated list for option tables. */
extern const char *const family_names[FAMILY_COUNT_ + 1];

/* One line of JSON without a newline. */
void scene_write(const struct scene *scene, struct buf *out);

/* Sheet mm per unit of the scene's numbers. */
double scene_paper_per_unit(const struct scene *scene);

/* Whether the shapes make a part of the scene's family: kinds of that family only, holes inside
 * their plate, cylinders that follow each other, boards inside their cabinet. ERR_FORMAT with a
 * message that names the shape ("shape 3: hole at ...") and what is allowed; *shape is its index.
 * A family's rules are in formats/check_<family>.c. */
int scene_check(const struct scene *scene, int *shape, struct err *err);

/* The coordinate in thousandths. */
int64_t scene_coordinate(const struct scene *scene, const struct feature *feature, bool is_x);

/* Reads what scene_write wrote, or a person: any key order and white space; "attempt" may be absent
 * (0). Sheet 50 to 2000 mm, a side or [width, height]; scale parts 1 to 1000, at least one shape.
 * Unknown keys, values out of range, shapes that cannot exist (scene_check too), dimensions of
 * parameters a shape lacks, shapes out of canonical order: ERR_FORMAT with name:line and the allowed range; more shapes or dimensions than the
 * maxima: ERR_LIMIT, likewise. On failure *scene holds nothing of use. */
int scene_parse(struct scene *scene, const char *name, const char *text, size_t len,
		struct arena *arena, struct err *err);

/* The same in every field, shapes and dimensions in the same order. */
bool scene_equal(const struct scene *a, const struct scene *b);

#endif
