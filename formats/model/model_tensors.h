/* SPDX-License-Identifier: MIT */
/*
 * model_tensors: where each parameter of a model lies in one flat array of numbers, and what files
 * call it.
 *
 *	struct model_tensors *tensors = model_tensors_new(&config);
 *	float *numbers = mem_alloc(tensors->numbers, sizeof(*numbers));
 *	qkv = numbers + tensors->text[3].qkv_w;
 *	int i = model_tensors_find(tensors, "language_model.lm_head.weight");
 *	model_tensors_free(tensors);
 *
 * The flat array is two zones, matrices (what weight decay is for) and vectors:
 *
 *	0 ... patches, positions, per layer [qkv | out | ...], ... | matrices | ... vectors ... | numbers
 *
 * What is multiplied at once lies one behind the other: q, k, v of a layer are one matrix
 * [width + 2 kv, width], their biases one vector, gate and up one [2 mlp, width]. Everything else
 * begins at a multiple of MODEL_ALIGN numbers; those between belong to nobody and are 0.
 *
 * The sheet is grey, so the patch embedding is kept for one channel, [width, patch * patch]. Files have
 * three: read as their sum, written as a quarter, a half and a quarter, which are exact.
 */
#ifndef FORMATS_MODEL_TENSORS_H
#define FORMATS_MODEL_TENSORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "formats/model/model_config.h"

#define MODEL_ALIGN 32

/* X(name) of what can be trained or left as it is. */
#define MODEL_PARTS(X)                                                                             \
	X(vision) /* the tower */                                                                  \
	X(projector)                                                                               \
	X(text) /* embeddings, layers, head */

enum model_part {
#define X(name) MODEL_PART_##name,
	MODEL_PARTS(X)
#undef X
		MODEL_PART_COUNT_
};

/* NULL-terminated. */
extern const char *const model_part_names[MODEL_PART_COUNT_ + 1];

struct model_tensor {
	const char *name;  /* as llava-hf's first checkpoints have it */
	int dims;          /* of shape */
	uint64_t shape[4]; /* in files; out by in */
	size_t offset;     /* into the flat array */
	size_t count;      /* numbers there: the product of shape, of patches a third of it */
	bool is_matrix;    /* of two dimensions or more: weight decay is for these */
	bool is_patches;   /* three channels in files */
	bool in_layer;     /* of one of the layers of the tower or of the text */
	enum model_part part;
};

/* Offsets; widths as in the comments, Dv = vision.width, Fv = vision.mlp. */
struct model_vision_layer {
	size_t norm1_w, norm1_b; /* [Dv] */
	size_t qkv_w, qkv_b;     /* [3 Dv, Dv], [3 Dv] */
	size_t out_w, out_b;     /* [Dv, Dv], [Dv] */
	size_t norm2_w, norm2_b; /* [Dv] */
	size_t fc1_w, fc1_b;     /* [Fv, Dv], [Fv] */
	size_t fc2_w, fc2_b;     /* [Dv, Fv], [Dv] */
};

/* D = text.width, Q = heads head_dim, K = kv_heads head_dim, F = text.mlp. */
struct model_text_layer {
	size_t norm1_w;   /* [D] */
	size_t qkv_w;     /* [Q + 2 K, D] */
	size_t out_w;     /* [D, Q] */
	size_t norm2_w;   /* [D] */
	size_t gate_up_w; /* [2 F, D] */
	size_t down_w;    /* [D, F] */
};

struct model_tensors {
	size_t numbers;    /* length of the flat array */
	size_t matrices;   /* those from 0 on that are of matrices */
	size_t parameters; /* without the gaps */
	int count;
	struct model_tensor *all; /* in the order of the forward pass */

	size_t class_w;                /* [Dv] */
	size_t patch_w;                /* [Dv, patch * patch] */
	size_t position_w;             /* [(side / patch)^2 + 1, Dv] */
	size_t pre_norm_w, pre_norm_b; /* [Dv] */
	struct model_vision_layer *vision;
	size_t linear1_w, linear1_b; /* [D, Dv], [D] */
	size_t linear2_w, linear2_b; /* [D, D], [D] */
	size_t embed_w;              /* [vocab, D] */
	struct model_text_layer *text;
	size_t norm_w; /* [D] */
	size_t head_w; /* [vocab, D]; embed_w where tied */

	const struct model_tensor **by_name; /* sorted */
	struct arena arena;                  /* owns all of the above */
};

enum {
	MODEL_TENSOR_UNKNOWN = -1,
	MODEL_TENSOR_DEAD = -2, /* known, and no use: post_layernorm, position_ids, inv_freq */
	MODEL_TENSOR_TIED = -3, /* the head of a model whose head is its embeddings */
};

/* config has been checked. */
struct model_tensors *model_tensors_new(const struct model_config *config);
void model_tensors_free(struct model_tensors *tensors);

/* The place in `all` of what a file calls so, or one of the above. Known are the names of
 * transformers 4.36 to 4.51 ("language_model.model.", "vision_tower.vision_model."), of 4.52 to 5.5
 * ("model.language_model.", "lm_head.") and of those since ("model.vision_tower.embeddings."). */
int model_tensors_find(const struct model_tensors *tensors, const char *name);

/* What is dead and yet missed by transformers when it is not in the file: weight 1 and bias 0, of
 * vision.width numbers. */
#define MODEL_DEAD_WEIGHT "vision_tower.vision_model.post_layernorm.weight"
#define MODEL_DEAD_BIAS "vision_tower.vision_model.post_layernorm.bias"

#endif
