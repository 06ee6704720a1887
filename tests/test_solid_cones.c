/* SPDX-License-Identifier: MIT */
/* Cones: solid_faces knows them, and solid_project draws them as Open CASCADE's own hidden-line removal does. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <math.h>

#include <cmocka.h>

#include "formats/solid/solid.h"
#include "tests/made_solids.h"
#include "tests/random_cones.h"
#include "tests/random_shapes.h"

#define SOLIDS 8
#define POINTS 50
#define NEAR 2e-6 /* m */

static const struct vec3 front = {0, 1, 0}, down = {0, 0, -1}, left = {-1, 0, 0}, up = {0, 0, 1};
static const struct vec3 back = {0, 1, 0}, corner = {-1, 1, -1};

static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static const struct solid_face *cone_of(const struct solid_faces *faces)
{
	const struct solid_face *cone = NULL;

	for (int i = 0; i < faces->face_count; i++)
		if (faces->faces[i].surface == SOLID_CONE) {
			assert_null(cone);
			cone = &faces->faces[i];
		}
	assert_non_null(cone);
	return cone;
}

/* A cone on its base, and a pit of its shape in a block; along each axis, both ways up. */
static void check_cone(int axis, bool tip_up, bool hollow)
{
	struct vec pointed[] = {vec(0, tip_up ? 0 : 0.03), vec(0.02, tip_up ? 0 : 0.03),
				vec(0.005, tip_up ? 0.03 : 0), vec(0, tip_up ? 0.03 : 0)};
	struct solid *cone = made_turned(axis, (struct vec3){0.1, 0.2, 0.3}, pointed, 4, &arena);
	struct solid *block =
		made_box((struct vec3){0, 0, 0}, (struct vec3){0.5, 0.5, 0.5}, &arena);
	struct solid_faces faces;
	struct err err = {0};
	struct solid *pit = solid_cut(block, cone, &err);
	const struct solid_face *f;

	assert_non_null(pit);
	assert_int_equal(solid_faces(hollow ? pit : cone, &arena, &faces, &err), 0);
	f = cone_of(&faces);
	assert_share(f->radius, tip_up ? 0.02 : 0.005, 1e-9);
	assert_share(f->end_radius, tip_up ? 0.005 : 0.02, 1e-9);
	assert_share(f->length, 0.03, 1e-9);
	assert_share(f->turn, 2 * M_PI, 1e-9);
	assert_int_equal(f->hollow, hollow);
	assert_vec3(f->point, 0.1, 0.2, 0.3, 1e-12);
	assert_vec3(f->normal, axis == 0, axis == 1, axis == 2, 1e-12);
	solid_free(pit);
	solid_free(block);
	solid_free(cone);
}

static void test_faces(void **state)
{
	(void)state;
	need_solids();
	for (int i = 0; i < 12; i++)
		check_cone(i % 3, i / 3 % 2, i / 6);
}

/* --- views -------------------------------------------------------------------------------------- */

struct counts {
	int lines, circles, arcs, others; /* visible and hidden, without smooth edges */
};

static struct counts counted(const struct solid *solid, struct vec3 look, struct vec3 upwards)
{
	struct counts n = {0};
	struct solid_view view;
	struct err err = {0};

	assert_int_equal(solid_project(solid, look, upwards, &arena, &view, &err), 0);
	for (int i = 0; i < view.count; i++) {
		const struct solid_curve *c = &view.curves[i];

		if (c->edge == SOLID_SMOOTH)
			continue;
		if (c->poles || (c->seg.kind == SEG_ARC && c->seg.rx != c->seg.ry))
			n.others++;
		else if (c->seg.kind == SEG_LINE)
			n.lines++;
		else if (c->seg.sweep > 2 * M_PI - 1e-9)
			n.circles++;
		else
			n.arcs++;
	}
	return n;
}

static void assert_counts(struct counts is, int lines, int circles, int arcs)
{
	if (is.lines != lines || is.circles != circles || is.arcs != arcs || is.others != 0)
		fail_msg("%d lines, %d circles, %d arcs, %d others; not %d, %d, %d, 0", is.lines,
			 is.circles, is.arcs, is.others, lines, circles, arcs);
}

/* A tip: three lines from the side, a circle from above. A chamfered hole in a plate: two circles; from the side
 * the chamfer's two lines, the hole's two and the edge between them, beside the plate's four. */
static void test_lines_and_circles(void **state)
{
	static const struct vec tip[] = {{0, 0}, {0.02, 0}, {0, 0.03}};
	static const struct vec drill[] = {
		{0, -0.01}, {0.005, -0.01}, {0.005, 0.008}, {0.007, 0.01}, {0, 0.01}};
	struct solid *solid, *plate, *hole;
	struct err err = {0};

	(void)state;
	need_solids();
	solid = made_turned(2, (struct vec3){0.01, 0.02, 0.03}, tip, 3, &arena);
	assert_counts(counted(solid, front, up), 3, 0, 0);
	assert_counts(counted(solid, down, back), 0, 1, 0);
	assert_int_equal(counted(solid, corner, up).lines, 2);
	solid_free(solid);
	plate = made_box((struct vec3){-0.03, -0.02, 0}, (struct vec3){0.03, 0.02, 0.01}, &arena);
	hole = made_turned(2, (struct vec3){0, 0, 0}, drill, 5, &arena);
	solid = solid_cut(plate, hole, &err);
	assert_non_null(solid);
	assert_counts(counted(solid, front, up), 4 + 2 + 2 + 1, 0, 0);
	assert_counts(counted(solid, down, back), 4, 2, 0);
	solid_free(plate);
	solid_free(hole);
	solid_free(solid);
}

/* How far the point is from the nearest of the curves. */
static double off(const struct solid_view *view, struct vec p, bool hidden_too)
{
	double best = INFINITY;

	for (int i = 0; i < view->count; i++) {
		const struct solid_curve *c = &view->curves[i];
		struct vec a = solid_curve_point(c, 0);

		if (c->edge == SOLID_SMOOTH || (!c->visible && !hidden_too))
			continue;
		for (int k = 1; k <= POINTS; k++) {
			struct vec b = solid_curve_point(c, (double)k / POINTS),
				   way = vec_sub(b, a);
			double length = vec_dot(way, way), t;

			t = length > 0 ? vec_dot(vec_sub(p, a), way) / length : 0;
			t = min2(max2(t, 0), 1);
			best = min2(best, vec_length(vec_sub(p, vec_add(a, vec_scale(way, t)))));
			a = b;
		}
	}
	return best;
}

struct share {
	double bad, all; /* of lengths, m */
};

/* What of one view is not in the other: seen edges are seen there, hidden ones at least drawn. */
static void compare(const struct solid_view *one, const struct solid_view *other, double chord,
		    struct share *share)
{
	for (int i = 0; i < one->count; i++) {
		const struct solid_curve *c = &one->curves[i];
		struct vec before = solid_curve_point(c, 0);

		if (c->edge == SOLID_SMOOTH)
			continue;
		for (int k = 1; k <= POINTS; k++) {
			struct vec p = solid_curve_point(c, (double)k / POINTS);
			struct vec middle = solid_curve_point(c, (k - 0.5) / POINTS);
			double length = vec_length(vec_sub(p, before));

			share->all += length;
			if (off(other, middle, !c->visible) > NEAR + chord)
				share->bad += length;
			before = p;
		}
	}
}

static void check_view(const struct solid *solid, struct vec3 look, struct vec3 upwards,
		       struct share *share)
{
	struct solid_view own, any;
	struct err err = {0};

	if (solid_project(solid, look, upwards, &arena, &own, &err) < 0 ||
	    solid_project_any(solid, look, upwards, &arena, &any, &err) < 0)
		fail_msg("%s", err.msg);
	/* A chord of a whole circle of 40 mm is that far from it. */
	compare(&own, &any, 0.04 * (1 - cos(M_PI / POINTS)), share);
	compare(&any, &own, 0.04 * (1 - cos(M_PI / POINTS)), share);
}

static void test_as_any(void **state)
{
	uint64_t seed = test_seed();

	(void)state;
	need_solids();
	for (uint64_t i = 0; i < SOLIDS; i++) {
		struct rng rng = rng_seed(seed, i);
		struct solid *solid = random_cones(&rng, &arena);
		struct share share = {0, 0};

		check_view(solid, front, up, &share);
		check_view(solid, down, back, &share);
		check_view(solid, left, up, &share);
		check_view(solid, corner, up, &share);
		if (share.bad > 1e-3 * share.all)
			fail_msg("solid %d: %g of %g mm differ", (int)i, 1000 * share.bad,
				 1000 * share.all);
		solid_free(solid);
		arena_reset(&arena);
	}
}

#define TEST(name) cmocka_unit_test_teardown(name, forget)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_faces),
		TEST(test_lines_and_circles),
		TEST(test_as_any),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
