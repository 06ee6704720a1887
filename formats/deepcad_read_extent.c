/* SPDX-License-Identifier: MIT */
/*
 * How far an extrude goes, and what comes of it. DeepCAD's files have half the depth of symmetric ones,
 * and both extents whatever the type; Fusion's say whether it is the whole depth, and leave out what
 * does not count.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "formats/deepcad_reader.h"

/* The place of the key's text in the names, or -1 after an error. */
static int read_choice(const struct deepcad_reader *r, const cJSON *node, const char *key,
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

int deepcad_read_extent(const struct deepcad_reader *r, const cJSON *node,
			struct deepcad_extrude *out)
{
	int operation = read_choice(r, node, "operation", deepcad_operation_names), extent;
	double lo, hi;

	if (operation < 0)
		return -1;
	extent = read_choice(r, node, "extent_type", deepcad_extent_names);
	if (extent < 0)
		return -1;
	out->operation = (enum deepcad_operation)operation;
	out->extent = (enum deepcad_extent)extent;
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
