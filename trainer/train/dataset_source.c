/* SPDX-License-Identifier: MIT */
/*
 * Texts of all samples lie in memory, encoded, one behind the other: of each its prompt and then its
 * program. Rows of pictures are put in when a sample is read.
 */
#include <config.h>

#include "trainer/train/dataset_source.h"

#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "formats/dataset/converted_entries.h"
#include "formats/dataset/converted_read.h"
#include "formats/dataset/dataset_read.h"
#include "formats/dataset/llava_read.h"
#include "trainer/train/picture.h"

struct example {
	struct dataset_picture_place picture; /* its path in the source's arena */
	size_t first;                         /* of its ids */
	uint32_t prompt, program;             /* how many of each */
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

/* What is used while opening. */
struct opening {
	struct dataset_source *source;
	const struct dataset_files *files;
	const struct tokenizer *tokenizer;
	struct token_cache *cache;
	struct conversation_text text;
	const char *last_path;
	struct arena arena; /* of a sample */
};

/* Samples of a shard have one path. */
static const char *keep_path(struct opening *o, const char *path)
{
	if (!o->last_path || strcmp(o->last_path, path) != 0)
		o->last_path = arena_strndup(&o->source->arena, path, strlen(path));
	return o->last_path;
}

static int keep_sample(struct opening *o, enum source_split split, const char *id,
		       const struct dataset_picture_place *picture, const char *prompt,
		       const char *program, struct err *err)
{
	struct dataset_source *s = o->source;
	struct examples *e = &s->splits[o->files->validate ? SOURCE_VAL : split];
	int rows;

	conversation_encode(&o->text, o->tokenizer, o->cache, prompt, program);
	rows = conversation_rows(&o->text, &s->config, err);
	if (rows < 0)
		return err_context(err, "sample %s", id);
	s->base.rows = rows > s->base.rows ? rows : s->base.rows;
	if (e->count == e->room) {
		e->room = e->room ? mem_mul(e->room, 2) : 256;
		e->at = mem_realloc(e->at, e->room, sizeof(*e->at));
	}
	e->at[e->count] = (struct example){.picture = *picture,
					   .first = s->id_count,
					   .prompt = (uint32_t)o->text.prompt.count,
					   .program = (uint32_t)o->text.program.count};
	e->at[e->count++].picture.path = keep_path(o, picture->path);
	keep_ids(s, &o->text.prompt);
	keep_ids(s, &o->text.program);
	return 0;
}

static int read_entries(struct opening *o, struct err *err)
{
	struct converted_entries *entries = converted_entries_open(o->files->path, err);
	struct converted_entry e;
	int rc = entries ? 1 : -1;

	while (rc > 0 && (rc = converted_entry(entries, &e, &o->arena, err)) > 0) {
		struct dataset_picture_place picture = {.path = e.sample.image};

		if (keep_sample(o, e.split == SPLIT_VAL ? SOURCE_VAL : SOURCE_TRAIN, e.sample.id,
				&picture, e.sample.prompt, e.sample.program, err) < 0)
			rc = err_context(err, "%s:%ld", e.file, e.sample.line);
		arena_reset(&o->arena);
	}
	converted_entries_close(entries);
	return rc;
}

static int read_drawings(struct opening *o, struct err *err)
{
	struct dataset_reader *reader = dataset_reader_open(o->files->path, err);
	struct dataset_picture_place picture;
	struct dataset_sample d;
	int rc;

	if (!reader)
		return -1;
	while ((rc = dataset_read(reader, &d, &o->arena, err)) > 0) {
		picture = dataset_sample_place(&d);
		if (picture.offset == DATASET_PACKED)
			rc = err_set(
				err, ERR_UNSUPPORTED,
				"%s is compressed, and pictures are read in any order; cadconv "
				"convert --format tfrecord unpacks it",
				o->files->path);
		else if (d.split != SPLIT_TEST) /* which nobody learns from */
			rc = keep_sample(o, d.split == SPLIT_VAL ? SOURCE_VAL : SOURCE_TRAIN, d.id,
					 &picture, d.prompt, d.program, err);
		if (rc < 0)
			break;
		arena_reset(&o->arena);
	}
	dataset_reader_free(reader);
	return rc;
}

static int read_folder(struct opening *o, struct err *err)
{
	int rc = converted_is_in(o->files->path, err);

	if (rc < 0)
		return -1;
	return rc ? read_entries(o, err) : read_drawings(o, err);
}

static int read_file(struct opening *o, struct err *err)
{
	struct llava_reader *reader =
		llava_reader_open(o->files->path, o->files->image_folder, err);
	struct llava_sample l;
	int rc;

	if (!reader)
		return -1;
	while ((rc = llava_read(reader, &l, &o->arena, err)) > 0) {
		struct dataset_picture_place picture = {.path = l.image};

		rc = keep_sample(o, SOURCE_TRAIN, l.id, &picture, l.prompt, l.program, err);
		if (rc < 0) {
			err_context(err, "%s:%ld", o->files->path, l.line);
			break;
		}
		arena_reset(&o->arena);
	}
	llava_reader_free(reader);
	return rc;
}

static int read_samples(struct dataset_source *s, const struct dataset_files *files,
			const struct tokenizer *tokenizer, struct err *err)
{
	struct opening o = {
		.source = s, .files = files, .tokenizer = tokenizer, .cache = token_cache_new()};
	int rc = fs_is_folder(files->path) ? read_folder(&o, err) : read_file(&o, err);

	conversation_text_free(&o.text);
	token_cache_free(o.cache);
	arena_free(&o.arena);
	return rc;
}

/* --- reading -------------------------------------------------------------------------------- */

static int read_sample(struct source *source, int worker, enum source_split split, int64_t n,
		       struct conversation *conversation, uint8_t *pixels, int8_t *cells,
		       struct err *err)
{
	struct dataset_source *s = of_base(source);
	const struct example *e = &s->splits[split].at[n];
	uint32_t *ids = s->ids + e->first;
	struct conversation_text text = {.prompt = {.ids = ids, .count = e->prompt},
					 .program = {.ids = ids + e->prompt, .count = e->program},
					 .answered = true};

	(void)worker;
	(void)cells;
	conversation_lay(conversation, &text, &s->config);
	return picture_read(&e->picture, s->config.vision.side, pixels, err);
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

struct source *dataset_source_open(const struct dataset_files *files,
				   const struct tokenizer *tokenizer,
				   const struct model_config *config, int workers, struct err *err)
{
	enum source_split wanted = files->validate ? SOURCE_VAL : SOURCE_TRAIN;
	struct dataset_source *s;
	int rc;

	if (conversation_check(tokenizer, config, err) < 0)
		return NULL;
	s = mem_alloc(1, sizeof(*s));
	s->base = (struct source){.workers = workers, .read = read_sample, .free = free_source};
	s->config = *config;
	rc = read_samples(s, files, tokenizer, err);
	for (int i = 0; i < SOURCE_SPLITS; i++)
		s->base.count[i] = (int64_t)s->splits[i].count;
	if (rc == 0 && !s->base.count[wanted])
		rc = err_set(err, ERR_FORMAT, "%s has no samples to %s with", files->path,
			     files->validate ? "validate" : "train");
	if (rc == 0)
		return &s->base;
	free_source(&s->base);
	return NULL;
}
