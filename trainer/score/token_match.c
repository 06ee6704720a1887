/* SPDX-License-Identifier: MIT */
/*
 * The column of the table of dynamic programming as bits, one for each token of a: 0 where the length
 * grows by one. A token of b turns V into (V + (V & M)) | (V & ~M), M being where a has that token.
 * Hyyrö 2004, "Bit-Parallel LCS-length Computation Revisited". Columns longer than a word are done
 * word by word for all of b, with the carry of every addition kept for the next word.
 */
#include <config.h>

#include "trainer/score/token_match.h"

#include <stdlib.h>

#define BITS 64

struct places {
	uint32_t id;
	uint64_t bits;
};

static int compare(const void *a, const void *b)
{
	const struct places *p = a, *q = b;

	return (p->id > q->id) - (p->id < q->id);
}

/* The different ids of a[0..n), rising, and where they are; returns how many. */
static int list_places(const uint32_t *a, int n, struct places out[BITS])
{
	int count = 0;

	for (int i = 0; i < n; i++)
		out[i] = (struct places){a[i], UINT64_C(1) << i};
	qsort(out, (size_t)n, sizeof(*out), compare);
	for (int i = 0; i < n; i++) {
		if (count > 0 && out[count - 1].id == out[i].id)
			out[count - 1].bits |= out[i].bits;
		else
			out[count++] = out[i];
	}
	return count;
}

static uint64_t find_places(const struct places *list, int count, uint32_t id)
{
	int lo = 0;

	while (count > 0) {
		int half = count / 2;

		if (list[lo + half].id < id) {
			lo += half + 1;
			count -= half + 1;
		} else if (list[lo + half].id > id) {
			count = half;
		} else {
			return list[lo + half].bits;
		}
	}
	return 0;
}

/* One word of the column, for all of b. */
static int match_word(const uint32_t *a, int n, const uint32_t *b, size_t b_count,
		      unsigned char *carries)
{
	struct places places[BITS];
	int count = list_places(a, n, places);
	uint64_t v = ~UINT64_C(0);

	for (size_t j = 0; j < b_count; j++) {
		uint64_t m = find_places(places, count, b[j]), sum = v + (v & m);
		unsigned char carry = sum < v;

		sum += carries[j];
		carry |= sum < carries[j];
		carries[j] = carry;
		v = sum | (v & ~m);
	}
	return __builtin_popcountll(n < BITS ? ~v & ((UINT64_C(1) << n) - 1) : ~v);
}

size_t token_match_count(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count,
			 struct arena *arena)
{
	struct arena_mark mark = arena_mark(arena);
	unsigned char *carries = ARENA_NEW(arena, unsigned char, b_count);
	size_t total = 0;

	for (size_t i = 0; i < a_count; i += BITS) {
		size_t left = a_count - i;

		total += (size_t)match_word(a + i, left < BITS ? (int)left : BITS, b, b_count,
					    carries);
	}
	arena_release(arena, mark);
	return total;
}
