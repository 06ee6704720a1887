/* SPDX-License-Identifier: MIT */
/*
 * Whether two curves cross. Points are rounded and neighbours share ends, so what counts is only what
 * rounding cannot do: of lines, that each has its ends clearly on both sides of the other; of circles,
 * that they go clearly into each other, and that the crossing is away from the ends of both curves.
 * Tangents, and edges that lie on each other, do not cross.
 */
#include <config.h>

#include <math.h>

#include "formats/solid/deepcad_private.h"

#define END_PART 1e-3 /* of the profile's size: what is nearer to an end is the end */

struct scale {
	double depth; /* how far curves reach into each other by rounding alone */
	double end;
};

/* Signed distance of a point from the line through a and b, which are apart. */
static double side_of(struct vec a, struct vec b, struct vec point)
{
	struct vec along = vec_unit(vec_sub(b, a));

	return vec_cross(along, vec_sub(point, a));
}

static bool has_both_sides(const struct deepcad_curve *line, const struct deepcad_curve *other,
			   double depth)
{
	double a = side_of(line->start, line->end, other->start);
	double b = side_of(line->start, line->end, other->end);

	return min2(a, b) < -depth && max2(a, b) > depth;
}

/* Whether a point of the arc's circle is on the arc, away from its ends. */
static bool is_on_arc(const struct deepcad_curve *arc, struct vec point, double end)
{
	struct vec spoke = vec_sub(arc->start, arc->centre), to = vec_sub(point, arc->centre);
	double angle = atan2(vec_cross(spoke, to), vec_dot(spoke, to));
	double margin = end / arc->radius;

	if (arc->kind == DEEPCAD_CIRCLE)
		return true;
	if (arc->sweep < 0)
		angle = -angle;
	if (angle < 0)
		angle += 2 * M_PI;
	return angle > margin && angle < fabs(arc->sweep) - margin;
}

static bool is_on_line(const struct deepcad_curve *line, struct vec point, double end)
{
	struct vec along = vec_sub(line->end, line->start);
	double length = vec_length(along);
	double at = vec_dot(along, vec_sub(point, line->start)) / length;

	return at > end && at < length - end;
}

static bool line_crosses_arc(const struct deepcad_curve *line, const struct deepcad_curve *arc,
			     struct scale s)
{
	struct vec along = vec_unit(vec_sub(line->end, line->start));
	double off = vec_cross(along, vec_sub(arc->centre, line->start));
	struct vec foot = vec_add(arc->centre, vec_scale(vec_perp(along), -off));
	double half;

	if (arc->radius - fabs(off) <= s.depth)
		return false;
	half = sqrt(arc->radius * arc->radius - off * off);
	for (int side = -1; side <= 1; side += 2) {
		struct vec p = vec_add(foot, vec_scale(along, side * half));

		if (is_on_line(line, p, s.end) && is_on_arc(arc, p, s.end))
			return true;
	}
	return false;
}

static bool arcs_cross(const struct deepcad_curve *a, const struct deepcad_curve *b, struct scale s)
{
	struct vec between = vec_sub(b->centre, a->centre), along;
	double d = vec_length(between), at, half;

	if (a->radius + b->radius - d <= s.depth || d - fabs(a->radius - b->radius) <= s.depth)
		return false;
	along = vec_scale(between, 1 / d);
	at = (d * d + a->radius * a->radius - b->radius * b->radius) / (2 * d);
	half = sqrt(max2(0, a->radius * a->radius - at * at));
	for (int side = -1; side <= 1; side += 2) {
		struct vec p = vec_add(a->centre, vec_add(vec_scale(along, at),
							  vec_scale(vec_perp(along), side * half)));

		if (is_on_arc(a, p, s.end) && is_on_arc(b, p, s.end))
			return true;
	}
	return false;
}

bool deepcad_curves_cross(const struct deepcad_curve *a, const struct deepcad_curve *b, double size)
{
	struct scale s = {deepcad_tolerance(size), END_PART * size};

	if (a->kind == DEEPCAD_LINE && b->kind == DEEPCAD_LINE)
		return has_both_sides(a, b, s.depth) && has_both_sides(b, a, s.depth);
	if (a->kind == DEEPCAD_LINE)
		return line_crosses_arc(a, b, s);
	if (b->kind == DEEPCAD_LINE)
		return line_crosses_arc(b, a, s);
	return arcs_cross(a, b, s);
}
