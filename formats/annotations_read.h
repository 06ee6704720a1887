/* SPDX-License-Identifier: MIT */
/*
 * annotations_read: the lettering that a line of annotations.jsonl tells of.
 *
 *	struct text_annotation *texts;
 *	int n = annotations_read_texts(&texts, &attempt, "", line, strlen(line), &arena, &err);
 */
#ifndef FORMATS_ANNOTATIONS_READ_H
#define FORMATS_ANNOTATIONS_READ_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "formats/path.h"

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

#endif
