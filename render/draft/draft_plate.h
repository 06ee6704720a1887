/* SPDX-License-Identifier: MIT */
/*
 * draft_plate: the parts of the drafter of plates, and what they hand to each other.
 *
 *	plate_plan_sides(d);			draft_plate_rows.c: which dimension stands on which side
 *	plate_plan_ordinates(d);		draft_plate_ordinates.c
 *	plate_plan_table(d, &taken);		draft_plate_table.c: the table, its room, names of holes
 *	plate_draw(d); plate_mark(d);		draft_plate_edges.c
 */
#ifndef RENDER_DRAFT_PLATE_H
#define RENDER_DRAFT_PLATE_H

#include "formats/scene/plate.h"
#include "render/draft/draft_family.h"

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

/* A value at the end of its extension line; all in mm. */
struct plate_ordinate {
	int dimension; /* DRAWING_NOBODY: the datum's */
	double from;   /* along the axis, from the datum */
	double at;     /* the same of the lettering: elsewhere, the extension line has a jog */
	double start;  /* of the extension line, across the axis from the datum */
	double width;  /* of the lettering */
	struct lettering_block lettering;
};

/* Those of one axis, rising. */
struct plate_ordinates {
	int count;
	struct plate_ordinate *list;
	enum plate_side side;
	bool level;         /* the lettering is level, whatever way the extension lines run */
	double jog[2], end; /* where jogs lie and extension lines end, from the edge of the view */
};

/* The table of holes, on the sheet. */
struct plate_table {
	int count;           /* of holes; 0: there is no table */
	struct tabled *rows; /* in the order of the table */
	double columns[4];   /* widths */
	double row_mm;       /* height */
	const char *heads[4];
	struct vec corner; /* lower left */
};

struct plate_plan {
	struct box view;               /* the plate in sheet mm from the datum */
	bool symmetric[2];             /* a centre line lies across x, or y, through its middle */
	struct plate_row *rows;        /* one per dimension */
	int row_count[SIDES_OF_PLATE]; /* lines that lie one above the other there */
	double overhang
		[SIDES_OF_PLATE]; /* how far dimensions of the other axis reach past the view */
	struct plate_ordinates ordinates[2]; /* of x and y */
	struct plate_table table;
};

/* Sets d->family to a new plan: sides and rows, ordinates, the table, without a place on the sheet
 * yet. -1 as plate_plan_ordinates. */
int plate_plan_sides(struct drafter *d);

/* The side of the line that all positions along x (or y) stand on, if they do. */
enum plate_side plate_line_side(const struct drafter *d, bool is_x);

enum plate_side plate_other_side(enum plate_side side);

/* Lays out the ordinates; part of the plan. -1 where they would have to stand too far from what they
 * state. Then the room that they take outside the view on their side; draws them: -1 where lettering
 * meets something. */
int plate_plan_ordinates(struct drafter *d);
double plate_ordinates_room(const struct plate_ordinates *ordinates);
int plate_draw_ordinates(struct drafter *d);

/* What the table says and how large it is; part of the plan. */
void plate_plan_table(struct drafter *d);

/* How far the axes of the table stick out of the view, to the right and above. */
double plate_axis_mm(const struct drafter *d, bool is_x);

/* A place for the table on the sheet, the i-th from the usual on: sets its corner and adds its box to
 * taken. Rows may be low where there is little room. false: there are not so many. */
bool plate_place_table(struct drafter *d, struct sheet_taken *taken, int i, bool low);

/* Draws the table, the axes of its coordinates and the names at the holes; -1 where a name finds no
 * place. */
int plate_draw_table(struct drafter *d);

/* Where the extension line of a coordinate begins on that side, in mm from the datum across the axis:
 * behind the centre mark or at the corner of the nearest feature that has the coordinate. */
double plate_start(const struct drafter *d, bool is_x, int64_t at, enum plate_side side);

/* Sheet point of a point in the scene's unit. */
struct vec plate_point(const struct drafter *d, struct vec p);

void plate_draw(struct drafter *d);
void plate_mark(struct drafter *d);

#endif
