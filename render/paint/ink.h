/* SPDX-License-Identifier: MIT */
/*
 * ink: strokes of changing width and darkness into an 8-bit surface of coverage.
 *
 *	struct ink ink = {0};
 *	ink_begin(&ink, surface, x0, y0, x1, y1);	(the pixels that may be reached)
 *	ink_stroke(&ink, &from, &to);			(again and again)
 *	ink_end(&ink);					(lays it over the surface)
 *	ink_free(&ink);
 *
 * Between ink_begin and ink_end ink does not add up: a letter is no darker where its strokes cross.
 */
#ifndef RENDER_INK_H
#define RENDER_INK_H

#include <cairo.h>
#include <stddef.h>
#include <stdint.h>

/* The pen at one place, in pixels; darkness is 0 to 1. */
struct ink_point {
	double x, y, width, darkness;
};

/* A zeroed one is ready; may be used again. */
struct ink {
	cairo_surface_t *surface; /* borrowed */
	int left, top, columns, rows;
	uint8_t *px; /* of the box, `stride` bytes from row to row: own room or the surface's */
	ptrdiff_t stride;
	uint8_t *own;
	size_t room;
};

/* The box is cut to the surface (A8). The surface must have been flushed. */
void ink_begin(struct ink *ink, cairo_surface_t *surface, double x0, double y0, double x1,
	       double y1);

/* The same on a surface that is blank in the box: strokes go straight into it, and no room is taken. */
void ink_begin_blank(struct ink *ink, cairo_surface_t *surface, double x0, double y0, double x1,
		     double y1);

/* From one point to the other; the width changes by less than half of the way between them. */
void ink_stroke(struct ink *ink, const struct ink_point *from, const struct ink_point *to);
void ink_end(struct ink *ink);
void ink_free(struct ink *ink);

#endif
