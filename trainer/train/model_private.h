/* SPDX-License-Identifier: MIT */
/*
 * model_private: what the parts of the model share: its sizes, where its parameters lie, and what a
 * forward pass leaves for the way back.
 *
 * Names of what is kept, with shapes: M rows of a batch, D width, F of the MLP, W of a row of qkv.
 *
 *	x[M,D]     acc  a layer's input, the residual stream
 *	h1[M,D]    act  its norm
 *	qkv[M,W]   act  queries, keys, values, turned by their positions
 *	att[M,*]   act  what attention gives
 *	mid[M,D]   acc  x and that, through its matrix
 *	h2[M,D]    act  its norm
 *	pre[M,F]   act  before the activation (gate and up of the decoder: [M,2F])
 *	post[M,F]  act  behind it
 */
#ifndef TRAINER_MODEL_PRIVATE_H
#define TRAINER_MODEL_PRIVATE_H

#include "trainer/train/model.h"
#include "trainer/train/model_half.h"

struct layer_kept {
	struct tensor x, h1, stats1, qkv, att, lse, mid, h2, stats2, pre, post;
};

/* Of a batch, as lists of ops.h are. */
struct model_lists {
	int32_t *feature_rows;        /* of the vision's rows, those that are features */
	int32_t *image_rows;          /* of the text's rows, those of pictures */
	int32_t *text_ids;            /* ids, but -1 for rows of pictures */
	int32_t *id_firsts, *id_uses; /* of text_ids, as embed_back takes them */
	int32_t *told_rows,
		*targets; /* [told_count]: rows with targets, and more of them, whose target is -1 */
	int32_t *back_rows; /* told_rows, but -1 where there is no target */
};

/* What is known of a batch here. */
struct model_input {
	const uint8_t *
		pixels; /* of the caller's: whose batch it is, where it was sent ahead; else NULL */
	void *memory;   /* of the processor's, for the lists */
	struct model_lists lists;
	int target_first; /* of all samples, no row before it has a target */
	int target_count;
	int told_count; /* rows behind the last attention, some of which may have no target; 0 once they went back */
};

struct model {
	struct model_config config;
	struct model_tensors *at; /* where parameters lie */
	struct ops *ops;
	struct model_limits limits;
	struct half vision, text;
	int patches;      /* of a picture */
	int image_tokens; /* likewise: with "full" the class is one */

	void *memory; /* one allocation for parameters, */
	size_t memory_bytes;
	void *batch_memory; /* and one for all tensors below */
	size_t batch_bytes;
	unsigned frozen;                   /* parts, 1 << MODEL_PART_... */
	struct tensor params, grads, copy; /* copy is none where act is acc */

	struct tensor loss;      /* [1] F64: of the batch that went forward last, */
	struct tensor scale;     /* [1] acc: and what its gradient is times */
	struct tensor pixels;    /* [samples * patches, patch^2], act */
	struct tensor patch_out; /* [samples * patches, D], act; its gradient, later */
	struct tensor embedded,
		pre_stats; /* [samples * (1 + patches), D] acc; of the norm behind it */
	struct layer_kept *vision_kept; /* of each layer, then the last one's output as x */
	struct tensor features;         /* [samples * image_tokens, D], act; its gradient, later */
	struct tensor pushed;           /* a gradient to be added to that; or none */
	struct tensor pre, post;        /* [same, D of the text], act: within the projector */
	struct tensor image; /* [same, D of the text], act: behind it; its gradient, later */
	struct layer_kept *text_kept; /* likewise, but [targets, D] of the last one */
	struct tensor told;           /* [targets, *], act: what the last attention gives them */
	struct tensor last_stats, last_h; /* of the norm of the last one's output, act */
	struct tensor logits;             /* [targets, vocab], act */
	struct tensor dx, dlast; /* [M,D], [targets,D] acc: gradients of the residual stream */
	struct tensor dy, dwide,
		dnarrow;    /* [M,D], [M,2F], [M,F] act: of what goes through products */
	struct tensor dqkv; /* [M,W], act */

	struct model_input inputs[2];
	struct model_input *in,
		*ahead;    /* of the batch that went forward last; of one that is sent ahead */
	size_t list_bytes; /* of an input's lists, which go whole */
	struct model_lists listed; /* where ops find them */
	uint8_t *pictures;         /* [samples, side, side] */
	double smoothing;          /* of the loss of the batch that went forward last */
};

/* Sizes of the halves, and memory for all tensors, as model_new and model_reserve promise. */
int model_plan(struct model *m, struct err *err);

/* Of all samples, the first row that has a target; b->rows where none has. */
int model_first_target(const struct batch *b);

/* m->in becomes the batch's, which goes to where ops find it unless it is there. */
void model_take_batch(struct model *m, const struct batch *b);

/* A parameter where products read it, where sums read it, and its gradient. */
static inline struct tensor weight(const struct model *m, size_t at)
{
	return tensor_from(tensor_is_none(m->copy) ? m->params : m->copy, at);
}

static inline struct tensor param(const struct model *m, size_t at)
{
	return tensor_from(m->params, at);
}

static inline struct tensor grad(const struct model *m, size_t at)
{
	return tensor_from(m->grads, at);
}

static inline struct tensor no_tensor(void)
{
	return (struct tensor){0};
}

static inline bool is_trained(const struct model *m, enum model_part part)
{
	return !(m->frozen >> part & 1);
}

/* One layer over `samples` samples: from its x to out. Back: m->dx is the gradient of out, then of x. The last one of
 * the text gives the rows with targets alone, and takes their gradient. */
void vision_layer(struct model *m, int i, struct tensor out, int samples);
void vision_layer_back(struct model *m, int i, int samples);
void text_layer(struct model *m, int i, struct tensor out, int samples, int rows);
void text_layer_back(struct model *m, int i, int samples, int rows);

#endif
