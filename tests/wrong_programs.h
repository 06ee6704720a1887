/* SPDX-License-Identifier: MIT */
/*
 * wrong_programs: predictions as models make them, for tests of what studies their errors.
 *
 *	enum wrong how = wrong_program(&rng, &truth, LANGUAGE_CALLS, &text, &arena);
 */
#ifndef TESTS_WRONG_PROGRAMS_H
#define TESTS_WRONG_PROGRAMS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/rng.h"
#include "formats/program/program.h"

/* WRONG_DIGIT: one digit read as a similar one, here and there. WRONG_PLACE: two shapes of a kind have
 * each other's number, if there are two. WRONG_BYTES: markup, bytes that are no UTF-8, NULs. */
enum wrong {
	WRONG_NOTHING,
	WRONG_DIGIT,
	WRONG_MISSED,
	WRONG_ADDED,
	WRONG_PLACE,
	WRONG_FAR,
	WRONG_CUT,
	WRONG_BYTES,
	WRONG_COUNT_
};

/* Appends the truth with that error, which is not always seen: a place that is right by chance. */
void wrong_program(struct rng *rng, const struct program *truth, enum language language,
		   enum wrong wrong, struct buf *out, struct arena *arena);

/* How often models do what: half of all is right. */
enum wrong random_wrong(struct rng *rng);

#endif
