/* SPDX-License-Identifier: MIT */
/* point_tree: the nearest point is the one that looking at all of them finds, to the last bit. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <math.h>

#include <cmocka.h>

#include "base/rng.h"
#include "tests/random_shapes.h"
#include "trainer/score/point_tree.h"

enum { POINTS_MAX = 300 };

static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static double square_to(struct vec3 a, struct vec3 b)
{
	double x = a.x - b.x, y = a.y - b.y, z = a.z - b.z;

	return x * x + y * y + z * z;
}

static double nearest_of_all(const struct vec3 *points, int count, struct vec3 p)
{
	double least = INFINITY;

	for (int i = 0; i < count; i++)
		least = min2(least, square_to(p, points[i]));
	return least;
}

/* On a lattice many are equal, or lie in a plane. */
static struct vec3 random_point(struct rng *rng, double spread, bool lattice, bool flat)
{
	struct vec3 p;

	p.x = spread * (rng_unit(rng) - 0.5);
	p.y = spread * (rng_unit(rng) - 0.5);
	p.z = spread * (rng_unit(rng) - 0.5);
	if (lattice)
		p = (struct vec3){rint(4 * p.x), rint(4 * p.y), rint(4 * p.z)};
	if (flat)
		p.y = 0.25;
	return p;
}

static void check_cloud(struct rng *rng)
{
	struct vec3 points[POINTS_MAX];
	int count = (int)rng_range(rng, 1, POINTS_MAX);
	bool lattice = rng_chance(rng, 0.4), flat = rng_chance(rng, 0.3);
	struct point_tree tree;

	for (int i = 0; i < count; i++)
		points[i] = random_point(rng, 1, lattice, flat);
	tree = point_tree_from_points(points, count, &arena);
	assert_int_equal(tree.count, count);
	for (int i = 0; i < 100; i++) {
		struct vec3 p = random_point(rng, i % 10 ? 1.5 : 50, lattice && i % 2, false);

		assert_true(point_tree_nearest(&tree, p) == nearest_of_all(points, count, p));
	}
	for (int i = 0; i < count; i++)
		assert_true(point_tree_nearest(&tree, points[i]) == 0);
}

static void test_clouds(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);

	(void)state;
	for (int i = 0; i < 100; i++) {
		check_cloud(&rng);
		arena_reset(&arena);
	}
}

static void test_few(void **state)
{
	const struct vec3 points[] = {{0, 0, 0}, {3, 0, 0}, {3, 0, 0}};
	struct point_tree one = point_tree_from_points(points, 1, &arena);
	struct point_tree all = point_tree_from_points(points, 3, &arena);
	const struct vec3 p = {2, 1, 2};

	(void)state;
	assert_true(point_tree_nearest(&one, p) == 9);
	assert_true(point_tree_nearest(&all, p) == 6);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_few, forget),
		cmocka_unit_test_teardown(test_clouds, forget),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
