/* SPDX-License-Identifier: MIT */
/*
 * plate: what the shapes of a plate make together: its outline with rounded and cut corners, the
 * holes of its patterns, the walls between features, and whether it is symmetric.
 *
 *	struct plate_corner corners[SHAPE_POINTS_MAX];
 *	int n = plate_corners(&scene, corners);
 *	struct path outline = plate_outline(&scene, &arena);
 *	for (int i = 0; i < plate_hole_count(shape); i++)
 *		centre = plate_hole(shape, i);
 *
 * Points and lengths in doubles are in the scene's unit, integers in thousandths of it. A scene is one
 * of family "plate" whose shapes passed shape_check; for plate_outline and what builds on it
 * scene_check, too.
 */
#ifndef FORMATS_PLATE_H
#define FORMATS_PLATE_H

#include "formats/scene/scene.h"

/* The index of the first profile or disc, -1 where there is none. */
int plate_body(const struct scene *scene);

/* The lowest and highest coordinates of the profile's corners, or of the disc. */
struct plate_box {
	int64_t x0, y0, x1, y1;
};
struct plate_box plate_box(const struct scene *scene);

/* A corner of the profile and what takes it away. */
struct plate_corner {
	struct point at;
	int cut;        /* index of its fillet or chamfer, -1: sharp */
	double setback; /* how much of both edges that takes */
	double turn;    /* from edge to edge, counter-clockwise positive, radians */
};

/* Fills out with the profile's corners in its order and returns how many; 0 for a disc. Of several
 * fillets and chamfers at one corner the first counts. */
int plate_corners(const struct scene *scene, struct plate_corner out[SHAPE_POINTS_MAX]);

/* One closed path, counter-clockwise: the profile less what fillets and chamfers take, or the disc. */
struct path plate_outline(const struct scene *scene, struct arena *arena);

/* Round holes: 1 for hole, counterbore and tapped_hole, the number in a pattern, 0 for all else. */
int plate_hole_count(const struct shape *shape);

/* The centre of hole i: in a grid row by row from the lowest, in a circle counter-clockwise from
 * `start`. */
struct vec plate_hole(const struct shape *shape, int i);

/* The widest diameter of its holes, in thousandths. */
int64_t plate_hole_width(const struct shape *shape);

/* Everything that is at most r from a convex figure of `count` points (1: a point, 2: a line, 4). */
struct plate_core {
	int count;
	struct vec points[4];
	double r;
};

/* The cores of what a shape cuts out of the plate: its holes, a slot or a window; returns how many.
 * `out` has room for plate_core_count. */
int plate_core_count(const struct shape *shape);
int plate_cores(const struct shape *shape, struct plate_core *out);

/* The wall between two cores; negative or 0 where they meet. */
double plate_wall(const struct plate_core *a, const struct plate_core *b);

/* The wall between a core and the outline, flattened; negative where it is not inside. */
double plate_wall_to_outline(const struct plate_core *core, const struct polyline *outline);

/* Whether the point lies inside the flattened outline. */
bool plate_contains(const struct polyline *outline, struct vec p);

/* What the row of a table says of a single hole (ARRANGE_TABLE): indices of dimensions. */
struct plate_row_of_table {
	int x, y, size;
};

/* Whether the shape stands in the table: a hole, counterbore or tapped_hole whose position from the
 * datum and size are stated, each once, for itself alone. *row (NULL: not wanted) is then set. */
bool plate_in_table(const struct scene *scene, int shape, struct plate_row_of_table *row);

/* Whether the dimension is one of the three of a shape in the table. */
bool plate_is_tabled(const struct scene *scene, const struct dimension *dimension);

/* The shape's mirror image about an upright (is_x) or level line in the middle of 0 to `extent`, -1
 * where no shape of its kind is that. */
int plate_mirror(const struct shape *shape, bool is_x, int64_t extent, struct shape *image);

/* Whether the plate is its own mirror image about the upright (is_x) or level line through the middle
 * of its box. */
bool plate_is_symmetric(const struct scene *scene, bool is_x);

#endif
