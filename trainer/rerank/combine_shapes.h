/* SPDX-License-Identifier: MIT */
/*
 * combine_shapes: shapes that no program says, and where the picture has them.
 *
 *	if (combine_find_shapes(&given, &best, &placing, &found, &at, &arena))
 *		... found, laid where `at` says
 *
 * A model may read all numbers right and bind them to the wrong shapes, or take one kind for another. Then all
 * of its programs lie nowhere, but straight lines still stand where their coordinates are; and there
 * the shapes are chosen, as many as were said, that explain thick lines best.
 */
#ifndef TRAINER_COMBINE_SHAPES_H
#define TRAINER_COMBINE_SHAPES_H

#include "trainer/rerank/combine.h"

/* placing: where the best program lies, if anywhere. False where nothing is found, or hardly any of the thick
 * lines are of it. The found program's shapes are in the arena, in no order. */
bool combine_find_shapes(const struct combine *given, const struct program *best,
			 const struct placing *placing, struct program *found, struct placing *at,
			 struct arena *arena);

#endif
