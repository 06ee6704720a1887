/* SPDX-License-Identifier: MIT */
/*
 * A plate is its outline less what is cut through it, times its thickness, less the wide ends of
 * counterbores. The area within a path is half the integral of r x dr along it (Green): over a line
 * from a to b that is a x b / 2, over an arc about c through `sweep` (c x (b - a) + rx ry sweep) / 2.
 *
 * A turned part is its outside turned about the axis, less its hollows, less its keyways: pi times the
 * integral of y^2 dx along a path above the axis, for arcs by Simpson's rule.
 */
#include <config.h>

#include <math.h>

#include "formats/scene/plate.h"
#include "formats/scene/turned.h"
#include "formats/solid/part.h"
#include "formats/solid/volume.h"

#define STEPS 64 /* of Simpson's rule, even */

static double unit_of(int64_t thousandths)
{
	return (double)thousandths / 1000;
}

static double area_within(const struct path *path)
{
	double area = 0;

	for (int i = 0; i < path->count; i++) {
		const struct seg *s = &path->segs[i];

		if (s->kind == SEG_LINE)
			area += vec_cross(s->a, s->b) / 2;
		else
			area += (vec_cross(s->centre, vec_sub(seg_point(s, 1), seg_point(s, 0))) +
				 s->rx * s->ry * s->sweep) /
				2;
	}
	return area;
}

/* Of all that is at most r from a point, a line or a convex figure. */
static double area_of_core(const struct plate_core *core)
{
	double area = M_PI * core->r * core->r, round = 0;

	for (int i = 0; i < core->count; i++) {
		struct vec a = core->points[i], b = core->points[(i + 1) % core->count];

		area += core->count > 2 ? vec_cross(a, b) / 2 : 0;
		round += vec_length(vec_sub(b, a));
	}
	return area + round * core->r;
}

/* What a shape cuts through the plate. */
static double area_cut(const struct shape *shape, struct arena *arena)
{
	int holes = plate_hole_count(shape), count = plate_core_count(shape);
	double d = unit_of(shape->value[PARAM_D]), area = 0;
	struct plate_core *cores;

	if (holes > 0)
		return holes * M_PI / 4 * d * d;
	cores = ARENA_NEW(arena, struct plate_core, count);
	count = plate_cores(shape, cores);
	for (int i = 0; i < count; i++)
		area += fabs(area_of_core(&cores[i]));
	return area;
}

static double volume_of_plate(const struct scene *scene, struct arena *arena)
{
	int body = plate_body(scene);
	struct path outline = plate_outline(scene, arena);
	double thickness = unit_of(scene->shapes[body].value[PARAM_THICKNESS]);
	double area = area_within(&outline), bored = 0;

	for (int i = 0; i < scene->shape_count; i++) {
		const struct shape *s = &scene->shapes[i];
		double d = unit_of(s->value[PARAM_D]), wide = unit_of(s->value[PARAM_CBORE_D]);

		if (i == body || s->kind == SHAPE_FILLET || s->kind == SHAPE_CHAMFER)
			continue;
		area -= area_cut(s, arena);
		if (s->kind == SHAPE_COUNTERBORE)
			bored += M_PI / 4 * (wide * wide - d * d) *
				 unit_of(s->value[PARAM_CBORE_DEPTH]);
	}
	return area * thickness - bored;
}

/* 1 4 2 4 ... 4 1, of which the sum is 3 STEPS */
static double simpson(int i)
{
	return i == 0 || i == STEPS ? 1 : i % 2 ? 4 : 2;
}

/* The arc's angle is followed evenly; dx is its derivative by that angle. */
static double turned_arc(const struct seg *s)
{
	double sum = 0;

	for (int i = 0; i <= STEPS; i++) {
		double t = s->from + s->sweep * i / STEPS;
		double c = cos(s->rotation), n = sin(s->rotation);
		double y = s->centre.y + n * s->rx * cos(t) + c * s->ry * sin(t);
		double dx = -c * s->rx * sin(t) - n * s->ry * cos(t);

		sum += simpson(i) * y * y * dx;
	}
	return sum * s->sweep / (3 * STEPS);
}

static double volume_turned(const struct path *path)
{
	double sum = 0;

	for (int i = 0; i < path->count; i++) {
		const struct seg *s = &path->segs[i];
		double a = s->a.y, b = s->b.y;

		sum += s->kind == SEG_LINE ? (s->b.x - s->a.x) * (a * a + a * b + b * b) / 3
					   : turned_arc(s);
	}
	return M_PI * sum;
}

/* The cylinder that holds x. */
static double diameter_at(const struct scene *scene, int64_t x)
{
	for (int i = 0; i < scene->shape_count; i++) {
		const int64_t *v = scene->shapes[i].value;

		if (scene->shapes[i].kind == SHAPE_CYLINDER && v[PARAM_X] <= x &&
		    x < v[PARAM_X] + v[PARAM_LENGTH])
			return unit_of(v[PARAM_D]);
	}
	return 0;
}

/* A slot with round ends, seen from above, down to a level floor: over its width, the length there
 * times the height of the cylinder over the floor. The way across is w/2 sin(turn), whose even steps
 * leave no corner at the ends. */
static double volume_of_keyway(const struct scene *scene, const int64_t *v)
{
	double r = diameter_at(scene, v[PARAM_X]) / 2, w = unit_of(v[PARAM_WIDTH]), sum = 0;
	double floor = r - unit_of(v[PARAM_DEPTH]), length = unit_of(v[PARAM_LENGTH]);

	for (int i = 0; i <= STEPS; i++) {
		double turn = M_PI * ((double)i / STEPS - 0.5), y = w / 2 * sin(turn);
		double high = sqrt(max2(0, r * r - y * y)) - floor;

		sum += simpson(i) * (length - w + w * cos(turn)) * max2(0, high) * w / 2 *
		       cos(turn);
	}
	return sum * M_PI / (3 * STEPS);
}

static double volume_of_turned(const struct scene *scene, struct arena *arena)
{
	struct turned part;
	struct turned_line line;
	struct path path;
	double volume;
	int first = 0;

	turned_from_scene(&part, scene);
	turned_outside(&part, &line);
	path = path_from_turned_line(&part, &line, arena);
	volume = volume_turned(&path);
	while (turned_next_hollow(&part, &first, &line)) {
		path = path_from_turned_line(&part, &line, arena);
		volume -= volume_turned(&path);
	}
	for (int i = 0; i < scene->shape_count; i++)
		if (scene->shapes[i].kind == SHAPE_KEYWAY)
			volume -= volume_of_keyway(scene, scene->shapes[i].value);
	return volume;
}

double scene_volume(const struct scene *scene, struct arena *arena)
{
	if (scene->part)
		return scene->part->volume / pow(unit_mm(scene->unit), 3);
	switch (scene->family) {
	case FAMILY_PLATE:
		return volume_of_plate(scene, arena);
	case FAMILY_TURNED:
		return volume_of_turned(scene, arena);
	case FAMILY_SHAPES:
	case FAMILY_CABINET:
	case FAMILY_COUNT_:
		break;
	}
	return 0;
}
