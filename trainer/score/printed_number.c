/* SPDX-License-Identifier: MIT */
/* What a dimension prints is told by its call-out; up to five numbers of the label are in one. */
#include <config.h>

#include "trainer/score/printed_number.h"

#include <stdlib.h>

#include "formats/drawing/dimension.h"
#include "formats/scene/cabinet.h"

#define PER_DIMENSION 5

static int compare(const void *a, const void *b)
{
	const struct printed_number *p = a, *q = b;

	if (p->param != q->param)
		return p->param < q->param ? -1 : 1;
	return (p->value > q->value) - (p->value < q->value);
}

static void add(struct printed_numbers *printed, enum param param, int64_t value)
{
	printed->list[printed->count++] = (struct printed_number){param, llabs(value)};
}

/* Where the dimension's shape has just that value. */
static void add_if(struct printed_numbers *printed, const struct shape *shape, enum param param,
		   int64_t value)
{
	if (param != PARAM_POINTS && shape_has_param(shape->kind, param) &&
	    shape->value[param] == value)
		add(printed, param, value);
}

/* The coordinate that the dimension leads to. Of cabinets that is a face, which no label says. */
static void add_position(struct printed_numbers *printed, const struct scene *scene,
			 const struct dimension *dim, int64_t value)
{
	struct feature to = {dim->shape, dim->param, dim->point};
	bool is_x = dim->kind == DIM_POSITION_X;
	int64_t at = scene_coordinate(scene, &to, is_x);

	if (!cabinet_has_kind(scene->shapes[dim->shape].kind) && llabs(at) == llabs(value))
		add(printed, is_x ? PARAM_X : PARAM_Y, at);
}

static void add_dimension(struct printed_numbers *printed, const struct scene *scene,
			  const struct dimension *dim)
{
	const struct shape *shape = &scene->shapes[dim->shape];
	struct callout callout;

	if (dim->reference || dim->kind == DIM_ARC_LENGTH)
		return;
	callout = callout_from_dimension(scene, dim);
	if (dim->kind == DIM_POSITION_X || dim->kind == DIM_POSITION_Y)
		add_position(printed, scene, dim, callout.value);
	add_if(printed, shape, dim->param, callout.value);
	if (callout.count > 1 && callout.kind != CALLOUT_SPACES)
		add_if(printed, shape, PARAM_COUNT, callout.count);
	if (callout.kind == CALLOUT_COUNTERBORE) {
		add_if(printed, shape, PARAM_CBORE_D, callout.wide);
		add_if(printed, shape, PARAM_CBORE_DEPTH, callout.deep);
	}
	if (callout.kind == CALLOUT_THREAD && callout.pitch != 0 && scene->unit == UNIT_MM)
		add_if(printed, shape, PARAM_PITCH, callout.pitch);
}

struct printed_numbers printed_from_scene(const struct scene *scene, struct arena *arena)
{
	struct printed_numbers printed = {0};

	printed.list =
		ARENA_NEW(arena, struct printed_number, PER_DIMENSION * scene->dimension_count);
	for (int i = 0; i < scene->dimension_count; i++)
		add_dimension(&printed, scene, &scene->dimensions[i]);
	qsort(printed.list, (size_t)printed.count, sizeof(*printed.list), compare);
	return printed;
}

bool printed_has(const struct printed_numbers *printed, const struct label_number *number)
{
	struct printed_number key = {number->param, llabs(number->value)};

	if (number->param == PARAM_POINTS)
		key.param = number->is_y ? PARAM_Y : PARAM_X;
	return printed->count > 0 && bsearch(&key, printed->list, (size_t)printed->count,
					     sizeof(*printed->list), compare) != NULL;
}
