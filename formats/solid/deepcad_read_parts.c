/* SPDX-License-Identifier: MIT */
/*
 * Text2CAD's minimal JSON: a part for each extrude, with a plane that is turned about z, y and x and then moved, a
 * sketch of faces of loops of curves, whose kinds their names tell, and how deep it is either way. Parts come in the
 * order of the file, whatever their numbers.
 */
#include <config.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "formats/solid/deepcad_private.h"
#include "formats/solid/deepcad_reader.h"

#define QUARTER 90.0  /* degrees */
#define UPRIGHT 1e-12 /* quarters from a whole one */

/* --- values --------------------------------------------------------------------------------- */

static const char *copy(const struct deepcad_reader *r, const char *text)
{
	return arena_strndup(r->arena, text, strlen(text));
}

static int read_list(const struct deepcad_reader *r, const cJSON *parent, const char *key,
		     double *out, int count)
{
	const cJSON *list = deepcad_array(r, parent, key), *node;
	int n = 0;

	if (!list)
		return -1;
	if (cJSON_GetArraySize(list) != count)
		return json_error(&r->doc, list, r->err, "'%s' must have %d numbers", key, count);
	cJSON_ArrayForEach(node, list)
	{
		if (!cJSON_IsNumber(node))
			return json_error(&r->doc, node, r->err, "'%s' must have %d numbers", key,
					  count);
		if (!(fabs(node->valuedouble) <= DEEPCAD_LENGTH_MAX))
			return json_limit(&r->doc, node, r->err, "'%s' has %g; allowed %g to %g",
					  key, node->valuedouble, -DEEPCAD_LENGTH_MAX,
					  DEEPCAD_LENGTH_MAX);
		out[n++] = node->valuedouble;
	}
	return 0;
}

static int read_point(const struct deepcad_reader *r, const cJSON *parent, const char *key,
		      struct vec *out)
{
	double v[2];

	if (read_list(r, parent, key, v, 2) < 0)
		return -1;
	*out = vec(v[0], v[1]);
	return 0;
}

/* --- planes --------------------------------------------------------------------------------- */

/* Cosine and sine, exact for quarters of a turn. */
static struct vec turn_of(double degrees)
{
	static const struct vec quarters[] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
	double n = rint(degrees / QUARTER);

	if (fabs(degrees / QUARTER - n) < UPRIGHT)
		return quarters[(int)(n - 4 * floor(n / 4))];
	return vec(cos(degrees * M_PI / 180), sin(degrees * M_PI / 180));
}

static int read_plane(const struct deepcad_reader *r, const cJSON *part, struct deepcad_plane *out)
{
	const cJSON *node = deepcad_object(r, part, "coordinate_system");
	double angles[3], at[3];
	struct vec z, y, x;

	if (!node || read_list(r, node, "Euler Angles", angles, 3) < 0 ||
	    read_list(r, node, "Translation Vector", at, 3) < 0)
		return -1;
	z = turn_of(angles[0]);
	y = turn_of(angles[1]);
	x = turn_of(angles[2]);
	out->origin = (struct vec3){at[0], at[1], at[2]};
	out->x = (struct vec3){y.x * z.x, x.x * z.y + x.y * y.y * z.x, x.y * z.y - x.x * y.y * z.x};
	out->z = (struct vec3){y.y, -x.y * y.x, x.x * y.x};
	out->y = vec3_cross(out->z, out->x);
	return 0;
}

/* --- sketches ------------------------------------------------------------------------------- */

static int read_ends(const struct deepcad_reader *r, const cJSON *node, struct deepcad_curve *out)
{
	if (read_point(r, node, "Start Point", &out->start) < 0 ||
	    read_point(r, node, "End Point", &out->end) < 0)
		return -1;
	if (deepcad_distance(out->start, out->end) <= DEEPCAD_LENGTH_MIN)
		return json_error(&r->doc, node, r->err, "'%.60s' has no length", node->string);
	return 0;
}

/* Three points that are nearly in a line have a centre that no file may have. */
static bool is_within(const struct deepcad_curve *arc)
{
	return arc->radius <= DEEPCAD_LENGTH_MAX && fabs(arc->centre.x) <= DEEPCAD_LENGTH_MAX &&
	       fabs(arc->centre.y) <= DEEPCAD_LENGTH_MAX;
}

static int read_arc(const struct deepcad_reader *r, const cJSON *node, struct deepcad_curve *out)
{
	struct vec middle;

	if (read_ends(r, node, out) < 0 || read_point(r, node, "Mid Point", &middle) < 0)
		return -1;
	if (deepcad_curve_arc(out, middle) < 0)
		return json_error(&r->doc, node, r->err,
				  "'%.60s' is an arc whose three points lie in one line",
				  node->string);
	if (!is_within(out))
		return json_limit(&r->doc, node, r->err, "'%.60s' has a radius of %g; allowed %g",
				  node->string, out->radius, DEEPCAD_LENGTH_MAX);
	return 0;
}

static int read_circle(const struct deepcad_reader *r, const cJSON *node, struct deepcad_curve *out)
{
	if (read_point(r, node, "Center", &out->centre) < 0 ||
	    deepcad_number(r, node, "Radius", &out->radius) < 0)
		return -1;
	if (out->radius <= DEEPCAD_LENGTH_MIN)
		return json_error(&r->doc, node, r->err, "'Radius' must be more than %g",
				  DEEPCAD_LENGTH_MIN);
	out->start = out->end = vec(out->centre.x - out->radius, out->centre.y);
	out->sweep = 2 * M_PI;
	return 0;
}

static int read_curve(const struct deepcad_reader *r, const cJSON *node,
		      const struct deepcad_plane *plane, struct deepcad_curve *out)
{
	*out = (struct deepcad_curve){.kind = DEEPCAD_LINE, .normal = plane->z};
	if (strncmp(node->string, "line_", 5) == 0)
		return read_ends(r, node, out);
	if (strncmp(node->string, "arc_", 4) == 0)
		return read_arc(r, node, out);
	out->kind = DEEPCAD_CIRCLE;
	if (strncmp(node->string, "circle_", 7) == 0)
		return read_circle(r, node, out);
	return json_unsupported(&r->doc, node, r->err, "'%.60s' is no line_, arc_ or circle_",
				node->string);
}

static int read_loop(const struct deepcad_reader *r, const cJSON *node,
		     const struct deepcad_plane *plane, struct deepcad_loop *out)
{
	if (!cJSON_IsObject(node))
		return json_error(&r->doc, node, r->err, "'%.60s' must be an object", node->string);
	return deepcad_read_loop(r, node, plane, read_curve, out);
}

static int read_face(const struct deepcad_reader *r, const cJSON *node,
		     const struct deepcad_plane *plane, struct deepcad_profile *out)
{
	struct deepcad_fault fault;

	if (!cJSON_IsObject(node))
		return json_error(&r->doc, node, r->err, "'%.60s' must be an object", node->string);
	out->id = copy(r, node->string);
	if (deepcad_read_loops(r, node, plane, read_loop, out) < 0)
		return -1;
	if (deepcad_profile_fault(out, r->arena, &fault))
		return json_error(&r->doc, node, r->err, "'%.60s' has %s", node->string, fault.why);
	return 0;
}

/* An id that no other entity has. */
static const char *id_of(const struct deepcad_reader *r, char kind, int n)
{
	char text[16];

	snprintf(text, sizeof(text), "%c%d", kind, n);
	return copy(r, text);
}

/* It has the part's name. */
static int read_sketch(const struct deepcad_reader *r, const cJSON *part,
		       struct deepcad_sketch *out)
{
	const cJSON *node;

	out->name = copy(r, part->string);
	if (read_plane(r, part, &out->plane) < 0)
		return -1;
	node = deepcad_object(r, part, "sketch");
	if (!node)
		return -1;
	if (!node->child)
		return json_error(&r->doc, node, r->err, "a sketch without faces");
	out->profiles = ARENA_NEW(r->arena, struct deepcad_profile, cJSON_GetArraySize(node));
	for (const cJSON *face = node->child; face; face = face->next)
		if (read_face(r, face, &out->plane, &out->profiles[out->count++]) < 0)
			return -1;
	return 0;
}

/* --- extrudes ------------------------------------------------------------------------------- */

/* All of the sketch is swept. */
static int read_extrude(const struct deepcad_reader *r, const cJSON *part,
			const struct deepcad_sketch *sketch, struct deepcad_feature *out)
{
	const cJSON *node = deepcad_object(r, part, "extrusion");
	int operation = node ? deepcad_choice(r, node, "operation", deepcad_operation_names) : -1;
	double lo, hi;

	if (operation < 0 ||
	    deepcad_number(r, node, "extrude_depth_towards_normal", &out->one) < 0 ||
	    deepcad_number(r, node, "extrude_depth_opposite_normal", &out->two) < 0)
		return -1;
	out->operation = (enum deepcad_operation)operation;
	out->extent = out->one == 0 || out->two == 0 ? DEEPCAD_ONE_SIDE : DEEPCAD_TWO_SIDES;
	if (out->one == 0) {
		out->one = -out->two;
		out->two = 0;
	}
	deepcad_heights(out, &lo, &hi);
	if (hi - lo <= DEEPCAD_LENGTH_MIN)
		return json_error(&r->doc, node, r->err, "an extrude of no length");
	out->regions = ARENA_NEW(r->arena, struct deepcad_region, sketch->count);
	for (int i = 0; i < sketch->count; i++)
		out->regions[out->count++] = (struct deepcad_region){sketch, &sketch->profiles[i]};
	return 0;
}

int deepcad_read_parts(const struct deepcad_reader *r, struct deepcad_model *model)
{
	const cJSON *parts = deepcad_object(r, r->doc.root, "parts");
	int count;

	if (!parts)
		return -1;
	count = cJSON_GetArraySize(parts);
	if (count == 0)
		return json_error(&r->doc, parts, r->err, "a model without parts");
	if (count > DEEPCAD_ROWS_MAX)
		return json_limit(&r->doc, parts, r->err, "more than %d parts", DEEPCAD_ROWS_MAX);
	model->sketches = ARENA_NEW(r->arena, struct deepcad_sketch, count);
	model->features = ARENA_NEW(r->arena, struct deepcad_feature, count);
	model->steps = ARENA_NEW(r->arena, struct deepcad_step, 2 * (size_t)count);
	for (const cJSON *part = parts->child; part; part = part->next) {
		int i = model->feature_count;

		if (!cJSON_IsObject(part))
			return json_error(&r->doc, part, r->err, "'%.60s' must be an object",
					  part->string);
		model->sketches[i] = (struct deepcad_sketch){.id = id_of(r, 'S', i)};
		if (read_sketch(r, part, &model->sketches[i]) < 0)
			return -1;
		model->features[i] = (struct deepcad_feature){
			.kind = DEEPCAD_EXTRUDE, .id = id_of(r, 'E', i), .name = ""};
		if (read_extrude(r, part, &model->sketches[i], &model->features[i]) < 0)
			return -1;
		model->steps[model->step_count++] = (struct deepcad_step){false, i};
		model->steps[model->step_count++] = (struct deepcad_step){true, i};
		model->sketch_count = model->feature_count = i + 1;
	}
	return 0;
}
