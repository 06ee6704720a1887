/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "gen/scene_families.h"

void scene_turned(struct scene *scene, const struct scene_params *params, struct rng *rng,
		  struct arena *arena)
{
	scene_shapes(scene, params, rng, arena);
}
