/* SPDX-License-Identifier: MIT */
/*
 * Cairo draws coverage into an 8-bit alpha surface, which is inverted to ink on paper at the end: a
 * third of the memory traffic of RGB and the same picture. All strokes of one width and line type go
 * into one path and are stroked at once, and so are all arrowheads: the cost of a Cairo call outweighs
 * that of its few segments. Lines along the axes get batches of their own.
 */
#include <config.h>

#include <cairo.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "render/lettering.h"
#include "render/raster.h"

struct raster {
	cairo_surface_t *surface;
	cairo_t *cr;
	struct lettering *lettering;
	int size_px;
	double px_per_mm;
	double height_mm;
	bool *done; /* scratch: strokes already drawn */
	int done_room;
};

struct raster *raster_new(int size_px, struct err *err)
{
	struct raster *r = mem_alloc(1, sizeof(*r));

	r->size_px = size_px;
	r->surface = cairo_image_surface_create(CAIRO_FORMAT_A8, size_px, size_px);
	r->cr = cairo_create(r->surface);
	if (cairo_status(r->cr) != CAIRO_STATUS_SUCCESS) {
		err_set(err, ERR_LIMIT, "cannot draw at %d px: %s", size_px,
			cairo_status_to_string(cairo_status(r->cr)));
		raster_free(r);
		return NULL;
	}
	r->lettering = lettering_new();
	cairo_set_tolerance(r->cr, 0.1);
	return r;
}

void raster_free(struct raster *r)
{
	if (!r)
		return;
	lettering_free(r->lettering);
	cairo_destroy(r->cr);
	cairo_surface_destroy(r->surface);
	free(r->done);
	free(r);
}

static double px_x(const struct raster *r, double x_mm)
{
	return x_mm * r->px_per_mm;
}

static double px_y(const struct raster *r, double y_mm)
{
	return (r->height_mm - y_mm) * r->px_per_mm;
}

/* Angles run the other way round: y points down in pixels. */
static void add_arc(struct raster *r, const struct seg *seg)
{
	cairo_t *cr = r->cr;
	double k = r->px_per_mm;

	if (seg->rx == seg->ry) {
		double from = -(seg->from + seg->rotation), to = from - seg->sweep;
		void (*arc)(cairo_t *, double, double, double, double, double) =
			seg->sweep > 0 ? cairo_arc_negative : cairo_arc;

		arc(cr, px_x(r, seg->centre.x), px_y(r, seg->centre.y), seg->rx * k, from, to);
		return;
	}
	cairo_save(cr);
	cairo_translate(cr, px_x(r, seg->centre.x), px_y(r, seg->centre.y));
	cairo_rotate(cr, -seg->rotation);
	cairo_scale(cr, seg->rx * k, -seg->ry * k);
	if (seg->sweep > 0)
		cairo_arc(cr, 0, 0, 1, seg->from, seg->from + seg->sweep);
	else
		cairo_arc_negative(cr, 0, 0, 1, seg->from, seg->from + seg->sweep);
	cairo_restore(cr);
}

static void add_path(struct raster *r, const struct path *path)
{
	cairo_new_sub_path(r->cr);
	for (int i = 0; i < path->count; i++) {
		const struct seg *seg = &path->segs[i];

		if (seg->kind == SEG_ARC) {
			add_arc(r, seg);
			continue;
		}
		if (i == 0)
			cairo_move_to(r->cr, px_x(r, seg->a.x), px_y(r, seg->a.y));
		cairo_line_to(r->cr, px_x(r, seg->b.x), px_y(r, seg->b.y));
	}
	if (path->closed)
		cairo_close_path(r->cr);
}

/* ISO 128-2: line 04.1, long dash 24 d, gap 3 d, dot 0.5 d, gap 3 d. Long dashes are halved: at the
 * widths of small sheets 24 d would leave short centre lines unbroken. */
static void set_line_type(struct raster *r, enum line_type type, double width_px)
{
	double chain[4] = {12 * width_px, 3 * width_px, 0.5 * width_px, 3 * width_px};

	cairo_set_dash(r->cr, chain, type == LINE_CHAIN ? 4 : 0, 0);
}

/* Level and upright lines alone: Cairo fills them as boxes, without its scan converter. */
static bool is_rectilinear(const struct path *path)
{
	for (int i = 0; i < path->count; i++)
		if (path->segs[i].kind != SEG_LINE || (path->segs[i].a.x != path->segs[i].b.x &&
						       path->segs[i].a.y != path->segs[i].b.y))
			return false;
	return true;
}

static bool same_batch(const struct stroke *a, const struct stroke *b)
{
	return a->width_mm == b->width_mm && a->line_type == b->line_type &&
	       is_rectilinear(&a->path) == is_rectilinear(&b->path);
}

static void draw_strokes(struct raster *r, const struct drawing *d)
{
	if (d->stroke_count > r->done_room) {
		r->done_room = d->stroke_count;
		r->done = mem_realloc(r->done, (size_t)r->done_room, sizeof(*r->done));
	}
	for (int i = 0; i < d->stroke_count; i++)
		r->done[i] = false;
	cairo_set_line_cap(r->cr, CAIRO_LINE_CAP_BUTT);
	for (int i = 0; i < d->stroke_count; i++) {
		const struct stroke *first = &d->strokes[i];

		for (int k = i; k < d->stroke_count && !r->done[i]; k++) {
			const struct stroke *s = &d->strokes[k];

			if (r->done[k] || !same_batch(first, s))
				continue;
			add_path(r, &s->path);
			r->done[k] = k != i;
		}
		if (r->done[i])
			continue;
		cairo_set_line_width(r->cr, first->width_mm * r->px_per_mm);
		set_line_type(r, first->line_type, first->width_mm * r->px_per_mm);
		cairo_stroke(r->cr);
	}
	cairo_set_dash(r->cr, NULL, 0, 0);
}

static void draw_arrows(struct raster *r, const struct drawing *d)
{
	for (int i = 0; i < d->arrow_count; i++) {
		const struct arrow *a = &d->arrows[i];

		cairo_move_to(r->cr, px_x(r, a->tip.x), px_y(r, a->tip.y));
		cairo_line_to(r->cr, px_x(r, a->left.x), px_y(r, a->left.y));
		cairo_line_to(r->cr, px_x(r, a->right.x), px_y(r, a->right.y));
		cairo_close_path(r->cr);
	}
	cairo_fill(r->cr);
}

static void draw_texts(struct raster *r, const struct drawing *d, const struct font *font)
{
	lettering_begin(r->lettering, r->surface, r->cr, font, r->px_per_mm, r->height_mm);
	for (int i = 0; i < d->text_count; i++)
		lettering_draw(r->lettering, &d->texts[i]);
	lettering_end(r->lettering);
}

/* Cairo rows are padded to whole 32-bit words, so the bytes come in fours. */
static void invert(uint8_t *px, size_t bytes)
{
	uint32_t word;

	for (size_t i = 0; i < bytes; i += sizeof(word)) {
		memcpy(&word, px + i, sizeof(word));
		word = ~word;
		memcpy(px + i, &word, sizeof(word));
	}
}

struct image image_from_drawing(struct raster *r, const struct drawing *d, const struct font *font)
{
	struct image image = {.width = r->size_px, .height = r->size_px, .channels = 1};
	size_t bytes;

	image.stride = (size_t)cairo_image_surface_get_stride(r->surface);
	image.px = cairo_image_surface_get_data(r->surface);
	bytes = image.stride * (size_t)image.height;
	memset(image.px, 0, bytes);
	cairo_surface_mark_dirty(r->surface);
	r->px_per_mm = r->size_px / d->width_mm;
	r->height_mm = d->height_mm;
	draw_strokes(r, d);
	draw_arrows(r, d);
	draw_texts(r, d, font);
	invert(image.px, bytes);
	return image;
}
