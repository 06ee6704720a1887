/* SPDX-License-Identifier: MIT */
/*
 * Conversations of the whole split lie in memory as ids of 32 bits. An epoch's order is a shuffle
 * (Fisher and Yates) drawn from the stream of its number.
 */
#include <config.h>

#include "trainer/feed.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/rng.h"
#include "formats/dataset_read.h"
#include "formats/image.h"
#include "trainer/conversation.h"

#define WHITE 255

struct example {
	const char *picture; /* its path, in the feed's arena */
	size_t first;        /* of its rows in ids and targets */
	int rows;
};

struct feed {
	struct model_config config;
	struct example *examples;
	size_t count, room;
	int32_t *ids, *targets;
	size_t row_count, row_room;
	int longest;
	uint64_t seed;
	uint32_t *order; /* of the epoch at hand */
	int64_t epoch;
	struct arena arena;
};

/* --- opening -------------------------------------------------------------------------------- */

static void keep_rows(struct feed *f, const struct conversation *c)
{
	if (f->row_count + c->count > f->row_room) {
		f->row_room = mem_add(mem_mul(f->row_room, 2), c->count + 4096);
		f->ids = mem_realloc(f->ids, f->row_room, sizeof(*f->ids));
		f->targets = mem_realloc(f->targets, f->row_room, sizeof(*f->targets));
	}
	memcpy(f->ids + f->row_count, c->ids, c->count * sizeof(*c->ids));
	memcpy(f->targets + f->row_count, c->targets, c->count * sizeof(*c->targets));
	f->row_count += c->count;
}

static int keep_example(struct feed *f, const struct dataset_sample *sample,
			const struct conversation *c, struct err *err)
{
	if (c->count > (size_t)f->config.text.positions)
		return err_set(err, ERR_LIMIT,
			       "sample %s has %zu tokens, picture and prompt included; the model "
			       "has %d positions",
			       sample->id, c->count, f->config.text.positions);
	if (f->count == f->room) {
		f->room = f->room ? mem_mul(f->room, 2) : 256;
		f->examples = mem_realloc(f->examples, f->room, sizeof(*f->examples));
	}
	f->examples[f->count++] =
		(struct example){arena_strndup(&f->arena, sample->image, strlen(sample->image)),
				 f->row_count, (int)c->count};
	f->longest = (int)c->count > f->longest ? (int)c->count : f->longest;
	keep_rows(f, c);
	return 0;
}

static bool is_of_split(const struct dataset_sample *sample, enum feed_split split)
{
	bool val = strcmp(fs_base_name(sample->program_place.path), "val.json") == 0;

	return val == (split == FEED_VAL);
}

static int read_samples(struct feed *f, struct dataset_reader *reader, enum feed_split split,
			const struct tokenizer *tokenizer, struct err *err)
{
	struct token_cache *cache = token_cache_new();
	struct conversation c = {0};
	struct dataset_sample sample;
	struct arena arena = {0};
	int rc;

	while ((rc = dataset_read(reader, &sample, &arena, err)) > 0) {
		if (is_of_split(&sample, split)) {
			conversation_encode(&c, tokenizer, cache, &f->config, sample.prompt,
					    sample.program);
			rc = keep_example(f, &sample, &c, err);
			if (rc < 0)
				break;
		}
		arena_reset(&arena);
	}
	conversation_free(&c);
	token_cache_free(cache);
	arena_free(&arena);
	return rc;
}

struct feed *feed_open(const char *dataset, enum feed_split split,
		       const struct tokenizer *tokenizer, const struct model_config *config,
		       uint64_t seed, struct err *err)
{
	struct dataset_reader *reader = dataset_reader_open(dataset, err);
	struct feed *f;
	int rc;

	if (!reader)
		return NULL;
	f = mem_alloc(1, sizeof(*f));
	f->config = *config;
	f->seed = seed;
	f->epoch = -1;
	rc = read_samples(f, reader, split, tokenizer, err);
	dataset_reader_free(reader);
	if (rc == 0 && !f->count)
		rc = err_set(err, ERR_FORMAT, "%s has no samples to %s with", dataset,
			     split == FEED_VAL ? "validate" : "train");
	if (rc == 0) {
		f->order = mem_alloc(f->count, sizeof(*f->order));
		return f;
	}
	feed_close(f);
	return NULL;
}

void feed_close(struct feed *feed)
{
	if (!feed)
		return;
	free(feed->examples);
	free(feed->ids);
	free(feed->targets);
	free(feed->order);
	arena_free(&feed->arena);
	free(feed);
}

size_t feed_count(const struct feed *feed)
{
	return feed->count;
}

int feed_rows(const struct feed *feed)
{
	return feed->longest;
}

/* --- batches -------------------------------------------------------------------------------- */

static void shuffle(struct feed *f, int64_t epoch)
{
	struct rng rng = rng_stream(f->seed, (uint64_t)epoch, "epoch", 0);

	for (uint32_t i = 0; i < f->count; i++)
		f->order[i] = i;
	for (uint32_t i = (uint32_t)f->count; i > 1; i--) {
		uint32_t k = rng_below(&rng, i), kept = f->order[k];

		f->order[k] = f->order[i - 1];
		f->order[i - 1] = kept;
	}
	f->epoch = epoch;
}

/* The n-th sample that is ever taken. */
static const struct example *nth_example(struct feed *f, int64_t n)
{
	int64_t count = (int64_t)f->count;

	if (n / count != f->epoch)
		shuffle(f, n / count);
	return &f->examples[f->order[n % count]];
}

/* Rec. 601. */
static uint8_t grey_at(const struct image *image, int x, int y)
{
	const uint8_t *p = image->px + (size_t)y * image->stride + (size_t)(x * image->channels);

	return image->channels == 1
		       ? p[0]
		       : (uint8_t)((299 * p[0] + 587 * p[1] + 114 * p[2] + 500) / 1000);
}

static int read_picture(const char *path, int side, uint8_t *pixels, struct err *err)
{
	struct image image;
	int left, top;

	if (image_read(&image, path, 1 << 15, err) < 0)
		return -1;
	if (image.width > side || image.height > side) {
		err_set(err, ERR_LIMIT, "%s is %d x %d pixels; the model takes %d x %d", path,
			image.width, image.height, side, side);
		image_free(&image);
		return -1;
	}
	left = (side - image.width) / 2;
	top = (side - image.height) / 2;
	memset(pixels, WHITE, (size_t)side * (size_t)side);
	for (int y = 0; y < image.height; y++)
		for (int x = 0; x < image.width; x++)
			pixels[(top + y) * side + left + x] = grey_at(&image, x, y);
	image_free(&image);
	return 0;
}

static void make_room(struct feed_batch *b, size_t samples, size_t rows, size_t pixels)
{
	if (samples > b->samples_room) {
		b->pixels = mem_realloc(b->pixels, samples, pixels);
		b->samples_room = samples;
	}
	if (samples * rows > b->rows_room) {
		b->rows_room = samples * rows;
		b->ids = mem_realloc(b->ids, b->rows_room, sizeof(*b->ids));
		b->targets = mem_realloc(b->targets, b->rows_room, sizeof(*b->targets));
	}
}

/* A sample's rows, filled up behind its end by tokens that are not looked at. */
static void put_rows(const struct feed *f, const struct example *e, int sample,
		     struct feed_batch *b)
{
	int rows = b->batch.rows;

	for (int i = 0; i < rows; i++) {
		bool past = i >= e->rows;
		int at = sample * rows + i;

		b->ids[at] = past ? f->config.eos : f->ids[e->first + (size_t)i];
		b->targets[at] = past ? -1 : f->targets[e->first + (size_t)i];
		b->batch.target_count += b->targets[at] >= 0;
	}
}

int feed_part(struct feed *feed, int64_t first, int samples, struct feed_batch *out,
	      struct err *err)
{
	size_t side = (size_t)feed->config.vision.side;
	int rows = 0;

	for (int i = 0; i < samples; i++) {
		const struct example *e = nth_example(feed, first + i);

		rows = e->rows > rows ? e->rows : rows;
	}
	make_room(out, (size_t)samples, (size_t)rows, side * side);
	out->batch = (struct batch){samples, rows, out->pixels, out->ids, out->targets, 0};
	for (int i = 0; i < samples; i++) {
		const struct example *e = nth_example(feed, first + i);

		put_rows(feed, e, i, out);
		if (read_picture(e->picture, (int)side, out->pixels + (size_t)i * side * side,
				 err) < 0)
			return -1;
	}
	return 0;
}

int feed_batch(struct feed *feed, int64_t step, int samples, struct feed_batch *out,
	       struct err *err)
{
	return feed_part(feed, step * samples, samples, out, err);
}

void feed_batch_free(struct feed_batch *batch)
{
	free(batch->pixels);
	free(batch->ids);
	free(batch->targets);
	*batch = (struct feed_batch){0};
}
