/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <math.h>

#include "formats/solid/part.h"

#define ALONG 1e-6            /* of a unit vector across its axis */
#define WHOLE (M_PI * 1.0001) /* more than half a turn */
#define HALF (M_PI * 0.9999)

const char *const part_side_names[PART_SIDE_COUNT_ + 1] = {
#define S(id, name, look, up) name,
	PART_SIDES(S)
#undef S
};

int64_t part_rounded(double mm)
{
	return PART_GRAIN * llround(1000 * mm / PART_GRAIN);
}

static struct vec3 direction(double x, double y, double z)
{
	return (struct vec3){x, y, z};
}

struct vec3 part_look(enum part_side side)
{
	switch (side) {
#define S(id, name, look, up)                                                                      \
	case PART_##id:                                                                            \
		return direction look;
		PART_SIDES(S)
#undef S
	case PART_SIDE_COUNT_:
		break;
	}
	return direction(0, 0, 0);
}

struct vec3 part_up(enum part_side side)
{
	switch (side) {
#define S(id, name, look, up)                                                                      \
	case PART_##id:                                                                            \
		return direction up;
		PART_SIDES(S)
#undef S
	case PART_SIDE_COUNT_:
		break;
	}
	return direction(0, 0, 0);
}

double vec3_at(struct vec3 v, int axis)
{
	return axis == 0 ? v.x : axis == 1 ? v.y : v.z;
}

/* -1 where it lies along none. */
static int axis_of(struct vec3 v)
{
	for (int i = 0; i < 3; i++)
		if (fabs(vec3_at(v, (i + 1) % 3)) < ALONG && fabs(vec3_at(v, (i + 2) % 3)) < ALONG)
			return i;
	return -1;
}

int part_axis_of_plane(const struct solid_face *face)
{
	return axis_of(face->normal);
}

int part_axis_of_slant(const struct solid_face *f, struct vec3 ends[2])
{
	double lo = INFINITY, hi = -INFINITY;
	int axis = -1, u, v;

	for (int i = 0; i < 3; i++)
		if (fabs(vec3_at(f->normal, i)) < ALONG)
			axis = axis < 0 ? i : 3;
	if (axis < 0 || axis == 3)
		return -1;
	u = (axis + 1) % 3;
	v = (axis + 2) % 3;
	for (int i = 0; i < f->corner_count; i++) {
		double along = vec3_at(f->normal, u) * vec3_at(f->corners[i], v) -
			       vec3_at(f->normal, v) * vec3_at(f->corners[i], u);

		if (along < lo)
			ends[0] = f->corners[i];
		if (along > hi)
			ends[1] = f->corners[i];
		lo = fmin(lo, along);
		hi = fmax(hi, along);
	}
	return axis;
}

struct part_axes part_axes(enum part_side side)
{
	struct vec3 look = part_look(side), up = part_up(side), right = vec3_cross(look, up);
	struct part_axes axes = {axis_of(right), axis_of(up), axis_of(look), 0, 0};

	if (axes.across < 0)
		return (struct part_axes){-1, -1, -1, 0, 0};
	axes.u_way = vec3_at(right, axes.u);
	axes.v_way = vec3_at(up, axes.v);
	return axes;
}

double part_behind_cut(const struct part_view *view, struct vec3 point)
{
	struct part_axes axes = part_axes(view->side);
	double way = vec3_at(part_look(view->side), axes.across);

	return way * (vec3_at(point, axes.across) - view->cut);
}

bool part_shows_axis(const struct part_view *view, const struct part_round *round)
{
	return !view->section || fabs(part_behind_cut(view, round->base)) < PART_SAME_MM;
}

/* Up is made square to the look. */
struct vec part_seen(enum part_side side, struct vec3 point)
{
	struct vec3 look = part_look(side), right = vec3_cross(look, part_up(side));
	struct vec3 up = vec3_cross(right, look);

	return vec(vec3_dot(point, right) / sqrt(vec3_dot(right, right)),
		   vec3_dot(point, up) / sqrt(vec3_dot(up, up)));
}

bool part_is_whole(const struct part_round *round)
{
	return round->turn > WHOLE;
}

bool part_is_outside(const struct part_round *round)
{
	return round->axis >= 0 && !round->hollow && !round->pitch && part_is_whole(round);
}

bool part_is_as_wide(const struct part *part, int axis, double radius)
{
	struct vec3 size = vec3_sum(1, part->hi, -1, part->lo);

	return part_is_same(vec3_at(size, (axis + 1) % 3), 2 * radius) &&
	       part_is_same(vec3_at(size, (axis + 2) % 3), 2 * radius);
}

bool part_is_central(const struct part *part, const struct part_round *round, int axis)
{
	struct vec3 off = vec3_sum(2, round->base, -1, vec3_sum(1, part->lo, 1, part->hi));

	return round->axis == axis && part_is_whole(round) &&
	       part_is_same(vec3_at(off, (axis + 1) % 3), 0) &&
	       part_is_same(vec3_at(off, (axis + 2) % 3), 0);
}

int part_turned_axis(const struct part *part)
{
	for (int i = 0; i < part->round_count; i++) {
		const struct part_round *r = &part->rounds[i];

		if (part_is_outside(r) && part_is_central(part, r, r->axis) &&
		    part_is_as_wide(part, r->axis, part_reach(r)))
			return r->axis;
	}
	return -1;
}

bool part_is_marked(const struct part_round *round)
{
	return round->turn > HALF;
}

/* The radius at that place along the axis. */
static double radius_at(const struct part_round *round, double at)
{
	double share = (at - vec3_at(round->base, round->axis)) / round->length;

	return round->radius + share * (round->end_radius - round->radius);
}

/* On one axis with one radius; of cones, where the one would reach the other. */
static bool is_same(const struct part_round *a, const struct part_round *b)
{
	double from;

	if (a->axis != b->axis || a->axis < 0 || a->hollow != b->hollow ||
	    part_is_cone(a) != part_is_cone(b))
		return false;
	from = vec3_at(b->base, a->axis);
	if (!part_is_same(radius_at(a, from), b->radius) ||
	    !part_is_same(radius_at(a, from + b->length), b->end_radius))
		return false;
	for (int i = 1; i <= 2; i++)
		if (!part_is_same(vec3_at(a->base, (a->axis + i) % 3),
				  vec3_at(b->base, (a->axis + i) % 3)))
			return false;
	return true;
}

bool part_is_alike(const struct part_round *a, const struct part_round *b)
{
	if (a->pitch || b->pitch)
		return a == b;
	return a->axis == b->axis && a->axis >= 0 && a->hollow == b->hollow &&
	       part_is_same(a->radius, b->radius) && part_is_same(a->end_radius, b->end_radius) &&
	       part_is_same(a->length, b->length) &&
	       part_is_same(vec3_at(a->base, a->axis), vec3_at(b->base, b->axis)) &&
	       part_is_whole(a) == part_is_whole(b);
}

/* Makes `into` reach as far as the other does. */
static void join(struct part_round *into, const struct part_round *other)
{
	double a0 = vec3_at(into->base, into->axis), b0 = vec3_at(other->base, into->axis);
	double end = fmax(a0 + into->length, b0 + other->length);

	if (b0 + other->length > a0 + into->length)
		into->end_radius = other->end_radius;
	if (b0 < a0) {
		into->base = other->base;
		into->radius = other->radius;
	}
	into->length = end - fmin(a0, b0);
	into->turn = fmax(into->turn, other->turn);
}

void part_find_rounds(struct part *part, struct arena *arena)
{
	int n = part->faces.face_count;

	part->rounds = ARENA_NEW(arena, struct part_round, 2 * (size_t)n + 1);
	part->round_of = ARENA_NEW(arena, int, (size_t)n + 1);
	part->chamfer = ARENA_NEW(arena, int, (size_t)n + 1);
	part->round_count = 0;
	for (int i = 0; i < n; i++) {
		const struct solid_face *f = &part->faces.faces[i];
		struct part_round round = {.base = f->point,
					   .axis = axis_of(f->normal),
					   .radius = f->radius,
					   .end_radius = f->end_radius,
					   .length = f->length,
					   .turn = f->turn,
					   .hollow = f->hollow,
					   .chamfer = -1,
					   .on = -1};
		int k = 0;

		part->round_of[i] = -1;
		part->chamfer[i] = -1;
		if (f->surface != SOLID_CYLINDER && f->surface != SOLID_CONE)
			continue;
		while (k < part->round_count && !is_same(&part->rounds[k], &round))
			k++;
		part->round_of[i] = k;
		if (k == part->round_count)
			part->rounds[part->round_count++] = round;
		else
			join(&part->rounds[k], &round);
	}
}
