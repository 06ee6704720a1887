/* SPDX-License-Identifier: MIT */
/*
 * scan_from_image: a clean picture as a scanner or a camera would have it.
 *
 *	struct canvas *canvas = canvas_new(512, 512);		(one per thread)
 *	struct recipe recipe = recipe_from_sheet(&style.degradation, seed, index, 0);
 *	struct scan scan;
 *	scan_from_image(&scan, canvas, &clean, &annotations, &recipe, px_per_mm, &arena);
 *	warp_annotations(&scan.warp, &annotations, &arena);
 */
#ifndef AUGMENT_SCAN_H
#define AUGMENT_SCAN_H

#include "augment/canvas.h"
#include "augment/recipe.h"
#include "augment/warp.h"
#include "base/arena.h"
#include "formats/image/image.h"

struct scan {
	struct image
		image; /* of the clean one's size or that turned, grey or RGB; in the canvas until
			       that is used again */
	struct warp warp; /* where everything went */
};

/* Everything in the recipe, in the order of degradation.h; the clean picture is at most as large as
 * the canvas. px_per_mm is its scale. The same recipe gives the same bytes on any machine.
 *
 * The annotations are those of the clean picture: what is done to single numbers finds them there, and
 * leaves there what it did; corrections and printed papers become items. Their polygons stay the clean
 * picture's until warp_annotations. NULL: single numbers are left alone. */
void scan_from_image(struct scan *out, struct canvas *canvas, const struct image *clean,
		     struct annotations *annotations, const struct recipe *recipe, double px_per_mm,
		     struct arena *arena);

#endif
