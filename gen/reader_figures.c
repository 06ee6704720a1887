/* SPDX-License-Identifier: MIT */
/*
 * Dimensions, told by their arrowheads. An arrowhead belongs to the straight or round piece of a
 * stroke on the dimension layer that carries both its tip and the middle of its base. Then:
 *
 *   straight, starting on the rim of a circle    each arrow is a running dimension
 *   straight, two arrows                         linear, or a diameter drawn across
 *   straight, one arrow at an end                radius, or a leader; its lettering stands on the
 *                                                line that joins its other end, if one does
 *   part of a circle, two arrows                 angular
 *   whole circle                                 an origin of running dimensions
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "gen/reader.h"

/* The base of a straight arrowhead stands a hair off the arc that its tip is on. */
#define BASE_OFF_ARC_MM 0.1

#define ARROWS_MAX 256 /* on one line */

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

static struct figure *add_figure(struct reader *reader, enum figure_kind kind)
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
		figure = add_figure(reader, FIGURE_RUNNING);
		figure->tip[0] = tip;
		figure->tip[1] = origin;
	}
}

static void add_linear(struct reader *reader, const struct seg *line, const struct arrows *arrows)
{
	struct vec way0 = vec_sub(arrows->list[0]->tip, arrow_base(arrows->list[0]));
	struct vec way1 = vec_sub(arrows->list[1]->tip, arrow_base(arrows->list[1]));
	struct figure *figure;

	if (vec_dot(way0, way1) >= 0 || same_point(arrows->list[0]->tip, arrows->list[1]->tip))
		return;
	figure = add_figure(reader, FIGURE_LINEAR);
	figure->tip[0] = arrows->list[0]->tip;
	figure->tip[1] = arrows->list[1]->tip;
	figure->ground[0] = line->a;
	figure->ground[1] = line->b;
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

static void add_radial(struct reader *reader, const struct seg *line, struct vec tip)
{
	bool at_a = same_point(tip, line->a);
	struct vec knee = at_a ? line->b : line->a;
	const struct seg *shelf = find_shelf(reader, knee, line);
	struct figure *figure;

	if (!at_a && !same_point(tip, line->b))
		return;
	figure = add_figure(reader, FIGURE_RADIAL);
	figure->tip[0] = tip;
	figure->tip[1] = knee;
	figure->ground[0] = shelf ? shelf->a : line->a;
	figure->ground[1] = shelf ? shelf->b : line->b;
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
		add_figure(reader, FIGURE_ORIGIN)->arc = *seg;
		return;
	}
	if (fabs(seg->rx - seg->ry) > READER_SAME_MM || arrows.count != 2)
		return;
	figure = add_figure(reader, FIGURE_ANGULAR);
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
	const struct seg *seg;
	int stroke = 0, piece = 0;

	while ((seg = next_piece(reader, &stroke, &piece))) {
		if (seg->kind == SEG_ARC)
			add_round(reader, seg);
		else
			add_straight(reader, seg);
	}
}
