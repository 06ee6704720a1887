/* SPDX-License-Identifier: MIT */
/* Which features, and on which faces. */
#include <config.h>

#include "gen/part/part_maker.h"

#define THROWS 24

/* How often each is tried first; of the same kind, half as often each time. */
static const struct {
	bool (*make)(struct part_maker *m, enum part_feature feature);
	uint32_t weight;
} kinds[PART_FEATURE_COUNT_] = {
	[PART_HOLE] = {part_make_holes, 130},
	[PART_HOLE_ROW] = {part_make_holes, 100},
	[PART_HOLE_GRID] = {part_make_holes, 160},
	[PART_BOLT_CIRCLE] = {part_make_holes, 80},
	[PART_COUNTERBORE] = {part_make_counterbore, 70},
	[PART_CROSS_HOLE] = {part_make_cross_hole, 70},
	[PART_ROUND_BOSS] = {part_make_boss, 120},
	[PART_PAD] = {part_make_pad, 80},
	[PART_RIB] = {part_make_rib, 60},
	[PART_GUSSET] = {part_make_gusset, 300},
	[PART_POCKET] = {part_make_pocket, 90},
	[PART_SLOT] = {part_make_slot, 80},
	[PART_CHANNEL] = {part_make_open_slot, 70},
	[PART_NOTCH] = {part_make_open_slot, 70},
	[PART_STEP] = {part_make_edge_cut, 80},
	[PART_CORNER_CUT] = {part_make_edge_cut, 80},
	[PART_ROUNDING] = {part_make_rounding, 280}, /* of blocks that are nothing else yet */
};

static double area(const struct part_face *face)
{
	return (double)part_span(face, 0) * (double)part_span(face, 1);
}

/* Of three the largest, or of two: what is worked on are the main faces. */
const struct part_face *part_throw_face(struct part_maker *m, bool main)
{
	const struct part_face *best = NULL;
	int throws = rng_chance(m->rng, 0.3) ? 1 : main ? 4 : 2;
	bool below = rng_chance(m->rng, 0.2);

	for (int i = 0; i < throws || !best; i++) {
		const struct part_face *face =
			&m->faces[rng_below(m->rng, (uint32_t)m->face_count)];
		bool looks_down = face->axis == 2 && face->sign < 0;

		if (main && looks_down && !below && i < 8)
			continue;
		if (!best || area(face) > area(best))
			best = face;
	}
	return best;
}

static enum part_feature throw_kind(struct part_maker *m)
{
	uint32_t all = 0, weight[PART_FEATURE_COUNT_], at;
	int i = 0;

	for (int k = 0; k < PART_FEATURE_COUNT_; k++) {
		weight[k] = kinds[k].weight >> (m->made[k] < 6 ? m->made[k] : 6);
		all += weight[k];
	}
	at = rng_below(m->rng, all);
	while (at >= weight[i])
		at -= weight[i++];
	return (enum part_feature)i;
}

bool part_make_feature(struct part_maker *m)
{
	for (int i = 0; i < THROWS; i++) {
		enum part_feature kind = throw_kind(m);

		if (kinds[kind].make(m, kind))
			return true;
	}
	return false;
}
