/* SPDX-License-Identifier: MIT */
/* The recorder keeps events in the order in which they come. */
#include <config.h>

#include "tests/font_recorder.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/mem.h"

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

void record_instance(struct record *r, const struct font *font, const char *utf8, double h_mm,
		     uint32_t which)
{
	struct font_sink sink = {r, on_begin, on_move, on_line, on_curve, on_close, NULL};

	font_draw_text(font, utf8, h_mm, which, &sink);
}

void record_text(struct record *r, const struct font *font, const char *utf8, double h_mm)
{
	record_instance(r, font, utf8, h_mm, 0);
}

bool record_equal(const struct record *a, const struct record *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (a->events[i].kind != b->events[i].kind ||
		    memcmp(a->events[i].xy, b->events[i].xy, sizeof(a->events[i].xy)) != 0)
			return false;
	return true;
}

bool same_drawing(const struct font *font, const char *a, const char *b)
{
	struct record ra = {0};
	struct record rb = {0};

	record_text(&ra, font, a, 3.5);
	record_text(&rb, font, b, 3.5);
	bool equal = record_equal(&ra, &rb);
	free(ra.events);
	free(rb.events);
	return equal;
}

size_t count_kind(const struct record *r, enum event_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < r->count; i++)
		n += r->events[i].kind == kind;
	return n;
}

struct bounds bounds_of(const struct record *r, double pen_mm)
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

struct bounds ink_of(const struct font *font, const char *utf8, double h_mm)
{
	struct record r = {0};

	record_text(&r, font, utf8, h_mm);
	struct bounds b = bounds_of(&r, font_pen_width(font, h_mm));
	free(r.events);
	return b;
}

void put_utf8(char out[4], uint32_t c)
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

struct rng fresh_rng(void)
{
	uint64_t seed = (uint64_t)time(NULL);

	print_message("# seed %llu\n", (unsigned long long)seed);
	return rng_seed(seed, 1);
}

void draw_random_bytes(const struct font *font)
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
