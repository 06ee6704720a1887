/* SPDX-License-Identifier: MIT */
/*
 * Geometry of a reader: which points, lines and arcs coincide, and which lines can be followed with
 * a finger.
 *
 * Following a line: all straight strokes that lie on it, whoever drew them, are intervals along it;
 * their union must cover the way but for the gap that ISO 129-1 allows before an outline.
 */
#include <config.h>

#include <math.h>

#include "gen/reader/reader.h"

#define GAP_MM 3.2 /* ISO 129-1: about eight line widths; pupils leave more */

bool same_point(struct vec a, struct vec b)
{
	return vec_length(vec_sub(a, b)) < READER_SAME_MM;
}

bool same_direction(struct vec a, struct vec b)
{
	return vec_length(vec_sub(a, b)) < READER_SAME_DIRECTION;
}

bool is_level_or_upright(struct vec unit)
{
	return fabs(unit.x) < READER_SAME_DIRECTION || fabs(unit.y) < READER_SAME_DIRECTION;
}

bool is_circle(const struct seg *seg)
{
	return seg->kind == SEG_ARC && seg->rx > READER_SAME_MM &&
	       fabs(seg->rx - seg->ry) < READER_SAME_MM &&
	       fabs(fabs(seg->sweep) - 2 * M_PI) < READER_SAME_DIRECTION;
}

double distance_to_line(struct vec p, struct vec a, struct vec b)
{
	return fabs(vec_cross(vec_sub(p, a), vec_unit(vec_sub(b, a))));
}

bool on_segment(struct vec p, struct vec a, struct vec b)
{
	struct vec along = vec_unit(vec_sub(b, a));
	double at = vec_dot(vec_sub(p, a), along);

	return distance_to_line(p, a, b) < READER_SAME_MM && at > -READER_SAME_MM &&
	       at < vec_length(vec_sub(b, a)) + READER_SAME_MM;
}

double turn_from(struct vec from, struct vec to)
{
	double turn = atan2(vec_cross(from, to), vec_dot(from, to));

	return turn < 0 ? turn + 2 * M_PI : turn;
}

bool on_arc(struct vec p, const struct seg *arc)
{
	struct vec arm = vec_sub(p, arc->centre);
	struct vec first = vec_sub(arc->sweep > 0 ? arc->a : arc->b, arc->centre);
	double slack = READER_SAME_MM / arc->rx;

	if (fabs(vec_length(arm) - arc->rx) > READER_SAME_MM)
		return false;
	/* A point a hair before the start has turned almost all the way round. */
	return fmod(turn_from(first, arm) + slack, 2 * M_PI) < fabs(arc->sweep) + 2 * slack;
}

/* Lines that a finger may follow from a dimension to what it measures. */
static bool leads_to_part(enum layer layer)
{
	return layer_is_edge(layer) || layer == LAYER_CENTRE || layer == LAYER_EXTENSION;
}

void reader_gather_lines(struct reader *reader)
{
	const struct drawing *d = reader->drawing;
	int room = 0;

	for (int i = 0; i < d->stroke_count; i++)
		room += d->strokes[i].path.count;
	reader->lines = ARENA_NEW(reader->arena, struct reader_line, room);
	for (int i = 0; i < d->stroke_count; i++) {
		const struct path *path = &d->strokes[i].path;

		for (int k = 0; k < path->count && leads_to_part(d->strokes[i].layer); k++)
			if (path->segs[k].kind == SEG_LINE)
				reader->lines[reader->line_count++] =
					(struct reader_line){path->segs[k].a, path->segs[k].b};
	}
}

struct seg seg_reversed(const struct seg *seg)
{
	struct seg r = *seg;

	r.a = seg->b;
	r.b = seg->a;
	r.from = seg->from + seg->sweep;
	r.sweep = -seg->sweep;
	return r;
}

static bool lies_on(const struct reader_line *line, struct vec p, struct vec q)
{
	return distance_to_line(line->a, p, q) < READER_SAME_MM &&
	       distance_to_line(line->b, p, q) < READER_SAME_MM;
}

/* How far the strokes on the line p-q can be followed from `at` (mm from p), without a gap. */
static double follow(const struct reader *reader, struct vec p, struct vec q, double at)
{
	struct vec along = vec_unit(vec_sub(q, p));
	double farthest = at;

	for (int i = 0; i < reader->line_count; i++) {
		const struct reader_line *line = &reader->lines[i];
		double a = vec_dot(vec_sub(line->a, p), along);
		double b = vec_dot(vec_sub(line->b, p), along);

		if (lies_on(line, p, q) && min2(a, b) < at + READER_SAME_MM)
			farthest = max2(farthest, max2(a, b));
	}
	return farthest;
}

/* Where the next stroke on the line p-q begins after `at`; `end` if none does before. */
static double next_start(const struct reader *reader, struct vec p, struct vec q, double at,
			 double end)
{
	struct vec along = vec_unit(vec_sub(q, p));
	double next = end;

	for (int i = 0; i < reader->line_count; i++) {
		const struct reader_line *line = &reader->lines[i];
		double start = min2(vec_dot(vec_sub(line->a, p), along),
				    vec_dot(vec_sub(line->b, p), along));

		if (lies_on(line, p, q) && start > at)
			next = min2(next, start);
	}
	return next;
}

bool line_is_drawn(const struct reader *reader, struct vec p, struct vec q)
{
	double end = vec_length(vec_sub(q, p)), at = 0, undrawn = 0;

	if (same_point(p, q))
		return true;
	while (at < end - READER_SAME_MM) {
		double on = follow(reader, p, q, at);

		if (on <= at) {
			on = next_start(reader, p, q, at, end);
			undrawn += on - at;
		}
		at = on;
	}
	return undrawn < GAP_MM;
}

bool tip_reaches(const struct reader *reader, struct vec tip, struct vec along, struct vec f0,
		 struct vec f1)
{
	struct vec across = vec_perp(along);
	double t = vec_dot(tip, across), t0 = vec_dot(f0, across), t1 = vec_dot(f1, across);

	if (fabs(vec_dot(vec_sub(tip, f0), along)) > READER_SAME_MM)
		return false;
	if (t >= min2(t0, t1) && t <= max2(t0, t1))
		return true;
	return line_is_drawn(reader, tip, fabs(t - t0) < fabs(t - t1) ? f0 : f1);
}
