/* SPDX-License-Identifier: MIT */
/* figure: overlap and distance where formulas tell them, and of random parts with themselves. */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "formats/program/program.h"
#include "formats/scene/scene.h"
#include "tests/random_parts.h"
#include "tests/random_shapes.h"
#include "trainer/score/figure.h"

#define PI 3.14159265358979323846
#define AREA_NEAR 2e-3 /* of an IoU: lines lie 1/1024 of both apart */

static uint64_t seed;
static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct figure draw(enum family family, const char *calls)
{
	struct scene scene = {.family = family, .scale_paper = 1, .scale_real = 1};
	struct program program;
	struct err err = {0};
	int at;

	if (program_parse(&program, LANGUAGE_CALLS, "t", calls, strlen(calls), &arena, &err) < 0)
		fail_msg("%s", err.msg);
	scene.unit = program.unit;
	scene.shapes = program.shapes;
	scene.shape_count = program.shape_count;
	if (scene_check(&scene, &at, &err) < 0)
		fail_msg("%s", err.msg);
	return figure_from_scene(&scene, &arena);
}

static void assert_iou(enum family family, const char *a, const char *b, double expected,
		       double near)
{
	struct figure fa = draw(family, a), fb = draw(family, b);
	double ab = figure_iou(&fa, &fb, &arena), ba = figure_iou(&fb, &fa, &arena);

	if (!(fabs(ab - expected) <= near) || !(fabs(ba - ab) < 1e-12))
		fail_msg("%s and %s: %.9g and %.9g, not %.9g", a, b, ab, ba, expected);
}

static void assert_chamfer(enum family family, const char *a, const char *b, double expected,
			   double near)
{
	struct figure fa = draw(family, a), fb = draw(family, b);
	double ab = figure_chamfer(&fa, &fb), ba = figure_chamfer(&fb, &fa);

	if (!(fabs(ab - expected) <= near) || !(fabs(ba - ab) < 1e-12))
		fail_msg("%s and %s: %.9g and %.9g, not %.9g", a, b, ab, ba, expected);
}

/* What two circles of one radius have in common, d apart. */
static double lens(double r, double d)
{
	return 2 * r * r * acos(d / (2 * r)) - d / 2 * sqrt(4 * r * r - d * d);
}

static void test_overlap_of_shapes(void **state)
{
	double both = lens(10, 8);

	(void)state;
	assert_iou(FAMILY_SHAPES, "circle(x=0,y=0,r=10)", "circle(x=8,y=0,r=10)",
		   both / (200 * PI - both), AREA_NEAR);
	assert_iou(FAMILY_SHAPES, "circle(x=0,y=0,r=10)", "circle(x=0,y=-8,r=10)",
		   both / (200 * PI - both), AREA_NEAR);
	assert_iou(FAMILY_SHAPES, "circle(x=5,y=5,r=4)", "circle(x=5,y=5,r=3)", 9.0 / 16,
		   AREA_NEAR);
	assert_iou(FAMILY_SHAPES, "circle(x=0,y=0,r=1)", "circle(x=8,y=0,r=1)", 0, 0);
	assert_iou(FAMILY_SHAPES, "rectangle(x=0,y=0,width=40,height=20)",
		   "rectangle(x=10,y=0,width=40,height=20)", 30.0 / 50, 1e-12);
	assert_iou(FAMILY_SHAPES, "rectangle(x=0,y=0,width=40,height=20)",
		   "rectangle(x=10,y=5,width=40,height=20)", 450.0 / 1150, AREA_NEAR);
	assert_iou(FAMILY_SHAPES, "rectangle(x=0,y=0,width=40,height=40,angle=45)",
		   "rectangle(x=0,y=0,width=40,height=40)",
		   (800.0 - 800 * (3 - 2 * sqrt(2))) / (3200 - (800.0 - 800 * (3 - 2 * sqrt(2)))),
		   AREA_NEAR);
}

/* What lies in two outlines is a hole. */
static void test_overlap_with_holes(void **state)
{
	(void)state;
	assert_iou(FAMILY_SHAPES, "circle(x=0,y=0,r=10); circle(x=0,y=0,r=5)",
		   "circle(x=0,y=0,r=10)", 0.75, AREA_NEAR);
	assert_iou(FAMILY_SHAPES, "circle(x=0,y=0,r=10); line(x=0,y=0,length=90,angle=45)",
		   "circle(x=0,y=0,r=10)", 1, AREA_NEAR);
	assert_iou(FAMILY_PLATE,
		   "profile(points=[(0,0),(100,0),(100,60),(0,60)],thickness=10); "
		   "hole(x=50,y=30,d=40)",
		   "profile(points=[(0,0),(100,0),(100,60),(0,60)],thickness=99)",
		   (6000 - 400 * PI) / 6000, AREA_NEAR);
	assert_iou(
		FAMILY_PLATE,
		"disc(x=0,y=0,d=100,thickness=8); hole_circle(x=0,y=0,pcd=60,d=10,count=6,start=0)",
		"disc(x=0,y=0,d=100,thickness=8)", (2500.0 - 6 * 25) / 2500, AREA_NEAR);
	assert_iou(FAMILY_PLATE,
		   "profile(points=[(0,0),(100,0),(100,60),(0,60)],thickness=10); "
		   "fillet(x=0,y=0,r=20)",
		   "profile(points=[(0,0),(100,0),(100,60),(0,60)],thickness=10)",
		   (6000 - (400 - 100 * PI)) / 6000, AREA_NEAR);
}

static void test_overlap_of_sections(void **state)
{
	(void)state;
	assert_iou(FAMILY_TURNED, "cylinder(x=0,length=60,d=20)", "cylinder(x=0,length=40,d=20)",
		   40.0 / 60, 1e-9);
	assert_iou(FAMILY_TURNED, "cylinder(x=0,length=60,d=40); bore(x=0,length=30,d=20)",
		   "cylinder(x=0,length=60,d=40)", 1800.0 / 2400, AREA_NEAR);
}

#define CARCASS "carcass(x=300,y=250,z=400,w=600,d=500,h=800,BT=20,BP=5)"
#define CARCASS_VOLUME (2.0 * 20 * 500 * 800 + 2.0 * 560 * 500 * 20 + 560.0 * 5 * 760)

static void test_overlap_of_boards(void **state)
{
	double shelf = 560.0 * 400 * 20;

	(void)state;
	assert_iou(FAMILY_CABINET, CARCASS, CARCASS, 1, 0);
	assert_iou(FAMILY_CABINET,
		   CARCASS "; shelves(x=300,y=295,z=400,w=560,d=400,h=760,N=2,"
			   "NKA=560,BT=20)",
		   CARCASS, CARCASS_VOLUME / (CARCASS_VOLUME + 2 * shelf), 1e-9);
	assert_iou(FAMILY_CABINET, CARCASS "; top_cover(x=300,y=250,z=810,w=600,d=500,h=20,BT=20)",
		   CARCASS "; top_cover(x=300,y=250,z=815,w=600,d=500,h=30,BT=30)",
		   (CARCASS_VOLUME + 600.0 * 500 * 20) / (CARCASS_VOLUME + 600.0 * 500 * 30), 1e-9);
}

static void test_distance(void **state)
{
	(void)state;
	assert_chamfer(FAMILY_SHAPES, "circle(x=0,y=0,r=10)", "circle(x=0,y=0,r=7)", 3, 5e-3);
	assert_chamfer(FAMILY_SHAPES, "line(x=0,y=0,length=30,angle=0)",
		       "line(x=0,y=4,length=30,angle=0)", 4, 1e-9);
	/* Of 30 the first 20 are covered; of the last 10 the mean is 5. */
	assert_chamfer(FAMILY_SHAPES, "line(x=0,y=0,length=30,angle=0)",
		       "line(x=0,y=0,length=20,angle=0)", (10.0 / 30 * 5 + 0) / 2, 1e-3);
	assert_chamfer(FAMILY_SHAPES, "line(x=0,y=0,length=30,angle=0)",
		       "line(x=0,y=0,length=30,angle=0); line(x=0,y=9,length=30,angle=0)", 4.5 / 2,
		       1e-9);
	/* In millimetres. */
	assert_chamfer(FAMILY_SHAPES, "unit(inch); line(x=0,y=0,length=1,angle=0)",
		       "unit(inch); line(x=0,y=1,length=1,angle=0)", 25.4, 1e-9);
	assert_chamfer(FAMILY_SHAPES, "unit(inch); circle(x=10,y=10,r=5)",
		       "circle(x=254,y=254,r=127)", 0, 1e-9);
}

static double to_edge(const double p[3], const struct figure_edge *e)
{
	double along = 0, size = 0, square = 0;

	for (int i = 0; i < 3; i++) {
		along += (p[i] - e->a[i]) * (e->b[i] - e->a[i]);
		size += (e->b[i] - e->a[i]) * (e->b[i] - e->a[i]);
	}
	along = size > 0 ? fmax(0, fmin(1, along / size)) : 0;
	for (int i = 0; i < 3; i++)
		square += pow(p[i] - e->a[i] - along * (e->b[i] - e->a[i]), 2);
	return sqrt(square);
}

/* Every edge in as many pieces, from the middle of each to all edges of the other. */
static double plain_distance(const struct figure *from, const struct figure *to)
{
	enum { PIECES = 40 };
	double sum = 0, total = 0;

	for (int i = 0; i < from->edge_count; i++) {
		const struct figure_edge *e = &from->edges[i];
		double length =
			hypot(hypot(e->b[0] - e->a[0], e->b[1] - e->a[1]), e->b[2] - e->a[2]);

		for (int k = 0; k < PIECES; k++) {
			double p[3], least = INFINITY;

			for (int axis = 0; axis < 3; axis++)
				p[axis] =
					e->a[axis] + (k + 0.5) / PIECES * (e->b[axis] - e->a[axis]);
			for (int j = 0; j < to->edge_count; j++)
				least = fmin(least, to_edge(p, &to->edges[j]));
			sum += least * length / PIECES;
		}
		total += length;
	}
	return sum / total;
}

static struct figure random_figure(struct rng *rng, enum family family)
{
	struct scene scene = {.family = family, .scale_paper = 1, .scale_real = 1};

	scene.unit = rng_chance(rng, 0.5) ? UNIT_MM : UNIT_INCH;
	scene.shapes = ARENA_NEW(&arena, struct shape, PART_SHAPES_MAX);
	scene.shape_count = random_part(rng, family, scene.unit, scene.shapes);
	return figure_from_scene(&scene, &arena);
}

static void test_distance_without_shortcuts(void **state)
{
	struct rng rng = rng_seed(seed, 2);

	(void)state;
	for (int i = 0; i < 8; i++) {
		enum family family = i % 2 ? FAMILY_CABINET : FAMILY_TURNED;
		struct figure a = random_figure(&rng, family), b = random_figure(&rng, family);
		double plain = (plain_distance(&a, &b) + plain_distance(&b, &a)) / 2;
		double found = figure_chamfer(&a, &b);

		if (!(fabs(found - plain) <= 0.01 * plain))
			fail_msg("family %d: %.9g, not %.9g", family, found, plain);
		arena_reset(&arena);
	}
}

static void test_parts_with_themselves(void **state)
{
	struct rng rng = rng_seed(seed, 1);

	(void)state;
	for (int i = 0; i < 60; i++) {
		enum family family = (enum family)(i % FAMILY_COUNT_);
		struct figure f = random_figure(&rng, family);

		assert_true(f.edge_count > 0 && figure_diagonal(&f) > 0);
		if (family != FAMILY_SHAPES)
			assert_true(f.has_area);
		if (f.has_area)
			assert_true(figure_iou(&f, &f, &arena) == 1);
		assert_true(figure_chamfer(&f, &f) < 1e-9 * figure_diagonal(&f));
		arena_reset(&arena);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_overlap_of_shapes),
		cmocka_unit_test(test_overlap_with_holes),
		cmocka_unit_test(test_overlap_of_sections),
		cmocka_unit_test(test_overlap_of_boards),
		cmocka_unit_test(test_distance),
		cmocka_unit_test(test_distance_without_shortcuts),
		cmocka_unit_test(test_parts_with_themselves),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, forget);
}
