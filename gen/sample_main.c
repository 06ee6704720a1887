/* SPDX-License-Identifier: MIT */
/*
 * Streams: "scene" and "draft" depend on the sub-seed, so that a redrawn scene is a new one; "style"
 * and "prompt" do not, so that they stay when a scene is redrawn.
 */
#include <config.h>

#include <inttypes.h>

#include "gen/program_from_scene.h"
#include "gen/sample_main.h"
#include "render/draft.h"

#define ATTEMPTS_MAX 1000
/* Height of the usual title blocks, in the order of STYLE_TITLE_... */
static const int64_t title_um[] = {0, 52000, 50000, 55000, 16000};

#define FRAME_UM 34000 /* 20 mm filing margin, 10 mm on the other side, 2 mm inside each */

static bool can_be_framed(const struct style_choice *frame)
{
	uint32_t words = frame->share > 0 ? frame->usual | frame->fault : frame->usual;

	return (words & ~(1u << STYLE_FRAME_NONE)) != 0;
}

/* The highest title block that is usual in the style. */
static int64_t usual_title_um(const struct style_choice *title)
{
	int64_t um = 0;

	for (int word = STYLE_TITLE_NONE; word <= STYLE_TITLE_SCHOOL; word++)
		if (title->usual & 1u << word && title_um[word] > um)
			um = title_um[word];
	return um;
}

/* Two drawings of three have less. */
static int64_t usual_um(const struct style_value *value)
{
	return (value->usual.lo + 2 * value->usual.hi) / 3;
}

void scene_params_from_style(struct scene_params *params, const struct style_sheet *style)
{
	const uint32_t stacked = 1u << STYLE_TOLERANCE_DEVIATIONS | 1u << STYLE_TOLERANCE_LIMITS;
	int64_t ratio = 1000;

	params->unit = style->unit.usual == 1u << STYLE_UNIT_INCH ? UNIT_INCH : UNIT_MM;
	params->digit_um = style_lowest(&style->text_mm);
	if (style_highest(&style->tolerance_share) > 0 &&
	    ((style->tolerance.usual & stacked) ||
	     (style->tolerance.share > 0 && (style->tolerance.fault & stacked))))
		ratio = style_lowest(&style->deviation_ratio);
	params->digit_um = params->digit_um * ratio / 1000;
	params->text_um = style_highest(&style->text_mm);
	params->offset_um = style_highest(&style->first_offset_mm);
	params->frame_um = can_be_framed(&style->frame) ? FRAME_UM : 0;
	params->title_um = usual_title_um(&style->title_block);
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
	const struct prompts *prompts = settings->prompts;

	sample->style = style_from_sheet(&settings->style, &style_rng);
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
