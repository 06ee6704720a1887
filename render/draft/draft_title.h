/* SPDX-License-Identifier: MIT */
/*
 * draft_title: the title block of the style in the lower right corner of the frame.
 *
 *	draft_frame(&pen);
 *	if (!draft_title(&pen, &box)) ...	(no room for any)
 *
 * Private to the sheet.
 */
#ifndef RENDER_DRAFT_TITLE_H
#define RENDER_DRAFT_TITLE_H

#include "render/draft/sheet_pen.h"

/* Draws the block, sets pen->number and pen->revision and what it printed, takes its box and returns whether there is
 * one. */
bool draft_title(struct sheet_pen *pen, struct box *box);

/* Draws a table of one revision in the upper right corner, where there is a revision and
 * room. */
void draft_title_revisions(struct sheet_pen *pen);

#endif
