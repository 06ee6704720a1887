/* SPDX-License-Identifier: MIT */
/*
 * Features are thrown by recipes, each a kind of design: holes in the corners, a bore with a circle of
 * holes, a row, slots, windows, tapped holes. A throw picks sizes that are usual in workshops and a
 * place that is one (the middle, the middle of an arm, in line with another feature) or any on the grid.
 * Where the plate is symmetric, mirror images come along; equal plain holes that so make a full grid
 * are one hole_grid. Throws that do not fit are forgotten.
 *
 * Plain holes of one diameter are of one group: a count on a call-out then says all of them. In a table
 * each hole has a row of its own, and none is part of a grid unless thrown as one.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "gen/scene/scene_plate.h"

#define THROWS 10
#define TRIES 2 /* of recipes, per feature */
#define IMAGES_MAX 8
#define ROWS_LEAST 3     /* of a table */
#define ROW_THROWS 20    /* for them */
#define ORDINATES_MORE 3 /* features on a plate with ordinates, which have room for many */

static const int64_t holes_mm[] = {
	1000,  1500,  2000,  2500,   3000,   3500,   4000,   4500,   5000,   5500,  6000,
	6600,  7000,  8000,  9000,   10000,  11000,  12000,  13000,  14000,  16000, 18000,
	20000, 22000, 25000, 28000,  30000,  32000,  35000,  40000,  45000,  50000, 60000,
	70000, 80000, 90000, 100000, 120000, 150000, 180000, 200000, 250000, 0};
static const int64_t holes_inch[] = {
	50,   60,   75,   80,   100,  125,  150,  200,  250,  300,  350,  375,   400,  450,
	500,  550,  600,  625,  650,  700,  750,  800,  875,  900,  1000, 1125,  1250, 1375,
	1500, 1750, 2000, 2250, 2500, 3000, 3500, 4000, 5000, 6000, 8000, 10000, 0};
static const int64_t *const holes[UNIT_COUNT_] = {holes_mm, holes_inch};

static const int64_t radii_mm[] = {1000,  1500,  2000,  2500,  3000,  4000,  5000,  6000, 8000,
				   10000, 12000, 15000, 20000, 25000, 30000, 40000, 0};
static const int64_t radii_inch[] = {30,  50,  60,  100, 125, 150,  200,  250,  300,
				     375, 400, 500, 600, 750, 1000, 1250, 1500, 0};
static const int64_t *const radii[UNIT_COUNT_] = {radii_mm, radii_inch};

/* Nominal diameter and a fine pitch, or one that is written all the same; ISO 261, ASME B1.1. */
static const int64_t threads_mm[][2] = {{3000, 350},   {4000, 500},   {5000, 500},   {6000, 750},
					{8000, 1000},  {10000, 1250}, {12000, 1500}, {16000, 1500},
					{20000, 1500}, {24000, 2000}};
static const int64_t threads_inch[][2] = {{250, 50}, {500, 50}, {750, 100}, {1000, 125}};

/* Through hole, width and depth for a cap screw; DIN 974-1, ASME B18.3. */
static const int64_t counterbores_mm[][3] = {
	{3400, 6500, 3400},    {4500, 8000, 4600},    {5500, 10000, 5700},
	{6600, 11000, 6800},   {9000, 15000, 9000},   {11000, 18000, 11000},
	{13500, 20000, 13000}, {17500, 26000, 17500}, {22000, 33000, 21500}};
static const int64_t counterbores_inch[][3] = {{175, 300, 150},  {200, 350, 200}, {275, 450, 250},
					       {350, 550, 300},  {400, 650, 375}, {525, 800, 500},
					       {650, 1000, 625}, {800, 1200, 750}};

static double share(struct plate_maker *m, double lo, double hi)
{
	return lo + (hi - lo) * rng_unit(m->rng);
}

static double mm_of(const struct plate_maker *m, int64_t thousandths)
{
	return (double)thousandths / 1000 * m->paper;
}

static double shorter_mm(const struct plate_maker *m)
{
	return fmin(mm_of(m, m->size[AXIS_X]), mm_of(m, m->size[AXIS_Y]));
}

/* A usual diameter that no other group of plain holes has; 0: none. */
static int64_t pick_width(const struct plate_maker *m, double lo_mm, double hi_mm)
{
	int64_t d = plate_pick_usual(m, holes, lo_mm, hi_mm);

	for (int i = 0; i < m->width_count; i++)
		if (m->widths[i] == d)
			return 0;
	return m->width_count < PLATE_GROUPS_MAX ? d : 0;
}

/* The middle of the box: half of a profile's, 0 for a disc. */
static int64_t middle(const struct plate_maker *m, int axis)
{
	return m->is_disc ? 0 : m->size[axis] / 2;
}

/* A coordinate of a feature that reaches half_mm to both sides; in a mirrored plate left of, below or
 * in the middle. */
static int64_t pick_coordinate(struct plate_maker *m, int axis, double half_mm)
{
	int64_t least = m->is_disc ? -m->size[axis] / 2 : 0;
	int64_t low = least + plate_snap(m, half_mm + 3), span;
	int64_t high = m->mirror[axis] ? middle(m, axis) : least + m->size[axis] - (low - least);
	int favoured = m->favoured_count[axis];
	double way = rng_unit(m->rng);
	double at = rng_unit(m->rng);

	if (way < (m->mirror[axis] ? 0.4 : 0.12))
		return middle(m, axis);
	if (way < 0.62 && favoured > 0)
		return m->favoured[axis][(int)(at * favoured)];
	if (way < 0.75 && m->coord_count[axis] > 0)
		return m->coords[axis][(int)(at * m->coord_count[axis])];
	span = (high - low) / m->step;
	return low + (span > 0 ? (int64_t)(at * (double)(span + 1)) : 0) * m->step;
}

static bool holds(const struct shape *list, int count, const struct shape *s)
{
	for (int i = 0; i < count; i++)
		if (shape_compare(&list[i], s) == 0)
			return true;
	return false;
}

/* The shape and its images, each once; returns how many. */
static int mirror_all(const struct plate_maker *m, const struct shape *shape,
		      struct shape out[IMAGES_MAX])
{
	int count = 1;

	out[0] = *shape;
	for (int axis = 0; axis < AXES; axis++) {
		int before = count;

		for (int i = 0; i < before && m->mirror[axis]; i++) {
			struct shape image;

			if (plate_mirror(&out[i], axis == AXIS_X, 2 * middle(m, axis), &image) < 0)
				return 0;
			if (!holds(out, count, &image))
				out[count++] = image;
		}
	}
	return count;
}

/* One, two or four plain holes that are each other's images, as one shape. */
static struct shape grid_of(const struct shape *list, int count)
{
	struct shape grid = {.kind = SHAPE_HOLE_GRID};
	int64_t *v = grid.value;

	v[PARAM_X] = list[0].value[PARAM_X];
	v[PARAM_Y] = list[0].value[PARAM_Y];
	for (int i = 1; i < count; i++) {
		v[PARAM_X] =
			list[i].value[PARAM_X] < v[PARAM_X] ? list[i].value[PARAM_X] : v[PARAM_X];
		v[PARAM_Y] =
			list[i].value[PARAM_Y] < v[PARAM_Y] ? list[i].value[PARAM_Y] : v[PARAM_Y];
	}
	v[PARAM_D] = list[0].value[PARAM_D];
	v[PARAM_COLUMNS] = v[PARAM_ROWS] = 1;
	for (int i = 0; i < count; i++) {
		int64_t dx = list[i].value[PARAM_X] - v[PARAM_X];
		int64_t dy = list[i].value[PARAM_Y] - v[PARAM_Y];

		v[PARAM_DX] = dx > v[PARAM_DX] ? dx : v[PARAM_DX];
		v[PARAM_DY] = dy > v[PARAM_DY] ? dy : v[PARAM_DY];
	}
	v[PARAM_COLUMNS] += v[PARAM_DX] > 0;
	v[PARAM_ROWS] += v[PARAM_DY] > 0;
	return count > 1 ? grid : list[0];
}

static bool is_plain_hole(const struct shape *s)
{
	return s->kind == SHAPE_HOLE || s->kind == SHAPE_HOLE_GRID || s->kind == SHAPE_HOLE_CIRCLE;
}

/* Patterns stay in the middle, and of what has a call-out each there are two at most. */
static int images_allowed(enum shape_kind kind)
{
	switch (kind) {
	case SHAPE_HOLE_GRID:
	case SHAPE_HOLE_CIRCLE:
		return 1;
	case SHAPE_SLOT:
	case SHAPE_RECTANGLE:
	case SHAPE_ROUNDED_RECTANGLE:
		return 2;
	default:
		return IMAGES_MAX;
	}
}

/* Adds the shape with its mirror images. */
static bool add_mirrored(struct plate_maker *m, const struct shape *shape)
{
	struct shape list[IMAGES_MAX];
	int count = mirror_all(m, shape, list);

	if (count == 0 || count > images_allowed(shape->kind))
		return false;
	if (shape->kind == SHAPE_HOLE && count > 1 && !plate_is_row(m, shape)) {
		list[0] = grid_of(list, count);
		count = 1;
	}
	if (!plate_add(m, list, count))
		return false;
	if (is_plain_hole(shape))
		m->widths[m->width_count++] = shape->value[PARAM_D];
	return true;
}

static struct shape shape_at(enum shape_kind kind, int64_t x, int64_t y)
{
	struct shape s = {.kind = kind};

	s.value[PARAM_X] = x;
	s.value[PARAM_Y] = y;
	return s;
}

/* Threads of one diameter look alike: they have one pitch. */
static int64_t pitch_of(const struct plate_maker *m, int64_t d, int64_t pitch)
{
	for (int i = 0; i < m->scene->shape_count; i++) {
		const struct shape *s = &m->scene->shapes[i];

		if (s->kind == SHAPE_TAPPED_HOLE && s->value[PARAM_D] == d)
			return s->value[PARAM_PITCH];
	}
	return pitch;
}

/* A tapped hole of lo to hi mm on paper; d is 0 where there is none. */
static void pick_thread(struct plate_maker *m, struct shape *s, double lo_mm, double hi_mm)
{
	bool inch = m->scene->unit == UNIT_INCH;
	const int64_t(*list)[2] = inch ? threads_inch : threads_mm;
	int count = inch ? (int)(sizeof(threads_inch) / sizeof(*threads_inch))
			 : (int)(sizeof(threads_mm) / sizeof(*threads_mm));
	int first = (int)rng_below(m->rng, (uint32_t)count);
	bool fine = rng_chance(m->rng, inch ? 0.5 : 0.3);

	for (int i = 0; i < count; i++) {
		const int64_t *t = list[(first + i) % count];
		double mm = mm_of(m, t[0]);

		if (mm < lo_mm || mm > hi_mm)
			continue;
		s->value[PARAM_D] = t[0];
		s->value[PARAM_PITCH] = pitch_of(m, t[0], fine ? t[1] : 0);
		return;
	}
}

/* A counterbore that is not deeper than most of the plate. */
static void pick_counterbore(struct plate_maker *m, struct shape *s, double lo_mm, double hi_mm)
{
	bool inch = m->scene->unit == UNIT_INCH;
	const int64_t(*list)[3] = inch ? counterbores_inch : counterbores_mm;
	int count = inch ? (int)(sizeof(counterbores_inch) / sizeof(*counterbores_inch))
			 : (int)(sizeof(counterbores_mm) / sizeof(*counterbores_mm));
	int64_t thickness = m->scene->shapes[plate_body(m->scene)].value[PARAM_THICKNESS];
	int first = (int)rng_below(m->rng, (uint32_t)count);

	for (int i = 0; i < count; i++) {
		const int64_t *c = list[(first + i) % count];
		double mm = mm_of(m, c[1]);

		if (mm < lo_mm || mm > hi_mm || 4 * c[2] > 3 * thickness)
			continue;
		s->value[PARAM_D] = c[0];
		s->value[PARAM_CBORE_D] = c[1];
		s->value[PARAM_CBORE_DEPTH] = c[2];
		return;
	}
}

/* A hole of any kind for a screw; d is 0 where none is usual. */
static void pick_screw_hole(struct plate_maker *m, struct shape *s)
{
	bool narrow = m->scene->arrangement == ARRANGE_TABLE && !m->table_is_wide;
	double limit_mm = fmin(14, 0.2 * shorter_mm(m));
	double way = rng_unit(m->rng);

	*s = (struct shape){.kind = SHAPE_HOLE};
	if (way < 0.22) {
		s->kind = SHAPE_TAPPED_HOLE;
		pick_thread(m, s, 4, limit_mm);
	} else if (way < 0.4 && !narrow) {
		s->kind = SHAPE_COUNTERBORE;
		pick_counterbore(m, s, 6, limit_mm + 2);
	}
	if (s->value[PARAM_D] == 0) {
		*s = (struct shape){.kind = SHAPE_HOLE};
		s->value[PARAM_D] = pick_width(m, 3, limit_mm);
	}
}

/* The four corners of a box, as one grid of plain holes, or four others. */
static bool throw_corners(struct plate_maker *m)
{
	double inset_mm = share(m, 7, fmax(8, fmin(15, 0.2 * shorter_mm(m))));
	int64_t x = plate_snap(m, inset_mm), y = x;
	struct shape s, list[4];
	int count = 4;

	if (!m->is_plain)
		return false;
	if (rng_chance(m->rng, 0.3))
		y = plate_pick(m, 7, 14);
	pick_screw_hole(m, &s);
	if (s.value[PARAM_D] == 0)
		return false;
	for (int i = 0; i < 4; i++) {
		list[i] = s;
		list[i].value[PARAM_X] = i % 2 ? m->size[AXIS_X] - x : x;
		list[i].value[PARAM_Y] = i / 2 ? m->size[AXIS_Y] - y : y;
	}
	if (s.kind == SHAPE_HOLE && !plate_is_row(m, &s)) {
		list[0] = grid_of(list, 4);
		count = 1;
	}
	if (!plate_add(m, list, count))
		return false;
	if (s.kind == SHAPE_HOLE)
		m->widths[m->width_count++] = s.value[PARAM_D];
	return true;
}

static bool throw_hole(struct plate_maker *m)
{
	double half_mm;
	struct shape s;

	pick_screw_hole(m, &s);
	if (rng_chance(m->rng, 0.25)) {
		s = (struct shape){.kind = SHAPE_HOLE};
		s.value[PARAM_D] = pick_width(m, 8, 0.4 * shorter_mm(m));
	}
	if (s.value[PARAM_D] == 0)
		return false;
	half_mm = mm_of(m, plate_hole_width(&s)) / 2;
	s.value[PARAM_X] = pick_coordinate(m, AXIS_X, half_mm);
	s.value[PARAM_Y] = pick_coordinate(m, AXIS_Y, half_mm);
	return add_mirrored(m, &s);
}

/* Equal holes here and there, which make no full grid: two on a slant, or three at the corners of a
 * triangle. */
static bool throw_scattered(struct plate_maker *m)
{
	struct shape list[3], s;
	bool three = rng_chance(m->rng, 0.4);
	double half_mm;

	pick_screw_hole(m, &s);
	if (s.value[PARAM_D] == 0 || m->mirror[AXIS_X] || m->mirror[AXIS_Y])
		return false;
	half_mm = mm_of(m, plate_hole_width(&s)) / 2;
	for (int i = 0; i < 2; i++) {
		list[i] = s;
		list[i].value[PARAM_X] = pick_coordinate(m, AXIS_X, half_mm);
		list[i].value[PARAM_Y] = pick_coordinate(m, AXIS_Y, half_mm);
	}
	list[2] = list[0];
	list[2].value[PARAM_X] = list[1].value[PARAM_X];
	if (list[0].value[PARAM_X] == list[1].value[PARAM_X] ||
	    list[0].value[PARAM_Y] == list[1].value[PARAM_Y] || !plate_add(m, list, three ? 3 : 2))
		return false;
	if (s.kind == SHAPE_HOLE)
		m->widths[m->width_count++] = s.value[PARAM_D];
	return true;
}

/* Makes the distance of the outer holes fit a plate's own middle. */
static int64_t centred(const struct plate_maker *m, int axis, int64_t span)
{
	return middle(m, axis) - span / 2;
}

static bool throw_grid(struct plate_maker *m)
{
	struct shape s = {.kind = SHAPE_HOLE_GRID};
	double limit_mm = fmin(12, 0.15 * shorter_mm(m));
	int64_t *v = s.value;

	v[PARAM_D] = pick_width(m, 3, limit_mm);
	v[PARAM_COLUMNS] = rng_range(m->rng, 1, 5);
	v[PARAM_ROWS] = rng_range(m->rng, 1, 3);
	if (v[PARAM_D] == 0 || v[PARAM_COLUMNS] * v[PARAM_ROWS] < 2)
		return false;
	for (int axis = 0; axis < AXES; axis++) {
		enum param pitch = axis == AXIS_X ? PARAM_DX : PARAM_DY;
		int64_t n = v[axis == AXIS_X ? PARAM_COLUMNS : PARAM_ROWS];
		double wall_mm = m->wall * m->paper, d_mm = mm_of(m, v[PARAM_D]);

		if (n > 1)
			v[pitch] = plate_pick(m, fmax(m->pitch_mm, d_mm + wall_mm),
					      fmin(30, 0.8 * mm_of(m, m->size[axis]) / (double)n));
		/* Centred on the grid only where the span is even. */
		if (m->mirror[axis] && v[pitch] * (n - 1) / 2 % m->step != 0)
			v[pitch] *= 2;
		v[axis == AXIS_X ? PARAM_X : PARAM_Y] =
			m->mirror[axis] ? centred(m, axis, v[pitch] * (n - 1))
					: pick_coordinate(m, axis, d_mm / 2);
	}
	return add_mirrored(m, &s);
}

/* Where 0 degrees is a hole, or 90 is, or neither. */
static int64_t pick_start(struct plate_maker *m, int64_t count)
{
	int64_t pitch = 360000 / count, way = rng_range(m->rng, 0, 9), start;

	if (way < 4)
		return 90000 % pitch;
	if (way < 7 || m->mirror[AXIS_X] || m->mirror[AXIS_Y])
		return way < 8 ? 0 : pitch / 2;
	start = rng_range(m->rng, 1, 11) * 5000;
	return start % pitch;
}

/* A circle of holes, most often about a bore. */
static bool throw_circle(struct plate_maker *m)
{
	static const int counts[] = {3, 4, 4, 6, 6, 6, 8, 5, 12};
	double limit_mm = m->is_disc ? 0.8 * shorter_mm(m) : fmin(70, 0.7 * shorter_mm(m));
	struct shape s = {.kind = SHAPE_HOLE_CIRCLE}, bore = {.kind = SHAPE_HOLE};
	int64_t *v = s.value;
	double pcd_mm;

	v[PARAM_COUNT] = counts[rng_below(m->rng, sizeof(counts) / sizeof(*counts))];
	v[PARAM_PCD] = plate_pick(m, fmax(18, 0.5 * limit_mm), limit_mm);
	v[PARAM_START] = pick_start(m, v[PARAM_COUNT]);
	pcd_mm = mm_of(m, v[PARAM_PCD]);
	v[PARAM_D] = pick_width(m, 3, fmin(14, 0.25 * pcd_mm));
	if (!m->is_disc) {
		v[PARAM_X] = pick_coordinate(m, AXIS_X, pcd_mm / 2 + 5);
		v[PARAM_Y] = pick_coordinate(m, AXIS_Y, pcd_mm / 2 + 5);
	}
	if (v[PARAM_D] == 0 || !add_mirrored(m, &s))
		return false;
	bore.value[PARAM_X] = v[PARAM_X];
	bore.value[PARAM_Y] = v[PARAM_Y];
	bore.value[PARAM_D] = pick_width(m, 0.25 * pcd_mm, 0.7 * pcd_mm);
	if (bore.value[PARAM_D] > 0 && rng_chance(m->rng, 0.75))
		add_mirrored(m, &bore);
	return true;
}

static bool throw_slot(struct plate_maker *m)
{
	double limit_mm = fmin(8, 0.12 * shorter_mm(m)), r_mm, length_mm;
	int64_t r = plate_pick_usual(m, radii, 2, fmax(2.5, limit_mm)), length;
	double way = rng_unit(m->rng);
	struct shape s;

	if (r == 0)
		return false;
	r_mm = mm_of(m, r);
	length = plate_pick(m, fmax(m->pitch_mm, 2 * r_mm),
			    fmax(12, fmin(50, 0.4 * mm_of(m, m->size[AXIS_X]))));
	if (m->mirror[AXIS_X] || m->mirror[AXIS_Y])
		length = (length + m->step) / (2 * m->step) * 2 * m->step;
	length_mm = mm_of(m, length);
	s = shape_at(SHAPE_SLOT, 0, 0);
	s.value[PARAM_R] = r;
	s.value[PARAM_LENGTH] = length;
	if (way < 0.38)
		s.value[PARAM_ANGLE] = 90000;
	else if (way > 0.93 && !m->mirror[AXIS_X] && !m->mirror[AXIS_Y])
		s.value[PARAM_ANGLE] = rng_range(m->rng, 2, 10) * 15000 % 90000 + 15000;
	for (int axis = 0; axis < AXES; axis++) {
		bool lengthwise = (s.value[PARAM_ANGLE] == 0) == (axis == AXIS_X);
		double half_mm = r_mm + (lengthwise ? length_mm / 2 : 0);
		int64_t at = pick_coordinate(m, axis, half_mm);

		s.value[axis == AXIS_X ? PARAM_X : PARAM_Y] =
			at - (lengthwise && s.value[PARAM_ANGLE] % 90000 == 0
				      ? length / 2 / m->step * m->step
				      : 0);
	}
	return add_mirrored(m, &s);
}

static bool throw_window(struct plate_maker *m)
{
	double half_mm[AXES];
	struct shape s = {.kind = SHAPE_RECTANGLE};
	enum param sizes[AXES] = {PARAM_WIDTH, PARAM_HEIGHT};

	for (int axis = 0; axis < AXES; axis++) {
		double all_mm = mm_of(m, m->size[axis]);
		int64_t size = plate_pick(m, fmax(10, 0.15 * all_mm), fmax(12, 0.45 * all_mm));

		size = (size + m->step) / (2 * m->step) * 2 * m->step;
		s.value[sizes[axis]] = size;
		half_mm[axis] = mm_of(m, size) / 2;
	}
	if (rng_chance(m->rng, 0.6)) {
		int64_t r =
			plate_pick_usual(m, radii, 2, 0.6 * fmin(half_mm[AXIS_X], half_mm[AXIS_Y]));

		s.kind = r > 0 ? SHAPE_ROUNDED_RECTANGLE : SHAPE_RECTANGLE;
		s.value[PARAM_R] = r;
	}
	for (int axis = 0; axis < AXES; axis++)
		s.value[axis == AXIS_X ? PARAM_X : PARAM_Y] =
			pick_coordinate(m, axis, half_mm[axis]) - s.value[sizes[axis]] / 2;
	return add_mirrored(m, &s);
}

/* A hole in the middle. */
static bool throw_bore(struct plate_maker *m)
{
	struct shape s = shape_at(SHAPE_HOLE, middle(m, AXIS_X), middle(m, AXIS_Y));

	s.value[PARAM_D] = pick_width(m, 8, 0.45 * shorter_mm(m));
	return s.value[PARAM_D] > 0 && add_mirrored(m, &s);
}

struct recipe {
	int weight;
	bool (*throw)(struct plate_maker *);
};

static const struct recipe for_profiles[] = {
	{16, throw_corners}, {22, throw_hole}, {10, throw_scattered}, {9, throw_grid},
	{10, throw_circle},  {14, throw_slot}, {11, throw_window},    {8, throw_bore},
};

static const struct recipe for_discs[] = {
	{12, throw_hole}, {12, throw_circle}, {6, throw_slot}, {6, throw_window}, {8, throw_bore},
};

static const struct recipe for_tables[] = {
	{3, throw_corners},
	{8, throw_hole},
	{6, throw_scattered},
};

static bool throw_of(struct plate_maker *m, const struct recipe *list, int count)
{
	int total = 0, pick, i = 0;

	for (int k = 0; k < count; k++)
		total += list[k].weight;
	pick = (int)rng_below(m->rng, (uint32_t)total);
	while (pick >= list[i].weight)
		pick -= list[i++].weight;
	for (int k = 0; k < THROWS; k++)
		if (list[i].throw(m))
			return true;
	return false;
}

static bool throw_one(struct plate_maker *m)
{
	if (m->is_disc)
		return throw_of(m, for_discs, (int)(sizeof(for_discs) / sizeof(*for_discs)));
	return throw_of(m, for_profiles, (int)(sizeof(for_profiles) / sizeof(*for_profiles)));
}

/* A plate with a table has holes to put there. */
static void throw_rows(struct plate_maker *m)
{
	int wanted = (int)rng_range(m->rng, ROWS_LEAST, m->holes_max);

	for (int i = 0; i < ROW_THROWS && plate_count_rows(m) < wanted; i++)
		throw_of(m, for_tables, (int)(sizeof(for_tables) / sizeof(*for_tables)));
}

void plate_make_features(struct plate_maker *m)
{
	double area = m->free_mm[AXIS_X] * m->free_mm[AXIS_Y];
	int most = (int)fmax(2, fmin(8, area / 3500));
	int wanted = (int)rng_range(m->rng, 1, most);

	/* Few flanges are without a circle of holes. */
	if (m->is_disc && rng_chance(m->rng, 0.85))
		for (int k = 0; k < THROWS && !throw_circle(m); k++)
			;
	if (m->scene->arrangement == ARRANGE_ORDINATE)
		wanted = (int)fmin(most, wanted + (int)rng_range(m->rng, 0, ORDINATES_MORE));
	if (m->scene->arrangement == ARRANGE_TABLE) {
		throw_rows(m);
		wanted = wanted > 3 ? 2 : wanted - 1;
	}
	for (int i = 0; i < TRIES * most && wanted > 0; i++)
		wanted -= throw_one(m);
}
