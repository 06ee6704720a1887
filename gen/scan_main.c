/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>

#include "augment/legibility.h"
#include "augment/scan.h"
#include "base/mem.h"
#include "gen/scan_main.h"

#define ATTEMPTS_MAX 200

struct scanner {
	const struct sample_settings *settings;
	int size_px;
	struct canvas *canvas; /* NULL: nothing was degraded so far */
};

struct scanner *scanner_new(const struct sample_settings *settings, int64_t size_px)
{
	struct scanner *s = mem_alloc(1, sizeof(*s));

	s->settings = settings;
	s->size_px = (int)size_px;
	return s;
}

void scanner_free(struct scanner *s)
{
	if (!s)
		return;
	canvas_free(s->canvas);
	free(s);
}

void scanner_run_attempt(struct scanner *s, const struct sample *sample, const struct image *clean,
			 int attempt, struct shown *out, struct arena *arena)
{
	const struct degradation_sheet *degradation = &sample->sheet->degradation;
	const struct drawing *d = &sample->drawing;
	double px_per_mm = s->size_px / max2(d->width_mm, d->height_mm);
	struct recipe recipe;
	struct scan scan;

	*out = (struct shown){.image = *clean};
	out->annotations = annotations_from_drawing(d, &sample->scene, s->size_px, arena);
	if (!degradation_any(degradation))
		return;
	if (!s->canvas)
		s->canvas = canvas_new(s->size_px, s->size_px);
	recipe =
		recipe_from_sheet(degradation, s->settings->seed, sample->index, (uint32_t)attempt);
	scan_from_image(&scan, s->canvas, clean, &out->annotations, &recipe, px_per_mm, arena);
	out->image = scan.image;
	out->annotations.scan_attempt = attempt;
	out->lost = legibility_measure(&out->annotations, clean, &scan);
	warp_annotations(&scan.warp, &out->annotations, arena);
}

int scanner_run(struct scanner *s, const struct sample *sample, const struct image *clean,
		struct shown *out, struct arena *arena, struct err *err)
{
	struct arena_mark mark = arena_mark(arena);

	for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
		arena_release(arena, mark);
		scanner_run_attempt(s, sample, clean, attempt, out, arena);
		if (out->lost == 0 || !s->settings->require_legible)
			return 0;
	}
	return err_set(err, ERR_LIMIT,
		       "sample %" PRIu64 ": a number was lost in each of %d scans; "
		       "a larger --size or a gentler style keeps them",
		       sample->index, ATTEMPTS_MAX);
}
