/* SPDX-License-Identifier: MIT */
/*
 * Leaders, ISO 128-2 (former 128-22): an oblique line with an arrow on an outline or a dot inside
 * it, and a level shelf for the lettering.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>

#include "render/draft/draft_sizes.h"

#define TURNS 7
#define TURN_RAD (M_PI / 12)
#define BACK_COS 0.75 /* flatter leaders would meet their own lettering */
#define BACK_COST 1.2 /* of a shelf that turns back over its leader */

struct leader {
	struct drafter *d;
	struct choice choice;
	const struct lettering_block *lettering;
	bool dot, snug;
};

/* The shelf goes on to the side that the leader leans to, or back. */
static void offer(struct leader *l, struct vec tip, double angle, double length, bool back,
		  double cost)
{
	const struct style *style = l->lettering->style;
	struct vec out = vec_polar(1, angle);
	struct vec knee = vec_add(tip, vec_scale(out, length));
	struct proposal p = {.cost = cost, .dot = l->dot, .snug = l->snug};
	double way = (out.x >= 0) != back ? 1 : -1;
	double shelf = proposal_set_text_on_shelf(&p, l->lettering, knee, way);

	if (!choice_seats(&l->choice, &p))
		return;
	proposal_add_leader(&p, tip, knee);
	proposal_add_leader(&p, knee, vec_add(knee, vec(shelf, 0)));
	proposal_add_arrow(&p, style, tip, vec_scale(out, -1));
	choice_offer(&l->choice, &p);
}

/* Leaders that lie along an axis could be taken for dimension or centre lines. */
static double direction_cost(double angle)
{
	double to_axis = fabs(remainder(angle, M_PI / 2));

	return to_axis < M_PI / 9 ? 3 : 0;
}

static void offer_all(struct leader *l, const struct leader_spec *spec, double twist)
{
	static const double lengths[] = {8, 6, 11, 15, 20, 27, 36, 48};

	for (int i = 0; i < spec->count * TURNS; i++) {
		struct vec out = spec->outs[i / TURNS];
		int turn = i % TURNS - TURNS / 2;
		double angle = atan2(out.y, out.x) + turn * TURN_RAD + twist;
		double base = 0.4 * rng_unit(l->d->rng) + 0.2 * abs(turn) + direction_cost(angle);

		for (size_t k = 0; k < sizeof(lengths) / sizeof(*lengths); k++) {
			double cost = base + fabs(lengths[k] - 8) / 8;

			if (choice_is_open(&l->choice, cost))
				offer(l, spec->tips[i / TURNS], angle, lengths[k], false, cost);
			if (fabs(cos(angle)) < BACK_COS &&
			    choice_is_open(&l->choice, cost + BACK_COST))
				offer(l, spec->tips[i / TURNS], angle, lengths[k], true,
				      cost + BACK_COST);
		}
	}
}

int draft_leader(struct drafter *d, int dimension, const struct leader_spec *spec)
{
	struct leader l = {.d = d,
			   .choice = choice_new(d, dimension),
			   .lettering = drafter_lettering(d, dimension),
			   .dot = spec->dot};
	double twist = 0.1 * rng_unit(d->rng);

	offer_all(&l, spec, twist);
	/* The mouth of a bore may be smaller than an arrowhead: then it lies across the edges there. */
	l.snug = true;
	if (!choice_is_found(&l.choice))
		offer_all(&l, spec, twist);
	return choice_draw(&l.choice);
}
