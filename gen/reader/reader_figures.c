/* SPDX-License-Identifier: MIT */
/*
 * Dimensions, told by their arrowheads. An arrowhead belongs to the straight or round piece of a
 * stroke on the dimension layer that carries both its tip and the middle of its base. Then:
 *
 *   straight, starting on the rim of a circle    each arrow is a running dimension
 *   straight, two arrows                         linear, or a diameter drawn across
 *   two in one line, an arrow each, lettering    linear
 *   in the gap between them
 *   straight, one arrow at an end                radius, or a leader; its lettering stands on the
 *                                                line that joins its other end, if one does
 *   the same, and behind that line one in the    radius, foreshortened; its lettering stands on
 *   direction of the first                       either of these two
 *   part of a circle, two arrows                 angular
 *   whole circle                                 an origin of running dimensions
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "gen/reader/reader.h"

/* The base of a straight arrowhead stands a hair off the arc that its tip is on. */
#define BASE_OFF_ARC_MM 0.1

#define ARROWS_MAX 256 /* on one line */
#define TAKEN_MAX 2048 /* pieces of broken lines */
#define HALVES_MAX 64  /* in one line */

struct arrows {
	int count;
	const struct arrow *list[ARROWS_MAX];
};

static struct vec arrow_base(const struct arrow *arrow)
{
	return vec_scale(vec_add(arrow->left, arrow->right), 0.5);
}

/* Whether the arrowhead lies along the line or arc. Where two arcs of one radius meet, tip to tip,
 * the base tells whose arrow it is. */
static bool carries(const struct seg *seg, const struct arrow *arrow)
{
	struct vec base = arrow_base(arrow), out;

	if (seg->kind == SEG_LINE)
		return on_segment(arrow->tip, seg->a, seg->b) && on_segment(base, seg->a, seg->b);
	out = vec_sub(base, seg->centre);
	if (!on_arc(arrow->tip, seg) || fabs(vec_length(out) - seg->rx) >= BASE_OFF_ARC_MM)
		return false;
	return on_arc(vec_add(seg->centre, vec_scale(vec_unit(out), seg->rx)), seg);
}

static struct arrows arrows_on(const struct reader *reader, const struct seg *seg)
{
	struct arrows arrows = {0};

	for (int i = 0; i < reader->drawing->arrow_count && arrows.count < ARROWS_MAX; i++)
		if (carries(seg, &reader->drawing->arrows[i]))
			arrows.list[arrows.count++] = &reader->drawing->arrows[i];
	return arrows;
}

struct figure *reader_add_figure(struct reader *reader, enum figure_kind kind)
{
	struct figure *figure;

	if (reader->figure_count == reader->figure_room) {
		int room = reader->figure_room ? 2 * reader->figure_room : 64;
		struct figure *bigger = ARENA_NEW(reader->arena, struct figure, room);

		if (reader->figure_count)
			memcpy(bigger, reader->figures,
			       (size_t)reader->figure_count * sizeof(*bigger));
		reader->figures = bigger;
		reader->figure_room = room;
	}
	figure = &reader->figures[reader->figure_count++];
	*figure = (struct figure){.kind = kind};
	return figure;
}

/* The next piece on the dimension layer that has some length, at or after (*stroke, *piece), which
 * move on; NULL after the last. */
static const struct seg *next_piece(const struct reader *reader, int *stroke, int *piece)
{
	const struct drawing *d = reader->drawing;

	for (; *stroke < d->stroke_count; ++*stroke, *piece = 0) {
		const struct path *path = &d->strokes[*stroke].path;

		while (d->strokes[*stroke].layer == LAYER_DIMENSION && *piece < path->count) {
			const struct seg *seg = &path->segs[(*piece)++];

			if (is_circle(seg) || !same_point(seg->a, seg->b))
				return seg;
		}
	}
	return NULL;
}

/* Whether the line starts on a circle's rim and points away from its centre; turns it so. */
static bool starts_at_origin(const struct reader *reader, struct seg *line, struct vec *origin)
{
	const struct seg *circle;
	int stroke = 0, piece = 0;

	while ((circle = next_piece(reader, &stroke, &piece))) {
		if (!is_circle(circle))
			continue;
		if (on_arc(line->b, circle))
			*line = seg_reversed(line);
		*origin = circle->centre;
		if (on_arc(line->a, circle) &&
		    distance_to_line(circle->centre, line->a, line->b) < READER_SAME_MM &&
		    vec_dot(vec_sub(line->b, line->a), vec_sub(line->a, circle->centre)) > 0)
			return true;
	}
	return false;
}

static void add_running(struct reader *reader, const struct arrows *arrows, struct vec origin)
{
	for (int i = 0; i < arrows->count; i++) {
		struct vec tip = arrows->list[i]->tip;
		struct vec way = vec_sub(tip, arrow_base(arrows->list[i]));
		struct figure *figure;

		if (vec_dot(way, vec_sub(tip, origin)) <= 0)
			continue;
		figure = reader_add_figure(reader, FIGURE_RUNNING);
		figure->tip[0] = tip;
		figure->tip[1] = origin;
	}
}

static void set_shelf(struct figure *figure, const struct seg *shelf, struct vec knee)
{
	bool from_a = same_point(shelf->a, knee);

	figure->shelf[0] = from_a ? shelf->a : shelf->b;
	figure->shelf[1] = from_a ? shelf->b : shelf->a;
}

/* The line without arrows that starts where the leader ends. */
static const struct seg *find_shelf(const struct reader *reader, struct vec knee,
				    const struct seg *leader)
{
	const struct seg *seg;
	int stroke = 0, piece = 0;

	while ((seg = next_piece(reader, &stroke, &piece)))
		if (seg != leader && seg->kind == SEG_LINE &&
		    (same_point(seg->a, knee) || same_point(seg->b, knee)) &&
		    arrows_on(reader, seg).count == 0)
			return seg;
	return NULL;
}

static bool is_taken(const struct seg *const *taken, int count, const struct seg *seg)
{
	for (int i = 0; i < count; i++)
		if (taken[i] == seg)
			return true;
	return false;
}

/* The end of a piece that faces p. */
static struct vec facing_end(const struct seg *seg, struct vec p)
{
	return vec_length(vec_sub(seg->a, p)) < vec_length(vec_sub(seg->b, p)) ? seg->a : seg->b;
}

/* Whether between two pieces, near `p`, an arrow of another dimension points at their line or a piece
 * of it lies there: then the lettering there is that one's. */
static bool crowded(const struct reader *reader, const struct seg *a, const struct seg *b,
		    struct vec p)
{
	struct vec from = facing_end(a, p), to = facing_end(b, p);
	const struct seg *seg;
	int stroke = 0, piece = 0;

	while ((seg = next_piece(reader, &stroke, &piece)))
		if (seg->kind == SEG_LINE && !same_point(from, to) &&
		    on_segment(seg->a, from, to) && on_segment(seg->b, from, to))
			return true;
	for (int i = 0; i < reader->drawing->arrow_count; i++) {
		struct vec tip = reader->drawing->arrows[i].tip;

		if (!same_point(from, to) && on_segment(tip, from, to) && !same_point(tip, from) &&
		    !same_point(tip, to))
			return true;
	}
	return false;
}

static void add_linear(struct reader *reader, const struct seg *line, const struct arrows *arrows)
{
	struct vec way0 = vec_sub(arrows->list[0]->tip, arrow_base(arrows->list[0]));
	struct vec way1 = vec_sub(arrows->list[1]->tip, arrow_base(arrows->list[1]));
	struct figure *figure;

	if (vec_dot(way0, way1) >= 0 || same_point(arrows->list[0]->tip, arrows->list[1]->tip))
		return;
	figure = reader_add_figure(reader, FIGURE_LINEAR);
	figure->tip[0] = arrows->list[0]->tip;
	figure->tip[1] = arrows->list[1]->tip;
	figure->ground[0] = line->a;
	figure->ground[1] = line->b;
	for (int i = 0; i < 2; i++) {
		struct vec knee = i ? line->b : line->a;
		const struct seg *shelf = find_shelf(reader, knee, line);

		if (shelf)
			set_shelf(figure, shelf, knee);
	}
}

/* Whether the reading stands in the gap between the ends p and q of two pieces in one line. */
static bool fills_gap(const struct reading *r, struct vec p, struct vec q)
{
	struct vec along, middle = vec_sub(reading_middle(r), p);
	double half, at, before, after;

	/* Links of a chain meet end to end. */
	if (same_point(p, q))
		return false;
	along = vec_unit(vec_sub(q, p));
	half = reading_half_extent(r, along);
	at = vec_dot(middle, along);
	before = at - half;
	after = vec_length(vec_sub(q, p)) - at - half;
	return r->is_callout && fabs(vec_cross(middle, along)) < READER_SAME_MM && before > 0 &&
	       after > 0;
}

/* A piece of a line with one arrow on it. */
struct half_line {
	const struct seg *seg;
	const struct arrow *arrow;
};

/* The pieces with an arrow each whose line goes through p; returns how many. */
static int halves_through(const struct reader *reader, struct vec p, struct half_line *halves)
{
	const struct seg *seg;
	int stroke = 0, piece = 0, count = 0;

	while ((seg = next_piece(reader, &stroke, &piece))) {
		struct arrows on;

		if (seg->kind != SEG_LINE || distance_to_line(p, seg->a, seg->b) > READER_SAME_MM ||
		    (on = arrows_on(reader, seg)).count != 1 || count == HALVES_MAX)
			continue;
		halves[count++] = (struct half_line){seg, on.list[0]};
	}
	return count;
}

/* Whether lettering between them could make one dimension line of two pieces. */
static bool may_join(const struct reader *reader, const struct reading *r,
		     const struct half_line *p, const struct half_line *q)
{
	struct vec middle = reading_middle(r);
	struct vec way_p = vec_sub(p->arrow->tip, arrow_base(p->arrow));
	struct vec way_q = vec_sub(q->arrow->tip, arrow_base(q->arrow));

	return vec_dot(way_p, way_q) < 0 &&
	       fills_gap(r, facing_end(p->seg, middle), facing_end(q->seg, middle)) &&
	       !crowded(reader, p->seg, q->seg, middle);
}

/* The two pieces that stand nearest to the lettering on both sides make one line, and it bears it. */
static void join_round(struct reader *reader, struct reading *r, const struct seg **taken,
		       int *count)
{
	struct half_line halves[HALVES_MAX];
	struct vec middle = reading_middle(r);
	const struct half_line *best_p = NULL, *best_q = NULL;
	int n = halves_through(reader, middle, halves);
	double narrowest = INFINITY;
	struct figure *figure;

	for (int i = 0; i < n; i++) {
		for (int k = 0; k < i; k++) {
			double gap = vec_length(vec_sub(facing_end(halves[i].seg, middle),
							facing_end(halves[k].seg, middle)));

			if (gap >= narrowest || is_taken(taken, *count, halves[i].seg) ||
			    is_taken(taken, *count, halves[k].seg) ||
			    !may_join(reader, r, &halves[i], &halves[k]))
				continue;
			narrowest = gap;
			best_p = &halves[i];
			best_q = &halves[k];
		}
	}
	if (!best_p || *count + 2 > TAKEN_MAX)
		return;
	figure = reader_add_figure(reader, FIGURE_LINEAR);
	figure->tip[0] = best_p->arrow->tip;
	figure->tip[1] = best_q->arrow->tip;
	figure->ground[0] = facing_end(best_p->seg, middle);
	figure->ground[1] = facing_end(best_q->seg, middle);
	figure->reading = r;
	r->explained = true;
	taken[(*count)++] = best_p->seg;
	taken[(*count)++] = best_q->seg;
}

/* The pieces of broken dimension lines, which are left out when lines are looked at one by one. */
static void find_broken(struct reader *reader, const struct seg **taken, int *count)
{
	for (int i = 0; i < reader->reading_count; i++)
		if (reader->readings[i].is_callout && !reader->readings[i].explained)
			join_round(reader, &reader->readings[i], taken, count);
}

/* The line behind a jog: it goes on from the end of `jog` in the direction of the line from tip to knee. */
static const struct seg *find_beyond_jog(const struct reader *reader, const struct seg *jog,
					 struct vec tip, struct vec knee)
{
	struct vec way = vec_unit(vec_sub(knee, tip));
	struct vec turn = same_point(jog->a, knee) ? jog->b : jog->a;
	const struct seg *seg;
	int stroke = 0, piece = 0;

	while ((seg = next_piece(reader, &stroke, &piece))) {
		bool from_a = same_point(seg->a, turn);

		if (seg != jog && seg->kind == SEG_LINE && (from_a || same_point(seg->b, turn)) &&
		    same_direction(vec_unit(vec_sub(from_a ? seg->b : seg->a, turn)), way) &&
		    arrows_on(reader, seg).count == 0)
			return seg;
	}
	return NULL;
}

/* Lettering stands over the piece with the arrow, or over the one behind the jog. */
static void set_jog(struct figure *figure, const struct seg *line, const struct seg *jog,
		    const struct seg *beyond)
{
	struct vec turn = same_point(jog->a, figure->tip[1]) ? jog->b : jog->a;

	figure->jogged = true;
	figure->ground[0] = line->a;
	figure->ground[1] = line->b;
	set_shelf(figure, beyond, turn);
}

static void add_radial(struct reader *reader, const struct seg *line, struct vec tip)
{
	bool at_a = same_point(tip, line->a);
	struct vec knee = at_a ? line->b : line->a;
	const struct seg *shelf = find_shelf(reader, knee, line), *beyond = NULL;
	struct figure *figure;

	if (!at_a && !same_point(tip, line->b))
		return;
	if (shelf)
		beyond = find_beyond_jog(reader, shelf, tip, knee);
	figure = reader_add_figure(reader, FIGURE_RADIAL);
	figure->tip[0] = tip;
	figure->tip[1] = knee;
	figure->ground[0] = shelf ? shelf->a : line->a;
	figure->ground[1] = shelf ? shelf->b : line->b;
	if (beyond)
		set_jog(figure, line, shelf, beyond);
	else if (shelf)
		set_shelf(figure, shelf, knee);
}

static void add_straight(struct reader *reader, const struct seg *seg)
{
	struct arrows arrows = arrows_on(reader, seg);
	struct seg line = *seg;
	struct vec origin;

	if (starts_at_origin(reader, &line, &origin))
		add_running(reader, &arrows, origin);
	else if (arrows.count == 2)
		add_linear(reader, seg, &arrows);
	else if (arrows.count == 1)
		add_radial(reader, seg, arrows.list[0]->tip);
}

static void add_round(struct reader *reader, const struct seg *seg)
{
	struct arrows arrows = arrows_on(reader, seg);
	struct figure *figure;
	struct vec first;
	double turn[2];

	if (is_circle(seg)) {
		reader_add_figure(reader, FIGURE_ORIGIN)->arc = *seg;
		return;
	}
	if (fabs(seg->rx - seg->ry) > READER_SAME_MM || arrows.count != 2)
		return;
	figure = reader_add_figure(reader, FIGURE_ANGULAR);
	figure->arc = seg->sweep > 0 ? *seg : seg_reversed(seg);
	first = vec_sub(figure->arc.a, seg->centre);
	for (int i = 0; i < 2; i++) {
		figure->tip[i] = arrows.list[i]->tip;
		/* The tip where the arc starts may lie a hair before it. */
		turn[i] = turn_from(first, vec_sub(figure->tip[i], seg->centre));
		if (same_point(figure->tip[i], figure->arc.a))
			turn[i] = 0;
	}
	if (turn[0] > turn[1]) {
		figure->tip[0] = arrows.list[1]->tip;
		figure->tip[1] = arrows.list[0]->tip;
	}
}

void reader_find_figures(struct reader *reader)
{
	const struct seg *taken[TAKEN_MAX], *seg;
	int stroke = 0, piece = 0, count = 0;

	find_broken(reader, taken, &count);
	while ((seg = next_piece(reader, &stroke, &piece))) {
		if (is_taken(taken, count, seg))
			continue;
		if (seg->kind == SEG_ARC)
			add_round(reader, seg);
		else
			add_straight(reader, seg);
	}
}
