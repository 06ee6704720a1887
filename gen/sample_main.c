/* SPDX-License-Identifier: MIT */
/*
 * Streams: "mix" draws the sample's sheet, "style" its style from that; "scene" and "draft" depend on
 * the sub-seed, so that a redrawn scene is a new one; the others, with "writer", "hand" and "prompt", do
 * not, so that they stay when a scene is redrawn. The style comes first: what room
 * its lettering, dimension lines and frame take decides how much a scene may show. Which dimensions
 * break its rules alone is the draft's.
 */
#include <config.h>

#include <inttypes.h>
#include <math.h>

#include "gen/sample_main.h"
#include "gen/scene/program_from_scene.h"
#include "render/draft/draft.h"
#include "render/hand/traces.h"

#define ATTEMPTS_MAX 1000
#define STYLES_TRIED 24 /* for a scene that does not fit the first */
#define STYLES_PLAIN 8  /* of them as they are drawn; then lettering and rows shrink: */
#define TIGHT 0.97      /* each over the one before */
#define FRAME_UM 34000  /* 20 mm filing margin, 10 mm on the other side, 2 mm inside each */
#define WHOLE_UM 1e-6   /* what binary fractions may take from a whole micrometre */
#define ROW_TEXTS 1.6   /* text heights from row to row at least, as the drafter keeps them */

/* Height of the title blocks, in the order of STYLE_TITLE_... */
static const int64_t title_um[] = {0, 52000, 50000, 55000, 16000};

static int64_t um_from_mm(double mm)
{
	return (int64_t)floor(mm * 1000 + 0.5);
}

struct scene_params scene_params_for(const struct sample_settings *settings,
				     const struct style *style)
{
	struct scene_params params = settings->scene;

	params.unit = style->unit == STYLE_UNIT_INCH ? UNIT_INCH : UNIT_MM;
	/* not to the nearest: half a micrometre too much, and they may be less high than they must be */
	params.digit_um = (int64_t)floor(1000 * style_lowest_digits_mm(style) + WHOLE_UM);
	params.text_um = um_from_mm(style->text_mm);
	params.places = style->decimals; /* 0: as few as there are */
	params.arrow_um = um_from_mm(style->arrow_mm);
	params.offset_um = um_from_mm(style->first_offset_mm);
	params.spacing_um = um_from_mm(max2(style->spacing_mm, ROW_TEXTS * style->text_mm));
	params.frame_um = style->frame == STYLE_FRAME_NONE ? 0 : FRAME_UM;
	params.title_um = title_um[style->title_block];
	return params;
}

const struct style_sheet *sample_sheet(const struct sample_settings *settings, uint64_t index)
{
	struct rng rng = rng_stream(settings->seed, index, "mix", 0);

	return settings->mix ? style_sheet_from_mix(settings->mix, &rng) : &settings->style;
}

static enum unit sheet_unit(const struct style_sheet *sheet)
{
	return style_sheet_unit(sheet) == STYLE_UNIT_INCH ? UNIT_INCH : UNIT_MM;
}

/* A sample's own scene is of its sheet's unit, so that it gets the same sheet back. */
const struct style_sheet *sample_sheet_of_unit(const struct sample_settings *settings,
					       uint64_t index, enum unit unit)
{
	const struct style_sheet *sheet = sample_sheet(settings, index);
	struct rng rng = rng_stream(settings->seed, index, "mix", 1);

	if (sheet_unit(sheet) == unit)
		return sheet;
	if (!settings->mix)
		return NULL;
	return style_sheet_of_unit(settings->mix,
				   unit == UNIT_INCH ? STYLE_UNIT_INCH : STYLE_UNIT_MM, &rng);
}

struct style sample_style(const struct sample_settings *settings, const struct style_sheet *sheet,
			  uint64_t index, int another)
{
	struct rng rng = rng_stream(settings->seed, index, "style", (uint32_t)another);

	return style_from_sheet(sheet, &rng);
}

const struct font *sample_font(const struct sample_settings *settings, const struct style *style,
			       uint64_t index, int another, struct arena *arena)
{
	struct rng rng = rng_stream(settings->seed, index, "writer", (uint32_t)another);

	if (settings->font)
		return settings->font;
	return typefaces_font(settings->typefaces, style->lettering, &rng, arena);
}

static int draft(struct sample *sample, const struct sample_settings *settings, struct rng *rng,
		 struct arena *arena)
{
	struct rng prompt_rng = rng_stream(settings->seed, sample->index, "prompt", 0);
	struct rng hand_rng = rng_stream(settings->seed, sample->index, "hand", 0);
	const struct prompts *prompts = settings->prompts;

	if (!prompts)
		prompts = prompts_builtin(sample->scene.family);
	sample->prompt = prompts->text[rng_below(&prompt_rng, (uint32_t)prompts->count)];
	sample->program = program_from_scene(&sample->scene);
	style_add_exceptions(&sample->style, sample->sheet, sample->scene.dimension_count, rng,
			     arena);
	if (drawing_from_scene(&sample->drawing, &sample->scene, &sample->style, sample->font, rng,
			       arena) < 0)
		return -1;
	traces_from_drawing(&sample->drawing, &sample->style, &hand_rng, arena);
	return 0;
}

int sample_from_index(struct sample *sample, const struct sample_settings *settings, uint64_t index,
		      struct arena *arena, struct err *err)
{
	struct scene_params params;

	sample->index = index;
	sample->sheet = sample_sheet(settings, index);
	sample->style = sample_style(settings, sample->sheet, index, 0);
	params = scene_params_for(settings, &sample->style);
	for (uint32_t attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
		struct rng rng = rng_stream(settings->seed, index, "scene", attempt);

		arena_reset(arena);
		scene_from_seed(&sample->scene, &params, &rng, arena);
		sample->scene.attempt = attempt;
		sample->font = sample_font(settings, &sample->style, index, 0, arena);
		rng = rng_stream(settings->seed, index, "draft", attempt);
		if (draft(sample, settings, &rng, arena) == 0)
			return 0;
	}
	return err_set(err, ERR_LIMIT,
		       "sample %" PRIu64 ": no scene could be laid out in %d tries; "
		       "a larger --size or smaller lettering leaves more room",
		       index, ATTEMPTS_MAX);
}

/* Smaller lettering, and rows nearer to the view and each other. */
static void tighten(struct style *style, double by, double least_text_mm)
{
	double text_mm = max2(style->text_mm * by, STYLE_LEAST_text_mm / 1000.0);

	style->text_mm = max2(text_mm, min2(style->text_mm, least_text_mm));
	style->arrow_mm = max2(style->arrow_mm * by, STYLE_LEAST_arrow_mm / 1000.0);
	style->first_offset_mm =
		max2(style->first_offset_mm * by, STYLE_LEAST_first_offset_mm / 1000.0);
	style->spacing_mm = max2(style->spacing_mm * by, STYLE_LEAST_spacing_mm / 1000.0);
}

/* How high the smallest digits must be on the scene's sheet for a picture of that size. */
static double least_digit_um(const struct scene *scene, int64_t size_px)
{
	int64_t longest_um =
		scene->sheet_um[0] > scene->sheet_um[1] ? scene->sheet_um[0] : scene->sheet_um[1];

	return size_px ? (double)(SCENE_DIGIT_PX * longest_um) / (double)size_px : 0;
}

/* What text_mm makes them so high: they are a part of it. Rows may still come nearer then. */
static double least_text_mm(const struct sample_settings *settings, const struct style *style,
			    double least_um)
{
	struct scene_params params = scene_params_for(settings, style);

	return (least_um + 1) * style->text_mm / (double)params.digit_um;
}

int sample_from_scene(struct sample *sample, const struct sample_settings *settings,
		      const struct scene *scene, uint64_t index, struct arena *arena,
		      struct err *err)
{
	struct arena_mark mark = arena_mark(arena);
	double least_um = least_digit_um(scene, settings->legible_px);
	bool legible = false;

	sample->index = index;
	sample->scene = *scene;
	sample->sheet = sample_sheet_of_unit(settings, index, scene->unit);
	if (!sample->sheet)
		return err_set(err, ERR_UNSUPPORTED, "the scene is in %s, the style's unit is %s",
			       unit_name(scene->unit),
			       unit_name(scene->unit == UNIT_MM ? UNIT_INCH : UNIT_MM));
	for (int i = 0; i < STYLES_TRIED; i++) {
		struct rng rng = i == 0 ? rng_stream(settings->seed, index, "draft", scene->attempt)
					: rng_stream(settings->seed, index, "redraft", (uint32_t)i);
		struct scene_params params;

		sample->style = sample_style(settings, sample->sheet, index, i);
		if (i >= STYLES_PLAIN)
			tighten(&sample->style, pow(TIGHT, i - STYLES_PLAIN + 1),
				least_text_mm(settings, &sample->style, least_um));
		params = scene_params_for(settings, &sample->style);
		if ((double)params.digit_um < least_um)
			continue;
		legible = true;
		arena_release(arena, mark);
		sample->font = sample_font(settings, &sample->style, index, i, arena);
		if (draft(sample, settings, &rng, arena) == 0)
			return 0;
	}
	return legible ? err_set(err, ERR_LIMIT, "the scene's dimensions do not fit on its sheet")
		       : err_set(err, ERR_LIMIT,
				 "the scene's sheet is too large for digits of %d px in pictures "
				 "of "
				 "%" PRId64 "; a larger --size shows them",
				 SCENE_DIGIT_PX, settings->legible_px);
}
