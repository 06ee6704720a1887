/* SPDX-License-Identifier: MIT */
/*
 * fit_main: which batches there is memory for, where there was not enough.
 *
 *	struct fit fit = {.ctx = run, .fits = train_so, .samples = 32};
 *	if (err->code == ERR_MEMORY)
 *		fit_advise(&fit, err);		"...: --batch 8 fits, and --batch 16 with --recompute; ..."
 *
 * It is not reckoned but tried, as other processes may use the same memory.
 */
#ifndef TRAINER_FIT_MAIN_H
#define TRAINER_FIT_MAIN_H

#include <stdbool.h>

#include "base/err.h"

struct fit {
	void *ctx;
	/* Whether so many samples fit; -1 where something else is wrong. */
	int (*fits)(void *ctx, int samples, bool recompute);
	int samples;    /* that did not fit, */
	bool recompute; /* and so */
};

/* Appends to the message what fits: of halves of the samples the first, with and without recomputation. Nothing
 * where something else is wrong. */
void fit_advise(const struct fit *fit, struct err *err);

#endif
