/* SPDX-License-Identifier: MIT */
/*
 * Curves. Points of a sketch have their z at 0. An arc's start_point is not where its angles begin:
 * in half of DeepCAD's arcs that is end_point, so both ways round are compared. DeepCAD's angles run
 * counter-clockwise in the sketch whatever 'normal' says, which is a direction in space there, and
 * often the opposite one of the plane's; in Fusion's files it is one in the sketch, and arcs run about
 * it.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "formats/solid/deepcad_private.h"
#include "formats/solid/deepcad_reader.h"

#define OFF_PLANE_M 1e-6
#define ARC_SLACK 1e-3 /* of the radius */
#define TURN_SLACK 1e-6

static int read_point(const struct deepcad_reader *r, const cJSON *curve, const char *key,
		      struct vec *out)
{
	struct vec3 point;

	if (deepcad_point(r, curve, key, &point) < 0)
		return -1;
	if (fabs(point.z) > OFF_PLANE_M)
		return json_error(&r->doc, json_member(curve, key), r->err,
				  "'%s' lies off its sketch's plane", key);
	*out = vec(point.x, point.y);
	return 0;
}

static int read_normal(const struct deepcad_reader *r, const cJSON *curve,
		       const struct deepcad_plane *plane, struct vec3 *out)
{
	const cJSON *node = json_member(curve, "normal");

	*out = plane->z;
	if (!node)
		return 0;
	if (!deepcad_object(r, curve, "normal") || deepcad_number(r, node, "x", &out->x) < 0 ||
	    deepcad_number(r, node, "y", &out->y) < 0)
		return -1;
	return deepcad_number(r, node, "z", &out->z);
}

static int read_round(const struct deepcad_reader *r, const cJSON *node,
		      const struct deepcad_plane *plane, struct deepcad_curve *out)
{
	if (read_point(r, node, "center_point", &out->centre) < 0 ||
	    deepcad_length(r, node, "radius", &out->radius) < 0 ||
	    read_normal(r, node, plane, &out->normal) < 0)
		return -1;
	if (out->radius <= DEEPCAD_LENGTH_MIN)
		return json_error(&r->doc, json_member(node, "radius"), r->err,
				  "'radius' must be more than %g", DEEPCAD_LENGTH_MIN * r->unit);
	return 0;
}

static int read_ends(const struct deepcad_reader *r, const cJSON *node, struct deepcad_curve *out)
{
	if (read_point(r, node, "start_point", &out->start) < 0)
		return -1;
	return read_point(r, node, "end_point", &out->end);
}

static int read_reference(const struct deepcad_reader *r, const cJSON *node,
			  struct deepcad_curve *out)
{
	const cJSON *reference = deepcad_object(r, node, "reference_vector");

	if (!reference || deepcad_number(r, reference, "x", &out->reference.x) < 0 ||
	    deepcad_number(r, reference, "y", &out->reference.y) < 0 ||
	    deepcad_number(r, node, "start_angle", &out->start_angle) < 0)
		return -1;
	return deepcad_number(r, node, "end_angle", &out->end_angle);
}

/* About a normal that looks down, angles run clockwise: the same arc counter-clockwise begins where
 * that one ends. */
static void turn_down(struct deepcad_curve *arc)
{
	double sweep = arc->end_angle - arc->start_angle;

	arc->reference = vec_rotate(arc->reference, -arc->end_angle);
	arc->start_angle = 0;
	arc->end_angle = sweep;
}

/* Finds which of the arc's ends its angles begin at. */
static int settle_arc(const struct deepcad_reader *r, const cJSON *node, struct deepcad_curve *arc)
{
	double slack = 2 * (deepcad_tolerance(0) + ARC_SLACK * arc->radius), along, against;
	struct vec spoke = vec_scale(arc->reference, arc->radius), from, to;

	arc->sweep = arc->end_angle - arc->start_angle;
	if (!(arc->sweep > 0 && arc->sweep <= 2 * M_PI + TURN_SLACK))
		return json_error(&r->doc, node, r->err,
				  "an arc of %g radians; allowed more than 0, up to a full turn",
				  arc->sweep);
	from = vec_add(arc->centre, vec_rotate(spoke, arc->start_angle));
	to = vec_add(arc->centre, vec_rotate(spoke, arc->end_angle));
	along = deepcad_distance(from, arc->start) + deepcad_distance(to, arc->end);
	against = deepcad_distance(from, arc->end) + deepcad_distance(to, arc->start);
	if (min2(along, against) > slack)
		return json_error(
			&r->doc, node, r->err,
			"an arc whose angles do not lead from one of its ends to the other");
	if (against < along)
		arc->sweep = -arc->sweep;
	return 0;
}

static int read_line(const struct deepcad_reader *r, const cJSON *node, struct deepcad_curve *out)
{
	if (read_ends(r, node, out) < 0)
		return -1;
	if (deepcad_distance(out->start, out->end) <= DEEPCAD_LENGTH_MIN)
		return json_error(&r->doc, node, r->err, "a line of no length");
	return 0;
}

static int read_arc(const struct deepcad_reader *r, const cJSON *node,
		    const struct deepcad_plane *plane, struct deepcad_curve *out)
{
	if (read_ends(r, node, out) < 0 || read_round(r, node, plane, out) < 0 ||
	    read_reference(r, node, out) < 0)
		return -1;
	if (r->is_fusion && out->normal.z < 0)
		turn_down(out);
	return settle_arc(r, node, out);
}

static int read_circle(const struct deepcad_reader *r, const cJSON *node,
		       const struct deepcad_plane *plane, struct deepcad_curve *out)
{
	if (read_round(r, node, plane, out) < 0)
		return -1;
	out->start = out->end = vec(out->centre.x - out->radius, out->centre.y);
	out->sweep = 2 * M_PI;
	return 0;
}

int deepcad_read_curve(const struct deepcad_reader *r, const cJSON *node,
		       const struct deepcad_plane *plane, struct deepcad_curve *out)
{
	const char *type = deepcad_string(r, node, "type");
	int rc = -1;

	if (!type)
		return -1;
	for (int k = 0; k < DEEPCAD_CURVE_COUNT_; k++)
		if (strcmp(type, deepcad_curve_names[k]) == 0) {
			out->kind = (enum deepcad_curve_kind)k;
			rc = 0;
		}
	if (rc < 0)
		return json_unsupported(&r->doc, node, r->err,
					"curves of type '%.40s' are not supported", type);
	if (deepcad_name(r, node, "curve", NULL, &out->id) < 0)
		return -1;
	switch (out->kind) {
	case DEEPCAD_LINE:
		rc = read_line(r, node, out);
		break;
	case DEEPCAD_ARC:
		rc = read_arc(r, node, plane, out);
		break;
	default:
		rc = read_circle(r, node, plane, out);
	}
	/* Written again, it is a direction in space. */
	if (r->is_fusion)
		out->normal = plane->z;
	return rc;
}
