/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>

#include "render/draft_sheet.h"

void draft_sheet(struct drawing *drawing, const struct sheet_facts *facts,
		 const struct style *style, const struct font *font, struct rng *rng,
		 struct arena *arena, struct sheet_taken *taken)
{
	char scale[32];
	struct text *text = drawing_add_text(drawing, arena);

	(void)rng;
	snprintf(scale, sizeof(scale), "%d:%d", facts->scale_paper, facts->scale_real);
	*text = (struct text){.utf8 = arena_strndup(arena, scale, 31),
			      .at = vec(2.5, 2.5),
			      .height_mm = style->text_mm,
			      .layer = LAYER_NOTE,
			      .shape = DRAWING_NOBODY,
			      .dimension = DRAWING_NOBODY};
	text->width_mm = font_text_width(font, text->utf8, style->text_mm);
	*taken = (struct sheet_taken){.field = {0, 0, drawing->width_mm, drawing->height_mm}};
	taken->boxes[taken->count++] =
		(struct box){0, 0, 2.5 + text->width_mm + 1, 2.5 + style->text_mm + 1};
}
