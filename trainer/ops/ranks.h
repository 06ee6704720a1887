/* SPDX-License-Identifier: MIT */
/*
 * ranks: the processes of one training, each of which goes through a part of every step's batches. What they
 * sum they share; all else each does for itself, and comes to the same.
 *
 *	struct ranks *ranks = ops_cuda_ranks(ops, rank, count, folder, &err);
 *	ranks->sum(ranks, gradients, n);
 *	if (ops->check(ops, &err) < 0) ...
 *	ranks->free(ranks);
 */
#ifndef TRAINER_RANKS_H
#define TRAINER_RANKS_H

#include <stddef.h>

#include "trainer/ops/tensor.h"

struct ranks {
	int rank, count; /* 0 <= rank < count */

	/* numbers[n], F32 in memory of the rank's ops, become their sum over all ranks, the same bits in
	 * each. Every rank calls it, for as many numbers. Works in the order of calls of the ops, and may
	 * return before it is done; a failure is found by ops->check. */
	void (*sum)(struct ranks *ranks, struct tensor numbers, size_t n);
	void (*free)(struct ranks *ranks);
};

#endif
