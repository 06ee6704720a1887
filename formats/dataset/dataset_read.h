/* SPDX-License-Identifier: MIT */
/*
 * dataset_read: a finished dataset, sample by sample, in flat memory.
 *
 *	struct dataset_reader *reader = dataset_reader_open("drawings", &err);
 *	const struct dataset_facts *facts = dataset_reader_facts(reader);
 *	while ((rc = dataset_read(reader, &sample, &arena, &err)) > 0)
 *		... sample.image, sample.prompt, sample.program, sample.scene, sample.annotations
 *	dataset_reader_free(reader);
 *
 * Reads what dataset(5) describes and nothing else: of whatever layout, in order of the numbers, in step with
 * checksums.jsonl, scenes.jsonl and annotations.jsonl. Pictures, programs, scenes and annotations are not
 * looked into.
 */
#ifndef FORMATS_DATASET_READ_H
#define FORMATS_DATASET_READ_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "formats/dataset/dataset_facts.h"
#include "formats/image/image.h"

/* Where a line stands. */
struct dataset_place {
	const char *path; /* owned by the reader */
	uint64_t line;
};

#define DATASET_PACKED UINT64_MAX

/* Where a picture's file is, for those who read it later. */
struct dataset_picture_place {
	const char *path;
	uint64_t offset;
	size_t bytes;  /* 0: all of the file */
	uint64_t hash; /* of those bytes */
};

struct dataset_sample {
	uint64_t index;
	const char *id;
	enum dataset_split split;
	const char *image; /* path of the picture, or of the shard that it is in */
	const char *
		image_name; /* the same from the dataset on: "images/00/..."; in a shard "00000042.png" */
	const char *picture; /* its file's bytes, of layouts with shards; else NULL */
	size_t picture_bytes;
	uint64_t picture_offset; /* of them in the shard; DATASET_PACKED: it is compressed */
	const char *prompt;      /* without "<image>\n" */
	const char *program;     /* in facts->language */
	const char *scene;       /* line of scenes.jsonl */
	const char *annotations; /* line of annotations.jsonl */
	const char
		*checksums; /* line of checksums.jsonl, and what is not as it says, DAMAGE(...): */
	unsigned broken;    /* of dataset_salvage.h alone */
	uint64_t program_hash; /* as in struct dataset_item */
	uint64_t picture_hash; /* of its file as it was written: dataset_checksum */
	struct dataset_place
		program_place; /* the entry in the list of its split; line 0: in that shard */
	struct dataset_place scene_place, annotations_place;
};

/* Where cadgen coco puts its file, below the dataset. */
#define DATASET_COCO "annotations_coco.json"

struct dataset_reader;

/* Opens a finished dataset and reads its settings. ERR_FORMAT for a folder that holds no dataset or
 * an unfinished one, and where dataset_info.json and rendering_metadata.json are broken or
 * contradict each other (file:line); ERR_IO where a file is missing. NULL on failure. */
struct dataset_reader *dataset_reader_open(const char *path, struct err *err);
void dataset_reader_free(struct dataset_reader *reader);

/* Valid until dataset_reader_free. */
const struct dataset_facts *dataset_reader_facts(const struct dataset_reader *reader);

/* The picture's pixels, wherever it is; errors as image_read. */
int dataset_sample_image(const struct dataset_sample *sample, int max_side, struct image *image,
			 struct err *err);

/* Its path is the sample's. */
struct dataset_picture_place dataset_sample_place(const struct dataset_sample *sample);

/* The pixels of what is there; errors as image_read, ERR_FORMAT where that is another picture now, and
 * ERR_UNSUPPORTED where the shard is compressed. Thread-safe. */
int dataset_place_image(const struct dataset_picture_place *place, int max_side,
			struct image *image, struct err *err);

/* The bytes of its file, whole. */
int dataset_sample_picture(const struct dataset_sample *sample, struct buf *out, struct err *err);

/* Reads the next sample; its strings live in the arena, those of its places in the reader. Returns
 * 1; 0 behind the last sample, after checking that all files end there. ERR_FORMAT with
 * file:line: too few or too many lines, a line that is no entry or over 16 MiB, an id or image that
 * is not the sample's, a prompt without <image>; nothing can be read after that. */
int dataset_read(struct dataset_reader *reader, struct dataset_sample *sample, struct arena *arena,
		 struct err *err);

/* Puts file:line before a message about a line. Of a parser that was given the name "" the line
 * number, which is 1, is taken away. Returns -1. */
int dataset_place_error(const struct dataset_place *place, struct err *err);

#endif
