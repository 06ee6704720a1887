/* SPDX-License-Identifier: MIT */
/*
 * Revolves by exact geometry. A point of the profile is a distance along the axis and one from it; turned,
 * it keeps both. So in a direction of space a turned profile reaches as far as the flat one does in the
 * direction that has the axis's share along the axis, and away from it the best of what the turn passes over.
 */
#include <config.h>

#include <math.h>

#include "formats/solid/deepcad_private.h"

#define PLANE_SLACK 1e-6    /* of unit vectors */
#define CROSSING_SLACK 3e-8 /* m: how far a profile may reach over its axis by rounding */

void deepcad_angles(const struct deepcad_feature *revolve, double *lo, double *hi)
{
	deepcad_span(revolve, lo, hi);
	if (*hi - *lo >= 2 * M_PI - DEEPCAD_ANGLE_MIN)
		*hi = *lo + 2 * M_PI;
}

static struct vec flat(const struct deepcad_plane *plane, struct vec3 v)
{
	return vec(vec3_dot(v, plane->x), vec3_dot(v, plane->y));
}

/* The point in the coordinates of the plane, if it is in it. */
static bool point_at(const struct deepcad_plane *plane, struct vec3 p, double slack,
		     struct vec *out)
{
	struct vec3 from = vec3_sum(1, p, -1, plane->origin);

	*out = flat(plane, from);
	return fabs(vec3_dot(from, plane->z)) <= slack;
}

bool deepcad_axis_at(const struct deepcad_feature *revolve, int region, struct deepcad_axis *out)
{
	const struct deepcad_plane *from = &revolve->regions[0].sketch->plane;
	const struct deepcad_plane *to = &revolve->regions[region].sketch->plane;
	double slack = CROSSING_SLACK;

	*out = revolve->axis;
	if (to == from)
		return true;
	slack += PLANE_SLACK * deepcad_distance(out->start, out->end);
	return point_at(to, deepcad_world(from, revolve->axis.start, 0), slack, &out->start) &&
	       point_at(to, deepcad_world(from, revolve->axis.end, 0), slack, &out->end);
}

static struct vec direction_of(const struct deepcad_axis *axis)
{
	return vec_unit(vec_sub(axis->end, axis->start));
}

/* How far the profile goes to that side of the axis's start. */
static double reach_aside(const struct deepcad_axis *axis, const struct deepcad_profile *profile,
			  struct vec side)
{
	return deepcad_profile_reach(profile, side) - vec_dot(axis->start, side);
}

bool deepcad_axis_crosses(const struct deepcad_axis *axis, const struct deepcad_profile *profile)
{
	struct vec left = vec_perp(direction_of(axis));

	return reach_aside(axis, profile, left) > CROSSING_SLACK &&
	       reach_aside(axis, profile, vec_scale(left, -1)) > CROSSING_SLACK;
}

const char *deepcad_revolve_fault(const struct deepcad_feature *revolve)
{
	double lo, hi;

	if (deepcad_distance(revolve->axis.start, revolve->axis.end) <= DEEPCAD_LENGTH_MIN)
		return "an axis of no length";
	deepcad_angles(revolve, &lo, &hi);
	if (hi - lo <= DEEPCAD_ANGLE_MIN)
		return "a revolve of no angle";
	deepcad_span(revolve, &lo, &hi);
	if (hi - lo > 2 * M_PI + DEEPCAD_ANGLE_MIN)
		return "a revolve of more than a full turn";
	for (int i = 0; i < revolve->count; i++) {
		struct deepcad_axis axis;

		if (!deepcad_axis_at(revolve, i, &axis))
			return "an axis that is not in the plane of every sketch";
		if (deepcad_axis_crosses(&axis, revolve->regions[i].profile))
			return "an axis that crosses the profile";
	}
	return NULL;
}

/* The most that a cos t + b sin t comes to from lo to hi. */
static double most_of_turn(double a, double b, double lo, double hi)
{
	double top = atan2(b, a);

	top += 2 * M_PI * ceil((lo - top) / (2 * M_PI));
	if (top <= hi)
		return hypot(a, b);
	return max2(a * cos(lo) + b * sin(lo), a * cos(hi) + b * sin(hi));
}

double deepcad_revolve_reach(const struct deepcad_feature *revolve, int region,
			     struct vec3 direction)
{
	const struct deepcad_plane *plane = &revolve->regions[region].sketch->plane;
	const struct deepcad_profile *profile = revolve->regions[region].profile;
	struct vec along, away;
	struct vec3 along_3, away_3, start;
	struct deepcad_axis axis;
	double lo, hi, turned;

	deepcad_axis_at(revolve, region, &axis);
	deepcad_angles(revolve, &lo, &hi);
	along = direction_of(&axis);
	away = vec_perp(along);
	if (reach_aside(&axis, profile, away) < reach_aside(&axis, profile, vec_scale(away, -1)))
		away = vec_scale(away, -1);
	along_3 = vec3_sum(along.x, plane->x, along.y, plane->y);
	away_3 = vec3_sum(away.x, plane->x, away.y, plane->y);
	turned = most_of_turn(vec3_dot(direction, away_3),
			      vec3_dot(direction, vec3_cross(along_3, away_3)), lo, hi);
	along = vec_add(vec_scale(along, vec3_dot(direction, along_3)), vec_scale(away, turned));
	start = deepcad_world(plane, axis.start, 0);
	return vec3_dot(direction, start) + deepcad_profile_reach(profile, along) -
	       vec_dot(axis.start, along);
}
