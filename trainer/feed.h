/* SPDX-License-Identifier: MIT */
/*
 * feed: batches of a dataset, in an order that depends on seed and step alone.
 *
 *	struct feed *feed = feed_open("drawings", FEED_TRAIN, tokenizer, &config, seed, &err);
 *	struct feed_batch batch = {0};
 *	if (feed_batch(feed, step, 32, &batch, &err) < 0) ...	(steps from 0)
 *	model_forward(model, &batch.batch, 0);
 *	feed_batch_free(&batch);
 *	feed_close(feed);
 *
 * Every epoch goes through all samples once, shuffled anew; a batch may hold the end of one and the
 * beginning of the next. Rows of a batch are as long as its longest sample.
 */
#ifndef TRAINER_FEED_H
#define TRAINER_FEED_H

#include "formats/model_config.h"
#include "tokenizer/tokenizer.h"
#include "trainer/model.h"

enum feed_split { FEED_TRAIN, FEED_VAL };

struct feed;

/* Reads all conversations of the split of a finished dataset; pictures are read when their turn comes.
 * ERR_LIMIT, with the sample, where one has more tokens than the model has positions; ERR_FORMAT for
 * an empty split, and as dataset_reader_open. NULL on failure. */
struct feed *feed_open(const char *dataset, enum feed_split split,
		       const struct tokenizer *tokenizer, const struct model_config *config,
		       uint64_t seed, struct err *err);
void feed_close(struct feed *feed);

size_t feed_count(const struct feed *feed); /* of samples */
int feed_rows(const struct feed *feed);     /* of the longest one */

/* Zeroed before use; used again and again. */
struct feed_batch {
	struct batch batch; /* points to what follows */
	uint8_t *pixels;
	int32_t *ids, *targets;
	size_t samples_room, rows_room;
};

/* Batch number `step` of `samples` samples. Pictures become grey, and stand in the middle of white
 * paper of the model's side; ERR_LIMIT for a larger one, ERR_FORMAT for a broken one. */
int feed_batch(struct feed *feed, int64_t step, int samples, struct feed_batch *out,
	       struct err *err);

/* The same of `samples` samples from the `first`-th that is ever taken on. */
int feed_part(struct feed *feed, int64_t first, int samples, struct feed_batch *out,
	      struct err *err);
void feed_batch_free(struct feed_batch *batch);

#endif
