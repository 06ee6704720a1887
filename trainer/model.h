/* SPDX-License-Identifier: MIT */
/*
 * model: a LLaVA: pictures through a CLIP-style ViT and a projector into a Llama-style decoder, forward
 * and backward written out.
 *
 *	struct model *model = model_new(&config, ops, &limits, &err);
 *	model_init(model, seed);
 *	double loss = model_forward(model, &batch);
 *	model_backward(model, &batch, 1.0 / batch.target_count);
 *	... model_params(model), model_grads(model)
 *	model_free(model);
 *
 * Source: transformers' modeling_llava, modeling_clip and modeling_llama, by their order of operations.
 */
#ifndef TRAINER_MODEL_H
#define TRAINER_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "formats/model_config.h"
#include "formats/model_tensors.h"
#include "trainer/ops.h"

/* How much is held at once. */
struct model_limits {
	int samples, rows; /* of a batch, at most */
	bool recompute;    /* keep a layer's input alone and go through it again on the way back */
};

/* `samples` conversations of `rows` tokens, picture tokens among them. Rows behind a sample's end hold
 * any token and no target: nothing before them sees them. */
struct batch {
	int samples, rows;
	const uint8_t *pixels; /* [samples, side, side], grey */
	const int32_t
		*ids; /* [samples, rows]; a sample's picture tokens are image_tokens of the image
				   id, in the order of patches */
	const int32_t *targets; /* [samples, rows]: the token to say behind that row, or -1 */
	int target_count;       /* of them that are not -1 */
};

struct model;

/* Borrows ops. ERR_LIMIT where the rows exceed the config's positions or memory would exceed what can
 * be asked for. NULL on failure. */
struct model *model_new(const struct model_config *config, struct ops *ops,
			const struct model_limits *limits, struct err *err);
void model_free(struct model *model);

/* Fills parameters from the seed, as CLIP and Llama do to train from nothing. */
void model_init(struct model *model, uint64_t seed);

/* All parameters in one row, as model_tensors places them, in ops->acc. Who writes to them calls
 * model_params_changed. */
struct tensor model_params(struct model *model);
struct tensor model_grads(struct model *model);

/* Where each lies, and how many numbers there are. */
const struct model_tensors *model_layout(const struct model *model);

/* The copy that matrix products read follows. */
void model_params_changed(struct model *model);

/* Where matrix products read parameters: ops->act, or none where act and acc are the same. For
 * ops->adamw, which writes both. */
struct tensor model_params_copy(struct model *model);

/* The loss: the mean over targets of -log of their probability, with label smoothing. 0 without
 * targets. */
double model_forward(struct model *model, const struct batch *batch, double smoothing);

/* Adds the gradient of scale * (sum of losses) of the batch that went forward last. */
void model_backward(struct model *model, const struct batch *batch, double scale);
void model_clear_grads(struct model *model);

/* Logits [target_count, vocab] of the last forward pass, in the order of rows; none without. Until
 * model_backward, which takes their memory. */
struct tensor model_logits(struct model *model);

/* Multiplications and additions of matrix products and attention in one forward pass; the way back
 * takes twice as many. */
double model_flops(const struct model_config *config, int samples, int rows, int targets);

/* Bytes of parameters, gradients and activations. */
size_t model_bytes(const struct model *model);

#endif
