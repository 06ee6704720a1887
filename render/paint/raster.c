/* SPDX-License-Identifier: MIT */
/*
 * Cairo draws coverage into an 8-bit alpha surface, which is inverted to ink on paper at the end: a
 * third of the memory traffic of RGB and the same picture.
 */
#include <config.h>

#include <cairo.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "render/paint/lettering.h"
#include "render/paint/plot.h"
#include "render/paint/raster.h"
#include "render/paint/trace_pen.h"

struct raster {
	cairo_surface_t *surface;
	cairo_t *cr;
	struct lettering *lettering;
	int size_px;
	struct plot plot;
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
	plot_free(&r->plot);
	free(r);
}

static void draw_texts(struct raster *r, const struct drawing *d, const struct font *font)
{
	lettering_begin(r->lettering, r->surface, r->cr, font, r->plot.per_mm, d->height_mm);
	for (int i = 0; i < d->text_count; i++)
		lettering_draw(r->lettering, &d->texts[i], (uint32_t)i);
	lettering_end(r->lettering);
}

/* Ink to paper. Pieces of a fixed size become vector instructions; the rest comes in whole words, as
 * Cairo pads its rows. */
static void invert(uint8_t *px, size_t bytes)
{
	enum { WORDS = 16 };
	uint32_t words[WORDS];
	size_t i = 0;

	for (; i + sizeof(words) <= bytes; i += sizeof(words)) {
		memcpy(words, px + i, sizeof(words));
		for (int k = 0; k < WORDS; k++)
			words[k] = ~words[k];
		memcpy(px + i, words, sizeof(words));
	}
	for (; i < bytes; i += sizeof(*words)) {
		memcpy(words, px + i, sizeof(*words));
		words[0] = ~words[0];
		memcpy(px + i, words, sizeof(*words));
	}
}

/* As pale as the pen's ink is. */
static void fade(uint8_t *px, size_t bytes, double paleness)
{
	unsigned left = (unsigned)lround((1 - paleness) * 256);

	for (size_t i = 0; i < bytes; i++)
		px[i] = (uint8_t)(px[i] * left >> 8);
}

static void draw_lines(struct raster *r, const struct drawing *d, double per_mm)
{
	plot_begin(&r->plot, r->cr, d, per_mm);
	if (d->trace_count) {
		trace_pen_ink(r->surface, d, per_mm);
		return;
	}
	plot_strokes(&r->plot, d);
	plot_arrows(&r->plot, d);
}

struct image image_from_drawing(struct raster *r, const struct drawing *d, const struct font *font)
{
	double per_mm = r->size_px / max2(d->width_mm, d->height_mm);
	struct image image = {.width = (int)lround(d->width_mm * per_mm),
			      .height = (int)lround(d->height_mm * per_mm),
			      .channels = 1};
	size_t bytes;

	image.stride = (size_t)cairo_image_surface_get_stride(r->surface);
	image.px = cairo_image_surface_get_data(r->surface);
	bytes = image.stride * (size_t)image.height;
	memset(image.px, 0, bytes);
	cairo_surface_mark_dirty(r->surface);
	draw_lines(r, d, per_mm);
	draw_texts(r, d, font);
	if (d->paleness > 0)
		fade(image.px, bytes, d->paleness);
	invert(image.px, bytes);
	return image;
}
