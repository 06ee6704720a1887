/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <math.h>

#include "base/mem.h"
#include "formats/drawing/points_json.h"

#define PX_MAX 1e6
#define POINTS_MAX 1000000
#define EXACT_MAX 9007199254740992.0 /* 2^53 */
#define PER_PX 100

int points_read(struct polyline *out, const struct json_doc *doc, const cJSON *node,
		const char *label, int least, struct arena *arena, struct err *err)
{
	int numbers = cJSON_IsArray(node) ? cJSON_GetArraySize(node) : 0, i = 0;
	const cJSON *child;

	if (numbers % 2 || numbers < 2 * least || numbers > 2 * POINTS_MAX)
		return json_error(doc, node, err,
				  "'%s' must have an x and a y for each of %d points or more",
				  label, least);
	*out = (struct polyline){ARENA_NEW(arena, struct vec, numbers / 2), numbers / 2, true};
	for (child = node->child; child; child = child->next, i++) {
		double v = child->valuedouble;

		if (!cJSON_IsNumber(child) || !(v >= -PX_MAX && v <= PX_MAX))
			return json_error(doc, child, err, "'%s' must be pixels within %.0f", label,
					  PX_MAX);
		*(i % 2 ? &out->points[i / 2].y : &out->points[i / 2].x) = v;
	}
	return 0;
}

/* cJSON gives NULL where memory runs out. */
static void *have(void *allocated)
{
	if (!allocated)
		mem_exhausted(sizeof(cJSON));
	return allocated;
}

cJSON *points_number(double px)
{
	return have(cJSON_CreateNumber(round(px * PER_PX) / PER_PX + 0.0)); /* no -0 */
}

cJSON *points_to_json(const struct polyline *line)
{
	cJSON *array = have(cJSON_CreateArray());

	for (int i = 0; i < line->count; i++) {
		cJSON_AddItemToArray(array, points_number(line->points[i].x));
		cJSON_AddItemToArray(array, points_number(line->points[i].y));
	}
	return array;
}

void points_put(cJSON *object, const char *key, cJSON *value)
{
	cJSON_bool done;

	if (cJSON_GetObjectItemCaseSensitive(object, key))
		done = cJSON_ReplaceItemInObjectCaseSensitive(object, key, value);
	else
		done = cJSON_AddItemToObject(object, key, value);
	if (!done)
		mem_exhausted(sizeof(cJSON));
}

int points_check_numbers(const struct json_doc *doc, const cJSON *node, struct err *err)
{
	const cJSON *child;

	if (cJSON_IsNumber(node) && !(fabs(node->valuedouble) <= EXACT_MAX))
		return json_error(doc, node, err,
				  "a number over 2^53 cannot be kept; as a string it can");
	cJSON_ArrayForEach(child, node)
	{
		if (points_check_numbers(doc, child, err) < 0)
			return -1;
	}
	return 0;
}

char *points_print(const cJSON *root)
{
	return have(cJSON_PrintUnformatted(root));
}

void points_turn_sides(cJSON *object, const struct point_map *map)
{
	cJSON *width = cJSON_GetObjectItemCaseSensitive(object, "width");
	cJSON *height = cJSON_GetObjectItemCaseSensitive(object, "height");
	double swap = width->valuedouble;

	if (!map->aside)
		return;
	cJSON_SetNumberValue(width, height->valuedouble);
	cJSON_SetNumberValue(height, swap);
}
