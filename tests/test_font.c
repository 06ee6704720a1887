/* SPDX-License-Identifier: MIT */
/*
 * What is sent to the sink is recorded and looked at: where its ink lies, what kind of pieces it
 * has, whether two recordings are the same. A slow coverage rasteriser (16 samples per pixel, each
 * inside if some segment is nearer than half a pen) stands in for the renderer where digits are
 * compared. Outline fonts are tested with a TrueType file that is put together here byte by byte,
 * so that these tests need no font on the machine, and with a real one where there is one.
 */
#include <config.h>

#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/rng.h"
#include "fonts/font.h"
#include "fonts/font_stroke.h"
#include "fonts/font_utf8.h"

#define EPS 1e-9
#define BOX "\xef\xbf\xbd" /* U+FFFD */

enum event_kind { STROKED, FILLED, MOVE, LINE, CURVE, CLOSE };

struct event {
	enum event_kind kind;
	double xy[6]; /* MOVE and LINE use two, CURVE six */
};

struct record {
	size_t count, room;
	struct event *events;
};

static void add(struct record *r, struct event e)
{
	if (r->count == r->room) {
		r->room = r->room ? 2 * r->room : 256;
		r->events = mem_realloc(r->events, r->room, sizeof(*r->events));
	}
	r->events[r->count++] = e;
}

static void on_begin(void *ctx, bool filled)
{
	add(ctx, (struct event){filled ? FILLED : STROKED, {0}});
}

static void on_move(void *ctx, double x, double y)
{
	add(ctx, (struct event){MOVE, {x, y}});
}

static void on_line(void *ctx, double x, double y)
{
	add(ctx, (struct event){LINE, {x, y}});
}

static void on_curve(void *ctx, double x1, double y1, double x2, double y2, double x, double y)
{
	add(ctx, (struct event){CURVE, {x1, y1, x2, y2, x, y}});
}

static void on_close(void *ctx)
{
	add(ctx, (struct event){CLOSE, {0}});
}

/* Appends what drawing the text sends. */
static void record_text(struct record *r, const struct font *font, const char *utf8, double h_mm)
{
	struct font_sink sink = {r, on_begin, on_move, on_line, on_curve, on_close};

	font_draw_text(font, utf8, h_mm, &sink);
}

static bool same(const struct record *a, const struct record *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (a->events[i].kind != b->events[i].kind ||
		    memcmp(a->events[i].xy, b->events[i].xy, sizeof(a->events[i].xy)) != 0)
			return false;
	return true;
}

static bool same_drawing(const struct font *font, const char *a, const char *b)
{
	struct record ra = {0};
	struct record rb = {0};

	record_text(&ra, font, a, 3.5);
	record_text(&rb, font, b, 3.5);
	bool equal = same(&ra, &rb);
	free(ra.events);
	free(rb.events);
	return equal;
}

static size_t count_kind(const struct record *r, enum event_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < r->count; i++)
		n += r->events[i].kind == kind;
	return n;
}

struct bounds {
	double left, bottom, right, top;
};

/* What the pieces cover; strokes with the pen of pen_mm. */
static struct bounds bounds_of(const struct record *r, double pen_mm)
{
	struct bounds b = {INFINITY, INFINITY, -INFINITY, -INFINITY};

	for (size_t i = 0; i < r->count; i++) {
		const struct event *e = &r->events[i];
		int n = e->kind == CURVE ? 6 : e->kind == MOVE || e->kind == LINE ? 2 : 0;
		for (int k = 0; k < n; k += 2) {
			b.left = fmin(b.left, e->xy[k] - pen_mm / 2);
			b.right = fmax(b.right, e->xy[k] + pen_mm / 2);
			b.bottom = fmin(b.bottom, e->xy[k + 1] - pen_mm / 2);
			b.top = fmax(b.top, e->xy[k + 1] + pen_mm / 2);
		}
	}
	return b;
}

static struct bounds ink_of(const struct font *font, const char *utf8, double h_mm)
{
	struct record r = {0};

	record_text(&r, font, utf8, h_mm);
	struct bounds b = bounds_of(&r, font_pen_width(font, h_mm));
	free(r.events);
	return b;
}

static void put_utf8(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		out[1] = '\0';
	} else if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		out[2] = '\0';
	} else {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		out[3] = '\0';
	}
}

/* The characters that font.h promises, space left out. */
static size_t required(uint32_t out[128])
{
	static const uint32_t more[] = {0x2300, 0xb0, 0xb1, 0xd7};
	size_t n = 0;

	for (uint32_t c = 0x21; c <= 0x7e; c++)
		out[n++] = c;
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++)
		out[n++] = more[i];
	return n;
}

static struct rng fresh_rng(void)
{
	uint64_t seed = (uint64_t)time(NULL);

	print_message("# seed %llu\n", (unsigned long long)seed);
	return rng_seed(seed, 1);
}

/* --- the .strokes format --- */

static void test_builtin_parses(void **state)
{
	struct err err = {0};
	size_t count = 0;
	const char *const *lines = font_strokes_builtin(&count);

	(void)state;
	struct font_strokes *s = font_strokes_parse("iso3098.strokes", lines, count, &err);
	if (!s)
		fail_msg("%s", err.msg);
	for (uint32_t i = 1; i < s->glyph_count; i++)
		assert_true(s->glyphs[i - 1].codepoint < s->glyphs[i].codepoint);
	font_strokes_free(s);
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
	const char *no_box[] = {"'A' 5: 0,0 1,1"};
	struct err err = {0};
	assert_null(font_strokes_parse("x", no_box, 1, &err));
	assert_string_equal(err.msg, "x:1: no glyph U+FFFD");
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

static void test_ink(void **state)
{
	const struct font *font = font_builtin();
	uint32_t chars[128];
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

static void test_heights(void **state)
{
	const struct font *font = font_builtin();

	(void)state;
	for (const char *p = "0123456789ABCDEFGHIJKLMNOPRSTUVWXYZ\xff"; *p != '\xff'; p++) {
		char text[2] = {*p, '\0'};
		struct bounds b = ink_of(font, text, 5);
		assert_true(fabs(b.bottom) < EPS && fabs(b.top - 5) < EPS);
	}
	for (const char *p = "acemnorsuvwxz"; *p; p++) {
		char text[2] = {*p, '\0'};
		struct bounds b = ink_of(font, text, 10);
		assert_true(fabs(b.bottom) < EPS && fabs(b.top - 7) < EPS);
	}
	for (const char *p = "gjpqy"; *p; p++) {
		char text[2] = {*p, '\0'};
		assert_true(fabs(ink_of(font, text, 10).bottom + 3) < EPS);
	}
	struct bounds diameter = ink_of(font, "⌀", 10);
	assert_true(fabs(diameter.bottom) < EPS && fabs(diameter.top - 10) < EPS);
}

static void test_bounds(void **state)
{
	const struct font *font = font_builtin();
	uint32_t chars[128];
	size_t n = required(chars);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		char text[8];
		put_utf8(text, chars[i]);
		double width = font_text_width(font, text, 10);
		struct bounds b = ink_of(font, text, 10);
		if (fabs(b.left) > 0.35 || fabs(b.right - width) > 0.35)
			fail_msg("%s: ink %g..%g, width %g", text, b.left, b.right, width);
		assert_true(width >= 1 && width <= 9);
		assert_true(b.left > -EPS && b.right < width + EPS);
		assert_true(b.bottom >= -3 - EPS && b.top <= 11 + EPS);
	}
}

static void random_text(struct rng *rng, char *out, int n)
{
	uint32_t chars[128];
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
static void rasterise(char digit, double ox, double oy, double out[GRID][GRID])
{
	struct record r = {0};
	char text[2] = {digit, '\0'};
	double reach = font_pen_width(font_builtin(), 8) / 2;

	record_text(&r, font_builtin(), text, 8);
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
static void test_digits_differ(void **state)
{
	static double still[10][GRID][GRID], moved[GRID][GRID];
	double worst = 1;
	char pair[3] = "";

	(void)state;
	for (int i = 0; i < 10; i++)
		rasterise((char)('0' + i), 4, 4, still[i]);
	for (int i = 0; i < 10 * 9 * 9; i++) {
		int b = i / 81;
		rasterise((char)('0' + b), 4 + (i % 9 - 4) / 3.0, 4 + (i / 9 % 9 - 4) / 3.0, moved);
		for (int a = 0; a < 10; a++) {
			double d = a == b ? 1 : difference(still[a], moved);
			if (d >= worst)
				continue;
			worst = d;
			pair[0] = (char)('0' + a);
			pair[1] = (char)('0' + b);
		}
	}
	print_message("# most alike: %s, %.0f %% of their ink differs\n", pair, 100 * worst);
	assert_true(worst > 0.2);
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

static void draw_random_bytes(const struct font *font)
{
	struct rng rng = fresh_rng();

	for (int i = 0; i < 2000; i++) {
		size_t n = rng_below(&rng, 12);
		/* On the heap, so that a read past the NUL is seen by a sanitizer. */
		char *text = mem_alloc(n + 1, 1);
		for (size_t k = 0; k < n; k++)
			text[k] = (char)(rng_chance(&rng, 0.5) ? 0x80 + rng_below(&rng, 128)
							       : 1 + rng_below(&rng, 127));
		struct record r = {0};
		record_text(&r, font, text, 3.5);
		assert_true(font_text_width(font, text, 3.5) >= 0);
		free(r.events);
		free(text);
	}
}

static void test_random_bytes(void **state)
{
	(void)state;
	draw_random_bytes(font_builtin());
}

/* --- a TrueType file of our own --- */

static void u16(struct buf *b, unsigned v)
{
	buf_char(b, (char)(v >> 8));
	buf_char(b, (char)v);
}

static void u32(struct buf *b, uint32_t v)
{
	u16(b, v >> 16);
	u16(b, v & 0xffff);
}

struct outline_point {
	int on, x, y;
};

/* A glyf entry of one contour. */
static void put_glyph(struct buf *b, const struct outline_point *p, int n)
{
	u16(b, 1);
	u16(b, 100);
	u16(b, 0);
	u16(b, 600);
	u16(b, 700);
	u16(b, (unsigned)n - 1);
	u16(b, 0); /* no instructions */
	for (int i = 0; i < n; i++)
		buf_char(b, (char)p[i].on);
	for (int i = 0; i < n; i++)
		u16(b, (unsigned)(p[i].x - (i ? p[i - 1].x : 0)) & 0xffff);
	for (int i = 0; i < n; i++)
		u16(b, (unsigned)(p[i].y - (i ? p[i - 1].y : 0)) & 0xffff);
	while (b->len % 4)
		buf_char(b, 0);
}

enum { GLYPH_NONE, GLYPH_RECT, GLYPH_EMPTY, GLYPH_ROUND, GLYPH_COUNT };

struct mapping {
	uint32_t codepoint, glyph; /* by rising codepoint */
};

/* 1000 units per em; letters advance by 700 and are 700 high over x = 100..600; the space advances
 * by 300. */
static void make_tables(struct buf t[7], const struct mapping *map, uint32_t count)
{
	static const struct outline_point rect[] = {
		{1, 100, 0}, {1, 100, 700}, {1, 600, 700}, {1, 600, 0}};
	static const struct outline_point round[] = {{1, 100, 350}, {0, 100, 700}, {1, 350, 700},
						     {0, 600, 700}, {1, 600, 350}, {0, 600, 0},
						     {1, 350, 0},   {0, 100, 0}};
	struct buf *cmap = &t[0], *glyf = &t[1], *head = &t[2], *hhea = &t[3], *hmtx = &t[4];
	struct buf *loca = &t[5], *maxp = &t[6];

	u32(cmap, 1); /* version 0, one table */
	u16(cmap, 3);
	u16(cmap, 10);
	u32(cmap, 12);
	u32(cmap, 12u << 16); /* format 12 */
	u32(cmap, 16 + 12 * count);
	u32(cmap, 0);
	u32(cmap, count);
	for (uint32_t i = 0; i < count; i++) {
		u32(cmap, map[i].codepoint);
		u32(cmap, map[i].codepoint);
		u32(cmap, map[i].glyph);
	}
	for (int i = 0; i < GLYPH_COUNT; i++) {
		u32(loca, (uint32_t)glyf->len);
		if (i == GLYPH_RECT)
			put_glyph(glyf, rect, 4);
		if (i == GLYPH_ROUND)
			put_glyph(glyf, round, 8);
		u16(hmtx, i == GLYPH_EMPTY ? 300 : 700);
		u16(hmtx, 100);
	}
	u32(loca, (uint32_t)glyf->len);
	static const uint16_t head_words[27] = {
		1, 0, 1, 0, 0, 0,   0x5f0f, 0x3cf5, 0,   1000, 0, 0, 0,
		0, 0, 0, 0, 0, 100, 0,      600,    700, 0,    8, 2, 1 /* long loca */,
		0};
	for (int i = 0; i < 27; i++)
		u16(head, head_words[i]);
	static const uint16_t hhea_words[17] = {1, 0, 700, 0, 0, 700, 100};
	for (int i = 0; i < 17; i++)
		u16(hhea, hhea_words[i]);
	u16(hhea, GLYPH_COUNT);
	u32(maxp, 0x10000);
	u16(maxp, GLYPH_COUNT);
	static const uint16_t maxp_words[13] = {8, 1, 0, 0, 2};
	for (int i = 0; i < 13; i++)
		u16(maxp, maxp_words[i]);
}

static const char *const tags[7] = {"cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp"};

static uint32_t padded(const struct buf *table)
{
	return ((uint32_t)table->len + 3) / 4 * 4;
}

static void put_tables(struct buf *out, struct buf t[7])
{
	for (int i = 0; i < 7; i++) {
		buf_bytes(out, t[i].data, t[i].len);
		while (out->len % 4)
			buf_char(out, 0);
		buf_free(&t[i]);
	}
}

static void make_truetype(struct buf *out, const struct mapping *map, uint32_t count)
{
	struct buf t[7] = {{0}};
	uint32_t at = 12 + 7 * 16;

	make_tables(t, map, count);
	u32(out, 0x10000);
	u16(out, 7);
	u16(out, 64);
	u16(out, 2);
	u16(out, 48);
	for (int i = 0; i < 7; i++) {
		buf_bytes(out, tags[i], 4);
		u32(out, 0);
		u32(out, at);
		u32(out, (uint32_t)t[i].len);
		at += padded(&t[i]);
	}
	put_tables(out, t);
}

/* The same in a WOFF container, its tables stored without compression. */
static void make_woff(struct buf *out, const struct mapping *map, uint32_t count)
{
	struct buf t[7] = {{0}};
	uint32_t size = 0;
	uint32_t at = 44 + 7 * 20;

	make_tables(t, map, count);
	for (int i = 0; i < 7; i++)
		size += padded(&t[i]);
	buf_bytes(out, "wOFF", 4);
	u32(out, 0x10000);
	u32(out, at + size);
	u16(out, 7);
	u16(out, 0);
	u32(out, 12 + 7 * 16 + size); /* unpacked */
	for (int i = 0; i < 6; i++)
		u32(out, 0);
	for (int i = 0; i < 7; i++) {
		buf_bytes(out, tags[i], 4);
		u32(out, at);
		u32(out, (uint32_t)t[i].len);
		u32(out, (uint32_t)t[i].len);
		u32(out, 0);
		at += padded(&t[i]);
	}
	put_tables(out, t);
}

/* Writes the bytes to a file in the current folder and loads that. */
static struct font *load_bytes(const void *data, size_t n, struct err *err)
{
	char path[64];

	snprintf(path, sizeof(path), "test_font-%ld.tmp", (long)getpid());
	if (fs_write(path, data, n, err) < 0)
		fail_msg("%s", err->msg);
	struct font *font = font_load(path, err);
	assert_int_equal(unlink(path), 0);
	return font;
}

/* H and 8 are rectangles, O is round, Ø is mapped to a glyph without ink, nothing else is there. */
static const struct mapping latin[] = {{' ', GLYPH_EMPTY},
				       {'8', GLYPH_RECT},
				       {'H', GLYPH_RECT},
				       {'O', GLYPH_ROUND},
				       {0xd8, GLYPH_EMPTY}};

static struct font *load_latin(void)
{
	struct buf file = {0};
	struct err err = {0};

	make_truetype(&file, latin, 5);
	struct font *font = load_bytes(file.data, file.len, &err);
	if (!font)
		fail_msg("%s", err.msg);
	buf_free(&file);
	return font;
}

static void test_outline_draws(void **state)
{
	struct font *font = load_latin();
	struct record r = {0};

	(void)state;
	record_text(&r, font, "HO", 7);
	static const struct event expected[] = {
		{FILLED, {0}},  {MOVE, {1, 0}}, {LINE, {1, 7}}, {LINE, {6, 7}},
		{LINE, {6, 0}}, {LINE, {1, 0}}, {CLOSE, {0}},   {MOVE, {8, 3.5}},
	};
	/* FreeType may or may not draw the contour's last edge before it is closed. */
	assert_true(r.count > 8);
	size_t k = 0;
	for (size_t i = 0; i < 8; i++) {
		if (i == 5 && r.events[k].kind == CLOSE)
			continue;
		assert_int_equal(r.events[k].kind, expected[i].kind);
		assert_true(fabs(r.events[k].xy[0] - expected[i].xy[0]) < EPS);
		assert_true(fabs(r.events[k].xy[1] - expected[i].xy[1]) < EPS);
		k++;
	}
	/* The O is four conics, sent as cubics; the first ends at its top. */
	assert_int_equal(count_kind(&r, CURVE), 4);
	assert_int_equal(r.events[k].kind, CURVE);
	assert_true(fabs(r.events[k].xy[0] - 8) < EPS);
	assert_true(fabs(r.events[k].xy[1] - (3.5 + 3.5 * 2 / 3)) < EPS);
	assert_true(fabs(r.events[k].xy[4] - 10.5) < EPS && fabs(r.events[k].xy[5] - 7) < EPS);
	assert_int_equal(r.events[r.count - 1].kind, CLOSE);
	assert_int_equal(count_kind(&r, CLOSE), 2);
	assert_int_equal(count_kind(&r, MOVE), 2);
	free(r.events);
	assert_true(fabs(font_text_width(font, "HO H", 7) - 24) < EPS);
	assert_true(font_text_width(font, "", 7) == 0);
	assert_true(font_pen_width(font, 7) == 0);
	font_free(font);
}

/* Absent characters, and those whose glyph has no ink, come from the built-in font. */
static void test_outline_falls_back(void **state)
{
	struct font *font = load_latin();
	static const char *const absent[] = {"⌀", "Ø", "x", "☃", "\xff", BOX};

	(void)state;
	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
		struct record ours = {0};
		struct record builtin = {0};
		record_text(&ours, font, absent[i], 10);
		record_text(&builtin, font_builtin(), absent[i], 10);
		assert_true(same(&ours, &builtin));
		free(ours.events);
		free(builtin.events);
		assert_true(fabs(font_text_width(font, absent[i], 10) -
				 font_text_width(font_builtin(), absent[i], 10)) < EPS);
	}
	struct record r = {0};
	record_text(&r, font, "8⌀8", 10);
	assert_int_equal(count_kind(&r, FILLED), 2);
	assert_int_equal(count_kind(&r, STROKED), 1);
	free(r.events);
	/* Between letters of the file, a stroke letter keeps its spacing. */
	double d = font_text_width(font_builtin(), "⌀", 10);
	assert_true(fabs(font_text_width(font, "8⌀8", 10) - (10 + d + 2 + 10)) < EPS);
	assert_true(fabs(font_text_width(font, "8⌀", 10) - (10 + d)) < EPS);
	draw_random_bytes(font);
	font_free(font);
	font_free(NULL);
	font_free((struct font *)font_builtin());
	assert_false(same_drawing(font_builtin(), "A", BOX));
}

static void test_outline_woff(void **state)
{
	struct font *font = load_latin();
	struct buf file = {0};
	struct err err = {0};
	struct record a = {0};
	struct record b = {0};

	(void)state;
	make_woff(&file, latin, 5);
	struct font *woff = load_bytes(file.data, file.len, &err);
	if (!woff)
		fail_msg("%s", err.msg);
	record_text(&a, font, "HO 8⌀8", 3.5);
	record_text(&b, woff, "HO 8⌀8", 3.5);
	assert_true(same(&a, &b));
	free(a.events);
	free(b.events);
	font_free(font);
	font_free(woff);
	buf_free(&file);
}

/* Longer than the runs that are shaped at once. */
static void test_outline_long_text(void **state)
{
	struct font *font = load_latin();
	size_t n = 200000;
	char *text = mem_alloc(n + 1, 1);

	(void)state;
	memset(text, 'H', n);
	assert_true(fabs(font_text_width(font, text, 7) - 7.0 * (double)n) < 1e-3);
	memset(text, 'x', n);
	assert_true(fabs(font_text_width(font, text, 7) -
			 font_text_width(font_builtin(), text, 7)) < 1e-3);
	free(text);
	font_free(font);
}

static void check_refused(const void *data, size_t n, const char *what)
{
	struct err err = {0};

	assert_null(load_bytes(data, n, &err));
	assert_int_equal(err.code, ERR_FORMAT);
	assert_null(strchr(err.msg, '\n'));
	assert_int_equal(strncmp(err.msg, "test_font-", 10), 0);
	if (!strstr(err.msg, what))
		fail_msg("no \"%s\" in \"%s\"", what, err.msg);
}

static void test_refused(void **state)
{
	static const struct mapping cyrillic[] = {{' ', GLYPH_EMPTY}, {0x416, GLYPH_RECT}};
	static const struct mapping inkless[] = {{'0', GLYPH_EMPTY}, {'H', GLYPH_EMPTY}};
	static const struct mapping digits[] = {{'0', GLYPH_RECT}};
	static const char bdf[] = "STARTFONT 2.1\n"
				  "FONT -a-b-medium-r-normal--8-80-75-75-c-80-iso10646-1\n"
				  "SIZE 8 75 75\nFONTBOUNDINGBOX 8 8 0 0\nSTARTPROPERTIES 2\n"
				  "FONT_ASCENT 8\nFONT_DESCENT 0\nENDPROPERTIES\nCHARS 1\n"
				  "STARTCHAR H\nENCODING 72\nSWIDTH 500 0\nDWIDTH 8 0\n"
				  "BBX 8 8 0 0\nBITMAP\n81\n81\n81\nFF\n81\n81\n81\n81\nENDCHAR\n"
				  "ENDFONT\n";
	struct rng rng = fresh_rng();
	unsigned char noise[4096];
	struct buf file = {0};
	struct err err = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (unsigned char)rng_u32(&rng);
	check_refused(noise, sizeof(noise), "not a font");
	check_refused("", 0, "not a font");
	check_refused("hello, world\n", 13, "not a font");
	check_refused(bdf, sizeof(bdf) - 1, "bitmap font");
	make_truetype(&file, cyrillic, 2);
	check_refused(file.data, file.len, "not a Latin font");
	buf_clear(&file);
	make_truetype(&file, inkless, 2);
	check_refused(file.data, file.len, "not a Latin font");
	buf_clear(&file);
	make_truetype(&file, digits, 1);
	check_refused(file.data, 200, "");
	struct font *font = load_bytes(file.data, file.len, &err);
	assert_non_null(font);
	assert_true(fabs(ink_of(font, "0", 5).top - 5) < EPS);
	font_free(font);
	buf_free(&file);
	assert_null(font_load("no/such/font.ttf", &err));
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.msg, "no/such/font.ttf"));
	assert_null(font_load("/", &err));
	assert_int_equal(err.code, ERR_IO);
	assert_null(font_load("no/such/font.ttf", NULL));
}

/* Any one byte changed: loads or is refused, never crashes. */
static void test_damaged(void **state)
{
	struct rng rng = fresh_rng();
	struct buf file = {0};
	struct err err = {0};

	(void)state;
	make_truetype(&file, latin, 5);
	for (int i = 0; i < 300; i++) {
		size_t at = rng_below(&rng, (uint32_t)file.len);
		char old = file.data[at];
		file.data[at] = (char)rng_u32(&rng);
		struct font *font = load_bytes(file.data, file.len, &err);
		struct record r = {0};
		if (font)
			record_text(&r, font, "HO 8⌀Ø", 3.5);
		free(r.events);
		font_free(font);
		file.data[at] = old;
	}
	buf_free(&file);
}

/* --- a real font, many threads --- */

/* The line printed before skip() becomes the reason that is shown. */
static const char *real_font_path(void)
{
	const char *path = getenv("CADGEN_TEST_FONT");

	if (!path || !*path)
		path = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";
	if (access(path, R_OK) != 0) {
		print_message("# no font at %s; name one in CADGEN_TEST_FONT\n", path);
		skip();
	}
	return path;
}

static void test_real_font(void **state)
{
	struct err err = {0};
	struct font *font = font_load(real_font_path(), &err);

	(void)state;
	if (!font)
		fail_msg("%s", err.msg);
	struct bounds h = ink_of(font, "H", 5);
	assert_true(fabs(h.top - h.bottom - 5) < EPS);
	for (const char *p = "0123456789"; *p; p++) {
		char text[2] = {*p, '\0'};
		struct record r = {0};
		record_text(&r, font, text, 5);
		assert_int_equal(r.events[0].kind, FILLED);
		assert_true(count_kind(&r, CLOSE) > 0);
		free(r.events);
		struct bounds b = ink_of(font, text, 5);
		assert_true(b.top - b.bottom > 3.5 && b.top - b.bottom < 6.5);
		assert_true(font_text_width(font, text, 5) > 1);
	}
	struct record all = {0};
	record_text(&all, font, "4×⌀8 25±0,1 60°", 5);
	assert_true(all.count > 100);
	free(all.events);
	draw_random_bytes(font);
	font_free(font);
}

struct drawer {
	pthread_t thread;
	pthread_barrier_t *start;
	const struct font *font; /* NULL: the built-in one, fetched in the thread */
	struct record record;
};

static void draw_everything(const struct font *font, struct record *r)
{
	char text[8];

	for (uint32_t c = 0x20; c < 0x180; c++) {
		put_utf8(text, c);
		record_text(r, font, text, 3.5);
	}
	for (int i = 0; i < 20; i++)
		record_text(r, font, "⌀12,5 R40 60° 120 4×⌀8 25±0,1 AVATAR office", 3.5);
}

static void *draw_in_thread(void *arg)
{
	struct drawer *d = arg;

	pthread_barrier_wait(d->start);
	draw_everything(d->font ? d->font : font_builtin(), &d->record);
	return NULL;
}

/* Eight threads begin at once on a font that no one has drawn with, and all get what one gets. */
static void check_threads(const struct font *fresh, const struct font *other)
{
	struct drawer d[8];
	struct record alone = {0};
	pthread_barrier_t start;

	assert_int_equal(pthread_barrier_init(&start, NULL, 8), 0);
	for (int i = 0; i < 8; i++) {
		d[i] = (struct drawer){.start = &start, .font = fresh};
		assert_int_equal(pthread_create(&d[i].thread, NULL, draw_in_thread, &d[i]), 0);
	}
	draw_everything(other ? other : font_builtin(), &alone);
	for (int i = 0; i < 8; i++) {
		assert_int_equal(pthread_join(d[i].thread, NULL), 0);
		assert_true(same(&d[i].record, &alone));
		free(d[i].record.events);
	}
	free(alone.events);
	pthread_barrier_destroy(&start);
}

static void test_threads(void **state)
{
	(void)state;
	check_threads(NULL, NULL);
	struct font *fresh = load_latin();
	struct font *other = load_latin();
	check_threads(fresh, other);
	font_free(fresh);
	font_free(other);
}

static void test_threads_real_font(void **state)
{
	struct err err = {0};
	const char *path = real_font_path();

	(void)state;
	for (int i = 0; i < 5; i++) {
		struct font *fresh = font_load(path, &err);
		struct font *other = font_load(path, &err);
		assert_true(fresh && other);
		check_threads(fresh, other);
		font_free(fresh);
		font_free(other);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_threads), /* first, for the first use of the built-in font */
		cmocka_unit_test(test_builtin_parses),
		cmocka_unit_test(test_parse_errors),
		cmocka_unit_test(test_curves),
		cmocka_unit_test(test_ink),
		cmocka_unit_test(test_heights),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_stroke_protocol),
		cmocka_unit_test(test_digits_differ),
		cmocka_unit_test(test_boxes),
		cmocka_unit_test(test_random_bytes),
		cmocka_unit_test(test_outline_draws),
		cmocka_unit_test(test_outline_falls_back),
		cmocka_unit_test(test_outline_woff),
		cmocka_unit_test(test_outline_long_text),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_real_font),
		cmocka_unit_test(test_threads_real_font),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
