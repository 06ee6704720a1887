/* SPDX-License-Identifier: MIT */
/*
 * eval_solids_main: programs of solids are scored by cadconv, the one program that can build them.
 *
 *	if (eval_solids_check(&options, "sketch", &err) < 0) ...	(before anything is decoded)
 *	if (eval_solids_score(&options, "sketch", &exact, &err) < 0) ...
 */
#ifndef TRAINER_EVAL_SOLIDS_MAIN_H
#define TRAINER_EVAL_SOLIDS_MAIN_H

#include "trainer/eval_options_main.h"

/* ERR_USAGE where the options ask for what only drawings of cadgen have, or give no folder. */
int eval_solids_check(const struct eval_options *options, const char *language, struct err *err);

/* Runs "cadconv score" on predictions.jsonl in the folder of --out, which shows its table and leaves its files
 * there; *exact is the share of exact programs in per cent. Of a language that cadconv cannot read that is told,
 * and *exact stays. */
int eval_solids_score(const struct eval_options *options, const char *language, double *exact,
		      struct err *err);

#endif
