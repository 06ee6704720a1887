/* SPDX-License-Identifier: MIT */
/*
 *	{"samples": {"all": 3, "train": 2, "val": 1, "test": 0},
 *	 "counts": {"family": {"plate": {"all": 3, ...}, ...}, ...},
 *	 "spreads": {"shapes": {"all": {"count": 3, "mean": 4.5, "least": 1, "p5": 1, "p50": 4, "p95": 9,
 *	  "most": 9}, "train": ...}, ..., "characters": {"calls": {...}, ...}, "tokens": {...}},
 *	 "equal": {"programs": {"distinct": 3, "within": 0, "across": 0, "across_train": 0}, ...}}
 */
#include <config.h>

#include "formats/dataset/dataset_stats.h"
#include "formats/encoding/json_put.h"

#define PLACES 6

static void put_split_counts(struct json_put *in, const char *key,
			     const uint64_t counts[SPLIT_COUNT_])
{
	struct json_put of = json_put_open(in, key);
	uint64_t all = 0;

	for (int split = 0; split < SPLIT_COUNT_; split++)
		all += counts[split];
	json_put_count(&of, "all", (int64_t)all);
	for (int split = 0; split < SPLIT_COUNT_; split++)
		json_put_count(&of, dataset_split_names[split], (int64_t)counts[split]);
	json_put_close(&of);
}

static void put_group(struct json_put *in, const struct dataset_stats *stats,
		      enum stats_group group)
{
	struct json_put of = json_put_open(in, stats_group_name(group));

	for (int i = 0; i < stats_member_count(group); i++) {
		uint64_t counts[SPLIT_COUNT_];

		for (int split = 0; split < SPLIT_COUNT_; split++)
			counts[split] = stats->counts[split][group][i];
		put_split_counts(&of, stats_member_name(group, i), counts);
	}
	json_put_close(&of);
}

static void put_real(struct json_put *of, const char *key, double value)
{
	json_put_key(of, key);
	buf_fixed(of->out, value, PLACES);
}

static void put_spread(struct json_put *in, const char *key, const struct spread *s, int scale)
{
	struct json_put of = json_put_open(in, key);

	json_put_count(&of, "count", (int64_t)s->count);
	if (s->count) {
		put_real(&of, "mean", spread_mean(s) / scale);
		put_real(&of, "least", (double)s->least / scale);
		put_real(&of, "p5", (double)spread_at(s, 5) / scale);
		put_real(&of, "p50", (double)spread_at(s, 50) / scale);
		put_real(&of, "p95", (double)spread_at(s, 95) / scale);
		put_real(&of, "most", (double)s->most / scale);
	}
	json_put_close(&of);
}

static void put_split_spreads(struct json_put *in, const struct dataset_stats *stats, int i)
{
	struct json_put of = json_put_open(in, stats_spread_key(i));
	struct spread all = dataset_stats_spread(stats, i);
	int scale = stats_spread_scale(i);

	put_spread(&of, "all", &all, scale);
	for (int split = 0; split < SPLIT_COUNT_; split++)
		put_spread(&of, dataset_split_names[split], &stats->spreads[split][i], scale);
	json_put_close(&of);
	spread_free(&all);
}

static void put_languages(struct json_put *in, const char *key, const struct dataset_stats *stats,
			  int first)
{
	struct json_put of = json_put_open(in, key);

	for (int i = 0; i < LANGUAGE_COUNT_; i++)
		put_split_spreads(&of, stats, first + i);
	json_put_close(&of);
}

static void put_twins(struct json_put *in, const struct dataset_stats *stats, int i)
{
	static const char *const keys[] = {
#define T(id, key, name) key,
		STATS_TWINS(T)
#undef T
	};
	struct json_put of = json_put_open(in, keys[i]);

	json_put_count(&of, "distinct", (int64_t)stats->found[i].distinct);
	json_put_count(&of, "within", (int64_t)stats->found[i].within);
	json_put_count(&of, "across", (int64_t)stats->found[i].across);
	if (i == TWINS_NEAR)
		json_put_count(&of, "across_train", (int64_t)stats->near_train.across);
	json_put_close(&of);
}

void dataset_stats_write_json(const struct dataset_stats *stats, struct buf *out)
{
	struct json_put root = json_put_begin(out), of;

	put_split_counts(&root, "samples", stats->samples);
	of = json_put_open(&root, "counts");
	for (int i = 0; i < STATS_GROUP_COUNT_; i++)
		put_group(&of, stats, (enum stats_group)i);
	json_put_close(&of);
	of = json_put_open(&root, "spreads");
	for (int i = 0; i < SPREAD_CHARACTERS; i++)
		put_split_spreads(&of, stats, i);
	put_languages(&of, "characters", stats, SPREAD_CHARACTERS);
	put_languages(&of, "tokens", stats, SPREAD_TOKENS);
	json_put_close(&of);
	of = json_put_open(&root, "equal");
	for (int i = 0; i < TWINS_COUNT_; i++)
		put_twins(&of, stats, i);
	json_put_close(&of);
	json_put_end(&root);
}
