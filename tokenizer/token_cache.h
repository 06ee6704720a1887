/* SPDX-License-Identifier: MIT */
/*
 * token_cache: the tokens of pieces that were seen, and what merging needs as scratch; for
 * tokenizer.c.
 */
#ifndef TOKENIZER_TOKEN_CACHE_H
#define TOKENIZER_TOKEN_CACHE_H

#include <stdint.h>
#include <string.h>

#include "tokenizer/bpe_merge.h"
#include "tokenizer/tokenizer.h"

#define CACHE_SLOTS (1u << 15)
#define CACHE_KEY_BYTES 24
#define CACHE_IDS 9

/* One line of the processor's cache. */
struct cache_slot {
	uint64_t key[CACHE_KEY_BYTES / 8]; /* the piece, then zeros */
	uint16_t len;                      /* 0: free */
	uint16_t count;
	uint32_t ids[CACHE_IDS];
};

struct token_cache {
	struct cache_slot *slots; /* CACHE_SLOTS */
	struct merge_scratch scratch;
};

/* The piece of at most CACHE_KEY_BYTES as a key; `readable` bytes may be read from it. */
static inline void cache_key(const char *piece, size_t len, size_t readable, uint64_t key[3])
{
	static const uint64_t masks[9] = {0,
					  0xff,
					  0xffff,
					  0xffffff,
					  0xffffffff,
					  0xffffffffff,
					  0xffffffffffff,
					  0xffffffffffffff,
					  0xffffffffffffffff};
	size_t a = len < 8 ? len : 8, b = len < 16 ? len : 16;

	if (readable >= CACHE_KEY_BYTES && (char)1 == *(const char *)&(const uint16_t){1}) {
		memcpy(key, piece, CACHE_KEY_BYTES);
		key[0] &= masks[a];
		key[1] &= masks[b - a];
		key[2] &= masks[len - b];
		return;
	}
	memset(key, 0, CACHE_KEY_BYTES);
	memcpy(key, piece, len);
}

static inline uint32_t cache_place(const uint64_t key[3], size_t len)
{
	uint64_t h = (key[0] ^ len) * 0x9e3779b97f4a7c15u;

	h ^= (key[1] + 0x632be59bd9b4e019u * key[2]) * 0xbf58476d1ce4e5b9u;
	return (uint32_t)((h ^ h >> 29) * 0x94d049bb133111ebu >> 32) % CACHE_SLOTS;
}

#endif
