/* SPDX-License-Identifier: MIT */
/*
 * Annotations as COCO's "instances" (https://cocodataset.org/#format-data):
 *
 *	{"info":{...},"categories":[{"id":1,"name":"shape","supercategory":"shape"},...],
 *	"images":[{"id":0,"file_name":"images/00/00000000.png","width":1024,"height":724},...],
 *	"annotations":[{"id":1,"image_id":0,"category_id":1,"bbox":[x,y,width,height],"area":12.5,
 *	"iscrowd":0,"segmentation":[[x,y,...]],"attributes":{"value":"40","number":40,...}},...]}
 *
 * Its tools take a polygon of four numbers for a box and cannot fill one without area, so that a
 * line is widened to a strip: along it on the left and back on the right, mitred at its points.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "formats/dataset/coco.h"
#include "formats/drawing/annotations.h"
#include "formats/encoding/json.h"

#define PX_MAX 1e5
#define NUMBER_MAX 1e9
#define POINTS_MAX 100000
#define SIZE_MAX_PX 20000
#define FIRST_KIND 101
#define MITRE_MAX 2.0 /* of a corner's point over half the strip */

enum { PX_DECIMALS = 2, NUMBER_DECIMALS = 3 };

/* --- categories: the classes but for dimension, then the kinds of dimensions, which begin far enough
 * behind for more classes: detectors are trained on these numbers --- */

static int class_category(enum annotation_class class_)
{
	return (int)class_ + (class_ < ANNOTATION_DIMENSION ? 1 : 0);
}

static int kind_category(enum dim_kind kind)
{
	return FIRST_KIND + (int)kind;
}

static void put_category(struct buf *out, int id, const char *name, const char *above)
{
	buf_str(out, id == 1 ? "\n{\"id\":" : ",\n{\"id\":");
	buf_int(out, id);
	buf_str(out, ",\"name\":");
	buf_json_str(out, name);
	buf_str(out, ",\"supercategory\":");
	buf_json_str(out, above);
	buf_char(out, '}');
}

void coco_write_head(struct coco *coco, struct buf *out)
{
	const char *dimension = annotation_class_name(ANNOTATION_DIMENSION);

	*coco = (struct coco){0};
	buf_str(out, "{\"info\":{\"description\":\"cadgen " PACKAGE_VERSION "\"},\n"
		     "\"categories\":[");
	for (int i = 0; i < ANNOTATION_COUNT_; i++) {
		const char *name = annotation_class_name((enum annotation_class)i);

		if (i != ANNOTATION_DIMENSION)
			put_category(out, class_category((enum annotation_class)i), name, name);
	}
	for (int i = 0; i < DIM_COUNT_; i++)
		put_category(out, kind_category((enum dim_kind)i), dim_kind_name((enum dim_kind)i),
			     dimension);
	buf_str(out, "],\n\"images\":[");
}

void coco_write_middle(struct coco *coco, struct buf *out)
{
	(void)coco;
	buf_str(out, "],\n\"annotations\":[");
}

void coco_write_tail(struct coco *coco, struct buf *out)
{
	(void)coco;
	buf_str(out, "]}\n");
}

/* --- reading a line --- */

static int read_size(const struct json_doc *doc, const char *key, int *out, struct err *err)
{
	const cJSON *node = json_member(doc->root, key);

	if (!cJSON_IsNumber(node) ||
	    !(node->valuedouble >= 1 && node->valuedouble <= SIZE_MAX_PX) ||
	    node->valuedouble != floor(node->valuedouble))
		return json_error(doc, node, err, "'%s' must be a whole number, 1 to %d", key,
				  SIZE_MAX_PX);
	*out = node->valueint;
	return 0;
}

/* Index of the name among count names, or -1. */
static int find_name(const char *name, const char *(*name_of)(int), int count)
{
	for (int i = 0; name && i < count; i++)
		if (strcmp(name_of(i), name) == 0)
			return i;
	return -1;
}

static const char *class_name_of(int i)
{
	return annotation_class_name((enum annotation_class)i);
}

static const char *kind_name_of(int i)
{
	return dim_kind_name((enum dim_kind)i);
}

/* Returns the category, or -1. */
static int read_category(const struct json_doc *doc, const cJSON *item, struct err *err)
{
	const cJSON *class_ = json_member(item, "class"), *kind = json_member(item, "kind");
	int i = find_name(cJSON_GetStringValue(class_), class_name_of, ANNOTATION_COUNT_);

	if (i < 0)
		return json_error(doc, class_ ? class_ : item, err,
				  "'class' must be one of annotations.jsonl's");
	if (i != ANNOTATION_DIMENSION)
		return class_category((enum annotation_class)i);
	i = find_name(cJSON_GetStringValue(kind), kind_name_of, DIM_COUNT_);
	if (i < 0)
		return json_error(doc, kind ? kind : item, err,
				  "'kind' of a dimension must be one of scene(5)");
	return kind_category((enum dim_kind)i);
}

/* Points of the polygon, room for a strip among them; those that repeat the one before are left
 * out. */
static int read_polygon(const struct json_doc *doc, const cJSON *item, struct polyline *out,
			struct arena *arena, struct err *err)
{
	const cJSON *polygon = json_member(item, "polygon"), *node;
	int numbers = cJSON_IsArray(polygon) ? cJSON_GetArraySize(polygon) : 0;
	double x = 0;
	int i = 0;

	out->closed = !cJSON_IsTrue(json_member(item, "open"));
	if (numbers % 2 || numbers < (out->closed ? 6 : 4) || numbers > 2 * POINTS_MAX)
		return json_error(doc, polygon ? polygon : item, err,
				  "'polygon' must have an x and a y for each of %d points or more",
				  out->closed ? 3 : 2);
	out->points = ARENA_NEW(arena, struct vec, numbers);
	out->count = 0;
	for (node = polygon->child; node; node = node->next, i++) {
		double v = node->valuedouble;

		if (!cJSON_IsNumber(node) || !(v >= -PX_MAX && v <= PX_MAX))
			return json_error(doc, node, err, "'polygon' must be pixels within %.0f",
					  PX_MAX);
		if (i % 2 && (out->count == 0 || out->points[out->count - 1].x != x ||
			      out->points[out->count - 1].y != v))
			out->points[out->count++] = vec(x, v);
		x = v;
	}
	return 0;
}

/* --- geometry --- */

/* Square to the line at point i, as long as its side is away there, over half the strip. */
static struct vec mitre(const struct polyline *line, int i)
{
	struct vec before = {0, 0}, after = {0, 0}, sum;
	double square;

	if (i > 0)
		before = vec_perp(vec_unit(vec_sub(line->points[i], line->points[i - 1])));
	if (i + 1 < line->count)
		after = vec_perp(vec_unit(vec_sub(line->points[i + 1], line->points[i])));
	if (i == 0 || i + 1 == line->count)
		return vec_add(before, after);
	sum = vec_add(before, after);
	square = vec_dot(sum, sum);
	if (square < 4 / (MITRE_MAX * MITRE_MAX)) /* nearly straight back */
		return before;
	return vec_scale(sum, 2 / square);
}

/* The strip along an open line; a line without length gives a square. */
static struct polyline strip_along(const struct polyline *line, struct arena *arena)
{
	struct polyline strip = {ARENA_NEW(arena, struct vec, 2 * line->count + 4), 2 * line->count,
				 true};
	const double half = COCO_STRIP_PX / 2;

	if (line->count == 1) {
		struct vec p = line->points[0];

		strip.count = 4;
		strip.points[0] = vec(p.x - half, p.y - half);
		strip.points[1] = vec(p.x + half, p.y - half);
		strip.points[2] = vec(p.x + half, p.y + half);
		strip.points[3] = vec(p.x - half, p.y + half);
		return strip;
	}
	for (int i = 0; i < line->count; i++) {
		struct vec side = vec_scale(mitre(line, i), half);

		strip.points[i] = vec_add(line->points[i], side);
		strip.points[strip.count - 1 - i] = vec_sub(line->points[i], side);
	}
	return strip;
}

/* --- writing --- */

static void put_px(struct buf *out, const char *before, double v)
{
	buf_str(out, before);
	buf_fixed(out, v, PX_DECIMALS);
}

static void put_geometry(struct buf *out, const struct polyline *p)
{
	struct box box = box_of_points(p->points, p->count);
	double width = box.x1 - box.x0, height = box.y1 - box.y0;

	put_px(out, ",\"bbox\":[", box.x0);
	put_px(out, ",", box.y0);
	put_px(out, ",", width);
	put_px(out, ",", height);
	/* A polygon that goes round twice covers no more than its box. */
	put_px(out, "],\"area\":", min2(polygon_area(p), width * height));
	buf_str(out, ",\"iscrowd\":0,\"segmentation\":[[");
	for (int i = 0; i < p->count; i++) {
		put_px(out, i ? "," : "", p->points[i].x);
		put_px(out, ",", p->points[i].y);
	}
	buf_str(out, "]]");
}

static int put_attribute(struct buf *out, const struct json_doc *doc, const cJSON *node,
			 struct err *err)
{
	buf_json_str(out, node->string);
	buf_char(out, ':');
	if (cJSON_IsString(node)) {
		buf_json_str(out, node->valuestring);
		return 0;
	}
	if (!(fabs(node->valuedouble) <= NUMBER_MAX))
		return json_error(doc, node, err, "'%s' must be within %.0f", node->string,
				  NUMBER_MAX);
	buf_fixed(out, node->valuedouble, NUMBER_DECIMALS);
	return 0;
}

static int put_attributes(struct buf *out, const struct json_doc *doc, const cJSON *item,
			  struct err *err)
{
	static const char *const keys[] = {"value", "number",   "unit",     "count",   "status",
					   "field", "name",     "layer",    "written", "swapped",
					   "holds", "pitch_mm", "pitch_px", "shape",   "dimension"};
	const char *comma = "";

	buf_str(out, ",\"attributes\":{");
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		const cJSON *node = json_member(item, keys[i]);

		if (!cJSON_IsString(node) && !cJSON_IsNumber(node))
			continue;
		buf_str(out, comma);
		comma = ",";
		if (put_attribute(out, doc, node, err) < 0)
			return -1;
	}
	buf_char(out, '}');
	return 0;
}

static int put_annotation(struct coco *coco, uint64_t image, const struct json_doc *doc,
			  const cJSON *item, struct arena *arena, struct buf *out, struct err *err)
{
	struct polyline polygon;
	int category = read_category(doc, item, err);

	if (category < 0 || read_polygon(doc, item, &polygon, arena, err) < 0)
		return -1;
	if (!polygon.closed || polygon_area(&polygon) == 0)
		polygon = strip_along(&polygon, arena);
	buf_str(out, coco->annotations ? ",\n{\"id\":" : "\n{\"id\":");
	buf_int(out, (int64_t)++coco->annotations);
	buf_str(out, ",\"image_id\":");
	buf_int(out, (int64_t)image);
	buf_str(out, ",\"category_id\":");
	buf_int(out, category);
	put_geometry(out, &polygon);
	if (put_attributes(out, doc, item, err) < 0)
		return -1;
	buf_char(out, '}');
	return 0;
}

static int put_annotations(struct coco *coco, const struct dataset_sample *sample,
			   const struct json_doc *doc, struct buf *out, struct err *err)
{
	const cJSON *items = json_member(doc->root, "items"), *item;
	struct arena arena = {0};
	int rc = 0;

	if (!cJSON_IsArray(items))
		return json_error(doc, items, err, "'items' must be an array");
	for (item = items->child; item && rc == 0; item = item->next)
		rc = put_annotation(coco, sample->index, doc, item, &arena, out, err);
	arena_free(&arena);
	return rc;
}

static int put_image(struct coco *coco, const struct dataset_sample *sample,
		     const struct json_doc *doc, struct buf *out, struct err *err)
{
	int width, height;

	if (read_size(doc, "width", &width, err) < 0 || read_size(doc, "height", &height, err) < 0)
		return -1;
	buf_str(out, coco->images++ ? ",\n{\"id\":" : "\n{\"id\":");
	buf_int(out, (int64_t)sample->index);
	buf_str(out, ",\"file_name\":");
	buf_json_str(out, sample->image_name);
	buf_str(out, ",\"width\":");
	buf_int(out, width);
	buf_str(out, ",\"height\":");
	buf_int(out, height);
	buf_char(out, '}');
	return 0;
}

typedef int put_line(struct coco *coco, const struct dataset_sample *sample,
		     const struct json_doc *doc, struct buf *out, struct err *err);

static int put_parsed(put_line *put, struct coco *coco, const struct dataset_sample *sample,
		      struct buf *out, struct err *err)
{
	struct json_doc doc;
	int rc = json_parse(&doc, "", sample->annotations, strlen(sample->annotations), err);

	if (rc == 0) {
		rc = put(coco, sample, &doc, out, err);
		json_free(&doc);
	}
	return rc < 0 ? dataset_place_error(&sample->annotations_place, err) : 0;
}

int coco_write_image(struct coco *coco, const struct dataset_sample *sample, struct buf *out,
		     struct err *err)
{
	return put_parsed(put_image, coco, sample, out, err);
}

int coco_write_annotations(struct coco *coco, const struct dataset_sample *sample, struct buf *out,
			   struct err *err)
{
	return put_parsed(put_annotations, coco, sample, out, err);
}
