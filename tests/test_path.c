/* SPDX-License-Identifier: MIT */
/* path: flattening keeps its tolerance, placing is exact, ends meet. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <math.h>

#include <cmocka.h>

#include "base/rng.h"
#include "formats/scene/path.h"
#include "tests/random_shapes.h"

static double distance_to_chord(struct vec p, struct vec a, struct vec b)
{
	struct vec d = vec_sub(b, a);
	double t = vec_dot(vec_sub(p, a), d) / vec_dot(d, d);

	t = t < 0 ? 0 : t > 1 ? 1 : t;
	return vec_length(vec_sub(p, vec_add(a, vec_scale(d, t))));
}

/* Farthest of many points of the arc from the polyline. */
static double flattening_error(const struct path *path, const struct polyline *poly)
{
	double worst = 0;

	for (int i = 0; i <= 500; i++) {
		struct vec p = seg_point(&path->segs[0], i / 500.0);
		double best = INFINITY;

		for (int k = 0; k + 1 < poly->count; k++)
			best = min2(best,
				    distance_to_chord(p, poly->points[k], poly->points[k + 1]));
		worst = max2(worst, best);
	}
	return worst;
}

static void test_flattening_keeps_its_tolerance(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);
	struct arena arena = {0};

	(void)state;
	for (int i = 0; i < 200; i++) {
		struct path path = {0};
		double tolerance = 0.001 + 0.5 * rng_unit(&rng);
		struct polyline poly;

		path_add_arc(&path, &arena, vec(3, -2), 0.1 + 50 * rng_unit(&rng),
			     0.1 + 50 * rng_unit(&rng), 6 * rng_unit(&rng), 6 * rng_unit(&rng),
			     2 * M_PI * (2 * rng_unit(&rng) - 1));
		poly = polyline_from_path(&path, tolerance, &arena);
		assert_true(flattening_error(&path, &poly) <= tolerance * (1 + 1e-9));
		arena_reset(&arena);
	}
	arena_free(&arena);
}

static void test_closed_path_does_not_repeat_its_first_point(void **state)
{
	struct arena arena = {0};
	struct path path = {.closed = true};
	struct polyline poly;

	(void)state;
	path_add_line(&path, &arena, vec(0, 0), vec(4, 0));
	path_add_line(&path, &arena, vec(4, 0), vec(0, 3));
	path_add_line(&path, &arena, vec(0, 3), vec(0, 0));
	poly = polyline_from_path(&path, 0.1, &arena);
	assert_int_equal(poly.count, 3);
	assert_true(poly.closed);
	arena_free(&arena);
}

static void test_arc_ends_are_its_points(void **state)
{
	struct arena arena = {0};
	struct path path = {0};

	(void)state;
	path_add_arc(&path, &arena, vec(1, 2), 5, 5, 0, M_PI / 2, -M_PI / 2);
	assert_true(fabs(path.segs[0].a.x - 1) < 1e-12 && fabs(path.segs[0].a.y - 7) < 1e-12);
	assert_true(fabs(path.segs[0].b.x - 6) < 1e-12 && fabs(path.segs[0].b.y - 2) < 1e-12);
	arena_free(&arena);
}

static void test_placing_moves_and_scales(void **state)
{
	struct arena arena = {0};
	struct path path = {0}, placed;

	(void)state;
	path_add_line(&path, &arena, vec(1, 1), vec(2, 3));
	path_add_arc(&path, &arena, vec(2, 2), 1, 4, 0.5, 0, 1);
	placed = path_place(&path, vec(10, 20), 2, &arena);
	assert_true(placed.segs[0].b.x == 14 && placed.segs[0].b.y == 26);
	assert_true(placed.segs[1].rx == 2 && placed.segs[1].ry == 8);
	assert_true(placed.segs[1].rotation == 0.5 && placed.segs[1].centre.x == 14);
	assert_true(path.segs[0].b.x == 2);
	arena_free(&arena);
}

static void test_many_segments_survive_growth(void **state)
{
	struct arena arena = {0};
	struct path path = {0};

	(void)state;
	for (int i = 0; i < 1000; i++)
		path_add_line(&path, &arena, vec(i, 0), vec(i + 1, 0));
	assert_int_equal(path.count, 1000);
	for (int i = 0; i < 1000; i++)
		assert_true(path.segs[i].a.x == i);
	arena_free(&arena);
}

/* Along the axes, too, to the last bit as sine and cosine have it. */
static void test_polar(void **state)
{
	static const double angles[] = {0, M_PI / 2, M_PI, -M_PI / 2, 0.3, 2, 7};

	(void)state;
	for (size_t i = 0; i < sizeof(angles) / sizeof(*angles); i++) {
		volatile double angle = angles[i]; /* not worked out by the compiler */
		struct vec v = vec_polar(3.7, angle);

		assert_true(v.x == 3.7 * cos(angle));
		assert_true(v.y == 3.7 * sin(angle));
	}
}

/* What is left is near all that was there, and nothing can go that is farther. */
static void test_simplifying_keeps_its_tolerance(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);
	struct vec all[200], points[200];

	(void)state;
	for (int round = 0; round < 500; round++) {
		double tolerance = 0.01 + rng_unit(&rng);
		struct polyline line = {points, 2 + (int)rng_below(&rng, 199), false};
		int count = line.count, at = 0;

		for (int i = 0; i < count; i++) {
			double x = i + rng_unit(&rng), y = 3 * rng_unit(&rng);

			all[i] = points[i] = vec(x, y);
		}
		polyline_simplify(&line, tolerance);
		assert_true(line.count >= 2 && line.count <= count);
		assert_memory_equal(&points[line.count - 1], &all[count - 1], sizeof(*all));
		for (int i = 0; i + 1 < line.count; i++) {
			assert_memory_equal(&points[i], &all[at], sizeof(*all));
			while (all[at].x < points[i + 1].x) {
				struct vec u = vec_unit(vec_sub(points[i + 1], points[i]));

				/* x rises, so a point is beside its own piece */
				assert_true(fabs(vec_cross(u, vec_sub(all[at], points[i]))) <=
					    tolerance + 1e-9);
				at++;
			}
		}
	}
}

static void test_simplifying_straight_lines(void **state)
{
	struct vec points[5] = {{0, 0}, {1, 1e-7}, {2, 0}, {2, 3}, {2, 5}};
	struct polyline line = {points, 5, false};

	(void)state;
	polyline_simplify(&line, 1e-6);
	assert_int_equal(line.count, 3);
	assert_true(points[1].x == 2 && points[1].y == 0 && points[2].y == 5);
	line.count = 1;
	polyline_simplify(&line, 1);
	assert_int_equal(line.count, 1);
}

static void test_areas(void **state)
{
	struct vec square[4] = {{1e6, 5}, {1e6 + 2, 5}, {1e6 + 2, 8}, {1e6, 8}};
	struct vec back[3] = {{0, 0}, {0, 4}, {3, 0}};

	(void)state;
	assert_true(polygon_area(&(struct polyline){square, 4, true}) == 6);
	assert_true(polygon_area(&(struct polyline){back, 3, true}) == 6);
	assert_true(polygon_area(&(struct polyline){square, 2, true}) == 0);
}

/* Against many points of the line, turned by any angle. */
static void test_lines_and_boxes(void **state)
{
	struct rng rng = rng_seed(test_seed(), 2);
	int meet = 0;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		double turn = 7 * rng_unit(&rng), ax = 8 * rng_unit(&rng) - 2;
		double ay = 6 * rng_unit(&rng) - 2, bx = 8 * rng_unit(&rng) - 2;
		double by = 6 * rng_unit(&rng) - 2, nearest = INFINITY;
		struct vec corners[4] = {{0, 0}, {4, 0}, {4, 2}, {0, 2}};
		bool is;

		for (int i = 0; i <= 1000; i++) {
			double x = ax + (bx - ax) * i / 1000, y = ay + (by - ay) * i / 1000;

			nearest = min2(nearest, max2(max2(-x, x - 4), max2(-y, y - 2)));
		}
		for (int i = 0; i < 4; i++)
			corners[i] = vec_rotate(corners[i], turn);
		is = line_meets_box(vec_rotate(vec(ax, ay), turn), vec_rotate(vec(bx, by), turn),
				    corners);
		meet += is;
		if (fabs(nearest) > 0.01)
			assert_int_equal(is, nearest < 0);
	}
	assert_in_range(meet, 500, 1900);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_polar),
		cmocka_unit_test(test_flattening_keeps_its_tolerance),
		cmocka_unit_test(test_closed_path_does_not_repeat_its_first_point),
		cmocka_unit_test(test_arc_ends_are_its_points),
		cmocka_unit_test(test_placing_moves_and_scales),
		cmocka_unit_test(test_many_segments_survive_growth),
		cmocka_unit_test(test_simplifying_keeps_its_tolerance),
		cmocka_unit_test(test_simplifying_straight_lines),
		cmocka_unit_test(test_areas),
		cmocka_unit_test(test_lines_and_boxes),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("path", tests, NULL, NULL);
}
