/* SPDX-License-Identifier: MIT */
/*
 * Open addressing with linear probing over numbers of strings, at most half full. The hash of every
 * string is kept: growing asks no string again, and a look at another string's slot seldom reads it.
 */
#include <config.h>

#include "base/byte_map.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"

#define SLOTS_MIN 64
#define COUNT_MAX ((uint32_t)1 << 31)

static bool holds(const struct byte_map *map, uint32_t i, uint32_t hash, const void *data,
		  size_t len)
{
	size_t len_i;
	const char *string;

	if (map->hashes[i] != hash)
		return false;
	string = byte_map_at(map, i, &len_i);
	return len_i == len && memcmp(string, data, len) == 0;
}

/* The slot of the string, or the free one where it belongs. */
static uint32_t *slot_of(const struct byte_map *map, uint32_t hash, const void *data, size_t len)
{
	uint32_t mask = map->slot_count - 1, at = hash & mask;

	while (map->slots[at] && !holds(map, map->slots[at] - 1, hash, data, len))
		at = (at + 1) & mask;
	return &map->slots[at];
}

static void grow_slots(struct byte_map *map)
{
	uint32_t count = map->slot_count ? 2 * map->slot_count : SLOTS_MIN, mask = count - 1;

	free(map->slots);
	map->slots = mem_alloc(count, sizeof(*map->slots));
	map->slot_count = count;
	for (uint32_t i = 0; i < map->count; i++) {
		uint32_t at = map->hashes[i] & mask;

		while (map->slots[at])
			at = (at + 1) & mask;
		map->slots[at] = i + 1;
	}
}

static void grow_strings(struct byte_map *map, size_t len)
{
	if (map->count == COUNT_MAX - 1)
		mem_exhausted(SIZE_MAX);
	if (map->count == map->room) {
		map->room = map->room ? map->room + map->room / 2 : SLOTS_MIN;
		map->starts = mem_realloc(map->starts, (size_t)map->room + 1, sizeof(*map->starts));
		map->hashes = mem_realloc(map->hashes, map->room, sizeof(*map->hashes));
		map->starts[map->count] = map->bytes_used;
	}
	/* There are bytes even behind an empty string: it is compared with others. */
	if (!map->bytes || mem_add(map->bytes_used, len) > map->bytes_room) {
		map->bytes_room = mem_add(map->bytes_used, len);
		map->bytes_room = mem_add(map->bytes_room, map->bytes_room / 2 + 256);
		map->bytes = mem_realloc(map->bytes, map->bytes_room, 1);
	}
}

uint32_t byte_map_add(struct byte_map *map, const void *data, size_t len)
{
	uint32_t hash = (uint32_t)byte_hash(data, len), *slot;

	if (2 * (uint64_t)map->count >= map->slot_count)
		grow_slots(map);
	slot = slot_of(map, hash, data, len);
	if (*slot)
		return *slot - 1;
	grow_strings(map, len);
	memcpy(map->bytes + map->bytes_used, data, len);
	map->bytes_used += len;
	map->hashes[map->count] = hash;
	map->starts[map->count + 1] = map->bytes_used;
	*slot = ++map->count;
	return map->count - 1;
}

uint32_t byte_map_find(const struct byte_map *map, const void *data, size_t len)
{
	uint32_t *slot;

	if (!map->count)
		return BYTE_MAP_NONE;
	slot = slot_of(map, (uint32_t)byte_hash(data, len), data, len);
	return *slot ? *slot - 1 : BYTE_MAP_NONE;
}

void byte_map_drop_strings(struct byte_map *map)
{
	free(map->bytes);
	free(map->slots);
	free(map->hashes);
	map->bytes = NULL;
	map->slots = map->hashes = NULL;
}

void byte_map_free(struct byte_map *map)
{
	free(map->bytes);
	free(map->starts);
	free(map->slots);
	free(map->hashes);
	*map = (struct byte_map){0};
}
