/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "gen/stream_main.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "gen/options_main.h"
#include "gen/sample_main.h"
#include "gen/scan_main.h"
#include "gen/styles_folder_main.h"
#include "render/raster.h"

/* Of pictures of one size; NULL until there is one. */
struct press {
	struct sample_settings settings;
	struct raster *raster;
	struct scanner *scanner;
};

struct thread {
	struct arena arena;
	struct press presses[STREAM_STEPS + 1];
	struct buf program;
};

struct stream {
	struct stream_settings settings;
	struct sample_settings sample;
	struct arena arena; /* of the mix */
	struct style_mix mix;
	struct typefaces *typefaces;
	struct thread *threads;
	int count;
};

static int load(struct stream *s, struct err *err)
{
	const struct stream_settings *o = &s->settings;
	struct style_sheet iso = style_iso();

	if (!o->style)
		s->mix = style_mix_of(&iso, &s->arena);
	else if (styles_load(&s->mix, o->style, &s->arena, err) < 0)
		return -1;
	s->typefaces = typefaces_load(style_mix_lettering(&s->mix), TYPEFACE_FOLDER, err);
	if (!s->typefaces)
		return -1;
	s->sample = (struct sample_settings){
		.seed = o->seed,
		.scene = {.size_px = o->size_px, .max_overlap = options_default().max_overlap},
		.mix = &s->mix,
		.typefaces = s->typefaces};
	memcpy(s->sample.scene.weight, o->family, sizeof(o->family));
	return 0;
}

struct stream *stream_new(const struct stream_settings *settings, int threads, struct err *err)
{
	struct stream *s;

	if (families_check_language(settings->family, settings->language, err) < 0)
		return NULL;
	s = mem_alloc(1, sizeof(*s));
	s->settings = *settings;
	s->threads = mem_alloc((size_t)threads, sizeof(*s->threads));
	s->count = threads;
	if (load(s, err) == 0)
		return s;
	stream_free(s);
	return NULL;
}

static void free_thread(struct thread *t)
{
	for (int i = 0; i <= STREAM_STEPS; i++) {
		raster_free(t->presses[i].raster);
		scanner_free(t->presses[i].scanner);
	}
	buf_free(&t->program);
	arena_free(&t->arena);
}

void stream_free(struct stream *stream)
{
	if (!stream)
		return;
	for (int i = 0; i < stream->count; i++)
		free_thread(&stream->threads[i]);
	free(stream->threads);
	typefaces_free(stream->typefaces);
	arena_free(&stream->arena);
	free(stream);
}

static int open_press(struct stream *s, struct press *press, int step, struct err *err)
{
	int64_t px = s->settings.size_px * (STREAM_STEPS + step) / (2 * STREAM_STEPS);

	if (press->raster)
		return 0;
	press->settings = s->sample;
	press->settings.scene.size_px = px;
	press->raster = raster_new((int)px, err);
	press->scanner = scanner_new(&press->settings, px);
	return press->raster ? 0 : -1;
}

static int make_sample(struct stream *s, struct thread *t, uint64_t index, int step,
		       struct stream_sample *sample, struct err *err)
{
	struct press *press = &t->presses[step];
	struct sample made;
	struct image clean;
	struct shown shown;

	if (open_press(s, press, step, err) < 0 ||
	    sample_from_index(&made, &press->settings, index, &t->arena, err) < 0)
		return -1;
	clean = image_from_drawing(press->raster, &made.drawing, made.font);
	if (scanner_run(press->scanner, &made, &clean, &shown, &t->arena, err) < 0)
		return -1;
	buf_clear(&t->program);
	program_write(&made.program, s->settings.language, &t->program);
	*sample = (struct stream_sample){shown.image, made.prompt, t->program.data};
	return 0;
}

int stream_read(struct stream *stream, int thread, uint64_t index, int step,
		struct stream_sample *sample, struct err *err)
{
	struct err why;
	int rc;

	do {
		rc = make_sample(stream, &stream->threads[thread], index, step, sample, &why);
	} while (rc < 0 && why.code == ERR_LIMIT && step++ < STREAM_STEPS);
	return rc < 0 ? err_set(err, why.code, "%s", why.msg) : 0;
}
