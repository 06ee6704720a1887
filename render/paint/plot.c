/* SPDX-License-Identifier: MIT */
/*
 * All strokes of one width and line type go into one path and are stroked at once, and so are all
 * arrowheads that are filled, and all that are stroked: the cost of a Cairo call outweighs that of
 * its few segments. Lines along the axes get batches of their own.
 */
#include <config.h>

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "render/paint/plot.h"

#define DASHES_MAX 6

void plot_begin(struct plot *p, cairo_t *cr, const struct drawing *d, double per_mm)
{
	p->cr = cr;
	p->per_mm = per_mm;
	p->height_mm = d->height_mm;
}

void plot_free(struct plot *p)
{
	free(p->done);
	*p = (struct plot){0};
}

static double at_x(const struct plot *p, double x_mm)
{
	return x_mm * p->per_mm;
}

static double at_y(const struct plot *p, double y_mm)
{
	return (p->height_mm - y_mm) * p->per_mm;
}

/* Angles run the other way round: y points down in Cairo. */
static void add_arc(struct plot *p, const struct seg *seg)
{
	cairo_t *cr = p->cr;
	double k = p->per_mm;

	if (seg->rx == seg->ry) {
		double from = -(seg->from + seg->rotation), to = from - seg->sweep;
		void (*arc)(cairo_t *, double, double, double, double, double) =
			seg->sweep > 0 ? cairo_arc_negative : cairo_arc;

		arc(cr, at_x(p, seg->centre.x), at_y(p, seg->centre.y), seg->rx * k, from, to);
		return;
	}
	cairo_save(cr);
	cairo_translate(cr, at_x(p, seg->centre.x), at_y(p, seg->centre.y));
	cairo_rotate(cr, -seg->rotation);
	cairo_scale(cr, seg->rx * k, -seg->ry * k);
	if (seg->sweep > 0)
		cairo_arc(cr, 0, 0, 1, seg->from, seg->from + seg->sweep);
	else
		cairo_arc_negative(cr, 0, 0, 1, seg->from, seg->from + seg->sweep);
	cairo_restore(cr);
}

static void add_path(struct plot *p, const struct path *path)
{
	cairo_new_sub_path(p->cr);
	for (int i = 0; i < path->count; i++) {
		const struct seg *seg = &path->segs[i];

		if (seg->kind == SEG_ARC) {
			add_arc(p, seg);
			continue;
		}
		if (i == 0)
			cairo_move_to(p->cr, at_x(p, seg->a.x), at_y(p, seg->a.y));
		cairo_line_to(p->cr, at_x(p, seg->b.x), at_y(p, seg->b.y));
	}
	if (path->closed)
		cairo_close_path(p->cr);
}

static void set_line_type(struct plot *p, enum line_type type, double width)
{
	double scaled[DASHES_MAX];
	int count;
	const double *dashes = line_type_dashes(type, &count);

	assert(count <= DASHES_MAX);
	for (int i = 0; i < count; i++)
		scaled[i] = dashes[i] * width;
	cairo_set_dash(p->cr, scaled, count, 0);
}

/* Level and upright lines alone: Cairo fills them as boxes, without its scan converter. */
static bool is_rectilinear(const struct path *path)
{
	for (int i = 0; i < path->count; i++)
		if (path->segs[i].kind != SEG_LINE || (path->segs[i].a.x != path->segs[i].b.x &&
						       path->segs[i].a.y != path->segs[i].b.y))
			return false;
	return true;
}

/* Edges stay among themselves: what else is drawn may only darken them, but where lines of one batch
 * meet Cairo rounds their coverage together, now and then to less. */
static bool same_batch(const struct stroke *a, const struct stroke *b)
{
	return a->width_mm == b->width_mm && a->line_type == b->line_type &&
	       layer_is_edge(a->layer) == layer_is_edge(b->layer) &&
	       is_rectilinear(&a->path) == is_rectilinear(&b->path);
}

/* Strokes, batch by batch, the edges or all others. */
static void plot_batches(struct plot *p, const struct drawing *d, bool edges)
{
	for (int i = 0; i < d->stroke_count; i++) {
		const struct stroke *first = &d->strokes[i];

		if (p->done[i] || layer_is_edge(first->layer) != edges)
			continue;
		for (int k = i; k < d->stroke_count; k++) {
			const struct stroke *s = &d->strokes[k];

			if (p->done[k] || !same_batch(first, s))
				continue;
			add_path(p, &s->path);
			p->done[k] = true;
		}
		cairo_set_line_width(p->cr, first->width_mm * p->per_mm);
		set_line_type(p, first->line_type, first->width_mm * p->per_mm);
		cairo_stroke(p->cr);
	}
}

void plot_strokes(struct plot *p, const struct drawing *d)
{
	if (d->stroke_count > p->done_room) {
		p->done_room = d->stroke_count;
		p->done = mem_realloc(p->done, (size_t)p->done_room, sizeof(*p->done));
	}
	for (int i = 0; i < d->stroke_count; i++)
		p->done[i] = false;
	cairo_set_line_cap(p->cr, CAIRO_LINE_CAP_BUTT);
	plot_batches(p, d, true);
	plot_batches(p, d, false);
	cairo_set_dash(p->cr, NULL, 0, 0);
}

static void add_point(struct plot *p, struct vec v, bool first)
{
	if (first)
		cairo_move_to(p->cr, at_x(p, v.x), at_y(p, v.y));
	else
		cairo_line_to(p->cr, at_x(p, v.x), at_y(p, v.y));
}

/* Barb, tip, barb. */
static void add_barbs(struct plot *p, const struct arrow *a)
{
	add_point(p, a->left, true);
	add_point(p, a->tip, false);
	add_point(p, a->right, false);
}

static void add_tick(struct plot *p, const struct arrow *a)
{
	struct vec ends[2];

	arrow_tick_ends(a, ends);
	add_point(p, ends[0], true);
	add_point(p, ends[1], false);
}

/* The same way round as the triangles: where the two overlap, nothing is cut out. */
static void add_dot(struct plot *p, const struct arrow *a)
{
	double radius = arrow_dot_radius(a) * p->per_mm;

	cairo_new_sub_path(p->cr);
	cairo_arc_negative(p->cr, at_x(p, a->tip.x), at_y(p, a->tip.y), radius, 2 * M_PI, 0);
	cairo_close_path(p->cr);
}

static void add_triangle(struct plot *p, const struct arrow *a)
{
	add_point(p, a->tip, true);
	add_point(p, a->left, false);
	add_point(p, a->right, false);
	cairo_close_path(p->cr);
}

static void add_filled(struct plot *p, const struct arrow *a)
{
	switch (a->kind) {
	case ARROW_FILLED:
		add_triangle(p, a);
		break;
	case ARROW_DOT:
		add_dot(p, a);
		break;
	case ARROW_OPEN:
	case ARROW_BLANK:
	case ARROW_TICK:
	case ARROW_COUNT_:
		break;
	}
}

static void add_stroked(struct plot *p, const struct arrow *a)
{
	switch (a->kind) {
	case ARROW_OPEN:
		add_barbs(p, a);
		break;
	case ARROW_BLANK:
		add_triangle(p, a);
		break;
	case ARROW_TICK:
		add_tick(p, a);
		break;
	case ARROW_FILLED:
	case ARROW_DOT:
	case ARROW_COUNT_:
		break;
	}
}

/* One stroke for all that follow each other in one width. */
static void stroke_arrows(struct plot *p, const struct drawing *d)
{
	for (int i = 0; i < d->arrow_count; i++) {
		double width = arrow_line_width(&d->arrows[i]);

		add_stroked(p, &d->arrows[i]);
		if (i + 1 < d->arrow_count && arrow_line_width(&d->arrows[i + 1]) == width)
			continue;
		cairo_set_line_width(p->cr, width * p->per_mm);
		cairo_stroke(p->cr);
	}
}

void plot_arrows(struct plot *p, const struct drawing *d)
{
	if (d->arrow_count == 0)
		return;
	for (int i = 0; i < d->arrow_count; i++)
		add_filled(p, &d->arrows[i]);
	cairo_fill(p->cr);
	/* A mitre would reach beyond the tip. */
	cairo_set_line_cap(p->cr, CAIRO_LINE_CAP_BUTT);
	cairo_set_line_join(p->cr, CAIRO_LINE_JOIN_ROUND);
	stroke_arrows(p, d);
	cairo_set_line_join(p->cr, CAIRO_LINE_JOIN_MITER);
}
