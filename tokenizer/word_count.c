/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "tokenizer/word_count.h"

#include <stdlib.h>

#include "base/mem.h"
#include "tokenizer/split.h"

static void count_word(struct word_count *words, const char *piece, size_t len)
{
	uint32_t number = byte_map_add(&words->map, piece, len);

	if (number >= words->room) {
		uint32_t room = number + number / 2 + 1024;

		words->counts = mem_realloc(words->counts, room, sizeof(*words->counts));
		memset(words->counts + words->room, 0,
		       (room - words->room) * sizeof(*words->counts));
		words->room = room;
	}
	words->counts[number]++;
}

void word_count_text(struct word_count *words, const enum split *splits, int split_count,
		     const char *text, size_t len)
{
	struct split_iter it = split_start(splits, split_count, text, len);
	const char *piece;
	size_t piece_len;

	words->bytes += len;
	while (split_next(&it, &piece, &piece_len)) {
		words->pieces++;
		if (piece_len > 1)
			count_word(words, piece, piece_len);
	}
}

void word_count_free(struct word_count *words)
{
	byte_map_free(&words->map);
	free(words->counts);
	*words = (struct word_count){0};
}
