/* SPDX-License-Identifier: MIT */
/* reader_ordinates: numbers at the ends of extension lines, jogged ones too. */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/drawn_scene.h"

/* Two holes 4 mm apart along x: their values jog. */
static const char plate[] =
	"{\"family\":\"plate\",\"unit\":\"mm\",\"sheet\":[210,148],\"scale\":\"1:1\","
	"\"arrangement\":\"ordinate\",\"shapes\":["
	"{\"type\":\"profile\",\"points\":[[0,0],[90,0],[90,50],[0,50]],\"thickness\":7},"
	"{\"type\":\"hole\",\"x\":32,\"y\":12,\"d\":6},"
	"{\"type\":\"hole\",\"x\":36,\"y\":31,\"d\":8}],\"dimensions\":["
	"{\"kind\":\"position_x\",\"shape\":0,\"param\":\"points\",\"point\":1},"
	"{\"kind\":\"position_y\",\"shape\":0,\"param\":\"points\",\"point\":2},"
	"{\"kind\":\"thickness\",\"shape\":0,\"param\":\"thickness\"},"
	"{\"kind\":\"position_x\",\"shape\":1,\"param\":\"x\"},"
	"{\"kind\":\"position_y\",\"shape\":1,\"param\":\"y\"},"
	"{\"kind\":\"diameter\",\"shape\":1,\"param\":\"d\"},"
	"{\"kind\":\"position_x\",\"shape\":2,\"param\":\"x\"},"
	"{\"kind\":\"position_y\",\"shape\":2,\"param\":\"y\"},"
	"{\"kind\":\"diameter\",\"shape\":2,\"param\":\"d\"}]}";

#define X_OF_FIRST 3 /* dimensions */
#define X_OF_SECOND 6
#define Y_OF_FIRST 4

static struct arena arena;
static struct sample s;

static int setup(void **state)
{
	(void)state;
	arena_reset(&arena);
	s = drawn_scene(plate, NULL, 0, &arena);
	return 0;
}

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static void misread(const char *why)
{
	assert_misread(&s, why, &arena);
}

static struct text *text(const char *utf8, int nth)
{
	struct text *t = drawn_text(&s.drawing, utf8, nth);

	assert_non_null(t);
	return t;
}

static struct stroke *extension_of(int dimension)
{
	for (int i = 0; i < s.drawing.stroke_count; i++)
		if (s.drawing.strokes[i].layer == LAYER_EXTENSION &&
		    s.drawing.strokes[i].dimension == dimension)
			return &s.drawing.strokes[i];
	fail_msg("no extension line of dimension %d", dimension);
	return NULL;
}

static void test_label_is_read(void **state)
{
	(void)state;
	assert_label_read(&s, &arena);
	for (uint64_t index = 1; index < 20; index++) {
		arena_reset(&arena);
		s = drawn_scene(plate, "asme-mm", index, &arena);
		assert_label_read(&s, &arena);
	}
}

static void test_jogs_are_followed(void **state)
{
	struct stroke *line = extension_of(X_OF_SECOND);

	(void)state;
	assert_int_equal(line->path.count, 3);
	assert_int_equal(extension_of(Y_OF_FIRST)->path.count, 1);
	/* A jog that does not lead on to the first piece leaves the value where it stands. */
	line->path.segs[1].a.x += 0.01;
	misread("contradicts the drawing");
	line->path.segs[1].a.x -= 0.01;
	assert_label_read(&s, &arena);
	line->path.segs[0].a.x += 0.01;
	line->path.segs[0].b.x += 0.01;
	misread("contradicts the drawing");
}

static void test_swapped_numbers_contradict(void **state)
{
	struct text *a = text("32", 0), *b = text("36", 0);

	(void)state;
	a->utf8 = "36";
	b->utf8 = "32";
	misread("the text '36' contradicts the drawing, where it is 32");
}

static void test_wrong_number_contradicts(void **state)
{
	(void)state;
	text("31", 0)->utf8 = "30";
	misread("the text '30' contradicts the drawing, where it is 31");
}

static void test_line_without_number_is_missed(void **state)
{
	(void)state;
	remove_text(&s.drawing, text("12", 0));
	misread("not printed: no dimensions lead there");
}

/* What follows from symmetry must be printed all the same. */
static void test_number_that_follows_is_missed(void **state)
{
	static const char symmetric[] =
		"{\"family\":\"plate\",\"unit\":\"mm\",\"sheet\":[210,148],\"scale\":\"1:1\","
		"\"arrangement\":\"ordinate\",\"shapes\":[{\"type\":\"profile\",\"points\":["
		"[0,0],[90,0],[90,50],[0,50]],\"thickness\":7},{\"type\":\"hole\",\"x\":45,"
		"\"y\":12,\"d\":6}],\"dimensions\":["
		"{\"kind\":\"position_x\",\"shape\":0,\"param\":\"points\",\"point\":1},"
		"{\"kind\":\"position_y\",\"shape\":0,\"param\":\"points\",\"point\":2},"
		"{\"kind\":\"thickness\",\"shape\":0,\"param\":\"thickness\"},"
		"{\"kind\":\"position_x\",\"shape\":1,\"param\":\"x\"},"
		"{\"kind\":\"position_y\",\"shape\":1,\"param\":\"y\"},"
		"{\"kind\":\"diameter\",\"shape\":1,\"param\":\"d\"}]}";

	(void)state;
	s = drawn_scene(symmetric, NULL, 0, &arena);
	assert_label_read(&s, &arena);
	remove_text(&s.drawing, text("45", 0));
	misread("bears no number");
}

static void test_number_without_line_is_missed(void **state)
{
	struct stroke *line = extension_of(Y_OF_FIRST);

	(void)state;
	*line = s.drawing.strokes[--s.drawing.stroke_count];
	misread("not printed: no dimensions lead there");
}

static void test_zero_begins_the_line(void **state)
{
	(void)state;
	remove_text(&s.drawing, text("0", 0));
	misread("not printed: no dimensions lead there");
}

static void test_zero_stands_at_the_datum(void **state)
{
	struct text *zero = text("0", 0), *other = text("32", 0);

	(void)state;
	zero->utf8 = "32";
	other->utf8 = "0";
	misread("not printed: no dimensions lead there");
}

/* All stand on one line. */
static void test_other_ends_are_no_ordinates(void **state)
{
	struct stroke *line = extension_of(Y_OF_FIRST);
	struct seg *last = &line->path.segs[line->path.count - 1];
	double out = last->b.x < last->a.x ? -0.01 : 0.01;

	(void)state;
	last->b.x -= out;
	misread("not printed: no dimensions lead there");
}

#define TEST(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_label_is_read),
		TEST(test_jogs_are_followed),
		TEST(test_swapped_numbers_contradict),
		TEST(test_wrong_number_contradicts),
		TEST(test_line_without_number_is_missed),
		TEST(test_number_that_follows_is_missed),
		TEST(test_number_without_line_is_missed),
		TEST(test_zero_begins_the_line),
		TEST(test_zero_stands_at_the_datum),
		TEST(test_other_ends_are_no_ordinates),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("reader_ordinates", tests, NULL, forget);
}
