/* SPDX-License-Identifier: MIT */
/*
 * draft_position: positions from the datum, below and to the left of the view, after ISO 129-1.
 *
 * Running: one line per axis with an arrow and a value at each position, from an origin circle.
 * Those with a line each (parallel dimensioning) are linear dimensions in rows.
 */
#ifndef RENDER_DRAFT_POSITION_H
#define RENDER_DRAFT_POSITION_H

#include "render/draft/draft_place.h"

#define DATUM_RIM_MM 6.0 /* how far the lines of the datum reach into the view */

/* Room that the positions of the scene need beside the datum: x to its left, y below it. */
struct vec draft_position_margins(const struct drafter *d);

/* Draws the positions of all shapes as running dimensions. Returns 0, or -1 where two values stand
 * too near to each other. starts, one per dimension: how far from the datum, towards the view, its
 * extension line begins. */
int draft_running(struct drafter *d, const double *starts);

#endif
