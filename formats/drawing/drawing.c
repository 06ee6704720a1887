/* SPDX-License-Identifier: MIT */
/*
 * drawing: append helpers and the JSON form.
 *
 * The arrays grow by doubling inside the arena; what a doubling leaves behind goes when the
 * arena is reset, so a drawing of n elements costs at most twice their size. A new element is
 * zeroed and belongs to nobody (DRAWING_NOBODY), which is the state most drafting code wants.
 *
 * JSON, on one line (broken here):
 *
 *	{"width":180,"height":180,"datum":[20,20],"scale":1,"unit_mm":25.4,
 *	 "views":[{"name":"front","origin":[x,y],"box":[x0,y0,x1,y1]}],
 *	 "strokes":[{"layer":"outline","line":"continuous","width":0.5,
 *		     "segs":[["line",x0,y0,x1,y1],["arc",cx,cy,rx,ry,rotation,from,sweep]],
 *		     "closed":true,"shape":0,"dimension":null}],
 *	 "arrows":[{"kind":"open","tip":[x,y],"left":[x,y],"right":[x,y],"shape":0,"dimension":3}],
 *	 "texts":[{"text":"40","at":[x,y],"height":3.5,"width":4.9,"angle":90,"layer":"dimension",
 *		   "field":"title","shape":0,"dimension":3}],
 *	 "symbols":[{"kind":"datum","value":"A","box":[x0,y0,x1,y1]}]}
 *
 * What most drawings lack is left out: unit_mm where the unit is the millimetre, views and symbols
 * where there are none, the kind of filled arrows, the field of texts outside a title block.
 *
 * Millimetres have 4 decimals (a tenth of a micrometre: far below any pixel), angles 4 decimals of
 * a degree, scale 6. An index of DRAWING_NOBODY is null.
 */
#include <config.h>

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <string.h>

#include "formats/drawing/drawing.h"

#define SYMBOL_CHORD_MM 0.05

enum { FIRST_ROOM = 64, MM_DECIMALS = 4, DEGREE_DECIMALS = 4, SCALE_DECIMALS = 6 };

const char *layer_name(enum layer layer)
{
	static const char *const names[] = {
#define L(id, name) name,
		DRAWING_LAYERS(L)
#undef L
	};

	assert((unsigned)layer < LAYER_COUNT_);
	return names[layer];
}

bool layer_is_edge(enum layer layer)
{
	return layer == LAYER_OUTLINE || layer == LAYER_HIDDEN || layer == LAYER_THIN;
}

const char *line_type_name(enum line_type line_type)
{
	static const char *const names[] = {
#define T(id, name) name,
		DRAWING_LINE_TYPES(T)
#undef T
	};

	assert((unsigned)line_type < LINE_COUNT_);
	return names[line_type];
}

const char *arrow_kind_name(enum arrow_kind kind)
{
	static const char *const names[] = {
#define A(id, name) name,
		DRAWING_ARROWS(A)
#undef A
	};

	assert((unsigned)kind < ARROW_COUNT_);
	return names[kind];
}

const char *symbol_kind_name(enum symbol_kind kind)
{
	static const char *const names[] = {
#define S(id, name) name,
		DRAWING_SYMBOLS(S)
#undef S
	};

	assert((unsigned)kind < SYMBOL_COUNT_);
	return names[kind];
}

const char *trace_kind_name(enum trace_kind kind)
{
	static const char *const names[] = {
#define T(id, name) name,
		DRAWING_TRACES(T)
#undef T
	};

	assert((unsigned)kind < TRACE_COUNT_);
	return names[kind];
}

const double *line_type_dashes(enum line_type line_type, int *count)
{
	static const struct {
		int count;
		double dashes[6];
	} types[LINE_COUNT_] = {
		[LINE_CONTINUOUS] = {0, {0}},
		[LINE_CHAIN] = {4, {12, 3, 0.5, 3}},
		[LINE_DASHED] = {2, {12, 3}},
		[LINE_PHANTOM] = {6, {12, 3, 0.5, 3, 0.5, 3}},
	};

	assert((unsigned)line_type < LINE_COUNT_);
	*count = types[line_type].count;
	return types[line_type].dashes;
}

/* The array, moved to twice the room when it is full. */
static void *grown(void *items, int count, int *room, size_t size, struct arena *arena)
{
	void *bigger;

	if (count < *room)
		return items;
	assert(*room <= INT_MAX / 2);
	*room = *room ? 2 * *room : FIRST_ROOM;
	bigger = arena_alloc(arena, (size_t)*room, size);
	if (count)
		memcpy(bigger, items, (size_t)count * size);
	return bigger;
}

struct stroke *drawing_add_stroke(struct drawing *drawing, struct arena *arena)
{
	struct stroke *stroke;

	drawing->strokes = grown(drawing->strokes, drawing->stroke_count, &drawing->stroke_room,
				 sizeof(*stroke), arena);
	stroke = &drawing->strokes[drawing->stroke_count++];
	*stroke = (struct stroke){.shape = DRAWING_NOBODY, .dimension = DRAWING_NOBODY};
	return stroke;
}

struct arrow *drawing_add_arrow(struct drawing *drawing, struct arena *arena)
{
	struct arrow *arrow;

	drawing->arrows = grown(drawing->arrows, drawing->arrow_count, &drawing->arrow_room,
				sizeof(*arrow), arena);
	arrow = &drawing->arrows[drawing->arrow_count++];
	*arrow = (struct arrow){.shape = DRAWING_NOBODY, .dimension = DRAWING_NOBODY};
	return arrow;
}

struct text *drawing_add_text(struct drawing *drawing, struct arena *arena)
{
	struct text *text;

	drawing->texts = grown(drawing->texts, drawing->text_count, &drawing->text_room,
			       sizeof(*text), arena);
	text = &drawing->texts[drawing->text_count++];
	*text = (struct text){.shape = DRAWING_NOBODY, .dimension = DRAWING_NOBODY};
	return text;
}

struct trace *drawing_add_trace(struct drawing *drawing, struct arena *arena)
{
	struct trace *trace;

	drawing->traces = grown(drawing->traces, drawing->trace_count, &drawing->trace_room,
				sizeof(*trace), arena);
	trace = &drawing->traces[drawing->trace_count++];
	*trace = (struct trace){.stroke = DRAWING_NOBODY, .arrow = DRAWING_NOBODY};
	return trace;
}

struct drawing_progress drawing_progress(const struct drawing *d)
{
	return (struct drawing_progress){d->stroke_count, d->arrow_count, d->text_count};
}

static void include(struct box *box, const struct vec *points, int count)
{
	struct box b = box_of_points(points, count);

	*box = (struct box){min2(box->x0, b.x0), min2(box->y0, b.y0), max2(box->x1, b.x1),
			    max2(box->y1, b.y1)};
}

static struct box box_since(const struct drawing *d, const struct drawing_progress *since,
			    struct arena *arena)
{
	struct box box = {INFINITY, INFINITY, -INFINITY, -INFINITY};

	for (int i = since->strokes; i < d->stroke_count; i++) {
		struct polyline line =
			polyline_from_path(&d->strokes[i].path, SYMBOL_CHORD_MM, arena);

		include(&box, line.points, line.count);
	}
	for (int i = since->arrows; i < d->arrow_count; i++)
		include(&box,
			(struct vec[]){d->arrows[i].tip, d->arrows[i].left, d->arrows[i].right}, 3);
	for (int i = since->texts; i < d->text_count; i++) {
		struct vec corners[4];

		text_corners(&d->texts[i], corners);
		include(&box, corners, 4);
	}
	return box;
}

void drawing_add_symbol(struct drawing *drawing, struct arena *arena, enum symbol_kind kind,
			const char *value, const struct drawing_progress *since)
{
	struct box box = box_since(drawing, since, arena);

	assert(box.x0 <= box.x1);
	drawing->symbols = grown(drawing->symbols, drawing->symbol_count, &drawing->symbol_room,
				 sizeof(*drawing->symbols), arena);
	drawing->symbols[drawing->symbol_count++] = (struct drawn_symbol){kind, value, box};
}

static void *copied(const void *items, int count, int room, size_t size, struct arena *arena)
{
	void *copy;

	if (room == 0)
		return NULL;
	copy = arena_alloc(arena, (size_t)room, size);
	if (count)
		memcpy(copy, items, (size_t)count * size);
	return copy;
}

void drawing_copy(struct drawing *dst, const struct drawing *src, struct arena *arena)
{
	*dst = *src;
	dst->strokes = copied(src->strokes, src->stroke_count, src->stroke_room,
			      sizeof(*src->strokes), arena);
	dst->arrows =
		copied(src->arrows, src->arrow_count, src->arrow_room, sizeof(*src->arrows), arena);
	dst->texts =
		copied(src->texts, src->text_count, src->text_room, sizeof(*src->texts), arena);
	dst->symbols = copied(src->symbols, src->symbol_count, src->symbol_room,
			      sizeof(*src->symbols), arena);
	dst->traces =
		copied(src->traces, src->trace_count, src->trace_room, sizeof(*src->traces), arena);
}

/* From the middle between the barbs to the tip. */
static struct vec arrow_axis(const struct arrow *arrow)
{
	return vec_sub(arrow->tip, vec_scale(vec_add(arrow->left, arrow->right), 0.5));
}

void arrow_tick_ends(const struct arrow *arrow, struct vec ends[2])
{
	struct vec half = vec_rotate(vec_scale(arrow_axis(arrow), 0.5), M_PI / 4);

	ends[0] = vec_sub(arrow->tip, half);
	ends[1] = vec_add(arrow->tip, half);
}

double arrow_dot_radius(const struct arrow *arrow)
{
	return vec_length(arrow_axis(arrow)) / 6;
}

void text_corners(const struct text *text, struct vec corners[4])
{
	double c = cos(text->angle_rad), s = sin(text->angle_rad);
	struct vec along = vec(c * text->width_mm, s * text->width_mm);
	struct vec up = vec(-s * text->height_mm, c * text->height_mm);

	corners[0] = text->at;
	corners[1] = vec_add(text->at, along);
	corners[2] = vec_add(corners[1], up);
	corners[3] = vec_add(text->at, up);
}

static void write_mm(struct buf *out, double mm)
{
	buf_fixed(out, mm, MM_DECIMALS);
}

static void write_degrees(struct buf *out, double rad)
{
	buf_fixed(out, rad * (180 / M_PI), DEGREE_DECIMALS);
}

static void write_point(struct buf *out, struct vec p)
{
	buf_char(out, '[');
	write_mm(out, p.x);
	buf_char(out, ',');
	write_mm(out, p.y);
	buf_char(out, ']');
}

static void write_index(struct buf *out, int index)
{
	if (index < 0)
		buf_str(out, "null");
	else
		buf_int(out, index);
}

static void write_owner(struct buf *out, int shape, int dimension)
{
	buf_str(out, ",\"shape\":");
	write_index(out, shape);
	buf_str(out, ",\"dimension\":");
	write_index(out, dimension);
	buf_char(out, '}');
}

static void write_mm_list(struct buf *out, const double *mm, int n)
{
	for (int i = 0; i < n; i++) {
		buf_char(out, ',');
		write_mm(out, mm[i]);
	}
}

static void write_seg(struct buf *out, const struct seg *seg)
{
	if (seg->kind == SEG_LINE) {
		buf_str(out, "[\"line\"");
		write_mm_list(out, (double[]){seg->a.x, seg->a.y, seg->b.x, seg->b.y}, 4);
	} else {
		buf_str(out, "[\"arc\"");
		write_mm_list(out, (double[]){seg->centre.x, seg->centre.y, seg->rx, seg->ry}, 4);
		buf_char(out, ',');
		write_degrees(out, seg->rotation);
		buf_char(out, ',');
		write_degrees(out, seg->from);
		buf_char(out, ',');
		write_degrees(out, seg->sweep);
	}
	buf_char(out, ']');
}

static void write_stroke(struct buf *out, const struct stroke *stroke)
{
	buf_str(out, "{\"layer\":");
	buf_json_str(out, layer_name(stroke->layer));
	buf_str(out, ",\"line\":");
	buf_json_str(out, line_type_name(stroke->line_type));
	buf_str(out, ",\"width\":");
	write_mm(out, stroke->width_mm);
	buf_str(out, ",\"segs\":[");
	for (int i = 0; i < stroke->path.count; i++) {
		if (i)
			buf_char(out, ',');
		write_seg(out, &stroke->path.segs[i]);
	}
	buf_str(out, stroke->path.closed ? "],\"closed\":true" : "],\"closed\":false");
	write_owner(out, stroke->shape, stroke->dimension);
}

static void write_arrow(struct buf *out, const struct arrow *arrow)
{
	buf_char(out, '{');
	if (arrow->kind != ARROW_FILLED) {
		buf_str(out, "\"kind\":");
		buf_json_str(out, arrow_kind_name(arrow->kind));
		buf_char(out, ',');
	}
	buf_str(out, "\"tip\":");
	write_point(out, arrow->tip);
	buf_str(out, ",\"left\":");
	write_point(out, arrow->left);
	buf_str(out, ",\"right\":");
	write_point(out, arrow->right);
	if (arrow->kind != ARROW_FILLED && arrow->kind != ARROW_DOT) {
		buf_str(out, ",\"width\":");
		write_mm(out, arrow_line_width(arrow));
	}
	write_owner(out, arrow->shape, arrow->dimension);
}

static void write_text(struct buf *out, const struct text *text)
{
	buf_str(out, "{\"text\":");
	buf_json_str(out, text->utf8 ? text->utf8 : "");
	buf_str(out, ",\"at\":");
	write_point(out, text->at);
	buf_str(out, ",\"height\":");
	write_mm(out, text->height_mm);
	buf_str(out, ",\"width\":");
	write_mm(out, text->width_mm);
	buf_str(out, ",\"angle\":");
	write_degrees(out, text->angle_rad);
	buf_str(out, ",\"layer\":");
	buf_json_str(out, layer_name(text->layer));
	if (text->field) {
		buf_str(out, ",\"field\":");
		buf_json_str(out, text->field);
	}
	write_owner(out, text->shape, text->dimension);
}

static void write_box(struct buf *out, const struct box *b)
{
	const double box[4] = {b->x0, b->y0, b->x1, b->y1};

	buf_str(out, ",\"box\":[");
	write_mm(out, box[0]);
	write_mm_list(out, box + 1, 3);
	buf_str(out, "]}");
}

static void write_view(struct buf *out, const struct view *view)
{
	buf_str(out, "{\"name\":");
	buf_json_str(out, view->name ? view->name : "");
	buf_str(out, ",\"origin\":");
	write_point(out, view->origin);
	write_box(out, &view->box);
}

static void write_views(struct buf *out, const struct drawing *drawing)
{
	if (drawing->view_count == 0)
		return;
	buf_str(out, ",\"views\":[");
	for (int i = 0; i < drawing->view_count; i++) {
		if (i)
			buf_char(out, ',');
		write_view(out, &drawing->views[i]);
	}
	buf_char(out, ']');
}

static void write_symbols(struct buf *out, const struct drawing *drawing)
{
	if (drawing->symbol_count == 0)
		return;
	buf_str(out, ",\"symbols\":[");
	for (int i = 0; i < drawing->symbol_count; i++) {
		const struct drawn_symbol *s = &drawing->symbols[i];

		buf_str(out, i ? ",{\"kind\":" : "{\"kind\":");
		buf_json_str(out, symbol_kind_name(s->kind));
		buf_str(out, ",\"value\":");
		buf_json_str(out, s->value);
		write_box(out, &s->box);
	}
	buf_char(out, ']');
}

static void write_trace(struct buf *out, const struct trace *trace)
{
	bool is_stroke = trace->stroke != DRAWING_NOBODY;

	buf_str(out, "{\"kind\":");
	buf_json_str(out, trace_kind_name(trace->kind));
	buf_str(out, is_stroke ? ",\"stroke\":" : ",\"arrow\":");
	buf_int(out, is_stroke ? trace->stroke : trace->arrow);
	buf_str(out, ",\"points\":[");
	for (int i = 0; i < trace->count; i++) {
		const struct trace_point *p = &trace->points[i];
		const double rest[] = {p->at.y, p->width_mm, p->darkness};

		if (i)
			buf_char(out, ',');
		write_mm(out, p->at.x);
		write_mm_list(out, rest, 3);
	}
	buf_str(out, "]}");
}

static void write_traces(struct buf *out, const struct drawing *drawing)
{
	if (drawing->trace_count) {
		buf_str(out, ",\"traces\":[");
		for (int i = 0; i < drawing->trace_count; i++) {
			if (i)
				buf_char(out, ',');
			write_trace(out, &drawing->traces[i]);
		}
		buf_char(out, ']');
	}
	if (drawing->paleness > 0) {
		buf_str(out, ",\"paleness\":");
		write_mm(out, drawing->paleness);
	}
}

void drawing_write(const struct drawing *drawing, struct buf *out)
{
	buf_str(out, "{\"width\":");
	write_mm(out, drawing->width_mm);
	buf_str(out, ",\"height\":");
	write_mm(out, drawing->height_mm);
	buf_str(out, ",\"datum\":");
	write_point(out, drawing->datum);
	buf_str(out, ",\"scale\":");
	buf_fixed(out, drawing->scale, SCALE_DECIMALS);
	if (drawing->unit_mm != 0 && drawing->unit_mm != 1) {
		buf_str(out, ",\"unit_mm\":");
		write_mm(out, drawing->unit_mm);
	}
	write_views(out, drawing);
	buf_str(out, ",\"strokes\":[");
	for (int i = 0; i < drawing->stroke_count; i++) {
		if (i)
			buf_char(out, ',');
		write_stroke(out, &drawing->strokes[i]);
	}
	buf_str(out, "],\"arrows\":[");
	for (int i = 0; i < drawing->arrow_count; i++) {
		if (i)
			buf_char(out, ',');
		write_arrow(out, &drawing->arrows[i]);
	}
	buf_str(out, "],\"texts\":[");
	for (int i = 0; i < drawing->text_count; i++) {
		if (i)
			buf_char(out, ',');
		write_text(out, &drawing->texts[i]);
	}
	buf_char(out, ']');
	write_symbols(out, drawing);
	write_traces(out, drawing);
	buf_char(out, '}');
}
