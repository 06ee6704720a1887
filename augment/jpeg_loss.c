/* SPDX-License-Identifier: MIT */
/*
 * An 8 x 8 DCT of eight columns at once: a block is eight vectors, the transform goes down them, the
 * block is turned over, and again. The transform is a product with the matrix of cosines, its even and
 * its odd half apart (T.81 A.3.3): 32 multiplications a vector of eight, and nothing to go wrong.
 *
 *	f = C s C'	s the samples less 128, C[u][x] = c(u)/2 cos((2x+1) u pi/16)
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "augment/jpeg_loss.h"
#include "base/fast.h"

#define N JPEG_SIDE
#define GREY (128 / 255.0f)    /* of colours: none */
#define TO_NEAREST 12582912.0f /* 1.5 * 2^23: added and taken away, it rounds */

typedef float eight __attribute__((vector_size(32), aligned(4)));

struct block {
	eight row[N];
};

struct dct {
	float even[4][4], odd[4][4]; /* [u / 2][x] of the cosines */
};

static const uint8_t luma_table[N * N] = {
	16, 11, 10, 16, 24,  40,  51,  61,  12, 12, 14, 19, 26,  58,  60,  55,
	14, 13, 16, 24, 40,  57,  69,  56,  14, 17, 22, 29, 51,  87,  80,  62,
	18, 22, 37, 56, 68,  109, 103, 77,  24, 35, 55, 64, 81,  104, 113, 92,
	49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99};

static const uint8_t chroma_table[N * N] = {
	17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99,
	99, 99, 47, 66, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
	99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99};

void jpeg_divisors(double quality, bool chroma, float out[N * N])
{
	double percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;

	for (int i = 0; i < N * N; i++) {
		double v = floor(((chroma ? chroma_table : luma_table)[i] * percent + 50) / 100);

		out[i] = (float)(v < 1 ? 1 : v > 255 ? 255 : v);
	}
}

static struct dct dct_new(void)
{
	struct dct d;

	for (int k = 0; k < 4; k++)
		for (int x = 0; x < 4; x++) {
			double scale = k == 0 ? sqrt(0.125) : 0.5;

			d.even[k][x] = (float)(scale * cos((2 * x + 1) * 2 * k * M_PI / 16));
			d.odd[k][x] = (float)(0.5 * cos((2 * x + 1) * (2 * k + 1) * M_PI / 16));
		}
	return d;
}

FAST_INLINE void forward(const struct dct *d, struct block *b)
{
	eight sum[4], difference[4];

	for (int x = 0; x < 4; x++) {
		sum[x] = b->row[x] + b->row[7 - x];
		difference[x] = b->row[x] - b->row[7 - x];
	}
	for (int k = 0; k < 4; k++) {
		b->row[2 * k] = (sum[0] * d->even[k][0] + sum[1] * d->even[k][1]) +
				(sum[2] * d->even[k][2] + sum[3] * d->even[k][3]);
		b->row[2 * k + 1] = (difference[0] * d->odd[k][0] + difference[1] * d->odd[k][1]) +
				    (difference[2] * d->odd[k][2] + difference[3] * d->odd[k][3]);
	}
}

FAST_INLINE void backward(const struct dct *d, struct block *b)
{
	eight even[4], odd[4];

	for (int x = 0; x < 4; x++) {
		even[x] = (b->row[0] * d->even[0][x] + b->row[2] * d->even[1][x]) +
			  (b->row[4] * d->even[2][x] + b->row[6] * d->even[3][x]);
		odd[x] = (b->row[1] * d->odd[0][x] + b->row[3] * d->odd[1][x]) +
			 (b->row[5] * d->odd[2][x] + b->row[7] * d->odd[3][x]);
	}
	for (int x = 0; x < 4; x++) {
		b->row[x] = even[x] + odd[x];
		b->row[7 - x] = even[x] - odd[x];
	}
}

FAST_INLINE void turn_over(struct block *b)
{
	struct block t;

	for (int i = 0; i < N; i++)
		for (int j = 0; j < N; j++)
			t.row[i][j] = b->row[j][i];
	*b = t;
}

FAST_INLINE void quantise(struct block *b, const eight *divisor, const eight *inverse)
{
	for (int i = 0; i < N; i++) {
		eight q = b->row[i] * inverse[i];

		q = (q + TO_NEAREST) - TO_NEAREST;
		b->row[i] = q * divisor[i];
	}
}

/* A row of blocks of the plane, n of them; divisors are turned over, as the blocks are then. */
static FAST void lose_blocks(float *px, int stride, int n, const struct dct *d,
			     const eight *divisor, const eight *inverse)
{
	for (int i = 0; i < n; i++, px += N) {
		struct block b;

		for (int y = 0; y < N; y++) {
			memcpy(&b.row[y], px + (ptrdiff_t)y * stride, sizeof(eight));
			b.row[y] = ((b.row[y] * 255.0f + TO_NEAREST) - TO_NEAREST) - 128.0f;
		}
		forward(d, &b);
		turn_over(&b);
		forward(d, &b);
		quantise(&b, divisor, inverse);
		backward(d, &b);
		turn_over(&b);
		backward(d, &b);
		for (int y = 0; y < N; y++) {
			b.row[y] = (b.row[y] + 128.0f) * (1 / 255.0f);
			memcpy(px + (ptrdiff_t)y * stride, &b.row[y], sizeof(eight));
		}
	}
}

/* The plane, whose pixels go on beyond its edges, from (-x, -y) to at least (width, height). */
static void lose_plane(float *plane, int stride, int width, int height, double quality, bool chroma,
		       int x, int y)
{
	struct dct d = dct_new();
	float table[N * N];
	eight divisor[N], inverse[N];

	jpeg_divisors(quality, chroma, table);
	for (int i = 0; i < N; i++)
		for (int j = 0; j < N; j++) {
			divisor[i][j] = table[j * N + i];
			inverse[i][j] = 1 / table[j * N + i];
		}
	for (int row = -y; row < height; row += N)
		lose_blocks(plane + (ptrdiff_t)row * stride - x, stride, (width + x + N - 1) / N,
			    &d, divisor, inverse);
}

/* --- colour: T.871 --- */

static FAST void to_ycc(float *r, float *g, float *b, int n)
{
	for (int x = 0; x < n; x++) {
		float red = clamp01(r[x]), green = clamp01(g[x]), blue = clamp01(b[x]);

		r[x] = 0.299f * red + 0.587f * green + 0.114f * blue;
		g[x] = GREY - 0.168736f * red - 0.331264f * green + 0.5f * blue;
		b[x] = GREY + 0.5f * red - 0.418688f * green - 0.081312f * blue;
	}
}

static FAST void to_rgb(float *y, float *cb, float *cr, int n)
{
	for (int x = 0; x < n; x++) {
		float light = y[x], blue = cb[x] - GREY, red = cr[x] - GREY;

		y[x] = clamp01(light + 1.402f * red);
		cb[x] = clamp01(light - 0.344136f * blue - 0.714136f * red);
		cr[x] = clamp01(light + 1.772f * blue);
	}
}

static FAST void clamp_row(float *row, int n)
{
	for (int x = 0; x < n; x++)
		row[x] = clamp01(row[x]);
}

static FAST void halve_rows(float *to, const float *a, const float *b, int n)
{
	for (int x = 0; x < n; x++)
		to[x] = 0.25f * (a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1]);
}

/* n is rounded up to whole pairs: there is room. */
static FAST void double_row(float *restrict to, const float *restrict from, int n)
{
	for (int x = 0; x < (n + 1) / 2; x++)
		to[2 * x] = to[2 * x + 1] = from[x];
}

/* Halves the plane into the scratch, loses there what chroma loses, and doubles it again. */
static void lose_chroma(struct canvas *c, int channel, double quality, int x, int y)
{
	struct canvas half = {.width = (c->width + 1) / 2, .height = (c->height + 1) / 2};

	half.stride = canvas_stride(half.width);
	half.plane[0] = c->scratch + (ptrdiff_t)CANVAS_PAD_ROWS * half.stride + CANVAS_PAD;
	canvas_extend(c, c->plane[channel]);
	for (int j = 0; j < half.height; j++)
		halve_rows(canvas_row(&half, 0, j), canvas_row(c, channel, 2 * j),
			   canvas_row(c, channel, 2 * j + 1), half.width);
	canvas_extend(&half, half.plane[0]);
	lose_plane(half.plane[0], half.stride, half.width, half.height, quality, true, x / 2,
		   y / 2);
	for (int j = 0; j < c->height; j++)
		double_row(canvas_row(c, channel, j), canvas_row(&half, 0, j / 2), c->width);
}

static void clamp_plane(struct canvas *c, int channel)
{
	for (int y = 0; y < c->height; y++)
		clamp_row(canvas_row(c, channel, y), c->width);
}

static void lose_luma(struct canvas *c, double quality, int x, int y)
{
	canvas_extend(c, c->plane[0]);
	lose_plane(c->plane[0], c->stride, c->width, c->height, quality, false, x, y);
}

void jpeg_loss(struct canvas *c, double quality, int x, int y)
{
	if (c->channels == 1) {
		clamp_plane(c, 0);
		lose_luma(c, quality, x, y);
		clamp_plane(c, 0);
		return;
	}
	for (int row = 0; row < c->height; row++)
		to_ycc(canvas_row(c, 0, row), canvas_row(c, 1, row), canvas_row(c, 2, row),
		       c->width);
	lose_chroma(c, 1, quality, x, y);
	lose_chroma(c, 2, quality, x, y);
	lose_luma(c, quality, x, y);
	for (int row = 0; row < c->height; row++)
		to_rgb(canvas_row(c, 0, row), canvas_row(c, 1, row), canvas_row(c, 2, row),
		       c->width);
}
