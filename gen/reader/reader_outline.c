/* SPDX-License-Identifier: MIT */
/*
 * Which primitive an outline is, wherever its path starts and whichever way it runs.
 *
 * The path is first brought into a form that depends on the picture alone: pieces that carry on the
 * one before them are joined to it, closed paths run counter-clockwise and start at a joint, before
 * a straight piece where there is one. The pieces then spell the primitive: LLLL, LALALALA, LALA or
 * A. A closed figure of lines is a regular polygon if its circumscribed circle is drawn as a thin
 * chain line, else a rectangle or a triangle.
 */
#include <config.h>

#include <math.h>

#include "gen/reader/reader.h"

#define RIGHT_ANGLE_RAD (M_PI / 2)

static struct vec seg_vec(const struct seg *seg)
{
	return vec_sub(seg->b, seg->a);
}

static bool carries_on(const struct seg *first, const struct seg *next)
{
	if (first->kind != next->kind)
		return false;
	if (first->kind == SEG_LINE)
		return same_direction(vec_unit(seg_vec(first)), vec_unit(seg_vec(next)));
	return same_point(first->centre, next->centre) && first->sweep * next->sweep > 0 &&
	       fabs(first->rx - next->rx) < READER_SAME_MM &&
	       fabs(first->ry - next->ry) < READER_SAME_MM &&
	       (fabs(first->rx - first->ry) < READER_SAME_MM ||
		fabs(sin(first->rotation - next->rotation)) < READER_SAME_DIRECTION);
}

static void join(struct seg *first, const struct seg *next)
{
	first->b = next->b;
	first->sweep += next->sweep;
}

/* Twice the area that the pieces enclose; > 0 where they run counter-clockwise. */
static double signed_area(const struct pieces *p)
{
	double area = 0;

	for (int i = 0; i < p->count; i++) {
		const struct seg *seg = &p->segs[i];

		area += vec_cross(seg->a, seg->b);
		if (seg->kind == SEG_ARC)
			area += seg->rx * seg->ry * (seg->sweep - sin(seg->sweep));
	}
	return area;
}

static void reverse(struct pieces *p)
{
	for (int i = 0; i < p->count - 1 - i; i++) {
		struct seg kept = p->segs[i];

		p->segs[i] = p->segs[p->count - 1 - i];
		p->segs[p->count - 1 - i] = kept;
	}
	for (int i = 0; i < p->count; i++)
		p->segs[i] = seg_reversed(&p->segs[i]);
}

/* Starts a closed chain at its first straight piece after an arc. */
static void rotate_to_line(struct pieces *p, struct arena *arena)
{
	struct seg *turned = ARENA_NEW(arena, struct seg, p->count);
	int first = 0;

	for (int i = 0; i < p->count && first == 0; i++)
		if (p->segs[i].kind == SEG_ARC && p->segs[(i + 1) % p->count].kind == SEG_LINE)
			first = (i + 1) % p->count;
	for (int i = 0; i < p->count; i++)
		turned[i] = p->segs[(first + i) % p->count];
	p->segs = turned;
}

int reader_pieces(struct pieces *p, const struct path *path, struct arena *arena)
{
	*p = (struct pieces){0};
	p->segs = ARENA_NEW(arena, struct seg, path->count);
	for (int i = 0; i < path->count; i++) {
		const struct seg *seg = &path->segs[i];

		if (p->count && !same_point(p->segs[p->count - 1].b, seg->a))
			return -1;
		if (seg->kind == SEG_LINE && same_point(seg->a, seg->b))
			continue;
		if (p->count && carries_on(&p->segs[p->count - 1], seg))
			join(&p->segs[p->count - 1], seg);
		else
			p->segs[p->count++] = *seg;
	}
	if (p->count == 0)
		return -1;
	p->closed = same_point(p->segs[0].a, p->segs[p->count - 1].b);
	if (p->closed && p->count > 1 && carries_on(&p->segs[p->count - 1], &p->segs[0])) {
		join(&p->segs[p->count - 1], &p->segs[0]);
		p->segs++;
		p->count--;
	}
	if (p->closed ? signed_area(p) < 0 : p->count == 1 && p->segs[0].sweep < 0)
		reverse(p);
	if (p->closed)
		rotate_to_line(p, arena);
	return 0;
}

/* Whether the pieces are `pairs` times a line and an arc through `sweep`, tangent to each other and
 * all of one radius. */
static bool is_lines_and_arcs(const struct pieces *p, int pairs, double sweep)
{
	if (p->count != 2 * pairs)
		return false;
	for (int i = 0; i < p->count; i += 2) {
		const struct seg *line = &p->segs[i], *arc = &p->segs[i + 1];
		const struct seg *next = &p->segs[(i + 2) % p->count];
		struct vec along, side;
		double r = p->segs[1].rx;

		if (line->kind != SEG_LINE || arc->kind != SEG_ARC || next->kind != SEG_LINE ||
		    fabs(arc->rx - r) > READER_SAME_MM || fabs(arc->ry - r) > READER_SAME_MM ||
		    fabs(arc->sweep - sweep) > READER_SAME_DIRECTION)
			return false;
		along = vec_unit(seg_vec(line));
		side = vec_scale(vec_perp(along), r);
		if (!same_point(arc->centre, vec_add(line->b, side)) ||
		    !same_direction(vec_rotate(along, sweep), vec_unit(seg_vec(next))))
			return false;
	}
	return true;
}

static bool is_all_lines(const struct pieces *p)
{
	for (int i = 0; i < p->count; i++)
		if (p->segs[i].kind != SEG_LINE)
			return false;
	return true;
}

static void set_direction(struct outline *o, struct vec u)
{
	o->u = u;
	o->v = vec_perp(u);
}

/* In [0, 90) degrees. */
static bool in_first_quarter(struct vec u)
{
	return u.x > READER_SAME_DIRECTION && u.y > -READER_SAME_DIRECTION;
}

/* In [0, 180) degrees. */
static bool in_upper_half(struct vec u)
{
	return u.y > READER_SAME_DIRECTION || (u.y > -READER_SAME_DIRECTION && u.x > 0);
}

/* A rectangle from its sides (every `step`-th piece), rounded by r (0: not). */
static void set_rectangle(struct outline *o, const struct pieces *p, int step, double r)
{
	for (int i = 0; i < p->count; i += step) {
		const struct seg *side = &p->segs[i], *next = &p->segs[(i + step) % p->count];
		struct vec u = vec_unit(seg_vec(side));

		if (!in_first_quarter(u))
			continue;
		o->kind = step == 1 ? SHAPE_RECTANGLE : SHAPE_ROUNDED_RECTANGLE;
		set_direction(o, u);
		o->anchor = vec_sub(side->a, vec_scale(u, r));
		o->width = vec_length(seg_vec(side)) + 2 * r;
		o->height = vec_length(seg_vec(next)) + 2 * r;
		o->r = r;
	}
}

static void set_slot(struct outline *o, const struct pieces *p)
{
	struct vec first = p->segs[1].centre, second = p->segs[3].centre;
	struct vec u = vec_unit(vec_sub(second, first));
	bool forward = in_upper_half(u);

	o->kind = SHAPE_SLOT;
	set_direction(o, forward ? u : vec_scale(u, -1));
	o->anchor = forward ? first : second;
	o->length = vec_length(vec_sub(second, first));
	o->r = p->segs[1].rx;
}

/* Along the axes rx is the level half axis; turned, it is the longer one. */
static void set_ellipse(struct outline *o, const struct seg *seg)
{
	struct vec u = vec_polar(1, seg->rotation);
	bool swap = is_level_or_upright(u) ? fabs(u.x) < 0.5 : seg->rx < seg->ry;

	if (swap)
		u = vec_perp(u);
	o->kind = SHAPE_ELLIPSE;
	set_direction(o, in_upper_half(u) ? u : vec_scale(u, -1));
	o->rx = swap ? seg->ry : seg->rx;
	o->ry = swap ? seg->rx : seg->ry;
	o->anchor = seg->centre;
}

static bool set_round(struct outline *o, const struct pieces *p)
{
	const struct seg *seg = &p->segs[0];
	bool round = fabs(seg->rx - seg->ry) < READER_SAME_MM;

	o->anchor = seg->centre;
	o->r = seg->rx;
	set_direction(o, vec(1, 0));
	if (p->closed) {
		o->kind = SHAPE_CIRCLE;
		if (!round)
			set_ellipse(o, seg);
		return true;
	}
	o->kind = SHAPE_ARC;
	o->ends[0] = vec_unit(vec_sub(seg->a, seg->centre));
	o->ends[1] = vec_unit(vec_sub(seg->b, seg->centre));
	return round;
}

/* Whether some thin chain line is a circle through all corners; its centre and radius. */
static bool find_chain_circle(const struct reader *reader, const struct pieces *p,
			      struct vec *centre, double *r)
{
	for (int i = 0; i < reader->drawing->stroke_count; i++) {
		const struct stroke *s = &reader->drawing->strokes[i];
		const struct seg *circle = &s->path.segs[0];
		bool through = s->layer == LAYER_CENTRE && s->line_type == LINE_CHAIN &&
			       s->path.count == 1 && is_circle(circle);

		for (int k = 0; k < p->count && through; k++)
			through = on_arc(p->segs[k].a, circle);
		if (through) {
			*centre = circle->centre;
			*r = circle->rx;
			return true;
		}
	}
	return false;
}

/* The direction of a polygon is that of its first corner in [0, 360 degrees / sides). */
static bool set_polygon(struct outline *o, const struct pieces *p, struct vec centre, double r)
{
	double pitch = 2 * M_PI / p->count;

	o->kind = SHAPE_POLYGON;
	o->anchor = centre;
	o->r = r;
	o->sides = p->count;
	for (int i = 0; i < p->count; i++) {
		struct vec u = vec_unit(vec_sub(p->segs[i].a, centre));
		struct vec next = vec_unit(vec_sub(p->segs[i].b, centre));
		double turn = turn_from(vec(1, 0), u);

		if (fabs(turn_from(u, next) - pitch) > READER_SAME_DIRECTION)
			return false;
		if (fmod(turn + READER_SAME_DIRECTION, 2 * M_PI) < pitch)
			set_direction(o, u);
	}
	return true;
}

static bool has_right_angles(const struct pieces *p)
{
	for (int i = 0; i < p->count; i++)
		if (!same_direction(vec_perp(vec_unit(seg_vec(&p->segs[i]))),
				    vec_unit(seg_vec(&p->segs[(i + 1) % p->count]))))
			return false;
	return true;
}

/* From the lowest corner, the left one of two, counter-clockwise. */
static void set_triangle(struct outline *o, const struct pieces *p)
{
	int first = 0;

	for (int i = 1; i < 3; i++) {
		struct vec a = p->segs[i].a, b = p->segs[first].a;

		if (a.y < b.y - READER_SAME_MM || (a.y < b.y + READER_SAME_MM && a.x < b.x))
			first = i;
	}
	o->kind = SHAPE_TRIANGLE;
	o->point_count = 3;
	for (int i = 0; i < 3; i++)
		o->points[i] = p->segs[(first + i) % 3].a;
}

static bool set_corners(const struct reader *reader, struct outline *o, const struct pieces *p)
{
	struct vec centre;
	double r;

	if (find_chain_circle(reader, p, &centre, &r))
		return set_polygon(o, p, centre, r);
	if (p->count == 4 && has_right_angles(p)) {
		set_rectangle(o, p, 1, 0);
		return true;
	}
	if (p->count == 3)
		set_triangle(o, p);
	return p->count == 3;
}

/* A line points into the upper half plane; a polyline starts at the end farther left. */
static bool set_open_lines(struct outline *o, struct pieces *p)
{
	struct vec a = p->segs[0].a, b = p->segs[p->count - 1].b;

	if (p->count >= POLYLINE_POINTS_MAX)
		return false;
	if (p->count == 1 ? !in_upper_half(vec_unit(vec_sub(b, a)))
			  : a.x > b.x + READER_SAME_MM || (a.x > b.x - READER_SAME_MM && a.y > b.y))
		reverse(p);
	o->anchor = p->segs[0].a;
	if (p->count == 1) {
		o->kind = SHAPE_LINE;
		set_direction(o, vec_unit(seg_vec(&p->segs[0])));
		o->length = vec_length(seg_vec(&p->segs[0]));
		return true;
	}
	o->kind = SHAPE_POLYLINE;
	for (int i = 0; i < p->count; i++)
		o->points[o->point_count++] = p->segs[i].a;
	o->points[o->point_count++] = p->segs[p->count - 1].b;
	return true;
}

static bool recognise(const struct reader *reader, struct outline *o, struct pieces *p)
{
	if (p->count == 1 && p->segs[0].kind == SEG_ARC)
		return set_round(o, p);
	if (is_all_lines(p))
		return p->closed ? set_corners(reader, o, p) : set_open_lines(o, p);
	if (p->closed && is_lines_and_arcs(p, 2, M_PI)) {
		set_slot(o, p);
		return true;
	}
	if (p->closed && is_lines_and_arcs(p, 4, RIGHT_ANGLE_RAD)) {
		set_rectangle(o, p, 2, p->segs[1].rx);
		return true;
	}
	return false;
}

int reader_recognise(const struct reader *reader, const struct path *path, struct outline *outline,
		     struct err *err)
{
	struct pieces pieces;
	struct vec at = path->count ? path->segs[0].a : vec(0, 0);

	*outline = (struct outline){0};
	if (reader_pieces(&pieces, path, reader->arena) < 0 || !recognise(reader, outline, &pieces))
		return err_set(err, ERR_FORMAT,
			       "the outline that starts at (%.10g,%.10g) on the sheet is no "
			       "primitive",
			       at.x, at.y);
	if (outline->point_count)
		outline->anchor = outline->points[0];
	return 0;
}
