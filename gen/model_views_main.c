/* SPDX-License-Identifier: MIT */
/*
 * A section is chosen as on dimensioned sheets: of three views whatever others there are, so that one part is cut in
 * one place. Each view is projected once.
 */
#include <config.h>

#include "formats/solid/part.h"
#include "gen/model_views_main.h"
#include "gen/scene/scene_section.h"

#define CUT_VIEWS 3 /* of which one becomes the section */

static bool wants_section(const struct convert_options *o)
{
	bool wanted = false;

	for (int i = 0; i < o->view_count; i++)
		wanted |= o->views[i] == CONVERT_SECTION;
	return wanted;
}

static int index_of(const enum part_side *sides, int count, enum part_side side)
{
	int i = 0;

	while (i < count && sides[i] != side)
		i++;
	return i;
}

/* Those asked for and those to cut. Returns how many. */
static int sides_of(const struct convert_options *o, const enum part_side cut[CUT_VIEWS],
		    enum part_side sides[PART_SIDE_COUNT_])
{
	int count = 0;

	for (int i = 0; i < o->view_count; i++)
		if (o->views[i] != CONVERT_SECTION)
			sides[count++] = (enum part_side)o->views[i];
	for (int i = 0; i < CUT_VIEWS; i++)
		if (index_of(sides, count, cut[i]) == count)
			sides[count++] = cut[i];
	return count;
}

static struct draft_view view_of(const struct part_view *view)
{
	return (struct draft_view){.side = view->side,
				   .curves = view->curves,
				   .count = view->count,
				   .section = view->section,
				   .cut = view->cut,
				   .loops = view->loops,
				   .loop_count = view->loop_count};
}

/* In mm. */
static int views_and_section(struct draft_view *views, const struct convert_options *o,
			     const struct solid *solid, struct arena *arena, struct err *err)
{
	bool first = o->projection == STYLE_PROJECTION_FIRST;
	const enum part_side cut[] = {PART_FRONT, PART_TOP, first ? PART_LEFT : PART_RIGHT};
	enum part_side sides[PART_SIDE_COUNT_];
	int count = sides_of(o, cut, sides), section;
	struct part part, three;

	if (part_from_solid(&part, solid, sides, count, arena, err) < 0)
		return -1;
	three = part;
	three.view_count = CUT_VIEWS;
	for (int i = 0; i < CUT_VIEWS; i++)
		three.views[i] = part.views[index_of(sides, count, cut[i])];
	section = scene_section_any(&three, solid, arena, err);
	if (section < 0)
		return -1;
	for (int i = 0; i < o->view_count; i++)
		views[i] = view_of(
			o->views[i] == CONVERT_SECTION
				? &three.views[section]
				: &part.views[index_of(sides, count, (enum part_side)o->views[i])]);
	return 0;
}

int model_views(struct draft_view *views, const struct convert_options *o,
		const struct solid *solid, struct arena *arena, struct err *err)
{
	if (wants_section(o))
		return views_and_section(views, o, solid, arena, err);
	for (int i = 0; i < o->view_count; i++) {
		enum part_side side = (enum part_side)o->views[i];
		struct solid_view view;

		if (solid_project(solid, part_look(side), part_up(side), arena, &view, err) < 0)
			return err_context(err, "%s view", part_side_names[side]);
		views[i] = (struct draft_view){
			.side = side, .curves = view.curves, .count = view.count};
	}
	return 0;
}
