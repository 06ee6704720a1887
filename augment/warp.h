/* SPDX-License-Identifier: MIT */
/*
 * warp: where everything on the sheet went: all that moves pixels, as one map.
 *
 *	struct warp w = warp_from_recipe(&recipe, width, height, px_per_mm, &arena);
 *	warp_canvas(&w, canvas, &arena);		(each pixel is sampled once)
 *	p = warp_point(&w, p);				(and annotations go the same way)
 *
 * Both sides are pixels, (0,0) the upper left corner of the upper left pixel, as in annotations.h.
 * The map is held backwards, from the moved picture to the clean one, as a lattice every WARP_STEP
 * pixels; between its points it is bilinear, by definition: so picture and annotations agree to the
 * last bit of the arithmetic, and what a lattice cannot follow (less than 0.1 px, for all that is in
 * degradation.h) is a matter of what the sheet looked like, not of the labels. Quarter turns are no
 * part of it: they are exact, and come last.
 */
#ifndef AUGMENT_WARP_H
#define AUGMENT_WARP_H

#include <stdbool.h>

#include "augment/canvas.h"
#include "augment/recipe.h"
#include "base/arena.h"
#include "formats/drawing/annotations.h"
#include "formats/scene/path.h"

#define WARP_STEP 8
#define WARP_MARGIN 2 /* cells beyond the picture; farther out the last cell goes on */

struct warp {
	int width, height; /* of the clean picture */
	int columns, rows;
	double *x, *y; /* the clean place of lattice point (i - MARGIN) STEP, (j - MARGIN) STEP */
	bool moves;    /* false: everything stays where it is, and there is no lattice */
	int turns;     /* quarters, counter-clockwise, that the picture makes at last */
};

/* In the arena. */
struct warp warp_from_recipe(const struct recipe *recipe, int width, int height, double px_per_mm,
			     struct arena *arena);

/* The place on the clean picture that is seen at p. */
struct vec warp_back(const struct warp *warp, struct vec p);

/* Where the place p of the clean picture is seen; it may lie beyond the picture. */
struct vec warp_point(const struct warp *warp, struct vec p);

/* The line through the map: cut into pieces of at most WARP_STEP px, moved, and thinned again where
 * that changes it by less than 0.05 px. In the arena. */
struct polyline warp_polyline(const struct warp *warp, const struct polyline *line,
			      struct arena *arena);

/* Where p of a picture of width x height is seen once that made so many quarter turns. */
struct vec warp_turn_point(struct vec p, int width, int height, int turns);

/* All polygons of the annotations, which are replaced, and the picture's size. */
void warp_annotations(const struct warp *warp, struct annotations *annotations,
		      struct arena *arena);

/* What moves, without the turns: samples every plane once, by cubic convolution (Keys 1981, a = -1/2), blurred before where the
 * picture shrinks. What lies beyond the clean picture is its edge. */
void warp_canvas(const struct warp *warp, struct canvas *canvas);

/* Whether the cell of the lattice from pixel (x0, y0) on sees the clean picture alone, and no pixel within
 * 1 px of its edge. */
bool warp_sees_sheet(const struct warp *warp, int x0, int y0);

/* Without the turns, too: how far inside the clean picture the pixels x0..x0+WARP_STEP-1 of row y are, in its pixels;
 * negative outside. */
void warp_inside(const struct warp *warp, int x0, int y, float out[WARP_STEP]);

#endif
