/* SPDX-License-Identifier: MIT */
/*
 * annotations: from millimetres on the sheet to polygons in pixels.
 *
 * The longer side of a sheet is drawn size_px long: x_px = k x_mm, y_px = k (height_mm - y_mm) with
 * k = size_px / that side. Polygons that go round counter-clockwise on the sheet do so to the eye in
 * the picture as well. Items come in the order shapes (as drawn), dimensions (as in the scene),
 * texts and fields, arrows (as drawn), views, symbols, so equal drawings give equal bytes.
 *
 * A shape that shows as several strokes has one polygon for each of them, under one index: in
 * several views, or where a line cuts another edge off, no union of them would be one polygon.
 */
#include <config.h>

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "formats/drawing/annotations.h"
#include "formats/drawing/dimension.h"

/* A flattened outline stays this close to its curve; below what an eye sees or a label needs. */
#define FLATNESS_PX 0.25

/* From sheet to picture. */
struct pixels {
	double px_per_mm, height_mm;
};

/* What was found of one dimension. */
struct extent {
	struct box px;
	bool found;
	int shape;
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

/* As wide as it is drawn. */
static struct polyline tick_polygon(const struct pixels *pixels, const struct arrow *arrow,
				    struct arena *arena)
{
	struct polyline line = {ARENA_NEW(arena, struct vec, 4), 4, true};
	struct vec ends[2], half;

	arrow_tick_ends(arrow, ends);
	half = vec_scale(vec_perp(vec_unit(vec_sub(ends[1], ends[0]))),
			 arrow_line_width(arrow) / 2);
	line.points[0] = vec_sub(ends[0], half);
	line.points[1] = vec_sub(ends[1], half);
	line.points[2] = vec_add(ends[1], half);
	line.points[3] = vec_add(ends[0], half);
	move_points(pixels, line.points, line.count);
	return line;
}

static struct polyline dot_polygon(const struct pixels *pixels, const struct arrow *arrow,
				   struct arena *arena)
{
	double radius = arrow_dot_radius(arrow);
	struct path circle = {.closed = true};
	struct polyline line;

	path_add_arc(&circle, arena, arrow->tip, radius, radius, 0, 0, 2 * M_PI);
	line = polyline_from_path(&circle, FLATNESS_PX / pixels->px_per_mm, arena);
	move_points(pixels, line.points, line.count);
	return line;
}

static struct polyline arrow_polygon(const struct pixels *pixels, const struct arrow *arrow,
				     struct arena *arena)
{
	struct polyline head = {ARENA_NEW(arena, struct vec, 3), 3, true};

	if (arrow->kind == ARROW_TICK)
		return tick_polygon(pixels, arrow, arena);
	if (arrow->kind == ARROW_DOT)
		return dot_polygon(pixels, arrow, arena);
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

/* Whether it is an edge of a shape: no centre line, no hatching. */
static bool is_edge(const struct stroke *s)
{
	return s->shape != DRAWING_NOBODY && s->dimension == DRAWING_NOBODY &&
	       (s->layer == LAYER_OUTLINE || s->layer == LAYER_HIDDEN || s->layer == LAYER_THIN);
}

/* The middle line of a trace. */
static struct polyline trace_polyline(const struct pixels *pixels, const struct trace *trace,
				      struct arena *arena)
{
	struct polyline line = {ARENA_NEW(arena, struct vec, trace->count), trace->count, false};

	for (int i = 0; i < trace->count; i++)
		line.points[i] = px_from_mm(pixels, trace->points[i].at);
	polyline_simplify(&line, FLATNESS_PX);
	return line;
}

/* What stands for the stroke; construction lines and blots do not. */
static bool stands_for(const struct trace *trace, int stroke)
{
	return trace->stroke == stroke && trace->kind != TRACE_CONSTRUCTION && trace->count > 1;
}

/* Traces come in the order of their strokes. */
static void set_drawn(struct annotation *item, const struct drawing *drawing, int stroke, int *next,
		      const struct pixels *pixels, struct arena *arena)
{
	int first = *next, end, count = 0;

	while (first < drawing->trace_count && drawing->traces[first].stroke < stroke)
		first++;
	for (end = first; end < drawing->trace_count && drawing->traces[end].stroke == stroke;)
		count += stands_for(&drawing->traces[end++], stroke);
	*next = first;
	item->drawn = ARENA_NEW(arena, struct polyline, count);
	for (int i = first; i < end; i++)
		if (stands_for(&drawing->traces[i], stroke))
			item->drawn[item->drawn_count++] =
				trace_polyline(pixels, &drawing->traces[i], arena);
}

static void add_strokes(struct annotations *a, const struct drawing *drawing,
			const struct pixels *pixels, struct extent *extents, struct arena *arena)
{
	int trace = 0;

	for (int i = 0; i < drawing->stroke_count; i++) {
		const struct stroke *s = &drawing->strokes[i];
		struct extent *extent = extent_of(a, extents, s->dimension);
		struct annotation item = {.class_ = ANNOTATION_SHAPE,
					  .layer = s->layer,
					  .shape = s->shape,
					  .dimension = DRAWING_NOBODY};
		struct polyline line;

		if ((!is_edge(s) && !extent) || s->path.count == 0)
			continue;
		line = stroke_polyline(pixels, s, arena);
		if (extent) {
			include_points(extent, line.points, line.count, s->shape);
			continue;
		}
		item.polygon = line;
		set_drawn(&item, drawing, i, &trace, pixels, arena);
		add_item(a, item);
	}
}

/* All that is printed, with blanks between; NULL: nothing. */
static const char *joined_texts(const struct dimension_texts *t, struct arena *arena)
{
	const struct text *all[] = {t->line, t->upper, t->lower};
	struct buf b = {0};
	const char *joined = NULL;

	for (int i = 0; i < 3; i++) {
		if (!all[i])
			continue;
		if (b.len)
			buf_char(&b, ' ');
		buf_str(&b, all[i]->utf8);
	}
	if (b.len)
		joined = arena_strndup(arena, b.data, b.len);
	buf_free(&b);
	return joined;
}

/* What the scene says, with what only the lettering does: the tolerance, a box, how an arc's length is
 * rounded. */
static const struct callout *printed_callout(const struct scene *scene, int dimension,
					     const struct dimension_texts *t, struct arena *arena)
{
	struct callout *c = ARENA_NEW(arena, struct callout, 1), read;

	*c = callout_from_dimension(scene, &scene->dimensions[dimension]);
	if (t->boxed)
		c->status = CALLOUT_BASIC;
	if (callout_parse(&read, t->line ? t->line->utf8 : "", t->upper ? t->upper->utf8 : NULL,
			  t->lower ? t->lower->utf8 : NULL) < 0)
		return c;
	c->tolerance = read.tolerance;
	if (c->kind == CALLOUT_ARC_LENGTH)
		c->value = read.value;
	return c;
}

static void add_dimensions(struct annotations *a, const struct drawing *drawing,
			   const struct extent *extents, struct arena *arena)
{
	for (int i = 0; i < a->scene->dimension_count; i++) {
		struct dimension_texts texts;

		if (!extents[i].found)
			continue;
		texts = drawing_dimension_texts(drawing, i);
		add_item(a,
			 (struct annotation){.class_ = ANNOTATION_DIMENSION,
					     .polygon = box_polygon(&extents[i].px, arena),
					     .value = joined_texts(&texts, arena),
					     .callout = printed_callout(a->scene, i, &texts, arena),
					     .shape = extents[i].shape,
					     .dimension = i});
	}
}

static void add_texts(struct annotations *a, const struct drawing *drawing,
		      const struct polyline *polygons)
{
	for (int i = 0; i < drawing->text_count; i++) {
		const struct text *t = &drawing->texts[i];

		add_item(a, (struct annotation){.class_ = t->field ? ANNOTATION_TITLE_BLOCK_FIELD
								   : ANNOTATION_TEXT,
						.polygon = polygons[i],
						.value = t->utf8,
						.name = t->field,
						.shape = t->shape,
						.dimension = t->dimension});
	}
}

static void add_arrows(struct annotations *a, const struct drawing *drawing,
		       const struct polyline *polygons)
{
	for (int i = 0; i < drawing->arrow_count; i++) {
		const struct arrow *w = &drawing->arrows[i];

		add_item(a, (struct annotation){.class_ = ANNOTATION_ARROW,
						.polygon = polygons[i],
						.arrow = w->kind,
						.shape = w->shape,
						.dimension = w->dimension});
	}
}

/* Views without outlines are nowhere. */
static void add_views(struct annotations *a, const struct drawing *drawing,
		      const struct pixels *pixels, struct arena *arena)
{
	for (int i = 0; i < drawing->view_count; i++) {
		const struct view *view = &drawing->views[i];
		struct vec corners[2] = {px_from_mm(pixels, vec(view->box.x0, view->box.y0)),
					 px_from_mm(pixels, vec(view->box.x1, view->box.y1))};
		struct box box = box_of_points(corners, 2);

		if (view->box.x0 < view->box.x1 || view->box.y0 < view->box.y1)
			add_item(a, (struct annotation){.class_ = ANNOTATION_VIEW,
							.polygon = box_polygon(&box, arena),
							.name = view->name,
							.shape = DRAWING_NOBODY,
							.dimension = DRAWING_NOBODY});
	}
}

/* Of the class that is named as their kind; their lettering is among the texts, too. */
static void add_symbols(struct annotations *a, const struct drawing *drawing,
			const struct pixels *pixels, struct arena *arena)
{
	static const enum annotation_class classes[] = {
#define S(id, name) [SYMBOL_##id] = ANNOTATION_##id,
		DRAWING_SYMBOLS(S)
#undef S
	};

	for (int i = 0; i < drawing->symbol_count; i++) {
		const struct drawn_symbol *s = &drawing->symbols[i];
		struct vec corners[2] = {px_from_mm(pixels, vec(s->box.x0, s->box.y0)),
					 px_from_mm(pixels, vec(s->box.x1, s->box.y1))};
		struct box box = box_of_points(corners, 2);

		add_item(a, (struct annotation){.class_ = classes[s->kind],
						.polygon = box_polygon(&box, arena),
						.value = s->value,
						.shape = DRAWING_NOBODY,
						.dimension = DRAWING_NOBODY});
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
		if (extent)
			include_points(extent, polygons[i].points, polygons[i].count, t->shape);
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
	struct annotations a = {.scene = scene,
				.view_count = drawing->view_count,
				.scan_attempt = ANNOTATIONS_CLEAN};
	struct extent *extents = ARENA_NEW(arena, struct extent, scene->dimension_count);
	struct polyline *texts, *arrows;
	int most = drawing->stroke_count + drawing->text_count + drawing->arrow_count +
		   scene->dimension_count + drawing->view_count + drawing->symbol_count;

	a.width_px = (int)lround(drawing->width_mm * pixels.px_per_mm);
	a.height_px = (int)lround(drawing->height_mm * pixels.px_per_mm);
	a.items = ARENA_NEW(arena, struct annotation, most);
	add_strokes(&a, drawing, &pixels, extents, arena);
	texts = text_polygons(&a, drawing, &pixels, extents, arena);
	arrows = arrow_polygons(&a, drawing, &pixels, extents, arena);
	add_dimensions(&a, drawing, extents, arena);
	add_texts(&a, drawing, texts);
	add_arrows(&a, drawing, arrows);
	add_views(&a, drawing, &pixels, arena);
	add_symbols(&a, drawing, &pixels, arena);
	return a;
}

void annotations_add(struct annotations *a, struct annotation item, struct arena *arena)
{
	struct annotation *items = ARENA_NEW(arena, struct annotation, a->count + 1);

	if (a->count)
		memcpy(items, a->items, (size_t)a->count * sizeof(*items));
	a->items = items;
	add_item(a, item);
}
