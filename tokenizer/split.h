/* SPDX-License-Identifier: MIT */
/*
 * split: pre-tokenizers, by hand instead of by regular expression.
 *
 *	struct split_iter it = split_start(splits, count, text, len);
 *	while (split_next(&it, &piece, &piece_len))
 *		...
 *
 * Pieces cover the text without gaps. Each kind gives what Hugging Face tokenizers give for its
 * pattern, with SplitDelimiterBehavior "isolated":
 *
 * GPT2	's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
 * LLAMA3	(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|
 *		 ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
 * QWEN2	the same with \p{N} for \p{N}{1,3}
 * DIGITS	char::is_numeric of Rust, which is \p{N}
 *
 * A byte that is not UTF-8 is a sign like any other.
 */
#ifndef TOKENIZER_SPLIT_H
#define TOKENIZER_SPLIT_H

#include <stdbool.h>
#include <stddef.h>

#include "formats/model/vocab.h"

struct split_iter {
	const enum split *splits;
	int count;
	bool is_fused; /* DIGITS, GPT2 */
	const char *at, *end;
	const char *ends[VOCAB_SPLITS_MAX]; /* of the piece at hand, of each split */
};

/* Borrows splits and text. */
struct split_iter split_start(const enum split *splits, int count, const char *text, size_t len);

/* The next piece, within the text; false at its end. Without splits the text is one piece. */
bool split_next(struct split_iter *it, const char **piece, size_t *len);

#endif
