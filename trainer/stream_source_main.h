/* SPDX-License-Identifier: MIT */
/*
 * stream_source_main: the generator as a source of samples: none is ever seen twice, and no picture
 * touches the disk.
 *
 *	struct source *source = stream_source_new(&settings, tokenizer, &config, workers, 1000, &err);
 */
#ifndef TRAINER_STREAM_SOURCE_MAIN_H
#define TRAINER_STREAM_SOURCE_MAIN_H

#include "gen/stream_main.h"
#include "trainer/train/source.h"

/* Numbers of the seed's samples from which on they are for training, and for validation: beyond those of
 * any dataset, so that one of the same seed holds nothing that was trained on. */
#define STREAM_TRAIN_FIRST ((uint64_t)1 << 40)
#define STREAM_VAL_FIRST ((uint64_t)1 << 41)

struct stream_source_settings {
	struct stream_settings stream; /* size_px is the model's side */
	int64_t val_count;
	int64_t practice; /* samples, the first so many, that are full of lettering */
};

/* Borrows the tokenizer. As stream_new and conversation_check. NULL on failure. */
struct source *stream_source_new(const struct stream_source_settings *settings,
				 const struct tokenizer *tokenizer,
				 const struct model_config *config, int workers, struct err *err);

#endif
