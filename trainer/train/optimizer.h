/* SPDX-License-Identifier: MIT */
/*
 * optimizer: AdamW over sets of parameters, or Muon for the matrices among them, clipped, at a rate that
 * changes with the step.
 *
 *	struct optimizer *optimizer = optimizer_new(&set, 1, ops, &settings);
 *	if (optimizer_step(optimizer, step, &report, &err) < 0) ...	(steps from 1)
 *	optimizer_free(optimizer);
 *
 * Source: Loshchilov and Hutter 2019,
 * "Decoupled Weight Decay Regularization".
 */
#ifndef TRAINER_OPTIMIZER_H
#define TRAINER_OPTIMIZER_H

#include "base/err.h"
#include "trainer/ops/ops.h"
#include "trainer/train/param_set.h"

/* X(name) of how the rate falls behind the warm-up: along half a cosine, or not before the last part of
 * the steps and then in a line. */
#define RATE_SHAPES(X)                                                                             \
	X(cosine)                                                                                  \
	X(stable)

enum rate_shape {
#define X(name) RATE_##name,
	RATE_SHAPES(X)
#undef X
};

/* NULL-terminated list for option tables. */
extern const char *const rate_shape_names[3];

/* X(name): muon is for the ranges that are one matrix (trainer/train/muon.h), and AdamW for the rest. */
#define OPTIMIZERS(X)                                                                              \
	X(adamw)                                                                                   \
	X(muon)

enum optimizer_kind {
#define X(name) OPTIMIZER_##name,
	OPTIMIZERS(X)
#undef X
};

/* NULL-terminated list for option tables. */
extern const char *const optimizer_names[3];

struct optimizer_settings {
	enum optimizer_kind kind;
	double rate; /* the highest */
	enum rate_shape shape;
	int64_t warmup, steps; /* warm-up steps, and all */
	double last;           /* rate of the last step, in parts of the highest */
	double fall;           /* RATE_stable: the share of steps in which it falls */
	double beta1, beta2, eps, decay;
	double clip; /* of the gradient's length; 0: none */
};

/* AdamW, rate 0.001 along a cosine to a tenth, 2 % of `steps` warm-up, betas 0.9 and 0.95, decay 0.1, clip 1. */
struct optimizer_settings optimizer_defaults(int64_t steps);

/* The rate of step 1..steps; beyond, that of the last. */
double optimizer_rate(const struct optimizer_settings *settings, int64_t step);

struct optimizer;

/* Borrows what the sets point to, and ops. */
struct optimizer *optimizer_new(const struct param_set *sets, int count, struct ops *ops,
				const struct optimizer_settings *settings);
void optimizer_free(struct optimizer *optimizer);

struct optimizer_report {
	double rate, length; /* of the gradient, before it is clipped */
};

/* Updates the parameters by the gradients, which stay as they are. A range whose gradient is 0 all through had
 * no part in the step and does not change, nor does it decay. ERR_FORMAT, and nothing changed, where a
 * gradient is not finite. */
int optimizer_step(struct optimizer *optimizer, int64_t step, struct optimizer_report *report,
		   struct err *err);

/* Means of gradients and of their squares (Muon leaves these 0), [optimizer_numbers(optimizer)] each, acc,
 * the sets one behind the other: the state that a run goes on from. */
size_t optimizer_numbers(const struct optimizer *optimizer);
struct tensor optimizer_first(struct optimizer *optimizer);
struct tensor optimizer_second(struct optimizer *optimizer);

#endif
