/* SPDX-License-Identifier: MIT */
/*
 * Boxes stand upright, so what two have in common is the intersection of two rectangles seen from
 * above, as high as both are. One is cut along the sides of the other, one after the other (Sutherland
 * and Hodgman 1974, "Reentrant Polygon Clipping").
 */
#include <config.h>

#include "trainer/score/box_match.h"

#include <math.h>

#include "formats/scene/cabinet.h"
#include "trainer/score/assignment.h"

#define MATCHED 0.5
#define MATCH_GAIN 1e3  /* of a matched pair; its IoU comes on top */
#define MODEL_GAIN 1e-6 /* of equal pairs, those of one model */
#define CORNERS_MAX 8   /* of a rectangle cut four times */

static double unit_of(int64_t thousandths)
{
	return (double)thousandths / 1000;
}

/* Seen from above, counter-clockwise. */
static void corners_of(const struct shape *s, struct vec out[4])
{
	double w = unit_of(s->value[PARAM_W]) / 2, d = unit_of(s->value[PARAM_D]) / 2;
	double angle = unit_of(s->value[PARAM_ANGLE]) * (M_PI / 180);
	const struct vec corners[4] = {{-w, -d}, {w, -d}, {w, d}, {-w, d}};

	for (int i = 0; i < 4; i++)
		out[i] = vec_add(vec(unit_of(s->value[PARAM_X]), unit_of(s->value[PARAM_Y])),
				 vec_rotate(corners[i], angle));
}

/* What lies left of the line from a to b. */
static int cut(const struct vec *in, int count, struct vec a, struct vec b, struct vec *out)
{
	struct vec along = vec_sub(b, a);
	int kept = 0;

	for (int i = 0; i < count; i++) {
		struct vec p = in[i], q = in[(i + 1) % count];
		double at_p = vec_cross(along, vec_sub(p, a));
		double at_q = vec_cross(along, vec_sub(q, a));

		if (at_p >= 0)
			out[kept++] = p;
		if ((at_p < 0) != (at_q < 0))
			out[kept++] = vec_add(p, vec_scale(vec_sub(q, p), at_p / (at_p - at_q)));
	}
	return kept;
}

static double common_area(const struct shape *a, const struct shape *b)
{
	struct vec sides[4], left[2][2 * CORNERS_MAX];
	struct polyline rest = {.count = 4, .closed = true};
	int now = 0;

	corners_of(a, left[0]);
	corners_of(b, sides);
	for (int i = 0; i < 4; i++, now = !now)
		rest.count = cut(left[now], rest.count, sides[i], sides[(i + 1) % 4], left[!now]);
	rest.points = left[now];
	return rest.count > 2 ? polygon_area(&rest) : 0;
}

static double volume(const struct shape *s)
{
	return unit_of(s->value[PARAM_W]) * unit_of(s->value[PARAM_D]) * unit_of(s->value[PARAM_H]);
}

double box_iou(const struct shape *a, const struct shape *b)
{
	double za = unit_of(a->value[PARAM_Z]), zb = unit_of(b->value[PARAM_Z]);
	double ha = unit_of(a->value[PARAM_H]) / 2, hb = unit_of(b->value[PARAM_H]) / 2;
	double high = min2(za + ha, zb + hb) - max2(za - ha, zb - hb), both;

	if (high <= 0)
		return 0;
	both = high * common_area(a, b);
	return both / (volume(a) + volume(b) - both);
}

static double gain_of(const struct shape *a, const struct shape *b)
{
	double iou;

	if (!cabinet_has_kind(a->kind) || !cabinet_has_kind(b->kind))
		return 0;
	iou = box_iou(a, b);
	return iou > MATCHED ? MATCH_GAIN + iou + (a->kind == b->kind ? MODEL_GAIN : 0) : 0;
}

static bool is_of_box(enum param param)
{
	switch (param) {
	case PARAM_X:
	case PARAM_Y:
	case PARAM_Z:
	case PARAM_W:
	case PARAM_D:
	case PARAM_H:
	case PARAM_ANGLE:
		return true;
	default:
		return false;
	}
}

static void compare_models(const struct shape *truth, const struct shape *said, struct box_match *m)
{
	enum param params[PARAM_COUNT_];
	int n = shape_params(truth->kind, params);

	m->matched++;
	if (truth->kind != said->kind)
		return;
	m->models++;
	for (int i = 0; i < n; i++) {
		if (is_of_box(params[i]))
			continue;
		m->parameters++;
		m->parameters_right += truth->value[params[i]] == said->value[params[i]];
	}
}

struct box_match box_match_programs(const struct program *truth, const struct program *said,
				    struct arena *arena)
{
	int rows = truth->shape_count, columns = said->shape_count;
	struct arena_mark mark = arena_mark(arena);
	double *cost = ARENA_NEW(arena, double, rows *columns);
	int *said_of_true = ARENA_NEW(arena, int, rows);
	struct box_match m = {0};

	for (int k = 0; k < rows * columns && truth->unit == said->unit; k++)
		cost[k] = -gain_of(&truth->shapes[k / columns], &said->shapes[k % columns]);
	assignment_solve(cost, rows, columns, said_of_true, arena);
	for (int i = 0; i < rows; i++) {
		int j = said_of_true[i];

		if (j >= 0 && cost[i * columns + j] < 0)
			compare_models(&truth->shapes[i], &said->shapes[j], &m);
	}
	arena_release(arena, mark);
	return m;
}
