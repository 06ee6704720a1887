/* SPDX-License-Identifier: MIT */
/*
 * draft_plate: the parts of the drafter of plates, and what they hand to each other.
 *
 *	plate_plan_sides(d);			draft_plate_rows.c: which dimension stands on which side
 *	plate_draw(d); plate_mark(d);		draft_plate_edges.c
 */
#ifndef RENDER_DRAFT_PLATE_H
#define RENDER_DRAFT_PLATE_H

#include "formats/plate.h"
#include "render/draft_family.h"

/* Sides of the view; margins of drafter_find_room are in this order. */
enum plate_side { SIDE_LEFT, SIDE_RIGHT, SIDE_BELOW, SIDE_ABOVE, SIDES_OF_PLATE };

#define PAST_AXIS_MM 4.0 /* how far half a dimension line passes the centre line */

/* Of a size that is the same on both sides of a centre line one half may be drawn. */
enum plate_half { HALF_NONE, HALF_LOW, HALF_HIGH }; /* where the arrow stands */

/* A linear dimension outside the view. */
struct plate_row {
	bool in_rows; /* false: stands elsewhere, or nowhere */
	bool is_x;
	int64_t at[2]; /* the coordinates that it joins, rising */
	enum plate_side side;
	int row; /* 1 is the nearest to the view */
	enum plate_half half;
};

struct plate_plan {
	struct box view;               /* the plate in sheet mm from the datum */
	bool symmetric[2];             /* a centre line lies across x, or y, through its middle */
	struct plate_row *rows;        /* one per dimension */
	int row_count[SIDES_OF_PLATE]; /* lines that lie one above the other there */
	double overhang
		[SIDES_OF_PLATE]; /* how far dimensions of the other axis reach past the view */
};

/* Sets d->family to a new plan: sides and rows, without a place on the sheet yet. */
void plate_plan_sides(struct drafter *d);

/* Where the extension line of a coordinate begins on that side, in mm from the datum across the axis:
 * behind the centre mark or at the corner of the nearest feature that has the coordinate. */
double plate_start(const struct drafter *d, bool is_x, int64_t at, enum plate_side side);

/* Sheet point of a point in the scene's unit. */
struct vec plate_point(const struct drafter *d, struct vec p);

void plate_draw(struct drafter *d);
void plate_mark(struct drafter *d);

#endif
