/* SPDX-License-Identifier: MIT */
/*
 * random_models: models of sketches, extrudes and revolves for tests.
 *
 *	struct deepcad_model model = random_model(&rng, &arena);
 *	scramble_model(&rng, &model);
 */
#ifndef TESTS_RANDOM_MODELS_H
#define TESTS_RANDOM_MODELS_H

#include "base/rng.h"
#include "formats/solid/deepcad.h"

/* One to four sketches on planes of all kinds, each with outlines of lines and arcs or a circle, some
 * with holes, and extrudes of all kinds; small enough for a vector. */
struct deepcad_model random_model(struct rng *rng, struct arena *arena);

/* One sketch of the same kinds turned about a line beside it, by any angle. */
struct deepcad_model random_revolve(struct rng *rng, struct arena *arena);

/* Shuffles the curves of each loop and turns some of them: the same model, as a file may have it. */
void scramble_model(struct rng *rng, struct deepcad_model *model);

/* Fails the test unless both are the same to the last bit. */
void assert_same_models(const struct deepcad_model *a, const struct deepcad_model *b);

#endif
