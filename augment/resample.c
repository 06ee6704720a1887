/* SPDX-License-Identifier: MIT */
/*
 * warp_canvas: cell by cell of the lattice, 8 x 8 pixels. Where all that a cell can see is even paper, as
 * most of a drawing is, it is filled from its corners and not sampled.
 *
 * The sixteen neighbours of a pixel are four rows of four: rows are weighted and added first, all four
 * columns at once, then the columns. Weights come from a table of 256 places between two pixels.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "augment/fast.h"
#include "augment/warp.h"

#define PHASES 256
#define EVEN 0.0025f     /* two thirds of a level */
#define OUTSIDE 16       /* px beyond the picture, well within CANVAS_PAD */
#define SHRINK_BLUR 0.45 /* px of deviation per px of the step, as far as it is over 1 */

typedef float four __attribute__((vector_size(16)));

struct lattice_cell {
	float x, y, xu, yu, xv, yv, xuv, yuv; /* x + u xu + v xv + u v xuv, u and v in px */
};

struct resampler {
	const struct warp *warp;
	struct canvas *canvas;
	four weights[PHASES];
	int tiles_across, tiles_down;
	uint8_t *uneven; /* per 8 x 8 px of the source */
};

static four keys_weights(double t)
{
	double a = 1 + t, b = t, c = 1 - t, d = 2 - t;

	return (four){(float)(-0.5 * a * a * a + 2.5 * a * a - 4 * a + 2),
		      (float)(1.5 * b * b * b - 2.5 * b * b + 1),
		      (float)(1.5 * c * c * c - 2.5 * c * c + 1),
		      (float)(-0.5 * d * d * d + 2.5 * d * d - 4 * d + 2)};
}

static struct lattice_cell cell_at(const struct warp *w, int x0, int y0)
{
	int n = (y0 / WARP_STEP + WARP_MARGIN) * w->columns + x0 / WARP_STEP + WARP_MARGIN;
	int m = n + w->columns;
	struct lattice_cell c;

	c.x = (float)w->x[n];
	c.y = (float)w->y[n];
	c.xu = (float)(w->x[n + 1] - w->x[n]) / WARP_STEP;
	c.yu = (float)(w->y[n + 1] - w->y[n]) / WARP_STEP;
	c.xv = (float)(w->x[m] - w->x[n]) / WARP_STEP;
	c.yv = (float)(w->y[m] - w->y[n]) / WARP_STEP;
	c.xuv = (float)(w->x[n] - w->x[n + 1] - w->x[m] + w->x[m + 1]) / (WARP_STEP * WARP_STEP);
	c.yuv = (float)(w->y[n] - w->y[n + 1] - w->y[m] + w->y[m + 1]) / (WARP_STEP * WARP_STEP);
	return c;
}

static FAST int is_uneven(const float *px, int stride)
{
	float low[WARP_STEP], high[WARP_STEP], least, most;

	for (int x = 0; x < WARP_STEP; x++)
		low[x] = high[x] = px[x];
	for (int y = 1; y < WARP_STEP; y++)
		for (int x = 0; x < WARP_STEP; x++) {
			float v = px[y * stride + x];

			low[x] = v < low[x] ? v : low[x];
			high[x] = v > high[x] ? v : high[x];
		}
	least = low[0];
	most = high[0];
	for (int x = 1; x < WARP_STEP; x++) {
		least = low[x] < least ? low[x] : least;
		most = high[x] > most ? high[x] : most;
	}
	return most - least > EVEN;
}

/* Rows and columns beyond the picture are its edge. */
static void find_uneven(struct resampler *r, int channel)
{
	struct canvas *c = r->canvas;

	canvas_extend(c, c->plane[channel]);
	for (int j = 0; j < r->tiles_down; j++)
		for (int i = 0; i < r->tiles_across; i++)
			r->uneven[j * r->tiles_across + i] = (uint8_t)is_uneven(
				canvas_row(c, channel, j * WARP_STEP) + (ptrdiff_t)i * WARP_STEP,
				c->stride);
}

static int tile_of(float px, int tiles)
{
	int t = (int)floorf(px / WARP_STEP);

	return t < 0 ? 0 : t < tiles ? t : tiles - 1;
}

/* Whether the box of the cell's corners, and two pixels round it, is paper. */
static bool is_even(const struct resampler *r, const struct lattice_cell *c)
{
	const float s = WARP_STEP;
	float x[4] = {c->x, c->x + s * c->xu, c->x + s * c->xv,
		      c->x + s * (c->xu + c->xv) + s * s * c->xuv};
	float y[4] = {c->y, c->y + s * c->yu, c->y + s * c->yv,
		      c->y + s * (c->yu + c->yv) + s * s * c->yuv};
	float x0 = x[0], x1 = x[0], y0 = y[0], y1 = y[0];
	int i0, i1, j0, j1;

	for (int i = 1; i < 4; i++) {
		x0 = x[i] < x0 ? x[i] : x0;
		x1 = x[i] > x1 ? x[i] : x1;
		y0 = y[i] < y0 ? y[i] : y0;
		y1 = y[i] > y1 ? y[i] : y1;
	}
	i0 = tile_of(x0 - 2.5f, r->tiles_across);
	i1 = tile_of(x1 + 2.5f, r->tiles_across);
	j0 = tile_of(y0 - 2.5f, r->tiles_down);
	j1 = tile_of(y1 + 2.5f, r->tiles_down);
	for (int j = j0; j <= j1; j++)
		for (int i = i0; i <= i1; i++)
			if (r->uneven[j * r->tiles_across + i])
				return false;
	return true;
}

FAST_INLINE four load_four(const float *p)
{
	four v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/* Where the row's 8 pixels lie, in PHASES-ths of a pixel from 16 pixels before the picture on. Places
 * farther out are drawn in: all there is its edge. */
FAST_INLINE void row_places(int *fx, int *fy, const struct lattice_cell *c, float v, float x_max,
			    float y_max)
{
	float x = c->x + v * c->xv - 0.5f, y = c->y + v * c->yv - 0.5f;
	float dx = c->xu + v * c->xuv, dy = c->yu + v * c->yuv;

	for (int k = 0; k < WARP_STEP; k++) {
		float u = (float)k + 0.5f, px = x + u * dx, py = y + u * dy;

		px = px < -OUTSIDE ? -OUTSIDE : px > x_max ? x_max : px;
		py = py < -OUTSIDE ? -OUTSIDE : py > y_max ? y_max : py;
		fx[k] = (int)((px + OUTSIDE) * PHASES + 0.5f);
		fy[k] = (int)((py + OUTSIDE) * PHASES + 0.5f);
	}
}

/* The cell's rows: `to` is its first pixel, `from` the plane's. */
static FAST void sample_rows(float *to, const float *from, int stride, const four *weights,
			     const struct lattice_cell *c, int rows, float x_max, float y_max)
{
	for (int row = 0; row < rows; row++, to += stride) {
		int fx[WARP_STEP], fy[WARP_STEP];

		row_places(fx, fy, c, (float)row + 0.5f, x_max, y_max);
		for (int k = 0; k < WARP_STEP; k++) {
			const float *p = from + (ptrdiff_t)(fy[k] / PHASES - OUTSIDE - 1) * stride +
					 fx[k] / PHASES - OUTSIDE - 1;
			const float *w = (const float *)&weights[fy[k] % PHASES];
			four sum = load_four(p) * w[0] + load_four(p + stride) * w[1] +
				   load_four(p + 2 * (ptrdiff_t)stride) * w[2] +
				   load_four(p + 3 * (ptrdiff_t)stride) * w[3];

			sum *= weights[fx[k] % PHASES];
			to[k] = (sum[0] + sum[2]) + (sum[1] + sum[3]);
		}
	}
}

/* The light at the nearest pixel. */
static float nearest(const struct canvas *c, int channel, float x, float y)
{
	float px = x < 0 ? 0 : x, py = y < 0 ? 0 : y;
	int ix = px < (float)c->width ? (int)px : c->width - 1;
	int iy = py < (float)c->height ? (int)py : c->height - 1;

	return canvas_row(c, channel, iy)[ix];
}

/* Straight between the lights at its corners, which it shares with the cells beside it. */
static FAST void fill_rows(float *to, int stride, int rows, const float corner[4])
{
	for (int y = 0; y < rows; y++, to += stride) {
		float v = ((float)y + 0.5f) / WARP_STEP;
		float left = corner[0] + (corner[2] - corner[0]) * v;
		float right = corner[1] + (corner[3] - corner[1]) * v;

		for (int k = 0; k < WARP_STEP; k++)
			to[k] = left + (right - left) * (((float)k + 0.5f) / WARP_STEP);
	}
}

static void fill_cell(const struct canvas *c, int channel, const struct lattice_cell *l, float *to,
		      int rows)
{
	const float s = WARP_STEP;
	float corner[4];

	for (int i = 0; i < 4; i++) {
		float u = i % 2 ? s : 0, v = i / 2 ? s : 0;

		corner[i] = nearest(c, channel, l->x + u * l->xu + v * l->xv + u * v * l->xuv,
				    l->y + u * l->yu + v * l->yv + u * v * l->yuv);
	}
	fill_rows(to, c->stride, rows, corner);
}

static void sample_cell(const struct resampler *r, int channel, int x0, int y0)
{
	const struct canvas *c = r->canvas;
	struct lattice_cell cell = cell_at(r->warp, x0, y0);
	float *to = c->spare + (ptrdiff_t)y0 * c->stride + x0;
	int rows = c->height - y0 < WARP_STEP ? c->height - y0 : WARP_STEP;

	if (is_even(r, &cell))
		fill_cell(c, channel, &cell, to, rows);
	else
		sample_rows(to, c->plane[channel], c->stride, r->weights, &cell, rows,
			    (float)c->width + OUTSIDE - 1, (float)c->height + OUTSIDE - 1);
}

/* How many pixels of the clean picture one of the moved one steps over, in the middle of it. */
static double step_of(const struct warp *w)
{
	struct vec p = vec(w->width / 2.0, w->height / 2.0);
	struct vec a = warp_back(w, p), b = warp_back(w, vec_add(p, vec(8, 0)));
	struct vec c = warp_back(w, vec_add(p, vec(0, 8)));

	return sqrt(fabs(vec_cross(vec_sub(b, a), vec_sub(c, a)))) / 8;
}

void warp_canvas(const struct warp *w, struct canvas *c)
{
	struct resampler *r;
	double step;

	c->warp = w;
	if (!w->moves)
		return;
	r = ARENA_NEW(c->arena, struct resampler, 1);
	r->warp = w;
	r->canvas = c;
	r->tiles_across = (c->width + WARP_STEP - 1) / WARP_STEP;
	r->tiles_down = (c->height + WARP_STEP - 1) / WARP_STEP;
	r->uneven = ARENA_NEW(c->arena, uint8_t, r->tiles_across * r->tiles_down);
	for (int i = 0; i < PHASES; i++)
		r->weights[i] = keys_weights((double)i / PHASES);
	step = step_of(w);
	for (int k = 0; k < c->channels; k++) {
		float *plane;

		if (step > 1.1)
			canvas_blur(c, k, SHRINK_BLUR * sqrt(step * step - 1));
		find_uneven(r, k);
		for (int y = 0; y < c->height; y += WARP_STEP)
			for (int x = 0; x < c->width; x += WARP_STEP)
				sample_cell(r, k, x, y);
		plane = c->plane[k];
		c->plane[k] = c->spare;
		c->spare = plane;
	}
}

void warp_inside(const struct warp *w, int x0, int y, float out[WARP_STEP])
{
	int y0 = y / WARP_STEP * WARP_STEP;
	struct lattice_cell c = cell_at(w, x0, y0);
	float v = (float)(y - y0) + 0.5f, width = (float)w->width, height = (float)w->height;

	for (int k = 0; k < WARP_STEP; k++) {
		float u = (float)k + 0.5f;
		float px = c.x + v * c.xv + u * (c.xu + v * c.xuv);
		float py = c.y + v * c.yv + u * (c.yu + v * c.yuv);
		float inside = px < width - px ? px : width - px;

		inside = py < inside ? py : inside;
		out[k] = height - py < inside ? height - py : inside;
	}
}
