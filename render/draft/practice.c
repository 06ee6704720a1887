/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "render/draft/practice.h"

#include <math.h>
#include <string.h>

#define THROWS 500
#define CLEAR_TEXT 0.35 /* round each text, in its heights */
#define ANY_ANGLE 0.5   /* of texts: neither level nor upright; fewer of them find room */

struct page {
	struct drawing *drawing;
	const struct font *font;
	struct rng *rng;
	struct arena *arena;
	struct box *taken;
	int count;
};

static struct box box_of_text(const struct text *text)
{
	struct vec corners[4];
	double clear = CLEAR_TEXT / 2 * text->height_mm;
	struct box box;

	text_corners(text, corners);
	box = box_of_points(corners, 4);
	return (struct box){box.x0 - clear, box.y0 - clear, box.x1 + clear, box.y1 + clear};
}

static bool is_free(const struct page *p, const struct box *box)
{
	if (box->x0 < 0 || box->y0 < 0 || box->x1 > p->drawing->width_mm ||
	    box->y1 > p->drawing->height_mm)
		return false;
	for (int i = 0; i < p->count; i++) {
		const struct box *b = &p->taken[i];

		if (box->x0 < b->x1 && b->x0 < box->x1 && box->y0 < b->y1 && b->y0 < box->y1)
			return false;
	}
	return true;
}

/* Other digits; a number does not begin with 0 that did not. */
static const char *redigit(const struct page *p, const char *utf8)
{
	char *copy = arena_strndup(p->arena, utf8, strlen(utf8));

	for (char *c = copy; *c; c++)
		if (*c >= '1' && *c <= '9')
			*c = (char)('1' + rng_below(p->rng, 9));
		else if (*c == '0')
			*c = (char)('0' + rng_below(p->rng, 10));
	return copy;
}

static double pick_angle(struct rng *rng)
{
	if (rng_chance(rng, ANY_ANGLE))
		return M_PI * (rng_unit(rng) - 0.5);
	return rng_chance(rng, 0.5) ? M_PI / 2 : 0;
}

static void throw_text(struct page *p, int own)
{
	const struct drawing *d = p->drawing;
	struct text text = d->texts[rng_below(p->rng, (uint32_t)own)];
	struct box box;

	text.utf8 = redigit(p, text.utf8);
	text.width_mm = font_text_width(p->font, text.utf8, text.height_mm);
	text.angle_rad = pick_angle(p->rng);
	text.at = vec(d->width_mm * rng_unit(p->rng), d->height_mm * rng_unit(p->rng));
	text.field = NULL;
	text.layer = LAYER_NOTE;
	text.shape = text.dimension = DRAWING_NOBODY;
	box = box_of_text(&text);
	if (!is_free(p, &box))
		return;
	p->taken[p->count++] = box;
	*drawing_add_text(p->drawing, p->arena) = text;
}

void practice_letter(struct drawing *drawing, const struct font *font, struct rng *rng,
		     struct arena *arena)
{
	int own = drawing->text_count;
	struct page page = {.drawing = drawing, .font = font, .rng = rng, .arena = arena};

	if (!own)
		return;
	page.taken = ARENA_NEW(arena, struct box, own + THROWS);
	for (; page.count < own; page.count++)
		page.taken[page.count] = box_of_text(&drawing->texts[page.count]);
	for (int i = 0; i < THROWS; i++)
		throw_text(&page, own);
}
