/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <math.h>
#include <stdlib.h>

#include "gen/scene/part_planner.h"
#include "gen/scene/scene_families.h"
#include "gen/scene/scene_part.h"

#define SCALE_STEP 0.5   /* from one standard scale to the next, or nearly */
#define SHEET_SCALES 3   /* below the first, that are tried on a sheet */
#define HALFWAY_RAD 3.14 /* about half a circle */
#define CHAIN_SHARE 0.3  /* of parts whose dimensions go from neighbour to neighbour */

/* The middle of a rounded corner is not seen: it is no place for anything else. */
int planner_place_at(struct planner *p, int axis, double mm, int round)
{
	struct place *list = p->places[axis];
	int n = p->counts[axis];

	if (round >= 0 && part_is_marked(&p->part->rounds[round]))
		round = -1;
	for (int i = 0; i < n; i++)
		if (part_is_same(list[i].mm, mm) &&
		    (round < 0 ? list[i].round < 0
			       : list[i].round >= 0 &&
					 planner_is_concentric(p->part, list[i].round, round)))
			return i;
	if (n == PLACES_MAX)
		return err_set(p->err, ERR_LIMIT, "more than %d places of faces along %c",
			       PLACES_MAX, 'x' + axis);
	list[n] = (struct place){.mm = mm, .root = n, .round = round};
	p->counts[axis]++;
	return n;
}

static int root_of(const struct place *list, int i)
{
	while (list[i].root != i)
		i = list[i].root;
	return i;
}

static int joints_of(const struct part *part, int face)
{
	int count = 0;

	for (int i = 0; i < part->faces.joint_count; i++)
		count += part->faces.joints[i].a == face || part->faces.joints[i].b == face;
	return count;
}

static bool is_side_of_slot(const struct part *part, int face)
{
	for (int i = 0; i < part->faces.joint_count; i++) {
		const struct solid_joint *j = &part->faces.joints[i];
		int other = j->a == face ? j->b : j->a;

		if ((j->a == face || j->b == face) && part->round_of[other] >= 0 &&
		    part_is_marked(&part->rounds[part->round_of[other]]))
			return true;
	}
	return false;
}

static int add_ends(struct planner *p, const struct vec3 ends[2], int axis)
{
	for (int i = 0; i < 4; i++) {
		int way = (axis + 1 + i % 2) % AXES;
		int at = planner_place_at(p, way, vec3_at(ends[i / 2], way), -1);

		if (at < 0)
			return -1;
		p->places[way][at].ends = true;
	}
	return 0;
}

static int add_plane(struct planner *p, int face)
{
	const struct solid_face *f = &p->part->faces.faces[face];
	int axis = part_axis_of_plane(f), at;
	struct vec3 ends[2];
	double leg;

	if (axis >= 0) {
		at = planner_place_at(p, axis, vec3_at(f->point, axis), -1);
		if (at < 0)
			return -1;
		p->places[axis][at].plane = true;
		p->places[axis][at].alone |= !is_side_of_slot(p->part, face);
		return 0;
	}
	axis = part_axis_of_slant(f, ends);
	if (axis < 0)
		return err_set(p->err, ERR_UNSUPPORTED, "a plane lies across all axes");
	if (part_is_cut_corner(p->part, face, ends, &leg))
		return 0;
	/* Between two rounds that it touches there is one place for it. */
	if (joints_of(p->part, face) >= 2)
		return 0;
	if (joints_of(p->part, face) == 1)
		return err_set(p->err, ERR_UNSUPPORTED, "a plane aslant goes on in one round face");
	return add_ends(p, ends, axis);
}

static int add_round(struct planner *p, int index)
{
	const struct part_round *round = &p->part->rounds[index];

	if (round->axis < 0)
		return err_set(p->err, ERR_UNSUPPORTED, "the axis of a round face is askew");
	for (int i = 1; i < AXES; i++) {
		int axis = (round->axis + i) % AXES;

		if (planner_place_at(p, axis, vec3_at(round->base, axis), index) < 0)
			return -1;
	}
	return 0;
}

/* A plane across an axis that goes on in a round is a radius away from its middle. */
static int tie(struct planner *p, int plane, int round_face)
{
	const struct solid_face *f = &p->part->faces.faces[plane];
	const struct part_round *round;
	int axis = part_axis_of_plane(f), index = p->part->round_of[round_face], a, b;
	struct place *list = p->places[axis < 0 ? 0 : axis];

	if (axis < 0 || index < 0)
		return 0;
	round = &p->part->rounds[index];
	a = planner_place_at(p, axis, vec3_at(f->point, axis), -1);
	b = planner_place_at(p, axis, vec3_at(round->base, axis), index);
	if (a < 0 || b < 0)
		return -1;
	list[b].touched++;
	list[b].halfway |= round->turn > HALFWAY_RAD;
	list[root_of(list, a)].root = root_of(list, b);
	return 0;
}

static int find_places(struct planner *p)
{
	const struct solid_faces *faces = &p->part->faces;

	for (int i = 0; i < faces->face_count; i++) {
		if (faces->faces[i].surface == SOLID_OTHER)
			return err_set(p->err, ERR_UNSUPPORTED,
				       "a face is no plane, cylinder or cone");
		if (faces->faces[i].surface == SOLID_PLANE && add_plane(p, i) < 0)
			return -1;
	}
	for (int i = 0; i < p->part->round_count; i++)
		if ((p->part->rounds[i].on < 0 && !p->part->rounds[i].pitch &&
		     add_round(p, i) < 0) ||
		    planner_add_cone(p, i) < 0)
			return -1;
	for (int i = 0; i < faces->joint_count; i++) {
		int a = faces->joints[i].a, b = faces->joints[i].b;
		bool first = faces->faces[a].surface == SOLID_PLANE;

		if (!first && faces->faces[b].surface != SOLID_PLANE)
			continue;
		if (tie(p, first ? a : b, first ? b : a) < 0)
			return -1;
	}
	return 0;
}

static void saw(struct place *place, int view, int how)
{
	if (place->seen[view] < how)
		place->seen[view] = how;
}

/* What one curve of a view shows of the places along the axis that goes to the right, or up. */
static void look_along(struct planner *p, int view, const struct solid_curve *curve, bool upright)
{
	struct part_axes axes = part_axes(p->part->views[view].side);
	int axis = upright ? axes.v : axes.u;
	double way = upright ? axes.v_way : axes.u_way;
	const struct seg *s = &curve->seg;
	double a = upright ? s->a.y : s->a.x, b = upright ? s->b.y : s->b.x;
	double centre = upright ? s->centre.y : s->centre.x;
	bool arc = s->kind == SEG_ARC && s->rx == s->ry;

	for (int i = 0; i < p->counts[axis]; i++) {
		struct place *place = &p->places[axis][i];
		double at = way * place->mm;

		if (arc && part_is_same(centre, at))
			saw(place, view, curve->visible ? ROUND : HIDDEN_ROUND);
		if (s->kind == SEG_LINE && part_is_same(a, at) &&
		    (part_is_same(b, at) || place->ends))
			saw(place, view, curve->visible ? EDGE : HIDDEN_EDGE);
		if (s->kind == SEG_LINE && part_is_same(b, at) && place->ends)
			saw(place, view, curve->visible ? EDGE : HIDDEN_EDGE);
	}
}

/* Whether the line of a section is the wall of a hole or a boss that is cut along: that tells the place of no plane. */
static bool is_wall(const struct part *part, const struct part_view *view,
		    const struct solid_curve *curve)
{
	int across = part_axes(view->side).across;

	for (int i = 0; i < part->round_count && view->section; i++) {
		const struct part_round *r = &part->rounds[i];
		struct vec axis = part_seen(view->side, r->base), a, b;

		if (r->pitch || r->axis < 0 || r->axis == across || !part_is_whole(r) ||
		    !part_shows_axis(view, r))
			continue;
		a = vec_sub(curve->seg.a, axis);
		b = vec_sub(curve->seg.b, axis);
		if (r->axis == part_axes(view->side).u
			    ? part_is_same(fabs(a.y), r->radius) && part_is_same(a.y, b.y)
			    : part_is_same(fabs(a.x), r->radius) && part_is_same(a.x, b.x))
			return true;
	}
	return false;
}

static void look_at_views(struct planner *p)
{
	for (int v = 0; v < p->part->view_count; v++) {
		const struct part_view *view = &p->part->views[v];

		if (view->side == PART_ISO)
			continue;
		for (int i = 0; i < view->count; i++) {
			const struct solid_curve *curve = &view->curves[i];

			if (curve->edge == SOLID_SMOOTH || curve->poles ||
			    (curve->seg.kind == SEG_LINE && is_wall(p->part, view, curve)))
				continue;
			look_along(p, v, curve, false);
			look_along(p, v, curve, true);
		}
	}
}

static int best_seen(const struct place *place, int *view)
{
	int best = UNSEEN;

	*view = 0;
	for (int i = 0; i < PART_VIEWS_MAX; i++)
		if (place->seen[i] > best) {
			best = place->seen[i];
			*view = i;
		}
	return best;
}

/* Which of the places that radii tie together is told: the middle between two planes that go on in a
 * round; else a plane, else what is seen best. */
static int worth(const struct place *place)
{
	int view;

	return (place->touched >= 2 ? 20 : 0) + (place->plane ? 10 : 0) + best_seen(place, &view);
}

static int told_of(const struct planner *p, int axis, int root)
{
	const struct place *list = p->places[axis];
	int best = root;

	for (int i = 0; i < p->counts[axis]; i++)
		if (root_of(list, i) == root && worth(&list[i]) > worth(&list[best]))
			best = i;
	return best;
}

/* The plane at that end of the part along the axis; -1: it is round there. */
static int plane_at(const struct planner *p, int axis, double end)
{
	const struct place *list = p->places[axis];

	for (int i = 0; i < p->counts[axis]; i++)
		if (list[i].plane && part_is_same(list[i].mm, end))
			return i;
	return -1;
}

/* The middle of the round that ends the part there. */
static int middle_at(const struct planner *p, int axis, double end)
{
	const struct place *list = p->places[axis];

	for (int r = 0; r < p->part->round_count; r++) {
		const struct part_round *round = &p->part->rounds[r];
		double middle;

		if (round->axis == axis)
			continue;
		middle = vec3_at(round->base, axis);
		if (!round->hollow && part_is_same(fabs(middle - end), part_reach(round)))
			for (int i = 0; i < p->counts[axis]; i++)
				if (part_is_same(list[i].mm, middle))
					return i;
	}
	return -1;
}

static int end_at(const struct planner *p, int axis, double end)
{
	int at = plane_at(p, axis, end);

	return at >= 0 ? at : middle_at(p, axis, end);
}

/* Draws a dimension between two places in a view. */
static int add_linear(struct planner *p, int axis, int from, int to, int view)
{
	struct part_axes axes = part_axes(p->part->views[view].side);
	bool upright = axes.v == axis;
	double way = upright ? axes.v_way : axes.u_way;
	struct dimension *dim;

	if (p->scene->dimension_count == SCENE_DIMENSIONS_MAX)
		return err_set(p->err, ERR_LIMIT, "more than %d dimensions", SCENE_DIMENSIONS_MAX);
	dim = scene_add_dimension(p->scene, upright ? DIM_POSITION_Y : DIM_POSITION_X, SCENE_DATUM,
				  PARAM_X);
	dim->view = view;
	dim->at[0] = part_rounded(way * p->places[axis][from].mm);
	dim->at[1] = part_rounded(way * p->places[axis][to].mm);
	return 0;
}

/* What is told along an axis, in the order of its places. */
struct told {
	int place, view;
};

static int by_place(const void *a, const void *b)
{
	const struct told *x = a, *y = b;

	return x->place - y->place;
}

/* Sorts the places of an axis, so that their order is that of their numbers. */
static void sort_places(struct planner *p, int axis)
{
	struct place *list = p->places[axis];
	int n = p->counts[axis], order[PLACES_MAX], rank[PLACES_MAX];
	struct place sorted[PLACES_MAX];

	for (int i = 0; i < n; i++) {
		int at = i;

		for (; at > 0 && list[order[at - 1]].mm > list[i].mm; at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
	for (int i = 0; i < n; i++)
		rank[order[i]] = i;
	for (int i = 0; i < n; i++) {
		sorted[rank[i]] = list[i];
		sorted[rank[i]].root = rank[list[i].root];
	}
	for (int i = 0; i < n; i++)
		list[i] = sorted[i];
}

/* Whether a section has a line or the axis of a round there, which other views always have. */
static bool is_in_section(const struct planner *p, int axis, int place, int view)
{
	const struct part_view *v = &p->part->views[view];
	const struct place *at = &p->places[axis][place];

	if (!v->section || at->seen[view] != UNSEEN)
		return true;
	for (int i = 0; i < p->part->round_count; i++) {
		const struct part_round *r = &p->part->rounds[i];

		if (part_is_whole(r) && r->axis != axis && part_shows_axis(v, r) &&
		    part_is_same(vec3_at(r->base, axis), at->mm))
			return true;
	}
	return false;
}

/* A section that does not show the datum has no dimensions from there. */
static void look_from(struct planner *p, int axis, int datum)
{
	for (int v = 0; v < p->part->view_count; v++)
		for (int i = 0; i < p->counts[axis] && !is_in_section(p, axis, datum, v); i++)
			if (i != datum)
				p->places[axis][i].seen[v] = UNSEEN;
}

/* The view of the overall dimension: the first that shows the axis, of two the one where it is level. */
static int view_of_all(const struct planner *p, int axis, int datum, int last)
{
	int upright = -1;

	for (int i = 0; i < p->part->view_count; i++) {
		struct part_axes axes = part_axes(p->part->views[i].side);

		if (!is_in_section(p, axis, datum, i) || !is_in_section(p, axis, last, i))
			continue;
		if (axes.u == axis)
			return i;
		if (axes.v == axis && upright < 0)
			upright = i;
	}
	return upright < 0 ? 0 : upright;
}

static int tell_place(struct planner *p, int axis, int place, struct told *told, int *count)
{
	struct told *t = &told[*count];
	const struct place *at = &p->places[axis][place];

	if (best_seen(at, &t->view) == UNSEEN)
		return err_set(p->err, ERR_UNSUPPORTED, "no view shows a face at %c %g", 'x' + axis,
			       at->mm);
	if (at->round >= 0)
		p->part->rounds[at->round].told = true;
	t->place = place;
	++*count;
	return 0;
}

/* Whether lines are drawn where the middle of a round lies: what seems to lie in line does. */
static bool is_in_line(const struct planner *p, int axis, const struct place *middle)
{
	const struct place *list = p->places[axis];

	for (int i = 0; i < p->counts[axis]; i++)
		if (list[i].round < 0 && part_is_same(list[i].mm, middle->mm))
			return true;
	return false;
}

/* Adds what is told of the places that radii tie to one: of a slot its middle, and planes that happen to lie in line
 * with its sides; with its middle only where no radius tells that from an end. The ends of the part are told by
 * another dimension, or need none. */
static int tell(struct planner *p, int axis, int root, const int ends[2], struct told *told,
		int *count)
{
	const struct place *list = p->places[axis];
	bool of_end = false;
	int best = told_of(p, axis, root);

	for (int i = 0; i < 2; i++)
		of_end |= ends[i] >= 0 && root == root_of(list, ends[i]);
	if (!of_end && list[best].round >= 0 && is_in_line(p, axis, &list[best]))
		return 0;
	if (!of_end && tell_place(p, axis, best, told, count) < 0)
		return -1;
	for (int i = 0; i < p->counts[axis] && (of_end || list[best].touched >= 2); i++)
		if (list[i].alone && root_of(list, i) == root && i != ends[0] && i != ends[1] &&
		    !(of_end && list[i].halfway) && (of_end || i != best) &&
		    tell_place(p, axis, i, told, count) < 0)
			return -1;
	return 0;
}

static int plan_axis(struct planner *p, int axis)
{
	struct place *list = p->places[axis];
	struct told told[PLACES_MAX];
	int count = 0, datum, last, n = p->counts[axis], ends[2];
	int before[PART_VIEWS_MAX];

	sort_places(p, axis);
	datum = end_at(p, axis, vec3_at(p->part->lo, axis));
	last = end_at(p, axis, vec3_at(p->part->hi, axis));
	if (datum < 0)
		datum = last >= 0 ? last : 0;
	ends[0] = datum;
	ends[1] = last;
	look_from(p, axis, datum);
	for (int i = 0; i < n; i++)
		if (root_of(list, i) == i && tell(p, axis, i, ends, told, &count) < 0)
			return -1;
	qsort(told, (size_t)count, sizeof(*told), by_place);
	for (int i = 0; i < PART_VIEWS_MAX; i++)
		before[i] = datum;
	for (int i = 0; i < count; i++) {
		int *from = &before[told[i].view];

		if (add_linear(p, axis, p->chain ? *from : datum, told[i].place, told[i].view) < 0)
			return -1;
		if (told[i].place > datum)
			*from = told[i].place;
	}
	if (last >= 0 && last != datum &&
	    (list[last].alone || list[datum].alone || root_of(list, last) != root_of(list, datum)))
		return add_linear(p, axis, datum, last, view_of_all(p, axis, datum, last));
	return 0;
}

/* So many steps below the scale at which the views with one row of dimensions on either side go on the
 * scene's sheet: the drafter finds out where there is room for all. */
static void pick_scale(struct scene *scene, const struct scene_params *params, int steps)
{
	struct vec3 size = vec3_sum(1, scene->part->hi, -1, scene->part->lo);
	double border = (double)(params->frame_um + 2 * params->offset_um) / 1000;
	double wide = (double)scene->sheet_um[0] / 1000 - border;
	double high = (double)scene->sheet_um[1] / 1000 - border;
	double shrink = pow(SCALE_STEP, steps);
	bool beside = false, above = false; /* of the front view, or below it */

	for (int i = 0; i < scene->part->view_count; i++) {
		enum part_side side = scene->part->views[i].side;

		beside |= side == PART_RIGHT || side == PART_LEFT || side == PART_ISO;
		above |= side == PART_TOP || side == PART_BOTTOM || side == PART_ISO;
	}
	scene_pick_scale(scene, part_rounded(size.x + (beside ? size.y : 0)),
			 part_rounded(size.z + (above ? size.y : 0)), wide * shrink, high * shrink);
}

/* Views lie beside and above each other: a sheet on its side. */
static void pick_sheet(struct scene *scene, const struct scene_params *params, struct rng *rng)
{
	scene_pick_sheet(scene, params, rng);
	if (scene->sheet_um[0] < scene->sheet_um[1]) {
		int64_t upright = scene->sheet_um[0];

		scene->sheet_um[0] = scene->sheet_um[1];
		scene->sheet_um[1] = upright;
	}
	pick_scale(scene, params, 0);
}

void scene_part_sheet(struct scene *scene, const struct scene_params *params, int attempt)
{
	int64_t longest = scene_longest_um(params);

	if (attempt > SHEET_SCALES) {
		scene->sheet_um[0] = longest;
		scene->sheet_um[1] = longest * 297 / 420 / 1000 * 1000;
	}
	pick_scale(scene, params, attempt % (SHEET_SCALES + 1));
}

int scene_part(struct scene *scene, struct part *part, const struct scene_params *params,
	       struct rng *rng, struct arena *arena, struct err *err)
{
	struct planner p = {.scene = scene, .part = part, .rng = rng, .err = err};

	*scene = (struct scene){.family = FAMILY_PLATE,
				.unit = UNIT_MM,
				.arrangement = ARRANGE_PARALLEL,
				.part = part,
				.scale_paper = 1,
				.scale_real = 1};
	p.chain = rng_chance(rng, CHAIN_SHARE);
	if (p.chain)
		scene->arrangement = ARRANGE_CHAIN;
	scene->dimensions = ARENA_NEW(arena, struct dimension, SCENE_DIMENSIONS_MAX);
	pick_sheet(scene, params, rng);
	part_find_circles(part);
	planner_find_ways(&p, arena);
	if (find_places(&p) < 0)
		return -1;
	look_at_views(&p);
	for (int axis = 0; axis < AXES; axis++)
		if (plan_axis(&p, axis) < 0)
			return -1;
	return planner_tell_rounds(&p) < 0 ? -1 : planner_tell_corners(&p);
}
