/* SPDX-License-Identifier: MIT */
/*
 * One rule per primitive, from drafting practice: full circles by diameter, parts of circles by
 * radius, sides along the axes by linear dimensions, others by aligned ones, directions by an angle
 * from the horizontal unless they are implied.
 */
#include <config.h>

#include <stdbool.h>
#include <string.h>

#include "formats/dimension.h"

#define RIGHT_ANGLE 90000

struct list {
	struct dimension *items;
	int count, shape;
};

static void add(struct list *list, enum dim_kind kind, enum param param, int point)
{
	list->items[list->count++] = (struct dimension){kind, list->shape, param, point};
}

/* The kind of linear dimension along a direction. */
static enum dim_kind linear_kind(int64_t angle)
{
	if (angle % (2 * RIGHT_ANGLE) == 0)
		return DIM_LEVEL;
	return angle % RIGHT_ANGLE == 0 ? DIM_UPRIGHT : DIM_ALIGNED;
}

static void add_angle(struct list *list, const struct shape *shape)
{
	if (shape->value[PARAM_ANGLE] % RIGHT_ANGLE != 0)
		add(list, DIM_ANGULAR, PARAM_ANGLE, 0);
}

static void add_sides(struct list *list, const struct shape *shape, enum param along,
		      enum param across)
{
	int64_t angle = shape->value[PARAM_ANGLE];

	add(list, linear_kind(angle), along, 0);
	add(list, linear_kind(angle + RIGHT_ANGLE), across, 0);
}

/* A regular polygon with a corner straight right, up, left or down needs no angle. */
static bool polygon_is_upright(const struct shape *shape)
{
	int64_t pitch = 4 * RIGHT_ANGLE / shape->value[PARAM_SIDES];

	for (int quarter = 0; quarter < 4; quarter++)
		if ((quarter * RIGHT_ANGLE - shape->value[PARAM_ANGLE]) % pitch == 0)
			return true;
	return false;
}

static void add_arc(struct list *list, const struct shape *shape)
{
	int64_t start = shape->value[PARAM_START], end = start + shape->value[PARAM_SWEEP];

	add(list, DIM_RADIUS, PARAM_R, 0);
	if (start % RIGHT_ANGLE != 0)
		add(list, DIM_ANGULAR, PARAM_START, 0);
	if (start % RIGHT_ANGLE != 0 || end % RIGHT_ANGLE != 0)
		add(list, DIM_ANGULAR, PARAM_SWEEP, 0);
}

static void add_sizes(struct list *list, const struct shape *shape)
{
	switch (shape->kind) {
	case SHAPE_ROUNDED_RECTANGLE:
		add(list, DIM_RADIUS, PARAM_R, 0);
		/* fall through */
	case SHAPE_RECTANGLE:
		add_sides(list, shape, PARAM_WIDTH, PARAM_HEIGHT);
		add_angle(list, shape);
		break;
	case SHAPE_CIRCLE:
		add(list, DIM_DIAMETER, PARAM_R, 0);
		break;
	case SHAPE_ELLIPSE:
		add_sides(list, shape, PARAM_RX, PARAM_RY);
		add_angle(list, shape);
		break;
	case SHAPE_ARC:
		add_arc(list, shape);
		break;
	case SHAPE_LINE:
		add(list, linear_kind(shape->value[PARAM_ANGLE]), PARAM_LENGTH, 0);
		add_angle(list, shape);
		break;
	case SHAPE_POLYGON:
		add(list, DIM_DIAMETER, PARAM_R, 0);
		if (!polygon_is_upright(shape))
			add(list, DIM_ANGULAR, PARAM_ANGLE, 0);
		break;
	case SHAPE_SLOT:
		add(list, linear_kind(shape->value[PARAM_ANGLE]), PARAM_LENGTH, 0);
		add(list, DIM_RADIUS, PARAM_R, 0);
		add_angle(list, shape);
		break;
	case SHAPE_POLYLINE:
	case SHAPE_TRIANGLE:
	case SHAPE_COUNT_:
		break;
	}
}

int dimensions_of_shape(const struct shape *shape, int shape_index,
			struct dimension out[DIMENSION_PER_SHAPE_MAX])
{
	struct list list = {.items = out, .shape = shape_index};

	if (shape_has_param(shape->kind, PARAM_POINTS)) {
		for (int i = 0; i < shape->point_count; i++) {
			add(&list, DIM_POSITION_X, PARAM_POINTS, i);
			add(&list, DIM_POSITION_Y, PARAM_POINTS, i);
		}
	} else {
		add(&list, DIM_POSITION_X, PARAM_X, 0);
		add(&list, DIM_POSITION_Y, PARAM_Y, 0);
	}
	add_sizes(&list, shape);
	return list.count;
}

int64_t dimension_value(const struct scene *scene, const struct dimension *dimension)
{
	const struct shape *shape = &scene->shapes[dimension->shape];

	if (dimension->param == PARAM_POINTS)
		return dimension->kind == DIM_POSITION_X ? shape->points[dimension->point].x
							 : shape->points[dimension->point].y;
	if (dimension->kind == DIM_DIAMETER || dimension->param == PARAM_RX ||
	    dimension->param == PARAM_RY)
		return 2 * shape->value[dimension->param];
	return shape->value[dimension->param];
}

void dimension_text(const struct scene *scene, const struct dimension *dimension, char decimal_mark,
		    struct buf *out)
{
	size_t start;
	char *point;

	if (dimension->kind == DIM_DIAMETER)
		buf_str(out, "\u2300");
	if (dimension->kind == DIM_RADIUS)
		buf_char(out, 'R');
	start = out->len;
	buf_milli(out, dimension_value(scene, dimension));
	point = memchr(out->data + start, '.', out->len - start);
	if (point)
		*point = decimal_mark;
	if (dimension->kind == DIM_ANGULAR)
		buf_str(out, "\u00b0");
}
