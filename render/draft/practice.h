/* SPDX-License-Identifier: MIT */
/*
 * practice: a drawing full of lettering, to learn reading from: a page of it teaches ten times what the
 * few numbers of a drawing do.
 *
 *	practice_letter(&drawing, font, &rng, &arena);
 *
 * The drawing's own texts come again and again with other digits, anywhere on the sheet and mostly level
 * or upright; they keep off each other, not off lines. They belong to no shape and state nothing.
 */
#ifndef RENDER_PRACTICE_H
#define RENDER_PRACTICE_H

#include "base/arena.h"
#include "base/rng.h"
#include "fonts/font.h"
#include "formats/drawing/drawing.h"

void practice_letter(struct drawing *drawing, const struct font *font, struct rng *rng,
		     struct arena *arena);

#endif
