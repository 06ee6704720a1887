/* SPDX-License-Identifier: MIT */
/*
 * Quarter sections: a bushing is read whole from bores that are half seen and half hidden; outlines that
 * leave off are found out, and hatching stays in the quarter that is cut open.
 */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gen/reader/program_from_drawing.h"
#include "tests/drawn_scene.h"

#define BUSHING(steps, rest)                                                                       \
	"{\"family\":\"turned\",\"unit\":\"mm\",\"sheet\":[297,210],\"scale\":\"1:1\","            \
	"\"arrangement\":\"chain\",\"section\":\"quarter\",\"shapes\":[" steps                     \
	"],\"dimensions\":["                                                                       \
	"{\"kind\":\"side_diameter\",\"shape\":0,\"param\":\"d\"},"                                \
	"{\"kind\":\"side_diameter\",\"shape\":1,\"param\":\"d\"},"                                \
	"{\"kind\":\"horizontal\",\"shape\":0,\"param\":\"length\"}" rest "]}"

/* Cut open from the left up to a break line at 40. */
static const char plain[] = BUSHING("{\"type\":\"cylinder\",\"x\":0,\"length\":80,\"d\":60},"
				    "{\"type\":\"bore\",\"x\":0,\"length\":80,\"d\":30}",
				    "");

/* From the right up to the shoulder at 40; the wider bore is there. */
static const char stepped[] = BUSHING("{\"type\":\"cylinder\",\"x\":0,\"length\":40,\"d\":60},"
				      "{\"type\":\"bore\",\"x\":0,\"length\":60,\"d\":30},"
				      "{\"type\":\"cylinder\",\"x\":40,\"length\":40,\"d\":80},"
				      "{\"type\":\"bore\",\"x\":60,\"length\":20,\"d\":44}",
				      ",{\"kind\":\"side_diameter\",\"shape\":2,\"param\":\"d\"},"
				      "{\"kind\":\"side_diameter\",\"shape\":3,\"param\":\"d\"},"
				      "{\"kind\":\"position_x\",\"shape\":3,\"param\":\"length\"},"
				      "{\"kind\":\"horizontal\",\"shape\":3,\"param\":\"length\"}");

static struct arena arena;
static struct sample s;

static void draw(const char *scene)
{
	arena_reset(&arena);
	s = drawn_scene(scene, NULL, 0, &arena);
}

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static void test_labels_are_read(void **state)
{
	static const char *const styles[] = {NULL,  "iso",    "asme-mm",   "gost",
					     "jis", "school", "solidworks"};

	(void)state;
	for (size_t k = 0; k < sizeof(styles) / sizeof(*styles); k++) {
		for (uint64_t i = 0; i < 10; i++) {
			arena_reset(&arena);
			s = drawn_scene(i % 2 ? plain : stepped, styles[k], i, &arena);
			assert_label_read(&s, &arena);
		}
	}
}

/* The box of all strokes of a layer that have a piece of this kind. */
static struct box box_of_layer(enum layer layer, enum seg_kind kind, int *count)
{
	struct vec points[1000];
	int n = 0;

	for (int i = 0; i < s.drawing.stroke_count; i++) {
		const struct stroke *stroke = &s.drawing.strokes[i];

		if (stroke->layer != layer || stroke->path.segs[0].kind != kind)
			continue;
		for (int k = 0; k < stroke->path.count; k++) {
			assert_true(n + 2 <= 1000);
			points[n++] = stroke->path.segs[k].a;
			points[n++] = stroke->path.segs[k].b;
		}
	}
	*count = n;
	return n > 0 ? box_of_points(points, n) : (struct box){0};
}

/* Between which places along the part a layer lies, in its millimetres; always below the axis. */
static void assert_lies(enum layer layer, enum seg_kind kind, double x0, double x1, double slack)
{
	struct vec o = s.drawing.views[0].origin;
	int count;
	struct box box = box_of_layer(layer, kind, &count);

	assert_true(count > 0);
	assert_true(box.x0 > o.x + x0 - slack && box.x0 < o.x + x0 + 2);
	assert_true(box.x1 < o.x + x1 + slack && box.x1 > o.x + x1 - 2);
	assert_true(box.y1 < o.y + 1e-6);
}

static void test_one_quarter_is_cut_open(void **state)
{
	int count;

	(void)state;
	draw(plain);
	assert_lies(LAYER_HATCH, SEG_LINE, 0, 40, 1);
	assert_lies(LAYER_HIDDEN, SEG_LINE, 40, 80, 1);
	assert_lies(LAYER_THIN, SEG_ARC, 40, 40, 1);
	draw(stepped);
	assert_lies(LAYER_HATCH, SEG_LINE, 40, 80, 1e-6);
	assert_lies(LAYER_HIDDEN, SEG_LINE, 0, 40, 1e-6);
	box_of_layer(LAYER_THIN, SEG_ARC, &count);
	assert_int_equal(count, 0);
}

/* No hatching in the bore. */
static void test_bores_stay_clear(void **state)
{
	double axis;

	(void)state;
	draw(plain);
	axis = s.drawing.views[0].origin.y;
	for (int i = 0; i < s.drawing.stroke_count; i++) {
		const struct stroke *stroke = &s.drawing.strokes[i];

		for (int k = 0; stroke->layer == LAYER_HATCH && k < stroke->path.count; k++) {
			assert_true(stroke->path.segs[k].a.y < axis - 15 + 1e-6);
			assert_true(stroke->path.segs[k].b.y < axis - 15 + 1e-6);
		}
	}
}

static void remove_stroke(int i)
{
	s.drawing.strokes[i] = s.drawing.strokes[--s.drawing.stroke_count];
}

/* Without its hidden piece the bore would be as long as the cut. */
static void test_an_outline_leaves_off(void **state)
{
	static const char *const scenes[] = {plain, stepped};

	(void)state;
	for (int i = 0; i < 2; i++) {
		int hidden = 0;

		draw(scenes[i]);
		while (s.drawing.strokes[hidden].layer != LAYER_HIDDEN)
			hidden++;
		remove_stroke(hidden);
		assert_misread(&s, "the outline of a bore leaves off", &arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_labels_are_read),
		cmocka_unit_test(test_one_quarter_is_cut_open),
		cmocka_unit_test(test_bores_stay_clear),
		cmocka_unit_test(test_an_outline_leaves_off),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("reader_turned_quarter", tests, NULL, forget);
}
