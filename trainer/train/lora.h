/* SPDX-License-Identifier: MIT */
/*
 * lora: matrices of a model that change by a product of two thin ones, W = W0 + B A.
 *
 *	struct lora *lora = lora_new(model, ops, &settings, &err);
 *	model_backward(model, &batch, scale);
 *	lora_gradients(lora);
 *	... the optimizer, on lora_params(lora)
 *	lora_apply(lora);
 *	lora_free(lora);
 *
 * The model goes forward and back with W itself, so its checkpoint is the merged one, and the gradients
 * of A and B follow from that of W: dA = B^T dW, dB = dW A^T. Takes the time and memory of full training
 * but for the means that the optimizer keeps. The usual factor alpha / rank before B A is part of B here,
 * and its rate the higher by it, which for Adam is the same. Source: Hu et al. 2021, "LoRA".
 */
#ifndef TRAINER_LORA_H
#define TRAINER_LORA_H

#include "trainer/train/param_set.h"

struct lora_settings {
	int rank;
	double alpha;
	unsigned parts; /* of the model, whose layers' matrices are adapted */
	uint64_t seed;  /* of A, uniform within 1 / sqrt(columns); B begins at 0 */
};

struct lora;

/* Borrows model and ops; keeps a copy of the matrices. ERR_USAGE where a matrix has fewer rows or columns
 * than the rank. NULL on failure. */
struct lora *lora_new(struct model *model, struct ops *ops, const struct lora_settings *settings,
		      struct err *err);

/* NULL is allowed. */
void lora_free(struct lora *lora);

/* A and B of all matrices. Valid until lora_free. */
const struct param_set *lora_params(const struct lora *lora);

/* The gradients of A and B, from those of the model. */
void lora_gradients(struct lora *lora);

/* The model's matrices, from A and B. */
void lora_apply(struct lora *lora);

/* The matrices as they were, [numbers], acc, one behind the other: what, with A and B, a run goes on
 * from. */
struct tensor lora_base(struct lora *lora, size_t *numbers);

#endif
