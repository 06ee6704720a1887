/* SPDX-License-Identifier: MIT */
/* part_from_seed: parts are one body whose volume each operation changes as it should; their numbers are
 * on a step; they depend on their seeds alone; all kinds of them come. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "gen/part/part_from_seed.h"
#include "tests/extent.h"
#include "tests/made_solids.h"
#include "tests/random_models.h"
#include "tests/random_shapes.h"

#define PARTS extent(300, 100)
#define EXACT 1e-9
#define STEP_LEAST 100 /* um */
#define WALL_M 0.002
#define WALL_SHARE 0.04

static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct deepcad_model made(const struct part_params *params, uint64_t seed, uint64_t index,
				 uint32_t attempt)
{
	struct deepcad_model model;
	struct err err = {0};

	if (part_from_seed(&model, params, seed, index, attempt, &arena, &err) < 0)
		fail_msg("%s", err.msg);
	return model;
}

static struct deepcad_model part_of(uint64_t seed, uint64_t index, uint32_t attempt, int most)
{
	const struct part_params params = {.operations_max = most};

	return made(&params, seed, index, attempt);
}

static struct deepcad_model turned_part(uint64_t seed, uint64_t index)
{
	const struct part_params params = {.operations_max = PART_OPERATIONS_MAX, .turned = 1};

	return made(&params, seed, index, 0);
}

/* --- solids ---------------------------------------------------------------------------------- */

/* The model's first operations. */
static struct deepcad_model first_of(const struct deepcad_model *model, int count)
{
	struct deepcad_model first = *model;

	first.feature_count = first.sketch_count = count;
	first.step_count = 2 * count;
	return first;
}

static struct solid_measures measures_of(const struct deepcad_model *model, int part)
{
	struct err err = {0};
	struct solid *solid = solid_from_deepcad(model, &err);
	struct solid_measures m;

	if (!solid)
		fail_msg("part %d: %s", part, err.msg);
	m = made_measures(solid);
	solid_free(solid);
	return m;
}

/* Of a half section of lines, by Pappus. */
static double turned_volume(const struct deepcad_feature *e)
{
	const struct deepcad_loop *loop = &e->regions[0].profile->loops[0];
	struct vec start = e->axis.start;
	struct vec side = vec_perp(vec_unit(vec_sub(e->axis.end, start)));
	double moment = 0;

	for (int i = 0; i < loop->count; i++) {
		struct vec a = vec_sub(loop->curves[i].start, start);
		struct vec b = vec_sub(loop->curves[i].end, start);

		moment += vec_cross(a, b) * vec_dot(vec_add(a, b), side) / 6;
	}
	return fabs(moment) * 2 * M_PI;
}

/* Of the prism, by its curves. */
static double swept_volume(const struct deepcad_feature *e)
{
	double area = 0, lo, hi;

	if (e->kind == DEEPCAD_REVOLVE)
		return turned_volume(e);
	deepcad_heights(e, &lo, &hi);
	for (int i = 0; i < e->count; i++)
		for (int k = 0; k < e->regions[i].profile->count; k++) {
			double part = fabs(e->regions[i].profile->loops[k].area);

			area += k == e->regions[i].profile->outer ? part : -part;
		}
	return area * (hi - lo);
}

/* What is joined lies outside of what is there, what is cut takes some away. */
static void check_operations(const struct deepcad_model *model, int part)
{
	double volume = 0;

	for (int i = 0; i < model->feature_count; i++) {
		const struct deepcad_feature *e = &model->features[i];
		struct deepcad_model first = first_of(model, i + 1);
		double after = measures_of(&first, part).volume, swept = swept_volume(e);
		double change = after - volume;

		if (e->operation <= DEEPCAD_JOIN ? fabs(change - swept) > 1e-7 * swept
						 : change >= -1e-7 * volume)
			fail_msg("part %d: %s changes %g m3 by %g", part, e->name, volume, change);
		/* Both volumes are integrated. */
		if (e->operation == DEEPCAD_CUT && -change > swept * (1 + 1e-7) + 1e-8 * volume)
			fail_msg("part %d: %s takes more than it is", part, e->name);
		volume = after;
	}
}

static void check_solid(const struct deepcad_model *model, int part)
{
	struct solid_measures m = measures_of(model, part);
	struct deepcad_bounds bounds = deepcad_bounds(model);

	assert_int_equal(m.bodies, 1);
	assert_true(m.volume > 0);
	assert_true(m.faces >= 3 && m.faces <= 200);
	/* Cuts never make a part shorter. */
	assert_vec3(bounds.lo, m.lo.x, m.lo.y, m.lo.z, 1e-8);
	assert_vec3(bounds.hi, m.hi.x, m.hi.y, m.hi.z, 1e-8);
	assert_true(model->has_box);
	assert_vec3(model->box_lo, m.lo.x, m.lo.y, m.lo.z, 1e-8);
	assert_vec3(model->box_hi, m.hi.x, m.hi.y, m.hi.z, 1e-8);
}

static void test_solids(void **state)
{
	uint64_t seed;

	(void)state;
	need_solids();
	seed = test_seed();
	for (int i = 0; i < PARTS; i++) {
		struct deepcad_model model = part_of(seed, (uint64_t)i, 0, PART_OPERATIONS_MAX);

		check_solid(&model, i);
		if (i % 5 == 0)
			check_operations(&model, i);
		arena_reset(&arena);
	}
}

static void test_turned_solids(void **state)
{
	uint64_t seed;

	(void)state;
	need_solids();
	seed = test_seed();
	for (int i = 0; i < PARTS / 2; i++) {
		struct deepcad_model model = turned_part(seed, (uint64_t)i);

		check_solid(&model, i);
		if (i % 5 == 0)
			check_operations(&model, i);
		arena_reset(&arena);
	}
}

/* --- numbers --------------------------------------------------------------------------------- */

static int64_t gcd(int64_t a, int64_t b)
{
	while (b != 0) {
		int64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a < 0 ? -a : a;
}

/* Takes a length, which is the double nearest to its whole micrometres, into the common divisor. */
static void measure(int64_t *common, double m)
{
	double um = round(m * 1e6);

	if (um / 1e6 != m || (m == 0 && signbit(m)))
		fail_msg("%.17g m is not of whole micrometres", m);
	*common = gcd(*common, (int64_t)um);
}

/* But the corners of hexagons, and holes on circles. */
static bool is_on_step(const struct deepcad_feature *e)
{
	return strcmp(e->name, part_feature_names[PART_BOLT_CIRCLE]) != 0 &&
	       strcmp(e->name, part_feature_names[PART_COUNTERBORE]) != 0 &&
	       strcmp(e->name, part_base_names[PART_HEXAGON]) != 0;
}

static void measure_curves(int64_t *common, const struct deepcad_profile *profile)
{
	for (int i = 0; i < profile->count; i++)
		for (int k = 0; k < profile->loops[i].count; k++) {
			const struct deepcad_curve *c = &profile->loops[i].curves[k];

			measure(common, c->centre.x);
			measure(common, c->centre.y);
			measure(common, c->radius);
			if (c->kind == DEEPCAD_CIRCLE)
				continue;
			measure(common, c->start.x);
			measure(common, c->start.y);
			measure(common, c->end.x);
			measure(common, c->end.y);
		}
}

/* The largest step that all lengths of the part are multiples of. */
static int64_t step_of(const struct deepcad_model *model)
{
	int64_t common = 0, fine = 0;

	for (int i = 0; i < model->feature_count; i++) {
		const struct deepcad_feature *e = &model->features[i];
		bool on_step = is_on_step(e);

		if (e->kind == DEEPCAD_EXTRUDE) {
			measure(&common, e->one);
			measure(&common, e->two);
		} else {
			measure(&common, e->axis.start.x);
			measure(&common, e->axis.end.y);
		}
		for (int k = 0; k < e->count; k++) {
			const struct deepcad_plane *plane = &e->regions[k].sketch->plane;
			int64_t *into = on_step ? &common : &fine;

			measure(into, plane->origin.x);
			measure(into, plane->origin.y);
			measure(into, plane->origin.z);
			measure_curves(into, e->regions[k].profile);
		}
	}
	return common;
}

static void test_numbers(void **state)
{
	uint64_t seed = test_seed();

	(void)state;
	for (int i = 0; i < 3 * PARTS; i++) {
		struct deepcad_model model =
			i % 3 ? part_of(seed, (uint64_t)i, 0, PART_OPERATIONS_MAX)
			      : turned_part(seed, (uint64_t)i);
		int64_t step = step_of(&model);

		if (step == 0 || step % STEP_LEAST != 0)
			fail_msg("part %d has a step of %lld um", i, (long long)step);
		arena_reset(&arena);
	}
}

static double longest_side(struct vec3 lo, struct vec3 hi)
{
	return max2(max2(hi.x - lo.x, hi.y - lo.y), hi.z - lo.z);
}

static double wall_of(const struct deepcad_model *model)
{
	return max2(WALL_M, WALL_SHARE * longest_side(model->box_lo, model->box_hi));
}

/* Bases that are bodies of their own, and what stands on them; cuts may be as shallow as they like. */
static void test_sizes(void **state)
{
	uint64_t seed = test_seed();

	(void)state;
	for (int i = 0; i < 2 * PARTS; i++) {
		struct deepcad_model model = part_of(seed, (uint64_t)i, 0, PART_OPERATIONS_MAX);
		double longest = longest_side(model.box_lo, model.box_hi), lo, hi;

		assert_true(longest > 0.02 - EXACT && longest < 0.4 + EXACT);
		deepcad_heights(&model.features[0], &lo, &hi);
		assert_true(hi - lo > wall_of(&model) - EXACT);
		arena_reset(&arena);
	}
}

/* Round profiles of one extrude leave a wall between each other. */
static void check_pitch(const struct deepcad_feature *e, double wall)
{
	for (int i = 0; i < e->count; i++)
		for (int k = 0; k < i; k++) {
			const struct deepcad_curve *a = &e->regions[i].profile->loops[0].curves[0];
			const struct deepcad_curve *b = &e->regions[k].profile->loops[0].curves[0];

			if (a->kind != DEEPCAD_CIRCLE || b->kind != DEEPCAD_CIRCLE)
				continue;
			if (vec_length(vec_sub(a->centre, b->centre)) - a->radius - b->radius <
			    wall - 2e-6)
				fail_msg("%s: a wall of less than %g", e->name, wall);
		}
}

static void test_pitches(void **state)
{
	uint64_t seed = test_seed();

	(void)state;
	for (int i = 0; i < 2 * PARTS; i++) {
		struct deepcad_model model = part_of(seed, (uint64_t)i, 0, PART_OPERATIONS_MAX);

		for (int k = 0; k < model.feature_count; k++)
			check_pitch(&model.features[k], wall_of(&model));
		arena_reset(&arena);
	}
}

/* --- models ---------------------------------------------------------------------------------- */

static void test_written(void **state)
{
	uint64_t seed = test_seed();
	struct buf text = {0};

	(void)state;
	for (int i = 0; i < PARTS; i++) {
		struct deepcad_model model = part_of(seed, (uint64_t)i, 0, PART_OPERATIONS_MAX),
				     again;
		struct err err = {0};

		buf_clear(&text);
		deepcad_write(&model, &text);
		if (deepcad_parse(&again, "part", text.data, text.len, &arena, &err) < 0)
			fail_msg("part %d: %s", i, err.msg);
		assert_same_models(&model, &again);
		arena_reset(&arena);
	}
	buf_free(&text);
}

static void assert_model_text(const char *expected, bool same, uint64_t seed, uint64_t index,
			      uint32_t attempt)
{
	struct deepcad_model model = part_of(seed, index, attempt, PART_OPERATIONS_MAX);
	struct buf text = {0};

	deepcad_write(&model, &text);
	if (same)
		assert_string_equal(text.data, expected);
	else
		assert_string_not_equal(text.data, expected);
	buf_free(&text);
}

static void test_seeds(void **state)
{
	uint64_t seed = test_seed();

	(void)state;
	for (uint64_t i = 0; i < 20; i++) {
		struct deepcad_model model = part_of(seed, i, 3, PART_OPERATIONS_MAX);
		struct buf text = {0};

		deepcad_write(&model, &text);
		assert_model_text(text.data, true, seed, i, 3);
		assert_model_text(text.data, false, seed, i + 1, 3);
		assert_model_text(text.data, false, seed, i, 4);
		assert_model_text(text.data, false, seed + 1, i, 3);
		buf_free(&text);
		arena_reset(&arena);
	}
}

static void test_operations_max(void **state)
{
	uint64_t seed = test_seed();
	struct part_params params = {.operations_max = 0};
	struct deepcad_model model;
	struct err err = {0};

	(void)state;
	for (int most = 1; most <= PART_OPERATIONS_MAX; most++)
		for (uint64_t i = 0; i < 100; i++) {
			model = part_of(seed, i, 0, most);
			assert_in_range(model.feature_count, 1, most);
			assert_int_equal(model.sketch_count, model.feature_count);
			assert_int_equal(model.features[0].operation, DEEPCAD_NEW_BODY);
			arena_reset(&arena);
		}
	for (int i = 0; i < 2; i++) {
		assert_int_equal(part_from_seed(&model, &params, 1, 1, 0, &arena, &err), -1);
		assert_int_equal(err.code, ERR_LIMIT);
		assert_non_null(strstr(err.msg, "allowed 1 to 6"));
		params.operations_max = PART_OPERATIONS_MAX + 1;
	}
}

/* --- kinds ----------------------------------------------------------------------------------- */

static int index_of(const char *const *names, const char *name)
{
	int i = 0;

	while (names[i] && strcmp(names[i], name) != 0)
		i++;
	return i;
}

struct counts {
	int base[PART_BASE_COUNT_ + 1], feature[PART_FEATURE_COUNT_ + 1];
	int extent[DEEPCAD_EXTENT_COUNT_], operation[DEEPCAD_OPERATION_COUNT_], backwards;
	int normal[6];
};

static void count_model(struct counts *counts, const struct deepcad_model *model)
{
	counts->base[index_of(part_base_names, model->features[0].name)]++;
	for (int i = 0; i < model->feature_count; i++) {
		const struct deepcad_feature *e = &model->features[i];
		struct vec3 z = e->regions[0].sketch->plane.z;

		if (i > 0)
			counts->feature[index_of(part_feature_names, e->name)]++;
		counts->extent[e->extent]++;
		counts->operation[e->operation]++;
		counts->backwards += e->one < 0;
		counts->normal[z.x != 0 ? z.x > 0 : z.y != 0 ? 2 + (z.y > 0) : 4 + (z.z > 0)]++;
	}
}

static void assert_all_there(const int *counts, int n, const char *const *names)
{
	for (int i = 0; i < n; i++)
		if (counts[i] == 0)
			fail_msg("no %s", names ? names[i] : "such plane");
}

static void test_kinds(void **state)
{
	uint64_t seed = test_seed_of_shares();
	struct counts counts = {0};

	(void)state;
	for (uint64_t i = 0; i < 500; i++) {
		struct deepcad_model model = part_of(seed, i, 0, PART_OPERATIONS_MAX);

		count_model(&counts, &model);
		arena_reset(&arena);
	}
	assert_all_there(counts.base, PART_BASE_COUNT_, part_base_names);
	assert_int_equal(counts.base[PART_BASE_COUNT_], 0);
	assert_all_there(counts.feature, PART_FEATURE_COUNT_, part_feature_names);
	assert_int_equal(counts.feature[PART_FEATURE_COUNT_], counts.base[PART_BRACKET]);
	assert_all_there(counts.extent, DEEPCAD_EXTENT_COUNT_, deepcad_extent_names);
	assert_all_there(counts.operation, DEEPCAD_OPERATION_COUNT_, deepcad_operation_names);
	assert_all_there(counts.normal, 6, NULL);
	assert_true(counts.backwards > 0);
}

static void test_turned_kinds(void **state)
{
	static const char *const features[] = {"bore",  "groove", "keyway", "bore keyway",
					       "flats", "flat",   "socket", NULL};
	uint64_t seed = test_seed_of_shares();
	int bases[PART_TURNED_COUNT_ + 1] = {0}, found[7] = {0},
				       holes[PART_FEATURE_COUNT_ + 1] = {0}, axes[3] = {0};

	(void)state;
	for (uint64_t i = 0; i < 500; i++) {
		struct deepcad_model model = turned_part(seed, i);
		struct vec3 size = vec3_sum(1, model.box_hi, -1, model.box_lo);

		bases[index_of(part_turned_names, model.features[0].name)]++;
		assert_int_equal(model.features[0].kind, DEEPCAD_REVOLVE);
		for (int k = 1; k < model.feature_count; k++)
			if (features[index_of(features, model.features[k].name)])
				found[index_of(features, model.features[k].name)]++;
			else
				holes[index_of(part_feature_names, model.features[k].name)]++;
		axes[size.y == size.z ? 0 : size.x == size.z ? 1 : 2]++;
		arena_reset(&arena);
	}
	assert_all_there(bases, PART_TURNED_COUNT_, part_turned_names);
	assert_int_equal(bases[PART_TURNED_COUNT_], 0);
	assert_all_there(found, 7, features);
	assert_int_equal(holes[PART_FEATURE_COUNT_], 0);
	assert_true(holes[PART_BOLT_CIRCLE] > 0 && holes[PART_CROSS_HOLE] > 0);
	assert_true(holes[PART_COUNTERBORE] > 0);
	assert_true(axes[0] > 350 && axes[1] > 0 && axes[2] > 0);
}

/* With a share of one half both kinds come. */
static void test_both_kinds(void **state)
{
	const struct part_params params = {.operations_max = 1, .turned = 0.5};
	uint64_t seed = test_seed_of_shares();
	int turned = 0;

	(void)state;
	for (uint64_t i = 0; i < 200; i++) {
		struct deepcad_model model = made(&params, seed, i, 0);

		turned += model.features[0].kind == DEEPCAD_REVOLVE;
		arena_reset(&arena);
	}
	assert_in_range(turned, 60, 140);
}

#define TEST(name) cmocka_unit_test_teardown(name, forget)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_solids),         TEST(test_numbers),    TEST(test_sizes),
		TEST(test_pitches),        TEST(test_written),    TEST(test_seeds),
		TEST(test_operations_max), TEST(test_kinds),      TEST(test_turned_solids),
		TEST(test_turned_kinds),   TEST(test_both_kinds),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
