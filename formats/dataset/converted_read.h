/* SPDX-License-Identifier: MIT */
/*
 * converted_read: the annotations of a finished dataset of dataset_converted.h, picture by picture.
 *
 *	if (converted_is_in("views", &err) > 0)
 *		reader = converted_reader_open("views", &err);
 *	while ((rc = converted_read(reader, &sample, &arena, &err)) > 0)
 *		... sample.image_name, sample.annotations
 *	converted_reader_free(reader);
 */
#ifndef FORMATS_CONVERTED_READ_H
#define FORMATS_CONVERTED_READ_H

#include "base/arena.h"
#include "base/err.h"
#include "formats/dataset/dataset.h"
#include "formats/dataset/dataset_read.h"

/* Whether the folder holds a finished dataset of cadconv: 1 or 0; -1 where its dataset_info.json cannot be read or
 * is broken. */
int converted_is_in(const char *folder, struct err *err);

/* The same, with dataset_info.json in *doc where it is 1; its path, in the buffer, is borrowed by that. */
struct json_doc;
int converted_info(const char *folder, char path[DATASET_PATH_BYTES], struct json_doc *doc,
		   struct err *err);

struct converted_reader;

/* NULL with ERR_FORMAT where there are none: they are of dimensioned sheets. */
struct converted_reader *converted_reader_open(const char *folder, struct err *err);
void converted_reader_free(struct converted_reader *reader);

/* How many pictures there are. */
uint64_t converted_reader_count(const struct converted_reader *reader);

/* Reads the next line: id, number (from 0, in the order of the ids), picture and annotations of the sample, which
 * live in the arena; all else is empty. Returns 1; 0 behind the last picture; ERR_FORMAT with file:line for lines
 * that are none, too few or too many. */
int converted_read(struct converted_reader *reader, struct dataset_sample *sample,
		   struct arena *arena, struct err *err);

#endif
