/* SPDX-License-Identifier: MIT */
/*
 * degrade: what each degradation does to the pixels of a canvas.
 *
 *	degrade_ink_bleed(canvas, &recipe);
 *
 * One function for each row of degradation.h that is PIXELS or BOTH; scan.c calls those that are on,
 * in the order of the table. Up to the phase POSE the canvas shows the sheet as it lies on a board,
 * behind it what the camera or the scanner sees.
 */
#ifndef AUGMENT_DEGRADE_H
#define AUGMENT_DEGRADE_H

#include "augment/canvas.h"
#include "augment/recipe.h"

typedef void (*degrade_entry)(struct canvas *canvas, const struct recipe *recipe);

#define DEGRADE_DECLARE_WARP(name)
#define DEGRADE_DECLARE_TURN(name)
#define DEGRADE_DECLARE_PIXELS(name)                                                               \
	void degrade_##name(struct canvas *canvas, const struct recipe *recipe);
#define DEGRADE_DECLARE_BOTH(name)                                                                 \
	void degrade_##name(struct canvas *canvas, const struct recipe *recipe);
#define E(name, phase, kind, legibility, source, about) DEGRADE_DECLARE_##kind(name)
#define P(entry, name, lo, hi, least, most, about)
DEGRADATIONS(E, P)
#undef E
#undef P

/* The grain that degrade_paper_texture left to be put on: it is that of the last sheet, which no warp
 * changes to the eye. */
void degrade_grain(struct canvas *canvas);

#endif
