/* SPDX-License-Identifier: MIT */
/*
 * twins: which samples of a dataset are alike, by a key of each, and whether equal ones stand in two splits.
 *
 *	struct twins twins = {0};
 *	twins_add(&twins, key, index, split);			(of each sample)
 *	struct twins_found found = twins_find(&twins, false);
 *	if (found.across) ... found.pair[0].index is found.pair[1].index
 *	twins_free(&twins);
 *
 * 16 bytes a sample. What is found does not depend on the order in which samples came.
 */
#ifndef FORMATS_TWINS_H
#define FORMATS_TWINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/dataset/dataset_layout.h"

struct twin; /* a key with the place of its sample */

/* Zeroed before use. */
struct twins {
	struct twin *items; /* owned */
	size_t count, room;
};

struct twin_place {
	uint64_t index;
	enum dataset_split split;
};

struct twins_found {
	uint64_t distinct; /* keys */
	uint64_t within;   /* samples whose key an earlier one of their split has */
	uint64_t across;   /* samples whose key is in an earlier split: of train, val and test */
	struct twin_place pair[2]; /* where across is not 0: the first such sample last */
};

/* index is below 2^62. */
void twins_add(struct twins *twins, uint64_t key, uint64_t index, enum dataset_split split);

/* Sorts and counts. from_train: across is of keys that are in train. */
struct twins_found twins_find(struct twins *twins, bool from_train);

void twins_free(struct twins *twins);

#endif
