/* SPDX-License-Identifier: MIT */
/*
 * feed: batches of a source, made ready by threads of its own while the model is busy.
 *
 *	struct feed *feed = feed_new(source, &settings, &config, &err);
 *	struct feed_batch batch = {0};
 *	feed_seek(feed, 0);
 *	if (feed_next(feed, &batch, &err) < 0) ...
 *	model_forward(model, &batch.batch, 0);
 *	feed_batch_free(&batch);
 *	feed_free(feed);
 *
 * Which samples a batch holds depends on the seed and the batch's number alone. Rows of a batch are as
 * long as its longest sample.
 */
#ifndef TRAINER_FEED_H
#define TRAINER_FEED_H

#include "formats/model/model_config.h"
#include "trainer/train/model.h"
#include "trainer/train/source.h"

struct feed_settings {
	enum source_split split;
	int samples;     /* of a batch */
	int rank, ranks; /* shuffled: of each so many batches one is this rank's, and others do
			    not count; 0 ranks: all are */
	bool labels;     /* batches have cells */
	bool shuffled; /* go through all samples again and again, in another order each time; or else
			  once, as they come, the last batch being smaller */
	int64_t most;  /* unless shuffled: of the samples the first so many */
	uint64_t seed; /* of the order */
	int row_step; /* a batch's rows are a multiple of this, within the model's positions; 0: 1 */
	int first_worker, threads; /* of the source's workers those from the first on */
};

struct feed;

/* Borrows the source, which has samples in the split. ERR_IO where the system has no more threads. The
 * threads give way to others that want the processor (nice). */
struct feed *feed_new(struct source *source, const struct feed_settings *settings,
		      const struct model_config *config, struct err *err);

/* NULL is allowed. */
void feed_free(struct feed *feed);

/* The next batch will be that number, from 0; the first call starts the work. */
void feed_seek(struct feed *feed, int64_t batch);

/* How many batches there are: SOURCE_ENDLESS where shuffled. */
int64_t feed_batches(const struct feed *feed);

/* Zeroed before use; used again and again. */
struct feed_batch {
	struct batch batch; /* points to what follows */
	uint8_t *pixels;
	int8_t *cells;
	int32_t *ids, *targets;
	size_t pixels_room, cells_room, rows_room;
};

/* The next batch, of which there is one. Fails as the source does, with the first sample that fails,
 * and again when it is called again. */
int feed_next(struct feed *feed, struct feed_batch *out, struct err *err);

/* Whether feed_next would not wait. */
bool feed_ready(struct feed *feed);

/* Seconds spent in feed_next because nothing was ready. */
double feed_waited(const struct feed *feed);

void feed_batch_free(struct feed_batch *batch);

#endif
