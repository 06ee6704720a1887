/* SPDX-License-Identifier: MIT */
/*
 * reading: which character stands where on a picture, patch by patch, and which numbers: what a vision tower
 * should see.
 *
 *	int8_t *answers = mem_alloc(reading_answers(READING_QUESTION_COUNT_, patches), 1);
 *	reading_label(answers, &annotations, 256, 16);
 *	if (answers[reading_answers(READING_NUMBER_ROLE, patches) + patch] == READING_POSITION_X) ...
 *
 * Each patch is READING_SIDE x READING_SIDE cells, row by row; a character belongs to the cell that its
 * middle lies in, whichever way it is turned. Blank paper is told of by one cell of a patch, since nearly
 * all of it is blank; of a patch with lettering each cell counts. A number belongs to the patch that the
 * middle of its text lies in, wherever in it: that is how an answer will look for it.
 */
#ifndef TRAINER_READING_H
#define TRAINER_READING_H

#include <stddef.h>
#include <stdint.h>

#include "formats/drawing/annotations.h"

/* Cells along a patch, of four pixels: the pitch of digits that are seven high. */
#define READING_SIDE 4
#define READING_ROWS (READING_SIDE * READING_SIDE)

/* Of cells: which character, in the order of READING_CHARACTERS. */
#define READING_NOTHING 0
#define READING_OTHER 1
#define READING_FIRST 2
#define READING_CLASSES 32
#define READING_UNSAID -1 /* nothing is known, or asked; so are all below 0 */

/* Of numbers: nothing more, 0 to 9, the point and the minus sign. */
#define READING_FIGURES 13

/* X(name, classes, rows): what is asked of each cell of a patch: which character it is; of lettering that
 * states a number, what the number is (a position along x or y, or 3 + the parameter), and of which shape of
 * the program; and what of a patch as a whole: the same of its number, and how the program writes that, figure
 * by figure. Of a number that states nothing the figures are known, as they stand there. */
#define READING_QUESTIONS(X)                                                                       \
	X(CHARACTER, READING_CLASSES, READING_ROWS)                                                \
	X(ROLE, READING_ROLES, READING_ROWS)                                                       \
	X(SHAPE, READING_SHAPES, READING_ROWS)                                                     \
	X(NUMBER_ROLE, READING_ROLES, 1)                                                           \
	X(NUMBER_SHAPE, READING_SHAPES, 1)                                                         \
	X(NUMBER_1, READING_FIGURES, 1)                                                            \
	X(NUMBER_2, READING_FIGURES, 1)                                                            \
	X(NUMBER_3, READING_FIGURES, 1)                                                            \
	X(NUMBER_4, READING_FIGURES, 1)                                                            \
	X(NUMBER_5, READING_FIGURES, 1)

#define READING_POSITION_X 1
#define READING_POSITION_Y 2
#define READING_PARAM 3
#define READING_ROLES (READING_PARAM + PARAM_COUNT_)
#define READING_SHAPES 16

enum {
#define X(name, classes, rows) READING_##name,
	READING_QUESTIONS(X)
#undef X
		READING_QUESTION_COUNT_
};

/* What numbers of drawings are made of. */
#define READING_CHARACTERS "0123456789,.-+\u00b1\u00b0\u2300R:/XM()\u00d7S"

struct reading_question {
	int classes, rows; /* how many answers there are to it; how often a patch is asked */
};

extern const struct reading_question reading_questions[READING_QUESTION_COUNT_];

/* How many answers a picture of so many patches has to the first so many questions: where those to the next
 * begin, [patches][rows]. */
size_t reading_answers(int questions, int patches);

/* All answers of a picture that picture_from_image puts on a square of that side. Where lettering is lost,
 * crossed out or swapped, and where two characters or numbers meet, nothing is said. */
void reading_label(int8_t *answers, const struct annotations *annotations, int side, int patch);

#endif
