/* SPDX-License-Identifier: MIT */
/*
 * made_solids: profiles and solids of known measures for tests. What cannot be made fails the test.
 *
 *	need_solids();
 *	struct solid *plate = made_plate(vec(0.1, 0.05), 0.01, holes, 3, &arena);
 */
#ifndef TESTS_MADE_SOLIDS_H
#define TESTS_MADE_SOLIDS_H

#include "formats/solid/solid.h"

/* Skips the test where Open CASCADE is not built in. */
void need_solids(void);

extern const struct deepcad_plane made_xy;

struct made_hole {
	struct vec centre;
	double radius;
};

/* A closed polygon with round holes. */
struct deepcad_profile made_polygon(const struct vec *points, int count,
				    const struct made_hole *holes, int hole_count,
				    struct arena *arena);
struct deepcad_profile made_disc(struct vec centre, double radius, struct arena *arena);
struct deepcad_profile made_rectangle(struct vec lo, struct vec hi, struct arena *arena);

/* From the origin to `size` in x and y, from 0 to thickness in z. */
struct solid *made_plate(struct vec size, double thickness, const struct made_hole *holes,
			 int count, struct arena *arena);
struct solid *made_box(struct vec3 lo, struct vec3 hi, struct arena *arena);

/* About the plane's z axis. */
struct solid *made_cylinder(const struct deepcad_plane *plane, double radius, double lo, double hi,
			    struct arena *arena);

/* The profile, whose x is the distance from an axis and y goes along it, turned about that axis of the world (0 x,
 * 1 y, 2 z) through the origin. */
struct solid *made_turned(int axis, struct vec3 origin, const struct vec *points, int count,
			  struct arena *arena);

struct solid_measures made_measures(const struct solid *solid);

void assert_share(double is, double should, double slack); /* relative */
void assert_vec3(struct vec3 is, double x, double y, double z, double slack);

#endif
