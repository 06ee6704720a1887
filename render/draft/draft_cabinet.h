/* SPDX-License-Identifier: MIT */
/*
 * draft_cabinet: what the files of the family "cabinet" share: the boards that each view shows, as
 * rectangles, and where they lie on the sheet.
 *
 *	struct cabinet_rects rects = cabinet_rects_of_view(d, CABINET_FRONT);
 *	struct vec corner = cabinet_point(d, CABINET_FRONT, origin, rects.list[0].u0, ...);
 *
 * In a view u goes to the right and v up; both are thousandths, along the axes of
 * cabinet_view_axis. In first angle the side view is the one from the left: its u goes to the left.
 */
#ifndef RENDER_DRAFT_CABINET_H
#define RENDER_DRAFT_CABINET_H

#include "formats/scene/cabinet.h"
#include "render/draft/draft_family.h"

struct cabinet_rect {
	double u0, v0, u1, v1;
	int shape;
	enum layer layer;
};

struct cabinet_rects {
	int count, room;
	struct cabinet_rect *list; /* in the arena */
};

/* What the view shows, hidden edges too: LAYER_OUTLINE or LAYER_HIDDEN. In the view with doors these
 * are all boards of the front view, behind doors or not, and the doors. Empty without a carcass. */
struct cabinet_rects cabinet_rects_of_view(const struct drafter *d, enum cabinet_view view);

/* The box round them, in thousandths. */
struct box cabinet_extent(const struct cabinet_rects *rects);

/* Whether u of the view goes to the left. */
bool cabinet_is_mirrored(const struct drafter *d, enum cabinet_view view);

/* The point of the sheet for (u, v) of a view whose origin lies there. */
struct vec cabinet_point(const struct drafter *d, enum cabinet_view view, struct vec origin,
			 double u, double v);

/* Draws all views of the drawing. */
void cabinet_draw(struct drafter *d);

#endif
