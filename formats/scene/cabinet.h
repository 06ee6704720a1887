/* SPDX-License-Identifier: MIT */
/*
 * cabinet: what the parts of a cabinet are in space: boxes, faces, boards, compartments.
 *
 *	struct cabinet_box box = cabinet_box(&shape);
 *	struct cabinet c = cabinet_from_shapes(scene.shapes, scene.shape_count);
 *	if (c.carcass >= 0 && cabinet_compartment(&c, &box) == 0) ...	(in the leftmost one)
 *
 * x goes to the right, y to the back and z up, from the lower left front corner of the carcass.
 * Lengths are thousandths of the scene's unit.
 *
 *	carcass    two sides of full height with bottom and top between them; the back panel lies
 *	           between these four, flush with their rear edges
 *	partition  from bottom to top, from the front edges to the back panel
 *	shelves    from wall to wall and to the back panel; boards at equal heights, or a single one
 *	           that fills its box
 *	drawers    fronts between two walls, flush with the front edges, without gaps; d reaches to the
 *	           back of the boxes behind them
 *	doors      before the front edges
 *
 * A compartment is the room between two walls: sides or partitions.
 */
#ifndef FORMATS_CABINET_H
#define FORMATS_CABINET_H

#include <stdbool.h>

#include "formats/scene/shape.h"

enum cabinet_axis { CABINET_X, CABINET_Y, CABINET_Z, CABINET_AXES };

struct cabinet_box {
	int64_t lo[CABINET_AXES], hi[CABINET_AXES];
};

/* The box that a part fills. Half a size that is no whole thousandth is rounded down. */
struct cabinet_box cabinet_box(const struct shape *shape);

/* Sets x, y, z, w, d and h from the box. */
void cabinet_set_box(struct shape *shape, const struct cabinet_box *box);

/* The face of a part that a parameter stands for as a feature of dimensions:
 *
 *	x w y d z h  left and right, front and back, lower and upper face of the box
 *	BT           inner face of a carcass's left side; back of drawer fronts; top of the lowest
 *	             shelf; of a single board, what lies across its thickness from x, y or z
 *	BP           front of the back panel
 *	N            underside of the lowest shelf, of the highest drawer front
 *
 * and the left face for all others. Shelves may stand between thousandths. */
struct cabinet_face {
	enum cabinet_axis axis;
	double at;
};
struct cabinet_face cabinet_face(const struct shape *shape, enum param param);

/* Whether the kind is a part of cabinets. */
bool cabinet_has_kind(enum shape_kind kind);

/* Lower and upper side of board i, 0 to N-1 from below, of shelves or drawer fronts. */
void cabinet_board(const struct shape *shape, int i, double z[2]);

#define CABINET_COMPARTMENTS_MAX 8

/* Which shape is what, -1 where there is none; of several the last. Walls are set where there is a
 * carcass; partitions past the most are left out. */
struct cabinet {
	int carcass, plinth, top_cover, door;
	int partition_count;
	int compartment_count;                      /* 0 without a carcass */
	int64_t walls[CABINET_COMPARTMENTS_MAX][2]; /* left and right, from left to right */
	struct cabinet_box box;                     /* of the carcass */
	int64_t bt, bp;
};

struct cabinet cabinet_from_shapes(const struct shape *shapes, int count);

/* The compartment in whose width the middle of the box lies; -1: none. */
int cabinet_compartment(const struct cabinet *cabinet, const struct cabinet_box *box);

/* The views, by their names in drawings: "front" (doors taken off), "side" (cut through the
 * compartment that is nearest to the viewer), "doors" (front with doors), "top". */
enum cabinet_view { CABINET_FRONT, CABINET_SIDE, CABINET_DOORS, CABINET_TOP, CABINET_VIEWS };

const char *cabinet_view_name(enum cabinet_view view);
enum cabinet_view cabinet_view_from_name(const char *name); /* CABINET_VIEWS: none of them */

/* What is written over or under a view, in one of several customs, 0 to CABINET_CUSTOMS-1; the last
 * of them is Russian. */
#define CABINET_CUSTOMS 6
const char *cabinet_view_title(int custom, enum cabinet_view view);
enum cabinet_view cabinet_view_from_title(const char *title); /* CABINET_VIEWS: of none of them */

/* Which axis of the cabinet goes to the right, and which up. */
enum cabinet_axis cabinet_view_axis(enum cabinet_view view, bool upwards);

#endif
