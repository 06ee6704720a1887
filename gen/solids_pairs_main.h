/* SPDX-License-Identifier: MIT */
/*
 * solids_pairs_main: predicted programs of solids beside the true ones, as files have them.
 *
 *	struct solid_pairs pairs = {0};
 *	if ((truth && solid_pairs_read_truths(&pairs, truth, &err) < 0) ||
 *	    solid_pairs_read(&pairs, predictions, &err) < 0) ...
 *	... pairs.all[i].id, pairs.all[i].truth, pairs.all[i].said
 *	solid_pairs_free(&pairs);
 */
#ifndef GEN_SOLIDS_PAIRS_MAIN_H
#define GEN_SOLIDS_PAIRS_MAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "formats/cad_code.h"
#include "trainer/report.h"
#include "trainer/solid_score.h"
#include "trainer/solid_study.h"

struct solid_pair {
	const char *id;
	const char *image;  /* the picture's file, which may be anywhere or nowhere; or NULL */
	const char *prompt; /* or NULL */
	const char *truth, *said; /* said: NULL, there is no prediction */
	double log_probability;   /* NAN: not known */
	const struct report_candidate *candidates;
	int candidate_count;

	/* For whoever scores them. */
	struct score_key keys[SOLID_KEYS];
	struct solid_score score;
	unsigned faults; /* solid_study.h */
	const char *why; /* what is not valid; or NULL */
};

/* By id, each of which is there once. */
struct solid_pairs {
	struct solid_pair *all;
	size_t count, room;
	bool has_truths;
	struct arena arena; /* owns all strings */
};

/* Those that a dataset validates with, or those of a file like its val.json. */
int solid_pairs_read_truths(struct solid_pairs *pairs, const char *path, struct err *err);

/* A prediction a line; without truths each line has that as well. */
int solid_pairs_read(struct solid_pairs *pairs, const char *path, struct err *err);

/* A program of either, in a language that can be read: sketch or deepcad. As cad_code_parse. */
int solid_pairs_parse(struct deepcad_model *model, enum cad_code language, const char *name,
		      const char *text, struct arena *arena, struct err *err);

const char *solid_pairs_keep(struct solid_pairs *pairs, const char *text);

void solid_pairs_free(struct solid_pairs *pairs);

#endif
