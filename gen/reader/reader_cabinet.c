/* SPDX-License-Identifier: MIT */
/*
 * A cabinet from its views, as a joiner reads it: first the boards that are alike by construction,
 * then part by part. The front view tells what stands where; each part is looked up in the view from
 * the side by its height, and doors in the front view with doors. What spans a compartment touches
 * its walls, so widths of shelves and drawers are those of compartments; shelves stand at equal
 * heights. A board that is seen and is no part is an error.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>

#include "gen/reader/reader_cabinet.h"

/* A box on the sheet's scale, mm. */
struct extent {
	double lo[CABINET_AXES], hi[CABINET_AXES];
};

struct parts {
	struct cabinet_reader *c;
	struct program *program;
	struct seen_board **walls; /* partitions, from left to right */
	int wall_count;
	struct step *steps; /* room for boards that are alike */
};

static bool is_between(double v, double lo, double hi)
{
	return v > lo - READER_SAME_MM && v < hi + READER_SAME_MM;
}

/* Whether a handle lies in the board. */
static bool has_handle(const struct cabinet_reader *c, const struct seen_board *b)
{
	for (int i = 0; i < c->board_count; i++) {
		const struct seen_board *h = &c->boards[i];

		if (h->view == b->view && h->layer == LAYER_THIN &&
		    is_between(h->u0, b->u0, b->u1) && is_between(h->u1, b->u0, b->u1) &&
		    is_between(h->v0, b->v0, b->v1) && is_between(h->v1, b->v0, b->v1))
			return true;
	}
	return false;
}

static bool is_front_board(const struct seen_board *b)
{
	return b->view == CABINET_FRONT && b->layer == LAYER_OUTLINE && !b->explained;
}

/* From bottom to top of the carcass, with room on both sides. */
static bool is_partition(const struct cabinet_reader *c, const struct seen_board *b)
{
	return is_front_board(b) && cabinet_same(b->v0, c->bt) &&
	       cabinet_same(b->v1, c->high - c->bt) && b->u0 > c->bt + READER_SAME_MM &&
	       b->u1 < c->wide - c->bt - READER_SAME_MM && !has_handle(c, b);
}

static int compare_left(const void *a, const void *b)
{
	const struct seen_board *p = *(struct seen_board *const *)a;
	const struct seen_board *q = *(struct seen_board *const *)b;

	return (p->u0 > q->u0) - (p->u0 < q->u0);
}

static int compare_low(const void *a, const void *b)
{
	const struct seen_board *p = *(struct seen_board *const *)a;
	const struct seen_board *q = *(struct seen_board *const *)b;

	return (p->v0 > q->v0) - (p->v0 < q->v0);
}

static struct shape *add_shape(struct parts *p, enum shape_kind kind)
{
	struct shape *shape;

	if (p->program->shape_count == PROGRAM_SHAPES_MAX) {
		err_set(p->c->err, ERR_LIMIT, "the drawing shows over %d parts",
			PROGRAM_SHAPES_MAX);
		return NULL;
	}
	shape = &p->program->shapes[p->program->shape_count++];
	*shape = (struct shape){.kind = kind};
	return shape;
}

static int state_length(struct parts *p, struct shape *shape, enum param param,
			enum cabinet_axis axis, double from, double to)
{
	return cabinet_between(p->c, axis, from, to, shape_kind_name(shape->kind),
			       param_name(param), &shape->value[param]);
}

/* x, y, z, w, d and h from where the dimensions say that the faces are. */
static int state_box(struct parts *p, struct shape *shape, const struct extent *e)
{
	static const enum param names[CABINET_AXES][2] = {
		{PARAM_X, PARAM_W}, {PARAM_Y, PARAM_D}, {PARAM_Z, PARAM_H}};
	struct cabinet_box box;

	for (int i = 0; i < CABINET_AXES; i++) {
		enum cabinet_axis axis = (enum cabinet_axis)i;
		int64_t size;

		if (cabinet_between(p->c, axis, 0, e->lo[i], shape_kind_name(shape->kind),
				    param_name(names[i][0]), &box.lo[i]) < 0 ||
		    cabinet_between(p->c, axis, e->lo[i], e->hi[i], shape_kind_name(shape->kind),
				    param_name(names[i][1]), &size) < 0)
			return -1;
		if (size % 2)
			return err_set(p->c->err, ERR_FORMAT,
				       "%s: half of its '%s', %.10g, is no thousandth",
				       shape_kind_name(shape->kind), param_name(names[i][1]),
				       (double)size / 1000);
		box.hi[i] = box.lo[i] + size;
	}
	cabinet_set_box(shape, &box);
	return 0;
}

/* The board at this height in the view from the side: cut, or hidden behind a wall. Where there are
 * several they must be alike. */
static struct seen_board *find_in_side(struct parts *p, double z0, double z1, const char *what)
{
	struct cabinet_reader *c = p->c;
	struct seen_board *found = NULL;

	for (int i = 0; i < c->board_count; i++) {
		struct seen_board *b = &c->boards[i];

		if (b->view != CABINET_SIDE || b->layer == LAYER_THIN || !cabinet_same(b->v0, z0) ||
		    !cabinet_same(b->v1, z1))
			continue;
		if (found && (!cabinet_same(b->u0, found->u0) || !cabinet_same(b->u1, found->u1))) {
			err_set(c->err, ERR_FORMAT, "two boards at the height of %s from the side",
				what);
			return NULL;
		}
		b->explained = true;
		found = b;
	}
	if (!found)
		err_set(c->err, ERR_FORMAT, "%s: not seen from the side", what);
	return found;
}

static int state_carcass(struct parts *p)
{
	struct cabinet_reader *c = p->c;
	struct extent e = {{0, 0, 0}, {c->wide, c->deep, c->high}};
	struct step boards[4] = {{CABINET_X, 0, c->bt},
				 {CABINET_X, c->wide - c->bt, c->wide},
				 {CABINET_Z, 0, c->bt},
				 {CABINET_Z, c->high - c->bt, c->high}};
	struct shape *shape = add_shape(p, SHAPE_CARCASS);

	if (!shape || cabinet_alike(c, boards, 4, "boards of the carcass") < 0 ||
	    state_box(p, shape, &e) < 0 ||
	    state_length(p, shape, PARAM_BT, CABINET_X, 0, c->bt) < 0)
		return -1;
	if (!find_in_side(p, 0, c->bt, "the bottom") ||
	    !find_in_side(p, c->high - c->bt, c->high, "the top"))
		return -1;
	return state_length(p, shape, PARAM_BP, CABINET_Y, c->deep - c->bp, c->deep);
}

/* Partitions first of all: they make the compartments. */
static int find_walls(struct parts *p)
{
	struct cabinet_reader *c = p->c;

	for (int i = 0; i < c->board_count; i++)
		if (is_partition(c, &c->boards[i]))
			p->walls[p->wall_count++] = &c->boards[i];
	qsort(p->walls, (size_t)p->wall_count, sizeof(struct seen_board *), compare_left);
	for (int i = 0; i < p->wall_count; i++) {
		p->walls[i]->explained = true;
		p->steps[i] = (struct step){CABINET_X, p->walls[i]->u0, p->walls[i]->u1};
	}
	return cabinet_alike(c, p->steps, p->wall_count, "partitions");
}

static int state_walls(struct parts *p)
{
	const struct cabinet_reader *c = p->c;

	for (int i = 0; i < p->wall_count; i++) {
		const struct seen_board *b = p->walls[i];
		struct extent e = {{b->u0, 0, b->v0}, {b->u1, c->deep - c->bp, b->v1}};
		struct shape *shape = add_shape(p, SHAPE_PARTITION);

		if (!shape || state_box(p, shape, &e) < 0 ||
		    state_length(p, shape, PARAM_BT, CABINET_X, b->u0, b->u1) < 0)
			return -1;
	}
	return 0;
}

/* What stands in a compartment, from below: drawer fronts, or boards. */
struct stack {
	double x0, x1;
	struct seen_board **list;
	int count;
};

static struct stack stack_in(struct parts *p, int compartment, bool handles)
{
	struct cabinet_reader *c = p->c;
	struct stack s = {.x0 = compartment ? p->walls[compartment - 1]->u1 : c->bt,
			  .x1 = compartment < p->wall_count ? p->walls[compartment]->u0
							    : c->wide - c->bt};

	s.list = ARENA_NEW(c->reader->arena, struct seen_board *, c->board_count);
	for (int i = 0; i < c->board_count; i++) {
		struct seen_board *b = &c->boards[i];

		if (is_front_board(b) && cabinet_same(b->u0, s.x0) && cabinet_same(b->u1, s.x1) &&
		    has_handle(c, b) == handles)
			s.list[s.count++] = b;
	}
	qsort(s.list, (size_t)s.count, sizeof(*s.list), compare_low);
	return s;
}

/* The depth of the boxes behind a drawer front. */
static struct seen_board *find_box(struct parts *p, const struct seen_board *front,
				   const struct seen_board *side)
{
	struct cabinet_reader *c = p->c;
	struct seen_board *found = NULL;

	for (int i = 0; i < c->board_count; i++) {
		struct seen_board *b = &c->boards[i];

		if (b->view == CABINET_SIDE && b->layer != LAYER_THIN &&
		    cabinet_same(b->u0, side->u1) && b->v0 > front->v0 && b->v1 < front->v1) {
			b->explained = true;
			found = b;
		}
	}
	if (!found)
		err_set(c->err, ERR_FORMAT, "drawers: no box is seen behind a front");
	return found;
}

/* Fronts one above another, from the bottom on. */
static int check_fronts(struct parts *p, const struct stack *s)
{
	double z = p->c->bt;

	for (int i = 0; i < s->count; i++) {
		const struct seen_board *b = s->list[i];

		if (!cabinet_same(b->v0, z))
			return err_set(p->c->err, ERR_FORMAT,
				       "drawers: a front does not stand on what is below it");
		p->steps[i] = (struct step){CABINET_Z, b->v0, b->v1};
		z = b->v1;
	}
	return cabinet_alike(p->c, p->steps, s->count, "drawer fronts");
}

static int state_drawers(struct parts *p, const struct stack *s)
{
	struct shape *shape;
	struct seen_board *side = NULL, *box = NULL;
	struct extent e;

	if (s->count == 0)
		return 0;
	shape = add_shape(p, SHAPE_DRAWERS);
	if (!shape || check_fronts(p, s) < 0)
		return -1;
	for (int i = 0; i < s->count; i++) {
		side = find_in_side(p, s->list[i]->v0, s->list[i]->v1, "drawers");
		box = side ? find_box(p, s->list[i], side) : NULL;
		if (!box)
			return -1;
		s->list[i]->explained = true;
	}
	e = (struct extent){{s->x0, 0, s->list[0]->v0},
			    {s->x1, box->u1, s->list[s->count - 1]->v1}};
	shape->value[PARAM_N] = s->count;
	if (state_box(p, shape, &e) < 0)
		return -1;
	return state_length(p, shape, PARAM_BT, CABINET_Y, side->u0, side->u1);
}

/* Shelves in the room from z0 to z1: boards at equal heights, or one that fills it. */
static int state_shelves(struct parts *p, const struct stack *s, int first, int count, double z0,
			 double z1)
{
	double bt = s->list[first]->v1 - s->list[first]->v0;
	double space = (z1 - z0 - count * bt) / (count + 1);
	struct shape *shape = add_shape(p, SHAPE_SHELVES);
	const struct seen_board *side = NULL;
	struct extent e;

	if (!shape)
		return -1;
	for (int i = 0; i < count; i++) {
		struct seen_board *b = s->list[first + i];

		if (!cabinet_same(b->v0, z0 + space + i * (space + bt)))
			return err_set(p->c->err, ERR_FORMAT,
				       "shelves do not stand at equal heights");
		side = find_in_side(p, b->v0, b->v1, "shelves");
		if (!side)
			return -1;
		b->explained = true;
	}
	e = (struct extent){{s->x0, side->u0, z0}, {s->x1, side->u1, z1}};
	shape->value[PARAM_N] = count;
	if (state_box(p, shape, &e) < 0 ||
	    state_length(p, shape, PARAM_BT, CABINET_Z, s->list[first]->v0, s->list[first]->v1) < 0)
		return -1;
	shape->value[PARAM_NKA] = shape->value[PARAM_W];
	return 0;
}

static int state_compartment(struct parts *p, int compartment)
{
	struct stack fronts = stack_in(p, compartment, true);
	struct stack boards = stack_in(p, compartment, false);
	double z = p->c->bt;
	int first = 0;

	if (state_drawers(p, &fronts) < 0)
		return -1;
	if (fronts.count > 0)
		z = fronts.list[fronts.count - 1]->v1;
	if (fronts.count > 0 && boards.count > 0 && cabinet_same(boards.list[0]->v0, z)) {
		if (state_shelves(p, &boards, 0, 1, z, boards.list[0]->v1) < 0)
			return -1;
		z = boards.list[0]->v1;
		first = 1;
	}
	if (boards.count == first)
		return 0;
	return state_shelves(p, &boards, first, boards.count - first, z, p->c->high - p->c->bt);
}

/* All shelf boards of a cabinet are of one thickness. */
static int state_compartments(struct parts *p)
{
	int count = 0;

	for (int i = 0; i <= p->wall_count; i++) {
		struct stack s = stack_in(p, i, false);

		for (int k = 0; k < s.count; k++)
			p->steps[count++] = (struct step){CABINET_Z, s.list[k]->v0, s.list[k]->v1};
	}
	if (cabinet_alike(p->c, p->steps, count, "shelves") < 0)
		return -1;
	for (int i = 0; i <= p->wall_count; i++)
		if (state_compartment(p, i) < 0)
			return -1;
	return 0;
}

/* The board under the carcass and the one on it. */
static int state_outer(struct parts *p)
{
	struct cabinet_reader *c = p->c;

	for (int i = 0; i < c->board_count; i++) {
		struct seen_board *b = &c->boards[i];
		bool under = b->v1<READER_SAME_MM, over = b->v0> c->high - READER_SAME_MM;
		enum shape_kind kind = under ? SHAPE_PLINTH : SHAPE_TOP_COVER;
		const struct seen_board *side;
		struct shape *shape;
		struct extent e;

		if (!is_front_board(b) || (!under && !over))
			continue;
		b->explained = true;
		side = find_in_side(p, b->v0, b->v1, shape_kind_name(kind));
		shape = side ? add_shape(p, kind) : NULL;
		if (!shape)
			return -1;
		e = (struct extent){{b->u0, side->u0, b->v0}, {b->u1, side->u1, b->v1}};
		if (state_box(p, shape, &e) < 0)
			return -1;
		shape->value[PARAM_BT] = shape->value[under ? PARAM_D : PARAM_H];
	}
	return 0;
}

/* The door that a swing is drawn in: its ends at two corners, its apex in the middle of the other
 * side. */
static bool swings(const struct cabinet_reader *c, const struct seen_swing *swing,
		   const struct seen_board *b, bool *hinged_left)
{
	struct vec origin = c->views[CABINET_DOORS].origin;
	struct vec p = vec_sub(swing->ends[0], origin), q = vec_sub(swing->ends[1], origin);
	struct vec apex = vec_sub(swing->apex, origin);
	double free_side;

	*hinged_left = cabinet_same(apex.x, b->u0);
	free_side = *hinged_left ? b->u1 : b->u0;
	return (*hinged_left || cabinet_same(apex.x, b->u1)) &&
	       cabinet_same(apex.y, (b->v0 + b->v1) / 2) && cabinet_same(p.x, free_side) &&
	       cabinet_same(q.x, free_side) && cabinet_same(min2(p.y, q.y), b->v0) &&
	       cabinet_same(max2(p.y, q.y), b->v1);
}

static int state_door(struct parts *p, const struct seen_board *b, bool hinged_left)
{
	const struct seen_board *side = NULL;
	struct cabinet_reader *c = p->c;
	struct shape *shape = add_shape(p, hinged_left ? SHAPE_DOOR_LEFT : SHAPE_DOOR_RIGHT);
	struct extent e;

	for (int i = 0; i < c->board_count; i++) {
		struct seen_board *s = &c->boards[i];

		if (s->view == CABINET_SIDE && s->layer == LAYER_OUTLINE &&
		    cabinet_same(s->u1, 0) && cabinet_same(s->v0, b->v0) &&
		    cabinet_same(s->v1, b->v1)) {
			s->explained = true;
			side = s;
		}
	}
	if (!shape)
		return -1;
	if (!side)
		return err_set(c->err, ERR_FORMAT, "a door is not seen from the side");
	e = (struct extent){{b->u0, side->u0, b->v0}, {b->u1, 0, b->v1}};
	if (state_box(p, shape, &e) < 0)
		return -1;
	shape->value[PARAM_BT] = shape->value[PARAM_D];
	return 0;
}

static int state_doors(struct parts *p)
{
	struct cabinet_reader *c = p->c;

	for (int i = 0; i < c->swing_count; i++) {
		bool found = false, hinged_left;

		for (int k = 0; k < c->board_count && !found; k++) {
			struct seen_board *b = &c->boards[k];

			if (b->view != CABINET_DOORS || b->layer != LAYER_OUTLINE || b->explained ||
			    !swings(c, &c->swings[i], b, &hinged_left))
				continue;
			found = b->explained = true;
			if (state_door(p, b, hinged_left) < 0)
				return -1;
		}
		if (!found)
			return err_set(c->err, ERR_FORMAT, "a door swings that is not there");
	}
	return 0;
}

/* In the front view and from the side every board is some part's. */
static int check_all_explained(const struct parts *p)
{
	const struct cabinet_reader *c = p->c;

	for (int i = 0; i < c->board_count; i++) {
		const struct seen_board *b = &c->boards[i];

		if (!b->explained && b->layer != LAYER_THIN &&
		    (b->view == CABINET_FRONT || b->view == CABINET_SIDE))
			return err_set(c->err, ERR_FORMAT,
				       "a board in the %s view, %.10g above the cabinet's bottom, "
				       "is no part of it",
				       cabinet_view_name(b->view),
				       b->v0 / c->reader->drawing->scale);
	}
	return 0;
}

int read_cabinet(struct program *program, struct reader *reader, struct err *err)
{
	struct cabinet_reader c = {.reader = reader, .err = err};
	struct parts p = {.c = &c, .program = program};

	if (cabinet_find_views(&c) < 0 || cabinet_take_numbers(&c) < 0)
		return -1;
	p.walls = ARENA_NEW(reader->arena, struct seen_board *, c.board_count);
	p.steps = ARENA_NEW(reader->arena, struct step, c.board_count);
	if (find_walls(&p) < 0 || state_carcass(&p) < 0 || state_walls(&p) < 0 ||
	    state_compartments(&p) < 0 || state_outer(&p) < 0 || state_doors(&p) < 0)
		return -1;
	return check_all_explained(&p);
}
