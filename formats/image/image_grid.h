/* SPDX-License-Identifier: MIT */
/*
 * image_grid: many small pictures on one, to look at.
 *
 *	struct image_grid grid;
 *	if (image_grid_new(&grid, 4, 2, 256, 0, &err) < 0) ...
 *	image_grid_place(&grid, 0, &picture);
 *	image_grid_place(&grid, 1, &other);
 *	image_write_png(&grid.image, "sheet.png", encoder, &err);
 *	image_grid_free(&grid);
 *
 *	+----+----+   1 px of grey between cells and round them; each cell a square for a picture,
 *	|    |    |   and below that, where the grid has feet, room for a caption
 *	|foot|foot|
 *	+----+----+
 */
#ifndef FORMATS_IMAGE_GRID_H
#define FORMATS_IMAGE_GRID_H

#include "base/err.h"
#include "formats/image/image.h"

struct image_grid {
	struct image image; /* owned; grey until something with colours is placed */
	int columns, rows, cell_px, foot_px;
};

/* ERR_USAGE where a number is below 1 or a side would be of more than 16384 px. foot_px may be 0. */
int image_grid_check(int columns, int rows, int cell_px, int foot_px, struct err *err);

/* White cells of cell_px, with feet of foot_px below them (0: none). What image_grid_check refuses leaves
 * nothing to free. */
int image_grid_new(struct image_grid *grid, int columns, int rows, int cell_px, int foot_px,
		   struct err *err);
void image_grid_free(struct image_grid *grid);

/* The picture in the middle of the cell, counted from 0 by rows: as it is where it fits, else shrunk by
 * area average, in its proportions. The first with colours makes the grid RGB. */
void image_grid_place(struct image_grid *grid, int cell, const struct image *picture);

/* The same in the cell's foot; the grid has feet. */
void image_grid_place_foot(struct image_grid *grid, int cell, const struct image *caption);

#endif
