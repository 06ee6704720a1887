/* SPDX-License-Identifier: MIT */
/*
 * eval_score_main: what is made of predictions: a line each, and figures of all.
 *
 *	struct eval_scores *scores = eval_scores_open(&options, tokenizer, language, labelled, &err);
 *	if (eval_scores_add(scores, c, &said, &err) < 0) ...	(in the order of drawings)
 *	if (eval_scores_finish(scores, &exact, &err) < 0) ...
 *	eval_scores_close(scores);
 *
 * A line of predictions.jsonl, the latter part where the true program is known:
 *
 *	{"id":"00000042","image":"images/00/00000042.png","program":"circle(x=1,y=2,r=3)",
 *	 "log_probability":-0.02,"ended":true,"candidates":[{"program":"...","score":-0.02},...],
 *	 "truth":"circle(x=1,y=2,r=4)","valid":true,"exact":false,"shapes":1,"shapes_right":0,
 *	 "numbers":3,"numbers_right":2,"iou":0.5625,"chamfer":0.11,"why":"..."}
 *
 * With --rerank candidates also have "log_probability", "rank" and "misfit". Of solids the line ends with the
 * truth, and cadconv scores them.
 */
#ifndef TRAINER_EVAL_SCORE_MAIN_H
#define TRAINER_EVAL_SCORE_MAIN_H

#include "tokenizer/tokenizer.h"
#include "trainer/eval_case_main.h"

struct eval_answer {
	const char *text;
	size_t len, tokens;
	double log_prob, score;
	bool ended;
	int rank;      /* in the beam, from 1 */
	double misfit; /* rerank.h; NAN: not known */
};

struct eval_said {
	const struct eval_answer *answers; /* the best first */
	int count;
};

struct eval_scores;

/* Makes --out and opens predictions.jsonl there. Borrows all; language is that of programs. `labelled`:
 * the drawings have true programs. solids: the language that these are in where they are of solids, else NULL.
 * NULL with ERR_IO. */
struct eval_scores *eval_scores_open(const struct eval_options *options,
				     const struct tokenizer *tokenizer, enum language language,
				     bool labelled, const char *solids, struct err *err);

/* NULL is allowed. */
void eval_scores_close(struct eval_scores *scores);

int eval_scores_add(struct eval_scores *scores, const struct eval_case *c,
		    const struct eval_said *said, struct err *err);

/* Prints the table and writes metrics.json and report.html; *exact is the share of exact programs in per cent. Without
 * labels nothing of it. */
int eval_scores_finish(struct eval_scores *scores, double *exact, struct err *err);

#endif
