/* SPDX-License-Identifier: MIT */
/* Lettering is a rectangle; what comes near it meets a larger one. */
#include <config.h>

#include <math.h>

#include "render/hand/hand.h"

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
		struct hand_text *text = &h->texts[i];

		text->along = vec_polar(1, d->texts[i].angle_rad);
		text_corners(&d->texts[i], text->corners);
		text->box = box_of_points(text->corners, 4);
	}
}

/* The corners moved out on all sides. */
static void grow(const struct hand_text *text, double by, struct vec corners[4])
{
	struct vec x = vec_scale(text->along, by), y = vec_perp(x);

	corners[0] = vec_sub(text->corners[0], vec_add(x, y));
	corners[1] = vec_add(text->corners[1], vec_sub(x, y));
	corners[2] = vec_add(text->corners[2], vec_add(x, y));
	corners[3] = vec_sub(text->corners[3], vec_sub(x, y));
}

static bool boxes_are_near(const struct box *a, const struct box *b, double clear)
{
	return a->x0 <= b->x1 + clear && a->x1 >= b->x0 - clear && a->y0 <= b->y1 + clear &&
	       a->y1 >= b->y0 - clear;
}

bool hand_is_near_text(const struct hand *h, const struct vec *points, int count, double clear)
{
	struct box b = box_of_points(points, count);

	for (int i = 0; i < h->drawing->text_count; i++)
		if (boxes_are_near(&b, &h->texts[i].box, clear))
			return true;
	return false;
}

bool hand_meets_text(const struct hand *h, const struct vec *points, int count, double clear)
{
	struct box b = box_of_points(points, count);

	for (int i = 0; i < h->drawing->text_count; i++) {
		struct vec corners[4];

		if (!boxes_are_near(&b, &h->texts[i].box, clear))
			continue;
		grow(&h->texts[i], clear, corners);
		for (int k = 0; k < count; k++)
			if (line_meets_box(points[k], points[k + 1 < count ? k + 1 : k], corners))
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
