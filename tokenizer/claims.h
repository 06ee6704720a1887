/* SPDX-License-Identifier: MIT */
/*
 * claims: the queue of a BPE trainer: pairs with the counts they had and the words where they are.
 *
 *	claims_note(&claims, pair, left, right, word);	(for each occurrence, words in their order)
 *	claims_enter(&claims, counts);			(one claim for each pair noted since)
 *	while (claims_take(&claims, &claim)) {
 *		... claims_put(&claims, &claim) or claim_free(&claim)
 *	}
 *	claims_free(&claims);
 *
 * A zeroed struct is an empty queue.
 */
#ifndef TOKENIZER_CLAIMS_H
#define TOKENIZER_CLAIMS_H

#include <stdbool.h>
#include <stdint.h>

struct claim {
	int64_t count;
	uint32_t left, right;
	uint32_t pair;   /* number of the pair */
	uint32_t *words; /* owned */
	uint32_t word_count, word_room;
};

struct claims {
	struct claim *heap; /* the first is the next to be taken */
	uint32_t count, room;
	struct claim *noted; /* not entered yet, count 0 */
	uint32_t noted_count, noted_room;
	uint32_t *noted_at; /* of each pair: its place in noted + 1, or 0 */
	uint32_t pairs_room;
};

/* A word noted twice in a row for a pair is noted once. */
void claims_note(struct claims *claims, uint32_t pair, uint32_t left, uint32_t right,
		 uint32_t word);

/* Enters what was noted, with the counts of its pairs; pairs without a count are dropped. */
void claims_enter(struct claims *claims, const int64_t *counts);

/* Takes the claim with the largest count, of equal ones that with the smaller left id, then right
 * id. Its words are the caller's. False if there is none. */
bool claims_take(struct claims *claims, struct claim *claim);

/* Puts a claim into the queue, which takes its words. */
void claims_put(struct claims *claims, const struct claim *claim);

void claim_free(struct claim *claim);
void claims_free(struct claims *claims);

#endif
