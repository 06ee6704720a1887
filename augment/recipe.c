/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "augment/recipe.h"

#define MILLI 1000

static double draw_value(const struct degradation_range *range, struct rng *rng)
{
	int64_t v = range->lo;

	if (range->lo < range->hi)
		v = rng_range(rng, range->lo, range->hi);
	return (double)v / MILLI;
}

static uint64_t draw_seed(struct rng *rng)
{
	uint64_t high = rng_u32(rng);

	return high << 32 | rng_u32(rng);
}

struct recipe recipe_from_sheet(const struct degradation_sheet *sheet, uint64_t seed,
				uint64_t index, uint32_t attempt)
{
	struct rng all = rng_stream(seed, index, "scan", attempt);
	uint64_t key = draw_seed(&all);
	struct rng rng = all;
	struct recipe recipe;
	int last = -1;

	memset(&recipe, 0, sizeof(recipe));
	for (int i = 0; i < DEGRADATION_COUNT_; i++) {
		rng = rng_stream(key, 0, degradation_name((enum degradation)i), 0);
		recipe.on[i] = rng_below(&rng, MILLI) < (uint32_t)sheet->share[i];
		recipe.seed[i] = draw_seed(&rng);
	}
	for (int i = 0; i < DEGRADATION_PARAM_COUNT_; i++) {
		int which = (int)degradation_of_param((enum degradation_param)i);

		if (which != last)
			rng = rng_stream(key, 1, degradation_name((enum degradation)which), 0);
		last = which;
		if (recipe.on[which])
			recipe.value[i] = draw_value(&sheet->range[i], &rng);
	}
	return recipe;
}

struct rng recipe_rng(const struct recipe *recipe, enum degradation which)
{
	return rng_stream(recipe->seed[which], 0, degradation_name(which), 0);
}

double recipe_between(struct rng *rng, double lo, double hi)
{
	return lo + (hi - lo) * rng_unit(rng);
}
