/* SPDX-License-Identifier: MIT */
/*
 * image_from_drawing: the drawing as pixels, by Cairo.
 *
 *	struct raster *raster = raster_new(512, &err);		(one per thread)
 *	struct image image = image_from_drawing(raster, &drawing, font);
 *	raster_free(raster);
 */
#ifndef RENDER_RASTER_H
#define RENDER_RASTER_H

#include "base/err.h"
#include "fonts/font.h"
#include "formats/drawing/drawing.h"
#include "formats/image/image.h"

struct raster;

/* A square canvas of size_px; NULL with err where Cairo refuses the size. */
struct raster *raster_new(int size_px, struct err *err);
void raster_free(struct raster *raster);

/* Draws black on white, anti-aliased, the sheet's longer side size_px long. The 8-bit grey image
 * borrows the raster's pixels until the next call. */
struct image image_from_drawing(struct raster *raster, const struct drawing *drawing,
				const struct font *font);

#endif
