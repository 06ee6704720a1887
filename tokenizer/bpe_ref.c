/* SPDX-License-Identifier: MIT */
/*
 * The training of Hugging Face's BpeTrainer in lists: pairs with their counts, and claims (a pair, the
 * count that it had when it was found, and which words it was found in).
 */
#include <config.h>

#include "tokenizer/bpe_ref.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

size_t bpe_ref_merge(const struct vocab *vocab, uint32_t *ids, size_t n)
{
	for (;;) {
		size_t best_at = 0;
		int64_t best = -1;

		for (size_t i = 0; i + 1 < n; i++) {
			int64_t rank = -1;

			for (uint32_t r = 0; r < vocab->merge_count; r++)
				if (vocab->merges[r].left == ids[i] &&
				    vocab->merges[r].right == ids[i + 1])
					rank = r;
			if (rank >= 0 && (best < 0 || rank < best)) {
				best = rank;
				best_at = i;
			}
		}
		if (best < 0)
			return n;
		ids[best_at] = vocab->merges[best].result;
		memmove(ids + best_at + 1, ids + best_at + 2, (n - best_at - 2) * sizeof(*ids));
		n--;
	}
}

struct pair {
	uint32_t left, right;
	int64_t count;
	bool is_new; /* found again in this round, in the words of `in` */
	bool *in;    /* of each word */
};

struct ref_claim {
	size_t pair;
	int64_t count;
	bool *in;
	bool is_done;
};

struct ref {
	struct ref_word *words;
	size_t word_count;
	struct pair *pairs;
	size_t pair_count, pair_room;
	struct ref_claim *claims;
	size_t claim_count, claim_room;
	struct arena *arena;
};

static void *widen(struct arena *arena, void *old, size_t count, size_t *room, size_t size)
{
	char *wide;

	if (count < *room)
		return old;
	*room = 2 * *room + 16;
	wide = arena_alloc(arena, *room, size);
	if (count)
		memcpy(wide, old, count * size);
	return wide;
}

static struct pair *find_pair(struct ref *r, uint32_t left, uint32_t right)
{
	for (size_t i = 0; i < r->pair_count; i++)
		if (r->pairs[i].left == left && r->pairs[i].right == right)
			return &r->pairs[i];
	r->pairs = widen(r->arena, r->pairs, r->pair_count, &r->pair_room, sizeof(*r->pairs));
	r->pairs[r->pair_count] = (struct pair){.left = left, .right = right};
	return &r->pairs[r->pair_count++];
}

static void lose(struct ref *r, uint32_t left, uint32_t right, size_t word)
{
	find_pair(r, left, right)->count -= r->words[word].occurrences;
}

static void gain(struct ref *r, uint32_t left, uint32_t right, size_t word)
{
	struct pair *pair = find_pair(r, left, right);

	pair->count += r->words[word].occurrences;
	if (!pair->is_new)
		pair->in = ARENA_NEW(r->arena, bool, r->word_count);
	pair->is_new = true;
	pair->in[word] = true;
}

static void claim_new_pairs(struct ref *r)
{
	for (size_t i = 0; i < r->pair_count; i++) {
		struct pair *pair = &r->pairs[i];

		if (pair->is_new && pair->count > 0) {
			r->claims = widen(r->arena, r->claims, r->claim_count, &r->claim_room,
					  sizeof(*r->claims));
			r->claims[r->claim_count++] =
				(struct ref_claim){i, pair->count, pair->in, false};
		}
		pair->is_new = false;
	}
}

static bool is_better(const struct ref *r, const struct ref_claim *a, const struct ref_claim *b)
{
	const struct pair *p = &r->pairs[a->pair], *q = &r->pairs[b->pair];

	if (a->count != b->count)
		return a->count > b->count;
	return p->left != q->left ? p->left < q->left : p->right < q->right;
}

/* The claim to go on with, its count brought up to date; NULL if none is left. */
static struct ref_claim *best_claim(struct ref *r)
{
	for (;;) {
		struct ref_claim *best = NULL;

		for (size_t i = 0; i < r->claim_count; i++)
			if (!r->claims[i].is_done && (!best || is_better(r, &r->claims[i], best)))
				best = &r->claims[i];
		if (!best || best->count == r->pairs[best->pair].count)
			return best;
		best->count = r->pairs[best->pair].count;
	}
}

static uint32_t merged_token(struct ref *r, struct ref_names *names, uint32_t left, uint32_t right)
{
	const char *a = names->names[left], *b = names->names[right];
	size_t len = strlen(a) + strlen(b) + 1;
	char *name = ARENA_NEW(r->arena, char, len);

	snprintf(name, len, "%s%s", a, b);
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->names[i], name) == 0)
			return (uint32_t)i;
	assert(names->count < names->room);
	names->names[names->count] = name;
	return (uint32_t)names->count++;
}

static void merge_word(struct ref *r, size_t w, const struct vocab_merge *m)
{
	struct ref_word *word = &r->words[w];

	for (size_t i = 0; i + 1 < word->count; i++) {
		uint32_t *ids = word->ids;

		if (ids[i] != m->left || ids[i + 1] != m->right)
			continue;
		if (i > 0) {
			lose(r, ids[i - 1], m->left, w);
			gain(r, ids[i - 1], m->result, w);
		}
		ids[i] = m->result;
		word->count--;
		memmove(ids + i + 1, ids + i + 2, (word->count - i - 1) * sizeof(*ids));
		if (i + 1 < word->count) {
			lose(r, m->right, ids[i + 1], w);
			gain(r, m->result, ids[i + 1], w);
		}
	}
}

size_t bpe_ref_train(struct ref_word *words, size_t word_count, struct ref_names *names,
		     size_t vocab_size, int64_t min_frequency, struct vocab_merge *merges,
		     size_t merge_room, struct arena *arena)
{
	struct ref r = {.words = words, .word_count = word_count, .arena = arena};
	struct ref_claim *claim;
	size_t count = 0;

	for (size_t w = 0; w < word_count; w++)
		for (size_t i = 1; i < words[w].count; i++)
			gain(&r, words[w].ids[i - 1], words[w].ids[i], w);
	claim_new_pairs(&r);
	while (names->count < vocab_size && (claim = best_claim(&r)) && claim->count >= 1 &&
	       claim->count >= min_frequency) {
		const struct pair *pair = &r.pairs[claim->pair];
		struct vocab_merge m = {pair->left, pair->right, 0};
		const bool *in = claim->in;

		m.result = merged_token(&r, names, m.left, m.right);
		assert(count < merge_room);
		merges[count++] = m;
		claim->is_done = true;
		for (size_t w = 0; w < word_count; w++)
			if (in[w])
				merge_word(&r, w, &m);
		claim_new_pairs(&r);
	}
	return count;
}
