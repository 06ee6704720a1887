/* SPDX-License-Identifier: MIT */
/*
 * Dimensions of furniture drawings: along x widths of boards, of compartments and of all; along z
 * plinth, drawers, shelves and all; along y, in the view from the side, setbacks, drawers and all, and
 * on leaders the thickness of what stands upright there. Each number is printed once. What rules of construction fix is not printed: that boards of
 * one kind are alike, that the last compartment is what the others leave, that shelves are at equal
 * heights.
 */
#include <config.h>

#include <stdlib.h>

#include "formats/scene/cabinet.h"
#include "gen/scene/scene_cabinet.h"

#define DIMENSIONS_ROOM 96
#define DOORS_MAX 16
#define SMALL_HIGH_MM 60.0 /* on paper */
#define SMALL_WIDE_MM 35.0 /* each compartment */
#define SPACE_MM 26.0      /* on paper: shorter ones are not printed */

struct list {
	struct scene *scene;
	struct cabinet c;
	struct rng *rng;
	bool top;
	bool leaders; /* tell how thick boards are, where else rows of dimensions would */
	int doors_view, top_view;
};

/* From one face to another, in a view. Both params are of axis x where `level`, in the front view. */
static struct dimension *add(struct list *l, int view, bool level, int from, enum param from_param,
			     int shape, enum param param)
{
	struct dimension *dim = scene_add_dimension(
		l->scene, level ? DIM_POSITION_X : DIM_POSITION_Y, shape, param);

	dim->view = view;
	dim->from = (struct feature){from, from_param, 0};
	return dim;
}

/* The thickness of a board, on a leader. */
static void add_thickness(struct list *l, int view, int shape, enum param param)
{
	scene_add_dimension(l->scene, DIM_THICKNESS, shape, param)->view = view;
}

static const struct shape *shape_at(const struct list *l, int i)
{
	return &l->scene->shapes[i];
}

static struct cabinet_box box_of(const struct list *l, int i)
{
	return cabinet_box(shape_at(l, i));
}

/* The first shape of the kind from `after` on; -1: none. */
static int find(const struct list *l, enum shape_kind kind, int after)
{
	for (int i = after; i < l->scene->shape_count; i++)
		if (shape_at(l, i)->kind == kind)
			return i;
	return -1;
}

/* Whether the length is short to print: tenths of millimetres, or eighths of an inch. */
static bool is_neat(const struct list *l, double thousandths)
{
	int64_t whole = (int64_t)thousandths;

	return (double)whole == thousandths &&
	       whole % (l->scene->unit == UNIT_INCH ? 125 : 500) == 0;
}

/* The clear width of the last compartment follows; what stands there has both its walls. */
static void add_last_width(struct list *l)
{
	for (int i = 0; i < l->scene->shape_count; i++) {
		struct cabinet_box box = box_of(l, i);
		enum shape_kind kind = shape_at(l, i)->kind;

		if ((kind != SHAPE_SHELVES && kind != SHAPE_DRAWERS) ||
		    cabinet_compartment(&l->c, &box) != l->c.compartment_count - 1)
			continue;
		add(l, CABINET_FRONT, true, i, PARAM_X, i, PARAM_W)->reference = true;
		return;
	}
}

static void add_widths(struct list *l)
{
	int carcass = l->c.carcass, left = carcass, board = find(l, SHAPE_PARTITION, 0);
	enum param left_param = PARAM_BT;

	if (l->leaders) {
		add_thickness(l, CABINET_FRONT, carcass, PARAM_BT);
		if (board >= 0)
			add_thickness(l, CABINET_FRONT, board, PARAM_BT);
	} else {
		add(l, CABINET_FRONT, true, carcass, PARAM_X, carcass, PARAM_BT);
		if (board >= 0)
			add(l, CABINET_FRONT, true, board, PARAM_X, board, PARAM_W);
	}
	for (; board >= 0; board = find(l, SHAPE_PARTITION, board + 1)) {
		add(l, CABINET_FRONT, true, left, left_param, board, PARAM_X);
		left = board;
		left_param = PARAM_W;
	}
	add_last_width(l);
	add(l, l->top ? l->top_view : CABINET_FRONT, true, carcass, PARAM_X, carcass, PARAM_W);
}

/* How far the cover reaches over the left side, and how wide it is. */
static void add_cover_width(struct list *l)
{
	int cover = l->c.top_cover;
	struct cabinet_box box;

	if (cover < 0)
		return;
	box = box_of(l, cover);
	if (box.lo[CABINET_X] < 0)
		add(l, CABINET_FRONT, true, cover, PARAM_X, l->c.carcass, PARAM_X);
	if (box.hi[CABINET_X] > l->c.box.hi[CABINET_X])
		add(l, CABINET_FRONT, true, cover, PARAM_X, cover, PARAM_W);
}

/* Of plinth, carcass and cover one height follows from the sum. */
static void add_heights(struct list *l)
{
	int carcass = l->c.carcass, plinth = l->c.plinth, cover = l->c.top_cover;
	int lowest = plinth >= 0 ? plinth : carcass, highest = cover >= 0 ? cover : carcass;
	bool sum = rng_chance(l->rng, 0.5);

	if (plinth >= 0)
		add(l, CABINET_FRONT, false, plinth, PARAM_Z, plinth, PARAM_H);
	if (cover >= 0)
		add(l, CABINET_FRONT, false, cover, PARAM_Z, cover, PARAM_H);
	if (lowest == highest) {
		add(l, CABINET_FRONT, false, carcass, PARAM_Z, carcass, PARAM_H);
		return;
	}
	add(l, CABINET_FRONT, false, carcass, PARAM_Z, carcass, PARAM_H)->reference = sum;
	add(l, CABINET_FRONT, false, lowest, PARAM_Z, highest, PARAM_H)->reference = !sum;
}

static bool is_outer(const struct list *l, int shape)
{
	struct cabinet_box box = box_of(l, shape);
	int i = cabinet_compartment(&l->c, &box);

	return i == 0 || i == l->c.compartment_count - 1;
}

static void add_drawer_height(struct list *l, int i, bool one)
{
	struct cabinet_box box = box_of(l, i);
	const int64_t *value = shape_at(l, i)->value;
	bool full = box.hi[CABINET_Z] == l->c.box.hi[CABINET_Z] - l->c.bt;

	one = one && value[PARAM_N] > 1 &&
	      is_neat(l, (double)value[PARAM_H] / (double)value[PARAM_N]);
	if (one)
		add(l, CABINET_FRONT, false, i, PARAM_N, i, PARAM_H)->reference = full;
	else if (!full)
		add(l, CABINET_FRONT, false, l->c.carcass, PARAM_Z, i, PARAM_H);
}

/* Either one front's height or how high all reach; neither where they fill the carcass. Those of outer
 * compartments first: they stand beside the view, and the middle ones are like them. */
static void add_drawer_heights(struct list *l)
{
	bool one = rng_chance(l->rng, 0.5);

	for (int outer = 1; outer >= 0; outer--)
		for (int i = find(l, SHAPE_DRAWERS, 0); i >= 0; i = find(l, SHAPE_DRAWERS, i + 1))
			if (is_outer(l, i) == (outer == 1))
				add_drawer_height(l, i, one);
}

/* The thickness of one board, of shelves in the first compartment where there are some, else in the
 * last one; and the space under it. */
static void add_shelf_heights(struct list *l)
{
	int shelves = -1;
	double space;

	for (int i = 0; i < l->scene->shape_count; i++) {
		const struct shape *s = shape_at(l, i);
		struct cabinet_box box = cabinet_box(s);

		if (s->kind != SHAPE_SHELVES)
			continue;
		if (shelves < 0 || cabinet_compartment(&l->c, &box) == l->c.compartment_count - 1)
			shelves = i;
		if (cabinet_compartment(&l->c, &box) == 0)
			break;
	}
	if (shelves < 0)
		return;
	if (l->leaders)
		add_thickness(l, CABINET_SIDE, shelves, PARAM_BT);
	else
		add(l, CABINET_FRONT, false, shelves, PARAM_N, shelves, PARAM_BT);
	space = cabinet_face(shape_at(l, shelves), PARAM_N).at -
		(double)box_of(l, shelves).lo[CABINET_Z];
	if (is_neat(l, space) && space / 1000 * scene_paper_per_unit(l->scene) > SPACE_MM)
		add(l, CABINET_FRONT, false, shelves, PARAM_Z, shelves, PARAM_N)->reference = true;
}

static void add_depths_of_parts(struct list *l)
{
	int carcass = l->c.carcass;
	int shelves = find(l, SHAPE_SHELVES, 0), drawers = find(l, SHAPE_DRAWERS, 0);

	if (shelves >= 0 && box_of(l, shelves).lo[CABINET_Y] > 0)
		add(l, CABINET_SIDE, true, carcass, PARAM_Y, shelves, PARAM_Y);
	if (drawers >= 0) {
		add_thickness(l, CABINET_SIDE, drawers, PARAM_BT);
		add(l, CABINET_SIDE, true, drawers, PARAM_Y, drawers, PARAM_D);
	}
}

static void add_depths(struct list *l)
{
	int carcass = l->c.carcass, plinth = l->c.plinth, cover = l->c.top_cover, door = l->c.door;

	add_thickness(l, CABINET_SIDE, carcass, PARAM_BP);
	add_depths_of_parts(l);
	if (door >= 0)
		add_thickness(l, CABINET_SIDE, door, PARAM_BT);
	if (plinth >= 0) {
		if (box_of(l, plinth).lo[CABINET_Y] > 0)
			add(l, CABINET_SIDE, true, carcass, PARAM_Y, plinth, PARAM_Y);
		add_thickness(l, CABINET_SIDE, plinth, PARAM_BT);
	}
	if (cover >= 0) {
		int64_t front = box_of(l, cover).lo[CABINET_Y];

		if (front < 0 && (door < 0 || front != box_of(l, door).lo[CABINET_Y]))
			add(l, CABINET_SIDE, true, cover, PARAM_Y, carcass, PARAM_Y);
	}
	if (l->top)
		add(l, l->top_view, false, carcass, PARAM_Y, carcass, PARAM_D);
	else
		add(l, CABINET_SIDE, true, carcass, PARAM_Y, carcass, PARAM_D);
}

/* The widths of doors, from the left side on, and what lies between them. */
static void add_doors(struct list *l)
{
	int doors[DOORS_MAX], n = 0, last = l->c.carcass;
	int64_t at = 0;

	for (int i = 0; i < l->scene->shape_count && n < DOORS_MAX; i++) {
		enum shape_kind kind = shape_at(l, i)->kind;

		if (kind == SHAPE_DOOR_LEFT || kind == SHAPE_DOOR_RIGHT)
			doors[n++] = i;
	}
	/* One door before all of the carcass is as wide as that. In canonical order they stand from left
	 * to right. */
	if (n == 1 && shape_at(l, doors[0])->value[PARAM_W] == l->c.box.hi[CABINET_X])
		return;
	for (int i = 0; i < n; i++) {
		struct cabinet_box box = box_of(l, doors[i]);

		if (box.lo[CABINET_X] > at)
			add(l, l->doors_view, true, last, i ? PARAM_W : PARAM_X, doors[i], PARAM_X);
		add(l, l->doors_view, true, doors[i], PARAM_X, doors[i], PARAM_W);
		at = box.hi[CABINET_X];
		last = doors[i];
	}
}

/* Whether there is little room for rows beside the front view. */
static bool is_small(const struct list *l)
{
	double paper = scene_paper_per_unit(l->scene) / 1000;

	return (double)l->c.box.hi[CABINET_Z] * paper < SMALL_HIGH_MM ||
	       (double)l->c.box.hi[CABINET_X] * paper < SMALL_WIDE_MM * l->c.compartment_count;
}

void scene_cabinet_dimensions(struct scene *scene, bool top, bool leaders, struct rng *rng,
			      struct arena *arena)
{
	struct list l = {.scene = scene,
			 .c = cabinet_from_shapes(scene->shapes, scene->shape_count),
			 .rng = rng,
			 .top = top,
			 .doors_view = CABINET_DOORS};

	l.leaders = leaders || is_small(&l);
	/* Views that are not there leave no gap in the count. */
	l.top_view = l.c.door >= 0 ? CABINET_TOP : CABINET_DOORS;
	scene->dimensions = ARENA_NEW(arena, struct dimension, DIMENSIONS_ROOM);
	add_widths(&l);
	add_cover_width(&l);
	add_heights(&l);
	add_drawer_heights(&l);
	add_shelf_heights(&l);
	add_depths(&l);
	add_doors(&l);
}
