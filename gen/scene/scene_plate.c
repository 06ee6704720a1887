/* SPDX-License-Identifier: MIT */
/*
 * Plates: an outline from a table of kinds, features thrown into it one by one, dimensions that state
 * each number once. A throw stays if it leaves walls to everything else and if its coordinates are
 * equal to used ones or far enough from them to be printed beside them, and if there are not more
 * different ones than the sheet has room for rows of dimension lines.
 */
#include <config.h>

#include <math.h>

#include "gen/scene/scene_plate.h"

/* Millimetres on paper. */
#define PITCH_MM 5.0         /* between coordinates */
#define PITCH_RUNNING_MM 1.0 /* running ones: this and ... */
#define PITCH_RUNNING 1.5    /* ... in text heights, so that no arrow meets the value before it */
#define PITCH_ARROW_MM 0.6   /* from an arrowhead to the next */
#define FIRST_RUNNING_MM 9.0 /* from the datum: an arrow and the origin's circle */
#define WALL_MM 3.0
#define BODIES 20            /* throws */
#define BESIDE_CIRCLE_MM 1.0 /* clear on both sides of a pitch circle */
#define BETWEEN_CIRCLES_MM 9.0
#define BORDER_MM 16.0 /* of the sheet's width and height, where it has no frame */
#define EDGE_MM 6.0    /* on sides without dimensions */
#define VIEW_MIN_MM 24.0
#define STEPS_MIN 12          /* in the smallest view */
#define LARGE_MM 150.0        /* sheets with more have room for some rows */
#define RUNNING_TEXT 5.0      /* the longest value beside a running dimension, in text heights */
#define SCALE_MM 4.0          /* round the scale, which stands in the corner below */
#define SPACING_TEXT 1.6      /* rows are never nearer, in text heights */
#define CHAINED 9             /* coordinates, if they stand in chains */
#define PITCH_ORDINATE_MM 3.2 /* between ordinates: their extension lines have jogs */
#define ORDINATE_TEXT 1.6     /* along a line of ordinates, in text heights */
#define ORDINATES_MAX 13      /* on one line, the datum's too */
#define JOGS_MM 3.0           /* farther out than other dimensions, for jogs */
#define WALL_TABLE_MM 5.5     /* with names beside holes */
#define TABLE_ROW_TEXT 1.9    /* a row of a table, in text heights */
#define TABLE_WIDTH_TEXT 16.0 /* a table, likewise */
#define TABLE_WIDE_TEXT 25.0  /* one with counterbores */
#define TABLE_SHARE 0.42      /* of the sheet that a table may take */
#define TABLE_HOLES_MAX 12
#define TABLE_HOLES_OVER 7 /* where the table stands over the view */
#define TABLE_HOLES_MIN 3

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

bool plate_is_row(const struct plate_maker *m, const struct shape *s)
{
	return m->scene->arrangement == ARRANGE_TABLE &&
	       (s->kind == SHAPE_HOLE || s->kind == SHAPE_COUNTERBORE ||
		s->kind == SHAPE_TAPPED_HOLE);
}

int plate_count_rows(const struct plate_maker *m)
{
	int count = 0;

	for (int i = 0; i < m->scene->shape_count; i++)
		count += plate_is_row(m, &m->scene->shapes[i]);
	return count;
}

/* What a shape wants stated along an axis by lines; returns how many. */
static int coordinates_of(const struct plate_maker *m, const struct shape *s, int axis,
			  int64_t out[SHAPE_POINTS_MAX])
{
	const int64_t *v = s->value;
	bool is_x = axis == AXIS_X;
	int count = 0;

	if (s->kind == SHAPE_PROFILE) {
		for (int i = 0; i < s->point_count; i++)
			out[count++] = is_x ? s->points[i].x : s->points[i].y;
		return count;
	}
	if (s->kind == SHAPE_DISC || s->kind == SHAPE_FILLET || s->kind == SHAPE_CHAMFER ||
	    plate_is_row(m, s))
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
	if (m->coord_count[axis] >= m->most[axis] ||
	    (m->scene->arrangement == ARRANGE_RUNNING && at != 0 &&
	     (double)at / 1000 * m->paper < FIRST_RUNNING_MM))
		return false;
	m->coords[axis][m->coord_count[axis]++] = at;
	return true;
}

static bool add_coordinates(struct plate_maker *m, const struct shape *s)
{
	for (int axis = 0; axis < AXES; axis++) {
		int64_t list[SHAPE_POINTS_MAX];
		int n = coordinates_of(m, s, axis, list);

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

/* Whether something cut out lies across the pitch circle, or seems to be one of its holes. */
static bool crosses_circle(const struct plate_maker *m, const struct shape *s,
			   const struct shape *circle)
{
	struct plate_core cores[PLATE_CORES_MAX], middle = {.count = 1};
	double r = (double)circle->value[PARAM_PCD] / 2000, clear = BESIDE_CIRCLE_MM / m->paper;
	int n = plate_core_count(s);

	middle.points[0] =
		vec((double)circle->value[PARAM_X] / 1000, (double)circle->value[PARAM_Y] / 1000);
	if (circle->kind != SHAPE_HOLE_CIRCLE || n > PLATE_CORES_MAX)
		return false;
	plate_cores(s, cores);
	for (int i = 0; i < n; i++) {
		double farthest = 0;

		for (int k = 0; k < cores[i].count; k++)
			farthest = fmax(farthest,
					vec_length(vec_sub(cores[i].points[k], middle.points[0])));
		if (plate_wall(&middle, &cores[i]) - clear < r && farthest + cores[i].r + clear > r)
			return true;
	}
	return false;
}

/* Whether two pitch circles leave no room for an arrow between them. */
static bool crowds_circle(const struct plate_maker *m, const struct shape *s,
			  const struct shape *old)
{
	double apart = fabs((double)(s->value[PARAM_PCD] - old->value[PARAM_PCD])) / 2000;

	return s->kind == SHAPE_HOLE_CIRCLE && old->kind == SHAPE_HOLE_CIRCLE &&
	       apart * m->paper < BETWEEN_CIRCLES_MM;
}

/* Pitch circles go through their own holes alone, and patterns that end alike are alike: their spaces
 * are stated together. */
static bool agrees_with(const struct plate_maker *m, const struct shape *s)
{
	for (int i = 0; i < m->scene->shape_count; i++) {
		const struct shape *old = &m->scene->shapes[i];

		if (crosses_circle(m, s, old) || crosses_circle(m, old, s) ||
		    crowds_circle(m, s, old))
			return false;
		if (s->kind != SHAPE_HOLE_GRID || old->kind != SHAPE_HOLE_GRID)
			continue;
		for (int axis = 0; axis < AXES; axis++) {
			int64_t a[SHAPE_POINTS_MAX], b[SHAPE_POINTS_MAX];
			enum param count = axis == AXIS_X ? PARAM_COLUMNS : PARAM_ROWS;

			if (coordinates_of(m, s, axis, a) == 2 &&
			    coordinates_of(m, old, axis, b) == 2 && a[1] - a[0] == b[1] - b[0] &&
			    s->value[count] != old->value[count])
				return false;
		}
	}
	return true;
}

static bool add_one(struct plate_maker *m, const struct shape *s)
{
	if (m->scene->shape_count == SCENE_SHAPES_MAX || shape_check(s, NULL) < 0 ||
	    (plate_is_row(m, s) && plate_count_rows(m) == m->holes_max) || !agrees_with(m, s) ||
	    !add_cores(m, s) || !add_coordinates(m, s))
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
	double way = rng_unit(m->rng), text_mm = (double)m->params->text_um / 1000;

	m->scene->arrangement = way < 0.33   ? ARRANGE_PARALLEL
				: way < 0.61 ? ARRANGE_CHAIN
				: way < 0.76 ? ARRANGE_RUNNING
				: way < 0.89 ? ARRANGE_ORDINATE
					     : ARRANGE_TABLE;
	m->pitch_mm = PITCH_MM;
	if (m->scene->arrangement == ARRANGE_RUNNING)
		m->pitch_mm = fmax(PITCH_RUNNING_MM + PITCH_RUNNING * text_mm,
				   (double)m->params->arrow_um / 1000 + PITCH_ARROW_MM);
	if (m->scene->arrangement == ARRANGE_ORDINATE)
		m->pitch_mm = PITCH_ORDINATE_MM;
}

/* What lettering and dimension lines take: room for more is made when the sheet is drawn. */
static void find_room(struct plate_maker *m)
{
	const struct scene_params *p = m->params;

	m->text_mm = (double)p->text_um / 1000;
	m->offset_mm = (double)p->offset_um / 1000;
	m->spacing_mm = fmax((double)p->spacing_um / 1000, SPACING_TEXT * m->text_mm);
	m->row_mm = m->offset_mm + 1.5 * m->text_mm + 1;
}

/* How many rows fit into the room on both sides of the view, or on one of them. */
static int rows_in(const struct plate_maker *m, double room_mm)
{
	double one = room_mm - m->row_mm - EDGE_MM, both = room_mm - 2 * m->row_mm;

	return (int)fmax(1 + floor(one / m->spacing_mm), 2 + floor(both / m->spacing_mm));
}

/* Beside the view (AXIS_X) or over it. Counterbores make a table wide. */
static bool leave_room_for_table(struct plate_maker *m, int axis)
{
	double row = TABLE_ROW_TEXT * m->text_mm, least = TABLE_WIDTH_TEXT * m->text_mm;
	double wide = TABLE_WIDE_TEXT * m->text_mm, most = m->free_mm[AXIS_X], taken;

	if (axis == AXIS_X) {
		most *= TABLE_SHARE;
		m->table_is_wide = wide <= most;
		taken = m->table_is_wide ? wide : least;
		m->holes_max = (int)(m->free_mm[AXIS_Y] / row) - 1;
	} else {
		m->table_is_wide = wide <= most;
		m->holes_max = (int)(TABLE_SHARE * m->free_mm[AXIS_Y] / row) - 1;
		if (m->holes_max > TABLE_HOLES_OVER)
			m->holes_max = TABLE_HOLES_OVER;
		taken = (m->holes_max + 1) * row;
	}
	if (least > most || m->holes_max < TABLE_HOLES_MIN)
		return false;
	if (m->holes_max > TABLE_HOLES_MAX)
		m->holes_max = TABLE_HOLES_MAX;
	m->free_mm[axis] -= taken;
	m->view_mm[axis] -= taken;
	return true;
}

static void measure_sheet(struct plate_maker *m)
{
	const struct scene *scene = m->scene;
	double lines = scene->unit == UNIT_INCH ? 2.7 : 1;
	double title_mm = scene_title_mm(scene, m->params);
	double border = fmax((double)m->params->frame_um / 1000, BORDER_MM) + 4;

	find_room(m);
	for (int axis = 0; axis < AXES; axis++) {
		m->free_mm[axis] = (double)scene->sheet_um[axis] / 1000 - border;
		m->view_mm[axis] = m->free_mm[axis] - m->row_mm -
				   (m->free_mm[axis] > LARGE_MM ? 3 : 1) * m->spacing_mm - EDGE_MM;
		if (scene->arrangement == ARRANGE_RUNNING || scene->arrangement == ARRANGE_ORDINATE)
			m->view_mm[axis] = m->free_mm[axis] - m->offset_mm -
					   RUNNING_TEXT * m->text_mm - EDGE_MM;
		if (scene->arrangement == ARRANGE_ORDINATE)
			m->view_mm[axis] -= JOGS_MM;
	}
	if (scene->arrangement == ARRANGE_RUNNING)
		m->view_mm[AXIS_Y] -= lines * m->text_mm + SCALE_MM;
	m->free_mm[AXIS_Y] -= title_mm;
	m->view_mm[AXIS_Y] -= title_mm;
	if (scene->arrangement == ARRANGE_TABLE) {
		int first = m->free_mm[AXIS_X] > m->free_mm[AXIS_Y] ? AXIS_X : AXIS_Y;

		if (!leave_room_for_table(m, first) && !leave_room_for_table(m, AXES - 1 - first))
			m->scene->arrangement = ARRANGE_PARALLEL;
	}
	for (int axis = 0; axis < AXES; axis++) {
		m->view_mm[axis] = fmax(m->view_mm[axis], VIEW_MIN_MM);
		m->free_mm[axis] = fmax(m->free_mm[axis], m->view_mm[axis]);
	}
	/* Corners, holes and middles need a grid that is finer than they are apart. */
	while ((double)m->step / 1000 * m->paper * STEPS_MIN >
	       fmin(m->view_mm[AXIS_X], m->view_mm[AXIS_Y]) / 2)
		m->step = m->step % 5 == 0 ? m->step / 5 : 1;
}

/* How many ordinates have room beside a view so long, jogged where they must. */
static int ordinates_in(const struct plate_maker *m, double length_mm)
{
	return (int)fmin(ORDINATES_MAX, 1 + floor(length_mm / (ORDINATE_TEXT * m->text_mm)));
}

/* The outline's own coordinates come first; the rows that are left are for features. Chains and
 * running dimensions share their rows. Returns whether all of the outline's can be stated. */
static bool count_rows(struct plate_maker *m)
{
	struct scene *scene = m->scene;
	bool fits = true;

	/* Different from a disc's middle alone. */
	if (m->is_disc && scene->arrangement != ARRANGE_CHAIN)
		scene->arrangement = ARRANGE_PARALLEL;
	m->wall = (scene->arrangement == ARRANGE_TABLE ? WALL_TABLE_MM : WALL_MM) / m->paper;
	for (int axis = 0; axis < AXES; axis++) {
		int across = axis == AXIS_X ? AXIS_Y : AXIS_X;
		double room = m->free_mm[across] - (double)m->size[across] / 1000 * m->paper;
		int rows = rows_in(m, room), own;
		int64_t list[SHAPE_POINTS_MAX];
		int n;

		m->most[axis] = PLATE_COORDS_MAX;
		n = coordinates_of(m, &scene->shapes[plate_body(scene)], axis, list);
		m->coord_count[axis] = 0;
		for (int i = 0; i < n; i++)
			fits &= add_coordinate(m, axis, list[i]);
		own = m->coord_count[axis];
		m->most[axis] = 1 + (m->mirror[axis] ? 2 * rows : rows);
		if (scene->arrangement == ARRANGE_RUNNING ||
		    (scene->arrangement == ARRANGE_CHAIN && rows > 2))
			m->most[axis] = CHAINED;
		if (scene->arrangement == ARRANGE_ORDINATE)
			m->most[axis] = ordinates_in(m, (double)m->size[axis] / 1000 * m->paper);
		if (m->most[axis] < own + 2)
			m->most[axis] = own + (m->mirror[axis] ? 2 : 1);
	}
	return fits;
}

/* An outline whose corners can be stated; the last one thrown is a rectangle. */
static void make_body(struct plate_maker *m)
{
	struct plate_maker empty = *m;

	for (int i = 0; i <= BODIES; i++) {
		*m = empty;
		m->scene->shape_count = 0;
		if (i == BODIES)
			m->scene->arrangement = ARRANGE_PARALLEL;
		if (!plate_make_body(m, i == BODIES) || !count_rows(m))
			continue;
		m->body_count = m->scene->shape_count;
		return;
	}
}

/* Back to the bare body. */
static void forget_features(struct plate_maker *m)
{
	m->core_count = m->width_count = 0;
	m->scene->shape_count = m->body_count;
	count_rows(m);
}

void scene_plate(struct scene *scene, const struct scene_params *params, struct rng *rng,
		 struct arena *arena)
{
	struct plate_maker m = {.rng = rng, .arena = arena, .params = params, .scene = scene};

	*scene = (struct scene){.family = FAMILY_PLATE, .unit = params->unit};
	scene->shapes = ARENA_NEW(arena, struct shape, SCENE_SHAPES_MAX);
	scene->dimensions = ARENA_NEW(arena, struct dimension, SCENE_DIMENSIONS_MAX);
	scene_pick_sheet(scene, params, rng);
	pick_scale(&m);
	pick_arrangement(&m);
	measure_sheet(&m);
	make_body(&m);
	plate_make_features(&m);
	/* Nobody draws a table for less; holes that fill a grid may stand alone in a table only. */
	if (scene->arrangement == ARRANGE_TABLE && plate_count_rows(&m) < TABLE_HOLES_MIN) {
		scene->arrangement = ARRANGE_PARALLEL;
		forget_features(&m);
		plate_make_features(&m);
	}
	scene_sort_shapes(scene);
	plate_dimension(&m);
}
