/* SPDX-License-Identifier: MIT */
/* convert_plan: which models are taken, by size, share and split, whatever fails; more are those and others. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gen/convert_plan_main.h"
#include "tests/random_shapes.h"

#define MODELS 500

static struct model_file files[MODELS];
static struct model_list list = {.models = files, .count = MODELS};
static char names[MODELS][16];
static bool bad[MODELS]; /* they fail */
static uint64_t seed;

static struct convert_options options(int64_t train, int64_t val)
{
	return (struct convert_options){
		.train_size = train, .val_size = val, .val_fraction = 0.2, .seed = seed};
}

/* A dataset, as its models' parts; MODEL_NEITHER: not in it. */
struct made {
	enum model_part part[MODELS];
	size_t train, val, tried, missing, total;
};

/* In each round models come to an end in some order; with `again` some were done by a run before. */
static struct made carried_out(const struct convert_options *o, bool split, const bool *before)
{
	struct convert_batch batch;
	struct convert_plan plan;
	struct made made = {.train = 0};

	convert_plan_new(&plan, o, &list, split);
	made.total = convert_plan_total(&plan);
	for (size_t i = 0; i < MODELS; i++)
		if (before && before[i]) {
			plan.models[i].is_done = true;
			plan.models[i].ok = !bad[i];
		}
	while ((batch = convert_plan_next(&plan)).count > 0)
		for (size_t i = 0; i < batch.count; i++) {
			struct converted_model *model = &plan.models[batch.items[i]];

			assert_false(model->is_done);
			model->is_done = true;
			model->ok = !bad[batch.items[i]];
			made.tried++;
		}
	made.missing = convert_plan_missing(&plan);
	for (size_t i = 0; i < MODELS; i++) {
		bool is_in = plan.models[i].is_done && plan.models[i].ok;

		made.part[i] = is_in ? plan.models[i].part : MODEL_NEITHER;
		made.train += made.part[i] == MODEL_TRAIN;
		made.val += made.part[i] == MODEL_VAL;
	}
	convert_plan_free(&plan);
	return made;
}

static struct made sized(int64_t train, int64_t val)
{
	struct convert_options o = options(train, val);

	return carried_out(&o, false, NULL);
}

static int draw(void **state)
{
	struct rng rng = rng_seed(seed, 1);

	(void)state;
	for (size_t i = 0; i < MODELS; i++) {
		snprintf(names[i], sizeof(names[i]), "%08zu", i);
		files[i] = (struct model_file){names[i], names[i], MODEL_TRAIN, 0};
		bad[i] = rng_chance(&rng, 0.1);
	}
	return 0;
}

static size_t good_ones(void)
{
	size_t n = 0;

	for (size_t i = 0; i < MODELS; i++)
		n += !bad[i];
	return n;
}

static void test_all(void **state)
{
	struct made made = sized(CONVERT_ALL, CONVERT_ALL);

	(void)state;
	assert_int_equal(made.tried, MODELS);
	assert_int_equal(made.total, MODELS);
	assert_int_equal(made.missing, 0);
	assert_int_equal(made.train + made.val, good_ones());
	assert_in_range(made.val, 40, 150); /* a fifth of some 450 */
}

static void test_sizes(void **state)
{
	struct made made = sized(200, 50);

	(void)state;
	assert_int_equal(made.train, 200);
	assert_int_equal(made.val, 50);
	assert_int_equal(made.total, 250);
	assert_int_equal(made.missing, 0);
	assert_in_range(made.tried, 250, 400);
	made = sized(0, 7);
	assert_int_equal(made.train, 0);
	assert_int_equal(made.val, 7);
	made = sized(7, CONVERT_ALL);
	assert_int_equal(made.train, 7);
	assert_in_range(made.val, 40, 150);
	made = sized(CONVERT_ALL, 7);
	assert_int_equal(made.val, 7);
	assert_int_equal(made.train + made.val, good_ones());
}

/* All of either that is in the first is in the second. */
static void assert_begins_with(const struct made *more, const struct made *less)
{
	for (size_t i = 0; i < MODELS; i++)
		if (less->part[i] != MODEL_NEITHER)
			assert_int_equal(more->part[i], less->part[i]);
}

static void test_growth(void **state)
{
	struct made less = sized(100, 30), more = sized(250, 60), other;

	(void)state;
	assert_begins_with(&more, &less);
	other = sized(100, 60);
	assert_begins_with(&other, &less);
	seed++;
	other = sized(100, 30);
	seed--;
	assert_memory_not_equal(other.part, less.part, sizeof(less.part));
}

static void test_missing(void **state)
{
	size_t good = good_ones();
	struct made made = sized((int64_t)good - 50, 51);

	(void)state;
	assert_int_equal(made.val, 51);
	assert_int_equal(made.train, good - 51);
	assert_int_equal(made.missing, 1);
	assert_int_equal(made.tried, MODELS);
	made = sized((int64_t)good - 50, 50);
	assert_int_equal(made.missing, 0);
	made = sized(1000, 1000);
	assert_int_equal(made.missing, 2000 - good);
}

static void test_resumed(void **state)
{
	struct convert_options o = options(200, 50);
	struct made whole = carried_out(&o, false, NULL), again;
	struct rng rng = rng_seed(seed, 2);
	bool before[MODELS];

	(void)state;
	for (size_t i = 0; i < MODELS; i++) {
		bool chance = rng_chance(&rng, 0.5);

		before[i] = chance && whole.part[i] != MODEL_NEITHER;
	}
	again = carried_out(&o, false, before);
	assert_memory_equal(again.part, whole.part, sizeof(whole.part));
	assert_true(again.tried < whole.tried);
}

static void test_split(void **state)
{
	struct convert_options o = options(CONVERT_ALL, CONVERT_ALL);
	struct made made;

	(void)state;
	for (size_t i = 0; i < MODELS; i++)
		files[i].part = (enum model_part)(i % 3);
	made = carried_out(&o, true, NULL);
	for (size_t i = 0; i < MODELS; i++)
		assert_int_equal(made.part[i], bad[i] ? MODEL_NEITHER : files[i].part);
	o = options(20, 200);
	made = carried_out(&o, true, NULL);
	assert_int_equal(made.train, 20);
	assert_int_equal(made.missing, 200 - made.val);
	assert_int_equal(made.total, 20 + MODELS / 3 + 1);
	for (size_t i = 0; i < MODELS; i++)
		assert_true(made.part[i] == MODEL_NEITHER || made.part[i] == files[i].part);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_all, draw),
		cmocka_unit_test_setup(test_sizes, draw),
		cmocka_unit_test_setup(test_growth, draw),
		cmocka_unit_test_setup(test_missing, draw),
		cmocka_unit_test_setup(test_resumed, draw),
		cmocka_unit_test_setup(test_split, draw),
	};

	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
