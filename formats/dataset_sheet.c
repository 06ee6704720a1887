/* SPDX-License-Identifier: MIT */
/*
 * dataset_sheet: a grid of a dataset's pictures.
 *
 * With n cells and N committed samples, cell k shows sample k N / n: the first one, then even
 * steps.
 */
#include <config.h>

#include <string.h>

#include "formats/dataset_private.h"
#include "formats/image_grid.h"

enum {
	SHEET_LEVEL = 6,
	PICTURE_SIDE_MAX = 20000,
};

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

/* cell * samples / cells without its overflow. */
static uint64_t sample_of_cell(uint64_t samples, uint64_t cells, uint64_t cell)
{
	uint64_t whole = samples / cells, rest = samples % cells;

	return whole * cell + rest * cell / cells;
}

static int fill_grid(struct image_grid *grid, uint64_t cells, const char *folder, uint64_t samples,
		     struct err *err)
{
	char path[DATASET_PATH_BYTES];
	struct image picture;

	for (uint64_t k = 0; k < cells; k++) {
		dataset_picture_path(folder, sample_of_cell(samples, cells, k), path);
		if (image_read_png(&picture, path, PICTURE_SIDE_MAX, err) < 0)
			return -1;
		image_grid_place(grid, (int)k, &picture);
		image_free(&picture);
	}
	return 0;
}

static int write_grid(const struct image_grid *grid, const char *png_path, struct err *err)
{
	struct png_encoder *encoder = png_encoder_new(SHEET_LEVEL);
	int rc = image_write_png(&grid->image, png_path, encoder, err);

	png_encoder_free(encoder);
	return rc;
}

/* Fewer rows where there are fewer samples than cells. */
static int rows_for(uint64_t cells, int columns)
{
	return (int)((cells + (uint64_t)columns - 1) / (uint64_t)columns);
}

int dataset_contact_sheet(const char *dataset_path, const char *png_path, int columns, int rows,
			  int cell_px, struct err *err)
{
	struct image_grid grid;
	uint64_t samples = 0, cells;
	int rc;

	if (image_grid_check(columns, rows, cell_px, 0, err) < 0 ||
	    count_samples(dataset_path, &samples, err) < 0)
		return -1;
	cells = (uint64_t)columns * (uint64_t)rows;
	if (cells > samples) {
		cells = samples;
		rows = rows_for(cells, columns);
	}
	if (image_grid_new(&grid, columns, rows, cell_px, 0, err) < 0)
		return -1;
	rc = fill_grid(&grid, cells, dataset_path, samples, err);
	if (rc == 0)
		rc = write_grid(&grid, png_path, err);
	image_grid_free(&grid);
	return rc;
}
