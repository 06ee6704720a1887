/* SPDX-License-Identifier: MIT */
/* A binary heap of claims, and a list of those that are being gathered. */
#include <config.h>

#include "tokenizer/claims.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static bool is_before(const struct claim *a, const struct claim *b)
{
	if (a->count != b->count)
		return a->count > b->count;
	return a->left != b->left ? a->left < b->left : a->right < b->right;
}

static struct claim *noted_claim(struct claims *claims, uint32_t pair)
{
	if (pair >= claims->pairs_room) {
		uint32_t room = pair + pair / 2 + 1024;

		claims->noted_at = mem_realloc(claims->noted_at, room, sizeof(*claims->noted_at));
		memset(claims->noted_at + claims->pairs_room, 0,
		       (room - claims->pairs_room) * sizeof(*claims->noted_at));
		claims->pairs_room = room;
	}
	if (claims->noted_at[pair])
		return &claims->noted[claims->noted_at[pair] - 1];
	if (claims->noted_count == claims->noted_room) {
		claims->noted_room += claims->noted_room / 2 + 256;
		claims->noted =
			mem_realloc(claims->noted, claims->noted_room, sizeof(*claims->noted));
	}
	claims->noted[claims->noted_count] = (struct claim){.pair = pair};
	claims->noted_at[pair] = ++claims->noted_count;
	return &claims->noted[claims->noted_count - 1];
}

void claims_note(struct claims *claims, uint32_t pair, uint32_t left, uint32_t right, uint32_t word)
{
	struct claim *claim = noted_claim(claims, pair);

	claim->left = left;
	claim->right = right;
	if (claim->word_count && claim->words[claim->word_count - 1] == word)
		return;
	if (claim->word_count == claim->word_room) {
		claim->word_room += claim->word_room / 2 + 4;
		claim->words = mem_realloc(claim->words, claim->word_room, sizeof(*claim->words));
	}
	claim->words[claim->word_count++] = word;
}

void claims_enter(struct claims *claims, const int64_t *counts)
{
	for (uint32_t i = 0; i < claims->noted_count; i++) {
		struct claim *claim = &claims->noted[i];

		claims->noted_at[claim->pair] = 0;
		claim->count = counts[claim->pair];
		if (claim->count > 0)
			claims_put(claims, claim);
		else
			claim_free(claim);
	}
	claims->noted_count = 0;
}

void claims_put(struct claims *claims, const struct claim *claim)
{
	struct claim *heap;
	uint32_t at = claims->count;

	if (claims->count == claims->room) {
		claims->room += claims->room / 2 + 1024;
		claims->heap = mem_realloc(claims->heap, claims->room, sizeof(*claims->heap));
	}
	heap = claims->heap;
	claims->count++;
	for (; at > 0 && is_before(claim, &heap[(at - 1) / 2]); at = (at - 1) / 2)
		heap[at] = heap[(at - 1) / 2];
	heap[at] = *claim;
}

bool claims_take(struct claims *claims, struct claim *claim)
{
	struct claim *heap = claims->heap, last;
	uint32_t at = 0, child;

	if (!claims->count)
		return false;
	*claim = heap[0];
	last = heap[--claims->count];
	while ((child = 2 * at + 1) < claims->count) {
		if (child + 1 < claims->count && is_before(&heap[child + 1], &heap[child]))
			child++;
		if (!is_before(&heap[child], &last))
			break;
		heap[at] = heap[child];
		at = child;
	}
	heap[at] = last;
	return true;
}

void claim_free(struct claim *claim)
{
	free(claim->words);
	claim->words = NULL;
}

void claims_free(struct claims *claims)
{
	for (uint32_t i = 0; i < claims->count; i++)
		claim_free(&claims->heap[i]);
	for (uint32_t i = 0; i < claims->noted_count; i++)
		claim_free(&claims->noted[i]);
	free(claims->heap);
	free(claims->noted);
	free(claims->noted_at);
	*claims = (struct claims){0};
}
