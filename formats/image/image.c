/* SPDX-License-Identifier: MIT */
/*
 * image: pixel memory and the area average.
 *
 * image_shrink is exact. With a source side of S and a destination side of D, measure in units of
 * 1 / D of a source pixel: source pixel i covers [i D, (i + 1) D), destination pixel j covers
 * [j S, (j + 1) S), so every overlap is a whole number and those of one destination pixel add up to
 * S. Rows are summed first, into one row of sums, then columns; the result is the sum over both,
 * divided by the product of the source's sides and rounded half up.
 */
#include <config.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "formats/image/image.h"

/* Row sums are at most 255 * height and must fit 32 bits. */
#define HEIGHT_MAX (1 << 24)

/* The overlaps of one destination pixel with the source pixels first..last. */
struct cover {
	int first, last;
	uint32_t first_weight, last_weight; /* those between weigh a whole pixel */
};

struct image image_new(int width, int height, int channels)
{
	struct image image = {.width = width, .height = height, .channels = channels};

	assert(width > 0 && height > 0 && (channels == 1 || channels == 3));
	image.stride = mem_mul((size_t)width, (size_t)channels);
	image.px = mem_alloc(image.stride, (size_t)height);
	return image;
}

void image_free(struct image *image)
{
	free(image->px);
	*image = (struct image){0};
}

static struct cover cover_of(int j, int src_side, int dst_side)
{
	int64_t from = (int64_t)j * src_side, to = from + src_side;
	struct cover c = {.first = (int)(from / dst_side), .last = (int)((to - 1) / dst_side)};

	c.first_weight = (uint32_t)((c.first + 1) * (int64_t)dst_side - from);
	c.last_weight = (uint32_t)(to - c.last * (int64_t)dst_side);
	if (c.first == c.last)
		c.first_weight = c.last_weight = (uint32_t)src_side;
	return c;
}

static void add_row(uint32_t *sums, const uint8_t *row, size_t n, uint32_t weight)
{
	for (size_t i = 0; i < n; i++)
		sums[i] += weight * row[i];
}

static void sum_rows(const struct image *src, struct cover c, uint32_t whole, uint32_t *sums)
{
	size_t n = (size_t)src->width * (size_t)src->channels;

	memset(sums, 0, n * sizeof(*sums));
	add_row(sums, src->px + (size_t)c.first * src->stride, n, c.first_weight);
	for (int y = c.first + 1; y < c.last; y++)
		add_row(sums, src->px + (size_t)y * src->stride, n, whole);
	if (c.last > c.first)
		add_row(sums, src->px + (size_t)c.last * src->stride, n, c.last_weight);
}

static uint64_t sum_columns(const uint32_t *sums, struct cover c, uint32_t whole, int channels,
			    int channel)
{
	uint64_t sum = (uint64_t)c.first_weight * sums[(size_t)c.first * channels + channel];

	for (int x = c.first + 1; x < c.last; x++)
		sum += (uint64_t)whole * sums[(size_t)x * channels + channel];
	if (c.last > c.first)
		sum += (uint64_t)c.last_weight * sums[(size_t)c.last * channels + channel];
	return sum;
}

void image_shrink(const struct image *src, struct image *dst)
{
	uint64_t area = (uint64_t)src->width * (uint64_t)src->height;
	int channels = src->channels;
	uint32_t *sums;

	assert(dst->width > 0 && dst->width <= src->width);
	assert(dst->height > 0 && dst->height <= src->height);
	assert(dst->channels == channels);
	assert(src->height <= HEIGHT_MAX);
	sums = mem_alloc(mem_mul((size_t)src->width, (size_t)channels), sizeof(*sums));
	for (int y = 0; y < dst->height; y++) {
		uint8_t *row = dst->px + (size_t)y * dst->stride;
		struct cover down = cover_of(y, src->height, dst->height);
		sum_rows(src, down, (uint32_t)dst->height, sums);
		for (int x = 0; x < dst->width; x++) {
			struct cover c = cover_of(x, src->width, dst->width);
			for (int k = 0; k < channels; k++) {
				uint64_t sum =
					sum_columns(sums, c, (uint32_t)dst->width, channels, k);
				row[x * channels + k] = (uint8_t)((sum + area / 2) / area);
			}
		}
	}
	free(sums);
}
