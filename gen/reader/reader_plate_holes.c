/* SPDX-License-Identifier: MIT */
/*
 * Round holes. One circle is a plain hole, two about one centre are a counterbore, a circle in three
 * quarters of a thin one is tapped. Those that are alike in kind, size and pitch circle are a group, which
 * one call-out names with their number, or each has its own. Then
 *
 *	plain holes on a pitch circle					hole_circle
 *	plain holes, counted by one call-out, that fill a grid		hole_grid
 *	all others							a shape each
 *
 * A hole with a name beside it that a table explains is a shape by itself, whatever others are like it.
 */
#include <config.h>

#include <math.h>

#include "gen/reader/reader_plate.h"

#define THOUSAND_INCHES 1000 /* threads per inch to a pitch */
#define NAME_REACH 3.0       /* from a hole to its name at most, in text heights */
#define CLEARLY_MM 0.5       /* how much nearer than to others */
#define AGREES 1e-6          /* relative */

struct ring {
	enum shape_kind kind;
	struct seg arc; /* the outer circle, where call-outs point */
	double inner;   /* radius of the circle in a counterbore */
	int pitch;      /* its pitch circle; -1: none */
	bool read;
	const struct callout *call_out;
	bool shared;
	struct table_row *row; /* of the table, by its name; NULL: none */
};

struct holes {
	struct plate_reader *p;
	int count, pitch_count;
	struct ring *rings;
	struct seg *pitches;
};

static bool is_inner_outline(const struct plate_reader *p, int stroke)
{
	const struct stroke *s = &p->reader->drawing->strokes[stroke];

	return s->layer == LAYER_OUTLINE && stroke != p->body;
}

static const struct seg *circle_of(const struct plate_reader *p, int stroke)
{
	const struct stroke *s = &p->reader->drawing->strokes[stroke];

	if (!is_inner_outline(p, stroke) || s->path.count != 1 || !is_circle(&s->path.segs[0]))
		return NULL;
	return &s->path.segs[0];
}

static void find_pitch_circles(struct holes *h)
{
	const struct drawing *d = h->p->reader->drawing;

	h->pitches = ARENA_NEW(h->p->reader->arena, struct seg, d->stroke_count);
	for (int i = 0; i < d->stroke_count; i++) {
		const struct stroke *s = &d->strokes[i];

		if (s->layer == LAYER_CENTRE && s->line_type == LINE_CHAIN && s->path.count == 1 &&
		    is_circle(&s->path.segs[0]))
			h->pitches[h->pitch_count++] = s->path.segs[0];
	}
}

/* The thin arc round a core circle. */
static const struct seg *find_thread(const struct holes *h, const struct seg *core)
{
	const struct drawing *d = h->p->reader->drawing;

	for (int i = 0; i < d->stroke_count; i++) {
		const struct seg *seg = &d->strokes[i].path.segs[0];

		if (d->strokes[i].layer == LAYER_THIN && d->strokes[i].path.count == 1 &&
		    seg->kind == SEG_ARC && !is_circle(seg) && seg->rx > core->rx &&
		    fabs(seg->rx - seg->ry) < READER_SAME_MM &&
		    same_point(seg->centre, core->centre))
			return seg;
	}
	return NULL;
}

/* Makes a ring of the circle that stroke i is, unless it is the inner one of two. */
static int add_ring(struct holes *h, int i, const struct seg *circle)
{
	struct ring ring = {.kind = SHAPE_HOLE, .arc = *circle, .pitch = -1};
	const struct seg *thread = find_thread(h, circle);
	int others = 0;

	for (int k = 0; k < h->p->reader->drawing->stroke_count; k++) {
		const struct seg *other = circle_of(h->p, k);

		if (k == i || !other || !same_point(other->centre, circle->centre))
			continue;
		if (other->rx > circle->rx)
			return 0;
		ring.kind = SHAPE_COUNTERBORE;
		ring.inner = other->rx;
		others++;
	}
	if (others > 1 || (others == 1 && thread))
		return err_set(h->p->err, ERR_FORMAT,
			       "the circles about (%.10g,%.10g) on the sheet are no hole",
			       circle->centre.x, circle->centre.y);
	if (thread) {
		ring.kind = SHAPE_TAPPED_HOLE;
		ring.arc = *thread;
	}
	for (int k = 0; k < h->pitch_count; k++)
		if (on_arc(circle->centre, &h->pitches[k]))
			ring.pitch = k;
	h->rings[h->count++] = ring;
	return 0;
}

static bool same_group(const struct ring *a, const struct ring *b)
{
	return a->kind == b->kind && a->pitch == b->pitch &&
	       fabs(a->arc.rx - b->arc.rx) < READER_SAME_MM &&
	       fabs(a->inner - b->inner) < READER_SAME_MM;
}

/* The indices of all rings alike; returns how many. */
static int group_of(const struct holes *h, int first, int *members)
{
	int n = 0;

	for (int i = first; i < h->count; i++)
		if (!h->rings[i].row && same_group(&h->rings[first], &h->rings[i]))
			members[n++] = i;
	return n;
}

static enum callout_kind call_out_of(enum shape_kind kind)
{
	return kind == SHAPE_COUNTERBORE   ? CALLOUT_COUNTERBORE
	       : kind == SHAPE_TAPPED_HOLE ? CALLOUT_THREAD
					   : CALLOUT_DIAMETER;
}

static int read_call_outs(struct holes *h, const int *members, int n)
{
	struct arena *arena = h->p->reader->arena;
	const struct seg **arcs = ARENA_NEW(arena, const struct seg *, n);
	const struct callout **call_outs = ARENA_NEW(arena, const struct callout *, n);
	struct ring *first = &h->rings[members[0]];
	bool shared;
	int found;

	for (int i = 0; i < n; i++)
		arcs[i] = &h->rings[members[i]].arc;
	found = plate_call_outs(h->p, call_out_of(first->kind), arcs, n, call_outs, &shared);
	if (found < 0)
		return -1;
	if (found == 0)
		return err_set(
			h->p->err, ERR_FORMAT, "%s at (%.10g,%.10g) on the sheet: 'd': not printed",
			shape_kind_name(first->kind), first->arc.centre.x, first->arc.centre.y);
	for (int i = 0; i < n; i++) {
		struct ring *ring = &h->rings[members[i]];
		const struct callout *c = call_outs[i];
		bool counterbore = ring->kind == SHAPE_COUNTERBORE;

		ring->call_out = c;
		ring->shared = shared;
		if (plate_check_size(h->p, c, counterbore ? c->wide : c->value, 2 * ring->arc.rx) <
			    0 ||
		    (counterbore && plate_check_size(h->p, c, c->value, 2 * ring->inner) < 0))
			return -1;
	}
	return 0;
}

/* What a call-out says of a single hole. */
static int set_size(struct holes *h, const struct callout *c, struct shape *shape)
{
	bool inch = h->p->reader->drawing->unit_mm != 1;

	shape->value[PARAM_D] = c->value;
	if (shape->kind == SHAPE_COUNTERBORE) {
		shape->value[PARAM_CBORE_D] = c->wide;
		shape->value[PARAM_CBORE_DEPTH] = c->deep;
	}
	if (shape->kind != SHAPE_TAPPED_HOLE || !c->pitch)
		return 0;
	shape->value[PARAM_PITCH] = inch ? THOUSAND_INCHES / c->pitch : c->pitch;
	if (inch && THOUSAND_INCHES % c->pitch)
		return err_set(h->p->err, ERR_FORMAT,
			       "%d threads per inch: no pitch in thousandths", (int)c->pitch);
	return 0;
}

static int add_single(struct holes *h, const struct ring *ring)
{
	struct shape shape = {.kind = ring->kind};

	if (set_size(h, ring->call_out, &shape) < 0 ||
	    plate_state_anchor(h->p, ring->arc.centre, &shape) < 0)
		return -1;
	return plate_add_shape(h->p, &shape);
}

/* --- the table --- */

/* From the name to the rim of the hole. */
static double gap_to(const struct reading *name, const struct ring *ring)
{
	return fabs(reading_to_point(name, ring->arc.centre) - ring->arc.rx);
}

/* Gives each row to the hole that its name stands by. */
static int name_rings(struct holes *h)
{
	const struct table *table = h->p->reader->table;

	for (int i = 0; table && i < table->count; i++) {
		const struct reading *name = table->rows[i].mark;
		double best = NAME_REACH * name->line_height, second = INFINITY;
		struct ring *nearest = NULL;

		for (int k = 0; k < h->count; k++) {
			double gap = gap_to(name, &h->rings[k]);

			second = min2(second, max2(gap, best));
			if (gap < best) {
				best = gap;
				nearest = &h->rings[k];
			}
		}
		if (!nearest)
			return err_set(h->p->err, ERR_FORMAT, "'%s' stands by no hole",
				       name->text->utf8);
		if (second < best + CLEARLY_MM || nearest->row)
			return err_set(h->p->err, ERR_FORMAT,
				       "'%s' and another name stand by one hole, or it by two",
				       name->text->utf8);
		nearest->row = &table->rows[i];
	}
	return 0;
}

/* A coordinate as the row says, if the hole is there. */
static int state_cell(struct holes *h, const struct ring *ring, enum table_column column,
		      int64_t *value)
{
	const struct reading *cell = ring->row->cells[column];
	struct vec at = vec_sub(ring->arc.centre, h->p->datum);
	double is = (column == TABLE_X ? at.x : at.y) / h->p->reader->drawing->scale;

	*value = cell->callout.value;
	if (fabs((double)*value / 1000 - is) <= AGREES * fabs(is))
		return 0;
	return err_set(h->p->err, ERR_FORMAT,
		       "'%s' in row '%s' of the table contradicts the drawing, where it is %.10g",
		       cell->text->utf8, ring->row->mark->text->utf8, is);
}

static int add_tabled(struct holes *h, const struct ring *ring)
{
	struct callout c = ring->row->cells[TABLE_SIZE]->callout;
	struct shape shape = {.kind = ring->kind};
	bool counterbore = ring->kind == SHAPE_COUNTERBORE;

	if (c.kind == CALLOUT_LINEAR && h->p->reader->table->sizes_are_diameters)
		c.kind = CALLOUT_DIAMETER;
	if (c.kind != call_out_of(ring->kind) || c.count > 1)
		return err_set(h->p->err, ERR_FORMAT,
			       "'%s' in row '%s' of the table is no size of a %s",
			       ring->row->cells[TABLE_SIZE]->text->utf8,
			       ring->row->mark->text->utf8, shape_kind_name(ring->kind));
	if (plate_check_size(h->p, &c, counterbore ? c.wide : c.value, 2 * ring->arc.rx) < 0 ||
	    (counterbore && plate_check_size(h->p, &c, c.value, 2 * ring->inner) < 0) ||
	    set_size(h, &c, &shape) < 0 ||
	    state_cell(h, ring, TABLE_X, &shape.value[PARAM_X]) < 0 ||
	    state_cell(h, ring, TABLE_Y, &shape.value[PARAM_Y]) < 0)
		return -1;
	ring->row->used = true;
	return plate_add_shape(h->p, &shape);
}

/* --- grids --- */

struct grid {
	struct vec low, high; /* the outer centres */
	int columns, rows;
};

static bool holds_centre(const struct holes *h, const int *members, int n, struct vec at)
{
	for (int i = 0; i < n; i++)
		if (same_point(h->rings[members[i]].arc.centre, at))
			return true;
	return false;
}

/* How many different coordinates the centres have along x or y. */
static int count_lines(const struct holes *h, const int *members, int n, bool is_x)
{
	int count = 0;

	for (int i = 0; i < n; i++) {
		struct vec a = h->rings[members[i]].arc.centre;
		bool seen = false;

		for (int k = 0; k < i && !seen; k++) {
			struct vec b = h->rings[members[k]].arc.centre;

			seen = fabs(is_x ? a.x - b.x : a.y - b.y) < READER_SAME_MM;
		}
		count += !seen;
	}
	return count;
}

/* Whether the centres are all that lie on so many columns and rows at equal distances. */
static bool fill_grid(const struct holes *h, const int *members, int n, struct grid *g)
{
	struct vec *centres = ARENA_NEW(h->p->reader->arena, struct vec, n);
	struct box box;

	for (int i = 0; i < n; i++)
		centres[i] = h->rings[members[i]].arc.centre;
	box = box_of_points(centres, n);
	g->columns = count_lines(h, members, n, true);
	g->rows = count_lines(h, members, n, false);
	g->low = vec(box.x0, box.y0);
	g->high = vec(box.x1, box.y1);
	if (g->columns * g->rows != n)
		return false;
	for (int i = 0; i < n; i++) {
		double across = g->columns > 1 ? (double)(i % g->columns) / (g->columns - 1) : 0;
		double up = g->rows > 1 ? (double)(i / g->columns) / (g->rows - 1) : 0;
		struct vec at =
			vec(box.x0 + (box.x1 - box.x0) * across, box.y0 + (box.y1 - box.y0) * up);

		if (!holds_centre(h, members, n, at))
			return false;
	}
	return true;
}

static int add_grid(struct holes *h, const struct grid *g, const struct callout *c)
{
	struct shape shape = {.kind = SHAPE_HOLE_GRID};
	int64_t *v = shape.value;

	v[PARAM_D] = c->value;
	v[PARAM_COLUMNS] = g->columns;
	v[PARAM_ROWS] = g->rows;
	if (plate_state_anchor(h->p, g->low, &shape) < 0)
		return -1;
	for (int k = 0; k < 2; k++) {
		int spaces = (k == 0 ? g->columns : g->rows) - 1;
		enum param param = k == 0 ? PARAM_DX : PARAM_DY;

		if (spaces > 0 &&
		    (plate_check_spaces(h->p, k, g->low, g->high, spaces) < 0 ||
		     plate_state_distance(h->p, k, g->low, g->high, spaces, shape.kind,
					  param_name(param), &v[param]) < 0))
			return -1;
	}
	return plate_add_shape(h->p, &shape);
}

/* --- circles --- */

/* Thousandths of a degree of a direction along an axis. */
static int64_t quarter_of(struct vec unit)
{
	if (fabs(unit.y) < 0.5)
		return unit.x > 0 ? 0 : 180000;
	return unit.y > 0 ? 90000 : 270000;
}

/* The direction of the first hole: implied where one lies straight beside or above the middle. */
static int state_start(struct holes *h, const struct seg *pitch, const int *members, int n,
		       int64_t *start)
{
	struct outline o = {.kind = SHAPE_HOLE_CIRCLE, .anchor = pitch->centre};
	struct wanted w = {.reader = h->p->reader,
			   .outline = &o,
			   .name = param_name(PARAM_START),
			   .err = h->p->err};
	struct vec first = vec(1, 0);

	for (int i = 0; i < n; i++) {
		struct vec u = vec_unit(vec_sub(h->rings[members[i]].arc.centre, pitch->centre));

		if (is_level_or_upright(u) && quarter_of(u) * n % 360000 % n == 0) {
			*start = quarter_of(u) * n % 360000 / n;
			return 0;
		}
		if (turn_from(vec(1, 0), u) < 2 * M_PI / n - READER_SAME_DIRECTION)
			first = u;
	}
	return reader_state_angle(&w, pitch->centre, vec(1, 0), first, start);
}

/* Whether the holes are n at equal angles. */
static bool is_even(const struct holes *h, const struct seg *pitch, const int *members, int n)
{
	struct vec first = vec_sub(h->rings[members[0]].arc.centre, pitch->centre);

	for (int i = 0; i < n; i++)
		if (!holds_centre(h, members, n,
				  vec_add(pitch->centre, vec_rotate(first, 2 * M_PI * i / n))))
			return false;
	return true;
}

static int add_circle(struct holes *h, const int *members, int n)
{
	const struct ring *ring = &h->rings[members[0]];
	const struct seg *pitch = &h->pitches[ring->pitch];
	struct shape shape = {.kind = SHAPE_HOLE_CIRCLE};
	const struct callout *call_out;
	int64_t *v = shape.value;
	bool shared;
	int found;

	if (n < 2 || !is_even(h, pitch, members, n) || !ring->shared)
		return err_set(h->p->err, ERR_FORMAT,
			       "the holes on the circle about (%.10g,%.10g) on the sheet are not "
			       "equal ones at equal angles, counted",
			       pitch->centre.x, pitch->centre.y);
	found = plate_call_outs(h->p, CALLOUT_DIAMETER, &pitch, 1, &call_out, &shared);
	if (found < 0)
		return -1;
	if (found == 0)
		return err_set(h->p->err, ERR_FORMAT,
			       "hole_circle at (%.10g,%.10g) on the sheet: 'pcd': not printed",
			       pitch->centre.x, pitch->centre.y);
	v[PARAM_PCD] = call_out->value;
	v[PARAM_D] = ring->call_out->value;
	v[PARAM_COUNT] = n;
	if (plate_check_size(h->p, call_out, call_out->value, 2 * pitch->rx) < 0 ||
	    state_start(h, pitch, members, n, &v[PARAM_START]) < 0 ||
	    plate_state_anchor(h->p, pitch->centre, &shape) < 0)
		return -1;
	return plate_add_shape(h->p, &shape);
}

static int add_group(struct holes *h, const int *members, int n)
{
	const struct ring *first = &h->rings[members[0]];
	struct grid grid;

	if (read_call_outs(h, members, n) < 0)
		return -1;
	if (first->kind == SHAPE_HOLE && first->pitch >= 0)
		return add_circle(h, members, n);
	if (first->kind == SHAPE_HOLE && n > 1 && first->shared && fill_grid(h, members, n, &grid))
		return add_grid(h, &grid, first->call_out);
	for (int i = 0; i < n; i++)
		if (add_single(h, &h->rings[members[i]]) < 0)
			return -1;
	return 0;
}

int plate_read_holes(struct plate_reader *p)
{
	struct holes h = {.p = p};
	int strokes = p->reader->drawing->stroke_count;
	int *members;

	find_pitch_circles(&h);
	h.rings = ARENA_NEW(p->reader->arena, struct ring, strokes);
	for (int i = 0; i < strokes; i++) {
		const struct seg *circle = circle_of(p, i);

		if (circle && add_ring(&h, i, circle) < 0)
			return -1;
	}
	if (name_rings(&h) < 0)
		return -1;
	members = ARENA_NEW(p->reader->arena, int, h.count);
	for (int i = 0; i < h.count; i++) {
		int n;

		if (h.rings[i].row && add_tabled(&h, &h.rings[i]) < 0)
			return -1;
		if (h.rings[i].row || h.rings[i].read)
			continue;
		n = group_of(&h, i, members);
		for (int k = 0; k < n; k++)
			h.rings[members[k]].read = true;
		if (add_group(&h, members, n) < 0)
			return -1;
	}
	return 0;
}
