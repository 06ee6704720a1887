/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/made_solids.h"

const struct deepcad_plane made_xy = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}};

void need_solids(void)
{
	if (!solid_available()) {
		print_message("# built without Open CASCADE\n");
		skip();
	}
}

static struct deepcad_loop circle_loop(struct vec centre, double radius, struct arena *arena)
{
	struct deepcad_loop loop = {ARENA_NEW(arena, struct deepcad_curve, 1), 1,
				    M_PI * radius * radius};
	struct vec left = vec(centre.x - radius, centre.y);

	loop.curves[0] = (struct deepcad_curve){.kind = DEEPCAD_CIRCLE,
						.start = left,
						.end = left,
						.centre = centre,
						.radius = radius,
						.sweep = 2 * M_PI};
	return loop;
}

static struct deepcad_loop polygon_loop(const struct vec *points, int count, struct arena *arena)
{
	struct deepcad_loop loop = {ARENA_NEW(arena, struct deepcad_curve, count), count, 0};

	for (int i = 0; i < count; i++) {
		struct vec a = points[i], b = points[(i + 1) % count];

		loop.curves[i] = (struct deepcad_curve){.kind = DEEPCAD_LINE, .start = a, .end = b};
		loop.area += vec_cross(a, b) / 2;
	}
	return loop;
}

struct deepcad_profile made_polygon(const struct vec *points, int count,
				    const struct made_hole *holes, int hole_count,
				    struct arena *arena)
{
	struct deepcad_profile profile = {
		"P", ARENA_NEW(arena, struct deepcad_loop, hole_count + 1), hole_count + 1, 0};

	profile.loops[0] = polygon_loop(points, count, arena);
	for (int i = 0; i < hole_count; i++)
		profile.loops[i + 1] = circle_loop(holes[i].centre, holes[i].radius, arena);
	return profile;
}

struct deepcad_profile made_disc(struct vec centre, double radius, struct arena *arena)
{
	struct deepcad_profile profile = {"P", ARENA_NEW(arena, struct deepcad_loop, 1), 1, 0};

	profile.loops[0] = circle_loop(centre, radius, arena);
	return profile;
}

struct deepcad_profile made_rectangle(struct vec lo, struct vec hi, struct arena *arena)
{
	struct vec points[] = {lo, vec(hi.x, lo.y), hi, vec(lo.x, hi.y)};

	return made_polygon(points, 4, NULL, 0, arena);
}

static struct solid *extruded(const struct deepcad_profile *profile,
			      const struct deepcad_plane *plane, double lo, double hi)
{
	struct err err = {0};
	struct solid *solid = solid_extruded(profile, plane, lo, hi, &err);

	if (!solid)
		fail_msg("%s", err.msg);
	return solid;
}

struct solid *made_plate(struct vec size, double thickness, const struct made_hole *holes,
			 int count, struct arena *arena)
{
	struct vec points[] = {vec(0, 0), vec(size.x, 0), size, vec(0, size.y)};
	struct deepcad_profile profile = made_polygon(points, 4, holes, count, arena);

	return extruded(&profile, &made_xy, 0, thickness);
}

struct solid *made_box(struct vec3 lo, struct vec3 hi, struct arena *arena)
{
	struct deepcad_profile profile = made_rectangle(vec(lo.x, lo.y), vec(hi.x, hi.y), arena);

	return extruded(&profile, &made_xy, lo.z, hi.z);
}

struct solid *made_cylinder(const struct deepcad_plane *plane, double radius, double lo, double hi,
			    struct arena *arena)
{
	struct deepcad_profile profile = made_disc(vec(0, 0), radius, arena);

	return extruded(&profile, plane, lo, hi);
}

struct solid *made_turned(int axis, struct vec3 origin, const struct vec *points, int count,
			  struct arena *arena)
{
	static const struct deepcad_plane planes[] = {
		{{0, 0, 0}, {0, 1, 0}, {1, 0, 0}, {0, 0, -1}},
		{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
		{{0, 0, 0}, {1, 0, 0}, {0, 0, 1}, {0, -1, 0}}};
	struct deepcad_profile profile = made_polygon(points, count, NULL, 0, arena);
	const struct deepcad_axis upright = {vec(0, 0), vec(0, 1)};
	struct deepcad_plane plane = planes[axis];
	struct err err = {0};
	struct solid *solid;

	plane.origin = origin;
	solid = solid_revolved(&profile, &plane, &upright, 0, 2 * M_PI, &err);
	if (!solid)
		fail_msg("%s", err.msg);
	return solid;
}

struct solid_measures made_measures(const struct solid *solid)
{
	struct solid_measures measures;
	struct err err = {0};

	if (solid_measure(solid, &measures, &err) < 0)
		fail_msg("%s", err.msg);
	return measures;
}

void assert_share(double is, double should, double slack)
{
	if (!(fabs(is - should) <= slack * fabs(should)))
		fail_msg("%.17g is not %.17g", is, should);
}

void assert_vec3(struct vec3 is, double x, double y, double z, double slack)
{
	if (!(fabs(is.x - x) <= slack && fabs(is.y - y) <= slack && fabs(is.z - z) <= slack))
		fail_msg("(%.12g, %.12g, %.12g) is not (%.12g, %.12g, %.12g)", is.x, is.y, is.z, x,
			 y, z);
}
