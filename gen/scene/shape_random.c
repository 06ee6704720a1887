/* SPDX-License-Identifier: MIT */
/*
 * Every maker fills in canonical form, so that one picture has one label: rectangles turn by less
 * than a right angle, slots and lines point into the upper half plane, a turned ellipse has its
 * longer axis first, polygons turn by less than their pitch, triangles run counter-clockwise from
 * their lowest left corner and polylines start at the end that is farther left.
 */
#include <config.h>

#include <assert.h>
#include <math.h>

#include "gen/scene/shape_random.h"

#define PAPER_MIN_MM 10.0
#define LARGE_ARC_MM 30.0
#define SHALLOW_SHARE 0.3 /* of arcs */

int64_t grid_from_paper(const struct shape_grid *grid, double paper_mm)
{
	double steps = paper_mm * 1000 / grid->paper_per_real / (double)grid->step_um;

	return (int64_t)floor(steps + 0.5) * grid->step_um;
}

double paper_from_real(const struct shape_grid *grid, int64_t um)
{
	return (double)um / 1000 * grid->paper_per_real;
}

/* A length between lo and hi on paper, on the grid, at least one step. */
static int64_t pick_length(const struct shape_grid *grid, double lo_mm, double hi_mm,
			   struct rng *rng)
{
	double mm = lo_mm + (max2(hi_mm, lo_mm) - lo_mm) * rng_unit(rng);
	int64_t um = grid_from_paper(grid, mm);

	while (um < grid->step_um || paper_from_real(grid, um) < lo_mm - 1e-9)
		um += grid->step_um;
	return um;
}

/* A radius whose diameter is on the grid. */
static int64_t pick_radius(const struct shape_grid *grid, double lo_mm, double hi_mm,
			   struct rng *rng)
{
	return pick_length(grid, 2 * lo_mm, 2 * hi_mm, rng) / 2;
}

/* A multiple of 5 (or, one in three, 15) degrees in lo..hi, in thousandths. */
static int64_t pick_angle(int lo_deg, int hi_deg, struct rng *rng)
{
	int step = rng_chance(rng, 1.0 / 3) ? 15 : 5;
	int first = (lo_deg + step - 1) / step, last = hi_deg / step;

	assert(first <= last);
	return rng_range(rng, first, last) * step * 1000;
}

/* A direction in the upper half plane away from the axes. */
static int64_t pick_slant(struct rng *rng)
{
	int64_t angle = pick_angle(15, 75, rng);

	return rng_chance(rng, 0.5) ? angle : angle + 90000;
}

/* Straight edges stay between the corners, or the figure would be a slot; a side too short for that
 * on its grid keeps its corners sharp. */
static void round_corners(struct shape *s, const struct shape_grid *grid, struct rng *rng)
{
	int64_t w = s->value[PARAM_WIDTH], h = s->value[PARAM_HEIGHT], small = w < h ? w : h;
	double small_mm = paper_from_real(grid, small);
	int64_t r = pick_length(grid, 2, max2(2, small_mm * 0.35), rng);

	if (2 * r <= small * 4 / 5)
		s->value[PARAM_R] = r;
	else
		s->kind = SHAPE_RECTANGLE;
}

static void make_rectangle(struct shape *s, const struct shape_grid *grid, double extent,
			   struct rng *rng)
{
	bool wide = rng_chance(rng, 0.6);
	double ratio = 0.4 + 0.6 * rng_unit(rng);

	s->value[PARAM_WIDTH] =
		pick_length(grid, PAPER_MIN_MM, wide ? extent : extent * ratio, rng);
	s->value[PARAM_HEIGHT] =
		pick_length(grid, PAPER_MIN_MM, wide ? extent * ratio : extent, rng);
	if (s->kind == SHAPE_ROUNDED_RECTANGLE)
		round_corners(s, grid, rng);
	else if (rng_chance(rng, 0.2))
		s->value[PARAM_ANGLE] = pick_angle(15, 75, rng);
}

static void make_ellipse(struct shape *s, const struct shape_grid *grid, double extent,
			 struct rng *rng)
{
	int64_t major = pick_radius(grid, 8, extent / 2, rng);
	double major_mm = paper_from_real(grid, major);
	int64_t minor = pick_radius(grid, max2(4, 0.35 * major_mm), 0.75 * major_mm, rng);
	bool turned = rng_chance(rng, 0.4), upright = rng_chance(rng, 0.5);

	if (minor >= major)
		minor = major - grid->step_um / 2;
	s->value[PARAM_RX] = !turned && upright ? minor : major;
	s->value[PARAM_RY] = !turned && upright ? major : minor;
	if (turned)
		s->value[PARAM_ANGLE] = pick_slant(rng);
}

/* A shallow piece of a large circle: its radius is foreshortened often. */
static void make_shallow_arc(struct shape *s, const struct shape_grid *grid, double extent,
			     struct rng *rng)
{
	s->value[PARAM_R] = pick_length(grid, LARGE_ARC_MM, extent, rng);
	s->value[PARAM_START] = pick_angle(15, 90, rng);
	s->value[PARAM_SWEEP] = pick_angle(40, 90, rng);
}

static void make_arc(struct shape *s, const struct shape_grid *grid, double extent, struct rng *rng)
{
	if (extent >= LARGE_ARC_MM && rng_chance(rng, SHALLOW_SHARE)) {
		make_shallow_arc(s, grid, extent, rng);
		return;
	}
	s->value[PARAM_R] = pick_length(grid, 10, max2(10, extent * 0.6), rng);
	if (rng_chance(rng, 0.4)) {
		s->value[PARAM_START] = rng_range(rng, 0, 3) * 90000;
		s->value[PARAM_SWEEP] = rng_range(rng, 1, 3) * 90000;
	} else {
		s->value[PARAM_START] = pick_angle(15, 90, rng);
		s->value[PARAM_SWEEP] = pick_angle(30, 150, rng);
	}
}

static void make_line(struct shape *s, const struct shape_grid *grid, double extent,
		      struct rng *rng)
{
	s->value[PARAM_LENGTH] = pick_length(grid, 15, extent, rng);
	if (rng_chance(rng, 0.7))
		s->value[PARAM_ANGLE] = pick_slant(rng);
	else
		s->value[PARAM_ANGLE] = rng_chance(rng, 0.5) ? 90000 : 0;
}

static void make_polygon(struct shape *s, const struct shape_grid *grid, double extent,
			 struct rng *rng)
{
	static const int sides[] = {3, 4, 5, 6, 6, 6, 8};
	int n = sides[rng_below(rng, sizeof(sides) / sizeof(*sides))];

	s->value[PARAM_R] = pick_radius(grid, 7, max2(7, extent / 2), rng);
	s->value[PARAM_SIDES] = n;
	if (rng_chance(rng, 0.3))
		s->value[PARAM_ANGLE] = pick_angle(10, 360 / n - 10, rng);
	else if (rng_chance(rng, 0.5))
		s->value[PARAM_ANGLE] = 90000 % (360000 / n);
}

static void make_slot(struct shape *s, const struct shape_grid *grid, double extent,
		      struct rng *rng)
{
	s->value[PARAM_R] = pick_length(grid, 3, max2(3, extent * 0.15), rng);
	s->value[PARAM_LENGTH] = pick_length(grid, 12, max2(12, extent * 0.8), rng);
	if (rng_chance(rng, 0.35))
		s->value[PARAM_ANGLE] = pick_slant(rng);
	else
		s->value[PARAM_ANGLE] = rng_chance(rng, 0.4) ? 90000 : 0;
}

/* Points run to the right, so the first is the leftmost. */
static void make_polyline(struct shape *s, const struct shape_grid *grid, double extent,
			  struct rng *rng)
{
	int64_t x = 0, y = grid_from_paper(grid, extent * 0.3);

	s->point_count = (int)rng_range(rng, 3, 5);
	for (int i = 0; i < s->point_count; i++) {
		s->points[i] = (struct point){x, y};
		if (rng_chance(rng, 0.75))
			x += pick_length(grid, 7, extent / 2, rng);
		else if (i > 0 && s->points[i].x == s->points[i - 1].x)
			x += pick_length(grid, 7, extent / 3, rng);
		if (rng_chance(rng, 0.6) || x == s->points[i].x) {
			bool up = rng_chance(rng, 0.5);
			int64_t step = pick_length(grid, 7, extent / 2, rng);

			y += up ? step : -step;
		}
	}
}

static void make_triangle(struct shape *s, const struct shape_grid *grid, double extent,
			  struct rng *rng)
{
	int64_t base = pick_length(grid, 15, extent, rng);
	int64_t height = pick_length(grid, 12, extent * 0.8, rng);

	s->point_count = 3;
	s->points[0] = (struct point){0, 0};
	s->points[1] = (struct point){base, 0};
	s->points[2] = (struct point){
		grid_from_paper(grid, paper_from_real(grid, base) * rng_unit(rng)), height};
	if (rng_chance(rng, 0.3))
		s->points[1].y =
			grid_from_paper(grid, paper_from_real(grid, height) * 0.5 * rng_unit(rng));
}

struct shape shape_random(const struct shape_grid *grid, double extent_mm, struct rng *rng)
{
	static const struct {
		enum shape_kind kind;
		int weight;
		void (*make)(struct shape *, const struct shape_grid *, double, struct rng *);
	} makers[] = {
		{SHAPE_RECTANGLE, 8, make_rectangle},
		{SHAPE_ROUNDED_RECTANGLE, 4, make_rectangle},
		{SHAPE_CIRCLE, 8, NULL},
		{SHAPE_ELLIPSE, 3, make_ellipse},
		{SHAPE_ARC, 4, make_arc},
		{SHAPE_LINE, 3, make_line},
		{SHAPE_POLYLINE, 2, make_polyline},
		{SHAPE_POLYGON, 4, make_polygon},
		{SHAPE_SLOT, 4, make_slot},
		{SHAPE_TRIANGLE, 3, make_triangle},
	};
	uint32_t total = 0, pick;
	size_t i = 0;
	struct shape shape = {0};

	for (size_t k = 0; k < sizeof(makers) / sizeof(*makers); k++)
		total += (uint32_t)makers[k].weight;
	pick = rng_below(rng, total);
	while (pick >= (uint32_t)makers[i].weight)
		pick -= (uint32_t)makers[i++].weight;
	shape.kind = makers[i].kind;
	if (makers[i].make)
		makers[i].make(&shape, grid, extent_mm, rng);
	else
		shape.value[PARAM_R] = pick_radius(grid, 4, max2(4, extent_mm / 2), rng);
	return shape;
}
