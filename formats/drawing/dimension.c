/* SPDX-License-Identifier: MIT */
/*
 * One rule per primitive, from drafting practice: full circles by diameter, parts of circles by
 * radius, sides along the axes by linear dimensions, others by aligned ones, directions by an angle
 * from the horizontal unless they are implied.
 */
#include <config.h>

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "formats/drawing/dimension.h"
#include "formats/scene/plate.h"
#include "formats/solid/part.h"

#define RIGHT_ANGLE 90000
#define DECIMALS_MAX 3

struct list {
	struct dimension *items;
	int count, shape;
};

static void add(struct list *list, enum dim_kind kind, enum param param, int point)
{
	list->items[list->count++] = (struct dimension){.kind = kind,
							.shape = list->shape,
							.param = param,
							.point = point,
							.from = {.shape = SCENE_DATUM}};
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
	default:
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

static int64_t position_value(const struct scene *scene, const struct dimension *dim)
{
	struct feature to = {dim->shape, dim->param, dim->point};
	bool is_x = dim->kind == DIM_POSITION_X;
	int64_t distance =
		scene_coordinate(scene, &to, is_x) - scene_coordinate(scene, &dim->from, is_x);

	return dim->from.shape == SCENE_DATUM || distance > 0 ? distance : -distance;
}

int64_t dimension_arc_length(const struct shape *arc, int decimals)
{
	double radians = (double)arc->value[PARAM_SWEEP] / 1000 * (M_PI / 180);
	int64_t step = 1;

	for (int i = decimals; i < DECIMALS_MAX; i++)
		step *= 10;
	return (int64_t)floor((double)arc->value[PARAM_R] * radians / (double)step + 0.5) * step;
}

int dimension_arc_decimals(const struct shape *arc, const struct style *style)
{
	int64_t r = arc->value[PARAM_R];
	int needed = r % 1000 == 0 ? 0 : r % 100 == 0 ? 1 : r % 10 == 0 ? 2 : DECIMALS_MAX;

	if (style->decimals > 0)
		return style->decimals;
	return needed < DECIMALS_MAX ? needed + 1 : DECIMALS_MAX;
}

static int64_t value_of_part(const struct part *part, const struct dimension *dim)
{
	const struct part_round *round;

	if (dim->kind == DIM_POSITION_X || dim->kind == DIM_POSITION_Y)
		return llabs(dim->at[1] - dim->at[0]);
	if (dim->round < 0) {
		struct vec3 ends[2];
		double leg = 0;

		part_is_cut_corner(part, -1 - dim->round, ends, &leg);
		return part_rounded(leg);
	}
	round = &part->rounds[dim->round];
	if (dim->kind == DIM_CHAMFER)
		return part_rounded(round->length);
	if (dim->kind == DIM_RADIUS)
		return part_rounded(round->radius);
	if (dim->kind == DIM_COUNTERSINK)
		return part_rounded(2 * fmin(round->radius, round->end_radius));
	return part_rounded(2 * (dim->end ? round->end_radius : round->radius));
}

int64_t dimension_value(const struct scene *scene, const struct dimension *dim)
{
	const struct shape *shape;
	int64_t value;

	if (scene->part)
		return value_of_part(scene->part, dim);
	shape = &scene->shapes[dim->shape];
	value = shape->value[dim->param];
	switch (dim->kind) {
	case DIM_POSITION_X:
	case DIM_POSITION_Y:
		return position_value(scene, dim);
	case DIM_DIAMETER:
		return dim->param == PARAM_R ? 2 * value : value;
	case DIM_ARC_LENGTH:
		return dimension_arc_length(shape, DECIMALS_MAX);
	default:
		if (dim->from.shape != SCENE_DATUM)
			return scene->shapes[dim->from.shape].value[dim->from.param] - value;
		return dim->param == PARAM_RX || dim->param == PARAM_RY ? 2 * value : value;
	}
}

/* Threads per inch of a pitch in thousandths of an inch. */
static int64_t per_inch(int64_t pitch)
{
	return pitch ? 1000 / pitch : 0;
}

bool dimension_is_bare(const struct scene *scene, const struct dimension *dim)
{
	bool position = dim->kind == DIM_POSITION_X || dim->kind == DIM_POSITION_Y;

	if (scene->arrangement == ARRANGE_RUNNING || scene->arrangement == ARRANGE_ORDINATE)
		return position;
	return plate_is_tabled(scene, dim);
}

static enum callout_kind callout_kind_of(enum dim_kind kind)
{
	switch (kind) {
	case DIM_RADIUS:
		return CALLOUT_RADIUS;
	case DIM_DIAMETER:
	case DIM_SIDE_DIAMETER:
		return CALLOUT_DIAMETER;
	case DIM_ANGULAR:
		return CALLOUT_ANGLE;
	case DIM_ARC_LENGTH:
		return CALLOUT_ARC_LENGTH;
	case DIM_SPACES_X:
	case DIM_SPACES_Y:
		return CALLOUT_SPACES;
	case DIM_CHAMFER:
		return CALLOUT_CHAMFER;
	case DIM_THREAD:
		return CALLOUT_THREAD;
	case DIM_COUNTERBORE:
		return CALLOUT_COUNTERBORE;
	case DIM_COUNTERSINK:
		return CALLOUT_COUNTERSINK;
	case DIM_THICKNESS:
		return CALLOUT_THICKNESS;
	default:
		return CALLOUT_LINEAR;
	}
}

struct callout callout_from_dimension(const struct scene *scene, const struct dimension *dim)
{
	struct callout c = {.kind = callout_kind_of(dim->kind),
			    .count = dim->count,
			    .value = dimension_value(scene, dim)};

	const int64_t *values;

	if (dim->reference)
		c.status = CALLOUT_REFERENCE;
	if (c.kind == CALLOUT_COUNTERSINK) {
		const struct part_round *sink = &scene->part->rounds[dim->round];

		c.wide = part_rounded(2 * part_reach(sink));
		c.angle = part_cone_angle(sink);
	}
	if (scene->part)
		return c;
	values = scene->shapes[dim->shape].value;
	if (c.kind == CALLOUT_COUNTERBORE) {
		c.wide = values[PARAM_CBORE_D];
		c.deep = values[PARAM_CBORE_DEPTH];
	}
	if (c.kind == CALLOUT_THREAD)
		c.pitch = scene->unit == UNIT_INCH ? per_inch(values[PARAM_PITCH])
						   : values[PARAM_PITCH];
	if (dim->kind == DIM_SPACES_X)
		c.count = (int)values[PARAM_COLUMNS] - 1;
	if (dim->kind == DIM_SPACES_Y)
		c.count = (int)values[PARAM_ROWS] - 1;
	return c;
}
