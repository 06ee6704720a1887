/* SPDX-License-Identifier: MIT */
/*
 * model: a LLaVA: pictures through a CLIP-style ViT and a projector into a Llama-style decoder, forward
 * and backward written out.
 *
 *	struct model *model = model_new(&config, ops, &limits, &err);
 *	model_init(model, seed);
 *	model_forward(model, &batch, 0);
 *	double loss = model_loss(model);
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
#include "formats/model/model_config.h"
#include "formats/model/model_tensors.h"
#include "trainer/ops/ops.h"

/* How much is held at once, to begin with. */
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
	const int8_t
		*cells; /* what stands where, of each sample as reading_label says it; or NULL */
};

struct model;

/* Borrows ops. ERR_LIMIT where the rows exceed the config's positions or memory would exceed what can
 * be asked for. NULL on failure. */
struct model *model_new(const struct model_config *config, struct ops *ops,
			const struct model_limits *limits, struct err *err);
void model_free(struct model *model);

/* Makes room for batches of so many samples and rows, where there is less; what the last batch left is
 * lost then. ERR_LIMIT as model_new; after that the model is good for nothing but its parameters. */
int model_reserve(struct model *model, int samples, int rows, struct err *err);

/* Parts, as a set of 1 << MODEL_PART_..., whose gradients are not wanted: model_backward leaves out
 * what only they need, and their gradients mean nothing. */
void model_freeze(struct model *model, unsigned parts);

/* Fills parameters from the seed, as CLIP and Llama do to train from nothing. */
void model_init(struct model *model, uint64_t seed);

/* All parameters in one row, as model_tensors places them, in ops->acc. Who writes to them calls
 * model_params_changed. */
struct tensor model_params(struct model *model);
struct tensor model_grads(struct model *model);

/* Where each lies, and how many numbers there are. */
const struct model_tensors *model_layout(const struct model *model);

const struct model_config *model_config_of(const struct model *model);

/* The copy that matrix products read follows. */
void model_params_changed(struct model *model);

/* Where matrix products read parameters: ops->act, or none where act and acc are the same. For
 * ops->adamw, which writes both. */
struct tensor model_params_copy(struct model *model);

void model_forward(struct model *model, const struct batch *batch, double smoothing);

/* Has a batch, which is to go forward, go most of its way to where ops find it beside other work. It is told by its
 * memory of pixels. Of those that have not gone forward one is sent; and nothing happens where it is larger than
 * model_reserve has provided for. */
void model_send(struct model *model, const struct batch *batch);

/* Of the batch that went forward last: the mean over targets of -log of their probability, with label smoothing. 0
 * without targets. Waits for it. */
double model_loss(struct model *model);

/* Adds the gradient of scale * (sum of losses) of the batch that went forward last. */
void model_backward(struct model *model, const struct batch *batch, double scale);
void model_clear_grads(struct model *model);

/* The vision tower alone, forward to its features, and back from model_push_features's gradient. */
void model_look(struct model *model, const struct batch *batch);
void model_look_back(struct model *model, const struct batch *batch);

/* What the projector reads, [samples * image tokens, width of the vision tower], act, of the batch that
 * went forward last, and a gradient of it that is to be added to that which comes back from the
 * projector; borrowed until model_backward, which takes both. */
struct tensor model_features(struct model *model);
void model_push_features(struct model *model, struct tensor gradient);

/* Logits [target_count, vocab] of the last forward pass, in the order of rows; none without. Until
 * model_backward, which takes their memory. */
struct tensor model_logits(struct model *model);

/* Of the batch that went forward last: targets whose logit is the greatest of its row (of equal ones the
 * first), and samples all of whose targets are so: what greedy decoding would say. Until
 * model_backward. */
struct model_right {
	int targets, samples;
};
struct model_right model_count_right(struct model *model, const struct batch *batch);

/* Multiplications and additions of matrix products and attention in one forward pass of the batch, of which pixels
 * and ids may be NULL. */
struct model_flops {
	double part[MODEL_PART_COUNT_];
};
struct model_flops model_flops(const struct model_config *config, const struct batch *batch);

/* Of a whole step, forward and back. The way back takes as many again for the gradients of what goes
 * into a part, where something before it is trained, and for those of its parameters, where they are. */
double model_step_flops(const struct model_flops *forward, unsigned frozen);

/* Bytes of parameters and gradients, and of activations. */
size_t model_bytes(const struct model *model);
size_t model_batch_bytes(const struct model *model);

#endif
