/* SPDX-License-Identifier: MIT */
/* scene_part on cones: chamfers, countersinks, drilled holes and tapers are told completely and once, and drawn where
 * they are; part_label_write says them. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fonts/font.h"
#include "formats/cad/cad_code.h"
#include "formats/drawing/dimension.h"
#include "formats/solid/part_label.h"
#include "gen/scene/scene_part.h"
#include "gen/scene/scene_section.h"
#include "render/draft/draft.h"
#include "tests/extent.h"
#include "tests/made_solids.h"
#include "tests/random_cones.h"
#include "tests/random_shapes.h"

#define PARTS extent(60, 24)
#define DRAWN 20
#define SAME_MM 0.006

static struct arena arena;
static struct part part;
static struct scene scene;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static const struct scene_params params = {.size_px = 1600,
					   .digit_um = 3500,
					   .text_um = 3500,
					   .arrow_um = 3000,
					   .offset_um = 10000,
					   .spacing_um = 8000};

/* Frees the solid. */
static void dimension_solid(struct solid *solid, uint64_t seed)
{
	static const enum part_side third[] = {PART_FRONT, PART_TOP, PART_RIGHT};
	static const enum part_side first[] = {PART_FRONT, PART_TOP, PART_LEFT};
	struct rng rng = rng_stream(seed, 0, "scene", 0);
	struct err err = {0};

	if (part_from_solid(&part, solid, seed % 2 ? first : third, 3, &arena, &err) < 0 ||
	    scene_part(&scene, &part, &params, &rng, &arena, &err) < 0)
		fail_msg("part %d: %s", (int)seed, err.msg);
	solid_free(solid);
}

static bool is_near(double a, double b)
{
	return fabs(a - b) < SAME_MM;
}

/* --- what the dimensions tell ------------------------------------------------------------------- */

static bool is_along(const struct dimension *dim, int axis)
{
	struct part_axes axes = part_axes(part.views[dim->view].side);

	return (dim->kind == DIM_POSITION_X && axes.u == axis) ||
	       (dim->kind == DIM_POSITION_Y && axes.v == axis);
}

/* Whether a dimension along the axis begins or ends there. */
static bool is_place_told(int axis, double mm)
{
	for (int i = 0; i < scene.dimension_count; i++) {
		const struct dimension *dim = &scene.dimensions[i];
		struct part_axes axes = part_axes(part.views[dim->view].side);
		double way = dim->kind == DIM_POSITION_X ? axes.u_way : axes.v_way;

		if (is_along(dim, axis) && (is_near(way * (double)dim->at[0] / 1000, mm) ||
					    is_near(way * (double)dim->at[1] / 1000, mm)))
			return true;
	}
	return false;
}

/* How many dimensions of a kind are of rounds like this one. */
static int told_by(enum dim_kind kind, const struct part_round *round)
{
	int count = 0;

	for (int i = 0; i < scene.dimension_count; i++) {
		const struct dimension *dim = &scene.dimensions[i];

		if (dim->kind == kind && part_is_alike(&part.rounds[dim->round], round))
			count++;
	}
	return count;
}

/* Two ends of a round: where along its axis, and how wide there. */
struct ends {
	double z[2], r[2];
};

static struct ends ends_of(const struct part_round *round)
{
	double z = vec3_at(round->base, round->axis);

	return (struct ends){{z, z + round->length}, {round->radius, round->end_radius}};
}

static bool is_in_line(const struct part_round *a, const struct part_round *b)
{
	struct vec3 off = vec3_sum(1, a->base, -1, b->base);
	double along = vec3_at(off, a->axis);

	return a != b && a->axis == b->axis && a->hollow == b->hollow &&
	       vec3_dot(off, off) - along * along < SAME_MM * SAME_MM;
}

/* The cylinder that a cone goes on in at that end; NULL: none. */
static const struct part_round *cylinder_at(const struct part_round *cone, int end)
{
	struct ends own = ends_of(cone);

	for (int i = 0; i < part.round_count; i++) {
		const struct part_round *other = &part.rounds[i];
		struct ends its = ends_of(other);

		if (is_in_line(cone, other) && is_near(its.r[0], its.r[1]) &&
		    is_near(its.r[0], own.r[end]) &&
		    (is_near(its.z[0], own.z[end]) || is_near(its.z[1], own.z[end])))
			return other;
	}
	return NULL;
}

/* How many countersinks are told with this one's hole, or one like it. */
static int sinks_told(const struct part_round *cone)
{
	const struct part_round *hole = cylinder_at(cone, cone->end_radius < cone->radius);
	int count = 0;

	for (int i = 0; i < scene.dimension_count; i++) {
		const struct part_round *other = &part.rounds[scene.dimensions[i].round];

		if (scene.dimensions[i].kind != DIM_COUNTERSINK || !part_is_alike(other, cone) ||
		    !part_is_alike(hole, cylinder_at(other, other->end_radius < other->radius)))
			continue;
		assert_int_equal(dimension_value(&scene, &scene.dimensions[i]),
				 10 * llround(200 * hole->radius));
		count++;
	}
	return count;
}

/* How often dimensions tell the radius of that end of the cone across a view, wherever along its axis. */
static int across_told(const struct part_round *cone, int end)
{
	struct ends own = ends_of(cone);
	int count = 0;

	for (int i = 0; i < scene.dimension_count; i++) {
		const struct dimension *dim = &scene.dimensions[i];
		const struct part_round *other = &part.rounds[dim->round];

		if (dim->kind != DIM_SIDE_DIAMETER || !part_is_cone(other) ||
		    !(part_is_alike(other, cone) || is_in_line(other, cone)) ||
		    !is_near(ends_of(other).r[dim->end], own.r[end]))
			continue;
		assert_int_equal(dimension_value(&scene, dim), 10 * llround(200 * own.r[end]));
		count++;
	}
	return count;
}

/* Whether a cylinder in line with the cone has that radius; or a chamfer or a countersink. */
static bool is_radius_of(const struct part_round *cone, double radius, bool cylinder)
{
	for (int i = 0; i < part.round_count; i++) {
		const struct part_round *other = &part.rounds[i];
		struct ends its = ends_of(other);

		if (is_in_line(other, cone) && is_near(its.r[0], its.r[1]) == cylinder &&
		    (cylinder || other->chamfer >= 0 || told_by(DIM_COUNTERSINK, other)) &&
		    (is_near(its.r[0], radius) || is_near(its.r[1], radius)))
			return true;
	}
	return false;
}

static int chamfers_told(const struct part_round *cone)
{
	int count = 0;

	for (int i = 0; i < scene.dimension_count; i++) {
		const struct dimension *dim = &scene.dimensions[i];
		const struct part_round *other = &part.rounds[dim->round];

		if (dim->kind != DIM_CHAMFER || cone->chamfer != i)
			continue;
		assert_int_equal(other->axis, cone->axis);
		assert_int_equal(other->hollow, cone->hollow);
		assert_true(is_near(fabs(cone->radius - cone->end_radius), cone->length));
		assert_int_equal(dimension_value(&scene, dim), 10 * llround(100 * cone->length));
		count++;
	}
	return count;
}

static void assert_end_known(const struct part_round *cone, int end, bool place, bool radius)
{
	struct ends own = ends_of(cone);
	int across = across_told(cone, end);

	if (place && !is_place_told(cone->axis, own.z[end]))
		fail_msg("where a cone ends, %g along %c, is not told", own.z[end],
			 'x' + cone->axis);
	if (is_radius_of(cone, own.r[end], true) || own.r[end] < SAME_MM)
		assert_int_equal(across, 0);
	else if (is_radius_of(cone, own.r[end], false) || !radius)
		assert_true(across <= 1);
	else
		assert_int_equal(across, 1);
}

static bool is_tip(const struct part_round *cone)
{
	double r = fmax(cone->radius, cone->end_radius);
	double degrees = 360 / M_PI * atan(r / cone->length);

	return cone->hollow && fmin(cone->radius, cone->end_radius) < SAME_MM && degrees > 117.9 &&
	       degrees < 120.1 && cylinder_at(cone, cone->end_radius > cone->radius);
}

/* A cone of 45 degrees between a place and a radius that are told; one with its hole, likewise; a drill's tip from
 * where it begins; both ends. */
static void assert_cone_told(const struct part_round *cone)
{
	int wide = cone->end_radius > cone->radius, sinks = sinks_told(cone);

	if (is_tip(cone)) {
		assert_end_known(cone, wide, true, true);
		assert_int_equal(sinks + chamfers_told(cone), 0);
	} else if (sinks) {
		const struct part_round *hole = cylinder_at(cone, !wide);

		assert_non_null(hole);
		assert_int_equal(told_by(DIM_DIAMETER, hole), 0);
		assert_end_known(cone, wide, true, false);
		assert_int_equal(sinks, 1);
	} else if (chamfers_told(cone)) {
		int plane = cylinder_at(cone, 0) ? 1 : 0;

		assert_int_equal(chamfers_told(cone), 1);
		assert_non_null(cylinder_at(cone, !plane));
		assert_end_known(cone, plane, true, false);
		assert_end_known(cone, !plane, false, false);
	} else {
		assert_end_known(cone, 0, true, true);
		assert_end_known(cone, 1, true, true);
	}
}

static bool is_cone(const struct part_round *round)
{
	return !is_near(round->radius, round->end_radius);
}

/* A cylinder has one diameter, by itself, from the side or with its countersink. */
static void assert_cylinder_told(const struct part_round *cylinder)
{
	int told = told_by(DIM_DIAMETER, cylinder) + told_by(DIM_SIDE_DIAMETER, cylinder);

	for (int i = 0; i < part.round_count && !told; i++) {
		const struct part_round *cone = &part.rounds[i];

		if (is_cone(cone) && told_by(DIM_COUNTERSINK, cone))
			told = cylinder_at(cone, cone->end_radius < cone->radius) == cylinder;
	}
	assert_int_equal(told, 1);
}

static void assert_rounds_told(void)
{
	for (int i = 0; i < part.round_count; i++)
		if (is_cone(&part.rounds[i]))
			assert_cone_told(&part.rounds[i]);
		else if (!part.rounds[i].pitch)
			assert_cylinder_told(&part.rounds[i]);
}

/* Nothing is measured twice along an axis: as many dimensions as places, less one. */
static void assert_places_once(int axis)
{
	double places[2 * SCENE_VIEWS_MAX * 32];
	int count = 0, dimensions = 0;

	for (int i = 0; i < scene.dimension_count; i++) {
		const struct dimension *dim = &scene.dimensions[i];
		struct part_axes axes = part_axes(part.views[dim->view].side);
		double way = dim->kind == DIM_POSITION_X ? axes.u_way : axes.v_way;

		if (!is_along(dim, axis))
			continue;
		dimensions++;
		for (int end = 0; end < 2; end++) {
			double at = way * (double)dim->at[end] / 1000;
			int k = 0;

			while (k < count && !is_near(places[k], at))
				k++;
			places[k] = at;
			count += k == count;
		}
	}
	assert_int_equal(dimensions, count ? count - 1 : 0);
}

static void test_random(void **state)
{
	uint64_t seed = test_seed();

	(void)state;
	need_solids();
	for (uint64_t i = 0; i < (uint64_t)PARTS; i++) {
		struct rng rng = rng_seed(seed, i);

		arena_reset(&arena);
		dimension_solid(random_cones(&rng, &arena), i);
		assert_rounds_told();
		for (int axis = 0; axis < 3; axis++)
			assert_places_once(axis);
	}
}

/* --- known parts -------------------------------------------------------------------------------- */

/* Cuts what the profile (mm) makes, turned about the axis of the world through the point (mm). */
static struct solid *cut_out(struct solid *solid, int axis, double x, double y, double z,
			     const struct vec *profile, int count)
{
	struct vec points[16];
	struct err err = {0};
	struct solid *tool, *left;

	for (int i = 0; i < count; i++)
		points[i] = vec_scale(profile[i], 1e-3);
	tool = made_turned(axis, (struct vec3){1e-3 * x, 1e-3 * y, 1e-3 * z}, points, count,
			   &arena);
	left = solid_cut(solid, tool, &err);
	if (!left)
		fail_msg("%s", err.msg);
	solid_free(tool);
	solid_free(solid);
	return left;
}

/* A plate of 60 x 40 x 10 with two holes of 6 that are sunk to 12 at 90 degrees, one of 5 drilled 6 deep, one of 8 with
 * chamfers of 0.5 at both ends. */
static struct solid *sunk_plate(void)
{
	static const struct vec sunk[] = {{0, -1}, {3, -1}, {3, 7}, {6, 10}, {6, 11}, {0, 11}};
	static const struct vec drill[] = {{0, 2.4978484517}, {2.5, 4}, {2.5, 11}, {0, 11}};
	static const struct vec broken[] = {{0, 0},   {4.5, 0},  {4, 0.5},
					    {4, 9.5}, {4.5, 10}, {0, 10}};
	struct solid *s = made_box((struct vec3){0, 0, 0}, (struct vec3){0.06, 0.04, 0.01}, &arena);

	s = cut_out(s, 2, 10, 12, 0, sunk, 6);
	s = cut_out(s, 2, 50, 12, 0, sunk, 6);
	s = cut_out(s, 2, 30, 12, 0, drill, 4);
	return cut_out(s, 2, 30, 28, 0, broken, 6);
}

static const struct dimension *only(enum dim_kind kind)
{
	const struct dimension *found = NULL;

	for (int i = 0; i < scene.dimension_count; i++)
		if (scene.dimensions[i].kind == kind) {
			assert_null(found);
			found = &scene.dimensions[i];
		}
	assert_non_null(found);
	return found;
}

static void assert_label(const char *want)
{
	struct buf text = {0};
	struct err err = {0};

	if (part_label_write(&part, &text, &err) < 0)
		fail_msg("%s", err.msg);
	assert_string_equal(text.data, want);
	buf_free(&text);
}

static void test_plate(void **state)
{
	const struct dimension *sink, *chamfer;
	struct callout c;
	int diameters = 0;

	(void)state;
	need_solids();
	dimension_solid(sunk_plate(), 0);
	sink = only(DIM_COUNTERSINK);
	c = callout_from_dimension(&scene, sink);
	assert_int_equal(c.kind, CALLOUT_COUNTERSINK);
	assert_int_equal(c.count, 2);
	assert_int_equal(c.value, 6000);
	assert_int_equal(c.wide, 12000);
	assert_int_equal(c.angle, 90000);
	chamfer = only(DIM_CHAMFER);
	assert_int_equal(chamfer->count, 2);
	assert_int_equal(dimension_value(&scene, chamfer), 500);
	for (int i = 0; i < scene.dimension_count; i++)
		diameters += scene.dimensions[i].kind == DIM_DIAMETER;
	assert_int_equal(diameters, 2);
	assert_true(is_place_told(2, 4)); /* where the drilled hole's tip begins */
	assert_false(is_place_told(2, 7));
	assert_rounds_told();
	assert_label("size(x=60, y=40, z=10)\n"
		     "hole(axis=\"z\", x=10, y=12, d=6, z0=0, z1=7)\n"
		     "hole(axis=\"z\", x=30, y=12, d=5, z0=4, z1=10)\n"
		     "hole(axis=\"z\", x=30, y=28, d=8, z0=0.5, z1=9.5)\n"
		     "hole(axis=\"z\", x=50, y=12, d=6, z0=0, z1=7)\n"
		     "hollow_cone(axis=\"z\", x=10, y=12, d0=6, d1=12, z0=7, z1=10)\n"
		     "hollow_cone(axis=\"z\", x=30, y=28, d0=8, d1=9, z0=9.5, z1=10)\n"
		     "hollow_cone(axis=\"z\", x=30, y=28, d0=9, d1=8, z0=0, z1=0.5)\n"
		     "hollow_cone(axis=\"z\", x=50, y=12, d0=6, d1=12, z0=7, z1=10)\n"
		     "tip(axis=\"z\", x=30, y=12, d=5, z=4, way=-1)\n");
}

/* A shaft of 30 with a taper from 30 to 20 over 25 and chamfers of 2 at its thick end, and a pointed one of 90
 * degrees. */
static void test_taper(void **state)
{
	static const struct vec taper[] = {{0, 0},        {0.013, 0},    {0.015, 0.002},
					   {0.015, 0.04}, {0.01, 0.065}, {0, 0.065}};
	static const struct vec point[] = {{0, 0}, {0.01, 0}, {0.01, 0.02}, {0, 0.03}};
	const struct dimension *across;

	(void)state;
	need_solids();
	dimension_solid(made_turned(0, (struct vec3){0, 0, 0}, taper, 6, &arena), 0);
	across = only(DIM_SIDE_DIAMETER);
	assert_int_equal(dimension_value(&scene, across), 20000);
	assert_int_equal(dimension_value(&scene, only(DIM_DIAMETER)), 30000);
	assert_int_equal(dimension_value(&scene, only(DIM_CHAMFER)), 2000);
	assert_true(is_place_told(0, 0.04 * 1000));
	assert_rounds_told();
	assert_label("size(x=65, y=30, z=30)\n"
		     "boss(axis=\"x\", y=15, z=15, d=30, x0=2, x1=40)\n"
		     "cone(axis=\"x\", y=15, z=15, d0=26, d1=30, x0=0, x1=2)\n"
		     "cone(axis=\"x\", y=15, z=15, d0=30, d1=20, x0=40, x1=65)\n");
	dimension_solid(made_turned(2, (struct vec3){0, 0, 0}, point, 4, &arena), 1);
	assert_int_equal(scene.dimension_count, 3);
	assert_true(is_place_told(2, 20) && is_place_told(2, 30));
	assert_label("size(x=20, y=20, z=30)\n"
		     "boss(axis=\"z\", x=10, y=10, d=20, z0=0, z1=20)\n"
		     "cone(axis=\"z\", x=10, y=10, d0=20, d1=0, z0=20, z1=30)\n");
}

/* A pulley with a groove: its sides begin at one diameter, which is told once, as is that of their ends. */
static void test_groove(void **state)
{
	static const struct vec half[] = {{0, 0},        {0.028, 0},    {0.03, 0.002},
					  {0.02, 0.008}, {0.02, 0.012}, {0.03, 0.018},
					  {0.028, 0.02}, {0, 0.02}};

	(void)state;
	need_solids();
	dimension_solid(made_turned(1, (struct vec3){0, 0, 0}, half, 8, &arena), 0);
	assert_rounds_told();
	assert_int_equal(dimension_value(&scene, only(DIM_DIAMETER)), 40000);
	/* 60 and 56; 20, 2, 8, 12 and 18. */
	assert_int_equal(scene.dimension_count, 1 + 2 + 5);
}

/* The same pin as a program: a revolve of its half, with a blind hole drilled by another. */
static void test_program(void **state)
{
	static const char text[] = "sketch_0 = Sketch()\n"
				   "sketch_0.add_line(start=(0,0), end=(9,0))\n"
				   "sketch_0.add_line(start=(9,0), end=(10,1))\n"
				   "sketch_0.add_line(start=(10,1), end=(10,40))\n"
				   "sketch_0.add_line(start=(10,40), end=(0,40))\n"
				   "sketch_0.add_line(start=(0,40), end=(0,0))\n"
				   "Revolve(sketch_0, axis=(0,1))\n"
				   "sketch_1 = Sketch()\n"
				   "sketch_1.add_line(start=(0,40), end=(0,28.2))\n"
				   "sketch_1.add_line(start=(0,28.2), end=(3,30))\n"
				   "sketch_1.add_line(start=(3,30), end=(3,40))\n"
				   "sketch_1.add_line(start=(3,40), end=(0,40))\n"
				   "Revolve(sketch_1, axis=(0,1), operation=\"cut\")\n";
	struct deepcad_model model;
	struct err err = {0};
	struct solid *solid = NULL;

	(void)state;
	need_solids();
	if (cad_code_parse(&model, "text", text, strlen(text), &arena, &err) == 0)
		solid = solid_from_deepcad(&model, &err);
	if (!solid)
		fail_msg("%s", err.msg);
	dimension_solid(solid, 0);
	assert_rounds_told();
	assert_int_equal(dimension_value(&scene, only(DIM_CHAMFER)), 1000);
	/* 20 and 6; 40, and 30 where the drill's tip begins; the chamfer. */
	assert_int_equal(scene.dimension_count, 5);
	assert_label("size(x=20, y=40, z=20)\n"
		     "hole(axis=\"y\", x=10, z=10, d=6, y0=30, y1=40)\n"
		     "boss(axis=\"y\", x=10, z=10, d=20, y0=1, y1=40)\n"
		     "cone(axis=\"y\", x=10, z=10, d0=18, d1=20, y0=0, y1=1)\n"
		     "tip(axis=\"y\", x=10, z=10, d=6, y=30, way=-1)\n");
}

/* Holes on a pitch circle stay there with their countersinks. */
static void test_pitch_circle(void **state)
{
	static const struct vec disc[] = {{0, 0}, {0.04, 0}, {0.04, 0.008}, {0, 0.008}};
	static const struct vec sunk[] = {{0, -1}, {2, -1}, {2, 6}, {4, 8}, {0, 8}};
	struct solid *s;

	(void)state;
	need_solids();
	s = made_turned(2, (struct vec3){0, 0, 0}, disc, 4, &arena);
	for (int i = 0; i < 6; i++)
		s = cut_out(s, 2, 28 * cos(i * M_PI / 3), 28 * sin(i * M_PI / 3), 0, sunk, 5);
	dimension_solid(s, 0);
	assert_int_equal(only(DIM_COUNTERSINK)->count, 6);
	/* The disc, its thickness, the pitch circle, the holes. */
	assert_int_equal(scene.dimension_count, 4);
	assert_rounds_told();
}

/* A plate of 60 x 40 x 8, its corners rounded by 10, its upper edge cut off by 1 all round. */
static struct solid *rounded_plate(void)
{
	static const struct vec corner[] = {
		{0, 0}, {0.01, 0}, {0.01, 0.007}, {0.009, 0.008}, {0, 0.008}};
	static const struct deepcad_plane planes[] = {
		{{0, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 0, 0}},
		{{0, 0, 0}, {1, 0, 0}, {0, 0, 1}, {0, -1, 0}}};
	struct solid *plate = NULL;
	struct err err = {0};

	for (int i = 0; i < 2; i++) {
		double wide = i ? 0.06 : 0.04, end = i ? -0.03 : 0.05;
		struct vec points[] = {{0, 0},         {wide, 0},
				       {wide, 0.007},  {wide - 0.001, 0.008},
				       {0.001, 0.008}, {0, 0.007}};
		struct deepcad_profile profile = made_polygon(points, 6, NULL, 0, &arena);
		struct solid *bar =
			solid_extruded(&profile, &planes[i], i ? end : 0.01, i ? -0.01 : end, &err);
		struct solid *both = plate && bar ? solid_join(plate, bar, &err) : bar;

		assert_non_null(both);
		if (both != bar) {
			solid_free(bar);
			solid_free(plate);
		}
		plate = both;
	}
	for (int i = 0; i < 4; i++) {
		struct solid *turned =
			made_turned(2, (struct vec3){i % 2 ? 0.05 : 0.01, i / 2 ? 0.03 : 0.01, 0},
				    corner, 5, &arena);
		struct solid *both = solid_join(plate, turned, &err);

		assert_non_null(both);
		solid_free(turned);
		solid_free(plate);
		plate = both;
	}
	return plate;
}

/* Edges that are cut off: those along x in the view from the side, those along y in the front view, and they tell
 * the cones between them. */
static void test_edges(void **state)
{
	int count = 0;

	(void)state;
	need_solids();
	dimension_solid(rounded_plate(), 0);
	for (int i = 0; i < scene.dimension_count; i++) {
		const struct dimension *dim = &scene.dimensions[i];

		if (dim->kind != DIM_CHAMFER)
			continue;
		count++;
		assert_int_equal(dim->count, 2);
		assert_int_equal(dimension_value(&scene, dim), 1000);
		assert_true(dim->round < 0);
	}
	assert_int_equal(count, 2);
	/* 60, 40, 8, four corners. */
	assert_int_equal(scene.dimension_count, count + 3 + 1);
	assert_int_equal(only(DIM_RADIUS)->count, 4);
}

/* --- drawn -------------------------------------------------------------------------------------- */

static void draw(struct drawing *drawing, uint64_t seed)
{
	struct style_sheet sheet = style_iso();
	struct rng style_rng = rng_stream(seed, 0, "style", 0);
	struct style style = style_from_sheet(&sheet, &style_rng);
	struct rng rng = rng_stream(seed, 0, "draft", 0);
	int rc = -1;

	style.projection = seed % 2 ? STYLE_PROJECTION_FIRST : STYLE_PROJECTION_THIRD;
	if (seed % 4 == 0) {
		style.tolerance_share = 1;
		style.tolerance = STYLE_TOLERANCE_FIT;
	}
	for (int i = 0; i <= SCENE_PART_SHEETS && rc < 0; i++) {
		if (i > 0)
			scene_part_sheet(&scene, &params, i);
		rc = drawing_from_scene(drawing, &scene, &style, font_builtin(), &rng, &arena);
	}
	if (rc < 0)
		fail_msg("part %d: no layout", (int)seed);
}

static bool is_on_outline(const struct drawing *drawing, struct vec p)
{
	for (int i = 0; i < drawing->stroke_count; i++) {
		const struct stroke *s = &drawing->strokes[i];

		for (int k = 0; k < s->path.count; k++) {
			const struct seg *seg = &s->path.segs[k];
			struct vec way, from;

			if ((s->layer != LAYER_OUTLINE && s->layer != LAYER_HIDDEN) ||
			    seg->kind != SEG_LINE)
				continue;
			way = vec_unit(vec_sub(seg->b, seg->a));
			from = vec_sub(p, seg->a);
			if (fabs(vec_cross(way, from)) < SAME_MM && vec_dot(way, from) > -SAME_MM &&
			    vec_dot(way, from) < vec_length(vec_sub(seg->b, seg->a)) + SAME_MM)
				return true;
		}
	}
	return false;
}

/* Arrows across a cone are as far apart as their number says; leaders of chamfers end on lines that are aslant. */
static void assert_drawn(const struct drawing *drawing, int dimension)
{
	const struct dimension *dim = &scene.dimensions[dimension];
	struct vec tips[2] = {{0, 0}, {0, 0}};
	int count = 0, texts = 0;

	for (int i = 0; i < drawing->arrow_count; i++)
		if (drawing->arrows[i].dimension == dimension && count++ < 2)
			tips[count - 1] = drawing->arrows[i].tip;
	for (int i = 0; i < drawing->text_count; i++) {
		if (drawing->texts[i].dimension != dimension)
			continue;
		texts++;
		/* Nothing fits a cone. */
		if (dim->kind == DIM_SIDE_DIAMETER && part_is_cone(&part.rounds[dim->round]))
			assert_null(strpbrk(drawing->texts[i].utf8, "HGghfjk"));
	}
	assert_true(texts >= 1);
	if (dim->kind == DIM_SIDE_DIAMETER) {
		assert_int_equal(count, 2);
		assert_true(fabs(vec_length(vec_sub(tips[0], tips[1])) -
				 (double)dimension_value(&scene, dim) / 1000 * drawing->scale) <
			    SAME_MM * drawing->scale);
	}
	if (dim->kind == DIM_CHAMFER) {
		assert_int_equal(count, 1);
		assert_true(is_on_outline(drawing, tips[0]));
	}
}

static void test_drawn(void **state)
{
	uint64_t seed = test_seed();

	(void)state;
	need_solids();
	for (uint64_t i = 0; i < DRAWN; i++) {
		struct rng rng = rng_seed(seed, i);
		struct drawing drawing;

		arena_reset(&arena);
		dimension_solid(random_cones(&rng, &arena), i);
		draw(&drawing, i);
		for (int k = 0; k < scene.dimension_count; k++)
			assert_drawn(&drawing, k);
	}
}

/* Sections show cones that their dimensions are of, and their places. */
static void test_sections(void **state)
{
	static const enum part_side sides[] = {PART_FRONT, PART_TOP, PART_RIGHT};
	uint64_t seed = test_seed();
	int cut = 0;

	(void)state;
	need_solids();
	for (uint64_t i = 0; i < DRAWN; i++) {
		struct rng rng = rng_seed(seed, i), again = rng_stream(i, 0, "scene", 0);
		struct drawing drawing;
		struct solid *solid;
		struct err err = {0};
		bool planned;

		arena_reset(&arena);
		solid = random_cones(&rng, &arena);
		assert_int_equal(part_from_solid(&part, solid, sides, 3, &arena, &err), 0);
		planned = scene_section(&part, solid, &arena) &&
			  scene_part(&scene, &part, &params, &again, &arena, &err) == 0;
		solid_free(solid);
		if (!planned)
			continue;
		cut++;
		assert_rounds_told();
		for (int axis = 0; axis < 3; axis++)
			assert_places_once(axis);
		draw(&drawing, i);
		for (int k = 0; k < scene.dimension_count; k++)
			assert_drawn(&drawing, k);
	}
	print_message("# %d of %d with sections\n", cut, DRAWN);
	assert_true(cut > 0);
}

#define TEST(name) cmocka_unit_test_teardown(name, forget)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_random),  TEST(test_plate),        TEST(test_taper),
		TEST(test_groove),  TEST(test_pitch_circle), TEST(test_edges),
		TEST(test_program), TEST(test_drawn),        TEST(test_sections),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
