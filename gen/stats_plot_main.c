/* SPDX-License-Identifier: MIT */
/*
 * A histogram is a line that goes up and down at the edges of its bins:
 *
 *	    _
 *	  _| |_		x: a a b b c c d d, y: 0 1 1 2 2 1 1 0
 *	_|     |_
 *
 * with a pale band below it where there are few of them. All series of a chart have the same bins, which begin at multiples of their width: 1, 2
 * or 5 times a power of ten.
 */
#include <config.h>

#include "gen/stats_plot_main.h"

#include "base/arena.h"
#include "formats/image/image.h"
#include "render/chart/chart.h"

#define WIDTH_PX 1600
#define COLUMNS 2
#define PNG_LEVEL 6
#define BINS_MOST 60
#define BANDS_MOST 3 /* over each other */

#define BAR_HALF 0.4 /* width of a bar of a named thing, whose place is a whole number */

#define CHARTS_MAX (STATS_GROUP_COUNT_ + SPREAD_CHARACTERS + 2)

struct job {
	const struct dataset_stats *stats;
	struct chart charts[CHARTS_MAX];
	int count;
	struct arena arena;
};

struct bins {
	uint64_t first, width, count;
};

/* --- numbers ---------------------------------------------------------------------------------- */

/* A series before it is drawn. */
struct part {
	const char *name;
	struct spread spread; /* owned */
};

/* So many of the least and the largest value that there is. */
static struct bins make_bins(const struct part *parts, int n)
{
	static const uint64_t steps[] = {1, 2, 5};
	uint64_t least = UINT64_MAX, most = 0, ten = 1;

	for (int i = 0; i < n; i++) {
		if (parts[i].spread.count == 0)
			continue;
		least = parts[i].spread.least < least ? parts[i].spread.least : least;
		most = parts[i].spread.most > most ? parts[i].spread.most : most;
	}
	for (int i = 0;; i++) {
		uint64_t width = steps[i % 3] * ten, first = least / width;

		if (most / width - first < BINS_MOST)
			return (struct bins){first * width, width, most / width - first + 1};
		ten *= i % 3 == 2 ? 10 : 1;
	}
}

static struct chart_series make_series(struct job *job, const struct part *part,
				       const struct bins *bins, int scale, bool band)
{
	size_t count = 2 * (size_t)bins->count + 2, at = 0;
	double *x = ARENA_NEW(&job->arena, double, count),
	       *y = ARENA_NEW(&job->arena, double, count);
	double half = scale == 1 ? 0.5 : 0; /* the bar of a whole number has it in its middle */
	uint64_t edge = bins->first;

	if (part->spread.count == 0)
		return (struct chart_series){0};
	for (uint64_t i = 0; i <= bins->count; i++, edge += bins->width) {
		uint64_t n = i < bins->count
				     ? spread_between(&part->spread, edge, edge + bins->width)
				     : 0;

		x[at] = x[at + 1] = ((double)edge - half) / scale;
		y[at] = at ? y[at - 1] : 0;
		y[at + 1] = 100 * (double)n / (double)part->spread.count;
		at += 2;
	}
	return (struct chart_series){.name = part->name,
				     .x = x,
				     .y = y,
				     .count = count,
				     .lower = band ? ARENA_NEW(&job->arena, double, count) : NULL,
				     .upper = y,
				     .without_dots = true};
}

/* Unless there is nothing to show. Frees the parts' spreads. */
static void add_chart(struct job *job, const char *title, struct part *parts, int n, int scale)
{
	struct chart_series *series = ARENA_NEW(&job->arena, struct chart_series, n);
	uint64_t values = 0;
	struct bins bins;

	for (int i = 0; i < n; i++)
		values += parts[i].spread.count;
	if (values) {
		bins = make_bins(parts, n);
		for (int i = 0; i < n; i++)
			series[i] = make_series(job, &parts[i], &bins, scale, n <= BANDS_MOST);
		job->charts[job->count++] = (struct chart){.title = title,
							   .y_label = "per cent",
							   .y_from_zero = true,
							   .series = series,
							   .series_count = n};
	}
	for (int i = 0; i < n; i++)
		spread_free(&parts[i].spread);
}

/* By part of the dataset. */
static void add_spread(struct job *job, int spread)
{
	struct part parts[SPLIT_COUNT_] = {0};
	struct buf title = {0};

	for (int split = 0; split < SPLIT_COUNT_; split++) {
		parts[split].name = dataset_split_names[split];
		spread_merge(&parts[split].spread, &job->stats->spreads[split][spread]);
	}
	stats_spread_title(spread, &title);
	add_chart(job, arena_strndup(&job->arena, title.data, title.len), parts, SPLIT_COUNT_,
		  stats_spread_scale(spread));
	buf_free(&title);
}

/* --- groups ----------------------------------------------------------------------------------- */

/* The bars of a part: as shares of all that it has of the group. */
static struct chart_series make_bars(struct job *job, enum stats_group group, const int *members,
				     int n, int split)
{
	const uint64_t *counts = job->stats->counts[split][group];
	double *x = ARENA_NEW(&job->arena, double, 4 * n),
	       *y = ARENA_NEW(&job->arena, double, 4 * n);
	uint64_t whole = 0;

	for (int i = 0; i < n; i++)
		whole += counts[members[i]];
	if (whole == 0)
		return (struct chart_series){0};
	for (int i = 0; i < n; i++) {
		x[4 * i] = x[4 * i + 1] = i - BAR_HALF;
		x[4 * i + 2] = x[4 * i + 3] = i + BAR_HALF;
		y[4 * i + 1] = y[4 * i + 2] = 100 * (double)counts[members[i]] / (double)whole;
	}
	return (struct chart_series){.name = dataset_split_names[split],
				     .x = x,
				     .y = y,
				     .count = 4 * (size_t)n,
				     .lower = ARENA_NEW(&job->arena, double, 4 * n),
				     .upper = y,
				     .without_dots = true};
}

/* Of the members that there are any of; nothing of fewer than two. */
static void add_group(struct job *job, enum stats_group group)
{
	struct chart_series *series = ARENA_NEW(&job->arena, struct chart_series, SPLIT_COUNT_);
	const char **names = ARENA_NEW(&job->arena, const char *, STATS_MEMBERS_MAX);
	int members[STATS_MEMBERS_MAX], n = 0;

	for (int i = 0; i < stats_member_count(group); i++) {
		if (dataset_stats_count(job->stats, group, i) == 0)
			continue;
		names[n] = stats_member_name(group, i);
		members[n++] = i;
	}
	if (n < 2)
		return;
	for (int split = 0; split < SPLIT_COUNT_; split++)
		series[split] = make_bars(job, group, members, n, split);
	job->charts[job->count++] = (struct chart){.title = stats_group_name(group),
						   .y_label = "per cent",
						   .y_from_zero = true,
						   .x_names = names,
						   .x_name_count = n,
						   .series = series,
						   .series_count = SPLIT_COUNT_};
}

/* --- lengths ---------------------------------------------------------------------------------- */

/* By language. */
static void add_lengths(struct job *job, const char *title, int first)
{
	struct part parts[LANGUAGE_COUNT_];

	for (int i = 0; i < LANGUAGE_COUNT_; i++)
		parts[i] = (struct part){language_names[i],
					 dataset_stats_spread(job->stats, first + i)};
	add_chart(job, title, parts, LANGUAGE_COUNT_, 1);
}

int stats_plot(const struct dataset_stats *stats, const char *path, struct err *err)
{
	struct job job = {.stats = stats};
	struct chart_page page = {.charts = job.charts, .columns = COLUMNS, .width_px = WIDTH_PX};
	struct image image;
	int rc;

	for (int i = 0; i < STATS_GROUP_COUNT_; i++)
		add_group(&job, (enum stats_group)i);
	for (int i = 0; i < SPREAD_CHARACTERS; i++)
		add_spread(&job, i);
	add_lengths(&job, "characters per program", SPREAD_CHARACTERS);
	add_lengths(&job, "tokens per program", SPREAD_TOKENS);
	page.count = job.count;
	rc = image_from_charts(&page, &image, err);
	if (rc == 0) {
		struct png_encoder *encoder = png_encoder_new(PNG_LEVEL);

		rc = image_write_png(&image, path, encoder, err);
		png_encoder_free(encoder);
		image_free(&image);
	}
	arena_free(&job.arena);
	return rc;
}
