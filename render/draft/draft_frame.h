/* SPDX-License-Identifier: MIT */
/*
 * draft_frame: the frame of the style, with its zones and marks.
 *
 *	draft_frame(&pen);		(sets pen.inside, pen.framed and the field)
 *	... title block ...
 *	draft_frame_marks(&pen);	(what gives way to the title block)
 *
 * Private to the sheet. Sources: ISO 5457 (frame, centring and trimming marks, grid reference),
 * ASME Y14.1 (zones from the lower right), GOST 2.104 (frame, additional fields).
 */
#ifndef RENDER_DRAFT_FRAME_H
#define RENDER_DRAFT_FRAME_H

#include "render/draft/sheet_pen.h"

/* Draws the frame and what lies outside it. A sheet too small for the margins asked for gets a
 * plain frame, one too small for that none. */
void draft_frame(struct sheet_pen *pen);

/* Draws centring marks (ISO), which reach into the frame where nothing is, and the upside-down
 * number (GOST). */
void draft_frame_marks(struct sheet_pen *pen);

#endif
