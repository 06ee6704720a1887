/* SPDX-License-Identifier: MIT */
/*
 * token_match: how many tokens two sequences have in common, in order.
 *
 *	size_t n = token_match_count(truth, 120, said, 118, &arena);
 */
#ifndef TRAINER_TOKEN_MATCH_H
#define TRAINER_TOKEN_MATCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* The length of their longest common subsequence. Takes a_count / 64 * b_count steps, and b_count
 * bytes of the arena for the while. */
size_t token_match_count(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count,
			 struct arena *arena);

#endif
