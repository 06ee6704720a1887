/* SPDX-License-Identifier: MIT */
/*
 * fill_main: a dataset is opened, filled by worker threads and closed: what generating, restyling, converting and
 * repairing have in common.
 *
 *	const struct fill fill = {.settings = &settings, .mode = DATASET_RESUME, .feed = feed, .jobs = 8,
 *				  .what = "drawings", .ctx = &run, .take = take};
 *	rc = fill_dataset(&fill, &err);
 *
 *	dataset_feed_read -> take -> dataset_append
 *
 * take() runs in any order on any thread; what it adds is appended in the order of the numbers.
 */
#ifndef GEN_FILL_MAIN_H
#define GEN_FILL_MAIN_H

#include <stdint.h>

#include "base/err.h"
#include "formats/dataset/dataset.h"
#include "formats/dataset/dataset_feed.h"

struct fill {
	const struct dataset_settings *settings;
	enum dataset_mode mode;
	struct dataset_feed
		*feed; /* whose samples are taken, one for each; NULL: they come from nowhere */
	int64_t jobs;
	const char *what; /* a progress bar counts these */
	void *ctx;

	/* Adds sample `index`; worker is 0 to jobs - 1. from: that of the feed, or NULL. */
	int (*take)(void *ctx, const struct dataset *dataset, int worker, uint64_t index,
		    const struct dataset_sample *from, struct dataset_lines *lines,
		    struct err *err);
};

/* 0 when the dataset is whole, 1 where this rank is done and others are not. ERR_INTERRUPTED by a signal: the
 * message says how many are made and how to go on; errors of dataset_open, the feed, take and dataset_close. */
int fill_dataset(const struct fill *fill, struct err *err);

#endif
