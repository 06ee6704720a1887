/* SPDX-License-Identifier: MIT */
/*
 * Shapes to and from JSON objects, driven by the tables of shape.h.
 *
 * The reader checks each number against the table's bounds at the number's own place, and what
 * depends on several of them (shape_check) at the object's.
 */
#include <config.h>

#include "formats/scene/shape_json.h"

#include <string.h>

void shape_write_value(enum param param, int64_t value, struct buf *out)
{
	if (param_kind(param) == KIND_COUNT)
		buf_int(out, value);
	else
		buf_milli(out, value);
}

static void write_points(const struct shape *shape, struct buf *out)
{
	for (int i = 0; i < shape->point_count; i++) {
		buf_str(out, i ? ",[" : "[[");
		buf_milli(out, shape->points[i].x);
		buf_char(out, ',');
		buf_milli(out, shape->points[i].y);
		buf_char(out, ']');
	}
	buf_char(out, ']');
}

void shape_write_json(const struct shape *shape, struct buf *out)
{
	enum param params[PARAM_COUNT_];
	int n = shape_params(shape->kind, params);

	buf_str(out, "{\"type\":\"");
	buf_str(out, shape_kind_name(shape->kind));
	buf_char(out, '"');
	for (int i = 0; i < n; i++) {
		if (param_is_optional(params[i]) && shape->value[params[i]] == 0)
			continue;
		buf_str(out, ",\"");
		buf_str(out, param_name(params[i]));
		buf_str(out, "\":");
		if (params[i] == PARAM_POINTS)
			write_points(shape, out);
		else
			shape_write_value(params[i], shape->value[params[i]], out);
	}
	buf_char(out, '}');
}

static int read_kind(struct shape *shape, const struct json_doc *doc, const cJSON *node,
		     struct err *err)
{
	const cJSON *type;

	if (!cJSON_IsObject(node))
		return json_error(doc, node, err, "a shape must be an object {\"type\":...}");
	type = cJSON_GetObjectItemCaseSensitive(node, "type");
	if (!type)
		return json_error(doc, node, err, "shape without 'type'");
	if (!cJSON_IsString(type))
		return json_error(doc, type, err, "'type' must be a string");
	if (shape_kind_from_name(type->valuestring, strlen(type->valuestring), &shape->kind) < 0)
		return json_error(doc, type, err, "unknown shape '%.40s'", type->valuestring);
	return 0;
}

static int read_point(struct point *point, const struct json_doc *doc, const cJSON *node,
		      struct err *err)
{
	int64_t lo, hi;

	if (!cJSON_IsArray(node) || cJSON_GetArraySize(node) != 2)
		return json_error(doc, node, err, "a point must be [x,y]");
	param_bounds(PARAM_POINTS, &lo, &hi);
	if (json_milli(doc, node->child, "points", lo, hi, &point->x, err) < 0)
		return -1;
	return json_milli(doc, node->child->next, "points", lo, hi, &point->y, err);
}

static int read_points(struct shape *shape, const struct json_doc *doc, const cJSON *node,
		       struct err *err)
{
	const cJSON *item;

	if (!cJSON_IsArray(node))
		return json_error(doc, node, err, "'points' must be a list [[x,y],...]");
	for (item = node->child; item; item = item->next) {
		if (shape->point_count == SHAPE_POINTS_MAX)
			return json_error(doc, item, err, "'points' has over %d points",
					  SHAPE_POINTS_MAX);
		if (read_point(&shape->points[shape->point_count++], doc, item, err) < 0)
			return -1;
	}
	return 0;
}

static int read_count(int64_t *value, const struct json_doc *doc, const cJSON *node,
		      enum param param, struct err *err)
{
	int64_t lo, hi;

	param_bounds(param, &lo, &hi);
	if (json_milli(doc, node, param_name(param), lo * 1000, hi * 1000, value, err) < 0)
		return -1;
	if (*value % 1000)
		return json_error(doc, node, err, "'%s' must be a whole number", param_name(param));
	*value /= 1000;
	return 0;
}

static int read_param(struct shape *shape, const struct json_doc *doc, const cJSON *node,
		      enum param param, struct err *err)
{
	int64_t lo, hi;

	if (param == PARAM_POINTS)
		return read_points(shape, doc, node, err);
	if (param_kind(param) == KIND_COUNT)
		return read_count(&shape->value[param], doc, node, param, err);
	param_bounds(param, &lo, &hi);
	return json_milli(doc, node, param_name(param), lo, hi, &shape->value[param], err);
}

int shape_from_json(struct shape *shape, const struct json_doc *doc, const cJSON *node,
		    struct err *err)
{
	uint64_t given = 0;
	enum param param;
	const cJSON *item;
	struct err why;

	memset(shape, 0, sizeof(*shape));
	if (read_kind(shape, doc, node, err) < 0)
		return -1;
	for (item = node->child; item; item = item->next) {
		const char *key = item->string;

		if (strcmp(key, "type") == 0)
			continue;
		if (param_from_name(key, strlen(key), &param) < 0 ||
		    !shape_has_param(shape->kind, param))
			return json_error(doc, item, err, "%s has no '%.40s'",
					  shape_kind_name(shape->kind), key);
		if (read_param(shape, doc, item, param, err) < 0)
			return -1;
		given |= UINT64_C(1) << param;
	}
	if (shape_lacks_param(shape->kind, given, &param))
		return json_error(doc, node, err, "%s without '%s'", shape_kind_name(shape->kind),
				  param_name(param));
	if (shape_check(shape, &why) < 0)
		return json_error(doc, node, err, "%s", why.msg);
	return 0;
}
