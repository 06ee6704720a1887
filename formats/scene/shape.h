/* SPDX-License-Identifier: MIT */
/*
 * shape: what programs are made of, as named parameters in integers: the primitives of the family
 * "shapes", and the features of plates, turned parts and cabinets.
 *
 *	struct shape s = {.kind = SHAPE_CIRCLE};
 *	s.value[PARAM_X] = 30000;	(30 mm)
 *	s.value[PARAM_R] = 5000;
 *	if (shape_check(&s, &err) < 0) ...
 *	struct path path = path_from_shape(&s, &arena);
 *
 * Lengths and coordinates are thousandths of the drawing's unit (of a millimetre or an inch), angles
 * thousandths of a degree counter-clockwise from the x axis, counts plain: every value but a count
 * is written as thousandths. The two tables below are the only place that names a shape or a
 * parameter; scene, program, grammar and man page follow from them.
 */
#ifndef FORMATS_SHAPE_H
#define FORMATS_SHAPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "formats/scene/path.h"

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
	P(POINTS, "points", POINT_LIST, -10000000, 10000000)                                       \
	P(THICKNESS, "thickness", LENGTH, 1, 1000000)                                              \
	P(D, "d", LENGTH, 1, 10000000)                                                             \
	P(D2, "d2", LENGTH, 1, 10000000)                                                           \
	P(C, "c", LENGTH, 1, 1000000)                                                              \
	P(CBORE_D, "cbore_d", LENGTH, 1, 1000000)                                                  \
	P(CBORE_DEPTH, "cbore_depth", LENGTH, 1, 1000000)                                          \
	P(PITCH, "pitch", LENGTH, 0, 100000)                                                       \
	P(COLUMNS, "columns", COUNT, 1, 100)                                                       \
	P(ROWS, "rows", COUNT, 1, 100)                                                             \
	P(DX, "dx", LENGTH, 0, 10000000)                                                           \
	P(DY, "dy", LENGTH, 0, 10000000)                                                           \
	P(PCD, "pcd", LENGTH, 1, 10000000)                                                         \
	P(COUNT, "count", COUNT, 2, 100)                                                           \
	P(DEPTH, "depth", LENGTH, 1, 1000000)                                                      \
	P(Z, "z", COORD, -10000000, 10000000)                                                      \
	P(W, "w", LENGTH, 1, 10000000)                                                             \
	P(H, "h", LENGTH, 1, 10000000)                                                             \
	P(N, "N", COUNT, 1, 100)                                                                   \
	P(NKA, "NKA", LENGTH, 1, 10000000)                                                         \
	P(BT, "BT", LENGTH, 1, 1000000)                                                            \
	P(BP, "BP", LENGTH, 1, 1000000)

/* S(enum suffix, name, families, parameters in label order, what x and y are). An `angle` of 0 is
 * left out of labels: the standards read a line drawn level as level. So is a `pitch` of 0: a
 * thread without one is coarse. And dx or dy of a single column or row.
 *
 * shapes, plate: x to the right and y up from the datum. turned: x along the axis from the left
 * face, y from the axis. cabinet: x to the right, y to the back, z up from the lower left front
 * corner of the carcass; x, y and z are the centre of the box w wide, d deep and h high that the part
 * fills, turned by angle about z. What parts fill their boxes is told in cabinet.h.
 */
#define SHAPE_KINDS(S)                                                                             \
	S(RECTANGLE, "rectangle", "shapes plate", "x y width height angle",                        \
	  "first corner, which angle turns about")                                                 \
	S(ROUNDED_RECTANGLE, "rounded_rectangle", "shapes plate", "x y width height r angle",      \
	  "first corner of the unrounded rectangle, which angle turns about")                      \
	S(CIRCLE, "circle", "shapes", "x y r", "centre")                                           \
	S(ELLIPSE, "ellipse", "shapes", "x y rx ry angle", "centre; angle turns rx")               \
	S(ARC, "arc", "shapes", "x y r start sweep",                                               \
	  "centre; start is the angle of the first end")                                           \
	S(LINE, "line", "shapes", "x y length angle", "first end; angle is the direction")         \
	S(POLYLINE, "polyline", "shapes", "points", "open, 3 to 8 points")                         \
	S(POLYGON, "polygon", "shapes", "x y r sides angle",                                       \
	  "centre; r reaches the corners; angle is the direction of one corner")                   \
	S(SLOT, "slot", "shapes plate", "x y length r angle",                                      \
	  "centre of the first round end; length joins the centres of the ends")                   \
	S(TRIANGLE, "triangle", "shapes", "points", "3 corners, counter-clockwise")                \
	S(PROFILE, "profile", "plate", "points thickness",                                         \
	  "outline of straight edges, 3 to 12 corners, counter-clockwise")                         \
	S(DISC, "disc", "plate", "x y d thickness", "centre of a round outline")                   \
	S(FILLET, "fillet", "plate turned", "x y r", "corner of the outline that is rounded")      \
	S(CHAMFER, "chamfer", "plate turned", "x y c",                                             \
	  "corner of the outline that is cut at 45 degrees, c along each edge")                    \
	S(HOLE, "hole", "plate", "x y d", "centre")                                                \
	S(COUNTERBORE, "counterbore", "plate", "x y d cbore_d cbore_depth", "centre")              \
	S(TAPPED_HOLE, "tapped_hole", "plate", "x y d pitch", "centre; d is the nominal diameter") \
	S(HOLE_GRID, "hole_grid", "plate", "x y d columns rows dx dy",                             \
	  "centre of the lowest hole on the left; dx and dy join the centres of neighbours")       \
	S(HOLE_CIRCLE, "hole_circle", "plate", "x y pcd d count start",                            \
	  "centre of the pitch circle; start is the direction of one hole, below 360/count")       \
	S(CYLINDER, "cylinder", "turned", "x length d", "left end on the axis (y is 0)")           \
	S(CONE, "cone", "turned", "x length d d2", "left end; d there, d2 at the right end")       \
	S(BORE, "bore", "turned", "x length d", "left end of a cylindrical hole on the axis")      \
	S(GROOVE, "groove", "turned", "x width d", "left end; d at its bottom")                    \
	S(KEYWAY, "keyway", "turned", "x length width depth",                                      \
	  "left end of a keyway with round ends, seen from above; length overall")                 \
	S(THREAD, "thread", "turned", "x length d pitch", "left end of an external thread")        \
	S(CARCASS, "carcass", "cabinet", "x y z w d h angle BT BP",                                \
	  "two sides, top, bottom of thickness BT; back panel of BP")                              \
	S(SHELVES, "shelves", "cabinet", "x y z w d h angle N NKA BT",                             \
	  "N boards of BT at equal heights in the box; NKA is clear between the walls")            \
	S(PARTITION, "partition", "cabinet", "x y z w d h angle BT", "upright board")              \
	S(DRAWERS, "drawers", "cabinet", "x y z w d h angle N BT",                                 \
	  "N fronts of BT and one height, one above another; d with the boxes behind them")        \
	S(DOOR_LEFT, "door_left", "cabinet", "x y z w d h angle BT", "hinged at the left")         \
	S(DOOR_RIGHT, "door_right", "cabinet", "x y z w d h angle BT", "hinged at the right")      \
	S(PLINTH, "plinth", "cabinet", "x y z w d h angle BT", "board under the front")            \
	S(TOP_COVER, "top_cover", "cabinet", "x y z w d h angle BT", "board over all")

enum param {
#define P(id, name, kind, lo, hi) PARAM_##id,
	SHAPE_PARAMS(P)
#undef P
		PARAM_COUNT_
};

enum param_kind { KIND_COORD, KIND_LENGTH, KIND_ANGLE, KIND_COUNT, KIND_POINT_LIST };

enum shape_kind {
#define S(id, name, families, params, about) SHAPE_##id,
	SHAPE_KINDS(S)
#undef S
		SHAPE_COUNT_
};

#define SHAPE_POINTS_MAX 12
#define POLYLINE_POINTS_MAX 8

/* The kinds before this one are primitives: each is one outline by itself. */
#define SHAPE_PRIMITIVES SHAPE_PROFILE

#define SHAPE_FAMILIES(F)                                                                          \
	F(SHAPES, "shapes")                                                                        \
	F(PLATE, "plate")                                                                          \
	F(TURNED, "turned")                                                                        \
	F(CABINET, "cabinet")

enum family {
#define F(id, name) FAMILY_##id,
	SHAPE_FAMILIES(F)
#undef F
		FAMILY_COUNT_
};

/* The unit of all numbers, in the order of STYLE_UNIT_... of style.h. */
enum unit { UNIT_MM, UNIT_INCH, UNIT_COUNT_ };

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
extern const char *const unit_names[UNIT_COUNT_ + 1]; /* NULL-terminated */
const char *unit_name(enum unit unit);
int unit_from_name(const char *name, size_t len, enum unit *unit); /* 0 or -1 */
double unit_mm(enum unit unit);                                    /* 1 or 25.4 */
const char *shape_kind_name(enum shape_kind kind);
int shape_kind_from_name(const char *name, size_t len, enum shape_kind *kind); /* 0 or -1 */
const char *param_name(enum param param);
int param_from_name(const char *name, size_t len, enum param *param); /* 0 or -1 */
enum param_kind param_kind(enum param param);
void param_bounds(enum param param, int64_t *lo, int64_t *hi);

/* The kind's parameters in label order; returns how many (at most PARAM_COUNT_). */
int shape_params(enum shape_kind kind, enum param out[PARAM_COUNT_]);
bool shape_has_param(enum shape_kind kind, enum param param);

/* Whether scenes of the family may hold the kind. */
bool shape_is_of_family(enum shape_kind kind, enum family family);

/* True for the parameters that labels leave out when they are 0: `angle` (for line too), `pitch`,
 * `dx`, `dy`. */
bool param_is_optional(enum param param);

/* For readers: whether a needed parameter of the kind is absent from `given` (bit p for parameter
 * p); *missing is then the first one in label order. */
bool shape_lacks_param(enum shape_kind kind, uint64_t given, enum param *missing);

/* Whether the shape can exist: every value within bounds, radius fits the rectangle (2 r equal to
 * the shorter side is fine), points distinct, triangle counter-clockwise and not flat, polyline not
 * crossing or touching itself, no two successive polyline pieces in one line. ERR_FORMAT with a
 * message that names kind, parameter and the allowed range (no file:line; callers add it). What
 * depends on several shapes, a hole outside its plate, is scene_check's. Points
 * are counted from 0 in messages. A kind out of its enum, or a value that the kind lacks and that
 * is not 0, is a bug of the caller (assert). */
int shape_check(const struct shape *shape, struct err *err);

/* Canonical order of labels: by the first point (lowest x, then y), then kind, then values. Returns
 * <0, 0, >0 as qsort wants; 0 only for equal shapes. */
int shape_compare(const struct shape *a, const struct shape *b);

/* x, y (0 where the kind has none), or the first point. */
struct point shape_anchor(const struct shape *shape);

/* The outline of a primitive in the drawing's unit: one path, counter-clockwise where it is closed
 * (all but arc, line and polyline); of a profile, the straight edges without what fillets and
 * chamfers take; of disc, hole, counterbore and tapped_hole the circle of diameter d. Empty for the
 * others. The shape must have passed shape_check. */
struct path path_from_shape(const struct shape *shape, struct arena *arena);

#endif
