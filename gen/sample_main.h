/* SPDX-License-Identifier: MIT */
/*
 * sample_main: one sample, from its number to its drawing: where stages 1 to 3 are joined.
 *
 *	struct sample sample;
 *	if (sample_from_index(&sample, &settings, 42, &arena, &err) < 0) ...
 *	image = image_from_drawing(raster, &sample.drawing, sample.font);
 */
#ifndef GEN_SAMPLE_MAIN_H
#define GEN_SAMPLE_MAIN_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "fonts/font.h"
#include "fonts/typefaces.h"
#include "formats/dataset/prompts.h"
#include "formats/drawing/drawing.h"
#include "formats/program/program.h"
#include "formats/scene/scene.h"
#include "formats/scene/style.h"
#include "formats/scene/style_mix.h"
#include "gen/scene/scene_from_seed.h"

/* All that decides a sample but its number. Read-only while samples are made. */
struct sample_settings {
	uint64_t seed;
	struct scene_params scene;   /* weights, size_px, max_overlap; each style says the rest */
	struct style_sheet style;    /* of all samples, */
	const struct style_mix *mix; /* unless this is not NULL: each draws its own from it */
	const struct font *font;     /* NULL: what the style's lettering says */
	const struct typefaces *typefaces; /* those that the style may say */
	const struct prompts *prompts;     /* NULL: those built in for each family */

	/* Of pictures that show scenes from elsewhere, the longer side: their digits must be
	 * SCENE_DIGIT_PX high. 0: any height will do. */
	int64_t legible_px;

	bool require_legible; /* no number of a dimension may be lost in degradation */
};

struct sample {
	uint64_t index;
	struct scene scene;
	struct program program;
	const struct style_sheet *sheet; /* the settings', of this sample */
	struct style style;              /* drawn from it */
	const struct font *font;
	struct drawing drawing;
	const char *prompt;
};

/* The sheet of the sample, from a stream of its own. */
const struct style_sheet *sample_sheet(const struct sample_settings *settings, uint64_t index);

/* The same for a scene of that unit: the sample's, where it is of the unit, else another that is; NULL
 * where none is. */
const struct style_sheet *sample_sheet_of_unit(const struct sample_settings *settings,
					       uint64_t index, enum unit unit);

/* How the sample is drawn in its sheet; `another` counts styles thrown away before this one. */
struct style sample_style(const struct sample_settings *settings, const struct style_sheet *sheet,
			  uint64_t index, int another);

/* Who letters the sample in that style; `another` counts styles thrown away. In the arena. */
const struct font *sample_font(const struct sample_settings *settings, const struct style *style,
			       uint64_t index, int another, struct arena *arena);

/* The scene's parameters under that style: its unit, how small its digits are, what room it takes. */
struct scene_params scene_params_for(const struct sample_settings *settings,
				     const struct style *style);

/* Draws scenes from sub-seeds 0, 1, ... until one can be laid out; sample->scene.attempt says which.
 * Everything lives in the arena, which is reset first. ERR_LIMIT after too many tries: the settings
 * leave no room. */
int sample_from_index(struct sample *sample, const struct sample_settings *settings, uint64_t index,
		      struct arena *arena, struct err *err);

/* The same from a given scene, whose arrays are borrowed. Where the scene cannot be laid out in the
 * sample's style, others are drawn from the style sheet; ERR_LIMIT where it fits none, ERR_UNSUPPORTED
 * where no sheet is of its unit. prompt and program are the settings' and the scene's. */
int sample_from_scene(struct sample *sample, const struct sample_settings *settings,
		      const struct scene *scene, uint64_t index, struct arena *arena,
		      struct err *err);

#endif
