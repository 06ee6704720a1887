/* SPDX-License-Identifier: MIT */
/* solid_section: areas of cut faces by hand and by thin slices, closed loops, what is seen behind the plane, planes
 * that are refused. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "formats/solid/solid.h"
#include "tests/made_solids.h"
#include "tests/random_shapes.h"

#define CHORD 1e-8 /* m */
#define SLICE 1e-5 /* m */
#define TOUCH (30 * SLICE)

static const struct vec3 front = {0, 1, 0}, down = {0, 0, -1}, up = {0, 0, 1}, back = {0, 1, 0};

static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct solid_section cut(const struct solid *solid, struct vec3 look, struct vec3 upwards,
				struct vec3 at)
{
	struct solid_section section;
	struct err err = {0};

	if (solid_section(solid, look, upwards, at, &arena, &section, &err) < 0)
		fail_msg("%s", err.msg);
	return section;
}

static double loop_area(const struct solid_loop *loop)
{
	struct path path = {.closed = true};
	struct polyline line;

	for (int i = 0; i < loop->count; i++) {
		const struct solid_curve *next = &loop->curves[(i + 1) % loop->count];
		struct vec end = solid_curve_point(&loop->curves[i], 1);

		assert_true(vec_length(vec_sub(end, solid_curve_point(next, 0))) < 1e-8);
		solid_curve_path(&loop->curves[i], CHORD, &arena, &path);
	}
	line = polyline_from_path(&path, CHORD, &arena);
	return polygon_area(&line);
}

/* Loops within loops are holes: the largest of each face is counted in, others out. */
static double area_of(const struct solid_section *section, int outlines)
{
	double areas[32], area = 0;

	assert_true(section->loop_count <= 32);
	for (int i = 0; i < section->loop_count; i++) {
		int k = i;
		double one = loop_area(&section->loops[i]);

		for (; k > 0 && areas[k - 1] < one; k--)
			areas[k] = areas[k - 1];
		areas[k] = one;
	}
	for (int i = 0; i < section->loop_count; i++)
		area += i < outlines ? areas[i] : -areas[i];
	return area;
}

static void test_plate(void **state)
{
	const struct made_hole holes[] = {{{0.02, 0.01}, 0.004}, {{0.04, 0.015}, 0.002}};
	int upright = 0, hidden = 0;
	struct solid *plate;
	struct solid_section s;

	(void)state;
	need_solids();
	plate = made_plate(vec(0.06, 0.03), 0.01, holes, 2, &arena);
	s = cut(plate, front, up, (struct vec3){0, 0.01, 0});
	assert_int_equal(s.loop_count, 2);
	assert_share(area_of(&s, 2), (0.06 - 0.008) * 0.01, 1e-6);
	for (int i = 0; i < s.view.count; i++) {
		const struct solid_curve *c = &s.view.curves[i];

		hidden += !c->visible;
		upright += c->visible && c->edge != SOLID_SMOOTH && c->seg.a.x == c->seg.b.x;
	}
	/* Two ends, two sides of the hole; the other hole lies behind what is cut. */
	assert_int_equal(upright, 4);
	assert_int_equal(hidden, 2);
	s = cut(plate, down, back, (struct vec3){0, 0, 0.005});
	assert_int_equal(s.loop_count, 3);
	assert_share(area_of(&s, 1), 0.06 * 0.03 - M_PI * (0.004 * 0.004 + 0.002 * 0.002), 1e-5);
	solid_free(plate);
}

static void test_tube(void **state)
{
	struct solid *outer, *bore, *cup;
	struct err err = {0};
	struct solid_section s;

	(void)state;
	need_solids();
	outer = made_cylinder(&made_xy, 0.02, 0, 0.05, &arena);
	bore = made_cylinder(&made_xy, 0.012, 0.01, 0.06, &arena);
	cup = solid_cut(outer, bore, &err);
	assert_non_null(cup);
	s = cut(cup, front, up, (struct vec3){0, 0, 0});
	assert_int_equal(s.loop_count, 1);
	assert_int_equal(s.loops[0].count, 8);
	assert_share(area_of(&s, 1), 0.04 * 0.05 - 0.024 * 0.04, 1e-9);
	s = cut(cup, down, back, (struct vec3){0, 0, 0.03});
	assert_share(area_of(&s, 1), M_PI * (0.02 * 0.02 - 0.012 * 0.012), 1e-5);
	s = cut(cup, (struct vec3){0, 1, 1}, up, (struct vec3){0, 0, 0.005});
	assert_int_equal(s.loop_count, 2); /* parts of ellipses, and a line each */
	solid_free(cup);
	solid_free(bore);
	solid_free(outer);
}

static double slice_area(const struct solid *solid, const struct solid_measures *m, double y)
{
	struct solid *slab = made_box((struct vec3){m->lo.x - 1, y - SLICE, m->lo.z - 1},
				      (struct vec3){m->hi.x + 1, y + SLICE, m->hi.z + 1}, &arena);
	struct err err = {0};
	struct solid *slice = solid_intersect(solid, slab, &err);
	struct solid_measures measures;

	if (!slice)
		fail_msg("%s", err.msg);
	measures = made_measures(slice);
	solid_free(slice);
	solid_free(slab);
	return measures.volume / (2 * SLICE);
}

/* Where the slice touches a round from one side, its middle does not stand for it. */
static bool touches(double at, double middle, double radius)
{
	return fabs(fabs(at - middle) - radius) < TOUCH;
}

/* Blocks with holes through and across, cut where no face lies. */
static void test_slices(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);

	(void)state;
	need_solids();
	for (int i = 0; i < 8; i++) {
		double w = 0.03 + 0.05 * rng_unit(&rng), h = 0.03 + 0.03 * rng_unit(&rng);
		double r = 0.002 + 0.004 * rng_unit(&rng), x = 0.01 + (w - 0.02) * rng_unit(&rng);
		double y = 0.01 + (h - 0.02) * rng_unit(&rng),
		       at = h * (0.2 + 0.6 * rng_unit(&rng));
		const struct made_hole hole = {{x, y}, r};
		struct deepcad_plane plane = made_xy;
		struct solid *plate = made_plate(vec(w, h), 0.02, &hole, 1, &arena), *pin, *both;
		struct solid_measures m;
		struct solid_section s;
		struct err err = {0};

		if (touches(at, y, r) || touches(at, h / 2, 0.006)) {
			solid_free(plate);
			continue;
		}
		plane.origin = (struct vec3){w, h / 2, 0.015};
		pin = made_cylinder(&plane, 0.006, 0, 0.02, &arena);
		both = solid_join(plate, pin, &err);
		if (!both)
			fail_msg("%s", err.msg);
		m = made_measures(both);
		s = cut(both, front, up, (struct vec3){0, at, 0});
		assert_share(area_of(&s, s.loop_count), slice_area(both, &m, at), 1e-3);
		solid_free(both);
		solid_free(pin);
		solid_free(plate);
	}
}

static void test_refused(void **state)
{
	struct solid_section s;
	struct err err = {0};
	struct solid *plate;

	(void)state;
	need_solids();
	plate = made_plate(vec(0.06, 0.03), 0.01, NULL, 0, &arena);
	assert_int_equal(solid_section(plate, front, up, (struct vec3){0, 0, 0}, &arena, &s, &err),
			 -1);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_string_equal(err.msg, "a face lies in the cutting plane");
	assert_int_equal(
		solid_section(plate, front, up, (struct vec3){0, -0.01, 0}, &arena, &s, &err), -1);
	assert_string_equal(err.msg, "the plane cuts nothing");
	assert_int_equal(
		solid_section(plate, front, up, (struct vec3){0, 0.04, 0}, &arena, &s, &err), -1);
	assert_string_equal(err.msg, "nothing is left");
	solid_free(plate);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_plate, forget),
		cmocka_unit_test_teardown(test_tube, forget),
		cmocka_unit_test_teardown(test_slices, forget),
		cmocka_unit_test_teardown(test_refused, forget),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
