/* SPDX-License-Identifier: MIT */
/*
 * The keys are those of DeepCAD's files, a line for a curve. "is_outer", which is true of every loop
 * there, says here which loop is the outer one.
 */
#include <config.h>

#include "formats/solid/deepcad.h"

static void put_key(struct buf *out, const char *key)
{
	buf_json_str(out, key);
	buf_char(out, ':');
}

/* "key":"text" */
static void put_text(struct buf *out, const char *key, const char *text)
{
	put_key(out, key);
	buf_json_str(out, text);
}

static void put_real(struct buf *out, const char *key, double v)
{
	put_key(out, key);
	buf_real(out, v);
}

static void put_point(struct buf *out, const char *key, struct vec3 p)
{
	put_key(out, key);
	buf_char(out, '{');
	put_real(out, "x", p.x);
	buf_char(out, ',');
	put_real(out, "y", p.y);
	buf_char(out, ',');
	put_real(out, "z", p.z);
	buf_char(out, '}');
}

/* Of a sketch, with a comma behind it. */
static void put_flat_point(struct buf *out, const char *key, struct vec p)
{
	put_point(out, key, (struct vec3){p.x, p.y, 0});
	buf_char(out, ',');
}

static void put_curve(struct buf *out, const struct deepcad_curve *c)
{
	buf_char(out, '{');
	put_text(out, "type", deepcad_curve_names[c->kind]);
	buf_char(out, ',');
	if (c->id) {
		put_text(out, "curve", c->id);
		buf_char(out, ',');
	}
	if (c->kind != DEEPCAD_CIRCLE) {
		put_flat_point(out, "start_point", c->start);
		put_flat_point(out, "end_point", c->end);
	}
	if (c->kind == DEEPCAD_LINE) {
		out->data[out->len - 1] = '}';
		return;
	}
	put_flat_point(out, "center_point", c->centre);
	put_real(out, "radius", c->radius);
	buf_char(out, ',');
	if (c->kind == DEEPCAD_ARC) {
		put_flat_point(out, "reference_vector", c->reference);
		put_real(out, "start_angle", c->start_angle);
		buf_char(out, ',');
		put_real(out, "end_angle", c->end_angle);
		buf_char(out, ',');
	}
	put_point(out, "normal", c->normal);
	buf_char(out, '}');
}

static void put_loop(struct buf *out, const struct deepcad_loop *loop, bool is_outer)
{
	buf_str(out, "\n{\"is_outer\":");
	buf_str(out, is_outer ? "true" : "false");
	buf_str(out, ",\"profile_curves\":[");
	for (int i = 0; i < loop->count; i++) {
		buf_str(out, i ? ",\n" : "\n");
		put_curve(out, &loop->curves[i]);
	}
	buf_str(out, "]}");
}

static void put_profile(struct buf *out, const struct deepcad_profile *profile)
{
	buf_char(out, '\n');
	put_key(out, profile->id);
	buf_str(out, "{\"properties\":{},\"loops\":[");
	for (int i = 0; i < profile->count; i++) {
		buf_str(out, i ? "," : "");
		put_loop(out, &profile->loops[i], i == profile->outer);
	}
	buf_str(out, "]}");
}

static void put_sketch(struct buf *out, const struct deepcad_sketch *sketch)
{
	put_key(out, sketch->id);
	buf_str(out, "{\"type\":\"Sketch\",");
	put_text(out, "name", sketch->name);
	buf_str(out, ",\"reference_plane\":{},\n\"transform\":{");
	put_point(out, "origin", sketch->plane.origin);
	buf_char(out, ',');
	put_point(out, "x_axis", sketch->plane.x);
	buf_char(out, ',');
	put_point(out, "y_axis", sketch->plane.y);
	buf_char(out, ',');
	put_point(out, "z_axis", sketch->plane.z);
	buf_str(out, "},\n\"profiles\":{");
	for (int i = 0; i < sketch->count; i++) {
		buf_str(out, i ? "," : "");
		put_profile(out, &sketch->profiles[i]);
	}
	buf_str(out, "}}");
}

static void put_parameter(struct buf *out, const char *key, const char *role, double v)
{
	put_key(out, key);
	buf_str(out, "{\"type\":\"ModelParameter\",");
	put_real(out, "value", v);
	buf_str(out, ",\"name\":\"none\",");
	put_text(out, "role", role);
	buf_char(out, '}');
}

static void put_side(struct buf *out, const char *key, const char *role, double distance,
		     const char *taper_role, double taper)
{
	buf_str(out, ",\n");
	put_key(out, key);
	buf_str(out, "{\"type\":\"DistanceExtentDefinition\",");
	put_parameter(out, "distance", role, distance);
	buf_char(out, ',');
	put_parameter(out, "taper_angle", taper_role, taper);
	buf_char(out, '}');
}

static void put_start(struct buf *out, double offset)
{
	buf_str(out, ",\n\"start_extent\":{");
	if (offset == 0) {
		buf_str(out, "\"type\":\"ProfilePlaneStartDefinition\"}");
		return;
	}
	buf_str(out, "\"type\":\"OffsetStartDefinition\",");
	put_parameter(out, "offset", "ProfileOffset", offset);
	buf_char(out, '}');
}

static void put_sides(struct buf *out, const struct deepcad_feature *extrude)
{
	put_start(out, extrude->offset);
	buf_str(out, ",\n");
	put_text(out, "extent_type", deepcad_extent_names[extrude->extent]);
	put_side(out, "extent_one", "AlongDistance", extrude->one, "TaperAngle",
		 extrude->taper_one);
	put_side(out, "extent_two", "AgainstDistance", extrude->two, "Side2TaperAngle",
		 extrude->taper_two);
}

static void put_angle(struct buf *out, const char *key, const char *role, double angle)
{
	buf_str(out, ",\n");
	put_key(out, key);
	buf_str(out, "{\"type\":\"AngleExtentDefinition\",");
	put_parameter(out, "angle", role, angle);
	buf_char(out, '}');
}

static void put_turn(struct buf *out, const struct deepcad_feature *revolve)
{
	buf_str(out, ",\n\"axis\":{\"type\":\"Line3D\",");
	put_flat_point(out, "start_point", revolve->axis.start);
	put_flat_point(out, "end_point", revolve->axis.end);
	out->data[out->len - 1] = '}';
	buf_str(out, ",\n");
	put_text(out, "extent_type", deepcad_extent_names[revolve->extent]);
	put_angle(out, "extent_one", "AlongAngle", revolve->one);
	put_angle(out, "extent_two", "AgainstAngle", revolve->two);
}

static void put_feature(struct buf *out, const struct deepcad_feature *feature)
{
	put_key(out, feature->id);
	buf_char(out, '{');
	put_text(out, "type", deepcad_feature_names[feature->kind]);
	buf_char(out, ',');
	put_text(out, "name", feature->name);
	buf_str(out, ",\"profiles\":[");
	for (int i = 0; i < feature->count; i++) {
		buf_str(out, i ? ",\n{" : "\n{");
		put_text(out, "profile", feature->regions[i].profile->id);
		buf_char(out, ',');
		put_text(out, "sketch", feature->regions[i].sketch->id);
		buf_char(out, '}');
	}
	buf_str(out, "],\n");
	put_text(out, "operation", deepcad_operation_names[feature->operation]);
	if (feature->kind == DEEPCAD_REVOLVE)
		put_turn(out, feature);
	else
		put_sides(out, feature);
	buf_char(out, '}');
}

static void put_entity(struct buf *out, const struct deepcad_model *model, int step)
{
	const struct deepcad_step *s = &model->steps[step];

	buf_str(out, step ? ",\n" : "\n");
	if (s->is_feature)
		put_feature(out, &model->features[s->index]);
	else
		put_sketch(out, &model->sketches[s->index]);
}

static void put_row(struct buf *out, const struct deepcad_model *model, int step)
{
	const struct deepcad_step *s = &model->steps[step];

	buf_str(out, step ? ",\n{\"index\":" : "\n{\"index\":");
	buf_int(out, step);
	buf_char(out, ',');
	put_text(out, "type",
		 s->is_feature ? deepcad_feature_names[model->features[s->index].kind] : "Sketch");
	buf_char(out, ',');
	put_text(out, "entity",
		 s->is_feature ? model->features[s->index].id : model->sketches[s->index].id);
	buf_char(out, '}');
}

void deepcad_write(const struct deepcad_model *model, struct buf *out)
{
	buf_str(out, "{\"entities\":{");
	for (int i = 0; i < model->step_count; i++)
		put_entity(out, model, i);
	buf_str(out, "},\n\"properties\":{");
	if (model->has_box) {
		buf_str(out, "\"bounding_box\":{\"type\":\"BoundingBox3D\",");
		put_point(out, "max_point", model->box_hi);
		buf_char(out, ',');
		put_point(out, "min_point", model->box_lo);
		buf_char(out, '}');
	}
	buf_str(out, "},\n\"sequence\":[");
	for (int i = 0; i < model->step_count; i++)
		put_row(out, model, i);
	buf_str(out, "]}\n");
}
