/* SPDX-License-Identifier: MIT */
/*
 * drawing_overlap: whether lettering stands clear, by exact geometry.
 *
 *	if (drawing_check_overlap(&drawing, &arena, &err) < 0)
 *		puts(err.msg);	("the text '40' meets a line: outline")
 *
 * The drafter keeps its own books of what is taken; this test knows nothing of them.
 */
#ifndef RENDER_DRAWING_OVERLAP_H
#define RENDER_DRAWING_OVERLAP_H

#include "base/arena.h"
#include "base/err.h"
#include "formats/drawing/drawing.h"

/* Whether the box of every text lies on the sheet and meets no ink that is not its own: no other
 * text's box, no arrowhead, no stroke in its full width, no trace of a hand. ERR_FORMAT names the
 * first text that does not. */
int drawing_check_overlap(const struct drawing *drawing, struct arena *arena, struct err *err);

#endif
