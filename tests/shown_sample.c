/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "tests/shown_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "gen/scan_main.h"
#include "render/paint/raster.h"
#include "tests/sample_settings.h"
#include "trainer/train/picture.h"

struct shown_samples {
	struct sample_settings settings;
	int side;
	struct raster *raster;
	struct scanner *scanner;
	struct sample sample;
	struct arena sample_arena, arena;
	uint8_t *pixels;
};

struct shown_samples *shown_samples_open(uint64_t seed, enum family family, const char *style,
					 int side)
{
	struct shown_samples *s = mem_alloc(1, sizeof(*s));

	s->settings = test_sample_settings(seed, family, style, side);
	s->side = side;
	s->raster = raster_new(side, NULL);
	assert_non_null(s->raster);
	s->scanner = scanner_new(&s->settings, side);
	s->pixels = mem_alloc((size_t)side, (size_t)side);
	return s;
}

void shown_samples_close(struct shown_samples *s)
{
	raster_free(s->raster);
	scanner_free(s->scanner);
	arena_free(&s->sample_arena);
	arena_free(&s->arena);
	free(s->pixels);
	free(s);
}

struct shown_sample shown_sample(struct shown_samples *s, uint64_t index)
{
	const struct drawing *d = &s->sample.drawing;
	struct image clean;
	struct shown shown;
	struct err err = {0};

	if (sample_from_index(&s->sample, &s->settings, index, &s->sample_arena, &err) < 0)
		fail_msg("%s", err.msg);
	arena_reset(&s->arena);
	clean = image_from_drawing(s->raster, d, s->sample.font);
	scanner_run_attempt(s->scanner, &s->sample, &clean, 0, &shown, &s->arena);
	picture_fit(&shown.image, s->side, s->pixels);
	return (struct shown_sample){.sample = &s->sample,
				     .pixels = s->pixels,
				     .left = (s->side - shown.image.width) / 2,
				     .top = (s->side - shown.image.height) / 2,
				     .px_per_mm = s->side / max2(d->width_mm, d->height_mm) *
						  d->scale / d->unit_mm};
}
