/* SPDX-License-Identifier: MIT */
/*
 * pair_map: pairs of ids numbered from 0 in the order in which they came.
 *
 *	struct pair_map map = {0};
 *	uint32_t n = pair_map_add(&map, pair_key(left, right));
 *	n = pair_map_find(&map, pair_key(left, right));		(PAIR_MAP_NONE if it is not there)
 *	pair_map_free(&map);
 *
 * A zeroed struct is an empty map.
 */
#ifndef TOKENIZER_PAIR_MAP_H
#define TOKENIZER_PAIR_MAP_H

#include <stdint.h>

#define PAIR_MAP_NONE UINT32_MAX

struct pair_slot {
	uint64_t key;
	uint32_t number; /* + 1; 0 in a free slot */
};

struct pair_map {
	struct pair_slot *slots; /* slot_count, a power of two, at most half used */
	uint32_t slot_count, count;
};

static inline uint64_t pair_key(uint32_t left, uint32_t right)
{
	return (uint64_t)left << 32 | right;
}

static inline uint32_t pair_slot_of(const struct pair_map *map, uint64_t key)
{
	uint64_t h = key * 0x9e3779b97f4a7c15u;
	uint32_t mask = map->slot_count - 1, at = (uint32_t)(h >> 32) & mask;

	while (map->slots[at].number && map->slots[at].key != key)
		at = (at + 1) & mask;
	return at;
}

/* The number of the pair, which is added unless it is there. */
uint32_t pair_map_add(struct pair_map *map, uint64_t key);

static inline uint32_t pair_map_find(const struct pair_map *map, uint64_t key)
{
	return map->count ? map->slots[pair_slot_of(map, key)].number - 1 : PAIR_MAP_NONE;
}

void pair_map_free(struct pair_map *map);

#endif
