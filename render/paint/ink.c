/* SPDX-License-Identifier: MIT */
/*
 * Each piece is a line with round ends whose width changes evenly. A pixel whose middle lies at
 * distance d from the middle line is covered by r + 1/2 - d, cut to 0 and to the width, where r is
 * half the width there: exact for straight edges along the pixel grid, and near it for others, as long
 * as the width changes by less than half of the piece's length. The darkest of all pieces stands.
 */
#include <config.h>

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/fast.h"
#include "base/mem.h"
#include "render/paint/ink.h"

static double clamp(double v, double lo, double hi)
{
	return v < lo ? lo : v > hi ? hi : v;
}

/* Of the surface. */
static uint8_t *surface_box(const struct ink *ink)
{
	return cairo_image_surface_get_data(ink->surface) +
	       ink->top * (ptrdiff_t)cairo_image_surface_get_stride(ink->surface) + ink->left;
}

void ink_begin_blank(struct ink *ink, cairo_surface_t *surface, double x0, double y0, double x1,
		     double y1)
{
	double columns = cairo_image_surface_get_width(surface);
	double rows = cairo_image_surface_get_height(surface);

	ink->surface = surface;
	ink->left = (int)clamp(floor(x0), 0, columns);
	ink->top = (int)clamp(floor(y0), 0, rows);
	ink->columns = (int)clamp(ceil(x1), ink->left, columns) - ink->left;
	ink->rows = (int)clamp(ceil(y1), ink->top, rows) - ink->top;
	ink->px = surface_box(ink);
	ink->stride = cairo_image_surface_get_stride(surface);
}

void ink_begin(struct ink *ink, cairo_surface_t *surface, double x0, double y0, double x1,
	       double y1)
{
	size_t bytes;

	ink_begin_blank(ink, surface, x0, y0, x1, y1);
	bytes = mem_mul((size_t)ink->columns, (size_t)ink->rows);
	if (bytes > ink->room) {
		ink->own = mem_realloc(ink->own, bytes, 1);
		ink->room = bytes;
	}
	ink->px = ink->own;
	ink->stride = ink->columns;
	if (bytes)
		memset(ink->px, 0, bytes);
}

/* A piece from (0, 0): half its width, and the darkness, times 255, at one end, and how they change. */
struct piece {
	float ux, uy, per_length2, half, more_half, dark, more_dark;
};

static struct piece piece_between(const struct ink_point *from, const struct ink_point *to)
{
	double ux = to->x - from->x, uy = to->y - from->y, length2 = ux * ux + uy * uy;
	double dark[2] = {clamp(from->darkness, 0, 1) * 255, clamp(to->darkness, 0, 1) * 255};

	return (struct piece){(float)ux,
			      (float)uy,
			      length2 > 0 ? (float)(1 / length2) : 0,
			      (float)(from->width / 2),
			      (float)((to->width - from->width) / 2),
			      (float)dark[0],
			      (float)(dark[1] - dark[0])};
}

/* What the piece leaves in eight pixels of a row, of which the first one's middle is at (x, y). */
FAST_INLINE void ink_eight(uint8_t px[8], const struct piece *p, float x, float y)
{
	int value[8];

	for (int i = 0; i < 8; i++) {
		float at = x + (float)i;
		float t = clamp01((at * p->ux + y * p->uy) * p->per_length2);
		float dx = at - t * p->ux, dy = y - t * p->uy;
		float half = p->half + t * p->more_half;
		float cover = half + 0.5f - sqrtf(dx * dx + dy * dy);
		float most = 2 * half < 1 ? 2 * half : 1;

		cover = cover > 0 ? cover : 0;
		cover = cover < most ? cover : most;
		value[i] = (int)(cover * (p->dark + t * p->more_dark) + 0.5f);
	}
	for (int i = 0; i < 8; i++)
		px[i] = (uint8_t)(value[i] > px[i] ? value[i] : px[i]);
}

/* Pixels of a row, of which the first one's middle is at (x, y). */
static FAST void draw_row(uint8_t *px, int count, const struct piece *piece, float x, float y)
{
	for (; count >= 8; count -= 8, px += 8, x += 8)
		ink_eight(px, piece, x, y);
	if (count > 0) {
		uint8_t rest[8] = {0};

		memcpy(rest, px, (size_t)count);
		ink_eight(rest, piece, x, y);
		memcpy(px, rest, (size_t)count);
	}
}

void ink_stroke(struct ink *ink, const struct ink_point *from, const struct ink_point *to)
{
	struct piece piece = piece_between(from, to);
	double reach = fmax(from->width, to->width) / 2 + 0.5;
	int first = (int)clamp(floor(fmin(from->x, to->x) - reach) - ink->left, 0, ink->columns);
	int last = (int)clamp(ceil(fmax(from->x, to->x) + reach) - ink->left, 0, ink->columns);
	int low = (int)clamp(floor(fmin(from->y, to->y) - reach) - ink->top, 0, ink->rows);
	int high = (int)clamp(ceil(fmax(from->y, to->y) + reach) - ink->top, 0, ink->rows);

	for (int row = low; row < high; row++)
		draw_row(ink->px + row * ink->stride + first, last - first, &piece,
			 (float)(ink->left + first + 0.5 - from->x),
			 (float)(ink->top + row + 0.5 - from->y));
}

/* Most of a sheet has none: eight pixels are looked at together. */
static bool is_blank(const uint8_t *px)
{
	uint64_t eight;

	memcpy(&eight, px, sizeof(eight));
	return eight == 0;
}

/* Two inks of coverage a and b leave paper (1-a)(1-b). */
void ink_end(struct ink *ink)
{
	ptrdiff_t stride = cairo_image_surface_get_stride(ink->surface);
	uint8_t *px = surface_box(ink);

	if (ink->px == px)
		return;
	for (int j = 0; j < ink->rows; j++) {
		uint8_t *row = px + j * stride;
		const uint8_t *in = ink->px + j * ink->stride;

		for (int i = 0; i < ink->columns; i++) {
			if (i + 8 <= ink->columns && is_blank(in + i)) {
				i += 7;
				continue;
			}
			row[i] = (uint8_t)(in[i] + row[i] - (in[i] * row[i] + 127) / 255);
		}
	}
}

void ink_free(struct ink *ink)
{
	free(ink->own);
	*ink = (struct ink){0};
}
