/* SPDX-License-Identifier: MIT */
/*
 * draft_map: where the sheet is already drawn on: the drafter's spatial index.
 *
 *	struct draft_map *map = draft_map_new(210, 210, arena);
 *	draft_map_mark(map, MAP_OUTLINE, points, n);
 *	if (draft_map_hit(map, MAP_ALL, corners, 4)) ...
 *
 * One bit per cell and kind of ink. Marking and asking are both conservative: a cell counts when the
 * closed figure touches it, so ink that is not hit is truly apart.
 */
#ifndef RENDER_DRAFT_MAP_H
#define RENDER_DRAFT_MAP_H

#include <stdbool.h>

#include "base/arena.h"
#include "formats/scene/path.h"

enum map_ink {
	MAP_OUTLINE = 1, /* shapes */
	MAP_SOLID = 2,   /* lettering and arrowheads */
	MAP_LINE = 4,    /* thin lines */
	MAP_RING = 8,    /* no ink: round lettering, where foreign dimension lines would confuse */
	MAP_ALL = 7,     /* all ink */
};

struct draft_map;

struct draft_map *draft_map_new(double width_mm, double height_mm, struct arena *arena);

/* Makes dst equal to src; both from the same size. */
void draft_map_copy(struct draft_map *dst, const struct draft_map *src);

/* Marks a convex polygon (n >= 3), a line (2) or a point (1) with one kind of ink. Parts off the
 * sheet are dropped. */
void draft_map_mark(struct draft_map *map, enum map_ink ink, const struct vec *points, int n);

/* Whether the figure touches any of the inks (a bit set), or leaves the sheet. */
bool draft_map_hit(const struct draft_map *map, int inks, const struct vec *points, int n);

/* How many marked cells of each ink the figure touches; a measure of crossings. */
struct map_counts {
	int outline, solid, line, ring;
};

/* Counts in one pass; what lies off the sheet counts as solid. Stops early, with counts too low,
 * once solid ink is met. */
struct map_counts draft_map_count(const struct draft_map *map, const struct vec *points, int n);

#endif
