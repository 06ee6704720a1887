/* SPDX-License-Identifier: MIT */
/*
 * arena: memory for the work on one sample, given back all at once.
 *
 *	struct arena arena = {0};
 *	struct point *p = ARENA_NEW(&arena, struct point, n);
 *	...
 *	arena_reset(&arena);	(after each sample: keeps the blocks, forgets the contents)
 *	arena_free(&arena);
 *
 * A zeroed struct is a valid empty arena. Not thread-safe: each worker has its own.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *first;
	struct arena_block *current;
	size_t used; /* bytes used in current */
};

/* Zeroed memory for n objects of size bytes, aligned to 16; never NULL. */
void *arena_alloc(struct arena *arena, size_t n, size_t size);

/* How far an arena has come. */
struct arena_mark {
	struct arena_block *block;
	size_t used;
};
struct arena_mark arena_mark(const struct arena *arena);

/* Forgets what was allocated since the mark, which must not be older than the last reset. */
void arena_release(struct arena *arena, struct arena_mark mark);

/* Keeps the first n objects of p, which is the latest allocation; what follows them is free again. */
void arena_trim(struct arena *arena, const void *p, size_t n, size_t size);

/* Copy of n bytes followed by a NUL. */
char *arena_strndup(struct arena *arena, const char *s, size_t n);

/* Forgets all contents and keeps the memory for the next sample. */
void arena_reset(struct arena *arena);

/* Gives all memory back; the arena is empty and usable again. */
void arena_free(struct arena *arena);

#define ARENA_NEW(arena, type, n) ((type *)arena_alloc((arena), (size_t)(n), sizeof(type)))

#endif
