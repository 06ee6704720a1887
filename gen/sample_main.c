/* SPDX-License-Identifier: MIT */
/*
 * Streams: "scene" and "draft" depend on the sub-seed, so that a redrawn scene is a new one; "style"
 * and "prompt" do not, so that they stay when a scene is redrawn. The style comes first: what room
 * its lettering, dimension lines and frame take decides how much a scene may show.
 */
#include <config.h>

#include <inttypes.h>
#include <math.h>

#include "gen/program_from_scene.h"
#include "gen/sample_main.h"
#include "render/draft.h"

#define ATTEMPTS_MAX 1000
#define FRAME_UM 34000 /* 20 mm filing margin, 10 mm on the other side, 2 mm inside each */
#define ROW_TEXTS 1.6  /* text heights from row to row at least, as the drafter keeps them */

static int64_t um_from_mm(double mm)
{
	return (int64_t)floor(mm * 1000 + 0.5);
}

/* The height of the smallest digits over that of all others. */
static double smallest_ratio(const struct style *style)
{
	bool stacked = style->tolerance == STYLE_TOLERANCE_DEVIATIONS ||
		       style->tolerance == STYLE_TOLERANCE_LIMITS;

	return stacked && style->tolerance_share > 0 ? style->deviation_ratio : 1;
}

struct scene_params scene_params_for(const struct sample_settings *settings,
				     const struct style *style)
{
	struct scene_params params = settings->scene;

	params.unit = style->unit == STYLE_UNIT_INCH ? UNIT_INCH : UNIT_MM;
	params.digit_um = um_from_mm(style->text_mm * smallest_ratio(style));
	params.text_um = um_from_mm(style->text_mm);
	params.offset_um = um_from_mm(style->first_offset_mm);
	params.spacing_um = um_from_mm(max2(style->spacing_mm, ROW_TEXTS * style->text_mm));
	params.frame_um = style->frame == STYLE_FRAME_NONE ? 0 : FRAME_UM;
	return params;
}

struct style sample_style(const struct sample_settings *settings, uint64_t index)
{
	struct rng rng = rng_stream(settings->seed, index, "style", 0);

	return style_from_sheet(&settings->style, &rng);
}

static int draft(struct sample *sample, const struct sample_settings *settings, struct arena *arena)
{
	struct rng prompt_rng = rng_stream(settings->seed, sample->index, "prompt", 0);
	struct rng draft_rng =
		rng_stream(settings->seed, sample->index, "draft", sample->scene.attempt);
	const struct prompts *prompts = settings->prompts;

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
	struct scene_params params;

	sample->index = index;
	sample->style = sample_style(settings, index);
	params = scene_params_for(settings, &sample->style);
	for (uint32_t attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
		struct rng rng = rng_stream(settings->seed, index, "scene", attempt);

		arena_reset(arena);
		scene_from_seed(&sample->scene, &params, &rng, arena);
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
	enum unit unit;

	sample->index = index;
	sample->style = sample_style(settings, index);
	unit = scene_params_for(settings, &sample->style).unit;
	if (scene->unit != unit)
		return err_set(err, ERR_UNSUPPORTED, "the scene is in %s, the style's unit is %s",
			       unit_name(scene->unit), unit_name(unit));
	sample->scene = *scene;
	if (draft(sample, settings, arena) < 0)
		return err_set(err, ERR_LIMIT, "the scene's dimensions do not fit on its sheet");
	return 0;
}
