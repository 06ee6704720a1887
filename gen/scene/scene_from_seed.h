/* SPDX-License-Identifier: MIT */
/*
 * scene_from_seed: random scenes.
 *
 *	struct scene_params params = {.weight[FAMILY_PLATE] = 1, .size_px = 1024,
 *				      .digit_um = 3500, .text_um = 3500,
 *				      .offset_um = 10000, .spacing_um = 8000,
 *				      .max_overlap = 0.2};
 *	struct rng rng = rng_stream(seed, index, "scene", attempt);
 *	scene_from_seed(&scene, &params, &rng, &arena);
 *
 * The scene knows the sheet it will be drawn on, its unit and how much room lettering and dimension
 * lines of the style may take, and nothing else of it.
 */
#ifndef GEN_SCENE_FROM_SEED_H
#define GEN_SCENE_FROM_SEED_H

#include "base/arena.h"
#include "base/rng.h"
#include "formats/scene/scene.h"

#define SCENE_DIGIT_PX 7 /* lower digits are misread, by people and by tesseract */

struct scene_params {
	double weight[FAMILY_COUNT_]; /* how often each family comes, relative to the others */
	enum unit unit;
	int64_t size_px;    /* the longer side of the picture */
	int64_t digit_um;   /* height of the smallest digits */
	int64_t text_um;    /* of the largest, which take room */
	int places;         /* printed behind the decimal mark even where they are zeros */
	int64_t arrow_um;   /* length of arrowheads */
	int64_t offset_um;  /* from the outline to the nearest dimension line */
	int64_t spacing_um; /* between dimension lines */
	int64_t frame_um;   /* of the sheet's width and height, outside a frame; 0: none */
	int64_t title_um;   /* height of the title block, where it is the large one; 0: none */
	double max_overlap; /* family shapes: of two bounding boxes, as a share of the smaller; 0..1 */
};

/* Draws a scene from the generator; always succeeds. The scene lives in the arena. */
void scene_from_seed(struct scene *scene, const struct scene_params *params, struct rng *rng,
		     struct arena *arena);

#endif
