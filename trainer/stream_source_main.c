/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/stream_source_main.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "trainer/train/picture.h"
#include "trainer/train/reading.h"

struct worker {
	struct token_cache *cache;
	struct conversation_text text;
};

struct stream_source {
	struct source base;
	const struct tokenizer *tokenizer;
	struct model_config config;
	struct stream *stream;
	int64_t practice;
	struct worker *workers;
};

static int read_sample(struct source *source, int worker, enum source_split split, int64_t n,
		       struct conversation *conversation, uint8_t *pixels, int8_t *cells,
		       struct err *err)
{
	struct stream_source *s = (struct stream_source *)source;
	uint64_t index =
		(uint64_t)n + (split == SOURCE_VAL ? STREAM_VAL_FIRST : STREAM_TRAIN_FIRST);
	struct worker *w = &s->workers[worker];
	bool practice = split == SOURCE_TRAIN && n < s->practice;
	struct stream_sample sample;

	if (stream_read(s->stream, worker, index, practice, &sample, err) < 0)
		return -1;
	conversation_encode(&w->text, s->tokenizer, w->cache, sample.prompt, sample.program);
	if (conversation_rows(&w->text, &s->config, err) < 0)
		return err_context(err, "sample %" PRIu64, index);
	conversation_lay(conversation, &w->text, &s->config);
	picture_from_image(&sample.image, s->config.vision.side, pixels);
	if (cells)
		reading_label(cells, sample.annotations, s->config.vision.side,
			      s->config.vision.patch);
	return 0;
}

static void free_source(struct source *source)
{
	struct stream_source *s = (struct stream_source *)source;

	for (int i = 0; i < s->base.workers; i++) {
		token_cache_free(s->workers[i].cache);
		conversation_text_free(&s->workers[i].text);
	}
	free(s->workers);
	stream_free(s->stream);
	free(s);
}

struct source *stream_source_new(const struct stream_source_settings *settings,
				 const struct tokenizer *tokenizer,
				 const struct model_config *config, int workers, struct err *err)
{
	struct stream_source *s;

	if (conversation_check(tokenizer, config, err) < 0)
		return NULL;
	s = mem_alloc(1, sizeof(*s));
	s->base = (struct source){.workers = workers, .read = read_sample, .free = free_source};
	s->base.count[SOURCE_TRAIN] = SOURCE_ENDLESS;
	s->base.count[SOURCE_VAL] = settings->val_count;
	s->practice = settings->practice;
	s->tokenizer = tokenizer;
	s->config = *config;
	s->workers = mem_alloc((size_t)workers, sizeof(*s->workers));
	for (int i = 0; i < workers; i++)
		s->workers[i].cache = token_cache_new();
	s->stream = stream_new(&settings->stream, workers, err);
	if (s->stream)
		return &s->base;
	free_source(&s->base);
	return NULL;
}
