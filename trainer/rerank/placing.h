/* SPDX-License-Identifier: MIT */
/*
 * placing: where on a picture a part lies, and how well its outlines explain the lines there.
 *
 *	struct ridges ridges = ridges_from_picture(pixels, side, &arena);
 *	struct outline outline = outline_from_figure(&figure, &arena);
 *	struct placing placing = placing_search(&outline, &ridges, &arena);
 *	placing = placing_refine(&outline, &ridges, &placing);
 *	double misfit = placing_misfit(&outline, &ridges, &placing);
 *
 * The part is drawn in one view, x to the right and y up, in any scale, and but for a few degrees not
 * turned. Its origin is the datum of its dimensions, or a corner, or on an axis: straight lines along
 * both axes go through it.
 */
#ifndef TRAINER_PLACING_H
#define TRAINER_PLACING_H

#include "trainer/rerank/ridges.h"
#include "trainer/score/figure.h"

/* A figure's edges in the plane, and points on them at equal distances. */
struct outline {
	const struct figure *figure;
	struct vec *points; /* mm */
	int count;
	double length;     /* mm of all edges */
	struct vec lo, hi; /* its box */
	bool is_crossed;   /* straight lines cross at the origin; else they go past it */
};

/* px = x + scale * (mm turned by turn); y is down on the picture. */
struct placing {
	double scale; /* px per mm; 0: there is none */
	double x, y;  /* of the origin, px */
	double turn;  /* radians, counter-clockwise */
};

/* The figure, which has edges, is borrowed. The origin is that of dimensions alone where is_free, and
 * their lines cross there; else it lies on the part, the lines of which may end before it. */
struct outline outline_from_figure(const struct figure *figure, bool is_free, struct arena *arena);

/* Where a point of the part lies on the picture. */
struct vec placing_point(const struct placing *placing, struct vec mm);

/* mm from a point to the nearest edge in the plane, most at most. */
double outline_distance(const struct figure *figure, struct vec point, double most);

/* Tries the origin at all crossings of straight lines, in all scales from PLACING_LEAST of the side up;
 * scale 0 where the picture has no such lines, or shows too little of the outline. */
struct placing placing_search(const struct outline *outline, const struct ridges *ridges);

/* The same where three quarters of the outline may be wrong. */
struct placing placing_search_loose(const struct outline *outline, const struct ridges *ridges);

/* Coordinates of a part, mm from its origin. */
struct coordinates {
	const double *x, *y;
	int x_count, y_count;
};

/* Where straight lines of the picture are at the most of these coordinates, and at the origin, the best first: most at
 * most; returns how many. For that nothing of an outline needs to be right. */
int placing_search_coordinates(const struct coordinates *of, const struct ridges *ridges,
			       struct placing *list, int most);

/* Whether both lay a part on a picture of that side within two pixels. */
bool placing_is_same(const struct placing *a, const struct placing *b, int side);

/* The best one near by. */
struct placing placing_refine(const struct outline *outline, const struct ridges *ridges,
			      const struct placing *from);

/* px * px: what it explains, less what it is off; -INFINITY where there is none. */
double placing_worth(const struct outline *outline, const struct ridges *ridges,
		     const struct placing *placing);

/* How many of the outline's points lie on lines, 0 to 1. */
double placing_share(const struct outline *outline, const struct ridges *ridges,
		     const struct placing *placing);

/* px: how far those points are off, in the mean. */
double placing_noise(const struct outline *outline, const struct ridges *ridges,
		     const struct placing *placing);

/* px * px: distances from the outline to the nearest lines, summed along it. */
double placing_off(const struct outline *outline, const struct ridges *ridges,
		   const struct placing *placing);

/* px * px: placing_off, thrice; distances from all lines to the outline, a pixel at most, four times those of thick
 * ones and half of thin ones; and of the origin from the straight lines, each of which counts as a tenth of
 * the side. No distance is above RIDGES_REACH. */
double placing_misfit(const struct outline *outline, const struct ridges *ridges,
		      const struct placing *placing);

/* Takes the best one near `from` in place of *placing, of that misfit, where it fits better. */
void placing_improve(const struct outline *outline, const struct ridges *ridges,
		     const struct placing *from, struct placing *placing, double *misfit);

#endif
