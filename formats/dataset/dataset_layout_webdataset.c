/* SPDX-License-Identifier: MIT */
/*
 * dataset_layout_webdataset: tar archives, in which the files of a sample follow each other and have its id
 * before their first dot.
 *
 *	00000042.png	the picture
 *	00000042.json	the conversation, as train.json of other layouts has it
 *	00000042.txt	the program
 *
 * Source: https://github.com/webdataset/webdataset, "The WebDataset format"
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "formats/dataset/dataset_layout.h"
#include "formats/dataset/dataset_private.h"
#include "formats/dataset/dataset_read.h"
#include "formats/encoding/tar.h"

#define NAME_BYTES (DATASET_ID_BYTES + 8)

static struct dataset_encoder *encoder_new(struct err *err)
{
	return (struct dataset_encoder *)tar_writer_new(err);
}

static void encoder_free(struct dataset_encoder *encoder)
{
	tar_writer_free((struct tar_writer *)encoder);
}

static int put_file(struct dataset_encoder *encoder, const struct dataset_item *item,
		    const char *suffix, const char *data, size_t n, struct buf *out,
		    struct err *err)
{
	char name[NAME_BYTES];

	snprintf(name, sizeof(name), "%s.%s", item->id, suffix);
	return tar_put((struct tar_writer *)encoder, name, data, n, out, err);
}

static int encode(struct dataset_encoder *encoder, const struct dataset_item *item,
		  struct buf streams[DATASET_STREAMS_MAX], struct err *err)
{
	const char *suffix = dataset_picture_suffix(item->picture_format);
	struct buf entry = {0};
	char image[NAME_BYTES];
	int rc;

	snprintf(image, sizeof(image), "%s.%s", item->id, suffix);
	dataset_put_entry(&entry, item->id, image, item->prompt, item->program);
	rc = put_file(encoder, item, suffix, item->picture, item->picture_bytes, streams, err);
	if (rc == 0)
		rc = put_file(encoder, item, "json", entry.data, entry.len, streams, err);
	if (rc == 0)
		rc = put_file(encoder, item, "txt", item->program, strlen(item->program), streams,
			      err);
	buf_free(&entry);
	return rc;
}

static void put_end(int stream, struct buf *out)
{
	(void)stream;
	tar_put_end(out);
}

/* --- reading ----------------------------------------------------------------------------------- */

struct dataset_shard_reader {
	struct tar_reader *tar;
	char *path;
};

static struct dataset_shard_reader *shard_open(char *const paths[DATASET_STREAMS_MAX],
					       struct err *err)
{
	struct tar_reader *tar = tar_open(paths[0], err);
	struct dataset_shard_reader *r;

	if (!tar)
		return NULL;
	r = mem_alloc(1, sizeof(*r));
	r->tar = tar;
	r->path = mem_alloc(strlen(paths[0]) + 1, 1);
	strcpy(r->path, paths[0]);
	return r;
}

static void shard_close(struct dataset_shard_reader *r)
{
	tar_close(r->tar);
	free(r->path);
	free(r);
}

/* Reads the sample's next file, which must have that suffix. */
static int next_file(struct dataset_shard_reader *r, const char *id, const char *suffix,
		     struct tar_entry *entry, struct err *err)
{
	char name[NAME_BYTES];
	int rc = tar_next(r->tar, entry, err);

	if (rc < 0)
		return -1;
	snprintf(name, sizeof(name), "%s.%s", id, suffix);
	if (rc == 0 || strcmp(entry->name, name) != 0)
		return err_set(err, ERR_FORMAT, "%s: %.60s where %s belongs", r->path,
			       rc ? entry->name : "the end", name);
	return 0;
}

/* Prompt and program are those of the conversation. */
static int read_conversation(const struct dataset_shard_reader *r, const struct tar_entry *entry,
			     struct dataset_sample *sample, struct arena *arena, struct err *err)
{
	struct json_doc doc;
	struct err inner = {0};
	int rc = json_parse(&doc, entry->name, entry->data, entry->len, &inner);

	if (rc == 0) {
		rc = dataset_tinyllava.read_entry(&doc, sample, arena, &inner);
		json_free(&doc);
	}
	return rc < 0 ? err_set(err, inner.code, "%s: %s", r->path, inner.msg) : 0;
}

static int shard_next(struct dataset_shard_reader *r, struct dataset_sample *sample,
		      struct arena *arena, struct err *err)
{
	struct tar_entry entry;
	size_t digits;
	int rc = tar_next(r->tar, &entry, err);

	if (rc <= 0)
		return rc;
	digits = strspn(entry.name, "0123456789");
	if (digits == 0 || digits >= DATASET_ID_BYTES || entry.name[digits] != '.')
		return err_set(err, ERR_FORMAT, "%s: %.60s, which is no sample's picture", r->path,
			       entry.name);
	sample->id = arena_strndup(arena, entry.name, digits);
	sample->image_name = arena_strndup(arena, entry.name, strlen(entry.name));
	sample->picture = memcpy(arena_alloc(arena, entry.len + 1, 1), entry.data, entry.len + 1);
	sample->picture_bytes = entry.len;
	sample->picture_offset = entry.offset;
	if (next_file(r, sample->id, "json", &entry, err) < 0 ||
	    read_conversation(r, &entry, sample, arena, err) < 0 ||
	    next_file(r, sample->id, "txt", &entry, err) < 0)
		return -1;
	if (strcmp(entry.data, sample->program) != 0)
		return err_set(err, ERR_FORMAT, "%s: %s has another program than its .json",
			       r->path, entry.name);
	return 1;
}

const struct dataset_layout dataset_webdataset = {
	.name = "webdataset",
	.about =
		"tar archives, a picture, a conversation and a program for each sample; WebDataset",
	.use = "`webdataset.WebDataset(\"DATASET/shards/train-{000000..000009}.tar\")` has png, "
	       "json and txt\n"
	       "of each sample.",
	.splits = {"train", "val", "test"},
	.pictures = PICTURES_INSIDE,
	.streams = {".tar"},
	.encoder_new = encoder_new,
	.encoder_free = encoder_free,
	.encode = encode,
	.put_end = put_end,
	.shard_open = shard_open,
	.shard_next = shard_next,
	.shard_close = shard_close,
};
