/* SPDX-License-Identifier: MIT */
/*
 * eval_looks_main: one drawing looked at several times, each time moved by a few pixels, so that what lies on the
 * edges of patches differs; and what is said of all looks put together.
 *
 *	eval_look(pixels, c->pixels, side, 3);		(of looks 0, 1, ...: 0 is the picture as it is)
 *	struct eval_said said = eval_pool(said_of_looks, 4, length_penalty, &arena);
 *
 * A program's probability is the mean of what the looks give it, which is 0 where one does not say it: what several
 * agree on comes before what one alone is sure of.
 */
#ifndef TRAINER_EVAL_LOOKS_MAIN_H
#define TRAINER_EVAL_LOOKS_MAIN_H

#include <stdint.h>

#include "trainer/eval_score_main.h"

/* pixels[side, side] = the picture as that look has it; look is below EVAL_LOOKS_MAX. */
void eval_look(uint8_t *pixels, const uint8_t *picture, int side, int look);

/* The answers of all looks, each text once, by score. In the arena; texts are borrowed. */
struct eval_said eval_pool(const struct eval_said *said, int looks, double length_penalty,
			   struct arena *arena);

#endif
