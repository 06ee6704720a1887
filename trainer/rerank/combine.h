/* SPDX-License-Identifier: MIT */
/*
 * combine: numbers of several programs, put together as a picture shows them, and numbers of its own.
 *
 *	struct combine given = {&ridges, noise, FAMILY_SHAPES, programs, log_probs, placings, 16, first, seen};
 *	if (combine_programs(&given, &scene, &placing, &arena)) ...
 *
 * A model that is not sure of three numbers means eight programs and more, of which its beams say a few. Of
 * all that name the same shapes in the same order each number counts as being said by so many of them, by
 * their probability; the numbers of a program as independent of each other. What then is off the
 * lines of the picture gets, of free shapes, numbers that no program says, where these bring it onto them.
 * Of programs that name other shapes, as many, the most probable ones are gone into likewise; last, shapes
 * that no program says are looked for (shape_search.h).
 */
#ifndef TRAINER_COMBINE_H
#define TRAINER_COMBINE_H

#include "trainer/rerank/placing.h"

/* All is borrowed. [count]: */
struct combine {
	const struct ridges *ridges;
	double noise; /* px * px by which the picture makes a program e times less probable */
	enum family family;
	const struct program
		*programs; /* in canonical order; without shapes those that make no part */
	const double *log_probs;
	const double *misfits;          /* px * px, where they lie; INFINITY: nowhere */
	const struct placing *placings; /* where they lie, if anywhere */
	int count, first;               /* the one to begin with, */
	bool is_seen; /* and whether it lies on the picture, so that others lie near that */
};

/* Takes other numbers into the first as long as that makes it more probable, one at a time. True
 * where the outcome is another program, and clearly more probable: its scene, as scene_from_program
 * makes it in the arena, and where it lies. */
bool combine_programs(const struct combine *given, struct scene *combined, struct placing *placing,
		      struct arena *arena);

#endif
