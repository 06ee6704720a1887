/* SPDX-License-Identifier: MIT */
/*
 * dxf: what the dimensions of a drawing become, on drawings made by hand: a sheet of 200 x 150 mm at
 * 1:1 with the datum at (20,10), so that model space is the sheet moved by that.
 */
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

#include "formats/dimension.h"
#include "tests/dxf_groups.h"

#define GAP_MM 1.5

enum { DATUM_X = 20, DATUM_Y = 10 };

static struct arena arena;
static struct drawing drawing;
static struct shape shape;
static struct dimension dimension;
static struct scene scene;
static struct style style;

static int setup(void **state)
{
	(void)state;
	drawing = (struct drawing){.width_mm = 200,
				   .height_mm = 150,
				   .datum = vec(DATUM_X, DATUM_Y),
				   .scale = 1,
				   .unit_mm = 1};
	shape = (struct shape){.kind = SHAPE_RECTANGLE};
	dimension = (struct dimension){.from = {.shape = SCENE_DATUM}};
	scene = (struct scene){.sheet_um = {200000, 150000},
			       .scale_paper = 1,
			       .scale_real = 1,
			       .shape_count = 1,
			       .shapes = &shape,
			       .dimension_count = 1,
			       .dimensions = &dimension};
	style = dxf_iso_style();
	style.extension_gap_mm = GAP_MM;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	dxf_groups_free();
	arena_reset(&arena);
	return 0;
}

static void state_param(enum dim_kind kind, enum param param, int64_t value)
{
	dimension.kind = kind;
	dimension.param = param;
	shape.value[param] = value;
}

/* A point of the part on the sheet. */
static struct vec at(double x, double y)
{
	return vec(DATUM_X + x, DATUM_Y + y);
}

static void add_line(enum layer layer, struct vec a, struct vec b)
{
	struct stroke *s = drawing_add_stroke(&drawing, &arena);

	s->layer = layer;
	s->width_mm = 0.25;
	s->shape = s->dimension = 0;
	path_add_line(&s->path, &arena, a, b);
}

static void add_arrow(struct vec tip, struct vec way)
{
	struct vec base = vec_sub(tip, vec_scale(way, 3)), half = vec_scale(vec_perp(way), 0.5);

	*drawing_add_arrow(&drawing, &arena) = (struct arrow){(enum arrow_kind)style.arrow,
							      tip,
							      vec_add(base, half),
							      vec_sub(base, half),
							      0,
							      0,
							      style.thin_mm};
}

static void add_text(const char *utf8, double height, struct vec where)
{
	*drawing_add_text(&drawing, &arena) = (struct text){.utf8 = utf8,
							    .at = where,
							    .height_mm = height,
							    .width_mm = 6,
							    .layer = LAYER_DIMENSION,
							    .shape = 0,
							    .dimension = 0};
}

/* A dimension line from a to b, which are `far` out from the features that it extends. */
static void add_linear(struct vec a, struct vec b, double far)
{
	struct vec along = vec_unit(vec_sub(b, a)), out = vec_perp(along);

	for (int end = 0; end < 2; end++) {
		struct vec tip = end ? b : a;

		add_line(LAYER_EXTENSION, vec_sub(tip, vec_scale(out, far - GAP_MM)),
			 vec_add(tip, vec_scale(out, 2)));
	}
	add_line(LAYER_DIMENSION, a, b);
	add_arrow(a, vec_scale(along, -1));
	add_arrow(b, along);
}

/* The only DIMENSION, which is of this type in its own block. */
static int only_dimension(int type)
{
	int e;

	dxf_groups_make(&drawing, &scene, &style);
	e = dxf_find("DIMENSION", 0);
	assert_true(e > 0);
	assert_int_equal(dxf_find("DIMENSION", 1), -1);
	assert_int_equal(atoi(dxf_get(e, 70)), type + 32 + 128);
	assert_string_equal(dxf_get(e, 2), "*D1");
	assert_string_equal(dxf_get(e, 8), "dimension");
	return e;
}

static void assert_point(int entity, int code, double x, double y)
{
	dxf_assert_real(entity, code, x);
	dxf_assert_real(entity, code + 10, y);
}

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

		setup(state);
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
	drawing.strokes[0].path.segs[0].a = at(4 * 0.8, -4 * 0.6);
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
	drawing.stroke_count = 0;
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
	shape.kind = SHAPE_HOLE_GRID;
	shape.value[PARAM_COLUMNS] = 4;
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
	shape.value[PARAM_Y] = 35000;
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
	scene.family = FAMILY_PLATE;
	scene.arrangement = ARRANGE_ORDINATE;
	shape.kind = SHAPE_HOLE;
	state_param(DIM_POSITION_X, PARAM_X, 35000);
	add_line(LAYER_EXTENSION, at(35, 12 - GAP_MM), at(35, -4));
	line = &drawing.strokes[0];
	path_add_line(&line->path, &arena, at(35, -4), at(37, -7));
	path_add_line(&line->path, &arena, at(37, -7), at(37, -10));
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
	scene.family = FAMILY_PLATE;
	scene.arrangement = ARRANGE_TABLE;
	shape.kind = SHAPE_HOLE;
	state_param(DIM_POSITION_X, PARAM_X, 35000);
	add_text("35", 3.5, at(34, -15));
	dxf_groups_make(&drawing, &scene, &style);
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
	struct stroke *s = drawing_add_stroke(&drawing, &arena);

	s->width_mm = 0.5;
	path_add_arc(&s->path, &arena, at(x, y), r, r, 0, 0, 2 * M_PI);
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

			setup(state);
			shape.value[PARAM_R] = 10000;
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
	shape.value[PARAM_R] = 40000;
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
	struct stroke *s = drawing_add_stroke(&drawing, &arena);
	double sweep = degrees * M_PI / 180;

	s->layer = LAYER_DIMENSION;
	s->shape = s->dimension = 0;
	path_add_arc(&s->path, &arena, at(50, 50), radius, radius, 0, 0, sweep);
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

	setup(state);
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
	shape.value[PARAM_R] = 20000;
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

		setup(state);
		style.text_mm = 4;
		style.decimals = cases[i].decimals;
		style.leading_zero = cases[i].zero;
		style.decimal_mark = cases[i].mark == ',' ? STYLE_MARK_COMMA : STYLE_MARK_POINT;
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

	dxf_groups_make(&drawing, &scene, &style);
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

		setup(state);
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

		setup(state);
		style.arrow = i ? STYLE_ARROW_OPEN : STYLE_ARROW_FILLED;
		state_param(DIM_THICKNESS, PARAM_D, 5000);
		add_leader(1, "t5");
		drawing.arrows[0].kind = (enum arrow_kind)kinds[i];
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
	struct style own = style;
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
	style.exceptions = exceptions;
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
	dxf_groups_make(&drawing, &scene, &style);
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
	shape.value[PARAM_X] = 40000;
	state_param(DIM_POSITION_X, PARAM_X, 40000);
	add_linear(at(0, -20), at(40, -20), -20);
	add_text("40", 3.5, at(18, -19));
	box = drawing_add_stroke(&drawing, &arena);
	box->layer = LAYER_SYMBOL;
	box->dimension = box->shape = 0;
	box->path.closed = true;
	path_add_line(&box->path, &arena, at(17, -20), at(25, -20));
	path_add_line(&box->path, &arena, at(25, -20), at(17, -20));
	e = only_dimension(0);
	assert_string_equal(dxf_get(e, 1070), "147");
	assert_true(strtod(dxf_get(e, 1040), NULL) == -style.text_gap_mm);
	assert_string_equal(dxf_get(e, 1), "nothing");
}

/* Lettering without lines measures nothing, and lines without lettering neither. */
static void test_plain_dimensions(void **state)
{
	state_param(DIM_THICKNESS, PARAM_D, 5000);
	add_text("t5", 3.5, at(50, 50));
	dxf_groups_make(&drawing, &scene, &style);
	assert_true(dxf_find("TEXT", 0) > 0);
	assert_int_equal(dxf_find("DIMENSION", 0), -1);
	assert_int_equal(dxf_find("LEADER", 0), -1);

	setup(state);
	state_param(DIM_LEVEL, PARAM_WIDTH, 30000);
	add_linear(at(10, 50), at(40, 50), 10);
	dxf_groups_make(&drawing, &scene, &style);
	assert_int_equal(dxf_find("DIMENSION", 0), -1);
	assert_true(dxf_find("LINE", 2) > 0);
	assert_true(dxf_find("SOLID", 1) > 0);
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
		style.layout = layout;
		dxf_groups_make(&drawing, &scene, &style);
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
		style.decimals = cases[i].decimals;
		style.leading_zero = cases[i].zero;
		dxf_groups_make(&drawing, &scene, &style);
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
	drawing = (struct drawing){.width_mm = 254, .height_mm = 127, .scale = 50.8};
	scene.unit = UNIT_INCH;
	scene.scale_paper = 2;
	dxf_groups_make(&drawing, &scene, &style);
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
	setup(state);
	dxf_groups_make(&drawing, &scene, &style);
	assert_string_equal(dxf_header_of("$INSUNITS"), "4");
	assert_string_equal(dxf_header_of("$MEASUREMENT"), "1");
}

static void test_views_are_named(void **state)
{
	int seen = 0;

	(void)state;
	drawing.view_count = 2;
	drawing.views[0] = (struct view){"front", {0, 0}, {30, 30, 90, 70}};
	drawing.views[1] = (struct view){"A-A", {0, 0}, {110, 30, 130, 70}};
	dxf_groups_make(&drawing, &scene, &style);
	for (int i = 0; i < dxf_groups.count; i++) {
		if (!dxf_is(i, 0, "VIEW"))
			continue;
		assert_string_equal(dxf_get(i, 2), drawing.views[seen].name);
		assert_point(i, 10, seen ? 100 : 40, 40);
		dxf_assert_real(i, 40, 70); /* with a rim for dimensions */
		dxf_assert_real(i, 41, seen ? 50 : 90);
		seen++;
	}
	assert_int_equal(seen, 2);
}

static int group_teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

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
		TEST(test_leaders),
		TEST(test_dots_override_the_style),
		TEST(test_exceptions_override_the_style),
		TEST(test_what_else_a_leader_has),
		TEST(test_boxed_text),
		TEST(test_plain_dimensions),
		TEST(test_layouts),
		TEST(test_numbers_of_the_style),
		TEST(test_inches),
		TEST(test_views_are_named),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("dxf_dimension", tests, NULL, group_teardown);
}
