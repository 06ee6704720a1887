/* SPDX-License-Identifier: MIT */
/*
 * figure: what a part looks like, as edges in space, areas in the plane, or boards.
 *
 *	struct figure a = figure_from_scene(&truth, &arena), b = figure_from_scene(&said, &arena);
 *	double iou = figure_iou(&a, &b, &arena), off = figure_chamfer(&a, &b);
 *
 * shapes: the outlines. Closed ones enclose areas.
 * plate: outline, holes and windows enclose areas; the wide ends of counterbores are edges.
 * turned: its section along the axis: outside and hollows enclose areas; keyways from above are
 * edges. Threads are not seen.
 * cabinet: boards in space: sides, bottom, top and back of a carcass, shelves, fronts of drawers, and
 * the boxes of all others. Their edges, and those of all parts' boxes.
 *
 * Areas count even-odd: what lies in two outlines is a hole. Millimetres, whatever the unit. Arcs are
 * flattened to a ten-thousandth of the diagonal of their outline.
 */
#ifndef TRAINER_FIGURE_H
#define TRAINER_FIGURE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "formats/program/program.h"
#include "formats/scene/scene.h"

#define FIGURE_AXES 3

struct figure_edge {
	double a[FIGURE_AXES], b[FIGURE_AXES];
};

struct figure_box {
	double lo[FIGURE_AXES], hi[FIGURE_AXES];
};

/* One outline, or the edges of a box. */
struct figure_group {
	int first, count; /* of edges */
	bool is_filled;
	struct figure_box box;
};

/* Part of a group, so short that its box says well where it is. */
struct figure_run {
	int first, count;
	struct figure_box box;
};

struct figure {
	int edge_count, edge_room, group_count, group_room, run_count, run_room;
	int board_count, board_room;
	struct figure_edge *edges; /* all in the arena */
	struct figure_group *groups;
	struct figure_run *runs;
	struct figure_box *boards;
	bool has_area; /* or boards */
	struct figure_box box;
};

/* The scene passes scene_check. */
struct figure figure_from_scene(const struct scene *scene, struct arena *arena);

/* A scene of a program's shapes, in canonical order and full size, without dimensions. Those that make no
 * part of the family are refused as scene_check does it, and with ERR_LIMIT more of them than a part may
 * have. */
int scene_from_program(struct scene *scene, const struct program *program, enum family family,
		       struct arena *arena, struct err *why);
/* The same of a program's text; the family is that of its shapes. ERR_FORMAT where they have none in
 * common, or where the text is no program. */
int scene_from_text(struct scene *scene, const char *text, size_t len, enum language language,
		    struct arena *arena, struct err *why);
/* The same, as a figure. */
int figure_from_program(struct figure *figure, const struct program *program, enum family family,
			struct arena *arena, struct err *why);

/* Of the figure's box. */
double figure_diagonal(const struct figure *figure);

/* What both fill over what one of them fills; for boards volumes, else areas. At least one fills
 * something; 0 where outlines that lie on each other leave nothing. Volumes are exact; areas are exact
 * along level lines, of which there are 1,024 and 8 more between any two levels at which outlines
 * begin or end. */
double figure_iou(const struct figure *a, const struct figure *b, struct arena *arena);

/* The mean distance from a's edges to b's nearest ones, by length, and the same from b to a: half of
 * both together. Some 2,048 points of each are measured. Both have edges. */
double figure_chamfer(const struct figure *a, const struct figure *b);

#endif
