/* SPDX-License-Identifier: MIT */
/* mesh_overlap: boxes by hand, and what booleans say of solids that are nowhere near each other's faces. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <math.h>

#include <cmocka.h>

#include "tests/made_solids.h"
#include "tests/random_shapes.h"
#include "trainer/score/mesh_overlap.h"

static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct solid_mesh mesh_and_free(struct solid *solid)
{
	struct solid_mesh mesh;
	struct err err = {0};

	if (solid_mesh(solid, 1e-5, 0.5, &arena, &mesh, &err) < 0)
		fail_msg("%s", err.msg);
	solid_free(solid);
	return mesh;
}

static struct solid_mesh box(double x0, double y0, double z0, double x1, double y1, double z1)
{
	return mesh_and_free(
		made_box((struct vec3){x0, y0, z0}, (struct vec3){x1, y1, z1}, &arena));
}

static void test_boxes(void **state)
{
	struct solid_mesh a, b;

	(void)state;
	need_solids();
	a = box(0, 0, 0, 0.02, 0.01, 0.01);
	assert_true(fabs(mesh_overlap(&a, &a) - 1) < 1e-12);
	/* Along z lengths are exact. */
	b = box(0, 0, 0.005, 0.02, 0.01, 0.015);
	assert_true(fabs(mesh_overlap(&a, &b) - 1.0 / 3) < 1e-9);
	b = box(0.01, 0, 0, 0.03, 0.01, 0.01);
	assert_true(fabs(mesh_overlap(&a, &b) - 1.0 / 3) < 0.005);
	b = box(0.02, 0, 0, 0.03, 0.01, 0.01);
	assert_true(mesh_overlap(&a, &b) == 0);
	b = box(1, 1, 1, 2, 2, 2);
	assert_true(mesh_overlap(&a, &b) == 0);
}

/* Plates upright, thinner than the lines are apart. */
static void test_thin_walls(void **state)
{
	struct solid_mesh a, b;

	(void)state;
	need_solids();
	a = box(0, 0, 0, 1, 0.004, 1);
	b = box(0, 0.002, 0, 1, 0.006, 1);
	assert_true(fabs(mesh_overlap(&a, &b) - 1.0 / 3) < MESH_OVERLAP_SLACK);
	b = box(0, 0, 0, 0.004, 1, 1);
	assert_true(mesh_overlap(&a, &b) < MESH_OVERLAP_SLACK);
}

/* A plate of many holes and a cylinder somewhere across it. */
static void check_pair(struct rng *rng)
{
	struct made_hole holes[] = {{{0.02, 0.02}, 0.01}, {{0.05, 0.03}, 0.015}};
	double angle = 2 * M_PI * rng_unit(rng), radius = 0.01 + 0.02 * rng_unit(rng);
	struct deepcad_plane plane = {
		{0.03, 0.02, 0.004}, {0, 0, 1}, {cos(angle), sin(angle), 0}, {0, 0, 0}};
	struct solid *a = made_plate(vec(0.08, 0.05), 0.01, holes, 2, &arena), *b;
	struct err err = {0};
	struct solid_mesh left, right;
	double iou, counted;

	plane.z = vec3_cross(plane.x, plane.y);
	b = made_cylinder(&plane, radius, -0.03, 0.03 * rng_unit(rng), &arena);
	if (solid_overlap(a, b, &iou, &err) < 0)
		fail_msg("%s", err.msg);
	left = mesh_and_free(a);
	right = mesh_and_free(b);
	counted = mesh_overlap(&left, &right);
	if (!(fabs(counted - iou) < MESH_OVERLAP_SLACK))
		fail_msg("%g is not %g", counted, iou);
	assert_true(iou > 0.01 && iou < 0.99);
}

static void test_pairs(void **state)
{
	struct rng rng;

	(void)state;
	need_solids();
	rng = rng_seed(test_seed(), 1);
	for (int i = 0; i < 20; i++) {
		check_pair(&rng);
		arena_reset(&arena);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_boxes, forget),
		cmocka_unit_test_teardown(test_thin_walls, forget),
		cmocka_unit_test_teardown(test_pairs, forget),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
