/* SPDX-License-Identifier: MIT */
/*
 * decode_private: what the parts of decode_model share.
 *
 * Shapes: N rows at once, D width, F of the MLP, W of a row of qkv.
 */
#ifndef TRAINER_DECODE_PRIVATE_H
#define TRAINER_DECODE_PRIVATE_H

#include "formats/model/model_tensors.h"
#include "trainer/decode/decode_cache.h"
#include "trainer/decode/decode_model.h"
#include "trainer/train/model_half.h"

/* A matrix [n, k] as ops->linear_prepared reads it. */
struct prepared {
	size_t from; /* of its weights in the parameters */
	size_t n, k;
	struct tensor bias; /* or none */
	void *at;
};

struct decode_vision_layer {
	struct prepared qkv, out, fc1, fc2;
};

struct decode_text_layer {
	struct prepared qkv, out, gate_up, down;
	struct tensor keys, values; /* [kv_heads, limits.rows, head_dim], act */
};

/* What some rows go through. */
struct decode_work {
	struct tensor x;     /* [N, D] acc: the residual stream */
	struct tensor h;     /* [N, D] act: its norm */
	struct tensor qkv;   /* [N, W] act */
	struct tensor att;   /* [N, inner] act */
	struct tensor wide;  /* [N, 2 F] act: gate and up, or what comes before an activation */
	struct tensor post;  /* [N, F] act: behind it */
	struct tensor stats; /* [N, 2] acc: of norms */
	struct tensor lse;   /* [N, heads] acc */
};

/* A list as ops.h has them, which is written here and goes there. */
struct decode_list {
	int32_t *here;
	const int32_t *there;
};

struct decode_model {
	struct model_config config;
	struct model_tensors *at; /* where parameters lie in what is loaded */
	struct ops *ops;
	struct decode_limits limits;
	struct half vision, text;
	int patches, image_tokens; /* of a picture */

	void *memory; /* one allocation for all tensors here */
	size_t memory_bytes;

	struct tensor vectors;   /* acc: the parameters from at->matrices on */
	struct tensor positions; /* [1 + patches, D of vision] acc */
	struct tensor embed;     /* [vocab, D] act */
	struct prepared patch, linear1, linear2, head;
	struct decode_vision_layer *vision_layers;
	struct decode_text_layer *text_layers;

	struct decode_work prompt, step; /* step: of the last rows of prompts, too */
	struct tensor image;             /* [prompts * image_tokens, D] act */
	struct tensor logits;            /* [sequences or prompts, vocab] acc */
	struct tensor log_sums;
	struct tensor said_logits, said_log_sums; /* the same, for those who read them */
	size_t said;                              /* rows of the last prompts or step, */
	bool said_here;                           /* and whether their logits are in said_logits */

	struct decode_choice choice; /* its sets are in memory of ops */
	int32_t *set_of;             /* [sequences], with a choice: of its sets; -1: all tokens */
	int32_t *likeliest;          /* [sequences or prompts, choice.count] in memory of ops */
	struct tensor likeliest_logits; /* [same], acc */
	int32_t *said_likeliest;        /* the same, here */
	struct tensor said_likeliest_logits;

	void *said_memory; /* of the processor's, for these two and what is here of lists */
	/* Lists of a step, or of prompts, lie one behind the other: what is used of them goes there at once. */
	struct decode_list all;
	size_t listed;                    /* numbers used */
	struct decode_list ids;           /* [rows]; -1 for rows of pictures */
	struct decode_list row_positions; /* [rows] of a step */
	struct decode_list places;        /* [rows]: where rows are kept; -1: nowhere */
	struct decode_list last_rows;     /* [prompts]: the last row of each */
	struct decode_list
		image_rows; /* [prompts * image_tokens]: of the text's rows, those of pictures */
	struct decode_list sets;         /* [sequences or prompts]: what each is restricted to */
	struct decode_list firsts, seen; /* as attend_kept takes them */

	uint8_t *pictures; /* [prompts, side, side] */
	int32_t *
		feature_rows; /* [prompts * image_tokens]: of the vision's rows, those of features; always the same */

	struct decode_cache *cache;
};

/* The part of trainer/decode/decode_choice.c: nothing is chosen; m->likeliest of the n rows of m->logits; what is read of these
 * comes here. */
void decode_forget_choice(struct decode_model *m);
void decode_find_likeliest(struct decode_model *m, size_t n);
void decode_fetch_said(struct decode_model *m, size_t n);

/* A vector of the parameters. */
static inline struct tensor decode_vector(const struct decode_model *m, size_t at)
{
	return tensor_from(m->vectors, at - m->at->matrices);
}

/* Sizes, and memory for all tensors; ERR_LIMIT where that is too much. */
int decode_plan(struct decode_model *m, struct err *err);

/* m->image = what the text gets to read of m->pictures. */
void decode_see(struct decode_model *m, int count);

/* out[rows, n] = x times the matrix and its bias, or +=. */
static inline void decode_multiply(struct decode_model *m, struct tensor out, struct tensor x,
				   const struct prepared *w, size_t rows, bool add)
{
	m->ops->linear_prepared(m->ops, out, x, w->at, w->bias, rows, w->n, w->k, add);
}

#endif
