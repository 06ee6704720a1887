/* SPDX-License-Identifier: MIT */
/*
 * dataset_stats: what a dataset has, and which of its samples are alike.
 *
 *	struct dataset_stats *stats = dataset_stats_new();
 *	dataset_stats_add(stats, &sample_stats);			(each sample)
 *	dataset_stats_finish(stats);
 *	dataset_stats_write_table(stats, &text);
 *	if (dataset_stats_leak(stats, "drawings", &err)) ...
 *	dataset_stats_free(stats);
 *
 * Memory: 48 bytes a sample. Nothing depends on the order in which samples are added.
 */
#ifndef FORMATS_DATASET_STATS_H
#define FORMATS_DATASET_STATS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/spread.h"
#include "formats/dataset/sample_stats.h"
#include "formats/dataset/twins.h"

/* T(id, key, name): what samples may be alike in. NEAR: programs equal but for rounding, the equal ones among
 * them. */
#define STATS_TWINS(T)                                                                             \
	T(PROGRAM, "programs", "programs")                                                         \
	T(NEAR, "near_programs", "programs, nearly")                                               \
	T(PICTURE, "pictures", "pictures")

enum stats_twins {
#define T(id, key, name) TWINS_##id,
	STATS_TWINS(T)
#undef T
		TWINS_COUNT_
};

struct dataset_stats {
	uint64_t samples[SPLIT_COUNT_];
	uint64_t counts[SPLIT_COUNT_][STATS_GROUP_COUNT_][STATS_MEMBERS_MAX];
	struct spread spreads[SPLIT_COUNT_][SPREAD_COUNT_];
	struct twins twins[TWINS_COUNT_];
	/* Filled by dataset_stats_finish. */
	struct twins_found found[TWINS_COUNT_];
	struct twins_found near_train; /* NEAR, of keys in train alone */
};

struct dataset_stats *dataset_stats_new(void);
void dataset_stats_free(struct dataset_stats *stats);

void dataset_stats_add(struct dataset_stats *stats, const struct sample_stats *sample);

/* After the last sample. */
void dataset_stats_finish(struct dataset_stats *stats);

/* Whether a program or a picture is in two splits, or a program of val or test is nearly one of train: then -1 with
 * ERR_FORMAT, how many of each, and the first pair; else 0. */
int dataset_stats_leak(const struct dataset_stats *stats, const char *name, struct err *err);

/* All splits together. */
uint64_t dataset_stats_samples(const struct dataset_stats *stats);
uint64_t dataset_stats_count(const struct dataset_stats *stats, enum stats_group group, int member);
struct spread dataset_stats_spread(const struct dataset_stats *stats, int spread); /* to be freed */

/* By how much the values of a spread are too large. */
int stats_spread_scale(int spread);

/* "shapes" as a key of JSON: of lengths the language, which stands in an object of its own. "shapes per drawing"
 * and "characters, calls" for people, whose end is that of the buffer. */
const char *stats_spread_key(int spread);
void stats_spread_title(int spread, struct buf *out);

/* The whole as aligned columns of at most 80 characters, and as JSON, cadgen(1); what there is none of is left out
 * of the table. */
void dataset_stats_write_table(const struct dataset_stats *stats, struct buf *out);
void dataset_stats_write_json(const struct dataset_stats *stats, struct buf *out);

/* Puts a text, such as the table, into README.md of a dataset as the section "Statistics", in the place of that
 * section or else behind the counts of samples. ERR_FORMAT where the file has no section "Files" to stand before,
 * ERR_IO where it cannot be read or written; it is as it was then. */
int dataset_card_put_stats(const char *folder, const char *text, struct err *err);

#endif
