/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <assert.h>
#include <math.h>
#include <string.h>

#include "formats/image/image_compare.h"

static const uint8_t *row_of(const struct image *image, int y)
{
	return image->px + (size_t)y * image->stride;
}

static void check_comparable(const struct image *a, const struct image *b)
{
	assert(a->channels == 1 && b->channels == 1);
	assert(a->width == b->width && a->height == b->height);
	(void)a;
	(void)b;
}

/* Without an early return, and in pieces of a fixed size: compilers make each a few vectors. */
static bool is_row_lighter(const uint8_t *p, const uint8_t *q, int width)
{
	enum { PIECE = 64 };
	uint8_t lighter = 0;
	int x = 0;

	for (; x + PIECE <= width; x += PIECE)
		for (int i = 0; i < PIECE; i++)
			lighter |= (uint8_t)(p[x + i] > q[x + i]);
	for (; x < width; x++)
		lighter |= (uint8_t)(p[x] > q[x]);
	return lighter;
}

bool image_find_lighter(const struct image *a, const struct image *b, int *x, int *y)
{
	check_comparable(a, b);
	for (int j = 0; j < a->height; j++) {
		const uint8_t *p = row_of(a, j), *q = row_of(b, j);

		if (!is_row_lighter(p, q, a->width))
			continue;
		for (*x = 0; p[*x] <= q[*x];)
			++*x;
		*y = j;
		return true;
	}
	return false;
}

static bool has_ink_near(const struct image *image, int x, int y, int reach_px)
{
	int x0 = x > reach_px ? x - reach_px : 0, y0 = y > reach_px ? y - reach_px : 0;

	for (int j = y0; j <= y + reach_px && j < image->height; j++)
		for (int i = x0; i <= x + reach_px && i < image->width; i++)
			if (row_of(image, j)[i] < IMAGE_PAPER)
				return true;
	return false;
}

bool image_find_far(const struct image *a, const struct image *b, int reach_px, int *x, int *y)
{
	check_comparable(a, b);
	for (*y = 0; *y < b->height; ++*y)
		for (*x = 0; *x < b->width; ++*x)
			if (row_of(b, *y)[*x] < 128 && !has_ink_near(a, *x, *y, reach_px))
				return true;
	return false;
}

bool image_find_difference(const struct image *a, const struct image *b, int *x, int *y)
{
	size_t row = (size_t)a->width * (size_t)a->channels, i = 0;

	assert(a->channels == b->channels && a->width == b->width && a->height == b->height);
	for (int j = 0; j < a->height; j++) {
		const uint8_t *p = row_of(a, j), *q = row_of(b, j);

		if (memcmp(p, q, row) == 0)
			continue;
		while (p[i] == q[i])
			i++;
		*x = (int)i / a->channels;
		*y = j;
		return true;
	}
	return false;
}

/* On the same side of all sides, whichever way round the polygon goes. */
static bool is_within(struct vec p, const struct vec *points, int count)
{
	bool left = false, right = false;

	for (int i = 0; i < count; i++) {
		struct vec side = vec_sub(points[(i + 1) % count], points[i]);
		double across = vec_cross(side, vec_sub(p, points[i]));

		left |= across > 0;
		right |= across < 0;
	}
	return !(left && right);
}

static int clamp(double v, int hi)
{
	return v < 0 ? 0 : v > hi ? hi : (int)v;
}

int image_darkest_within(const struct image *image, const struct vec *points, int count)
{
	struct box b = box_of_points(points, count);
	int x1 = clamp(ceil(b.x1), image->width), y1 = clamp(ceil(b.y1), image->height);
	int darkest = 255;

	assert(image->channels == 1);
	for (int y = clamp(floor(b.y0), image->height); y < y1; y++) {
		const uint8_t *row = row_of(image, y);

		for (int x = clamp(floor(b.x0), image->width); x < x1; x++)
			if (row[x] < darkest && is_within(vec(x + 0.5, y + 0.5), points, count))
				darkest = row[x];
	}
	return darkest;
}
