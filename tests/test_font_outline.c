/* SPDX-License-Identifier: MIT */
/*
 * font: outline fonts, and threads. They are tested with a TrueType file that is put together here
 * byte by byte, so that these tests need no font on the machine, and with a real one where there is
 * one.
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
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/rng.h"
#include "fonts/font.h"
#include "tests/font_recorder.h"

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

	snprintf(path, sizeof(path), "test_font_outline-%ld.tmp", (long)getpid());
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
		assert_true(record_equal(&ours, &builtin));
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
	assert_true(record_equal(&a, &b));
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
	assert_int_equal(strncmp(err.msg, "test_font_outline-", 18), 0);
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
		assert_true(record_equal(&d[i].record, &alone));
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
		cmocka_unit_test(test_outline_draws), cmocka_unit_test(test_outline_falls_back),
		cmocka_unit_test(test_outline_woff),  cmocka_unit_test(test_outline_long_text),
		cmocka_unit_test(test_refused),       cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_real_font),     cmocka_unit_test(test_threads_real_font),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
