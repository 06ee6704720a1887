/* SPDX-License-Identifier: MIT */
/*
 * Quarter sections: what lies below the axis at one end of a part is cut open. Its bores have outlines
 * as far as that goes; beyond they are hidden, and are drawn so below the axis alone, where they are
 * needed to say how far they go on. Where the cut ends at no shoulder it ends along a wavy line, and
 * outlines of bores change on that very line.
 */
#include <config.h>

#include <math.h>

#include "render/draft/draft_turned.h"

#define HALVINGS 60 /* of an arc, until a double says no more */

/* Where the cut ends, from the axis down to the outside, in the drawing's unit. */
static struct path edge_of_cut(const struct drafter *d, const struct turned_cut *cut)
{
	struct vec top = vec((double)cut->x / 1000, 0);
	struct vec bottom = vec(top.x, -(double)cut->d / 2000);
	struct path path = {0};

	if (cut->at_shoulder)
		path_add_line(&path, d->arena, top, bottom);
	else
		turned_add_waves(&path, d->arena, top, bottom, d->drawing->scale);
	return path;
}

/* The share of a piece that goes down at which it is as low as y. */
static double share_above(const struct seg *seg, double y)
{
	double lo = 0, hi = 1;

	for (int i = 0; i < HALVINGS; i++) {
		double middle = (lo + hi) / 2;

		*(seg_point(seg, middle).y > y ? &lo : &hi) = middle;
	}
	return lo;
}

/* The edge of the cut from the axis down to y. */
static struct path edge_until(const struct drafter *d, const struct turned_cut *cut, double y)
{
	struct path edge = edge_of_cut(d, cut), path = {0};

	for (int i = 0; i < edge.count && edge.segs[i].a.y > y; i++) {
		const struct seg *s = &edge.segs[i];
		double share = s->b.y < y ? share_above(s, y) : 1;

		if (s->kind == SEG_LINE)
			path_add_line(&path, d->arena, s->a, vec(s->a.x, share < 1 ? y : s->b.y));
		else
			path_add_arc(&path, d->arena, s->centre, s->rx, s->ry, 0, s->from,
				     share * s->sweep);
	}
	return path;
}

/* Appends the path from its end to its beginning. */
static void add_backwards(struct path *path, const struct path *other, struct arena *arena)
{
	for (int i = other->count - 1; i >= 0; i--) {
		const struct seg *s = &other->segs[i];

		if (s->kind == SEG_LINE)
			path_add_line(path, arena, s->b, s->a);
		else
			path_add_arc(path, arena, s->centre, s->rx, s->ry, 0, s->from + s->sweep,
				     -s->sweep);
	}
}

struct path turned_lower_hollow(const struct turned_line *line, const struct path *upper,
				struct arena *arena)
{
	struct vec first = upper->segs[0].a, last = upper->segs[upper->count - 1].b;
	struct path path = {0};

	if (!line->opens[1])
		path_add_line(&path, arena, vec(last.x, 0), vec(last.x, -last.y));
	path_add_mirrored(&path, upper, arena);
	if (!line->opens[0])
		path_add_line(&path, arena, vec(first.x, -first.y), vec(first.x, 0));
	return path;
}

/* The pieces of a lower path, from right to left, on either side of the cut's edge. */
static void split(const struct drafter *d, const struct turned_cut *cut, const struct path *path,
		  struct path sides[2])
{
	double x = (double)cut->x / 1000;

	sides[0] = sides[1] = (struct path){0};
	for (int i = 0; i < path->count; i++) {
		const struct seg *s = &path->segs[i];
		struct path edge;
		struct vec at;

		if (s->b.x >= x || s->a.x <= x) {
			path_add_seg(&sides[s->b.x >= x], d->arena, s);
			continue;
		}
		edge = edge_until(d, cut, s->a.y);
		at = vec(edge.segs[edge.count - 1].b.x, s->a.y);
		path_add_line(&sides[1], d->arena, s->a, at);
		path_add_line(&sides[0], d->arena, at, s->b);
	}
}

static enum layer layer_of(bool hidden)
{
	return hidden ? LAYER_HIDDEN : LAYER_OUTLINE;
}

static enum line_type type_of(bool hidden)
{
	return hidden ? LINE_DASHED : LINE_CONTINUOUS;
}

/* The lower half of a line across the axis. */
static void draw_ring(struct drafter *d, const struct turned_cut *cut, int64_t x, int64_t diameter,
		      int shape)
{
	bool hidden = cut->side == 0 ? x > cut->x : x < cut->x;
	struct path path = {0};

	path_add_line(&path, d->arena, turned_at(d, x, -diameter), turned_at(d, x, 0));
	drafter_stroke(d, &path, layer_of(hidden), type_of(hidden), shape);
}

void turned_draw_quarter_hollow(struct drafter *d, const struct turned *part,
				const struct turned_line *line, int shape)
{
	struct turned_cut cut = turned_quarter(part);
	struct path upper = path_from_turned_line(part, line, d->arena);
	struct path lower = turned_lower_hollow(line, &upper, d->arena), sides[2];

	split(d, &cut, &lower, sides);
	for (int side = 0; side < 2; side++) {
		struct path path = turned_on_sheet(d, &sides[side]);

		drafter_stroke(d, &path, layer_of(side != cut.side), type_of(side != cut.side),
			       shape);
	}
	for (int i = 0; i < line->count; i++) {
		const struct turned_corner *k = &line->corners[i];

		if (i + 1 < line->count && k[1].x == k->x)
			draw_ring(d, &cut, k->x, k[1].d < k->d ? k[1].d : k->d, shape);
		if (k->taken >= 0) {
			int64_t c = part->scene->shapes[k->taken].value[PARAM_C];

			draw_ring(d, &cut, i == 0 ? k->x + c : k->x - c, k->d, k->taken);
		}
	}
}

void turned_draw_quarter_edge(struct drafter *d, const struct turned *part)
{
	struct turned_cut cut = turned_quarter(part);
	struct path path = edge_of_cut(d, &cut);

	path = turned_on_sheet(d, &path);
	if (!cut.at_shoulder)
		drafter_stroke(d, &path, LAYER_THIN, LINE_CONTINUOUS, DRAWING_NOBODY);
}

/* A path from right to left below the axis, closed along the axis and, where it leaves off at the edge
 * of the cut, along that. */
static struct path closed_along(const struct drafter *d, const struct turned_cut *cut,
				const struct path *lower)
{
	struct vec first = lower->segs[0].a, last = lower->segs[lower->count - 1].b;
	double edge_x = (double)cut->x / 1000;
	bool from_edge = cut->side == 0 && first.y < 0;
	bool to_edge = cut->side == 1 && last.y < 0;
	struct path path = {.closed = true}, edge;

	if (from_edge) {
		edge = edge_until(d, cut, first.y);
		for (int i = 0; i < edge.count; i++)
			path_add_seg(&path, d->arena, &edge.segs[i]);
	} else if (first.y < 0) {
		path_add_line(&path, d->arena, vec(first.x, 0), first);
	}
	for (int i = 0; i < lower->count; i++)
		path_add_seg(&path, d->arena, &lower->segs[i]);
	if (to_edge) {
		edge = edge_until(d, cut, last.y);
		add_backwards(&path, &edge, d->arena);
	} else if (last.y < 0) {
		path_add_line(&path, d->arena, last, vec(last.x, 0));
	}
	path_add_line(&path, d->arena, vec(to_edge ? edge_x : last.x, 0),
		      vec(from_edge ? edge_x : first.x, 0));
	return path;
}

/* The outside as far as it is cut open, from right to left below the axis. */
static struct path lower_outside(const struct drafter *d, const struct turned *part,
				 const struct turned_cut *cut)
{
	struct turned_line all, line = {.count = 0};
	struct turned_corner at = {cut->x, cut->d, -1};
	struct path upper, lower = {0};

	turned_outside(part, &all);
	at.taken = cut->at_shoulder ? turned_corner_shape(part->scene, at.x, at.d) : -1;
	if (cut->side == 1)
		line.corners[line.count++] = at;
	for (int i = 0; i < all.count; i++)
		if (cut->side == 0 ? all.corners[i].x < cut->x : all.corners[i].x > cut->x)
			line.corners[line.count++] = all.corners[i];
	if (cut->side == 0)
		line.corners[line.count++] = at;
	upper = path_from_turned_line(part, &line, d->arena);
	path_add_mirrored(&lower, &upper, d->arena);
	return lower;
}

int turned_quarter_paths(const struct drafter *d, const struct turned *part, struct path *paths)
{
	struct turned_cut cut = turned_quarter(part);
	struct path lower = lower_outside(d, part, &cut), upper, sides[2];
	struct turned_line line;
	int count = 0, first = 0;

	paths[count++] = closed_along(d, &cut, &lower);
	while (turned_next_hollow(part, &first, &line)) {
		upper = path_from_turned_line(part, &line, d->arena);
		lower = turned_lower_hollow(&line, &upper, d->arena);
		split(d, &cut, &lower, sides);
		if (sides[cut.side].count > 0)
			paths[count++] = closed_along(d, &cut, &sides[cut.side]);
	}
	return count;
}
