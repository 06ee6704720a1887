/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "formats/dataset/dataset_facts.h"
#include "formats/drawing/annotations.h"
#include "gen/also_main.h"
#include "gen/item_main.h"
#include "gen/scan_main.h"
#include "render/paint/raster.h"

#define PNG_LEVEL 1

struct item_maker {
	const struct item_settings *settings;
	struct arena arena; /* of the sample */
	struct sample sample;
	struct raster *raster;
	struct scanner *scanner;
	struct png_encoder *encoder;
	struct numbers_maker *numbers;
	struct shown shown;
	struct buf picture, program, label, scene, annotations, also;
};

struct item_maker *item_maker_new(const struct item_settings *settings, struct err *err)
{
	struct item_maker *m = mem_alloc(1, sizeof(*m));

	m->settings = settings;
	m->raster = raster_new((int)settings->size_px, err);
	m->scanner = scanner_new(settings->sample, settings->size_px);
	m->encoder = png_encoder_new(PNG_LEVEL);
	if (settings->numbers)
		m->numbers = numbers_maker_new(settings->numbers);
	if (m->raster)
		return m;
	item_maker_free(m);
	return NULL;
}

void item_maker_free(struct item_maker *m)
{
	if (!m)
		return;
	arena_free(&m->arena);
	raster_free(m->raster);
	scanner_free(m->scanner);
	png_encoder_free(m->encoder);
	numbers_maker_free(m->numbers);
	buf_free(&m->picture);
	buf_free(&m->program);
	buf_free(&m->label);
	buf_free(&m->scene);
	buf_free(&m->annotations);
	buf_free(&m->also);
	free(m);
}

/* The sample in another style. */
static int draw_scene(struct item_maker *m, uint64_t index, const struct item_scene *from,
		      struct err *err)
{
	struct scene scene;

	arena_reset(&m->arena);
	if (scene_parse(&scene, "", from->line, strlen(from->line), &m->arena, err) < 0)
		return dataset_place_error(&from->place, err);
	if (sample_from_scene(&m->sample, m->settings->sample, &scene, index, &m->arena, err) < 0)
		return err_context(err, "sample %08" PRIu64, index);
	return 0;
}

static int encode_picture(struct item_maker *m, struct err *err)
{
	buf_clear(&m->picture);
	if (m->settings->picture == PICTURE_JPEG)
		return image_encode_jpeg(&m->shown.image, m->settings->jpeg_quality, &m->picture,
					 err);
	image_encode_png(&m->shown.image, m->encoder, &m->picture);
	return 0;
}

/* The same for equal labels in whatever language. */
static uint64_t hash_label(struct item_maker *m)
{
	buf_clear(&m->label);
	program_write(&m->sample.program, LANGUAGE_CALLS, &m->label);
	return dataset_hash(m->label.data, m->label.len);
}

static void write_texts(struct item_maker *m, uint64_t index)
{
	char id[32];

	snprintf(id, sizeof(id), "%08" PRIu64, index);
	buf_clear(&m->program);
	buf_clear(&m->scene);
	buf_clear(&m->annotations);
	program_write(&m->sample.program, m->settings->language, &m->program);
	scene_write(&m->sample.scene, &m->scene);
	annotations_write(&m->shown.annotations, id, &m->annotations);
}

int item_make(struct item_maker *m, uint64_t index, const struct item_scene *scene,
	      struct dataset_item *item, struct err *err)
{
	struct image clean;

	if (scene ? draw_scene(m, index, scene, err) < 0
		  : sample_from_index(&m->sample, m->settings->sample, index, &m->arena, err) < 0)
		return -1;
	clean = image_from_drawing(m->raster, &m->sample.drawing, m->sample.font);
	if (scanner_run(m->scanner, &m->sample, &clean, &m->shown, &m->arena, err) < 0 ||
	    encode_picture(m, err) < 0)
		return -1;
	write_texts(m, index);
	*item = (struct dataset_item){.index = index,
				      .prompt = m->sample.prompt,
				      .program = m->program.data,
				      .annotations = m->annotations.data,
				      .scene = m->scene.data,
				      .program_hash = hash_label(m),
				      .picture = m->picture.data,
				      .picture_bytes = m->picture.len,
				      .picture_format = m->settings->picture};
	numbers_make(m->numbers, &m->shown.image, item);
	return 0;
}

const struct sample *item_sample(const struct item_maker *m)
{
	return &m->sample;
}

int item_also(const struct sample *sample, enum dataset_also also, struct buf *out, struct err *err)
{
	return also_encode(also, &sample->drawing, &sample->scene, &sample->style, sample->font,
			   out, err);
}

int item_write_also(struct item_maker *m, const struct dataset *dataset, unsigned also,
		    struct err *err)
{
	char path[DATASET_PATH_BYTES];

	for (int i = 0; i < ALSO_COUNT_; i++) {
		enum dataset_also one = (enum dataset_also)i;

		if (!(also >> i & 1))
			continue;
		buf_clear(&m->also);
		dataset_also_path(dataset, one, m->sample.index, path);
		if (item_also(&m->sample, one, &m->also, err) < 0 ||
		    fs_write_unguarded(path, m->also.data, m->also.len, err) < 0)
			return -1;
	}
	return 0;
}
