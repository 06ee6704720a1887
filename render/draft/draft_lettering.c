/* SPDX-License-Identifier: MIT */
/*
 * draft_lettering: what stands at each dimension, with tolerances in the style's way, and how large it is.
 */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "formats/drawing/dimension.h"
#include "formats/solid/part.h"
#include "render/draft/draft_place.h"

#define UNDERLINE_GAP 0.3 /* in text heights */

static struct lettering_block lettering_in_style(const struct drafter *d, const char *utf8,
						 const struct style *style)
{
	double width = font_text_width(d->font, utf8, style->text_mm);

	return (struct lettering_block){
		.style = style, .utf8 = utf8, .text_width = width, .width = width};
}

struct lettering_block lettering_of_text(const struct drafter *d, const char *utf8)
{
	return lettering_in_style(d, utf8, d->style);
}

/* Whether the diameter is that of a shaft: material lies inside it. */
static bool is_outside(const struct scene *scene, const struct dimension *dim)
{
	if (scene->part)
		return (dim->kind == DIM_DIAMETER || dim->kind == DIM_SIDE_DIAMETER) &&
		       !scene->part->rounds[dim->round].hollow;
	return (dim->kind == DIM_SIDE_DIAMETER && scene->shapes[dim->shape].kind != SHAPE_BORE) ||
	       (dim->kind == DIM_DIAMETER && scene->shapes[dim->shape].kind == SHAPE_DISC);
}

/* Nothing fits a pitch circle, nor the end of a cone. */
static bool is_no_seat(const struct scene *scene, const struct dimension *dim)
{
	if (scene->part)
		return (dim->kind == DIM_SIDE_DIAMETER &&
			part_is_cone(&scene->part->rounds[dim->round])) ||
		       (dim->kind == DIM_DIAMETER && scene->part->rounds[dim->round].pitch);
	return dim->param == PARAM_PCD;
}

/* Tolerances are the style's: the label does not know them. Only single sizes bear one that are not
 * bare. */
static void add_tolerance(struct drafter *d, const struct dimension *dim, const struct style *style,
			  struct callout *c)
{
	bool bare = dimension_is_bare(d->scene, dim);
	static const int64_t steps_mm[] = {20, 50, 100, 200, 300, 500};
	static const int64_t steps_inch[] = {1, 2, 5, 10, 15, 20};
	static const char *const holes[] = {"H7", "H8", "H9", "H11", "H12", "G7"};
	static const char *const shafts[] = {"g6", "h6", "h7", "f7", "k6", "js6"};
	const int64_t *steps = d->scene->unit == UNIT_INCH ? steps_inch : steps_mm;
	bool round = c->kind == CALLOUT_DIAMETER;
	bool outside = is_outside(d->scene, dim);
	int64_t upper = steps[rng_below(d->rng, 6)], lower = steps[rng_below(d->rng, 6)];
	const char *fit = (outside ? shafts : holes)[rng_below(d->rng, 6)];
	bool wanted = rng_chance(d->rng, d->style->tolerance_share);

	if (!wanted || bare || dim->reference || c->count > 1 || 4 * upper >= c->value ||
	    4 * lower >= c->value || (c->kind != CALLOUT_LINEAR && !round))
		return;
	switch (style->tolerance) {
	case STYLE_TOLERANCE_SYMMETRIC:
		c->tolerance = (struct tolerance){TOLERANCE_SYMMETRIC, upper, -upper, ""};
		return;
	case STYLE_TOLERANCE_DEVIATIONS:
		c->tolerance = (struct tolerance){TOLERANCE_DEVIATIONS, upper, -lower, ""};
		if (lower == upper)
			c->tolerance.lower = 0;
		return;
	case STYLE_TOLERANCE_LIMITS:
		c->tolerance = (struct tolerance){TOLERANCE_LIMITS, upper, -upper, ""};
		return;
	case STYLE_TOLERANCE_FIT:
		if (!round || is_no_seat(d->scene, dim))
			return;
		c->tolerance.kind = TOLERANCE_FIT;
		snprintf(c->tolerance.fit, sizeof(c->tolerance.fit), "%s", fit);
		return;
	}
}

static void add_stack(struct drafter *d, struct lettering_block *b, double k)
{
	double h = b->style->text_mm;
	double wide = max2(font_text_width(d->font, b->upper, k * h),
			   font_text_width(d->font, b->lower, k * h));

	b->stack_height = k * h;
	b->width = (b->text_width > 0 ? b->text_width + LETTERING_STACK_GAP * h : 0) + wide;
	b->below = b->above = (k * (1 + LETTERING_STACK_CLEAR / 2) - 0.5) * h;
	if (b->below < 0)
		b->below = b->above = 0;
}

/* As round as the style prints it. */
static int64_t arc_length(const struct drafter *d, const struct dimension *dim,
			  const struct style *style)
{
	const struct shape *arc = &d->scene->shapes[dim->shape];

	return dimension_arc_length(arc, dimension_arc_decimals(arc, style));
}

/* Whether the number is not what the sheet shows, because that is not to scale. */
static bool is_off_scale(const struct drafter *d, const struct dimension *dim)
{
	return d->told->off_scale[2] != 0 &&
	       dimension_value(d->told, dim) != dimension_value(d->scene, dim);
}

static struct lettering_block letter(struct drafter *d, int dimension)
{
	const struct dimension *dim = &d->scene->dimensions[dimension];
	struct callout c = callout_from_dimension(d->told, dim);
	bool position = dim->kind == DIM_POSITION_X || dim->kind == DIM_POSITION_Y;
	bool basic = rng_chance(d->rng, d->style->basic_share);
	const struct style *style = drafter_style(d, dimension);
	struct lettering_block b;
	struct callout_text t;

	if (dim->kind == DIM_ARC_LENGTH)
		c.value = arc_length(d, dim, style);
	if (basic && position && !dim->reference && !dimension_is_bare(d->scene, dim))
		c.status = CALLOUT_BASIC;
	else
		add_tolerance(d, dim, style, &c);
	if (is_off_scale(d, dim)) { /* the line stands under the number alone */
		c.status = c.status == CALLOUT_BASIC ? CALLOUT_PLAIN : c.status;
		c.tolerance.kind = TOLERANCE_NONE;
	}
	t = callout_write(&c, style, d->arena);
	b = lettering_in_style(d, t.text, style);
	b.upper = t.upper;
	b.lower = t.lower;
	b.boxed = c.status == CALLOUT_BASIC;
	b.underlined = is_off_scale(d, dim);
	if (b.upper)
		add_stack(d, &b,
			  c.tolerance.kind == TOLERANCE_LIMITS ? style->limits_ratio
							       : style->deviation_ratio);
	if (b.boxed) {
		b.width += 2 * LETTERING_BOX_GAP * style->text_mm;
		b.below = b.above = LETTERING_BOX_GAP * style->text_mm;
	}
	if (b.underlined)
		b.below += UNDERLINE_GAP * style->text_mm + style->thick_mm / 2;
	return b;
}

void drafter_letter(struct drafter *d)
{
	d->letterings = ARENA_NEW(d->arena, struct lettering_block, d->scene->dimension_count);
	for (int i = 0; i < d->scene->dimension_count; i++)
		d->letterings[i] = letter(d, i);
}

const struct lettering_block *drafter_lettering(const struct drafter *d, int dimension)
{
	return &d->letterings[dimension];
}
