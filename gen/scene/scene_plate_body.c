/* SPDX-License-Identifier: MIT */
/*
 * Outlines of plates: a table of makers, each of which lists the corners of one kind, in shares of the
 * box, from the lowest left corner on. All corners lie on the grid; a symmetric box is an even number
 * of steps wide, so that its middle does, too.
 */
#include <config.h>

#include <math.h>

#include "gen/scene/scene_plate.h"

#define FILLET_SHARE 0.32 /* of the shortest edge, at most */
#define LARGE_MM 26.0     /* radii from this on are large */
#define LARGE_MOST_MM 80.0
#define LARGE_SHARE 0.72   /* of the shorter edge at the corner, at most */
#define OF_A_PAIR 0.55     /* of such a radius: two take of one edge */
#define LARGE_CORNERS 0.14 /* of profiles: the share with one or two large radii, and ... */
#define SMALL_CORNERS 0.47 /* ... with small ones, or chamfers */
#define DISC_SHARE 0.95    /* of the room that a box would have */

static const int64_t radii_mm[] = {
	1000,  1500,   2000,   2500,   3000,   4000,   5000,   6000,   8000,   10000, 12000, 15000,
	16000, 20000,  25000,  28000,  30000,  32000,  35000,  40000,  45000,  50000, 60000, 70000,
	80000, 100000, 120000, 150000, 200000, 250000, 300000, 400000, 500000, 0};
static const int64_t radii_inch[] = {30,   50,   60,   100,   125,   150,   200,   250,
				     300,  375,  400,  500,   600,   750,   1000,  1125,
				     1250, 1375, 1500, 1750,  2000,  2500,  3000,  4000,
				     5000, 6000, 8000, 10000, 12000, 15000, 20000, 0};
static const int64_t *const radii[UNIT_COUNT_] = {radii_mm, radii_inch};

static const int64_t thicknesses_mm[] = {500,   1000,  1500,  2000,  2500,  3000,  4000,
					 5000,  6000,  8000,  10000, 12000, 15000, 16000,
					 18000, 20000, 25000, 30000, 40000, 50000, 0};
static const int64_t thicknesses_inch[] = {50,  60,  100, 125, 150,  200,  250,  300,  375, 400,
					   500, 600, 625, 750, 1000, 1250, 1500, 2000, 0};
static const int64_t *const thicknesses[UNIT_COUNT_] = {thicknesses_mm, thicknesses_inch};

static double share(struct plate_maker *m, double lo, double hi)
{
	return lo + (hi - lo) * rng_unit(m->rng);
}

/* A share of the box along an axis, on the grid, off both ends. */
static int64_t along(struct plate_maker *m, int axis, double lo, double hi)
{
	int64_t steps = m->size[axis] / m->step;
	int64_t part = (int64_t)floor(share(m, lo, hi) * (double)steps + 0.5);

	return (part < 1 ? 1 : part > steps - 1 ? steps - 1 : part) * m->step;
}

static void add_corner(struct shape *profile, int64_t x, int64_t y)
{
	profile->points[profile->point_count++] = (struct point){x, y};
}

static void favour(struct plate_maker *m, int axis, int64_t at)
{
	at = at / m->step * m->step;
	m->favoured[axis][m->favoured_count[axis]++] = at;
}

static void make_rectangle(struct plate_maker *m, struct shape *p)
{
	m->is_plain = true;
	add_corner(p, 0, 0);
	add_corner(p, m->size[AXIS_X], 0);
	add_corner(p, m->size[AXIS_X], m->size[AXIS_Y]);
	add_corner(p, 0, m->size[AXIS_Y]);
}

/* One quarter is missing, most often the one farthest from the datum. */
static void make_l(struct plate_maker *m, struct shape *p)
{
	int64_t w = m->size[AXIS_X], h = m->size[AXIS_Y];
	int64_t x = along(m, AXIS_X, 0.3, 0.6), y = along(m, AXIS_Y, 0.3, 0.6);
	int where = (int)rng_below(m->rng, 10);

	if (where < 6) {
		add_corner(p, 0, 0);
		add_corner(p, w, 0);
		add_corner(p, w, y);
		add_corner(p, x, y);
		add_corner(p, x, h);
		add_corner(p, 0, h);
	} else if (where < 8) {
		add_corner(p, 0, 0);
		add_corner(p, w, 0);
		add_corner(p, w, h);
		add_corner(p, x, h);
		add_corner(p, x, y);
		add_corner(p, 0, y);
	} else {
		add_corner(p, 0, 0);
		add_corner(p, x, 0);
		add_corner(p, x, y);
		add_corner(p, w, y);
		add_corner(p, w, h);
		add_corner(p, 0, h);
	}
	favour(m, AXIS_X, where < 6 || where >= 8 ? x / 2 : (w + x) / 2);
	favour(m, AXIS_Y, where < 8 ? y / 2 : (h + y) / 2);
}

/* A stem on the middle of a foot, or hanging from a head. */
static void make_t(struct plate_maker *m, struct shape *p)
{
	int64_t w = m->size[AXIS_X], h = m->size[AXIS_Y];
	int64_t x = along(m, AXIS_X, 0.25, 0.36), y = along(m, AXIS_Y, 0.32, 0.5), right = w - x;
	bool hanging = rng_chance(m->rng, 0.3);

	if (hanging) {
		y = h - y;
		add_corner(p, x, 0);
		add_corner(p, right, 0);
		add_corner(p, right, y);
		add_corner(p, w, y);
		add_corner(p, w, h);
		add_corner(p, 0, h);
		add_corner(p, 0, y);
		add_corner(p, x, y);
	} else {
		add_corner(p, 0, 0);
		add_corner(p, w, 0);
		add_corner(p, w, y);
		add_corner(p, right, y);
		add_corner(p, right, h);
		add_corner(p, x, h);
		add_corner(p, x, y);
		add_corner(p, 0, y);
	}
	favour(m, AXIS_X, w / 2);
	favour(m, AXIS_Y, hanging ? (h + y) / 2 : y / 2);
	m->mirror[AXIS_X] = true;
}

/* Two arms on a foot, or a notch in the upper edge. */
static void make_u(struct plate_maker *m, struct shape *p)
{
	int64_t w = m->size[AXIS_X], h = m->size[AXIS_Y];
	bool even = rng_chance(m->rng, 0.75);
	int64_t left = along(m, AXIS_X, 0.24, 0.34), y = along(m, AXIS_Y, 0.35, 0.6);
	int64_t right = w - (even ? left : along(m, AXIS_X, 0.2, 0.4));

	add_corner(p, 0, 0);
	add_corner(p, w, 0);
	add_corner(p, w, h);
	add_corner(p, right, h);
	add_corner(p, right, y);
	add_corner(p, left, y);
	add_corner(p, left, h);
	add_corner(p, 0, h);
	favour(m, AXIS_X, left / 2);
	favour(m, AXIS_X, (w + right) / 2);
	favour(m, AXIS_Y, y / 2);
	m->mirror[AXIS_X] = w - right == left;
}

/* A square corner between two legs, their ends cut off, and the long edge between these. */
static void make_gusset(struct plate_maker *m, struct shape *p)
{
	int64_t w = m->size[AXIS_X], h = m->size[AXIS_Y];
	int64_t x = along(m, AXIS_X, 0.15, 0.35), y = along(m, AXIS_Y, 0.15, 0.35);

	add_corner(p, 0, 0);
	add_corner(p, w, 0);
	if (rng_chance(m->rng, 0.7)) {
		add_corner(p, w, y);
		add_corner(p, x, h);
		add_corner(p, 0, h);
	} else {
		add_corner(p, w, h);
		add_corner(p, w - x, h);
		add_corner(p, 0, y);
	}
	favour(m, AXIS_X, x / 2);
	favour(m, AXIS_Y, y / 2);
}

static void make_trapezium(struct plate_maker *m, struct shape *p)
{
	int64_t w = m->size[AXIS_X], h = m->size[AXIS_Y];
	bool even = rng_chance(m->rng, 0.6);
	int64_t left = along(m, AXIS_X, 0.1, 0.25), right = w - (even ? left : 0);

	add_corner(p, 0, 0);
	add_corner(p, w, 0);
	add_corner(p, right, h);
	add_corner(p, left, h);
	m->mirror[AXIS_X] = even;
}

/* Square below, with one or two oblique edges above. */
static void make_roof(struct plate_maker *m, struct shape *p)
{
	int64_t w = m->size[AXIS_X], h = m->size[AXIS_Y];
	bool even = rng_chance(m->rng, 0.5), flat = rng_chance(m->rng, 0.6);
	int64_t y = along(m, AXIS_Y, 0.4, 0.65), left_y = even ? y : along(m, AXIS_Y, 0.45, 0.8);
	int64_t x = along(m, AXIS_X, 0.2, 0.35);

	add_corner(p, 0, 0);
	add_corner(p, w, 0);
	add_corner(p, w, y);
	if (flat) {
		add_corner(p, w - x, h);
		add_corner(p, x, h);
	} else {
		add_corner(p, even ? w / 2 : x, h);
	}
	add_corner(p, 0, left_y);
	favour(m, AXIS_Y, y / 2);
	m->mirror[AXIS_X] = even;
}

/* One corner cut off, wide and not at 45 degrees but by chance. */
static void make_cut_corner(struct plate_maker *m, struct shape *p)
{
	int64_t w = m->size[AXIS_X], h = m->size[AXIS_Y];
	int64_t x = along(m, AXIS_X, 0.45, 0.75), y = along(m, AXIS_Y, 0.4, 0.7);

	add_corner(p, 0, 0);
	add_corner(p, w, 0);
	add_corner(p, w, y);
	add_corner(p, x, h);
	add_corner(p, 0, h);
}

static const struct {
	int weight;
	void (*make)(struct plate_maker *, struct shape *);
} makers[] = {
	{40, make_rectangle}, {11, make_l},        {8, make_t},    {8, make_u},
	{7, make_gusset},     {5, make_trapezium}, {5, make_roof}, {5, make_cut_corner},
};

static double edge_length(const struct shape *p, int i)
{
	struct point a = p->points[i], b = p->points[(i + 1) % p->point_count];

	return hypot((double)(b.x - a.x), (double)(b.y - a.y));
}

static bool is_square(const struct shape *p, int i)
{
	int n = p->point_count;
	struct point a = p->points[(i + n - 1) % n], b = p->points[i], c = p->points[(i + 1) % n];

	return (b.x - a.x) * (c.x - b.x) + (b.y - a.y) * (c.y - b.y) == 0;
}

static bool is_convex(const struct shape *p, int i)
{
	int n = p->point_count;
	struct point a = p->points[(i + n - 1) % n], b = p->points[i], c = p->points[(i + 1) % n];

	return (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x) > 0;
}

static void add_cut(struct plate_maker *m, enum shape_kind kind, struct point at, int64_t size)
{
	struct shape *s = &m->scene->shapes[m->scene->shape_count++];

	*s = (struct shape){.kind = kind};
	s->value[PARAM_X] = at.x;
	s->value[PARAM_Y] = at.y;
	s->value[kind == SHAPE_FILLET ? PARAM_R : PARAM_C] = size;
}

static double shortest_edge(const struct shape *p)
{
	double shortest = INFINITY;

	for (int i = 0; i < p->point_count; i++)
		shortest = fmin(shortest, edge_length(p, i));
	return shortest;
}

/* The radius whose arc takes as much of both edges at the corner as a large one may. */
static double largest_radius(const struct shape *p, int i)
{
	int n = p->point_count;
	struct point a = p->points[(i + n - 1) % n], b = p->points[i], c = p->points[(i + 1) % n];
	double before = edge_length(p, (i + n - 1) % n), after = edge_length(p, i);
	double cosine = ((double)(b.x - a.x) * (double)(c.x - b.x) +
			 (double)(b.y - a.y) * (double)(c.y - b.y)) /
			(before * after);
	double turn = acos(fmax(-1, fmin(1, cosine)));

	return LARGE_SHARE * fmin(before, after) / tan(turn / 2);
}

/* Whether two corners mirror each other about the plate's upright middle. */
static bool are_mirrored(const struct plate_maker *m, struct point a, struct point b)
{
	return a.x + b.x == m->size[AXIS_X] && a.y == b.y;
}

/* One outer corner with a large radius, or a symmetric pair: the arc of a gusset, of a round foot. */
static void round_largely(struct plate_maker *m, const struct shape *p)
{
	int first = (int)rng_below(m->rng, (uint32_t)p->point_count), at = -1;
	bool pair = m->mirror[AXIS_X] || rng_chance(m->rng, 0.3);
	int64_t r = 0;

	for (int i = 0; i < p->point_count && r == 0; i++) {
		double most_mm;

		at = (first + i) % p->point_count;
		most_mm = largest_radius(p, at) / 1000 * m->paper;
		if (is_convex(p, at))
			r = plate_pick_usual(m, radii, LARGE_MM, fmin(most_mm, LARGE_MOST_MM));
	}
	for (int i = 0; i < p->point_count && r > 0; i++) {
		bool other = pair && are_mirrored(m, p->points[i], p->points[at]) &&
			     (double)r <= OF_A_PAIR * largest_radius(p, i);

		if (i == at || other)
			add_cut(m, SHAPE_FILLET, p->points[i], r);
	}
}

/* Rounds or cuts square corners: all outer ones, or those of the upper or lower edge; inner ones get
 * fillets of their own, or of the same radius. */
static void cut_corners(struct plate_maker *m, const struct shape *p)
{
	double longest_mm = FILLET_SHARE * shortest_edge(p) / 1000 * m->paper;
	int64_t size = plate_pick_usual(m, radii, 2.5, fmin(longest_mm, 14));
	int64_t inner = plate_pick_usual(m, radii, 2, fmin(longest_mm, 8));
	enum shape_kind kind = rng_chance(m->rng, 0.68) ? SHAPE_FILLET : SHAPE_CHAMFER;
	int which = (int)rng_below(m->rng, 10);
	bool round_inner = rng_chance(m->rng, 0.5), round_oblique = rng_chance(m->rng, 0.3);

	for (int i = 0; i < p->point_count && size > 0 && inner > 0; i++) {
		struct point at = p->points[i];
		bool upper = at.y == m->size[AXIS_Y], lower = at.y == 0;

		if (!is_convex(p, i)) {
			if (round_inner && is_square(p, i))
				add_cut(m, SHAPE_FILLET, at, inner);
		} else if (!is_square(p, i)) {
			if (round_oblique && kind == SHAPE_FILLET)
				add_cut(m, SHAPE_FILLET, at, size);
		} else if (which < 5 || (which < 7 && upper) || (which == 7 && lower)) {
			add_cut(m, kind, at, size);
		}
	}
}

static void shape_corners(struct plate_maker *m, const struct shape *p)
{
	double pick = rng_unit(m->rng);

	if (pick < LARGE_CORNERS)
		round_largely(m, p);
	else if (pick < LARGE_CORNERS + SMALL_CORNERS)
		cut_corners(m, p);
}

/* A box that leaves room for dimensions round it; more of it where the sheet is small. */
static void pick_size(struct plate_maker *m)
{
	double wide = fmin(m->free_mm[AXIS_X] * share(m, 0.52, 0.8), m->view_mm[AXIS_X]);
	double high = fmin(m->free_mm[AXIS_Y] * share(m, 0.52, 0.8), m->view_mm[AXIS_Y]);
	double ratio = share(m, 0.42, 2.4);

	if (rng_chance(m->rng, 0.7)) {
		wide = fmin(wide, high * fmax(ratio, 1.3));
		high = fmin(high, wide / fmin(ratio, 0.8));
	}
	m->size[AXIS_X] = 2 * plate_snap(m, wide / 2);
	m->size[AXIS_Y] = 2 * plate_snap(m, high / 2);
}

static void pick_thickness(struct plate_maker *m, struct shape *body)
{
	double least_mm = fmin((double)m->size[AXIS_X], (double)m->size[AXIS_Y]) / 1000 * m->paper;
	int64_t t = plate_pick_usual(m, thicknesses, 0.05 * least_mm, 0.22 * least_mm);

	body->value[PARAM_THICKNESS] = t ? t : plate_snap(m, 0.1 * least_mm);
}

static void make_disc(struct plate_maker *m, struct shape *body)
{
	double least = fmin(m->free_mm[AXIS_X], m->free_mm[AXIS_Y]);
	/* Most of what is said of a disc stands on leaders, which need less room than rows. */
	double view = fmin(m->view_mm[AXIS_X], m->view_mm[AXIS_Y]) + m->row_mm * 0.7;
	double most = fmin(0.78 * least, view);
	int64_t d = 2 * plate_pick(m, 0.38 * most, 0.5 * most);

	*body = (struct shape){.kind = SHAPE_DISC};
	body->value[PARAM_D] = d;
	m->size[AXIS_X] = m->size[AXIS_Y] = d;
	m->is_disc = true;
	m->mirror[AXIS_X] = m->mirror[AXIS_Y] = true;
}

static void make_profile(struct plate_maker *m, struct shape *body, bool plain)
{
	int total = 0, pick, i = 0;

	for (size_t k = 0; k < sizeof(makers) / sizeof(*makers); k++)
		total += makers[k].weight;
	pick = (int)rng_below(m->rng, (uint32_t)total);
	while (pick >= makers[i].weight)
		pick -= makers[i++].weight;
	*body = (struct shape){.kind = SHAPE_PROFILE};
	pick_size(m);
	makers[plain ? 0 : i].make(m, body);
	if (m->is_plain) {
		bool both = rng_chance(m->rng, 0.45), upright = rng_chance(m->rng, 0.3);

		m->mirror[AXIS_X] = both || upright;
		m->mirror[AXIS_Y] = both;
	}
}

bool plate_make_body(struct plate_maker *m, bool plain)
{
	struct scene *scene = m->scene;
	struct shape *body = &scene->shapes[scene->shape_count++];
	struct path path;
	int shape;

	if (rng_chance(m->rng, 0.2) && !plain)
		make_disc(m, body);
	else
		make_profile(m, body, plain);
	pick_thickness(m, body);
	if (shape_check(body, NULL) < 0)
		return false;
	if (!m->is_disc && !plain)
		shape_corners(m, body);
	if (scene_check(scene, &shape, NULL) < 0)
		return false;
	path = plate_outline(scene, m->arena);
	m->outline = polyline_from_path(&path, 0.1 / m->paper, m->arena);
	return true;
}
