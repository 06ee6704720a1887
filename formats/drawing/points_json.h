/* SPDX-License-Identifier: MIT */
/*
 * points_json: lines and polygons as JSON has them in annotations, [x,y,x,y,...] in pixels, read,
 * moved and put back.
 *
 *	struct point_map map = {&warp, move_by_warp};
 *	struct polyline line;
 *	if (points_read(&line, &doc, node, "polygon", 3, &arena, &err) < 0) ...
 *	line = map.line(map.ctx, &line, &arena);
 *	points_put(object, "polygon", points_to_json(&line));
 */
#ifndef FORMATS_POINTS_JSON_H
#define FORMATS_POINTS_JSON_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "formats/encoding/json.h"
#include "formats/scene/path.h"

/* Where everything on a picture goes: a whole line at a time, since a straight one may bend. */
struct point_map {
	const void *ctx;
	struct polyline (*line)(const void *ctx, const struct polyline *line, struct arena *arena);
	bool aside; /* the picture lies on its side: width and height have changed places */
};

/* An array of x and y of at least `least` points within 1e6 px, closed, in the arena. ERR_FORMAT with
 * the label, at the node or, where it is NULL, at the root. */
int points_read(struct polyline *out, const struct json_doc *doc, const cJSON *node,
		const char *label, int least, struct arena *arena, struct err *err);

/* Rounded to 0.01 px; never NULL. */
cJSON *points_to_json(const struct polyline *line);
cJSON *points_number(double px);

/* Swaps the object's "width" and "height", where the map lays the picture on its side. */
void points_turn_sides(cJSON *object, const struct point_map *map);

/* Takes the value: in place of the object's key where it has it, else behind its last. */
void points_put(cJSON *object, const char *key, cJSON *value);

/* Whether cJSON writes every number below the node as it was read. ERR_FORMAT at one over 2^53, which
 * a double does not hold. */
int points_check_numbers(const struct json_doc *doc, const cJSON *node, struct err *err);

/* The tree as text; never NULL; freed by cJSON_free. */
char *points_print(const cJSON *root);

#endif
