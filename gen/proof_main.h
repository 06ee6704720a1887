/* SPDX-License-Identifier: MIT */
/*
 * proof_main: one sample of a finished dataset, its label proved against its picture: where stages 1
 * to 4 meet what they once wrote.
 *
 *	struct prover *prover = prover_new(&settings, facts, &err);	(one per thread)
 *	if (prover_check(prover, &sample, &verdict, &err) < 0) ...
 *	if (verdict.failed[PROOF_READER]) puts(verdict.why[PROOF_READER].msg);
 *	prover_free(prover);
 */
#ifndef GEN_PROOF_MAIN_H
#define GEN_PROOF_MAIN_H

#include <stdbool.h>

#include "base/err.h"
#include "formats/dataset/dataset_read.h"
#include "gen/sample_main.h"

/* P(id, name, what it proves) */
#define PROOFS(P)                                                                                  \
	P(READER, "reader", "the program read off the drawing is the label")                       \
	P(REDRAW, "redraw", "the label, drawn again, is all in the picture")                       \
	P(PICTURE, "picture", "the drawing, drawn again, is the picture")                          \
	P(LEGIBILITY, "legibility", "digits are at least 7 px high")                               \
	P(OVERLAP, "overlap", "no printed number is crossed by ink not its own")                   \
	P(ANNOTATIONS, "annotations", "values and boxes are those of the lettering")

enum proof {
#define P(id, name, about) PROOF_##id,
	PROOFS(P)
#undef P
		PROOF_COUNT_
};

const char *proof_name(enum proof proof);

/* What came of a sample. Where its scene cannot be laid out the reader fails, and nothing else is
 * checked. */
struct verdict {
	bool checked[PROOF_COUNT_], failed[PROOF_COUNT_];
	struct err why[PROOF_COUNT_]; /* of those that failed */
};

struct prover;

/* Borrows both: seed, style and font of settings are the dataset's. NULL with err where the pictures
 * are too large to draw. */
struct prover *prover_new(const struct sample_settings *settings, const struct dataset_facts *facts,
			  struct err *err);
void prover_free(struct prover *prover);

/* Proves one sample. Returns 0 with *verdict; -1 where there is nothing to prove: a picture that
 * cannot be read, a label, scene or annotations that cannot be parsed (ERR_FORMAT with file:line).
 * Thread-safe on distinct provers. */
int prover_check(struct prover *prover, const struct dataset_sample *sample,
		 struct verdict *verdict, struct err *err);

#endif
