/* SPDX-License-Identifier: MIT */
/*
 * draft_sheet: what is round the views: frame, zones, title block, projection symbol, notes.
 *
 *	struct sheet_taken taken;
 *	draft_sheet(&drawing, &facts, &style, font, &rng, &arena, &taken);
 *
 * Sources: ISO 5457 and ISO 7200, ASME Y14.1, GOST 2.104 form 1, and what schools and CAD templates
 * print. All strokes and texts are on LAYER_FRAME (notes: LAYER_NOTE) and belong to nobody. Texts in a
 * title block name their field: "caption", "title", "number", "scale", ... (TITLE_FIELDS of
 * draft_values.h); those of a frame are of "zone", "caption" or "number"; a scale or unit that
 * stands alone is of "scale" or "unit"; notes have none. No text is lower than 0.6 of the style's
 * text_mm: what does not fit so is left out.
 */
#ifndef RENDER_DRAFT_SHEET_H
#define RENDER_DRAFT_SHEET_H

#include "base/rng.h"
#include "fonts/font.h"
#include "formats/drawing/drawing.h"
#include "formats/scene/style.h"
#include "render/draft/draft_part.h"

struct sheet_facts {
	int scale_paper, scale_real;
	struct part_facts part; /* what the title block says of it */
	int smaller_title;      /* the title block is so many sizes smaller than would fit */
};

/* How the style's title block, or without one its frame, is filled in. */
enum custom sheet_custom(const struct style *style);

#define SHEET_TAKEN_MAX 8

/* Where views and dimensions may lie: inside `field`, but for the boxes taken. */
struct sheet_taken {
	struct box field;
	int count;
	struct box boxes[SHEET_TAKEN_MAX];
};

/* Draws what the style asks for onto a drawing whose width_mm and height_mm are set. The scale is
 * printed exactly once: in the title block, or, where there is none or no room in it, alone in the
 * lower left corner; so is the unit where it is the inch ("INCH", "DIMENSIONS IN INCHES"). Never
 * fails: on sheets too small for the title block asked for, a smaller one is drawn; too small for
 * any, none. The boxes taken reach 2 mm beyond what lies in them. */
void draft_sheet(struct drawing *drawing, const struct sheet_facts *facts,
		 const struct style *style, const struct font *font, struct rng *rng,
		 struct arena *arena, struct sheet_taken *taken);

#endif
