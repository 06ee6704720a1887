/* SPDX-License-Identifier: MIT */
/*
 * added_match: finds the added tokens of a vocabulary in text.
 *
 *	struct added_match *match = added_match_new(vocab, false);
 *	while (added_match_next(match, text, at, len, &found)) {
 *		... text[at..found.start) is other text, found.id a token
 *		at = found.end;
 *	}
 *	added_match_free(match);
 *
 * Of the tokens that occur the leftmost is found, of those the longest; the white space that it takes
 * along belongs to it. Read-only once made.
 */
#ifndef TOKENIZER_ADDED_MATCH_H
#define TOKENIZER_ADDED_MATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "formats/model/vocab.h"

struct added_match;

struct added_found {
	size_t start, end;
	uint32_t id;
};

/* Those of the added tokens that are `normalized`, or the others. NULL if there are none; that may
 * be searched with and freed. */
struct added_match *added_match_new(const struct vocab *vocab, bool normalized);
void added_match_free(struct added_match *match);

/* The next one from text[at] on; false if there is none up to text[len]. */
bool added_match_next(const struct added_match *match, const char *text, size_t at, size_t len,
		      struct added_found *found);

#endif
