/* SPDX-License-Identifier: MIT */
/*
 * Stroking a letter of nine pixels costs Cairo some fifty thousand instructions, its pieces in ink a
 * tenth of that: lettering in strokes, by hand or not, is ink. Outlines are left to Cairo.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "render/paint/ink.h"
#include "render/paint/lettering.h"
#include "render/paint/text_pen.h"

struct lettering {
	cairo_surface_t *surface;
	const struct font *font;
	double px_per_mm, sheet_mm;
	struct text_pen pending; /* what is in Cairo's path and not drawn yet */
	struct ink ink;
};

struct lettering *lettering_new(void)
{
	return mem_alloc(1, sizeof(struct lettering));
}

void lettering_free(struct lettering *l)
{
	if (!l)
		return;
	ink_free(&l->ink);
	free(l);
}

/* A pen for lettering in strokes. */
struct nib {
	struct ink *ink;
	double x, y, c, s, k; /* origin of the text in pixels, its direction, pixels per mm */
	struct ink_point last, next; /* where the ink ends, and where it is to go on to */
	bool pending;                /* next is not drawn yet */
	double width, darkness;
};

/* Shorter ways wait for what comes behind them: they could not be seen and would take as long. */
#define PIECE_PX 0.6

static void nib_begin(void *ctx, bool filled)
{
	(void)ctx;
	(void)filled;
}

static void nib_set(void *ctx, double width_mm, double darkness)
{
	struct nib *nib = ctx;

	nib->width = width_mm * nib->k;
	nib->darkness = darkness;
}

static struct ink_point nib_point(const struct nib *nib, double x, double y)
{
	return (struct ink_point){nib->x + nib->k * (nib->c * x - nib->s * y),
				  nib->y - nib->k * (nib->s * x + nib->c * y), nib->width,
				  nib->darkness};
}

static void nib_flush(struct nib *nib)
{
	if (nib->pending)
		ink_stroke(nib->ink, &nib->last, &nib->next);
	nib->last = nib->next;
	nib->pending = false;
}

static void nib_move(void *ctx, double x, double y)
{
	struct nib *nib = ctx;

	nib_flush(nib);
	nib->last = nib->next = nib_point(nib, x, y);
}

static double squared_distance(const struct ink_point *a, const struct ink_point *b)
{
	return (a->x - b->x) * (a->x - b->x) + (a->y - b->y) * (a->y - b->y);
}

static void nib_line(void *ctx, double x, double y)
{
	struct nib *nib = ctx;

	nib->next = nib_point(nib, x, y);
	nib->pending = true;
	if (squared_distance(&nib->next, &nib->last) >= PIECE_PX * PIECE_PX)
		nib_flush(nib);
}

/* Ink reaches less than the text's height beyond its box on every side. Only lettering by hand sets the nib. */
static void write_in_ink(struct lettering *l, const struct text *text, uint32_t which)
{
	struct nib nib = {.ink = &l->ink,
			  .x = text->at.x * l->px_per_mm,
			  .y = (l->sheet_mm - text->at.y) * l->px_per_mm,
			  .c = cos(text->angle_rad),
			  .s = sin(text->angle_rad),
			  .k = l->px_per_mm,
			  .width = font_pen_width(l->font, text->height_mm) * l->px_per_mm,
			  .darkness = 1};
	struct font_sink sink = {&nib, nib_begin, nib_move, nib_line, NULL, NULL, nib_set};
	double margin = text->height_mm * l->px_per_mm;
	struct vec corners[4];
	struct box box;

	text_corners(text, corners);
	box = box_of_points(corners, 4);
	ink_begin(&l->ink, l->surface, box.x0 * l->px_per_mm - margin,
		  (l->sheet_mm - box.y1) * l->px_per_mm - margin, box.x1 * l->px_per_mm + margin,
		  (l->sheet_mm - box.y0) * l->px_per_mm + margin);
	font_draw_text(l->font, text->utf8, text->height_mm, which, &sink);
	nib_flush(&nib);
	ink_end(&l->ink);
}

void lettering_begin(struct lettering *l, cairo_surface_t *surface, cairo_t *cr,
		     const struct font *font, double px_per_mm, double height_mm)
{
	l->surface = surface;
	l->font = font;
	l->px_per_mm = px_per_mm;
	l->sheet_mm = height_mm;
	l->pending = (struct text_pen){.cr = cr};
	cairo_surface_flush(surface);
}

void lettering_draw(struct lettering *l, const struct text *text, uint32_t which)
{
	if (font_pen_width(l->font, text->height_mm) > 0)
		write_in_ink(l, text, which);
	else
		text_pen_draw(&l->pending, l->font, text, which, l->px_per_mm, l->sheet_mm);
}

void lettering_end(struct lettering *l)
{
	cairo_surface_mark_dirty(l->surface);
	text_pen_lift(&l->pending);
	cairo_surface_flush(l->surface);
}
