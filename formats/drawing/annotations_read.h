/* SPDX-License-Identifier: MIT */
/*
 * annotations_read: the lettering, or the dimensions, that a line of annotations.jsonl tells of.
 *
 *	struct text_annotation *texts;
 *	int n = annotations_read_texts(&texts, &attempt, "", line, strlen(line), &arena, &err);
 *	struct dimension_annotation *dimensions;
 *	n = annotations_read_dimensions(&dimensions, "", line, strlen(line), &arena, &err);
 */
#ifndef FORMATS_ANNOTATIONS_READ_H
#define FORMATS_ANNOTATIONS_READ_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "formats/drawing/annotations.h"

struct text_annotation {
	const char *value;
	struct vec *corners; /* px, as in annotations.h */
	int count;           /* four, or more where a warp bent the sides */
};

/* The items of class text and title_block_field, in their order, in the arena; returns how many.
 * *scan_attempt is the number of the recipe that degraded the picture, or ANNOTATIONS_CLEAN.
 * ERR_FORMAT with name:line where the line is no object with "items", "scan" is no number of a recipe,
 * an item has no class, or a text has no value or fewer than four corners within 1e6 px. */
int annotations_read_texts(struct text_annotation **texts, int *scan_attempt, const char *name,
			   const char *line, size_t len, struct arena *arena, struct err *err);

struct dimension_annotation {
	enum dim_kind kind;
	const char *value; /* as it is printed: "4\u00d7\u23008 H7" */
	int64_t number;    /* of its number, in thousandths */
	enum tolerance_kind tolerance;
	enum callout_status status;
};

/* The items of class dimension, in their order, in the arena; returns how many. Where the writer put the class
 * first, as annotations_write does, only these are taken apart, which is many times as fast; all of the line must
 * be JSON. ERR_FORMAT with name:line where it is not, has no array "items", or a dimension has no known kind, no
 * value or no number, or an unknown tolerance or status. */
int annotations_read_dimensions(struct dimension_annotation **dimensions, const char *name,
				const char *line, size_t len, struct arena *arena, struct err *err);

/* Adds how many texts the picture has left clear, degraded and lost to counts, by enum annotation_state; what has no
 * such state is not counted. The line is one that annotations_read_dimensions has read. */
void annotations_count_states(const char *line, size_t len,
			      uint32_t counts[ANNOTATION_STATE_COUNT_]);

/* How many digits the printed number has: of the first number in the text, with point or comma, that is `number`;
 * of limits and others that are not printed as they are, those of the longest one. */
int dimension_annotation_digits(const struct dimension_annotation *dimension);

#endif
