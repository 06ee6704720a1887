/* SPDX-License-Identifier: MIT */
/*
 * dataset_sheet: many small pictures on one, to look at.
 *
 * With n cells and N committed samples, cell k shows sample k N / n: the first one, then even
 * steps. A picture keeps its proportions, is shrunk by area average, never enlarged, and stands in
 * the middle of its cell. The first picture decides between grey and RGB.
 *
 *	+--+--+--+   GAP_PX of grey between cells and round them
 *	|  |  |  |
 *	+--+--+--+
 */
#include <config.h>

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "formats/dataset_private.h"
#include "formats/image.h"

enum {
	GAP_PX = 1,
	GAP_GREY = 192,
	SHEET_LEVEL = 6,
	PICTURE_SIDE_MAX = 20000,
	/* An RGB sheet of this side stays below what image_encode_png takes. */
	SHEET_SIDE_MAX = 16384,
};

struct grid {
	int columns, rows, cell_px;
	uint64_t cells, samples;
};

static int side_px(int cells, int cell_px)
{
	return cells * (cell_px + GAP_PX) + GAP_PX;
}

/* Both checked against SHEET_SIDE_MAX first, so that nothing overflows. */
static int check_grid(int columns, int rows, int cell_px, struct err *err)
{
	if (columns < 1 || rows < 1 || cell_px < 1 || columns > SHEET_SIDE_MAX ||
	    rows > SHEET_SIDE_MAX || cell_px > SHEET_SIDE_MAX ||
	    (columns > rows ? columns : rows) > (SHEET_SIDE_MAX - GAP_PX) / (cell_px + GAP_PX))
		return err_set(err, ERR_USAGE,
			       "a contact sheet of %d x %d cells of %d px: at most %d px a side",
			       columns, rows, cell_px, SHEET_SIDE_MAX);
	return 0;
}

/* How many pictures of the dataset count: those before the journal's position. */
static int count_samples(const char *folder, uint64_t *samples, struct err *err)
{
	struct dataset_position position;
	int rc;

	if (strlen(folder) > DATASET_FOLDER_BYTES_MAX)
		return err_set(err, ERR_USAGE, "folder name of more than %d bytes",
			       DATASET_FOLDER_BYTES_MAX);
	rc = dataset_position_read(folder, NULL, &position, err);
	if (rc < 0)
		return -1;
	if (rc == 0)
		return err_set(err, ERR_USAGE, "%s holds no dataset of cadgen", folder);
	if (position.next == 0)
		return err_set(err, ERR_USAGE, "%s holds no pictures yet", folder);
	*samples = position.next;
	return 0;
}

/* The picture's size in a cell: as large as fits, no larger than it is, at least 1 x 1. */
static void fit(const struct image *picture, int cell_px, int *width, int *height)
{
	int longer = picture->width > picture->height ? picture->width : picture->height;

	*width = picture->width;
	*height = picture->height;
	if (longer <= cell_px)
		return;
	*width = (int)((int64_t)picture->width * cell_px / longer);
	*height = (int)((int64_t)picture->height * cell_px / longer);
	*width = *width ? *width : 1;
	*height = *height ? *height : 1;
}

/* One pixel from any kind of image to any. Grey of RGB by Rec. 601 in integers. */
static void copy_pixel(const uint8_t *from, int from_channels, uint8_t *to, int to_channels)
{
	uint8_t grey = from[0];

	if (from_channels == to_channels) {
		memcpy(to, from, (size_t)to_channels);
		return;
	}
	if (from_channels == 3)
		grey = (uint8_t)((299 * from[0] + 587 * from[1] + 114 * from[2] + 500) / 1000);
	memset(to, grey, (size_t)to_channels);
}

static uint8_t *pixel_at(const struct image *image, int x, int y)
{
	return image->px + (size_t)y * image->stride + (size_t)x * (size_t)image->channels;
}

static void paste(struct image *sheet, const struct image *picture, int x0, int y0)
{
	for (int y = 0; y < picture->height; y++)
		for (int x = 0; x < picture->width; x++)
			copy_pixel(pixel_at(picture, x, y), picture->channels,
				   pixel_at(sheet, x0 + x, y0 + y), sheet->channels);
}

static void whiten_cell(struct image *sheet, const struct grid *grid, int x0, int y0)
{
	for (int y = 0; y < grid->cell_px; y++)
		memset(pixel_at(sheet, x0, y0 + y), 255,
		       (size_t)grid->cell_px * (size_t)sheet->channels);
}

static void place(struct image *sheet, const struct grid *grid, int cell,
		  const struct image *picture)
{
	int x0 = GAP_PX + cell % grid->columns * (grid->cell_px + GAP_PX);
	int y0 = GAP_PX + cell / grid->columns * (grid->cell_px + GAP_PX);
	struct image small;
	int width, height;

	fit(picture, grid->cell_px, &width, &height);
	small = image_new(width, height, picture->channels);
	image_shrink(picture, &small);
	paste(sheet, &small, x0 + (grid->cell_px - width) / 2, y0 + (grid->cell_px - height) / 2);
	image_free(&small);
}

static struct image new_sheet(const struct grid *grid, int channels)
{
	struct image sheet = image_new(side_px(grid->columns, grid->cell_px),
				       side_px(grid->rows, grid->cell_px), channels);

	for (int y = 0; y < sheet.height; y++)
		memset(pixel_at(&sheet, 0, y), GAP_GREY, sheet.stride);
	for (int row = 0; row < grid->rows; row++)
		for (int column = 0; column < grid->columns; column++)
			whiten_cell(&sheet, grid, GAP_PX + column * (grid->cell_px + GAP_PX),
				    GAP_PX + row * (grid->cell_px + GAP_PX));
	return sheet;
}

/* cell * samples / cells without its overflow. */
static uint64_t sample_of_cell(const struct grid *grid, uint64_t cell)
{
	uint64_t whole = grid->samples / grid->cells, rest = grid->samples % grid->cells;

	return whole * cell + rest * cell / grid->cells;
}

static int fill_sheet(struct image *sheet, const struct grid *grid, const char *folder,
		      struct err *err)
{
	char path[DATASET_PATH_BYTES];
	struct image picture;

	for (uint64_t k = 0; k < grid->cells; k++) {
		dataset_picture_path(folder, sample_of_cell(grid, k), path);
		if (image_read_png(&picture, path, PICTURE_SIDE_MAX, err) < 0)
			return -1;
		if (!sheet->px)
			*sheet = new_sheet(grid, picture.channels);
		place(sheet, grid, (int)k, &picture);
		image_free(&picture);
	}
	return 0;
}

int dataset_contact_sheet(const char *dataset_path, const char *png_path, int columns, int rows,
			  int cell_px, struct err *err)
{
	struct grid grid = {.columns = columns, .cell_px = cell_px};
	struct image sheet = {0};
	int rc;

	if (check_grid(columns, rows, cell_px, err) < 0 ||
	    count_samples(dataset_path, &grid.samples, err) < 0)
		return -1;
	grid.cells = (uint64_t)columns * (uint64_t)rows;
	if (grid.cells > grid.samples)
		grid.cells = grid.samples;
	grid.rows = (int)((grid.cells + (uint64_t)columns - 1) / (uint64_t)columns);
	rc = fill_sheet(&sheet, &grid, dataset_path, err);
	if (rc == 0) {
		struct png_encoder *encoder = png_encoder_new(SHEET_LEVEL);
		rc = image_write_png(&sheet, png_path, encoder, err);
		png_encoder_free(encoder);
	}
	image_free(&sheet);
	return rc;
}
