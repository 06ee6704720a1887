/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "tests/model_fixture.h"

#define STEP 1e-5

struct model_config model_fixture_config(void)
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

/* Text before and behind the picture, of different lengths; targets in the latter part. */
static void make_batch(struct model_fixture *f, struct rng *rng)
{
	int images = model_image_tokens(&f->config), side = f->config.vision.side;
	int n = SAMPLES * f->rows;

	f->pixels = mem_alloc((size_t)(SAMPLES * side * side), 1);
	f->ids = mem_alloc((size_t)n, sizeof(*f->ids));
	f->targets = mem_alloc((size_t)n, sizeof(*f->targets));
	for (int i = 0; i < SAMPLES * side * side; i++)
		f->pixels[i] = (uint8_t)rng_below(rng, 256);
	f->batch = (struct batch){.samples = SAMPLES,
				  .rows = f->rows,
				  .pixels = f->pixels,
				  .ids = f->ids,
				  .targets = f->targets};
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
static void make_params(struct model_fixture *f, struct rng *rng)
{
	struct tensor params = model_params(f->model);
	const struct model_tensors *at = model_layout(f->model);

	for (int i = 0; i < at->count; i++)
		for (size_t k = 0; k < at->all[i].count; k++)
			tensor_set(params, at->all[i].offset + k,
				   (at->all[i].is_matrix ? 0 : 0.5) + 0.6 * (rng_unit(rng) - 0.5));
	model_params_changed(f->model);
}

void model_fixture_start(struct model_fixture *f, const struct model_config *config, bool recompute,
			 uint64_t seed)
{
	struct rng rng = rng_seed(seed, 1);
	struct err err = {0};

	*f = (struct model_fixture){.config = *config, .ops = ops_ref_new()};
	assert_int_equal(model_config_check(config, &err), 0);
	f->rows = model_image_tokens(config) + TEXT_ROWS;
	f->model = model_new(config, f->ops, &(struct model_limits){SAMPLES, f->rows, recompute},
			     &err);
	assert_non_null(f->model);
	make_batch(f, &rng);
	make_params(f, &rng);
}

void model_fixture_end(struct model_fixture *f)
{
	model_free(f->model);
	f->ops->free(f->ops);
	free(f->pixels);
	free(f->ids);
	free(f->targets);
}

double model_fixture_loss(struct model_fixture *f, double smoothing)
{
	model_forward(f->model, &f->batch, smoothing);
	return model_loss(f->model) * f->batch.target_count;
}

void model_fixture_back(struct model_fixture *f, double smoothing)
{
	model_clear_grads(f->model);
	model_forward(f->model, &f->batch, smoothing);
	model_backward(f->model, &f->batch, 1);
}

double model_fixture_slope(struct model_fixture *f, size_t at, double smoothing)
{
	struct tensor params = model_params(f->model);
	double v = tensor_get(params, at), more, less;

	tensor_set(params, at, v + STEP);
	more = model_fixture_loss(f, smoothing);
	tensor_set(params, at, v - STEP);
	less = model_fixture_loss(f, smoothing);
	tensor_set(params, at, v);
	return (more - less) / (2 * STEP);
}
