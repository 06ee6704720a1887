/* SPDX-License-Identifier: MIT */
/*
 * Linear dimensions, ISO 129-1: the line stands first_offset from the outline, farther or (short of
 * room) nearer; arrows and lettering lie between the extension lines where they fit, else outside.
 */
#include <config.h>

#include <math.h>

#include "render/draft_sizes.h"

/* Places of the lettering along the line. */
enum seat { SEAT_MIDDLE, SEAT_TOWARDS_A, SEAT_TOWARDS_B, SEAT_BEYOND_A, SEAT_BEYOND_B, SEATS };

static const double seat_costs[SEATS] = {0, 0.8, 0.8, 2.0, 2.0};

struct linear {
	struct drafter *d;
	const struct linear_spec *spec;
	struct choice choice;
	const char *utf8;
	double text_width;
	double angle; /* of the lettering */
	bool flipped; /* the lettering reads against `along` */
};

/* Builds and offers one proposal: line at `height` on `side`, lettering in `seat`. */
static void offer(struct linear *l, int side, double height, enum seat seat, double cost)
{
	const struct style *style = l->d->style;
	struct vec along = l->spec->along;
	struct vec out = side == 0 ? vec_perp(along) : vec_scale(vec_perp(along), -1);
	struct vec fa = l->spec->from[side][0], fb = l->spec->from[side][1];
	struct vec a = vec_add(fa, vec_scale(out, height));
	double length = vec_dot(vec_sub(fb, fa), along);
	struct vec b = vec_add(a, vec_scale(along, length));
	double height_b = vec_dot(vec_sub(b, fb), out);
	bool arrows_inside = length >= 2 * style->arrow_mm + 1;
	double tail = 2 * style->arrow_mm, beyond = style->arrow_mm + 1.2 + l->text_width;
	double before = arrows_inside ? 0 : tail, after = before;
	double middle = length / 2, slack = (length - l->text_width) / 2 - 1;
	struct proposal p = {.cost = cost};
	struct vec up;

	if (seat <= SEAT_TOWARDS_B && slack < 0)
		return;
	if (seat == SEAT_TOWARDS_A || seat == SEAT_TOWARDS_B) {
		if (slack < 1.5)
			return;
		middle += (seat == SEAT_TOWARDS_A ? -0.8 : 0.8) * slack;
	}
	if (seat == SEAT_BEYOND_A) {
		before = beyond;
		middle = -beyond + l->text_width / 2;
	}
	if (seat == SEAT_BEYOND_B) {
		after = beyond;
		middle = length + beyond - l->text_width / 2;
	}
	up = vec_perp(vec_polar(1, l->angle));
	proposal_set_text(&p, l->utf8, l->text_width,
			  vec_add(vec_add(a, vec_scale(along, middle)),
				  vec_scale(up, style->text_gap_mm + style->thin_mm / 2)),
			  l->angle);
	if (!choice_seats(&l->choice, &p))
		return;
	proposal_add_line(&p, vec_add(fa, vec_scale(out, style->extension_gap_mm)),
			  vec_add(a, vec_scale(out, style->extension_over_mm)), LAYER_EXTENSION);
	proposal_add_line(&p, vec_add(fb, vec_scale(out, style->extension_gap_mm)),
			  vec_add(b, vec_scale(out, style->extension_over_mm)), LAYER_EXTENSION);
	if (height_b < 0)
		return;
	p.lines[0].skip_mm = p.lines[1].skip_mm = l->spec->skip_mm;
	proposal_add_line(&p, vec_sub(a, vec_scale(along, before)),
			  vec_add(b, vec_scale(along, after)), LAYER_DIMENSION);
	proposal_add_arrow(&p, style, a, vec_scale(along, arrows_inside ? -1 : 1));
	proposal_add_arrow(&p, style, b, vec_scale(along, arrows_inside ? 1 : -1));
	choice_offer(&l->choice, &p);
}

int draft_linear(struct drafter *d, int dimension, const struct linear_spec *spec)
{
	static const struct {
		double factor, steps, cost; /* offset = factor * first_offset + steps * spacing */
	} offsets[] = {{1, 0, 0},      {0.8, 0, 0.4}, {1.3, 0, 0.6}, {1, 1, 1.2},
		       {0.62, 0, 1.6}, {1.3, 1, 1.9}, {1, 2, 2.6},   {1, 3, 4}};
	struct linear l = {.d = d, .spec = spec, .choice = choice_new(d)};
	double direction = atan2(spec->along.y, spec->along.x);
	double side_cost[2];

	for (int side = 0; side < 2; side++)
		side_cost[side] = 0.5 * rng_unit(d->rng);
	l.utf8 = drafter_text(d, dimension, &l.text_width);
	l.angle = reading_angle(direction);
	for (size_t i = 0; i < sizeof(offsets) / sizeof(*offsets); i++) {
		double offset = offsets[i].factor * d->style->first_offset_mm +
				offsets[i].steps * d->style->spacing_mm;

		for (int k = 0; k < 2 * SEATS; k++) {
			enum seat seat = (enum seat)(k / 2);
			int side = k % 2;
			double cost = offsets[i].cost + seat_costs[seat] + side_cost[side] +
				      0.03 * spec->reach[side];

			if (choice_is_open(&l.choice, cost))
				offer(&l, side, spec->reach[side] + offset, seat, cost);
		}
	}
	return choice_draw(&l.choice, dimension);
}
