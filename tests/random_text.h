/* SPDX-License-Identifier: MIT */
/*
 * random_text: texts for tokenizers: few letters and many repeats, or any bytes, or both.
 *
 *	size_t len = random_text(&rng, text, sizeof(text));
 */
#ifndef TESTS_RANDOM_TEXT_H
#define TESTS_RANDOM_TEXT_H

#include <stddef.h>

#include "base/rng.h"

/* Fills up to `most` bytes of a kind drawn anew; returns how many. */
size_t random_text(struct rng *rng, char *text, size_t most);

#endif
