/* SPDX-License-Identifier: MIT */
/*
 * score_pairs_main: true solids and what was predicted of each, from the operands of cadconv score.
 *
 *	struct score_pairs pairs = {0};
 *	if (score_pairs_read(&pairs, "drawings", "predictions.jsonl", &err) < 0) ...
 *	... pairs.all[i].id, pairs.all[i].truth.text or .path
 *	score_pairs_free(&pairs);
 *
 * Either is a text with programs or a folder of models, cad_file.h, called by their ids.
 */
#ifndef GEN_SCORE_PAIRS_MAIN_H
#define GEN_SCORE_PAIRS_MAIN_H

#include "base/arena.h"
#include "base/err.h"
#include "trainer/solid_score.h"

/* One of text and path is set, or neither: there is none. */
struct score_source {
	const char *text;         /* a program */
	const char *path;         /* a file */
	const char *const *names; /* of datasets in HDF5, cad_vec_h5.h */
};

struct score_pair {
	const char *id;
	struct score_source truth, said;
	struct solid_score score;
	const char *why;  /* what is not valid; or NULL */
	bool is_left_out; /* there is no true model */
};

/* Zeroed before use. */
struct score_pairs {
	struct score_pair *all; /* by id */
	size_t count, room;
	struct arena arena;
};

/* truth: a dataset, of which val.json is taken, a file of such entries, or a folder of models; NULL: it stands beside
 * each prediction. predictions: lines of JSON, or a folder of models. ERR_FORMAT for what is none of these, ids that
 * are there twice, and predictions without a truth. */
int score_pairs_read(struct score_pairs *pairs, const char *truth, const char *predictions,
		     struct err *err);
void score_pairs_free(struct score_pairs *pairs);

/* Of the pairs' arena. */
const char *score_pairs_keep(struct score_pairs *pairs, const char *text, size_t len);

#endif
