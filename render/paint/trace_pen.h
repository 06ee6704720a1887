/* SPDX-License-Identifier: MIT */
/*
 * trace_pen: a drawing's traces as ink on a picture, or as shapes onto any Cairo context.
 *
 *	trace_pen_ink(surface, &drawing, px_per_mm);		(pictures)
 *	trace_pen_fill(cr, &drawing, points_per_mm);		(SVG and PDF)
 */
#ifndef RENDER_TRACE_PEN_H
#define RENDER_TRACE_PEN_H

#include <cairo.h>

#include "formats/drawing/drawing.h"

/* Draws all traces on a blank A8 surface of coverage, the sheet's upper left corner in its own; where
 * traces cross the darker one stands. */
void trace_pen_ink(cairo_surface_t *surface, const struct drawing *drawing, double px_per_mm);

/* Fills the outline of each trace, grey as its ink is on average. */
void trace_pen_fill(cairo_t *cr, const struct drawing *drawing, double per_mm);

#endif
