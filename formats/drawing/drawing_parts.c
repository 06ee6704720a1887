/* SPDX-License-Identifier: MIT */
/* What of a drawing belongs together, though it is drawn as single strokes, arrows and texts. */
#include <config.h>

#include "formats/drawing/drawing.h"

/* As in lettering of type A of ISO 3098, as high as the arrowhead is long. */
#define ARROW_SIDE_OVER_WIDTH 14

/* The drafter writes a dimension's line first, then its stack from above. A stack stands alone where
 * there are two texts: a dimension has no lines below each other but these. */
struct dimension_texts drawing_dimension_texts(const struct drawing *d, int dimension)
{
	const struct text *found[3] = {NULL};
	struct dimension_texts t = {0};
	int count = 0;

	for (int i = 0; i < d->text_count && count < 3; i++)
		if (d->texts[i].dimension == dimension)
			found[count++] = &d->texts[i];
	t.line = count == 2 ? NULL : found[0];
	t.upper = count == 1 ? NULL : found[count == 2 ? 0 : 1];
	t.lower = count == 1 ? NULL : found[count == 2 ? 1 : 2];
	for (int i = 0; i < d->stroke_count && !t.boxed; i++)
		t.boxed = d->strokes[i].dimension == dimension &&
			  d->strokes[i].layer == LAYER_SYMBOL && d->strokes[i].path.closed;
	return t;
}

double arrow_line_width(const struct arrow *arrow)
{
	double side = vec_length(vec_sub(arrow->left, arrow->tip));

	return arrow->width_mm > 0 ? arrow->width_mm : side / ARROW_SIDE_OVER_WIDTH;
}

static bool vec_equal(struct vec a, struct vec b)
{
	return a.x == b.x && a.y == b.y;
}

static bool seg_equal(const struct seg *a, const struct seg *b)
{
	if (a->kind != b->kind || !vec_equal(a->a, b->a) || !vec_equal(a->b, b->b))
		return false;
	return a->kind == SEG_LINE ||
	       (vec_equal(a->centre, b->centre) && a->rx == b->rx && a->ry == b->ry &&
		a->rotation == b->rotation && a->from == b->from && a->sweep == b->sweep);
}

static bool stroke_equal(const struct stroke *a, const struct stroke *b)
{
	if (a->layer != b->layer || a->line_type != b->line_type || a->width_mm != b->width_mm ||
	    a->path.closed != b->path.closed || a->path.count != b->path.count)
		return false;
	for (int i = 0; i < a->path.count; i++)
		if (!seg_equal(&a->path.segs[i], &b->path.segs[i]))
			return false;
	return true;
}

bool drawing_strokes_equal(const struct drawing *a, const struct drawing *b)
{
	if (a->width_mm != b->width_mm || a->height_mm != b->height_mm ||
	    a->stroke_count != b->stroke_count)
		return false;
	for (int i = 0; i < a->stroke_count; i++)
		if (!stroke_equal(&a->strokes[i], &b->strokes[i]))
			return false;
	return true;
}

struct drawing drawing_of_middles(const struct drawing *src, double width_mm, struct arena *arena)
{
	struct drawing d = {.width_mm = src->width_mm,
			    .height_mm = src->height_mm,
			    .datum = src->datum,
			    .scale = src->scale,
			    .unit_mm = src->unit_mm};

	for (int i = 0; i < src->stroke_count; i++) {
		const struct stroke *from = &src->strokes[i];

		for (int k = 0; k < from->path.count; k++) {
			struct stroke *s = drawing_add_stroke(&d, arena);

			s->layer = from->layer;
			s->width_mm = width_mm;
			s->shape = from->shape;
			s->dimension = from->dimension;
			path_add_seg(&s->path, arena, &from->path.segs[k]);
		}
	}
	return d;
}
