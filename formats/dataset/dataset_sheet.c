/* SPDX-License-Identifier: MIT */
/*
 * dataset_sheet: a grid of a dataset's pictures.
 *
 * With n cells and N committed samples, cell k shows sample k N / n: the first one, then even
 * steps.
 */
#include <config.h>

#include <string.h>
#include <unistd.h>

#include "formats/dataset/dataset_facts.h"
#include "formats/dataset/dataset_private.h"
#include "formats/dataset/dataset_read.h"
#include "formats/image/image_grid.h"

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

/* Finds a picture that is a file: 1, or 0 where there is none. */
static int find_picture(const char *folder, uint64_t index, char path[DATASET_PATH_BYTES])
{
	for (int i = 0; dataset_layouts[i]; i++)
		for (int k = 0; k < PICTURE_COUNT_ * SPLIT_COUNT_; k++) {
			if (dataset_layouts[i]->pictures == PICTURES_INSIDE)
				continue;
			dataset_picture_path(folder, dataset_layouts[i],
					     (enum dataset_picture)(k % PICTURE_COUNT_),
					     (enum dataset_split)(k / PICTURE_COUNT_), index, path);
			if (access(path, F_OK) == 0)
				return 1;
		}
	dataset_picture_path(folder, &dataset_tinyllava, PICTURE_PNG, SPLIT_TRAIN, index, path);
	return 0;
}

/* Reads samples of a shard until it has the one: 1, 0 where it is not there, -1. */
static int look_into_shard(const struct dataset_layout *layout, char *const paths[], const char *id,
			   struct image *picture, struct err *err)
{
	struct dataset_shard_reader *reader = layout->shard_open(paths, err);
	struct dataset_sample sample = {0};
	struct arena arena = {0};
	int rc;

	if (!reader)
		return -1;
	while ((rc = layout->shard_next(reader, &sample, &arena, err)) > 0) {
		sample.image = sample.image_name = paths[0];
		if (strcmp(sample.id, id) == 0) {
			rc = dataset_sample_image(&sample, PICTURE_SIDE_MAX, picture, err);
			rc = rc < 0 ? -1 : 1;
			break;
		}
		arena_reset(&arena);
	}
	layout->shard_close(reader);
	arena_free(&arena);
	return rc;
}

/* Of a finished dataset with shards, which are searched. */
static int read_from_shards(const char *folder, const struct dataset_facts *f, uint64_t index,
			    struct image *picture, struct err *err)
{
	char path[DATASET_STREAMS_MAX][DATASET_PATH_BYTES], id[DATASET_ID_BYTES];
	char *const paths[] = {path[0], path[1], path[2]};

	dataset_id(index, id);
	for (int split = 0; split < SPLIT_COUNT_; split++)
		for (uint64_t piece = 0;; piece++) {
			int rc;

			for (int i = 0; i < DATASET_STREAMS_MAX && f->layout->streams[i]; i++)
				dataset_shard_path(folder, f->layout, (enum dataset_split)split,
						   index / f->shard_size, piece, i, "", path[i]);
			if (access(path[0], F_OK) < 0)
				break;
			rc = look_into_shard(f->layout, paths, id, picture, err);
			if (rc != 0)
				return rc < 0 ? -1 : 0;
		}
	return err_set(err, ERR_FORMAT, "%s: no shard has sample %s", folder, id);
}

static int read_picture(const char *folder, uint64_t index, struct image *picture, struct err *err)
{
	char path[DATASET_PATH_BYTES];
	struct dataset_facts facts;
	struct arena arena = {0};
	int rc;

	if (find_picture(folder, index, path) || dataset_has(folder, DATASET_SHARDS, "", err) <= 0)
		return image_read(picture, path, PICTURE_SIDE_MAX, err);
	rc = dataset_facts_read(&facts, folder, &arena, err);
	if (rc == 0)
		rc = read_from_shards(folder, &facts, index, picture, err);
	arena_free(&arena);
	return rc;
}

static int fill_grid(struct image_grid *grid, uint64_t cells, const char *folder, uint64_t samples,
		     struct err *err)
{
	struct image picture;

	for (uint64_t k = 0; k < cells; k++) {
		if (read_picture(folder, sample_of_cell(samples, cells, k), &picture, err) < 0)
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
