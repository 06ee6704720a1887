/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "tests/tiny_models.h"

static struct model_config random_config(struct rng *rng, int vocab)
{
	int kv_heads = (int)rng_range(rng, 1, 2), group = (int)rng_range(rng, 1, 2);
	struct model_config config = {
		.vision = {.side = 8,
			   .patch = 4,
			   .width = 8,
			   .layers = 2,
			   .heads = 2,
			   .mlp = 12,
			   .eps = 1e-5,
			   .mean = 0.5,
			   .std = 0.5},
		.text = {.vocab = vocab,
			 .width = 12,
			 .heads = kv_heads * group,
			 .kv_heads = kv_heads,
			 .mlp = 10,
			 .eps = 1e-5,
			 .theta = 10000,
			 .positions = TINY_POSITIONS},
		.pad = 0,
		.bos = 1,
		.eos = 2,
		.image = 4,
	};

	config.text.layers = (int)rng_range(rng, 1, 3);
	config.text.head_dim = 2 * (int)rng_range(rng, 1, 4);
	config.text.tied = rng_chance(rng, 0.5);
	config.feature_layer = -(int)rng_range(rng, 1, 2);
	config.select = rng_chance(rng, 0.5) ? MODEL_SELECT_full : MODEL_SELECT_default;
	return config;
}

/* Larger than those to begin training with, so that all of it counts. */
static void make_params(struct tiny_model *tiny, struct rng *rng)
{
	struct tensor params = model_params(tiny->model);
	const struct model_tensors *at = model_layout(tiny->model);

	for (int i = 0; i < at->count; i++)
		for (size_t k = 0; k < at->all[i].count; k++)
			tensor_set(params, at->all[i].offset + k,
				   (at->all[i].is_matrix ? 0 : 0.5) + 2 * (rng_unit(rng) - 0.5));
	model_params_changed(tiny->model);
}

struct tiny_model tiny_model_new(struct rng *rng, struct ops *ops, int vocab)
{
	struct tiny_model tiny = {.config = random_config(rng, vocab), .ops = ops};
	struct err err = {0};

	tiny.model = model_new(&tiny.config, ops, &(struct model_limits){1, TINY_POSITIONS, false},
			       &err);
	assert(tiny.model);
	make_params(&tiny, rng);
	return tiny;
}

void tiny_model_free(struct tiny_model *tiny)
{
	model_free(tiny->model);
}

struct decode_model *tiny_decode_model(struct tiny_model *tiny, const struct decode_limits *limits)
{
	struct err err = {0};
	struct decode_model *model = decode_model_new(&tiny->config, tiny->ops, limits, &err);

	assert(model);
	decode_model_load(model, model_params(tiny->model));
	return model;
}

struct tiny_prompt tiny_prompt_new(struct rng *rng, const struct model_config *config, int text)
{
	int side = config->vision.side, images = model_image_tokens(config);
	struct tiny_prompt prompt = {.pixels = mem_alloc((size_t)(side * side), 1),
				     .ids = mem_alloc(TINY_POSITIONS, sizeof(*prompt.ids)),
				     .count = 1 + images + text};

	for (int i = 0; i < side * side; i++)
		prompt.pixels[i] = (uint8_t)rng_below(rng, 256);
	for (int i = 0; i < prompt.count; i++) {
		prompt.ids[i] = i ? config->image : config->bos;
		if (i > images)
			prompt.ids[i] = (int32_t)rng_range(rng, 5, config->text.vocab - 1);
	}
	return prompt;
}

void tiny_prompt_free(struct tiny_prompt *prompt)
{
	free(prompt->pixels);
	free(prompt->ids);
}

void tiny_forward(struct tiny_model *tiny, const uint8_t *pixels, const int32_t *ids, int count,
		  double *logits)
{
	int32_t targets[TINY_POSITIONS] = {0};
	struct batch batch = {1, count, pixels, ids, targets, count, NULL};
	size_t n = (size_t)count * (size_t)tiny->config.text.vocab;

	model_forward(tiny->model, &batch, 0);
	for (size_t i = 0; i < n; i++)
		logits[i] = tensor_get(model_logits(tiny->model), i);
}
