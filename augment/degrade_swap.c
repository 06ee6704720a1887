/* SPDX-License-Identifier: MIT */
/*
 * Symbol swap: a coder that keeps one picture of each symbol, as JBIG2 may, takes two that look alike for
 * the same: an 8 stands where there was a 6. It was seen on real copies; nothing on the sheet tells. The
 * label keeps what was printed, and the annotations say what stands there now.
 *
 * Symbols are told apart on the clean picture: along a number's baseline every character is a run of ink
 * between two gaps. Numbers whose runs are not as many as their characters are left alone.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "augment/degrade.h"
#include "augment/number_box.h"

#define STEP_PX 0.25
#define INK 0.25     /* of darkness: what is a run */
#define RIM 0.15     /* of the height, over and under the digits */
#define RIM_PX 0.6   /* beside them */
#define SIZES 1.08   /* the larger of two heights over the smaller one */
#define CHARS_MAX 10 /* of a number with its sign */
#define TRIES 40

/* The numbers among the annotations. */
struct numbers {
	int *items, count;
};

/* One character on the sheet. */
struct symbol {
	const struct annotation *item;
	struct number_box box; /* of the whole number */
	double x0, x1;         /* px along it */
	size_t at;             /* its byte of the value */
};

static float light_at(const struct canvas *c, int channel, struct vec p)
{
	double x = min2(max2(p.x - 0.5, 0), c->width - 1.001);
	double y = min2(max2(p.y - 0.5, 0), c->height - 1.001);
	const float *px = canvas_row(c, channel, (int)y) + (int)x;
	float u = (float)(x - floor(x)), v = (float)(y - floor(y));
	float a = px[0] + u * (px[1] - px[0]);
	float b = px[c->stride] + u * (px[c->stride + 1] - px[c->stride]);

	return a + v * (b - a);
}

static double darkest_across(const struct canvas *c, const struct number_box *b, double x)
{
	double dark = 0;

	for (double y = 0; y <= b->height; y += STEP_PX)
		dark = max2(dark, 1 - (double)light_at(c, 0, number_box_point(b, x, y)));
	return dark;
}

/* Where each run begins and ends; returns how many there are, CHARS_MAX + 1 for more than that. */
static int find_runs(const struct canvas *c, const struct number_box *b, double runs[][2])
{
	int count = 0;
	bool inside = false;

	for (double x = -RIM_PX; x <= b->width + RIM_PX; x += STEP_PX) {
		bool ink = darkest_across(c, b, x) > INK;

		if (ink && !inside) {
			if (count == CHARS_MAX)
				return CHARS_MAX + 1;
			runs[count++][0] = x;
		}
		if (ink)
			runs[count - 1][1] = x;
		inside = ink;
	}
	return count;
}

static int count_chars(const char *value)
{
	return (int)strlen(number_digits(value)) + (number_digits(value) > value);
}

/* Some digit of some number that is still as printed; false where the one that was drawn cannot be cut
 * out. */
static bool pick_symbol(const struct canvas *c, const struct numbers *numbers, struct rng *rng,
			struct symbol *s)
{
	int which = numbers->items[rng_below(rng, (uint32_t)numbers->count)], n, signs;
	double runs[CHARS_MAX][2];

	s->item = &c->annotations->items[which];
	if (s->item->swapped || !number_box_of(s->item, &s->box))
		return false;
	n = count_chars(s->item->value);
	if (find_runs(c, &s->box, runs) != n)
		return false;
	which = (int)rng_below(rng, (uint32_t)n);
	signs = number_digits(s->item->value) > s->item->value;
	s->at = (size_t)(number_digits(s->item->value) - s->item->value + which - signs);
	s->x0 = runs[which][0] - RIM_PX;
	s->x1 = runs[which][1] + RIM_PX;
	return which >= signs;
}

static bool look_alike(char a, char b)
{
	static const char pairs[] = "68 38 08 56 06 89 35 17";

	for (const char *p = pairs; *p; p += p[2] ? 3 : 2)
		if ((p[0] == a && p[1] == b) || (p[0] == b && p[1] == a))
			return true;
	return false;
}

static bool may_replace(const struct symbol *to, const struct symbol *from)
{
	double ratio = to->box.height / from->box.height;

	return look_alike(to->item->value[to->at], from->item->value[from->at]) && ratio < SIZES &&
	       ratio > 1 / SIZES;
}

/* Where a symbol goes and where it comes from. */
struct exchange {
	const struct number_box *to, *from;
	double to_x, from_x, to_half, from_half; /* px along: middles and half widths */
	double rim;                              /* px over and under */
};

static struct exchange exchange_of(const struct symbol *to, const struct symbol *from)
{
	return (struct exchange){.to = &to->box,
				 .from = &from->box,
				 .to_x = (to->x0 + to->x1) / 2,
				 .from_x = (from->x0 + from->x1) / 2,
				 .to_half = (to->x1 - to->x0) / 2,
				 .from_half = (from->x1 - from->x0) / 2,
				 .rim = RIM * to->box.height};
}

/* Paper where the old symbol was, and the other one in the middle of that. */
static float exchanged_pixel(const struct canvas *c, const struct exchange *e, int channel, int x,
			     int y)
{
	struct vec d = vec_sub(vec(x + 0.5, y + 0.5), e->to->origin);
	double u = vec_dot(d, e->to->along) - e->to_x, v = vec_dot(d, e->to->up);
	float was = canvas_row(c, channel, y)[x], light;

	if (v < -e->rim || v > e->to->height + e->rim)
		return was;
	if (fabs(u) <= e->to_half)
		was = 1;
	if (fabs(u) > e->from_half)
		return was;
	light = light_at(c, channel, number_box_point(e->from, e->from_x + u, v));
	return light < was ? light : was;
}

static void put_symbol(struct canvas *c, const struct symbol *to, const struct symbol *from)
{
	struct exchange e = exchange_of(to, from);
	double half = max2(e.to_half, e.from_half);
	struct vec corners[4];
	struct box b;

	number_box_corners(
		&to->box,
		(struct box){e.to_x - half, -e.rim, e.to_x + half, to->box.height + e.rim},
		corners);
	b = box_of_points(corners, 4);
	for (int k = 0; k < c->channels; k++)
		for (int y = (int)max2(b.y0, 0); y < b.y1 && y < c->height; y++)
			for (int x = (int)max2(b.x0, 0); x < b.x1 && x < c->width; x++)
				canvas_row(c, k, y)[x] = exchanged_pixel(c, &e, k, x, y);
}

static void swap_one(struct canvas *c, const struct numbers *numbers, struct rng *rng)
{
	for (int i = 0; i < TRIES; i++) {
		struct symbol to, from;

		if (!pick_symbol(c, numbers, rng, &to))
			continue;
		for (int k = 0; k < TRIES; k++) {
			char *value;

			if (!pick_symbol(c, numbers, rng, &from) || !may_replace(&to, &from))
				continue;
			put_symbol(c, &to, &from);
			value = arena_strndup(c->kept, to.item->value, strlen(to.item->value));
			value[to.at] = from.item->value[from.at];
			c->annotations->items[to.item - c->annotations->items].swapped = value;
			return;
		}
	}
}

void degrade_symbol_swap(struct canvas *c, const struct recipe *r)
{
	struct rng rng = recipe_rng(r, DEGRADATION_symbol_swap);
	int count = (int)floor(RECIPE(r, symbol_swap, count) + 0.5);

	struct numbers numbers;

	if (!c->annotations)
		return;
	numbers.count = number_list(c->annotations, &numbers.items, c->arena);
	for (int i = 0; i < count && numbers.count > 0; i++)
		swap_one(c, &numbers, &rng);
}
