/* SPDX-License-Identifier: MIT */
/*
 * annotations_write: what a dimension says as numbers, and which numbers of the label it states; by
 * hand for each kind, then for fresh samples of every family in every style.
 */
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
#include "formats/drawing/dimension.h"
#include "formats/encoding/json.h"
#include "formats/scene/plate.h"
#include "gen/sample_main.h"
#include "tests/random_shapes.h"
#include "tests/sample_settings.h"

#define DIMENSIONS_MAX 8
#define SHAPES_MAX 8

static struct arena arena;
static struct shape shapes[SHAPES_MAX];
static struct dimension dimensions[DIMENSIONS_MAX];
static struct scene scene;
static struct drawing drawing;
static struct buf line;

static int setup(void **state)
{
	(void)state;
	memset(shapes, 0, sizeof(shapes));
	memset(dimensions, 0, sizeof(dimensions));
	for (int i = 0; i < DIMENSIONS_MAX; i++)
		dimensions[i].from.shape = SCENE_DATUM;
	scene = (struct scene){.family = FAMILY_PLATE,
			       .sheet_um = {100000, 100000},
			       .scale_paper = 1,
			       .scale_real = 1,
			       .shapes = shapes,
			       .dimensions = dimensions};
	drawing = (struct drawing){.width_mm = 100, .height_mm = 100, .scale = 1};
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_reset(&arena);
	buf_clear(&line);
	return 0;
}

static struct shape *add_shape(enum shape_kind kind)
{
	struct shape *s = &shapes[scene.shape_count++];

	s->kind = kind;
	return s;
}

static struct dimension *add_dimension(enum dim_kind kind, int shape, enum param param)
{
	struct dimension *d = &dimensions[scene.dimension_count++];

	d->kind = kind;
	d->shape = shape;
	d->param = param;
	return d;
}

static void add_text(const char *utf8, int dimension)
{
	struct text *t = drawing_add_text(&drawing, &arena);

	t->utf8 = utf8;
	t->width_mm = t->height_mm = 3;
	t->layer = LAYER_DIMENSION;
	t->dimension = dimension;
	t->shape = dimensions[dimension].shape;
}

/* The line's first item, up to its polygon. */
static const char *first_item(void)
{
	struct annotations a = annotations_from_drawing(&drawing, &scene, 100, &arena);
	struct json_doc doc;
	struct err err = {0};
	char *start, *end;

	buf_clear(&line);
	annotations_write(&a, "00000000", &line);
	assert_int_equal(json_parse(&doc, "line", line.data, line.len, &err), 0);
	json_free(&doc);
	start = strstr(line.data, "{\"class\"");
	end = strstr(start, ",\"polygon\"");
	*end = '\0';
	return start;
}

/* What is behind "kind" of the dimension, up to its shape. */
static const char *said(void)
{
	const char *start = strstr(first_item(), ",\"number\"");
	char *end;

	assert_non_null(start);
	end = strstr(start, ",\"shape\"");
	assert_non_null(end);
	*end = '\0';
	return start + 1;
}

/* The array of states. */
static const char *stated(void)
{
	const char *start = strstr(first_item(), "\"states\":");

	assert_non_null(start);
	return start + strlen("\"states\":");
}

static void test_lengths_and_angles(void **state)
{
	struct shape *s = add_shape(SHAPE_LINE);

	(void)state;
	s->value[PARAM_LENGTH] = 12345;
	add_dimension(DIM_ALIGNED, 0, PARAM_LENGTH);
	add_text("12,345", 0);
	assert_string_equal(said(), "\"number\":12.345,\"unit\":\"mm\"");
	scene.unit = UNIT_INCH;
	assert_string_equal(said(), "\"number\":12.345,\"unit\":\"inch\"");
	s->value[PARAM_ANGLE] = 30500;
	dimensions[0].kind = DIM_ANGULAR;
	dimensions[0].param = PARAM_ANGLE;
	drawing.texts[0].utf8 = "30,5\u00b0";
	assert_string_equal(said(), "\"number\":30.5,\"unit\":\"degree\"");
}

static void test_tolerances_are_those_printed(void **state)
{
	static const struct {
		const char *text, *upper, *lower, *value, *said;
	} cases[] = {
		{"20", NULL, NULL, "20", ""},
		{"20\u00b10,1", NULL, NULL, "20\u00b10,1",
		 ",\"tolerance\":{\"kind\":\"symmetric\",\"upper\":0.1,\"lower\":-0.1}"},
		{"20", "+0,2", "-0,1", "20 +0,2 -0,1",
		 ",\"tolerance\":{\"kind\":\"deviations\",\"upper\":0.2,\"lower\":-0.1}"},
		{"20", "+0,2", "0", "20 +0,2 0",
		 ",\"tolerance\":{\"kind\":\"deviations\",\"upper\":0.2,\"lower\":0}"},
		{NULL, "20,1", "19,9", "20,1 19,9",
		 ",\"tolerance\":{\"kind\":\"limits\",\"upper\":0.1,\"lower\":-0.1}"},
		{"20 H7/g6", NULL, NULL, "20 H7/g6",
		 ",\"tolerance\":{\"kind\":\"fit\",\"fit\":\"H7/g6\"}"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char wanted[256];

		setup(state);
		add_shape(SHAPE_LINE)->value[PARAM_LENGTH] = 20000;
		add_dimension(DIM_LEVEL, 0, PARAM_LENGTH);
		if (cases[i].text)
			add_text(cases[i].text, 0);
		if (cases[i].upper) {
			add_text(cases[i].upper, 0);
			add_text(cases[i].lower, 0);
		}
		snprintf(wanted, sizeof(wanted), "\"number\":20,\"unit\":\"mm\"%s", cases[i].said);
		assert_string_equal(said(), wanted);
		snprintf(wanted, sizeof(wanted), "\"value\":\"%s\",\"kind\":\"horizontal\"",
			 cases[i].value);
		assert_non_null(strstr(first_item(), wanted));
	}
}

static void test_status(void **state)
{
	struct stroke *box;

	(void)state;
	add_shape(SHAPE_LINE)->value[PARAM_LENGTH] = 20000;
	add_dimension(DIM_LEVEL, 0, PARAM_LENGTH)->reference = true;
	add_text("(20)", 0);
	assert_string_equal(said(), "\"number\":20,\"unit\":\"mm\",\"status\":\"reference\"");
	dimensions[0].reference = false;
	drawing.texts[0].utf8 = "20";
	box = drawing_add_stroke(&drawing, &arena);
	box->layer = LAYER_SYMBOL;
	box->dimension = box->shape = 0;
	box->path.closed = true;
	path_add_line(&box->path, &arena, vec(0, 0), vec(3, 0));
	assert_string_equal(said(), "\"number\":20,\"unit\":\"mm\",\"status\":\"basic\"");
}

static void test_what_else_is_printed(void **state)
{
	struct shape *s = add_shape(SHAPE_COUNTERBORE);

	s->value[PARAM_D] = 9000;
	s->value[PARAM_CBORE_D] = 15000;
	s->value[PARAM_CBORE_DEPTH] = 8500;
	add_dimension(DIM_COUNTERBORE, 0, PARAM_D)->count = 2;
	add_text("2\u00d7\u23009 \u2334\u230015 \u21a78,5", 0);
	assert_string_equal(said(), "\"number\":9,\"unit\":\"mm\",\"cbore_d\":15,"
				    "\"cbore_depth\":8.5,\"count\":2");

	setup(state);
	s = add_shape(SHAPE_THREAD);
	s->value[PARAM_D] = 8000;
	s->value[PARAM_PITCH] = 1250;
	add_dimension(DIM_THREAD, 0, PARAM_D);
	add_text("M8\u00d71,25", 0);
	assert_string_equal(said(), "\"number\":8,\"unit\":\"mm\",\"pitch\":1.25");
	s->value[PARAM_PITCH] = 0;
	assert_string_equal(said(), "\"number\":8,\"unit\":\"mm\"");
	scene.unit = UNIT_INCH;
	s->value[PARAM_D] = 250;
	s->value[PARAM_PITCH] = 50;
	assert_string_equal(said(), "\"number\":0.25,\"unit\":\"inch\",\"per_inch\":20");

	setup(state);
	s = add_shape(SHAPE_HOLE_GRID);
	s->value[PARAM_DX] = 20000;
	s->value[PARAM_COLUMNS] = 4;
	add_dimension(DIM_SPACES_X, 0, PARAM_DX);
	add_text("3\u00d720 (=60)", 0);
	assert_string_equal(said(), "\"number\":20,\"unit\":\"mm\",\"count\":3");
}

/* Only drawings of several views say which one. */
static void test_view(void **state)
{
	(void)state;
	add_shape(SHAPE_LINE)->value[PARAM_LENGTH] = 20000;
	add_dimension(DIM_LEVEL, 0, PARAM_LENGTH)->view = 1;
	add_text("20", 0);
	drawing.view_count = 1;
	assert_string_equal(said(), "\"number\":20,\"unit\":\"mm\"");
	drawing.view_count = 2;
	assert_string_equal(said(), "\"number\":20,\"unit\":\"mm\",\"view\":1");
}

static void test_states_of_one_shape(void **state)
{
	struct shape *s = add_shape(SHAPE_COUNTERBORE);

	add_dimension(DIM_COUNTERBORE, 0, PARAM_D);
	add_text("x", 0);
	assert_string_equal(stated(),
			    "[{\"shape\":0,\"type\":\"counterbore\",\"param\":\"d\"},"
			    "{\"shape\":0,\"type\":\"counterbore\",\"param\":\"cbore_d\"},"
			    "{\"shape\":0,\"type\":\"counterbore\",\"param\":\"cbore_depth\"}]");

	s->kind = SHAPE_THREAD;
	dimensions[0].kind = DIM_THREAD;
	assert_string_equal(stated(), "[{\"shape\":0,\"type\":\"thread\",\"param\":\"d\"}]");
	s->value[PARAM_PITCH] = 1000;
	assert_string_equal(stated(), "[{\"shape\":0,\"type\":\"thread\",\"param\":\"d\"},"
				      "{\"shape\":0,\"type\":\"thread\",\"param\":\"pitch\"}]");

	s->kind = SHAPE_HOLE_GRID;
	dimensions[0] = (struct dimension){
		.kind = DIM_SPACES_X, .param = PARAM_DX, .from = {.shape = SCENE_DATUM}};
	assert_string_equal(stated(),
			    "[{\"shape\":0,\"type\":\"hole_grid\",\"param\":\"dx\"},"
			    "{\"shape\":0,\"type\":\"hole_grid\",\"param\":\"columns\"}]");
	dimensions[0].kind = DIM_SPACES_Y;
	dimensions[0].param = PARAM_DY;
	assert_string_equal(stated(), "[{\"shape\":0,\"type\":\"hole_grid\",\"param\":\"dy\"},"
				      "{\"shape\":0,\"type\":\"hole_grid\",\"param\":\"rows\"}]");
	(void)state;
}

/* From one hole to the next: both features are named; and from a point of the outline. */
static void test_states_of_a_chain(void **state)
{
	struct dimension *d;

	(void)state;
	add_shape(SHAPE_PROFILE)->point_count = 3;
	add_shape(SHAPE_HOLE)->value[PARAM_X] = 10000;
	add_shape(SHAPE_HOLE)->value[PARAM_X] = 30000;
	d = add_dimension(DIM_POSITION_X, 2, PARAM_X);
	d->from = (struct feature){1, PARAM_X, 0};
	add_text("20", 0);
	assert_string_equal(stated(), "[{\"shape\":2,\"type\":\"hole\",\"param\":\"x\","
				      "\"from\":{\"shape\":1,\"param\":\"x\"}}]");
	d->from = (struct feature){0, PARAM_POINTS, 2};
	assert_string_equal(stated(), "[{\"shape\":2,\"type\":\"hole\",\"param\":\"x\","
				      "\"from\":{\"shape\":0,\"param\":\"points\",\"point\":2,"
				      "\"axis\":\"x\"}}]");
}

/* What a keyway leaves of a diameter. */
static void test_states_of_a_keyway(void **state)
{
	(void)state;
	add_shape(SHAPE_CYLINDER)->value[PARAM_D] = 30000;
	add_shape(SHAPE_KEYWAY)->value[PARAM_DEPTH] = 4000;
	add_dimension(DIM_LEVEL, 1, PARAM_DEPTH)->from = (struct feature){0, PARAM_D, 0};
	add_text("26", 0);
	assert_string_equal(stated(), "[{\"shape\":1,\"type\":\"keyway\",\"param\":\"depth\","
				      "\"from\":{\"shape\":0,\"param\":\"d\"}}]");
	assert_string_equal(said(), "\"number\":26,\"unit\":\"mm\"");
}

/* As rounded as it is printed; it follows from two numbers. */
static void test_length_of_an_arc(void **state)
{
	struct shape *s = add_shape(SHAPE_ARC);

	(void)state;
	s->value[PARAM_R] = 40000;
	s->value[PARAM_SWEEP] = 75000;
	add_dimension(DIM_ARC_LENGTH, 0, PARAM_SWEEP)->reference = true;
	add_text("(\u231252,4)", 0);
	assert_string_equal(said(), "\"number\":52.4,\"unit\":\"mm\",\"status\":\"reference\"");
	assert_string_equal(stated(), "[{\"shape\":0,\"type\":\"arc\",\"param\":\"sweep\"},"
				      "{\"shape\":0,\"type\":\"arc\",\"param\":\"r\"}]");
}

/* The same two coordinates in either order are the same drawn line; another view's are not. */
static void test_shared_positions_of_a_chain(void **state)
{
	struct dimension *d;

	(void)state;
	for (int i = 0; i < 4; i++)
		add_shape(SHAPE_HOLE)->value[PARAM_X] = i % 2 ? 30000 : 10000;
	d = add_dimension(DIM_POSITION_X, 1, PARAM_X);
	d->from = (struct feature){0, PARAM_X, 0};
	d = add_dimension(DIM_POSITION_X, 2, PARAM_X);
	d->from = (struct feature){3, PARAM_X, 0};
	add_text("20", 0);
	assert_non_null(strstr(stated(), "{\"shape\":2,\"type\":\"hole\",\"param\":\"x\","
					 "\"from\":{\"shape\":3,\"param\":\"x\"}}"));
	d->view = 1;
	assert_null(strstr(stated(), "\"shape\":2"));
	d->view = 0;
	d->from = (struct feature){2, PARAM_X, 0};
	assert_null(strstr(stated(), "\"shape\":2"));
}

/* Holes of a table share coordinates without sharing a number; outside it they share both. */
static void test_rows_of_a_table(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct shape *hole = add_shape(SHAPE_HOLE);

		hole->value[PARAM_X] = 10000;
		hole->value[PARAM_D] = 6000;
	}
	for (int i = 0; i < 6; i++) {
		static const enum dim_kind kinds[] = {DIM_POSITION_X, DIM_POSITION_Y, DIM_DIAMETER};
		static const enum param params[] = {PARAM_X, PARAM_Y, PARAM_D};

		add_dimension(kinds[i % 3], i / 3, params[i % 3])->from.shape = SCENE_DATUM;
	}
	add_text("10", 0);
	scene.arrangement = ARRANGE_TABLE;
	assert_string_equal(stated(), "[{\"shape\":0,\"type\":\"hole\",\"param\":\"x\"}]");
	assert_string_equal(said(), "\"number\":10,\"unit\":\"mm\"");
	scene.arrangement = ARRANGE_ORDINATE;
	assert_string_equal(stated(), "[{\"shape\":0,\"type\":\"hole\",\"param\":\"x\"},"
				      "{\"shape\":1,\"type\":\"hole\",\"param\":\"x\"}]");
}

static void test_counts(void **state)
{
	const char *own = "{\"shape\":0,\"type\":\"hole\",\"param\":\"d\"}";
	const char *all = "[{\"shape\":0,\"type\":\"hole\",\"param\":\"d\"},"
			  "{\"shape\":1,\"type\":\"hole\",\"param\":\"d\"},"
			  "{\"shape\":2,\"type\":\"hole\",\"param\":\"d\"}]";

	(void)state;
	for (int i = 0; i < 3; i++)
		add_shape(SHAPE_HOLE)->value[PARAM_D] = 8000;
	add_shape(SHAPE_HOLE)->value[PARAM_D] = 9000;
	add_dimension(DIM_DIAMETER, 0, PARAM_D)->count = 3;
	add_text("3\u00d7\u23008", 0);
	assert_string_equal(stated(), all);
	/* One of them has its own. */
	add_dimension(DIM_DIAMETER, 2, PARAM_D);
	assert_null(strstr(stated(), "\"shape\":1"));
	assert_non_null(strstr(stated(), own));
	dimensions[0].count = 2;
	assert_non_null(strstr(stated(), "\"shape\":1"));
	assert_null(strstr(stated(), "\"shape\":2"));
}

static void test_counts_of_patterns(void **state)
{
	struct shape *s;

	s = add_shape(SHAPE_HOLE_CIRCLE);
	s->value[PARAM_D] = 8000;
	s->value[PARAM_COUNT] = 6;
	shapes[1] = shapes[0];
	scene.shape_count = 2;
	add_dimension(DIM_DIAMETER, 0, PARAM_D)->count = 6;
	add_text("6\u00d7\u23008", 0);
	assert_string_equal(stated(),
			    "[{\"shape\":0,\"type\":\"hole_circle\",\"param\":\"d\"},"
			    "{\"shape\":0,\"type\":\"hole_circle\",\"param\":\"count\"}]");
	dimensions[0].count = 12; /* both, though it says neither's count */
	assert_string_equal(stated(), "[{\"shape\":0,\"type\":\"hole_circle\",\"param\":\"d\"},"
				      "{\"shape\":1,\"type\":\"hole_circle\",\"param\":\"d\"}]");

	setup(state);
	s = add_shape(SHAPE_HOLE_GRID);
	s->value[PARAM_COLUMNS] = 3;
	s->value[PARAM_ROWS] = 2;
	add_dimension(DIM_DIAMETER, 0, PARAM_D)->count = 6;
	add_text("6\u00d7\u23008", 0);
	assert_string_equal(stated(), "[{\"shape\":0,\"type\":\"hole_grid\",\"param\":\"d\"}]");
}

/* --- samples --- */

static const char *const styles[] = {"iso-clean", "iso", "asme-inch",  "asme-mm",
				     "gost",      "jis", "solidworks", "school"};

/* An arc's length, rounded to some decimals: of styles that have them so, each dimension has its own. */
static bool is_arc_length(const struct shape *arc, int64_t value)
{
	for (int decimals = 0; decimals <= 3; decimals++)
		if (dimension_arc_length(arc, decimals) == value)
			return true;
	return false;
}

/* The item's numbers are those of the scene, and of its printed text where that can be read; lengths of
 * arcs are rounded as the text is. */
static void check_dimension(const struct sample *s, const struct annotation *item)
{
	const struct dimension *dim = &s->scene.dimensions[item->dimension];
	const struct shape *shape = &s->scene.shapes[dim->shape];
	struct callout c = callout_from_dimension(&s->scene, dim);
	struct dimension_texts t = drawing_dimension_texts(&s->drawing, item->dimension);
	struct callout read;

	assert_non_null(item->value);
	assert_non_null(item->callout);
	if (c.kind == CALLOUT_ARC_LENGTH) {
		c.value = item->callout->value;
		assert_true(is_arc_length(shape, c.value));
	}
	assert_int_equal(item->callout->kind, c.kind);
	assert_int_equal(item->callout->value, c.value);
	if (callout_parse(&read, t.line ? t.line->utf8 : "", t.upper ? t.upper->utf8 : NULL,
			  t.lower ? t.lower->utf8 : NULL) < 0) {
		fail_msg("cannot read '%s'", item->value);
	}
	/* The diameter sign may stand in the head of the table. */
	if (read.kind == CALLOUT_LINEAR && c.kind == CALLOUT_DIAMETER &&
	    plate_is_tabled(&s->scene, &s->scene.dimensions[item->dimension]))
		read.kind = c.kind;
	if (read.kind != c.kind || read.value != c.value)
		fail_msg("'%s' is read as %s %g", item->value, callout_kind_name(read.kind),
			 (double)read.value / 1000);
}

static void check_sample(const struct sample *s, int counts[ANNOTATION_COUNT_])
{
	struct annotations a = annotations_from_drawing(&s->drawing, &s->scene, 1024, &arena);
	struct json_doc doc;
	struct err err = {0};
	int texts = 0;

	for (int i = 0; i < a.count; i++) {
		const struct annotation *item = &a.items[i];

		counts[item->class_]++;
		texts += item->class_ == ANNOTATION_TEXT ||
			 item->class_ == ANNOTATION_TITLE_BLOCK_FIELD;
		if (item->class_ == ANNOTATION_DIMENSION)
			check_dimension(s, item);
		if (item->class_ == ANNOTATION_VIEW)
			assert_non_null(item->name);
		for (int k = 0; k < item->polygon.count; k++) {
			struct vec p = item->polygon.points[k];

			assert_true(p.x >= 0 && p.x <= a.width_px + 0.5);
			assert_true(p.y >= 0 && p.y <= a.height_px + 0.5);
		}
	}
	assert_int_equal(texts, s->drawing.text_count);
	buf_clear(&line);
	annotations_write(&a, "00000000", &line);
	if (json_parse(&doc, "line", line.data, line.len, &err) < 0)
		fail_msg("%s", err.msg);
	json_free(&doc);
}

static void test_samples(void **state)
{
	uint64_t seed = test_seed();
	int counts[ANNOTATION_COUNT_] = {0};
	struct arena sample_arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(styles) / sizeof(*styles); i++) {
		for (uint64_t k = 0; k < 60; k++) {
			struct sample_settings settings = test_sample_settings(
				seed, (enum family)(k % FAMILY_COUNT_), styles[i], 1024);
			struct sample sample;
			struct err err = {0};

			if (sample_from_index(&sample, &settings, k, &sample_arena, &err) < 0)
				fail_msg("%s: %s", styles[i], err.msg);
			check_sample(&sample, counts);
			arena_reset(&arena);
		}
	}
	/* The rest comes with degraded pictures. */
	for (int i = 0; i < ANNOTATION_COUNT_; i++)
		assert_true((counts[i] > 0) == (i < ANNOTATION_CORRECTION));
	arena_free(&sample_arena);
}

static int group_teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	buf_free(&line);
	return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_lengths_and_angles),
		TEST(test_tolerances_are_those_printed),
		TEST(test_status),
		TEST(test_what_else_is_printed),
		TEST(test_view),
		TEST(test_states_of_one_shape),
		TEST(test_states_of_a_chain),
		TEST(test_states_of_a_keyway),
		TEST(test_length_of_an_arc),
		TEST(test_shared_positions_of_a_chain),
		TEST(test_rows_of_a_table),
		TEST(test_counts),
		TEST(test_counts_of_patterns),
		TEST(test_samples),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, group_teardown);
}
