/* SPDX-License-Identifier: MIT */
/*
 * program_near: a key that programs share which differ by no more than one sees on a picture.
 *
 *	uint64_t key = program_near_key(&program, &arena);
 *
 * Lengths and coordinates are rounded to about a hundredth of the program's largest: to the number of the
 * series R10 (ISO 3: 1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8, and ten times those) next below. Angles are
 * rounded to a hundredth of a turn; counts, kinds and the unit stay. Shapes are sorted after that, since a small
 * change may put them into another order. As with all rounding, two numbers that are near each other may go to
 * different sides, so equal keys find less than all that are near; those that differ by more than the step have
 * different keys but for the accidents of 64 bits.
 */
#ifndef FORMATS_PROGRAM_NEAR_H
#define FORMATS_PROGRAM_NEAR_H

#include "base/arena.h"
#include "formats/program/program.h"

/* The step in thousandths of a thousandth of the unit: of lengths of up to `largest` thousandths. */
int64_t program_near_step(int64_t largest);

/* The arena is for scratch. */
uint64_t program_near_key(const struct program *program, struct arena *arena);

#endif
