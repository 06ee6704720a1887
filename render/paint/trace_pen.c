/* SPDX-License-Identifier: MIT */
/*
 * The outline of a trace goes along one side of its middle line, half its width off, round the end in
 * a half circle, and back along the other side.
 */
#include <config.h>

#include <math.h>

#include "render/paint/ink.h"
#include "render/paint/trace_pen.h"

static struct ink_point px_from_point(const struct trace_point *p, double px_per_mm,
				      double sheet_mm)
{
	return (struct ink_point){p->at.x * px_per_mm, (sheet_mm - p->at.y) * px_per_mm,
				  p->width_mm * px_per_mm, p->darkness};
}

void trace_pen_ink(cairo_surface_t *surface, const struct drawing *drawing, double px_per_mm)
{
	struct ink ink = {0};

	cairo_surface_flush(surface);
	ink_begin_blank(&ink, surface, 0, 0, drawing->width_mm * px_per_mm,
			drawing->height_mm * px_per_mm);
	for (int i = 0; i < drawing->trace_count; i++) {
		const struct trace *t = &drawing->traces[i];
		struct ink_point last = px_from_point(&t->points[0], px_per_mm, drawing->height_mm);

		for (int k = t->count > 1; k < t->count; k++) {
			struct ink_point p =
				px_from_point(&t->points[k], px_per_mm, drawing->height_mm);

			ink_stroke(&ink, &last, &p);
			last = p;
		}
	}
	ink_end(&ink);
	cairo_surface_mark_dirty(surface);
}

/* The direction of a trace at point k, from its neighbours. */
static double direction_at(const struct trace *t, int k)
{
	struct vec a = t->points[k > 0 ? k - 1 : 0].at;
	struct vec b = t->points[k + 1 < t->count ? k + 1 : k].at;

	return atan2(b.y - a.y, b.x - a.x);
}

/* The half circle round point k, from its left to its right side as seen in direction `rad`, y down. */
static void add_end(cairo_t *cr, const struct trace_point *p, double rad, double per_mm,
		    double sheet_mm)
{
	cairo_arc(cr, p->at.x * per_mm, (sheet_mm - p->at.y) * per_mm, p->width_mm / 2 * per_mm,
		  -rad - M_PI / 2, -rad + M_PI / 2);
}

/* The point half a width to the left (1) or right (-1) of point k. */
static void add_side(cairo_t *cr, const struct trace *t, int k, int side, double per_mm,
		     double sheet_mm)
{
	const struct trace_point *p = &t->points[k];
	struct vec off = vec_polar(side * p->width_mm / 2, direction_at(t, k) + M_PI / 2);

	cairo_line_to(cr, (p->at.x + off.x) * per_mm, (sheet_mm - p->at.y - off.y) * per_mm);
}

static void add_outline(cairo_t *cr, const struct trace *t, double per_mm, double sheet_mm)
{
	int last = t->count - 1;

	cairo_new_sub_path(cr);
	for (int k = 0; k < last; k++)
		add_side(cr, t, k, 1, per_mm, sheet_mm);
	add_end(cr, &t->points[last], direction_at(t, last), per_mm, sheet_mm);
	for (int k = last - 1; k > 0; k--)
		add_side(cr, t, k, -1, per_mm, sheet_mm);
	add_end(cr, &t->points[0], direction_at(t, 0) + M_PI, per_mm, sheet_mm);
	cairo_close_path(cr);
}

static double mean_darkness(const struct trace *t)
{
	double sum = 0;

	for (int i = 0; i < t->count; i++)
		sum += t->points[i].darkness;
	return sum / t->count;
}

void trace_pen_fill(cairo_t *cr, const struct drawing *drawing, double per_mm)
{
	for (int i = 0; i < drawing->trace_count; i++) {
		const struct trace *t = &drawing->traces[i];
		double grey = 1 - mean_darkness(t) * (1 - drawing->paleness);

		cairo_set_source_rgb(cr, grey, grey, grey);
		add_outline(cr, t, per_mm, drawing->height_mm);
		cairo_fill(cr);
	}
}
