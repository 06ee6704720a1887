/* SPDX-License-Identifier: MIT */
/*
 * reader_turned_break: a shaft with its middle left out is read whole; numbers across the gap that do
 * not agree, break lines that do not face each other, and what says nothing of the gap are found out.
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

/* 500 and 540 lead across the gap, 40 does not. */
static const char shaft[] =
	"{\"family\":\"turned\",\"unit\":\"mm\",\"sheet\":[297,210],\"scale\":\"1:1\","
	"\"arrangement\":\"parallel\",\"interrupted\":[60,403],\"shapes\":["
	"{\"type\":\"cylinder\",\"x\":0,\"length\":500,\"d\":30},"
	"{\"type\":\"cylinder\",\"x\":500,\"length\":40,\"d\":44}],\"dimensions\":["
	"{\"kind\":\"side_diameter\",\"shape\":0,\"param\":\"d\"},"
	"{\"kind\":\"side_diameter\",\"shape\":1,\"param\":\"d\"},"
	"{\"kind\":\"horizontal\",\"shape\":0,\"param\":\"length\"},"
	"{\"kind\":\"horizontal\",\"shape\":1,\"param\":\"length\"}]}";

/* The second step is drawn 55 long; its 40 and the 130 of all are underlined. */
static const char off_scale[] =
	"{\"family\":\"turned\",\"unit\":\"mm\",\"sheet\":[297,210],\"scale\":\"1:1\","
	"\"arrangement\":\"parallel\",\"off_scale\":[90,130,55],\"shapes\":["
	"{\"type\":\"cylinder\",\"x\":0,\"length\":90,\"d\":30},"
	"{\"type\":\"cylinder\",\"x\":90,\"length\":40,\"d\":44},"
	"{\"type\":\"chamfer\",\"x\":130,\"y\":22,\"c\":2}],\"dimensions\":["
	"{\"kind\":\"side_diameter\",\"shape\":0,\"param\":\"d\"},"
	"{\"kind\":\"side_diameter\",\"shape\":1,\"param\":\"d\"},"
	"{\"kind\":\"chamfer\",\"shape\":2,\"param\":\"c\"},"
	"{\"kind\":\"horizontal\",\"shape\":1,\"param\":\"length\"},"
	"{\"kind\":\"position_x\",\"shape\":1,\"param\":\"length\"}]}";

static struct arena arena;
static struct sample s;

static int setup(void **state)
{
	(void)state;
	arena_reset(&arena);
	s = drawn_scene(shaft, NULL, 0, &arena);
	return 0;
}

static int setup_off_scale(void **state)
{
	(void)state;
	arena_reset(&arena);
	s = drawn_scene(off_scale, NULL, 0, &arena);
	return 0;
}

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* The nth stroke of arcs alone on the thin layer. */
static struct stroke *waves(int nth)
{
	for (int i = 0; i < s.drawing.stroke_count; i++) {
		struct stroke *stroke = &s.drawing.strokes[i];

		if (stroke->layer == LAYER_THIN && stroke->path.segs[0].kind == SEG_ARC &&
		    nth-- == 0)
			return stroke;
	}
	fail_msg("no wavy line");
	return NULL;
}

static void remove_stroke(struct stroke *stroke)
{
	*stroke = s.drawing.strokes[--s.drawing.stroke_count];
}

static struct text *text(const char *utf8)
{
	struct text *t = drawn_text(&s.drawing, utf8, 0);

	assert_non_null(t);
	return t;
}

/* Ten sheets of each; those in inches cannot show millimetres. */
static void assert_read_in_every_style(const char *json)
{
	static const char *const styles[] = {NULL,  "iso",    "asme-mm",   "gost",
					     "jis", "school", "solidworks"};

	for (size_t k = 0; k < sizeof(styles) / sizeof(*styles); k++) {
		for (uint64_t i = 0; i < 10; i++) {
			arena_reset(&arena);
			s = drawn_scene(json, styles[k], i, &arena);
			assert_label_read(&s, &arena);
		}
	}
}

static void test_label_is_read(void **state)
{
	(void)state;
	assert_read_in_every_style(shaft);
}

/* The sheet shows 160 where 500 is printed. */
static void test_the_sheet_shows_less(void **state)
{
	const struct view *front = &s.drawing.views[0];

	(void)state;
	assert_true(front->box.x1 - front->box.x0 > 199.9 && front->box.x1 - front->box.x0 < 200.1);
	assert_string_equal(text("500")->utf8, "500");
}

/* What the one number says is left out makes the lengths another part, which the label is not. */
static void test_the_printed_number_counts(void **state)
{
	struct program program;
	struct err err = {0};

	(void)state;
	text("500")->utf8 = "600";
	assert_int_equal(program_from_drawing(&program, &s.drawing, FAMILY_TURNED, &arena, &err),
			 0);
	assert_int_equal(program.shapes[0].value[PARAM_LENGTH], 600000);
	assert_int_equal(program.shapes[1].value[PARAM_X], 600000);
}

static void test_a_number_beside_the_gap_contradicts(void **state)
{
	(void)state;
	text("40")->utf8 = "41";
	assert_misread(&s, "contradicts the drawing", &arena);
}

static void test_no_number_leads_across(void **state)
{
	(void)state;
	remove_text(&s.drawing, text("500"));
	assert_misread(&s, "no dimension says how much is left out", &arena);
}

static void test_a_number_that_leaves_nothing_out(void **state)
{
	(void)state;
	text("500")->utf8 = "150";
	assert_misread(&s, "no dimension says how much is left out", &arena);
}

static void test_a_lost_break_line(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		setup(NULL);
		remove_stroke(waves(i));
		assert_misread(&s, "a break line has none that faces it", &arena);
	}
	setup(NULL);
	remove_stroke(waves(1));
	remove_stroke(waves(0));
	assert_misread(&s, "no outline that is symmetrical", &arena);
}

static void test_ends_that_do_not_face(void **state)
{
	struct vec up = {0, 0.5};

	(void)state;
	for (int i = 0; i < s.drawing.stroke_count; i++) {
		struct stroke *stroke = &s.drawing.strokes[i];

		if (stroke == waves(1) ||
		    (stroke->layer == LAYER_OUTLINE && !stroke->path.closed &&
		     stroke->path.segs[0].a.x > waves(0)->path.segs[0].a.x + 1))
			stroke->path = path_place(&stroke->path, up, 1, &arena);
	}
	assert_misread(&s, "a break line has none that faces it", &arena);
}

/* The line under a number. */
static struct stroke *underline(const struct text *number)
{
	for (int i = 0; i < s.drawing.stroke_count; i++) {
		struct stroke *stroke = &s.drawing.strokes[i];

		if (stroke->layer == LAYER_SYMBOL && stroke->dimension == number->dimension)
			return stroke;
	}
	fail_msg("no line under %s", number->utf8);
	return NULL;
}

static void test_what_is_off_scale_is_read(void **state)
{
	(void)state;
	assert_read_in_every_style(off_scale);
}

static void test_a_lost_underline(void **state)
{
	(void)state;
	remove_stroke(underline(text("40")));
	assert_misread(&s, "contradicts the drawing", &arena);
	setup_off_scale(NULL);
	remove_stroke(underline(text("130")));
	assert_misread(&s,
		       "the text '130' is not underlined, though its dimension leads across what "
		       "is off scale",
		       &arena);
}

/* Moves the line under a number to another one. */
static void underline_instead(struct stroke *line, const struct text *number)
{
	struct vec at =
		vec_add(number->at, vec_rotate(vec(0, -number->height_mm / 4), number->angle_rad));

	line->path = (struct path){0};
	path_add_line(&line->path, &arena, at,
		      vec_add(at, vec_polar(number->width_mm, number->angle_rad)));
}

static void test_an_underline_too_many(void **state)
{
	struct stroke *line = drawing_add_stroke(&s.drawing, &arena);

	(void)state;
	*line = *underline(text("40"));
	underline_instead(line, text("\u230030"));
	assert_misread(&s,
		       "the text '\u230030' is underlined, though its dimension leads not across "
		       "what is off scale",
		       &arena);
}

static void test_an_underlined_number_to_scale(void **state)
{
	(void)state;
	text("40")->utf8 = "55";
	assert_misread(&s, "the text '55' is underlined, though to scale", &arena);
}

static void test_underlined_numbers_contradict(void **state)
{
	(void)state;
	text("130")->utf8 = "140";
	assert_misread(&s, "contradicts the drawing", &arena);
	setup_off_scale(NULL);
	text("40")->utf8 = "50";
	assert_misread(&s, "contradicts the drawing", &arena);
}

#define TEST(f) cmocka_unit_test_setup(f, setup)
#define TEST_SCALE(f) cmocka_unit_test_setup(f, setup_off_scale)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_label_is_read),
		TEST(test_the_sheet_shows_less),
		TEST(test_the_printed_number_counts),
		TEST(test_a_number_beside_the_gap_contradicts),
		TEST(test_no_number_leads_across),
		TEST(test_a_number_that_leaves_nothing_out),
		TEST(test_a_lost_break_line),
		TEST(test_ends_that_do_not_face),
		TEST_SCALE(test_what_is_off_scale_is_read),
		TEST_SCALE(test_a_lost_underline),
		TEST_SCALE(test_an_underline_too_many),
		TEST_SCALE(test_an_underlined_number_to_scale),
		TEST_SCALE(test_underlined_numbers_contradict),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("reader_turned_break", tests, NULL, forget);
}
