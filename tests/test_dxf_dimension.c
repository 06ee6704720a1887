/* SPDX-License-Identifier: MIT */
/* dxf: what the dimensions of a drawing become, on sheets drawn by hand. */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/dxf_sheet.h"

/* Each along another direction; the features lie 10 below, or right of, the line. */
static void test_linear_dimensions(void **state)
{
	static const struct {
		enum dim_kind kind;
		struct vec a, b;
		int type;
		double degrees;
		const char *text, *stated;
	} cases[] = {
		{DIM_LEVEL, {10, 50}, {40, 50}, 0, 0, "30", "nothing"},
		{DIM_LEVEL, {40, 50}, {10, 50}, 0, 0, "30", "nothing"},
		{DIM_UPRIGHT, {50, 10}, {50, 40}, 0, 90, "30", "nothing"},
		{DIM_UPRIGHT, {50, 40}, {50, 10}, 0, 90, "30", "nothing"},
		{DIM_ALIGNED, {0, 0}, {18, 24}, 1, 0, "30", "nothing"},
		{DIM_SIDE_DIAMETER, {50, 10}, {50, 40}, 0, 90, "\u230030", "%%c<>"},
		{DIM_SIDE_DIAMETER,
		 {50, 10},
		 {50, 40},
		 0,
		 90,
		 "2\u00d7\u230030 h7",
		 "2\\U+00D7%%c<> h7"},
		{DIM_DIAMETER, {50, 10}, {50, 40}, 0, 90, "\u230030", "%%c<>"},
		{DIM_CHAMFER, {10, 50}, {40, 50}, 0, 0, "30\u00d745\u00b0", "<>\\U+00D745%%d"},
		{DIM_THREAD, {50, 10}, {50, 40}, 0, 90, "M30\u00d71,5", "M<>\\U+00D71,5"},
		{DIM_THICKNESS, {10, 50}, {40, 50}, 0, 0, "t30", "t<>"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct vec a = at(cases[i].a.x, cases[i].a.y), b = at(cases[i].b.x, cases[i].b.y);
		struct vec out = vec_scale(vec_perp(vec_unit(vec_sub(b, a))), 10);
		int e;

		dxf_sheet_setup(state);
		state_param(cases[i].kind, PARAM_WIDTH, 30000);
		add_linear(a, b, 10);
		add_text(cases[i].text, 3.5, vec_add(a, vec(2, 1)));
		e = only_dimension(cases[i].type);
		assert_point(e, 10, cases[i].b.x, cases[i].b.y);
		assert_point(e, 11, cases[i].a.x + 5, cases[i].a.y + 2.75);
		assert_point(e, 13, cases[i].a.x - out.x, cases[i].a.y - out.y);
		assert_point(e, 14, cases[i].b.x - out.x, cases[i].b.y - out.y);
		dxf_assert_real(e, 42, 30);
		if (cases[i].type == 0)
			dxf_assert_real(e, 50, cases[i].degrees);
		assert_string_equal(dxf_get(e, 1), cases[i].stated);
	}
}

/* Features at unequal distances from the line: no aligned dimension can say that. */
static void test_uneven_features_are_rotated(void **state)
{
	int e;

	(void)state;
	state_param(DIM_ALIGNED, PARAM_WIDTH, 30000);
	add_linear(at(0, 0), at(18, 24), 10);
	sheet.drawing.strokes[0].path.segs[0].a = at(4 * 0.8, -4 * 0.6);
	add_text("30", 3.5, at(0, 0));
	e = only_dimension(0);
	dxf_assert_real(e, 50, atan2(24, 18) * 180 / M_PI);
}

/* Without extension lines the arrowheads stand on the outline itself. */
static void test_bare_ends(void **state)
{
	int e;

	(void)state;
	state_param(DIM_LEVEL, PARAM_WIDTH, 30000);
	add_linear(at(10, 50), at(40, 50), 10);
	sheet.drawing.stroke_count = 0;
	add_line(LAYER_DIMENSION, at(10, 50), at(20, 50)); /* broken by its text */
	add_line(LAYER_DIMENSION, at(30, 50), at(40, 50));
	add_text("30", 3.5, at(22, 48));
	e = only_dimension(0);
	assert_point(e, 13, 10, 50);
	assert_point(e, 14, 40, 50);
}

static void test_equal_spaces_measure_their_sum(void **state)
{
	int e;

	(void)state;
	sheet.shape.kind = SHAPE_HOLE_GRID;
	sheet.shape.value[PARAM_COLUMNS] = 4;
	state_param(DIM_SPACES_X, PARAM_DX, 20000);
	add_linear(at(10, 50), at(70, 50), 10);
	add_text("3\u00d720 (=60)", 3.5, at(30, 51));
	e = only_dimension(0);
	dxf_assert_real(e, 42, 60);
	assert_string_equal(dxf_get(e, 1), "3\\U+00D720 (=<>)");
}

/* A value beside a running line: measured from the datum, though its line is nobody's. */
static void test_running_position(void **state)
{
	int e;

	(void)state;
	sheet.shape.value[PARAM_Y] = 35000;
	state_param(DIM_POSITION_Y, PARAM_Y, 35000);
	add_line(LAYER_EXTENSION, at(28.5, 35), at(-10, 35));
	add_arrow(at(-10, 35), vec(0, 1));
	add_text("35", 3.5, at(-18, 33));
	e = only_dimension(0);
	assert_point(e, 14, 30, 35);
	dxf_assert_real(e, 23, 0);
	dxf_assert_real(e, 50, 90);
	assert_string_equal(dxf_get(e, 1), "nothing");
}

/* A value at the end of its extension line: measured from the datum to where the line begins. */
static void test_ordinates(void **state)
{
	struct stroke *line;
	int e;

	(void)state;
	sheet.scene.family = FAMILY_PLATE;
	sheet.scene.arrangement = ARRANGE_ORDINATE;
	sheet.shape.kind = SHAPE_HOLE;
	state_param(DIM_POSITION_X, PARAM_X, 35000);
	add_line(LAYER_EXTENSION, at(35, 12 - GAP_MM), at(35, -4));
	line = &sheet.drawing.strokes[0];
	path_add_line(&line->path, &sheet.arena, at(35, -4), at(37, -7));
	path_add_line(&line->path, &sheet.arena, at(37, -7), at(37, -10));
	add_text("35", 3.5, at(34, -15));
	e = only_dimension(6 + 64);
	assert_point(e, 10, 0, 0);
	assert_point(e, 13, 35, 12);
	assert_point(e, 14, 37, -10);
	dxf_assert_real(e, 42, 35);
	assert_string_equal(dxf_get(e, 1), "nothing");
	dxf_groups_free();
	state_param(DIM_POSITION_Y, PARAM_Y, 12000);
	e = only_dimension(6);
	dxf_assert_real(e, 42, 12);
	assert_string_equal(dxf_get(e, 1), "35");
}

/* Without a line, as in a table, it is lettering alone. */
static void test_cells_are_texts(void **state)
{
	(void)state;
	sheet.scene.family = FAMILY_PLATE;
	sheet.scene.arrangement = ARRANGE_TABLE;
	sheet.shape.kind = SHAPE_HOLE;
	state_param(DIM_POSITION_X, PARAM_X, 35000);
	add_text("35", 3.5, at(34, -15));
	dxf_groups_make(&sheet.drawing, &sheet.scene, &sheet.style);
	assert_int_equal(dxf_find("DIMENSION", 0), -1);
	assert_int_equal(dxf_count(0, "TEXT"), 1);
}

/* Half a dimension of a symmetric part: one arrowhead, the line over the middle. */
static void test_half_a_dimension(void **state)
{
	int e;

	(void)state;
	state_param(DIM_SIDE_DIAMETER, PARAM_D, 40000);
	add_line(LAYER_EXTENSION, at(60 - GAP_MM, 20), at(48, 20));
	add_line(LAYER_DIMENSION, at(50, 20), at(50, -5));
	add_arrow(at(50, 20), vec(0, 1));
	add_text("\u230040", 3.5, at(48, 0));
	e = only_dimension(0);
	assert_point(e, 14, 60, 20);
	dxf_assert_real(e, 23, -20);
	dxf_assert_real(e, 50, 90);
	dxf_assert_real(e, 42, 40);
}

static void add_circle(double x, double y, double r)
{
	struct stroke *s = drawing_add_stroke(&sheet.drawing, &sheet.arena);

	s->width_mm = 0.5;
	path_add_arc(&s->path, &sheet.arena, at(x, y), r, r, 0, 0, 2 * M_PI);
}

/* Of two circles through the tip the one of the dimension's radius, whoever owns it. */
static void test_radial_dimensions(void **state)
{
	struct vec out = vec(0.6, 0.8);

	for (int diameter = 0; diameter < 2; diameter++) {
		for (int leads = 0; leads < 2; leads++) {
			struct vec tip = vec(50 + 10 * out.x, 40 + 10 * out.y);
			struct vec other =
				leads ? vec(50 + 18 * out.x, 40 + 18 * out.y) : vec(50, 40);
			int e;

			dxf_sheet_setup(state);
			sheet.shape.value[PARAM_R] = 10000;
			state_param(diameter ? DIM_DIAMETER : DIM_RADIUS, PARAM_R, 10000);
			add_circle(50 - 4 * out.x, 40 - 4 * out.y, 14);
			add_circle(50, 40, 10);
			add_line(LAYER_DIMENSION, at(tip.x, tip.y), at(other.x, other.y));
			add_arrow(at(tip.x, tip.y), out);
			add_text(diameter ? "\u230020" : "R10", 3.5, at(60, 50));
			e = only_dimension(diameter ? 3 : 4);
			assert_point(e, 15, tip.x, tip.y);
			assert_point(e, 10, diameter ? 100 - tip.x : 50,
				     diameter ? 80 - tip.y : 40);
			dxf_assert_real(e, 40, leads ? 8 : 0);
			dxf_assert_real(e, 42, diameter ? 20 : 10);
			assert_string_equal(dxf_get(e, 1), "nothing");
		}
	}
}

/* The jog is in the block alone: what is measured is the true radius. */
static void test_foreshortened_radius(void **state)
{
	int e;

	(void)state;
	sheet.shape.value[PARAM_R] = 40000;
	state_param(DIM_RADIUS, PARAM_R, 40000);
	add_circle(50, 40, 40);
	add_line(LAYER_DIMENSION, at(90, 40), at(75, 40));
	add_line(LAYER_DIMENSION, at(75, 40), at(72, 45));
	add_line(LAYER_DIMENSION, at(72, 45), at(60, 45));
	add_arrow(at(90, 40), vec(1, 0));
	add_text("R40", 3.5, at(78, 41));
	e = only_dimension(4);
	assert_point(e, 15, 90, 40);
	assert_point(e, 10, 50, 40);
	dxf_assert_real(e, 40, 0);
	dxf_assert_real(e, 42, 40);
	assert_string_equal(dxf_get(e, 1), "nothing");
}

static void add_arc(double radius, double degrees)
{
	struct stroke *s = drawing_add_stroke(&sheet.drawing, &sheet.arena);
	double sweep = degrees * M_PI / 180;

	s->layer = LAYER_DIMENSION;
	s->shape = s->dimension = 0;
	path_add_arc(&s->path, &sheet.arena, at(50, 50), radius, radius, 0, 0, sweep);
	add_arrow(at(50 + radius, 50), vec(0, -1));
	add_arrow(vec_add(at(50, 50), vec_polar(radius, sweep)), vec(0, 1));
}

static void test_angles(void **state)
{
	int e;

	(void)state;
	state_param(DIM_ANGULAR, PARAM_ANGLE, 40500);
	add_arc(20, 40.5);
	add_text("40,5\u00b0", 3.5, at(72, 60));
	e = only_dimension(2);
	assert_point(e, 15, 50, 50);
	assert_point(e, 14, 70, 50);
	dxf_assert_real(e, 42, 40.5 * M_PI / 180);
	assert_string_equal(dxf_get(e, 1), "nothing");

	dxf_sheet_setup(state);
	state_param(DIM_ANGULAR, PARAM_SWEEP, 200000);
	add_arc(20, 200);
	add_text("200\u00b0\u00b11\u00b0", 3.5, at(72, 60));
	e = only_dimension(5);
	assert_point(e, 13, 70, 50);
	assert_string_equal(dxf_get(e, 1), "<>%%p1%%d");
}

/* No entity of AutoCAD 2000 measures along an arc. */
static void test_arc_length_is_an_angle_that_states_it(void **state)
{
	int e;

	(void)state;
	state_param(DIM_ARC_LENGTH, PARAM_SWEEP, 90000);
	sheet.shape.value[PARAM_R] = 20000;
	add_arc(20, 90);
	add_text("\u231231,416", 3.5, at(72, 60));
	e = only_dimension(2);
	dxf_assert_real(e, 42, M_PI / 2);
	assert_string_equal(dxf_get(e, 1), "\\U+231231,416");
}

/* What the CAD system would print is not stated; else "<>" stands for it wherever it is whole. */
static void test_stated_texts(void **state)
{
	static const struct {
		int64_t value;
		int decimals, zero, mark;
		const char *line, *upper, *lower, *stated;
	} cases[] = {
		{12500, 0, STYLE_ZERO_YES, ',', "12,5", NULL, NULL, "nothing"},
		{12500, 0, STYLE_ZERO_YES, '.', "12.5", NULL, NULL, "nothing"},
		{12500, 2, STYLE_ZERO_YES, ',', "12,50", NULL, NULL, "nothing"},
		{500, 0, STYLE_ZERO_YES, ',', "0,5", NULL, NULL, "nothing"},
		{500, 0, STYLE_ZERO_NO, '.', ".5", NULL, NULL, "nothing"},
		{500, 3, STYLE_ZERO_NO, '.', ".500", NULL, NULL, "nothing"},
		{12000, 0, STYLE_ZERO_YES, ',', "12", NULL, NULL, "nothing"},
		{12000, 1, STYLE_ZERO_YES, ',', "12,0", NULL, NULL, "nothing"},
		{1375, 2, STYLE_ZERO_NO, '.', "1.375", NULL, NULL, "1.375"}, /* printed 1.38 */
		{12500, 0, STYLE_ZERO_YES, ',', "12.5", NULL, NULL, "12.5"},
		{12000, 0, STYLE_ZERO_YES, ',', "(12)", NULL, NULL, "(<>)"},
		{12000, 0, STYLE_ZERO_YES, ',', "12\u00b10,1", NULL, NULL, "<>%%p0,1"},
		{12000, 0, STYLE_ZERO_YES, ',', "12 H7/g6", NULL, NULL, "<> H7/g6"},
		{4000, 0, STYLE_ZERO_YES, ',', "4\u00d74", NULL, NULL, "4\\U+00D7<>"},
		{2000, 0, STYLE_ZERO_YES, ',', "12,2", NULL, NULL, "12,2"},
		{12000, 0, STYLE_ZERO_YES, ',', "12", "+0,1", "-0,2", "<>{\\H0.5x;\\S+0,1^ -0,2;}"},
		{12000, 0, STYLE_ZERO_YES, ',', NULL, "12,1", "11,9", "{\\H0.5x;\\S12,1^ 11,9;}"},
		{12000, 0, STYLE_ZERO_YES, ',', "a{b}\\c", NULL, NULL, "a\\{b\\}\\\\c"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		double length = (double)cases[i].value / 1000;

		dxf_sheet_setup(state);
		sheet.style.text_mm = 4;
		sheet.style.decimals = cases[i].decimals;
		sheet.style.leading_zero = cases[i].zero;
		sheet.style.decimal_mark =
			cases[i].mark == ',' ? STYLE_MARK_COMMA : STYLE_MARK_POINT;
		state_param(DIM_LEVEL, PARAM_WIDTH, cases[i].value);
		add_linear(at(10, 50), at(10 + length, 50), 10);
		if (cases[i].line)
			add_text(cases[i].line, 4, at(10, 51));
		if (cases[i].upper) {
			add_text(cases[i].upper, 2, at(17, 53));
			add_text(cases[i].lower, 2, at(17, 50));
		}
		assert_string_equal(dxf_get(only_dimension(0), 1), cases[i].stated);
	}
}

/* The text's middle is that of the line with its stack. */
static void test_stack_belongs_to_the_text(void **state)
{
	int e;

	(void)state;
	state_param(DIM_LEVEL, PARAM_WIDTH, 12000);
	add_linear(at(10, 50), at(22, 50), 10);
	add_text("12", 4, at(10, 51));
	add_text("+0,1", 2, at(17, 53.5));
	add_text("-0,2", 2, at(17, 50.5));
	e = only_dimension(0);
	assert_point(e, 11, 16.5, 53);
	assert_int_equal(dxf_count(0, "TEXT"), 3); /* in the block */
	assert_int_equal(dxf_find("TEXT", 0), -1);
}

/* Lettering without lines measures nothing, and lines without lettering neither. */
static void test_plain_dimensions(void **state)
{
	state_param(DIM_THICKNESS, PARAM_D, 5000);
	add_text("t5", 3.5, at(50, 50));
	dxf_groups_make(&sheet.drawing, &sheet.scene, &sheet.style);
	assert_true(dxf_find("TEXT", 0) > 0);
	assert_int_equal(dxf_find("DIMENSION", 0), -1);
	assert_int_equal(dxf_find("LEADER", 0), -1);

	dxf_sheet_setup(state);
	state_param(DIM_LEVEL, PARAM_WIDTH, 30000);
	add_linear(at(10, 50), at(40, 50), 10);
	dxf_groups_make(&sheet.drawing, &sheet.scene, &sheet.style);
	assert_int_equal(dxf_find("DIMENSION", 0), -1);
	assert_true(dxf_find("LINE", 2) > 0);
	assert_true(dxf_find("SOLID", 1) > 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, dxf_sheet_setup, dxf_sheet_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_linear_dimensions),
		TEST(test_uneven_features_are_rotated),
		TEST(test_bare_ends),
		TEST(test_equal_spaces_measure_their_sum),
		TEST(test_running_position),
		TEST(test_ordinates),
		TEST(test_cells_are_texts),
		TEST(test_half_a_dimension),
		TEST(test_radial_dimensions),
		TEST(test_foreshortened_radius),
		TEST(test_angles),
		TEST(test_arc_length_is_an_angle_that_states_it),
		TEST(test_stated_texts),
		TEST(test_stack_belongs_to_the_text),
		TEST(test_plain_dimensions),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("dxf_dimension", tests, NULL, dxf_sheet_end);
}
