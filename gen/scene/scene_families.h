/* SPDX-License-Identifier: MIT */
/*
 * scene_families: the random scenes of each family, behind scene_from_seed.h, and the sheets that
 * they are drawn on. One file per family: scene_shapes.c, scene_plate.c, scene_turned.c,
 * scene_cabinet.c.
 */
#ifndef GEN_SCENE_FAMILIES_H
#define GEN_SCENE_FAMILIES_H

#include "gen/scene/scene_from_seed.h"

void scene_shapes(struct scene *scene, const struct scene_params *params, struct rng *rng,
		  struct arena *arena);
void scene_plate(struct scene *scene, const struct scene_params *params, struct rng *rng,
		 struct arena *arena);
void scene_turned(struct scene *scene, const struct scene_params *params, struct rng *rng,
		  struct arena *arena);
void scene_cabinet(struct scene *scene, const struct scene_params *params, struct rng *rng,
		   struct arena *arena);

/* The longest side of a sheet on which the smallest digits are 7 px high, in whole millimetres,
 * 50 to 420. */
int64_t scene_longest_um(const struct scene_params *params);

/* The side of a square sheet for loose shapes, at most 210 mm. */
int64_t scene_square_um(const struct scene_params *params);

/* A sheet for a part: A3 to A6 upright or on its side, ANSI A for inches, or a square; as large as
 * scene_longest_um allows, sometimes one size smaller. */
void scene_pick_sheet(struct scene *scene, const struct scene_params *params, struct rng *rng);

/* How high, in mm, the title block will be that the style asks for and that fits on the scene's
 * sheet, with what is clear above it: views stand above. 0: none. */
double scene_title_mm(const struct scene *scene, const struct scene_params *params);

/* The standard scale (ISO 5455) at which width x height (thousandths of the scene's unit) fill as much
 * of free_width x free_height paper mm as possible; sets scale_paper and scale_real. */
void scene_pick_scale(struct scene *scene, int64_t width, int64_t height, double free_width,
		      double free_height);

/* Appends a dimension; scene->dimensions has room for SCENE_DIMENSIONS_MAX. */
struct dimension *scene_add_dimension(struct scene *scene, enum dim_kind kind, int shape,
				      enum param param);

/* Sorts the shapes canonically, before dimensions refer to them. */
void scene_sort_shapes(struct scene *scene);

#endif
