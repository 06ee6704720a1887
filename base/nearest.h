/* SPDX-License-Identifier: MIT */
/*
 * nearest: the known word that a mistyped one was meant to be.
 *
 *	struct nearest near = nearest_to("lerning_rate");
 *	for (...)
 *		nearest_try(&near, known[i]);
 *	if (near.word)
 *		... did you mean near.word?
 */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

/* word is borrowed, and so are those tried. */
struct nearest {
	const char *typed,
		*word; /* word: the first of the least distance so far; NULL: none is near */
	size_t distance;
};

struct nearest nearest_to(const char *typed);

/* A word is near when it takes at most two edits, and fewer than half as many as the shorter word has
 * letters: one put in, left out or replaced, or two neighbours swapped (the optimal string alignment of
 * Damerau 1964). None is near what has more than 64 bytes. */
void nearest_try(struct nearest *near, const char *word);

#endif
