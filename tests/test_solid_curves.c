/* SPDX-License-Identifier: MIT */
/* solid_curves: what is joined, what is left out, in which order; points and chords of Bezier curves. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "formats/solid/solid_curves.h"

static struct arena arena;
static struct solid_curve given[16], *got;
static int given_count, got_count;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static int begin(void **state)
{
	(void)state;
	given_count = 0;
	return 0;
}

static void line(enum solid_edge edge, bool visible, double x0, double y0, double x1, double y1)
{
	given[given_count++] = (struct solid_curve){
		.edge = edge, .visible = visible, .seg = {SEG_LINE, .a = {x0, y0}, .b = {x1, y1}}};
}

static void arc(bool visible, double rx, double ry, double from, double sweep)
{
	struct solid_curve *curve = &given[given_count++];

	*curve = (struct solid_curve){.visible = visible,
				      .seg = {SEG_ARC, .centre = {1, 2}, .rx = rx, .ry = ry,
					      .from = from, .sweep = sweep}};
	curve->seg.a = seg_point(&curve->seg, 0);
	curve->seg.b = seg_point(&curve->seg, 1);
}

static void tidy(int count)
{
	got_count = solid_curves_tidy(given, given_count, &arena, &got);
	assert_int_equal(got_count, count);
}

static void assert_near(double is, double should)
{
	if (!(fabs(is - should) <= 1e-9))
		fail_msg("%.12g is not %.12g", is, should);
}

static void assert_line(int i, bool visible, double x0, double y0, double x1, double y1)
{
	assert_int_equal(got[i].visible, visible);
	assert_int_equal(got[i].seg.kind, SEG_LINE);
	assert_near(got[i].seg.a.x, x0);
	assert_near(got[i].seg.a.y, y0);
	assert_near(got[i].seg.b.x, x1);
	assert_near(got[i].seg.b.y, y1);
}

static void assert_arc(int i, bool visible, double from, double sweep)
{
	assert_int_equal(got[i].visible, visible);
	assert_int_equal(got[i].seg.kind, SEG_ARC);
	assert_near(got[i].seg.from, from);
	assert_near(got[i].seg.sweep, sweep);
}

static void test_lines_join(void **state)
{
	(void)state;
	line(SOLID_SHARP, true, 2, 2, 1, 1);
	line(SOLID_SHARP, true, 0, 0, 1, 1);
	line(SOLID_SHARP, true, 3, 3, 4, 4);
	line(SOLID_SHARP, true, 0, 1, 1, 2);
	tidy(3);
	assert_line(0, true, 0, 0, 2, 2);
	assert_line(1, true, 0, 1, 1, 2);
	assert_line(2, true, 3, 3, 4, 4);
}

/* A hidden line shows on both sides of the visible one before it. */
static void test_hidden_behind_visible(void **state)
{
	(void)state;
	line(SOLID_SHARP, false, 0, 0, 9, 0);
	line(SOLID_SHARP, true, 3, 0, 5, 0);
	tidy(3);
	assert_line(0, true, 3, 0, 5, 0);
	assert_line(1, false, 0, 0, 3, 0);
	assert_line(2, false, 5, 0, 9, 0);
}

/* Drafters leave smooth edges out: what lies on one is kept. */
static void test_smooth_edges_hide_nothing(void **state)
{
	(void)state;
	line(SOLID_SMOOTH, true, 0, 0, 9, 0);
	line(SOLID_SHARP, false, 2, 0, 5, 0);
	line(SOLID_SMOOTH, false, 0, 0, 9, 0);
	tidy(2);
	assert_int_equal(got[0].edge, SOLID_SMOOTH);
	assert_line(0, true, 0, 0, 9, 0);
	assert_line(1, false, 2, 0, 5, 0);
	line(SOLID_OUTLINE, true, 0, 0, 9, 0);
	tidy(1);
	assert_int_equal(got[0].edge, SOLID_OUTLINE);
}

static void test_circles(void **state)
{
	(void)state;
	arc(true, 3, 3, 1, M_PI);
	arc(true, 3, 3, 1, -M_PI);
	tidy(1);
	assert_arc(0, true, 0, 2 * M_PI);
	/* Over the angle 0. */
	given_count = 0;
	arc(true, 3, 3, -0.5, 0.5);
	arc(true, 3, 3, 1, -1);
	tidy(1);
	assert_arc(0, true, 2 * M_PI - 0.5, 1.5);
	/* The half that is not seen. */
	arc(false, 3, 3, 0.25, 2 * M_PI);
	arc(true, 2, 2, 0, 1);
	tidy(3);
	assert_arc(0, true, 0, 1);
	assert_arc(1, true, 2 * M_PI - 0.5, 1.5);
	assert_arc(2, false, 1, 2 * M_PI - 1.5);
}

/* The same ellipse, its axes named the other way round. */
static void test_ellipses(void **state)
{
	(void)state;
	arc(true, 4, 2, 0, 1);
	arc(true, 2, 4, 1 + M_PI / 2, 1);
	given[1].seg.rotation = -M_PI / 2;
	tidy(1);
	assert_arc(0, true, 0, 2);
	assert_near(got[0].seg.rx, 4);
	assert_near(got[0].seg.ry, 2);
}

static void test_splines(void **state)
{
	struct vec poles[] = {{0, 0}, {1, 2}, {3, 2}, {4, 0}};
	struct vec turned[] = {{4, 0}, {3, 2}, {1, 2}, {0, 0}};
	struct path path = {0};

	(void)state;
	given[given_count++] =
		(struct solid_curve){.visible = true, .poles = poles, .pole_count = 4};
	given[given_count++] = (struct solid_curve){.poles = turned, .pole_count = 4};
	tidy(1);
	assert_true(got[0].visible);
	assert_near(solid_curve_point(got, 0.5).x, 2);
	assert_near(solid_curve_point(got, 0.5).y, 1.5);
	solid_curve_path(got, 1e-3, &arena, &path);
	assert_true(path.count > 4);
	for (int i = 0; i < path.count; i++) {
		struct vec middle = seg_point(&path.segs[i], 0.5);
		double t = (i + 0.5) / path.count;

		assert_true(vec_length(vec_sub(middle, solid_curve_point(got, t))) <= 1e-3);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, forget)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_lines_join),
		TEST(test_hidden_behind_visible),
		TEST(test_smooth_edges_hide_nothing),
		TEST(test_circles),
		TEST(test_ellipses),
		TEST(test_splines),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
