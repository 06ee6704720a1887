/* SPDX-License-Identifier: MIT */
/* dimension: which numbers are printed for each primitive, and how. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <string.h>

#include <cmocka.h>

#include "formats/dimension.h"

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

static void assert_text(struct shape shape, struct dimension dim, char mark, const char *expected)
{
	struct scene scene = {.shape_count = 1, .shapes = &shape};
	struct buf b = {0};

	dimension_text(&scene, &dim, mark, &b);
	assert_string_equal(b.data, expected);
	buf_free(&b);
}

static void test_printed_text(void **state)
{
	struct shape s = {.kind = SHAPE_CIRCLE};

	(void)state;
	s.value[PARAM_R] = 6250;
	assert_text(s, (struct dimension){DIM_DIAMETER, 0, PARAM_R, 0}, ',', "\u230012,5");
	assert_text(s, (struct dimension){DIM_RADIUS, 0, PARAM_R, 0}, '.', "R6.25");
	s.value[PARAM_RX] = 10000;
	assert_text(s, (struct dimension){DIM_LEVEL, 0, PARAM_RX, 0}, ',', "20");
	s.value[PARAM_ANGLE] = 22500;
	assert_text(s, (struct dimension){DIM_ANGULAR, 0, PARAM_ANGLE, 0}, ',', "22,5\u00b0");
	s.points[2] = (struct point){7000, -500};
	assert_text(s, (struct dimension){DIM_POSITION_X, 0, PARAM_POINTS, 2}, ',', "7");
	assert_text(s, (struct dimension){DIM_POSITION_Y, 0, PARAM_POINTS, 2}, ',', "-0,5");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_level_shapes_need_no_angle),
		cmocka_unit_test(test_turned_shapes_print_their_angle),
		cmocka_unit_test(test_arcs_between_axes_need_no_angle),
		cmocka_unit_test(test_every_point_has_a_position),
		cmocka_unit_test(test_printed_text),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("dimension", tests, NULL, NULL);
}
