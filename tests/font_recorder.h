/* SPDX-License-Identifier: MIT */
/*
 * font_recorder: a font_sink that keeps what text sends to it, for the tests of fonts.
 *
 *	struct record r = {0};
 *	record_text(&r, font, "8", 3.5);
 *	assert_int_equal(count_kind(&r, STROKED), 1);
 *	free(r.events);
 */
#ifndef TESTS_FONT_RECORDER_H
#define TESTS_FONT_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rng.h"
#include "fonts/font.h"

#define EPS 1e-9
#define BOX "\xef\xbf\xbd" /* U+FFFD */

enum event_kind { STROKED, FILLED, MOVE, LINE, CURVE, CLOSE };

struct event {
	enum event_kind kind;
	double xy[6]; /* MOVE and LINE use two, CURVE six */
};

struct record {
	size_t count, room;
	struct event *events; /* to be freed by who made the record */
};

struct bounds {
	double left, bottom, right, top; /* mm */
};

/* Appends what drawing the text, h_mm high, sends: the first of its drawing, or number `which`. */
void record_text(struct record *r, const struct font *font, const char *utf8, double h_mm);
void record_instance(struct record *r, const struct font *font, const char *utf8, double h_mm,
		     uint32_t which);

bool record_equal(const struct record *a, const struct record *b);

/* Whether both texts send the same. */
bool same_drawing(const struct font *font, const char *a, const char *b);

size_t count_kind(const struct record *r, enum event_kind kind);

/* What the pieces cover, strokes with a pen of pen_mm, curves by their control points. */
struct bounds bounds_of(const struct record *r, double pen_mm);

/* What the text's pieces cover, strokes with their pen, curves by their control points. */
struct bounds ink_of(const struct font *font, const char *utf8, double h_mm);

/* The character below U+10000 as a string of one. */
void put_utf8(char out[4], uint32_t c);

/* Seeded by the time; the seed is printed. */
struct rng fresh_rng(void);

/* Draws and measures 2,000 texts of random bytes, for sanitizers to watch. */
void draw_random_bytes(const struct font *font);

#endif
