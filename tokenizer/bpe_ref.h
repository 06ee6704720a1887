/* SPDX-License-Identifier: MIT */
/*
 * bpe_ref: training and merging as plainly as they can be said, for tests to compare with.
 *
 *	n = bpe_ref_merge(vocab, ids, n);
 *	count = bpe_ref_train(words, word_count, &tokens, vocab_size, min_frequency, merges);
 *
 * Every search is a walk over all there is; the rules are those of bpe_train.h and bpe_merge.h.
 */
#ifndef TOKENIZER_BPE_REF_H
#define TOKENIZER_BPE_REF_H

#include <stddef.h>

#include "base/arena.h"
#include "formats/model/vocab.h"

/* Merges ids[0..n) in place; returns how many are left. */
size_t bpe_ref_merge(const struct vocab *vocab, uint32_t *ids, size_t n);

struct ref_word {
	uint32_t *ids;
	size_t count; /* of ids */
	int64_t occurrences;
};

/* Names of tokens, in the byte alphabet; `room` of them. */
struct ref_names {
	char **names;
	size_t count, room;
};

/* Trains on the words, which are used up; names, in which those of the ids in the words stand already,
 * get the new tokens. Writes the merges, with what was merged twice still in twice, into merges, which
 * has room for `merge_room`; returns how many. Memory comes from the arena. */
size_t bpe_ref_train(struct ref_word *words, size_t word_count, struct ref_names *names,
		     size_t vocab_size, int64_t min_frequency, struct vocab_merge *merges,
		     size_t merge_room, struct arena *arena);

#endif
