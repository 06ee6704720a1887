/* SPDX-License-Identifier: MIT */
/*
 * Batches to come lie in a ring of slots. Threads claim samples in order, one at a time, and fill them
 * into their batch's slot; feed_next waits for the next one to be full and empties it. Numbers of
 * samples are turned into places in the epoch's order when they are claimed, which is in order, so that
 * one order at a time is enough.
 *
 *	ready: next    being filled             claimed: batch, sample
 *	[ batch 7 ]    [ batch 8 ] [ batch 9: 12 of 32 claimed ]
 *
 * An epoch's order is a shuffle (Fisher and Yates) drawn from the stream of its number.
 */
#include <config.h>

#include "trainer/train/feed.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/rng.h"
#include "trainer/train/reading.h"

#define SLOTS 3
#define NICE 10

struct slot {
	struct conversation *conversations; /* of each sample */
	uint8_t *pixels;
	int8_t *cells; /* NULL where nobody asks */
	size_t pixels_room, cells_room;
	int done;
	int failed; /* the first sample that did, or -1 */
	struct err err;
};

struct claim {
	int64_t batch;
	int sample;
	int64_t n; /* of the source */
};

struct loader {
	struct feed *feed;
	int worker;
	pthread_t thread;
};

struct feed {
	struct source *source;
	struct feed_settings settings;
	struct model_config config;
	struct loader *loaders;
	int started;
	pthread_mutex_t lock;
	pthread_cond_t work, done;
	/* all below are the lock's */
	struct slot slots[SLOTS];
	int64_t next;  /* batch to be taken; -1 before the first seek */
	int64_t batch; /* and the sample of it to be claimed */
	int sample;
	int at_work; /* samples claimed and not done */
	bool stop;
	uint32_t *order; /* of the epoch at hand; NULL where the source is endless or as it comes */
	int64_t epoch;
	double waited;
};

/* --- which samples -------------------------------------------------------------------------- */

static int64_t count_of(const struct feed *f)
{
	int64_t count = f->source->count[f->settings.split];

	if (!f->settings.shuffled && f->settings.most < count)
		return f->settings.most;
	return count;
}

int64_t feed_batches(const struct feed *feed)
{
	int64_t samples = feed->settings.samples;

	return feed->settings.shuffled ? SOURCE_ENDLESS : (count_of(feed) + samples - 1) / samples;
}

static int samples_of(const struct feed *f, int64_t batch)
{
	int64_t left;

	if (f->settings.shuffled)
		return f->settings.samples;
	left = count_of(f) - batch * f->settings.samples;
	return left < f->settings.samples ? (int)left : f->settings.samples;
}

static void shuffle(struct feed *f, int64_t epoch)
{
	struct rng rng = rng_stream(f->settings.seed, (uint64_t)epoch, "epoch", 0);
	uint32_t count = (uint32_t)count_of(f);

	for (uint32_t i = 0; i < count; i++)
		f->order[i] = i;
	for (uint32_t i = count; i > 1; i--) {
		uint32_t k = rng_below(&rng, i), kept = f->order[k];

		f->order[k] = f->order[i - 1];
		f->order[i - 1] = kept;
	}
	f->epoch = epoch;
}

/* The source's number of the n-th sample that is ever taken. */
static int64_t nth_sample(struct feed *f, int64_t n)
{
	int64_t count = count_of(f);

	if (!f->order)
		return n;
	if (n / count != f->epoch)
		shuffle(f, n / count);
	return f->order[n % count];
}

/* --- threads -------------------------------------------------------------------------------- */

static bool can_claim(const struct feed *f)
{
	return f->next >= 0 && f->batch < f->next + SLOTS && f->batch < feed_batches(f);
}

/* Of all ranks' batches, the number of the rank's own. */
static int64_t batch_of_all(const struct feed *f, int64_t batch)
{
	return f->settings.ranks ? batch * f->settings.ranks + f->settings.rank : batch;
}

static struct claim claim_sample(struct feed *f)
{
	int64_t first = batch_of_all(f, f->batch) * f->settings.samples;
	struct claim c = {f->batch, f->sample, nth_sample(f, first + f->sample)};
	struct slot *slot = &f->slots[c.batch % SLOTS];

	if (c.sample == 0) {
		slot->done = 0;
		slot->failed = -1;
	}
	f->at_work++;
	if (++f->sample == samples_of(f, f->batch)) {
		f->sample = 0;
		f->batch++;
	}
	return c;
}

static void note_done(struct feed *f, const struct claim *c, int rc, const struct err *err)
{
	struct slot *slot = &f->slots[c->batch % SLOTS];

	if (rc < 0 && (slot->failed < 0 || c->sample < slot->failed)) {
		slot->failed = c->sample;
		slot->err = *err;
	}
	slot->done++;
	f->at_work--;
	pthread_cond_signal(&f->done);
}

static size_t cells_of_picture(const struct feed *f)
{
	int across = f->config.vision.side / f->config.vision.patch;

	return reading_answers(READING_QUESTION_COUNT_, across * across);
}

static void *load(void *arg)
{
	struct loader *me = arg;
	struct feed *f = me->feed;
	size_t picture = (size_t)f->config.vision.side * (size_t)f->config.vision.side;
	size_t cells = cells_of_picture(f);

	setpriority(PRIO_PROCESS, (id_t)gettid(), NICE); /* Linux: of this thread alone */
	pthread_mutex_lock(&f->lock);
	for (;;) {
		struct err err = {0};
		struct claim c;
		struct slot *slot;
		int rc;

		while (!f->stop && !can_claim(f))
			pthread_cond_wait(&f->work, &f->lock);
		if (f->stop)
			break;
		c = claim_sample(f);
		slot = &f->slots[c.batch % SLOTS];
		pthread_mutex_unlock(&f->lock);
		rc = f->source->read(
			f->source, me->worker, f->settings.split, c.n,
			&slot->conversations[c.sample], slot->pixels + (size_t)c.sample * picture,
			slot->cells ? slot->cells + (size_t)c.sample * cells : NULL, &err);
		pthread_mutex_lock(&f->lock);
		note_done(f, &c, rc, &err);
	}
	pthread_mutex_unlock(&f->lock);
	return NULL;
}

static int start_loaders(struct feed *f, struct err *err)
{
	f->loaders = mem_alloc((size_t)f->settings.threads, sizeof(*f->loaders));
	for (int i = 0; i < f->settings.threads; i++) {
		struct loader *l = &f->loaders[i];
		int failed;

		*l = (struct loader){.feed = f, .worker = f->settings.first_worker + i};
		failed = pthread_create(&l->thread, NULL, load, l);
		if (failed)
			return err_set(err, ERR_IO, "cannot start a thread for samples: %s",
				       strerror(failed));
		f->started++;
	}
	return 0;
}

struct feed *feed_new(struct source *source, const struct feed_settings *settings,
		      const struct model_config *config, struct err *err)
{
	struct feed *f = mem_alloc(1, sizeof(*f));
	size_t samples = (size_t)settings->samples, side = (size_t)config->vision.side;

	assert(source->count[settings->split] > 0);
	f->source = source;
	f->settings = *settings;
	f->config = *config;
	f->next = f->epoch = -1;
	if (settings->shuffled && count_of(f) != SOURCE_ENDLESS)
		f->order = mem_alloc((size_t)count_of(f), sizeof(*f->order));
	for (int i = 0; i < SLOTS; i++) {
		f->slots[i].conversations = mem_alloc(samples, sizeof(struct conversation));
		f->slots[i].pixels_room = mem_mul(samples, mem_mul(side, side));
		f->slots[i].pixels = mem_alloc(f->slots[i].pixels_room, 1);
		if (!settings->labels)
			continue;
		f->slots[i].cells_room = mem_mul(samples, cells_of_picture(f));
		f->slots[i].cells = mem_alloc(f->slots[i].cells_room, 1);
	}
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->work, NULL);
	pthread_cond_init(&f->done, NULL);
	if (start_loaders(f, err) == 0)
		return f;
	feed_free(f);
	return NULL;
}

static void free_slot(struct slot *slot, int samples)
{
	for (int i = 0; i < samples; i++)
		conversation_free(&slot->conversations[i]);
	free(slot->conversations);
	free(slot->pixels);
	free(slot->cells);
}

void feed_free(struct feed *feed)
{
	if (!feed)
		return;
	pthread_mutex_lock(&feed->lock);
	feed->stop = true;
	pthread_cond_broadcast(&feed->work);
	pthread_mutex_unlock(&feed->lock);
	for (int i = 0; i < feed->started; i++)
		pthread_join(feed->loaders[i].thread, NULL);
	for (int i = 0; i < SLOTS; i++)
		free_slot(&feed->slots[i], feed->settings.samples);
	pthread_mutex_destroy(&feed->lock);
	pthread_cond_destroy(&feed->work);
	pthread_cond_destroy(&feed->done);
	free(feed->loaders);
	free(feed->order);
	free(feed);
}

void feed_seek(struct feed *feed, int64_t batch)
{
	pthread_mutex_lock(&feed->lock);
	feed->next = -1; /* nothing new is claimed */
	while (feed->at_work)
		pthread_cond_wait(&feed->done, &feed->lock);
	feed->next = feed->batch = batch;
	feed->sample = 0;
	for (int i = 0; i < SLOTS; i++)
		feed->slots[i].done = 0;
	pthread_cond_broadcast(&feed->work);
	pthread_mutex_unlock(&feed->lock);
}

double feed_waited(const struct feed *feed)
{
	return feed->waited;
}

/* --- batches -------------------------------------------------------------------------------- */

static void make_room(struct feed_batch *b, size_t numbers)
{
	if (numbers <= b->rows_room)
		return;
	b->rows_room = numbers;
	b->ids = mem_realloc(b->ids, numbers, sizeof(*b->ids));
	b->targets = mem_realloc(b->targets, numbers, sizeof(*b->targets));
}

/* A sample's rows, filled up behind its end by tokens that are not looked at. */
static void put_rows(struct feed_batch *b, const struct conversation *c, int sample, int filler)
{
	int rows = b->batch.rows;

	for (int i = 0; i < rows; i++) {
		bool past = i >= (int)c->count;
		int at = sample * rows + i;

		b->ids[at] = past ? filler : c->ids[i];
		b->targets[at] = past ? -1 : c->targets[i];
		b->batch.target_count += b->targets[at] >= 0;
	}
}

/* Of a batch: as many as the longest sample needs. */
static int rows_for(const struct feed *f, const struct slot *slot, int samples)
{
	int step = f->settings.row_step ? f->settings.row_step : 1, rows = 0;

	for (int i = 0; i < samples; i++)
		if ((int)slot->conversations[i].count > rows)
			rows = (int)slot->conversations[i].count;
	rows = (rows + step - 1) / step * step;
	return rows < f->config.text.positions ? rows : f->config.text.positions;
}

/* Pictures change hands by their memory. */
static void take_slot(struct feed *f, struct slot *slot, int samples, struct feed_batch *out)
{
	uint8_t *pixels = slot->pixels;
	int8_t *cells = slot->cells;
	int rows = rows_for(f, slot, samples);

	if (out->pixels_room < slot->pixels_room) {
		out->pixels = mem_realloc(out->pixels, slot->pixels_room, 1);
		out->pixels_room = slot->pixels_room;
	}
	slot->pixels = out->pixels;
	out->pixels = pixels;
	if (out->cells_room < slot->cells_room) {
		out->cells = mem_realloc(out->cells, slot->cells_room, 1);
		out->cells_room = slot->cells_room;
	}
	slot->cells = out->cells;
	out->cells = cells;
	make_room(out, (size_t)samples * (size_t)rows);
	out->batch = (struct batch){.samples = samples,
				    .rows = rows,
				    .pixels = out->pixels,
				    .ids = out->ids,
				    .targets = out->targets,
				    .cells = out->cells};
	for (int i = 0; i < samples; i++)
		put_rows(out, &slot->conversations[i], i, f->config.eos);
}

bool feed_ready(struct feed *feed)
{
	bool ready;

	pthread_mutex_lock(&feed->lock);
	ready = feed->next < feed_batches(feed) &&
		feed->slots[feed->next % SLOTS].done >= samples_of(feed, feed->next);
	pthread_mutex_unlock(&feed->lock);
	return ready;
}

int feed_next(struct feed *feed, struct feed_batch *out, struct err *err)
{
	struct slot *slot;
	double start = clock_seconds();
	int samples, rc = 0;

	pthread_mutex_lock(&feed->lock);
	assert(feed->next >= 0 && feed->next < feed_batches(feed));
	slot = &feed->slots[feed->next % SLOTS];
	samples = samples_of(feed, feed->next);
	while (slot->done < samples)
		pthread_cond_wait(&feed->done, &feed->lock);
	feed->waited += clock_seconds() - start;
	if (slot->failed >= 0) {
		rc = err_set(err, slot->err.code, "%s", slot->err.msg);
	} else {
		take_slot(feed, slot, samples, out);
		slot->done = 0;
		feed->next++;
		pthread_cond_broadcast(&feed->work);
	}
	pthread_mutex_unlock(&feed->lock);
	return rc;
}

void feed_batch_free(struct feed_batch *batch)
{
	free(batch->pixels);
	free(batch->cells);
	free(batch->ids);
	free(batch->targets);
	*batch = (struct feed_batch){0};
}
