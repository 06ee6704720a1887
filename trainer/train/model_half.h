/* SPDX-License-Identifier: MIT */
/*
 * model_half: the sizes of one half of a model, vision or text, and how tensors are placed in one
 * allocation.
 *
 *	struct half text = half_of_text(&config);
 *	struct plan plan = {0};
 *	walk(&plan);				adds up plan.used
 *	plan = (struct plan){.memory = ops->alloc(ops, plan.used)};
 *	walk(&plan);				the same calls of plan_tensor give places
 */
#ifndef TRAINER_MODEL_HALF_H
#define TRAINER_MODEL_HALF_H

#include <stddef.h>

#include "formats/model/model_config.h"
#include "trainer/ops/ops.h"

struct half {
	int layers; /* that are used */
	size_t width, mlp;
	struct heads heads;
	size_t row, inner; /* numbers in a row of qkv, of queries */
};

struct half half_of_vision(const struct model_config *config);
struct half half_of_text(const struct model_config *config);

/* rows[samples * image tokens]: of the rows of a vision tower, 1 + patches for each sample, those that are features. */
void list_features(int32_t *rows, int samples, int patches, int image_tokens);

#define PLAN_ALIGN 64

struct plan {
	char *memory; /* NULL while adding up */
	size_t used;
};

/* n objects of `size` bytes; NULL while adding up. */
void *plan_place(struct plan *plan, size_t n, size_t size);

/* n numbers. */
struct tensor plan_tensor(struct plan *plan, size_t n, enum dtype type);

#endif
