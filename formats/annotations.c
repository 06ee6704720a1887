/* SPDX-License-Identifier: MIT */
/*
 * annotations: from millimetres on the sheet to polygons in pixels, and their JSON.
 *
 * A sheet of width_mm is drawn size_px wide: x_px = k x_mm, y_px = k (height_mm - y_mm) with
 * k = size_px / width_mm. Polygons that go round counter-clockwise on the sheet do so to the eye in
 * the picture as well. Items come in the order shapes (as drawn), dimensions (as in the scene),
 * texts, arrows (as drawn), so equal drawings give equal bytes.
 *
 * The drafter draws equal positions once and tags the lines with the first dimension that states
 * the value. Which others it stands for follows from the scene alone: all of the same kind
 * (position_x or position_y) with the same value. Other kinds state one parameter each.
 *
 * One JSON line (broken here); keys that do not apply to an item are left out, "open" marks the
 * outline of a shape that encloses nothing, and a coordinate of a point list has "point" and
 * "axis":
 *
 *	{"id":"00000042","width":512,"height":512,"items":[
 *	 {"class":"shape","shape":0,"polygon":[…]},
 *	 {"class":"shape","shape":1,"open":true,"polygon":[…]},
 *	 {"class":"text","value":"40","shape":0,"dimension":3,
 *	  "states":[{"shape":0,"param":"width"}],"polygon":[x,y,…]},
 *	 {"class":"arrow","shape":1,"dimension":5,
 *	  "states":[{"shape":1,"param":"points","point":2,"axis":"x"}],"polygon":[…]}]}
 */
#include <config.h>

#include <assert.h>
#include <math.h>
#include <stdbool.h>

#include "formats/annotations.h"
#include "formats/dimension.h"

/* A flattened outline stays this close to its curve; below what an eye sees or a label needs. */
#define FLATNESS_PX 0.25

enum { PX_DECIMALS = 2 };

/* From sheet to picture. */
struct pixels {
	double px_per_mm, height_mm;
};

/* What was found of one dimension; `value` of the first text. */
struct extent {
	struct box px;
	bool found;
	int shape;
	const char *value;
};

static struct vec px_from_mm(const struct pixels *pixels, struct vec p)
{
	return vec(p.x * pixels->px_per_mm, (pixels->height_mm - p.y) * pixels->px_per_mm);
}

static void move_points(const struct pixels *pixels, struct vec *points, int count)
{
	for (int i = 0; i < count; i++)
		points[i] = px_from_mm(pixels, points[i]);
}

static void include_points(struct extent *extent, const struct vec *points, int count, int shape)
{
	struct box b = box_of_points(points, count);

	if (!extent->found) {
		*extent = (struct extent){.px = b, .found = true, .shape = shape};
		return;
	}
	extent->px.x0 = fmin(extent->px.x0, b.x0);
	extent->px.y0 = fmin(extent->px.y0, b.y0);
	extent->px.x1 = fmax(extent->px.x1, b.x1);
	extent->px.y1 = fmax(extent->px.y1, b.y1);
}

static struct polyline stroke_polyline(const struct pixels *pixels, const struct stroke *stroke,
				       struct arena *arena)
{
	struct polyline line =
		polyline_from_path(&stroke->path, FLATNESS_PX / pixels->px_per_mm, arena);

	move_points(pixels, line.points, line.count);
	return line;
}

static struct polyline text_polygon(const struct pixels *pixels, const struct text *text,
				    struct arena *arena)
{
	struct polyline box = {ARENA_NEW(arena, struct vec, 4), 4, true};

	text_corners(text, box.points);
	move_points(pixels, box.points, box.count);
	return box;
}

static struct polyline arrow_polygon(const struct pixels *pixels, const struct arrow *arrow,
				     struct arena *arena)
{
	struct polyline head = {ARENA_NEW(arena, struct vec, 3), 3, true};

	head.points[0] = arrow->tip;
	head.points[1] = arrow->left;
	head.points[2] = arrow->right;
	move_points(pixels, head.points, head.count);
	return head;
}

static struct polyline box_polygon(const struct box *b, struct arena *arena)
{
	struct polyline box = {ARENA_NEW(arena, struct vec, 4), 4, true};

	box.points[0] = vec(b->x0, b->y1);
	box.points[1] = vec(b->x1, b->y1);
	box.points[2] = vec(b->x1, b->y0);
	box.points[3] = vec(b->x0, b->y0);
	return box;
}

static void add_item(struct annotations *a, struct annotation item)
{
	a->items[a->count++] = item;
}

/* The extent of the dimension, or NULL for nobody's elements. */
static struct extent *extent_of(const struct annotations *a, struct extent *extents, int dimension)
{
	if (dimension == DRAWING_NOBODY)
		return NULL;
	assert(dimension >= 0 && dimension < a->scene->dimension_count);
	return &extents[dimension];
}

static void add_strokes(struct annotations *a, const struct drawing *drawing,
			const struct pixels *pixels, struct extent *extents, struct arena *arena)
{
	for (int i = 0; i < drawing->stroke_count; i++) {
		const struct stroke *s = &drawing->strokes[i];
		struct extent *extent = extent_of(a, extents, s->dimension);
		bool outline = s->layer == LAYER_OUTLINE && s->shape != DRAWING_NOBODY;
		struct polyline line;

		if ((!outline && !extent) || s->path.count == 0)
			continue;
		line = stroke_polyline(pixels, s, arena);
		if (extent)
			include_points(extent, line.points, line.count, s->shape);
		if (outline)
			add_item(a, (struct annotation){ANNOTATION_SHAPE, line, NULL, s->shape,
							DRAWING_NOBODY});
	}
}

static void add_dimensions(struct annotations *a, const struct extent *extents, struct arena *arena)
{
	for (int i = 0; i < a->scene->dimension_count; i++)
		if (extents[i].found)
			add_item(a, (struct annotation){ANNOTATION_DIMENSION,
							box_polygon(&extents[i].px, arena),
							extents[i].value, extents[i].shape, i});
}

static void add_texts(struct annotations *a, const struct drawing *drawing,
		      const struct polyline *polygons)
{
	for (int i = 0; i < drawing->text_count; i++) {
		const struct text *t = &drawing->texts[i];
		add_item(a, (struct annotation){ANNOTATION_TEXT, polygons[i], t->utf8, t->shape,
						t->dimension});
	}
}

static void add_arrows(struct annotations *a, const struct drawing *drawing,
		       const struct polyline *polygons)
{
	for (int i = 0; i < drawing->arrow_count; i++) {
		const struct arrow *w = &drawing->arrows[i];
		add_item(a, (struct annotation){ANNOTATION_ARROW, polygons[i], NULL, w->shape,
						w->dimension});
	}
}

static struct polyline *text_polygons(const struct annotations *a, const struct drawing *drawing,
				      const struct pixels *pixels, struct extent *extents,
				      struct arena *arena)
{
	struct polyline *polygons = ARENA_NEW(arena, struct polyline, drawing->text_count);

	for (int i = 0; i < drawing->text_count; i++) {
		const struct text *t = &drawing->texts[i];
		struct extent *extent = extent_of(a, extents, t->dimension);
		polygons[i] = text_polygon(pixels, t, arena);
		if (!extent)
			continue;
		include_points(extent, polygons[i].points, polygons[i].count, t->shape);
		if (!extent->value)
			extent->value = t->utf8;
	}
	return polygons;
}

static struct polyline *arrow_polygons(const struct annotations *a, const struct drawing *drawing,
				       const struct pixels *pixels, struct extent *extents,
				       struct arena *arena)
{
	struct polyline *polygons = ARENA_NEW(arena, struct polyline, drawing->arrow_count);

	for (int i = 0; i < drawing->arrow_count; i++) {
		const struct arrow *w = &drawing->arrows[i];
		struct extent *extent = extent_of(a, extents, w->dimension);
		polygons[i] = arrow_polygon(pixels, w, arena);
		if (extent)
			include_points(extent, polygons[i].points, polygons[i].count, w->shape);
	}
	return polygons;
}

struct annotations annotations_from_drawing(const struct drawing *drawing,
					    const struct scene *scene, int size_px,
					    struct arena *arena)
{
	struct pixels pixels = {size_px / max2(drawing->width_mm, drawing->height_mm),
				drawing->height_mm};
	struct annotations a = {.scene = scene};
	struct extent *extents = ARENA_NEW(arena, struct extent, scene->dimension_count);
	struct polyline *texts, *arrows;
	int most = drawing->stroke_count + drawing->text_count + drawing->arrow_count +
		   scene->dimension_count;

	a.width_px = (int)lround(drawing->width_mm * pixels.px_per_mm);
	a.height_px = (int)lround(drawing->height_mm * pixels.px_per_mm);
	a.items = ARENA_NEW(arena, struct annotation, most);
	add_strokes(&a, drawing, &pixels, extents, arena);
	texts = text_polygons(&a, drawing, &pixels, extents, arena);
	arrows = arrow_polygons(&a, drawing, &pixels, extents, arena);
	add_dimensions(&a, extents, arena);
	add_texts(&a, drawing, texts);
	add_arrows(&a, drawing, arrows);
	return a;
}

static bool is_position(const struct dimension *d)
{
	return d->kind == DIM_POSITION_X || d->kind == DIM_POSITION_Y;
}

/* Whether what is drawn for the first dimension states the second as well. */
static bool states_too(const struct scene *scene, const struct dimension *drawn, int64_t value,
		       const struct dimension *other)
{
	if (drawn == other)
		return true;
	return is_position(drawn) && other->kind == drawn->kind &&
	       dimension_value(scene, other) == value;
}

static void write_statement(const struct dimension *d, struct buf *out)
{
	buf_str(out, "{\"shape\":");
	buf_int(out, d->shape);
	buf_str(out, ",\"param\":\"");
	buf_str(out, param_name(d->param));
	buf_char(out, '"');
	if (d->param == PARAM_POINTS) {
		buf_str(out, ",\"point\":");
		buf_int(out, d->point);
		buf_str(out, d->kind == DIM_POSITION_X ? ",\"axis\":\"x\"" : ",\"axis\":\"y\"");
	}
	buf_char(out, '}');
}

static void write_states(const struct scene *scene, int dimension, struct buf *out)
{
	const struct dimension *drawn = &scene->dimensions[dimension];
	int64_t value = dimension_value(scene, drawn);
	const char *comma = "";

	buf_str(out, ",\"dimension\":");
	buf_int(out, dimension);
	buf_str(out, ",\"states\":[");
	for (int i = 0; i < scene->dimension_count; i++) {
		if (!states_too(scene, drawn, value, &scene->dimensions[i]))
			continue;
		buf_str(out, comma);
		write_statement(&scene->dimensions[i], out);
		comma = ",";
	}
	buf_char(out, ']');
}

static void write_polygon(const struct polyline *polygon, struct buf *out)
{
	buf_str(out, ",\"polygon\":[");
	for (int i = 0; i < polygon->count; i++) {
		if (i)
			buf_char(out, ',');
		buf_fixed(out, polygon->points[i].x, PX_DECIMALS);
		buf_char(out, ',');
		buf_fixed(out, polygon->points[i].y, PX_DECIMALS);
	}
	buf_char(out, ']');
}

static void write_item(const struct scene *scene, const struct annotation *item, struct buf *out)
{
	static const char *const openings[] = {
#define C(id, name) "{\"class\":\"" name "\"",
		ANNOTATION_CLASSES(C)
#undef C
	};

	buf_str(out, openings[item->class_]);
	if (item->value) {
		buf_str(out, ",\"value\":");
		buf_json_str(out, item->value);
	}
	if (item->shape != DRAWING_NOBODY) {
		buf_str(out, ",\"shape\":");
		buf_int(out, item->shape);
	}
	if (item->dimension != DRAWING_NOBODY)
		write_states(scene, item->dimension, out);
	if (!item->polygon.closed)
		buf_str(out, ",\"open\":true");
	write_polygon(&item->polygon, out);
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
	buf_str(out, ",\"items\":[");
	for (int i = 0; i < annotations->count; i++) {
		if (i)
			buf_char(out, ',');
		write_item(annotations->scene, &annotations->items[i], out);
	}
	buf_str(out, "]}");
}
