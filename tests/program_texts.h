/* SPDX-License-Identifier: MIT */
/*
 * program_texts: what tests of program.gbnf do to the texts of programs.
 *
 *	program_mutate(&rng, &text);
 *	if (program_parse(..., &err) < 0 && !program_is_beyond_grammar(err.msg))
 *		fail_msg("%s", err.msg);
 */
#ifndef TESTS_PROGRAM_TEXTS_H
#define TESTS_PROGRAM_TEXTS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/rng.h"
#include "formats/program/program.h"

/* Changes, drops, doubles or swaps bytes of a text that is not empty; new ones come from the
 * languages' own alphabet. */
void program_mutate(struct rng *rng, struct buf *text);

/* Whether the message is of what only shape_check can know, or of what a grammar cannot compare: the
 * list at the head of program.gbnf. */
bool program_is_beyond_grammar(const char *message);

/* Whether both texts say the same program in the same way, but for the numbers of python's variables,
 * which the parser takes in any order and the writer counts anew. */
bool program_is_same(const char *a, const char *b, enum language language);

#endif
