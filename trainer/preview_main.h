/* SPDX-License-Identifier: MIT */
/*
 * preview_main: what a model in training says of a few validation samples, as TensorBoard shows it: the
 * picture beside what is said, drawn, and both programs.
 *
 *	struct preview *preview = preview_new(source, tokenizer, &config, ops, 4, &err);
 *	if (preview_show(preview, params, step, log, &err) < 0) ...
 *	preview_free(preview);
 */
#ifndef TRAINER_PREVIEW_MAIN_H
#define TRAINER_PREVIEW_MAIN_H

#include "tokenizer/tokenizer.h"
#include "trainer/ops/ops.h"
#include "trainer/run_log_main.h"
#include "trainer/train/source.h"

struct preview;

/* Of the first `count` validation samples, or as many as there are. Borrows all. NULL on failure. */
struct preview *preview_new(struct source *source, const struct tokenizer *tokenizer,
			    const struct model_config *config, struct ops *ops, int count,
			    struct err *err);

/* NULL is allowed. */
void preview_free(struct preview *preview);

/* Decodes them greedily with these parameters, as model_tensors places them, and writes the events. */
int preview_show(struct preview *preview, struct tensor params, int64_t step, struct run_log *log,
		 struct err *err);

#endif
