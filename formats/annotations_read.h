/* SPDX-License-Identifier: MIT */
/*
 * annotations_read: the lettering that a line of annotations.jsonl tells of.
 *
 *	struct text_annotation *texts;
 *	int n = annotations_read_texts(&texts, "", line, strlen(line), &arena, &err);
 */
#ifndef FORMATS_ANNOTATIONS_READ_H
#define FORMATS_ANNOTATIONS_READ_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "formats/path.h"

struct text_annotation {
	const char *value;
	struct vec corners[4]; /* px, as in annotations.h */
};

/* The items of class text and title_block_field, in their order, in the arena; returns how many. ERR_FORMAT with name:line
 * where the line is no object with "items", an item has no class, or a text has no value or not four
 * corners within 1e6 px. */
int annotations_read_texts(struct text_annotation **texts, const char *name, const char *line,
			   size_t len, struct arena *arena, struct err *err);

#endif
