/* SPDX-License-Identifier: MIT */
/*
 * dataset_layout_tfrecord: a tf.train.Example for each sample.
 *
 *	id, prompt, program	bytes, UTF-8
 *	image/encoded		bytes, of a PNG or JPEG file
 *	image/format		bytes, "png" or "jpeg"
 *
 * Compressed, each sample is a gzip member of its own: TensorFlow, Python and zlib's gzopen() go on from
 * one to the next, and a shard can be cut after any of them.
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "formats/dataset/dataset_layout.h"
#include "formats/dataset/dataset_private.h"
#include "formats/dataset/dataset_read.h"
#include "formats/encoding/tfrecord.h"

#define GZIP_LEVEL 6

static int put_record(const struct dataset_item *item, struct buf *out, struct err *err)
{
	struct tf_example example = {0};
	const char *format = dataset_picture_names[item->picture_format];
	int rc;

	tf_example_put_bytes(&example, "id", item->id, strlen(item->id));
	tf_example_put_bytes(&example, "image/encoded", item->picture, item->picture_bytes);
	tf_example_put_bytes(&example, "image/format", format, strlen(format));
	tf_example_put_bytes(&example, "program", item->program, strlen(item->program));
	tf_example_put_bytes(&example, "prompt", item->prompt, strlen(item->prompt));
	rc = tf_example_finish(&example, out, err);
	tf_example_free(&example);
	return rc;
}

static int encode(struct dataset_encoder *encoder, const struct dataset_item *item,
		  struct buf streams[DATASET_STREAMS_MAX], struct err *err)
{
	(void)encoder;
	return put_record(item, &streams[0], err);
}

static int encode_gzip(struct dataset_encoder *encoder, const struct dataset_item *item,
		       struct buf streams[DATASET_STREAMS_MAX], struct err *err)
{
	struct buf record = {0};
	int rc = put_record(item, &record, err);

	(void)encoder;
	if (rc == 0)
		tfrecord_put_gzip(&streams[0], record.data, record.len, GZIP_LEVEL);
	buf_free(&record);
	return rc;
}

/* --- reading ----------------------------------------------------------------------------------- */

static struct dataset_shard_reader *shard_open(char *const paths[DATASET_STREAMS_MAX],
					       struct err *err)
{
	return (struct dataset_shard_reader *)tfrecord_open(paths[0], err);
}

static void shard_close(struct dataset_shard_reader *r)
{
	tfrecord_close((struct tfrecord_reader *)r);
}

/* A feature that must be there. *at: where it stands in the record. */
static const char *need_bytes_at(const struct tfrecord *record, const char *feature, size_t *n,
				 size_t *at, struct arena *arena, struct err *err)
{
	const char *data;
	int rc = tf_example_find_bytes(record, feature, &data, n, err);
	char *copy;

	if (rc == 0)
		err_set(err, ERR_FORMAT, "%s: byte %ju: no feature '%s'", record->name,
			(uintmax_t)record->offset, feature);
	if (rc <= 0)
		return NULL;
	copy = arena_alloc(arena, *n + 1, 1);
	memcpy(copy, data, *n);
	copy[*n] = '\0';
	*at = (size_t)(data - record->data);
	return copy;
}

static const char *need_text(const struct tfrecord *record, const char *feature,
			     struct arena *arena, struct err *err)
{
	size_t n, at;

	return need_bytes_at(record, feature, &n, &at, arena, err);
}

static int shard_next(struct dataset_shard_reader *r, struct dataset_sample *sample,
		      struct arena *arena, struct err *err)
{
	struct tfrecord record;
	size_t at;
	int rc = tfrecord_next((struct tfrecord_reader *)r, &record, err);

	if (rc <= 0)
		return rc;
	sample->id = need_text(&record, "id", arena, err);
	sample->prompt = sample->id ? need_text(&record, "prompt", arena, err) : NULL;
	sample->program = sample->prompt ? need_text(&record, "program", arena, err) : NULL;
	if (!sample->program)
		return -1;
	sample->picture =
		need_bytes_at(&record, "image/encoded", &sample->picture_bytes, &at, arena, err);
	if (!sample->picture)
		return -1;
	sample->picture_offset = record.is_packed ? DATASET_PACKED : record.offset + at;
	return 1;
}

#define USE(compression)                                                                           \
	"`tf.data.TFRecordDataset(files" compression                                               \
	")` with the features id, image/encoded, image/format,\nprogram and prompt, all of them "  \
	"strings, in shards/."

const struct dataset_layout dataset_tfrecord = {
	.name = "tfrecord",
	.about = "files of tf.train.Example records; TensorFlow and JAX",
	.use = USE(""),
	.splits = {"train", "val", "test"},
	.pictures = PICTURES_INSIDE,
	.streams = {".tfrecord"},
	.encode = encode,
	.shard_open = shard_open,
	.shard_next = shard_next,
	.shard_close = shard_close,
};

const struct dataset_layout dataset_tfrecord_gz = {
	.name = "tfrecord-gz",
	.about = "the same, compressed with gzip",
	.use = USE(", \"GZIP\""),
	.splits = {"train", "val", "test"},
	.pictures = PICTURES_INSIDE,
	.streams = {".tfrecord.gz"},
	.encode = encode_gzip,
	.shard_open = shard_open,
	.shard_next = shard_next,
	.shard_close = shard_close,
};
