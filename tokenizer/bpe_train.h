/* SPDX-License-Identifier: MIT */
/*
 * bpe_train: a vocabulary from text, with the merges and ids of Hugging Face's BpeTrainer.
 *
 *	struct bpe_trainer *trainer = bpe_trainer_new(splits, split_count);
 *	bpe_trainer_add(trainer, text, len);				(as often as there is text)
 *	struct vocab *vocab = bpe_trainer_run(trainer, &settings, &err);
 *	bpe_trainer_free(trainer);
 *
 * Of the text only its distinct pieces are kept, with their counts.
 *
 * Source: tokenizers 0.23, models/bpe/trainer.rs and word.rs, by their behaviour. Counts have 64 bits
 * here and 32 there, where more than 2^31 occurrences of a pair overflow.
 */
#ifndef TOKENIZER_BPE_TRAIN_H
#define TOKENIZER_BPE_TRAIN_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "formats/model/vocab.h"

struct bpe_settings {
	uint32_t vocab_size;        /* tokens, special ones and bytes included */
	uint64_t min_frequency;     /* pairs that are rarer are not merged */
	const char *const *special; /* the first ids, in this order; NULL-terminated */
	const char *before;         /* the special one that stands before every text, or NULL */
};

struct bpe_trainer;

/* Splits are borrowed. */
struct bpe_trainer *bpe_trainer_new(const enum split *splits, int split_count);
void bpe_trainer_free(struct bpe_trainer *trainer);

/* Counts the pieces of one text: a line of a file with its end, or a program. */
void bpe_trainer_add(struct bpe_trainer *trainer, const char *text, size_t len);

struct bpe_counts {
	uint64_t bytes, pieces; /* of all text */
	uint32_t distinct;      /* pieces of more than one byte */
	size_t distinct_bytes;
};

struct bpe_counts bpe_trainer_counts(const struct bpe_trainer *trainer);

/* Merges until the vocabulary is full or no pair is frequent enough, and gives it, with its byte
 * alphabet complete; the trainer's words are used up. ERR_USAGE where vocab_size is smaller than the
 * special tokens and 256 bytes together, a special one is empty, not UTF-8, of non-ASCII characters of
 * the byte alphabet, or given twice, or `before` is none of them. NULL on failure. */
struct vocab *bpe_trainer_run(struct bpe_trainer *trainer, const struct bpe_settings *settings,
			      struct err *err);

#endif
