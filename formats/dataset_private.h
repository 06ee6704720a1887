/* SPDX-License-Identifier: MIT */
/*
 * dataset_private: what the dataset_*.c files share; not for other modules.
 *
 *	dataset.c         open, append, close
 *	dataset_folder.c  names, lock, what a folder holds, removal
 *	dataset_journal.c settings and journal as JSON
 *	dataset_finish.c  from part files to a finished dataset
 *	dataset_card.c    metadata files and README.md
 *	dataset_card_parts.c what their cards have in common with those of dataset_converted.h
 *	dataset_entry.c   a sample's line
 *	dataset_sheet.c   contact sheet
 */
#ifndef FORMATS_DATASET_PRIVATE_H
#define FORMATS_DATASET_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "formats/dataset.h"
#include "formats/json.h"

#define DATASET_JOURNAL ".cadgen-journal"
#define DATASET_LOCK ".cadgen-lock"
#define CONVERTED_JOURNAL ".cadconv-journal" /* of dataset_converted.h */
#define DATASET_INFO "dataset_info.json"
#define DATASET_SPLIT "train_val_split.json"

/* P(id, file name, whether a JSON array): files that grow, as NAME.part, by appending */
#define DATASET_PARTS(P)                                                                           \
	P(TRAIN, "train.json", true)                                                               \
	P(VAL, "val.json", true)                                                                   \
	P(ANNOTATIONS, "annotations.jsonl", false)                                                 \
	P(SCENES, "scenes.jsonl", false)

enum dataset_part {
#define P(id, name, array) DATASET_##id,
	DATASET_PARTS(P)
#undef P
		DATASET_PART_COUNT
};

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

/* How far a dataset is. */
struct dataset_position {
	enum dataset_state state;
	uint64_t next, train_count, val_count, redrawn;
	uint64_t bytes[DATASET_PART_COUNT]; /* of the part files, without the arrays' ends */
};

/* dataset_folder.c */

const char *dataset_part_name(enum dataset_part part);
bool dataset_part_is_array(enum dataset_part part);

/* The longest folder name: leaves room for what comes below it, with suffixes. */
#define DATASET_FOLDER_BYTES_MAX (DATASET_PATH_BYTES - 96)

/* FOLDER/NAME SUFFIX. Returns buffer. */
const char *dataset_file_path(const char *folder, const char *name, const char *suffix,
			      char buffer[DATASET_PATH_BYTES]);

/* Few enough for any file system and file manager. */
#define DATASET_PICTURES_PER_FOLDER 10000

/* OUT/images/00/00000042.png; and the folder of it. Both return buffer. */
const char *dataset_picture_path(const char *folder, uint64_t index,
				 char buffer[DATASET_PATH_BYTES]);
const char *dataset_picture_folder(const char *folder, uint64_t index,
				   char buffer[DATASET_PATH_BYTES]);

/* The same of the files that go beside the pictures. */
const char *dataset_also_file(const char *folder, enum dataset_also also, uint64_t index,
			      char buffer[DATASET_PATH_BYTES]);
const char *dataset_also_folder(const char *folder, enum dataset_also also, uint64_t index,
				char buffer[DATASET_PATH_BYTES]);

/* 00000042. Returns buffer. */
#define DATASET_ID_BYTES 24
const char *dataset_id(uint64_t index, char buffer[DATASET_ID_BYTES]);

/* Takes the folder's lock. Returns its descriptor; ERR_USAGE when another process holds it. */
int dataset_lock(const char *folder, struct err *err);
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

/* Puts a journal in the place of the old one, on the medium. */
int dataset_journal_write(const struct dataset_settings *settings,
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

/* dataset_entry.c: appends the line of train.json, without a comma or an end. */
void dataset_put_entry(struct buf *out, const char *id, const char *image, const char *prompt,
		       const char *program);

/* dataset_card.c */

int dataset_write_card(const struct dataset_settings *settings,
		       const struct dataset_position *position, struct err *err);
int dataset_write_info(const struct dataset_settings *settings,
		       const struct dataset_position *position, struct err *err);

#endif
