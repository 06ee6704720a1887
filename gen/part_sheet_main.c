/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "gen/part_sheet_main.h"
#include "gen/scene/scene_part.h"
#include "gen/scene/scene_section.h"
#include "gen/scene/scene_views.h"
#include "render/draft/draft.h"
#include "render/hand/traces.h"

#define STYLES_TRIED 3
#define VIEW_TEXTS 8 /* the longest side of the part on its sheet, in text heights, at least */
#define PICTORIAL_SHARE 0.3
#define SECTION_SHARE 0.5 /* of parts of which one shows something */

static int look(struct part_sheet *s, const struct solid *solid, bool pictorial,
		struct arena *arena, struct err *err)
{
	bool first = s->style.projection == STYLE_PROJECTION_FIRST;
	const enum part_side sides[] = {PART_FRONT, PART_TOP, first ? PART_LEFT : PART_RIGHT,
					PART_ISO};

	return part_from_solid(&s->part, solid, sides, pictorial ? 4 : 3, arena, err);
}

static double longest_on_paper(const struct part_sheet *s)
{
	struct vec3 size = vec3_sum(1, s->part.hi, -1, s->part.lo);

	return max2(size.x, max2(size.y, size.z)) * scene_paper_per_unit(&s->scene);
}

static int draft(struct part_sheet *s, const struct scene_params *params, struct rng *rng,
		 struct arena *arena)
{
	for (int i = 0; i <= SCENE_PART_SHEETS; i++) {
		struct arena_mark mark = arena_mark(arena);

		if (i > 0)
			scene_part_sheet(&s->scene, params, i);
		if (longest_on_paper(s) < VIEW_TEXTS * s->style.text_mm)
			continue;
		if (drawing_from_scene(&s->drawing, &s->scene, &s->style, s->font, rng, arena) == 0)
			return 0;
		arena_release(arena, mark);
	}
	return -1;
}

/* Plans the part with the fewest views; then, where these do not tell it, with all. 1: there is no section to be had. */
static int plan(struct part_sheet *s, const struct solid *solid, bool pictorial, bool section,
		const struct scene_params *params, const struct rng *rng, struct arena *arena,
		struct err *err)
{
	for (bool all = false;; all = true) {
		struct rng dice = *rng;
		bool dropped;

		if (look(s, solid, pictorial, arena, err) < 0)
			return -1;
		if (section && !scene_section(&s->part, solid, arena))
			return 1;
		dropped = !all && scene_drop_twin(&s->part);
		if (scene_part(&s->scene, &s->part, params, &dice, arena, err) == 0) {
			if (dropped && scene_drop_end(&s->scene, &s->part))
				scene_part_sheet(&s->scene, params, 0);
			return 0;
		}
		if (!dropped)
			return section ? 1 : -1;
	}
}

static bool wants_section(const struct sample_settings *settings, uint64_t index,
			  enum part_sheet_section section)
{
	struct rng rng = rng_stream(settings->seed, index, "section", 0);

	return section == PART_SHEET_FULL ||
	       (section == PART_SHEET_AUTO && rng_chance(&rng, SECTION_SHARE));
}

/* In the style of that number. 1: there is no room, or no section to be had. */
static int try_style(struct part_sheet *s, const struct sample_settings *settings,
		     const struct solid *solid, uint64_t index, int another, bool section,
		     struct arena *arena, struct err *err)
{
	struct rng views_rng = rng_stream(settings->seed, index, "views", 0);
	struct rng scene_rng = rng_stream(settings->seed, index, "scene", (uint32_t)another);
	struct rng rng = rng_stream(settings->seed, index, "draft", (uint32_t)another);
	bool pictorial = rng_chance(&views_rng, PICTORIAL_SHARE) && another == 0;
	struct scene_params params;
	int rc;

	s->style = sample_style(settings, s->sheet, index, another);
	s->font = sample_font(settings, &s->style, index, another, arena);
	params = scene_params_for(settings, &s->style);
	rc = plan(s, solid, pictorial, section, &params, &scene_rng, arena, err);
	if (rc != 0)
		return rc;
	style_add_exceptions(&s->style, s->sheet, s->scene.dimension_count, &rng, arena);
	return draft(s, &params, &rng, arena) < 0;
}

int part_sheet_make(struct part_sheet *s, const struct sample_settings *settings,
		    const struct solid *solid, uint64_t index, enum part_sheet_section section,
		    struct arena *arena, struct err *err)
{
	struct rng hand_rng = rng_stream(settings->seed, index, "hand", 0);
	int ways = wants_section(settings, index, section) ? 2 : 1; /* with one, then without */

	s->sheet = sample_sheet_of_unit(settings, index, UNIT_MM);
	if (!s->sheet)
		return err_set(err, ERR_UNSUPPORTED, "the style's unit is inch, the solid's mm");
	for (int i = 0; i < STYLES_TRIED * ways; i++) {
		struct arena_mark mark = arena_mark(arena);
		bool cut = i % ways + 1 < ways;
		int rc = try_style(s, settings, solid, index, i / ways, cut, arena, err);

		if (rc < 0)
			return -1;
		if (rc == 0) {
			traces_from_drawing(&s->drawing, &s->style, &hand_rng, arena);
			return 0;
		}
		arena_release(arena, mark);
	}
	return err_set(err, ERR_LIMIT, "no sheet has room for its %d dimensions",
		       s->scene.dimension_count);
}
