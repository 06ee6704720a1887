/* SPDX-License-Identifier: MIT */
/*
 * traces: lines and arrowheads as a hand draws them, along T-square and compasses or without.
 *
 *	struct rng rng = rng_stream(seed, index, "hand", 0);
 *	traces_from_drawing(&drawing, &style, &rng, &arena);
 *	image = image_from_drawing(raster, &drawing, font);	(shows the traces)
 *
 * The drawing's strokes and arrows stay what was meant: labels, readers and DXF go by them.
 */
#ifndef RENDER_TRACES_H
#define RENDER_TRACES_H

#include "base/arena.h"
#include "base/rng.h"
#include "formats/drawing/drawing.h"
#include "formats/scene/style.h"

/* No ink of a TRACE_LINE or TRACE_AGAIN lies farther than this from its stroke or arrow, in mm,
 * without what it runs past the ends, and no place of a stroke is farther than this from such ink. */
double traces_reach_mm(const struct style *style);

/* Adds the traces that style->lines, pen, wobble_mm, overshoot_mm, double_share and
 * construction_share ask for, and the paleness of the pen; none for plotted lines. No trace meets a
 * text that its stroke does not meet. */
void traces_from_drawing(struct drawing *drawing, const struct style *style, struct rng *rng,
			 struct arena *arena);

#endif
