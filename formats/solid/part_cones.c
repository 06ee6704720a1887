/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <math.h>

#include "formats/solid/part.h"

#define DEGREES (180 / M_PI)
#define TIP_LEAST 117900 /* thousandths of a degree */
#define TIP_MOST 120100

bool part_is_cone(const struct part_round *round)
{
	return !part_is_same(round->radius, round->end_radius);
}

double part_reach(const struct part_round *round)
{
	return fmax(round->radius, round->end_radius);
}

/* Half degrees where lengths that are rounded to PART_GRAIN make that. */
int64_t part_cone_angle(const struct part_round *round)
{
	double rise = fabs(round->end_radius - round->radius);
	int64_t angle = llround(2000 * DEGREES * atan2(rise, round->length));
	int64_t whole = (angle + 250) / 500 * 500;

	if (whole > 0 && part_is_same(rise / tan((double)whole / 2000 / DEGREES), round->length))
		return whole;
	return angle;
}

static bool is_plane_at(const struct part *part, int axis, double at)
{
	for (int i = 0; i < part->faces.face_count; i++) {
		const struct solid_face *f = &part->faces.faces[i];

		if (f->surface == SOLID_PLANE && part_axis_of_plane(f) == axis &&
		    part_is_same(vec3_at(f->point, axis), at))
			return true;
	}
	return false;
}

/* Whether two rounds are about one axis, both inside or outside the material. */
static bool is_in_line(const struct part_round *a, const struct part_round *b)
{
	int u = (a->axis + 1) % 3, v = (a->axis + 2) % 3;

	return a->axis == b->axis && a->hollow == b->hollow && !a->pitch && !b->pitch &&
	       part_is_same(vec3_at(a->base, u), vec3_at(b->base, u)) &&
	       part_is_same(vec3_at(a->base, v), vec3_at(b->base, v));
}

/* The cylinder about the cone's axis that has this radius and reaches that far. */
static int cylinder_at(const struct part *part, const struct part_round *cone, double at,
		       double radius)
{
	for (int i = 0; i < part->round_count; i++) {
		const struct part_round *other = &part->rounds[i];
		double from = vec3_at(other->base, cone->axis);

		if (!part_is_cone(other) && is_in_line(cone, other) &&
		    part_is_same(other->radius, radius) && at > from - PART_SAME_MM &&
		    at < from + other->length + PART_SAME_MM)
			return i;
	}
	return -1;
}

struct part_cone part_cone(const struct part *part, int round)
{
	const struct part_round *r = &part->rounds[round];
	struct part_cone cone = {.r = {r->radius, r->end_radius}, .round = {-1, -1}};
	int64_t angle = part_cone_angle(r);

	if (r->axis < 0)
		return cone;
	cone.z[0] = vec3_at(r->base, r->axis);
	cone.z[1] = cone.z[0] + r->length;
	cone.wide = r->end_radius > r->radius;
	for (int i = 0; i < 2; i++) {
		cone.plane[i] = is_plane_at(part, r->axis, cone.z[i]);
		cone.round[i] = cylinder_at(part, r, cone.z[i], cone.r[i]);
	}
	cone.tip = r->hollow && cone.r[!cone.wide] < PART_SAME_MM && cone.round[cone.wide] >= 0 &&
		   angle > TIP_LEAST && angle < TIP_MOST;
	cone.chamfer =
		part_is_same(fabs(r->end_radius - r->radius), r->length) &&
		((cone.plane[0] && cone.round[1] >= 0) || (cone.plane[1] && cone.round[0] >= 0));
	return cone;
}

static bool goes_on_in_cylinder(const struct part *part, int face)
{
	for (int i = 0; i < part->faces.joint_count; i++) {
		int a = part->faces.joints[i].a, b = part->faces.joints[i].b;

		if ((a == face && part->faces.faces[b].surface == SOLID_CYLINDER) ||
		    (b == face && part->faces.faces[a].surface == SOLID_CYLINDER))
			return true;
	}
	return false;
}

bool part_is_cut_corner(const struct part *part, int face, struct vec3 ends[2], double *leg_mm)
{
	const struct solid_face *f = &part->faces.faces[face];
	int axis = f->surface == SOLID_PLANE && part_axis_of_plane(f) < 0
			   ? part_axis_of_slant(f, ends)
			   : -1;
	int u = (axis + 1) % 3, v = (axis + 2) % 3;
	double legs[2];

	if (axis < 0 || goes_on_in_cylinder(part, face))
		return false;
	for (int swapped = 0; swapped < 2; swapped++) {
		struct vec3 a = ends[swapped], b = ends[!swapped];

		/* The corner has v of the one end and u of the other. */
		legs[0] = vec3_at(b, u) - vec3_at(a, u);
		legs[1] = vec3_at(b, v) - vec3_at(a, v);
		*leg_mm = fabs(legs[0]);
		if (part_is_same(fabs(legs[0]), fabs(legs[1])) &&
		    vec3_at(f->normal, u) * legs[0] > 0 && vec3_at(f->normal, v) * legs[1] < 0 &&
		    is_plane_at(part, v, vec3_at(a, v)) && is_plane_at(part, u, vec3_at(b, u)) &&
		    !is_plane_at(part, u, vec3_at(a, u)) && !is_plane_at(part, v, vec3_at(b, v)))
			return true;
	}
	return false;
}

bool part_is_same_chamfer(const struct part_round *a, const struct part_round *b)
{
	return part_is_cone(a) && part_is_cone(b) && a->axis == b->axis && a->hollow == b->hollow &&
	       part_is_same(a->length, b->length) && part_cone_angle(a) == 90000 &&
	       part_cone_angle(b) == 90000;
}

/* How the view draws a line through the point: 0 not at all, 1 hidden, 2 visible. */
static int shown_at(const struct part_view *view, struct vec p)
{
	int best = 0;

	for (int i = 0; i < view->count; i++) {
		const struct solid_curve *c = &view->curves[i];
		struct vec way, from;
		double length, along;

		if (c->edge == SOLID_SMOOTH || c->poles || c->seg.kind != SEG_LINE)
			continue;
		way = vec_sub(c->seg.b, c->seg.a);
		length = vec_length(way);
		way = vec_scale(way, 1 / length);
		from = vec_sub(p, c->seg.a);
		along = vec_dot(from, way);
		if (along >= 0 && along <= length && fabs(vec_cross(way, from)) < PART_SAME_MM)
			best = c->visible ? 2 : best > 1 ? best : 1;
	}
	return best;
}

int part_cone_outline(const struct part_view *view, const struct part_round *round,
		      struct vec middles[2], struct vec outs[2], bool *seen)
{
	struct vec3 top = round->base;
	struct vec base, way, side;
	double slope = (round->radius - round->end_radius) / round->length;
	int best = 1, count = 0;

	*(round->axis == 0 ? &top.x : round->axis == 1 ? &top.y : &top.z) += round->length;
	base = part_seen(view->side, round->base);
	way = vec_unit(vec_sub(part_seen(view->side, top), base));
	side = vec_perp(way);
	for (int i = 0; i < 2; i++) {
		struct vec at = vec_add(vec_add(base, vec_scale(way, round->length / 2)),
					vec_scale(side, (round->radius + round->end_radius) / 2));
		struct vec out = vec_unit(vec_add(side, vec_scale(way, slope)));
		int shown = shown_at(view, at);

		side = vec_scale(side, -1);
		if (shown < best)
			continue;
		if (shown > best)
			count = 0;
		best = shown;
		middles[count] = at;
		outs[count++] = vec_scale(out, round->hollow ? -1 : 1);
	}
	*seen = best == 2;
	return count;
}
