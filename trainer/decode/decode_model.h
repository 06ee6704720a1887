/* SPDX-License-Identifier: MIT */
/*
 * decode_model: a model that only says what comes next: prompts with their pictures go in at once, then
 * each sequence token by token, its keys and values being kept.
 *
 *	struct decode_model *model = decode_model_new(&config, ops, &limits, &err);
 *	decode_model_load(model, params);
 *	decode_model_prompt(model, prompts, pixels, 2);		slots 0 and 1, say
 *	... decode_model_logits(model), row i for prompts[i]
 *	decode_model_step(model, slots, ids, 2);		a token more for each
 *	... row i for slots[i]
 *	decode_model_drop(model, 0);
 *	decode_model_free(model);
 *
 * Weights are kept as matrix products read them, once, and no gradients. Logits of a sequence are the
 * same bits whatever others go along. Source of the arithmetic: trainer/train/model.h.
 */
#ifndef TRAINER_DECODE_MODEL_H
#define TRAINER_DECODE_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "formats/model/model_config.h"
#include "trainer/ops/ops.h"

/* How much is held at once. */
struct decode_limits {
	int sequences; /* slots */
	int prompts;   /* that go in together */
	size_t rows;   /* kept of all sequences; what two share counts once */
};

struct decode_prompt {
	int slot; /* an empty one */
	const int32_t *ids;
	int count; /* of ids, as conversation_encode gives them: all image tokens among them */
};

/* Which tokens are looked at of what a sequence may go on with. */
struct decode_choice {
	int count;            /* the likeliest so many; 0: all, which come as logits */
	int tokens;           /* of the vocabulary; others are never looked at */
	int32_t never;        /* a token, likewise; or -1 */
	const uint64_t *sets; /* [set_count, set_words], as token_table has them; NULL: none */
	size_t set_words;
	int set_count;
};

struct decode_model;

/* Borrows ops. ERR_LIMIT where memory exceeds what can be asked for. NULL on failure. */
struct decode_model *decode_model_new(const struct model_config *config, struct ops *ops,
				      const struct decode_limits *limits, struct err *err);
void decode_model_free(struct decode_model *model);

/* Takes over parameters as model_tensors places them, in memory of ops and of a type that ops->convert and
 * ops->prepare read: model_params. */
void decode_model_load(struct decode_model *model, struct tensor params);

/* The same of a checkpoint's numbers. ERR_LIMIT where there is no memory for them to go through, ERR_DEVICE
 * where the device failed. */
int decode_model_load_numbers(struct decode_model *model, const float *numbers, struct err *err);

const struct model_config *decode_model_config(const struct decode_model *model);
const struct decode_limits *decode_model_limits(const struct decode_model *model);

/* count <= limits.prompts. pixels[count, side, side] are grey. Prompts are shorter than the model has
 * positions, and there are rows left for them. */
void decode_model_prompt(struct decode_model *model, const struct decode_prompt *prompts,
			 const uint8_t *pixels, int count);

/* Each of `count` sequences, none of them twice, goes on by its token. A row is left for each. */
void decode_model_step(struct decode_model *model, const int *slots, const int32_t *ids, int count);

/* The slot `to`, which is empty, becomes what `from` is: two ways to go on. */
void decode_model_fork(struct decode_model *model, int to, int from);
void decode_model_drop(struct decode_model *model, int slot);

/* From now on the likeliest tokens are found where the logits are: see decode_model_likeliest. Keeps nothing of
 * the choice's memory; forgets what decode_model_restrict said. ERR_LIMIT where there is no memory for the sets. */
int decode_model_choose(struct decode_model *model, const struct decode_choice *choice,
			struct err *err);

/* What the slot's next prompt or steps give is looked for among a set of the choice's; -1: all tokens. */
void decode_model_restrict(struct decode_model *model, int slot, int set);

/* Of the last prompts or step, with a choice: tokens[count of the choice], the likeliest first, of equal ones
 * the lower one first, -1 behind the last, and their logits; of a row. */
struct decode_likeliest {
	const int32_t *tokens;
	struct tensor logits;
};
struct decode_likeliest decode_model_likeliest(const struct decode_model *model, size_t row);

/* How many these are; 0: there is no choice. */
int decode_model_chosen(const struct decode_model *model);

/* Of the last prompts or step: [count, vocab], and the logarithm of the sum of exp of each row; acc, in the
 * processor's memory. Callers may write to them. With a choice logits come when they are first asked for. */
struct tensor decode_model_logits(struct decode_model *model);
struct tensor decode_model_log_sums(struct decode_model *model);

/* As ops->check: where it is -1, the last logits mean nothing. */
int decode_model_check(struct decode_model *model, struct err *err);

/* Rows kept by a slot; rows that are free. */
size_t decode_model_kept(const struct decode_model *model, int slot);
size_t decode_model_rows_left(const struct decode_model *model);

/* Bytes of parameters, kept rows and activations; of the latter two only what is used is touched. */
size_t decode_model_bytes(const struct decode_model *model);

#endif
