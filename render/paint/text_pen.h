/* SPDX-License-Identifier: MIT */
/*
 * text_pen: lettering as Cairo paths, many texts to one stroke or fill.
 *
 *	struct text_pen pen = {.cr = cr};
 *	for each text:
 *		text_pen_draw(&pen, font, &text, its_number, px_per_mm, sheet_height_mm);
 *	text_pen_lift(&pen);
 */
#ifndef RENDER_TEXT_PEN_H
#define RENDER_TEXT_PEN_H

#include <cairo.h>
#include <stdbool.h>

#include "fonts/font.h"
#include "formats/drawing/drawing.h"

/* Where lettering goes: origin of the text in Cairo's units, cosine and sine of its direction, units
 * per mm; and what is in cr's path and not drawn yet. A zeroed pen with a cr is ready. */
struct text_pen {
	cairo_t *cr; /* borrowed */
	double x, y, c, s, k;
	double width; /* of the stroke, in Cairo's units */
	bool filled;
};

/* Draws a text, `which` of them, of a sheet of height_mm, or leaves it in the path until a later call draws it. */
void text_pen_draw(struct text_pen *pen, const struct font *font, const struct text *text,
		   uint32_t which, double per_mm, double sheet_mm);

/* The same at the place, turn and scale that the pen holds. */
void text_pen_write(struct text_pen *pen, const struct font *font, const char *utf8,
		    double height_mm, uint32_t which);

/* Draws what is still in the path. */
void text_pen_lift(struct text_pen *pen);

#endif
