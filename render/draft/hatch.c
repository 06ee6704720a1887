/* SPDX-License-Identifier: MIT */
/*
 * Each hatching line is cut with every edge of the region; sorted along the line, crossings 1 and 2, 3
 * and 4, ... bound what is inside. An edge counts where its ends lie on different sides of the line,
 * a point on the line being on the upper side: so a corner on the line counts once where the outline
 * passes through and twice or not at all where it turns back (O'Rourke 1998, "Computational Geometry
 * in C", 7.4). Arcs are split where they run along the hatching, so that each piece crosses a line
 * once at most. Ends of edges are snapped together before.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "render/draft/hatch.h"

#define SHORTEST_MM 0.2
#define CROSSED_PITCH 1.4 /* of crossing lines over single ones: no region is much darker */
#define TEXT_CLEAR_MM 0.8 /* round lettering */

/* An edge in the hatching's own frame: x along the lines, y across them. */
struct edge {
	struct vec a, b;
	bool round;
	struct vec centre;
	double radius;
	bool right; /* of its centre: the half of the circle an arc's piece lies on */
};

struct crossings {
	double *at;
	int count, room;
};

struct hatch {
	const struct hatch_spec *spec;
	struct arena *arena;
	struct edge *edges;
	int edge_count, edge_room;
	struct hatch_gap *gaps; /* turned likewise */
	struct hatch_line *lines;
	int count, room;
};

static void *grown(struct arena *arena, const void *old, int count, int room, size_t size)
{
	void *bigger = arena_alloc(arena, (size_t)room, size);

	if (count)
		memcpy(bigger, old, (size_t)count * size);
	return bigger;
}

static void add_edge(struct hatch *h, const struct edge *edge)
{
	if (h->edge_count == h->edge_room) {
		h->edge_room = h->edge_room ? 2 * h->edge_room : 64;
		h->edges =
			grown(h->arena, h->edges, h->edge_count, h->edge_room, sizeof(*h->edges));
	}
	h->edges[h->edge_count++] = *edge;
}

/* The pieces of an arc between the points where it runs along x: the angles pi/2 and 3 pi/2. a and b
 * are its ends as the neighbours have them. */
static void add_arc(struct hatch *h, const struct seg *arc, struct vec a, struct vec b)
{
	double from = arc->from + arc->rotation - h->spec->angle_rad, to = from + arc->sweep;
	double way = arc->sweep > 0 ? 1 : -1;
	double next = from;
	struct edge edge = {.a = a,
			    .round = true,
			    .centre = vec_rotate(arc->centre, -h->spec->angle_rad),
			    .radius = arc->rx};

	while (way * (to - next) > 1e-12) {
		double here = next;

		/* the next odd multiple of pi/2 */
		next = (floor((way * here) / M_PI + 0.5 + 1e-9) + 0.5) * M_PI * way;
		if (way * (next - to) > -1e-12) {
			next = to;
			edge.b = b;
		} else {
			edge.b = vec_add(edge.centre, vec_polar(edge.radius, next));
		}
		edge.right = cos((here + next) / 2) > 0;
		add_edge(h, &edge);
		edge.a = edge.b;
	}
}

static void add_path(struct hatch *h, const struct path *path)
{
	double turn = -h->spec->angle_rad;

	for (int i = 0; i < path->count; i++) {
		const struct seg *seg = &path->segs[i];
		struct edge edge = {.a = vec_rotate(seg->a, turn),
				    .b = vec_rotate(path->segs[(i + 1) % path->count].a, turn)};

		if (seg->kind == SEG_ARC)
			add_arc(h, seg, edge.a, edge.b);
		else
			add_edge(h, &edge);
	}
}

static void add_crossing(struct hatch *h, struct crossings *c, double at)
{
	if (c->count == c->room) {
		c->room = c->room ? 2 * c->room : 16;
		c->at = grown(h->arena, c->at, c->count, c->room, sizeof(*c->at));
	}
	c->at[c->count++] = at;
}

static void cross(struct hatch *h, struct crossings *c, const struct edge *e, double y)
{
	double up, reach;

	if ((e->a.y < y) == (e->b.y < y))
		return;
	if (!e->round) {
		add_crossing(h, c, e->a.x + (e->b.x - e->a.x) * (y - e->a.y) / (e->b.y - e->a.y));
		return;
	}
	up = y - e->centre.y;
	reach = sqrt(max2(e->radius * e->radius - up * up, 0));
	add_crossing(h, c, e->centre.x + (e->right ? reach : -reach));
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void add_line(struct hatch *h, double x0, double x1, double y)
{
	if (x1 - x0 < SHORTEST_MM)
		return;
	if (h->count == h->room) {
		h->room = h->room ? 2 * h->room : 64;
		h->lines = grown(h->arena, h->lines, h->count, h->room, sizeof(*h->lines));
	}
	h->lines[h->count].a = vec_rotate(vec(x0, y), h->spec->angle_rad);
	h->lines[h->count++].b = vec_rotate(vec(x1, y), h->spec->angle_rad);
}

/* Where a gap covers the line at y: *x0 to *x1; false where it does not. */
static bool covers(const struct hatch_gap *gap, double y, double *x0, double *x1)
{
	*x0 = INFINITY;
	*x1 = -INFINITY;
	for (int i = 0; i < 4; i++) {
		struct vec a = gap->corners[i], b = gap->corners[(i + 1) % 4];
		double x;

		if ((a.y < y) == (b.y < y))
			continue;
		x = a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y);
		*x0 = min2(*x0, x);
		*x1 = max2(*x1, x);
	}
	return *x0 < *x1;
}

/* The line from x0 to x1 without what gaps i and later cover. */
static void add_between_gaps(struct hatch *h, double x0, double x1, double y, int i)
{
	for (; i < h->spec->gap_count; i++) {
		double g0, g1;

		if (!covers(&h->gaps[i], y, &g0, &g1) || g1 <= x0 || x1 <= g0)
			continue;
		if (g0 > x0)
			add_between_gaps(h, x0, g0, y, i + 1);
		if (g1 >= x1)
			return;
		x0 = g1;
	}
	add_line(h, x0, x1, y);
}

int hatch_lines(const struct path *paths, int count, const struct hatch_spec *spec,
		struct arena *arena, struct hatch_line **lines)
{
	struct hatch h = {.spec = spec, .arena = arena};
	struct crossings c = {0};
	double lo = INFINITY, hi = -INFINITY;

	for (int i = 0; i < count; i++)
		add_path(&h, &paths[i]);
	h.gaps = ARENA_NEW(arena, struct hatch_gap, spec->gap_count);
	for (int i = 0; i < 4 * spec->gap_count; i++)
		h.gaps[i / 4].corners[i % 4] =
			vec_rotate(spec->gaps[i / 4].corners[i % 4], -spec->angle_rad);
	for (int i = 0; i < h.edge_count; i++) {
		lo = min2(lo, min2(h.edges[i].a.y, h.edges[i].b.y));
		hi = max2(hi, max2(h.edges[i].a.y, h.edges[i].b.y));
	}
	for (double k = ceil(lo / spec->pitch_mm - 0.5); k < INFINITY; k++) {
		double y = (k + 0.5) * spec->pitch_mm;

		if (!(y < hi))
			break;
		c.count = 0;
		for (int i = 0; i < h.edge_count; i++)
			cross(&h, &c, &h.edges[i], y);
		if (c.count > 0) /* qsort takes no null pointer */
			qsort(c.at, (size_t)c.count, sizeof(*c.at), compare);
		for (int i = 0; i + 1 < c.count; i += 2)
			add_between_gaps(&h, c.at[i], c.at[i + 1], y, 0);
	}
	*lines = h.lines;
	return h.count;
}

/* The boxes of all lettering, a little wider. */
static int gaps_of(const struct drafter *d, struct hatch_gap **gaps)
{
	const struct drawing *drawing = d->drawing;

	*gaps = ARENA_NEW(d->arena, struct hatch_gap, drawing->text_count);
	for (int i = 0; i < drawing->text_count; i++) {
		const struct text *text = &drawing->texts[i];
		struct vec u = vec_polar(TEXT_CLEAR_MM, text->angle_rad), v = vec_perp(u);
		struct vec *k = (*gaps)[i].corners;

		text_corners(text, k);
		k[0] = vec_sub(k[0], vec_add(u, v));
		k[1] = vec_add(k[1], vec_sub(u, v));
		k[2] = vec_add(k[2], vec_add(u, v));
		k[3] = vec_sub(k[3], vec_sub(u, v));
	}
	return drawing->text_count;
}

void hatch_draw(struct drawing *drawing, const struct path *paths, int count,
		const struct hatch_spec *spec, double width_mm, struct arena *arena)
{
	struct hatch_line *lines;
	int n = hatch_lines(paths, count, spec, arena, &lines);

	for (int i = 0; i < n; i++) {
		struct stroke *stroke = drawing_add_stroke(drawing, arena);

		stroke->layer = LAYER_HATCH;
		stroke->line_type = LINE_CONTINUOUS;
		stroke->width_mm = width_mm;
		stroke->shape = stroke->dimension = DRAWING_NOBODY;
		path_add_line(&stroke->path, arena, lines[i].a, lines[i].b);
	}
}

struct hatch_spec hatch_of_metal(const struct style *style)
{
	return (struct hatch_spec){.pitch_mm = style->hatch_pitch_mm,
				   .angle_rad = style->hatch_angle_deg * M_PI / 180};
}

void drafter_hatch(struct drafter *d, const struct path *paths, int count, int shape)
{
	const struct material *m = d->part.material;
	bool crossed = m && !(m->kind & MATERIAL_METALS);
	struct hatch_spec spec = hatch_of_metal(d->style);
	int first = d->drawing->stroke_count;
	struct hatch_gap *gaps;

	spec.gap_count = gaps_of(d, &gaps);
	spec.gaps = gaps;
	spec.pitch_mm *= crossed ? CROSSED_PITCH : 1;
	for (int i = 0; i < (crossed ? 2 : 1); i++, spec.angle_rad += M_PI / 2)
		hatch_draw(d->drawing, paths, count, &spec, d->style->thin_mm, d->arena);
	for (int i = first; i < d->drawing->stroke_count; i++)
		d->drawing->strokes[i].shape = shape;
}
