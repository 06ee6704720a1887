/* SPDX-License-Identifier: MIT */
/*
 * path: exact plane curves, as lines and (elliptical) arcs.
 *
 *	struct path path = {0};
 *	path_add_line(&path, arena, a, b);
 *	path_add_arc(&path, arena, centre, r, r, 0, 0, 2 * M_PI);
 *	struct polyline poly = polyline_from_path(&path, 0.05, arena);
 *
 * Plain doubles in whatever unit the owner says; y up, angles counter-clockwise in radians.
 */
#ifndef FORMATS_PATH_H
#define FORMATS_PATH_H

#include <stdbool.h>

#include "base/arena.h"

struct vec {
	double x, y;
};

struct box {
	double x0, y0, x1, y1; /* x0 <= x1, y0 <= y1 */
};

enum seg_kind { SEG_LINE, SEG_ARC };

/* One piece of a path. For a line only a and b hold. An arc is the ellipse centre + rot(rx cos t,
 * ry sin t) for t from `from` to `from + sweep`; a and b are its end points, kept for readers. */
struct seg {
	enum seg_kind kind;
	struct vec a, b;
	struct vec centre;
	double rx, ry;
	double rotation;
	double from, sweep; /* |sweep| <= 2 pi */
};

/* Segments joined end to end; several subpaths are several paths. */
struct path {
	struct seg *segs; /* in the arena */
	int count, room;
	bool closed; /* the last segment ends where the first begins */
};

/* A flattened path; a closed one does not repeat its first point. */
struct polyline {
	struct vec *points; /* in the arena */
	int count;
	bool closed;
};

static inline struct vec vec(double x, double y)
{
	return (struct vec){x, y};
}

static inline struct vec vec_add(struct vec a, struct vec b)
{
	return vec(a.x + b.x, a.y + b.y);
}

static inline struct vec vec_sub(struct vec a, struct vec b)
{
	return vec(a.x - b.x, a.y - b.y);
}

static inline struct vec vec_scale(struct vec a, double k)
{
	return vec(a.x * k, a.y * k);
}

static inline double vec_dot(struct vec a, struct vec b)
{
	return a.x * b.x + a.y * b.y;
}

static inline double vec_cross(struct vec a, struct vec b)
{
	return a.x * b.y - a.y * b.x;
}

static inline struct vec vec_perp(struct vec a)
{
	return vec(-a.y, a.x);
}

/* fmin and fmax without their care for NaN, which keeps them from being inlined. */
static inline double min2(double a, double b)
{
	return a < b ? a : b;
}

static inline double max2(double a, double b)
{
	return a > b ? a : b;
}

double vec_length(struct vec a);
struct vec vec_unit(struct vec a); /* a / |a|; a must not be zero */
struct vec vec_polar(double length, double angle_rad);
struct vec vec_rotate(struct vec a, double angle_rad);

void path_add_line(struct path *path, struct arena *arena, struct vec a, struct vec b);

/* Appends the elliptical arc described at struct seg. */
void path_add_arc(struct path *path, struct arena *arena, struct vec centre, double rx, double ry,
		  double rotation, double from, double sweep);

/* Appends a copy of a segment. */
void path_add_seg(struct path *path, struct arena *arena, const struct seg *seg);

/* The point of a segment at t in [0, 1]. */
struct vec seg_point(const struct seg *seg, double t);

/* Flattens so that no chord is farther than tolerance (same unit, > 0) from its arc. */
struct polyline polyline_from_path(const struct path *path, double tolerance, struct arena *arena);

/* Leaves points out, in place, so that none of an open polyline lies farther than tolerance from what
 * is left; the ends stay. Ramer 1972, Douglas and Peucker 1973. */
void polyline_simplify(struct polyline *line, double tolerance);

/* Of a polygon, whichever way it goes round. */
double polygon_area(const struct polyline *polygon);

/* Whether a line from a to b meets the rectangle, whose corners come counter-clockwise. */
bool line_meets_box(struct vec a, struct vec b, const struct vec corners[4]);

/* Moves and scales: every point p becomes origin + scale * p. */
struct path path_place(const struct path *path, struct vec origin, double scale,
		       struct arena *arena);

struct box box_of_points(const struct vec *points, int count); /* count > 0 */

#endif
