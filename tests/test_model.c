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
#include "tests/random_shapes.h"
#include "trainer/model.h"

#define SAMPLES 2
#define TEXT_ROWS 6
#define VOCAB 11
#define STEP 1e-5
#define CLOSE 2e-6 /* of the larger of the two gradients, or of 1e-3 */

static struct model_config tiny(void)
{
	return (struct model_config){
		.vision = {.side = 8,
			   .patch = 4,
			   .width = 8,
			   .layers = 2,
			   .heads = 2,
			   .mlp = 12,
			   .eps = 1e-5,
			   .mean = 0.5,
			   .std = 0.5},
		.text = {.vocab = VOCAB,
			 .width = 12,
			 .layers = 2,
			 .heads = 4,
			 .kv_heads = 2,
			 .head_dim = 4,
			 .mlp = 10,
			 .eps = 1e-5,
			 .theta = 10000,
			 .positions = 32},
		.pad = 0,
		.bos = 1,
		.eos = 2,
		.image = 4,
		.feature_layer = -1,
		.select = MODEL_SELECT_default,
	};
}

struct fixture {
	struct model_config config;
	struct ops *ops;
	struct model *model;
	struct batch batch;
	uint8_t *pixels;
	int32_t *ids, *targets;
	int rows;
};

/* Text before and behind the picture, of different lengths; targets in the latter part. */
static void make_batch(struct fixture *f, struct rng *rng)
{
	int images = model_image_tokens(&f->config), side = f->config.vision.side;
	int n = SAMPLES * f->rows;

	f->pixels = mem_alloc((size_t)(SAMPLES * side * side), 1);
	f->ids = mem_alloc((size_t)n, sizeof(*f->ids));
	f->targets = mem_alloc((size_t)n, sizeof(*f->targets));
	for (int i = 0; i < SAMPLES * side * side; i++)
		f->pixels[i] = (uint8_t)rng_below(rng, 256);
	f->batch = (struct batch){SAMPLES, f->rows, f->pixels, f->ids, f->targets, 0};
	for (int i = 0; i < n; i++) {
		int row = i % f->rows, sample = i / f->rows;
		bool image = row > sample && row <= sample + images;

		f->ids[i] = image ? f->config.image : (int32_t)(5 + rng_below(rng, VOCAB - 5));
		f->targets[i] = -1;
		if (row > sample + images && row < f->rows - sample)
			f->targets[i] = (int32_t)rng_below(rng, VOCAB);
		f->batch.target_count += f->targets[i] >= 0;
	}
}

/* Values larger than those to begin training with, so that everything has a gradient. */
static void make_params(struct fixture *f, struct rng *rng)
{
	struct tensor params = model_params(f->model);
	const struct model_tensors *at = model_layout(f->model);

	for (int i = 0; i < at->count; i++)
		for (size_t k = 0; k < at->all[i].count; k++)
			tensor_set(params, at->all[i].offset + k,
				   (at->all[i].is_matrix ? 0 : 0.5) + 0.6 * (rng_unit(rng) - 0.5));
	model_params_changed(f->model);
}

static void start(struct fixture *f, const struct model_config *config, bool recompute,
		  uint64_t seed)
{
	struct rng rng = rng_seed(seed, 1);
	struct err err = {0};

	*f = (struct fixture){.config = *config, .ops = ops_ref_new()};
	assert_int_equal(model_config_check(config, &err), 0);
	f->rows = model_image_tokens(config) + TEXT_ROWS;
	f->model = model_new(config, f->ops, &(struct model_limits){SAMPLES, f->rows, recompute},
			     &err);
	assert_non_null(f->model);
	make_batch(f, &rng);
	make_params(f, &rng);
}

static void end(struct fixture *f)
{
	model_free(f->model);
	f->ops->free(f->ops);
	free(f->pixels);
	free(f->ids);
	free(f->targets);
}

static double loss_sum(struct fixture *f, double smoothing)
{
	return model_forward(f->model, &f->batch, smoothing) * f->batch.target_count;
}

static void run_back(struct fixture *f, double smoothing)
{
	model_clear_grads(f->model);
	model_forward(f->model, &f->batch, smoothing);
	model_backward(f->model, &f->batch, 1);
}

static double slope(struct fixture *f, size_t at, double smoothing)
{
	struct tensor params = model_params(f->model);
	double v = tensor_get(params, at), more, less;

	tensor_set(params, at, v + STEP);
	more = loss_sum(f, smoothing);
	tensor_set(params, at, v - STEP);
	less = loss_sum(f, smoothing);
	tensor_set(params, at, v);
	return (more - less) / (2 * STEP);
}

static bool is_used(const struct fixture *f, const char *name)
{
	int used = model_vision_layers(&f->config);
	const char *layer = strstr(name, "encoder.layers.");

	return !layer || atoi(layer + strlen("encoder.layers.")) < used;
}

/* Some numbers of every tensor. */
static void check_gradients(const struct model_config *config, double smoothing, uint64_t seed)
{
	struct fixture f;
	struct rng rng = rng_seed(seed, 2);
	const struct model_tensors *at;
	int nonzero = 0, count = 0;

	start(&f, config, false, seed);
	at = model_layout(f.model);
	run_back(&f, smoothing);
	for (int i = 0; i < at->count; i++)
		for (int k = 0; k < 3; k++) {
			const struct model_tensor *t = &at->all[i];
			size_t where = t->offset + rng_below(&rng, (uint32_t)t->count);
			double given = tensor_get(model_grads(f.model), where);
			double wanted = slope(&f, where, smoothing);

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
	end(&f);
}

static void test_gradients(void **state)
{
	uint64_t seed = test_seed();
	struct model_config config = tiny();

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
	struct model_config config = tiny();
	struct fixture keeps, again;
	size_t n;

	(void)state;
	start(&keeps, &config, false, seed);
	start(&again, &config, true, seed);
	assert_true(model_bytes(again.model) < model_bytes(keeps.model));
	run_back(&keeps, 0);
	run_back(&again, 0);
	n = model_layout(keeps.model)->numbers;
	assert_memory_equal(model_grads(keeps.model).at, model_grads(again.model).at,
			    n * sizeof(double));
	end(&keeps);
	end(&again);
}

/* Gradients add up over batches, each with its own scale. */
static void test_accumulation(void **state)
{
	struct model_config config = tiny();
	struct fixture f;
	size_t n;
	double *once;

	(void)state;
	start(&f, &config, false, test_seed());
	n = model_layout(f.model)->numbers;
	once = mem_alloc(n, sizeof(*once));
	run_back(&f, 0);
	memcpy(once, model_grads(f.model).at, n * sizeof(*once));
	model_forward(f.model, &f.batch, 0);
	model_backward(f.model, &f.batch, 0.5);
	for (size_t i = 0; i < n; i++)
		assert_true(fabs(tensor_get(model_grads(f.model), i) - 1.5 * once[i]) <=
			    1e-12 * (1 + fabs(once[i])));
	free(once);
	end(&f);
}

static void test_rows_behind_the_end(void **state)
{
	struct model_config config = tiny();
	struct fixture f;
	size_t n;
	double *before, loss;

	(void)state;
	start(&f, &config, false, test_seed());
	n = model_layout(f.model)->numbers;
	before = mem_alloc(n, sizeof(*before));
	for (int i = 1; i <= 2; i++)
		f.batch.target_count -= f.targets[f.rows - i] >= 0;
	f.targets[f.rows - 1] = f.targets[f.rows - 2] = -1;
	loss = loss_sum(&f, 0);
	run_back(&f, 0);
	memcpy(before, model_grads(f.model).at, n * sizeof(*before));
	f.ids[f.rows - 1] = f.ids[f.rows - 2] = 7;
	assert_true(loss_sum(&f, 0) == loss);
	run_back(&f, 0);
	/* sums of what is 0 may have another order of zeros, no other value */
	for (size_t i = 0; i < n; i++)
		assert_true(tensor_get(model_grads(f.model), i) == before[i]);
	free(before);
	end(&f);
}

static void test_no_targets(void **state)
{
	struct model_config config = tiny();
	struct fixture f;

	(void)state;
	start(&f, &config, false, test_seed());
	for (int i = 0; i < SAMPLES * f.rows; i++)
		f.targets[i] = -1;
	f.batch.target_count = 0;
	assert_true(model_forward(f.model, &f.batch, 0) == 0);
	assert_true(tensor_is_none(model_logits(f.model)));
	model_backward(f.model, &f.batch, 1);
	for (size_t i = 0; i < model_layout(f.model)->numbers; i++)
		assert_true(tensor_get(model_grads(f.model), i) == 0);
	end(&f);
}

/* What a picture shows changes what is said. */
static void test_picture_is_seen(void **state)
{
	struct model_config config = tiny();
	struct fixture f;
	double loss;

	(void)state;
	start(&f, &config, false, test_seed());
	loss = loss_sum(&f, 0);
	f.pixels[5] ^= 0xff;
	assert_true(loss_sum(&f, 0) != loss);
	end(&f);
}

static void test_limits(void **state)
{
	struct model_config config = tiny();
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
	struct model_config config = tiny();
	struct fixture f, again;
	uint64_t seed = test_seed();

	(void)state;
	start(&f, &config, false, seed);
	start(&again, &config, false, seed);
	model_init(f.model, seed);
	model_init(again.model, seed);
	assert_memory_equal(model_params(f.model).at, model_params(again.model).at,
			    model_layout(f.model)->numbers * sizeof(double));
	assert_true(fabs(model_forward(f.model, &f.batch, 0) - log(VOCAB)) < 0.2);
	end(&f);
	end(&again);
}

/* --- counting ------------------------------------------------------------------------------- */

static struct ops *plain;
static double counted;

static void count_linear(struct ops *ops, struct tensor out, struct tensor x, struct tensor w,
			 struct tensor bias, size_t m, size_t n, size_t k, bool add)
{
	(void)ops;
	counted += 2.0 * (double)(m * n * k);
	plain->linear(plain, out, x, w, bias, m, n, k, add);
}

static void count_attention(struct ops *ops, struct tensor out, struct tensor lse,
			    struct tensor qkv, struct heads h, int batch, int t, bool causal)
{
	double pairs = (double)batch * t * t;

	(void)ops;
	counted += (causal ? 0.5 : 1) * 4 * pairs * h.heads * h.size;
	plain->attention(plain, out, lse, qkv, h, batch, t, causal);
}

static void test_flops(void **state)
{
	struct model_config config = tiny();
	struct fixture f;

	(void)state;
	start(&f, &config, false, test_seed());
	plain = ops_ref_new();
	f.ops->linear = count_linear;
	f.ops->attention = count_attention;
	counted = 0;
	model_forward(f.model, &f.batch, 0);
	assert_true(counted == model_flops(&config, SAMPLES, f.rows, f.batch.target_count));
	plain->free(plain);
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gradients),    cmocka_unit_test(test_recompute),
		cmocka_unit_test(test_accumulation), cmocka_unit_test(test_rows_behind_the_end),
		cmocka_unit_test(test_no_targets),   cmocka_unit_test(test_picture_is_seen),
		cmocka_unit_test(test_limits),       cmocka_unit_test(test_init),
		cmocka_unit_test(test_flops),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
