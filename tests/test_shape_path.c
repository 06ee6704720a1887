/* SPDX-License-Identifier: MIT */
/* shape_path: the outlines of shapes, by hand for each kind and as a whole for random ones. */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "formats/scene/shape.h"
#include "tests/made_shapes.h"
#include "tests/random_shapes.h"

static uint64_t seed;

static void near(struct vec p, double x, double y)
{
	if (fabs(p.x - x) > 1e-9 || fabs(p.y - y) > 1e-9)
		fail_msg("(%.12g, %.12g) is not (%.12g, %.12g)", p.x, p.y, x, y);
}

static void test_rectangle_outline(void **state)
{
	struct arena arena = {0};
	struct shape s = {.kind = SHAPE_RECTANGLE,
			  .value = {[PARAM_X] = 10000,
				    [PARAM_Y] = 5000,
				    [PARAM_WIDTH] = 40000,
				    [PARAM_HEIGHT] = 20000}};
	struct path p = path_from_shape(&s, &arena);

	(void)state;
	assert_true(p.closed);
	assert_int_equal(p.count, 4);
	near(p.segs[0].a, 10, 5);
	near(p.segs[1].a, 50, 5);
	near(p.segs[2].a, 50, 25);
	near(p.segs[3].a, 10, 25);
	/* Turned by a right angle about its first corner, exactly. */
	s.value[PARAM_ANGLE] = 90000;
	p = path_from_shape(&s, &arena);
	assert_true(p.segs[0].b.x == 10 && p.segs[0].b.y == 45);
	assert_true(p.segs[1].b.x == -10 && p.segs[1].b.y == 45);
	s.value[PARAM_ANGLE] = 30000;
	p = path_from_shape(&s, &arena);
	near(p.segs[0].b, 10 + 40 * sqrt(3) / 2, 5 + 20);
	near(p.segs[2].b, 10 - 10, 5 + 20 * sqrt(3) / 2);
	arena_free(&arena);
}

static void test_rounded_outline(void **state)
{
	struct arena arena = {0};
	struct shape s = made_rounded(40000, 20000, 5000);
	struct path p = path_from_shape(&s, &arena);

	(void)state;
	assert_true(p.closed);
	assert_int_equal(p.count, 8);
	near(p.segs[0].a, 5, 0);
	near(p.segs[0].b, 35, 0);
	near(p.segs[1].b, 40, 5);
	near(p.segs[1].centre, 35, 5);
	near(p.segs[4].b, 5, 20);
	near(p.segs[7].centre, 5, 5);
	s = made_rounded(40000, 10000, 5000);
	assert_int_equal(path_from_shape(&s, &arena).count, 6);
	s = made_rounded(10000, 10000, 5000);
	p = path_from_shape(&s, &arena);
	assert_int_equal(p.count, 4);
	near(seg_point(&p.segs[0], 0.5), 5 + 5 * sqrt(0.5), 5 - 5 * sqrt(0.5));
	arena_free(&arena);
}

static void test_slot_outline(void **state)
{
	struct arena arena = {0};
	struct shape s = {.kind = SHAPE_SLOT,
			  .value = {[PARAM_X] = 1000,
				    [PARAM_Y] = 2000,
				    [PARAM_LENGTH] = 10000,
				    [PARAM_R] = 3000,
				    [PARAM_ANGLE] = 90000}};
	struct path p = path_from_shape(&s, &arena);

	(void)state;
	assert_int_equal(p.count, 4);
	near(p.segs[0].a, 4, 2);
	near(p.segs[0].b, 4, 12);
	near(seg_point(&p.segs[1], 0.5), 1, 15);
	near(p.segs[2].b, -2, 2);
	near(seg_point(&p.segs[3], 0.5), 1, -1);
	arena_free(&arena);
}

static void test_round_outlines(void **state)
{
	struct arena arena = {0};
	struct shape ellipse = {.kind = SHAPE_ELLIPSE,
				.value = {[PARAM_X] = 1000,
					  [PARAM_Y] = 1000,
					  [PARAM_RX] = 4000,
					  [PARAM_RY] = 2000,
					  [PARAM_ANGLE] = 90000}};
	struct shape arc = {.kind = SHAPE_ARC,
			    .value = {[PARAM_X] = 1000,
				      [PARAM_R] = 2000,
				      [PARAM_START] = 90000,
				      [PARAM_SWEEP] = 180000}};
	struct shape c = made_circle(1000, 2000, 3000);
	struct path p = path_from_shape(&c, &arena);

	(void)state;
	assert_true(p.closed);
	assert_int_equal(p.count, 1);
	near(p.segs[0].a, 4, 2);
	near(seg_point(&p.segs[0], 0.25), 1, 5);
	p = path_from_shape(&ellipse, &arena);
	assert_true(p.closed);
	near(p.segs[0].a, 1, 5);
	near(seg_point(&p.segs[0], 0.25), -1, 1);
	p = path_from_shape(&arc, &arena);
	assert_false(p.closed);
	near(p.segs[0].a, 1, 2);
	near(seg_point(&p.segs[0], 0.5), -1, 0);
	near(p.segs[0].b, 1, -2);
	arena_free(&arena);
}

static void test_straight_outlines(void **state)
{
	static const struct point points[] = {{1000, 2000}, {9000, 2000}, {9000, 9000}};
	struct arena arena = {0};
	struct shape line = {
		.kind = SHAPE_LINE,
		.value = {[PARAM_X] = 1000, [PARAM_LENGTH] = 5000, [PARAM_ANGLE] = 270000}};
	struct shape hexagon = {
		.kind = SHAPE_POLYGON,
		.value = {[PARAM_R] = 2000, [PARAM_SIDES] = 6, [PARAM_ANGLE] = 30000}};
	struct shape poly = made_polyline(3, points);
	struct path p = path_from_shape(&line, &arena);

	(void)state;
	assert_false(p.closed);
	assert_int_equal(p.count, 1);
	assert_true(p.segs[0].b.x == 1 && p.segs[0].b.y == -5);
	p = path_from_shape(&hexagon, &arena);
	assert_true(p.closed);
	assert_int_equal(p.count, 6);
	near(p.segs[0].a, sqrt(3), 1);
	near(p.segs[1].a, 0, 2);
	near(p.segs[5].b, sqrt(3), 1);
	hexagon.value[PARAM_SIDES] = 7; /* does not divide 360 */
	p = path_from_shape(&hexagon, &arena);
	near(p.segs[3].a, 2 * cos(M_PI / 6 + 6 * M_PI / 7), 2 * sin(M_PI / 6 + 6 * M_PI / 7));
	p = path_from_shape(&poly, &arena);
	assert_false(p.closed);
	assert_int_equal(p.count, 2);
	near(p.segs[1].b, 9, 9);
	poly.kind = SHAPE_TRIANGLE;
	p = path_from_shape(&poly, &arena);
	assert_true(p.closed);
	assert_int_equal(p.count, 3);
	near(p.segs[2].b, 1, 2);
	arena_free(&arena);
}

static void test_outlines_of_plates(void **state)
{
	static const struct point ell[] = {{0, 0},       {9000, 0},    {9000, 3000},
					   {4000, 3000}, {4000, 9000}, {0, 9000}};
	static const enum shape_kind round[] = {SHAPE_DISC, SHAPE_HOLE, SHAPE_COUNTERBORE,
						SHAPE_TAPPED_HOLE};
	struct arena arena = {0};
	struct shape s = made_profile(6, ell);
	struct path p = path_from_shape(&s, &arena);

	(void)state;
	assert_true(p.closed);
	assert_int_equal(p.count, 6);
	near(p.segs[2].b, 4, 3);
	near(p.segs[5].b, 0, 0);
	for (int i = 0; i < 4; i++) {
		s = (struct shape){.kind = round[i],
				   .value = {[PARAM_X] = 1000, [PARAM_Y] = 2000, [PARAM_D] = 5000}};
		p = path_from_shape(&s, &arena);
		assert_true(p.closed);
		assert_int_equal(p.count, 1);
		near(p.segs[0].a, 3.5, 2);
		near(seg_point(&p.segs[0], 0.25), 1, 4.5);
	}
	arena_free(&arena);
}

static bool has_outline(enum shape_kind kind)
{
	return kind < SHAPE_PRIMITIVES || kind == SHAPE_PROFILE || kind == SHAPE_DISC ||
	       kind == SHAPE_HOLE || kind == SHAPE_COUNTERBORE || kind == SHAPE_TAPPED_HOLE;
}

/* Ends join, closed outlines close and go counter-clockwise. */
static void test_outlines_join(void **state)
{
	struct rng rng = rng_seed(seed, 3);
	struct arena arena = {0};

	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct shape s = random_shape(&rng);
		struct path p = path_from_shape(&s, &arena);
		double area = 0;
		bool open = s.kind == SHAPE_ARC || s.kind == SHAPE_LINE || s.kind == SHAPE_POLYLINE;
		struct vec o;

		assert_int_equal(p.count > 0, has_outline(s.kind));
		if (p.count == 0)
			continue;
		assert_int_equal(p.closed, !open);
		o = p.segs[0].a;
		for (int i = 0; i < p.count; i++) {
			struct vec a = p.segs[i].a, next = p.segs[(i + 1) % p.count].a;
			struct vec mid = seg_point(&p.segs[i], 0.5);

			if (!open || i + 1 < p.count)
				near(p.segs[i].b, next.x, next.y);
			area += vec_cross(vec_sub(a, o), vec_sub(mid, o));
			area += vec_cross(vec_sub(mid, o), vec_sub(p.segs[i].b, o));
		}
		/* A lone full ellipse has only two points here, so no area. */
		if (!open && p.count > 1)
			assert_true(area > 0);
		arena_reset(&arena);
	}
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rectangle_outline), cmocka_unit_test(test_rounded_outline),
		cmocka_unit_test(test_slot_outline),      cmocka_unit_test(test_round_outlines),
		cmocka_unit_test(test_straight_outlines), cmocka_unit_test(test_outlines_of_plates),
		cmocka_unit_test(test_outlines_join),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
