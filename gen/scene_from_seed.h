/* SPDX-License-Identifier: MIT */
/*
 * scene_from_seed: random scenes.
 *
 *	struct scene_params params = {.family = FAMILY_SHAPES, .sheet_um = scene_sheet_um(512),
 *				      .max_overlap = 0.2};
 *	struct rng rng = rng_stream(seed, index, "scene", attempt);
 *	scene_from_seed(&scene, &params, &rng, &arena);
 *
 * The scene knows the sheet it will be drawn on, and nothing of the style.
 */
#ifndef GEN_SCENE_FROM_SEED_H
#define GEN_SCENE_FROM_SEED_H

#include "base/arena.h"
#include "base/rng.h"
#include "formats/scene.h"

struct scene_params {
	enum family family;
	int64_t sheet_um;
	double max_overlap; /* of two bounding boxes, as a share of the smaller; 0..1 */
};

/* The side of the sheet that a picture of size_px shows. A digit of 3.5 mm stays at least 7 px high:
 * small pictures show small sheets, from 512 px on the sheet is 210 mm. */
int64_t scene_sheet_um(int64_t size_px);

/* Draws a scene from the generator; always succeeds. The scene lives in the arena. */
void scene_from_seed(struct scene *scene, const struct scene_params *params, struct rng *rng,
		     struct arena *arena);

#endif
