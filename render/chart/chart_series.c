/* SPDX-License-Identifier: MIT */
/*
 * A series becomes points in pixels, thinned to what shows. Points that stand alone between gaps, and
 * all points of a line that has few of them, are dots as well, the latter unless it goes without_dots.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "render/chart/chart_line.h"
#include "render/chart/chart_private.h"

#define LINE_WIDTH 0.17 /* of a capital's height, as all below */
#define PALE_WIDTH 0.1
#define DOT_RADIUS 0.27
#define DOT_EVERY 2.2 /* points further apart than this are dots */
#define PALE 0.35     /* opacity of what is behind a smooth line */
#define BAND 0.2      /* and of bands */

/* Okabe and Ito 2008, those that are easily seen on white first. */
static const struct chart_colour colours[] = {
	{0, 114 / 255.0, 178 / 255.0},           /* blue */
	{213 / 255.0, 94 / 255.0, 0},            /* vermilion */
	{0, 158 / 255.0, 115 / 255.0},           /* bluish green */
	{230 / 255.0, 159 / 255.0, 0},           /* orange */
	{204 / 255.0, 121 / 255.0, 167 / 255.0}, /* reddish purple */
	{86 / 255.0, 180 / 255.0, 233 / 255.0},  /* sky blue */
	{0, 0, 0},                               /* black */
	{240 / 255.0, 228 / 255.0, 66 / 255.0},  /* yellow */
};

#define COLOUR_COUNT ((int)(sizeof(colours) / sizeof(*colours)))

static void set_colour(const struct chart_plan *plan, int i, double opacity)
{
	const struct chart_colour *c = &colours[i % COLOUR_COUNT];

	cairo_set_source_rgba(plan->canvas->cr, c->red, c->green, c->blue, opacity);
}

static void set_line(const struct chart_plan *plan, int i, double width)
{
	double em = plan->canvas->em, dashes[] = {em, 0.6 * em};
	cairo_t *cr = plan->canvas->cr;

	cairo_set_line_width(cr, width * em);
	cairo_set_line_cap(cr, CAIRO_LINE_CAP_BUTT);
	cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
	cairo_set_dash(cr, dashes, i / COLOUR_COUNT % 2 ? 2 : 0, 0);
}

static void put_dot(const struct chart_plan *plan, struct vec at)
{
	cairo_new_sub_path(plan->canvas->cr);
	cairo_arc(plan->canvas->cr, at.x, at.y, DOT_RADIUS * plan->canvas->em, 0, 2 * M_PI);
}

/* The values over x in pixels, a gap where either is not on its axis. The caller frees. */
static struct vec *points_of(const struct chart_plan *plan, const struct chart_series *s,
			     const double *values)
{
	struct vec *points = mem_alloc(s->count, sizeof(*points));

	for (size_t i = 0; i < s->count; i++) {
		double x = chart_axis_place(&plan->x, s->x[i]);
		double y = chart_axis_place(&plan->y, values[i]);

		points[i].x = plan->plot.x + plan->plot.width * x;
		points[i].y = plan->plot.y + plan->plot.height * (1 - y);
		if (isnan(points[i].x))
			points[i].y = NAN;
	}
	return points;
}

static bool is_gap(const struct vec *points, size_t count, size_t i)
{
	return i >= count || isnan(points[i].y);
}

static void stroke_line(const struct chart_plan *plan, const struct vec *points, size_t count)
{
	cairo_t *cr = plan->canvas->cr;

	for (size_t i = 0; i < count; i++) {
		if (is_gap(points, count, i))
			continue;
		if (i == 0 || is_gap(points, count, i - 1))
			cairo_move_to(cr, points[i].x, points[i].y);
		else
			cairo_line_to(cr, points[i].x, points[i].y);
	}
	cairo_stroke(cr);
}

/* Whether there is room for a dot on every point. */
static bool is_sparse(const struct chart_plan *plan, const struct vec *points, size_t count)
{
	size_t seen = 0;

	for (size_t i = 0; i < count; i++)
		seen += !is_gap(points, count, i);
	return (double)seen * DOT_EVERY * plan->canvas->em < plan->plot.width;
}

/* Points that no line leads to, or all. */
static void fill_dots(const struct chart_plan *plan, const struct vec *points, size_t count,
		      bool all)
{
	for (size_t i = 0; i < count; i++)
		if (!is_gap(points, count, i) &&
		    (all ||
		     ((i == 0 || is_gap(points, count, i - 1)) && is_gap(points, count, i + 1))))
			put_dot(plan, points[i]);
	cairo_fill(plan->canvas->cr);
}

static void draw_line(const struct chart_plan *plan, const struct chart_series *s,
		      const double *values, bool dots)
{
	struct vec *points = points_of(plan, s, values);
	size_t count = chart_thin(points, s->count);

	stroke_line(plan, points, count);
	fill_dots(plan, points, count, dots && is_sparse(plan, points, count));
	free(points);
}

void chart_draw_series(const struct chart_plan *plan, int i)
{
	const struct chart_series *s = &plan->chart->series[i];
	double *smooth;

	if (s->smoothing <= 0) {
		set_colour(plan, i, 1);
		set_line(plan, i, LINE_WIDTH);
		draw_line(plan, s, s->y, !s->without_dots);
		return;
	}
	set_colour(plan, i, PALE);
	set_line(plan, 0, PALE_WIDTH);
	draw_line(plan, s, s->y, !s->without_dots);
	smooth = mem_alloc(s->count, sizeof(*smooth));
	chart_smooth(s->y, s->count, s->smoothing, smooth);
	set_colour(plan, i, 1);
	set_line(plan, i, LINE_WIDTH);
	draw_line(plan, s, smooth, false);
	free(smooth);
}

/* --- bands ------------------------------------------------------------------------------------ */

/* There along one edge, back along the other. */
static void fill_between(cairo_t *cr, struct vec *upper, size_t upper_count, struct vec *lower,
			 size_t lower_count)
{
	upper_count = chart_thin(upper, upper_count);
	lower_count = chart_thin(lower, lower_count);
	for (size_t i = 0; i < upper_count; i++)
		cairo_line_to(cr, upper[i].x, upper[i].y);
	for (size_t i = lower_count; i-- > 0;)
		cairo_line_to(cr, lower[i].x, lower[i].y);
	cairo_close_path(cr);
	cairo_fill(cr);
}

void chart_draw_band(const struct chart_plan *plan, int i)
{
	const struct chart_series *s = &plan->chart->series[i];
	struct vec *upper, *lower;
	size_t from, to;

	if (!s->lower || !s->upper)
		return;
	upper = points_of(plan, s, s->upper);
	lower = points_of(plan, s, s->lower);
	set_colour(plan, i, BAND);
	for (from = 0; from < s->count; from = to + 1) {
		for (to = from; to < s->count && !isnan(upper[to].y) && !isnan(lower[to].y); to++)
			;
		if (to > from)
			fill_between(plan->canvas->cr, upper + from, to - from, lower + from,
				     to - from);
	}
	free(upper);
	free(lower);
}

/* --- legend ----------------------------------------------------------------------------------- */

void chart_draw_sample(const struct chart_plan *plan, int i, double x, double y, double width)
{
	set_colour(plan, i, 1);
	set_line(plan, i, LINE_WIDTH);
	cairo_move_to(plan->canvas->cr, x, y);
	cairo_line_to(plan->canvas->cr, x + width, y);
	cairo_stroke(plan->canvas->cr);
}
