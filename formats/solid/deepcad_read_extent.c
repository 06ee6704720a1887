/* SPDX-License-Identifier: MIT */
/*
 * How far a feature goes, and what comes of it. DeepCAD's files have half the depth of symmetric extrudes,
 * and both extents whatever the type; Fusion's say whether it is the whole depth, and leave out what
 * does not count. Symmetric revolves have half the angle, as in Fusion.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "formats/solid/deepcad_reader.h"

/* The object under that key, of the one type; NULL after an error. */
static const cJSON *typed_object(const struct deepcad_reader *r, const cJSON *parent,
				 const char *key, const char *type, const char *other)
{
	const cJSON *node = deepcad_object(r, parent, key);
	const char *is = node ? deepcad_string(r, node, "type") : NULL;

	if (!is)
		return NULL;
	if (strcmp(is, type) == 0 || strcmp(is, other) == 0)
		return node;
	json_unsupported(&r->doc, node, r->err, "'%s' of type '%.60s' is not supported", key, is);
	return NULL;
}

static int read_taper(const struct deepcad_reader *r, const cJSON *extent, double *out)
{
	const cJSON *taper;

	*out = 0;
	if (!json_member(extent, "taper_angle"))
		return 0;
	taper = deepcad_object(r, extent, "taper_angle");
	if (!taper || deepcad_number(r, taper, "value", out) < 0)
		return -1;
	if (!(fabs(*out) < M_PI / 2))
		return json_error(&r->doc, taper, r->err,
				  "'taper_angle' is %g; it must be less than a right angle", *out);
	return 0;
}

static int read_side(const struct deepcad_reader *r, const cJSON *node, const char *key,
		     double *distance, double *taper)
{
	const cJSON *extent =
		typed_object(r, node, key, "DistanceExtentDefinition", "SymmetricExtentDefinition");
	const cJSON *value = extent ? deepcad_object(r, extent, "distance") : NULL;

	if (!value || deepcad_length(r, value, "value", distance) < 0)
		return -1;
	if (cJSON_IsTrue(json_member(extent, "is_full_length")))
		*distance /= 2;
	return read_taper(r, extent, taper);
}

static int read_start(const struct deepcad_reader *r, const cJSON *node, double *offset)
{
	const cJSON *start, *value;

	*offset = 0;
	if (!json_member(node, "start_extent"))
		return 0;
	start = typed_object(r, node, "start_extent", "ProfilePlaneStartDefinition",
			     "OffsetStartDefinition");
	if (!start)
		return -1;
	if (strcmp(json_member(start, "type")->valuestring, "OffsetStartDefinition") != 0)
		return 0;
	value = deepcad_object(r, start, "offset");
	return value ? deepcad_length(r, value, "value", offset) : -1;
}

/* --- revolves ------------------------------------------------------------------------------- */

/* A full turn has an extent of its own in Fusion. */
static int read_angle(const struct deepcad_reader *r, const cJSON *node, const char *key,
		      double *angle)
{
	const cJSON *extent = typed_object(r, node, key, "AngleExtentDefinition",
					   "FullSweepExtentDefinition"),
		    *value;

	if (!extent)
		return -1;
	if (strcmp(json_member(extent, "type")->valuestring, "FullSweepExtentDefinition") == 0) {
		*angle = 2 * M_PI;
		return 0;
	}
	value = deepcad_object(r, extent, "angle");
	return value ? deepcad_number(r, value, "value", angle) : -1;
}

/* A metre that way; the same point where there is no way to go. */
static struct vec3 ahead(struct vec3 from, struct vec3 way)
{
	double length = sqrt(vec3_dot(way, way));

	return length > 0 ? vec3_sum(1, from, 1 / length, way) : from;
}

/* Two points of it, or one and the way it goes. */
static int read_axis(const struct deepcad_reader *r, const cJSON *node, struct deepcad_axis *out)
{
	const cJSON *axis = typed_object(r, node, "axis", "Line3D", "InfiniteLine3D");
	struct vec3 start, end;
	bool is_line = axis && strcmp(json_member(axis, "type")->valuestring, "Line3D") == 0;

	if (!axis || deepcad_point(r, axis, is_line ? "start_point" : "origin", &start) < 0)
		return -1;
	if (!is_line && deepcad_vector(r, axis, "direction", &end) < 0)
		return -1;
	if (is_line && deepcad_point(r, axis, "end_point", &end) < 0)
		return -1;
	if (!is_line)
		end = ahead(start, end);
	if (fabs(end.x) > DEEPCAD_LENGTH_MAX || fabs(end.y) > DEEPCAD_LENGTH_MAX)
		return json_limit(&r->doc, axis, r->err, "an axis at %g,%g", end.x, end.y);
	if (fabs(start.z) > DEEPCAD_LENGTH_MIN || fabs(end.z) > DEEPCAD_LENGTH_MIN)
		return json_error(&r->doc, axis, r->err,
				  "an axis that is not in the plane of its sketch");
	*out = (struct deepcad_axis){vec(start.x, start.y), vec(end.x, end.y)};
	return 0;
}

static int read_turn(const struct deepcad_reader *r, const cJSON *node, struct deepcad_feature *out)
{
	const char *fault;

	if (read_axis(r, node, &out->axis) < 0 || read_angle(r, node, "extent_one", &out->one) < 0)
		return -1;
	if ((out->extent == DEEPCAD_TWO_SIDES || json_member(node, "extent_two")) &&
	    read_angle(r, node, "extent_two", &out->two) < 0)
		return -1;
	fault = deepcad_revolve_fault(out);
	return fault ? json_error(&r->doc, node, r->err, "%s", fault) : 0;
}

/* --- extrudes ------------------------------------------------------------------------------- */

static int read_sides(const struct deepcad_reader *r, const cJSON *node,
		      struct deepcad_feature *out)
{
	double lo, hi;

	if (read_start(r, node, &out->offset) < 0 ||
	    read_side(r, node, "extent_one", &out->one, &out->taper_one) < 0)
		return -1;
	if ((out->extent == DEEPCAD_TWO_SIDES || json_member(node, "extent_two")) &&
	    read_side(r, node, "extent_two", &out->two, &out->taper_two) < 0)
		return -1;
	deepcad_heights(out, &lo, &hi);
	if (hi - lo <= DEEPCAD_LENGTH_MIN)
		return json_error(&r->doc, json_member(node, "extent_one"), r->err,
				  "an extrude of no length");
	return 0;
}

int deepcad_read_extent(const struct deepcad_reader *r, const cJSON *node,
			struct deepcad_feature *out)
{
	int operation = deepcad_choice(r, node, "operation", deepcad_operation_names), extent;

	if (operation < 0)
		return -1;
	extent = deepcad_choice(r, node, "extent_type", deepcad_extent_names);
	if (extent < 0)
		return -1;
	out->operation = (enum deepcad_operation)operation;
	out->extent = (enum deepcad_extent)extent;
	return out->kind == DEEPCAD_REVOLVE ? read_turn(r, node, out) : read_sides(r, node, out);
}
