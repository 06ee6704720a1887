/* SPDX-License-Identifier: MIT */
/*
 * plot: the lines and arrowheads of a drawing onto any Cairo context, in pixels or points.
 *
 *	struct plot plot = {0};
 *	plot_begin(&plot, cr, &drawing, px_per_mm);
 *	plot_strokes(&plot, &drawing);
 *	plot_arrows(&plot, &drawing);
 *	plot_free(&plot);
 *
 * Black, or whatever the context's source is. Lettering is text_pen's and lettering's.
 */
#ifndef RENDER_PLOT_H
#define RENDER_PLOT_H

#include <cairo.h>
#include <stdbool.h>

#include "formats/drawing/drawing.h"

/* A zeroed one is ready for plot_begin; may be used again for the next drawing. */
struct plot {
	cairo_t *cr; /* borrowed */
	double per_mm, height_mm;
	bool *done; /* owned scratch: strokes already drawn */
	int done_room;
};

/* The sheet's upper left corner comes to the context's origin; per_mm units of it are 1 mm. */
void plot_begin(struct plot *plot, cairo_t *cr, const struct drawing *drawing, double per_mm);
void plot_strokes(struct plot *plot, const struct drawing *drawing);
void plot_arrows(struct plot *plot, const struct drawing *drawing);
void plot_free(struct plot *plot);

#endif
