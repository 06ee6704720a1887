/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "formats/image/image_grid.h"

#include <assert.h>
#include <string.h>

enum {
	GAP_PX = 1,
	GAP_GREY = 192,
	/* An RGB image of this side stays below what image_encode_png takes. */
	SIDE_MAX = 16384,
};

struct box_px {
	int x, y, width, height;
};

static int64_t side_px(int cells, int cell_px)
{
	return (int64_t)cells * (cell_px + GAP_PX) + GAP_PX;
}

/* No number is over SIDE_MAX, so that nothing overflows. */
int image_grid_check(int columns, int rows, int cell_px, int foot_px, struct err *err)
{
	assert(foot_px >= 0);
	if (columns < 1 || rows < 1 || cell_px < 1 || columns > SIDE_MAX || rows > SIDE_MAX ||
	    cell_px > SIDE_MAX || foot_px > SIDE_MAX || side_px(columns, cell_px) > SIDE_MAX ||
	    side_px(rows, cell_px + foot_px) > SIDE_MAX)
		return err_set(err, ERR_USAGE,
			       "a contact sheet of %d x %d cells of %d px: at most %d px a side",
			       columns, rows, cell_px, SIDE_MAX);
	return 0;
}

static uint8_t *pixel_at(const struct image *image, int x, int y)
{
	return image->px + (size_t)y * image->stride + (size_t)x * (size_t)image->channels;
}

/* The cell with its foot. */
static struct box_px cell_box(const struct image_grid *grid, int cell)
{
	int height = grid->cell_px + grid->foot_px;

	return (struct box_px){GAP_PX + cell % grid->columns * (grid->cell_px + GAP_PX),
			       GAP_PX + cell / grid->columns * (height + GAP_PX), grid->cell_px,
			       height};
}

static void whiten(struct image *image, const struct box_px *box)
{
	for (int y = 0; y < box->height; y++)
		memset(pixel_at(image, box->x, box->y + y), 255,
		       (size_t)box->width * (size_t)image->channels);
}

int image_grid_new(struct image_grid *grid, int columns, int rows, int cell_px, int foot_px,
		   struct err *err)
{
	*grid = (struct image_grid){
		.columns = columns, .rows = rows, .cell_px = cell_px, .foot_px = foot_px};
	if (image_grid_check(columns, rows, cell_px, foot_px, err) < 0)
		return -1;
	grid->image =
		image_new((int)side_px(columns, cell_px), (int)side_px(rows, cell_px + foot_px), 1);
	memset(grid->image.px, GAP_GREY, grid->image.stride * (size_t)grid->image.height);
	for (int i = 0; i < columns * rows; i++) {
		struct box_px box = cell_box(grid, i);

		whiten(&grid->image, &box);
	}
	return 0;
}

void image_grid_free(struct image_grid *grid)
{
	image_free(&grid->image);
}

/* The picture's size in a box: as large as fits, no larger than it is, at least 1 x 1. */
static void fit(const struct image *picture, const struct box_px *box, int *width, int *height)
{
	*width = picture->width;
	*height = picture->height;
	if (*width > box->width) {
		*height = (int)((int64_t)picture->height * box->width / picture->width);
		*width = box->width;
	}
	if (*height > box->height) {
		*width = (int)((int64_t)picture->width * box->height / picture->height);
		*height = box->height;
	}
	*width = *width ? *width : 1;
	*height = *height ? *height : 1;
}

/* Both of the same kind, or grey into RGB. */
static void paste(struct image *onto, const struct image *picture, int x0, int y0)
{
	for (int y = 0; y < picture->height; y++)
		for (int x = 0; x < picture->width; x++) {
			const uint8_t *from = pixel_at(picture, x, y);
			uint8_t *to = pixel_at(onto, x0 + x, y0 + y);

			if (picture->channels == onto->channels)
				memcpy(to, from, (size_t)onto->channels);
			else
				memset(to, from[0], (size_t)onto->channels);
		}
}

static void make_rgb(struct image *image)
{
	struct image rgb = image_new(image->width, image->height, 3);

	paste(&rgb, image, 0, 0);
	image_free(image);
	*image = rgb;
}

static void place(struct image_grid *grid, const struct box_px *box, const struct image *picture)
{
	struct image small;
	int width, height;

	if (picture->channels > grid->image.channels)
		make_rgb(&grid->image);
	fit(picture, box, &width, &height);
	small = image_new(width, height, picture->channels);
	image_shrink(picture, &small);
	paste(&grid->image, &small, box->x + (box->width - width) / 2,
	      box->y + (box->height - height) / 2);
	image_free(&small);
}

void image_grid_place(struct image_grid *grid, int cell, const struct image *picture)
{
	struct box_px box = cell_box(grid, cell);

	box.height = grid->cell_px;
	place(grid, &box, picture);
}

void image_grid_place_foot(struct image_grid *grid, int cell, const struct image *caption)
{
	struct box_px box = cell_box(grid, cell);

	assert(grid->foot_px > 0);
	box.y += grid->cell_px;
	box.height = grid->foot_px;
	place(grid, &box, caption);
}
