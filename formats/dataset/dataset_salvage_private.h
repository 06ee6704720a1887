/* SPDX-License-Identifier: MIT */
/*
 * dataset_salvage_private: what the dataset_salvage*.c files share; not for other modules.
 *
 *	dataset_salvage.c	 samples, what is wrong with them, the end
 *	dataset_salvage_lines.c	 files of lines, each at a line of its own
 *	dataset_salvage_shards.c shards, each at a record of its own
 */
#ifndef FORMATS_DATASET_SALVAGE_PRIVATE_H
#define FORMATS_DATASET_SALVAGE_PRIVATE_H

#include <stdio.h>

#include "formats/dataset/dataset_private.h"
#include "formats/dataset/dataset_salvage.h"

#define SALVAGE_AHEAD 64  /* samples whose hashes are known */
#define SALVAGE_QUOTED 60 /* characters of a line that a message shows */

struct line {
	char *text; /* without its newline */
	size_t length, room;
	uint64_t number;
	bool there;
};

/* A file of lines: where it is, and the line behind. */
struct strand {
	FILE *file;
	char path[DATASET_PATH_BYTES];
	struct line now, next;
	uint64_t read;  /* lines so far */
	uint64_t taken; /* entries */
	bool ended, missed, array, opened, closed;
};

/* The shard of a split that is being read, and the record behind. */
struct record_strand {
	struct dataset_shard_reader *reader;
	char path[DATASET_PATH_BYTES];
	uint64_t block, piece;
	bool lost;                     /* nothing more until the next block, */
	bool told;                     /* and it was said why */
	struct dataset_sample pending; /* of `arena`; id NULL: none */
	struct arena arena;
};

/* What checksums.jsonl says of one of the next samples. */
struct ahead {
	bool known;
	struct buf line;
	struct dataset_checksums sums;
};

struct dataset_salvage {
	char *folder;
	struct dataset_facts facts;
	struct dataset_settings settings; /* layout, picture and fractions alone */
	struct strand strands[DATASET_PART_COUNT];
	struct record_strand records[SPLIT_COUNT_];
	struct ahead ahead[SALVAGE_AHEAD];
	uint64_t next, ahead_next, heard;
	struct buf text; /* scratch */
	dataset_hear *hear;
	void *ctx;
	struct arena arena; /* strings of facts */
};

/* One thing that is wrong. */
void salvage_tell(struct dataset_salvage *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* dataset_salvage_lines.c */

/* Opens the file of a part that the dataset has; it may be missing. */
void salvage_open_strand(struct dataset_salvage *s, enum dataset_part part);

/* Goes to the next line. */
void salvage_drop_line(struct dataset_salvage *s, struct strand *l);

/* Whether the line is "[", "]" or "[]" of an array. */
bool salvage_is_bracket(struct strand *l);

/* Goes to the line that bears the sample's id, telling what stands before it: whether there is one. */
bool salvage_find_line(struct dataset_salvage *s, struct strand *l, uint64_t index);

/* Tells that a sample has no line; once for all that a file lacks at its end. */
void salvage_miss_line(struct dataset_salvage *s, struct strand *l, const char *id);

/* dataset_salvage_shards.c */

/* Takes prompt, program and picture of a sample whose split is known: false where nothing is there, which was told. */
bool salvage_take_record(struct dataset_salvage *s, struct dataset_sample *sample,
			 struct arena *arena);

/* Passes over the sample's record, in whichever split it is. */
void salvage_skip_record(struct dataset_salvage *s, uint64_t index);

/* Tells what is behind the last sample's record. */
void salvage_end_records(struct dataset_salvage *s);
void salvage_close_records(struct dataset_salvage *s);

#endif
