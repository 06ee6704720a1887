/* SPDX-License-Identifier: MIT */
/*
 * prompts: the questions put to the model, one drawn per sample.
 *
 *	const struct prompts *p = prompts_builtin(FAMILY_SHAPES);
 *	const char *question = p->text[rng_below(&rng, p->count)];
 *
 * A prompts file has one prompt per line in UTF-8; empty lines and lines beginning with '#' are
 * passed over.
 */
#ifndef FORMATS_PROMPTS_H
#define FORMATS_PROMPTS_H

#include "base/err.h"
#include "formats/scene/scene.h"

struct prompts {
	int count;
	const char **text;
	char *storage; /* owned by prompts_read's result; NULL for built-in ones */
};

/* The five of the family's kind: 3-D families those of the published CAD instruction sets, 2-D
 * families our own. */
const struct prompts *prompts_builtin(enum family family);

/* The same tables, by dimension of the family (2 or 3). */
const struct prompts *prompts_table(int dimensions);

/* Those for views of solids that are sketched and extruded. */
const struct prompts *prompts_solid(void);

/* Reads a user's file: at most 1 MiB and 10,000 prompts. No prompt at all, invalid UTF-8, control
 * characters, a line over 4096 bytes: ERR_FORMAT with file:line. */
int prompts_read(struct prompts *prompts, const char *path, struct err *err);
void prompts_free(struct prompts *prompts);

#endif
