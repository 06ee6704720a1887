/* SPDX-License-Identifier: MIT */
/* The strokes of font_builtin are a tenth of its height; at the few pixels of a chart's lettering they
 * read better a little heavier. */
#include <config.h>

#include "fonts/font.h"
#include "render/chart/chart_private.h"
#include "render/paint/text_pen.h"

#define HEAVIER 1.2
#define INK 0.13

double chart_text_width(const char *utf8, double height)
{
	return font_text_width(font_builtin(), utf8, height);
}

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

void chart_text_fit(const char *utf8, double height, double width, struct buf *out)
{
	struct buf text = {0};

	buf_str(&text, utf8);
	for (size_t len = text.len; len > 0 && chart_text_width(text.data, height) > width;) {
		len--;
		while (len > 0 && is_continuation(text.data[len]))
			len--;
		text.len = len;
		buf_str(&text, "...");
	}
	buf_str(out, text.data);
	buf_free(&text);
}

void chart_text_put(const struct chart_canvas *canvas, const char *utf8, double x, double y,
		    struct chart_text how)
{
	double before = how.align * chart_text_width(utf8, how.height);
	struct text_pen pen = {.cr = canvas->cr,
			       .x = how.upwards ? x : x - before,
			       .y = how.upwards ? y + before : y,
			       .c = how.upwards ? 0 : 1,
			       .s = how.upwards ? 1 : 0,
			       .k = 1};

	cairo_set_source_rgb(canvas->cr, INK, INK, INK);
	cairo_set_dash(canvas->cr, NULL, 0, 0);
	text_pen_write(&pen, font_builtin(), utf8, how.height, 0);
	pen.width *= HEAVIER;
	text_pen_lift(&pen);
}
