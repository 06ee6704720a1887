/* SPDX-License-Identifier: MIT */
/* dimension: which numbers are printed for each primitive, and how any is lettered. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/rng.h"
#include "formats/drawing/dimension.h"
#include "formats/scene/style.h"

/* "kind param, kind param, ..." without the positions. */
static void sizes_of(const struct shape *shape, struct buf *out)
{
	struct dimension list[DIMENSION_PER_SHAPE_MAX];
	int n = dimensions_of_shape(shape, 0, list);

	for (int i = 0; i < n; i++) {
		if (list[i].kind == DIM_POSITION_X || list[i].kind == DIM_POSITION_Y)
			continue;
		if (out->len)
			buf_str(out, ", ");
		buf_str(out, dim_kind_name(list[i].kind));
		buf_char(out, ' ');
		buf_str(out, param_name(list[i].param));
	}
}

static void assert_sizes(struct shape shape, const char *expected)
{
	struct buf b = {0};

	buf_str(&b, "");
	sizes_of(&shape, &b);
	assert_string_equal(b.data ? b.data : "", expected);
	buf_free(&b);
}

static struct shape turned(enum shape_kind kind, int64_t angle)
{
	struct shape s = {.kind = kind};

	s.value[PARAM_ANGLE] = angle;
	s.value[PARAM_SIDES] = 6;
	return s;
}

static void test_level_shapes_need_no_angle(void **state)
{
	(void)state;
	assert_sizes(turned(SHAPE_RECTANGLE, 0), "horizontal width, vertical height");
	assert_sizes(turned(SHAPE_ROUNDED_RECTANGLE, 0),
		     "radius r, horizontal width, vertical height");
	assert_sizes(turned(SHAPE_CIRCLE, 0), "diameter r");
	assert_sizes(turned(SHAPE_ELLIPSE, 0), "horizontal rx, vertical ry");
	assert_sizes(turned(SHAPE_LINE, 0), "horizontal length");
	assert_sizes(turned(SHAPE_LINE, 90000), "vertical length");
	assert_sizes(turned(SHAPE_SLOT, 90000), "vertical length, radius r");
	assert_sizes(turned(SHAPE_POLYGON, 0), "diameter r");
	assert_sizes(turned(SHAPE_POLYGON, 30000), "diameter r");
}

static void test_turned_shapes_print_their_angle(void **state)
{
	(void)state;
	assert_sizes(turned(SHAPE_RECTANGLE, 30000),
		     "aligned width, aligned height, angular angle");
	assert_sizes(turned(SHAPE_ELLIPSE, 135000), "aligned rx, aligned ry, angular angle");
	assert_sizes(turned(SHAPE_LINE, 45000), "aligned length, angular angle");
	assert_sizes(turned(SHAPE_SLOT, 120000), "aligned length, radius r, angular angle");
	assert_sizes(turned(SHAPE_POLYGON, 15000), "diameter r, angular angle");
}

static void test_arcs_between_axes_need_no_angle(void **state)
{
	struct shape arc = {.kind = SHAPE_ARC};

	(void)state;
	arc.value[PARAM_START] = 90000;
	arc.value[PARAM_SWEEP] = 180000;
	assert_sizes(arc, "radius r");
	arc.value[PARAM_SWEEP] = 100000;
	assert_sizes(arc, "radius r, angular sweep");
	arc.value[PARAM_START] = 20000;
	assert_sizes(arc, "radius r, angular start, angular sweep");
}

static void test_every_point_has_a_position(void **state)
{
	struct shape triangle = {.kind = SHAPE_TRIANGLE, .point_count = 3};
	struct dimension list[DIMENSION_PER_SHAPE_MAX];

	(void)state;
	assert_int_equal(dimensions_of_shape(&triangle, 7, list), 6);
	for (int i = 0; i < 6; i++) {
		assert_int_equal(list[i].shape, 7);
		assert_int_equal(list[i].param, PARAM_POINTS);
		assert_int_equal(list[i].point, i / 2);
		assert_int_equal(list[i].kind, i % 2 ? DIM_POSITION_Y : DIM_POSITION_X);
	}
}

static struct dimension dimension(enum dim_kind kind, enum param param, int point)
{
	return (struct dimension){
		.kind = kind, .param = param, .point = point, .from = {.shape = SCENE_DATUM}};
}

/* What ISO letters for a dimension of a scene's first shape. */
static void assert_text(const struct scene *scene, struct dimension dim, const char *expected)
{
	struct style_sheet sheet = style_iso();
	struct rng rng = rng_seed(1, 1);
	struct style style = style_from_sheet(&sheet, &rng);
	struct callout callout = callout_from_dimension(scene, &dim);
	struct arena arena = {0};

	assert_string_equal(callout_write(&callout, &style, &arena).text, expected);
	arena_free(&arena);
}

static void test_primitives_are_lettered(void **state)
{
	struct shape s = {.kind = SHAPE_CIRCLE};
	struct scene scene = {.shape_count = 1, .shapes = &s};
	struct dimension dim = dimension(DIM_RADIUS, PARAM_R, 0);

	(void)state;
	s.value[PARAM_R] = 6250;
	assert_text(&scene, dim, "R6,25");
	dim.reference = true;
	assert_text(&scene, dim, "(R6,25)");
	dim = dimension(DIM_DIAMETER, PARAM_R, 0);
	assert_text(&scene, dim, "\u230012,5");
	dim.count = 4;
	assert_text(&scene, dim, "4\u00d7\u230012,5");
	s.value[PARAM_RX] = 10000;
	assert_text(&scene, dimension(DIM_LEVEL, PARAM_RX, 0), "20");
	s.value[PARAM_ANGLE] = 22500;
	assert_text(&scene, dimension(DIM_ANGULAR, PARAM_ANGLE, 0), "22,5\u00b0");
	s.kind = SHAPE_TRIANGLE;
	s.point_count = 3;
	s.points[2] = (struct point){7000, -500};
	assert_text(&scene, dimension(DIM_POSITION_X, PARAM_POINTS, 2), "7");
	assert_text(&scene, dimension(DIM_POSITION_Y, PARAM_POINTS, 2), "-0,5");
}

static void test_features_are_lettered(void **state)
{
	struct shape s = {.kind = SHAPE_COUNTERBORE};
	struct scene scene = {.shape_count = 1, .shapes = &s};

	(void)state;
	s.value[PARAM_D] = 9000;
	s.value[PARAM_CBORE_D] = 15000;
	s.value[PARAM_CBORE_DEPTH] = 8500;
	assert_text(&scene, dimension(DIM_COUNTERBORE, PARAM_D, 0),
		    "\u23009 \u2334\u230015 \u21a78,5");
	assert_text(&scene, dimension(DIM_DIAMETER, PARAM_D, 0), "\u23009");
	assert_text(&scene, dimension(DIM_SIDE_DIAMETER, PARAM_D, 0), "\u23009");
	s.value[PARAM_C] = 2000;
	assert_text(&scene, dimension(DIM_CHAMFER, PARAM_C, 0), "2\u00d745\u00b0");
	s.value[PARAM_THICKNESS] = 5000;
	assert_text(&scene, dimension(DIM_THICKNESS, PARAM_THICKNESS, 0), "t5");
	s.value[PARAM_D] = 8000;
	assert_text(&scene, dimension(DIM_THREAD, PARAM_D, 0), "M8");
	s.value[PARAM_PITCH] = 1250;
	assert_text(&scene, dimension(DIM_THREAD, PARAM_D, 0), "M8\u00d71,25");
}

/* Rounded once, from the exact product: no thousandth is rounded again. */
static void test_arc_lengths(void **state)
{
	struct shape s = {.kind = SHAPE_ARC, .value = {[PARAM_R] = 40000, [PARAM_SWEEP] = 75000}};
	struct scene scene = {.shape_count = 1, .shapes = &s};
	struct dimension dim = dimension(DIM_ARC_LENGTH, PARAM_SWEEP, 0);
	struct style style = {.decimals = 0};

	(void)state;
	assert_text(&scene, dim, "\u231252,36"); /* 52.35987... */
	dim.reference = true;
	assert_text(&scene, dim, "(\u231252,36)");
	assert_int_equal(dimension_value(&scene, &dim), 52360);
	assert_int_equal(dimension_arc_length(&s, 2), 52360);
	assert_int_equal(dimension_arc_length(&s, 1), 52400);
	assert_int_equal(dimension_arc_length(&s, 0), 52000);
	s.value[PARAM_SWEEP] = 180000;
	s.value[PARAM_R] = 19242; /* 60.45052... */
	assert_int_equal(dimension_arc_length(&s, 3), 60451);
	assert_int_equal(dimension_arc_length(&s, 1), 60500);
	s.value[PARAM_R] = 33883; /* 106.44658...; 106.45 is no half of 106.4 and 106.5 */
	assert_int_equal(dimension_arc_length(&s, 2), 106450);
	assert_int_equal(dimension_arc_length(&s, 1), 106400);
	assert_int_equal(dimension_arc_decimals(&s, &style), 3);
	s.value[PARAM_R] = 33880;
	assert_int_equal(dimension_arc_decimals(&s, &style), 3);
	s.value[PARAM_R] = 33500;
	assert_int_equal(dimension_arc_decimals(&s, &style), 2);
	s.value[PARAM_R] = 33000;
	assert_int_equal(dimension_arc_decimals(&s, &style), 1);
	style.decimals = 2;
	assert_int_equal(dimension_arc_decimals(&s, &style), 2);
}

/* The pitch of a label in inches is a length; lettering counts threads per inch. */
static void test_threads_in_inches(void **state)
{
	struct shape s = {.kind = SHAPE_TAPPED_HOLE,
			  .value = {[PARAM_D] = 250, [PARAM_PITCH] = 50}};
	struct scene scene = {.unit = UNIT_INCH, .shape_count = 1, .shapes = &s};
	struct dimension dim = dimension(DIM_THREAD, PARAM_D, 0);

	(void)state;
	assert_int_equal(callout_from_dimension(&scene, &dim).pitch, 20);
	s.value[PARAM_PITCH] = 0;
	assert_int_equal(callout_from_dimension(&scene, &dim).pitch, 0);
	scene.unit = UNIT_MM;
	s.value[PARAM_PITCH] = 1250;
	assert_int_equal(callout_from_dimension(&scene, &dim).pitch, 1250);
}

/* Four columns have three spaces. */
static void test_spaces(void **state)
{
	struct shape s = {.kind = SHAPE_HOLE_GRID,
			  .value = {[PARAM_COLUMNS] = 4,
				    [PARAM_ROWS] = 2,
				    [PARAM_DX] = 20000,
				    [PARAM_DY] = 7500}};
	struct scene scene = {.shape_count = 1, .shapes = &s};

	(void)state;
	assert_text(&scene, dimension(DIM_SPACES_X, PARAM_DX, 0), "3\u00d720 (=60)");
	assert_text(&scene, dimension(DIM_SPACES_Y, PARAM_DY, 0), "1\u00d77,5 (=7,5)");
	assert_text(&scene, dimension(DIM_LEVEL, PARAM_DX, 0), "20");
}

/* From the datum a coordinate with its sign; from elsewhere how far it is. */
static void test_positions_from_elsewhere(void **state)
{
	struct shape shapes[2] = {
		{.kind = SHAPE_HOLE, .value = {[PARAM_X] = -12000, [PARAM_Y] = 5000}},
		{.kind = SHAPE_HOLE, .value = {[PARAM_X] = 30500, [PARAM_Y] = 1000}}};
	struct scene scene = {.shape_count = 2, .shapes = shapes};
	struct dimension dim = dimension(DIM_POSITION_X, PARAM_X, 0);

	(void)state;
	assert_int_equal(dimension_value(&scene, &dim), -12000);
	dim.from = (struct feature){1, PARAM_X, 0};
	assert_int_equal(dimension_value(&scene, &dim), 42500);
	assert_text(&scene, dim, "42,5");
	dim.shape = 1;
	dim.from = (struct feature){0, PARAM_X, 0};
	assert_int_equal(dimension_value(&scene, &dim), 42500);
	dim = dimension(DIM_POSITION_Y, PARAM_Y, 0);
	dim.from = (struct feature){1, PARAM_Y, 0};
	assert_int_equal(dimension_value(&scene, &dim), 4000);
}

/* Positions on a line of running dimensions or ordinates, and all that a table says. */
static void test_what_has_room_for_the_number_alone(void **state)
{
	struct shape shapes[2] = {{.kind = SHAPE_PROFILE}, {.kind = SHAPE_HOLE}};
	struct dimension list[] = {
		{.kind = DIM_POSITION_X, .shape = 1, .param = PARAM_X, .from = {SCENE_DATUM, 0, 0}},
		{.kind = DIM_POSITION_Y, .shape = 1, .param = PARAM_Y, .from = {SCENE_DATUM, 0, 0}},
		{.kind = DIM_DIAMETER, .shape = 1, .param = PARAM_D, .from = {SCENE_DATUM, 0, 0}},
		{.kind = DIM_POSITION_X,
		 .shape = 0,
		 .param = PARAM_POINTS,
		 .point = 1,
		 .from = {SCENE_DATUM, 0, 0}}};
	static const bool bare[ARRANGE_COUNT_][4] = {[ARRANGE_RUNNING] = {true, true, false, true},
						     [ARRANGE_ORDINATE] = {true, true, false, true},
						     [ARRANGE_TABLE] = {true, true, true, false}};
	struct scene scene = {.family = FAMILY_PLATE,
			      .shape_count = 2,
			      .shapes = shapes,
			      .dimension_count = 4,
			      .dimensions = list};

	(void)state;
	for (int a = 0; a < ARRANGE_COUNT_; a++) {
		scene.arrangement = (enum arrangement)a;
		for (int i = 0; i < 4; i++)
			assert_int_equal(dimension_is_bare(&scene, &list[i]), bare[a][i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_level_shapes_need_no_angle),
		cmocka_unit_test(test_turned_shapes_print_their_angle),
		cmocka_unit_test(test_arcs_between_axes_need_no_angle),
		cmocka_unit_test(test_every_point_has_a_position),
		cmocka_unit_test(test_primitives_are_lettered),
		cmocka_unit_test(test_features_are_lettered),
		cmocka_unit_test(test_arc_lengths),
		cmocka_unit_test(test_threads_in_inches),
		cmocka_unit_test(test_spaces),
		cmocka_unit_test(test_positions_from_elsewhere),
		cmocka_unit_test(test_what_has_room_for_the_number_alone),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("dimension", tests, NULL, NULL);
}
