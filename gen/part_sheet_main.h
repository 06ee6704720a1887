/* SPDX-License-Identifier: MIT */
/*
 * part_sheet_main: the dimensioned sheet of a solid.
 *
 *	struct part_sheet sheet;
 *	if (part_sheet_make(&sheet, &settings, solid, index, PART_SHEET_AUTO, &arena, &err) < 0) ...
 *	image = image_from_drawing(raster, &sheet.drawing, sheet.font);
 *
 * Streams of (seed, index): "mix" and "style" as of any sample; "views" says whether there is a pictorial view,
 * "section" whether one is a section, "scene" what sheet and which dimensions, "draft" where they stand, "writer" who letters it, "hand" who draws
 * its lines.
 */
#ifndef GEN_PART_SHEET_MAIN_H
#define GEN_PART_SHEET_MAIN_H

#include "formats/solid/part.h"
#include "gen/sample_main.h"

/* Whether a view is a section where that shows more than a view does: never, always, or as often as not. */
enum part_sheet_section { PART_SHEET_NONE, PART_SHEET_FULL, PART_SHEET_AUTO };

struct part_sheet {
	const struct style_sheet *sheet;
	struct style style; /* drawn from it */
	const struct font *font;
	struct part part;
	struct scene scene; /* borrows the part: a copy of all must set scene.part */
	struct drawing drawing;
};

/* A front view, one from above and one from the side, in the projection of the style, without those that say nothing
 * (scene_views), one of them a section (scene_section) where that is asked for and leaves room for all; everything is in the
 * arena. ERR_UNSUPPORTED where scene_part does not tell the solid, or no sheet of the style is in millimetres;
 * ERR_LIMIT where there are too many dimensions, or no room for them in any of some styles. */
int part_sheet_make(struct part_sheet *out, const struct sample_settings *settings,
		    const struct solid *solid, uint64_t index, enum part_sheet_section section,
		    struct arena *arena, struct err *err);

#endif
