/* SPDX-License-Identifier: MIT */
/* Sketches with their planes, profiles and loops; values that every part of a file has. */
#include <config.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "formats/solid/deepcad_private.h"
#include "formats/solid/deepcad_reader.h"

#define FRAME_SLACK 1e-4 /* of unit vectors written with few digits */

/* --- values --------------------------------------------------------------------------------- */

const cJSON *deepcad_object(const struct deepcad_reader *r, const cJSON *parent, const char *key)
{
	const cJSON *node = json_member(parent, key);

	if (cJSON_IsObject(node))
		return node;
	json_error(&r->doc, node ? node : parent, r->err, "'%s' must be an object", key);
	return NULL;
}

const cJSON *deepcad_array(const struct deepcad_reader *r, const cJSON *parent, const char *key)
{
	const cJSON *node = json_member(parent, key);

	if (cJSON_IsArray(node))
		return node;
	json_error(&r->doc, node ? node : parent, r->err, "'%s' must be an array", key);
	return NULL;
}

const char *deepcad_string(const struct deepcad_reader *r, const cJSON *parent, const char *key)
{
	const cJSON *node = json_member(parent, key);

	if (cJSON_IsString(node))
		return node->valuestring;
	json_error(&r->doc, node ? node : parent, r->err, "'%s' must be a string", key);
	return NULL;
}

int deepcad_choice(const struct deepcad_reader *r, const cJSON *node, const char *key,
		   const char *const *names)
{
	const char *text = deepcad_string(r, node, key);

	if (!text)
		return -1;
	for (int i = 0; names[i]; i++)
		if (strcmp(names[i], text) == 0)
			return i;
	return json_unsupported(&r->doc, json_member(node, key), r->err,
				"'%s' of '%.60s' is not supported", key, text);
}

int deepcad_name(const struct deepcad_reader *r, const cJSON *parent, const char *key,
		 const char *otherwise, const char **out)
{
	const char *text = otherwise;

	*out = NULL;
	if (json_member(parent, key)) {
		text = deepcad_string(r, parent, key);
		if (!text)
			return -1;
	}
	if (text)
		*out = arena_strndup(r->arena, text, strlen(text));
	return 0;
}

int deepcad_number(const struct deepcad_reader *r, const cJSON *parent, const char *key,
		   double *out)
{
	const cJSON *node = json_member(parent, key);

	if (!cJSON_IsNumber(node))
		return json_error(&r->doc, node ? node : parent, r->err, "'%s' must be a number",
				  key);
	if (!(fabs(node->valuedouble) <= DEEPCAD_LENGTH_MAX))
		return json_limit(&r->doc, node, r->err, "'%s' is %g; allowed %g to %g", key,
				  node->valuedouble, -DEEPCAD_LENGTH_MAX, DEEPCAD_LENGTH_MAX);
	*out = node->valuedouble;
	return 0;
}

int deepcad_length(const struct deepcad_reader *r, const cJSON *parent, const char *key,
		   double *out)
{
	if (deepcad_number(r, parent, key, out) < 0)
		return -1;
	*out /= r->unit;
	return 0;
}

int deepcad_vector(const struct deepcad_reader *r, const cJSON *parent, const char *key,
		   struct vec3 *out)
{
	const cJSON *node = deepcad_object(r, parent, key);

	if (!node || deepcad_number(r, node, "x", &out->x) < 0 ||
	    deepcad_number(r, node, "y", &out->y) < 0)
		return -1;
	return deepcad_number(r, node, "z", &out->z);
}

int deepcad_point(const struct deepcad_reader *r, const cJSON *parent, const char *key,
		  struct vec3 *out)
{
	if (deepcad_vector(r, parent, key, out) < 0)
		return -1;
	out->x /= r->unit;
	out->y /= r->unit;
	out->z /= r->unit;
	return 0;
}

/* --- planes --------------------------------------------------------------------------------- */

static int read_plane(const struct deepcad_reader *r, const cJSON *sketch,
		      struct deepcad_plane *out)
{
	const cJSON *node = deepcad_object(r, sketch, "transform");

	if (!node || deepcad_point(r, node, "origin", &out->origin) < 0 ||
	    deepcad_vector(r, node, "x_axis", &out->x) < 0 ||
	    deepcad_vector(r, node, "y_axis", &out->y) < 0 ||
	    deepcad_vector(r, node, "z_axis", &out->z) < 0)
		return -1;
	if (fabs(vec3_dot(out->x, out->x) - 1) > FRAME_SLACK ||
	    fabs(vec3_dot(out->y, out->y) - 1) > FRAME_SLACK ||
	    fabs(vec3_dot(out->x, out->y)) > FRAME_SLACK)
		return json_error(&r->doc, node, r->err,
				  "'x_axis' and 'y_axis' must be unit vectors at a right angle");
	if (fabs(vec3_dot(out->z, out->z) - 1) > FRAME_SLACK ||
	    fabs(vec3_dot(out->z, vec3_cross(out->x, out->y)) - 1) > FRAME_SLACK)
		return json_error(&r->doc, node, r->err,
				  "'z_axis' must be the cross product of 'x_axis' and 'y_axis'");
	return 0;
}

/* --- profiles ------------------------------------------------------------------------------- */

int deepcad_read_loop(const struct deepcad_reader *r, const cJSON *curves,
		      const struct deepcad_plane *plane, deepcad_curve_reader *read_curve,
		      struct deepcad_loop *out)
{
	int count = cJSON_GetArraySize(curves), open;

	if (count == 0)
		return json_error(&r->doc, curves, r->err, "a loop without curves");
	if (count > DEEPCAD_CURVES_MAX)
		return json_limit(&r->doc, curves, r->err, "a loop of more than %d curves",
				  DEEPCAD_CURVES_MAX);
	out->curves = ARENA_NEW(r->arena, struct deepcad_curve, count);
	out->count = 0;
	for (const cJSON *node = curves->child; node; node = node->next) {
		struct deepcad_curve *curve = &out->curves[out->count++];

		if (read_curve(r, node, plane, curve) < 0)
			return -1;
		if (curve->kind == DEEPCAD_CIRCLE && count > 1)
			return json_error(&r->doc, node, r->err,
					  "a circle in a loop with other curves");
	}
	if (deepcad_loop_close(out, &open) < 0)
		return json_error(
			&r->doc, curves, r->err, "an open loop: no curve goes on from (%g, %g)",
			out->curves[open].end.x * r->unit, out->curves[open].end.y * r->unit);
	return 0;
}

int deepcad_read_loops(const struct deepcad_reader *r, const cJSON *loops,
		       const struct deepcad_plane *plane, deepcad_loop_reader *read_loop,
		       struct deepcad_profile *out)
{
	int curves = 0;

	if (!loops->child)
		return json_error(&r->doc, loops, r->err, "a profile without loops");
	out->loops = ARENA_NEW(r->arena, struct deepcad_loop, cJSON_GetArraySize(loops));
	for (const cJSON *loop = loops->child; loop; loop = loop->next) {
		if (read_loop(r, loop, plane, &out->loops[out->count]) < 0)
			return -1;
		curves += out->loops[out->count++].count;
		if (curves > DEEPCAD_CURVES_MAX)
			return json_limit(&r->doc, loops, r->err,
					  "a profile of more than %d curves", DEEPCAD_CURVES_MAX);
	}
	deepcad_profile_settle(out);
	return 0;
}

static int read_loop(const struct deepcad_reader *r, const cJSON *node,
		     const struct deepcad_plane *plane, struct deepcad_loop *out)
{
	const cJSON *curves = deepcad_array(r, node, "profile_curves");

	return curves ? deepcad_read_loop(r, curves, plane, deepcad_read_curve, out) : -1;
}

static int read_profile(const struct deepcad_reader *r, const cJSON *node,
			const struct deepcad_plane *plane, struct deepcad_profile *out)
{
	const cJSON *loops;

	if (!cJSON_IsObject(node))
		return json_error(&r->doc, node, r->err, "a profile must be an object");
	loops = deepcad_array(r, node, "loops");
	if (!loops)
		return -1;
	out->id = arena_strndup(r->arena, node->string, strlen(node->string));
	return deepcad_read_loops(r, loops, plane, read_loop, out);
}

int deepcad_read_sketch(const struct deepcad_reader *r, const cJSON *node, const char *id,
			struct deepcad_sketch *out)
{
	const cJSON *profiles = json_member(node, "profiles");

	*out = (struct deepcad_sketch){.id = arena_strndup(r->arena, id, strlen(id))};
	if (deepcad_name(r, node, "name", "", &out->name) < 0 ||
	    read_plane(r, node, &out->plane) < 0)
		return -1;
	if (!profiles || cJSON_IsNull(profiles))
		return 0;
	if (!deepcad_object(r, node, "profiles"))
		return -1;
	out->profiles = ARENA_NEW(r->arena, struct deepcad_profile, cJSON_GetArraySize(profiles));
	for (const cJSON *profile = profiles->child; profile; profile = profile->next)
		if (read_profile(r, profile, &out->plane, &out->profiles[out->count++]) < 0)
			return -1;
	return 0;
}
