/* SPDX-License-Identifier: MIT */
/*
 * draft_position: positions from the datum, below and to the left of the view.
 *
 * Running: one line per axis with an arrow and a value at each position, from an origin circle.
 * Parallel: one dimension line per value, the shortest nearest. Both after ISO 129-1.
 */
#ifndef RENDER_DRAFT_POSITION_H
#define RENDER_DRAFT_POSITION_H

#include "render/draft_place.h"

/* Where extension lines of a shape begin below (y) and left (x) of its anchor: 0, or past the centre
 * mark. */
struct position_stub {
	double x, y;
};

/* Room that the positions of the scene need beside the datum: x to its left, y below it. */
struct vec draft_position_margins(const struct scene *scene, const struct style *style);

/* Draws all positions. Returns 0, or -1 where two values stand too near to each other. stubs: one
 * per shape. */
int draft_positions(struct drafter *d, const struct position_stub *stubs);

#endif
