/* SPDX-License-Identifier: MIT */
/*
 * Scenes: names, equality, and scene(5) written and read.
 *
 * The writer puts bytes straight into the buffer, because a dataset run writes thousands of scenes
 * a second. The reader goes through a cJSON tree and takes keys in any order: each key of the table
 * at the end of this file has a function that reads its value into the scene. Dimensions refer to
 * shapes, so they are read last, whatever place they have in the text.
 */
#include <config.h>

#include "formats/scene/scene.h"

#include <math.h>
#include <string.h>

#include "base/num.h"
#include "formats/encoding/json.h"
#include "formats/scene/cabinet.h"
#include "formats/scene/shape_json.h"

#define SHEET_UM_MIN 50000
#define SHEET_UM_MAX 2000000
#define PLACE_MAX 10000000 /* thousandths, as lengths */
#define SCALE_MAX 1000

const char *const family_names[FAMILY_COUNT_ + 1] = {
#define F(id, name) name,
	SHAPE_FAMILIES(F)
#undef F
		NULL,
};

static const char *const arrangement_names[ARRANGE_COUNT_ + 1] = {
#define A(id, name) name,
	SCENE_ARRANGEMENTS(A)
#undef A
		NULL,
};

#define D(id, name) name,
static const char *const dim_kind_names[DIM_COUNT_] = {SCENE_DIMENSIONS(D) SOLID_DIMENSIONS(D)};
static const char *const dim_kinds_of_shapes[] = {SCENE_DIMENSIONS(D) NULL};
#undef D

static const char *const section_names[SECTION_COUNT_ + 1] = {
#define S(id, name) name,
	SCENE_SECTIONS(S)
#undef S
		NULL,
};

double scene_paper_per_unit(const struct scene *scene)
{
	return unit_mm(scene->unit) * scene->scale_paper / scene->scale_real;
}

int64_t scene_coordinate(const struct scene *scene, const struct feature *feature, bool is_x)
{
	const struct shape *shape;
	struct point anchor;
	int64_t at;

	if (feature->shape == SCENE_DATUM)
		return 0;
	shape = &scene->shapes[feature->shape];
	if (cabinet_has_kind(shape->kind))
		return (int64_t)floor(cabinet_face(shape, feature->param).at);
	anchor = feature->param == PARAM_POINTS ? shape->points[feature->point]
						: shape_anchor(shape);
	at = is_x ? anchor.x : anchor.y;
	switch (feature->param) {
	case PARAM_X:
	case PARAM_Y:
	case PARAM_POINTS:
		return at;
	case PARAM_DX:
		return at + shape->value[PARAM_DX] * (shape->value[PARAM_COLUMNS] - 1);
	case PARAM_DY:
		return at + shape->value[PARAM_DY] * (shape->value[PARAM_ROWS] - 1);
	default:
		return at + shape->value[feature->param];
	}
}

const char *family_name(enum family family)
{
	return family_names[family];
}

const char *arrangement_name(enum arrangement arrangement)
{
	return arrangement_names[arrangement];
}

const char *dim_kind_name(enum dim_kind kind)
{
	return dim_kind_names[kind];
}

static void write_int(const char *key, int v, struct buf *out)
{
	buf_str(out, key);
	buf_int(out, v);
}

static void write_from(const struct feature *from, struct buf *out)
{
	write_int(",\"from\":{\"shape\":", from->shape, out);
	buf_str(out, ",\"param\":\"");
	buf_str(out, param_name(from->param));
	buf_char(out, '"');
	if (from->param == PARAM_POINTS)
		write_int(",\"point\":", from->point, out);
	buf_char(out, '}');
}

static void write_dimension(const struct dimension *dim, struct buf *out)
{
	buf_str(out, "{\"kind\":\"");
	buf_str(out, dim_kind_name(dim->kind));
	buf_str(out, "\",\"shape\":");
	buf_int(out, dim->shape);
	buf_str(out, ",\"param\":\"");
	buf_str(out, param_name(dim->param));
	buf_char(out, '"');
	if (dim->param == PARAM_POINTS)
		write_int(",\"point\":", dim->point, out);
	if (dim->view)
		write_int(",\"view\":", dim->view, out);
	if (dim->from.shape != SCENE_DATUM)
		write_from(&dim->from, out);
	if (dim->count > 1)
		write_int(",\"count\":", dim->count, out);
	if (dim->reference)
		buf_str(out, ",\"reference\":true");
	buf_char(out, '}');
}

static void write_sheet(const int64_t sheet_um[2], struct buf *out)
{
	if (sheet_um[0] == sheet_um[1]) {
		buf_milli(out, sheet_um[0]);
		return;
	}
	buf_char(out, '[');
	buf_milli(out, sheet_um[0]);
	buf_char(out, ',');
	buf_milli(out, sheet_um[1]);
	buf_char(out, ']');
}

static void write_places(const char *key, const int64_t *places, int n, struct buf *out)
{
	buf_str(out, ",\"");
	buf_str(out, key);
	buf_str(out, "\":");
	for (int i = 0; i < n; i++) {
		buf_char(out, i ? ',' : '[');
		buf_milli(out, places[i]);
	}
	buf_char(out, ']');
}

static void write_head(const struct scene *scene, struct buf *out)
{
	buf_str(out, "{\"family\":\"");
	buf_str(out, family_name(scene->family));
	buf_str(out, "\",\"unit\":\"");
	buf_str(out, unit_name(scene->unit));
	buf_str(out, "\",\"sheet\":");
	write_sheet(scene->sheet_um, out);
	buf_str(out, ",\"scale\":\"");
	buf_int(out, scene->scale_paper);
	buf_char(out, ':');
	buf_int(out, scene->scale_real);
	buf_str(out, "\",\"arrangement\":\"");
	buf_str(out, arrangement_name(scene->arrangement));
	if (scene->section != SECTION_NONE) {
		buf_str(out, "\",\"section\":\"");
		buf_str(out, section_names[scene->section]);
	}
	buf_char(out, '"');
	if (scene->interrupted[0] != scene->interrupted[1])
		write_places("interrupted", scene->interrupted, 2, out);
	if (scene->off_scale[2] != 0)
		write_places("off_scale", scene->off_scale, 3, out);
	buf_str(out, ",\"attempt\":");
	buf_int(out, scene->attempt);
}

void scene_write(const struct scene *scene, struct buf *out)
{
	write_head(scene, out);
	buf_str(out, ",\"shapes\":[");
	for (int i = 0; i < scene->shape_count; i++) {
		if (i)
			buf_char(out, ',');
		shape_write_json(&scene->shapes[i], out);
	}
	buf_str(out, "],\"dimensions\":[");
	for (int i = 0; i < scene->dimension_count; i++) {
		if (i)
			buf_char(out, ',');
		write_dimension(&scene->dimensions[i], out);
	}
	buf_str(out, "]}");
}

static bool dimension_equal(const struct dimension *a, const struct dimension *b)
{
	return a->kind == b->kind && a->shape == b->shape && a->param == b->param &&
	       a->point == b->point && a->view == b->view && a->from.shape == b->from.shape &&
	       a->from.param == b->from.param && a->from.point == b->from.point &&
	       (a->count > 1 ? a->count : 1) == (b->count > 1 ? b->count : 1) &&
	       a->reference == b->reference;
}

bool scene_equal(const struct scene *a, const struct scene *b)
{
	if (a->family != b->family || a->unit != b->unit || a->section != b->section ||
	    memcmp(a->interrupted, b->interrupted, sizeof(a->interrupted)) != 0 ||
	    memcmp(a->off_scale, b->off_scale, sizeof(a->off_scale)) != 0 ||
	    a->sheet_um[0] != b->sheet_um[0] || a->sheet_um[1] != b->sheet_um[1] ||
	    a->scale_paper != b->scale_paper || a->scale_real != b->scale_real ||
	    a->arrangement != b->arrangement || a->attempt != b->attempt ||
	    a->shape_count != b->shape_count || a->dimension_count != b->dimension_count)
		return false;
	for (int i = 0; i < a->shape_count; i++)
		if (shape_compare(&a->shapes[i], &b->shapes[i]) != 0)
			return false;
	for (int i = 0; i < a->dimension_count; i++)
		if (!dimension_equal(&a->dimensions[i], &b->dimensions[i]))
			return false;
	return true;
}

/* What every reader below gets. */
struct reader {
	const struct json_doc *doc;
	struct scene *scene;
	struct arena *arena;
	struct err *err;
};

/* The index of the string node in a NULL-terminated list of names, or -1 with err. */
static int read_name(const struct reader *r, const cJSON *node, const char *key,
		     const char *const *names)
{
	char all[240] = "";

	for (int i = 0; names[i]; i++) {
		if (cJSON_IsString(node) && strcmp(node->valuestring, names[i]) == 0)
			return i;
		if (i)
			strncat(all, ", ", sizeof(all) - strlen(all) - 1);
		strncat(all, names[i], sizeof(all) - strlen(all) - 1);
	}
	if (!cJSON_IsString(node))
		return json_error(r->doc, node, r->err, "'%s' must be a string", key);
	return json_error(r->doc, node, r->err, "'%s' is '%.40s'; allowed %s", key,
			  node->valuestring, all);
}

/* A whole number within lo..hi. */
static int read_int(const struct reader *r, const cJSON *node, const char *key, int64_t lo,
		    int64_t hi, int64_t *out)
{
	if (json_milli(r->doc, node, key, lo * 1000, hi * 1000, out, r->err) < 0)
		return -1;
	if (*out % 1000)
		return json_error(r->doc, node, r->err, "'%s' must be a whole number", key);
	*out /= 1000;
	return 0;
}

static int read_family(const struct reader *r, const cJSON *node)
{
	int i = read_name(r, node, "family", family_names);

	r->scene->family = (enum family)i;
	return i < 0 ? -1 : 0;
}

static int read_unit(const struct reader *r, const cJSON *node)
{
	int i = read_name(r, node, "unit", unit_names);

	r->scene->unit = (enum unit)i;
	return i < 0 ? -1 : 0;
}

static int read_sheet(const struct reader *r, const cJSON *node)
{
	const cJSON *width = node, *height = node;

	if (cJSON_IsArray(node)) {
		if (cJSON_GetArraySize(node) != 2)
			return json_error(r->doc, node, r->err,
					  "'sheet' must be a side or [width, height]");
		width = node->child;
		height = width->next;
	}
	if (json_milli(r->doc, width, "sheet", SHEET_UM_MIN, SHEET_UM_MAX, &r->scene->sheet_um[0],
		       r->err) < 0)
		return -1;
	return json_milli(r->doc, height, "sheet", SHEET_UM_MIN, SHEET_UM_MAX,
			  &r->scene->sheet_um[1], r->err);
}

static int read_scale_part(const char *s, size_t len, int *out)
{
	char digits[8];
	int64_t v;

	if (len == 0 || len >= sizeof(digits) || s[0] == '0')
		return -1;
	memcpy(digits, s, len);
	digits[len] = '\0';
	if (num_int(digits, 1, SCALE_MAX, &v) < 0)
		return -1;
	*out = (int)v;
	return 0;
}

static int read_scale(const struct reader *r, const cJSON *node)
{
	const char *s = cJSON_IsString(node) ? node->valuestring : "";
	const char *colon = strchr(s, ':');

	if (colon && read_scale_part(s, (size_t)(colon - s), &r->scene->scale_paper) == 0 &&
	    read_scale_part(colon + 1, strlen(colon + 1), &r->scene->scale_real) == 0)
		return 0;
	return json_error(r->doc, node, r->err, "'scale' must be \"N:N\", each N 1 to %d",
			  SCALE_MAX);
}

static int read_arrangement(const struct reader *r, const cJSON *node)
{
	int i = read_name(r, node, "arrangement", arrangement_names);

	r->scene->arrangement = (enum arrangement)i;
	if (i < 0)
		return -1;
	if (i >= ARRANGE_ORDINATE && r->scene->family != FAMILY_PLATE)
		return json_error(r->doc, node, r->err,
				  "'arrangement' is '%s'; allowed parallel, running, chain in "
				  "family %s",
				  arrangement_names[i], family_name(r->scene->family));
	return 0;
}

static int read_section(const struct reader *r, const cJSON *node)
{
	int i = read_name(r, node, "section", section_names);

	r->scene->section = (enum section)i;
	return i < 0 ? -1 : 0;
}

/* A list of n places along a turned part, the first two rising; what: for messages. */
static int read_places(const struct reader *r, const cJSON *node, const char *key, const char *what,
		       int n, int64_t *places)
{
	if (r->scene->family != FAMILY_TURNED)
		return json_error(r->doc, node, r->err,
				  "'%s' in family %s; allowed in turned alone", key,
				  family_name(r->scene->family));
	for (int i = 0; i < n; i++) {
		struct err inner = {0};

		if (!cJSON_IsArray(node) || cJSON_GetArraySize(node) != n ||
		    json_milli(r->doc, cJSON_GetArrayItem(node, i), key, 0, PLACE_MAX, &places[i],
			       &inner) < 0)
			return json_error(
				r->doc, node, r->err,
				"'%s' must be %s, each 0 to %d, of at most three decimals", key,
				what, PLACE_MAX / 1000);
	}
	if (places[0] >= places[1])
		return json_error(r->doc, node, r->err,
				  "'%s' is upside down or empty; allowed TO over FROM", key);
	return 0;
}

static int read_interrupted(const struct reader *r, const cJSON *node)
{
	return read_places(r, node, "interrupted", "[FROM, TO]", 2, r->scene->interrupted);
}

static int read_off_scale(const struct reader *r, const cJSON *node)
{
	return read_places(r, node, "off_scale", "[FROM, TO, SHOWN]", 3, r->scene->off_scale);
}

static int read_attempt(const struct reader *r, const cJSON *node)
{
	int64_t v;

	if (read_int(r, node, "attempt", 0, UINT32_MAX, &v) < 0)
		return -1;
	r->scene->attempt = (uint32_t)v;
	return 0;
}

/* The length of a list, checked; -1 with err. */
static int list_length(const struct reader *r, const cJSON *node, const char *key, int lo, int hi)
{
	int n;

	if (!cJSON_IsArray(node))
		return json_error(r->doc, node, r->err, "'%s' must be a list", key);
	n = cJSON_GetArraySize(node);
	if (n > hi)
		return json_limit(r->doc, node, r->err, "%d %s; allowed %d to %d", n, key, lo, hi);
	if (n < lo)
		return json_error(r->doc, node, r->err, "%d %s; allowed %d to %d", n, key, lo, hi);
	return n;
}

static int read_shapes(const struct reader *r, const cJSON *node)
{
	int n = list_length(r, node, "shapes", 1, SCENE_SHAPES_MAX), i = 0;
	const cJSON *item;
	struct shape *shapes;
	struct err why;

	if (n < 0)
		return -1;
	shapes = ARENA_NEW(r->arena, struct shape, n);
	for (item = node->child; item; item = item->next) {
		if (shape_from_json(&shapes[i], r->doc, item, r->err) < 0)
			return -1;
		if (i > 0 && shape_compare(&shapes[i - 1], &shapes[i]) > 0)
			return json_error(r->doc, item, r->err,
					  "shape %d belongs before shape %d: order is lowest x, "
					  "then y of the first point, then kind, then values",
					  i, i - 1);
		i++;
	}
	r->scene->shapes = shapes;
	r->scene->shape_count = n;
	if (scene_check(r->scene, &i, &why) < 0)
		return json_error(r->doc, cJSON_GetArrayItem(node, i), r->err, "%s", why.msg);
	return 0;
}

/* A shape, one of its parameters, and which point where that is a list of them. */
static int read_feature(const struct reader *r, const cJSON *node, const cJSON *shape_node,
			const cJSON *param, const cJSON *point, struct feature *feature)
{
	const struct shape *shape;
	int64_t v;

	if (read_int(r, shape_node, "shape", 0, r->scene->shape_count - 1, &v) < 0)
		return -1;
	feature->shape = (int)v;
	shape = &r->scene->shapes[v];
	if (!cJSON_IsString(param))
		return json_error(r->doc, param, r->err, "'param' must be a string");
	if (param_from_name(param->valuestring, strlen(param->valuestring), &feature->param) < 0 ||
	    !shape_has_param(shape->kind, feature->param))
		return json_error(r->doc, param, r->err, "shape %d, a %s, has no '%.40s'",
				  feature->shape, shape_kind_name(shape->kind), param->valuestring);
	feature->point = 0;
	if (feature->param != PARAM_POINTS) {
		if (!point)
			return 0;
		return json_error(r->doc, point, r->err, "'point' goes with param \"points\" only");
	}
	if (!point)
		return json_error(r->doc, node, r->err, "dimension without 'point'");
	if (read_int(r, point, "point", 0, shape->point_count - 1, &v) < 0)
		return -1;
	feature->point = (int)v;
	return 0;
}

/* Keys of a dimension; the first KEY_REQUIRED must be there. */
enum {
	KEY_SHAPE,
	KEY_PARAM,
	KEY_KIND,
	KEY_REQUIRED,
	KEY_POINT = KEY_REQUIRED,
	KEY_VIEW,
	KEY_FROM,
	KEY_COUNT_OF,
	KEY_REFERENCE,
	DIMENSION_KEYS
};

static const char *const dimension_keys[DIMENSION_KEYS] = {
	[KEY_SHAPE] = "shape",    [KEY_PARAM] = "param",         [KEY_KIND] = "kind",
	[KEY_POINT] = "point",    [KEY_VIEW] = "view",           [KEY_FROM] = "from",
	[KEY_COUNT_OF] = "count", [KEY_REFERENCE] = "reference",
};

/* Finds the values of an object by the first `known` dimension keys; `required` must be there. */
static int find_keys(const struct reader *r, const cJSON *node, int known, int required,
		     const cJSON *found[DIMENSION_KEYS])
{
	const cJSON *item;

	if (!cJSON_IsObject(node))
		return json_error(r->doc, node, r->err, "a dimension must be an object");
	for (item = node->child; item; item = item->next) {
		int k = 0;

		while (k < known && strcmp(item->string, dimension_keys[k]) != 0)
			k++;
		if (k == known)
			return json_error(r->doc, item, r->err, "unknown key '%.40s'",
					  item->string);
		found[k] = item;
	}
	for (int k = 0; k < required; k++)
		if (!found[k])
			return json_error(r->doc, node, r->err, "dimension without '%s'",
					  dimension_keys[k]);
	return 0;
}

static int read_from(const struct reader *r, const cJSON *node, struct feature *from)
{
	const cJSON *found[DIMENSION_KEYS] = {NULL};

	if (find_keys(r, node, KEY_POINT + 1, KEY_KIND, found) < 0)
		return -1;
	if (found[KEY_KIND])
		return json_error(r->doc, found[KEY_KIND], r->err, "unknown key 'kind'");
	return read_feature(r, node, found[KEY_SHAPE], found[KEY_PARAM], found[KEY_POINT], from);
}

static int read_dimension_options(const struct reader *r, const cJSON *found[DIMENSION_KEYS],
				  struct dimension *dim)
{
	int64_t v = 0;

	if (found[KEY_VIEW] && read_int(r, found[KEY_VIEW], "view", 0, SCENE_VIEWS_MAX - 1, &v) < 0)
		return -1;
	dim->view = (int)v;
	v = 1;
	if (found[KEY_COUNT_OF] && read_int(r, found[KEY_COUNT_OF], "count", 1, 100, &v) < 0)
		return -1;
	dim->count = (int)v;
	if (found[KEY_REFERENCE] && !cJSON_IsBool(found[KEY_REFERENCE]))
		return json_error(r->doc, found[KEY_REFERENCE], r->err,
				  "'reference' must be true or false");
	dim->reference = found[KEY_REFERENCE] && cJSON_IsTrue(found[KEY_REFERENCE]);
	dim->from.shape = SCENE_DATUM;
	return found[KEY_FROM] ? read_from(r, found[KEY_FROM], &dim->from) : 0;
}

static int read_dimension(const struct reader *r, const cJSON *node, struct dimension *dim)
{
	const cJSON *found[DIMENSION_KEYS] = {NULL};
	struct feature feature;
	int i;

	if (find_keys(r, node, DIMENSION_KEYS, KEY_REQUIRED, found) < 0)
		return -1;
	i = read_name(r, found[KEY_KIND], "kind", dim_kinds_of_shapes);
	if (i < 0)
		return -1;
	dim->kind = (enum dim_kind)i;
	if (read_feature(r, node, found[KEY_SHAPE], found[KEY_PARAM], found[KEY_POINT], &feature) <
	    0)
		return -1;
	if (dim->kind == DIM_ARC_LENGTH &&
	    (r->scene->shapes[feature.shape].kind != SHAPE_ARC || feature.param != PARAM_SWEEP))
		return json_error(r->doc, node, r->err,
				  "'arc_length' of shape %d, %s; allowed is the sweep of an arc",
				  feature.shape,
				  shape_kind_name(r->scene->shapes[feature.shape].kind));
	dim->shape = feature.shape;
	dim->param = feature.param;
	dim->point = feature.point;
	return read_dimension_options(r, found, dim);
}

static int read_dimensions(const struct reader *r, const cJSON *node)
{
	int n = list_length(r, node, "dimensions", 0, SCENE_DIMENSIONS_MAX), i = 0;
	struct dimension *dimensions;
	const cJSON *item;

	if (n < 0)
		return -1;
	dimensions = ARENA_NEW(r->arena, struct dimension, n);
	for (item = node->child; item; item = item->next)
		if (read_dimension(r, item, &dimensions[i++]) < 0)
			return -1;
	r->scene->dimensions = dimensions;
	r->scene->dimension_count = n;
	return 0;
}

/* In the order of reading: dimensions refer to shapes. */
static const struct {
	const char *name;
	int (*read)(const struct reader *r, const cJSON *node);
	bool optional;
} keys[] = {
	{"family", read_family, false},
	{"unit", read_unit, false},
	{"sheet", read_sheet, false},
	{"scale", read_scale, false},
	{"arrangement", read_arrangement, false},
	{"section", read_section, true},
	{"interrupted", read_interrupted, true},
	{"off_scale", read_off_scale, true},
	{"attempt", read_attempt, true},
	{"shapes", read_shapes, false},
	{"dimensions", read_dimensions, false},
};

#define KEY_COUNT ((int)(sizeof(keys) / sizeof(keys[0])))

static int check_known_keys(const struct reader *r)
{
	const cJSON *item;

	if (!cJSON_IsObject(r->doc->root))
		return json_error(r->doc, NULL, r->err, "a scene must be an object");
	for (item = r->doc->root->child; item; item = item->next) {
		int k = 0;

		while (k < KEY_COUNT && strcmp(item->string, keys[k].name) != 0)
			k++;
		if (k == KEY_COUNT)
			return json_error(r->doc, item, r->err, "unknown key '%.40s'",
					  item->string);
	}
	return 0;
}

static int read_scene(const struct reader *r)
{
	if (check_known_keys(r) < 0)
		return -1;
	for (int k = 0; k < KEY_COUNT; k++) {
		const cJSON *node = cJSON_GetObjectItemCaseSensitive(r->doc->root, keys[k].name);

		if (!node && keys[k].optional)
			continue;
		if (!node)
			return json_error(r->doc, NULL, r->err, "scene without '%s'", keys[k].name);
		if (keys[k].read(r, node) < 0)
			return -1;
	}
	return 0;
}

int scene_parse(struct scene *scene, const char *name, const char *text, size_t len,
		struct arena *arena, struct err *err)
{
	struct json_doc doc;
	struct reader r = {&doc, scene, arena, err};
	int rc;

	memset(scene, 0, sizeof(*scene));
	if (json_parse(&doc, name, text, len, err) < 0)
		return -1;
	rc = read_scene(&r);
	json_free(&doc);
	return rc;
}
