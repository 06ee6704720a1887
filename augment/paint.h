/* SPDX-License-Identifier: MIT */
/*
 * paint: things laid on a sheet: strokes, discs, polygons, in any colour.
 *
 *	struct mask m = mask_new(canvas, box);		(in the arena; clipped to the picture)
 *	mask_line(&m, a, b, 1.5);
 *	paint_ink(canvas, &m, colour_of_hue(0), 0.8);
 *
 * A mask lasts as long as the step; many of them are given back one by one, by arena_mark and
 * arena_release. It gathers how much of each pixel is covered, so that what crosses itself is not darker
 * there.
 */
#ifndef AUGMENT_PAINT_H
#define AUGMENT_PAINT_H

#include "augment/canvas.h"
#include "formats/scene/path.h"

struct mask {
	int x0, y0, width, height; /* px; a mask beside the picture has no pixels */
	float *cover;              /* 0 to 1, row by row */
};

struct colour {
	float rgb[3];
};

/* Empty, for what lies in the box. */
struct mask mask_new(const struct canvas *canvas, struct box box);

/* Adds a stroke with round ends, a disc, a convex polygon (either way round). */
void mask_line(struct mask *mask, struct vec a, struct vec b, double width);
void mask_disc(struct mask *mask, struct vec centre, double radius);
void mask_polygon(struct mask *mask, const struct vec *points, int count);

/* Multiplies the cover by noise of 0 to 1 that reaches both ends the more, the larger `much` is. */
void mask_wear(struct mask *mask, uint64_t seed, double size_px, double much);

/* Transparent: what is below is multiplied. Opaque: it is replaced. alpha: of a full cover. A colour
 * makes a grey picture coloured, a grey does not. */
void paint_ink(struct canvas *canvas, const struct mask *mask, struct colour colour, double alpha);
void paint_over(struct canvas *canvas, const struct mask *mask, struct colour colour, double alpha);

struct colour colour_grey(double light);

/* A printing ink: full, of that hue. */
struct colour colour_of_hue(double hue_deg);

/* From a to b. */
struct colour colour_between(struct colour a, struct colour b, double t);

bool colour_is_grey(struct colour colour);

#endif
