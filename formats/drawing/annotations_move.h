/* SPDX-License-Identifier: MIT */
/*
 * annotations_move: a line of annotations.jsonl whose picture was moved, whoever wrote the line.
 *
 *	struct annotations_head head;
 *	if (annotations_read_head(&head, "", line, len, &arena, &err) < 0) ...
 *	if (annotations_move("", line, len, &map, &arena, &out, &err) < 0) ...
 *
 * The polygons of the items go through the map; everything else is kept, keys of others included,
 * but for "legibility", which speaks of the picture as it was.
 */
#ifndef FORMATS_ANNOTATIONS_MOVE_H
#define FORMATS_ANNOTATIONS_MOVE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "formats/drawing/points_json.h"

struct annotations_head {
	const char *id;    /* in the arena */
	int width, height; /* px */
};

/* Reads and checks all that moving needs. ERR_FORMAT with name:line: no "id", no "width" and "height"
 * from 1 to 65535, "items" that are no objects, a polygon of fewer than three points (two where the
 * item is "open") or with coordinates over 1e6 px, a number over 2^53. */
int annotations_read_head(struct annotations_head *head, const char *name, const char *line,
			  size_t len, struct arena *arena, struct err *err);

/* Appends the moved line, without a newline; polygons have two decimals. */
int annotations_move(const char *name, const char *line, size_t len, const struct point_map *map,
		     struct arena *arena, struct buf *out, struct err *err);

#endif
