/* SPDX-License-Identifier: MIT */
/*
 * draft_symbol: what stands on drawings besides dimensions, and says nothing of the label: surface
 * texture, datum letters, tolerance frames.
 */
#ifndef RENDER_DRAFT_SYMBOL_H
#define RENDER_DRAFT_SYMBOL_H

#include "render/draft/draft_place.h"

/* Draws some, where the dice of style->symbol_share say so and there is room; all on LAYER_SYMBOL.
 * Edges and dimensions are on the drawing already. Sources: ISO 1302, ISO 1101, ISO 5459. */
void draft_symbols(struct drafter *d);

#endif
