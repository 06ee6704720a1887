/* SPDX-License-Identifier: MIT */
/*
 * word_count: how often each piece of a text occurs.
 *
 *	struct word_count words = {0};
 *	word_count_text(&words, splits, split_count, text, len);
 *	for (uint32_t i = 0; i < words.map.count; i++)
 *		... byte_map_at(&words.map, i, &len), words.counts[i]
 *	word_count_free(&words);
 *
 * Pieces of one byte are counted in `pieces` alone: they hold no pair.
 */
#ifndef TOKENIZER_WORD_COUNT_H
#define TOKENIZER_WORD_COUNT_H

#include "base/byte_map.h"
#include "formats/model/vocab.h"

struct word_count {
	struct byte_map map;
	uint64_t *counts;
	uint32_t room;
	uint64_t pieces, bytes;
};

void word_count_text(struct word_count *words, const enum split *splits, int split_count,
		     const char *text, size_t len);
void word_count_free(struct word_count *words);

#endif
