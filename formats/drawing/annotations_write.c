/* SPDX-License-Identifier: MIT */
/*
 * annotations: the JSON line.
 *
 * Which numbers of the label a dimension states follows from the scene alone:
 *
 *	itself		its parameter; with a counterbore, a thread or equal spaces all that is
 *			printed with it, and with a count that of its hole circle
 *	equal ones	the drafter draws a position that several shapes share once, for the first
 *			of them; a count stands for as many equal shapes that have no such dimension
 *			of their own
 *
 * One line (broken here); keys that do not apply to an item are left out:
 *
 *	{"id":"00000042","width":1024,"height":724,"items":[
 *	 {"class":"shape","shape":0,"polygon":[…]},
 *	 {"class":"shape","layer":"hidden","shape":1,"open":true,"polygon":[…],"drawn":[[x,y,…],…]},
 *	 {"class":"dimension","kind":"diameter","value":"4×⌀8 H7","number":8,"unit":"mm","count":4,
 *	  "tolerance":{"kind":"fit","fit":"H7"},"view":1,"shape":2,"dimension":5,
 *	  "states":[{"shape":2,"type":"hole","param":"d"},…],"polygon":[…]},
 *	 {"class":"text","value":"40","shape":0,"dimension":3,"states":[…],"polygon":[x,y,…]},
 *	 {"class":"title_block_field","field":"material","value":"C45","polygon":[…]},
 *	 {"class":"arrow","kind":"open","shape":1,"dimension":5,"states":[…],"polygon":[…]},
 *	 {"class":"view","name":"front","polygon":[…]},
 *	 {"class":"tolerance_frame","value":"⌖ 0,1 A","polygon":[…]},
 *	 {"class":"paper_grid","kind":"squared","pitch_mm":5,"pitch_px":12.1,"polygon":[…]}]}
 */
#include <config.h>

#include <stdbool.h>
#include <string.h>

#include "formats/drawing/annotations.h"
#include "formats/drawing/dimension.h"
#include "formats/scene/plate.h"

enum { PX_DECIMALS = 2 };

const char *annotation_class_name(enum annotation_class class_)
{
	static const char *const names[] = {
#define C(id, name) name,
		ANNOTATION_CLASSES(C)
#undef C
	};

	return names[class_];
}

const char *annotation_state_name(enum annotation_state state)
{
	static const char *const names[] = {"unmeasured", "clear", "degraded", "lost"};

	return names[state];
}

static void put_string(struct buf *out, const char *key, const char *value)
{
	if (!value)
		return;
	buf_str(out, key);
	buf_json_str(out, value);
}

static void put_index(struct buf *out, const char *key, int index)
{
	if (index == DRAWING_NOBODY)
		return;
	buf_str(out, key);
	buf_int(out, index);
}

static void put_milli(struct buf *out, const char *key, int64_t value)
{
	buf_str(out, key);
	buf_milli(out, value);
}

/* --- what a dimension states --- */

struct statements {
	const struct scene *scene;
	struct buf *out;
	const char *comma;
};

static bool is_position(const struct dimension *d)
{
	return d->kind == DIM_POSITION_X || d->kind == DIM_POSITION_Y;
}

static void put_feature(struct buf *out, enum param param, int point, bool is_x)
{
	buf_str(out, ",\"param\":\"");
	buf_str(out, param_name(param));
	buf_char(out, '"');
	if (param != PARAM_POINTS)
		return;
	put_index(out, ",\"point\":", point);
	buf_str(out, is_x ? ",\"axis\":\"x\"" : ",\"axis\":\"y\"");
}

static void put_statement(struct statements *s, const struct dimension *d, int shape,
			  enum param param)
{
	bool is_x = d->kind == DIM_POSITION_X;

	buf_str(s->out, s->comma);
	s->comma = ",";
	put_index(s->out, "{\"shape\":", shape);
	buf_str(s->out, ",\"type\":\"");
	buf_str(s->out, shape_kind_name(s->scene->shapes[shape].kind));
	buf_char(s->out, '"');
	put_feature(s->out, param, d->point, is_x);
	if (d->from.shape != SCENE_DATUM) {
		put_index(s->out, ",\"from\":{\"shape\":", d->from.shape);
		put_feature(s->out, d->from.param, d->from.point, is_x);
		buf_char(s->out, '}');
	}
	buf_char(s->out, '}');
}

/* The parameters that are printed together, the first being the dimension's own; returns how many. */
static int params_of(const struct scene *scene, const struct dimension *d, enum param out[3])
{
	const struct shape *shape = &scene->shapes[d->shape];
	int n = 0;

	out[n++] = d->param;
	switch (d->kind) {
	case DIM_COUNTERBORE:
		out[n++] = PARAM_CBORE_D;
		out[n++] = PARAM_CBORE_DEPTH;
		break;
	case DIM_THREAD:
		if (shape->value[PARAM_PITCH]) /* a coarse thread's is not printed */
			out[n++] = PARAM_PITCH;
		break;
	case DIM_ARC_LENGTH: /* follows from both */
		out[n++] = PARAM_R;
		break;
	case DIM_SPACES_X:
		out[n++] = PARAM_COLUMNS;
		break;
	case DIM_SPACES_Y:
		out[n++] = PARAM_ROWS;
		break;
	default:
		if (d->count > 1 && d->count == shape->value[PARAM_COUNT])
			out[n++] = PARAM_COUNT;
		break;
	}
	return n;
}

/* How many equal features the shape is by itself. */
static int64_t features_of(const struct shape *shape)
{
	if (shape->kind == SHAPE_HOLE_CIRCLE)
		return shape->value[PARAM_COUNT];
	if (shape->kind == SHAPE_HOLE_GRID)
		return shape->value[PARAM_COLUMNS] * shape->value[PARAM_ROWS];
	return 1;
}

static bool has_own(const struct scene *scene, const struct dimension *d, int shape)
{
	for (int i = 0; i < scene->dimension_count; i++) {
		const struct dimension *other = &scene->dimensions[i];

		if (other != d && other->kind == d->kind && other->param == d->param &&
		    other->shape == shape && !other->reference)
			return true;
	}
	return false;
}

/* Whether the dimension's count may stand for this shape, too. */
static bool is_counted(const struct scene *scene, const struct dimension *d, int shape)
{
	const struct shape *own = &scene->shapes[d->shape], *other = &scene->shapes[shape];
	enum param params[3];
	int n = params_of(scene, d, params);

	if (shape == d->shape)
		return true;
	if (other->kind != own->kind || has_own(scene, d, shape))
		return false;
	for (int i = 0; i < n; i++)
		if (other->value[params[i]] != own->value[params[i]])
			return false;
	return true;
}

/* The count stands for all equal shapes where they are as many, else for what is the shape's own. */
static bool counts_all(const struct scene *scene, const struct dimension *d)
{
	int64_t features = 0;

	if (d->count < 2 || d->param == PARAM_POINTS)
		return false;
	for (int i = 0; i < scene->shape_count; i++)
		if (is_counted(scene, d, i))
			features += features_of(&scene->shapes[i]);
	return features == d->count;
}

static void put_statements(struct statements *s, const struct dimension *d)
{
	enum param params[3];
	int n = params_of(s->scene, d, params);
	bool all = counts_all(s->scene, d);

	for (int shape = 0; shape < s->scene->shape_count; shape++)
		if (shape == d->shape || (all && is_counted(s->scene, d, shape)))
			for (int i = 0; i < n; i++)
				put_statement(s, d, shape, params[i]);
}

/* Whether what is drawn for the first dimension states the second as well: a position between the
 * same two coordinates. */
static bool states_too(const struct scene *scene, const struct dimension *drawn,
		       const struct dimension *other)
{
	struct feature to = {drawn->shape, drawn->param, drawn->point};
	struct feature other_to = {other->shape, other->param, other->point};
	bool is_x = drawn->kind == DIM_POSITION_X;
	int64_t a, b, c, e;

	if (drawn == other)
		return true;
	if (!is_position(drawn) || other->kind != drawn->kind || other->view != drawn->view)
		return false;
	/* A row of a table speaks of one hole. */
	if (plate_is_tabled(scene, drawn) || plate_is_tabled(scene, other))
		return false;
	a = scene_coordinate(scene, &drawn->from, is_x);
	b = scene_coordinate(scene, &to, is_x);
	c = scene_coordinate(scene, &other->from, is_x);
	e = scene_coordinate(scene, &other_to, is_x);
	return (a == c && b == e) || (a == e && b == c);
}

static void put_states(const struct scene *scene, int dimension, struct buf *out)
{
	struct statements s = {scene, out, ""};

	put_index(out, ",\"dimension\":", dimension);
	if (scene->part) /* which has no shapes */
		return;
	buf_str(out, ",\"states\":[");
	for (int i = 0; i < scene->dimension_count; i++)
		if (states_too(scene, &scene->dimensions[dimension], &scene->dimensions[i]))
			put_statements(&s, &scene->dimensions[i]);
	buf_char(out, ']');
}

/* --- what a dimension says --- */

static void put_tolerance(const struct tolerance *t, struct buf *out)
{
	if (t->kind == TOLERANCE_NONE)
		return;
	put_string(out, ",\"tolerance\":{\"kind\":", tolerance_kind_name(t->kind));
	if (t->kind == TOLERANCE_FIT) {
		put_string(out, ",\"fit\":", t->fit);
	} else {
		put_milli(out, ",\"upper\":", t->upper);
		put_milli(out, ",\"lower\":", t->lower);
	}
	buf_char(out, '}');
}

static void put_callout(const struct callout *c, enum unit unit, struct buf *out)
{
	put_milli(out, ",\"number\":", c->value);
	put_string(out, ",\"unit\":", c->kind == CALLOUT_ANGLE ? "degree" : unit_name(unit));
	if (c->kind == CALLOUT_COUNTERBORE) {
		put_milli(out, ",\"cbore_d\":", c->wide);
		put_milli(out, ",\"cbore_depth\":", c->deep);
	}
	if (c->kind == CALLOUT_COUNTERSINK) {
		put_milli(out, ",\"csink_d\":", c->wide);
		put_milli(out, ",\"csink_angle\":", c->angle);
	}
	if (c->kind == CALLOUT_THREAD && c->pitch && unit == UNIT_INCH)
		put_index(out, ",\"per_inch\":", (int)c->pitch);
	else if (c->kind == CALLOUT_THREAD && c->pitch)
		put_milli(out, ",\"pitch\":", c->pitch);
	if (c->count > 1 || c->kind == CALLOUT_SPACES)
		put_index(out, ",\"count\":", c->count);
	if (c->status != CALLOUT_PLAIN)
		put_string(out, ",\"status\":", callout_status_name(c->status));
	put_tolerance(&c->tolerance, out);
}

/* What happened to a printed number. The label has the first one, the value. */
static void put_changes(const struct annotation *item, struct buf *out)
{
	bool written = item->written && strcmp(item->written, item->value) != 0;

	if (item->struck)
		buf_str(out, ",\"struck\":true");
	put_string(out, ",\"written\":", item->written);
	put_string(out, ",\"swapped\":", item->swapped);
	if (written || item->swapped)
		buf_str(out, ",\"holds\":\"value\"");
}

static void put_pitch(const struct annotation *item, struct buf *out)
{
	buf_str(out, ",\"pitch_mm\":");
	buf_fixed(out, item->pitch_mm, PX_DECIMALS);
	buf_str(out, ",\"pitch_px\":");
	buf_fixed(out, item->pitch_px, PX_DECIMALS);
}

/* What only items of the class have. */
static void put_special(const struct annotations *a, const struct annotation *item, struct buf *out)
{
	const struct dimension *dims = a->scene->dimensions;

	switch (item->class_) {
	case ANNOTATION_SHAPE:
		if (item->layer != LAYER_OUTLINE)
			put_string(out, ",\"layer\":", layer_name(item->layer));
		break;
	case ANNOTATION_DIMENSION:
		put_string(out, ",\"kind\":", dim_kind_name(dims[item->dimension].kind));
		put_callout(item->callout, a->scene->unit, out);
		if (a->view_count > 1)
			put_index(out, ",\"view\":", dims[item->dimension].view);
		break;
	case ANNOTATION_TITLE_BLOCK_FIELD:
		put_string(out, ",\"field\":", item->name);
		break;
	case ANNOTATION_ARROW:
		if (item->arrow != ARROW_FILLED)
			put_string(out, ",\"kind\":", arrow_kind_name(item->arrow));
		break;
	case ANNOTATION_VIEW:
		put_string(out, ",\"name\":", item->name);
		break;
	case ANNOTATION_PAPER_GRID:
		put_string(out, ",\"kind\":", item->name);
		put_pitch(item, out);
		break;
	case ANNOTATION_TEXT:
		put_changes(item, out);
		break;
	case ANNOTATION_CORRECTION:
	case ANNOTATION_SURFACE_TEXTURE:
	case ANNOTATION_DATUM:
	case ANNOTATION_TOLERANCE_FRAME:
	case ANNOTATION_PROJECTION_SYMBOL:
	case ANNOTATION_SECTION_MARK:
	case ANNOTATION_VIEW_TITLE:
	case ANNOTATION_COUNT_:
		break;
	}
}

static void put_points(const struct polyline *polygon, struct buf *out)
{
	buf_char(out, '[');
	for (int i = 0; i < polygon->count; i++) {
		if (i)
			buf_char(out, ',');
		buf_fixed(out, polygon->points[i].x, PX_DECIMALS);
		buf_char(out, ',');
		buf_fixed(out, polygon->points[i].y, PX_DECIMALS);
	}
	buf_char(out, ']');
}

static void put_polygon(const struct polyline *polygon, struct buf *out)
{
	if (!polygon->closed)
		buf_str(out, ",\"open\":true");
	buf_str(out, ",\"polygon\":");
	put_points(polygon, out);
}

static void put_drawn(const struct annotation *item, struct buf *out)
{
	for (int i = 0; i < item->drawn_count; i++) {
		buf_str(out, i ? "," : ",\"drawn\":[");
		put_points(&item->drawn[i], out);
	}
	if (item->drawn_count)
		buf_char(out, ']');
}

static void put_item(const struct annotations *a, const struct annotation *item, struct buf *out)
{
	put_string(out, "{\"class\":", annotation_class_name(item->class_));
	put_string(out, ",\"value\":", item->value);
	put_special(a, item, out);
	if (item->state != ANNOTATION_UNMEASURED)
		put_string(out, ",\"legibility\":", annotation_state_name(item->state));
	put_index(out, ",\"shape\":", item->shape);
	if (item->dimension != DRAWING_NOBODY)
		put_states(a->scene, item->dimension, out);
	put_polygon(&item->polygon, out);
	put_drawn(item, out);
	buf_char(out, '}');
}

void annotations_write(const struct annotations *annotations, const char *id, struct buf *out)
{
	buf_str(out, "{\"id\":");
	buf_json_str(out, id);
	buf_str(out, ",\"width\":");
	buf_int(out, annotations->width_px);
	buf_str(out, ",\"height\":");
	buf_int(out, annotations->height_px);
	if (annotations->scan_attempt != ANNOTATIONS_CLEAN)
		put_index(out, ",\"scan\":", annotations->scan_attempt);
	buf_str(out, ",\"items\":[");
	for (int i = 0; i < annotations->count; i++) {
		if (i)
			buf_char(out, ',');
		put_item(annotations, &annotations->items[i], out);
	}
	buf_str(out, "]}");
}
