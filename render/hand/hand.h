/* SPDX-License-Identifier: MIT */
/*
 * hand: who draws the traces of a drawing, and where lettering already stands.
 *
 *	struct hand hand = hand_new(&drawing, &style, &rng, &arena);
 *	if (hand_meets_text(&hand, points, 12, 0.3)) ...
 *	hand_draw_arrow(&hand, 3);
 */
#ifndef RENDER_HAND_H
#define RENDER_HAND_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/rng.h"
#include "formats/drawing/drawing.h"
#include "formats/scene/style.h"
#include "render/hand/pen.h"

/* Corners of arrowheads drawn freehand are off by this share of its length, each way. */
#define HAND_ARROW_JITTER 0.05

/* Where lettering stands. */
struct hand_text {
	struct vec corners[4], along;
	struct box box; /* round them */
};

struct hand {
	struct drawing *drawing; /* borrowed, as all */
	const struct style *style;
	const struct pen *pen;
	struct rng *rng;
	struct arena *arena;
	struct hand_text *texts; /* of the drawing */
	double sway_mm;          /* of long lines */
	bool freehand;
};

/* Everything is borrowed; what the hand adds lies in the arena. */
struct hand hand_new(struct drawing *drawing, const struct style *style, struct rng *rng,
		     struct arena *arena);

/* How far lines of any length may sway, in units of which a line uses up to three. */
double hand_sway_mm(const struct style *style);

/* Uniform in lo to hi. */
double hand_between(struct hand *hand, double lo, double hi);

/* Near a normal number of deviation 0.33, within -1 to 1. */
double hand_about(struct hand *hand);

/* Whether a chain of lines comes nearer than clear_mm to lettering. */
bool hand_meets_text(const struct hand *hand, const struct vec *points, int count, double clear_mm);

/* Whether the box round the points is nearer than that to the box round some lettering; where it is
 * not, no line within it can meet any. */
bool hand_is_near_text(const struct hand *hand, const struct vec *points, int count,
		       double clear_mm);

/* Adds the traces of the drawing's arrowhead. */
void hand_draw_arrow(struct hand *hand, int index);

#endif
