/* SPDX-License-Identifier: MIT */
/*
 * paper_grid: that the lines of printed paper are no geometry, said in the annotations.
 *
 *	paper_grid_annotate(&annotations, &recipe, &warp, px_per_mm, &arena);
 *	warp_annotations(&warp, &annotations, &arena);
 */
#ifndef AUGMENT_PAPER_GRID_H
#define AUGMENT_PAPER_GRID_H

#include "augment/recipe.h"
#include "augment/warp.h"
#include "base/arena.h"
#include "formats/drawing/annotations.h"

/* For each printed paper of the recipe an item that covers the clean picture. Its pitch in px is the one
 * seen in the middle of the sheet once the warp has moved it; in isometric paper the side of a triangle. */
void paper_grid_annotate(struct annotations *annotations, const struct recipe *recipe,
			 const struct warp *warp, double px_per_mm, struct arena *arena);

#endif
