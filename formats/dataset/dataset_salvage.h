/* SPDX-License-Identifier: MIT */
/*
 * dataset_salvage: a finished dataset that may be damaged, sample by sample: what is sound, and what is not.
 *
 *	struct dataset_salvage *salvage = dataset_salvage_open("drawings", hear, ctx, &err);
 *	while (dataset_salvage_next(salvage, &sample, &arena))
 *		if (sample.broken & DAMAGE(PICTURE)) ...
 *	dataset_salvage_free(salvage);
 *
 * Where dataset_read stops at the first thing that is wrong, this goes on behind it: lines that were cut, run
 * together, doubled or lost, files that end early or are gone, shards that cannot be read on. What checksums.jsonl
 * says decides: a part of a sample is sound where its hash is that, and an entry where it is written as cadgen
 * writes it. A sample without a line there has no part that is known to be sound.
 */
#ifndef FORMATS_DATASET_SALVAGE_H
#define FORMATS_DATASET_SALVAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "formats/dataset/dataset_facts.h"
#include "formats/dataset/dataset_read.h"

/* D(id, what is broken) */
#define DATASET_DAMAGES(D)                                                                         \
	D(CHECKSUMS, "checksums")                                                                  \
	D(ENTRY, "entries")                                                                        \
	D(ANNOTATIONS, "annotations")                                                              \
	D(SCENE, "scenes")                                                                         \
	D(PICTURE, "pictures")                                                                     \
	D(ALSO, "files beside pictures")

enum dataset_damage_bit {
#define D(id, name) DAMAGE_BIT_##id,
	DATASET_DAMAGES(D)
#undef D
		DAMAGE_COUNT_
};

#define DAMAGE(id) (1u << DAMAGE_BIT_##id)
#define DAMAGE_ALL ((1u << DAMAGE_COUNT_) - 1)

/* Hears of each thing that is wrong, one line without an end, which names file, line or sample. */
typedef void dataset_hear(void *ctx, const char *line);

struct dataset_salvage;

/* hear may be NULL. NULL on failure: as dataset_reader_open, but that dataset_info.json alone must be right. */
struct dataset_salvage *dataset_salvage_open(const char *path, dataset_hear *hear, void *ctx,
					     struct err *err);
void dataset_salvage_free(struct dataset_salvage *salvage);

const struct dataset_facts *dataset_salvage_facts(const struct dataset_salvage *salvage);

/* The next sample: true, or false behind the last one. Of what is broken *sample has NULL, but that its scene is
 * there where only checksums are not. Its picture's bytes are there in all layouts. split and program_hash are
 * known where checksums are. */
bool dataset_salvage_next(struct dataset_salvage *salvage, struct dataset_sample *sample,
			  struct arena *arena);

/* Behind the last sample: whether files end there, and those that are made of the others are right. */
void dataset_salvage_end(struct dataset_salvage *salvage);

/* How often `hear` was called so far, or would have been. */
uint64_t dataset_salvage_heard(const struct dataset_salvage *salvage);

#endif
