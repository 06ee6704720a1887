/* SPDX-License-Identifier: MIT */
/*
 * converted_entries: what a finished dataset of cadconv teaches: pictures, questions, programs of solids.
 *
 *	struct converted_entries *entries = converted_entries_open("parts", &err);
 *	while ((rc = converted_entry(entries, &entry, &arena, &err)) > 0)
 *		... entry.split, entry.sample.image, entry.sample.prompt, entry.sample.program
 *	converted_entries_close(entries);
 *
 * Those of train.json come first, then those of val.json.
 */
#ifndef FORMATS_CONVERTED_ENTRIES_H
#define FORMATS_CONVERTED_ENTRIES_H

#include "base/arena.h"
#include "base/err.h"
#include "formats/dataset/dataset.h"
#include "formats/dataset/llava_read.h"

struct converted_entry {
	enum dataset_split split; /* SPLIT_TRAIN or SPLIT_VAL */
	const char *file;         /* train.json or val.json, with its folder; the reader's */
	struct llava_sample sample;
};

struct converted_entries;

/* NULL with ERR_FORMAT where the folder holds no finished dataset of cadconv, and as llava_reader_open. */
struct converted_entries *converted_entries_open(const char *folder, struct err *err);
void converted_entries_close(struct converted_entries *entries); /* NULL is allowed */

/* "sketch" and the others that cadconv writes. */
const char *converted_entries_language(const struct converted_entries *entries);

/* The next one, as llava_read. */
int converted_entry(struct converted_entries *entries, struct converted_entry *entry,
		    struct arena *arena, struct err *err);

#endif
