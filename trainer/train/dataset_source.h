/* SPDX-License-Identifier: MIT */
/*
 * dataset_source: samples of a finished dataset, or of a JSON file of LLaVA's layout.
 *
 *	struct dataset_files files = {.path = "drawings"};
 *	struct source *source = dataset_source_open(&files, tokenizer, &config, workers, &err);
 */
#ifndef TRAINER_DATASET_SOURCE_H
#define TRAINER_DATASET_SOURCE_H

#include "trainer/train/source.h"

struct dataset_files {
	const char *path;         /* a dataset's folder, or a JSON file */
	const char *image_folder; /* of a JSON file; NULL: where the file lies */
	bool validate; /* all samples are for validation; else all of a file are for training, and those of
			  a folder what they are there */
};

/* Reads and encodes all conversations; pictures are read when their turn comes. Borrows the
 * tokenizer while it opens. ERR_LIMIT, with the sample, where one has more tokens than the model has positions;
 * ERR_FORMAT where there are no samples to train (or validate) with, and as conversation_check llava_reader_open and dataset_reader_open. NULL on failure. */
struct source *dataset_source_open(const struct dataset_files *files,
				   const struct tokenizer *tokenizer,
				   const struct model_config *config, int workers, struct err *err);

#endif
