/* SPDX-License-Identifier: MIT */
/*
 * Order:	sheet:	INK PAPER SHEET COPY
 *		moved:	what WARP and BOTH do to places, all at once
 *		picture: grain, POSE CAMERA SCANNER, and TURN at last
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "augment/degrade.h"
#include "augment/paper_grid.h"
#include "augment/scan.h"

enum phase { INK, PAPER, SHEET, COPY, POSE, CAMERA, SCANNER };

static const struct step {
	enum phase phase;
	degrade_entry degrade; /* NULL: it only moves */
} steps[] = {
#define STEP_WARP(name) NULL
#define STEP_PIXELS(name) degrade_##name
#define STEP_BOTH(name) degrade_##name
#define STEP_TURN(name) NULL
#define E(name, phase, kind, legibility, source, about) {phase, STEP_##kind(name)},
#define P(entry, name, lo, hi, least, most, about)
	DEGRADATIONS(E, P)
#undef E
#undef P
};

static void run_steps(struct canvas *canvas, const struct recipe *recipe, enum phase first,
		      enum phase last)
{
	for (int i = 0; i < DEGRADATION_COUNT_; i++)
		if (recipe->on[i] && steps[i].phase >= first && steps[i].phase <= last &&
		    steps[i].degrade) {
			steps[i].degrade(canvas, recipe);
			arena_reset(canvas->arena);
		}
}

/* Where pixel (x, y) goes. */
static ptrdiff_t turned_offset(const struct image *from, const struct image *to, int x, int y,
			       int turns)
{
	struct vec p = warp_turn_point(vec(x + 0.5, y + 0.5), from->width, from->height, turns);

	return (ptrdiff_t)floor(p.y) * (ptrdiff_t)to->stride + (ptrdiff_t)floor(p.x) * to->channels;
}

static void copy_pixels(uint8_t *to, ptrdiff_t step, const uint8_t *from, int n, int channels)
{
	for (int x = 0; x < n; x++, to += step, from += channels)
		for (int k = 0; k < channels; k++)
			to[k] = from[k];
}

/* As warp_turn_point turns points; the pixels go to px. */
static struct image image_turned(const struct image *from, int turns, uint8_t *px)
{
	size_t n = (size_t)from->channels;
	bool aside = turns % 2;
	struct image to = *from;
	ptrdiff_t at, right, down;

	to.width = aside ? from->height : from->width;
	to.height = aside ? from->width : from->height;
	to.stride = (size_t)to.width * n;
	to.px = px;
	at = turned_offset(from, &to, 0, 0, turns);
	right = turned_offset(from, &to, 1, 0, turns) - at;
	down = turned_offset(from, &to, 0, 1, turns) - at;
	for (int y = 0; y < from->height; y++)
		copy_pixels(to.px + at + y * down, right, from->px + (size_t)y * from->stride,
			    from->width, from->channels);
	return to;
}

void scan_from_image(struct scan *out, struct canvas *canvas, const struct image *clean,
		     struct annotations *annotations, const struct recipe *recipe, double px_per_mm,
		     struct arena *arena)
{
	struct warp lying;

	out->warp = warp_from_recipe(recipe, clean->width, clean->height, px_per_mm, arena);
	lying = out->warp;
	lying.turns = 0;
	canvas->kept = arena;
	canvas->clean = clean;
	canvas->annotations = annotations;
	canvas_load(canvas, clean, px_per_mm);
	run_steps(canvas, recipe, INK, COPY);
	warp_canvas(&lying, canvas);
	arena_reset(canvas->arena);
	if (canvas->grain > 0)
		degrade_grain(canvas);
	run_steps(canvas, recipe, POSE, SCANNER);
	out->image = canvas_store(canvas);
	arena_reset(canvas->arena);
	if (annotations)
		paper_grid_annotate(annotations, recipe, &out->warp, px_per_mm, arena);
	canvas->warp = NULL;
	if (out->warp.turns) /* out of the room of the first plane into that of the second */
		out->image =
			image_turned(&out->image, out->warp.turns, (uint8_t *)canvas->plane[1]);
}
