/* SPDX-License-Identifier: MIT */
/*
 * Random shapes by trial: values are drawn from the tables of shape.h until shape_check is content.
 * What seldom comes out right is helped: outlines of many corners, grids, circles of holes.
 */
#include <config.h>

#include "tests/random_shapes.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/num.h"

static uint64_t seed_or(uint64_t other)
{
	const char *given = getenv("CADGEN_TEST_SEED");
	uint64_t seed;

	if (!given || num_uint64(given, &seed) < 0)
		seed = other;
	printf("# seed %" PRIu64 "\n", seed);
	return seed;
}

uint64_t test_seed(void)
{
	return seed_or((uint64_t)time(NULL));
}

uint64_t test_seed_of_shares(void)
{
	return seed_or(1);
}

const char *source_file(const char *rest)
{
	static char path[4096];
	const char *folder = getenv("CADGEN_SRCDIR");

	snprintf(path, sizeof(path), "%s/%s", folder ? folder : ".", rest);
	return path;
}

/* Within lo..hi, in steps that are coarse or fine, often small, sometimes a bound. */
static int64_t random_value(struct rng *rng, int64_t lo, int64_t hi)
{
	static const int64_t steps[] = {1, 10, 100, 1000, 10000};
	int64_t step = steps[rng_below(rng, 5)];
	int64_t span = rng_chance(rng, 0.5) ? 200 * step : hi;
	int64_t v;

	if (rng_chance(rng, 0.02))
		return rng_chance(rng, 0.5) ? lo : hi;
	v = rng_range(rng, lo < 0 ? -span : 0, span) / step * step;
	return v < lo ? lo : v > hi ? hi : v;
}

/* Corners round a centre, or anywhere: one outline in a hundred of those does not cross itself. */
static void draw_corners(struct shape *shape, struct rng *rng, int64_t lo, int64_t hi)
{
	int64_t x = random_value(rng, lo, hi), y = random_value(rng, lo, hi);
	double reach = (double)random_value(rng, 100, hi);

	for (int i = 0; i < shape->point_count; i++) {
		double angle = 2 * M_PI * (i + 0.8 * rng_unit(rng)) / shape->point_count;
		double r = reach * (0.2 + 0.8 * rng_unit(rng));

		shape->points[i].x = x + (int64_t)(r * cos(angle));
		shape->points[i].y = y + (int64_t)(r * sin(angle));
	}
}

static void draw_points(struct shape *shape, struct rng *rng)
{
	int64_t lo, hi;

	param_bounds(PARAM_POINTS, &lo, &hi);
	shape->point_count = 3;
	if (shape->kind == SHAPE_POLYLINE)
		shape->point_count = (int)rng_range(rng, 3, POLYLINE_POINTS_MAX);
	if (shape->kind == SHAPE_PROFILE)
		shape->point_count = (int)rng_range(rng, 3, SHAPE_POINTS_MAX);
	if (shape->kind == SHAPE_PROFILE && shape->point_count > 4) {
		draw_corners(shape, rng, lo, hi);
		return;
	}
	for (int i = 0; i < shape->point_count; i++) {
		shape->points[i].x = random_value(rng, lo, hi);
		shape->points[i].y = random_value(rng, lo, hi);
	}
}

/* A single column or row has no distance. */
static void draw_grid(struct shape *shape, struct rng *rng)
{
	int64_t *v = shape->value;

	if (rng_chance(rng, 0.3))
		v[PARAM_COLUMNS] = 1;
	else if (rng_chance(rng, 0.3))
		v[PARAM_ROWS] = 1;
	if (v[PARAM_COLUMNS] == 1)
		v[PARAM_DX] = 0;
	if (v[PARAM_ROWS] == 1)
		v[PARAM_DY] = 0;
}

static void draw_values(struct shape *shape, struct rng *rng)
{
	enum param params[PARAM_COUNT_];
	int n = shape_params(shape->kind, params);

	for (int i = 0; i < n; i++) {
		int64_t lo, hi;

		param_bounds(params[i], &lo, &hi);
		if (params[i] == PARAM_POINTS)
			draw_points(shape, rng);
		else if (param_kind(params[i]) == KIND_COUNT)
			shape->value[params[i]] = rng_range(rng, lo, hi);
		else if (param_is_optional(params[i]) && rng_chance(rng, 0.5))
			shape->value[params[i]] = 0;
		else
			shape->value[params[i]] = random_value(rng, lo, hi);
	}
	if (shape->kind == SHAPE_HOLE_GRID)
		draw_grid(shape, rng);
	if (shape->kind == SHAPE_HOLE_CIRCLE)
		shape->value[PARAM_START] %= (359999 / shape->value[PARAM_COUNT]) + 1;
}

struct shape random_shape_of_kind(struct rng *rng, enum shape_kind kind)
{
	struct err err;

	for (;;) {
		struct shape shape = {.kind = kind};

		draw_values(&shape, rng);
		if (shape_check(&shape, &err) == 0)
			return shape;
	}
}

struct shape random_shape(struct rng *rng)
{
	return random_shape_of_kind(rng, (enum shape_kind)rng_below(rng, SHAPE_COUNT_));
}

struct shape random_shape_of(struct rng *rng, enum family family)
{
	enum shape_kind kind;

	do {
		kind = (enum shape_kind)rng_below(rng, SHAPE_COUNT_);
	} while (!shape_is_of_family(kind, family));
	return random_shape_of_kind(rng, kind);
}
