/* SPDX-License-Identifier: MIT */
/* Programs by trial, kind by kind; scenes from whole parts, with dimensions of anything. */
#include <config.h>

#include "tests/random_programs.h"

#include <stdlib.h>
#include <string.h>

#include "tests/random_parts.h"
#include "tests/random_shapes.h"

/* A keyway on this cylinder. */
static struct shape keyway_on(struct rng *rng, const struct shape *cylinder)
{
	struct shape s = random_shape_of_kind(rng, SHAPE_KEYWAY);
	int64_t length = cylinder->value[PARAM_LENGTH], from;

	s.value[PARAM_LENGTH] = rng_range(rng, 1 + length / 2, length);
	from = rng_range(rng, 0, length - s.value[PARAM_LENGTH]);
	s.value[PARAM_X] = cylinder->value[PARAM_X] + from;
	s.value[PARAM_WIDTH] = 1 + s.value[PARAM_LENGTH] / 3;
	return s;
}

/* Anything but a second outline; the body is a plate's outline, or a cylinder or cone. */
static struct shape random_feature(struct rng *rng, enum family family, const struct shape *body)
{
	for (;;) {
		struct shape s = random_shape_of(rng, family);
		struct err err;

		if (s.kind == SHAPE_PROFILE || s.kind == SHAPE_DISC)
			continue;
		if (s.kind == SHAPE_KEYWAY && body->kind != SHAPE_CYLINDER)
			continue;
		if (s.kind == SHAPE_KEYWAY)
			s = keyway_on(rng, body);
		if (shape_check(&s, &err) == 0)
			return s;
	}
}

struct program random_program(struct rng *rng, enum family family, int most, struct arena *arena)
{
	struct program program = {.unit = rng_chance(rng, 0.3) ? UNIT_INCH : UNIT_MM};
	enum shape_kind kind = rng_chance(rng, 0.3) ? SHAPE_DISC : SHAPE_PROFILE;
	int base;

	program.shape_count = (int)rng_range(rng, 1, most);
	base = (int)rng_below(rng, (uint32_t)program.shape_count);
	program.shapes = ARENA_NEW(arena, struct shape, program.shape_count);
	if (family == FAMILY_TURNED)
		kind = rng_chance(rng, 0.3) ? SHAPE_CONE : SHAPE_CYLINDER;
	if (family == FAMILY_PLATE || family == FAMILY_TURNED)
		program.shapes[base] = random_shape_of_kind(rng, kind);
	else
		base = -1;
	for (int i = 0; i < program.shape_count; i++) {
		if (i == base)
			continue;
		program.shapes[i] = base < 0 ? random_shape_of(rng, family)
					     : random_feature(rng, family, &program.shapes[base]);
	}
	return program;
}

static int compare_shapes(const void *a, const void *b)
{
	return shape_compare(a, b);
}

struct program program_sorted(const struct program *program, struct arena *arena)
{
	struct program sorted = *program;
	size_t n = (size_t)program->shape_count;

	sorted.shapes = ARENA_NEW(arena, struct shape, n);
	memcpy(sorted.shapes, program->shapes, n * sizeof(struct shape));
	qsort(sorted.shapes, n, sizeof(struct shape), compare_shapes);
	return sorted;
}

static struct feature random_feature_of(struct rng *rng, const struct scene *scene)
{
	struct feature f = {.shape = (int)rng_below(rng, (uint32_t)scene->shape_count)};
	const struct shape *shape = &scene->shapes[f.shape];
	enum param params[PARAM_COUNT_];
	int n = shape_params(shape->kind, params);

	f.param = params[rng_below(rng, (uint32_t)n)];
	if (f.param == PARAM_POINTS)
		f.point = (int)rng_below(rng, (uint32_t)shape->point_count);
	return f;
}

static struct dimension random_dimension(struct rng *rng, const struct scene *scene)
{
	struct feature f = random_feature_of(rng, scene);
	struct dimension dim = {.kind = (enum dim_kind)rng_below(rng, DIM_COUNTERSINK),
				.shape = f.shape,
				.param = f.param,
				.point = f.point,
				.from = {.shape = SCENE_DATUM}};

	/* Only the sweep of an arc has a length. */
	if (scene->shapes[f.shape].kind == SHAPE_ARC && f.param == PARAM_SWEEP)
		dim.kind = DIM_ARC_LENGTH;
	else if (dim.kind == DIM_ARC_LENGTH)
		dim.kind = DIM_ANGULAR;
	if (rng_chance(rng, 0.3))
		dim.view = (int)rng_below(rng, SCENE_VIEWS_MAX);
	if (rng_chance(rng, 0.3))
		dim.from = random_feature_of(rng, scene);
	if (rng_chance(rng, 0.3))
		dim.count = (int)rng_range(rng, 1, 100);
	dim.reference = rng_chance(rng, 0.2);
	return dim;
}

/* Sections are for what has bores and no keyways. */
static enum section random_section(struct rng *rng, const struct scene *scene)
{
	bool bore = false, keyway = false;

	for (int i = 0; i < scene->shape_count; i++) {
		bore = bore || scene->shapes[i].kind == SHAPE_BORE;
		keyway = keyway || scene->shapes[i].kind == SHAPE_KEYWAY;
	}
	if (!bore || keyway)
		return SECTION_NONE;
	return rng_chance(rng, 0.5) ? SECTION_FULL : SECTION_HALF;
}

/* Leaves out the middle of a turned part's first step, where that is allowed. */
static void interrupt(struct scene *scene, struct rng *rng)
{
	const int64_t *v = scene->shapes[0].value;
	int at;

	if (scene->family != FAMILY_TURNED || rng_chance(rng, 0.3))
		return;
	scene->interrupted[0] = v[PARAM_X] + v[PARAM_LENGTH] / 4;
	scene->interrupted[1] = v[PARAM_X] + v[PARAM_LENGTH] * 3 / 4;
	if (scene_check(scene, &at, NULL) < 0)
		scene->interrupted[0] = scene->interrupted[1] = 0;
}

struct scene random_scene(struct rng *rng, struct arena *arena)
{
	struct scene scene = {.shapes = ARENA_NEW(arena, struct shape, PART_SHAPES_MAX)};

	scene.family = (enum family)rng_below(rng, FAMILY_COUNT_);
	scene.unit = rng_chance(rng, 0.3) ? UNIT_INCH : UNIT_MM;
	scene.sheet_um[0] = rng_range(rng, 50000, 2000000);
	scene.sheet_um[1] = scene.sheet_um[0];
	if (rng_chance(rng, 0.7))
		scene.sheet_um[1] = rng_range(rng, 50000, 2000000);
	scene.scale_paper = (int)rng_range(rng, 1, 1000);
	scene.scale_real = (int)rng_range(rng, 1, 1000);
	scene.arrangement = (enum arrangement)rng_below(
		rng, scene.family == FAMILY_PLATE ? ARRANGE_COUNT_ : ARRANGE_ORDINATE);
	scene.attempt = rng_chance(rng, 0.5) ? 0 : rng_u32(rng);
	scene.shape_count = random_part(rng, scene.family, scene.unit, scene.shapes);
	scene.section = random_section(rng, &scene);
	interrupt(&scene, rng);
	scene.dimension_count = (int)rng_range(rng, 0, rng_chance(rng, 0.1) ? 100 : 20);
	scene.dimensions = ARENA_NEW(arena, struct dimension, scene.dimension_count);
	for (int i = 0; i < scene.dimension_count; i++)
		scene.dimensions[i] = random_dimension(rng, &scene);
	return scene;
}
