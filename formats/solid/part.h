/* SPDX-License-Identifier: MIT */
/*
 * part: a solid as a drafter sees it: its views and its faces, in millimetres.
 *
 *	static const enum part_side sides[] = {PART_FRONT, PART_TOP, PART_RIGHT};
 *	struct part part;
 *	if (part_from_solid(&part, solid, sides, 3, &arena, &err) < 0) ...	(of libsolid.a)
 *	struct part_axes axes = part_axes(part.views[0].side);
 *
 * In a view u goes to the right and v up, both from the world's origin.
 */
#ifndef FORMATS_PART_H
#define FORMATS_PART_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "formats/solid/solid.h"

/* S(id, name, which way the eye looks, what is up). Fronts are as CAD systems have them. */
#define PART_SIDES(S)                                                                              \
	S(FRONT, "front", (0, 1, 0), (0, 0, 1))                                                    \
	S(TOP, "top", (0, 0, -1), (0, 1, 0))                                                       \
	S(RIGHT, "right", (-1, 0, 0), (0, 0, 1))                                                   \
	S(LEFT, "left", (1, 0, 0), (0, 0, 1))                                                      \
	S(BACK, "back", (0, -1, 0), (0, 0, 1))                                                     \
	S(BOTTOM, "bottom", (0, 0, 1), (0, -1, 0))                                                 \
	S(ISO, "iso", (-1, 1, -1), (0, 0, 1))

enum part_side {
#define S(id, name, look, up) PART_##id,
	PART_SIDES(S)
#undef S
		PART_SIDE_COUNT_
};

/* NULL-terminated list for option tables. */
extern const char *const part_side_names[PART_SIDE_COUNT_ + 1];

/* Drawings of solids state lengths in hundredths of a millimetre, and take what is nearer than that to
 * each other for one: solids of measured or converted coordinates are no more exact. */
#define PART_GRAIN 10 /* thousandths of a mm */
#define PART_SAME_MM 0.006

static inline bool part_is_same(double a_mm, double b_mm)
{
	return fabs(a_mm - b_mm) < PART_SAME_MM;
}

/* In thousandths, a whole multiple of PART_GRAIN. */
int64_t part_rounded(double mm);

struct vec3 part_look(enum part_side side);
struct vec3 part_up(enum part_side side);

/* Which axis of the world (0 x, 1 y, 2 z) goes to the right and which up, and whether it does so or comes
 * back; `across` is the one that the eye looks along. All axes of PART_ISO are -1. */
struct part_axes {
	int u, v, across;
	double u_way, v_way; /* 1 or -1 */
};
struct part_axes part_axes(enum part_side side);

/* The coordinate of a point along an axis of the world. */
double vec3_at(struct vec3 v, int axis);

/* Where a view shows the point. */
struct vec part_seen(enum part_side side, struct vec3 point);

struct part_view {
	enum part_side side;
	struct solid_curve *curves; /* as solid_curves_tidy sorts them */
	int count;
	struct box box; /* round those that are drawn */

	/* A full section: the part is cut there along the axis that the eye looks along, and shown without what
	 * lies before it and without hidden lines; the loops of what is cut, as struct solid_section has them. */
	bool section;
	double cut;
	struct solid_loop *loops;
	int loop_count;
};

/* The axis of the world that a plane lies across; -1: none. */
int part_axis_of_plane(const struct solid_face *face);

/* The axis that a plane lies along which lies across none, and where it ends across that: of its corners the
 * two that are farthest apart. -1: it lies along none. */
int part_axis_of_slant(const struct solid_face *face, struct vec3 ends[2]);

/* Cylinders that a drafter calls one: on one axis, inside or outside one radius, wherever along it. And cones:
 * faces of one cone, from one end to the other. */
struct part_round {
	struct vec3 base;          /* its lower end */
	int axis;                  /* 0 x, 1 y, 2 z; -1: askew */
	double radius, end_radius; /* at the lower and the upper end; of cylinders equal */
	double length;
	double turn; /* rad, the most of its faces; 2 pi at most */
	bool hollow;
	bool told; /* where its centre is, by a dimension (scene_part): it gets a mark whatever it turns */

	int chamfer; /* which of the scene's dimensions tells it as a chamfer, with others (scene_part); -1: none */

	bool pitch; /* no face, but a pitch circle (part_find_circles) */
	int on;     /* of such a hole, which round its pitch circle is; -1: none */
};

#define PART_VIEWS_MAX PART_SIDE_COUNT_

struct part {
	struct part_view views[PART_VIEWS_MAX];
	int view_count;
	struct vec3 lo, hi;        /* of the box along the axes */
	double volume;             /* mm3 */
	struct solid_faces faces;  /* mm */
	struct part_round *rounds; /* of the cylinders and cones among them */
	int round_count;
	int *round_of; /* by face; -1: neither */
	int *chamfer; /* by face: which of the scene's dimensions tells a plane as a chamfer (scene_part); -1 */
};

/* The views of the solid from those sides, at most PART_VIEWS_MAX. Everything is in the arena. */
int part_from_solid(struct part *part, const struct solid *solid, const enum part_side *sides,
		    int count, struct arena *arena, struct err *err);

/* Makes a view the section at that coordinate of the axis that it looks along; on failure it stays as it was.
 * ERR_FORMAT where nothing is cut there, or a face lies in the plane. */
int part_cut_view(struct part *part, int view, const struct solid *solid, double cut,
		  struct arena *arena, struct err *err);

/* How far behind the plane of a section a point lies, mm; negative: it is cut away. */
double part_behind_cut(const struct part_view *view, struct vec3 point);

/* Makes rounds of the part's cylinders and cones; there is room for as many again. */
void part_find_rounds(struct part *part, struct arena *arena);

/* Adds pitch circles: of holes that are alike, three at least, equally far apart about the middle of another
 * whole round, one of them level with that or over it, so that no angle need be told. */
void part_find_circles(struct part *part);

/* Whether it is a cone; the larger of its radii, or a cylinder's radius. */
bool part_is_cone(const struct part_round *round);
double part_reach(const struct part_round *round);

/* The whole angle at the tip of a cone, thousandths of a degree. */
int64_t part_cone_angle(const struct part_round *round);

/* What lies beside a cone, at its lower and its upper end. */
struct part_cone {
	double z[2], r[2]; /* along its axis, radii */
	bool plane[2];     /* a plane across the axis, */
	int round[2]; /* or that cylinder on the axis goes on with the radius there; -1: none */
	int wide;     /* the wider end */

	/* It is the end of a drilled hole: its angle is the drill's, 118 to 120 degrees, and nobody tells it. */
	bool tip;
	/* Between a plane and a cylinder, at 45 degrees. */
	bool chamfer;
};
struct part_cone part_cone(const struct part *part, int round);

/* Whether a plane cuts a corner off at 45 degrees, between two planes across axes, by a length that nothing else
 * tells; sets its ends across the axis it lies along (part_axis_of_slant), and how long its legs are. */
bool part_is_cut_corner(const struct part *part, int face, struct vec3 ends[2], double *leg_mm);

/* Whether two cones are chamfers of one size, inside or outside, about axes of one direction. */
bool part_is_same_chamfer(const struct part_round *a, const struct part_round *b);

/* The lines of a cone's outline in a view from the side, of those that are seen if any is: their middles, and the
 * way out of the material there. Returns how many, 2 at most; *seen says whether they are not hidden. */
int part_cone_outline(const struct part_view *view, const struct part_round *round,
		      struct vec middles[2], struct vec outs[2], bool *seen);

/* Whether two rounds are of one size and lie in the part alike, as holes of one pattern do. */
bool part_is_alike(const struct part_round *a, const struct part_round *b);

/* Whether the round goes all the way round: a hole or a boss, not a rounded corner or the end of a slot. */
bool part_is_whole(const struct part_round *round);

/* Such a face outside, along an axis. */
bool part_is_outside(const struct part_round *round);

/* Whether the part is as wide as that across the axis, either way. */
bool part_is_as_wide(const struct part *part, int axis, double radius);

/* Whether the round goes about the axis of the world's direction through the middle of the part. */
bool part_is_central(const struct part *part, const struct part_round *round, int axis);

/* The axis about which a lathe has made the part: a round about it reaches as far as all of the part does. -1: there is
 * none. */
int part_turned_axis(const struct part *part);

/* Whether drafters mark its centre: it goes half way round or more. */
bool part_is_marked(const struct part_round *round);

/* Whether drafters draw the axis of a round that the view sees from the side: in a section it lies in the plane. */
bool part_shows_axis(const struct part_view *view, const struct part_round *round);

#endif
