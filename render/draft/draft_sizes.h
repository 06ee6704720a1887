/* SPDX-License-Identifier: MIT */
/*
 * draft_sizes: dimensions of sizes and directions, each placed where it collides least.
 *
 * Each function tries the places that practice knows, from the usual to the unusual, and draws the
 * cheapest. All return 0, or -1 where every place collides. Angles in radians, lengths in mm on the
 * sheet.
 */
#ifndef RENDER_DRAFT_SIZES_H
#define RENDER_DRAFT_SIZES_H

#include "render/draft/draft_place.h"

#define LINEAR_INSIDE 6

/* A linear dimension between a and b (in the direction `along`, unit), drawn on either side; reach
 * is how far the shape extends from the line a-b to the left (0) and right (1) of `along`. The
 * extension lines start at from[side][0] for a and from[side][1] for b. */
struct linear_spec {
	struct vec along;
	struct vec from[2][2];
	double reach[2];
	double skip_mm; /* how far the extension lines run along the round outline they begin at */

	/* Outside a view: reach goes to the view's edge, beyond which all dimensions stand in rows, the
	 * shortest nearest. Inside the view extension lines may run along anything. */
	bool in_rows;
	int first_row; /* the nearest row where it may stand */
	int row[2]; /* planned on either side, 1 the nearest; 0: none is. The outer are drawn first */
	bool stagger;     /* the lettering stands off the middle, for that of the next row's sake */
	double beyond[2]; /* further cost of lettering beyond a and b */
	double cost[2];   /* of either side; INFINITY: not there */
	double limit[2];  /* how far out rows go: something else is there; 0: to the sheet's end */
	bool bare[2][2];  /* no extension line at from[side][end]: the outline itself is there */

	/* Also on the figure itself, where the arrows meet its outline: these distances out from
	 * from[0][0]. The figure's centre line crosses in the middle. clear: how far lettering beyond a
	 * and b keeps off the tips, for what stands there. */
	int inside_count;
	double inside[LINEAR_INSIDE];
	double inside_cost, clear[2];
	bool snug;  /* between walls that leave just room for the arrowheads */
	bool first; /* it stands in few places: goes before the rows */

	/* Of a symmetrical figure one half is shown: a lies past the axis and has neither arrow nor
	 * extension line. ISO 129-1, ASME Y14.5. */
	bool half;
};
int draft_linear(struct drafter *d, int dimension, const struct linear_spec *spec);

/* Between rows: the style's, but never so little that lettering of two rows would look like one. */
double draft_spacing(const struct style *style);

#define ROW_MARGIN_MM 0.5 /* clear ring of lettering in regular rows */

/* Circular arcs that the dimension may point at. */
#define RADIAL_ARCS 8
struct radial_spec {
	bool diameter;
	bool hollow;  /* the centre lies outside the part: leaders come from there */
	bool outside; /* on leaders only: the lettering says more than the size */
	bool snug; /* arrowheads may lie on outlines: another circle is close round it or within */
	int count;
	struct proposal_arc arcs[RADIAL_ARCS];
};
int draft_radial(struct drafter *d, int dimension, const struct radial_spec *spec);

/* The angle at `vertex` from direction `from` through `sweep`, or the length of an arc there. A side that is already drawn from the
 * vertex on reaches up to drawn[i]; 0 where nothing is drawn. */
struct angular_spec {
	struct vec vertex;
	double from, sweep;
	double drawn[2];
	double outline_radius; /* of an outline about the same vertex, 0 for none: keep away from it */
	bool beside_outline; /* the length of that outline: drawn beside it, from its ends on */
};
int draft_angular(struct drafter *d, int dimension, const struct angular_spec *spec);

/* Lettering on the shelf of a leader that ends at one of some points: with an arrow on an outline,
 * or with a dot inside one. */
#define LEADER_TIPS 8
struct leader_spec {
	int count;
	struct vec tips[LEADER_TIPS];
	struct vec outs[LEADER_TIPS]; /* unit: the way the leader leaves the part there */
	bool dot;
};
int draft_leader(struct drafter *d, int dimension, const struct leader_spec *spec);

#endif
