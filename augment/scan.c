/* SPDX-License-Identifier: MIT */
/*
 * Order:	sheet:	INK PAPER SHEET COPY
 *		moved:	what WARP and BOTH do to places, all at once
 *		picture: grain, POSE CAMERA SCANNER
 */
#include <config.h>

#include "augment/degrade.h"
#include "augment/scan.h"

enum phase { INK, PAPER, SHEET, COPY, POSE, CAMERA, SCANNER };

static const struct step {
	enum phase phase;
	degrade_entry degrade; /* NULL: it only moves */
} steps[] = {
#define STEP_WARP(name) NULL
#define STEP_PIXELS(name) degrade_##name
#define STEP_BOTH(name) degrade_##name
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
		    steps[i].degrade)
			steps[i].degrade(canvas, recipe);
}

void scan_from_image(struct scan *out, struct canvas *canvas, const struct image *clean,
		     const struct recipe *recipe, double px_per_mm, struct arena *arena)
{
	out->warp = warp_from_recipe(recipe, clean->width, clean->height, px_per_mm, arena);
	canvas->arena = arena;
	canvas_load(canvas, clean, px_per_mm);
	run_steps(canvas, recipe, INK, COPY);
	warp_canvas(&out->warp, canvas);
	if (canvas->grain > 0)
		degrade_grain(canvas);
	run_steps(canvas, recipe, POSE, SCANNER);
	out->image = canvas_store(canvas);
}
