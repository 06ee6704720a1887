/* SPDX-License-Identifier: MIT */
/*
 * The figures follow what a hand's pressure and a tip's shape allow: a pencil gives thick and thin
 * lines, grey and uneven; a ballpoint one width, with skips and a blot where it rests; a nib swells
 * with pressure; a felt tip is broad, even and nearly black.
 */
#include <config.h>

#include <assert.h>

#include "render/hand/pen.h"

const struct pen *pen_of_style(const struct style *style)
{
	static const struct pen pens[] = {
		[STYLE_PEN_TECHNICAL] = {.widen = 1, .pale = {0, 0}},
		[STYLE_PEN_PENCIL] = {.widen = 1,
				      .alike = 0.2,
				      .vary = 0.14,
				      .fade = 0.3,
				      .pale = {0.05, 0.3},
				      .taper_mm = 1.5},
		[STYLE_PEN_BALLPOINT] = {.widen = 1,
					 .alike = 0.7,
					 .vary = 0.08,
					 .fade = 0.14,
					 .pale = {0.05, 0.2},
					 .skips_per_m = 12,
					 .blots = 0.25,
					 .taper_mm = 0.8},
		[STYLE_PEN_INK] = {.widen = 1,
				   .alike = 0.1,
				   .vary = 0.2,
				   .fade = 0.08,
				   .pale = {0, 0.1},
				   .skips_per_m = 2,
				   .blots = 0.3,
				   .taper_mm = 1.2},
		[STYLE_PEN_FELT] = {.widen = 1.35,
				    .alike = 0.6,
				    .vary = 0.07,
				    .fade = 0.06,
				    .pale = {0, 0.15},
				    .blots = 0.15},
	};

	static_assert(sizeof(pens) / sizeof(*pens) == STYLE_PEN_COUNT_, "one row a pen");
	assert(style->pen >= 0 && style->pen < STYLE_PEN_COUNT_);
	return &pens[style->pen];
}

double pen_width_mm(const struct pen *pen, double width_mm, double thin_mm)
{
	return pen->widen * (width_mm + pen->alike * (thin_mm - width_mm));
}
