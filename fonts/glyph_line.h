/* SPDX-License-Identifier: MIT */
/*
 * glyph_line: what the files of strokes have in common: lines of blanks, signs and numbers that are
 * walked with one pointer, and messages that say where.
 *
 *	struct glyph_line line = {.name = "hand.strokes", .number = 7, .p = text, .err = err};
 *	if (glyph_line_number(&line, &x) < 0 || glyph_line_char(&line, ',', "expected ','") < 0) ...
 *
 * Private to fonts/. All return 0, or -1 with ERR_FORMAT, "name:line: what at ...".
 */
#ifndef FONTS_GLYPH_LINE_H
#define FONTS_GLYPH_LINE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct glyph_line {
	const char *name; /* of the file */
	size_t number;    /* of the line, from 1 */
	const char *p;    /* what is left of it */
	struct err *err;
};

/* Returns -1. */
int glyph_line_fail(const struct glyph_line *line, const char *what);

void glyph_line_skip_blanks(struct glyph_line *line);

/* Passes over the sign c; what: the message where there is another. */
int glyph_line_char(struct glyph_line *line, char c, const char *what);

/* A number of at most three decimals. */
int glyph_line_number(struct glyph_line *line, double *out);

/* A quoted character of UTF-8, 'C'. */
int glyph_line_quoted(struct glyph_line *line, uint32_t *codepoint);

/* Behind a point: whether a blank, ';' or the end follows. */
int glyph_line_end_of_point(const struct glyph_line *line);

#endif
