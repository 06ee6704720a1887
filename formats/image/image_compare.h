/* SPDX-License-Identifier: MIT */
/*
 * image_compare: whether one picture has the ink of another.
 *
 *	if (image_find_lighter(&picture, &outlines, &x, &y))
 *		printf("(%d,%d) lacks ink\n", x, y);
 */
#ifndef FORMATS_IMAGE_COMPARE_H
#define FORMATS_IMAGE_COMPARE_H

#include <stdbool.h>

#include "formats/image/image.h"
#include "formats/scene/path.h"

/* The first pixel, row by row, in which a is lighter than b; or in which they differ. False where
 * there is none. Both of one size and as many channels; to be lighter, grey. */
bool image_find_lighter(const struct image *a, const struct image *b, int *x, int *y);

/* The first pixel of b that is darker than 128 while a has no ink, nothing below IMAGE_PAPER, in the
 * square of reach_px round it. Both grey and of one size. */
#define IMAGE_PAPER 248
bool image_find_far(const struct image *a, const struct image *b, int reach_px, int *x, int *y);
bool image_find_difference(const struct image *a, const struct image *b, int *x, int *y);

/* The darkest value of a grey picture within a convex polygon in pixels, (0,0) the upper left corner
 * of the upper left pixel: of the pixels whose middle lies inside; 255 where there are none. */
int image_darkest_within(const struct image *image, const struct vec *points, int count);

#endif
