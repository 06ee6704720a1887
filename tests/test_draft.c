/* SPDX-License-Identifier: MIT */
/* draft: everything is stated once, the same stream draws the same, no room is said and not drawn. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "formats/drawing/dimension.h"
#include "gen/sample_main.h"
#include "render/draft/draft.h"
#include "tests/random_shapes.h"
#include "tests/sample_settings.h"

static struct sample_settings settings(uint64_t seed)
{
	return test_sample_settings(seed, FAMILY_SHAPES, NULL, 512);
}

/* Whether dimension k prints the same position as an earlier one. */
static bool is_repeated(const struct scene *scene, int k)
{
	const struct dimension *dim = &scene->dimensions[k];

	if (dim->kind != DIM_POSITION_X && dim->kind != DIM_POSITION_Y)
		return false;
	for (int i = 0; i < k; i++)
		if (scene->dimensions[i].kind == dim->kind &&
		    dimension_value(scene, &scene->dimensions[i]) == dimension_value(scene, dim))
			return true;
	return false;
}

static void test_every_dimension_is_printed_once(void **state)
{
	struct sample_settings s = settings(test_seed());
	struct arena arena = {0};
	struct sample sample;
	struct err err;

	(void)state;
	for (uint64_t i = 0; i < 300; i++) {
		assert_int_equal(sample_from_index(&sample, &s, i, &arena, &err), 0);
		for (int k = 0; k < sample.scene.dimension_count; k++) {
			int printed = 0;

			for (int t = 0; t < sample.drawing.text_count; t++)
				printed += sample.drawing.texts[t].dimension == k;
			/* The built-in style has no references. */
			assert_int_equal(printed, !is_repeated(&sample.scene, k) &&
							  !sample.scene.dimensions[k].reference);
		}
	}
	arena_free(&arena);
}

static void test_refusals_are_rare(void **state)
{
	struct sample_settings s = settings(test_seed());
	int redrawn = 0;

	(void)state;
	for (int size = 0; size < 2; size++) {
		s.scene.size_px = size ? 224 : 512;
		redrawn += test_count_redrawn(&s, RARE_SCENES / 2);
	}
	printf("# %d of %d scenes redrawn\n", redrawn, RARE_SCENES);
	assert_true(redrawn <= RARE_MOST);
}

static void test_same_stream_same_drawing(void **state)
{
	struct sample_settings s = settings(test_seed());
	struct arena arena = {0};
	struct buf a = {0}, b = {0};
	struct sample sample;
	struct err err;

	(void)state;
	for (uint64_t i = 0; i < 30; i++) {
		buf_clear(&a);
		buf_clear(&b);
		assert_int_equal(sample_from_index(&sample, &s, i, &arena, &err), 0);
		drawing_write(&sample.drawing, &a);
		sample_from_index(&sample, &s, i + 1, &arena, &err);
		assert_int_equal(sample_from_index(&sample, &s, i, &arena, &err), 0);
		drawing_write(&sample.drawing, &b);
		assert_string_equal(a.data, b.data);
	}
	buf_free(&a);
	buf_free(&b);
	arena_free(&arena);
}

/* A scene that is read back from its JSON is drawn to the same drawing. */
static void test_scene_alone_decides_with_the_index(void **state)
{
	struct sample_settings s = settings(test_seed());
	struct arena arena = {0}, other = {0};
	struct buf text = {0}, a = {0}, b = {0};
	struct sample sample, again;
	struct scene scene;
	struct err err;

	(void)state;
	assert_int_equal(sample_from_index(&sample, &s, 5, &arena, &err), 0);
	scene_write(&sample.scene, &text);
	drawing_write(&sample.drawing, &a);
	assert_int_equal(scene_parse(&scene, "scene", text.data, text.len, &other, &err), 0);
	assert_int_equal(sample_from_scene(&again, &s, &scene, 5, &other, &err), 0);
	drawing_write(&again.drawing, &b);
	assert_string_equal(a.data, b.data);
	buf_free(&text);
	buf_free(&a);
	buf_free(&b);
	arena_free(&arena);
	arena_free(&other);
}

static void assert_no_room(const char *json, const char *what)
{
	struct sample_settings s = settings(1);
	struct arena arena = {0};
	struct sample sample;
	struct scene scene;
	struct err err = {0};

	if (scene_parse(&scene, "scene", json, strlen(json), &arena, &err) < 0)
		fail_msg("%s", err.msg);
	if (sample_from_scene(&sample, &s, &scene, 0, &arena, &err) == 0)
		fail_msg("drawn: %s", what);
	assert_int_equal(err.code, ERR_LIMIT);
	arena_free(&arena);
}

static void test_no_room_is_said(void **state)
{
	(void)state;
	assert_no_room("{\"family\":\"shapes\",\"unit\":\"mm\",\"sheet\":210,\"scale\":\"1:1\","
		       "\"arrangement\":\"running\",\"attempt\":0,\"shapes\":[{\"type\":\"circle\","
		       "\"x\":300,\"y\":50,\"r\":20}],\"dimensions\":[{\"kind\":\"position_x\","
		       "\"shape\":0,\"param\":\"x\"}]}",
		       "a shape off the sheet");
	assert_no_room("{\"family\":\"shapes\",\"unit\":\"mm\",\"sheet\":210,\"scale\":\"1:1\","
		       "\"arrangement\":\"running\",\"attempt\":0,\"shapes\":[{\"type\":\"circle\","
		       "\"x\":60,\"y\":50,\"r\":20},{\"type\":\"circle\",\"x\":61,\"y\":100,"
		       "\"r\":20}],\"dimensions\":[{\"kind\":\"position_x\",\"shape\":0,\"param\":"
		       "\"x\"},{\"kind\":\"position_x\",\"shape\":1,\"param\":\"x\"}]}",
		       "positions 1 mm apart");
}

#define PLATE(arrangement)                                                                         \
	"{\"family\":\"plate\",\"unit\":\"mm\",\"sheet\":[120,80],\"scale\":\"1:1\","              \
	"\"arrangement\":\"" arrangement "\",\"shapes\":[{\"type\":\"profile\",\"points\":[[0,0]," \
	"[40,0],[40,20],[0,20]],\"thickness\":3}"
#define OVERALL                                                                                    \
	"{\"kind\":\"position_x\",\"shape\":0,\"param\":\"points\",\"point\":1},"                  \
	"{\"kind\":\"position_y\",\"shape\":0,\"param\":\"points\",\"point\":2}"

/* `count` holes 2 mm apart, or none, with all that states them. */
static void write_plate(struct buf *out, const char *head, int count)
{
	char text[256];

	buf_str(out, head);
	for (int i = 0; i < count; i++) {
		snprintf(text, sizeof(text), ",{\"type\":\"hole\",\"x\":%d,\"y\":%d,\"d\":1.5}",
			 3 + 2 * i, 3 + i);
		buf_str(out, text);
	}
	buf_str(out, "],\"dimensions\":[" OVERALL);
	for (int i = 1; i <= count; i++) {
		snprintf(text, sizeof(text),
			 ",{\"kind\":\"position_x\",\"shape\":%d,\"param\":\"x\"},"
			 "{\"kind\":\"position_y\",\"shape\":%d,\"param\":\"y\"},"
			 "{\"kind\":\"diameter\",\"shape\":%d,\"param\":\"d\"}",
			 i, i, i);
		buf_str(out, text);
	}
	buf_str(out, "]}");
}

static void test_no_room_for_ordinates_or_a_table(void **state)
{
	static const char *const heads[] = {PLATE("ordinate"), PLATE("table")};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct buf b = {0};

		write_plate(&b, heads[i], 15);
		assert_no_room(b.data, i ? "15 rows on a small sheet" : "15 values 2 mm apart");
		buf_free(&b);
	}
}

/* A table without rows is none: the plate is dimensioned as usual. */
static void test_table_without_holes(void **state)
{
	struct sample_settings s = settings(1);
	struct arena arena = {0};
	struct buf b = {0};
	struct sample sample;
	struct scene scene;
	struct err err = {0};

	(void)state;
	write_plate(&b, PLATE("table"), 0);
	assert_int_equal(scene_parse(&scene, "scene", b.data, b.len, &arena, &err), 0);
	assert_int_equal(sample_from_scene(&sample, &s, &scene, 0, &arena, &err), 0);
	for (int i = 0; i < sample.drawing.stroke_count; i++)
		assert_int_not_equal(sample.drawing.strokes[i].layer, LAYER_FRAME);
	assert_int_equal(sample.drawing.text_count, 3); /* two sizes and the scale */
	buf_free(&b);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_dimension_is_printed_once),
		cmocka_unit_test(test_refusals_are_rare),
		cmocka_unit_test(test_same_stream_same_drawing),
		cmocka_unit_test(test_scene_alone_decides_with_the_index),
		cmocka_unit_test(test_no_room_is_said),
		cmocka_unit_test(test_no_room_for_ordinates_or_a_table),
		cmocka_unit_test(test_table_without_holes),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("draft", tests, NULL, NULL);
}
