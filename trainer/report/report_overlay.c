/* SPDX-License-Identifier: MIT */
/*
 * Edges of one part that lie on those of the other are drawn once. An edge does if both its ends and its
 * middle are within a five-hundredth of the picture of an edge of the other. Arcs came as many short
 * edges; of points closer than a few units only one is drawn.
 *
 *	cabinets:   front  side
 *	            top
 *
 * Sheets have their views laid out already: one view of a plane, hidden lines first.
 */
#include <config.h>

#include <math.h>

#include "formats/scene/cabinet.h"
#include "trainer/report/report_private.h"

#define SIDE 1000.0 /* of the larger of width and height, in the picture's units */
#define MARGIN 30.0
#define GAP 0.08   /* between views, of the larger of the front view's sides */
#define NEAR 0.002 /* of the diagonal */
#define STEP 6.0   /* the shortest edge that is drawn */
#define BEND 0.25  /* points no farther off the line are left out */

#define VIEWS_MAX 3

/* What lies along x and y of a view, the direction of y, and where its origin is. */
struct view {
	int across, up;
	double turned, x, y;
};

struct overlay {
	struct buf *out;
	struct view views[VIEWS_MAX];
	int view_count;
	double scale, near;
	double width, height; /* in millimetres */
	struct figure_box box;
};

static double distance_to_edge(const double p[FIGURE_AXES], const struct figure_edge *e)
{
	double along = 0, length = 0, t, square = 0;

	for (int i = 0; i < FIGURE_AXES; i++) {
		along += (p[i] - e->a[i]) * (e->b[i] - e->a[i]);
		length += (e->b[i] - e->a[i]) * (e->b[i] - e->a[i]);
	}
	t = length > 0 ? min2(1, max2(0, along / length)) : 0;
	for (int i = 0; i < FIGURE_AXES; i++) {
		double off = p[i] - e->a[i] - t * (e->b[i] - e->a[i]);

		square += off * off;
	}
	return sqrt(square);
}

static bool is_in_box(const double p[FIGURE_AXES], const struct figure_box *box, double near)
{
	for (int i = 0; i < FIGURE_AXES; i++)
		if (p[i] < box->lo[i] - near || p[i] > box->hi[i] + near)
			return false;
	return true;
}

static bool is_on(const double p[FIGURE_AXES], const struct figure *f, double near)
{
	for (int r = 0; r < f->run_count; r++) {
		const struct figure_run *run = &f->runs[r];

		if (!is_in_box(p, &run->box, near))
			continue;
		for (int i = run->first; i < run->first + run->count; i++)
			if (distance_to_edge(p, &f->edges[i]) <= near)
				return true;
	}
	return false;
}

static bool edge_is_on(const struct figure_edge *e, const struct figure *f, double near)
{
	double middle[FIGURE_AXES];

	for (int i = 0; i < FIGURE_AXES; i++)
		middle[i] = (e->a[i] + e->b[i]) / 2;
	return is_on(e->a, f, near) && is_on(e->b, f, near) && is_on(middle, f, near);
}

static double place_x(const struct overlay *o, const struct view *v, const double p[FIGURE_AXES])
{
	return MARGIN + (v->x + p[v->across] - o->box.lo[v->across]) * o->scale;
}

static double place_y(const struct overlay *o, const struct view *v, const double p[FIGURE_AXES])
{
	double up = v->turned * (p[v->up] - o->box.lo[v->up]);

	return MARGIN + (o->height - v->y - up) * o->scale;
}

static void put_point(struct buf *out, char command, double x, double y)
{
	buf_char(out, command);
	buf_fixed(out, x, 0);
	buf_char(out, ' ');
	buf_fixed(out, y, 0);
}

/* Whether b lies on the way from `at` to what comes next. */
static bool is_straight(double at_x, double at_y, double bx, double by, double next_x,
			double next_y)
{
	double x = next_x - at_x, y = next_y - at_y, length = hypot(x, y);
	double along = (bx - at_x) * x + (by - at_y) * y;
	double off = fabs((bx - at_x) * y - (by - at_y) * x);

	return along > 0 && along < length * length && off < BEND * length;
}

/* The edges of f that are drawn like this, as data of a path. */
static void put_edges(struct overlay *o, const struct view *v, const struct figure *f,
		      const bool *is_both, bool both)
{
	double at_x = 0, at_y = 0;
	bool is_down = false; /* the pen is at the end of the edge before */

	for (int i = 0; i < f->edge_count; i++) {
		double ax = place_x(o, v, f->edges[i].a), ay = place_y(o, v, f->edges[i].a);
		double bx = place_x(o, v, f->edges[i].b), by = place_y(o, v, f->edges[i].b);
		const struct figure_edge *next = &f->edges[i + 1];
		bool goes_on;

		if (is_both[i] != both) {
			is_down = false;
			continue;
		}
		if (!is_down)
			put_point(o->out, 'M', at_x = ax, at_y = ay);
		goes_on = i + 1 < f->edge_count && is_both[i + 1] == both &&
			  hypot(place_x(o, v, next->a) - bx, place_y(o, v, next->a) - by) < 0.01;
		if (!goes_on || (hypot(bx - at_x, by - at_y) >= STEP &&
				 !is_straight(at_x, at_y, bx, by, place_x(o, v, next->b),
					      place_y(o, v, next->b))))
			put_point(o->out, 'L', at_x = bx, at_y = by);
		is_down = goes_on;
	}
}

static void put_path(struct overlay *o, const char *name, const struct figure *f,
		     const bool *is_both, bool both)
{
	size_t from;

	buf_str(o->out, "<path class=\"");
	buf_str(o->out, name);
	buf_str(o->out, "\" d=\"");
	from = o->out->len;
	for (int i = 0; i < o->view_count; i++)
		put_edges(o, &o->views[i], f, is_both, both);
	if (o->out->len == from) /* no path data would be an error */
		buf_str(o->out, "M0 0");
	buf_str(o->out, "\"/>");
}

static void join_boxes(struct figure_box *box, const struct figure_box *other)
{
	for (int i = 0; i < FIGURE_AXES; i++) {
		box->lo[i] = min2(box->lo[i], other->lo[i]);
		box->hi[i] = max2(box->hi[i], other->hi[i]);
	}
}

static void plan_views(struct overlay *o, bool is_cabinet)
{
	double w = o->box.hi[0] - o->box.lo[0], d = o->box.hi[1] - o->box.lo[1];
	double h = o->box.hi[2] - o->box.lo[2], gap = GAP * max2(w, h);

	if (!is_cabinet) {
		o->views[o->view_count++] = (struct view){.across = 0, .up = 1, .turned = 1};
		o->width = w;
		o->height = d;
		return;
	}
	o->views[o->view_count++] =
		(struct view){.across = CABINET_X, .up = CABINET_Z, .turned = 1, .y = d + gap};
	o->views[o->view_count++] = (struct view){
		.across = CABINET_Y, .up = CABINET_Z, .turned = 1, .x = w + gap, .y = d + gap};
	o->views[o->view_count++] =
		(struct view){.across = CABINET_X, .up = CABINET_Y, .turned = 1};
	o->width = w + gap + d;
	o->height = h + gap + d;
}

static void put_numbers(struct buf *out, double width, double height)
{
	buf_str(out, "<svg class=\"overlay\" role=\"img\" aria-label=\"Overlay of truth and "
		     "prediction\" "
		     "viewBox=\"0 0 ");
	buf_fixed(out, width + 2 * MARGIN, 0);
	buf_char(out, ' ');
	buf_fixed(out, height + 2 * MARGIN, 0);
	buf_str(out, "\">");
}

static bool *compare_edges(const struct figure *f, const struct figure *other, double near,
			   struct arena *arena)
{
	bool *is_both = ARENA_NEW(arena, bool, f->edge_count + 1);

	for (int i = 0; other && i < f->edge_count; i++)
		is_both[i] = edge_is_on(&f->edges[i], other, near);
	return is_both;
}

/* Both, with names of classes behind the colours'. */
static void put_layer(struct overlay *o, const struct figure *truth, const struct figure *said,
		      const char *const names[3], struct arena *arena)
{
	if (truth) {
		bool *is_both = compare_edges(truth, said, o->near, arena);

		put_path(o, names[0], truth, is_both, true);
		put_path(o, names[1], truth, is_both, false);
	}
	if (said)
		put_path(o, names[2], said, compare_edges(said, truth, o->near, arena), false);
}

static void begin(struct overlay *o)
{
	o->near = NEAR * hypot(o->width, o->height);
	o->scale = SIDE / max2(o->width, o->height);
	put_numbers(o->out, o->width * o->scale, o->height * o->scale);
}

static const char *const seen[] = {"both", "truth", "said"};
static const char *const unseen[] = {"both hidden", "truth hidden", "said hidden"};

void report_put_overlay(struct buf *out, const struct figure *truth, const struct figure *said,
			bool is_cabinet, struct arena *arena)
{
	const struct figure *one = truth ? truth : said;
	struct overlay o = {.out = out, .box = one->box};

	if (truth && said)
		join_boxes(&o.box, &said->box);
	plan_views(&o, is_cabinet);
	begin(&o);
	put_layer(&o, truth, said, seen, arena);
	buf_str(out, "</svg>");
}

/* What is hidden lies within what is seen. */
void report_put_sheets(struct buf *out, const struct report_sheet *truth,
		       const struct report_sheet *said, struct arena *arena)
{
	const struct report_sheet *one = truth ? truth : said;
	struct overlay o = {.out = out, .box = one->visible.box};

	if (truth && said)
		join_boxes(&o.box, &said->visible.box);
	plan_views(&o, false);
	begin(&o);
	put_layer(&o, truth ? &truth->hidden : NULL, said ? &said->hidden : NULL, unseen, arena);
	put_layer(&o, truth ? &truth->visible : NULL, said ? &said->visible : NULL, seen, arena);
	buf_str(out, "</svg>");
}
