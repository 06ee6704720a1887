/* SPDX-License-Identifier: MIT */
/*
 * font_outline: lettering out of a TrueType/OpenType file.
 *
 *	struct font_outline *outline = font_outline_load(path, &err);
 *	if (font_outline_has(outline, 'A'))
 *		x_mm += font_outline_draw(outline, "A", 1, height_mm, x_mm, &sink);
 *	font_outline_free(outline);
 *
 * Any number of threads may use one at a time.
 */
#ifndef FONTS_FONT_OUTLINE_H
#define FONTS_FONT_OUTLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "fonts/font.h"

struct font_outline;

/* Loads a font file. NULL with err: what fs_read reports; ERR_FORMAT: not a TrueType or OpenType
 * font, no outlines, or no ink for 'H' or '0'. The caller owns the result. */
struct font_outline *font_outline_load(const char *path, struct err *err);
void font_outline_free(struct font_outline *outline);

/* True if the font draws the character: its glyph has contours, or it is a space. */
bool font_outline_has(struct font_outline *outline, uint32_t codepoint);

/* How thick its lines are over the height of its capitals: the hyphen's height, 0.06 to 0.16. */
double font_outline_weight(const struct font_outline *outline);

/* Shapes len bytes of well-formed UTF-8 and returns their advance in mm. Sends their contours,
 * begun at x_mm on the baseline, unless sink is NULL. */
double font_outline_draw(struct font_outline *outline, const char *utf8, size_t len,
			 double height_mm, double x_mm, const struct font_sink *sink);

#endif
