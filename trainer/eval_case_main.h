/* SPDX-License-Identifier: MIT */
/*
 * eval_case_main: the drawings that cadeval reads, one after the other.
 *
 *	struct eval_cases *cases = eval_cases_open(&options, side, &err);
 *	while ((rc = eval_cases_next(cases, &c, &err)) > 0)
 *		... c->pixels, c->prompt, c->truth; eval_case_free(c)
 *	eval_cases_close(cases);
 */
#ifndef TRAINER_EVAL_CASE_MAIN_H
#define TRAINER_EVAL_CASE_MAIN_H

#include "base/arena.h"
#include "formats/program/program.h"
#include "formats/scene/scene.h"
#include "trainer/eval_options_main.h"
#include "trainer/score/score_summary.h"

#define EVAL_KEYS 5

struct eval_case {
	uint64_t number; /* from 0, as they come */
	const char *id, *image, *prompt;
	const char *truth;      /* the true program; NULL: not known */
	struct program program; /* the same, parsed */
	enum family family;
	struct scene scene; /* of a dataset's; has_scene */
	bool has_scene;
	struct score_key keys[EVAL_KEYS]; /* its groups */
	int key_count;
	int side;
	uint8_t *pixels;    /* [side, side], grey */
	int width, height;  /* of the picture */
	bool shrunk;        /* it was larger than the model's */
	struct arena arena; /* owns all of it */
};

struct eval_cases;

/* Borrows the options. As dataset_reader_open; ERR_FORMAT for a split without samples. NULL on failure. */
struct eval_cases *eval_cases_open(const struct eval_options *options, int side, struct err *err);
void eval_cases_close(struct eval_cases *cases);

/* How many there will be. */
uint64_t eval_cases_count(const struct eval_cases *cases);

/* Language of their programs where they are a dataset of cadconv, of which truths are known and nothing else; else
 * NULL, and: */
const char *eval_cases_solids(const struct eval_cases *cases);

/* Language of their programs; with --program that one. */
enum language eval_cases_language(const struct eval_cases *cases);

/* The next one, which the caller frees; 1, 0 behind the last, -1 with the file that cannot be read. */
int eval_cases_next(struct eval_cases *cases, struct eval_case **out, struct err *err);
void eval_case_free(struct eval_case *c);

#endif
