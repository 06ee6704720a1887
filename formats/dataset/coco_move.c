/* SPDX-License-Identifier: MIT */
/*
 * The tree of the file is changed in place. Images are sorted by their ids, annotations by their
 * images, so that those of one image lie together; the tree keeps its own order.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "formats/dataset/coco_move.h"

#define FILE_BYTES_MAX (512u << 20)
#define SIDE_MAX 65535

struct entry {
	double id; /* an image's own; of an annotation that of its image */
	cJSON *node;
	size_t first, count; /* an image's annotations */
	bool dropped;
};

struct coco_file {
	struct json_doc doc;
	struct arena arena;
	struct entry *images, *annotations;
	size_t image_count, annotation_count;
};

/* --- reading --- */

static int read_id(const struct json_doc *doc, const cJSON *object, const char *key, double *out,
		   struct err *err)
{
	const double most = 9007199254740992.0; /* 2^53 */

	return json_whole(doc, object, key, -most, most, out, err);
}

static int check_image(const struct json_doc *doc, const cJSON *image, struct err *err)
{
	double side;

	if (!cJSON_IsString(json_member(image, "file_name")))
		return json_error(doc, image, err, "an image must have a string 'file_name'");
	if (json_whole(doc, image, "width", 1, SIDE_MAX, &side, err) < 0)
		return -1;
	return json_whole(doc, image, "height", 1, SIDE_MAX, &side, err);
}

/* x, y, width, height. */
static int read_bbox(struct polyline *corners, const struct json_doc *doc, const cJSON *node,
		     struct arena *arena, struct err *err)
{
	struct polyline two;
	struct vec p, q;

	if (points_read(&two, doc, node, "bbox", 2, arena, err) < 0)
		return -1;
	p = two.points[0];
	q = vec_add(p, two.points[1]);
	if (two.count != 2 || q.x < p.x || q.y < p.y)
		return json_error(doc, node, err, "'bbox' must be x, y, width, height");
	*corners = (struct polyline){ARENA_NEW(arena, struct vec, 4), 4, true};
	corners->points[0] = p;
	corners->points[1] = vec(q.x, p.y);
	corners->points[2] = q;
	corners->points[3] = vec(p.x, q.y);
	return 0;
}

static int check_keypoints(const struct json_doc *doc, const cJSON *node, struct err *err)
{
	const cJSON *child;

	if (!cJSON_IsArray(node) || cJSON_GetArraySize(node) % 3)
		return json_error(doc, node, err, "'keypoints' must be x, y, v of each");
	cJSON_ArrayForEach(child, node)
	{
		if (!cJSON_IsNumber(child) || !(fabs(child->valuedouble) <= 1e6))
			return json_error(doc, child, err, "'keypoints' must be numbers");
	}
	return 0;
}

static int check_annotation(const struct json_doc *doc, const cJSON *a, struct arena *arena,
			    struct err *err)
{
	const cJSON *segmentation = json_member(a, "segmentation"), *bbox = json_member(a, "bbox");
	const cJSON *area = json_member(a, "area"), *keypoints = json_member(a, "keypoints"),
		    *child;
	struct polyline polygon;

	if (cJSON_IsObject(segmentation))
		return json_error(doc, segmentation, err,
				  "'segmentation' is a run-length mask; only polygons can move");
	if (segmentation && !cJSON_IsNull(segmentation) && !cJSON_IsArray(segmentation))
		return json_error(doc, segmentation, err,
				  "'segmentation' must be an array of polygons");
	cJSON_ArrayForEach(child, segmentation)
	{
		if (points_read(&polygon, doc, child, "segmentation", 3, arena, err) < 0)
			return -1;
	}
	if (bbox && read_bbox(&polygon, doc, bbox, arena, err) < 0)
		return -1;
	if (area && !cJSON_IsNumber(area))
		return json_error(doc, area, err, "'area' must be a number");
	return keypoints ? check_keypoints(doc, keypoints, err) : 0;
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *p = a, *q = b;

	return (p->id > q->id) - (p->id < q->id);
}

/* The entries of an array, sorted by the key. */
static int list_array(struct coco_file *f, const char *name, const char *key, struct entry **out,
		      size_t *count, struct err *err)
{
	cJSON *array = json_member(f->doc.root, name), *node;
	size_t n = 0;

	if (!cJSON_IsArray(array))
		return json_error(&f->doc, array, err, "'%s' must be an array", name);
	*out = mem_alloc((size_t)cJSON_GetArraySize(array), sizeof(**out));
	cJSON_ArrayForEach(node, array)
	{
		struct entry *entry = &(*out)[n++];

		entry->node = node;
		if (!cJSON_IsObject(node))
			return json_error(&f->doc, node, err, "'%s' must hold objects", name);
		if (read_id(&f->doc, node, key, &entry->id, err) < 0)
			return -1;
	}
	*count = n;
	qsort(*out, n, sizeof(**out), compare_entries);
	return 0;
}

/* Images and annotations are both sorted by the image's id. */
static int join(struct coco_file *f, struct err *err)
{
	size_t a = 0;

	for (size_t i = 0; i < f->image_count; i++) {
		struct entry *image = &f->images[i];

		if (i > 0 && image[-1].id == image->id)
			return json_error(&f->doc, image->node, err, "two images of one 'id'");
		if (a < f->annotation_count && f->annotations[a].id < image->id)
			break;
		image->first = a;
		while (a < f->annotation_count && f->annotations[a].id == image->id)
			a++;
		image->count = a - image->first;
	}
	if (a < f->annotation_count)
		return json_error(&f->doc, f->annotations[a].node, err,
				  "'image_id' is the 'id' of no image");
	return 0;
}

static int check_all(struct coco_file *f, struct err *err)
{
	for (size_t i = 0; i < f->image_count; i++)
		if (check_image(&f->doc, f->images[i].node, err) < 0)
			return -1;
	for (size_t i = 0; i < f->annotation_count; i++) {
		if (check_annotation(&f->doc, f->annotations[i].node, &f->arena, err) < 0)
			return -1;
		arena_reset(&f->arena);
	}
	return points_check_numbers(&f->doc, f->doc.root, err);
}

static int read_file(struct coco_file *f, const char *path, struct err *err)
{
	struct buf text = {0};
	int rc = fs_read(path, FILE_BYTES_MAX, &text, err);

	if (rc == 0)
		rc = json_parse_columns(&f->doc, path, text.data, text.len, err);
	buf_free(&text);
	if (rc < 0)
		return -1;
	if (list_array(f, "images", "id", &f->images, &f->image_count, err) < 0 ||
	    list_array(f, "annotations", "image_id", &f->annotations, &f->annotation_count, err) <
		    0 ||
	    join(f, err) < 0)
		return -1;
	return check_all(f, err);
}

struct coco_file *coco_file_read(const char *path, struct err *err)
{
	struct coco_file *f = mem_alloc(1, sizeof(*f));

	if (read_file(f, path, err) == 0)
		return f;
	coco_file_free(f);
	return NULL;
}

void coco_file_free(struct coco_file *file)
{
	if (!file)
		return;
	json_free(&file->doc);
	arena_free(&file->arena);
	free(file->images);
	free(file->annotations);
	free(file);
}

size_t coco_file_count(const struct coco_file *file)
{
	return file->image_count;
}

struct coco_image coco_file_image(const struct coco_file *file, size_t i)
{
	const cJSON *node = file->images[i].node;

	return (struct coco_image){json_member(node, "file_name")->valuestring,
				   json_member(node, "width")->valueint,
				   json_member(node, "height")->valueint};
}

/* --- moving; all was checked --- */

struct moved {
	struct box box;
	double area;
	bool any;
};

static void add_polygon(struct moved *m, const struct polyline *p)
{
	struct box b = box_of_points(p->points, p->count);

	if (m->any)
		b = (struct box){min2(b.x0, m->box.x0), min2(b.y0, m->box.y0),
				 max2(b.x1, m->box.x1), max2(b.y1, m->box.y1)};
	m->box = b;
	m->area += polygon_area(p);
	m->any = true;
}

static cJSON *bbox_to_json(const struct box *b)
{
	struct vec points[2] = {vec(b->x0, b->y0), vec(b->x1 - b->x0, b->y1 - b->y0)};

	return points_to_json(&(struct polyline){points, 2, true});
}

static void move_segmentation(struct moved *m, const struct json_doc *doc, cJSON *segmentation,
			      const struct point_map *map, struct arena *arena)
{
	int count = cJSON_GetArraySize(segmentation);
	struct polyline polygon;

	for (int i = 0; i < count; i++) {
		points_read(&polygon, doc, cJSON_GetArrayItem(segmentation, i), "", 0, arena, NULL);
		polygon = map->line(map->ctx, &polygon, arena);
		add_polygon(m, &polygon);
		cJSON_ReplaceItemInArray(segmentation, i, points_to_json(&polygon));
	}
}

/* What was annotated need not fill its box: it keeps its share. */
static void move_bbox(struct moved *m, const struct json_doc *doc, const cJSON *a,
		      const struct point_map *map, struct arena *arena)
{
	const cJSON *area = json_member(a, "area");
	struct polyline corners;
	double before;

	read_bbox(&corners, doc, json_member(a, "bbox"), arena, NULL);
	before = polygon_area(&corners);
	corners = map->line(map->ctx, &corners, arena);
	add_polygon(m, &corners);
	if (area && before > 0)
		m->area *= area->valuedouble / before;
}

static void move_keypoints(cJSON *keypoints, const struct point_map *map, struct arena *arena)
{
	for (cJSON *x = keypoints ? keypoints->child : NULL; x; x = x->next->next->next) {
		cJSON *y = x->next;
		struct vec p = vec(x->valuedouble, y->valuedouble);
		struct polyline point = {&p, 1, false};

		if (y->next->valuedouble <= 0) /* not labelled: its place says nothing */
			continue;
		point = map->line(map->ctx, &point, arena);
		cJSON_SetNumberValue(x, round(point.points[0].x * 100) / 100 + 0.0);
		cJSON_SetNumberValue(y, round(point.points[0].y * 100) / 100 + 0.0);
	}
}

static void move_annotation(const struct json_doc *doc, cJSON *a, const struct point_map *map,
			    struct arena *arena)
{
	cJSON *segmentation = json_member(a, "segmentation");
	struct moved m = {.any = false};

	if (segmentation && segmentation->child)
		move_segmentation(&m, doc, segmentation, map, arena);
	else if (json_member(a, "bbox"))
		move_bbox(&m, doc, a, map, arena);
	if (m.any) {
		points_put(a, "bbox", bbox_to_json(&m.box));
		points_put(a, "area", points_number(m.area));
	}
	move_keypoints(json_member(a, "keypoints"), map, arena);
}

void coco_file_move(struct coco_file *file, size_t i, const char *file_name,
		    const struct point_map *map, struct arena *arena)
{
	struct entry *image = &file->images[i];
	cJSON *name = cJSON_CreateString(file_name);

	if (!name)
		mem_exhausted(sizeof(*name));
	points_put(image->node, "file_name", name);
	points_turn_sides(image->node, map);
	for (size_t k = 0; k < image->count; k++)
		move_annotation(&file->doc, file->annotations[image->first + k].node, map, arena);
}

void coco_file_drop(struct coco_file *file, size_t i)
{
	file->images[i].dropped = true;
}

void coco_file_write(struct coco_file *file, struct buf *out)
{
	cJSON *images = json_member(file->doc.root, "images");
	cJSON *annotations = json_member(file->doc.root, "annotations");
	char *text;

	for (size_t i = 0; i < file->image_count; i++) {
		const struct entry *image = &file->images[i];

		if (!image->dropped)
			continue;
		for (size_t k = 0; k < image->count; k++)
			cJSON_Delete(cJSON_DetachItemViaPointer(
				annotations, file->annotations[image->first + k].node));
		cJSON_Delete(cJSON_DetachItemViaPointer(images, image->node));
	}
	text = points_print(file->doc.root);
	buf_str(out, text);
	buf_char(out, '\n');
	cJSON_free(text);
}
