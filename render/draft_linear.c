/* SPDX-License-Identifier: MIT */
/*
 * Linear dimensions, ISO 129-1 and ASME Y14.5: the line stands first_offset from the outline,
 * farther or (short of room) nearer. Where the lettering goes is the style's layout:
 *
 *	oriented     |<---- 40 ---->|	above the line and along it, between the arrows or outside
 *	referenced   the same where the line is level; else level, on a shelf at the line's end
 *	inline       |<--- 40 --->|	level, in a gap of the line; or in line with it, outside
 *	broken       the same, along the line
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>

#include "render/draft_sizes.h"

/* Places of the lettering along the line. */
enum seat { SEAT_MIDDLE, SEAT_TOWARDS_A, SEAT_TOWARDS_B, SEAT_BEYOND_A, SEAT_BEYOND_B, SEATS };

static const double seat_costs[SEATS] = {0, 0.8, 0.8, 2.0, 2.0};

#define ROW_COST 1.5       /* of every row off the planned one */
#define STAGGER_COST 0.4   /* of lettering in the middle that had better not be there */
#define SPACING_TEXT 1.6   /* rows, in text heights: lettering of two is no stack */
#define BESIDE_TEXT_MM 0.1 /* from an end of the line to lettering, and text_gap_mm */
#define STUB_MM 1.0        /* of a broken line beside its arrow, at least */

struct linear {
	struct drafter *d;
	const struct linear_spec *spec;
	struct choice choice;
	double text_margin_mm; /* clear ring where it is not in regular rows */
	const struct lettering_block *lettering;
	double angle; /* of the lettering */
	double half;  /* of its extent along the line, with the clear space round it */
};

/* One line that is being thought out. */
struct trial {
	struct vec a, b; /* where the arrows point */
	struct vec along, out;
	double length, middle; /* of the lettering, from a */
	double before, after;  /* how far the line runs on past a and b */
	bool arrows_inside;
	struct proposal p;
};

static struct vec on_line(const struct trial *t, double at)
{
	return vec_add(t->a, vec_scale(t->along, at));
}

/* Seats lettering above the line; false where there is no room. */
static bool seat_above(const struct linear *l, struct trial *t, enum seat seat)
{
	const struct style *style = l->d->style;
	double width = l->lettering->width;
	double beyond = style->arrow_mm + 1.2 + width;
	double slack = (t->length - width) / 2 - 1;
	struct vec up = vec_perp(vec_polar(1, l->angle));

	t->middle = t->length / 2;
	if (seat <= SEAT_TOWARDS_B && slack < 0)
		return false;
	if (seat == SEAT_TOWARDS_A || seat == SEAT_TOWARDS_B) {
		if (slack < 1.5)
			return false;
		t->middle += (seat == SEAT_TOWARDS_A ? -0.8 : 0.8) * slack;
	}
	if (seat == SEAT_BEYOND_A) {
		t->before = beyond;
		t->middle = -beyond + width / 2;
	}
	if (seat == SEAT_BEYOND_B) {
		t->after = beyond;
		t->middle = t->length + beyond - width / 2;
	}
	proposal_set_text(&t->p, l->lettering,
			  vec_add(on_line(t, t->middle),
				  vec_scale(up, style->text_gap_mm + style->thin_mm / 2 +
							l->lettering->below)),
			  l->angle);
	return true;
}

/* Level lettering on a shelf that goes on from the line's end, to the right or to the left. */
static bool seat_on_shelf(const struct linear *l, struct trial *t, enum seat seat)
{
	const struct style *style = l->d->style;
	bool at_b = seat == SEAT_MIDDLE || seat == SEAT_BEYOND_B;
	double way = seat == SEAT_TOWARDS_A || seat == SEAT_TOWARDS_B ? -1 : 1;
	double shelf = way * (l->lettering->width + 1);
	struct vec knee;

	if (seat == SEAT_TOWARDS_B)
		at_b = true;
	*(at_b ? &t->after : &t->before) = style->arrow_mm + 3;
	knee = on_line(t, at_b ? t->length + t->after : -t->before);
	proposal_set_text(
		&t->p, l->lettering,
		vec_add(knee, vec(shelf / 2 + way * 0.4,
				  style->text_gap_mm + style->thin_mm / 2 + l->lettering->below)),
		0);
	proposal_add_line(&t->p, knee, vec_add(knee, vec(shelf, 0)), LAYER_DIMENSION);
	return true;
}

/* Lettering in a gap of the line, or in line with it. */
static bool seat_in_line(const struct linear *l, struct trial *t, enum seat seat)
{
	const struct style *style = l->d->style;
	double beyond = 2 * style->arrow_mm;
	double slack = t->length / 2 - l->half - (t->arrows_inside ? style->arrow_mm : 0) - STUB_MM;

	t->middle = t->length / 2;
	if (t->arrows_inside && slack < 0) {
		t->arrows_inside = false;
		t->before = t->after = beyond;
		slack += style->arrow_mm;
	}
	if (seat <= SEAT_TOWARDS_B && slack < 0)
		return false;
	if (seat == SEAT_TOWARDS_A || seat == SEAT_TOWARDS_B) {
		if (slack < 1.5)
			return false;
		t->middle += (seat == SEAT_TOWARDS_A ? -0.8 : 0.8) * slack;
	}
	if (seat == SEAT_BEYOND_A)
		t->middle = -beyond - l->half;
	if (seat == SEAT_BEYOND_B)
		t->middle = t->length + beyond + l->half;
	if (seat >= SEAT_BEYOND_A && t->arrows_inside)
		*(seat == SEAT_BEYOND_A ? &t->before : &t->after) = beyond;
	proposal_set_text_in_line(&t->p, l->lettering, on_line(t, t->middle), l->angle, style);
	return true;
}

static bool is_level(const struct linear *l)
{
	return fabs(l->spec->along.y) < 1e-9;
}

static bool seat_lettering(const struct linear *l, struct trial *t, enum seat seat)
{
	switch (l->d->style->layout) {
	case STYLE_LAYOUT_INLINE:
	case STYLE_LAYOUT_BROKEN:
		return seat_in_line(l, t, seat);
	case STYLE_LAYOUT_REFERENCED:
		return is_level(l) ? seat_above(l, t, seat) : seat_on_shelf(l, t, seat);
	default:
		return seat_above(l, t, seat);
	}
}

/* The dimension line: whole, or in two pieces round lettering that stands in it. */
static void add_line(const struct linear *l, struct trial *t, enum seat seat)
{
	bool in_line = l->d->style->layout == STYLE_LAYOUT_INLINE ||
		       l->d->style->layout == STYLE_LAYOUT_BROKEN;

	if (!in_line || seat >= SEAT_BEYOND_A) {
		proposal_add_line(&t->p, on_line(t, -t->before), on_line(t, t->length + t->after),
				  LAYER_DIMENSION);
		return;
	}
	if (!t->arrows_inside) {
		proposal_add_line(&t->p, on_line(t, -t->before), t->a, LAYER_DIMENSION);
		proposal_add_line(&t->p, t->b, on_line(t, t->length + t->after), LAYER_DIMENSION);
		return;
	}
	proposal_add_line(&t->p, t->a, on_line(t, t->middle - l->half), LAYER_DIMENSION);
	proposal_add_line(&t->p, on_line(t, t->middle + l->half), t->b, LAYER_DIMENSION);
}

/* Builds and offers one proposal: line at `height` on `side`, lettering in `seat`. */
static void offer(struct linear *l, int side, double height, enum seat seat, double cost)
{
	const struct style *style = l->d->style;
	struct vec along = l->spec->along;
	struct vec out = side == 0 ? vec_perp(along) : vec_scale(vec_perp(along), -1);
	struct vec fa = l->spec->from[side][0], fb = l->spec->from[side][1];
	struct trial t = {.a = vec_add(fa, vec_scale(out, height)), .along = along, .out = out};
	struct proposal *p = &t.p;
	double over = style->extension_over_mm, gap = style->extension_gap_mm, height_b;

	t.length = vec_dot(vec_sub(fb, fa), along);
	t.b = on_line(&t, t.length);
	height_b = vec_dot(vec_sub(t.b, fb), out);
	t.arrows_inside = t.length >= 2 * style->arrow_mm + 1;
	t.before = t.after = t.arrows_inside ? 0 : 2 * style->arrow_mm;
	/* Beyond its line it could be taken for the next one's. */
	l->choice.text_margin_mm =
		l->spec->in_rows && seat < SEAT_BEYOND_A ? ROW_MARGIN_MM : l->text_margin_mm;
	if (!seat_lettering(l, &t, seat) || !choice_seats(&l->choice, p) || height_b < 0)
		return;
	p->cost = cost;
	for (int k = 0; k < 2; k++) {
		struct vec from = k ? fb : fa, to = k ? t.b : t.a;

		if (l->spec->bare[side][k])
			continue;
		proposal_add_line(p, vec_add(from, vec_scale(out, gap)),
				  vec_add(to, vec_scale(out, over)), LAYER_EXTENSION);
		p->lines[p->line_count - 1].skip_mm =
			l->spec->in_rows ? vec_dot(vec_sub(to, from), out) - gap -
						   (height - l->spec->reach[side])
					 : l->spec->skip_mm;
	}
	add_line(l, &t, seat);
	proposal_add_arrow(p, style, t.a, vec_scale(along, t.arrows_inside ? -1 : 1));
	proposal_add_arrow(p, style, t.b, vec_scale(along, t.arrows_inside ? 1 : -1));
	choice_offer(&l->choice, p);
}

/* Half the lettering's extent along the line. */
static double half_extent(const struct linear *l)
{
	const struct style *style = l->d->style;
	double turn = l->angle - atan2(l->spec->along.y, l->spec->along.x);
	double height = style->text_mm + 2 * max2(l->lettering->below, l->lettering->above);

	return l->lettering->width / 2 * fabs(cos(turn)) + height / 2 * fabs(sin(turn)) +
	       style->text_gap_mm + BESIDE_TEXT_MM;
}

double draft_spacing(const struct style *style)
{
	return max2(style->spacing_mm, SPACING_TEXT * style->text_mm);
}

int draft_linear(struct drafter *d, int dimension, const struct linear_spec *spec)
{
	static const struct {
		double factor, steps, cost; /* offset = factor * first_offset + steps * spacing */
	} offsets[] = {{1, 0, 0},      {0.8, 0, 0.4}, {1.3, 0, 0.6}, {1, 1, 1.2},
		       {0.62, 0, 1.6}, {1.3, 1, 1.9}, {1, 2, 2.6},   {1, 3, 4}},
	  rows[] = {{1, 0, 0},   {1, 1, 0.3}, {1, 2, 0.6}, {1, 3, 0.9},
		    {1, 4, 1.2}, {1, 5, 1.5}, {1, 6, 1.8}, {1, 7, 2.1}};
	struct linear l = {.d = d, .spec = spec, .choice = choice_new(d)};
	double direction = atan2(spec->along.y, spec->along.x);
	double side_cost[2];

	for (int side = 0; side < 2; side++)
		side_cost[side] = 0.5 * rng_unit(d->rng) + spec->cost[side];
	l.lettering = drafter_lettering(d, dimension);
	l.angle = d->style->layout == STYLE_LAYOUT_INLINE ? 0 : reading_angle(direction);
	l.half = half_extent(&l);
	l.text_margin_mm = l.choice.text_margin_mm;
	for (size_t i = 0; i < sizeof(offsets) / sizeof(*offsets); i++) {
		double factor = spec->in_rows ? rows[i].factor : offsets[i].factor;
		double steps = spec->in_rows ? rows[i].steps : offsets[i].steps;
		double row_cost = spec->in_rows ? rows[i].cost : offsets[i].cost;
		double offset =
			factor * d->style->first_offset_mm + steps * draft_spacing(d->style);

		for (int k = 0; k < 2 * SEATS; k++) {
			enum seat seat = (enum seat)(k / 2);
			int side = k % 2;
			double cost = row_cost + seat_costs[seat] + side_cost[side] +
				      (spec->in_rows ? 0 : 0.03 * spec->reach[side]);

			if (spec->row[side] > 0)
				cost += ROW_COST * abs((int)i + 1 - spec->row[side]) - row_cost;
			if (spec->stagger && seat <= SEAT_TOWARDS_B)
				cost += seat == SEAT_MIDDLE ? STAGGER_COST : -seat_costs[seat];

			if (spec->cost[side] < INFINITY && choice_is_open(&l.choice, cost))
				offer(&l, side, spec->reach[side] + offset, seat, cost);
		}
	}
	return choice_draw(&l.choice, dimension);
}
