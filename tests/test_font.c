/* SPDX-License-Identifier: MIT */
/*
 * font: the .strokes format, the built-in letters, measuring, UTF-8.
 *
 * What is sent to the sink is recorded and looked at: where its ink lies, what kind of pieces it
 * has, whether two recordings are the same. A slow coverage rasteriser (16 samples per pixel, each
 * inside if some segment is nearer than half a pen) stands in for the renderer where digits are
 * compared.
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

#include "base/rng.h"
#include "fonts/font.h"
#include "fonts/font_stroke.h"
#include "fonts/font_utf8.h"
#include "tests/font_recorder.h"

/* --- the .strokes format --- */

static void test_builtin_parses(void **state)
{
	(void)state;
	for (int i = 0; i < FONT_STROKES_COUNT_; i++) {
		const struct font_strokes *s = font_strokes_builtin((enum font_strokes_file)i);

		assert_true(s->glyph_count > 0);
		for (uint32_t k = 1; k < s->glyph_count; k++)
			assert_true(s->glyphs[k - 1].codepoint < s->glyphs[k].codepoint);
	}
}

static void test_parse_errors(void **state)
{
	static const struct {
		const char *line, *message;
	} bad[] = {
		{"A 5: 0,0 1,1", "x:2: expected 'C' or U+XXXX at \"A 5: 0,0 1,1\""},
		{"'", "x:2: expected a character at \"\""},
		{"'\xff' 5:", "x:2: not UTF-8 at \"' 5:\""},
		{"'AB' 5:", "x:2: expected ' at \"B' 5:\""},
		{"U+110000 5:", "x:2: expected a hexadecimal number up to 10FFFF at"},
		{"U+ 5:", "x:2: expected a hexadecimal number"},
		{"'A' :", "x:2: expected a number"},
		{"'A' 0:", "x:2: the width must be positive"},
		{"'A' 5 0,0 1,1", "x:2: expected ':'"},
		{"'A' 5: 0,0", "x:2: a stroke needs two points"},
		{"'A' 5: 0,0 1,1;; 0,0 1,1", "x:2: a stroke needs two points"},
		{"'A' 5: 0 0", "x:2: expected ','"},
		{"'A' 5: 0,0 1,1234567890123456", "x:2: expected a number"},
		{"'A' 5: 0,0 1,0.1234", "x:2: expected a number of at most three decimals"},
		{"'A' 5: 0,0~h 1,1", "x:2: a stroke cannot begin with a curve"},
		{"'A' 5: 0,0 1,1~x", "x:2: expected h or v"},
		{"'A' 5: 0,0 1,1@360", "x:2: sweep not within"},
		{"'A' 5: 0,0 1,1@0", "x:2: sweep not within"},
		{"'A' 5: 0,0 1,1@", "x:2: expected a number"},
		{"'A' 5: 0,0 1,1, 2,2", "x:2: expected a blank, ';' or the line's end"},
		{"U+FFFD 5: 0,0 1,1", "x:2: this character has been given before"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *lines[] = {"U+FFFD 5: 0,0 1,1", bad[i].line};
		struct err err = {0};
		assert_null(font_strokes_parse("x", lines, 2, &err));
		assert_int_equal(err.code, ERR_FORMAT);
		if (strncmp(err.msg, bad[i].message, strlen(bad[i].message)) != 0)
			fail_msg("%s: %s", bad[i].line, err.msg);
	}
}

/* Checks that every point lies on the circle or ellipse about (10, 10) and every chord's middle
 * leaves it by at most the bound. For the ellipse the distance is bounded from above. */
static void check_on_ellipse(const struct font_strokes *s, uint32_t c, double rx, double ry)
{
	const struct font_glyph *g = font_strokes_find(s, c);

	assert_non_null(g);
	assert_true(g->end - g->first > 4);
	for (uint32_t i = g->first; i < g->end; i++) {
		double x = (s->points[i].x - 10.5) / rx;
		double y = (s->points[i].y - 10.5) / ry;
		assert_true(fabs(hypot(x, y) - 1) < EPS);
		if (s->points[i].down)
			continue;
		double mx = (x + (s->points[i - 1].x - 10.5) / rx) / 2;
		double my = (y + (s->points[i - 1].y - 10.5) / ry) / 2;
		assert_true((1 - hypot(mx, my)) * fmax(rx, ry) <= FONT_STROKES_CHORD + EPS);
	}
}

static void test_curves(void **state)
{
	static const char *const lines[] = {
		"# circles and ellipses about 10,10",
		"U+FFFD 5: 0,0 1,1",
		"'a' 21: 20,10 0,10@180 20,10@180",
		"'b' 21: 20,10 0,10@-180",
		"'c' 21: 20,10 10,20~v 0,10~h 10,0~v 20,10~h",
		"'d' 21: 16,10 10,20~v 4,10~h 10,0~v 16,10~h",
		"'e' 21: 20,10 10,20@90",
		"'f' 21: 20,10 10,20@-270",
	};
	struct err err = {0};
	struct font_strokes *s = font_strokes_parse("x", lines, 8, &err);

	(void)state;
	if (!s)
		fail_msg("%s", err.msg);
	check_on_ellipse(s, 'a', 10, 10);
	check_on_ellipse(s, 'b', 10, 10);
	check_on_ellipse(s, 'c', 10, 10);
	check_on_ellipse(s, 'd', 6, 10);
	check_on_ellipse(s, 'e', 10, 10);
	/* A negative sweep runs clockwise: b leaves 20,10 downwards, a upwards. */
	assert_true(s->points[font_strokes_find(s, 'b')->first + 1].y < 10.5);
	assert_true(s->points[font_strokes_find(s, 'a')->first + 1].y > 10.5);
	/* The long way round goes about the same centre, through 10,0. */
	check_on_ellipse(s, 'f', 10, 10);
	font_strokes_free(s);
}

/* --- the built-in letters --- */

#define REQUIRED_MAX 256

/* The characters that font.h promises, space left out. */
static size_t required(uint32_t out[REQUIRED_MAX])
{
	const char *more = "⌀Ø°±×−′″№Δ□⌒↧⌴⌵⏤⏥○⌭⌓⊥∥∠⌖◎⌯↗ⓂЁё";
	size_t n = 0;

	for (uint32_t c = 0x21; c <= 0x7e; c++)
		out[n++] = c;
	for (uint32_t c = 0x410; c <= 0x44f; c++)
		out[n++] = c;
	while (*more)
		out[n++] = font_utf8_next(&more);
	return n;
}

static void test_ink(void **state)
{
	const struct font *font = font_builtin();
	uint32_t chars[REQUIRED_MAX];
	size_t n = required(chars);
	struct record space = {0};

	(void)state;
	for (size_t i = 0; i < n; i++) {
		char text[8];
		put_utf8(text, chars[i]);
		struct record r = {0};
		record_text(&r, font, text, 3.5);
		assert_true(count_kind(&r, LINE) > 0);
		free(r.events);
		assert_false(same_drawing(font, text, BOX));
	}
	record_text(&space, font, "  ", 3.5);
	assert_int_equal(count_kind(&space, MOVE) + count_kind(&space, LINE), 0);
	free(space.events);
	assert_ptr_equal(font, font_builtin());
}

/* The ink of each character of the list, at a height of 10 mm. */
static void assert_ink(const char *list, double bottom, double top)
{
	while (*list) {
		char text[8];

		put_utf8(text, font_utf8_next(&list));
		struct bounds b = ink_of(font_builtin(), text, 10);
		if (fabs(b.bottom - bottom) > EPS || fabs(b.top - top) > EPS)
			fail_msg("%s: ink %g..%g", text, b.bottom, b.top);
	}
}

static void test_heights(void **state)
{
	(void)state;
	assert_ink("0123456789ABCDEFGHIJKLMNOPRSTUVWXYZ", 0, 10);
	assert_ink("АБВГЕЖЗИКЛМНОПРСТУФХЧШЪЫЬЭЮЯ", 0, 10);
	assert_ink("ДЦЩ", -2, 10);
	assert_ink("acemnorsuvwxz", 0, 7);
	assert_ink("авгежзиклмнопстхчшъыьэюя", 0, 7);
	assert_ink("⌀№↧Δ", 0, 10);
	for (const char *p = "gjpqy"; *p; p++) {
		char text[2] = {*p, '\0'};
		assert_true(fabs(ink_of(font_builtin(), text, 10).bottom + 3) < EPS);
	}
	assert_ink("ру", -3, 7);
	assert_ink("ф", -3, 10);
	assert_ink("б", 0, 10);
}

static void test_bounds(void **state)
{
	const struct font *font = font_builtin();
	uint32_t chars[REQUIRED_MAX];
	size_t n = required(chars);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		char text[8];
		put_utf8(text, chars[i]);
		double width = font_text_width(font, text, 10);
		struct bounds b = ink_of(font, text, 10);
		if (fabs(b.left) > 0.35 || fabs(b.right - width) > 0.35)
			fail_msg("%s: ink %g..%g, width %g", text, b.left, b.right, width);
		assert_true(width >= 1 && width <= 11.5);
		assert_true(b.left > -EPS && b.right < width + EPS);
		assert_true(b.bottom >= -3 - EPS && b.top <= 13 + EPS);
	}
}

static void random_text(struct rng *rng, char *out, int n)
{
	uint32_t chars[REQUIRED_MAX];
	uint32_t count = (uint32_t)required(chars);

	chars[count++] = ' ';
	for (; n > 0; n--) {
		put_utf8(out, chars[rng_below(rng, count)]);
		out += strlen(out);
	}
	*out = '\0';
}

static void test_width(void **state)
{
	const struct font *font = font_builtin();
	struct rng rng = fresh_rng();

	(void)state;
	for (int i = 0; i < 200; i++) {
		char a[128], b[128], both[256];
		random_text(&rng, a, (int)rng_range(&rng, 1, 30));
		random_text(&rng, b, (int)rng_range(&rng, 1, 30));
		snprintf(both, sizeof(both), "%s%s", a, b);
		double wa = font_text_width(font, a, 3.5);
		double wb = font_text_width(font, b, 3.5);
		assert_true(wa > 0 && wb > 0);
		assert_true(fabs(font_text_width(font, both, 3.5) - wa - wb - 0.7) < EPS);
		assert_true(fabs(font_text_width(font, a, 7) - 2 * wa) < EPS);
	}
	assert_true(font_text_width(font, "", 3.5) == 0);
	/* Words stand six pens apart, letters two. */
	double h = font_text_width(font, "H", 10);
	assert_true(fabs(font_text_width(font, "H H", 10) - 2 * h - 6) < EPS);
	assert_true(fabs(font_text_width(font, "HH", 10) - 2 * h - 2) < EPS);
	assert_true(fabs(font_pen_width(font, 3.5) - 0.35) < EPS);
}

/* A stroke font sends one begin per text, then strokes of one move and at least one line. */
static void test_stroke_protocol(void **state)
{
	struct record r = {0};

	(void)state;
	record_text(&r, font_builtin(), "4×⌀8 \xff ±0,1 Ağ", 3.5);
	assert_int_equal(r.events[0].kind, STROKED);
	assert_int_equal(count_kind(&r, STROKED) + count_kind(&r, MOVE) + count_kind(&r, LINE),
			 r.count);
	assert_int_equal(count_kind(&r, STROKED), 1);
	assert_int_equal(r.events[1].kind, MOVE);
	for (size_t i = 2; i < r.count; i++)
		if (r.events[i - 1].kind == MOVE)
			assert_int_equal(r.events[i].kind, LINE);
	assert_int_equal(r.events[r.count - 1].kind, LINE);
	free(r.events);
}

/* --- the other stroke fonts --- */

static const char *const drawn_names[] = {"iso3098", "iso3098_slanted", "gost_a", "gost_a_slanted",
					  "gost_b",  "gost_b_slanted",  "plotter"};

/* Each has all that the built-in one has, inside its width and as high. */
static void test_drawn_fonts(void **state)
{
	uint32_t chars[REQUIRED_MAX];
	size_t n = required(chars);

	(void)state;
	for (size_t k = 0; k < sizeof(drawn_names) / sizeof(drawn_names[0]); k++) {
		const struct font *font = font_drawn(drawn_names[k]);

		assert_non_null(font);
		assert_false(font_is_by_hand(font));
		for (size_t i = 0; i < n; i++) {
			char text[8];
			struct bounds b;

			put_utf8(text, chars[i]);
			assert_false(same_drawing(font, text, BOX));
			b = ink_of(font, text, 10);
			if (b.left < -1.1 || b.right > font_text_width(font, text, 10) + 1)
				fail_msg("%s: '%s': ink %g..%g of %g", drawn_names[k], text, b.left,
					 b.right, font_text_width(font, text, 10));
			if (chars[i] < '0' || chars[i] > '9')
				continue;
			assert_true(fabs(b.bottom) < EPS && fabs(b.top - 10) < EPS);
		}
	}
	assert_ptr_equal(font_drawn("iso3098"), font_builtin());
	assert_null(font_drawn("hand"));
	assert_null(font_drawn("osifont"));
	assert_null(font_drawn(""));
}

/* 75 degrees: ten millimetres up are 2.68 to the right, of the text's width as well. */
static void test_slanted(void **state)
{
	const struct font *upright = font_drawn("iso3098"),
			  *slanted = font_drawn("iso3098_slanted");
	double lean = 10 * tan(15 * M_PI / 180);
	struct bounds a = ink_of(upright, "H", 10), b = ink_of(slanted, "H", 10);

	(void)state;
	assert_true(fabs(font_text_width(slanted, "40", 10) - font_text_width(upright, "40", 10) -
			 lean) < EPS);
	assert_true(fabs(b.right - a.right - lean * 0.95) < EPS); /* the pen's centre is at 9.5 */
	assert_true(fabs(b.left - a.left - lean * 0.05) < EPS);
}

/* GOST: type A has a finer pen and narrower letters; Cyrillic changes where it slants. */
static void test_gost(void **state)
{
	const struct font *a = font_drawn("gost_a"), *b = font_drawn("gost_b");
	const struct font *slanted = font_drawn("gost_b_slanted");

	(void)state;
	assert_true(fabs(font_pen_width(a, 14) - 1) < EPS);
	assert_true(fabs(font_pen_width(b, 14) - 1.4) < EPS);
	assert_true(font_text_width(a, "ПРОБА 125", 10) <
		    0.9 * font_text_width(b, "ПРОБА 125", 10));
	assert_false(same_drawing(b, "т", "m"));
	assert_true(same_drawing(slanted, "т", "m"));
	assert_true(same_drawing(slanted, "и", "и"));
	assert_true(ink_of(slanted, "б", 10).top > 9);
	assert_false(same_drawing(slanted, "б", "6"));
}

/* Straight and few: on average no more than a dozen points a sign. */
static void test_plotter_is_straight(void **state)
{
	const struct font_strokes *s = font_strokes_builtin(FONT_STROKES_PLOTTER);

	(void)state;
	assert_true(s->point_count <= 12 * s->glyph_count);
	for (char c = '0'; c <= 'z'; c++)
		if (c <= '9' || (c >= 'A' && c <= 'Z') || c >= 'a')
			assert_non_null(font_strokes_find(s, (uint32_t)c));
}

/* --- digits at eight pixels --- */

#define GRID 16

static double segment_distance2(double px, double py, const double *a, const double *b)
{
	double dx = b[0] - a[0];
	double dy = b[1] - a[1];
	double len2 = dx * dx + dy * dy;
	double t = len2 > 0 ? ((px - a[0]) * dx + (py - a[1]) * dy) / len2 : 0;

	t = fmin(1, fmax(0, t));
	double ex = a[0] + t * dx - px;
	double ey = a[1] + t * dy - py;
	return ex * ex + ey * ey;
}

/* Coverage of a digit eight pixels high whose origin is at (ox, oy) pixels. */
static void rasterise(const struct font *font, char digit, double ox, double oy,
		      double out[GRID][GRID])
{
	struct record r = {0};
	char text[2] = {digit, '\0'};
	double reach = font_pen_width(font, 8) / 2;

	record_text(&r, font, text, 8);
	memset(out, 0, GRID * sizeof(out[0]));
	for (int i = 0; i < GRID * GRID * 16; i++) {
		int row = i / 16 / GRID;
		int col = i / 16 % GRID;
		double px = col + (i % 4 + 0.5) / 4 - ox;
		double py = row + (i / 4 % 4 + 0.5) / 4 - oy;
		bool inside = false;
		for (size_t k = 1; k < r.count && !inside; k++)
			inside = r.events[k].kind == LINE &&
				 segment_distance2(px, py, r.events[k - 1].xy, r.events[k].xy) <
					 reach * reach;
		out[row][col] += inside ? 1.0 / 16 : 0;
	}
	free(r.events);
}

/* The part of both digits' ink that does not coincide: 0 same, 1 nothing in common. */
static double difference(double a[GRID][GRID], double b[GRID][GRID])
{
	double differ = 0;
	double ink = 0;

	for (int y = 0; y < GRID; y++)
		for (int x = 0; x < GRID; x++) {
			differ += fabs(a[y][x] - b[y][x]);
			ink += a[y][x] + b[y][x];
		}
	return differ / ink;
}

/* No digit may be had from another by moving it, by thirds of a pixel, 4/3 pixels at most. */
static void check_digits(const char *name)
{
	static double still[10][GRID][GRID], moved[GRID][GRID];
	const struct font *font = font_drawn(name);
	double worst = 1;
	char pair[3] = "";

	for (int i = 0; i < 10; i++)
		rasterise(font, (char)('0' + i), 4, 4, still[i]);
	for (int i = 0; i < 10 * 9 * 9; i++) {
		int b = i / 81;

		rasterise(font, (char)('0' + b), 4 + (i % 9 - 4) / 3.0, 4 + (i / 9 % 9 - 4) / 3.0,
			  moved);
		for (int a = 0; a < 10; a++) {
			double d = a == b ? 1 : difference(still[a], moved);

			if (d >= worst)
				continue;
			worst = d;
			pair[0] = (char)('0' + a);
			pair[1] = (char)('0' + b);
		}
	}
	print_message("# %s: most alike: %s, %.0f %% of their ink differs\n", name, pair,
		      100 * worst);
	assert_true(worst > 0.2);
}

static void test_digits_differ(void **state)
{
	(void)state;
	check_digits("iso3098");
	check_digits("gost_a");
	check_digits("gost_b");
	check_digits("plotter");
}

/* --- text that is not in the font, or no text at all --- */

static void test_boxes(void **state)
{
	static const struct {
		const char *text, *drawn;
	} cases[] = {
		{"☃", BOX},                    /* unknown, BMP */
		{"\xf0\x9f\x94\xa9", BOX},     /* unknown, beyond it */
		{"A\nB", "A" BOX "B"},         /* control character */
		{"\x80", BOX},                 /* continuation without lead */
		{"\xff\xfe", BOX BOX},         /* never a byte of UTF-8 */
		{"\xc3", BOX},                 /* cut short by the end */
		{"\xe2\x8c", BOX BOX},         /* two of three bytes */
		{"\xe2\x8cZ", BOX BOX "Z"},    /* cut short by a letter */
		{"\xc0\xaf", BOX BOX},         /* overlong */
		{"\xe0\x80\xaf", BOX BOX BOX}, /* overlong */
		{"\xf0\x80\x80\xaf", BOX BOX BOX BOX},
		{"\xed\xa0\x80", BOX BOX BOX},         /* surrogate */
		{"\xf4\x90\x80\x80", BOX BOX BOX BOX}, /* over U+10FFFF */
		{"\xf5\x80\x80\x80", BOX BOX BOX BOX},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_true(same_drawing(font_builtin(), cases[i].text, cases[i].drawn));
	assert_true(fabs(ink_of(font_builtin(), BOX, 10).top - 10) < EPS);
	const char *s = "\xf4\x8f\xbf\xbf";
	assert_int_equal(font_utf8_next(&s), 0x10ffff);
	assert_int_equal(*s, '\0');
}

static void test_random_bytes(void **state)
{
	(void)state;
	draw_random_bytes(font_builtin());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_builtin_parses), cmocka_unit_test(test_parse_errors),
		cmocka_unit_test(test_curves),         cmocka_unit_test(test_ink),
		cmocka_unit_test(test_heights),        cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_width),          cmocka_unit_test(test_stroke_protocol),
		cmocka_unit_test(test_drawn_fonts),    cmocka_unit_test(test_slanted),
		cmocka_unit_test(test_gost),           cmocka_unit_test(test_plotter_is_straight),
		cmocka_unit_test(test_digits_differ),  cmocka_unit_test(test_boxes),
		cmocka_unit_test(test_random_bytes),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
