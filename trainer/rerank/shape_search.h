/* SPDX-License-Identifier: MIT */
/*
 * shape_search: shapes whose outlines lie on the thick lines of a picture, of numbers that are known.
 *
 *	struct shape_search s = shape_search_at(&ridges, &placing, UNIT_MM, &arena);
 *	shape_search_all(&s, &numbers);
 *	for (int i = 0; i < s.count; i++)
 *		... s.found[i].shape, .lines, .off
 *
 * A model that takes an ellipse for a line still reads its numbers: which shapes these make, and where, is
 * then for the picture to say. Tried are all free shapes with an anchor of two coordinates and sizes of the lengths,
 * turned by steps of 5 degrees; a point or two of each outline tell most of them apart from what is drawn.
 */
#ifndef TRAINER_SHAPE_SEARCH_H
#define TRAINER_SHAPE_SEARCH_H

#include "trainer/rerank/placing.h"

#define SHAPE_NUMBERS_MAX 256

/* Thousandths of the unit. */
struct shape_numbers {
	int64_t coords[SHAPE_NUMBERS_MAX], lengths[SHAPE_NUMBERS_MAX];
	int coord_count, length_count;
};

/* Each once; what is too much is left out. */
void shape_numbers_add(struct shape_numbers *numbers, const struct shape *shape);

/* And the lengths from `from` to `to` by steps. */
void shape_numbers_step(struct shape_numbers *numbers, int64_t from, int64_t to, int64_t step);

struct found_shape {
	struct shape shape;
	uint64_t *lines; /* a set of ridges: those of thick lines that it lies on */
	double cost;     /* px * px, which the caller sets: how unlikely its numbers are */
	double off; /* px * px: distances from its outline to the nearest lines, summed along it */
};

/* In which shapes point. */
#define SHAPE_DIRECTIONS 72

struct shape_search {
	const struct ridges *ridges; /* borrowed */
	struct placing placing;
	double mm;                 /* of a thousandth of the unit */
	uint8_t *near;             /* [side, side]: whether a thick line is at a pixel */
	int words;                 /* of a set of ridges */
	struct found_shape *found; /* in the arena */
	int count;
	double cos, sin;                         /* px of a thousandth, along and across */
	struct vec directions[SHAPE_DIRECTIONS]; /* of length 1, counter-clockwise from x */
	struct arena *arena;
};

struct shape_search shape_search_at(const struct ridges *ridges, const struct placing *placing,
				    enum unit unit, struct arena *arena);

/* Any shape, as it lies on the picture; returns the share of its outline that lies on thick lines. It passes
 * shape_check; out->lines has room for a set. */
double shape_search_look(const struct shape_search *s, const struct shape *shape,
			 struct found_shape *out);

/* Appends all there are of these numbers, SHAPES_FOUND_MAX at most. */
#define SHAPES_FOUND_MAX 2000
void shape_search_all(struct shape_search *s, const struct shape_numbers *numbers);

#endif
