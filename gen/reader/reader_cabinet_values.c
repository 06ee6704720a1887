/* SPDX-License-Identifier: MIT */
/*
 * Numbers of a cabinet. Along each of its axes the coordinates at which edges are seen, in any view,
 * are places; a dimension states how far one lies from another. Places between which dimensions lead
 * hang together: union and find (Tarjan 1975), each place knowing how far it is from its root. A
 * dimension whose places hang together already must agree with what others state.
 */
#include <config.h>

#include <math.h>

#include "gen/reader/reader_cabinet.h"

#define AGREES 1e-6 /* relative */

/* The place at a coordinate; -1: no edge is seen there. */
static int place_at(const struct cabinet_reader *c, enum cabinet_axis axis, double at)
{
	for (int i = 0; i < c->place_count[axis]; i++)
		if (cabinet_same(c->places[axis][i].at, at))
			return i;
	return -1;
}

static void add_place(struct cabinet_reader *c, enum cabinet_axis axis, double at)
{
	int i = c->place_count[axis];

	if (place_at(c, axis, at) >= 0)
		return;
	c->places[axis][i] = (struct place){.at = at, .root = i};
	c->place_count[axis]++;
}

static void add_places(struct cabinet_reader *c)
{
	for (int axis = 0; axis < CABINET_AXES; axis++)
		c->places[axis] = ARENA_NEW(c->reader->arena, struct place, 4 * c->board_count + 4);
	for (int i = 0; i < c->board_count; i++) {
		const struct seen_board *b = &c->boards[i];
		enum cabinet_axis u = cabinet_view_axis(b->view, false);
		enum cabinet_axis v = cabinet_view_axis(b->view, true);

		if (b->layer == LAYER_THIN)
			continue;
		add_place(c, u, b->u0);
		add_place(c, u, b->u1);
		add_place(c, v, b->v0);
		add_place(c, v, b->v1);
	}
}

static int find_root(struct place *places, int i, int64_t *from_root)
{
	*from_root = 0;
	while (places[i].root != i) {
		*from_root += places[i].from_root;
		i = places[i].root;
	}
	return i;
}

static bool known(const struct cabinet_reader *c, enum cabinet_axis axis, int from, int to,
		  int64_t *value)
{
	struct place *places = c->places[axis];
	int64_t a, b;
	int root_a = find_root(places, from, &a), root_b = find_root(places, to, &b);

	*value = b - a;
	return root_a == root_b;
}

/* Notes that `to` lies `value` from `from`. */
static int join(struct cabinet_reader *c, enum cabinet_axis axis, int from, int to, int64_t value)
{
	struct place *places = c->places[axis];
	int64_t a, b;
	int root_a = find_root(places, from, &a), root_b = find_root(places, to, &b);

	if (root_a == root_b) {
		if (b - a == value)
			return 0;
		return err_set(c->err, ERR_FORMAT,
			       "dimensions state different numbers for one length: %.10g and %.10g",
			       (double)value / 1000, (double)(b - a) / 1000);
	}
	places[root_b].root = root_a;
	places[root_b].from_root = a + value - b;
	return 0;
}

/* Whether the text of a dimension that spans `measured` mm agrees with the drawing. */
static int agrees(const struct cabinet_reader *c, const struct figure *f, double measured)
{
	double length = measured / c->reader->drawing->scale;

	if (fabs((double)f->reading->callout.value / 1000 - length) <= AGREES * length)
		return 0;
	return err_set(c->err, ERR_FORMAT,
		       "the text '%s' contradicts the drawing, where it is %.10g",
		       f->reading->text->utf8, length);
}

/* The first view that has both tips between its ends, along the line; -1: none. */
static int view_of_tips(const struct cabinet_reader *c, const struct figure *f, bool level)
{
	for (int i = 0; i < CABINET_VIEWS; i++) {
		const struct box *b = &c->views[i].box;
		double lo = level ? b->x0 : b->y0, hi = level ? b->x1 : b->y1;
		double p = level ? f->tip[0].x : f->tip[0].y, q = level ? f->tip[1].x : f->tip[1].y;

		if (c->views[i].is_there && min2(p, q) > lo - READER_SAME_MM &&
		    max2(p, q) < hi + READER_SAME_MM)
			return i;
	}
	return -1;
}

/* A dimension along an axis, whatever row it stands in: views in line with each other share their
 * coordinates. What does not go from edge to edge stays unused. */
static int take_linear(struct cabinet_reader *c, struct figure *f)
{
	struct vec way = vec_unit(vec_sub(f->tip[1], f->tip[0]));
	bool level = fabs(way.y) < READER_SAME_DIRECTION;
	int view = is_level_or_upright(way) ? view_of_tips(c, f, level) : -1, ends[2];
	double at[2];
	enum cabinet_axis axis;

	if (view < 0)
		return 0;
	axis = cabinet_view_axis((enum cabinet_view)view, !level);
	for (int k = 0; k < 2; k++) {
		struct vec p = vec_sub(f->tip[k], c->views[view].origin);

		at[k] = level ? (c->views[view].mirrored ? -p.x : p.x) : p.y;
		ends[k] = place_at(c, axis, at[k]);
		if (ends[k] < 0)
			return 0;
	}
	if (agrees(c, f, fabs(at[1] - at[0])) < 0)
		return -1;
	f->used = true;
	return join(c, axis, ends[at[1] < at[0]], ends[at[1] > at[0]], f->reading->callout.value);
}

/* A leader that points at a board, which is as thick as its shorter side. */
static int take_thickness(struct cabinet_reader *c, struct figure *f)
{
	for (int i = 0; i < CABINET_VIEWS; i++) {
		const struct seen_view *view = &c->views[i];
		struct vec p = vec_sub(f->tip[0], view->origin);
		enum cabinet_view kind = (enum cabinet_view)i;
		const struct seen_board *b =
			cabinet_board_at(c, kind, view->mirrored ? -p.x : p.x, p.y);
		bool level;
		enum cabinet_axis axis;

		if (!b)
			continue;
		level = b->v1 - b->v0 < b->u1 - b->u0;
		axis = cabinet_view_axis(kind, level);
		if (agrees(c, f, level ? b->v1 - b->v0 : b->u1 - b->u0) < 0)
			return -1;
		f->used = true;
		return join(c, axis, place_at(c, axis, level ? b->v0 : b->u0),
			    place_at(c, axis, level ? b->v1 : b->u1), f->reading->callout.value);
	}
	return 0;
}

int cabinet_take_numbers(struct cabinet_reader *c)
{
	add_places(c);
	for (int i = 0; i < c->reader->figure_count; i++) {
		struct figure *f = &c->reader->figures[i];
		enum callout_kind kind = f->reading ? f->reading->callout.kind : CALLOUT_COUNT_;

		if (f->kind == FIGURE_LINEAR && kind == CALLOUT_LINEAR &&
		    f->reading->callout.status != CALLOUT_REFERENCE && take_linear(c, f) < 0)
			return -1;
		if (f->kind == FIGURE_RADIAL && kind == CALLOUT_THICKNESS &&
		    take_thickness(c, f) < 0)
			return -1;
	}
	return 0;
}

int cabinet_alike(struct cabinet_reader *c, const struct step *steps, int count, const char *what)
{
	int64_t value = 0, other;
	bool found = false;

	for (int i = 0; i < count; i++) {
		const struct step *s = &steps[i];

		if (!cabinet_same(s->to - s->from, steps[0].to - steps[0].from))
			return err_set(c->err, ERR_FORMAT, "the %s are drawn unlike each other",
				       what);
		if (known(c, s->axis, place_at(c, s->axis, s->from), place_at(c, s->axis, s->to),
			  &other)) {
			value = other;
			found = true;
		}
	}
	for (int i = 0; i < count && found; i++)
		if (join(c, steps[i].axis, place_at(c, steps[i].axis, steps[i].from),
			 place_at(c, steps[i].axis, steps[i].to), value) < 0)
			return -1;
	return 0;
}

int cabinet_between(struct cabinet_reader *c, enum cabinet_axis axis, double from, double to,
		    const char *part, const char *name, int64_t *value)
{
	int a = place_at(c, axis, from), b = place_at(c, axis, to);

	*value = 0;
	if (cabinet_same(from, to) || (a >= 0 && b >= 0 && known(c, axis, a, b, value)))
		return 0;
	return err_set(c->err, ERR_FORMAT, "%s: '%s' is not printed: no dimensions lead there",
		       part, name);
}
