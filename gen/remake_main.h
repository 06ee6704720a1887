/* SPDX-License-Identifier: MIT */
/*
 * remake_main: what is needed to draw samples of a finished dataset again.
 *
 *	struct remake remake = {0};
 *	if (remake_load(&remake, facts, "drawings", font, prompts, &err) < 0) ...
 *	sample_from_index(&sample, &remake.sample, 42, &arena, &err);
 *	remake_free(&remake);
 */
#ifndef GEN_REMAKE_MAIN_H
#define GEN_REMAKE_MAIN_H

#include <stdint.h>

#include "base/err.h"
#include "formats/dataset/dataset_facts.h"
#include "gen/sample_main.h"

struct remake {
	struct sample_settings sample; /* what the dataset was made with */
	bool from_scenes;  /* it was restyled: its samples are its scenes', not its seed's */
	struct font *font; /* of --font, owned; else NULL */
	struct typefaces *typefaces;
	struct prompts prompts; /* of --prompts */
};

/* All settings. font and prompts are the files that the dataset was made with, or NULL: ERR_USAGE where it wants
 * one that is not given, has none, or has another. Borrows facts; `dataset` is what messages call it. */
int remake_load(struct remake *remake, const struct dataset_facts *facts, const char *dataset,
		const char *font, const char *prompts, struct err *err);

/* The lettering alone. */
int remake_load_font(struct remake *remake, const struct dataset_facts *facts, const char *dataset,
		     const char *font, struct err *err);

void remake_free(struct remake *remake);

/* How a dataset knows its prompts: those of a file, or NULL: those built in for the families. */
uint64_t prompts_hash(const struct prompts *prompts, const double family[FAMILY_COUNT_]);

#endif
