/* SPDX-License-Identifier: MIT */
/*
 * chart_private: what the parts of charts share. Lengths are in pixels, y points down.
 *
 *	struct chart_plan plan = {.canvas = &canvas, .chart = &chart, .area = cell};
 *	chart_plan_make(&plan);
 *	chart_plan_draw(&plan);
 */
#ifndef RENDER_CHART_PRIVATE_H
#define RENDER_CHART_PRIVATE_H

#include <cairo.h>

#include "render/chart/chart.h"
#include "render/chart/chart_axis.h"

struct chart_area {
	double x, y, width, height;
};

struct chart_canvas {
	cairo_t *cr; /* borrowed */
	double em;   /* height of capitals, by which all other lengths go */
};

struct chart_colour {
	double red, green, blue;
};

struct chart_plan {
	const struct chart_canvas *canvas;
	const struct chart *chart;
	struct chart_area area; /* all of it */
	struct chart_area plot; /* between the axes */
	double title_base, legend_top, legend_row;
	struct chart_axis x, y;
	struct chart_tick x_ticks[CHART_TICKS_MAX], y_ticks[CHART_TICKS_MAX];
	int x_count, y_count;
};

/* canvas, chart and area are given. */
void chart_plan_make(struct chart_plan *plan);
void chart_plan_draw(const struct chart_plan *plan);

/* --- series ----------------------------------------------------------------------------------- */

/* Series i of the plan, into the plot. */
void chart_draw_band(const struct chart_plan *plan, int i);
void chart_draw_series(const struct chart_plan *plan, int i);

/* The line of series i as the legend has it, from x on at the height y. */
void chart_draw_sample(const struct chart_plan *plan, int i, double x, double y, double width);

/* --- lettering -------------------------------------------------------------------------------- */

double chart_text_width(const char *utf8, double height);

/* Appends the text to *out, its end cut and "..." there where it is wider than that. */
void chart_text_fit(const char *utf8, double height, double width, struct buf *out);

struct chart_text {
	double height;
	double align; /* share of the text that is before its place: 0 left, 0.5, 1 right */
	bool upwards;
};

/* From a place on the baseline on. */
void chart_text_put(const struct chart_canvas *canvas, const char *utf8, double x, double y,
		    struct chart_text how);

#endif
