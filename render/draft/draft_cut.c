/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <math.h>

#include "render/draft/draft_cut.h"

#define TAIL_MM 2.5 /* of the arrow's line, behind the head */
#define GAP_MM 1.2  /* from the mark to its letter */
#define IN_MM 1.0   /* from the stroke's end to the arrow */

void drafter_name(struct drafter *d, const char *utf8, struct vec middle, enum layer layer)
{
	struct lettering_block *block = ARENA_NEW(d->arena, struct lettering_block, 1);
	struct proposal p = {0};

	*block = lettering_of_text(d, utf8);
	proposal_set_text_in_line(&p, block, middle, 0);
	proposal_draw(d, &p, DRAWING_NOBODY);
	d->drawing->texts[d->drawing->text_count - 1].layer = layer;
}

/* Half of what the letter takes up along the way of sight. */
static double half_letter(const struct drafter *d, const char *letter, bool level)
{
	return (level ? font_text_width(d->font, letter, d->style->text_mm) : d->style->text_mm) /
	       2;
}

void drafter_cut_reach(const struct drafter *d, enum cut_arrow arrow, bool level,
		       const char *letter, double *ahead, double *back)
{
	double length = d->style->arrow_mm + TAIL_MM;

	*ahead = GAP_MM + 2 * half_letter(d, letter, level);
	*back = arrow == CUT_ARROW_ARRIVES ? length : d->style->thick_mm / 2;
	if (arrow == CUT_ARROW_LEAVES)
		*ahead += length;
}

void drafter_cut_mark(struct drafter *d, struct vec a, struct vec out, struct vec sight,
		      enum cut_arrow arrow, const char *letter)
{
	const struct style *style = d->style;
	struct vec b = vec_add(a, vec_scale(out, CUT_MM)), length, tip, tail;
	struct drawing_progress before = drawing_progress(d->drawing);
	struct proposal p = {0};
	struct path path = {0};
	double beyond;

	length = vec_scale(sight, style->arrow_mm + TAIL_MM);
	tail = arrow == CUT_ARROW_LEAVES ? b : vec_sub(vec_sub(b, vec_scale(out, IN_MM)), length);
	tip = vec_add(tail, length);
	path_add_line(&path, d->arena, a, b);
	drafter_stroke(d, &path, LAYER_SECTION, LINE_CONTINUOUS, DRAWING_NOBODY)->width_mm =
		style->thick_mm;
	proposal_add_line(&p, tail, tip, LAYER_SECTION);
	proposal_add_arrow(&p, style, tip, sight);
	if (style->arrow >= STYLE_ARROW_TICK) /* it points, so it is a head */
		p.arrows[0].kind = ARROW_FILLED;
	proposal_draw(d, &p, DRAWING_NOBODY);
	if (!letter)
		return;
	beyond = GAP_MM + half_letter(d, letter, sight.x != 0);
	drafter_name(d, letter, vec_add(tip, vec_scale(sight, beyond)), LAYER_SECTION);
	drawing_add_symbol(d->drawing, d->arena, SYMBOL_SECTION_MARK, letter, &before);
}
