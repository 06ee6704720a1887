/* SPDX-License-Identifier: MIT */
/*
 * A list of blocks, filled one after the other by moving a mark. Invariants: the blocks before
 * `current` are full or left behind, `current` is used up to `used`, the blocks behind it are
 * empty. A request that does not fit takes the first empty block that is large enough, moved
 * right behind `current` so that smaller ones stay in reach; only where there is none, a new one
 * is made. Thus samples of about the same size soon allocate nothing.
 */
#include <config.h>

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"

#define ARENA_ALIGN 16
#define FIRST_BLOCK_BYTES ((size_t)64 << 10)
#define LARGEST_STEP_BYTES ((size_t)4 << 20) /* blocks double up to here */

struct arena_block {
	struct arena_block *next;
	size_t size; /* bytes of data */
	alignas(ARENA_ALIGN) unsigned char data[];
};

static struct arena_block *block_new(size_t size)
{
	struct arena_block *block = malloc(mem_add(sizeof(*block), size));
	if (!block)
		mem_exhausted(mem_add(sizeof(*block), size));
	block->size = size;
	block->next = NULL;
	return block;
}

/* Takes the first block of at least size bytes out of the list at *link; NULL if there is none. */
static struct arena_block *unlink_large_enough(struct arena_block **link, size_t size)
{
	for (; *link; link = &(*link)->next) {
		struct arena_block *block = *link;
		if (block->size >= size) {
			*link = block->next;
			return block;
		}
	}
	return NULL;
}

static size_t new_block_size(const struct arena *arena, size_t size)
{
	size_t step = FIRST_BLOCK_BYTES;
	if (arena->current)
		step = arena->current->size;
	if (arena->current && step < LARGEST_STEP_BYTES)
		step *= 2;
	if (step > LARGEST_STEP_BYTES)
		step = LARGEST_STEP_BYTES;
	return size > step ? size : step;
}

/* Makes an empty block of at least size bytes the current one. */
static void next_block(struct arena *arena, size_t size)
{
	struct arena_block **link = arena->current ? &arena->current->next : &arena->first;
	struct arena_block *block = unlink_large_enough(link, size);
	if (!block)
		block = block_new(new_block_size(arena, size));
	block->next = *link;
	*link = block;
	arena->current = block;
	arena->used = 0;
}

/* Room that n objects take; no two share an address, not even empty ones. */
static size_t room_of(size_t n, size_t size)
{
	size_t bytes = mem_mul(n, size);
	size_t rounded = mem_add(bytes, ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
	return rounded ? rounded : ARENA_ALIGN;
}

void *arena_alloc(struct arena *arena, size_t n, size_t size)
{
	size_t rounded = room_of(n, size);
	if (!arena->current || rounded > arena->current->size - arena->used)
		next_block(arena, rounded);
	void *p = arena->current->data + arena->used;
	arena->used += rounded;
	memset(p, 0, n * size);
	return p;
}

void arena_trim(struct arena *arena, const void *p, size_t n, size_t size)
{
	size_t from = (size_t)((const unsigned char *)p - arena->current->data);
	size_t used = from + room_of(n, size);

	assert(from < arena->used && used <= arena->used);
	arena->used = used;
}

char *arena_strndup(struct arena *arena, const char *s, size_t n)
{
	char *copy = arena_alloc(arena, mem_add(n, 1), 1);
	if (n > 0)
		memcpy(copy, s, n);
	return copy;
}

struct arena_mark arena_mark(const struct arena *arena)
{
	return (struct arena_mark){arena->current, arena->used};
}

/* The blocks behind the mark's are empty again; those before it are as they were. */
void arena_release(struct arena *arena, struct arena_mark mark)
{
	arena->current = mark.block ? mark.block : arena->first;
	arena->used = mark.used;
}

void arena_reset(struct arena *arena)
{
	arena->current = arena->first;
	arena->used = 0;
}

void arena_free(struct arena *arena)
{
	struct arena_block *block = arena->first;
	while (block) {
		struct arena_block *next = block->next;
		free(block);
		block = next;
	}
	*arena = (struct arena){0};
}
