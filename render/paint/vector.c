/* SPDX-License-Identifier: MIT */
/*
 * Cairo's SVG and PDF surfaces, written to memory. What they add of their own is taken away: the
 * PDF's creation date is set to one that never changes, and the SVG's surface id, which counts the
 * surfaces that the process has made, is cut out.
 */
#include <config.h>

#include <cairo-pdf.h>
#include <cairo-svg.h>

#include "render/paint/plot.h"
#include "render/paint/svg_stream.h"
#include "render/paint/text_pen.h"
#include "render/paint/trace_pen.h"
#include "render/paint/vector.h"

#define PT_PER_MM (72 / 25.4)

/* Any date would do; without one Cairo writes today's. */
#define CREATED "2000-01-01T00:00:00Z"

/* Draws and finishes. Takes the surface. */
static int draw(cairo_surface_t *surface, double per_mm, const struct drawing *d,
		const struct font *font, struct err *err)
{
	cairo_t *cr = cairo_create(surface);
	struct text_pen pen = {.cr = cr};
	struct plot plot = {0};
	cairo_status_t status;

	plot_begin(&plot, cr, d, per_mm);
	if (d->trace_count) {
		trace_pen_fill(cr, d, per_mm);
		cairo_set_source_rgb(cr, d->paleness, d->paleness, d->paleness);
	} else {
		plot_strokes(&plot, d);
		plot_arrows(&plot, d);
	}
	for (int i = 0; i < d->text_count; i++)
		text_pen_draw(&pen, font, &d->texts[i], (uint32_t)i, per_mm, d->height_mm);
	text_pen_lift(&pen);
	plot_free(&plot);
	cairo_show_page(cr);
	status = cairo_status(cr);
	cairo_destroy(cr);
	cairo_surface_finish(surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	if (status != CAIRO_STATUS_SUCCESS)
		return err_set(err, ERR_LIMIT, "cannot draw %g x %g mm: %s", d->width_mm,
			       d->height_mm, cairo_status_to_string(status));
	return 0;
}

int svg_from_drawing(const struct drawing *d, const struct font *font, struct buf *out,
		     struct err *err)
{
	cairo_surface_t *surface =
		cairo_svg_surface_create_for_stream(stream_to_buf, out, d->width_mm, d->height_mm);
	size_t start = out->len;

	cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_MM);
	if (draw(surface, 1, d, font, err) < 0)
		return -1;
	svg_cut_surface_id(out, start);
	return 0;
}

int pdf_from_drawing(const struct drawing *d, const struct font *font, struct buf *out,
		     struct err *err)
{
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(
		stream_to_buf, out, d->width_mm * PT_PER_MM, d->height_mm * PT_PER_MM);

	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, CREATED);
	return draw(surface, PT_PER_MM, d, font, err);
}
