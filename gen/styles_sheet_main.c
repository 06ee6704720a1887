/* SPDX-License-Identifier: MIT */
/*
 * A scene leaves room for the largest lettering, rows and frame of all sheets, and is made for their
 * smallest digits; sub-seeds are tried until the drafter finds a place for every dimension in all.
 */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "formats/image/image_grid.h"
#include "gen/sample_main.h"
#include "gen/scan_main.h"
#include "gen/styles_sheet_main.h"
#include "render/paint/raster.h"

#define SCENES_TRIED 1000
#define MAX_OVERLAP 0.2
#define PNG_LEVEL 6
#define FOOT_SHARE 16 /* of a cell's side that its foot has */
#define FOOT_LEAST_PX 12
#define CAPTION_HEIGHT 0.5 /* of the foot */
#define CAPTION_WIDTH 0.95 /* of the foot, at most */

struct job {
	const struct styles_sheet *of;
	struct typefaces *typefaces;
	struct sample_settings *settings; /* one a sheet */
	struct sample *samples;           /* likewise; in the arena but for the array */
	struct arena arena;
};

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* Room for all sheets' styles of that sub-seed. */
static struct scene_params room_for_all(const struct job *job, uint64_t index)
{
	struct scene_params all = job->settings[0].scene;

	for (int i = 0; i < job->of->count; i++) {
		const struct sample_settings *s = &job->settings[i];
		struct style style = sample_style(s, &s->style, index, 0);
		struct scene_params p = scene_params_for(s, &style);

		all.digit_um = i && all.digit_um < p.digit_um ? all.digit_um : p.digit_um;
		all.text_um = larger(all.text_um, p.text_um);
		all.arrow_um = larger(all.arrow_um, p.arrow_um);
		all.offset_um = larger(all.offset_um, p.offset_um);
		all.spacing_um = larger(all.spacing_um, p.spacing_um);
		all.frame_um = larger(all.frame_um, p.frame_um);
		all.title_um = larger(all.title_um, p.title_um);
	}
	return all;
}

/* The scene of a sub-seed in all sheets; -1 where it does not fit one of them. */
static int draw_samples(struct job *job, uint64_t index, struct err *err)
{
	struct scene_params params = room_for_all(job, index);
	struct scene scenes[2];

	arena_reset(&job->arena);
	for (int unit = STYLE_UNIT_MM; unit <= STYLE_UNIT_INCH; unit++) {
		struct rng rng = rng_stream(job->of->seed, index, "scene", 0);

		params.unit = unit == STYLE_UNIT_INCH ? UNIT_INCH : UNIT_MM;
		scene_from_seed(&scenes[unit], &params, &rng, &job->arena);
	}
	for (int i = 0; i < job->of->count; i++) {
		const struct scene *scene = &scenes[style_sheet_unit(&job->of->sheets[i])];

		if (sample_from_scene(&job->samples[i], &job->settings[i], scene, index,
				      &job->arena, err) < 0)
			return -1;
	}
	return 0;
}

static int find_scene(struct job *job, struct err *err)
{
	for (uint64_t index = 0; index < SCENES_TRIED; index++)
		if (draw_samples(job, index, err) == 0)
			return 0;
	return err_context(err,
			   "none of %d scenes fits all styles; a larger --size leaves more room",
			   SCENES_TRIED);
}

/* The name as a strip of the picture's width; it borrows the raster's pixels. */
static struct image draw_caption(struct raster *raster, const char *name, int width_px,
				 int height_px, struct arena *arena)
{
	const struct font *font = font_builtin();
	struct drawing d = {.width_mm = width_px, .height_mm = height_px, .scale = 1, .unit_mm = 1};
	double height = CAPTION_HEIGHT * height_px, width = font_text_width(font, name, height);
	double shrunk = width > CAPTION_WIDTH * width_px ? CAPTION_WIDTH * width_px / width : 1;
	struct text *text = drawing_add_text(&d, arena);

	text->utf8 = name;
	text->height_mm = height * shrunk;
	text->width_mm = width * shrunk;
	text->at.x = (width_px - text->width_mm) / 2;
	text->at.y = (height_px - text->height_mm) / 2;
	text->layer = LAYER_NOTE;
	return image_from_drawing(raster, &d, font);
}

static int fill_cell(struct job *job, int i, struct raster *raster, struct image_grid *grid,
		     struct err *err)
{
	const struct sample *sample = &job->samples[i];
	struct scanner *scanner = scanner_new(&job->settings[i], job->of->size_px);
	struct image picture = image_from_drawing(raster, &sample->drawing, sample->font);
	struct shown shown;
	int rc = scanner_run(scanner, sample, &picture, &shown, &job->arena, err);

	if (rc == 0)
		image_grid_place(grid, i, &shown.image);
	scanner_free(scanner);
	if (rc < 0)
		return -1;
	picture =
		draw_caption(raster, job->of->names[i], grid->cell_px, grid->foot_px, &job->arena);
	image_grid_place_foot(grid, i, &picture);
	return 0;
}

static int fill_grid(struct job *job, struct image_grid *grid, struct err *err)
{
	struct raster *raster = raster_new(job->of->size_px, err);
	int rc = raster ? 0 : -1;

	for (int i = 0; i < job->of->count && rc == 0; i++)
		rc = fill_cell(job, i, raster, grid, err);
	raster_free(raster);
	return rc;
}

static int write_grid(struct job *job, const char *png_path, struct err *err)
{
	int count = job->of->count, columns = 1, foot_px = job->of->size_px / FOOT_SHARE;
	struct png_encoder *encoder;
	struct image_grid grid;
	int rc;

	while (columns * columns < count)
		columns++;
	if (foot_px < FOOT_LEAST_PX)
		foot_px = FOOT_LEAST_PX;
	if (image_grid_new(&grid, columns, (count + columns - 1) / columns, job->of->size_px,
			   foot_px, err) < 0)
		return -1;
	rc = fill_grid(job, &grid, err);
	if (rc == 0) {
		encoder = png_encoder_new(PNG_LEVEL);
		rc = image_write_png(&grid.image, png_path, encoder, err);
		png_encoder_free(encoder);
	}
	image_grid_free(&grid);
	return rc;
}

static int load_job(struct job *job, struct err *err)
{
	const struct styles_sheet *of = job->of;
	uint32_t words = 0;

	for (int i = 0; i < of->count; i++)
		words |= style_words(&of->sheets[i].lettering);
	job->typefaces = typefaces_load(words, TYPEFACE_FOLDER, err);
	if (!job->typefaces)
		return -1;
	for (int i = 0; i < of->count; i++) {
		struct sample_settings *s = &job->settings[i];

		s->seed = of->seed;
		s->scene.size_px = of->size_px;
		s->scene.max_overlap = MAX_OVERLAP;
		s->scene.weight[of->family] = 1;
		s->style = of->sheets[i];
		s->typefaces = job->typefaces;
		s->legible_px = of->size_px;
	}
	return 0;
}

int styles_sheet_write(const struct styles_sheet *sheet, const char *png_path, struct err *err)
{
	struct job job = {.of = sheet};
	int rc;

	job.settings = mem_alloc((size_t)sheet->count, sizeof(*job.settings));
	job.samples = mem_alloc((size_t)sheet->count, sizeof(*job.samples));
	rc = load_job(&job, err);
	if (rc == 0)
		rc = find_scene(&job, err);
	if (rc == 0)
		rc = write_grid(&job, png_path, err);
	typefaces_free(job.typefaces);
	arena_free(&job.arena);
	free(job.settings);
	free(job.samples);
	return rc;
}
