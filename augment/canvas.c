/* SPDX-License-Identifier: MIT */
/*
 * Planes and their neighbourhoods. A convolution walks the picture once, in place, for all taps: 32
 * pixels are summed over all of them in registers before the next. Rows that are still asked for when
 * they have been written over are kept, in a ring of as many as taps reach, which lies in the first
 * caches; so does a blur across that waits to be blurred down.
 */
#include <config.h>

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "augment/canvas.h"
#include "augment/paper_patch.h"
#include "base/fast.h"
#include "base/mem.h"

#define LANES 16
#define TAPS_MAX 1024
#define BLUR_RADIUS_MAX 31
#define BLUR_LEAST_PX 0.15

int canvas_stride(int width)
{
	return (width + 2 * CANVAS_PAD + LANES - 1) / LANES * LANES;
}

static size_t plane_floats(int width, int height)
{
	return mem_mul((size_t)canvas_stride(width), (size_t)height + 2 * CANVAS_PAD_ROWS) + LANES;
}

/* Half a plane, and at least a plane of half the size. */
static size_t scratch_floats(int width, int height)
{
	size_t half = plane_floats(width, height) / 2;
	size_t small = plane_floats(width / 2 + 1, height / 2 + 1);

	return half > small ? half : small;
}

struct canvas *canvas_new(int width, int height)
{
	struct canvas *c = mem_alloc(1, sizeof(*c));
	int8_t *paper = mem_alloc((size_t)CANVAS_PAPER * CANVAS_PAPER, 1);

	assert(width > 0 && height > 0);
	c->width_room = width;
	c->height_room = height;
	c->memory = mem_alloc(mem_add(mem_mul(plane_floats(width, height), 2 * CANVAS_CHANNELS),
				      scratch_floats(width, height)),
			      sizeof(float));
	paper_patch_fill(paper, CANVAS_PAPER);
	c->paper = paper;
	c->arena = mem_alloc(1, sizeof(*c->arena));
	return c;
}

void canvas_free(struct canvas *canvas)
{
	if (!canvas)
		return;
	free(canvas->memory);
	free((void *)canvas->paper);
	arena_free(canvas->arena);
	free(canvas->arena);
	free(canvas);
}

static void lay_out(struct canvas *c)
{
	size_t room = plane_floats(c->width, c->height);
	size_t origin = (size_t)CANVAS_PAD_ROWS * (size_t)c->stride + CANVAS_PAD;

	for (int i = 0; i < CANVAS_CHANNELS; i++) {
		c->plane[i] = c->memory + (size_t)i * room + origin;
		c->spare[i] = c->plane[i] + CANVAS_CHANNELS * room;
	}
	c->scratch = c->memory + 2 * CANVAS_CHANNELS * room;
}

static FAST void canvas_from_bytes(float *to, const uint8_t *from, int n, int step)
{
	for (int x = 0; x < n; x++)
		to[x] = (float)from[x * step] * (1 / 255.0f);
}

static FAST void canvas_to_bytes(uint8_t *to, const float *from, int n)
{
	for (int x = 0; x < n; x++)
		to[x] = (uint8_t)(int)(clamp01(from[x]) * 255 + 0.5f);
}

static FAST void canvas_weave(uint8_t *to, const uint8_t *r, const uint8_t *g, const uint8_t *b,
			      int n)
{
	for (int x = 0; x < n; x++) {
		to[3 * x] = r[x];
		to[3 * x + 1] = g[x];
		to[3 * x + 2] = b[x];
	}
}

static FAST void canvas_grey_row(float *to, const float *g, const float *b, int n)
{
	for (int x = 0; x < n; x++)
		to[x] = 0.299f * to[x] + 0.587f * g[x] + 0.114f * b[x];
}

void canvas_load(struct canvas *c, const struct image *image, double px_per_mm)
{
	assert(image->width <= c->width_room && image->height <= c->height_room);
	c->width = image->width;
	c->height = image->height;
	c->stride = canvas_stride(image->width);
	c->channels = image->channels;
	c->px_per_mm = px_per_mm;
	c->warp = NULL;
	c->grain = 0;
	lay_out(c);
	for (int k = 0; k < c->channels; k++)
		for (int y = 0; y < c->height; y++)
			canvas_from_bytes(canvas_row(c, k, y),
					  image->px + (size_t)y * image->stride + k, c->width,
					  c->channels);
}

/* Row by row in place: three bytes a pixel are never ahead of four, and a row is read before its first
 * byte is written. */
struct image canvas_store(struct canvas *c)
{
	struct image image = {.width = c->width, .height = c->height, .channels = c->channels};
	uint8_t *lines = ARENA_NEW(c->arena, uint8_t, CANVAS_CHANNELS * c->width);

	image.stride = (size_t)c->width * (size_t)c->channels;
	image.px = (uint8_t *)c->plane[0];
	for (int y = 0; y < c->height; y++) {
		uint8_t *row = image.px + (size_t)y * image.stride;

		for (int k = 0; k < c->channels; k++)
			canvas_to_bytes(lines + (ptrdiff_t)k * c->width, canvas_row(c, k, y),
					c->width);
		if (c->channels == 1)
			memcpy(row, lines, image.stride);
		else
			canvas_weave(row, lines, lines + c->width, lines + 2 * (ptrdiff_t)c->width,
				     c->width);
	}
	return image;
}

void canvas_make_colour(struct canvas *c)
{
	if (c->channels == CANVAS_CHANNELS)
		return;
	c->channels = CANVAS_CHANNELS;
	for (int k = 1; k < CANVAS_CHANNELS; k++)
		for (int y = 0; y < c->height; y++)
			memcpy(canvas_row(c, k, y), canvas_row(c, 0, y),
			       (size_t)c->width * sizeof(float));
}

void canvas_make_grey(struct canvas *c)
{
	if (c->channels == 1)
		return;
	for (int y = 0; y < c->height; y++)
		canvas_grey_row(canvas_row(c, 0, y), canvas_row(c, 1, y), canvas_row(c, 2, y),
				c->width);
	c->channels = 1;
}

/* The row's pixels go on beyond its ends. */
static void extend_row(float *row, int width)
{
	for (int x = 1; x <= CANVAS_PAD; x++) {
		row[-x] = row[0];
		row[width - 1 + x] = row[width - 1];
	}
}

void canvas_extend(const struct canvas *c, float *plane)
{
	size_t row = ((size_t)c->width + 2 * CANVAS_PAD) * sizeof(float);

	for (int y = 0; y < c->height; y++)
		extend_row(plane + (ptrdiff_t)y * c->stride, c->width);
	for (int y = 1; y <= CANVAS_PAD_ROWS; y++) {
		float *last = plane + (ptrdiff_t)(c->height - 1) * c->stride - CANVAS_PAD;

		memcpy(plane - (ptrdiff_t)y * c->stride - CANVAS_PAD, plane - CANVAS_PAD, row);
		memcpy(last + (ptrdiff_t)y * c->stride, last, row);
	}
}

/* Adds a weighted sum of what is at from[0], from[1]...; count is a constant. */
FAST_INLINE void add_taps(float *restrict to, const float *const *from, const float *weights,
			  int count, int n)
{
	for (int x = 0; x < n; x++) {
		float sum = to[x];

		for (int t = 0; t < count; t++)
			sum += weights[t] * from[t][x];
		to[x] = sum;
	}
}

/* A weighted sum of what is at from[0], from[1]..., in that order. None of them is the row itself. */
static FAST void canvas_sum(float *restrict to, const float *const *from, const float *weights,
			    int count, int n)
{
	int t = 0;

	memset(to, 0, (size_t)n * sizeof(*to));
	for (; t + 4 <= count; t += 4)
		add_taps(to, from + t, weights + t, 4, n);
	if (count - t == 3)
		add_taps(to, from + t, weights + t, 3, n);
	else if (count - t == 2)
		add_taps(to, from + t, weights + t, 2, n);
	else if (count - t == 1)
		add_taps(to, from + t, weights + t, 1, n);
}

/* The rows from y - reach to y + reach of a plane, of which those above have been written over. */
struct ring {
	float *memory;
	int stride, reach, height;
	int filled; /* rows up to this one are or were in it */
};

static struct ring ring_new(struct canvas *c, int reach)
{
	struct ring r = {NULL, c->stride, reach, c->height, 0};

	r.memory = ARENA_NEW(c->arena, float, c->stride *(2 * reach + 1) + 2 * CANVAS_PAD);
	return r;
}

/* Pixel 0 of row y, of the first or the last one beyond them. */
static float *ring_row(const struct ring *r, int y)
{
	y = y < 0 ? 0 : y < r->height ? y : r->height - 1;
	return r->memory + (ptrdiff_t)(y % (2 * r->reach + 1)) * r->stride + CANVAS_PAD;
}

/* The next row that y needs: true until there is none. */
static bool ring_wants(struct ring *r, int y, int *next)
{
	*next = r->filled;
	if (*next > y + r->reach || *next >= r->height)
		return false;
	r->filled++;
	return true;
}

void canvas_convolve(struct canvas *c, int channel, const struct tap *taps, int count)
{
	const float *from[TAPS_MAX];
	float weights[TAPS_MAX];
	struct ring ring;
	int reach = 0;

	assert(count > 0 && count <= TAPS_MAX);
	for (int t = 0; t < count; t++) {
		reach = abs(taps[t].dy) > reach ? abs(taps[t].dy) : reach;
		weights[t] = taps[t].weight;
	}
	ring = ring_new(c, reach);
	for (int y = 0, next; y < c->height; y++) {
		while (ring_wants(&ring, y, &next)) {
			float *row = ring_row(&ring, next);

			memcpy(row, canvas_row(c, channel, next), (size_t)c->width * sizeof(*row));
			extend_row(row, c->width);
		}
		for (int t = 0; t < count; t++)
			from[t] = ring_row(&ring, y + taps[t].dy) + taps[t].dx;
		canvas_sum(canvas_row(c, channel, y), from, weights, count, c->width);
	}
}

/* Weights at -reach to reach, which is returned. */
static int normal_weights(float weights[2 * BLUR_RADIUS_MAX + 1], double sigma_px)
{
	int reach = (int)ceil(3 * sigma_px);
	double sum = 0;

	reach = reach < BLUR_RADIUS_MAX ? reach : BLUR_RADIUS_MAX;
	for (int i = -reach; i <= reach; i++)
		sum += exp(-i * i / (2 * sigma_px * sigma_px));
	for (int i = -reach; i <= reach; i++)
		weights[i + reach] = (float)(exp(-i * i / (2 * sigma_px * sigma_px)) / sum);
	return reach;
}

/* A row of the plane, blurred across. */
static void blur_across(const struct canvas *c, int channel, int y, const float *weights, int reach,
			float *to)
{
	const float *from[2 * BLUR_RADIUS_MAX + 1];
	float *row = canvas_row(c, channel, y);

	extend_row(row, c->width);
	for (int i = 0; i <= 2 * reach; i++)
		from[i] = row + i - reach;
	canvas_sum(to, from, weights, 2 * reach + 1, c->width);
}

static FAST void sharpen_row(float *row, const float *blurred, int n, float amount)
{
	for (int x = 0; x < n; x++)
		row[x] += amount * (row[x] - blurred[x]);
}

/* Every row becomes its blurred self; with a line to put that into, it is sharpened by it. */
static void blur_rows(struct canvas *c, int channel, double sigma_px, float *line, double amount)
{
	float weights[2 * BLUR_RADIUS_MAX + 1];
	const float *from[2 * BLUR_RADIUS_MAX + 1];
	int reach = normal_weights(weights, sigma_px);
	struct ring ring = ring_new(c, reach);

	for (int y = 0, next; y < c->height; y++) {
		float *row = canvas_row(c, channel, y);

		while (ring_wants(&ring, y, &next))
			blur_across(c, channel, next, weights, reach, ring_row(&ring, next));
		for (int i = 0; i <= 2 * reach; i++)
			from[i] = ring_row(&ring, y + i - reach);
		canvas_sum(line ? line : row, from, weights, 2 * reach + 1, c->width);
		if (line)
			sharpen_row(row, line, c->width, (float)amount);
	}
}

void canvas_blur(struct canvas *c, int channel, double sigma_px)
{
	if (sigma_px >= BLUR_LEAST_PX)
		blur_rows(c, channel, sigma_px, NULL, 0);
}

void canvas_sharpen(struct canvas *c, int channel, double sigma_px, double amount)
{
	if (sigma_px >= BLUR_LEAST_PX)
		blur_rows(c, channel, sigma_px, ARENA_NEW(c->arena, float, c->stride), amount);
}
