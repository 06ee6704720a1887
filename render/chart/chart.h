/* SPDX-License-Identifier: MIT */
/*
 * chart: lines over an axis, one chart or a page of them, as pixels or as SVG.
 *
 *	struct chart_series loss = {.name = "training", .x = steps, .y = losses, .count = n,
 *				    .smoothing = 0.9};
 *	struct chart chart = {.title = "Loss", .x_label = "step", .y_scale = CHART_AUTO,
 *			      .series = &loss, .series_count = 1};
 *	struct chart_page page = {.charts = &chart, .count = 1, .columns = 1, .width_px = 800};
 *	struct image image;
 *	if (image_from_charts(&page, &image, &err) < 0) ...
 *	if (svg_from_charts(&page, &svg, &err) < 0) ...
 *
 * The lettering is that of font_builtin, so a page is the same everywhere. Colours are those of Okabe
 * and Ito 2008, "Color Universal Design", which colour-blind readers tell apart, in the order of the
 * series; behind the eighth they come again with dashes.
 */
#ifndef RENDER_CHART_H
#define RENDER_CHART_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "formats/image/image.h"

enum chart_scale {
	CHART_LINEAR,
	CHART_LOG,  /* values that are not positive are gaps */
	CHART_AUTO, /* CHART_LOG for positive values that span more than two decades */
};

/* All is borrowed. */
struct chart_series {
	const char *name;    /* in the legend; NULL for none */
	const double *x, *y; /* what is not finite is a gap */
	size_t count;
	/* 0 to below 1: how heavy a value is beside the next one in the exponential mean that is drawn
	 * over the pale values themselves; 0 draws these alone. */
	double smoothing;
	const double *lower, *upper; /* of a pale band, or NULL */
	bool without_dots; /* few points of a line are not marked: its corners tell nothing */
};

struct chart {
	const char *title, *x_label, *y_label; /* UTF-8; NULL for none */
	enum chart_scale x_scale, y_scale;
	bool x_from_zero, y_from_zero; /* 0 is on the axis, unless it is logarithmic */
	/* What stands, upright, at 0, 1, ... of a linear x axis instead of numbers; at most CHART_NAMES_MAX of
	 * less than 32 bytes, those longer are cut. 0: numbers. */
	const char *const *x_names;
	int x_name_count;
	const struct chart_series *series;
	int series_count;
};

/* Charts by rows, all of one size. */
struct chart_page {
	const char *title; /* NULL for none */
	const struct chart *charts;
	int count, columns;
	int width_px; /* of the page; its height follows */
};

#define CHART_SIDE_MAX 16384
#define CHART_NAMES_MAX 64
#define CHART_SERIES_MAX 16 /* as many as colours and dashes tell apart */

/* RGB, which the caller frees. ERR_LIMIT where a number of the page is below 1, a chart would be less
 * than 160 px wide, have more than CHART_SERIES_MAX series or CHART_NAMES_MAX names, or a side be longer than
 * CHART_SIDE_MAX. */
int image_from_charts(const struct chart_page *page, struct image *image, struct err *err);

/* Appends a whole SVG file of width_px to *out; the same errors. */
int svg_from_charts(const struct chart_page *page, struct buf *out, struct err *err);

#endif
