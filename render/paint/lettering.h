/* SPDX-License-Identifier: MIT */
/*
 * lettering: text onto a Cairo surface.
 *
 *	struct lettering *l = lettering_new();			(one per thread)
 *	lettering_begin(l, surface, cr, font, px_per_mm, height_mm);
 *	lettering_draw(l, &text, its_number);
 *	lettering_end(l);
 *	lettering_free(l);
 */
#ifndef RENDER_LETTERING_H
#define RENDER_LETTERING_H

#include <cairo.h>
#include <stdint.h>

#include "fonts/font.h"
#include "formats/drawing/drawing.h"

struct lettering;

struct lettering *lettering_new(void);
void lettering_free(struct lettering *l);

/* Starts on an A8 surface that shows a sheet of height_mm; all arguments are borrowed until
 * lettering_end, after which the surface holds all of the text. */
void lettering_begin(struct lettering *l, cairo_surface_t *surface, cairo_t *cr,
		     const struct font *font, double px_per_mm, double height_mm);

/* `which`: the number of the text on its drawing. */
void lettering_draw(struct lettering *l, const struct text *text, uint32_t which);
void lettering_end(struct lettering *l);

#endif
