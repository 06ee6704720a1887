/* SPDX-License-Identifier: MIT */
/*
 * Random shapes by trial: values are drawn from the tables of shape.h until shape_check is content.
 */
#include <config.h>

#include "tests/random_shapes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/num.h"

uint64_t test_seed(void)
{
	const char *given = getenv("CADGEN_TEST_SEED");
	uint64_t seed;

	if (!given || num_uint64(given, &seed) < 0)
		seed = (uint64_t)time(NULL);
	printf("# seed %" PRIu64 "\n", seed);
	return seed;
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

static void draw_points(struct shape *shape, struct rng *rng)
{
	int64_t lo, hi;

	param_bounds(PARAM_POINTS, &lo, &hi);
	shape->point_count = 3;
	if (shape->kind == SHAPE_POLYLINE)
		shape->point_count = (int)rng_range(rng, 3, SHAPE_POINTS_MAX);
	for (int i = 0; i < shape->point_count; i++) {
		shape->points[i].x = random_value(rng, lo, hi);
		shape->points[i].y = random_value(rng, lo, hi);
	}
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
}

struct shape random_shape(struct rng *rng)
{
	enum shape_kind kind = (enum shape_kind)rng_below(rng, SHAPE_COUNT_);
	struct err err;

	for (;;) {
		struct shape shape = {.kind = kind};

		draw_values(&shape, rng);
		if (shape_check(&shape, &err) == 0)
			return shape;
	}
}

struct shape *random_shapes(struct rng *rng, int n, struct arena *arena)
{
	struct shape *shapes = ARENA_NEW(arena, struct shape, n);

	for (int i = 0; i < n; i++)
		shapes[i] = random_shape(rng);
	return shapes;
}

static int compare_shapes(const void *a, const void *b)
{
	return shape_compare(a, b);
}

static struct dimension random_dimension(struct rng *rng, const struct scene *scene)
{
	struct dimension dim = {.kind = (enum dim_kind)rng_below(rng, DIM_COUNT_)};
	const struct shape *shape;
	enum param params[PARAM_COUNT_];

	dim.shape = (int)rng_below(rng, (uint32_t)scene->shape_count);
	shape = &scene->shapes[dim.shape];
	dim.param = params[rng_below(rng, (uint32_t)shape_params(shape->kind, params))];
	if (dim.param == PARAM_POINTS)
		dim.point = (int)rng_below(rng, (uint32_t)shape->point_count);
	return dim;
}

struct scene random_scene(struct rng *rng, struct arena *arena)
{
	int64_t width = rng_range(rng, 50000, 2000000);
	int64_t height = rng_chance(rng, 0.5) ? width : rng_range(rng, 50000, 2000000);
	struct scene scene = {
		.family = (enum family)rng_below(rng, FAMILY_COUNT_),
		.sheet_um = {width, height},
		.scale_paper = (int)rng_range(rng, 1, 1000),
		.scale_real = (int)rng_range(rng, 1, 1000),
		.arrangement = (enum arrangement)rng_below(rng, ARRANGE_COUNT_),
		.attempt = rng_chance(rng, 0.5) ? 0 : rng_u32(rng),
		.shape_count = (int)rng_range(rng, 1, rng_chance(rng, 0.1) ? SCENE_SHAPES_MAX : 8),
		.dimension_count = (int)rng_range(rng, 0, rng_chance(rng, 0.1) ? 100 : 20),
	};

	scene.shapes = random_shapes(rng, scene.shape_count, arena);
	qsort(scene.shapes, (size_t)scene.shape_count, sizeof(struct shape), compare_shapes);
	scene.dimensions = ARENA_NEW(arena, struct dimension, scene.dimension_count);
	for (int i = 0; i < scene.dimension_count; i++)
		scene.dimensions[i] = random_dimension(rng, &scene);
	return scene;
}
