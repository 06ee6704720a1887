/* SPDX-License-Identifier: MIT */
/*
 * decode_cache: which rows of kept keys and values belong to which sequence.
 *
 *	struct decode_cache *cache = decode_cache_new(64, 2048, 20000);
 *	int32_t row = decode_cache_append(cache, slot);		its next position lies there
 *	decode_cache_fork(cache, other, slot);			so far the two are one
 *	decode_cache_drop(cache, slot);
 *	decode_cache_free(cache);
 *
 * A row is written when it is appended and never again, so sequences that begin alike share rows, and
 * one that goes on on its own copies nothing.
 */
#ifndef TRAINER_DECODE_CACHE_H
#define TRAINER_DECODE_CACHE_H

#include <stddef.h>
#include <stdint.h>

#include "trainer/ops/ops.h"

struct decode_cache;

/* In the order of positions. */
struct kept_rows {
	const int32_t *rows;
	size_t count;
};

/* For sequences in slots 0..slots-1 of up to `positions` rows each, of `rows` rows in all. */
struct decode_cache *decode_cache_new(int slots, size_t positions, size_t rows);
void decode_cache_free(struct decode_cache *cache);

/* Takes a row for the slot's next position; there must be one left. */
int32_t decode_cache_append(struct decode_cache *cache, int slot);

/* The slot `to`, which is empty, becomes what `from` is. */
void decode_cache_fork(struct decode_cache *cache, int to, int from);

/* Empties a slot; its rows that no other has are free. */
void decode_cache_drop(struct decode_cache *cache, int slot);

/* The slot's rows; valid until it changes. */
struct kept_rows decode_cache_rows(const struct decode_cache *cache, int slot);

/* How many rows are free. */
size_t decode_cache_left(const struct decode_cache *cache);

#endif
