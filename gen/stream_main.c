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
#include "render/draft/practice.h"
#include "render/paint/raster.h"

/* Where a sample cannot be laid out, number + 2^48 takes its place, then + 2 * 2^48, ... */
#define SUBSTITUTE_BIT 48
#define SUBSTITUTES 16

struct thread {
	struct arena arena;
	struct raster *raster;
	struct scanner *scanner;
	struct sample made;
	struct shown shown;
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
	for (int i = 0; i < s->count; i++) {
		s->threads[i].raster = raster_new((int)o->size_px, err);
		s->threads[i].scanner = scanner_new(&s->sample, o->size_px);
		if (!s->threads[i].raster)
			return -1;
	}
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
	raster_free(t->raster);
	scanner_free(t->scanner);
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

/* Small sheets have no room for some scenes of some styles, and a stream cannot end there. */
static int lay_out(struct stream *s, struct thread *t, uint64_t index, struct err *err)
{
	struct err why;
	int rc = -1;

	for (uint64_t i = 0; i < SUBSTITUTES && rc < 0; i++) {
		rc = sample_from_index(&t->made, &s->sample, index + (i << SUBSTITUTE_BIT),
				       &t->arena, &why);
		if (rc < 0 && why.code != ERR_LIMIT)
			break;
	}
	return rc < 0 ? err_set(err, why.code, "%s", why.msg) : 0;
}

int stream_read(struct stream *stream, int thread, uint64_t index, bool practice,
		struct stream_sample *sample, struct err *err)
{
	struct thread *t = &stream->threads[thread];
	struct sample *made = &t->made; /* annotations point into it */
	struct image clean;
	struct rng rng;

	if (lay_out(stream, t, index, err) < 0)
		return -1;
	if (practice) {
		rng = rng_stream(stream->settings.seed, index, "practice", 0);
		practice_letter(&made->drawing, made->font, &rng, &t->arena);
	}
	clean = image_from_drawing(t->raster, &made->drawing, made->font);
	if (scanner_run(t->scanner, made, &clean, &t->shown, &t->arena, err) < 0)
		return -1;
	buf_clear(&t->program);
	program_write(&made->program, stream->settings.language, &t->program);
	*sample = (struct stream_sample){t->shown.image, &t->shown.annotations, made->prompt,
					 t->program.data};
	return 0;
}
