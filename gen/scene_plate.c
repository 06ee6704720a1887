/* SPDX-License-Identifier: MIT */
/*
 * Plates: an outline from a table of kinds, features thrown into it one by one, dimensions that state
 * each number once. A throw stays if it leaves walls to everything else and if its coordinates are
 * equal to used ones or far enough from them to be printed beside them, and if there are not more
 * different ones than the sheet has room for rows of dimension lines.
 */
#include <config.h>

#include <math.h>

#include "gen/scene_plate.h"

/* Millimetres on paper. */
#define AROUND_MM 24.0      /* frame and the dimensions nearest to it, both sides together */
#define TITLE_MM 26.0       /* a title block takes about this much of the height */
#define TITLED_SHEET_MM 140 /* lower sheets have none, or a small one */
#define ROW_MM 9.0          /* between dimension lines */
#define PITCH_MM 5.0        /* between coordinates */
#define PITCH_RUNNING_MM 9.0
#define WALL_MM 3.0
#define ON_CIRCLE_MM 1.0 /* a centre nearer to a pitch circle seems to lie on it */

int64_t plate_snap(const struct plate_maker *m, double mm)
{
	int64_t steps = (int64_t)floor(mm / m->paper * 1000 / (double)m->step + 0.5);

	return (steps < 1 ? 1 : steps) * m->step;
}

int64_t plate_pick(const struct plate_maker *m, double lo_mm, double hi_mm)
{
	double mm = lo_mm + fmax(0, hi_mm - lo_mm) * rng_unit(m->rng);
	int64_t v = plate_snap(m, mm);

	while ((double)v / 1000 * m->paper < lo_mm - 1e-9)
		v += m->step;
	return v;
}

int64_t plate_pick_usual(const struct plate_maker *m, const int64_t *const lists[UNIT_COUNT_],
			 double lo_mm, double hi_mm)
{
	const int64_t *list = lists[m->scene->unit];
	double at = rng_unit(m->rng);
	int first = 0, count = 0;

	while (list[first] && (double)list[first] / 1000 * m->paper < lo_mm)
		first++;
	while (list[first + count] && (double)list[first + count] / 1000 * m->paper <= hi_mm)
		count++;
	return count ? list[first + (int)(at * count)] : 0;
}

/* What a shape wants stated along an axis; returns how many. */
static int coordinates_of(const struct shape *s, int axis, int64_t out[SHAPE_POINTS_MAX])
{
	const int64_t *v = s->value;
	bool is_x = axis == AXIS_X;
	int count = 0;

	if (s->kind == SHAPE_PROFILE) {
		for (int i = 0; i < s->point_count; i++)
			out[count++] = is_x ? s->points[i].x : s->points[i].y;
		return count;
	}
	if (s->kind == SHAPE_DISC || s->kind == SHAPE_FILLET || s->kind == SHAPE_CHAMFER)
		return 0;
	out[count++] = v[is_x ? PARAM_X : PARAM_Y];
	if (s->kind == SHAPE_SLOT && v[PARAM_ANGLE] == (is_x ? 0 : 90000))
		out[count++] = out[0] + v[PARAM_LENGTH];
	if (s->kind == SHAPE_RECTANGLE || s->kind == SHAPE_ROUNDED_RECTANGLE)
		out[count++] = out[0] + v[is_x ? PARAM_WIDTH : PARAM_HEIGHT];
	if (s->kind == SHAPE_HOLE_GRID && v[is_x ? PARAM_COLUMNS : PARAM_ROWS] > 1)
		out[count++] = out[0] + (v[is_x ? PARAM_COLUMNS : PARAM_ROWS] - 1) *
						v[is_x ? PARAM_DX : PARAM_DY];
	return count;
}

static bool add_coordinate(struct plate_maker *m, int axis, int64_t at)
{
	for (int i = 0; i < m->coord_count[axis]; i++) {
		int64_t apart = m->coords[axis][i] - at;

		if (apart == 0)
			return true;
		if (fabs((double)apart / 1000 * m->paper) < m->pitch_mm)
			return false;
	}
	if (m->coord_count[axis] >= m->most[axis])
		return false;
	m->coords[axis][m->coord_count[axis]++] = at;
	return true;
}

static bool add_coordinates(struct plate_maker *m, const struct shape *s)
{
	for (int axis = 0; axis < AXES; axis++) {
		int64_t list[SHAPE_POINTS_MAX];
		int n = coordinates_of(s, axis, list);

		for (int i = 0; i < n; i++)
			if (!add_coordinate(m, axis, list[i]))
				return false;
	}
	return true;
}

static bool add_cores(struct plate_maker *m, const struct shape *s)
{
	int n = plate_core_count(s), before = m->core_count;

	if (before + n > PLATE_CORES_MAX)
		return false;
	plate_cores(s, m->cores + before);
	for (int i = before; i < before + n; i++) {
		if (plate_wall_to_outline(&m->cores[i], &m->outline) < m->wall)
			return false;
		for (int k = 0; k < i; k++)
			if (plate_wall(&m->cores[i], &m->cores[k]) < m->wall)
				return false;
	}
	m->core_count += n;
	return true;
}

/* Whether some hole of `holed` seems to be one of the circle's that it is not. */
static bool lies_on_circle(const struct plate_maker *m, const struct shape *holed,
			   const struct shape *circle)
{
	struct vec centre =
		vec((double)circle->value[PARAM_X] / 1000, (double)circle->value[PARAM_Y] / 1000);
	double r = (double)circle->value[PARAM_PCD] / 2000;

	for (int i = 0; i < plate_hole_count(holed) && circle->kind == SHAPE_HOLE_CIRCLE; i++) {
		double off = vec_length(vec_sub(plate_hole(holed, i), centre)) - r;

		if (fabs(off) * m->paper < ON_CIRCLE_MM)
			return true;
	}
	return false;
}

static bool clear_of_circles(const struct plate_maker *m, const struct shape *s)
{
	for (int i = 0; i < m->scene->shape_count; i++)
		if (lies_on_circle(m, s, &m->scene->shapes[i]) ||
		    lies_on_circle(m, &m->scene->shapes[i], s))
			return false;
	return true;
}

static bool add_one(struct plate_maker *m, const struct shape *s)
{
	if (m->scene->shape_count == SCENE_SHAPES_MAX || shape_check(s, NULL) < 0 ||
	    !clear_of_circles(m, s) || !add_cores(m, s) || !add_coordinates(m, s))
		return false;
	m->scene->shapes[m->scene->shape_count++] = *s;
	return true;
}

bool plate_add(struct plate_maker *m, const struct shape *shapes, int count)
{
	int before = m->scene->shape_count, cores = m->core_count;
	int xs = m->coord_count[AXIS_X], ys = m->coord_count[AXIS_Y];

	for (int i = 0; i < count; i++) {
		if (add_one(m, &shapes[i]))
			continue;
		m->scene->shape_count = before;
		m->core_count = cores;
		m->coord_count[AXIS_X] = xs;
		m->coord_count[AXIS_Y] = ys;
		return false;
	}
	return true;
}

static void pick_scale(struct plate_maker *m)
{
	static const struct steps {
		int paper, real, weight;
		int64_t step[3];
	} scales[UNIT_COUNT_][5] = {
		{{1, 1, 10, {1000, 5000, 2500}},
		 {1, 2, 5, {5000, 5000, 10000}},
		 {1, 5, 2, {10000, 10000, 5000}},
		 {2, 1, 3, {500, 1000, 2500}},
		 {5, 1, 1, {200, 500, 1000}}},
		{{1, 1, 10, {50, 125, 125}},
		 {1, 2, 5, {125, 250, 250}},
		 {1, 5, 2, {500, 500, 250}},
		 {2, 1, 3, {25, 50, 50}},
		 {5, 1, 1, {10, 20, 25}}},
	};
	const struct steps *list = scales[m->scene->unit];
	int pick = (int)rng_below(m->rng, 21), i = 0;

	while (pick >= list[i].weight)
		pick -= list[i++].weight;
	m->scene->scale_paper = list[i].paper;
	m->scene->scale_real = list[i].real;
	m->paper = scene_paper_per_unit(m->scene);
	m->step = list[i].step[rng_below(m->rng, 3)];
}

static void pick_arrangement(struct plate_maker *m)
{
	double way = rng_unit(m->rng);

	m->scene->arrangement = way < 0.45  ? ARRANGE_PARALLEL
				: way < 0.8 ? ARRANGE_CHAIN
					    : ARRANGE_RUNNING;
	m->pitch_mm = m->scene->arrangement == ARRANGE_RUNNING ? PITCH_RUNNING_MM : PITCH_MM;
}

/* The outline's own coordinates come first; the rows that are left are for features. Chains and
 * running dimensions share their rows. */
static void count_rows(struct plate_maker *m)
{
	struct scene *scene = m->scene;
	bool shared = scene->arrangement != ARRANGE_PARALLEL;

	/* Different from a disc's middle alone. */
	if (m->is_disc && scene->arrangement == ARRANGE_RUNNING)
		scene->arrangement = ARRANGE_PARALLEL;
	m->wall = WALL_MM / m->paper;
	for (int axis = 0; axis < AXES; axis++) {
		int across = axis == AXIS_X ? AXIS_Y : AXIS_X;
		double room = m->free_mm[across] - (double)m->size[across] / 1000 * m->paper;
		int rows = (int)(room / ROW_MM);
		int64_t own[SHAPE_POINTS_MAX];
		int n;

		m->most[axis] = PLATE_COORDS_MAX;
		n = coordinates_of(&scene->shapes[plate_body(scene)], axis, own);
		for (int i = 0; i < n; i++)
			add_coordinate(m, axis, own[i]);
		rows = m->mirror[axis] || shared ? 2 * rows : rows;
		m->most[axis] = m->coord_count[axis] + (rows < 1 ? 1 : rows > 9 ? 9 : rows);
	}
}

void scene_plate(struct scene *scene, const struct scene_params *params, struct rng *rng,
		 struct arena *arena)
{
	struct plate_maker m = {.rng = rng, .arena = arena, .scene = scene};

	*scene = (struct scene){.family = FAMILY_PLATE, .unit = params->unit};
	scene->shapes = ARENA_NEW(arena, struct shape, SCENE_SHAPES_MAX);
	scene->dimensions = ARENA_NEW(arena, struct dimension, SCENE_DIMENSIONS_MAX);
	scene_pick_sheet(scene, params, rng);
	pick_scale(&m);
	pick_arrangement(&m);
	m.free_mm[AXIS_X] = (double)scene->sheet_um[0] / 1000 - AROUND_MM;
	m.free_mm[AXIS_Y] = (double)scene->sheet_um[1] / 1000 - AROUND_MM;
	if (scene->sheet_um[1] >= TITLED_SHEET_MM * 1000)
		m.free_mm[AXIS_Y] -= TITLE_MM;
	plate_make_body(&m);
	count_rows(&m);
	plate_make_features(&m);
	scene_sort_shapes(scene);
	plate_dimension(&m);
}
