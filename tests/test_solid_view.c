/* SPDX-License-Identifier: MIT */
/* solid_project: how many lines, circles and ellipses the views of plates, cylinders and cones have, where
 * they lie, what is hidden, what is smooth. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "formats/solid/solid.h"
#include "tests/made_solids.h"

static const struct vec3 front = {0, 1, 0}, down = {0, 0, -1}, left = {-1, 0, 0}, up = {0, 0, 1};
static const struct vec3 back = {0, 1, 0}, corner = {-1, 1, -1};

static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct solid_view seen(const struct solid *solid, struct vec3 look, struct vec3 upwards)
{
	struct solid_view view;
	struct err err = {0};

	if (solid_project(solid, look, upwards, &arena, &view, &err) < 0)
		fail_msg("%s", err.msg);
	return view;
}

struct counts {
	int lines, circles, arcs, ellipses, splines;
};

/* Smooth edges, or sharp ones and outlines. */
static struct counts counted(const struct solid_view *view, bool visible, bool smooth)
{
	struct counts n = {0};

	for (int i = 0; i < view->count; i++) {
		const struct solid_curve *curve = &view->curves[i];

		if (curve->visible != visible || (curve->edge == SOLID_SMOOTH) != smooth)
			continue;
		if (curve->poles)
			n.splines++;
		else if (curve->seg.kind == SEG_LINE)
			n.lines++;
		else if (curve->seg.rx != curve->seg.ry)
			n.ellipses++;
		else if (curve->seg.sweep > 2 * M_PI - 1e-9)
			n.circles++;
		else
			n.arcs++;
	}
	return n;
}

static void assert_counts(const struct solid_view *view, bool visible, bool smooth,
			  struct counts should)
{
	struct counts is = counted(view, visible, smooth);

	if (memcmp(&is, &should, sizeof(is)) != 0)
		fail_msg("%d lines, %d circles, %d arcs, %d ellipses, %d splines; not %d, %d, %d, "
			 "%d, %d",
			 is.lines, is.circles, is.arcs, is.ellipses, is.splines, should.lines,
			 should.circles, should.arcs, should.ellipses, should.splines);
}

static void assert_curves(const struct solid_view *view, struct counts visible,
			  struct counts hidden)
{
	assert_counts(view, true, false, visible);
	assert_counts(view, false, false, hidden);
	assert_counts(view, true, true, (struct counts){0});
	assert_counts(view, false, true, (struct counts){0});
}

static void assert_near(double is, double should)
{
	if (!(fabs(is - should) <= 1e-9))
		fail_msg("%.12g is not %.12g", is, should);
}

static void assert_line(const struct solid_curve *curve, double x0, double y0, double x1, double y1)
{
	assert_null(curve->poles);
	assert_int_equal(curve->seg.kind, SEG_LINE);
	assert_near(curve->seg.a.x, x0);
	assert_near(curve->seg.a.y, y0);
	assert_near(curve->seg.b.x, x1);
	assert_near(curve->seg.b.y, y1);
}

static const struct counts none;

/* Four lines around, in order of their places; what is behind them is not drawn. */
static void test_box(void **state)
{
	struct solid *solid;
	struct solid_view view;

	(void)state;
	need_solids();
	solid = made_box((struct vec3){0.01, -0.02, 0.03}, (struct vec3){0.04, 0.03, 0.1}, &arena);
	view = seen(solid, front, up);
	assert_curves(&view, (struct counts){.lines = 4}, none);
	assert_line(&view.curves[0], 0.01, 0.03, 0.01, 0.1);
	assert_line(&view.curves[1], 0.01, 0.03, 0.04, 0.03);
	assert_line(&view.curves[2], 0.01, 0.1, 0.04, 0.1);
	assert_line(&view.curves[3], 0.04, 0.03, 0.04, 0.1);
	/* From above the back is on top; from the right it is to the right. */
	view = seen(solid, down, back);
	assert_line(&view.curves[1], 0.01, -0.02, 0.04, -0.02);
	view = seen(solid, left, up);
	assert_line(&view.curves[1], -0.02, 0.03, 0.03, 0.03);
	view = seen(solid, corner, up);
	assert_curves(&view, (struct counts){.lines = 9}, (struct counts){.lines = 3});
	solid_free(solid);
}

static void test_plate_with_holes(void **state)
{
	const struct made_hole holes[] = {
		{{0.02, 0.02}, 0.005}, {{0.07, 0.03}, 0.01}, {{0.04, 0.01}, 0.004}};
	struct solid_view view;
	struct solid *solid;
	int found = 0;

	(void)state;
	need_solids();
	solid = made_plate(vec(0.1, 0.05), 0.008, holes, 3, &arena);
	view = seen(solid, down, back);
	assert_curves(&view, (struct counts){.lines = 4, .circles = 3}, none);
	for (int i = 0; i < view.count; i++)
		for (int k = 0; k < 3; k++) {
			const struct seg *seg = &view.curves[i].seg;

			found += seg->kind == SEG_ARC && fabs(seg->rx - holes[k].radius) < 1e-12 &&
				 fabs(seg->centre.x - holes[k].centre.x) < 1e-12 &&
				 fabs(seg->centre.y - holes[k].centre.y) < 1e-12;
		}
	assert_int_equal(found, 3);
	/* Two lines of each hole; their rims lie on the outline. */
	view = seen(solid, front, up);
	assert_curves(&view, (struct counts){.lines = 4}, (struct counts){.lines = 6});
	view = seen(solid, left, up);
	assert_curves(&view, (struct counts){.lines = 4}, (struct counts){.lines = 6});
	solid_free(solid);
}

/* A rim is a circle, a line, or an ellipse whose axes are r and r times the sine of the view's slope. */
static void test_cylinder(void **state)
{
	struct solid *solid;
	struct solid_view view;
	int ellipses = 0;

	(void)state;
	need_solids();
	solid = made_cylinder(&made_xy, 0.02, 0, 0.05, &arena);
	view = seen(solid, down, back);
	assert_curves(&view, (struct counts){.circles = 1}, none);
	view = seen(solid, front, up);
	assert_curves(&view, (struct counts){.lines = 4}, none);
	view = seen(solid, corner, up);
	assert_curves(&view, (struct counts){.lines = 2, .ellipses = 2},
		      (struct counts){.ellipses = 1});
	for (int i = 0; i < view.count; i++)
		if (view.curves[i].seg.kind == SEG_ARC) {
			ellipses++;
			assert_near(view.curves[i].seg.rx, 0.02);
			assert_near(view.curves[i].seg.ry, 0.02 / sqrt(3));
			assert_near(view.curves[i].seg.rotation, 0);
		}
	assert_int_equal(ellipses, 3);
	solid_free(solid);
}

/* A link: where its round ends begin are smooth edges. */
static void test_smooth_edges(void **state)
{
	struct deepcad_curve curves[] = {
		{.kind = DEEPCAD_LINE, .start = {0, -0.01}, .end = {0.03, -0.01}},
		{.kind = DEEPCAD_ARC,
		 .start = {0.03, -0.01},
		 .end = {0.03, 0.01},
		 .centre = {0.03, 0},
		 .radius = 0.01,
		 .sweep = M_PI},
		{.kind = DEEPCAD_LINE, .start = {0.03, 0.01}, .end = {0, 0.01}},
		{.kind = DEEPCAD_ARC,
		 .start = {0, 0.01},
		 .end = {0, -0.01},
		 .centre = {0, 0},
		 .radius = 0.01,
		 .sweep = M_PI},
	};
	struct deepcad_loop loop = {curves, 4, 1};
	struct deepcad_profile profile = {"P", &loop, 1, 0};
	struct err err = {0};
	struct solid_view view;
	struct solid *solid;

	(void)state;
	need_solids();
	solid = solid_extruded(&profile, &made_xy, 0, 0.02, &err);
	assert_non_null(solid);
	view = seen(solid, down, back);
	assert_curves(&view, (struct counts){.lines = 2, .arcs = 2}, none);
	view = seen(solid, front, up);
	assert_counts(&view, true, false, (struct counts){.lines = 4});
	assert_counts(&view, true, true, (struct counts){.lines = 2});
	assert_counts(&view, false, true, none);
	solid_free(solid);
}

/* The edges of a hole through a round bar are curves in space, and a circle where one looks through. */
static void test_cross_hole(void **state)
{
	const struct deepcad_plane across = {{0, 0, 0.03}, {1, 0, 0}, {0, 0, 1}, {0, -1, 0}};
	struct solid *bar, *drill, *solid;
	struct solid_view view;
	struct err err = {0};
	double radius = 0;

	(void)state;
	need_solids();
	bar = made_cylinder(&made_xy, 0.02, 0, 0.06, &arena);
	drill = made_cylinder(&across, 0.008, -0.05, 0.05, &arena);
	solid = solid_cut(bar, drill, &err);
	assert_non_null(solid);
	view = seen(solid, front, up);
	assert_curves(&view, (struct counts){.lines = 4, .circles = 1}, none);
	for (int i = 0; i < view.count; i++)
		if (view.curves[i].seg.kind == SEG_ARC)
			radius = view.curves[i].seg.rx;
	assert_true(fabs(radius - 0.008) < 1e-7);
	view = seen(solid, left, up);
	assert_true(counted(&view, true, false).splines > 0);
	solid_free(bar);
	solid_free(drill);
	solid_free(solid);
}

/* Splines begin, end and lie on the curve that a formula gives: the edge of that hole from the side. */
static void test_splines(void **state)
{
	const struct deepcad_plane across = {{0, 0, 0.03}, {1, 0, 0}, {0, 0, 1}, {0, -1, 0}};
	struct solid *bar, *drill, *solid;
	struct solid_view view;
	struct err err = {0};
	int points = 0;

	(void)state;
	need_solids();
	bar = made_cylinder(&made_xy, 0.02, 0, 0.06, &arena);
	drill = made_cylinder(&across, 0.008, -0.05, 0.05, &arena);
	solid = solid_cut(bar, drill, &err);
	assert_non_null(solid);
	view = seen(solid, left, up);
	for (int i = 0; i < view.count; i++)
		for (int k = 0; view.curves[i].poles && k <= 40; k++, points++) {
			struct vec p = solid_curve_point(&view.curves[i], k / 40.0);
			double z = p.y - 0.03, x2 = 0.008 * 0.008 - z * z;

			assert_true(fabs(hypot(p.x, sqrt(max2(x2, 0))) - 0.02) < 1e-5);
		}
	assert_true(points > 0);
	solid_free(bar);
	solid_free(drill);
	solid_free(solid);
}

/* The same view twice, to the last bit. */
static void test_deterministic(void **state)
{
	const struct made_hole holes[] = {{{0.02, 0.02}, 0.005}, {{0.07, 0.03}, 0.01}};
	struct solid_view first, second;
	struct solid *solid, *again;

	(void)state;
	need_solids();
	solid = made_plate(vec(0.1, 0.05), 0.008, holes, 2, &arena);
	again = made_plate(vec(0.1, 0.05), 0.008, holes, 2, &arena);
	first = seen(solid, corner, up);
	second = seen(again, corner, up);
	assert_int_equal(first.count, second.count);
	assert_true(first.count > 12);
	for (int i = 0; i < first.count; i++) {
		const struct seg *p = &first.curves[i].seg, *q = &second.curves[i].seg;

		assert_memory_equal(&p->a, &q->a, sizeof(p->a));
		assert_memory_equal(&p->b, &q->b, sizeof(p->b));
		assert_int_equal(first.curves[i].visible, second.curves[i].visible);
	}
	solid_free(solid);
	solid_free(again);
}

static void test_refused(void **state)
{
	struct solid_view view;
	struct solid *solid;
	struct err err = {0};

	(void)state;
	need_solids();
	solid = made_cylinder(&made_xy, 0.02, 0, 0.05, &arena);
	assert_int_equal(solid_project(solid, up, down, &arena, &view, &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_int_equal(solid_project(solid, (struct vec3){0, 0, 0}, up, &arena, &view, &err), -1);
	solid_free(solid);
}

#define TEST(name) cmocka_unit_test_teardown(name, forget)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_box),           TEST(test_plate_with_holes), TEST(test_cylinder),
		TEST(test_smooth_edges),  TEST(test_cross_hole),       TEST(test_splines),
		TEST(test_deterministic), TEST(test_refused),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
