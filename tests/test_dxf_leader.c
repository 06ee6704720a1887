/* SPDX-License-Identifier: MIT */
/*
 * dxf: what the leaders of a drawing become, on sheets drawn by hand; and the style that they share
 * with dimensions, with what overrides it, the file's unit and its views.
 */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/dxf_sheet.h"

/* A leader as the drafter draws it: an oblique line with an arrowhead, and a shelf to the right
 * (way 1) or left. */
static void add_leader(double way, const char *text)
{
	add_line(LAYER_DIMENSION, at(50, 40), at(50 + way * 8, 52));
	add_line(LAYER_DIMENSION, at(50 + way * 8, 52), at(50 + way * 16, 52));
	add_arrow(at(50, 40), vec(0, -1));
	add_text(text, 3.5, at(way > 0 ? 59 : 35, 53));
}

static int only_leader(void)
{
	int e;

	dxf_groups_make(&sheet.drawing, &sheet.scene, &sheet.style);
	e = dxf_find("LEADER", 0);
	assert_true(e > 0);
	assert_int_equal(dxf_find("LEADER", 1), -1);
	assert_int_equal(dxf_find("DIMENSION", 0), -1);
	assert_int_equal(dxf_find("LINE", 0), -1);
	assert_int_equal(dxf_find("SOLID", 0), -1);
	assert_int_equal(dxf_find("TEXT", 0), -1);
	return e;
}

static void test_leaders(void **state)
{
	static const struct {
		enum dim_kind kind;
		const char *text, *stated;
	} cases[] = {
		{DIM_CHAMFER, "2\u00d745\u00b0", "2\\U+00D745%%d"},
		{DIM_THREAD, "M8\u00d71,25", "M8\\U+00D71,25"},
		{DIM_COUNTERBORE, "\u23009 \u2334\u230015 \u21a78", "%%c9 \\U+2334%%c15 \\U+21A78"},
		{DIM_COUNTERSINK, "\u23009 \u2335\u230015\u00d790\u00b0",
		 "%%c9 \\U+2335%%c15\\U+00D790%%d"},
		{DIM_THICKNESS, "t5", "t5"},
		{DIM_RADIUS, "R7", "R7"}, /* no such circle is drawn */
		{DIM_SIDE_DIAMETER, "\u230020", "%%c20"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		double way = i % 2 ? -1 : 1;
		int e, text;

		dxf_sheet_setup(state);
		state_param(cases[i].kind, PARAM_D, 8000);
		add_leader(way, cases[i].text);
		e = only_leader();
		assert_string_equal(dxf_get(e, 76), "3");
		assert_point(e, 10, 50, 40);
		for (int k = 0; k < 3; k++) {
			static const double x[] = {0, 8, 16}, y[] = {40, 52, 52};

			assert_true(strtod(dxf_get_nth(e, 10, k), NULL) == 50 + way * x[k]);
			assert_true(strtod(dxf_get_nth(e, 20, k), NULL) == y[k]);
		}
		text = dxf_find("MTEXT", 0);
		assert_string_equal(dxf_get(text, 1), cases[i].stated);
		assert_string_equal(dxf_get(e, 340), dxf_get(text, 5));
		assert_string_equal(dxf_get_nth(text, 330, 0), dxf_get(e, 5));
		assert_string_equal(dxf_get(text, 71), way > 0 ? "4" : "6");
		assert_point(text, 10, way > 0 ? 59 : 41, 54.75);
		assert_string_equal(dxf_get(e, 1001), "nothing");
	}
}

/* A leader that ends in a face has a dot in any style. */
static void test_dots_override_the_style(void **state)
{
	static const int kinds[] = {ARROW_DOT, ARROW_FILLED};

	for (int i = 0; i < 2; i++) {
		char handle[16];
		int e;

		dxf_sheet_setup(state);
		sheet.style.arrow = i ? STYLE_ARROW_OPEN : STYLE_ARROW_FILLED;
		state_param(DIM_THICKNESS, PARAM_D, 5000);
		add_leader(1, "t5");
		sheet.drawing.arrows[0].kind = (enum arrow_kind)kinds[i];
		e = only_leader();
		assert_string_equal(dxf_get(e, 1001), "ACAD");
		assert_string_equal(dxf_get(e, 1000), "DSTYLE");
		/* Blocks of arrowheads are as long as filled ones are drawn. */
		if (i == 0)
			assert_string_equal(dxf_get(e, 1070), "41");
		assert_string_equal(dxf_get(e, 1040), i == 0 ? "1.166666667" : "nothing");
		assert_string_equal(dxf_get_nth(e, 1070, i == 0), "341");
		strcpy(handle, "0");
		for (int k = 0; k < dxf_groups.count && i == 0; k++)
			if (dxf_is(k, 0, "BLOCK_RECORD") && strcmp(dxf_get(k, 2), "_DOT") == 0)
				snprintf(handle, sizeof(handle), "%s", dxf_get(k, 5));
		assert_string_equal(dxf_get(e, 1005), handle);
		assert_int_equal(strcmp(handle, "0") == 0, i == 1);
	}
}

/* The value that follows a variable in the extended data, or "nothing". */
static const char *overridden(int entity, const char *variable)
{
	for (int i = entity + 1; i + 1 < dxf_groups.count && dxf_groups.code[i] != 0; i++)
		if (dxf_is(i, 1070, variable))
			return dxf_groups.value[i + 1];
	return "nothing";
}

/* What a dimension of another style has of its own, so that its value is printed as it is drawn. */
static void test_exceptions_override_the_style(void **state)
{
	struct style own = sheet.style;
	const struct style *exceptions[1] = {&own};
	int e;

	(void)state;
	own.decimal_mark = STYLE_MARK_POINT;
	own.text_mm = 5;
	own.extension_gap_mm = GAP_MM / 2;
	own.extension_over_mm = 4;
	own.thin_mm = 0.5;
	own.layout = STYLE_LAYOUT_INLINE;
	own.decimals = 2;
	sheet.style.exceptions = exceptions;
	state_param(DIM_LEVEL, PARAM_WIDTH, 12500);
	add_linear(at(0, 20), at(12.5, 20), 10);
	add_text("12.50", 5, at(3, 21));
	e = only_dimension(0);
	assert_string_equal(dxf_get(e, 1), "nothing");
	assert_string_equal(overridden(e, "278"), "46");
	assert_string_equal(overridden(e, "140"), "5.0");
	assert_string_equal(overridden(e, "42"), "0.75");
	assert_string_equal(overridden(e, "44"), "4.0");
	assert_string_equal(overridden(e, "371"), "50");
	assert_string_equal(overridden(e, "73"), "1");
	assert_string_equal(overridden(e, "77"), "0");
	assert_string_equal(overridden(e, "271"), "2");
	assert_string_equal(overridden(e, "41"), "nothing"); /* as the style has it */
	assert_string_equal(overridden(e, "342"), "nothing");
	/* The feature that the shorter gap leads to. */
	assert_point(e, 13, 0, 10 + GAP_MM / 2);
}

/* A second leader of the same text, and the box of a theoretically exact value, stay as drawn. */
static void test_what_else_a_leader_has(void **state)
{
	int e;

	(void)state;
	state_param(DIM_CHAMFER, PARAM_C, 2000);
	add_leader(1, "2\u00d72\u00d745\u00b0");
	add_line(LAYER_DIMENSION, at(70, 40), at(58, 52));
	add_arrow(at(70, 40), vec(0, -1));
	dxf_groups_make(&sheet.drawing, &sheet.scene, &sheet.style);
	e = dxf_find("LEADER", 0);
	assert_string_equal(dxf_get(e, 76), "3");
	assert_point(dxf_find("LINE", 0), 10, 70, 40);
	assert_int_equal(dxf_find("LINE", 1), -1);
	assert_true(dxf_find("SOLID", 0) > 0);
	assert_int_equal(dxf_find("SOLID", 1), -1);
}

static void test_boxed_text(void **state)
{
	struct stroke *box;
	int e;

	(void)state;
	sheet.shape.value[PARAM_X] = 40000;
	state_param(DIM_POSITION_X, PARAM_X, 40000);
	add_linear(at(0, -20), at(40, -20), -20);
	add_text("40", 3.5, at(18, -19));
	box = drawing_add_stroke(&sheet.drawing, &sheet.arena);
	box->layer = LAYER_SYMBOL;
	box->dimension = box->shape = 0;
	box->path.closed = true;
	path_add_line(&box->path, &sheet.arena, at(17, -20), at(25, -20));
	path_add_line(&box->path, &sheet.arena, at(25, -20), at(17, -20));
	e = only_dimension(0);
	assert_string_equal(dxf_get(e, 1070), "147");
	assert_true(strtod(dxf_get(e, 1040), NULL) == -sheet.style.text_gap_mm);
	assert_string_equal(dxf_get(e, 1), "nothing");
}

static void test_layouts(void **state)
{
	static const char *const wanted[][3] = {
		[STYLE_LAYOUT_ORIENTED] = {"0", "0", "1"},
		[STYLE_LAYOUT_REFERENCED] = {"1", "1", "1"},
		[STYLE_LAYOUT_INLINE] = {"1", "1", "0"},
		[STYLE_LAYOUT_BROKEN] = {"0", "0", "0"},
	};

	(void)state;
	for (int layout = 0; layout < 4; layout++) {
		sheet.style.layout = layout;
		dxf_groups_make(&sheet.drawing, &sheet.scene, &sheet.style);
		assert_string_equal(dxf_header_of("$DIMTIH"), wanted[layout][0]);
		assert_string_equal(dxf_header_of("$DIMTOH"), wanted[layout][1]);
		assert_string_equal(dxf_header_of("$DIMTAD"), wanted[layout][2]);
	}
}

static void test_numbers_of_the_style(void **state)
{
	static const struct {
		int decimals, zero;
		const char *dec, *zin, *azin;
	} cases[] = {
		{0, STYLE_ZERO_YES, "3", "8", "2"},
		{0, STYLE_ZERO_NO, "3", "12", "3"},
		{2, STYLE_ZERO_YES, "2", "0", "2"},
		{3, STYLE_ZERO_NO, "3", "4", "3"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		sheet.style.decimals = cases[i].decimals;
		sheet.style.leading_zero = cases[i].zero;
		dxf_groups_make(&sheet.drawing, &sheet.scene, &sheet.style);
		assert_string_equal(dxf_header_of("$DIMDEC"), cases[i].dec);
		assert_string_equal(dxf_header_of("$DIMZIN"), cases[i].zin);
		assert_string_equal(dxf_header_of("$DIMAZIN"), cases[i].azin);
	}
}

/* At 2:1 in inches: a sheet of 254 x 127 mm is 5 x 2.5 inches of the part. */
static void test_inches(void **state)
{
	int e;

	(void)state;
	sheet.drawing = (struct drawing){.width_mm = 254, .height_mm = 127, .scale = 50.8};
	sheet.scene.unit = UNIT_INCH;
	sheet.scene.scale_paper = 2;
	dxf_groups_make(&sheet.drawing, &sheet.scene, &sheet.style);
	assert_string_equal(dxf_header_of("$INSUNITS"), "1");
	assert_string_equal(dxf_header_of("$MEASUREMENT"), "0");
	for (e = 0; !dxf_is(e, 9, "$LIMMAX"); e++)
		;
	assert_true(strtod(dxf_groups.value[e + 1], NULL) == 5);
	assert_true(strtod(dxf_groups.value[e + 2], NULL) == 2.5);
	for (e = 0; !dxf_is(e, 0, "LAYOUT"); e++)
		;
	dxf_assert_real(e, 142, 50.8);
	dxf_assert_real(e, 143, 1);
	dxf_assert_real(e, 147, 50.8);
	dxf_assert_real(e, 44, 254);
	dxf_assert_real(e, 45, 127);
	dxf_sheet_setup(state);
	dxf_groups_make(&sheet.drawing, &sheet.scene, &sheet.style);
	assert_string_equal(dxf_header_of("$INSUNITS"), "4");
	assert_string_equal(dxf_header_of("$MEASUREMENT"), "1");
}

static void test_views_are_named(void **state)
{
	int seen = 0;

	(void)state;
	sheet.drawing.view_count = 2;
	sheet.drawing.views[0] = (struct view){"front", {0, 0}, {30, 30, 90, 70}};
	sheet.drawing.views[1] = (struct view){"A-A", {0, 0}, {110, 30, 130, 70}};
	dxf_groups_make(&sheet.drawing, &sheet.scene, &sheet.style);
	for (int i = 0; i < dxf_groups.count; i++) {
		if (!dxf_is(i, 0, "VIEW"))
			continue;
		assert_string_equal(dxf_get(i, 2), sheet.drawing.views[seen].name);
		assert_point(i, 10, seen ? 100 : 40, 40);
		dxf_assert_real(i, 40, 70); /* with a rim for dimensions */
		dxf_assert_real(i, 41, seen ? 50 : 90);
		seen++;
	}
	assert_int_equal(seen, 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, dxf_sheet_setup, dxf_sheet_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_leaders),
		TEST(test_dots_override_the_style),
		TEST(test_exceptions_override_the_style),
		TEST(test_what_else_a_leader_has),
		TEST(test_boxed_text),
		TEST(test_layouts),
		TEST(test_numbers_of_the_style),
		TEST(test_inches),
		TEST(test_views_are_named),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("dxf_leader", tests, NULL, dxf_sheet_end);
}
