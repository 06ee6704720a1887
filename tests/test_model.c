/* SPDX-License-Identifier: MIT */
/*
 * model on ops_ref in double: gradients against finite differences, in every tensor and every kind of
 * model; recomputation; what lies behind a sample's end; the count of operations.
 */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "tests/model_fixture.h"
#include "tests/random_shapes.h"

#define CLOSE 2e-6 /* of the larger of the two gradients, or of 1e-3 */

static bool is_used(const struct model_fixture *f, const char *name)
{
	int used = model_vision_layers(&f->config);
	const char *layer = strstr(name, "encoder.layers.");

	return !layer || atoi(layer + strlen("encoder.layers.")) < used;
}

/* Some numbers of every tensor. */
static void check_gradients(const struct model_config *config, double smoothing, uint64_t seed)
{
	struct model_fixture f;
	struct rng rng = rng_seed(seed, 2);
	const struct model_tensors *at;
	int nonzero = 0, count = 0;

	model_fixture_start(&f, config, false, seed);
	at = model_layout(f.model);
	model_fixture_back(&f, smoothing);
	for (int i = 0; i < at->count; i++)
		for (int k = 0; k < 3; k++) {
			const struct model_tensor *t = &at->all[i];
			size_t where = t->offset + rng_below(&rng, (uint32_t)t->count);
			double given = tensor_get(model_grads(f.model), where);
			double wanted = model_fixture_slope(&f, where, smoothing);

			if (fabs(given - wanted) >
			    CLOSE * fmax(1e-3, fmax(fabs(given), fabs(wanted))))
				fail_msg("%s[%zu]: gradient %.9g, slope %.9g", t->name,
					 where - t->offset, given, wanted);
			if (is_used(&f, t->name) && !strstr(t->name, "embed_tokens")) {
				nonzero += given != 0;
				count++;
			}
		}
	/* of the vocabulary not all occurs, nor do all of its biases matter */
	assert_true(nonzero > 0.9 * count);
	model_fixture_end(&f);
}

static void test_gradients(void **state)
{
	uint64_t seed = test_seed();
	struct model_config config = model_fixture_config();

	(void)state;
	check_gradients(&config, 0, seed);
	check_gradients(&config, 0.1, seed + 1);
	config.select = MODEL_SELECT_full;
	check_gradients(&config, 0, seed + 2);
	config.feature_layer = -2;
	config.text.tied = true;
	check_gradients(&config, 0, seed + 3);
	config.text.kv_heads = 4;
	config.text.layers = 1;
	check_gradients(&config, 0, seed + 4);
}

static void test_recompute(void **state)
{
	uint64_t seed = test_seed();
	struct model_config config = model_fixture_config();
	struct model_fixture keeps, again;
	size_t n;

	(void)state;
	model_fixture_start(&keeps, &config, false, seed);
	model_fixture_start(&again, &config, true, seed);
	assert_true(model_batch_bytes(again.model) < model_batch_bytes(keeps.model));
	model_fixture_back(&keeps, 0);
	model_fixture_back(&again, 0);
	n = model_layout(keeps.model)->numbers;
	assert_memory_equal(model_grads(keeps.model).at, model_grads(again.model).at,
			    n * sizeof(double));
	model_fixture_end(&keeps);
	model_fixture_end(&again);
}

/* Gradients add up over batches, each with its own scale. */
static void test_accumulation(void **state)
{
	struct model_config config = model_fixture_config();
	struct model_fixture f;
	size_t n;
	double *once;

	(void)state;
	model_fixture_start(&f, &config, false, test_seed());
	n = model_layout(f.model)->numbers;
	once = mem_alloc(n, sizeof(*once));
	model_fixture_back(&f, 0);
	memcpy(once, model_grads(f.model).at, n * sizeof(*once));
	model_forward(f.model, &f.batch, 0);
	model_backward(f.model, &f.batch, 0.5);
	for (size_t i = 0; i < n; i++)
		assert_true(fabs(tensor_get(model_grads(f.model), i) - 1.5 * once[i]) <=
			    1e-12 * (1 + fabs(once[i])));
	free(once);
	model_fixture_end(&f);
}

static void test_rows_behind_the_end(void **state)
{
	struct model_config config = model_fixture_config();
	struct model_fixture f;
	size_t n;
	double *before, loss;

	(void)state;
	model_fixture_start(&f, &config, false, test_seed());
	n = model_layout(f.model)->numbers;
	before = mem_alloc(n, sizeof(*before));
	for (int i = 1; i <= 2; i++)
		f.batch.target_count -= f.targets[f.rows - i] >= 0;
	f.targets[f.rows - 1] = f.targets[f.rows - 2] = -1;
	loss = model_fixture_loss(&f, 0);
	model_fixture_back(&f, 0);
	memcpy(before, model_grads(f.model).at, n * sizeof(*before));
	f.ids[f.rows - 1] = f.ids[f.rows - 2] = 7;
	assert_true(model_fixture_loss(&f, 0) == loss);
	model_fixture_back(&f, 0);
	/* sums of what is 0 may have another order of zeros, no other value */
	for (size_t i = 0; i < n; i++)
		assert_true(tensor_get(model_grads(f.model), i) == before[i]);
	free(before);
	model_fixture_end(&f);
}

static void test_no_targets(void **state)
{
	struct model_config config = model_fixture_config();
	struct model_fixture f;

	(void)state;
	model_fixture_start(&f, &config, false, test_seed());
	for (int i = 0; i < SAMPLES * f.rows; i++)
		f.targets[i] = -1;
	f.batch.target_count = 0;
	model_forward(f.model, &f.batch, 0);
	assert_true(model_loss(f.model) == 0);
	assert_true(tensor_is_none(model_logits(f.model)));
	model_backward(f.model, &f.batch, 1);
	for (size_t i = 0; i < model_layout(f.model)->numbers; i++)
		assert_true(tensor_get(model_grads(f.model), i) == 0);
	model_fixture_end(&f);
}

/* What a picture shows changes what is said. */
static void test_picture_is_seen(void **state)
{
	struct model_config config = model_fixture_config();
	struct model_fixture f;
	double loss;

	(void)state;
	model_fixture_start(&f, &config, false, test_seed());
	loss = model_fixture_loss(&f, 0);
	f.pixels[5] ^= 0xff;
	assert_true(model_fixture_loss(&f, 0) != loss);
	model_fixture_end(&f);
}

static void test_limits(void **state)
{
	struct model_config config = model_fixture_config();
	struct ops *ops = ops_ref_new();
	struct err err = {0};

	(void)state;
	assert_null(model_new(&config, ops, &(struct model_limits){1, 33, false}, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	assert_string_equal(err.msg, "33 tokens at once; the model has 32 positions");
	ops->free(ops);
}

/* From the start the loss is that of knowing nothing: logits deviate by 0.02 sqrt(12) = 0.07, their mean
 * over some eight targets by 0.025, of which 0.2 is eight. */
static void test_init(void **state)
{
	struct model_config config = model_fixture_config();
	struct model_fixture f, again;
	uint64_t seed = test_seed();

	(void)state;
	model_fixture_start(&f, &config, false, seed);
	model_fixture_start(&again, &config, false, seed);
	model_init(f.model, seed);
	model_init(again.model, seed);
	assert_memory_equal(model_params(f.model).at, model_params(again.model).at,
			    model_layout(f.model)->numbers * sizeof(double));
	model_forward(f.model, &f.batch, 0);
	assert_true(fabs(model_loss(f.model) - log(VOCAB)) < 0.2);
	model_fixture_end(&f);
	model_fixture_end(&again);
}

/* What is not frozen has the gradient that it has where nothing is. */
static void test_frozen(void **state)
{
	struct model_config config = model_fixture_config();
	struct model_fixture whole, part;
	uint64_t seed = test_seed();
	const struct model_tensors *at;

	(void)state;
	for (unsigned frozen = 1; frozen < 7; frozen++) {
		model_fixture_start(&whole, &config, false, seed);
		model_fixture_start(&part, &config, frozen & 1, seed);
		model_freeze(part.model, frozen);
		model_fixture_back(&whole, 0);
		model_fixture_back(&part, 0);
		at = model_layout(whole.model);
		for (int i = 0; i < at->count; i++)
			if (!(frozen >> at->all[i].part & 1))
				assert_memory_equal(
					(double *)model_grads(whole.model).at + at->all[i].offset,
					(double *)model_grads(part.model).at + at->all[i].offset,
					at->all[i].count * sizeof(double));
		model_fixture_end(&whole);
		model_fixture_end(&part);
	}
}

/* Room for more changes no loss; rows beyond the positions are refused. */
static void test_reserve(void **state)
{
	struct model_config config = model_fixture_config();
	struct model_fixture f;
	struct err err = {0};
	double loss;
	size_t bytes;

	(void)state;
	model_fixture_start(&f, &config, false, test_seed());
	loss = model_fixture_loss(&f, 0);
	bytes = model_batch_bytes(f.model);
	assert_int_equal(model_reserve(f.model, SAMPLES, f.rows, &err), 0);
	assert_true(model_batch_bytes(f.model) == bytes);
	assert_int_equal(model_reserve(f.model, 2 * SAMPLES, config.text.positions, &err), 0);
	assert_true(model_batch_bytes(f.model) > bytes);
	assert_true(model_fixture_loss(&f, 0) == loss);
	assert_int_equal(model_reserve(f.model, 1, config.text.positions + 1, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	model_fixture_end(&f);
}

/* Targets that are the greatest logits, by another count. */
static void test_right(void **state)
{
	struct model_config config = model_fixture_config();
	struct model_fixture f;
	struct model_right right;
	int at = 0;

	(void)state;
	model_fixture_start(&f, &config, false, test_seed());
	model_fixture_loss(&f, 0);
	for (int i = 0; i < SAMPLES * f.rows; i++) {
		double most = -INFINITY;

		if (f.targets[i] < 0)
			continue;
		for (int v = 0; v < VOCAB; v++) {
			double logit = tensor_get(model_logits(f.model), (size_t)(at * VOCAB + v));

			if (logit > most) {
				most = logit;
				f.targets[i] = v;
			}
		}
		at++;
	}
	model_fixture_loss(&f, 0);
	right = model_count_right(f.model, &f.batch);
	assert_int_equal(right.targets, f.batch.target_count);
	assert_int_equal(right.samples, SAMPLES);
	for (int i = f.rows; i < 2 * f.rows; i++)
		if (f.targets[i] >= 0) {
			f.targets[i] = (f.targets[i] + 1) % VOCAB;
			break;
		}
	model_fixture_loss(&f, 0);
	right = model_count_right(f.model, &f.batch);
	assert_int_equal(right.targets, f.batch.target_count - 1);
	assert_int_equal(right.samples, SAMPLES - 1);
	model_fixture_end(&f);
}

/* --- counting ------------------------------------------------------------------------------- */

static struct ops *plain;
static double counted;

static void count_linear(struct ops *ops, struct tensor out, struct tensor x, struct tensor w,
			 struct tensor bias, struct tensor base, size_t m, size_t n, size_t k)
{
	(void)ops;
	counted += 2.0 * (double)(m * n * k);
	plain->linear(plain, out, x, w, bias, base, m, n, k);
}

static void count_attention(struct ops *ops, struct tensor out, struct tensor lse,
			    struct tensor qkv, struct heads h, int batch, int t, int first,
			    bool causal)
{
	double pairs = (double)batch * ((double)t * t - (double)first * first);

	(void)ops;
	counted += (causal ? 0.5 : 1) * 4 * pairs * h.heads * h.size;
	plain->attention(plain, out, lse, qkv, h, batch, t, first, causal);
}

static void test_flops(void **state)
{
	struct model_flops flops;
	double sum = 0;
	struct model_config config = model_fixture_config();
	struct model_fixture f;

	(void)state;
	model_fixture_start(&f, &config, false, test_seed());
	plain = ops_ref_new();
	f.ops->linear = count_linear;
	f.ops->attention = count_attention;
	counted = 0;
	model_forward(f.model, &f.batch, 0);
	flops = model_flops(&config, &f.batch);
	for (int i = 0; i < MODEL_PART_COUNT_; i++)
		sum += flops.part[i];
	assert_true(counted == sum);
	assert_true(model_step_flops(&flops, 0) == 3 * sum);
	/* text alone is trained: nothing goes back into what is before it */
	assert_true(model_step_flops(&flops, 3) == sum + 2 * flops.part[MODEL_PART_text]);
	/* vision alone: through all, and none of the others' own */
	assert_true(model_step_flops(&flops, 6) == 2 * sum + flops.part[MODEL_PART_vision]);
	plain->free(plain);
	model_fixture_end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gradients),    cmocka_unit_test(test_recompute),
		cmocka_unit_test(test_accumulation), cmocka_unit_test(test_rows_behind_the_end),
		cmocka_unit_test(test_no_targets),   cmocka_unit_test(test_picture_is_seen),
		cmocka_unit_test(test_limits),       cmocka_unit_test(test_init),
		cmocka_unit_test(test_flops),        cmocka_unit_test(test_frozen),
		cmocka_unit_test(test_reserve),      cmocka_unit_test(test_right),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
