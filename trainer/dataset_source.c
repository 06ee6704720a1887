/* SPDX-License-Identifier: MIT */
/*
 * Texts of all samples lie in memory, encoded, one behind the other: of each its prompt and then its
 * program. Rows of pictures are put in when a sample is read.
 */
#include <config.h>

#include "trainer/dataset_source.h"

#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "formats/dataset_read.h"
#include "trainer/picture.h"

struct example {
	const char *picture;      /* its path, in the source's arena */
	size_t first;             /* of its ids */
	uint32_t prompt, program; /* how many of each */
};

struct examples {
	struct example *at;
	size_t count, room;
};

struct dataset_source {
	struct source base;
	struct model_config config;
	struct examples splits[SOURCE_SPLITS];
	uint32_t *ids;
	size_t id_count, id_room;
	struct arena arena;
};

static struct dataset_source *of_base(struct source *source)
{
	return (struct dataset_source *)source;
}

/* --- opening -------------------------------------------------------------------------------- */

static void keep_ids(struct dataset_source *s, const struct tokens *tokens)
{
	if (s->id_count + tokens->count > s->id_room) {
		s->id_room = mem_add(mem_mul(s->id_room, 2), tokens->count + 4096);
		s->ids = mem_realloc(s->ids, s->id_room, sizeof(*s->ids));
	}
	memcpy(s->ids + s->id_count, tokens->ids, tokens->count * sizeof(*tokens->ids));
	s->id_count += tokens->count;
}

static void keep_example(struct dataset_source *s, const struct dataset_sample *sample,
			 const struct conversation_text *text)
{
	bool val = strcmp(fs_base_name(sample->program_place.path), "val.json") == 0;
	struct examples *e = &s->splits[val ? SOURCE_VAL : SOURCE_TRAIN];

	if (e->count == e->room) {
		e->room = e->room ? mem_mul(e->room, 2) : 256;
		e->at = mem_realloc(e->at, e->room, sizeof(*e->at));
	}
	e->at[e->count++] = (struct example){
		.picture = arena_strndup(&s->arena, sample->image, strlen(sample->image)),
		.first = s->id_count,
		.prompt = (uint32_t)text->prompt.count,
		.program = (uint32_t)text->program.count};
	keep_ids(s, &text->prompt);
	keep_ids(s, &text->program);
}

static int read_samples(struct dataset_source *s, struct dataset_reader *reader,
			const struct tokenizer *tokenizer, struct err *err)
{
	struct token_cache *cache = token_cache_new();
	struct conversation_text text = {0};
	struct dataset_sample sample;
	struct arena arena = {0};
	int rc;

	while ((rc = dataset_read(reader, &sample, &arena, err)) > 0) {
		int rows;

		conversation_encode(&text, tokenizer, cache, sample.prompt, sample.program);
		rows = conversation_rows(&text, &s->config, err);
		if (rows < 0) {
			rc = err_context(err, "sample %s", sample.id);
			break;
		}
		s->base.rows = rows > s->base.rows ? rows : s->base.rows;
		keep_example(s, &sample, &text);
		arena_reset(&arena);
	}
	conversation_text_free(&text);
	token_cache_free(cache);
	arena_free(&arena);
	return rc;
}

/* --- reading -------------------------------------------------------------------------------- */

static int read_sample(struct source *source, int worker, enum source_split split, int64_t n,
		       struct conversation *conversation, uint8_t *pixels, struct err *err)
{
	struct dataset_source *s = of_base(source);
	const struct example *e = &s->splits[split].at[n];
	uint32_t *ids = s->ids + e->first;
	struct conversation_text text = {.prompt = {.ids = ids, .count = e->prompt},
					 .program = {.ids = ids + e->prompt, .count = e->program},
					 .answered = true};

	(void)worker;
	conversation_lay(conversation, &text, &s->config);
	return picture_read(e->picture, s->config.vision.side, pixels, err);
}

static void free_source(struct source *source)
{
	struct dataset_source *s = of_base(source);

	for (int i = 0; i < SOURCE_SPLITS; i++)
		free(s->splits[i].at);
	free(s->ids);
	arena_free(&s->arena);
	free(s);
}

struct source *dataset_source_open(const char *dataset, const struct tokenizer *tokenizer,
				   const struct model_config *config, int workers, struct err *err)
{
	struct dataset_reader *reader;
	struct dataset_source *s;
	int rc;

	if (conversation_check(tokenizer, config, err) < 0)
		return NULL;
	reader = dataset_reader_open(dataset, err);
	if (!reader)
		return NULL;
	s = mem_alloc(1, sizeof(*s));
	s->base = (struct source){.workers = workers, .read = read_sample, .free = free_source};
	s->config = *config;
	rc = read_samples(s, reader, tokenizer, err);
	dataset_reader_free(reader);
	for (int i = 0; i < SOURCE_SPLITS; i++)
		s->base.count[i] = (int64_t)s->splits[i].count;
	if (rc == 0 && !s->base.count[SOURCE_TRAIN])
		rc = err_set(err, ERR_FORMAT, "%s has no samples to train with", dataset);
	if (rc == 0)
		return &s->base;
	free_source(&s->base);
	return NULL;
}
