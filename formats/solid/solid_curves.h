/* SPDX-License-Identifier: MIT */
/*
 * solid_curves: the plane curves of a view of a solid, which are seen and which hidden.
 *
 *	count = solid_curves_tidy(curves, count, &arena, &curves);
 *	for (int i = 0; i < count; i++)
 *		if (curves[i].visible && curves[i].edge != SOLID_SMOOTH)
 *			solid_curve_path(&curves[i], 1e-5, &arena, &path);
 *
 * In any unit; y up.
 */
#ifndef FORMATS_SOLID_CURVES_H
#define FORMATS_SOLID_CURVES_H

#include <stdbool.h>

#include "base/arena.h"
#include "formats/scene/path.h"

enum solid_edge {
	SOLID_SHARP, /* two faces meet at an angle */
	SOLID_OUTLINE, /* the silhouette of a curved face; where its seam is there, it counts as sharp */
	SOLID_SMOOTH, /* two faces go on in each other: drafters leave these out */
};

struct solid_curve {
	enum solid_edge edge;
	bool visible;
	struct seg
		seg; /* a line, or an arc: a circle's has rx == ry, a whole one a sweep of 2 pi */
	struct vec *poles; /* NULL; else it is no seg but a chain of cubic Bezier curves */
	int pole_count;    /* 3 n + 1 */
};

/* Joins what touches or overlaps and goes on in the same line, circle or ellipse, and leaves out what
 * lies on a curve that is drawn anyway: hidden on visible, and smooth on others. Of equal curves the
 * sharp one stays. What is no longer than 1e-5 of the diagonal of all of them goes. Arcs are made
 * counter-clockwise, circles to begin at angle 0, lines to go right or else up. Sorted: visible before
 * hidden, then by kind of edge, then lines, arcs, splines by place. Returns how many there are in *out,
 * in the arena; those put in are kept. */
int solid_curves_tidy(const struct solid_curve *curves, int count, struct arena *arena,
		      struct solid_curve **out);

/* The point at t in [0, 1] from start to end; Bezier curves get equal shares. */
struct vec solid_curve_point(const struct solid_curve *curve, double t);

/* Appends the curve to the path: lines and arcs as they are, Bezier curves as chords no farther than
 * tolerance from them. */
void solid_curve_path(const struct solid_curve *curve, double tolerance, struct arena *arena,
		      struct path *path);

#endif
