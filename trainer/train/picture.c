/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/train/picture.h"

#include <string.h>

#define WHITE 255

static uint8_t grey_at(const struct image *image, int x, int y)
{
	const uint8_t *p = image->px + (size_t)y * image->stride + (size_t)(x * image->channels);

	return image->channels == 1
		       ? p[0]
		       : (uint8_t)((299 * p[0] + 587 * p[1] + 114 * p[2] + 500) / 1000);
}

void picture_from_image(const struct image *image, int side, uint8_t *pixels)
{
	int left = (side - image->width) / 2, top = (side - image->height) / 2;

	memset(pixels, WHITE, (size_t)side * (size_t)side);
	for (int y = 0; y < image->height; y++)
		for (int x = 0; x < image->width; x++)
			pixels[(top + y) * side + left + x] = grey_at(image, x, y);
}

static int shorten(int length, int side, int longer)
{
	int shorter = (int)((int64_t)length * side / longer);

	return shorter > 0 ? shorter : 1;
}

bool picture_fit(const struct image *image, int side, uint8_t *pixels)
{
	int longer = image->width > image->height ? image->width : image->height;
	struct image small;

	if (longer <= side) {
		picture_from_image(image, side, pixels);
		return false;
	}
	small = image_new(shorten(image->width, side, longer), shorten(image->height, side, longer),
			  image->channels);
	image_shrink(image, &small);
	picture_from_image(&small, side, pixels);
	image_free(&small);
	return true;
}

static void move_row(uint8_t *to, const uint8_t *from, int side, int right)
{
	int left = right > 0 ? right : 0, end = right < 0 ? side + right : side;

	if (left >= end) {
		memset(to, WHITE, (size_t)side);
		return;
	}
	memmove(to + left, from + left - right, (size_t)(end - left));
	memset(to, WHITE, (size_t)left);
	memset(to + end, WHITE, (size_t)(side - end));
}

void picture_move(uint8_t *pixels, int side, struct picture_move move)
{
	for (int i = 0; i < side; i++) {
		int y = move.down > 0 ? side - 1 - i : i, from = y - move.down;
		uint8_t *row = pixels + y * side;

		if (from < 0 || from >= side)
			memset(row, WHITE, (size_t)side);
		else
			move_row(row, pixels + from * side, side, move.right);
	}
}

int picture_read(const struct dataset_picture_place *place, int side, uint8_t *pixels,
		 struct err *err)
{
	struct image image;

	if (dataset_place_image(place, PICTURE_SIDE_MAX, &image, err) < 0)
		return -1;
	if (image.width > side || image.height > side) {
		err_set(err, ERR_LIMIT, "%s is %d x %d pixels; the model takes %d x %d",
			place->path, image.width, image.height, side, side);
		image_free(&image);
		return -1;
	}
	picture_from_image(&image, side, pixels);
	image_free(&image);
	return 0;
}
