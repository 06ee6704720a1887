/* SPDX-License-Identifier: MIT */
/*
 * dataset_private: what the dataset_*.c files share; not for other modules.
 *
 *	dataset.c         open, append, close
 *	dataset_lines.c   what a sample adds
 *	dataset_parts.c   the part files
 *	dataset_shards.c  the shards, of layouts that have some
 *	dataset_ranks.c   several processes
 *	dataset_folder.c  names, lock, what a folder holds, removal
 *	dataset_journal.c settings and journal as JSON
 *	dataset_finish.c  from part files to a finished dataset
 *	dataset_card.c    metadata files and README.md
 *	dataset_card_parts.c what their cards have in common with those of dataset_converted.h
 *	dataset_entry.c   a sample's line
 *	dataset_sheet.c   contact sheet
 *	dataset_salvage.c a damaged dataset
 *	dataset_text.c    files read line by line
 */
#ifndef FORMATS_DATASET_PRIVATE_H
#define FORMATS_DATASET_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"
#include "formats/dataset/dataset.h"
#include "formats/dataset/dataset_read.h"
#include "formats/encoding/json.h"

#define DATASET_JOURNAL ".cadgen-journal"
#define DATASET_LOCK ".cadgen-lock"
#define DATASET_RANKS ".cadgen-ranks"
#define CONVERTED_JOURNAL ".cadconv-journal" /* of dataset_converted.h */
#define DATASET_INFO "dataset_info.json"
#define DATASET_SPLIT "train_val_split.json"

/* S(id, name in the journal) */
#define DATASET_STATES(S)                                                                          \
	S(REMOVING, "removing") /* an earlier dataset goes first; nothing is made yet */           \
	S(GROWING, "growing")                                                                      \
	S(CLOSING, "closing")   /* all samples are in the part files */                            \
	S(FINISHED, "finished") /* never in a journal: dataset_info.json is there instead */

enum dataset_state {
#define S(id, name) DATASET_##id,
	DATASET_STATES(S)
#undef S
		DATASET_STATE_COUNT
};

/* The shards that grow. */
struct dataset_shard {
	uint64_t piece;   /* of its block: the first is 0 */
	uint64_t samples; /* in it; 0: it is not there yet */
	uint64_t bytes[DATASET_STREAMS_MAX];
};

/* How far a dataset, or a rank of it, is. */
struct dataset_position {
	enum dataset_state state;
	uint64_t begin, next, redrawn;
	uint64_t counts[SPLIT_COUNT_];
	uint64_t bytes[DATASET_PART_COUNT]; /* of the part files, without the arrays' ends */
	uint64_t block;                     /* of the shards */
	struct dataset_shard shards[SPLIT_COUNT_];
};

/* dataset_folder.c */

const struct dataset_layout *dataset_layout_of(const struct dataset_settings *settings);

/* "train.json" and so on. Returns buffer, or NULL where a layout has no such file. */
#define DATASET_NAME_BYTES 64
const char *dataset_part_name(const struct dataset_layout *layout, enum dataset_part part,
			      char buffer[DATASET_NAME_BYTES]);
bool dataset_part_is_array(const struct dataset_layout *layout, enum dataset_part part);

/* Whether the dataset has it: no list of a split of share 0 but train and val. */
bool dataset_has_part(const struct dataset_settings *settings, enum dataset_part part);

/* The longest folder name: leaves room for what comes below it, with suffixes. */
#define DATASET_FOLDER_BYTES_MAX (DATASET_PATH_BYTES - 96)

/* FOLDER/NAME SUFFIX. Returns buffer. */
const char *dataset_file_path(const char *folder, const char *name, const char *suffix,
			      char buffer[DATASET_PATH_BYTES]);

/* Few enough for any file system and file manager. */
#define DATASET_PICTURES_PER_FOLDER 10000

/* OUT/images/00/00000042.png, or OUT/train/00/00000042.png; and the folder of it. Both return buffer. The layout
 * has pictures as files. */
const char *dataset_picture_path(const char *folder, const struct dataset_layout *layout,
				 enum dataset_picture format, enum dataset_split split,
				 uint64_t index, char buffer[DATASET_PATH_BYTES]);
const char *dataset_picture_folder(const char *folder, const struct dataset_layout *layout,
				   enum dataset_split split, uint64_t index,
				   char buffer[DATASET_PATH_BYTES]);

/* OUT/shards/train-000004.tar, and train-000004-1.tar where one was full. Returns buffer. */
#define DATASET_SHARDS "shards"
const char *dataset_shard_path(const char *folder, const struct dataset_layout *layout,
			       enum dataset_split split, uint64_t block, uint64_t piece, int stream,
			       const char *suffix, char buffer[DATASET_PATH_BYTES]);

/* The folder of a file that goes beside a picture. Returns buffer. */
const char *dataset_also_folder(const char *folder, enum dataset_also also, uint64_t index,
				char buffer[DATASET_PATH_BYTES]);

/* 00000042. Returns buffer. */
#define DATASET_ID_BYTES 24
const char *dataset_id(uint64_t index, char buffer[DATASET_ID_BYTES]);

/* Takes the folder's lock. Returns its descriptor; ERR_USAGE when another process holds it. */
int dataset_lock(const char *folder, struct err *err);

/* Likewise; waits for it as long as it takes. */
int dataset_lock_wait(const char *folder, struct err *err);
void dataset_unlock(const char *folder, int lock);

/* 1 if FOLDER/NAME SUFFIX is there (whatever it is), 0 if not, -1 on error. */
int dataset_has(const char *folder, const char *name, const char *suffix, struct err *err);

/* 1 if the folder holds anything but a lock and a half-written journal, 0 if not or absent. */
int dataset_in_use(const char *folder, struct err *err);

/* Removes all that a dataset consists of, but for journal and lock; leaves other files alone. */
int dataset_remove(const char *folder, struct err *err);

/* dataset_journal.c */

/* The font's file name without its folder, or "built-in". */
const char *dataset_font_name(const char *path);

/* The settings as one JSON object over several lines; no path, no command. */
void dataset_settings_write(const struct dataset_settings *settings, struct buf *out);

/* ERR_USAGE with the first setting that differs from the stored ones and both values. */
int dataset_settings_compare(const struct dataset_settings *settings, const cJSON *stored,
			     struct err *err);

/* The same of settings written as an object, of a dataset in that folder. */
int dataset_json_compare(const char *folder, const char *given, const cJSON *stored,
			 struct err *err);

/* Puts a journal in the place of the folder's old one, on the medium. */
int dataset_journal_write(const char *folder, const struct dataset_settings *settings,
			  const struct dataset_position *position, struct err *err);

/* Reads what is known of the dataset in a folder: the journal, else dataset_info.json. Returns 1
 * with *position and, where settings is given, after comparing them with the stored ones; 0 where
 * neither is there or dataset_info.json is somebody else's; -1 on error. */
int dataset_position_read(const char *folder, const struct dataset_settings *settings,
			  struct dataset_position *position, struct err *err);

/* dataset_finish.c */

/* Makes a finished dataset of part files that hold all samples; may be run again after any failure
 * or crash on its way. */
int dataset_finish(const struct dataset_settings *settings, const struct dataset_position *position,
		   struct err *err);

/* dataset_card_parts.c: appended. */

/* How TinyLLaVA and LLaVA load a dataset: a JSON file. */
void dataset_put_tinyllava(struct buf *out);

/* | name | count | of a README's table. */
void dataset_put_row(struct buf *out, const char *name, uint64_t count);

/* "Made by": the command line and the settings, a JSON object. */
void dataset_put_command(struct buf *out, const char *command, const char *settings);

/* Puts FOLDER/NAME on the medium, whole. */
int dataset_put_file(const char *folder, const char *name, const struct buf *out, struct err *err);

/* dataset_entry.c */

/* Appends the line of train.json, without a comma or an end. */
void dataset_put_entry(struct buf *out, const char *id, const char *image, const char *prompt,
		       const char *program);

/* The string of a key; NULL with ERR_FORMAT where there is none. */
const char *dataset_need_string(const struct json_doc *doc, const cJSON *object, const char *key,
				struct err *err);

/* Whether the string of a key is the sample's. */
int dataset_check_name(const struct json_doc *doc, const char *key, const char *wanted,
		       struct err *err);

/* dataset_lines.c */

/* A line of checksums.jsonl. */
struct dataset_checksums {
	char id[DATASET_ID_BYTES];
	enum dataset_split split;
	uint64_t program, label, picture, annotations, scene;
};

void dataset_put_checksums(struct buf *out, const struct dataset_item *item);

/* Of prompt and program, as that line has it. */
uint64_t dataset_label_checksum(const char *prompt, const char *program);

/* -1 for a line that is none. */
int dataset_checksums_parse(struct dataset_checksums *sums, const char *line);

/* dataset_parts.c: all n bytes, through short writes and interrupts; -1 with errno set. */
int dataset_write_at(int fd, const char *data, size_t n, uint64_t offset);

/* The part files, opened in `folder` and cut back to the position. */
struct dataset_parts {
	char folder[DATASET_PATH_BYTES];
	const struct dataset_settings *settings;
	int fds[DATASET_PART_COUNT]; /* -1: not open */
};

int dataset_parts_open(struct dataset_parts *parts, const struct dataset_position *position,
		       struct err *err);

/* Appends at the position and moves its bytes. On failure the position is as it was. */
int dataset_parts_append(struct dataset_parts *parts, struct dataset_position *position,
			 const struct dataset_lines *lines, struct err *err);
int dataset_parts_sync(struct dataset_parts *parts, struct err *err);

/* Cuts them back to the position; -1 where that fails. */
int dataset_parts_cut(struct dataset_parts *parts, const struct dataset_position *position);
void dataset_parts_close(struct dataset_parts *parts);

/* Whether an append at that length begins an array with "[". A rank of several leaves the comma, since others may
 * come before it. */
bool dataset_part_opens(const struct dataset_settings *settings, enum dataset_part part,
			uint64_t bytes);

/* dataset_shards.c: the shards that grow; the same contracts. */
struct dataset_shards {
	const struct dataset_settings *settings;
	int fds[SPLIT_COUNT_][DATASET_STREAMS_MAX];
};

int dataset_shards_open(struct dataset_shards *shards, const struct dataset_position *position,
			struct err *err);
int dataset_shards_append(struct dataset_shards *shards, struct dataset_position *position,
			  const struct dataset_lines *lines, struct err *err);
int dataset_shards_sync(struct dataset_shards *shards, struct err *err);

/* Ends all that grow and gives them their names. */
int dataset_shards_end(struct dataset_shards *shards, struct dataset_position *position,
		       struct err *err);
void dataset_shards_close(struct dataset_shards *shards);

/* dataset_ranks.c */

/* The folder of part files and journal: OUT, or OUT/.cadgen-ranks/0003-of-0008. Returns buffer. */
const char *dataset_rank_folder(const struct dataset_settings *settings,
				char buffer[DATASET_PATH_BYTES]);

/* The numbers that are this process's: begin <= i < end. */
void dataset_rank_range(const struct dataset_settings *settings, uint64_t *begin, uint64_t *end);

/* Whether what is in OUT leaves room for another rank: ERR_USAGE where it does not. 1 where a dataset of these
 * settings is whole there, or wants no more than finishing. */
int dataset_ranks_look(const struct dataset_settings *settings, enum dataset_mode mode,
		       struct dataset_position *position, struct err *err);

/* Takes this rank's folder away if nothing is in it: others joined all while it was opened. */
void dataset_ranks_tidy(const struct dataset_settings *settings);

/* Finishes the dataset where all ranks are done, and returns 0; 1 where they are not. */
int dataset_ranks_join(const struct dataset_settings *settings, struct err *err);

/* dataset_text.c */

#define DATASET_BLOCK_BYTES 65536

/* A file read line by line. Zeroed, but for its path, before it is opened. */
struct dataset_text {
	FILE *file; /* NULL: not open; read by blocks alone, so it has no buffer of its own */
	char block[DATASET_BLOCK_BYTES];
	size_t at, filled; /* block[at..filled) is not taken yet */
	char path[DATASET_PATH_BYTES];
	uint64_t line;
	struct buf text; /* the line, without its newline */
};

int dataset_text_open(struct dataset_text *t, struct err *err);
void dataset_text_close(struct dataset_text *t);

/* Reads a line into t->text. Returns 1, 0 at the end of the file, -1 on error: a byte of 0, a line of more than
 * 16 MiB, a last line without an end. */
int dataset_text_next(struct dataset_text *t, struct err *err);

/* Where its line stands; and ERR_FORMAT with that place. Returns -1. */
struct dataset_place dataset_text_place(const struct dataset_text *t);
int dataset_text_error(const struct dataset_text *t, struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* dataset_read.c */

/* Where the sample's picture is, as the entry of its list should say. Its split is known. */
void dataset_name_picture(const char *folder, const struct dataset_facts *facts,
			  struct dataset_sample *sample, struct arena *arena);

/* A shard, and in `path` that of its first stream. */
struct dataset_shard_reader *dataset_shard_open(const char *folder,
						const struct dataset_layout *layout,
						enum dataset_split split, uint64_t block,
						uint64_t piece, char path[DATASET_PATH_BYTES],
						struct err *err);

/* dataset_card.c */

int dataset_write_card(const struct dataset_settings *settings,
		       const struct dataset_position *position, struct err *err);
int dataset_write_info(const struct dataset_settings *settings,
		       const struct dataset_position *position, struct err *err);

#endif
