/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "formats/dataset_feed.h"

struct dataset_feed {
	struct dataset_reader *reader;
	pthread_mutex_t lock; /* of the reader and all below */
	pthread_cond_t moved;
	uint64_t next; /* first sample that was not read */
	bool failed;
};

struct dataset_feed *dataset_feed_open(const char *path, struct err *err)
{
	struct dataset_reader *reader = dataset_reader_open(path, err);
	struct dataset_feed *feed;

	if (!reader)
		return NULL;
	feed = mem_alloc(1, sizeof(*feed));
	feed->reader = reader;
	pthread_mutex_init(&feed->lock, NULL);
	pthread_cond_init(&feed->moved, NULL);
	return feed;
}

void dataset_feed_free(struct dataset_feed *feed)
{
	if (!feed)
		return;
	dataset_reader_free(feed->reader);
	pthread_mutex_destroy(&feed->lock);
	pthread_cond_destroy(&feed->moved);
	free(feed);
}

const struct dataset_facts *dataset_feed_facts(const struct dataset_feed *feed)
{
	return dataset_reader_facts(feed->reader);
}

/* Samples from next on up to `last`, which is not beyond the dataset's count. */
static int read_up_to(struct dataset_feed *feed, struct dataset_sample *samples, uint64_t last,
		      struct arena *arena, struct err *err)
{
	for (uint64_t i = feed->next; i < last; i++) {
		int rc = dataset_read(feed->reader, &samples[i - feed->next], arena, err);

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
	int rc = dataset_read(feed->reader, &none, &scratch, err);

	arena_free(&scratch);
	return rc;
}
