/* SPDX-License-Identifier: MIT */
/*
 * dataset: the folder that training reads; dataset(5).
 *
 *	struct dataset *ds = dataset_open(&settings, DATASET_NEW, &err);
 *	for (i = dataset_next(ds); i < dataset_end(ds); i++) ...
 *		item.split = dataset_split_of(&settings, item.program_hash);
 *		dataset_put_picture(ds, &item, &err);
 *		dataset_add(&lines, &settings, &item, &err);
 *	dataset_append(ds, &lines, i, &err);		(in order)
 *	dataset_close(ds, &err);
 *
 * While it grows, a dataset holds *.part files and .cadgen-journal; the names that readers look for
 * appear by rename in dataset_close, so a dataset that looks whole is whole. The journal names how
 * many samples are committed and how long each part file was then. Whatever dies, opening with
 * DATASET_RESUME cuts the part files back to the journal and goes on; pictures beyond it are drawn
 * again, to the same bytes.
 *
 * Several processes, of one machine or many, may make one dataset, each as one rank of so many: a rank
 * makes a range of the samples and keeps its part files and its journal in .cadgen-ranks/ until the last of
 * them to be done joins them. The bytes are those that one process writes.
 */
#ifndef FORMATS_DATASET_H
#define FORMATS_DATASET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "formats/dataset/dataset_layout.h"

/* A(id, folder and suffix, what it is): files of a drawing that go beside its picture on request, in
 * a folder of their own. */
#define DATASET_ALSO(A)                                                                            \
	A(SVG, "svg", "the drawings as SVG, in folders of 10,000")                                 \
	A(PDF, "pdf", "the drawings as PDF, in folders of 10,000")                                 \
	A(DXF, "dxf", "the drawings as DXF, in the unit of their numbers, in folders of 10,000")

enum dataset_also {
#define A(id, name, about) ALSO_##id,
	DATASET_ALSO(A)
#undef A
		ALSO_COUNT_
};

/* "svg" and so on. */
const char *dataset_also_name(enum dataset_also also);

/* Appends the names of the bits 1 << ALSO_SVG and so on as a JSON array. */
void dataset_also_write(unsigned also, struct buf *out);

/* All that decides the dataset's bytes, and in which folder and by whom it is made. Strings are borrowed until
 * dataset_close. */
struct dataset_settings {
	const char *path;
	int rank, ranks;                     /* this process is rank 0 to ranks - 1; 0, 0: alone */
	const struct dataset_layout *layout; /* NULL: dataset_tinyllava */
	enum dataset_picture picture;
	int jpeg_quality; /* 1 to 100, where pictures are JPEG */
	uint64_t
		shard_size; /* of layouts with shards: numbers of a block, each with shards of its own */
	uint64_t
		shard_bytes; /* a shard that would grow over it goes on in another file; 0: none does */
	uint64_t count, seed;
	int64_t size_px; /* longer side of the pictures */
	double val_fraction, test_fraction, max_overlap;
	bool require_legible; /* no number of a dimension was lost in degradation */
	const char *family, *language;
	unsigned also;      /* bit 1 << ALSO_SVG and so on: which files there are beside pictures */
	const char *style;  /* the complete style sheet as JSON */
	const char *font;   /* path given with --font, or "" */
	uint64_t font_hash; /* of the font file's bytes; 0 for the built-in one */
	uint64_t prompts_hash;   /* of the prompts' bytes */
	uint64_t tokenizer_hash; /* of its file's bytes; of layouts with needs_numbers */
	const char *command;     /* the command line, for the card; not compared on resume */
	const char *version;
};

#define DATASET_RANKS_MAX 9999
#define DATASET_SHARD_SIZE 10000 /* numbers of a block unless another number is asked for */
#define DATASET_SHARD_SIZE_MIN 100

enum dataset_mode {
	DATASET_NEW,       /* the folder must be absent or empty */
	DATASET_OVERWRITE, /* an earlier dataset in the folder is removed first; a folder that holds
			    * anything but a dataset is refused */
	DATASET_RESUME,    /* go on; absent or empty begins anew; finished is fine */
};

struct dataset;

/* P(id, what): files that grow by appending, as NAME.part; the first are the lists of the splits. */
#define DATASET_PARTS(P)                                                                           \
	P(TRAIN)                                                                                   \
	P(VAL)                                                                                     \
	P(TEST)                                                                                    \
	P(ANNOTATIONS)                                                                             \
	P(SCENES)                                                                                  \
	P(CHECKSUMS)

enum dataset_part {
#define P(id) DATASET_##id,
	DATASET_PARTS(P)
#undef P
		DATASET_PART_COUNT
};

/* What a sample adds to the shards of its split. */
struct dataset_record {
	uint64_t index;
	enum dataset_split split;
	size_t bytes[DATASET_STREAMS_MAX];
};

/* What a run of samples adds to the dataset, built by workers. */
struct dataset_lines {
	struct buf parts[DATASET_PART_COUNT];
	struct buf streams[DATASET_STREAMS_MAX]; /* of all samples, one behind the other */
	struct dataset_record *records;
	size_t record_count, record_room;
	struct dataset_encoder *encoder;
	const struct dataset_layout *layout; /* of the encoder */
	uint64_t counts[SPLIT_COUNT_];
	uint64_t redrawn; /* scenes that could not be laid out and were redrawn */
};

#define DATASET_PATH_BYTES 4096

/* Opens the folder, makes images/NN (and svg/NN ...), writes the settings. ERR_USAGE when it is in use (NEW), holds
 * something else (OVERWRITE) or was begun with other settings or as other ranks (RESUME; the message names the
 * first that differs and both values). Two processes on one folder, or of one rank: the second is refused (lock
 * file held with fcntl or flock). A rank of several neither overwrites nor is refused for what others have begun. */
struct dataset *dataset_open(const struct dataset_settings *settings, enum dataset_mode mode,
			     struct err *err);

/* First index that is not committed yet, and the first that is not this process's any more. */
uint64_t dataset_next(const struct dataset *ds);
uint64_t dataset_end(const struct dataset *ds);

/* OUT/images/00/00000042.png: folders of 10,000. Returns buffer; "" where the layout keeps pictures in shards.
 * Thread-safe. */
const char *dataset_image_path(const struct dataset *ds, enum dataset_split split, uint64_t index,
			       char buffer[DATASET_PATH_BYTES]);

/* FOLDER/svg/00/00000042.svg, of a dataset there. Returns buffer. */
const char *dataset_also_file(const char *folder, enum dataset_also also, uint64_t index,
			      char buffer[DATASET_PATH_BYTES]);

/* OUT/svg/00/00000042.svg, likewise. */
const char *dataset_also_path(const struct dataset *ds, enum dataset_also also, uint64_t index,
			      char buffer[DATASET_PATH_BYTES]);

/* Which split a label belongs to: by a hash of (seed, program_hash) against the fractions, so it stays when the
 * count grows, and equal labels are never in two of them. */
enum dataset_split dataset_split_of(const struct dataset_settings *settings, uint64_t program_hash);

/* Writes the picture of a sample where the layout has pictures as files. Thread-safe. */
int dataset_put_picture(const struct dataset *ds, const struct dataset_item *item, struct err *err);

/* Adds one sample. Thread-safe on distinct lines. Fails where the layout cannot have such a sample. */
int dataset_add(struct dataset_lines *lines, const struct dataset_settings *settings,
		const struct dataset_item *item, struct err *err);
void dataset_lines_clear(struct dataset_lines *lines);
void dataset_lines_free(struct dataset_lines *lines);

/* Appends the samples from dataset_next up to `next` (excluded), whose pictures and further files exist.
 * Every now and then (by time) syncs all and moves the journal. */
int dataset_append(struct dataset *ds, const struct dataset_lines *lines, uint64_t next,
		   struct err *err);

/* Finishes when all samples are there, else leaves a state that resumes; frees ds either way. 1 where this rank is
 * done and others are not. */
int dataset_close(struct dataset *ds, struct err *err);

/* A hash of 64 bits: an integrity check, and equal for equal bytes on every machine. */
uint64_t dataset_checksum(const void *data, size_t n);

/* A contact sheet of a finished or unfinished dataset: columns x rows pictures spread evenly over
 * the committed ones, each shrunk to cell_px; RGB where one of them is. */
int dataset_contact_sheet(const char *dataset_path, const char *png_path, int columns, int rows,
			  int cell_px, struct err *err);

#endif
