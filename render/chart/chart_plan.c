/* SPDX-License-Identifier: MIT */
/*
 * One chart, from the outside in: title, legend, labels and their ticks take what they need, the plot
 * has the rest. The legend stands above the plot, where it can hide no line.
 *
 *	title
 *	---- training   ---- validation
 *	 10 |
 *	    |             plot
 *	  1 |___________________
 *	    0        50      100
 *	            step
 */
#include <config.h>

#include <math.h>
#include <stdio.h>

#include "render/chart/chart_private.h"

/* Lengths, as heights of capitals. */
#define PAD 1.6
#define TITLE 1.25
#define TICK_LABEL 0.9
#define LEGEND_ROW 1.9
#define LEGEND_LINE 2.6
#define LEGEND_LEAD 0.6 /* between line and name */
#define LEGEND_GAP 1.8  /* between entries */
#define TICK_LENGTH 0.4
#define Y_TICK_EVERY 2.8
#define X_TICK_GAP 1.5 /* least room between two labels */

#define GRID 0.88 /* grey */
#define AXIS 0.35

#define LEGEND_WIDE_MOST 4 /* names that may have a row each */

#define X_TICKS_MOST 14
#define Y_TICKS_MOST 9

static double em_of(const struct chart_plan *plan)
{
	return plan->canvas->em;
}

/* --- axes ------------------------------------------------------------------------------------- */

static void add_values(struct chart_extent *extent, const double *values, size_t i)
{
	if (values)
		chart_extent_add(extent, values[i]);
}

static void make_axes(struct chart_plan *plan)
{
	const struct chart *c = plan->chart;
	struct chart_extent x = {0}, y = {0};

	for (int k = 0; k < c->series_count; k++) {
		const struct chart_series *s = &c->series[k];

		for (size_t i = 0; i < s->count; i++) {
			if (isfinite(s->y[i]))
				chart_extent_add(&x, s->x[i]);
			if (!isfinite(s->x[i]))
				continue;
			add_values(&y, s->y, i);
			add_values(&y, s->lower, i);
			add_values(&y, s->upper, i);
		}
	}
	plan->x = chart_axis_from_extent(&x, c->x_scale, c->x_from_zero);
	plan->y = chart_axis_from_extent(&y, c->y_scale, c->y_from_zero);
}

static double x_of(const struct chart_plan *plan, const struct chart_tick *tick)
{
	return plan->plot.x + tick->at * plan->plot.width;
}

static double label_width(const struct chart_plan *plan, const struct chart_tick *tick)
{
	return chart_text_width(tick->label, TICK_LABEL * em_of(plan));
}

static bool x_labels_fit(const struct chart_plan *plan)
{
	for (int i = 1; i < plan->x_count; i++) {
		const struct chart_tick *a = &plan->x_ticks[i - 1], *b = &plan->x_ticks[i];
		double needed = (label_width(plan, a) + label_width(plan, b)) / 2;

		if (x_of(plan, b) - x_of(plan, a) < needed + X_TICK_GAP * em_of(plan))
			return false;
	}
	return true;
}

/* Those that are on the axis. */
static void name_x_ticks(struct chart_plan *plan)
{
	const struct chart *c = plan->chart;

	plan->x_count = 0;
	for (int i = 0; i < c->x_name_count; i++) {
		struct chart_tick *tick = &plan->x_ticks[plan->x_count];

		tick->at = chart_axis_place(&plan->x, i);
		if (!(tick->at >= 0 && tick->at <= 1))
			continue;
		snprintf(tick->label, sizeof(tick->label), "%s", c->x_names[i]);
		plan->x_count++;
	}
}

/* How far their labels go down. */
static double x_label_depth(const struct chart_plan *plan)
{
	double depth = TICK_LABEL * em_of(plan);

	for (int i = 0; i < plan->x_count; i++)
		depth = fmax(depth, label_width(plan, &plan->x_ticks[i]));
	return depth;
}

/* As many as there is room for, unless they have names. */
static void make_x_ticks(struct chart_plan *plan)
{
	int most = X_TICKS_MOST;

	if (plan->chart->x_name_count)
		return;
	do
		plan->x_count = chart_axis_ticks(&plan->x, most, plan->x_ticks);
	while (!x_labels_fit(plan) && --most >= 2);
}

/* Returns the width of their labels. */
static double make_y_ticks(struct chart_plan *plan)
{
	int most = (int)(plan->plot.height / (Y_TICK_EVERY * em_of(plan)));
	double width = 0;

	most = most < 2 ? 2 : most > Y_TICKS_MOST ? Y_TICKS_MOST : most;
	plan->y_count = chart_axis_ticks(&plan->y, most, plan->y_ticks);
	for (int i = 0; i < plan->y_count; i++)
		width = fmax(width, label_width(plan, &plan->y_ticks[i]));
	return width;
}

/* --- legend ----------------------------------------------------------------------------------- */

static void draw_entry(const struct chart_plan *plan, int i, const char *name, double x, double y)
{
	double em = em_of(plan);

	chart_draw_sample(plan, i, x, y - em / 2, LEGEND_LINE * em);
	chart_text_put(plan->canvas, name, x + (LEGEND_LINE + LEGEND_LEAD) * em, y,
		       (struct chart_text){.height = em});
}

/* Room for a name: a row, or, so that many leave the plot its place, half of one. */
static double name_room(const struct chart_plan *plan, double row)
{
	double lead = (LEGEND_LINE + LEGEND_LEAD) * em_of(plan);
	int names = 0;

	for (int i = 0; i < plan->chart->series_count; i++)
		names += plan->chart->series[i].name != NULL;
	if (names > LEGEND_WIDE_MOST)
		row = (row - LEGEND_GAP * em_of(plan)) / 2;
	return row - lead;
}

/* Goes through the entries, row by row; returns the number of rows. */
static int walk_legend(const struct chart_plan *plan, bool draw)
{
	double em = em_of(plan), left = plan->area.x + PAD * em, x = left;
	double right = plan->area.x + plan->area.width - PAD * em;
	double most = name_room(plan, right - left);
	struct buf name = {0};
	int rows = 0;

	for (int i = 0; i < plan->chart->series_count; i++) {
		double width;

		if (!plan->chart->series[i].name)
			continue;
		buf_clear(&name);
		chart_text_fit(plan->chart->series[i].name, em, most, &name);
		width = (LEGEND_LINE + LEGEND_LEAD) * em + chart_text_width(name.data, em);
		if (rows == 0 || x + width > right) {
			rows++;
			x = left;
		}
		if (draw)
			draw_entry(plan, i, name.data, x,
				   plan->legend_top + (rows - 1) * plan->legend_row + em);
		x += width + LEGEND_GAP * em;
	}
	buf_free(&name);
	return rows;
}

/* --- the plan --------------------------------------------------------------------------------- */

void chart_plan_make(struct chart_plan *plan)
{
	const struct chart *c = plan->chart;
	const struct chart_area *area = &plan->area;
	double em = em_of(plan), top = area->y + PAD * em;
	double bottom = area->y + area->height - PAD * em, left = area->x + PAD * em;
	double right = area->x + area->width - 2 * PAD * em;

	plan->title_base = top + TITLE * em;
	plan->legend_top = c->title ? plan->title_base + 0.9 * em : top;
	plan->legend_row = LEGEND_ROW * em;
	top = plan->legend_top + walk_legend(plan, false) * plan->legend_row + 0.3 * em;
	make_axes(plan);
	name_x_ticks(plan);
	bottom -= x_label_depth(plan) + (0.5 + TICK_LENGTH) * em + (c->x_label ? 1.8 * em : 0);
	plan->plot = (struct chart_area){left, top, right - left, bottom - top};
	left += make_y_ticks(plan) + (0.4 + TICK_LENGTH) * em + (c->y_label ? 1.9 * em : 0);
	plan->plot.x = left;
	plan->plot.width = right - left;
	make_x_ticks(plan);
}

/* --- drawing ---------------------------------------------------------------------------------- */

/* A line one pixel wide, in the middle of pixels. */
static void draw_rule(const struct chart_plan *plan, double x0, double y0, double x1, double y1,
		      double grey)
{
	cairo_t *cr = plan->canvas->cr;

	cairo_set_source_rgb(cr, grey, grey, grey);
	cairo_set_line_width(cr, 1);
	cairo_set_line_cap(cr, CAIRO_LINE_CAP_SQUARE);
	cairo_set_dash(cr, NULL, 0, 0);
	cairo_move_to(cr, floor(x0) + 0.5, floor(y0) + 0.5);
	cairo_line_to(cr, floor(x1) + 0.5, floor(y1) + 0.5);
	cairo_stroke(cr);
}

/* Below the place, names upwards. */
static void draw_x_label(const struct chart_plan *plan, int i, double x, double y)
{
	struct chart_text how = {.height = TICK_LABEL * em_of(plan), .align = 0.5};

	if (!plan->chart->x_name_count) {
		chart_text_put(plan->canvas, plan->x_ticks[i].label, x, y + how.height, how);
		return;
	}
	how.align = 1;
	how.upwards = true;
	chart_text_put(plan->canvas, plan->x_ticks[i].label, x + how.height / 2, y, how);
}

static void draw_x_axis(const struct chart_plan *plan, bool grid)
{
	const struct chart_area *p = &plan->plot;
	double em = em_of(plan), bottom = p->y + p->height;

	for (int i = 0; i < plan->x_count; i++) {
		double x = x_of(plan, &plan->x_ticks[i]);

		if (grid) {
			draw_rule(plan, x, p->y, x, bottom, GRID);
			continue;
		}
		draw_rule(plan, x, bottom, x, bottom + TICK_LENGTH * em, AXIS);
		draw_x_label(plan, i, x, bottom + (TICK_LENGTH + 0.5) * em);
	}
	if (!grid)
		draw_rule(plan, p->x, bottom, p->x + p->width, bottom, AXIS);
}

static void draw_y_axis(const struct chart_plan *plan, bool grid)
{
	const struct chart_area *p = &plan->plot;
	double em = em_of(plan);

	for (int i = 0; i < plan->y_count; i++) {
		double y = p->y + p->height * (1 - plan->y_ticks[i].at);

		if (grid) {
			draw_rule(plan, p->x, y, p->x + p->width, y, GRID);
			continue;
		}
		draw_rule(plan, p->x - TICK_LENGTH * em, y, p->x, y, AXIS);
		chart_text_put(plan->canvas, plan->y_ticks[i].label,
			       p->x - (TICK_LENGTH + 0.4) * em, y + TICK_LABEL * em / 2,
			       (struct chart_text){.height = TICK_LABEL * em, .align = 1});
	}
	if (!grid)
		draw_rule(plan, p->x, p->y, p->x, p->y + p->height, AXIS);
}

/* Cut to that length. */
static void draw_label(const struct chart_plan *plan, const char *label, double x, double y,
		       double room, struct chart_text how)
{
	struct buf text = {0};

	if (!label)
		return;
	chart_text_fit(label, how.height, room, &text);
	chart_text_put(plan->canvas, text.data, x, y, how);
	buf_free(&text);
}

static void draw_labels(const struct chart_plan *plan)
{
	const struct chart_area *p = &plan->plot, *area = &plan->area;
	double em = em_of(plan);

	draw_label(plan, plan->chart->title, area->x + PAD * em, plan->title_base,
		   area->width - 2 * PAD * em, (struct chart_text){.height = TITLE * em});
	draw_label(plan, plan->chart->x_label, p->x + p->width / 2,
		   area->y + area->height - PAD * em, p->width,
		   (struct chart_text){.height = em, .align = 0.5});
	draw_label(plan, plan->chart->y_label, area->x + (PAD + 1) * em, p->y + p->height / 2,
		   p->height, (struct chart_text){.height = em, .align = 0.5, .upwards = true});
}

void chart_plan_draw(const struct chart_plan *plan)
{
	draw_x_axis(plan, true);
	draw_y_axis(plan, true);
	for (int i = 0; i < plan->chart->series_count; i++)
		chart_draw_band(plan, i);
	for (int i = 0; i < plan->chart->series_count; i++)
		chart_draw_series(plan, i);
	draw_x_axis(plan, false);
	draw_y_axis(plan, false);
	walk_legend(plan, true);
	draw_labels(plan);
}
