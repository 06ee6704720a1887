/* SPDX-License-Identifier: MIT */
/*
 * lora: gradients of A and B against finite differences through the whole model, in double; the model's
 * matrices from A and B; what is adapted and what is not.
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
#include "trainer/train/lora.h"

#define RANK 3
#define STEP 1e-5
#define CLOSE 3e-6
#define PARTS (1u << MODEL_PART_vision | 1u << MODEL_PART_text)

static struct lora *adapt(struct model_fixture *f, unsigned parts, uint64_t seed)
{
	struct lora_settings settings = {RANK, 6, parts, seed};
	struct err err = {0};
	struct lora *lora = lora_new(f->model, f->ops, &settings, &err);

	if (!lora)
		fail_msg("%s", err.msg);
	return lora;
}

/* B, which begins at 0, becomes something. */
static void shake(struct lora *lora, struct rng *rng)
{
	const struct param_set *set = lora_params(lora);

	for (size_t i = 0; i < set->numbers; i++)
		tensor_set(set->params, i, tensor_get(set->params, i) + rng_unit(rng) - 0.5);
	lora_apply(lora);
}

static double loss_at(struct model_fixture *f, struct lora *lora, size_t at, double v)
{
	tensor_set(lora_params(lora)->params, at, v);
	lora_apply(lora);
	return model_fixture_loss(f, 0);
}

static void test_gradients(void **state)
{
	struct model_config config = model_fixture_config();
	struct model_fixture f;
	uint64_t seed = test_seed();
	struct rng rng = rng_seed(seed, 3);
	struct lora *lora;
	const struct param_set *set;
	int nonzero = 0;

	(void)state;
	model_fixture_start(&f, &config, false, seed);
	lora = adapt(&f, PARTS, seed);
	set = lora_params(lora);
	shake(lora, &rng);
	model_fixture_back(&f, 0);
	lora_gradients(lora);
	for (int i = 0; i < 60; i++) {
		size_t at = rng_below(&rng, (uint32_t)set->numbers);
		double v = tensor_get(set->params, at), given = tensor_get(set->grads, at);
		double more = loss_at(&f, lora, at, v + STEP);
		double slope = (more - loss_at(&f, lora, at, v - STEP)) / (2 * STEP);

		loss_at(&f, lora, at, v);
		nonzero += given != 0;
		if (fabs(given - slope) > CLOSE * fmax(1e-3, fmax(fabs(given), fabs(slope))))
			fail_msg("number %zu: gradient %.9g, slope %.9g", at, given, slope);
	}
	assert_true(nonzero > 50);
	lora_free(lora);
	model_fixture_end(&f);
}

/* W = W0 + B A where layers have matrices; all else, and with B = 0 everything, stays as it was. */
static void test_matrices(void **state)
{
	struct model_config config = model_fixture_config();
	struct model_fixture f;
	uint64_t seed = test_seed();
	struct rng rng = rng_seed(seed, 4);
	const struct model_tensors *at;
	struct lora *lora;
	double *before;
	size_t n, changed = 0;

	(void)state;
	model_fixture_start(&f, &config, false, seed);
	at = model_layout(f.model);
	n = at->numbers;
	before = mem_alloc(n, sizeof(*before));
	memcpy(before, model_params(f.model).at, n * sizeof(*before));
	lora = adapt(&f, 1u << MODEL_PART_text, seed);
	lora_apply(lora);
	assert_memory_equal(model_params(f.model).at, before, n * sizeof(*before));
	shake(lora, &rng);
	for (int i = 0; i < at->count; i++) {
		const struct model_tensor *t = &at->all[i];
		bool adapted = t->part == MODEL_PART_text && t->is_matrix && t->in_layer;
		size_t differ = 0;

		for (size_t k = t->offset; k < t->offset + t->count; k++)
			differ += tensor_get(model_params(f.model), k) != before[k];
		assert_true(adapted ? differ > t->count / 2 : differ == 0);
		changed += differ;
	}
	assert_true(changed > 0);
	free(before);
	lora_free(lora);
	model_fixture_end(&f);
}

/* A matrix of rank 1 more than the adapter's cannot be reached, one of its rank can: W - W0 of two thin
 * matrices has no more than RANK independent rows. */
static void test_rank(void **state)
{
	struct model_config config = model_fixture_config();
	struct model_fixture f;
	uint64_t seed = test_seed();
	struct rng rng = rng_seed(seed, 5);
	struct lora *lora;
	size_t at, rows = 10, columns = 12, rank = 0, numbers;
	double m[10][12];

	(void)state;
	model_fixture_start(&f, &config, false, seed);
	at = model_layout(f.model)->text[1].gate_up_w;
	for (size_t i = 0; i < rows * columns; i++)
		m[i / columns][i % columns] = -tensor_get(model_params(f.model), at + i);
	lora = adapt(&f, PARTS, seed);
	assert_true(tensor_get(lora_base(lora, &numbers), 0) != 0 && numbers > rows * columns);
	shake(lora, &rng);
	for (size_t i = 0; i < rows * columns; i++)
		m[i / columns][i % columns] += tensor_get(model_params(f.model), at + i);
	for (size_t c = 0; c < columns && rank < rows; c++) { /* Gauss */
		size_t best = rank;

		for (size_t r = rank; r < rows; r++)
			best = fabs(m[r][c]) > fabs(m[best][c]) ? r : best;
		if (fabs(m[best][c]) < 1e-9)
			continue;
		for (size_t k = 0; k < columns; k++) {
			double kept = m[rank][k];

			m[rank][k] = m[best][k];
			m[best][k] = kept;
		}
		for (size_t r = rank + 1; r < rows; r++) {
			double by = m[r][c] / m[rank][c];

			for (size_t k = 0; k < columns; k++)
				m[r][k] -= by * m[rank][k];
		}
		rank++;
	}
	assert_int_equal(rank, RANK);
	lora_free(lora);
	model_fixture_end(&f);
}

static void test_refused(void **state)
{
	struct model_config config = model_fixture_config();
	struct lora_settings settings = {9, 6, PARTS, 1};
	struct model_fixture f;
	struct err err = {0};

	(void)state;
	model_fixture_start(&f, &config, false, test_seed());
	assert_null(lora_new(f.model, f.ops, &settings, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(err.msg,
			    "rank 9: vision_tower.vision_model.encoder.layers.0.self_attn.q_proj."
			    "weight has 8 rows and 8 columns");
	model_fixture_end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gradients),
		cmocka_unit_test(test_matrices),
		cmocka_unit_test(test_rank),
		cmocka_unit_test(test_refused),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
