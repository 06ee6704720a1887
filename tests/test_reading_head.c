/* SPDX-License-Identifier: MIT */
/*
 * reading_head: gradients of its own and of the vision tower's parameters against finite differences, in
 * double, together with the model's loss and alone; pictures about which nothing is known.
 */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "tests/model_fixture.h"
#include "tests/random_shapes.h"
#include "trainer/train/reading.h"
#include "trainer/train/reading_head.h"

#define STEP 1e-5
#define CLOSE 3e-6
#define WEIGHT 0.7

struct bench {
	struct model_fixture f;
	struct reading_head *head;
	int8_t *cells;
	size_t count;
	bool alone; /* the vision tower and the head, without the text */
};

/* Random answers, a third of them; of the first sample alone where `half`. */
static void start(struct bench *b, enum model_select select, bool half, uint64_t seed)
{
	struct model_config config = model_fixture_config();
	struct rng rng = rng_seed(seed, 7);
	int across;

	config.select = select;
	model_fixture_start(&b->f, &config, false, seed);
	across = config.vision.side / config.vision.patch;
	b->count = reading_answers(READING_QUESTION_COUNT_, across * across);
	b->cells = mem_alloc(SAMPLES * b->count, 1);
	for (size_t i = 0; i < SAMPLES * b->count; i++) {
		bool said = rng_chance(&rng, 0.3) && !(half && i >= b->count);
		int question = 0;

		while (reading_answers(question + 1, across * across) <= i % b->count)
			question++;
		b->cells[i] = said ? (int8_t)rng_below(
					     &rng, (uint32_t)reading_questions[question].classes)
				   : READING_UNSAID;
	}
	b->f.batch.cells = b->cells;
	b->head = reading_head_new(b->f.model, b->f.ops, seed);
	b->alone = false;
}

static void end(struct bench *b)
{
	reading_head_free(b->head);
	free(b->cells);
	model_fixture_end(&b->f);
}

/* The loss whose gradient is looked for; with `back`, that too. */
static double run(struct bench *b, bool back)
{
	struct batch *batch = &b->f.batch;
	double loss = 0;

	model_clear_grads(b->f.model);
	reading_head_clear_grads(b->head);
	if (b->alone) {
		model_look(b->f.model, batch);
	} else {
		model_forward(b->f.model, batch, 0);
		loss = model_loss(b->f.model) * batch->target_count;
	}
	loss += WEIGHT * reading_head_run(b->head, batch, WEIGHT);
	if (back && b->alone)
		model_look_back(b->f.model, batch);
	else if (back)
		model_backward(b->f.model, batch, 1);
	return loss;
}

static double slope_at(struct bench *b, struct tensor params, size_t at)
{
	double v = tensor_get(params, at), more, less;

	tensor_set(params, at, v + STEP);
	more = run(b, false);
	tensor_set(params, at, v - STEP);
	less = run(b, false);
	tensor_set(params, at, v);
	return (more - less) / (2 * STEP);
}

static void compare(struct bench *b, struct tensor params, const double *grads, size_t at)
{
	double slope = slope_at(b, params, at);

	if (fabs(grads[at] - slope) > CLOSE * fmax(1e-2, fmax(fabs(grads[at]), fabs(slope))))
		fail_msg("number %zu: gradient %.9g, slope %.9g", at, grads[at], slope);
}

static double *copy_of(struct tensor t, size_t n)
{
	double *copy = mem_alloc(n, sizeof(*copy));

	memcpy(copy, t.at, n * sizeof(*copy));
	return copy;
}

static void check_gradients(struct bench *b, struct rng *rng)
{
	const struct param_set *set = reading_head_params(b->head);
	const struct model_tensors *at = model_layout(b->f.model);
	double *own, *models;

	run(b, true);
	own = copy_of(set->grads, set->numbers);
	models = copy_of(model_grads(b->f.model), at->numbers);
	for (int i = 0; i < 60; i++)
		compare(b, set->params, own, rng_below(rng, (uint32_t)set->numbers));
	for (int i = 0; i < at->count; i++) {
		const struct model_tensor *t = &at->all[i];

		if (!b->alone || t->part == MODEL_PART_vision)
			compare(b, model_params(b->f.model), models,
				t->offset + rng_below(rng, (uint32_t)t->count));
	}
	free(own);
	free(models);
}

static void check_all(enum model_select select, bool alone, uint64_t which)
{
	uint64_t seed = test_seed();
	struct rng rng = rng_seed(seed, which);
	struct bench b;

	start(&b, select, false, seed);
	b.alone = alone;
	check_gradients(&b, &rng);
	end(&b);
}

static void test_along(void **state)
{
	(void)state;
	check_all(MODEL_SELECT_default, false, 1);
	check_all(MODEL_SELECT_full, false, 2);
}

static void test_alone(void **state)
{
	(void)state;
	check_all(MODEL_SELECT_default, true, 3);
	check_all(MODEL_SELECT_full, true, 4);
}

/* A picture about which nothing is known changes nothing; nor does the head, once it has been asked, what
 * the model does without it. */
static void test_unsaid(void **state)
{
	uint64_t seed = test_seed();
	struct bench b;
	double with, *grads;
	size_t n;

	(void)state;
	start(&b, MODEL_SELECT_default, true, seed);
	n = model_layout(b.f.model)->numbers;
	assert_true(reading_head_count(b.head, &b.f.batch) > 0);
	with = run(&b, true);
	memset(b.cells, READING_UNSAID, b.count);
	assert_int_equal(reading_head_count(b.head, &b.f.batch), 0);
	assert_true(run(&b, true) < with);
	for (size_t i = 0; i < reading_head_params(b.head)->numbers; i++)
		assert_true(tensor_get(reading_head_params(b.head)->grads, i) == 0);
	grads = copy_of(model_grads(b.f.model), n);
	model_fixture_back(&b.f, 0);
	assert_memory_equal(model_grads(b.f.model).at, grads, n * sizeof(*grads));
	free(grads);
	end(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_along),
		cmocka_unit_test(test_alone),
		cmocka_unit_test(test_unsaid),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
