/* SPDX-License-Identifier: MIT */
/*
 * candidates: tokens that may come next, with scores, and how one or some of them are chosen.
 *
 *	struct candidate *list = mem_alloc(vocab, sizeof(*list));
 *	size_t n = candidates_from_logits(list, logits, row, vocab, &bounds);
 *	const struct candidate *best = candidates_best(list, n);
 *	n = candidates_soften(list, n, 0.8, 50, 0.95);
 *	const struct candidate *drawn = candidates_draw(list, n, rng_unit(&rng));
 *
 * Of equal scores the lower token is the better one. Order and meaning of what is done to scores are
 * those of transformers' generate: repetition penalty, grammar, temperature, top-k, top-p.
 */
#ifndef TRAINER_CANDIDATES_H
#define TRAINER_CANDIDATES_H

#include <stddef.h>
#include <stdint.h>

#include "trainer/ops/tensor.h"

struct candidate {
	double score; /* of candidates_soften on: a weight, not a logarithm */
	int32_t token;
};

struct candidate_bounds {
	const uint64_t *allowed; /* a set as token_table's; NULL: all */
	const uint64_t *seen;    /* a set of tokens that the penalty is for */
	double penalty; /* 1: none; else scores below 0 are multiplied, others divided, by it */
	int32_t never;  /* a token that is not allowed, or -1 */
	double less;    /* taken off all scores first: log_sum_exp, for log probabilities */
};

/* Appends to list the tokens 0..count-1 with logits[row, width]; returns how many are allowed. */
size_t candidates_from_logits(struct candidate *list, struct tensor logits, size_t row,
			      size_t width, size_t count, const struct candidate_bounds *bounds);

/* n > 0. */
const struct candidate *candidates_best(const struct candidate *list, size_t n);

/* Puts the best k in front, the best first; returns how many that are. */
size_t candidates_top(struct candidate *list, size_t n, size_t k);

/* Makes weights of scores: exp(score / temperature), temperature > 0. With top_k > 0, those worse than
 * the k-th are left out; with top_p < 1, of the rest the best that are needed to make top_p of its
 * weight stay, and one at least. Returns how many there are; n > 0. */
size_t candidates_soften(struct candidate *list, size_t n, double temperature, size_t top_k,
			 double top_p);

/* One of weighted ones, with a probability that goes as its weight; unit is uniform in [0, 1). */
const struct candidate *candidates_draw(const struct candidate *list, size_t n, double unit);

#endif
