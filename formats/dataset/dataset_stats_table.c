/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "formats/dataset/dataset_stats.h"

#define LINE_BYTES 256

__attribute__((format(printf, 2, 3))) static void put(struct buf *out, const char *fmt, ...)
{
	char line[LINE_BYTES];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	buf_str(out, line);
}

/* --- counts ----------------------------------------------------------------------------------- */

/* What members of a group are. */
static const char *things_of(int group)
{
	switch (group) {
	case STATS_SHAPE:
		return "shapes";
	case STATS_DIMENSION:
	case STATS_STATUS:
	case STATS_TOLERANCE:
		return "dimensions";
	case STATS_LEGIBILITY:
		return "texts";
	default:
		return "samples";
	}
}

static void put_counts_head(const char *name, const char *things, struct buf *out)
{
	put(out, "%-22s %12s %9s", name, things, "share");
	for (int split = 0; split < SPLIT_COUNT_; split++)
		put(out, " %10s", dataset_split_names[split]);
	buf_char(out, '\n');
}

static void put_counts_row(const char *name, const uint64_t counts[SPLIT_COUNT_], uint64_t whole,
			   struct buf *out)
{
	uint64_t all = 0;

	for (int split = 0; split < SPLIT_COUNT_; split++)
		all += counts[split];
	put(out, "%-22s %12" PRIu64 " %7.2f %%", name, all,
	    whole ? 100 * (double)all / (double)whole : 0);
	for (int split = 0; split < SPLIT_COUNT_; split++)
		put(out, " %10" PRIu64, counts[split]);
	buf_char(out, '\n');
}

/* Its members that there are any of; nothing where there are none. */
static void put_group(const struct dataset_stats *stats, enum stats_group group, struct buf *out)
{
	uint64_t whole = 0;

	for (int i = 0; i < stats_member_count(group); i++)
		whole += dataset_stats_count(stats, group, i);
	if (whole == 0)
		return;
	buf_char(out, '\n');
	put_counts_head(stats_group_name(group), things_of(group), out);
	for (int i = 0; i < stats_member_count(group); i++) {
		uint64_t counts[SPLIT_COUNT_];

		if (dataset_stats_count(stats, group, i) == 0)
			continue;
		for (int split = 0; split < SPLIT_COUNT_; split++)
			counts[split] = stats->counts[split][group][i];
		put_counts_row(stats_member_name(group, i), counts, whole, out);
	}
}

/* --- spreads ---------------------------------------------------------------------------------- */

/* Whole numbers, or with the places of the scale. */
static void put_value(uint32_t value, int scale, struct buf *out)
{
	if (scale == 1)
		put(out, " %8" PRIu32, value);
	else
		put(out, " %8.2f", (double)value / scale);
}

static void put_spread(const struct dataset_stats *stats, int i, struct buf *out)
{
	struct spread s = dataset_stats_spread(stats, i);
	int scale = stats_spread_scale(i);
	struct buf title = {0};

	if (s.count) {
		stats_spread_title(i, &title);
		put(out, "%-24s %10.2f", title.data, spread_mean(&s) / scale);
		put_value(s.least, scale, out);
		put_value(spread_at(&s, 5), scale, out);
		put_value(spread_at(&s, 50), scale, out);
		put_value(spread_at(&s, 95), scale, out);
		put_value(s.most, scale, out);
		buf_char(out, '\n');
	}
	buf_free(&title);
	spread_free(&s);
}

static void put_spreads(const struct dataset_stats *stats, struct buf *out)
{
	put(out, "\n%-24s %10s %8s %8s %8s %8s %8s\n", "how many", "mean", "least", "5 %", "50 %",
	    "95 %", "most");
	for (int i = 0; i < SPREAD_COUNT_; i++)
		put_spread(stats, i, out);
}

/* --- what is alike ---------------------------------------------------------------------------- */

static void put_twins(const struct dataset_stats *stats, struct buf *out)
{
	static const char *const names[] = {
#define T(id, key, name) name,
		STATS_TWINS(T)
#undef T
	};

	put(out, "\n%-22s %12s %12s %12s\n", "equal", "distinct", "within part", "across");
	for (int i = 0; i < TWINS_COUNT_; i++)
		put(out, "%-22s %12" PRIu64 " %12" PRIu64 " %12" PRIu64 "\n", names[i],
		    stats->found[i].distinct, stats->found[i].within, stats->found[i].across);
}

void dataset_stats_write_table(const struct dataset_stats *stats, struct buf *out)
{
	put_counts_head("", "samples", out);
	put_counts_row("all", stats->samples, dataset_stats_samples(stats), out);
	for (int i = 0; i < STATS_GROUP_COUNT_; i++)
		put_group(stats, (enum stats_group)i, out);
	put_spreads(stats, out);
	put_twins(stats, out);
}
