/* SPDX-License-Identifier: MIT */
/* Sums of a box's ends are kept, so a box set from a shape and back is the same. */
#include <config.h>

#include "formats/scene/cabinet.h"

#include <string.h>

static const enum param centre_params[CABINET_AXES] = {PARAM_X, PARAM_Y, PARAM_Z};
static const enum param size_params[CABINET_AXES] = {PARAM_W, PARAM_D, PARAM_H};

static const char *const view_names[CABINET_VIEWS] = {"front", "side", "doors", "top"};

/* No title means one view in one custom and another in another. */
static const char *const titles[CABINET_CUSTOMS][CABINET_VIEWS] = {
	{"FRONT", "SIDE", "FRONT WITH DOORS", "TOP"},
	{"FRONT VIEW", "SIDE VIEW", "WITH DOORS", "TOP VIEW"},
	{"WITHOUT DOORS", "SECTION", "DOORS", "PLAN"},
	{"INSIDE", "SIDE", "OUTSIDE", "TOP"},
	{"Front", "Side", "Front with doors", "Top"},
	{"ВИД СПЕРЕДИ", "РАЗРЕЗ", "С ДВЕРЬМИ", "ВИД СВЕРХУ"},
};

static const enum cabinet_axis view_axes[CABINET_VIEWS][2] = {
	{CABINET_X, CABINET_Z},
	{CABINET_Y, CABINET_Z},
	{CABINET_X, CABINET_Z},
	{CABINET_X, CABINET_Y},
};

struct cabinet_box cabinet_box(const struct shape *shape)
{
	struct cabinet_box box;

	for (int i = 0; i < CABINET_AXES; i++) {
		int64_t size = shape->value[size_params[i]];

		box.lo[i] = shape->value[centre_params[i]] - size / 2;
		box.hi[i] = box.lo[i] + size;
	}
	return box;
}

void cabinet_set_box(struct shape *shape, const struct cabinet_box *box)
{
	for (int i = 0; i < CABINET_AXES; i++) {
		int64_t size = box->hi[i] - box->lo[i];

		shape->value[centre_params[i]] = box->lo[i] + size / 2;
		shape->value[size_params[i]] = size;
	}
}

/* Where a part has its thickness, as a face of its box. */
static struct cabinet_face across_board(const struct shape *shape, const struct cabinet_box *box)
{
	switch (shape->kind) {
	case SHAPE_CARCASS:
		return (struct cabinet_face){CABINET_X,
					     (double)(box->lo[CABINET_X] + shape->value[PARAM_BT])};
	case SHAPE_PARTITION:
		return (struct cabinet_face){CABINET_X, (double)box->hi[CABINET_X]};
	case SHAPE_DRAWERS:
		return (struct cabinet_face){CABINET_Y,
					     (double)(box->lo[CABINET_Y] + shape->value[PARAM_BT])};
	case SHAPE_TOP_COVER:
		return (struct cabinet_face){CABINET_Z, (double)box->hi[CABINET_Z]};
	case SHAPE_SHELVES: {
		double z[2];

		cabinet_board(shape, 0, z);
		return (struct cabinet_face){CABINET_Z, z[1]};
	}
	default:
		return (struct cabinet_face){CABINET_Y, (double)box->hi[CABINET_Y]};
	}
}

struct cabinet_face cabinet_face(const struct shape *shape, enum param param)
{
	struct cabinet_box box = cabinet_box(shape);
	double z[2];

	for (int i = 0; i < CABINET_AXES; i++) {
		if (param == centre_params[i])
			return (struct cabinet_face){(enum cabinet_axis)i, (double)box.lo[i]};
		if (param == size_params[i])
			return (struct cabinet_face){(enum cabinet_axis)i, (double)box.hi[i]};
	}
	switch (param) {
	case PARAM_BT:
		return across_board(shape, &box);
	case PARAM_BP:
		return (struct cabinet_face){CABINET_Y,
					     (double)(box.hi[CABINET_Y] - shape->value[PARAM_BP])};
	case PARAM_N:
		cabinet_board(shape,
			      shape->kind == SHAPE_DRAWERS ? (int)shape->value[PARAM_N] - 1 : 0, z);
		return (struct cabinet_face){CABINET_Z, z[0]};
	default:
		return (struct cabinet_face){CABINET_X, (double)box.lo[CABINET_X]};
	}
}

bool cabinet_has_kind(enum shape_kind kind)
{
	return shape_is_of_family(kind, FAMILY_CABINET);
}

void cabinet_board(const struct shape *shape, int i, double z[2])
{
	struct cabinet_box box = cabinet_box(shape);
	double n = (double)shape->value[PARAM_N], h = (double)shape->value[PARAM_H];
	double bt = shape->kind == SHAPE_DRAWERS ? h / n : (double)shape->value[PARAM_BT];
	double space = shape->kind == SHAPE_DRAWERS ? 0 : (h - n * bt) / (n + 1);

	z[0] = (double)box.lo[CABINET_Z] + space + i * (space + bt);
	z[1] = z[0] + bt;
}

/* Sorts a partition in: the room that it stands in becomes two. */
static void divide(struct cabinet *c, const struct cabinet_box *board)
{
	int i = 0, n = c->compartment_count;

	if (n == CABINET_COMPARTMENTS_MAX)
		return;
	while (i < n - 1 && c->walls[i][1] <= board->lo[CABINET_X])
		i++;
	memmove(c->walls + i + 1, c->walls + i, (size_t)(n - i) * sizeof(*c->walls));
	c->walls[i][1] = board->lo[CABINET_X];
	c->walls[i + 1][0] = board->hi[CABINET_X];
	c->compartment_count++;
}

struct cabinet cabinet_from_shapes(const struct shape *shapes, int count)
{
	struct cabinet c = {.carcass = -1, .plinth = -1, .top_cover = -1, .door = -1};

	for (int i = 0; i < count; i++) {
		switch (shapes[i].kind) {
		case SHAPE_CARCASS:
			c.carcass = i;
			break;
		case SHAPE_PLINTH:
			c.plinth = i;
			break;
		case SHAPE_TOP_COVER:
			c.top_cover = i;
			break;
		case SHAPE_DOOR_LEFT:
		case SHAPE_DOOR_RIGHT:
			c.door = i;
			break;
		case SHAPE_PARTITION:
			c.partition_count++;
			break;
		default:
			break;
		}
	}
	if (c.carcass < 0)
		return c;
	c.box = cabinet_box(&shapes[c.carcass]);
	c.bt = shapes[c.carcass].value[PARAM_BT];
	c.bp = shapes[c.carcass].value[PARAM_BP];
	c.compartment_count = 1;
	c.walls[0][0] = c.box.lo[CABINET_X] + c.bt;
	c.walls[0][1] = c.box.hi[CABINET_X] - c.bt;
	for (int i = 0; i < count; i++) {
		struct cabinet_box box = cabinet_box(&shapes[i]);

		if (shapes[i].kind == SHAPE_PARTITION)
			divide(&c, &box);
	}
	return c;
}

int cabinet_compartment(const struct cabinet *c, const struct cabinet_box *box)
{
	int64_t twice = box->lo[CABINET_X] + box->hi[CABINET_X];

	for (int i = 0; i < c->compartment_count; i++)
		if (twice > 2 * c->walls[i][0] && twice < 2 * c->walls[i][1])
			return i;
	return -1;
}

const char *cabinet_view_name(enum cabinet_view view)
{
	return view_names[view];
}

enum cabinet_view cabinet_view_from_name(const char *name)
{
	int i = 0;

	while (i < CABINET_VIEWS && strcmp(view_names[i], name) != 0)
		i++;
	return (enum cabinet_view)i;
}

const char *cabinet_view_title(int custom, enum cabinet_view view)
{
	return titles[custom][view];
}

enum cabinet_view cabinet_view_from_title(const char *title)
{
	for (int i = 0; i < CABINET_CUSTOMS; i++)
		for (int k = 0; k < CABINET_VIEWS; k++)
			if (strcmp(titles[i][k], title) == 0)
				return (enum cabinet_view)k;
	return CABINET_VIEWS;
}

enum cabinet_axis cabinet_view_axis(enum cabinet_view view, bool upwards)
{
	return view_axes[view][upwards];
}
