/* SPDX-License-Identifier: MIT */
/*
 * warp_canvas: cell by cell of the lattice, 8 x 8 pixels. Where all that a cell can see is even paper, as
 * most of a drawing is, it is filled from its corners and not sampled.
 *
 * The eight pixels of a cell's row are sampled together. Each looks at 4 x 4 of the source; where these
 * squares lie is nearly the same from pixel to pixel, so all lie in a window that goes along with the
 * pixel, 4 to 7 wide and high, and each column of the window is eight neighbours in memory. What of the
 * window is not the pixel's has the weight 0, which changes no sum: rows are added from above, then
 * columns from the left, whatever the window. Where a picture shrinks or turns so much that windows
 * would be larger, pixels are sampled one by one; to the same bits.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "augment/warp.h"
#include "base/fast.h"

#define PHASES 256    /* places between two pixels */
#define EVEN 0.00125f /* from a tile's middle: a third of a level */
#define SHIFT_MOST 3  /* of a pixel's square in its window */
#define WINDOW (4 + SHIFT_MOST)
#define OUTSIDE 8        /* px beyond the picture that are still looked for */
#define SHRINK_BLUR 0.45 /* px of deviation per px of the step, as far as it is over 1 */

_Static_assert(OUTSIDE + 2 + SHIFT_MOST < CANVAS_PAD_ROWS, "windows reach beyond the pad");
_Static_assert(OUTSIDE + 2 + WARP_STEP + SHIFT_MOST < CANVAS_PAD, "windows reach beyond the pad");

typedef float eight __attribute__((vector_size(32)));
typedef int32_t eight_int __attribute__((vector_size(32)));

/* Eight whole numbers, together and one by one. */
union places {
	eight_int all;
	int of[WARP_STEP];
	uint64_t pair[WARP_STEP / 2];
};

struct lattice_cell {
	float x, y, xu, yu, xv, yv, xuv, yuv; /* x + u xu + v xv + u v xuv, u and v in px */
};

struct resampler {
	const struct warp *warp;
	struct canvas *canvas;
	int tiles_across, tiles_down;
	uint32_t *uneven; /* per 8 x 8 px of the source, in any channel */
};

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

/* Adds to each tile of a row of them whether a pixel of it is far from its middle one. */
static FAST void add_uneven(uint32_t *uneven, const float *px, int stride, int tiles)
{
	for (int i = 0; i < tiles; i++, px += WARP_STEP) {
		float middle = px[WARP_STEP / 2 * stride + WARP_STEP / 2];
		uint32_t far[WARP_STEP] = {0};

		for (int y = 0; y < WARP_STEP; y++)
			for (int x = 0; x < WARP_STEP; x++) {
				float d = px[y * stride + x] - middle;

				far[x] |= (d > EVEN) | (d < -EVEN);
			}
		for (int x = 0; x < WARP_STEP; x++)
			uneven[i] |= far[x];
	}
}

/* Rows and columns beyond the picture are its edge. */
static void find_uneven(struct resampler *r)
{
	struct canvas *c = r->canvas;

	for (int k = 0; k < c->channels; k++) {
		canvas_extend(c, c->plane[k]);
		for (int j = 0; j < r->tiles_down; j++)
			add_uneven(r->uneven + (ptrdiff_t)j * r->tiles_across,
				   canvas_row(c, k, j * WARP_STEP), c->stride, r->tiles_across);
	}
}

static int tile_of(float px, int tiles)
{
	int t = px > 0 ? (int)(px * (1.0f / WARP_STEP)) : 0;

	return t < tiles ? t : tiles - 1;
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
			if (r->uneven[(ptrdiff_t)j * r->tiles_across + i])
				return false;
	return true;
}

FAST_INLINE eight load_eight(const float *p)
{
	eight v;

	memcpy(&v, p, sizeof(v));
	return v;
}

FAST_INLINE eight either(eight_int which, eight yes, eight no)
{
	return (eight)((which & (eight_int)yes) | (~which & (eight_int)no));
}

/* Places along a row that begins at `first`, in PHASES-ths of a pixel from OUTSIDE pixels before the picture
 * on. Those farther out are drawn in: all there is its edge. */
FAST_INLINE eight_int row_places(float first, float step, float most)
{
	const eight middle = {0.5f, 1.5f, 2.5f, 3.5f, 4.5f, 5.5f, 6.5f, 7.5f};
	const eight zero = {0};
	eight p = middle * step + first, least = zero - OUTSIDE, last = zero + most;

	p = either(p < least, least, p);
	p = either(p > last, last, p);
	return __builtin_convertvector((p + OUTSIDE) * PHASES + 0.5f, eight_int);
}

/* Keys's weights of the four pixels round each place; none of the window's others. */
FAST_INLINE void keys_weights(eight w[WINDOW], eight_int places)
{
	eight t = __builtin_convertvector(places & (PHASES - 1), eight) * (1.0f / PHASES);
	const eight none = {0};

	w[0] = t * (t * (1 - 0.5f * t) - 0.5f);
	w[1] = t * t * (1.5f * t - 2.5f) + 1;
	w[2] = t * (t * (2 - 1.5f * t) + 0.5f);
	w[3] = t * t * (0.5f * t - 0.5f);
	for (int i = 4; i < WINDOW; i++)
		w[i] = none;
}

/* Moves each pixel's weights on by how far its square is from the window's start, 0 to `more`. */
FAST_INLINE void shift_weights(eight w[WINDOW], eight_int shift, int more)
{
	eight_int one = (shift & 1) != 0, two = (shift & 2) != 0;
	const eight none = {0};

	if (more == 0)
		return;
	for (int i = 4; i > 0; i--)
		w[i] = either(one, w[i - 1], w[i]);
	w[0] = either(one, none, w[0]);
	if (more == 1)
		return;
	for (int i = WINDOW - 1; i > 1; i--)
		w[i] = either(two, w[i - 2], w[i]);
	w[1] = either(two, none, w[1]);
	w[0] = either(two, none, w[0]);
}

/* Where the same pixels of all channels are. */
struct planes {
	float *to[CANVAS_CHANNELS];
	const float *from[CANVAS_CHANNELS];
	int channels, stride;
};

FAST_INLINE eight sum_window(const float *from, ptrdiff_t stride, const eight *across,
			     const eight *down, int width, int height)
{
	eight sum = {0};

	for (int i = 0; i < width; i++) {
		eight column = load_eight(from + i) * down[0];

		for (int j = 1; j < height; j++)
			column += load_eight(from + j * stride + i) * down[j];
		sum = i ? sum + column * across[i] : column * across[i];
	}
	return sum;
}

/* Eight pixels at `at` of the row, of windows at `first`. */
FAST_INLINE void sum_windows(const struct planes *p, ptrdiff_t at, ptrdiff_t first,
			     const eight *across, const eight *down, int width, int height)
{
	for (int k = 0; k < p->channels; k++) {
		eight sum = sum_window(p->from[k] + first, p->stride, across, down, width, height);

		memcpy(p->to[k] + at, &sum, sizeof(sum));
	}
}

/* The pixels one by one. */
FAST_INLINE void sample_each(float *to, const float *from, int stride, const union places *fx,
			     const union places *fy, const eight *across, const eight *down)
{
	for (int k = 0; k < WARP_STEP; k++) {
		const float *p =
			from + (ptrdiff_t)(fy->of[k] / PHASES) * stride + fx->of[k] / PHASES;
		float sum = 0;

		for (int i = 0; i < 4; i++, p++) {
			float column = p[0] * down[0][k];

			for (int j = 1; j < 4; j++)
				column += p[(ptrdiff_t)j * stride] * down[j][k];
			sum = i ? sum + column * across[i][k] : column * across[i][k];
		}
		to[k] = sum;
	}
}

struct window {
	int start, more; /* the first pixel's place; how much wider than 4 */
	eight_int shift; /* of each pixel's square in it */
};

/* Of places along a row that go on by `pace` whole ones a pixel, in each pixel's own place less that.
 * Most rows rise or fall all along: the window reaches from one end to the other. Where others do not
 * fit into it, *outside has a negative number. */
FAST_INLINE struct window window_of(eight_int places, eight_int pace, eight_int *outside)
{
	union places whole = {places / PHASES - pace};
	int first = whole.of[0], last = whole.of[WARP_STEP - 1];
	struct window w;

	w.start = first < last ? first : last;
	w.more = first < last ? last - first : first - last;
	w.shift = whole.all - w.start;
	*outside |= w.shift | (w.more - w.shift);
	return w;
}

/* The cell's rows: `to` is its first pixel, `from` that of the square of the pixel OUTSIDE the picture's first
 * both ways. */
static FAST void sample_rows(const struct planes *p, const struct lattice_cell *c, int rows,
			     float x_max, float y_max)
{
	const eight_int along = {0, 1, 2, 3, 4, 5, 6, 7}, none = {0};

	for (int row = 0; row < rows; row++) {
		float v = (float)row + 0.5f;
		union places fx = {row_places(c->x + v * c->xv - 0.5f, c->xu + v * c->xuv, x_max)};
		union places fy = {row_places(c->y + v * c->yv - 0.5f, c->yu + v * c->yuv, y_max)};
		union places outside = {none};
		struct window x = window_of(fx.all, along, &outside.all);
		struct window y = window_of(fy.all, none, &outside.all);
		eight across[WINDOW], down[WINDOW];
		ptrdiff_t at = (ptrdiff_t)row * p->stride;
		ptrdiff_t first = (ptrdiff_t)y.start * p->stride + x.start;
		uint64_t any =
			(outside.pair[0] | outside.pair[1]) | (outside.pair[2] | outside.pair[3]);

		keys_weights(across, fx.all);
		keys_weights(down, fy.all);
		if (x.more > SHIFT_MOST || y.more > SHIFT_MOST || any & 0x8000000080000000u) {
			for (int k = 0; k < p->channels; k++)
				sample_each(p->to[k] + at, p->from[k], p->stride, &fx, &fy, across,
					    down);
			continue;
		}
		shift_weights(across, x.shift, x.more);
		shift_weights(down, y.shift, y.more);
		switch (y.more > 1 || x.more > 1 ? 4 : 2 * y.more + x.more) {
		case 0:
			sum_windows(p, at, first, across, down, 4, 4);
			break;
		case 1:
			sum_windows(p, at, first, across, down, 5, 4);
			break;
		case 2:
			sum_windows(p, at, first, across, down, 4, 5);
			break;
		case 3:
			sum_windows(p, at, first, across, down, 5, 5);
			break;
		default:
			sum_windows(p, at, first, across, down, 4 + x.more, 4 + y.more);
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

/* All channels of the cell of that tile into the spare planes. */
static void sample_tile(const struct resampler *r, int column, int line)
{
	const struct canvas *c = r->canvas;
	int x0 = column * WARP_STEP, y0 = line * WARP_STEP;
	struct lattice_cell cell = cell_at(r->warp, x0, y0);
	bool even = is_even(r, &cell);
	int rows = c->height - y0 < WARP_STEP ? c->height - y0 : WARP_STEP;
	struct planes p = {.channels = c->channels, .stride = c->stride};

	for (int k = 0; k < c->channels; k++) {
		p.to[k] = c->spare[k] + (ptrdiff_t)y0 * c->stride + x0;
		p.from[k] = c->plane[k] - (OUTSIDE + 1) * ((ptrdiff_t)c->stride + 1);
		if (even)
			fill_cell(c, k, &cell, p.to[k], rows);
	}
	if (!even)
		sample_rows(&p, &cell, rows, (float)c->width + OUTSIDE - 1,
			    (float)c->height + OUTSIDE - 1);
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
	struct resampler r = {.warp = w, .canvas = c};
	double step;

	c->warp = w;
	if (!w->moves)
		return;
	r.tiles_across = (c->width + WARP_STEP - 1) / WARP_STEP;
	r.tiles_down = (c->height + WARP_STEP - 1) / WARP_STEP;
	r.uneven = ARENA_NEW(c->arena, uint32_t, r.tiles_across * r.tiles_down);
	step = step_of(w);
	if (step > 1.1)
		for (int k = 0; k < c->channels; k++)
			canvas_blur(c, k, SHRINK_BLUR * sqrt(step * step - 1));
	find_uneven(&r);
	for (int j = 0; j < r.tiles_down; j++)
		for (int i = 0; i < r.tiles_across; i++)
			sample_tile(&r, i, j);
	for (int k = 0; k < c->channels; k++) {
		float *plane = c->plane[k];

		c->plane[k] = c->spare[k];
		c->spare[k] = plane;
	}
}

bool warp_sees_sheet(const struct warp *w, int x0, int y0)
{
	int n = (y0 / WARP_STEP + WARP_MARGIN) * w->columns + x0 / WARP_STEP + WARP_MARGIN;

	for (int i = 0; i < 4; i++) {
		double x = w->x[n + i % 2 + i / 2 * w->columns];
		double y = w->y[n + i % 2 + i / 2 * w->columns];

		if (x < 1 || y < 1 || x > w->width - 1 || y > w->height - 1)
			return false;
	}
	return true;
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
