/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "tokenizer/pair_map.h"

#include <stdlib.h>

#include "base/mem.h"

#define SLOTS_MIN 1024

static void grow(struct pair_map *map)
{
	struct pair_map wide = {.slot_count = map->slot_count ? 2 * map->slot_count : SLOTS_MIN};

	wide.slots = mem_alloc(wide.slot_count, sizeof(*wide.slots));
	for (uint32_t i = 0; i < map->slot_count; i++)
		if (map->slots[i].number)
			wide.slots[pair_slot_of(&wide, map->slots[i].key)] = map->slots[i];
	free(map->slots);
	map->slots = wide.slots;
	map->slot_count = wide.slot_count;
}

uint32_t pair_map_add(struct pair_map *map, uint64_t key)
{
	struct pair_slot *slot;

	if (2 * (uint64_t)map->count >= map->slot_count)
		grow(map);
	slot = &map->slots[pair_slot_of(map, key)];
	if (!slot->number)
		*slot = (struct pair_slot){key, ++map->count};
	return slot->number - 1;
}

void pair_map_free(struct pair_map *map)
{
	free(map->slots);
	*map = (struct pair_map){0};
}
