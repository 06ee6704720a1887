/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "formats/drawing/annotations.h"
#include "formats/drawing/annotations_read.h"
#include "formats/encoding/json.h"

#define PX_MAX 1e6
#define CORNERS_LEAST 4
#define POINTS_MAX 4096
#define SCANS_MAX 1000000

/* x,y of four corners, or of more where a warp bent the sides. */
static int read_corners(struct text_annotation *text, const struct json_doc *doc, const cJSON *item,
			struct arena *arena, struct err *err)
{
	const cJSON *polygon = json_member(item, "polygon"), *node;
	int n = cJSON_IsArray(polygon) ? cJSON_GetArraySize(polygon) : 0, i = 0;
	double *v;

	if (n < 2 * CORNERS_LEAST || n % 2 || n > 2 * POINTS_MAX)
		return json_error(doc, polygon ? polygon : item, err,
				  "the polygon of a text must have at least four corners");
	text->count = n / 2;
	text->corners = ARENA_NEW(arena, struct vec, text->count);
	v = ARENA_NEW(arena, double, n);
	for (node = polygon->child; node; node = node->next) {
		if (!cJSON_IsNumber(node) ||
		    !(node->valuedouble >= -PX_MAX && node->valuedouble <= PX_MAX))
			return json_error(doc, node, err, "'polygon' must be pixels within %.0f",
					  PX_MAX);
		v[i++] = node->valuedouble;
	}
	for (i = 0; i < text->count; i++)
		text->corners[i] = vec(v[2 * i], v[2 * i + 1]);
	return 0;
}

static int read_text(struct text_annotation *text, const struct json_doc *doc, const cJSON *item,
		     struct arena *arena, struct err *err)
{
	const cJSON *value = json_member(item, "value");

	if (!cJSON_IsString(value))
		return json_error(doc, value ? value : item, err, "a text needs a 'value'");
	text->value = arena_strndup(arena, value->valuestring, strlen(value->valuestring));
	return read_corners(text, doc, item, arena, err);
}

/* Whether items of the class are lettering. */
static bool is_text(const char *class)
{
	return strcmp(class, "text") == 0 || strcmp(class, "title_block_field") == 0;
}

static int read_items(struct text_annotation **texts, const struct json_doc *doc,
		      struct arena *arena, struct err *err)
{
	const cJSON *items = json_member(doc->root, "items"), *item;
	int count = 0;

	if (!cJSON_IsArray(items))
		return json_error(doc, items, err, "'items' must be an array");
	*texts = ARENA_NEW(arena, struct text_annotation, cJSON_GetArraySize(items));
	for (item = items->child; item; item = item->next) {
		const char *class = cJSON_GetStringValue(json_member(item, "class"));

		if (!class)
			return json_error(doc, item, err, "an item needs a 'class'");
		if (is_text(class) && read_text(&(*texts)[count++], doc, item, arena, err) < 0)
			return -1;
	}
	return count;
}

static int read_scan(int *attempt, const struct json_doc *doc, struct err *err)
{
	const cJSON *node = json_member(doc->root, "scan");

	*attempt = ANNOTATIONS_CLEAN;
	if (!node)
		return 0;
	if (!cJSON_IsNumber(node) || !(node->valuedouble >= 0 && node->valuedouble < SCANS_MAX) ||
	    node->valuedouble != (double)(int)node->valuedouble)
		return json_error(doc, node, err, "'scan' must be a whole number below %d",
				  SCANS_MAX);
	*attempt = (int)node->valuedouble;
	return 0;
}

int annotations_read_texts(struct text_annotation **texts, int *scan_attempt, const char *name,
			   const char *line, size_t len, struct arena *arena, struct err *err)
{
	struct json_doc doc;
	int rc;

	if (json_parse(&doc, name, line, len, err) < 0)
		return -1;
	rc = read_scan(scan_attempt, &doc, err);
	if (rc == 0)
		rc = read_items(texts, &doc, arena, err);
	json_free(&doc);
	return rc;
}
