/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "formats/drawing/annotations_move.h"

#define SIDE_MAX 65535

static int read_polygon(struct polyline *out, const struct json_doc *doc, const cJSON *item,
			struct arena *arena, struct err *err)
{
	bool open = cJSON_IsTrue(json_member(item, "open"));

	if (points_read(out, doc, json_member(item, "polygon"), "polygon", open ? 2 : 3, arena,
			err) < 0)
		return -1;
	out->closed = !open;
	return 0;
}

/* Lines as a hand drew them. */
static int check_drawn(const struct json_doc *doc, const cJSON *drawn, struct arena *arena,
		       struct err *err)
{
	struct polyline line;
	const cJSON *node;

	if (drawn && !cJSON_IsArray(drawn))
		return json_error(doc, drawn, err, "'drawn' must be a list of lines");
	cJSON_ArrayForEach(node, drawn)
	{
		if (points_read(&line, doc, node, "drawn", 2, arena, err) < 0)
			return -1;
	}
	return 0;
}

static int check_items(const struct json_doc *doc, struct arena *arena, struct err *err)
{
	const cJSON *items = json_member(doc->root, "items"), *item;
	struct polyline polygon;

	if (!cJSON_IsArray(items))
		return json_error(doc, items, err, "'items' must be an array");
	cJSON_ArrayForEach(item, items)
	{
		if (!cJSON_IsObject(item))
			return json_error(doc, item, err, "an item must be an object");
		if (json_member(item, "polygon") &&
		    read_polygon(&polygon, doc, item, arena, err) < 0)
			return -1;
		if (check_drawn(doc, json_member(item, "drawn"), arena, err) < 0)
			return -1;
	}
	return points_check_numbers(doc, doc->root, err);
}

static int read_head(struct annotations_head *head, const struct json_doc *doc, struct arena *arena,
		     struct err *err)
{
	const cJSON *id = json_member(doc->root, "id");
	double width, height;

	if (!cJSON_IsString(id))
		return json_error(doc, id, err, "'id' must be a string");
	if (json_whole(doc, doc->root, "width", 1, SIDE_MAX, &width, err) < 0 ||
	    json_whole(doc, doc->root, "height", 1, SIDE_MAX, &height, err) < 0)
		return -1;
	head->width = (int)width;
	head->height = (int)height;
	head->id = arena_strndup(arena, id->valuestring, strlen(id->valuestring));
	return check_items(doc, arena, err);
}

int annotations_read_head(struct annotations_head *head, const char *name, const char *line,
			  size_t len, struct arena *arena, struct err *err)
{
	struct json_doc doc;
	int rc;

	if (json_parse(&doc, name, line, len, err) < 0)
		return -1;
	rc = read_head(head, &doc, arena, err);
	json_free(&doc);
	return rc;
}

/* All were checked. */
static void move_drawn(const struct json_doc *doc, cJSON *drawn, const struct point_map *map,
		       struct arena *arena)
{
	int count = cJSON_GetArraySize(drawn);

	for (int i = 0; i < count; i++) {
		struct polyline line;

		points_read(&line, doc, cJSON_GetArrayItem(drawn, i), "", 0, arena, NULL);
		line.closed = false;
		line = map->line(map->ctx, &line, arena);
		cJSON_ReplaceItemInArray(drawn, i, points_to_json(&line));
	}
}

static int move_item(const struct json_doc *doc, cJSON *item, const struct point_map *map,
		     struct arena *arena, struct err *err)
{
	struct polyline polygon;

	cJSON_DeleteItemFromObjectCaseSensitive(item, "legibility");
	move_drawn(doc, json_member(item, "drawn"), map, arena);
	if (!json_member(item, "polygon"))
		return 0;
	if (read_polygon(&polygon, doc, item, arena, err) < 0)
		return -1;
	polygon = map->line(map->ctx, &polygon, arena);
	points_put(item, "polygon", points_to_json(&polygon));
	return 0;
}

static int move_items(const struct json_doc *doc, const struct point_map *map, struct arena *arena,
		      struct err *err)
{
	cJSON *item;

	cJSON_ArrayForEach(item, json_member(doc->root, "items"))
	{
		if (move_item(doc, item, map, arena, err) < 0)
			return -1;
	}
	return 0;
}

int annotations_move(const char *name, const char *line, size_t len, const struct point_map *map,
		     struct arena *arena, struct buf *out, struct err *err)
{
	struct json_doc doc;
	char *text;
	int rc;

	if (json_parse(&doc, name, line, len, err) < 0)
		return -1;
	rc = move_items(&doc, map, arena, err);
	if (rc == 0) {
		points_turn_sides(doc.root, map);
		text = points_print(doc.root);
		buf_str(out, text);
		cJSON_free(text);
	}
	json_free(&doc);
	return rc;
}
