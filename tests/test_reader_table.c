/* SPDX-License-Identifier: MIT */
/* reader_table: what a table says is read, and what contradicts the drawing or itself is found. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/drawn_scene.h"

#define PLATE_OF(sheet)                                                                            \
	"{\"family\":\"plate\",\"unit\":\"mm\",\"sheet\":" sheet ",\"scale\":\"1:1\","             \
	"\"arrangement\":\"table\",\"shapes\":["                                                   \
	"{\"type\":\"profile\",\"points\":[[0,0],[90,0],[90,50],[0,50]],\"thickness\":7},"         \
	"{\"type\":\"hole\",\"x\":18,\"y\":12,\"d\":6},"                                           \
	"{\"type\":\"hole\",\"x\":36,\"y\":31,\"d\":6},"                                           \
	"{\"type\":\"hole\",\"x\":61,\"y\":27,\"d\":11}],"                                         \
	"\"dimensions\":["                                                                         \
	"{\"kind\":\"position_x\",\"shape\":0,\"param\":\"points\",\"point\":1},"                  \
	"{\"kind\":\"position_y\",\"shape\":0,\"param\":\"points\",\"point\":2},"                  \
	"{\"kind\":\"thickness\",\"shape\":0,\"param\":\"thickness\"}," ROW(1) "," ROW(2) "," ROW( \
		3) "]}"
#define ROW(shape)                                                                                 \
	"{\"kind\":\"position_x\",\"shape\":" #shape ",\"param\":\"x\"},"                          \
	"{\"kind\":\"position_y\",\"shape\":" #shape ",\"param\":\"y\"},"                          \
	"{\"kind\":\"diameter\",\"shape\":" #shape ",\"param\":\"d\"}"

static const char plate[] = PLATE_OF("[210,148]");

static struct arena arena;
static struct sample s;

/* A drawing whose holes are named A1, A2 and B1. */
static int setup(void **state)
{
	(void)state;
	for (uint64_t index = 0; index < 100; index++) {
		arena_reset(&arena);
		s = drawn_scene(plate, NULL, index, &arena);
		if (drawn_text(&s.drawing, "A1", 0))
			return 0;
	}
	return -1;
}

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* In the table, and beside the hole. */
static struct text *cell(const char *utf8)
{
	struct text *t = drawn_text(&s.drawing, utf8, 0);

	assert_non_null(t);
	return t;
}

static struct text *mark(const char *name)
{
	struct text *t = drawn_text(&s.drawing, name, 1);

	assert_non_null(t);
	assert_null(drawn_text(&s.drawing, name, 2));
	return t;
}

static void swap(struct text *a, struct text *b)
{
	const char *utf8 = a->utf8;

	a->utf8 = b->utf8;
	b->utf8 = utf8;
}

static void misread(const char *why)
{
	assert_misread(&s, why, &arena);
}

static void test_label_is_read(void **state)
{
	(void)state;
	assert_label_read(&s, &arena);
}

static void test_names_may_be_numbers(void **state)
{
	int seen = 0;

	(void)state;
	for (uint64_t index = 0; index < 20; index++) {
		arena_reset(&arena);
		s = drawn_scene(plate, NULL, index, &arena);
		assert_label_read(&s, &arena);
		seen += drawn_text(&s.drawing, "1", 0) != NULL;
	}
	assert_true(seen > 0);
}

static void test_swapped_names_contradict(void **state)
{
	(void)state;
	swap(mark("A1"), mark("A2"));
	misread("'36' in row 'A2' of the table contradicts the drawing, where it is 18");
}

static void test_swapped_rows_contradict(void **state)
{
	(void)state;
	swap(cell("A1"), cell("B1"));
	misread("contradicts the drawing");
}

static void test_wrong_numbers_contradict(void **state)
{
	(void)state;
	swap(cell("12"), cell("27"));
	misread("'27' in row 'A1' of the table contradicts the drawing, where it is 12");
	swap(cell("12"), cell("27"));
	cell("36")->utf8 = "35";
	misread("'35' in row 'A2' of the table contradicts the drawing, where it is 36");
}

static void test_wrong_size_contradicts(void **state)
{
	struct text *size = drawn_text(&s.drawing, "11", 0);

	(void)state;
	if (!size)
		size = cell("\u230011");
	size->utf8 = size->utf8[0] == '1' ? "12" : "\u230012";
	misread("the size 12 of a diameter contradicts the drawing, where it is 11");
	size->utf8 = "M11";
	misread("'M11' in row 'B1' of the table is no size of a hole");
}

static void test_names_and_holes_match(void **state)
{
	struct text *twin;

	(void)state;
	mark("A1")->utf8 = "D1";
	misread("no hole is named 'A1'");
	mark("A2")->utf8 = "A1";
	misread("no hole is named 'A2'");
	twin = drawing_add_text(&s.drawing, &arena);
	*twin = *cell("A2");
	twin->at = vec(20, 20);
	drawn_text(&s.drawing, "D1", 0)->utf8 = "A1";
	misread("two holes are named 'A1'");
}

static void test_rows_have_names_of_their_own(void **state)
{
	(void)state;
	cell("A2")->utf8 = "A1";
	misread("two rows of the table are named 'A1'");
}

static void test_names_stand_by_holes(void **state)
{
	struct text *name = mark("A1");
	struct vec at = name->at;

	(void)state;
	name->at = vec_add(s.drawing.datum, vec(-30, -10));
	misread("'A1' stands by no hole");
	name->at = vec_add(mark("B1")->at, vec(0.05, 0));
	misread("another name stand by one hole");
	/* Between two holes. */
	name->at = vec_add(s.drawing.datum, vec(27 - name->width_mm / 2, 21.5 - 3.5 / 2));
	misread("'A1' and another name stand by one hole, or it by two");
	name->at = at;
	assert_label_read(&s, &arena);
}

static void test_rows_are_complete(void **state)
{
	(void)state;
	remove_text(&s.drawing, cell("31"));
	misread("row 'A2' of the table has no Y");
}

static void test_a_cell_holds_one_text(void **state)
{
	struct text *twin = drawing_add_text(&s.drawing, &arena);

	(void)state;
	*twin = *cell("31");
	misread("two texts stand in one cell of the table");
}

static void test_coordinates_are_plain_numbers(void **state)
{
	(void)state;
	cell("18")->utf8 = "M18";
	misread("'M18' in row 'A1' of the table is no X");
	cell("M18")->utf8 = "(18)";
	misread("'(18)' in row 'A1' of the table is no X");
	cell("(18)")->utf8 = "here";
	misread("'here' in row 'A1' of the table is no X");
}

static void test_axes_show_the_datum(void **state)
{
	struct text *x = drawn_text(&s.drawing, "X", 1), *y = drawn_text(&s.drawing, "Y", 1);

	(void)state;
	assert_int_equal(x->layer, LAYER_SYMBOL);
	swap(x, y);
	misread("no axis X of the table begins at the datum");
	swap(x, y);
	remove_text(&s.drawing, y);
	misread("no axis Y of the table begins at the datum");
}

static void test_axes_begin_at_the_datum(void **state)
{
	struct drawing *d = &s.drawing;
	int moved = 0;

	(void)state;
	for (int i = 0; i < d->stroke_count; i++) {
		if (d->strokes[i].layer != LAYER_EXTENSION ||
		    d->strokes[i].dimension != DRAWING_NOBODY)
			continue;
		d->strokes[i].path = path_place(&d->strokes[i].path, vec(0, 0.01), 1, &arena);
		moved++;
	}
	assert_int_equal(moved, 2);
	misread("no axis X of the table begins at the datum");
}

/* Without lines it is no table. */
static void test_rulings_make_the_table(void **state)
{
	struct drawing *d = &s.drawing;

	(void)state;
	for (int i = 0; i < d->stroke_count; i++)
		if (d->strokes[i].layer == LAYER_FRAME)
			d->strokes[i--] = d->strokes[--d->stroke_count];
	misread("'d': not printed");
}

/* A table on a drawing of loose shapes, where nothing needs one. */
static void test_rows_state_something(void **state)
{
	static const char circle[] =
		"{\"family\":\"shapes\",\"unit\":\"mm\",\"sheet\":[210,148],\"scale\":\"1:1\","
		"\"arrangement\":\"parallel\",\"shapes\":[{\"type\":\"circle\",\"x\":40,\"y\":40,"
		"\"r\":20}],\"dimensions\":[{\"kind\":\"position_x\",\"shape\":0,\"param\":\"x\"},"
		"{\"kind\":\"position_y\",\"shape\":0,\"param\":\"y\"},{\"kind\":\"diameter\","
		"\"shape\":0,\"param\":\"r\"}]}";
	struct sample loose = drawn_scene(circle, NULL, 0, &arena);

	(void)state;
	for (int i = 0; i < s.drawing.stroke_count; i++)
		if (s.drawing.strokes[i].layer == LAYER_FRAME)
			*drawing_add_stroke(&loose.drawing, &arena) = s.drawing.strokes[i];
	for (int i = 0; i < s.drawing.text_count; i++) {
		const struct text *t = &s.drawing.texts[i];
		bool cell_or_mark = t->layer == LAYER_DIMENSION && t->shape > 0;

		if (cell_or_mark || (t->layer == LAYER_NOTE && !t->field))
			*drawing_add_text(&loose.drawing, &arena) = *t;
	}
	assert_misread(&loose, "row 'A1' of the table states nothing", &arena);
}

#define TEST(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_label_is_read),
		TEST(test_names_may_be_numbers),
		TEST(test_swapped_names_contradict),
		TEST(test_swapped_rows_contradict),
		TEST(test_wrong_numbers_contradict),
		TEST(test_wrong_size_contradicts),
		TEST(test_names_and_holes_match),
		TEST(test_rows_have_names_of_their_own),
		TEST(test_names_stand_by_holes),
		TEST(test_rows_are_complete),
		TEST(test_a_cell_holds_one_text),
		TEST(test_coordinates_are_plain_numbers),
		TEST(test_axes_show_the_datum),
		TEST(test_axes_begin_at_the_datum),
		TEST(test_rulings_make_the_table),
		TEST(test_rows_state_something),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("reader_table", tests, NULL, forget);
}
