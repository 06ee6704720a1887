/* SPDX-License-Identifier: MIT */
/*
 * ids_file: token ids of texts, as lines of numbers, lines of JSON or one NumPy array.
 *
 *	struct ids_writer writer;
 *	if (ids_writer_open(&writer, "ids.npy", IDS_NPY, &err) == 0)
 *		ids_writer_add(&writer, ids, spans, count, &err), ...; ids_writer_finish(&writer, &err);
 *	ids_writer_free(&writer);
 *
 * text: 1 17 4, one line for each text.
 * json: {"ids":[1,17,4]}, likewise; "spans":[[0,1],...] where wanted.
 * npy: version 1.0, one dimension of <i4, all texts one behind the other.
 */
#ifndef FORMATS_IDS_FILE_H
#define FORMATS_IDS_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"

enum ids_format {
	IDS_TEXT,
	IDS_JSON,
	IDS_NPY,
};

/* NULL-terminated list for option tables. */
extern const char *const ids_format_names[4];

/* Bytes of a text that a token covers. */
struct token_span {
	size_t start, end;
};

struct ids_writer {
	const char *path;     /* NULL: standard output */
	struct fs_file *file; /* with a path, but for npy */
	enum ids_format format;
	struct buf text;
};

/* path NULL is standard output; a file appears by rename when finished. Borrows path. */
int ids_writer_open(struct ids_writer *writer, const char *path, enum ids_format format,
		    struct err *err);

/* Adds one text's ids; spans, for json, may be NULL. ERR_LIMIT for an id of 2^31 or more in npy. */
int ids_writer_add(struct ids_writer *writer, const uint32_t *ids, const struct token_span *spans,
		   size_t count, struct err *err);
int ids_writer_finish(struct ids_writer *writer, struct err *err);

/* Drops what was not finished. */
void ids_writer_free(struct ids_writer *writer);

/* What a file of any of the three formats holds, in memory. */
struct ids_file {
	uint32_t *ids; /* of all texts */
	size_t *ends;  /* of each text in ids */
	size_t count, id_count;
	size_t room, id_room;
};

/* Reads data[0..len); name stands for its path in messages. The format is told by the first byte;
 * npy may be of 2, 4 or 8 bytes a number, little-endian. ERR_FORMAT with name:line for what is no id:
 * not a whole number, negative, 2^32 - 1 or more. On failure there is nothing to free. */
int ids_file_parse(struct ids_file *file, const char *name, const char *data, size_t len,
		   struct err *err);
void ids_file_free(struct ids_file *file);

#endif
