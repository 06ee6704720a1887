/* SPDX-License-Identifier: MIT */
/* shape: tables, validity with every message, canonical order; outlines: test_shape_path. */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "formats/scene/shape.h"
#include "tests/made_shapes.h"
#include "tests/random_shapes.h"

static uint64_t seed;

static void test_names_go_both_ways(void **state)
{
	enum shape_kind kind;
	enum param param;

	(void)state;
	for (int k = 0; k < SHAPE_COUNT_; k++) {
		const char *name = shape_kind_name((enum shape_kind)k);

		assert_int_equal(shape_kind_from_name(name, strlen(name), &kind), 0);
		assert_int_equal(kind, k);
		assert_int_equal(shape_kind_from_name(name, strlen(name) - 1, &kind), -1);
	}
	for (int p = 0; p < PARAM_COUNT_; p++) {
		const char *name = param_name((enum param)p);

		assert_int_equal(param_from_name(name, strlen(name), &param), 0);
		assert_int_equal(param, p);
	}
	assert_int_equal(param_from_name("", 0, &param), -1);
	assert_int_equal(param_from_name("width", 3, &param), -1);
}

static void test_units(void **state)
{
	enum unit unit;

	(void)state;
	for (int u = 0; u < UNIT_COUNT_; u++) {
		assert_string_equal(unit_name((enum unit)u), unit_names[u]);
		assert_int_equal(unit_from_name(unit_names[u], strlen(unit_names[u]), &unit), 0);
		assert_int_equal(unit, u);
	}
	assert_null(unit_names[UNIT_COUNT_]);
	assert_int_equal(unit_from_name("inches", 6, &unit), -1);
	assert_int_equal(unit_from_name("inches", 4, &unit), 0);
	assert_int_equal(unit, UNIT_INCH);
	assert_true(unit_mm(UNIT_MM) == 1 && unit_mm(UNIT_INCH) == 25.4);
}

/* Every family has kinds, every kind a family; which kinds two families share. */
static void test_families(void **state)
{
	static const enum shape_kind shared[] = {SHAPE_RECTANGLE, SHAPE_ROUNDED_RECTANGLE,
						 SHAPE_SLOT, SHAPE_FILLET, SHAPE_CHAMFER};
	int two = 0;

	(void)state;
	for (int k = 0; k < SHAPE_COUNT_; k++) {
		int families = 0;

		for (int f = 0; f < FAMILY_COUNT_; f++)
			families += shape_is_of_family((enum shape_kind)k, (enum family)f);
		assert_in_range(families, 1, 2);
		two += families == 2;
		assert_int_equal(k < SHAPE_PRIMITIVES,
				 shape_is_of_family((enum shape_kind)k, FAMILY_SHAPES));
	}
	assert_int_equal(two, sizeof(shared) / sizeof(shared[0]));
	for (int i = 0; i < two; i++)
		assert_true(shape_is_of_family(shared[i], FAMILY_PLATE));
	assert_true(shape_is_of_family(SHAPE_FILLET, FAMILY_TURNED));
	assert_false(shape_is_of_family(SHAPE_SLOT, FAMILY_TURNED));
	assert_true(shape_is_of_family(SHAPE_TOP_COVER, FAMILY_CABINET));
	assert_false(shape_is_of_family(SHAPE_CIRCLE, FAMILY_CABINET));
}

static void test_params_come_in_label_order(void **state)
{
	static const enum param slot[] = {PARAM_X, PARAM_Y, PARAM_LENGTH, PARAM_R, PARAM_ANGLE};
	enum param params[PARAM_COUNT_];

	(void)state;
	assert_int_equal(shape_params(SHAPE_SLOT, params), 5);
	for (int i = 0; i < 5; i++)
		assert_int_equal(params[i], slot[i]);
	for (int k = 0; k < SHAPE_COUNT_; k++) {
		int n = shape_params((enum shape_kind)k, params), has = 0;

		for (int p = 0; p < PARAM_COUNT_; p++)
			has += shape_has_param((enum shape_kind)k, (enum param)p);
		assert_int_equal(has, n);
	}
	assert_int_equal(param_kind(PARAM_SIDES), KIND_COUNT);
	assert_int_equal(param_kind(PARAM_N), KIND_COUNT);
	assert_int_equal(param_kind(PARAM_NKA), KIND_LENGTH);
}

static void test_optional_params(void **state)
{
	static const enum param optional[] = {PARAM_ANGLE, PARAM_PITCH, PARAM_DX, PARAM_DY};
	int count = 0;

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_true(param_is_optional(optional[i]));
	for (int p = 0; p < PARAM_COUNT_; p++)
		count += param_is_optional((enum param)p);
	assert_int_equal(count, 4);
	/* What may be left out may be 0. */
	for (int i = 0; i < 4; i++) {
		int64_t lo, hi;

		param_bounds(optional[i], &lo, &hi);
		assert_int_equal(lo, 0);
	}
}

static void test_missing_params(void **state)
{
	enum param missing;

	(void)state;
	assert_true(shape_lacks_param(SHAPE_SLOT, 1u << PARAM_X | 1u << PARAM_R, &missing));
	assert_int_equal(missing, PARAM_Y);
	assert_false(shape_lacks_param(
		SHAPE_SLOT, 1u << PARAM_X | 1u << PARAM_Y | 1u << PARAM_R | 1u << PARAM_LENGTH,
		&missing));
	assert_false(shape_lacks_param(SHAPE_TAPPED_HOLE,
				       1u << PARAM_X | 1u << PARAM_Y | 1u << PARAM_D, &missing));
	assert_true(shape_lacks_param(SHAPE_PROFILE, 1u << PARAM_POINTS, &missing));
	assert_int_equal(missing, PARAM_THICKNESS);
	assert_true(shape_lacks_param(SHAPE_CARCASS, UINT64_MAX >> 1 & ~(UINT64_C(1) << PARAM_BP),
				      &missing));
	assert_int_equal(missing, PARAM_BP);
}

static void refuse(struct shape shape, const char *message)
{
	struct err err = {0};

	assert_int_equal(shape_check(&shape, &err), -1);
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, ERR_FORMAT);
}

static void accept(struct shape shape)
{
	struct err err = {0};

	if (shape_check(&shape, &err) < 0)
		fail_msg("%s", err.msg);
}

static void test_values_have_bounds(void **state)
{
	struct shape polygon = {.kind = SHAPE_POLYGON, .value = {[PARAM_R] = 1, [PARAM_SIDES] = 3}};

	(void)state;
	accept(made_circle(-10000000, 10000000, 10000000));
	refuse(made_circle(-10000001, 0, 1), "circle: 'x' is -10000.001; allowed -10000 to 10000");
	refuse(made_circle(0, INT64_MAX, 1),
	       "circle: 'y' is 9.223372037e+15; allowed -10000 to 10000");
	refuse(made_circle(0, 0, 0), "circle: 'r' is 0; allowed 0.001 to 10000");
	refuse(made_circle(0, 0, -5), "circle: 'r' is -0.005; allowed 0.001 to 10000");
	accept(polygon);
	polygon.value[PARAM_SIDES] = 13;
	refuse(polygon, "polygon: 'sides' is 13; allowed 3 to 12");
	polygon.value[PARAM_SIDES] = 12;
	polygon.value[PARAM_ANGLE] = 360000;
	refuse(polygon, "polygon: 'angle' is 360; allowed 0 to 359.999");
	polygon.value[PARAM_ANGLE] = 359999;
	accept(polygon);
}

static void test_radius_fits_rectangle(void **state)
{
	(void)state;
	accept(made_rounded(20000, 30000, 10000));
	refuse(made_rounded(20001, 20000, 10001),
	       "rounded_rectangle: 'r' is 10.001; allowed 0.001 to 10, half the shorter side");
	refuse(made_rounded(5, 30000, 3),
	       "rounded_rectangle: 'r' is 0.003; allowed 0.001 to 0.0025, half the shorter side");
}

static void test_triangle(void **state)
{
	struct shape t = {
		.kind = SHAPE_TRIANGLE, .point_count = 3, .points = {{0, 0}, {1, 0}, {0, 1}}};

	(void)state;
	accept(t);
	t.points[1] = (struct point){0, 2};
	refuse(t, "triangle: 'points' must go counter-clockwise and not lie in one line");
	t.points[2] = (struct point){1, 1};
	refuse(t, "triangle: 'points' must go counter-clockwise and not lie in one line");
	t.points[2] = t.points[0];
	refuse(t, "triangle: 'points[0]' and 'points[2]' are the same");
	t.points[2] = (struct point){0, -10000001};
	refuse(t, "triangle: y of 'points[2]' is -10000.001; allowed -10000 to 10000");
	t.point_count = 2;
	refuse(t, "triangle: 'points' has 2 points; allowed 3");
	/* The extremes do not overflow. */
	t = (struct shape){
		.kind = SHAPE_TRIANGLE,
		.point_count = 3,
		.points = {{-10000000, -10000000}, {10000000, -10000000}, {10000000, 10000000}}};
	accept(t);
}

static void test_polyline(void **state)
{
	static const struct point zigzag[] = {{0, 0}, {9, 0}, {9, 9}, {0, 9}, {0, 2}};
	static const struct point crossing[] = {{0, 0}, {9, 0}, {9, 9}, {4, -4}};
	static const struct point touching[] = {{0, 0}, {9, 0}, {9, 9}, {4, 0}};
	static const struct point overlap[] = {{0, 0}, {9, 0}, {20, 5}, {9, 9}, {4, 0}, {2, 0}};
	static const struct point straight[] = {{0, 0}, {3, 3}, {7, 7}, {8, 0}};
	static const struct point back[] = {{0, 0}, {5, 0}, {5, 5}, {5, 1}};
	static const struct point closed[] = {{0, 0}, {5, 0}, {5, 5}, {0, 0}};
	static const struct point far[] = {{0, 0}, {10000001, 0}, {5, 5}};
	struct shape p = made_polyline(5, zigzag);

	(void)state;
	accept(p);
	p.point_count = 2;
	refuse(p, "polyline: 'points' has 2 points; allowed 3 to 8");
	refuse(made_polyline(4, crossing),
	       "polyline: the pieces after 'points[0]' and 'points[2]' meet; "
	       "it must not cross itself");
	refuse(made_polyline(4, touching),
	       "polyline: the pieces after 'points[0]' and 'points[2]' meet; "
	       "it must not cross itself");
	refuse(made_polyline(6, overlap),
	       "polyline: the pieces after 'points[0]' and 'points[3]' meet; "
	       "it must not cross itself");
	refuse(made_polyline(4, straight), "polyline: the pieces at 'points[1]' lie in one line");
	refuse(made_polyline(4, back), "polyline: the pieces at 'points[2]' lie in one line");
	refuse(made_polyline(4, closed), "polyline: 'points[0]' and 'points[3]' are the same");
	refuse(made_polyline(3, far),
	       "polyline: x of 'points[1]' is 10000.001; allowed -10000 to 10000");
	p.point_count = 9;
	refuse(p, "polyline: 'points' has 9 points; allowed 3 to 8");
}

static void test_profile(void **state)
{
	static const struct point ell[] = {{0, 0}, {9, 0}, {9, 3}, {4, 3}, {4, 9}, {0, 9}};
	static const struct point clockwise[] = {{0, 0}, {0, 9}, {9, 9}, {9, 0}};
	static const struct point bow[] = {{0, 0}, {9, 0}, {0, 9}, {9, 9}};
	static const struct point touching[] = {{0, 0}, {9, 0}, {9, 9}, {4, 0}, {0, 9}};
	static const struct point straight[] = {{0, 0}, {5, 0}, {9, 0}, {9, 9}};
	static const struct point at_first[] = {{5, 0}, {9, 0}, {9, 9}, {0, 0}};
	static const struct point flat[] = {{0, 0}, {9, 0}, {4, 0}};
	static const struct point closed[] = {{0, 0}, {9, 0}, {9, 9}, {0, 0}};
	static const struct point twelve[] = {{0, 3}, {3, 3}, {3, 0}, {6, 0}, {6, 3}, {9, 3},
					      {9, 6}, {6, 6}, {6, 9}, {3, 9}, {3, 6}, {0, 6}};
	struct shape p = made_profile(6, ell);

	(void)state;
	accept(p);
	accept(made_profile(12, twelve));
	p.point_count = 2;
	refuse(p, "profile: 'points' has 2 points; allowed 3 to 12");
	p.point_count = 13;
	refuse(p, "profile: 'points' has 13 points; allowed 3 to 12");
	refuse(made_profile(4, clockwise), "profile: 'points' must go counter-clockwise");
	refuse(made_profile(4, bow),
	       "profile: the edges after 'points[1]' and 'points[3]' meet; it must "
	       "not cross itself");
	refuse(made_profile(5, touching),
	       "profile: the edges after 'points[0]' and 'points[2]' meet; it "
	       "must not cross itself");
	refuse(made_profile(4, straight), "profile: the edges at 'points[1]' lie in one line");
	refuse(made_profile(4, at_first), "profile: the edges at 'points[0]' lie in one line");
	refuse(made_profile(3, flat), "profile: the edges at 'points[0]' lie in one line");
	refuse(made_profile(4, closed), "profile: 'points[0]' and 'points[3]' are the same");
	p = made_profile(6, ell);
	p.points[3].y = -10000001;
	refuse(p, "profile: y of 'points[3]' is -10000.001; allowed -10000 to 10000");
	p = made_profile(6, ell);
	p.value[PARAM_THICKNESS] = 0;
	refuse(p, "profile: 'thickness' is 0; allowed 0.001 to 1000");
	p.value[PARAM_THICKNESS] = 1000001;
	refuse(p, "profile: 'thickness' is 1000.001; allowed 0.001 to 1000");
}

static void test_counterbore_is_wider(void **state)
{
	struct shape s = {
		.kind = SHAPE_COUNTERBORE,
		.value = {[PARAM_D] = 6000, [PARAM_CBORE_D] = 6001, [PARAM_CBORE_DEPTH] = 1}};

	(void)state;
	accept(s);
	s.value[PARAM_CBORE_D] = 6000;
	refuse(s, "counterbore: 'cbore_d' is 6; allowed more than 'd', 6");
	s.value[PARAM_CBORE_D] = 1000001;
	refuse(s, "counterbore: 'cbore_d' is 1000.001; allowed 0.001 to 1000");
}

static void test_hole_grid(void **state)
{
	struct shape s = {.kind = SHAPE_HOLE_GRID,
			  .value = {[PARAM_D] = 6000,
				    [PARAM_COLUMNS] = 3,
				    [PARAM_ROWS] = 2,
				    [PARAM_DX] = 6001,
				    [PARAM_DY] = 20000}};

	(void)state;
	accept(s);
	s.value[PARAM_DX] = 6000;
	refuse(s, "hole_grid: 'dx' is 6 with 'columns' 3; allowed more than 'd'");
	s.value[PARAM_DX] = 0;
	refuse(s, "hole_grid: 'dx' is 0 with 'columns' 3; allowed more than 'd'");
	s.value[PARAM_COLUMNS] = 1;
	accept(s);
	s.value[PARAM_DY] = 500;
	refuse(s, "hole_grid: 'dy' is 0.5 with 'rows' 2; allowed more than 'd'");
	s.value[PARAM_ROWS] = 1;
	refuse(s, "hole_grid: one hole; allowed 2 or more");
	s.value[PARAM_COLUMNS] = 2;
	s.value[PARAM_DX] = 7000;
	refuse(s, "hole_grid: 'dy' is 0.5 with 'rows' 1; allowed 0");
	s.value[PARAM_DY] = 0;
	accept(s);
	s.value[PARAM_COLUMNS] = 101;
	refuse(s, "hole_grid: 'columns' is 101; allowed 1 to 100");
}

static void test_hole_circle(void **state)
{
	struct shape s = {.kind = SHAPE_HOLE_CIRCLE,
			  .value = {[PARAM_PCD] = 6001,
				    [PARAM_D] = 6000,
				    [PARAM_COUNT] = 8,
				    [PARAM_START] = 44999}};

	(void)state;
	accept(s);
	s.value[PARAM_START] = 45000;
	refuse(s, "hole_circle: 'start' is 45; allowed 0 to below 360/count, 45");
	s.value[PARAM_COUNT] = 7;
	accept(s);
	s.value[PARAM_START] = 51429;
	refuse(s, "hole_circle: 'start' is 51.429; allowed 0 to below 360/count, 51.42857143");
	s.value[PARAM_START] = 51428;
	accept(s);
	s.value[PARAM_PCD] = 6000;
	refuse(s, "hole_circle: 'pcd' is 6; allowed more than 'd', 6");
	s.value[PARAM_COUNT] = 1;
	refuse(s, "hole_circle: 'count' is 1; allowed 2 to 100");
}

static void test_keyway_is_longer_than_wide(void **state)
{
	struct shape s = {
		.kind = SHAPE_KEYWAY,
		.value = {[PARAM_LENGTH] = 8001, [PARAM_WIDTH] = 8000, [PARAM_DEPTH] = 4000}};

	(void)state;
	accept(s);
	s.value[PARAM_LENGTH] = 8000;
	refuse(s, "keyway: 'length' is 8; allowed more than 'width', 8");
}

/* Each kind with one value of each of its parameters out of bounds. */
static void test_every_kind_has_bounds(void **state)
{
	struct rng rng = rng_seed(seed, 4);

	(void)state;
	for (int round = 0; round < 40 * SHAPE_COUNT_; round++) {
		struct shape s =
			random_shape_of_kind(&rng, (enum shape_kind)(round % SHAPE_COUNT_));
		enum param params[PARAM_COUNT_];
		int n = shape_params(s.kind, params);
		char expected[64];

		accept(s);
		for (int i = 0; i < n; i++) {
			struct shape bad = s;
			struct err err = {0};
			int64_t lo, hi;

			param_bounds(params[i], &lo, &hi);
			if (params[i] == PARAM_POINTS)
				bad.points[1].x = hi + 1;
			else
				bad.value[params[i]] = rng_chance(&rng, 0.5) ? lo - 1 : hi + 1;
			assert_int_equal(shape_check(&bad, &err), -1);
			snprintf(expected, sizeof(expected), "%s: ", shape_kind_name(s.kind));
			assert_memory_equal(err.msg, expected, strlen(expected));
			assert_non_null(strstr(err.msg, param_name(params[i])));
			assert_non_null(strstr(err.msg, "; allowed "));
		}
	}
}

static int sign(double v)
{
	return (v > 0) - (v < 0);
}

/* Whether pieces ab and cd meet, by the parameters of their crossing in long double. */
static bool meet_slowly(struct point a, struct point b, struct point c, struct point d)
{
	long double ux = b.x - a.x, uy = b.y - a.y, vx = d.x - c.x, vy = d.y - c.y;
	long double wx = c.x - a.x, wy = c.y - a.y, det = ux * vy - uy * vx;

	if (det != 0) {
		long double s = (wx * vy - wy * vx) / det, t = (wx * uy - wy * ux) / det;

		return s >= 0 && s <= 1 && t >= 0 && t <= 1;
	}
	if (ux * wy - uy * wx != 0)
		return false;
	/* In one line: c or d beside a and b in the same direction never meets. */
	return !(sign((double)(ux * wx + uy * wy)) < 0 &&
		 sign((double)(ux * (d.x - a.x) + uy * (d.y - a.y))) < 0) &&
	       !(ux * (c.x - b.x) + uy * (c.y - b.y) > 0 &&
		 ux * (d.x - b.x) + uy * (d.y - b.y) > 0);
}

static bool polyline_is_good_slowly(const struct shape *s)
{
	const struct point *p = s->points;
	int pieces = s->point_count - 1;

	for (int i = 0; i < s->point_count; i++)
		for (int j = 0; j < i; j++)
			if (p[i].x == p[j].x && p[i].y == p[j].y)
				return false;
	for (int i = 1; i < pieces; i++)
		if ((p[i].x - p[i - 1].x) * (p[i + 1].y - p[i].y) ==
		    (p[i].y - p[i - 1].y) * (p[i + 1].x - p[i].x))
			return false;
	for (int i = 0; i < pieces; i++)
		for (int j = i + 2; j < pieces; j++)
			if (meet_slowly(p[i], p[i + 1], p[j], p[j + 1]))
				return false;
	return true;
}

/* A coarse grid makes touching and overlapping pieces common. */
static void test_polyline_agrees_with_slow_check(void **state)
{
	struct rng rng = rng_seed(seed, 1);
	int good = 0;

	(void)state;
	for (int round = 0; round < 100000; round++) {
		struct shape s = {.kind = SHAPE_POLYLINE,
				  .point_count = (int)rng_range(&rng, 3, 6)};
		struct err err = {0};
		bool expected;

		for (int i = 0; i < s.point_count; i++)
			s.points[i] =
				(struct point){rng_range(&rng, -3, 3), rng_range(&rng, -3, 3)};
		expected = polyline_is_good_slowly(&s);
		assert_int_equal(shape_check(&s, &err) == 0, expected);
		good += expected;
	}
	assert_in_range(good, 1000, 99000);
}

static void test_order(void **state)
{
	static const struct point points[] = {{1, 2}, {9, 2}, {9, 9}};
	struct shape line = {.kind = SHAPE_LINE,
			     .value = {[PARAM_X] = 1, [PARAM_Y] = 2, [PARAM_LENGTH] = 5}};
	struct shape a = made_polyline(3, points), b = a;

	(void)state;
	assert_true(shape_compare(&(struct shape){.kind = SHAPE_SLOT}, &line) < 0);
	assert_true(shape_compare(&(struct shape){.kind = SHAPE_CIRCLE, .value = {1, 3}}, &line) >
		    0);
	assert_true(shape_compare(&(struct shape){.kind = SHAPE_CIRCLE, .value = {1, 2}}, &line) <
		    0);
	assert_true(shape_compare(&a, &line) > 0);
	assert_int_equal(shape_compare(&a, &b), 0);
	b.points[2].y = 10;
	assert_true(shape_compare(&a, &b) < 0);
	b = a;
	b.points[3] = (struct point){5, 5};
	b.point_count = 4;
	assert_true(shape_compare(&a, &b) < 0);
	assert_int_equal(shape_anchor(&a).x, 1);
	assert_int_equal(shape_anchor(&line).y, 2);
}

static void test_order_is_total(void **state)
{
	struct rng rng = rng_seed(seed, 2);

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct shape s[3];

		for (int j = 0; j < 3; j++) {
			s[j] = random_shape(&rng);
			if (s[j].point_count > 0)
				s[j].points[0] = (struct point){0, 0};
			s[j].value[PARAM_X] = s[j].value[PARAM_Y] = 0;
		}
		assert_int_equal(shape_compare(&s[0], &s[0]), 0);
		assert_int_equal(shape_compare(&s[0], &s[1]), -shape_compare(&s[1], &s[0]));
		if (shape_compare(&s[0], &s[1]) <= 0 && shape_compare(&s[1], &s[2]) <= 0)
			assert_true(shape_compare(&s[0], &s[2]) <= 0);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_go_both_ways),
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_families),
		cmocka_unit_test(test_params_come_in_label_order),
		cmocka_unit_test(test_optional_params),
		cmocka_unit_test(test_missing_params),
		cmocka_unit_test(test_values_have_bounds),
		cmocka_unit_test(test_radius_fits_rectangle),
		cmocka_unit_test(test_triangle),
		cmocka_unit_test(test_polyline),
		cmocka_unit_test(test_polyline_agrees_with_slow_check),
		cmocka_unit_test(test_profile),
		cmocka_unit_test(test_counterbore_is_wider),
		cmocka_unit_test(test_hole_grid),
		cmocka_unit_test(test_hole_circle),
		cmocka_unit_test(test_keyway_is_longer_than_wide),
		cmocka_unit_test(test_every_kind_has_bounds),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_order_is_total),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
