/* SPDX-License-Identifier: MIT */
/*
 * writer, allograph: the file of allographs, and what writers make of them: widths that hold whatever
 * the place, letters of which no two are the same, ink where a drafter expects it.
 */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "fonts/allograph.h"
#include "fonts/font_utf8.h"
#include "fonts/writer.h"
#include "tests/font_recorder.h"

#define WRITERS 300

/* --- the file --- */

static void test_parse_errors(void **state)
{
	static const struct {
		const char *line, *message;
	} bad[] = {
		{"A x 1/1: 0,0 1,1", "x:2: expected ' at \"A x 1/1: 0,0 1,1\""},
		{"'", "x:2: expected a character"},
		{"'\xff' x 1/1:", "x:2: not UTF-8"},
		{"'AB' x 1/1:", "x:2: expected ' at \"B' x 1/1:\""},
		{"'A' 1/1: 0,0 1,1", "x:2: expected a name of at most 15 small letters"},
		{"'A' abcdefghijklmnop 1/1:", "x:2: expected a name of at most 15"},
		{"'A' x -1/1:", "x:2: expected a whole weight of 0 to 1000"},
		{"'A' x 1.5/1:", "x:2: expected a whole weight"},
		{"'A' x 1/1001:", "x:2: expected a whole weight"},
		{"'A' x 1:", "x:2: expected '/'"},
		{"'A' x 1/1 0,0 1,1", "x:2: expected ':'"},
		{"'A' x 1/1: 0,0", "x:2: a stroke needs two points"},
		{"'A' x 1/1: 0 0", "x:2: expected ','"},
		{"'A' x 1/1: 0,0 1,0.1234", "x:2: expected a number of at most three decimals"},
		{"'A' x 1/1: 0,0 1,1~h", "x:2: expected a blank, ';' or the line's end"},
		{"'B' plain 1/1: 0,0 1,1", "x:2: this allograph has been given before"},
		{"'A' x 1/0: 0,0 1,1", "x: all weights of U+0041 are 0 in a region"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *lines[] = {"'B' plain 1/1: 0,0 1,1", bad[i].line};
		struct err err = {0};

		assert_null(allographs_parse("x", lines, 2, &err));
		assert_int_equal(err.code, ERR_FORMAT);
		if (strncmp(err.msg, bad[i].message, strlen(bad[i].message)) != 0)
			fail_msg("%s: %s", bad[i].line, err.msg);
	}
}

static void test_too_many_points(void **state)
{
	char line[1024] = "'A' x 1/1:";
	const char *lines[] = {line};
	struct err err = {0};

	(void)state;
	for (int i = 0; i <= ALLOGRAPH_POINTS_MAX; i++)
		strcat(line, " 0,0");
	assert_null(allographs_parse("x", lines, 1, &err));
	assert_non_null(strstr(err.msg, "x:1: more than 96 points"));
}

static void test_parses(void **state)
{
	static const char *const lines[] = {"# comment", "", "'7' bar 7/1: 0,9 5,9! 2,0; 1,5 4,5",
					    "'1' plain 1/1: 0.5,9 0,0",
					    "'7' plain 1/7: 0,9 5,9! 2,0"};
	const struct allograph *first;
	struct err err = {0};
	struct allographs *all = allographs_parse("x", lines, 5, &err);

	(void)state;
	if (!all)
		fail_msg("%s", err.msg);
	assert_int_equal(allographs_of(all, '7', &first), 2);
	assert_string_equal(first[0].name, "bar");
	assert_string_equal(first[1].name, "plain");
	assert_int_equal(first[0].weight[REGION_EUROPE], 7);
	assert_int_equal(first[0].weight[REGION_AMERICA], 1);
	assert_int_equal(first[0].end - first[0].first, 5);
	assert_true(all->points[first[0].first].down && all->points[first[0].first + 3].down);
	assert_true(all->points[first[0].first + 1].corner);
	assert_true(first[0].x0 == 0 && first[0].x1 == 5);
	assert_true(first[0].y0 == 0 && first[0].y1 == 9);
	assert_int_equal(allographs_of(all, '8', &first), 0);
	allographs_free(all);
}

/* Every digit in several ways, and every letter and sign in one. */
static void test_complete(void **state)
{
	const char *signs = ",.:;!?+-−=±×°⌀Ø()[]/%□⌒↧⌴⌵⏤⏥○⌭⌓⊥∥∠⌖◎⌯↗№Ёё";
	const char *const *lines;
	const struct allograph *first;
	struct allographs *all;
	size_t count;

	(void)state;
	lines = allographs_builtin(&count);
	all = allographs_parse("hand.strokes", lines, count, NULL);
	assert_non_null(all);
	for (uint32_t c = '0'; c <= '9'; c++)
		assert_true(allographs_of(all, c, &first) >= 6);
	for (uint32_t c = 'A'; c <= 'Z'; c++)
		assert_true(allographs_of(all, c, &first) > 0 &&
			    allographs_of(all, c + 0x20, &first) > 0);
	for (uint32_t c = 0x410; c <= 0x44f; c++)
		assert_true(allographs_of(all, c, &first) > 0);
	while (*signs)
		assert_true(allographs_of(all, font_utf8_next(&signs), &first) > 0);
	allographs_free(all);
}

/* --- writers --- */

static const struct font *writer_of(struct arena *arena, struct rng *rng)
{
	arena_reset(arena);
	return font_by_hand(rng, arena);
}

static void record_which(struct record *r, const struct font *font, const char *utf8,
			 uint32_t which)
{
	r->count = 0;
	record_instance(r, font, utf8, 3.5, which);
}

/* The same writer writes the same text of the same number the same way; another number, or another
 * writer, another; the width stays. */
static void test_instances(void **state)
{
	struct rng rng = fresh_rng(), again = rng;
	struct arena arena = {0}, other = {0};
	struct record a = {0}, b = {0};

	(void)state;
	for (int i = 0; i < WRITERS; i++) {
		const struct font *font = writer_of(&arena, &rng);
		const struct font *twin = writer_of(&other, &again);

		assert_true(font_is_by_hand(font));
		record_which(&a, font, "⌀12,5", 3);
		record_which(&b, twin, "⌀12,5", 3);
		assert_true(record_equal(&a, &b));
		record_which(&b, font, "⌀12,5", 4);
		assert_false(record_equal(&a, &b));
		assert_true(font_text_width(font, "⌀12,5", 3.5) ==
			    font_text_width(twin, "⌀12,5", 3.5));
		twin = writer_of(&other, &again);
		again = rng;
		record_which(&b, twin, "⌀12,5", 3);
		assert_false(record_equal(&a, &b));
	}
	free(a.events);
	free(b.events);
	arena_free(&arena);
	arena_free(&other);
}

/* A text is no wider than its letters and gaps, so it grows with each letter; nothing is as wide as
 * nothing. */
static void test_widths(void **state)
{
	struct rng rng = fresh_rng();
	struct arena arena = {0};

	(void)state;
	for (int i = 0; i < WRITERS; i++) {
		const struct font *font = writer_of(&arena, &rng);
		double one = font_text_width(font, "8", 3.5);
		double pen = font_pen_width(font, 3.5);

		assert_true(font_text_width(font, "", 3.5) == 0);
		assert_true(one > pen && one < 5);
		assert_true(pen >= 0.07 * 3.5 - EPS && pen <= 0.13 * 3.5 + EPS);
		assert_true(font_text_width(font, "1888,8", 3.5) > 2 * one);
		assert_true(one >= 3.4 * pen - EPS); /* its rings are open */
		assert_true(font_text_width(font, "1234,5", 7) >
			    1.5 * font_text_width(font, "1234,5", 3.5));
	}
	arena_free(&arena);
}

/* The ink of digits stays near the box that drafters keep free. */
static void test_ink_in_box(void **state)
{
	static const char *const texts[] = {"1010", "⌀38", "R12", "2×45°", "478", "25±0"};
	struct rng rng = fresh_rng();
	struct arena arena = {0};
	struct record r = {0};

	(void)state;
	for (int i = 0; i < WRITERS; i++) {
		const struct font *font = writer_of(&arena, &rng);

		for (size_t k = 0; k < sizeof(texts) / sizeof(texts[0]); k++) {
			double width = font_text_width(font, texts[k], 10);
			struct bounds b;

			r.count = 0;
			record_instance(&r, font, texts[k], 10, (uint32_t)i);
			b = bounds_of(&r, font_pen_width(font, 10));
			if (b.left < -2 || b.right > width + 2 || b.bottom < -1.2 || b.top > 12)
				fail_msg("%s: ink %g..%g of %g, %g..%g", texts[k], b.left, b.right,
					 width, b.bottom, b.top);
			assert_true(b.top - b.bottom > 8);
			assert_true(b.right - b.left > 0.6 * width);
		}
	}
	free(r.events);
	arena_free(&arena);
}

/* Counts writers whose seven has a bar: the allograph of two strokes. */
static int sevens_with_bar(struct rng *rng, enum allograph_region region)
{
	int barred = 0;

	for (int i = 0; i < WRITERS; i++) {
		struct writer w = writer_from_rng(rng);
		struct writer_line line;
		struct writer_letter letter;

		w.region = region;
		line = writer_begin(&w, "7", 3.5);
		assert_true(writer_next(&line, &letter));
		barred += strncmp(letter.allograph->name, "bar", 3) == 0;
		assert_false(writer_next(&line, &letter));
	}
	return barred;
}

static void test_habits(void **state)
{
	struct rng rng = fresh_rng();

	(void)state;
	assert_true(sevens_with_bar(&rng, REGION_EUROPE) > WRITERS / 2);
	assert_true(sevens_with_bar(&rng, REGION_AMERICA) < WRITERS / 5);
}

/* Who writes a seven one way does so most of the time, and not always. */
static void test_fidelity(void **state)
{
	struct rng rng = fresh_rng();
	int same = 0, all = 0;

	(void)state;
	for (int i = 0; i < WRITERS; i++) {
		struct writer w = writer_from_rng(&rng);
		const struct allograph *first = NULL;
		struct writer_line line = writer_begin(&w, "444444444444", 3.5);
		struct writer_letter letter;

		while (writer_next(&line, &letter)) {
			first = first ? first : letter.allograph;
			same += letter.allograph == first;
			all++;
		}
	}
	assert_true(same > 0.75 * all && same < 0.98 * all);
}

struct nibs {
	double lo, hi, ink_lo, ink_hi;
	int count, points;
};

static void on_begin(void *ctx, bool filled)
{
	(void)ctx;
	assert_false(filled);
}

static void on_point(void *ctx, double x, double y)
{
	struct nibs *n = ctx;

	assert_true(isfinite(x) && isfinite(y));
	n->points++;
}

static void on_nib(void *ctx, double width, double ink)
{
	struct nibs *n = ctx;

	n->lo = fmin(n->lo, width);
	n->hi = fmax(n->hi, width);
	n->ink_lo = fmin(n->ink_lo, ink);
	n->ink_hi = fmax(n->ink_hi, ink);
	n->count++;
}

/* Each point comes with its pen; who presses has strokes of changing width. */
static void test_nibs(void **state)
{
	struct rng rng = fresh_rng();
	int changing = 0;

	(void)state;
	for (int i = 0; i < WRITERS; i++) {
		struct writer w = writer_from_rng(&rng);
		struct nibs n = {INFINITY, 0, INFINITY, 0, 0, 0};
		struct font_sink sink = {&n, on_begin, on_point, on_point, NULL, NULL, on_nib};
		struct writer_line line = writer_begin(&w, "⌀250 Ⓜ x☃", 3.5);
		struct writer_letter letter;
		double pen = writer_pen_mm(&w, 3.5);

		while (writer_next(&line, &letter))
			writer_draw(&line, &letter, 0, 0, &sink);
		assert_int_equal(n.count, n.points);
		assert_true(n.points > 100);
		assert_true(n.lo > 0.2 * pen && n.hi < 2 * pen);
		assert_true(n.ink_lo >= 0.5 && n.ink_hi <= 1);
		changing += n.hi > 1.2 * n.lo;
	}
	assert_true(changing > WRITERS / 2);
}

static void test_random_bytes(void **state)
{
	struct rng rng = fresh_rng();
	struct arena arena = {0};

	(void)state;
	draw_random_bytes(writer_of(&arena, &rng));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse_errors), cmocka_unit_test(test_too_many_points),
		cmocka_unit_test(test_parses),       cmocka_unit_test(test_complete),
		cmocka_unit_test(test_instances),    cmocka_unit_test(test_widths),
		cmocka_unit_test(test_ink_in_box),   cmocka_unit_test(test_habits),
		cmocka_unit_test(test_fidelity),     cmocka_unit_test(test_nibs),
		cmocka_unit_test(test_random_bytes),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
