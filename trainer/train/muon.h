/* SPDX-License-Identifier: MIT */
/*
 * muon: how a matrix inside a network learns by the whole of its gradient: the step goes along the
 * orthogonal matrix that is nearest to the gradient's moving mean, so that what the gradient rarely says
 * counts as much as what it says all the time.
 *
 *	struct muon *muon = muon_new(ops, numbers, side);
 *	muon_update(muon, param, mean, grad, copy, rows, cols, &how);
 *	muon_free(muon);
 *
 * Steps are as long as AdamW's at the same rate, so that one rate serves both.
 *
 * Source: Jordan and others 2024, "Muon: An optimizer for hidden layers in neural networks": a quintic iterated,
 * Nesterov's momentum of 0.95; Liu and others 2025, "Muon is Scalable for LLM Training": weight decay, and
 * 0.2 sqrt(max(rows, cols)) for the length; Amsel and others 2025, "The Polar Express: Optimal Matrix Sign Methods
 * and Their Application to the Muon Algorithm": that each iteration has the polynomial that is best for what the one
 * before leaves, by which three do what five of one polynomial did.
 */
#ifndef TRAINER_MUON_H
#define TRAINER_MUON_H

#include "trainer/ops/ops.h"

struct muon;

/* Room for matrices of up to so many numbers, whose shorter sides are up to `side`. Borrows ops. Out of
 * memory ends the process as mem_alloc does. */
struct muon *muon_new(struct ops *ops, size_t numbers, size_t side);
void muon_free(struct muon *muon); /* NULL is allowed */

struct muon_step {
	double rate;
	double decay; /* weight decay, times the rate */
	double scale; /* of the gradient: clipping */
};

/* param[rows,cols] takes a step, and mean, which begins as zeros, takes the gradient in; copy = param as
 * act, unless none. param, mean, grad: acc. */
void muon_update(struct muon *muon, struct tensor param, struct tensor mean, struct tensor grad,
		 struct tensor copy, size_t rows, size_t cols, const struct muon_step *how);

#endif
