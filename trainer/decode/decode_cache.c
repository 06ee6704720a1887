/* SPDX-License-Identifier: MIT */
/*
 * Free rows are a stack, the lowest on top at first: what is not needed is never touched, and rows that
 * are freed together come back together, in their order.
 */
#include <config.h>

#include "trainer/decode/decode_cache.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct decode_cache {
	int slots;
	size_t positions, rows;
	int32_t *table;  /* [slots, positions]: rows */
	size_t *counts;  /* [slots] */
	int32_t *owners; /* [rows]: how many slots have it */
	int32_t *unused; /* [rows]: the stack */
	size_t unused_count;
};

struct decode_cache *decode_cache_new(int slots, size_t positions, size_t rows)
{
	struct decode_cache *cache = mem_alloc(1, sizeof(*cache));

	cache->slots = slots;
	cache->positions = positions;
	cache->rows = rows;
	cache->table = mem_alloc(mem_mul((size_t)slots, positions), sizeof(*cache->table));
	cache->counts = mem_alloc((size_t)slots, sizeof(*cache->counts));
	cache->owners = mem_alloc(rows, sizeof(*cache->owners));
	cache->unused = mem_alloc(rows, sizeof(*cache->unused));
	cache->unused_count = rows;
	for (size_t i = 0; i < rows; i++)
		cache->unused[i] = (int32_t)(rows - 1 - i);
	return cache;
}

void decode_cache_free(struct decode_cache *cache)
{
	if (!cache)
		return;
	free(cache->table);
	free(cache->counts);
	free(cache->owners);
	free(cache->unused);
	free(cache);
}

static int32_t *table_of(const struct decode_cache *cache, int slot)
{
	assert(slot >= 0 && slot < cache->slots);
	return cache->table + (size_t)slot * cache->positions;
}

int32_t decode_cache_append(struct decode_cache *cache, int slot)
{
	int32_t *rows = table_of(cache, slot), row;

	assert(cache->unused_count && cache->counts[slot] < cache->positions);
	row = cache->unused[--cache->unused_count];
	cache->owners[row] = 1;
	rows[cache->counts[slot]++] = row;
	return row;
}

void decode_cache_fork(struct decode_cache *cache, int to, int from)
{
	int32_t *rows = table_of(cache, to);

	assert(!cache->counts[to]);
	memcpy(rows, table_of(cache, from), cache->counts[from] * sizeof(*rows));
	cache->counts[to] = cache->counts[from];
	for (size_t i = 0; i < cache->counts[to]; i++)
		cache->owners[rows[i]]++;
}

void decode_cache_drop(struct decode_cache *cache, int slot)
{
	const int32_t *rows = table_of(cache, slot);

	for (size_t i = cache->counts[slot]; i-- > 0;)
		if (!--cache->owners[rows[i]])
			cache->unused[cache->unused_count++] = rows[i];
	cache->counts[slot] = 0;
}

struct kept_rows decode_cache_rows(const struct decode_cache *cache, int slot)
{
	return (struct kept_rows){table_of(cache, slot), cache->counts[slot]};
}

size_t decode_cache_left(const struct decode_cache *cache)
{
	return cache->unused_count;
}
