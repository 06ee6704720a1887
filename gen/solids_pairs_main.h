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
#include "formats/cad/cad_code.h"
#include "formats/cad/cad_file.h"
#include "trainer/report/report.h"
#include "trainer/score/solid_score.h"
#include "trainer/score/solid_study.h"

/* A model that is no program; path: NULL, there is none. */
struct solid_file {
	const char *path;
	const char *const *names; /* of datasets in HDF5, cad_vec_h5.h */
};

/* Of models in files the programs are what solid_pairs_tell makes of them. */
struct solid_pair {
	const char *id;
	const char *image;  /* the picture's file, which may be anywhere or nowhere; or NULL */
	const char *prompt; /* or NULL */
	const char *truth, *said; /* said: NULL, there is no prediction */
	struct solid_file truth_file, said_file;
	double log_probability; /* NAN: not known */
	const struct report_candidate *candidates;
	int candidate_count;

	/* For whoever scores them. */
	struct score_key keys[SOLID_KEYS];
	struct solid_score score;
	unsigned faults;  /* solid_study.h */
	const char *why;  /* what is not valid; or NULL */
	bool is_left_out; /* the truth's file is no model */
};

/* By id, each of which is there once. */
struct solid_pairs {
	struct solid_pair *all;
	size_t count, room;
	bool has_truths;
	bool is_compat;     /* the frame of vectors is that of DeepCAD's encoder */
	struct arena arena; /* owns all strings */
};

/* Those that a dataset validates with, those of a file like its val.json, or the models of a folder, cad_file.h. */
int solid_pairs_read_truths(struct solid_pairs *pairs, const char *path, struct err *err);

/* A prediction a line, or a folder of models; without truths each line or file of HDF5 has that as well. */
int solid_pairs_read(struct solid_pairs *pairs, const char *path, struct err *err);

/* The model of either, from its file or its program in a language that is read. A truth whose prediction is a vector
 * is brought to the frame of that, and has its vector, if there is one. As cad_file_read and cad_code_parse_as. */
int solid_pairs_truth(struct cad_file *truth, const struct solid_pairs *pairs,
		      const struct solid_pair *pair, enum cad_code language, struct arena *arena,
		      struct err *err);
int solid_pairs_said(struct cad_file *said, const struct solid_pair *pair, enum cad_code language,
		     struct arena *arena, struct err *err);

/* Whether the prediction is a vector, and whether there is one at all. */
bool solid_pairs_is_vector(const struct solid_pair *pair);
bool solid_pairs_is_said(const struct solid_pair *pair);

/* Says the models of files as programs, in `sketch`, for people to read. */
void solid_pairs_tell(struct solid_pairs *pairs, struct solid_pair *pair);

const char *solid_pairs_keep(struct solid_pairs *pairs, const char *text);

void solid_pairs_free(struct solid_pairs *pairs);

#endif
