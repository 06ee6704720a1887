/* SPDX-License-Identifier: MIT */
/* annotations: where things are in pixels, which numbers they state, and the JSON to the letter. */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "formats/drawing/annotations.h"
#include "formats/encoding/json.h"

/* 100 mm drawn 200 px wide: px = 2 mm, y turned over. */
enum { SHEET_MM = 100, SIZE_PX = 200 };

static struct arena arena;

/* A rectangle, a circle at the same x, an open polyline that has a point there too. */
static struct shape shapes[] = {
	{.kind = SHAPE_RECTANGLE,
	 .value = {[PARAM_X] = 10000,
		   [PARAM_Y] = 20000,
		   [PARAM_WIDTH] = 30000,
		   [PARAM_HEIGHT] = 10000}},
	{.kind = SHAPE_CIRCLE, .value = {[PARAM_X] = 10000, [PARAM_Y] = 60000, [PARAM_R] = 5000}},
	{.kind = SHAPE_POLYLINE,
	 .point_count = 3,
	 .points = {{60000, 10000}, {70000, 20000}, {10000, 5000}}},
};

#define FROM_DATUM .from = {.shape = SCENE_DATUM}

static struct dimension dimensions[] = {
	{.kind = DIM_POSITION_X, .shape = 0, .param = PARAM_X, FROM_DATUM},
	{.kind = DIM_LEVEL, .shape = 0, .param = PARAM_WIDTH, FROM_DATUM},
	{.kind = DIM_UPRIGHT, .shape = 0, .param = PARAM_HEIGHT, FROM_DATUM},
	{.kind = DIM_POSITION_X, .shape = 1, .param = PARAM_X, FROM_DATUM},
	{.kind = DIM_DIAMETER, .shape = 1, .param = PARAM_R, FROM_DATUM},
	{.kind = DIM_POSITION_X, .shape = 2, .param = PARAM_POINTS, .point = 2, FROM_DATUM},
	{.kind = DIM_POSITION_Y, .shape = 2, .param = PARAM_POINTS, .point = 0, FROM_DATUM},
};

static const struct scene scene = {
	.sheet_um = {SHEET_MM * 1000, SHEET_MM * 1000},
	.scale_paper = 1,
	.scale_real = 1,
	.shape_count = 3,
	.shapes = shapes,
	.dimension_count = sizeof(dimensions) / sizeof(*dimensions),
	.dimensions = dimensions,
};

static struct drawing new_drawing(void)
{
	return (struct drawing){.width_mm = SHEET_MM, .height_mm = SHEET_MM, .scale = 1};
}

static void add_line(struct drawing *d, enum layer layer, int shape, int dimension, struct vec a,
		     struct vec b)
{
	struct stroke *s = drawing_add_stroke(d, &arena);

	s->layer = layer;
	s->shape = shape;
	s->dimension = dimension;
	path_add_line(&s->path, &arena, a, b);
}

static void add_outline(struct drawing *d, int shape)
{
	struct stroke *s = drawing_add_stroke(d, &arena);

	s->layer = LAYER_OUTLINE;
	s->shape = shape;
	s->path = path_from_shape(&shapes[shape], &arena);
}

static struct text *add_text(struct drawing *d, const char *utf8, int dimension, struct vec at)
{
	struct text *t = drawing_add_text(d, &arena);

	t->utf8 = utf8;
	t->at = at;
	t->width_mm = 4;
	t->height_mm = 3;
	t->dimension = dimension;
	return t;
}

static int teardown(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

static struct buf written(const struct annotations *a)
{
	struct json_doc doc;
	struct err err = {0};
	struct buf out = {0};

	annotations_write(a, "00000042", &out);
	assert_int_equal(json_parse(&doc, "annotations", out.data, out.len, &err), 0);
	json_free(&doc);
	assert_null(strchr(out.data, '\n'));
	return out;
}

static void assert_written(const struct drawing *d, const char *items)
{
	struct annotations a = annotations_from_drawing(d, &scene, SIZE_PX, &arena);
	struct buf out = written(&a), expected = {0};

	buf_str(&expected, "{\"id\":\"00000042\",\"width\":200,\"height\":200,\"items\":[");
	buf_str(&expected, items);
	buf_str(&expected, "]}");
	assert_string_equal(out.data, expected.data);
	buf_free(&out);
	buf_free(&expected);
}

static void test_empty(void **state)
{
	struct drawing d = new_drawing();

	(void)state;
	assert_written(&d, "");
}

static void test_outline(void **state)
{
	struct drawing d = new_drawing();

	(void)state;
	add_outline(&d, 0);
	assert_written(&d, "{\"class\":\"shape\",\"shape\":0,"
			   "\"polygon\":[20,160,80,160,80,140,20,140]}");
}

static void test_open_outline(void **state)
{
	struct drawing d = new_drawing();

	(void)state;
	add_outline(&d, 2);
	assert_written(&d, "{\"class\":\"shape\",\"shape\":2,\"open\":true,"
			   "\"polygon\":[120,180,140,160,20,190]}");
}

static void test_circle_is_flat_enough(void **state)
{
	struct drawing d = new_drawing();
	struct annotations a;

	(void)state;
	add_outline(&d, 1);
	a = annotations_from_drawing(&d, &scene, SIZE_PX, &arena);
	assert_int_equal(a.count, 1);
	assert_int_equal(a.items[0].class_, ANNOTATION_SHAPE);
	assert_true(a.items[0].polygon.closed);
	assert_in_range(a.items[0].polygon.count, 8, 40);
	for (int i = 0; i < a.items[0].polygon.count; i++) {
		struct vec p = a.items[0].polygon.points[i];
		struct vec q = a.items[0].polygon.points[(i + 1) % a.items[0].polygon.count];
		struct vec middle = vec((p.x + q.x) / 2 - 20, (p.y + q.y) / 2 - 80);
		assert_true(fabs(hypot(p.x - 20, p.y - 80) - 10) < 1e-9);
		assert_true(10 - hypot(middle.x, middle.y) <= 0.25 + 1e-9);
	}
}

/* Centre lines and whatever belongs to nobody are no shapes. */
static void test_only_edges_are_shapes(void **state)
{
	struct drawing d = new_drawing();

	(void)state;
	add_line(&d, LAYER_CENTRE, 1, DRAWING_NOBODY, vec(0, 0), vec(1, 1));
	add_line(&d, LAYER_OUTLINE, DRAWING_NOBODY, DRAWING_NOBODY, vec(0, 0), vec(1, 1));
	drawing_add_stroke(&d, &arena)->shape = 0; /* outline layer, but nothing drawn */
	assert_written(&d, "");
}

/* Each stroke is an item; all but outlines say what they are. */
static void test_edges_of_one_shape(void **state)
{
	struct drawing d = new_drawing();

	(void)state;
	add_line(&d, LAYER_OUTLINE, 1, DRAWING_NOBODY, vec(0, 0), vec(10, 0));
	add_line(&d, LAYER_HIDDEN, 1, DRAWING_NOBODY, vec(0, 10), vec(10, 10));
	add_line(&d, LAYER_THIN, 1, DRAWING_NOBODY, vec(0, 20), vec(10, 20));
	add_line(&d, LAYER_HATCH, 1, DRAWING_NOBODY, vec(0, 30), vec(10, 30));
	assert_written(&d, "{\"class\":\"shape\",\"shape\":1,\"open\":true,"
			   "\"polygon\":[0,200,20,200]},"
			   "{\"class\":\"shape\",\"layer\":\"hidden\",\"shape\":1,\"open\":true,"
			   "\"polygon\":[0,180,20,180]},"
			   "{\"class\":\"shape\",\"layer\":\"thin\",\"shape\":1,\"open\":true,"
			   "\"polygon\":[0,160,20,160]}");
}

static void test_text(void **state)
{
	struct drawing d = new_drawing();

	(void)state;
	add_text(&d, "Scale \"1:2\"", DRAWING_NOBODY, vec(10, 10))->layer = LAYER_NOTE;
	assert_written(&d, "{\"class\":\"text\",\"value\":\"Scale \\\"1:2\\\"\","
			   "\"polygon\":[20,180,28,180,28,174,20,174]}");
}

#define STATES_WIDTH                                                                               \
	"\"shape\":0,\"dimension\":1,\"states\":[{\"shape\":0,\"type\":\"rectangle\","             \
	"\"param\":\"width\"}],"

static void test_dimension_box(void **state)
{
	struct drawing d = new_drawing();
	struct arrow *a;

	(void)state;
	add_line(&d, LAYER_EXTENSION, 0, 1, vec(10, 20), vec(10, 12));
	add_line(&d, LAYER_DIMENSION, 0, 1, vec(10, 13), vec(40, 13));
	a = drawing_add_arrow(&d, &arena);
	*a = (struct arrow){ARROW_FILLED, vec(40.5, 13), vec(37, 13.5), vec(37, 12.5), 0, 1, 0};
	add_text(&d, "30", 1, vec(20, 14.1234))->shape = 0;
	assert_written(&d,
		       "{\"class\":\"dimension\",\"value\":\"30\",\"kind\":\"horizontal\","
		       "\"number\":30,\"unit\":\"mm\"," STATES_WIDTH
		       "\"polygon\":[20,176,81,176,81,160,20,160]},"
		       "{\"class\":\"text\",\"value\":\"30\"," STATES_WIDTH
		       "\"polygon\":[40,171.75,48,171.75,48,165.75,40,165.75]},"
		       "{\"class\":\"arrow\"," STATES_WIDTH "\"polygon\":[81,174,74,173,74,175]}");
}

#define STATES_SHARED                                                                              \
	"\"shape\":0,\"dimension\":0,\"states\":["                                                 \
	"{\"shape\":0,\"type\":\"rectangle\",\"param\":\"x\"},"                                    \
	"{\"shape\":1,\"type\":\"circle\",\"param\":\"x\"},"                                       \
	"{\"shape\":2,\"type\":\"polyline\",\"param\":\"points\",\"point\":2,\"axis\":\"x\"}],"

/* Position 10 along x is drawn once, for the first shape, and states three parameters. */
static void test_shared_position(void **state)
{
	struct drawing d = new_drawing();

	(void)state;
	add_text(&d, "10", 0, vec(5, 5))->shape = 0;
	assert_written(&d, "{\"class\":\"dimension\",\"value\":\"10\",\"kind\":\"position_x\","
			   "\"number\":10,\"unit\":\"mm\"," STATES_SHARED
			   "\"polygon\":[10,190,18,190,18,184,10,184]},"
			   "{\"class\":\"text\",\"value\":\"10\"," STATES_SHARED
			   "\"polygon\":[10,190,18,190,18,184,10,184]}");
}

/* The y of point 0 and a height of 10 and the circle's diameter of 10 are equal numbers only. */
static void test_equal_numbers_are_not_shared(void **state)
{
	struct drawing d = new_drawing();
	struct annotations a;
	struct buf out;

	(void)state;
	add_text(&d, "10", 6, vec(5, 5));
	add_text(&d, "10", 2, vec(15, 5));
	add_text(&d,
		 "\xe2\x8c\x80"
		 "10",
		 4, vec(25, 5));
	a = annotations_from_drawing(&d, &scene, SIZE_PX, &arena);
	out = written(&a);
	assert_non_null(strstr(out.data, "\"dimension\":6,\"states\":[{\"shape\":2,\"type\":"
					 "\"polyline\",\"param\":\"points\",\"point\":0,"
					 "\"axis\":\"y\"}]"));
	assert_non_null(strstr(out.data, "\"dimension\":2,\"states\":[{\"shape\":0,\"type\":"
					 "\"rectangle\",\"param\":\"height\"}]"));
	assert_non_null(strstr(out.data, "\"dimension\":4,\"states\":[{\"shape\":1,\"type\":"
					 "\"circle\",\"param\":\"r\"}]"));
	buf_free(&out);
}

/* Shapes as drawn, dimensions as in the scene, texts and arrows as drawn. */
static void test_order(void **state)
{
	struct drawing d = new_drawing();
	struct annotations a;

	(void)state;
	drawing_add_arrow(&d, &arena)->dimension = 4;
	add_text(&d, "b", 4, vec(5, 5));
	add_text(&d, "a", 1, vec(5, 5));
	add_outline(&d, 2);
	add_outline(&d, 0);
	a = annotations_from_drawing(&d, &scene, SIZE_PX, &arena);
	assert_int_equal(a.count, 7);
	assert_int_equal(a.items[0].shape, 2);
	assert_int_equal(a.items[1].shape, 0);
	assert_int_equal(a.items[2].class_, ANNOTATION_DIMENSION);
	assert_int_equal(a.items[2].dimension, 1);
	assert_string_equal(a.items[2].value, "a");
	assert_int_equal(a.items[3].dimension, 4);
	assert_string_equal(a.items[3].value, "b");
	assert_string_equal(a.items[4].value, "b");
	assert_string_equal(a.items[5].value, "a");
	assert_int_equal(a.items[6].class_, ANNOTATION_ARROW);
	assert_null(a.items[6].value);
}

static void test_title_block_field(void **state)
{
	struct drawing d = new_drawing();
	struct text *t;

	(void)state;
	t = add_text(&d, "C45", DRAWING_NOBODY, vec(10, 10));
	t->layer = LAYER_FRAME;
	t->field = "material";
	add_text(&d, "loose", DRAWING_NOBODY, vec(10, 20))->layer = LAYER_NOTE;
	assert_written(&d, "{\"class\":\"title_block_field\",\"value\":\"C45\","
			   "\"field\":\"material\",\"polygon\":[20,180,28,180,28,174,20,174]},"
			   "{\"class\":\"text\",\"value\":\"loose\","
			   "\"polygon\":[20,160,28,160,28,154,20,154]}");
}

/* A view without outlines has no box. */
static void test_views(void **state)
{
	struct drawing d = new_drawing();

	(void)state;
	d.view_count = 3;
	d.views[0] = (struct view){"front", {10, 10}, {10, 20, 50, 80}};
	d.views[1] = (struct view){"left", {60, 10}, {0, 0, 0, 0}};
	d.views[2] = (struct view){"A-A", {60, 10}, {60, 20, 90, 80}};
	assert_written(&d, "{\"class\":\"view\",\"name\":\"front\","
			   "\"polygon\":[20,160,100,160,100,40,20,40]},"
			   "{\"class\":\"view\",\"name\":\"A-A\","
			   "\"polygon\":[120,160,180,160,180,40,120,40]}");
}

/* Tip at (50,50) pointing right, 6 mm long: a tick 0.5 mm wide; a dot of a
 * third of the length. */
static void test_ticks_and_dots(void **state)
{
	struct arrow arrow = {.kind = ARROW_TICK,
			      .tip = vec(50, 50),
			      .left = vec(44, 51),
			      .right = vec(44, 49),
			      .shape = DRAWING_NOBODY,
			      .dimension = DRAWING_NOBODY,
			      .width_mm = 0.5};
	struct drawing d = new_drawing();
	struct annotations a;

	(void)state;
	*drawing_add_arrow(&d, &arena) = arrow;
	arrow.kind = ARROW_DOT;
	*drawing_add_arrow(&d, &arena) = arrow;
	arrow.kind = ARROW_OPEN;
	*drawing_add_arrow(&d, &arena) = arrow;
	a = annotations_from_drawing(&d, &scene, SIZE_PX, &arena);
	assert_int_equal(a.count, 3);
	assert_int_equal(a.items[0].polygon.count, 4);
	for (int i = 0; i < 4; i++) {
		struct vec p = vec_sub(a.items[0].polygon.points[i], vec(100, 100));

		assert_true(fabs(fabs(p.x + p.y) * sqrt(0.5) - 0.5) < 1e-9); /* across */
		assert_true(fabs(fabs(p.x - p.y) * sqrt(0.5) - 6) < 1e-9);   /* along */
	}
	assert_true(a.items[1].polygon.count >= 6);
	for (int i = 0; i < a.items[1].polygon.count; i++) {
		struct vec p = vec_sub(a.items[1].polygon.points[i], vec(100, 100));

		assert_true(fabs(vec_length(p) - 2) < 1e-9);
	}
	d.arrows[0] = d.arrows[2];
	d.arrow_count = 1;
	assert_written(&d, "{\"class\":\"arrow\",\"kind\":\"open\","
			   "\"polygon\":[100,100,88,98,88,102]}");
}

/* The longer side is the size, whichever it is. */
static void test_sides_of_the_sheet(void **state)
{
	struct drawing d = new_drawing();
	struct annotations a;

	(void)state;
	d.height_mm = 50;
	add_outline(&d, 0);
	a = annotations_from_drawing(&d, &scene, SIZE_PX, &arena);
	assert_int_equal(a.width_px, 200);
	assert_int_equal(a.height_px, 100);
	assert_true(a.items[0].polygon.points[0].y == 60);
	d.height_mm = 400;
	a = annotations_from_drawing(&d, &scene, SIZE_PX, &arena);
	assert_int_equal(a.width_px, 50);
	assert_int_equal(a.height_px, 200);
	assert_true(a.items[0].polygon.points[0].x == 5);
	assert_true(a.items[0].polygon.points[0].y == 190);
}

static int group_teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* A symbol is an item of its own, round all that it is drawn with; its lettering stays one, too. */
static void test_symbols(void **state)
{
	static const char *const names[] = {
#define S(id, name) name,
		DRAWING_SYMBOLS(S)
#undef S
	};

	(void)state;
	for (int kind = 0; kind < SYMBOL_COUNT_; kind++) {
		struct drawing d = new_drawing();
		struct drawing_progress before;
		char items[512];

		add_line(&d, LAYER_SYMBOL, DRAWING_NOBODY, DRAWING_NOBODY, vec(0, 0), vec(9, 9));
		before = drawing_progress(&d);
		add_line(&d, LAYER_SYMBOL, DRAWING_NOBODY, DRAWING_NOBODY, vec(10, 20),
			 vec(30, 25));
		add_text(&d, "A", DRAWING_NOBODY, vec(29, 23));
		drawing_add_symbol(&d, &arena, (enum symbol_kind)kind, "says", &before);
		snprintf(items, sizeof(items),
			 "{\"class\":\"text\",\"value\":\"A\",\"polygon\":[58,154,66,154,66,148,"
			 "58,148]},{\"class\":\"%s\",\"value\":\"says\",\"polygon\":[20,160,66,160,"
			 "66,148,20,148]}",
			 names[kind]);
		assert_written(&d, items);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_empty, teardown),
		cmocka_unit_test_teardown(test_outline, teardown),
		cmocka_unit_test_teardown(test_open_outline, teardown),
		cmocka_unit_test_teardown(test_circle_is_flat_enough, teardown),
		cmocka_unit_test_teardown(test_only_edges_are_shapes, teardown),
		cmocka_unit_test_teardown(test_edges_of_one_shape, teardown),
		cmocka_unit_test_teardown(test_text, teardown),
		cmocka_unit_test_teardown(test_dimension_box, teardown),
		cmocka_unit_test_teardown(test_shared_position, teardown),
		cmocka_unit_test_teardown(test_equal_numbers_are_not_shared, teardown),
		cmocka_unit_test_teardown(test_order, teardown),
		cmocka_unit_test_teardown(test_title_block_field, teardown),
		cmocka_unit_test_teardown(test_views, teardown),
		cmocka_unit_test_teardown(test_symbols, teardown),
		cmocka_unit_test_teardown(test_ticks_and_dots, teardown),
		cmocka_unit_test_teardown(test_sides_of_the_sheet, teardown),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, group_teardown);
}
