/* SPDX-License-Identifier: MIT */
/*
 * reader_turned: what a person sees in the views of a turned part, before any number is read.
 *
 *	struct turned_view view;
 *	if (turned_see(&view, reader, &err) < 0) ...	(reader_turned_lines.c)
 *
 * Places along the axis are x on the sheet, radii are mm from the axis. The view lives in the reader's
 * arena. What is seen:
 *
 *	the part	a closed outline, symmetrical about a centre line, that begins and ends with a
 *			face across it
 *	cylinder, cone	level and slanted pieces of the outline's upper half, cut corners made sharp
 *	groove		a level piece between higher walls, at most half as wide as its diameter; it is
 *			cut into its lower neighbour, into both where they are equal
 *	chamfer		a piece at 45 degrees between a level and an upright one
 *	fillet		a quarter of a circle there
 *	bore		level pieces below the axis of an open outline, or of hidden lines, or of one
 *			that goes on as the other
 *	thread		level thin lines on both sides of the axis
 *	keyway		a slot on the axis, through which a cutting plane is marked, and a section of that
 *			name: a circle with a notch
 */
#ifndef GEN_READER_TURNED_H
#define GEN_READER_TURNED_H

#include "gen/reader/reader.h"

#define SEEN_MAX 64 /* of one kind */

struct seen_piece {
	double x0, x1, r0, r1;
	double line[2]; /* from where to where it is drawn, behind what corners take */
	bool groove;
};

struct seen_corner {
	bool fillet;
	double x, r; /* the sharp corner */
	double size;
	struct seg upper; /* the piece that cuts it, above the axis or for bores below */
};

struct seen_thread {
	double x0, x1; /* up to the ends of its cylinder behind chamfers */
	int step;
};

struct seen_keyway {
	double x0, x1, width;
	int step;
	struct vec centre; /* of its section */
	double radius, floor, half;
};

struct turned_view {
	struct vec origin; /* on the axis, in the left face */
	int step_count, groove_count, bore_count, corner_count, thread_count, keyway_count;
	struct seen_piece steps[SEEN_MAX], grooves[SEEN_MAX], bores[SEEN_MAX];
	struct seen_corner corners[SEEN_MAX];
	struct seen_thread threads[SEEN_MAX];
	struct seen_keyway keyways[SEEN_MAX];
};

int turned_see(struct turned_view *view, const struct reader *reader, struct err *err);

/* reader_turned_break.c: where the view is interrupted, makes it whole: how much is left out follows from
 * any dimension that leads across. What underlined numbers say is off scale is drawn to it; all numbers
 * that lead across must be underlined, and no others. Changes the reader's lines and figures, and gives it a drawing of its
 * own. */
int turned_mend(struct reader *reader, struct err *err);

/* reader_turned_features.c: threads and keyways, on steps that have been seen. */
int turned_see_features(struct turned_view *view, const struct reader *reader, struct err *err);

/* Straight pieces along the axis, and across it. */
bool turned_is_level(const struct seg *seg);
bool turned_is_upright(const struct seg *seg);

#endif
