/* SPDX-License-Identifier: MIT */
/*
 * tiny_models: models of a few numbers with random parameters, for the tests of decoding, and random
 * prompts for them.
 *
 *	struct tiny_model tiny = tiny_model_new(&rng, ops, vocab);
 *	struct tiny_prompt prompt = tiny_prompt_new(&rng, &tiny.config, 5);
 *	tiny_forward(&tiny, prompt.pixels, ids, count, logits);		by trainer/train/model.h, all at once
 *	tiny_prompt_free(&prompt);
 *	tiny_model_free(&tiny);
 */
#ifndef TESTS_TINY_MODELS_H
#define TESTS_TINY_MODELS_H

#include "base/rng.h"
#include "trainer/decode/decode_model.h"
#include "trainer/train/model.h"

#define TINY_POSITIONS 64

/* The model that training has, and its parameters. */
struct tiny_model {
	struct model_config config;
	struct ops *ops; /* borrowed */
	struct model *model;
};

/* Any shape that a model may have: heads in groups, the head tied, earlier vision layers, the class. */
struct tiny_model tiny_model_new(struct rng *rng, struct ops *ops, int vocab);
void tiny_model_free(struct tiny_model *tiny);

/* A decode_model of the same parameters. */
struct decode_model *tiny_decode_model(struct tiny_model *tiny, const struct decode_limits *limits);

/* A picture, and <s>, image tokens and `text` tokens that are none of the special ones. */
struct tiny_prompt {
	uint8_t *pixels;
	int32_t *ids; /* [TINY_POSITIONS] */
	int count;
};

struct tiny_prompt tiny_prompt_new(struct rng *rng, const struct model_config *config, int text);
void tiny_prompt_free(struct tiny_prompt *prompt);

/* logits[count, vocab] behind every one of the ids, which begin with a prompt. */
void tiny_forward(struct tiny_model *tiny, const uint8_t *pixels, const int32_t *ids, int count,
		  double *logits);

#endif
