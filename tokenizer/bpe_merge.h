/* SPDX-License-Identifier: MIT */
/*
 * bpe_merge: the merges of a vocabulary, applied to one piece of text.
 *
 *	struct merge_table *table = merge_table_new(vocab);
 *	struct merge_scratch scratch = {0};
 *	n = bpe_merge(table, &scratch, ids, n);		(ids of its bytes -> ids of its tokens)
 *	merge_scratch_free(&scratch);
 *	merge_table_free(table);
 *
 * Again and again the merge of the lowest rank is done, of these the leftmost, until none is left.
 * The table is read-only and may be shared by threads; each has a scratch of its own.
 */
#ifndef TOKENIZER_BPE_MERGE_H
#define TOKENIZER_BPE_MERGE_H

#include <stddef.h>

#include "formats/model/vocab.h"

struct merge_table;

/* Borrows the vocabulary. Of a pair that has several ranks the last holds. */
struct merge_table *merge_table_new(const struct vocab *vocab);
void merge_table_free(struct merge_table *table);

/* Zeroed before use. */
struct merge_scratch {
	void *memory;
	size_t bytes;
	uint32_t *heads; /* of each rank, for long pieces; all empty between calls */
};

void merge_scratch_free(struct merge_scratch *scratch);

/* Merges within ids[0..n), in place; returns how many are left. n < 2^31. Time is linear in n where
 * each token's merge comes before all merges of that token, as in any trained vocabulary; else
 * n log n. */
size_t bpe_merge(const struct merge_table *table, struct merge_scratch *scratch, uint32_t *ids,
		 size_t n);

/* The ways to do it, for tests: rows for at most MERGE_ROWS_MAX ids, lists where the table is ordered. */
enum merge_way {
	MERGE_BY_ROWS,
	MERGE_BY_HEAP,
	MERGE_BY_LISTS,
};

#define MERGE_ROWS_MAX 24

bool merge_table_is_ordered(const struct merge_table *table);
size_t bpe_merge_by(const struct merge_table *table, struct merge_scratch *scratch, uint32_t *ids,
		    size_t n, enum merge_way way);

#endif
