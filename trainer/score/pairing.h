/* SPDX-License-Identifier: MIT */
/*
 * pairing: which shape of a predicted program stands for which of the true one.
 *
 *	struct pairing pairing = pairing_from_programs(&truth, &said, floor, &arena);
 *	if (pairing.said_of_true[i] >= 0) ...
 *
 * Shapes of one kind may pair if all their numbers are near each other, or one number other than 0 is
 * the same. Of all ways to pair them, the best has as many near pairs as can be, then as many equal
 * numbers, then the least distance of the others. Programs in different units pair no shapes.
 */
#ifndef TRAINER_PAIRING_H
#define TRAINER_PAIRING_H

#include "base/arena.h"
#include "formats/program/program.h"

struct pairing {
	int true_count, said_count;
	int *said_of_true, *true_of_said; /* -1: missed, added; in the arena */
};

/* floor: label_number_is_near's. */
struct pairing pairing_from_programs(const struct program *truth, const struct program *said,
				     int64_t floor, struct arena *arena);

/* How many shapes of each kind are equal, each used once. */
void pairing_count_equal(const struct program *truth, const struct program *said,
			 int equal[SHAPE_COUNT_], struct arena *arena);

#endif
