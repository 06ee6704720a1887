/* SPDX-License-Identifier: MIT */
/*
 * reading: which character stands where on a picture, patch by patch: what a vision tower should see.
 *
 *	int8_t cells[READING_QUESTION_COUNT_ * READING_ROWS * patches];
 *	reading_label(cells, &annotations, 256, 16);
 *
 * Each patch is READING_SIDE x READING_SIDE cells, row by row; a character belongs to the cell that its
 * middle lies in, whichever way it is turned. Blank paper is told of by one cell of a patch, since nearly
 * all of it is blank; of a patch with lettering each cell counts.
 */
#ifndef TRAINER_READING_H
#define TRAINER_READING_H

#include <stdint.h>

#include "formats/annotations.h"

/* Cells along a patch, of four pixels: the pitch of digits that are seven high. */
#define READING_SIDE 4
#define READING_ROWS (READING_SIDE * READING_SIDE)

/* Of cells: which character, in the order of READING_CHARACTERS. */
#define READING_NOTHING 0
#define READING_OTHER 1
#define READING_FIRST 2
#define READING_CLASSES 32
#define READING_UNSAID -1 /* nothing is known, or asked */

/* X(name, classes) of what is asked of a cell: which character it is; of lettering that states a number,
 * what the number is (a position along x or y, or 3 + the parameter), and of which shape of the program. */
#define READING_QUESTIONS(X)                                                                       \
	X(CHARACTER, READING_CLASSES)                                                              \
	X(ROLE, READING_PARAM + PARAM_COUNT_)                                                      \
	X(SHAPE, 16)

#define READING_POSITION_X 1
#define READING_POSITION_Y 2
#define READING_PARAM 3

enum {
#define X(name, classes) READING_##name,
	READING_QUESTIONS(X)
#undef X
		READING_QUESTION_COUNT_
};

/* What numbers of drawings are made of. */
#define READING_CHARACTERS "0123456789,.-+\u00b1\u00b0\u2300R:/XM()\u00d7S"

/* How many answers each question has. */
extern const int reading_classes[READING_QUESTION_COUNT_];

/* cells[READING_QUESTION_COUNT_][(side / patch)^2][READING_ROWS] of a picture that picture_from_image puts
 * on a square of that side. Where lettering is lost, crossed out or swapped, and where two characters meet,
 * nothing is said. */
void reading_label(int8_t *cells, const struct annotations *annotations, int side, int patch);

#endif
