/* SPDX-License-Identifier: MIT */
/* draft_map: against a reference that tests every cell for touching the figure. */
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
#include "render/draft/draft_map.h"
#include "tests/random_shapes.h"

#define SIDE_MM 40
#define CELLS (2 * SIDE_MM)

/* Whether two convex point sets are apart along some edge normal or axis. */
static bool apart_along(struct vec axis, const struct vec *p, int n, const struct vec *q, int m)
{
	double p0 = INFINITY, p1 = -INFINITY, q0 = INFINITY, q1 = -INFINITY;

	for (int i = 0; i < n; i++) {
		p0 = min2(p0, vec_dot(axis, p[i]));
		p1 = max2(p1, vec_dot(axis, p[i]));
	}
	for (int i = 0; i < m; i++) {
		q0 = min2(q0, vec_dot(axis, q[i]));
		q1 = max2(q1, vec_dot(axis, q[i]));
	}
	return p1 < q0 - 1e-9 || q1 < p0 - 1e-9;
}

/* Separating axis theorem for a cell and a convex figure. */
static bool cell_touches(int column, int row, const struct vec *points, int n)
{
	double x = column / 2.0, y = row / 2.0;
	struct vec cell[4] = {{x, y}, {x + 0.5, y}, {x + 0.5, y + 0.5}, {x, y + 0.5}};

	if (apart_along(vec(1, 0), points, n, cell, 4) ||
	    apart_along(vec(0, 1), points, n, cell, 4))
		return false;
	for (int i = 0; i < n; i++) {
		struct vec edge = vec_sub(points[(i + 1) % n], points[i]);

		if (vec_dot(edge, edge) > 0 && apart_along(vec_perp(edge), points, n, cell, 4))
			return false;
	}
	return true;
}

/* A line, triangle or turned rectangle that may stick out of the sheet. */
static int random_figure(struct rng *rng, struct vec points[4])
{
	struct vec at =
		vec(SIDE_MM * (1.2 * rng_unit(rng) - 0.1), SIDE_MM * (1.2 * rng_unit(rng) - 0.1));
	double angle = rng_chance(rng, 0.4) ? M_PI / 2 * rng_below(rng, 4) : 7 * rng_unit(rng);
	struct vec u = vec_polar(15 * rng_unit(rng), angle);
	struct vec v = vec_scale(vec_perp(vec_polar(1, angle)), 6 * rng_unit(rng));

	points[0] = at;
	points[1] = vec_add(at, u);
	points[2] = vec_add(points[1], v);
	points[3] = vec_add(at, v);
	return (int)rng_range(rng, 2, 4);
}

static bool on_sheet(const struct vec *points, int n)
{
	struct box box = box_of_points(points, n);

	return box.x0 >= 0 && box.y0 >= 0 && box.x1 < SIDE_MM && box.y1 < SIDE_MM;
}

/* The map may mark a cell more than the reference, never one less; and not many more. */
static void test_hits_are_conservative(void **state)
{
	struct rng rng = rng_seed(test_seed(), 2);
	struct arena arena = {0};
	int extra = 0, total = 0;

	(void)state;
	for (int round = 0; round < 300; round++) {
		struct draft_map *map = draft_map_new(SIDE_MM, SIDE_MM, &arena);
		struct vec marked[4];
		int n = random_figure(&rng, marked);

		draft_map_mark(map, MAP_LINE, marked, n);
		for (int row = 0; row < CELLS; row++) {
			for (int column = 0; column < CELLS; column++) {
				struct vec middle = {column / 2.0 + 0.25, row / 2.0 + 0.25};
				bool hit = draft_map_hit(map, MAP_LINE, &middle, 1);
				bool touched = cell_touches(column, row, marked, n);

				if (on_sheet(marked, n) && touched)
					assert_true(hit);
				if (on_sheet(marked, n)) {
					extra += hit && !touched;
					total += touched;
				}
				assert_false(
					draft_map_hit(map, MAP_OUTLINE | MAP_SOLID, &middle, 1));
			}
		}
		arena_reset(&arena);
	}
	assert_true(total > 1000 && extra < total / 10);
	arena_free(&arena);
}

static void test_figures_that_touch_hit(void **state)
{
	struct rng rng = rng_seed(test_seed(), 3);
	struct arena arena = {0};
	int hits = 0;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct draft_map *map = draft_map_new(SIDE_MM, SIDE_MM, &arena);
		struct vec p[4], q[4];
		int n = random_figure(&rng, p), m = random_figure(&rng, q);
		bool apart = false;

		for (int i = 0; i < n; i++)
			apart |= apart_along(vec_perp(vec_sub(p[(i + 1) % n], p[i])), p, n, q, m);
		for (int i = 0; i < m; i++)
			apart |= apart_along(vec_perp(vec_sub(q[(i + 1) % m], q[i])), p, n, q, m);
		for (int i = 0; i < 2; i++)
			apart |= apart_along(i ? vec(1, 0) : vec(0, 1), p, n, q, m);
		draft_map_mark(map, MAP_SOLID, p, n);
		if (on_sheet(p, n) && on_sheet(q, m) && !apart && n > 2 && m > 2) {
			assert_true(draft_map_hit(map, MAP_ALL, q, m));
			hits++;
		}
		if (!on_sheet(q, m))
			assert_true(draft_map_hit(map, MAP_ALL, q, m));
		arena_reset(&arena);
	}
	assert_true(hits > 20);
	arena_free(&arena);
}

static void test_counts(void **state)
{
	struct arena arena = {0};
	struct draft_map *map = draft_map_new(SIDE_MM, SIDE_MM, &arena);
	struct vec level[2] = {{1.1, 5.1}, {9.9, 5.1}}, upright[2] = {{5.1, 1.1}, {5.1, 9.9}};
	struct vec off[2] = {{5, 5}, {SIDE_MM + 1, 5}}, dot = {3.1, 5.1};
	struct map_counts counts;

	(void)state;
	draft_map_mark(map, MAP_OUTLINE, level, 2);
	counts = draft_map_count(map, upright, 2);
	assert_int_equal(counts.outline, 1);
	assert_int_equal(counts.line + counts.solid, 0);
	counts = draft_map_count(map, level, 2);
	assert_int_equal(counts.outline, 18);
	draft_map_mark(map, MAP_SOLID, &dot, 1);
	assert_true(draft_map_count(map, level, 2).solid > 0);
	assert_true(draft_map_count(map, off, 2).solid > 0);
	arena_free(&arena);
}

static void test_copy(void **state)
{
	struct arena arena = {0};
	struct draft_map *a = draft_map_new(SIDE_MM, SIDE_MM, &arena);
	struct draft_map *b = draft_map_new(SIDE_MM, SIDE_MM, &arena);
	struct vec p = {3, 3}, q = {30, 30};

	(void)state;
	draft_map_mark(a, MAP_SOLID, &p, 1);
	draft_map_mark(b, MAP_SOLID, &q, 1);
	draft_map_copy(b, a);
	assert_true(draft_map_hit(b, MAP_SOLID, &p, 1));
	assert_false(draft_map_hit(b, MAP_SOLID, &q, 1));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hits_are_conservative),
		cmocka_unit_test(test_figures_that_touch_hit),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_copy),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("draft_map", tests, NULL, NULL);
}
