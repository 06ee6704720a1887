/* SPDX-License-Identifier: MIT */
/*
 * Lettering is a rectangle in a frame of its own; a line meets it if what is left of the line between
 * its sides (Liang and Barsky 1984) is not empty.
 */
#include <config.h>

#include <math.h>

#include "render/hand.h"

#define RULED 0.1 /* of the sway is left along a ruler */

double hand_between(struct hand *h, double lo, double hi)
{
	return lo + (hi - lo) * rng_unit(h->rng);
}

double hand_about(struct hand *h)
{
	double sum = 0;

	for (int i = 0; i < 3; i++)
		sum += rng_unit(h->rng);
	return sum / 1.5 - 1;
}

double hand_sway_mm(const struct style *style)
{
	return style->wobble_mm * (style->lines == STYLE_LINES_FREEHAND ? 1 : RULED);
}

static void add_texts(struct hand *h)
{
	const struct drawing *d = h->drawing;

	h->texts = ARENA_NEW(h->arena, struct hand_text, d->text_count);
	for (int i = 0; i < d->text_count; i++) {
		const struct text *t = &d->texts[i];
		struct vec corners[4];

		text_corners(t, corners);
		h->texts[i] = (struct hand_text){.at = t->at,
						 .along = vec_polar(1, t->angle_rad),
						 .width = t->width_mm,
						 .height = t->height_mm,
						 .box = box_of_points(corners, 4)};
	}
}

/* Narrows t0..t1 of a line from p by d to where lo <= p + t d <= hi; whether any is left. */
static bool clip(double p, double d, double lo, double hi, double *t0, double *t1)
{
	double a, b;

	if (d == 0)
		return p >= lo && p <= hi;
	a = (lo - p) / d;
	b = (hi - p) / d;
	*t0 = max2(*t0, min2(a, b));
	*t1 = min2(*t1, max2(a, b));
	return *t0 <= *t1;
}

/* Whether the line comes nearer to the lettering than `clear`. */
static bool line_meets(const struct hand_text *text, struct vec a, struct vec b, double clear)
{
	struct vec p = vec_sub(a, text->at), q = vec_sub(b, text->at);
	struct vec up = vec_perp(text->along);
	double x = vec_dot(p, text->along), y = vec_dot(p, up), t0 = 0, t1 = 1;

	return clip(x, vec_dot(q, text->along) - x, -clear, text->width + clear, &t0, &t1) &&
	       clip(y, vec_dot(q, up) - y, -clear, text->height + clear, &t0, &t1);
}

bool hand_meets_text(const struct hand *h, const struct vec *points, int count, double clear)
{
	struct box b = box_of_points(points, count);

	for (int i = 0; i < h->drawing->text_count; i++) {
		const struct hand_text *text = &h->texts[i];

		if (b.x0 > text->box.x1 + clear || b.x1 < text->box.x0 - clear ||
		    b.y0 > text->box.y1 + clear || b.y1 < text->box.y0 - clear)
			continue;
		for (int k = 0; k < count; k++)
			if (line_meets(text, points[k], points[k + 1 < count ? k + 1 : k], clear))
				return true;
	}
	return false;
}

struct hand hand_new(struct drawing *drawing, const struct style *style, struct rng *rng,
		     struct arena *arena)
{
	struct hand h = {.drawing = drawing,
			 .style = style,
			 .pen = pen_of_style(style),
			 .rng = rng,
			 .arena = arena,
			 .sway_mm = hand_sway_mm(style),
			 .freehand = style->lines == STYLE_LINES_FREEHAND};

	add_texts(&h);
	return h;
}
