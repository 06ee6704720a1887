/* SPDX-License-Identifier: MIT */
/*
 * Candidates are planes across a view's line of sight through axes of holes, each worth what it lays open. A section
 * takes away what lies before the plane and all hidden lines; the other two views keep theirs. So what is lost is what
 * shows in this view alone: outlines of faces along the line of sight that lie across no axis (round ones, planes
 * aslant), and, though other views have lines of them, sides of pockets and bosses that are cut away, whose pairs
 * could not be told. A part that reads the same before the plane as behind it loses none of these.
 *
 * Shafts and pins without a bore are not cut along their axis: ISO 128-3, ASME Y14.3.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>

#include "gen/scene/scene_section.h"

#define CANDIDATES_MAX 64
#define TRIED 4
#define OPEN_SHARE 0.02    /* of the section's box, that holes must lay open; */
#define THROUGH_SHARE 0.06 /* those that go through and tell no depth */
#define OPEN_WORTH 4       /* of all of it */
#define MIDDLE_SHARE 1.0   /* of what a hole is worth: the plane lies in the middle of the part */
#define STEPS 9            /* from the middle of the part, where the user wants a section, */
#define STEP 0.05          /* each that share of its depth */
#define STEP_SHARE 0.5     /* a hole that ends inside, or changes its width */

struct candidate {
	int view;
	double at, worth;
};

static bool is_cut_along(const struct part_round *r, int axis, double at)
{
	return r->hollow && !r->pitch && r->axis >= 0 && r->axis != axis && part_is_whole(r) &&
	       part_is_same(vec3_at(r->base, axis), at);
}

static bool is_through(const struct part *part, const struct part_round *r)
{
	double from = vec3_at(r->base, r->axis);

	return part_is_same(from, vec3_at(part->lo, r->axis)) &&
	       part_is_same(from + r->length, vec3_at(part->hi, r->axis));
}

/* Holes alike count once, and each a little; 0 where there are none, or specks in a wide hatched field that are not asked
 * for. */
static double worth_of(const struct part *part, int axis, double at, bool specks)
{
	double middle = (vec3_at(part->lo, axis) + vec3_at(part->hi, axis)) / 2;
	double worth = 0, open = 0;
	bool through = true;
	struct vec3 size = vec3_sum(1, part->hi, -1, part->lo);
	double all = vec3_at(size, (axis + 1) % 3) * vec3_at(size, (axis + 2) % 3);

	for (int i = 0; i < part->round_count; i++) {
		const struct part_round *r = &part->rounds[i];
		bool again = false;

		if (!is_cut_along(r, axis, at))
			continue;
		for (int k = 0; k < i; k++)
			again |= is_cut_along(&part->rounds[k], axis, at) &&
				 part_is_alike(&part->rounds[k], r);
		open += 2 * r->radius * r->length;
		worth += again ? 0.1 : 1;
		through &= is_through(part, r);
		if (!again && !is_through(part, r))
			worth += STEP_SHARE;
	}
	if (open < (specks ? 0 : through ? THROUGH_SHARE : OPEN_SHARE) * all)
		return 0;
	return worth + OPEN_WORTH * open / all + (part_is_same(at, middle) ? MIDDLE_SHARE : 0);
}

static bool is_inside(const struct part *part, int axis, double at)
{
	return at > vec3_at(part->lo, axis) + PART_SAME_MM &&
	       at < vec3_at(part->hi, axis) - PART_SAME_MM;
}

/* The best first; of equal ones that of the first view. */
static int by_worth(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->worth != y->worth)
		return x->worth > y->worth ? -1 : 1;
	return x->view != y->view ? x->view - y->view : (x->at > y->at) - (x->at < y->at);
}

/* The axis of the world that a shaft without a bore lies along; -1: the part is none. */
static int shaft_axis(const struct part *part)
{
	struct vec3 size = vec3_sum(1, part->hi, -1, part->lo);
	int axis = part_turned_axis(part);

	if (axis < 0 || vec3_at(size, axis) < vec3_at(size, (axis + 1) % 3))
		return -1;
	for (int i = 0; i < part->round_count; i++)
		if (part->rounds[i].hollow && part_is_central(part, &part->rounds[i], axis))
			return -1;
	return axis;
}

/* Which axis the view looks along; -1: it is not to be cut. */
static int axis_to_cut(const struct part *part, int view)
{
	int shaft = shaft_axis(part), axis = part_axes(part->views[view].side).across;

	return shaft < 0 || axis == shaft ? axis : -1;
}

static int find_candidates(const struct part *part, bool specks, struct candidate *list)
{
	int count = 0;

	for (int v = 0; v < part->view_count; v++) {
		int axis = axis_to_cut(part, v), first = count;

		for (int i = 0; i < part->round_count && axis >= 0; i++) {
			double at = vec3_at(part->rounds[i].base, axis);
			bool there = count == CANDIDATES_MAX;

			for (int k = first; k < count; k++)
				there |= part_is_same(list[k].at, at);
			if (there || !is_cut_along(&part->rounds[i], axis, at) ||
			    !is_inside(part, axis, at))
				continue;
			list[count] = (struct candidate){v, at, worth_of(part, axis, at, specks)};
			count += list[count].worth > 0;
		}
	}
	qsort(list, (size_t)count, sizeof(*list), by_worth);
	return count;
}

/* --- what a section loses --------------------------------------------------------------------- */

/* Whether the view shows a circle or an arc of a round face that it looks along; a tip needs none. */
static bool shows_circle(const struct part_view *view, const struct solid_face *face, double radius)
{
	struct vec centre = part_seen(view->side, face->point);

	if (radius < PART_SAME_MM)
		return true;

	for (int i = 0; i < view->count; i++) {
		const struct seg *s = &view->curves[i].seg;

		if (!view->curves[i].poles && s->kind == SEG_ARC && part_is_same(s->rx, radius) &&
		    part_is_same(s->ry, radius) &&
		    vec_length(vec_sub(s->centre, centre)) < PART_SAME_MM)
			return true;
	}
	return false;
}

/* Whether some line of the view goes along that from a to b, and over a piece of it. */
static bool shows_line(const struct part_view *view, struct vec a, struct vec b)
{
	double length = vec_length(vec_sub(b, a));
	struct vec along = vec_scale(vec_sub(b, a), 1 / length);

	for (int i = 0; i < view->count; i++) {
		const struct solid_curve *c = &view->curves[i];
		struct vec p = vec_sub(c->seg.a, a), q = vec_sub(c->seg.b, a);
		double from = vec_dot(p, along), to = vec_dot(q, along);

		if (c->poles || c->seg.kind != SEG_LINE || c->edge == SOLID_SMOOTH)
			continue;
		if (fabs(vec_cross(p, along)) < PART_SAME_MM &&
		    fabs(vec_cross(q, along)) < PART_SAME_MM && max2(from, to) > PART_SAME_MM &&
		    min2(from, to) < length - PART_SAME_MM)
			return true;
	}
	return false;
}

/* A plane along the line of sight is a line in the view. */
static bool shows_plane(const struct part_view *view, const struct solid_face *face)
{
	struct vec first = part_seen(view->side, face->corners[0]), a = first, b = first;

	for (int i = 1; i < face->corner_count; i++) {
		struct vec p = part_seen(view->side, face->corners[i]);

		if (vec_length(vec_sub(p, first)) > vec_length(vec_sub(a, first)))
			a = p;
	}
	for (int i = 0; i < face->corner_count; i++) {
		struct vec p = part_seen(view->side, face->corners[i]);

		if (vec_length(vec_sub(p, a)) > vec_length(vec_sub(b, a)))
			b = p;
	}
	return vec_length(vec_sub(b, a)) < PART_SAME_MM || shows_line(view, a, b);
}

static bool is_cut_away(const struct part_view *view, const struct solid_face *face)
{
	for (int i = 0; i < face->corner_count; i++)
		if (part_behind_cut(view, face->corners[i]) > PART_SAME_MM)
			return false;
	return true;
}

static bool is_lost(const struct part_view *view, const struct solid_face *face)
{
	int axis = part_axes(view->side).across;
	bool along = fabs(vec3_at(face->normal, axis)) < 1e-6;

	if (face->surface == SOLID_CYLINDER || face->surface == SOLID_CONE)
		return fabs(vec3_at(face->normal, axis)) > 1 - 1e-6 &&
		       (!shows_circle(view, face, face->radius) ||
			!shows_circle(view, face, face->end_radius));
	if (face->surface != SOLID_PLANE || !along || face->corner_count < 3)
		return false; /* the bottom of a hole has one corner, where its edge begins and ends */
	if (part_axis_of_plane(face) >= 0 && !is_cut_away(view, face))
		return false;
	return !shows_plane(view, face);
}

static bool is_same_box(const struct box *a, const struct box *b)
{
	return part_is_same(a->x0, b->x0) && part_is_same(a->x1, b->x1) &&
	       part_is_same(a->y0, b->y0) && part_is_same(a->y1, b->y1);
}

/* `whole`: the view as it was. */
static bool loses(const struct part *part, const struct part_view *view, const struct box *whole)
{
	if (!is_same_box(&view->box, whole))
		return true;
	for (int i = 0; i < part->faces.face_count; i++)
		if (is_lost(view, &part->faces.faces[i]))
			return true;
	return false;
}

bool scene_section(struct part *part, const struct solid *solid, struct arena *arena)
{
	struct candidate list[CANDIDATES_MAX];
	int count = find_candidates(part, false, list);

	for (int i = 0; i < count && i < TRIED; i++) {
		struct part_view *view = &part->views[list[i].view], whole = *view;
		struct err unused;

		if (part_cut_view(part, list[i].view, solid, list[i].at, arena, &unused) < 0)
			continue;
		if (!loses(part, view, &whole.box))
			return true;
		*view = whole;
	}
	return false;
}

/* --- a section all the same ------------------------------------------------------------------- */

static double hidden_length(const struct part_view *view)
{
	double sum = 0;

	for (int i = 0; i < view->count; i++) {
		const struct solid_curve *c = &view->curves[i];

		if (!c->visible && c->edge != SOLID_SMOOTH)
			sum += vec_length(vec_sub(c->seg.b, c->seg.a));
	}
	return sum;
}

/* The view not tried yet that hides most; -1: there is none. */
static int next_view(const struct part *part, unsigned tried)
{
	int best = -1;

	for (int i = 0; i < part->view_count; i++)
		if (!(tried >> i & 1) && axis_to_cut(part, i) >= 0 &&
		    (best < 0 || hidden_length(&part->views[i]) >
					 hidden_length(&part->views[best]) + PART_SAME_MM))
			best = i;
	return best;
}

/* In the middle, else a step to either side of it, two steps, ... */
static int cut_near_middle(struct part *part, int view, const struct solid *solid,
			   struct arena *arena, struct err *err)
{
	int axis = part_axes(part->views[view].side).across;
	double lo = vec3_at(part->lo, axis), hi = vec3_at(part->hi, axis);

	for (int i = 0; i < STEPS; i++) {
		double share = 0.5 + (i % 2 ? -1 : 1) * ((i + 1) / 2) * STEP;

		if (part_cut_view(part, view, solid, lo + share * (hi - lo), arena, err) == 0)
			return 0;
	}
	return -1;
}

static int section_of(const struct part *part)
{
	int view = 0;

	while (view < part->view_count && !part->views[view].section)
		view++;
	return view < part->view_count ? view : -1;
}

int scene_section_any(struct part *part, const struct solid *solid, struct arena *arena,
		      struct err *err)
{
	struct candidate list[CANDIDATES_MAX];
	unsigned tried = 0;
	int count, view;

	if (scene_section(part, solid, arena))
		return section_of(part);
	count = find_candidates(part, true, list);
	for (int i = 0; i < count && i < TRIED; i++)
		if (part_cut_view(part, list[i].view, solid, list[i].at, arena, err) == 0)
			return list[i].view;
	err_set(err, ERR_UNSUPPORTED, "no view is across what may be cut");
	while ((view = next_view(part, tried)) >= 0) {
		if (cut_near_middle(part, view, solid, arena, err) == 0)
			return view;
		tried |= 1u << view;
	}
	return -1;
}
