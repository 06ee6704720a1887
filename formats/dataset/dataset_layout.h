/* SPDX-License-Identifier: MIT */
/*
 * dataset_layout: how samples lie in a dataset's folder, one row of a table for each value of --format.
 *
 *	const struct dataset_layout *layout = dataset_layout_named("webdataset");
 *	if (layout->put_entry) layout->put_entry(&out, &item, image);	(a line of its list)
 *	if (layout->streams[0]) layout->encode(state, &item, streams, &err);	(bytes of its shard)
 *
 * A layout has lists of entries, a file for each split, or shards, files of the samples of a block of
 * numbers, or neither pictures nor lists of its own. A shard is one file or several that grow together
 * (streams). Everything but entries and pictures is the same in all layouts; dataset(5).
 */
#ifndef FORMATS_DATASET_LAYOUT_H
#define FORMATS_DATASET_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "formats/encoding/json.h"

enum dataset_split { SPLIT_TRAIN, SPLIT_VAL, SPLIT_TEST, SPLIT_COUNT_ };

/* "train", "val", "test"; NULL-terminated. */
extern const char *const dataset_split_names[SPLIT_COUNT_ + 1];

/* P(id, name, suffix, media type) */
#define DATASET_PICTURES(P)                                                                        \
	P(PNG, "png", "png", "image/png")                                                          \
	P(JPEG, "jpeg", "jpg", "image/jpeg")

enum dataset_picture {
#define P(id, name, suffix, type) PICTURE_##id,
	DATASET_PICTURES(P)
#undef P
		PICTURE_COUNT_
};

/* NULL-terminated list for option tables. */
extern const char *const dataset_picture_names[PICTURE_COUNT_ + 1];
const char *dataset_picture_suffix(enum dataset_picture picture);
const char *dataset_picture_type(enum dataset_picture picture);

/* All of a sample that goes into a dataset. Strings are UTF-8 and borrowed; annotations and scene are whole
 * JSON lines without a newline. */
struct dataset_item {
	uint64_t index;
	const char *id; /* 00000042; filled by dataset_add */
	enum dataset_split split;
	const char *prompt, *program, *annotations, *scene;
	uint64_t program_hash; /* the same for samples of one label, in whatever language */
	const char *picture;   /* the bytes of its file */
	size_t picture_bytes;
	enum dataset_picture picture_format;
	const uint8_t *square;  /* for layouts with needs_numbers: grey pixels [side_px, side_px] */
	const uint32_t *tokens; /* and the program's */
	size_t token_count;
	int side_px;
	bool kept; /* of a dataset that is repaired: its record is where it belongs; lines are added alone */
};

#define DATASET_STREAMS_MAX 3

enum dataset_where {
	PICTURES_TOGETHER, /* images/00/00000042.png */
	PICTURES_BY_SPLIT, /* train/00/00000042.png */
	PICTURES_INSIDE,   /* in the shards */
};

/* What a worker needs to encode samples of a layout; NULL where that is nothing. */
struct dataset_encoder;

struct dataset_shard_facts {
	uint64_t samples;
	uint64_t bytes; /* of this stream, with its head */
	int size_px;
};

struct dataset_sample; /* formats/dataset/dataset_read.h */
struct dataset_shard_reader;

struct dataset_layout {
	const char *name, *about;
	const char *use;                  /* how programs load it: lines for the card */
	const char *splits[SPLIT_COUNT_]; /* what its users call them */

	/* The list of a split: its name follows `splits`; NULL: there are no lists. */
	const char *list;
	bool list_is_array; /* of JSON; else JSON lines */
	enum dataset_where pictures;
	void (*put_entry)(struct buf *out, const struct dataset_item *item, const char *image);
	/* Fills prompt and program of a sample whose id and image are known and must be those of the entry. */
	int (*read_entry)(const struct json_doc *doc, struct dataset_sample *sample,
			  struct arena *arena, struct err *err);

	/* Shards: suffixes of their files; NULL from the first that is none. */
	const char *streams[DATASET_STREAMS_MAX];
	bool needs_numbers;
	struct dataset_encoder *(*encoder_new)(struct err *err);
	void (*encoder_free)(struct dataset_encoder *encoder);
	/* Appends a sample to the streams. */
	int (*encode)(struct dataset_encoder *encoder, const struct dataset_item *item,
		      struct buf streams[DATASET_STREAMS_MAX], struct err *err);
	/* Appends what a stream begins with, of head_bytes whatever the facts; NULL: nothing. */
	void (*put_head)(int stream, const struct dataset_shard_facts *facts, struct buf *out);
	size_t head_bytes;
	/* Appends what a stream ends with; NULL: nothing. */
	void (*put_end)(int stream, struct buf *out);
	/* Reads a shard, whose streams are at those paths, sample by sample: id, prompt, program and picture; 1,
	 * or 0 at the end. NULL: a dataset without lists cannot be read. */
	struct dataset_shard_reader *(*shard_open)(char *const paths[DATASET_STREAMS_MAX],
						   struct err *err);
	int (*shard_next)(struct dataset_shard_reader *reader, struct dataset_sample *sample,
			  struct arena *arena, struct err *err);
	void (*shard_close)(struct dataset_shard_reader *reader);
};

extern const struct dataset_layout dataset_tinyllava, dataset_llava_jsonl, dataset_imagefolder,
	dataset_webdataset, dataset_tfrecord, dataset_tfrecord_gz, dataset_npy;

/* NULL-terminated: all that this cadgen has, and their names for option tables. */
extern const struct dataset_layout *const dataset_layouts[];
extern const char *const dataset_layout_names[];

/* Whether a dataset of that layout can be read back. */
bool dataset_layout_reads(const struct dataset_layout *layout);

/* NULL where there is none of that name. */
const struct dataset_layout *dataset_layout_named(const char *name);

#endif
