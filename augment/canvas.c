/* SPDX-License-Identifier: MIT */
/*
 * Planes and their neighbourhoods. A convolution walks the picture once for all taps: 16 pixels are
 * summed over all of them in registers before the next 16, whose rows then lie in the first cache.
 */
#include <config.h>

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "augment/canvas.h"
#include "augment/fast.h"
#include "augment/paper_patch.h"
#include "base/mem.h"

#define LANES 16
#define TAPS_MAX 1024
#define BLUR_RADIUS_MAX 31
#define BLUR_LEAST_PX 0.15

static int stride_for(int width)
{
	return (width + 2 * CANVAS_PAD + LANES - 1) / LANES * LANES;
}

static size_t plane_floats(int width, int height)
{
	return mem_mul((size_t)stride_for(width), (size_t)height + 2 * CANVAS_PAD) + LANES;
}

struct canvas *canvas_new(int width, int height)
{
	struct canvas *c = mem_alloc(1, sizeof(*c));
	int8_t *paper = mem_alloc((size_t)CANVAS_PAPER * CANVAS_PAPER, 1);

	assert(width > 0 && height > 0);
	c->width_room = width;
	c->height_room = height;
	c->memory =
		mem_alloc(mem_mul(plane_floats(width, height), CANVAS_CHANNELS + 1), sizeof(float));
	paper_patch_fill(paper, CANVAS_PAPER);
	c->paper = paper;
	return c;
}

void canvas_free(struct canvas *canvas)
{
	if (!canvas)
		return;
	free(canvas->memory);
	free((void *)canvas->paper);
	free(canvas);
}

static void lay_out(struct canvas *c)
{
	size_t room = plane_floats(c->width, c->height);
	size_t origin = (size_t)CANVAS_PAD * (size_t)c->stride + CANVAS_PAD;

	for (int i = 0; i < CANVAS_CHANNELS; i++)
		c->plane[i] = c->memory + (size_t)i * room + origin;
	c->spare = c->memory + (size_t)CANVAS_CHANNELS * room + origin;
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
	c->stride = stride_for(image->width);
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

void canvas_store(const struct canvas *c, struct image *image)
{
	uint8_t *lines = (uint8_t *)c->spare; /* three rows of bytes */

	assert(image->width == c->width && image->height == c->height &&
	       image->channels == c->channels);
	for (int y = 0; y < c->height; y++) {
		uint8_t *row = image->px + (size_t)y * image->stride;

		if (c->channels == 1) {
			canvas_to_bytes(row, canvas_row(c, 0, y), c->width);
			continue;
		}
		for (int k = 0; k < c->channels; k++)
			canvas_to_bytes(lines + (ptrdiff_t)k * c->width, canvas_row(c, k, y),
					c->width);
		canvas_weave(row, lines, lines + c->width, lines + 2 * (ptrdiff_t)c->width,
			     c->width);
	}
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

void canvas_extend(const struct canvas *c, float *plane)
{
	size_t row = ((size_t)c->width + 2 * CANVAS_PAD) * sizeof(float);

	for (int y = 0; y < c->height; y++) {
		float *line = plane + (ptrdiff_t)y * c->stride;

		for (int x = 1; x <= CANVAS_PAD; x++) {
			line[-x] = line[0];
			line[c->width - 1 + x] = line[c->width - 1];
		}
	}
	for (int y = 1; y <= CANVAS_PAD; y++) {
		float *last = plane + (ptrdiff_t)(c->height - 1) * c->stride - CANVAS_PAD;

		memcpy(plane - (ptrdiff_t)y * c->stride - CANVAS_PAD, plane - CANVAS_PAD, row);
		memcpy(last + (ptrdiff_t)y * c->stride, last, row);
	}
}

typedef float lanes __attribute__((vector_size(4 * LANES), aligned(4)));

/* n is rounded up to whole groups: there is room. */
static FAST void canvas_sum_taps(float *to, const float *from, const int *offsets,
				 const float *weights, int taps, int n)
{
	for (int x = 0; x < n; x += 2 * LANES) {
		lanes left = {0}, right = {0};

		for (int t = 0; t < taps; t++) {
			const float *src = from + x + offsets[t];
			lanes a, b;

			memcpy(&a, src, sizeof(a));
			memcpy(&b, src + LANES, sizeof(b));
			left += weights[t] * a;
			right += weights[t] * b;
		}
		memcpy(to + x, &left, sizeof(left));
		memcpy(to + x + LANES, &right, sizeof(right));
	}
}

static void swap_spare(struct canvas *c, int channel)
{
	float *plane = c->plane[channel];

	c->plane[channel] = c->spare;
	c->spare = plane;
}

/* A list of taps as where they lie in memory. */
struct kernel {
	int offset[TAPS_MAX], count;
	float weight[TAPS_MAX];
};

static void kernel_fill(struct kernel *k, const struct canvas *c, const struct tap *taps, int count)
{
	assert(count > 0 && count <= TAPS_MAX);
	k->count = count;
	for (int i = 0; i < count; i++) {
		k->offset[i] = taps[i].dy * c->stride + taps[i].dx;
		k->weight[i] = taps[i].weight;
	}
}

/* Into the spare plane. */
static void convolve_to_spare(struct canvas *c, int channel, const struct tap *taps, int count)
{
	struct kernel k;

	kernel_fill(&k, c, taps, count);
	canvas_extend(c, c->plane[channel]);
	for (int y = 0; y < c->height; y++)
		canvas_sum_taps(c->spare + (ptrdiff_t)y * c->stride, canvas_row(c, channel, y),
				k.offset, k.weight, count, c->width);
}

void canvas_convolve(struct canvas *c, int channel, const struct tap *taps, int count)
{
	convolve_to_spare(c, channel, taps, count);
	swap_spare(c, channel);
}

/* Across; returns how many taps there are. */
static int normal_taps(struct tap taps[2 * BLUR_RADIUS_MAX + 1], double sigma_px)
{
	int radius = (int)ceil(3 * sigma_px), count = 0;
	double sum = 0;

	radius = radius < BLUR_RADIUS_MAX ? radius : BLUR_RADIUS_MAX;
	for (int i = -radius; i <= radius; i++)
		sum += exp(-i * i / (2 * sigma_px * sigma_px));
	for (int i = -radius; i <= radius; i++) {
		double weight = exp(-i * i / (2 * sigma_px * sigma_px)) / sum;

		taps[count++] = (struct tap){i, 0, (float)weight};
	}
	return count;
}

static void turn_down(struct tap *taps, int count)
{
	for (int i = 0; i < count; i++)
		taps[i] = (struct tap){0, taps[i].dx, taps[i].weight};
}

void canvas_blur(struct canvas *c, int channel, double sigma_px)
{
	struct tap taps[2 * BLUR_RADIUS_MAX + 1];
	int count;

	if (sigma_px < BLUR_LEAST_PX)
		return;
	count = normal_taps(taps, sigma_px);
	canvas_convolve(c, channel, taps, count);
	turn_down(taps, count);
	canvas_convolve(c, channel, taps, count);
}

static FAST void sharpen_row(float *row, const float *blurred, int n, float amount)
{
	for (int x = 0; x < n; x++)
		row[x] += amount * (row[x] - blurred[x]);
}

/* Blurred across into the spare plane, and from there down row by row. */
void canvas_sharpen(struct canvas *c, int channel, double sigma_px, double amount)
{
	struct tap taps[2 * BLUR_RADIUS_MAX + 1];
	float *line = ARENA_NEW(c->arena, float, c->stride);
	struct kernel down;
	int count;

	if (sigma_px < BLUR_LEAST_PX)
		return;
	count = normal_taps(taps, sigma_px);
	convolve_to_spare(c, channel, taps, count);
	turn_down(taps, count);
	kernel_fill(&down, c, taps, count);
	canvas_extend(c, c->spare);
	for (int y = 0; y < c->height; y++) {
		canvas_sum_taps(line, c->spare + (ptrdiff_t)y * c->stride, down.offset, down.weight,
				count, c->width);
		sharpen_row(canvas_row(c, channel, y), line, c->width, (float)amount);
	}
}
