/* SPDX-License-Identifier: MIT */
/*
 * part_maker: the parts of part_from_seed(), and what they hand to each other.
 *
 *	struct part_maker m = {...};
 *	part_make_base(&m);		part_base.c, with part_base_*.c
 *	part_make_feature(&m);		part_features.c, with part_holes.c, part_joins.c and part_cuts.c
 *	part_make_turned(&m);		part_turned.c
 *	part_make_turned_feature(&m);	part_turned_features.c
 *
 * A body is known by its faces, each a rectangle or a disc with so much solid behind it and so much air
 * before it, and by the volumes that features have taken, whether they took material away or put some
 * there. A feature is thrown onto a face and stays if it keeps a wall to the face's rim and to all
 * taken volumes but those that the face belongs to. Each volume alone leaves the body in one piece and
 * no two of them meet, so all of them together do.
 *
 * Lengths are micrometres. Axes are 0, 1, 2 for x, y, z; what lies across an axis has coordinates u and
 * v along the next axis and the one after that, in turn.
 */
#ifndef GEN_PART_MAKER_H
#define GEN_PART_MAKER_H

#include <stdbool.h>

#include "base/rng.h"
#include "gen/part/part_from_seed.h"

#define PART_AXES 3
#define PART_FACES_MAX 64
#define PART_TAKEN_MAX 64 /* a bit each */
#define PART_ROUNDS_MAX 8
#define PART_TURNED_KINDS 7 /* of features */
#define PART_POINTS_MAX 16  /* of an outline, and holes of a pattern */

struct part_maker;

struct part_point {
	int64_t x, y; /* u and v, where it lies across an axis */
};

/* --- outlines: part_outline.c ---------------------------------------------------------------- */

struct part_edge {
	struct part_point from; /* to where the next edge begins */
	bool is_arc;            /* counter-clockwise: a quarter or half of a circle */
	struct part_point centre;
};

/* Without edges it is a circle. */
struct part_loop {
	struct part_edge *edges;
	int count;
	struct part_point centre;
	int64_t radius;
};

/* The outer loop is the first. */
struct part_profile {
	struct part_loop *loops;
	int count;
};

enum part_corner { PART_SHARP, PART_ROUND, PART_BEVEL };

/* In the arena. */
struct part_profile part_circle(struct part_maker *m, struct part_point centre, int64_t radius);
struct part_profile part_polygon(struct part_maker *m, const struct part_point *points, int count);
struct part_profile part_rectangle(struct part_maker *m, struct part_point lo, struct part_point hi,
				   enum part_corner corner, int64_t size);

/* A rectangle, long along `along` (0: x), with half circles for one or both of its short sides. */
struct part_profile part_stadium(struct part_maker *m, struct part_point lo, struct part_point hi,
				 int along, bool round_lo, bool round_hi);

/* Puts a circle into the profile as a hole. */
void part_add_hole(struct part_profile *profile, struct part_point centre, int64_t radius);

/* The least u and v of the corners, or a circle's middle: where a sketch may have its origin. */
struct part_point part_profile_lo(const struct part_profile *profile);

/* --- room: part_room.c ----------------------------------------------------------------------- */

struct part_box {
	int64_t lo[PART_AXES], hi[PART_AXES];
};

/* A box, or with a radius the cylinder along the axis that fills it. */
struct part_taken {
	struct part_box box;
	int axis;
	int64_t radius;
};

enum part_side_kind {
	PART_SIDE_NONE, /* nothing to be relied on */
	PART_SIDE_OPEN, /* the body ends in a flat side, square to the face */
	PART_SIDE_WALL, /* a wall rises from it */
};

struct part_side {
	enum part_side_kind kind;
	int64_t high;    /* how far the side goes down or the wall up, at least */
	uint64_t owners; /* the wall's */
};

enum { PART_U_LO, PART_U_HI, PART_V_LO, PART_V_HI, PART_SIDES };

struct part_face {
	int axis, sign; /* of the normal, outwards */
	int64_t at;     /* along the axis */
	struct part_point lo, hi;
	int64_t radius; /* > 0: the disc in the rectangle */
	enum part_corner corner;
	int64_t corner_size;
	int64_t depth;   /* of solid behind all of it */
	int64_t through; /* how deep a cut goes to come out behind; 0: none does */
	int64_t all;     /* the same through all walls there are; >= through */
	int64_t clear;   /* of air before it */
	struct part_side sides[PART_SIDES];
	uint64_t owners; /* the taken volumes that it is a face of, a bit each */
};

/* A cylindrical body or boss, for cross holes. */
struct part_round {
	int axis;
	struct part_point centre;
	int64_t radius, lo, hi;
	uint64_t owners;
};

struct part_maker {
	struct rng *rng;
	struct arena *arena;
	struct deepcad_model *model; /* with room for all operations */
	int left;                    /* operations, from here on */
	int64_t step;                /* of lengths */
	int64_t longest;             /* side of the base, roughly */
	int64_t wall;                /* least thickness and gap */
	int base_axis;
	bool is_base_box;    /* nothing but a rectangle, extruded */
	struct part_box box; /* of the part */
	struct part_face faces[PART_FACES_MAX];
	int face_count;
	struct part_taken taken[PART_TAKEN_MAX];
	int taken_count;
	struct part_round rounds[PART_ROUNDS_MAX];
	int round_count;
	int made[PART_FEATURE_COUNT_]; /* how many there are */
	int turned[PART_TURNED_KINDS]; /* the same of those of turned parts */
	uint64_t body, bores;          /* of these: the steps and bores of a turned part */
	int64_t bore_radius;           /* of a bore without keyway; 0: there is none */
	int64_t bore_room;             /* how far from the axis its keyway may go */
	int64_t drill;                 /* radius of the latest holes, or 0 */
};

static inline int64_t part_least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static inline int64_t part_most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static inline int64_t part_span(const struct part_face *face, int axis)
{
	return axis == 0 ? face->hi.x - face->lo.x : face->hi.y - face->lo.y;
}

/* The middle of the face, if it is on the step. */
bool part_middle(const struct part_maker *m, const struct part_face *face, struct part_point *out);

/* Whether a disc, or a rectangle, keeps the margin to the face's rim. */
bool part_holds_disc(const struct part_face *face, struct part_point centre, int64_t radius,
		     int64_t margin);
bool part_holds_rectangle(const struct part_face *face, struct part_point lo, struct part_point hi,
			  int64_t margin);

/* What lies between two heights over a face, behind it negative; lo < hi. */
struct part_taken part_box_at(const struct part_face *face, struct part_point lo,
			      struct part_point hi, int64_t low, int64_t high);
struct part_taken part_cylinder_at(const struct part_face *face, struct part_point centre,
				   int64_t radius, int64_t low, int64_t high);

/* Whether it keeps a wall to all taken volumes but those of the mask. */
bool part_is_free(const struct part_maker *m, const struct part_taken *taken, uint64_t except);

/* Returns the volume's bit; there is room. */
uint64_t part_take(struct part_maker *m, const struct part_taken *taken);
bool part_has_room(const struct part_maker *m, int count);

/* A face of a box, all of which is solid; nothing is known of its sides, and of the air before it. */
struct part_face part_box_face(const struct part_box *box, int axis, int sign);

void part_add_face(struct part_maker *m, const struct part_face *face);

/* Makes the part's box as large. */
void part_grow(struct part_maker *m, const struct part_box *box);

/* --- numbers: part_numbers.c ----------------------------------------------------------------- */

/* A multiple of `unit`, which is one of the step, in lo..hi: mostly a preferred number; 0: there is
 * none, or lo is not over 0. */
int64_t part_pick(struct part_maker *m, int64_t lo, int64_t hi, int64_t unit);

/* Any multiple of the step in lo..hi, which may be below 0, towards the middle of them; false: there is none. */
bool part_place(struct part_maker *m, int64_t lo, int64_t hi, int64_t *out);

/* The radius of a hole that is drilled; 0: there is none. */
int64_t part_pick_hole(struct part_maker *m, int64_t lo, int64_t hi);

/* Rounded to the step, at least one. */
int64_t part_snap(const struct part_maker *m, double um);

/* The other leg of a triangle with a usual angle, mostly 45 degrees. */
int64_t part_other_leg(struct part_maker *m, int64_t leg);

/* --- faces of extruded polygons: part_faces.c ------------------------------------------------ */

/* Adds all faces of a polygon, whose edges lie along u and v, between two heights of the axis. */
void part_add_polygon_faces(struct part_maker *m, int axis, const struct part_point *points,
			    int count, int64_t lo, int64_t hi);

/* The two ends of a prism with that face's rectangle, corners and radius; sides open where said. */
void part_add_end_faces(struct part_maker *m, struct part_face like, int64_t lo, int64_t hi);

/* --- operations: part_emit.c ----------------------------------------------------------------- */

struct part_prism {
	int axis;
	int64_t lo, hi;
	int sign;     /* of the normal of the face it stands on or goes into; 0: there is none */
	int64_t face; /* where that is */
	const struct part_profile *profiles;
	int count;
};

/* Appends a sketch, in a face or another plane, and its extrude. */
void part_emit(struct part_maker *m, const char *name, enum deepcad_operation operation,
	       const struct part_prism *prism);

/* The same between two heights over a face, profiles across it. */
void part_emit_at(struct part_maker *m, const struct part_face *face, enum part_feature feature,
		  enum deepcad_operation operation, const struct part_profile *profiles, int count,
		  int64_t low, int64_t high);

/* The same with another name. */
void part_emit_named(struct part_maker *m, const struct part_face *face, const char *name,
		     enum deepcad_operation operation, const struct part_profile *profiles,
		     int count, int64_t low, int64_t high);

/* Appends a sketch in a plane through the base's axis, a polygon of points along the axis (x) and away from
 * it (y >= 0), clockwise, and its full turn. */
void part_emit_turned(struct part_maker *m, const char *name, enum deepcad_operation operation,
		      const struct part_point *points, int count);

/* --- bases and features ---------------------------------------------------------------------- */

void part_make_base(struct part_maker *m);

struct part_range {
	int64_t lo, hi;
};

/* Sets longest and wall for a base with those sides; false: they are too thin or too large. The wall of
 * one that grows allows for bosses that make it longer. */
bool part_settle_walls(struct part_maker *m, const int64_t sides[PART_AXES], bool grows);

/* Whether the part may become as large as that too. */
bool part_may_grow(const struct part_maker *m, const struct part_box *box);

/* 0, 1 or 2; the first two in so many of a hundred. */
int part_throw_axis(struct part_maker *m, int x, int y);

/* Where a base of that length lies along its axis. */
struct part_range part_throw_range(struct part_maker *m, int64_t length);

/* From across and up, as the base stands, to u and v: where that mirrors, outlines turn round. */
struct part_point part_upright(const struct part_maker *m, struct part_point p);

/* The box of a base of which all is known, from across and up. */
struct part_box part_base_box(const struct part_maker *m, struct part_point lo,
			      struct part_point hi, struct part_range range);

/* The base as a prism with its name; its faces are there. Some get holes in the sketch. */
void part_emit_base(struct part_maker *m, enum part_base base, struct part_profile *profile,
		    struct part_range range);

/* Each adds its faces and its extrude, or returns false and leaves all as it was. */
bool part_make_profile(struct part_maker *m, enum part_base base); /* BLOCK, L to STEPPED */
bool part_make_slanted(struct part_maker *m, enum part_base base); /* TRAPEZOID, WEDGE */
bool part_make_plate(struct part_maker *m, enum part_base base);   /* ROUNDED, CHAMFERED, STADIUM */
bool part_make_disc(struct part_maker *m, enum part_base base);    /* DISC, RING, HEXAGON */
bool part_make_bracket(struct part_maker *m);

/* A turned body, with its bores and grooves: part_turned.c. */
void part_make_turned(struct part_maker *m);

/* How large the part is to be, roughly, and how fine its step. */
void part_throw_sizes(struct part_maker *m);

/* One feature of a random kind, if any finds room. */
bool part_make_feature(struct part_maker *m);
bool part_make_turned_feature(struct part_maker *m); /* part_turned_features.c */

bool part_make_holes(struct part_maker *m, enum part_feature feature); /* HOLE to BOLT_CIRCLE */
bool part_make_counterbore(struct part_maker *m, enum part_feature feature);
bool part_make_cross_hole(struct part_maker *m, enum part_feature feature);
bool part_make_boss(struct part_maker *m, enum part_feature feature);
bool part_make_pad(struct part_maker *m, enum part_feature feature);
bool part_make_rib(struct part_maker *m, enum part_feature feature);
bool part_make_gusset(struct part_maker *m, enum part_feature feature);
bool part_make_pocket(struct part_maker *m, enum part_feature feature);
bool part_make_slot(struct part_maker *m, enum part_feature feature);
bool part_make_open_slot(struct part_maker *m, enum part_feature feature); /* CHANNEL, NOTCH */
bool part_make_edge_cut(struct part_maker *m, enum part_feature feature);  /* STEP, CORNER_CUT */
bool part_make_rounding(struct part_maker *m, enum part_feature feature);

/* Puts holes through a base into its sketch, now and then. */
void part_add_sketched_holes(struct part_maker *m, struct part_range range,
			     struct part_profile *profile);

/* A face at random, which stays where it is; with `main` mostly a large one that does not look down. */
const struct part_face *part_throw_face(struct part_maker *m, bool main);

/* Where discs of that radius stand on a face, which holds them: one, or for patterns of holes several
 * with a wall between them; on the step, or of a bolt circle nearly. Returns how many; 0: not there. */
int part_throw_pattern(struct part_maker *m, const struct part_face *face,
		       enum part_feature feature, int64_t radius, bool on_step,
		       struct part_point out[PART_POINTS_MAX]);

/* Of the smallest hole. */
int64_t part_hole_least(const struct part_maker *m);

/* Where thin plates stand across an axis of the face (0: u): one in the middle, or two in at[0] and
 * at[1]. Returns how many; 0: they do not fit. */
int part_throw_thin(struct part_maker *m, const struct part_face *face, int axis,
		    int64_t *thickness, int64_t at[2]);

#endif
