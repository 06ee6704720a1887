/* SPDX-License-Identifier: MIT */
/*
 * A pen for the sinks of fonts. Pieces gather in Cairo's path as long as they are of one kind and
 * width: one stroke for all the lettering of a sheet.
 */
#include <config.h>

#include <math.h>

#include "render/paint/text_pen.h"

void text_pen_lift(struct text_pen *pen)
{
	if (pen->filled) {
		cairo_fill(pen->cr);
		return;
	}
	cairo_set_line_width(pen->cr, pen->width);
	cairo_set_line_cap(pen->cr, CAIRO_LINE_CAP_ROUND);
	cairo_set_line_join(pen->cr, CAIRO_LINE_JOIN_ROUND);
	cairo_stroke(pen->cr);
	cairo_set_line_join(pen->cr, CAIRO_LINE_JOIN_MITER);
}

/* From the text's mm to Cairo's units, whose y points down. */
static void to_sheet(const struct text_pen *pen, double *x, double *y)
{
	double mm_x = pen->c * *x - pen->s * *y, mm_y = pen->s * *x + pen->c * *y;

	*x = pen->x + pen->k * mm_x;
	*y = pen->y - pen->k * mm_y;
}

static void pen_begin(void *ctx, bool filled)
{
	struct text_pen *pen = ctx;

	if (filled != pen->filled)
		text_pen_lift(pen);
	pen->filled = filled;
}

static void pen_move(void *ctx, double x, double y)
{
	struct text_pen *pen = ctx;

	to_sheet(pen, &x, &y);
	cairo_move_to(pen->cr, x, y);
}

static void pen_line(void *ctx, double x, double y)
{
	struct text_pen *pen = ctx;

	to_sheet(pen, &x, &y);
	cairo_line_to(pen->cr, x, y);
}

static void pen_curve(void *ctx, double x1, double y1, double x2, double y2, double x, double y)
{
	struct text_pen *pen = ctx;

	to_sheet(pen, &x1, &y1);
	to_sheet(pen, &x2, &y2);
	to_sheet(pen, &x, &y);
	cairo_curve_to(pen->cr, x1, y1, x2, y2, x, y);
}

static void pen_close(void *ctx)
{
	struct text_pen *pen = ctx;

	cairo_close_path(pen->cr);
}

void text_pen_write(struct text_pen *pen, const struct font *font, const char *utf8,
		    double height_mm, uint32_t which)
{
	struct font_sink sink = {pen, pen_begin, pen_move, pen_line, pen_curve, pen_close, NULL};
	double width = font_stroke_width(font, height_mm) * pen->k;

	if (width != pen->width)
		text_pen_lift(pen);
	pen->width = width;
	font_draw_text(font, utf8, height_mm, which, &sink);
}

void text_pen_draw(struct text_pen *pen, const struct font *font, const struct text *text,
		   uint32_t which, double per_mm, double sheet_mm)
{
	pen->c = cos(text->angle_rad);
	pen->s = sin(text->angle_rad);
	pen->x = text->at.x * per_mm;
	pen->y = (sheet_mm - text->at.y) * per_mm;
	pen->k = per_mm;
	text_pen_write(pen, font, text->utf8, text->height_mm, which);
}
