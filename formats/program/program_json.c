/* SPDX-License-Identifier: MIT */
/*
 * The json language: {"primitives":[{"type":"circle","x":30,"y":5,"r":5},...]}, and before
 * "primitives" "unit":"inch" where the unit is no millimetre.
 *
 * Written straight from the tables; read through cJSON, shapes by shape_from_json.
 */
#include <config.h>

#include "formats/program/program_languages.h"

#include <string.h>

#include "formats/encoding/json.h"
#include "formats/scene/shape_json.h"

void program_write_json(const struct program *program, struct buf *out)
{
	buf_char(out, '{');
	if (program->unit != UNIT_MM) {
		buf_str(out, "\"unit\":\"");
		buf_str(out, unit_name(program->unit));
		buf_str(out, "\",");
	}
	buf_str(out, "\"primitives\":[");
	for (int i = 0; i < program->shape_count; i++) {
		if (i)
			buf_char(out, ',');
		shape_write_json(&program->shapes[i], out);
	}
	buf_str(out, "]}");
}

static int read_unit(enum unit *unit, const struct json_doc *doc, const cJSON *node,
		     struct err *err)
{
	if (!cJSON_IsString(node))
		return json_error(doc, node, err, "'unit' must be a string");
	if (unit_from_name(node->valuestring, strlen(node->valuestring), unit) < 0)
		return json_error(doc, node, err, "'unit' is '%.40s'; allowed mm, inch",
				  node->valuestring);
	return 0;
}

/* The list under its key, not empty; the unit is read by the way. */
static const cJSON *find_primitives(struct program *program, const struct json_doc *doc,
				    struct err *err)
{
	const cJSON *list = NULL, *item;

	if (!cJSON_IsObject(doc->root)) {
		json_error(doc, NULL, err, "a program must be an object {\"primitives\":[...]}");
		return NULL;
	}
	for (item = doc->root->child; item; item = item->next) {
		if (strcmp(item->string, "unit") == 0) {
			if (read_unit(&program->unit, doc, item, err) < 0)
				return NULL;
		} else if (strcmp(item->string, "primitives") != 0) {
			json_error(doc, item, err, "unknown key '%.40s'", item->string);
			return NULL;
		} else {
			list = item;
		}
	}
	if (!list)
		json_error(doc, NULL, err, "program without 'primitives'");
	else if (!cJSON_IsArray(list))
		json_error(doc, list, err, "'primitives' must be a list");
	else if (!list->child)
		json_error(doc, list, err, "'primitives' is empty");
	else
		return list;
	return NULL;
}

static int read_primitives(struct program *program, const struct json_doc *doc, struct arena *arena,
			   struct err *err)
{
	const cJSON *list = find_primitives(program, doc, err), *node;
	int count;

	if (!list)
		return -1;
	count = cJSON_GetArraySize(list);
	if (count > PROGRAM_SHAPES_MAX)
		return json_limit(doc, list, err, "%d shapes; allowed 1 to %d", count,
				  PROGRAM_SHAPES_MAX);
	program->shapes = ARENA_NEW(arena, struct shape, count);
	for (node = list->child; node; node = node->next) {
		struct shape *shape = &program->shapes[program->shape_count++];

		if (shape_from_json(shape, doc, node, err) < 0)
			return -1;
	}
	return 0;
}

int program_parse_json(struct program *program, const char *name, const char *text, size_t len,
		       struct arena *arena, struct err *err)
{
	struct json_doc doc;
	int rc;

	*program = (struct program){0};
	if (json_parse_columns(&doc, name, text, len, err) < 0)
		return -1;
	rc = read_primitives(program, &doc, arena, err);
	json_free(&doc);
	return rc;
}
