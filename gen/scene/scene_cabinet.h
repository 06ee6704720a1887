/* SPDX-License-Identifier: MIT */
/*
 * scene_cabinet: what the files of the family "cabinet" share.
 */
#ifndef GEN_SCENE_CABINET_H
#define GEN_SCENE_CABINET_H

#include "gen/scene/scene_families.h"

/* The dimensions that state every number of a cabinet's shapes, which are in canonical order; and,
 * in parentheses, some that follow from others. With `top` there is a top view, where width and depth
 * stand; with `leaders` these tell how thick boards are, which else stands in rows: always so where
 * the front view is small. */
void scene_cabinet_dimensions(struct scene *scene, bool top, bool leaders, struct rng *rng,
			      struct arena *arena);

#endif
