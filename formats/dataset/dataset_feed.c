/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "formats/dataset/dataset_feed.h"
#include "formats/dataset/dataset_salvage.h"

struct dataset_feed {
	struct dataset_reader *reader;   /* or */
	struct dataset_salvage *salvage; /* the other is NULL */
	pthread_mutex_t lock;            /* of the reader and all below */
	pthread_cond_t moved;
	uint64_t next; /* first sample that was not read */
	bool failed;
};

/* Takes either; NULL where both are. */
static struct dataset_feed *feed_new(struct dataset_reader *reader, struct dataset_salvage *salvage)
{
	struct dataset_feed *feed;

	if (!reader && !salvage)
		return NULL;
	feed = mem_alloc(1, sizeof(*feed));
	feed->reader = reader;
	feed->salvage = salvage;
	pthread_mutex_init(&feed->lock, NULL);
	pthread_cond_init(&feed->moved, NULL);
	return feed;
}

struct dataset_feed *dataset_feed_open(const char *path, struct err *err)
{
	return feed_new(dataset_reader_open(path, err), NULL);
}

struct dataset_feed *dataset_feed_open_damaged(const char *path, struct err *err)
{
	return feed_new(NULL, dataset_salvage_open(path, NULL, NULL, err));
}

void dataset_feed_free(struct dataset_feed *feed)
{
	if (!feed)
		return;
	dataset_reader_free(feed->reader);
	dataset_salvage_free(feed->salvage);
	pthread_mutex_destroy(&feed->lock);
	pthread_cond_destroy(&feed->moved);
	free(feed);
}

const struct dataset_facts *dataset_feed_facts(const struct dataset_feed *feed)
{
	return feed->salvage ? dataset_salvage_facts(feed->salvage)
			     : dataset_reader_facts(feed->reader);
}

static int read_next(struct dataset_feed *feed, struct dataset_sample *sample, struct arena *arena,
		     struct err *err)
{
	if (feed->salvage)
		return dataset_salvage_next(feed->salvage, sample, arena);
	return dataset_read(feed->reader, sample, arena, err);
}

/* Samples from next on up to `last`, which is not beyond the dataset's count. */
static int read_up_to(struct dataset_feed *feed, struct dataset_sample *samples, uint64_t last,
		      struct arena *arena, struct err *err)
{
	for (uint64_t i = feed->next; i < last; i++) {
		int rc = read_next(feed, &samples[i - feed->next], arena, err);

		assert(rc != 0);
		if (rc < 0)
			return -1;
	}
	feed->next = last;
	return 0;
}

int dataset_feed_skip(struct dataset_feed *feed, uint64_t begin, struct err *err)
{
	struct arena scratch = {0};
	struct dataset_sample sample;
	int rc = 0;

	for (uint64_t i = feed->next; i < begin && rc == 0; i++) {
		arena_reset(&scratch);
		rc = read_up_to(feed, &sample, i + 1, &scratch, err);
	}
	arena_free(&scratch);
	return rc;
}

int dataset_feed_read(struct dataset_feed *feed, struct dataset_sample *samples, uint64_t first,
		      uint64_t last, struct arena *arena, struct err *err)
{
	int rc;

	pthread_mutex_lock(&feed->lock);
	while (feed->next != first && !feed->failed)
		pthread_cond_wait(&feed->moved, &feed->lock);
	if (feed->failed)
		rc = err_set(err, ERR_IO, "reading failed before");
	else
		rc = read_up_to(feed, samples, last, arena, err);
	feed->failed |= rc < 0;
	pthread_cond_broadcast(&feed->moved);
	pthread_mutex_unlock(&feed->lock);
	return rc;
}

int dataset_feed_check_end(struct dataset_feed *feed, struct err *err)
{
	struct arena scratch = {0};
	struct dataset_sample none;
	int rc = read_next(feed, &none, &scratch, err);

	arena_free(&scratch);
	return rc;
}
