/* SPDX-License-Identifier: MIT */
/*
 * recipe: what happens to one drawing, drawn from a style's ranges.
 *
 *	struct recipe recipe = recipe_from_sheet(&style.degradation, seed, index, 0);
 *	if (recipe.on[DEGRADATION_skew])
 *		angle = RECIPE(&recipe, skew, angle_deg);
 *
 * Each degradation draws from a stream of its own, so that one more or less leaves the others alone.
 */
#ifndef AUGMENT_RECIPE_H
#define AUGMENT_RECIPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rng.h"
#include "formats/scene/degradation.h"

struct recipe {
	bool on[DEGRADATION_COUNT_];
	uint64_t seed[DEGRADATION_COUNT_];      /* of what else it draws */
	double value[DEGRADATION_PARAM_COUNT_]; /* of those that are on */
};

#define RECIPE(recipe, entry, param) ((recipe)->value[DEGRADATION_##entry##_##param])

/* That of sample `index`; attempt counts recipes thrown away before it. */
struct recipe recipe_from_sheet(const struct degradation_sheet *sheet, uint64_t seed,
				uint64_t index, uint32_t attempt);

/* Draws for one degradation, always from the start. */
struct rng recipe_rng(const struct recipe *recipe, enum degradation which);

/* Uniform in [lo, hi). */
double recipe_between(struct rng *rng, double lo, double hi);

#endif
