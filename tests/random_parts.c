/* SPDX-License-Identifier: MIT */
/*
 * Plates: one of six outlines, corners cut or rounded by at most a third of their edges, then
 * features that each keep a circle for themselves, with a wall round it. Turned parts: steps that
 * rise and then fall, so that no recess looks like a groove; at most one thing on each cylinder.
 * Cabinets: a box, and boards at places counted in boards.
 *
 * Everything is a multiple of a millimetre, or of 0.05 inch.
 */
#include <config.h>

#include "formats/scene/scene.h"
#include "tests/random_parts.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "tests/random_shapes.h"

struct part {
	struct rng *rng;
	int64_t step; /* what all sizes are multiples of */
	int count;
	struct shape *shapes;
};

static struct shape *add(struct part *part, enum shape_kind kind)
{
	struct shape *shape = &part->shapes[part->count++];

	assert(part->count <= PART_SHAPES_MAX);
	*shape = (struct shape){.kind = kind};
	return shape;
}

static int64_t steps(struct part *part, int64_t lo, int64_t hi)
{
	return rng_range(part->rng, lo, hi) * part->step;
}

static int compare(const void *a, const void *b)
{
	return shape_compare(a, b);
}

/* --- plates */

#define PLACES_MAX (SHAPE_POINTS_MAX + 16)

/* Circles that are taken, with the wall round them. */
struct plate {
	struct part *part;
	struct shape *outline;
	double wall;
	int place_count;
	struct {
		double x, y, r;
	} places[PLACES_MAX];
};

static void set_points(struct part *part, struct shape *shape, int n, const int64_t (*at)[2])
{
	shape->point_count = n;
	for (int i = 0; i < n; i++)
		shape->points[i] = (struct point){at[i][0] * part->step, at[i][1] * part->step};
}

static void draw_profile(struct part *part, struct shape *shape)
{
	struct rng *rng = part->rng;
	int64_t w = rng_range(rng, 60, 200), h = rng_range(rng, 50, 150);
	int64_t a = w * rng_range(rng, 25, 35) / 100, b = h * rng_range(rng, 30, 35) / 100;

	shape->value[PARAM_THICKNESS] = steps(part, 2, 40);
	switch (rng_below(rng, 6)) {
	case 0: /* an L */
		set_points(part, shape, 6,
			   (const int64_t[][2]){{0, 0}, {w, 0}, {w, b}, {a, b}, {a, h}, {0, h}});
		break;
	case 1: /* a U */
		set_points(part, shape, 8,
			   (const int64_t[][2]){{0, 0},
						{w, 0},
						{w, h},
						{w - a, h},
						{w - a, b},
						{a, b},
						{a, h},
						{0, h}});
		break;
	case 2: /* a cross */
		set_points(part, shape, 12,
			   (const int64_t[][2]){{a, 0},
						{w - a, 0},
						{w - a, b},
						{w, b},
						{w, h - b},
						{w - a, h - b},
						{w - a, h},
						{a, h},
						{a, h - b},
						{0, h - b},
						{0, b},
						{a, b}});
		break;
	case 3: /* a slanted corner */
		set_points(part, shape, 5,
			   (const int64_t[][2]){{0, 0}, {w, 0}, {w, b}, {w - a, h}, {0, h}});
		break;
	case 4: /* a trapezium */
		set_points(part, shape, 4,
			   (const int64_t[][2]){{0, 0}, {w, 0}, {w - a, h}, {a / 2, h}});
		break;
	default:
		set_points(part, shape, 4, (const int64_t[][2]){{0, 0}, {w, 0}, {w, h}, {0, h}});
		break;
	}
}

static void draw_disc(struct part *part, struct shape *shape)
{
	shape->value[PARAM_D] = 2 * steps(part, 25, 90);
	shape->value[PARAM_THICKNESS] = steps(part, 2, 40);
}

static double distance(double x, double y, struct point a, struct point b)
{
	double dx = (double)(b.x - a.x), dy = (double)(b.y - a.y);
	double px = x - (double)a.x, py = y - (double)a.y;
	double t = (px * dx + py * dy) / (dx * dx + dy * dy);

	t = t < 0 ? 0 : t > 1 ? 1 : t;
	return hypot(px - t * dx, py - t * dy);
}

/* How far inside the outline the point is; below 0 outside. */
static double depth_in(const struct shape *outline, double x, double y)
{
	const int64_t *v = outline->value;
	double least = INFINITY;
	bool inside = false;

	if (outline->kind == SHAPE_DISC)
		return (double)v[PARAM_D] / 2 -
		       hypot(x - (double)v[PARAM_X], y - (double)v[PARAM_Y]);
	for (int i = 0; i < outline->point_count; i++) {
		struct point a = outline->points[i];
		struct point b = outline->points[(i + 1) % outline->point_count];
		double d = distance(x, y, a, b);

		least = d < least ? d : least;
		if (((double)a.y > y) != ((double)b.y > y) &&
		    x < (double)a.x + (y - (double)a.y) * (double)(b.x - a.x) / (double)(b.y - a.y))
			inside = !inside;
	}
	return inside ? least : -least;
}

/* Takes the circle if it is free. */
static bool take(struct plate *plate, double x, double y, double r)
{
	if (depth_in(plate->outline, x, y) < r + plate->wall || plate->place_count == PLACES_MAX)
		return false;
	for (int i = 0; i < plate->place_count; i++)
		if (hypot(x - plate->places[i].x, y - plate->places[i].y) <
		    r + plate->places[i].r + plate->wall)
			return false;
	plate->places[plate->place_count].x = x;
	plate->places[plate->place_count].y = y;
	plate->places[plate->place_count++].r = r;
	return true;
}

/* Half the angle between the edges at corner i, and the shorter edge. */
static double half_angle(const struct shape *s, int i, double *shorter)
{
	int n = s->point_count;
	struct point p = s->points[i], a = s->points[(i + n - 1) % n], b = s->points[(i + 1) % n];
	double ax = (double)(a.x - p.x), ay = (double)(a.y - p.y);
	double bx = (double)(b.x - p.x), by = (double)(b.y - p.y);

	*shorter = fmin(hypot(ax, ay), hypot(bx, by));
	return fabs(atan2(ax * by - ay * bx, ax * bx + ay * by)) / 2;
}

static void draw_corners(struct plate *plate)
{
	struct part *part = plate->part;

	for (int i = 0; i < plate->outline->point_count; i++) {
		double shorter, half = half_angle(plate->outline, i, &shorter);
		bool square = fabs(half - M_PI / 4) < 1e-9, chamfer = rng_chance(part->rng, 0.5);
		int64_t most = (int64_t)(shorter / 3 * tan(half) / (double)part->step);
		struct point p = plate->outline->points[i];
		struct shape *corner;

		if (!rng_chance(part->rng, 0.4) || most < 1)
			continue;
		corner = add(part, chamfer && square ? SHAPE_CHAMFER : SHAPE_FILLET);
		corner->value[PARAM_X] = p.x;
		corner->value[PARAM_Y] = p.y;
		most = steps(part, 1, most < 20 ? most : 20);
		corner->value[corner->kind == SHAPE_FILLET ? PARAM_R : PARAM_C] = most;
		plate->places[plate->place_count].x = (double)p.x;
		plate->places[plate->place_count].y = (double)p.y;
		plate->places[plate->place_count++].r = (double)most / tan(half);
	}
}

static void draw_angle(struct part *part, struct shape *s)
{
	if (rng_chance(part->rng, 0.5))
		s->value[PARAM_ANGLE] = 15000 * rng_range(part->rng, 1, 23);
}

/* From the shape's x, y to the middle of what it takes. */
static void middle(const struct shape *s, double dx, double dy, double *x, double *y)
{
	double a = (double)s->value[PARAM_ANGLE] * M_PI / 180000;

	*x = (double)s->value[PARAM_X] + dx * cos(a) - dy * sin(a);
	*y = (double)s->value[PARAM_Y] + dx * sin(a) + dy * cos(a);
}

/* A window or a grid: its sizes, and the middle and radius of the circle round it. */
static double draw_wide(struct part *part, struct shape *s, double *x, double *y)
{
	int64_t *v = s->value;
	double w, h;

	if (s->kind == SHAPE_HOLE_GRID) {
		v[PARAM_D] = steps(part, 2, 8);
		v[PARAM_COLUMNS] = rng_range(part->rng, 1, 5);
		v[PARAM_ROWS] = rng_range(part->rng, v[PARAM_COLUMNS] == 1 ? 2 : 1, 4);
		if (v[PARAM_COLUMNS] > 1)
			v[PARAM_DX] = v[PARAM_D] + steps(part, 2, 12);
		if (v[PARAM_ROWS] > 1)
			v[PARAM_DY] = v[PARAM_D] + steps(part, 2, 12);
		w = (double)(v[PARAM_DX] * (v[PARAM_COLUMNS] - 1));
		h = (double)(v[PARAM_DY] * (v[PARAM_ROWS] - 1));
		middle(s, w / 2, h / 2, x, y);
		return (hypot(w, h) + (double)v[PARAM_D]) / 2;
	}
	draw_angle(part, s);
	if (s->kind == SHAPE_SLOT) {
		v[PARAM_R] = steps(part, 2, 6);
		v[PARAM_LENGTH] = steps(part, 4, 30);
		middle(s, (double)v[PARAM_LENGTH] / 2, 0, x, y);
		return (double)v[PARAM_LENGTH] / 2 + (double)v[PARAM_R];
	}
	v[PARAM_WIDTH] = steps(part, 6, 40);
	v[PARAM_HEIGHT] = steps(part, 6, 30);
	if (s->kind == SHAPE_ROUNDED_RECTANGLE)
		v[PARAM_R] = steps(part, 1, 2);
	w = (double)v[PARAM_WIDTH];
	h = (double)v[PARAM_HEIGHT];
	middle(s, w / 2, h / 2, x, y);
	return hypot(w, h) / 2;
}

/* Holes about x, y; the radius of the circle round them. */
static double draw_round(struct plate *plate, struct shape *s)
{
	struct part *part = plate->part;
	int64_t *v = s->value, depth = plate->outline->value[PARAM_THICKNESS];

	v[PARAM_D] = steps(part, 3, 20);
	if (s->kind == SHAPE_TAPPED_HOLE && rng_chance(part->rng, 0.5))
		v[PARAM_PITCH] = part->step == 1000 ? 250 * rng_range(part->rng, 2, 12) : 50;
	if (s->kind == SHAPE_COUNTERBORE) {
		v[PARAM_CBORE_D] = v[PARAM_D] + steps(part, 1, 10);
		v[PARAM_CBORE_DEPTH] = rng_range(part->rng, 1, depth / part->step - 1) * part->step;
		return (double)v[PARAM_CBORE_D] / 2;
	}
	if (s->kind == SHAPE_HOLE_CIRCLE) {
		int64_t count = rng_range(part->rng, 2, 12), pcd;

		v[PARAM_COUNT] = count;
		pcd = (int64_t)((double)(v[PARAM_D] + 2 * part->step) / sin(M_PI / (double)count));
		v[PARAM_PCD] = (pcd / part->step + rng_range(part->rng, 1, 20)) * part->step;
		if (rng_chance(part->rng, 0.5))
			v[PARAM_START] = 5000 * rng_range(part->rng, 0, (72 - 1) / count);
		return (double)(v[PARAM_PCD] + v[PARAM_D]) / 2;
	}
	return (double)v[PARAM_D] / 2;
}

static void draw_feature(struct plate *plate)
{
	static const enum shape_kind kinds[] = {
		SHAPE_HOLE,        SHAPE_HOLE,      SHAPE_COUNTERBORE,
		SHAPE_TAPPED_HOLE, SHAPE_HOLE_GRID, SHAPE_HOLE_CIRCLE,
		SHAPE_SLOT,        SHAPE_RECTANGLE, SHAPE_ROUNDED_RECTANGLE};
	struct part *part = plate->part;
	bool is_disc = plate->outline->kind == SHAPE_DISC;
	struct shape *s = add(part, kinds[rng_below(part->rng, 9)]);
	double x, y, r;

	s->value[PARAM_X] = steps(part, is_disc ? -90 : 0, 200);
	s->value[PARAM_Y] = steps(part, is_disc ? -90 : 0, 150);
	x = (double)s->value[PARAM_X];
	y = (double)s->value[PARAM_Y];
	if (s->kind == SHAPE_HOLE_GRID || s->kind == SHAPE_SLOT || s->kind == SHAPE_RECTANGLE ||
	    s->kind == SHAPE_ROUNDED_RECTANGLE)
		r = draw_wide(part, s, &x, &y);
	else
		r = draw_round(plate, s);
	if (!take(plate, x, y, r))
		part->count--;
}

static void draw_plate(struct part *part)
{
	struct plate plate = {.part = part, .wall = 3.0 * (double)part->step};
	int tries = (int)rng_range(part->rng, 0, 150);

	plate.outline = add(part, rng_chance(part->rng, 0.2) ? SHAPE_DISC : SHAPE_PROFILE);
	if (plate.outline->kind == SHAPE_DISC)
		draw_disc(part, plate.outline);
	else
		draw_profile(part, plate.outline);
	draw_corners(&plate);
	for (int i = 0; i < tries && part->count < PART_SHAPES_MAX / 2; i++)
		draw_feature(&plate);
}

/* --- turned parts */

#define KEYWAYS_MAX (SCENE_VIEWS_MAX - 1) /* each has its section */
#define STEPS_MAX 8

struct shaft {
	struct part *part;
	int step_count, keyways;
	struct {
		int64_t x, length, d, d2;
		bool is_cone, is_used; /* by something that lies on it */
	} at[STEPS_MAX];
	int64_t length;
};

static void draw_steps(struct shaft *shaft)
{
	struct part *part = shaft->part;
	int rising = (int)rng_range(part->rng, 1, 4);
	int64_t d = 2 * rng_range(part->rng, 6, 15);

	shaft->step_count = rising + (int)rng_range(part->rng, 0, 3);
	for (int i = 0; i < shaft->step_count; i++) {
		int64_t length = rng_range(part->rng, 12, 50), d2 = d;

		/* 45 degrees are a chamfer's. */
		if (rng_chance(part->rng, 0.2) && d >= 16)
			d2 += 2 * rng_range(part->rng, 1, 4) * (i < rising ? 1 : -1);
		shaft->at[i].x = shaft->length;
		shaft->at[i].length = length * part->step;
		shaft->at[i].d = d * part->step;
		shaft->at[i].d2 = d2 * part->step;
		shaft->at[i].is_cone = d2 != d;
		shaft->length += length * part->step;
		d = d2 + 2 * rng_range(part->rng, 3, 8) * (i + 1 < rising ? 1 : -1);
		if (d < 10) {
			shaft->step_count = i + 1;
			break;
		}
	}
}

static void add_steps(struct shaft *shaft)
{
	for (int i = 0; i < shaft->step_count; i++) {
		struct shape *s =
			add(shaft->part, shaft->at[i].is_cone ? SHAPE_CONE : SHAPE_CYLINDER);

		s->value[PARAM_X] = shaft->at[i].x;
		s->value[PARAM_LENGTH] = shaft->at[i].length;
		s->value[PARAM_D] = shaft->at[i].d;
		if (shaft->at[i].is_cone)
			s->value[PARAM_D2] = shaft->at[i].d2;
	}
}

/* A bore from one face into its step, or through all; its diameter. */
static int64_t add_bore(struct shaft *shaft, int step, bool is_right, bool is_through)
{
	struct part *part = shaft->part;
	int64_t d = shaft->at[step].d, d2 = shaft->at[step].d2, length;
	struct shape *s = add(part, SHAPE_BORE);

	d = d < d2 ? d : d2;
	if (is_through)
		for (int i = 0; i < shaft->step_count; i++) {
			int64_t end =
				shaft->at[i].d2 < shaft->at[i].d ? shaft->at[i].d2 : shaft->at[i].d;

			d = d < end ? d : end;
		}
	d = d / 2 / part->step / 2 * 2 * part->step;
	length = is_through ? shaft->length : shaft->at[step].length - 4 * part->step;
	s->value[PARAM_X] = is_right ? shaft->length - length : 0;
	s->value[PARAM_LENGTH] = length;
	s->value[PARAM_D] = d;
	for (int i = 0; i < shaft->step_count; i++)
		shaft->at[i].is_used = shaft->at[i].is_used || is_through || i == step;
	return d;
}

static void add_corner(struct shaft *shaft, enum shape_kind kind, int64_t x, int64_t d)
{
	struct shape *s = add(shaft->part, kind);

	s->value[PARAM_X] = x;
	s->value[PARAM_Y] = d / 2;
	s->value[kind == SHAPE_FILLET ? PARAM_R : PARAM_C] = shaft->part->step;
}

/* A bore opens at this face, or not; its chamfers. */
static void draw_face(struct shaft *shaft, bool is_right, int64_t bore_d)
{
	int i = is_right ? shaft->step_count - 1 : 0;
	int64_t x = is_right ? shaft->length : 0;

	if (!shaft->at[i].is_cone && rng_chance(shaft->part->rng, 0.6))
		add_corner(shaft, SHAPE_CHAMFER, x, shaft->at[i].d);
	if (bore_d && rng_chance(shaft->part->rng, 0.4))
		add_corner(shaft, SHAPE_CHAMFER, x, bore_d);
}

static void draw_bores(struct shaft *shaft)
{
	struct part *part = shaft->part;
	bool through = rng_chance(part->rng, 0.2);
	int last = shaft->step_count - 1;
	int64_t left = 0, right = 0;

	if (through || rng_chance(part->rng, 0.3))
		left = add_bore(shaft, 0, false, through);
	if (through)
		right = left;
	else if (last > 0 && rng_chance(part->rng, 0.3))
		right = add_bore(shaft, last, true, false);
	draw_face(shaft, false, left);
	draw_face(shaft, true, right);
}

/* Fillets in the corners of shoulders between cylinders, chamfers on their edges. */
static void draw_shoulders(struct shaft *shaft)
{
	for (int i = 1; i < shaft->step_count; i++) {
		bool up = shaft->at[i].d > shaft->at[i - 1].d2;
		int low = up ? i - 1 : i, high = up ? i : i - 1;
		int64_t x = shaft->at[i].x;

		if (!shaft->at[low].is_cone && rng_chance(shaft->part->rng, 0.4))
			add_corner(shaft, SHAPE_FILLET, x, shaft->at[low].d);
		if (!shaft->at[high].is_cone && rng_chance(shaft->part->rng, 0.3))
			add_corner(shaft, SHAPE_CHAMFER, x, shaft->at[high].d);
	}
}

/* A groove, a keyway, or a thread from a free end. */
static void draw_on_step(struct shaft *shaft, int i)
{
	struct part *part = shaft->part;
	int64_t d = shaft->at[i].d, x = shaft->at[i].x, length = shaft->at[i].length;
	bool ends = i == 0 || i == shaft->step_count - 1;
	int64_t most;
	struct shape *s;

	if (shaft->at[i].is_cone)
		return;
	if (rng_chance(part->rng, 0.4)) {
		s = add(part, SHAPE_GROOVE);
		s->value[PARAM_X] = x + steps(part, 3, 5);
		s->value[PARAM_WIDTH] = steps(part, 1, 3);
		s->value[PARAM_D] = d - steps(part, 1, 2);
	} else if (ends && rng_chance(part->rng, 0.4)) {
		s = add(part, SHAPE_THREAD);
		s->value[PARAM_LENGTH] = length;
		if (rng_chance(part->rng, 0.7))
			s->value[PARAM_LENGTH] -= steps(part, 3, 6);
		s->value[PARAM_X] = i == 0 ? x : x + length - s->value[PARAM_LENGTH];
		s->value[PARAM_D] = d;
		if (rng_chance(part->rng, 0.5))
			s->value[PARAM_PITCH] = part->step;
	} else if (!shaft->at[i].is_used && shaft->keyways < KEYWAYS_MAX &&
		   rng_chance(part->rng, 0.5)) {
		shaft->keyways++;
		s = add(part, SHAPE_KEYWAY);
		s->value[PARAM_X] = x + steps(part, 2, 3);
		s->value[PARAM_LENGTH] = length - steps(part, 5, 6);
		most = s->value[PARAM_LENGTH] / 2 < d / 3 ? s->value[PARAM_LENGTH] / 2 : d / 3;
		s->value[PARAM_WIDTH] = steps(part, 2, most / part->step);
		s->value[PARAM_DEPTH] = d / 4;
	}
}

static void draw_turned(struct part *part)
{
	struct shaft shaft = {.part = part};

	draw_steps(&shaft);
	add_steps(&shaft);
	draw_bores(&shaft);
	draw_shoulders(&shaft);
	for (int i = 0; i < shaft.step_count; i++)
		draw_on_step(&shaft, i);
}

/* --- cabinets */

/* A board or box by its lowest corner and its sides, in steps. */
static struct shape *add_box(struct part *part, enum shape_kind kind, const int64_t at[3],
			     const int64_t side[3])
{
	static const enum param centre[] = {PARAM_X, PARAM_Y, PARAM_Z};
	static const enum param sides[] = {PARAM_W, PARAM_D, PARAM_H};
	struct shape *s = add(part, kind);

	for (int i = 0; i < 3; i++) {
		s->value[centre[i]] = (2 * at[i] + side[i]) * part->step / 2;
		s->value[sides[i]] = side[i] * part->step;
	}
	return s;
}

static void draw_cabinet(struct part *part)
{
	struct rng *rng = part->rng;
	int64_t board = rng_range(rng, 12, 22), back = rng_range(rng, 3, 8);
	int64_t w = rng_range(rng, 400, 1200), d = rng_range(rng, 250, 600);
	int64_t h = rng_range(rng, 500, 2000), inner = h - 2 * board, half = w / 2, front = 0;
	struct shape *s = add_box(part, SHAPE_CARCASS, (const int64_t[]){0, 0, 0},
				  (const int64_t[]){w, d, h});

	s->value[PARAM_BP] = back * part->step;
	add_box(part, SHAPE_PARTITION, (const int64_t[]){half, 0, board},
		(const int64_t[]){board, d - back, inner});
	s = add_box(part, SHAPE_SHELVES, (const int64_t[]){board, 0, board},
		    (const int64_t[]){half - board, d - back, inner});
	s->value[PARAM_N] = rng_range(rng, 1, 6);
	s->value[PARAM_NKA] = s->value[PARAM_W];
	if (rng_chance(rng, 0.5)) {
		s = add_box(part, SHAPE_DRAWERS, (const int64_t[]){half + board, 0, board},
			    (const int64_t[]){w - half - 2 * board, d - back - 20, inner});
		s->value[PARAM_N] = rng_range(rng, 2, 6);
	}
	if (rng_chance(rng, 0.5)) {
		front = -board;
		add_box(part, rng_chance(rng, 0.5) ? SHAPE_DOOR_LEFT : SHAPE_DOOR_RIGHT,
			(const int64_t[]){0, front, 0}, (const int64_t[]){half, board, h});
	}
	if (rng_chance(rng, 0.5))
		add_box(part, SHAPE_PLINTH, (const int64_t[]){0, 20, -60},
			(const int64_t[]){w, board, 60});
	if (rng_chance(rng, 0.5))
		add_box(part, SHAPE_TOP_COVER, (const int64_t[]){0, front, h},
			(const int64_t[]){w, d - front, board});
	for (int i = 0; i < part->count; i++)
		part->shapes[i].value[PARAM_BT] = board * part->step;
}

int random_part(struct rng *rng, enum family family, enum unit unit,
		struct shape shapes[PART_SHAPES_MAX])
{
	struct part part = {.rng = rng, .step = unit == UNIT_INCH ? 50 : 1000, .shapes = shapes};
	int n;

	switch (family) {
	case FAMILY_PLATE:
		draw_plate(&part);
		break;
	case FAMILY_TURNED:
		draw_turned(&part);
		break;
	case FAMILY_CABINET:
		draw_cabinet(&part);
		break;
	default:
		n = (int)rng_range(rng, 1, 8);
		while (part.count < n)
			shapes[part.count++] = random_shape_of(rng, FAMILY_SHAPES);
		break;
	}
	qsort(shapes, (size_t)part.count, sizeof(*shapes), compare);
	return part.count;
}
