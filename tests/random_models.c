/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "tests/random_models.h"

static double between(struct rng *rng, double lo, double hi)
{
	return lo + (hi - lo) * rng_unit(rng);
}

/* As files have coordinates. */
static double rounded(double m)
{
	return round(m * 1e8) / 1e8;
}

static struct vec3 along(int axis, double sign)
{
	return (struct vec3){axis == 0 ? sign : 0, axis == 1 ? sign : 0, axis == 2 ? sign : 0};
}

/* Mostly along the axes, as most sketches lie. */
static struct deepcad_plane random_plane(struct rng *rng, double size)
{
	struct deepcad_plane plane;
	double theta = between(rng, 0, M_PI), phi = between(rng, -M_PI, M_PI);
	int axis = (int)rng_below(rng, 3), turn = 1 + (int)rng_below(rng, 2);
	double sign = rng_chance(rng, 0.5) ? 1 : -1, other = rng_chance(rng, 0.5) ? 1 : -1;

	plane.origin.x = rounded(between(rng, -size, size));
	plane.origin.y = rng_chance(rng, 0.5) ? -0.0 : rounded(between(rng, -size, size));
	plane.origin.z = rounded(between(rng, -size, size));
	plane.z = along(axis, sign);
	plane.x = along((axis + turn) % 3, other);
	if (rng_chance(rng, 0.3)) {
		plane.z = (struct vec3){sin(theta) * cos(phi), sin(theta) * sin(phi), cos(theta)};
		plane.x = (struct vec3){-sin(phi), cos(phi), 0};
	}
	plane.y = vec3_cross(plane.z, plane.x);
	return plane;
}

static struct deepcad_loop circle_loop(double x, double y, double radius, struct arena *arena)
{
	struct deepcad_loop loop = {ARENA_NEW(arena, struct deepcad_curve, 1), 1, 0};

	loop.curves[0] = (struct deepcad_curve){
		.kind = DEEPCAD_CIRCLE,
		.centre = vec(rounded(x), rounded(y)),
		.radius = rounded(radius),
		.sweep = 2 * M_PI,
	};
	loop.curves[0].start = loop.curves[0].end =
		vec(loop.curves[0].centre.x - loop.curves[0].radius, loop.curves[0].centre.y);
	loop.area = M_PI * loop.curves[0].radius * loop.curves[0].radius;
	return loop;
}

/* An arc, counter-clockwise from a to b. */
static void bend(struct deepcad_curve *curve, double sweep)
{
	struct vec chord = vec_sub(curve->end, curve->start);
	double half = vec_length(chord) / 2;
	struct vec middle = vec_scale(vec_add(curve->start, curve->end), 0.5);

	curve->kind = DEEPCAD_ARC;
	curve->radius = half / sin(sweep / 2);
	curve->centre =
		vec_add(middle, vec_scale(vec_perp(vec_unit(chord)), half / tan(sweep / 2)));
	curve->reference = vec_unit(vec_sub(curve->start, curve->centre));
	curve->end_angle = curve->sweep = sweep;
}

/* Round (x, y), at least half of the radius away, with some edges bent outwards. */
static struct deepcad_loop round_loop(struct rng *rng, double x, double y, double radius,
				      struct arena *arena)
{
	int count = (int)rng_range(rng, 3, 9);
	struct deepcad_loop loop = {ARENA_NEW(arena, struct deepcad_curve, count), count, 0};
	struct vec points[10];
	double from = between(rng, 0, 2 * M_PI);

	for (int i = 0; i < count; i++) {
		double r = radius * between(rng, 0.8, 1), angle = from + 2 * M_PI * i / count;

		points[i] = vec(rounded(x + r * cos(angle)), rounded(y + r * sin(angle)));
	}
	points[count] = points[0];
	for (int i = 0; i < count; i++) {
		loop.curves[i].start = points[i];
		loop.curves[i].end = points[i + 1];
		if (rng_chance(rng, 0.4))
			bend(&loop.curves[i], between(rng, 0.1, 0.4));
	}
	return loop;
}

static struct deepcad_profile random_profile(struct rng *rng, double size, struct arena *arena)
{
	struct deepcad_profile profile = {"P", ARENA_NEW(arena, struct deepcad_loop, 2), 0, 0};
	double x = between(rng, -size, size), y = between(rng, -size, size);

	if (rng_chance(rng, 0.3))
		profile.loops[profile.count++] =
			circle_loop(x, y, size * between(rng, 0.05, 0.25), arena);
	profile.outer = profile.count;
	if (rng_chance(rng, 0.3))
		profile.loops[profile.count++] = circle_loop(x, y, size, arena);
	else
		profile.loops[profile.count++] = round_loop(rng, x, y, size, arena);
	return profile;
}

/* Of an outer loop that is round: that of its corners, which are spread evenly. */
static struct vec middle_of(const struct deepcad_profile *profile)
{
	const struct deepcad_loop *outer = &profile->loops[profile->outer];
	struct vec sum = {0, 0};

	if (outer->curves[0].kind == DEEPCAD_CIRCLE)
		return outer->curves[0].centre;
	for (int i = 0; i < outer->count; i++)
		sum = vec_add(sum, outer->curves[i].start);
	return vec_scale(sum, 1.0 / outer->count);
}

static const char *const sketch_ids[] = {"S0", "S+", "S\xc3\xa9", "S\"3"};
static const char *const extrude_ids[] = {"E0_1", "E1", "E 2", "E3"};

static void add_pair(struct rng *rng, struct deepcad_model *model, double size, struct arena *arena)
{
	int n = model->feature_count++;
	struct deepcad_sketch *sketch = &model->sketches[model->sketch_count++];
	struct deepcad_feature *extrude = &model->features[n];

	*sketch = (struct deepcad_sketch){
		.id = sketch_ids[n],
		.name = "Sketch 1",
		.plane = random_plane(rng, size),
		.profiles = ARENA_NEW(arena, struct deepcad_profile, 1),
		.count = 1,
	};
	sketch->profiles[0] = random_profile(rng, size, arena);
	*extrude = (struct deepcad_feature){
		.id = extrude_ids[n],
		.name = "",
		.regions = ARENA_NEW(arena, struct deepcad_region, 1),
		.count = 1,
	};
	extrude->regions[0] = (struct deepcad_region){sketch, &sketch->profiles[0]};
	extrude->operation = (enum deepcad_operation)rng_below(rng, DEEPCAD_OPERATION_COUNT_);
	extrude->extent = (enum deepcad_extent)rng_below(rng, DEEPCAD_EXTENT_COUNT_);
	extrude->one = between(rng, 0.1, 1) * size;
	if (rng_chance(rng, 0.4))
		extrude->one = -extrude->one;
	extrude->two = rng_chance(rng, 0.5) ? 0 : between(rng, -1, 1) * size;
	model->steps[model->step_count++] = (struct deepcad_step){false, n};
	model->steps[model->step_count++] = (struct deepcad_step){true, n};
}

struct deepcad_model random_model(struct rng *rng, struct arena *arena)
{
	int pairs = (int)rng_range(rng, 1, 4);
	double size = pow(10, between(rng, -3, 1));
	struct deepcad_model model = {
		.sketches = ARENA_NEW(arena, struct deepcad_sketch, pairs),
		.features = ARENA_NEW(arena, struct deepcad_feature, pairs),
		.steps = ARENA_NEW(arena, struct deepcad_step, 2 * pairs),
		.has_box = true,
		.box_lo = {-size, -size / 3, -5e-18},
		.box_hi = {3 * size, size, size},
	};

	for (int i = 0; i < pairs; i++)
		add_pair(rng, &model, size, arena);
	return model;
}

/* Beside what lies within `radius` of the middle, mostly along the sketch's axes. */
static struct deepcad_axis random_axis(struct rng *rng, struct vec middle, double radius)
{
	double angle = rng_chance(rng, 0.5) ? M_PI / 2 * (double)rng_below(rng, 4)
					    : between(rng, -M_PI, M_PI);
	struct vec way = vec(cos(angle), sin(angle));
	struct vec start = vec_add(middle, vec_scale(vec_perp(way), radius * between(rng, 1, 2)));

	start = vec(rounded(start.x), rounded(start.y));
	return (struct deepcad_axis){start,
				     vec_add(start, vec_scale(way, between(rng, 0.1, 3) * radius))};
}

static void random_turn(struct rng *rng, struct deepcad_feature *revolve)
{
	revolve->extent = (enum deepcad_extent)rng_below(rng, DEEPCAD_EXTENT_COUNT_);
	revolve->one = between(rng, 0.1, 3);
	if (revolve->extent == DEEPCAD_TWO_SIDES)
		revolve->two = between(rng, -1, 3);
	if (rng_chance(rng, 0.3))
		revolve->one = -revolve->one;
	if (rng_chance(rng, 0.4)) {
		revolve->extent = DEEPCAD_ONE_SIDE;
		revolve->one = 2 * M_PI;
	}
}

struct deepcad_model random_revolve(struct rng *rng, struct arena *arena)
{
	double size = pow(10, between(rng, -3, 0));
	struct deepcad_model model = {
		.sketches = ARENA_NEW(arena, struct deepcad_sketch, 1),
		.features = ARENA_NEW(arena, struct deepcad_feature, 1),
		.steps = ARENA_NEW(arena, struct deepcad_step, 2),
	};
	struct deepcad_sketch *sketch = model.sketches;
	struct deepcad_feature *revolve = model.features;

	add_pair(rng, &model, size, arena);
	*revolve = (struct deepcad_feature){
		.kind = DEEPCAD_REVOLVE,
		.id = "R\"0",
		.name = "",
		.regions = revolve->regions,
		.count = 1,
	};
	/* The middle of random_profile's loops, and more than they reach from it. */
	revolve->axis = random_axis(rng, middle_of(&sketch->profiles[0]), 1.4 * size);
	random_turn(rng, revolve);
	return model;
}

static void turn(struct deepcad_curve *curve)
{
	struct vec start = curve->start;

	curve->start = curve->end;
	curve->end = start;
	curve->sweep = -curve->sweep;
}

static void scramble_loop(struct rng *rng, struct deepcad_loop *loop)
{
	for (int i = loop->count - 1; i > 0; i--) {
		int k = (int)rng_below(rng, (uint32_t)i + 1);
		struct deepcad_curve other = loop->curves[k];

		loop->curves[k] = loop->curves[i];
		loop->curves[i] = other;
		if (rng_chance(rng, 0.5))
			turn(&loop->curves[i]);
	}
}

void scramble_model(struct rng *rng, struct deepcad_model *model)
{
	for (int i = 0; i < model->sketch_count; i++)
		for (int j = 0; j < model->sketches[i].count; j++)
			for (int k = 0; k < model->sketches[i].profiles[j].count; k++)
				scramble_loop(rng, &model->sketches[i].profiles[j].loops[k]);
}

static void assert_same_profiles(const struct deepcad_profile *a, const struct deepcad_profile *b)
{
	assert_int_equal(a->outer, b->outer);
	for (int i = 0; i < a->count; i++)
		for (int k = 0; k < a->loops[i].count; k++)
			assert_true(a->loops[i].curves[k].sweep == b->loops[i].curves[k].sweep);
}

/* What is written has every number in full; the rest follows from it, and is looked at beside. */
void assert_same_models(const struct deepcad_model *a, const struct deepcad_model *b)
{
	struct buf text = {0}, other = {0};

	deepcad_write(a, &text);
	deepcad_write(b, &other);
	assert_string_equal(text.data, other.data);
	for (int i = 0; i < a->sketch_count; i++)
		for (int j = 0; j < a->sketches[i].count; j++)
			assert_same_profiles(&a->sketches[i].profiles[j],
					     &b->sketches[i].profiles[j]);
	buf_free(&text);
	buf_free(&other);
}
