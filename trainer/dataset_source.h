/* SPDX-License-Identifier: MIT */
/*
 * dataset_source: samples of a finished dataset.
 *
 *	struct source *source = dataset_source_open("drawings", tokenizer, &config, workers, &err);
 */
#ifndef TRAINER_DATASET_SOURCE_H
#define TRAINER_DATASET_SOURCE_H

#include "trainer/source.h"

/* Reads and encodes all conversations; pictures are read when their turn comes. Borrows the
 * tokenizer while it opens. ERR_LIMIT, with the sample, where one has more tokens than the model has positions;
 * ERR_FORMAT where there are no samples to train with, and as conversation_check and dataset_reader_open. NULL on failure. */
struct source *dataset_source_open(const char *dataset, const struct tokenizer *tokenizer,
				   const struct model_config *config, int workers, struct err *err);

#endif
