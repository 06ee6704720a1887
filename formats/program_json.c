/* SPDX-License-Identifier: MIT */
/*
 * The json language: {"primitives":[{"type":"circle","x":30,"y":5,"r":5},...]}
 *
 * Written straight from the tables; read through cJSON, shapes by shape_from_json.
 */
#include <config.h>

#include "formats/program_languages.h"

#include <string.h>

#include "formats/json.h"
#include "formats/shape_json.h"

void program_write_json(const struct program *program, struct buf *out)
{
	buf_str(out, "{\"primitives\":[");
	for (int i = 0; i < program->shape_count; i++) {
		if (i)
			buf_char(out, ',');
		shape_write_json(&program->shapes[i], out);
	}
	buf_str(out, "]}");
}

/* The list under the only key, its length checked. */
static const cJSON *find_primitives(const struct json_doc *doc, struct err *err)
{
	const cJSON *list;

	if (!cJSON_IsObject(doc->root)) {
		json_error(doc, NULL, err, "a program must be an object {\"primitives\":[...]}");
		return NULL;
	}
	for (list = doc->root->child; list; list = list->next) {
		if (strcmp(list->string, "primitives") != 0) {
			json_error(doc, list, err, "unknown key '%.40s'", list->string);
			return NULL;
		}
	}
	list = doc->root->child;
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
	const cJSON *list = find_primitives(doc, err), *node;
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

	program->shape_count = 0;
	program->shapes = NULL;
	if (json_parse_columns(&doc, name, text, len, err) < 0)
		return -1;
	rc = read_primitives(program, &doc, arena, err);
	json_free(&doc);
	return rc;
}
