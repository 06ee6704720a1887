/* SPDX-License-Identifier: MIT */
/*
 * turned: the profile of a turned part: what its shapes make together, seen from the side.
 *
 *	struct turned part;
 *	turned_from_scene(&part, &scene);
 *	turned_outside(&part, &line);
 *	struct path path = path_from_turned_line(&part, &line, &arena);	(above the axis)
 *
 * The axis is y = 0 and the left face x = 0. Lengths and diameters are thousandths of the scene's
 * unit; paths are in that unit. The scene is borrowed; its shapes are in canonical order, so pieces
 * and bores come from left to right.
 */
#ifndef FORMATS_TURNED_H
#define FORMATS_TURNED_H

#include "formats/scene/scene.h"

#define TURNED_PIECES_MAX (2 * SCENE_SHAPES_MAX)
#define TURNED_CORNERS_MAX (2 * TURNED_PIECES_MAX)

/* Part of a profile between two planes across the axis. */
struct turned_piece {
	int64_t x0, x1, d0, d1; /* from left to right; d0 and d1 differ for cones only */
	int shape;
};

struct turned {
	const struct scene *scene;
	int64_t length;
	int count, bore_count;
	struct turned_piece pieces[TURNED_PIECES_MAX]; /* cylinders, cones, bottoms of grooves */
	struct turned_piece bores[TURNED_PIECES_MAX];
};

/* A corner of the profile before anything is taken off it. */
struct turned_corner {
	int64_t x, d;
	int taken; /* index of the chamfer or fillet here, or -1 */
};

/* Corners from left to right. At its ends the profile goes on along a plane across the axis: towards
 * the axis, or from it (the mouth of a bore). */
struct turned_line {
	int count;
	struct turned_corner corners[TURNED_CORNERS_MAX];
	bool opens[2]; /* left, right: a mouth */
};

/* Cylinders and cones must follow each other, and grooves lie inside cylinders. */
void turned_from_scene(struct turned *part, const struct scene *scene);

/* The greatest diameter of the outside. */
int64_t turned_widest(const struct turned *part);

/* The diameter of the bore in a face (0 left, 1 right); 0: none. */
int64_t turned_mouth(const struct turned *part, int side);

/* The whole outside. */
void turned_outside(const struct turned *part, struct turned_line *line);

/* Bores that touch each other are one hollow. *first is its first bore, and is moved on behind its
 * last; false after the last hollow. */
bool turned_next_hollow(const struct turned *part, int *first, struct turned_line *line);

/* Where the cut of a local section ends, from the left (0) or right (1) face inwards: beyond the bore
 * by half its diameter. Only with a bore at that face. */
int64_t turned_break(const struct turned *part, int side);

/* What a quarter section cuts open, below the axis: from the face with the wider bore, the left one of
 * equals, up to x. That is the plain shoulder (no fillet at its foot, no groove at it) nearest to the
 * middle of the part, within its middle half; else the middle of the piece that holds the part's
 * middle, where the cut ends along a break line. Only with a bore at a face. */
struct turned_cut {
	int side;     /* of the face: 0 left, 1 right */
	int64_t x, d; /* where it ends; the diameter of what is cut open there */
	bool at_shoulder;
};
struct turned_cut turned_quarter(const struct turned *part);

/* Whether what lies above the axis is whole and what lies below is, or in part, cut open: bores are
 * seen below alone. */
bool turned_is_halved(const struct scene *scene);

/* Whether it is cut open along its axis: no keyway's slot could be seen. */
bool turned_is_cut_along(const struct scene *scene);

/* Whether a part of it is not shown. */
bool turned_is_interrupted(const struct scene *scene);

#define TURNED_GAP_MM 3.0 /* on paper, between the ends of an interrupted view */

/* The same in the scene's thousandths, at its scale. */
int64_t turned_gap(const struct scene *scene);

/* The scene, of any family, as it is shown: what is not, is taken out of its cylinder, but for the gap, and all behind
 * it moves up. Shapes live in the arena; dimensions are the scene's. `interrupted` is where the gap
 * lies. What is off scale is as long as it is drawn. */
struct scene turned_shown(const struct scene *scene, struct arena *arena);

/* The index of the chamfer or fillet at a corner, or -1. */
int turned_corner_shape(const struct scene *scene, int64_t x, int64_t d);

/* The line above the axis with its chamfers and fillets, open, from left to right. */
struct path path_from_turned_line(const struct turned *part, const struct turned_line *line,
				  struct arena *arena);

/* Appends the path mirrored at the axis and backwards. */
void path_add_mirrored(struct path *path, const struct path *upper, struct arena *arena);

/* The path above the axis as a closed figure: joined to its mirror image. */
struct path path_closed_with_mirror(const struct path *upper, struct arena *arena);

#endif
