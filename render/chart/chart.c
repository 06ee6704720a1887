/* SPDX-License-Identifier: MIT */
/* Pages and surfaces; chart_plan.c has what stands in a chart, chart_series.c its lines. */
#include <config.h>

#include "render/chart/chart.h"

#include <cairo-svg.h>
#include <math.h>

#include "render/chart/chart_private.h"
#include "render/paint/svg_stream.h"

#define CHART_WIDTH_MIN 160
#define HEIGHT 0.6       /* of a chart's width */
#define EM (1.0 / 72)    /* likewise */
#define HEADING 1.6      /* height of the page's title in em */
#define HEADING_ROOM 4.2 /* what it takes */

struct layout {
	int rows, width, height;
	double cell_width, cell_height, em, top;
};

static int make_layout(const struct chart_page *page, struct layout *l, struct err *err)
{
	double height;

	if (page->count < 1 || page->columns < 1 || page->width_px < 1 ||
	    page->width_px > CHART_SIDE_MAX || page->width_px / page->columns < CHART_WIDTH_MIN)
		return err_set(err, ERR_LIMIT,
			       "%d charts in %d columns on %d px: a chart takes at least %d px, a "
			       "page at most %d",
			       page->count, page->columns, page->width_px, CHART_WIDTH_MIN,
			       CHART_SIDE_MAX);
	for (int i = 0; i < page->count; i++) {
		if (page->charts[i].series_count > CHART_SERIES_MAX)
			return err_set(err, ERR_LIMIT, "a chart of %d series; at most %d",
				       page->charts[i].series_count, CHART_SERIES_MAX);
		if (page->charts[i].x_name_count > CHART_NAMES_MAX)
			return err_set(err, ERR_LIMIT, "a chart of %d names; at most %d",
				       page->charts[i].x_name_count, CHART_NAMES_MAX);
	}
	l->rows = (page->count - 1) / page->columns + 1;
	l->cell_width = (double)page->width_px / page->columns;
	l->cell_height = floor(HEIGHT * l->cell_width);
	l->em = EM * l->cell_width;
	l->top = page->title ? ceil(HEADING_ROOM * l->em) : 0;
	height = l->top + l->rows * l->cell_height;
	if (height > CHART_SIDE_MAX)
		return err_set(err, ERR_LIMIT, "%d rows of charts are %.0f px high; at most %d",
			       l->rows, height, CHART_SIDE_MAX);
	l->width = page->width_px;
	l->height = (int)height;
	return 0;
}

static void draw_heading(const struct chart_canvas *canvas, const char *title, double width)
{
	struct chart_text how = {.height = HEADING * canvas->em, .align = 0.5};
	struct buf text = {0};

	chart_text_fit(title, how.height, width - 4 * canvas->em, &text);
	chart_text_put(canvas, text.data, width / 2, (HEADING_ROOM - 1) * canvas->em, how);
	buf_free(&text);
}

static void draw_page(cairo_t *cr, const struct chart_page *page, const struct layout *l)
{
	struct chart_canvas canvas = {cr, l->em};

	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	if (page->title)
		draw_heading(&canvas, page->title, l->width);
	for (int i = 0; i < page->count; i++) {
		struct chart_plan plan = {.canvas = &canvas, .chart = &page->charts[i]};

		plan.area = (struct chart_area){i % page->columns * l->cell_width,
						l->top + i / page->columns * l->cell_height,
						l->cell_width, l->cell_height};
		chart_plan_make(&plan);
		chart_plan_draw(&plan);
	}
}

/* Draws and finishes. */
static int draw_surface(cairo_surface_t *surface, const struct chart_page *page,
			const struct layout *l, struct err *err)
{
	cairo_t *cr = cairo_create(surface);
	cairo_status_t status;

	draw_page(cr, page, l);
	cairo_show_page(cr);
	status = cairo_status(cr);
	cairo_destroy(cr);
	cairo_surface_flush(surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(surface);
	if (status != CAIRO_STATUS_SUCCESS)
		return err_set(err, ERR_LIMIT, "cannot draw charts of %d x %d px: %s", l->width,
			       l->height, cairo_status_to_string(status));
	return 0;
}

/* Cairo has a pixel in a word, red in its middle. */
static struct image rgb_from_surface(cairo_surface_t *surface, const struct layout *l)
{
	struct image image = image_new(l->width, l->height, 3);
	const unsigned char *data = cairo_image_surface_get_data(surface);
	size_t stride = (size_t)cairo_image_surface_get_stride(surface);

	for (int y = 0; y < l->height; y++) {
		const uint32_t *from = (const uint32_t *)(const void *)(data + (size_t)y * stride);
		uint8_t *to = image.px + (size_t)y * image.stride;

		for (int x = 0; x < l->width; x++) {
			*to++ = (uint8_t)(from[x] >> 16);
			*to++ = (uint8_t)(from[x] >> 8);
			*to++ = (uint8_t)from[x];
		}
	}
	return image;
}

int image_from_charts(const struct chart_page *page, struct image *image, struct err *err)
{
	cairo_surface_t *surface;
	struct layout l;
	int rc;

	if (make_layout(page, &l, err) < 0)
		return -1;
	surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, l.width, l.height);
	rc = draw_surface(surface, page, &l, err);
	if (rc == 0)
		*image = rgb_from_surface(surface, &l);
	cairo_surface_destroy(surface);
	return rc;
}

int svg_from_charts(const struct chart_page *page, struct buf *out, struct err *err)
{
	cairo_surface_t *surface;
	size_t start = out->len;
	struct layout l;
	int rc;

	if (make_layout(page, &l, err) < 0)
		return -1;
	surface = cairo_svg_surface_create_for_stream(stream_to_buf, out, l.width, l.height);
	cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX);
	rc = draw_surface(surface, page, &l, err);
	cairo_surface_finish(surface);
	cairo_surface_destroy(surface);
	if (rc == 0)
		svg_cut_surface_id(out, start);
	else
		out->len = start;
	return rc;
}
