/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "formats/dataset/dataset_stats.h"

struct dataset_stats *dataset_stats_new(void)
{
	return mem_alloc(1, sizeof(struct dataset_stats));
}

void dataset_stats_free(struct dataset_stats *stats)
{
	if (!stats)
		return;
	for (int split = 0; split < SPLIT_COUNT_; split++)
		for (int i = 0; i < SPREAD_COUNT_; i++)
			spread_free(&stats->spreads[split][i]);
	for (int i = 0; i < TWINS_COUNT_; i++)
		twins_free(&stats->twins[i]);
	free(stats);
}

void dataset_stats_add(struct dataset_stats *stats, const struct sample_stats *sample)
{
	enum dataset_split split = sample->split;

	stats->samples[split]++;
	for (int group = 0; group < STATS_GROUP_COUNT_; group++)
		for (int i = 0; i < stats_member_count((enum stats_group)group); i++)
			stats->counts[split][group][i] += sample->counts[group][i];
	for (int i = 0; i < SPREAD_COUNT_; i++)
		if (sample->values[i] != STATS_NO_VALUE)
			spread_add(&stats->spreads[split][i], sample->values[i], 1);
	for (uint32_t i = 0; i <= STATS_DIGITS_MAX; i++)
		spread_add(&stats->spreads[split][SPREAD_DIGITS], i, sample->digits[i]);
	twins_add(&stats->twins[TWINS_PROGRAM], sample->program_key, sample->index, split);
	twins_add(&stats->twins[TWINS_NEAR], sample->near_key, sample->index, split);
	twins_add(&stats->twins[TWINS_PICTURE], sample->picture_key, sample->index, split);
}

void dataset_stats_finish(struct dataset_stats *stats)
{
	for (int i = 0; i < TWINS_COUNT_; i++)
		stats->found[i] = twins_find(&stats->twins[i], false);
	stats->near_train = twins_find(&stats->twins[TWINS_NEAR], true);
}

/* --- all splits together ---------------------------------------------------------------------- */

uint64_t dataset_stats_samples(const struct dataset_stats *stats)
{
	uint64_t sum = 0;

	for (int split = 0; split < SPLIT_COUNT_; split++)
		sum += stats->samples[split];
	return sum;
}

uint64_t dataset_stats_count(const struct dataset_stats *stats, enum stats_group group, int member)
{
	uint64_t sum = 0;

	for (int split = 0; split < SPLIT_COUNT_; split++)
		sum += stats->counts[split][group][member];
	return sum;
}

struct spread dataset_stats_spread(const struct dataset_stats *stats, int spread)
{
	struct spread all = {0};

	for (int split = 0; split < SPLIT_COUNT_; split++)
		spread_merge(&all, &stats->spreads[split][spread]);
	return all;
}

/* --- what leaks ------------------------------------------------------------------------------- */

static void name_pair(const struct twin_place pair[2], char *out, size_t n)
{
	snprintf(out, n, "%08" PRIu64 " (%s) and %08" PRIu64 " (%s)", pair[0].index,
		 dataset_split_names[pair[0].split], pair[1].index,
		 dataset_split_names[pair[1].split]);
}

int dataset_stats_leak(const struct dataset_stats *stats, const char *name, struct err *err)
{
	const struct twins_found *programs = &stats->found[TWINS_PROGRAM];
	const struct twins_found *pictures = &stats->found[TWINS_PICTURE];
	const struct twins_found *near = &stats->near_train;
	const struct twins_found *first = programs->across   ? programs
					  : pictures->across ? pictures
							     : near;
	char pair[128];

	if (first->across == 0)
		return 0;
	name_pair(first->pair, pair, sizeof(pair));
	return err_set(err, ERR_FORMAT,
		       "%s: of val and test %" PRIu64 " programs and %" PRIu64
		       " pictures stand in an earlier part as well, and %" PRIu64
		       " programs in train or nearly so, such as %s",
		       name, programs->across, pictures->across, near->across, pair);
}

/* --- names ------------------------------------------------------------------------------------ */

static const struct {
	const char *key, *title;
	int scale;
} spreads[] = {
#define S(id, key, what, scale) {key, what, scale},
	STATS_SPREADS(S)
#undef S
};

int stats_spread_scale(int spread)
{
	return spread < SPREAD_CHARACTERS ? spreads[spread].scale : 1;
}

const char *stats_spread_key(int spread)
{
	if (spread < SPREAD_CHARACTERS)
		return spreads[spread].key;
	return language_names[(spread - SPREAD_CHARACTERS) % LANGUAGE_COUNT_];
}

void stats_spread_title(int spread, struct buf *out)
{
	if (spread < SPREAD_CHARACTERS) {
		buf_str(out, spreads[spread].title);
		return;
	}
	buf_str(out, spread < SPREAD_TOKENS ? "characters, " : "tokens, ");
	buf_str(out, stats_spread_key(spread));
}
