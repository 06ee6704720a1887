/* SPDX-License-Identifier: MIT */
/*
 * Ordinates: numbers at the ends of extension lines. A 0 that stands in line with an extension line,
 * beyond its end and by no origin circle, is the datum's; every other extension line that runs the same
 * way and ends on the same line across bears an ordinate, or should. Where such a line has a jog (a
 * piece at an angle between two that are parallel) it states what its first piece leads to.
 *
 *	|    |   |	first pieces: what is stated
 *	|    |  /	a jog
 *	|    | |
 *	0   20 25	all ends on one line
 */
#include <config.h>

#include <math.h>

#include "gen/reader/reader.h"

#define PIECES_MAX 1024

/* Straight pieces of extension lines. */
struct extensions {
	int count;
	const struct seg *list[PIECES_MAX];
};

static struct extensions gather(const struct reader *reader)
{
	const struct drawing *d = reader->drawing;
	struct extensions e = {0};

	for (int i = 0; i < d->stroke_count; i++) {
		const struct path *path = &d->strokes[i].path;

		for (int k = 0; d->strokes[i].layer == LAYER_EXTENSION && k < path->count; k++)
			if (path->segs[k].kind == SEG_LINE && e.count < PIECES_MAX &&
			    !same_point(path->segs[k].a, path->segs[k].b))
				e.list[e.count++] = &path->segs[k];
	}
	return e;
}

/* An extension line's last piece, from `inner` to the outer `end`. */
struct last_piece {
	const struct seg *seg;
	struct vec inner, end, out; /* out: unit */
};

static struct last_piece last_piece(const struct seg *seg, bool end_is_a)
{
	struct last_piece p = {.seg = seg};

	p.inner = end_is_a ? seg->b : seg->a;
	p.end = end_is_a ? seg->a : seg->b;
	p.out = vec_unit(vec_sub(p.end, p.inner));
	return p;
}

/* The other end of a piece that begins at p; false: another does. */
static bool goes_on(const struct seg *seg, struct vec p, struct vec *to)
{
	*to = same_point(seg->a, p) ? seg->b : seg->a;
	return same_point(seg->a, p) || same_point(seg->b, p);
}

/* The line's first piece as a point on it: behind a jog where there is one. */
static struct vec foot_of(const struct extensions *e, const struct last_piece *last)
{
	for (int i = 0; i < e->count; i++) {
		struct vec knee, way;

		if (e->list[i] == last->seg || !goes_on(e->list[i], last->inner, &knee))
			continue;
		way = vec_unit(vec_sub(knee, last->inner));
		if (vec_dot(way, last->out) > -READER_SAME_DIRECTION ||
		    fabs(vec_cross(way, last->out)) < READER_SAME_DIRECTION)
			continue;
		for (int k = 0; k < e->count; k++) {
			struct vec start;

			if (goes_on(e->list[k], knee, &start) &&
			    same_direction(vec_unit(vec_sub(knee, start)), last->out))
				return knee;
		}
	}
	return last->inner;
}

/* Whether an origin circle lies between p and the lettering: it is that of running dimensions. */
static bool is_running_origin(const struct reader *reader, const struct reading *r, struct vec p)
{
	struct vec middle = reading_middle(r);

	for (int i = 0; i < reader->figure_count; i++)
		if (reader->figures[i].kind == FIGURE_ORIGIN &&
		    on_segment(reader->figures[i].arc.centre, p, middle))
			return true;
	return false;
}

/* Whether the lettering is a plain 0 by itself. */
static bool is_zero(const struct reading *r)
{
	return r->is_callout && !r->explained && r->callout.kind == CALLOUT_LINEAR &&
	       r->callout.value == 0 && r->callout.status == CALLOUT_PLAIN &&
	       r->callout.tolerance.kind == TOLERANCE_NONE;
}

static void set_ground(struct figure *f, const struct last_piece *last)
{
	f->ground[0] = last->inner;
	f->ground[1] = last->end;
}

/* All that ends on the line across the zero's end. */
static void add_ordinates(struct reader *reader, const struct extensions *e,
			  const struct last_piece *zero)
{
	struct vec datum = foot_of(e, zero), across = vec_perp(zero->out);
	struct figure *f = reader_add_figure(reader, FIGURE_ZERO);

	set_ground(f, zero);
	f->tip[0] = f->tip[1] = datum;
	for (int i = 0; i < 2 * e->count; i++) {
		struct last_piece p = last_piece(e->list[i / 2], i % 2);
		struct vec foot;

		if (p.seg == zero->seg || !same_direction(p.out, zero->out) ||
		    fabs(vec_dot(vec_sub(p.end, zero->end), p.out)) > READER_SAME_MM)
			continue;
		foot = foot_of(e, &p);
		f = reader_add_figure(reader, FIGURE_ORDINATE);
		set_ground(f, &p);
		/* As far across as the datum: the distance is what it states. */
		f->tip[1] = datum;
		f->tip[0] =
			vec_add(datum, vec_scale(across, vec_dot(vec_sub(foot, datum), across)));
	}
}

void reader_find_ordinates(struct reader *reader)
{
	struct extensions e = gather(reader);

	for (int i = 0; i < reader->reading_count; i++) {
		struct reading *r = &reader->readings[i];

		for (int k = 0; is_zero(r) && k < 2 * e.count; k++) {
			struct last_piece p = last_piece(e.list[k / 2], k % 2);

			if (reading_gap_beyond(r, p.inner, p.end) == INFINITY ||
			    is_running_origin(reader, r, p.end))
				continue;
			add_ordinates(reader, &e, &p);
			break;
		}
	}
}
