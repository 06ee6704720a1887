/* SPDX-License-Identifier: MIT */
/*
 * The dimensions of cylinders and cones. A cylinder has its diameter, or its radius where it goes half way round or
 * less; the steps of a turned part have theirs across a view from the side. A cone is two radii and two places along its axis, of which a plane at one end tells a place, and a cylinder
 * that goes on there a radius; what is left is told
 *
 *	chamfer		plane at one end, cylinder at the other, 45 degrees: by its length
 *	countersink	so, in a hole, towards the eye: with the hole, by the diameter of its mouth and its angle
 *	tip		of a drilled hole: not at all but where it begins (ISO 129-1 gives no dimension for it)
 *	ends		else: by the places and the diameters that are not known
 */
#include <config.h>

#include <math.h>

#include "gen/scene/part_planner.h"
#include "gen/scene/scene_families.h"
#include "gen/scene/scene_part.h"

#define CHAMFER_SHARE 0.2 /* of a hole's radius: a wider mouth is a countersink */
#define STEPS_LEAST 2     /* of a turned part whose diameters are told from the side */
#define SINK_GRAIN 500    /* thousandths of a degree */

/* The view that looks along the axis, and shows most of it. */
static int view_along(const struct planner *p, int axis)
{
	for (int i = 0; i < p->part->view_count; i++)
		if (part_axes(p->part->views[i].side).across == axis)
			return i;
	return -1;
}

/* --- ways of cones ------------------------------------------------------------------------------ */

/* Whether it opens a hole at a plane towards the eye that looks along it, by an angle that is soon said. */
static bool is_sink(const struct planner *p, const struct part_round *round,
		    const struct part_cone *cone)
{
	int view = view_along(p, round->axis);
	struct vec3 look;

	if (view < 0 || !round->hollow || !part_is_whole(round) || !cone->plane[cone->wide] ||
	    cone->round[!cone->wide] < 0 || part_cone_angle(round) % SINK_GRAIN != 0)
		return false;
	look = part_look(p->part->views[view].side);
	return (vec3_at(look, round->axis) < 0) == (cone->wide == 1);
}

/* Whether it goes on in planes that cut corners off by its length: they tell it. */
static bool goes_round_corner(const struct part *part, int cone)
{
	for (int i = 0; i < part->faces.joint_count; i++) {
		int a = part->faces.joints[i].a, b = part->faces.joints[i].b;
		int plane = part->round_of[a] == cone ? b : part->round_of[b] == cone ? a : -1;
		struct vec3 ends[2];
		double leg;

		if (plane >= 0 && part_is_cut_corner(part, plane, ends, &leg) &&
		    part_is_same(leg, part->rounds[cone].length))
			return true;
	}
	return false;
}

static enum cone_way way_of(const struct planner *p, int index)
{
	const struct part_round *round = &p->part->rounds[index];
	struct part_cone cone;
	bool small;

	if (!part_is_cone(round) || round->axis < 0)
		return CONE_NOT;
	cone = part_cone(p->part, index);
	small = round->length < CHAMFER_SHARE * part_reach(round);
	if (cone.tip || (cone.chamfer && goes_round_corner(p->part, index)))
		return CONE_NOT;
	if (cone.chamfer && small)
		return CONE_CHAMFER;
	if (is_sink(p, round, &cone))
		return CONE_SINK;
	return cone.chamfer ? CONE_CHAMFER : CONE_ENDS;
}

/* The cylinder that a countersink opens. */
static int hole_of(const struct planner *p, int sink)
{
	struct part_cone cone = part_cone(p->part, sink);

	return cone.round[!cone.wide];
}

static bool is_same_sink(const struct planner *p, int a, int b)
{
	const struct part_round *rounds = p->part->rounds;

	return p->ways[a] == CONE_SINK && p->ways[b] == CONE_SINK &&
	       part_is_alike(&rounds[a], &rounds[b]) &&
	       part_is_alike(&rounds[hole_of(p, a)], &rounds[hole_of(p, b)]);
}

/* Whether all holes like that of the countersink have one. */
static bool is_on_all(const struct planner *p, int index)
{
	const struct part_round *hole = &p->part->rounds[hole_of(p, index)];
	int holes = 0, sinks = 0;

	for (int i = 0; i < p->part->round_count; i++) {
		holes += part_is_alike(hole, &p->part->rounds[i]);
		sinks += is_same_sink(p, index, i);
	}
	return holes == sinks;
}

void planner_find_ways(struct planner *p, struct arena *arena)
{
	int n = p->part->round_count;

	p->ways = ARENA_NEW(arena, enum cone_way, n + 1);
	for (int i = 0; i < n; i++)
		p->ways[i] = way_of(p, i);
	for (int i = 0; i < n; i++)
		if (p->ways[i] == CONE_SINK && !is_on_all(p, i))
			p->ways[i] = part_cone(p->part, i).chamfer ? CONE_CHAMFER : CONE_ENDS;
}

/* --- places ------------------------------------------------------------------------------------- */

/* The places of a cone's ends that nothing else tells: of a drilled hole where its tip begins. */
int planner_add_cone(struct planner *p, int index)
{
	const struct part_round *round = &p->part->rounds[index];
	struct part_cone cone;

	if (!part_is_cone(round))
		return 0;
	cone = part_cone(p->part, index);
	if (p->ways[index] == CONE_ENDS && !part_is_whole(round))
		return err_set(p->err, ERR_UNSUPPORTED, "a cone goes half way round or less");
	for (int i = 0; i < 2; i++) {
		bool told = p->ways[index] == CONE_ENDS || (cone.tip && i == cone.wide);
		int at;

		if (!told || cone.plane[i])
			continue;
		at = planner_place_at(p, round->axis, cone.z[i], -1);
		if (at < 0)
			return -1;
		p->places[round->axis][at].ends = true;
	}
	return 0;
}

/* --- dimensions --------------------------------------------------------------------------------- */

static bool is_same(const struct planner *p, int a, int b)
{
	const struct part_round *rounds = p->part->rounds;

	if (p->ways[a] != p->ways[b])
		return false;
	if (p->ways[a] == CONE_CHAMFER)
		return part_is_same_chamfer(&rounds[a], &rounds[b]);
	return p->ways[a] == CONE_SINK ? is_same_sink(p, a, b)
				       : part_is_alike(&rounds[a], &rounds[b]);
}

/* How many rounds are told together with this one; 0: one before it tells them. */
static int count_alike(const struct planner *p, int index)
{
	int count = 0;

	for (int i = 0; i < p->part->round_count; i++) {
		bool same = is_same(p, index, i);

		if (same && i < index)
			return 0;
		count += same;
	}
	return count;
}

/* NULL with *err where there are too many. */
static struct dimension *add_of_round(struct planner *p, enum dim_kind kind, int round, int view,
				      int count)
{
	struct dimension *dim;

	if (p->scene->dimension_count == SCENE_DIMENSIONS_MAX) {
		err_set(p->err, ERR_LIMIT, "more than %d dimensions", SCENE_DIMENSIONS_MAX);
		return NULL;
	}
	dim = scene_add_dimension(p->scene, kind, SCENE_DATUM,
				  kind == DIM_RADIUS ? PARAM_R : PARAM_D);
	dim->view = view;
	dim->round = round;
	dim->count = count;
	return dim;
}

/* The first view from the side that draws the cone's outline, if not hidden in all; -1: none does. */
static int view_beside(const struct planner *p, const struct part_round *round)
{
	int hidden = -1;

	for (int i = 0; i < p->part->view_count; i++) {
		struct vec middles[2], outs[2];
		int across = part_axes(p->part->views[i].side).across;
		bool seen;

		if (across < 0 || across == round->axis ||
		    !part_cone_outline(&p->part->views[i], round, middles, outs, &seen))
			continue;
		if (seen)
			return i;
		hidden = hidden < 0 ? i : hidden;
	}
	return hidden;
}

/* A diameter of a cone, across a view from the side. */
static int add_across(struct planner *p, int index, int end, int view, int count)
{
	const struct part_round *round = &p->part->rounds[index];
	struct vec middle = part_seen(p->part->views[view].side, round->base);
	bool upright = part_axes(p->part->views[view].side).u == round->axis;
	double at = upright ? middle.y : middle.x, r = end ? round->end_radius : round->radius;
	struct dimension *dim = add_of_round(p, DIM_SIDE_DIAMETER, index, view, count);

	if (!dim)
		return -1;
	dim->end = end;
	dim->at[0] = part_rounded(at - r);
	dim->at[1] = dim->at[0] + part_rounded(2 * r);
	return 0;
}

/* Whether a cylinder about the cone's axis, or a cone before it, has that radius: what lies in line is told once. */
static bool is_in_line(const struct part *part, int index, double radius)
{
	for (int i = 0; i < part->round_count; i++) {
		const struct part_round *other = &part->rounds[i];

		if (i != index && !other->pitch && other->hollow == part->rounds[index].hollow &&
		    (i < index || !part_is_cone(other)) && planner_is_concentric(part, i, index) &&
		    (part_is_same(other->radius, radius) ||
		     part_is_same(other->end_radius, radius)))
			return true;
	}
	return false;
}

/* The diameters of a cone's ends that nothing else tells. */
static int plan_ends(struct planner *p, int index, int count)
{
	const struct part_round *round = &p->part->rounds[index];
	struct part_cone cone = part_cone(p->part, index);
	int view = view_beside(p, round);

	for (int i = 0; i < 2; i++) {
		if (cone.r[i] < PART_SAME_MM || is_in_line(p->part, index, cone.r[i]))
			continue;
		if (view < 0)
			return err_set(p->err, ERR_UNSUPPORTED,
				       "no view shows a cone from the side");
		if (add_across(p, index, i, view, count) < 0)
			return -1;
	}
	return 0;
}

static int plan_cone(struct planner *p, int index, int count)
{
	const struct part_round *round = &p->part->rounds[index];
	int view;

	switch (p->ways[index]) {
	case CONE_CHAMFER:
		view = view_beside(p, round);
		if (view < 0)
			return err_set(p->err, ERR_UNSUPPORTED, "no view shows a chamfer");
		for (int i = index; i < p->part->round_count; i++)
			if (is_same(p, index, i))
				p->part->rounds[i].chamfer = p->scene->dimension_count;
		return add_of_round(p, DIM_CHAMFER, index, view, count) ? 0 : -1;
	case CONE_SINK:
		view = view_along(p, round->axis);
		return add_of_round(p, DIM_COUNTERSINK, index, view, count) ? 0 : -1;
	case CONE_ENDS:
		return plan_ends(p, index, count);
	case CONE_NOT:
		break;
	}
	return 0;
}

/* Whether a countersink says the diameter of the hole. */
static bool is_sunk(const struct planner *p, int hole)
{
	for (int i = 0; i < p->part->round_count; i++)
		if (p->ways[i] == CONE_SINK && hole_of(p, i) == hole)
			return true;
	return false;
}

/* --- steps of turned parts ---------------------------------------------------------------------- */

/* Whether a view shows the axis of a round in the plane of a section. */
static bool is_cut_along(const struct part_view *view, const struct part_round *round)
{
	return view->section && part_axes(view->side).across != round->axis &&
	       part_shows_axis(view, round);
}

/* Whether a view from the side shows a cylinder's outline on that side of its axis, or a piece of it: others about the
 * axis may interrupt it. */
static bool shows_wall(const struct part_view *view, const struct part_round *round, double side)
{
	struct vec3 top = round->base;
	struct vec base = part_seen(view->side, round->base), way;

	*(round->axis == 0 ? &top.x : round->axis == 1 ? &top.y : &top.z) += round->length;
	way = vec_unit(vec_sub(part_seen(view->side, top), base));
	for (int i = 0; i < view->count; i++) {
		const struct solid_curve *c = &view->curves[i];
		struct vec a = vec_sub(c->seg.a, base), b = vec_sub(c->seg.b, base);
		double from = fmin(vec_dot(way, a), vec_dot(way, b));
		double to = fmax(vec_dot(way, a), vec_dot(way, b));

		if (c->visible && c->edge != SOLID_SMOOTH && !c->poles && c->seg.kind == SEG_LINE &&
		    part_is_same(vec_cross(way, a), side * round->radius) &&
		    part_is_same(vec_cross(way, b), side * round->radius) &&
		    fmin(to, round->length) - fmax(from, 0) > PART_SAME_MM)
			return true;
	}
	return false;
}

/* The first view from the side that shows both; -1: none does. */
static int view_of_walls(const struct part *part, const struct part_round *round)
{
	for (int i = 0; i < part->view_count; i++) {
		int across = part_axes(part->views[i].side).across;

		if (across >= 0 && across != round->axis && shows_wall(&part->views[i], round, 1) &&
		    shows_wall(&part->views[i], round, -1))
			return i;
	}
	return -1;
}

/* The view from the side in which a cylinder has its diameter: where it is one of several steps of a part that is
 * turned about its axis, or that is cut along it, and its outline is seen there. -1: another one. */
static int view_of_step(const struct planner *p, int index)
{
	const struct part *part = p->part;
	const struct part_round *round = &part->rounds[index];
	double widest = round->radius;
	int steps = 0, view;

	if (!part_is_outside(round))
		return -1;
	for (int i = 0; i < part->round_count; i++) {
		if (!part_is_outside(&part->rounds[i]) || !planner_is_concentric(part, i, index))
			continue;
		steps += !part_is_cone(&part->rounds[i]);
		widest = fmax(widest, part_reach(&part->rounds[i]));
	}
	view = view_of_walls(part, round);
	if (view < 0 || !part_is_as_wide(part, round->axis, widest) ||
	    (steps < STEPS_LEAST && !is_cut_along(&part->views[view], round)))
		return -1;
	return view;
}

/* The section in which a bore of a turned part has its diameter: it opens at an end of the part, and both walls are
 * seen. -1: another view. */
static int view_of_bore(const struct planner *p, int index)
{
	const struct part *part = p->part;
	const struct part_round *round = &part->rounds[index];
	double from, to;
	int view;

	if (!round->hollow || round->axis != part_turned_axis(part) ||
	    !part_is_central(part, round, round->axis))
		return -1;
	from = vec3_at(round->base, round->axis);
	to = from + round->length;
	if (!part_is_same(from, vec3_at(part->lo, round->axis)) &&
	    !part_is_same(to, vec3_at(part->hi, round->axis)))
		return -1;
	view = view_of_walls(part, round); /* bores are seen in sections alone */
	return view >= 0 && is_cut_along(&part->views[view], round) ? view : -1;
}

/* --- all ---------------------------------------------------------------------------------------- */

static int plan_cylinder(struct planner *p, int index, int count)
{
	const struct part_round *round = &p->part->rounds[index];
	int view = count == 1 ? view_of_step(p, index) : -1;

	if (is_sunk(p, index))
		return 0;
	if (count == 1 && round->hollow)
		view = view_of_bore(p, index);
	if (view >= 0)
		return add_across(p, index, 0, view, count);
	return add_of_round(p, part_is_whole(round) ? DIM_DIAMETER : DIM_RADIUS, index,
			    view_along(p, round->axis), count)
		       ? 0
		       : -1;
}

int planner_tell_rounds(struct planner *p)
{
	const struct part *part = p->part;

	for (int i = 0; i < part->round_count; i++) {
		const struct part_round *round = &part->rounds[i];
		int count = count_alike(p, i);

		if (count == 0)
			continue;
		if ((part_is_cone(round) ? plan_cone : plan_cylinder)(p, i, count) < 0)
			return -1;
	}
	return 0;
}

/* --- corners of planes that are cut off ---------------------------------------------------------- */

/* Of two planes along one axis that cut corners off by one length; false: they do not. *again: it is the same
 * corner, as where something interrupts the edge. */
static bool is_same_corner(const struct part *part, int a, int b, bool *again)
{
	struct vec3 one[2], other[2], off;
	double leg, length;
	int axis = part_axis_of_slant(&part->faces.faces[a], one);

	if (!part_is_cut_corner(part, a, one, &leg) ||
	    !part_is_cut_corner(part, b, other, &length) || !part_is_same(leg, length) ||
	    part_axis_of_slant(&part->faces.faces[b], other) != axis)
		return false;
	off = vec3_sum(0.5, vec3_sum(1, one[0], 1, one[1]), -0.5,
		       vec3_sum(1, other[0], 1, other[1]));
	*again = part_is_same(vec3_at(off, (axis + 1) % AXES), 0) &&
		 part_is_same(vec3_at(off, (axis + 2) % AXES), 0);
	return true;
}

/* Tells all corners like that of the face. */
static int tell_corner(struct planner *p, int face, int axis)
{
	const struct part *part = p->part;
	int index = p->scene->dimension_count;
	struct dimension *dim = add_of_round(p, DIM_CHAMFER, -1 - face, view_along(p, axis), 0);

	if (!dim)
		return -1;
	for (int i = face; i < part->faces.face_count; i++) {
		bool again, counted = false;

		if (!is_same_corner(part, face, i, &again))
			continue;
		for (int k = face; k < i && !counted; k++)
			counted = is_same_corner(part, i, k, &again) && again;
		part->chamfer[i] = index;
		dim->count += !counted;
	}
	return 0;
}

int planner_tell_corners(struct planner *p)
{
	const struct part *part = p->part;

	for (int i = 0; i < part->faces.face_count; i++) {
		struct vec3 ends[2];
		double leg;

		if (part->chamfer[i] < 0 && part_is_cut_corner(part, i, ends, &leg) &&
		    tell_corner(p, i, part_axis_of_slant(&part->faces.faces[i], ends)) < 0)
			return -1;
	}
	return 0;
}
