/* SPDX-License-Identifier: MIT */
/*
 * dataset_feed: a finished dataset for the workers of a pool, each chunk of samples read by the
 * worker that claimed it.
 *
 *	struct dataset_feed *feed = dataset_feed_open("drawings", &err);
 *	...in work(): if (dataset_feed_read(feed, samples, first, last, &arena, &err) < 0) ...
 *	dataset_feed_free(feed);
 *
 * The dataset is a stream, and a pool claims chunks in order, so a worker first waits until all
 * chunks before its own have been read. They have been claimed, and reading comes first in each, so
 * nobody waits for ever. Memory holds the lines of as many chunks as the pool has slots.
 */
#ifndef FORMATS_DATASET_FEED_H
#define FORMATS_DATASET_FEED_H

#include "formats/dataset/dataset_read.h"

struct dataset_feed;

/* As dataset_reader_open. NULL on failure. */
struct dataset_feed *dataset_feed_open(const char *path, struct err *err);

/* The same of one that may be damaged, dataset_salvage.h: samples have `broken`, and reading never fails. */
struct dataset_feed *dataset_feed_open_damaged(const char *path, struct err *err);
void dataset_feed_free(struct dataset_feed *feed);

const struct dataset_facts *dataset_feed_facts(const struct dataset_feed *feed);

/* Passes over the samples before `begin`, where a pool's range begins; before its workers start. */
int dataset_feed_skip(struct dataset_feed *feed, uint64_t begin, struct err *err);

/* Reads samples first..last-1, within the dataset's count, into samples[0..], which live in the arena,
 * after all before them have been read. Every worker that claims a chunk must call it, whatever became
 * of others. Errors of dataset_read; ERR_IO where a chunk before this one could not be read, whose error
 * is told. Thread-safe. */
int dataset_feed_read(struct dataset_feed *feed, struct dataset_sample *samples, uint64_t first,
		      uint64_t last, struct arena *arena, struct err *err);

/* Once all samples have been read: whether nothing follows them. */
int dataset_feed_check_end(struct dataset_feed *feed, struct err *err);

#endif
