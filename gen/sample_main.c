/* SPDX-License-Identifier: MIT */
/*
 * Streams: "scene", "draft" and "exception" (of single dimensions from the style) depend on the
 * sub-seed, so that a redrawn scene is a new one; "style" and "prompt" do not, so that they stay when
 * a scene is redrawn.
 */
#include <config.h>

#include <inttypes.h>

#include "gen/program_from_scene.h"
#include "gen/sample_main.h"
#include "render/draft.h"

#define ATTEMPTS_MAX 1000
#define FRAME_UM 34000 /* 20 mm filing margin, 10 mm on the other side, 2 mm inside each */

static bool can_be_framed(const struct style_choice *frame)
{
	uint32_t words = frame->share > 0 ? frame->usual | frame->fault : frame->usual;

	return (words & ~(1u << STYLE_FRAME_NONE)) != 0;
}

/* Two drawings of three have less. */
static int64_t usual_um(const struct style_value *value)
{
	return (value->usual.lo + 2 * value->usual.hi) / 3;
}

/* Whether some size may bear a tolerance so written. */
static bool may_be_toleranced(const struct style_sheet *style, int word)
{
	const struct style_choice *c = &style->tolerance;
	uint32_t words = c->share > 0 || c->each > 0 ? c->usual | c->fault : c->usual;

	return style_highest(&style->tolerance_share) > 0 && (words >> word & 1);
}

void scene_params_from_style(struct scene_params *params, const struct style_sheet *style)
{
	int64_t ratio = 1000;

	params->unit = style->unit.usual == 1u << STYLE_UNIT_INCH ? UNIT_INCH : UNIT_MM;
	params->digit_um = style_lowest(&style->text_mm);
	if (may_be_toleranced(style, STYLE_TOLERANCE_DEVIATIONS))
		ratio = style_lowest(&style->deviation_ratio);
	if (may_be_toleranced(style, STYLE_TOLERANCE_LIMITS) &&
	    style_lowest(&style->limits_ratio) < ratio)
		ratio = style_lowest(&style->limits_ratio);
	params->digit_um = params->digit_um * ratio / 1000;
	params->text_um = style_highest(&style->text_mm);
	params->offset_um = style_highest(&style->first_offset_mm);
	params->frame_um = can_be_framed(&style->frame) ? FRAME_UM : 0;
	params->spacing_um = style_highest(&style->spacing_mm);
	if (params->spacing_um < params->text_um * 8 / 5) /* as the drafter keeps rows apart */
		params->spacing_um = params->text_um * 8 / 5;
	params->usual_text_um = usual_um(&style->text_mm);
	params->usual_offset_um = usual_um(&style->first_offset_mm);
	params->usual_spacing_um = usual_um(&style->spacing_mm);
}

static int draft(struct sample *sample, const struct sample_settings *settings, struct arena *arena)
{
	struct rng style_rng = rng_stream(settings->seed, sample->index, "style", 0);
	struct rng prompt_rng = rng_stream(settings->seed, sample->index, "prompt", 0);
	struct rng draft_rng =
		rng_stream(settings->seed, sample->index, "draft", sample->scene.attempt);
	struct rng exception_rng =
		rng_stream(settings->seed, sample->index, "exception", sample->scene.attempt);
	const struct prompts *prompts = settings->prompts;

	sample->style = style_from_sheet(&settings->style, &style_rng);
	style_add_exceptions(&sample->style, &settings->style, sample->scene.dimension_count,
			     &exception_rng, arena);
	if (!prompts)
		prompts = prompts_builtin(sample->scene.family);
	sample->prompt = prompts->text[rng_below(&prompt_rng, (uint32_t)prompts->count)];
	sample->program = program_from_scene(&sample->scene);
	return drawing_from_scene(&sample->drawing, &sample->scene, &sample->style, settings->font,
				  &draft_rng, arena);
}

int sample_from_index(struct sample *sample, const struct sample_settings *settings, uint64_t index,
		      struct arena *arena, struct err *err)
{
	for (uint32_t attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
		struct rng rng = rng_stream(settings->seed, index, "scene", attempt);

		arena_reset(arena);
		sample->index = index;
		scene_from_seed(&sample->scene, &settings->scene, &rng, arena);
		sample->scene.attempt = attempt;
		if (draft(sample, settings, arena) == 0)
			return 0;
	}
	return err_set(err, ERR_LIMIT,
		       "sample %" PRIu64 ": no scene could be laid out in %d tries; "
		       "a larger --size or smaller lettering leaves more room",
		       index, ATTEMPTS_MAX);
}

int sample_from_scene(struct sample *sample, const struct sample_settings *settings,
		      const struct scene *scene, uint64_t index, struct arena *arena,
		      struct err *err)
{
	if ((int)scene->unit != (int)settings->scene.unit)
		return err_set(err, ERR_UNSUPPORTED, "the scene is in %s, the style's unit is %s",
			       unit_name(scene->unit), unit_name(settings->scene.unit));
	sample->index = index;
	sample->scene = *scene;
	if (draft(sample, settings, arena) < 0)
		return err_set(err, ERR_LIMIT, "the scene's dimensions do not fit on its sheet");
	return 0;
}
