/* SPDX-License-Identifier: MIT */
/* Bores from face to face or blind, with wider mouths; each is added where the part stays sound. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "formats/scene/turned.h"
#include "gen/scene/scene_turned.h"

/* Millimetres on paper. */
#define STEP_MM 8.0  /* where a wider mouth is worth its while, the bore is three times as long */
#define WALL_MM 3.0  /* between bore and outside */
#define BREAK_MM 2.5 /* from the end of a local section to edges */

static bool try_bore(struct turner *t, int64_t x, int64_t length, int64_t d)
{
	struct shape s = {.kind = SHAPE_BORE};

	s.value[PARAM_X] = x;
	s.value[PARAM_LENGTH] = length;
	s.value[PARAM_D] = d;
	return d > 0 && length > 0 && turner_try(t, &s);
}

/* The lowest diameter between two places. */
static int64_t lowest_outside(const struct turner *t, int64_t x0, int64_t x1)
{
	struct turned part;
	int64_t lowest = 0;

	turned_from_scene(&part, t->scene);
	for (int i = 0; i < part.count; i++) {
		const struct turned_piece *p = &part.pieces[i];
		int64_t d = p->d0 < p->d1 ? p->d0 : p->d1;

		if (p->x0 <= x1 && x0 <= p->x1 && (lowest == 0 || d < lowest))
			lowest = d;
	}
	return lowest;
}

/* A bore from face to face, wider at one end or both. */
bool turner_bore_through(struct turner *t)
{
	int64_t length = turner_face(t, 1), all = lowest_outside(t, 0, length);
	int64_t wall = turner_real(t, WALL_MM), from = 0, to = length;
	int64_t most_d = (int64_t)((0.4 + 0.35 * rng_unit(t->rng)) * (double)(all - 2 * wall));
	int64_t d = turner_diameter(t, most_d / 2, most_d);
	int ends = (int)rng_below(t->rng, 3);
	struct scene *scene = t->scene;
	int bare = scene->shape_count;
	struct shape kept[SCENE_SHAPES_MAX];

	memcpy(kept, scene->shapes, (size_t)bare * sizeof(*kept));
	if (!d || length < turner_real(t, 3 * STEP_MM))
		ends = 0;
	for (int i = 0; i < ends; i++) {
		int64_t deep =
			turner_length(t, turner_paper(t, length) * (0.15 + 0.2 * rng_unit(t->rng)));
		bool left = i == 0 ? rng_chance(t->rng, 0.5) : from == 0;
		int64_t x = left ? 0 : length - deep;
		int64_t most = lowest_outside(t, x, x + deep) - 2 * wall;
		int64_t wide = turner_diameter(t, d + turner_real(t, SHOULDER_MM), most);

		if (turner_paper(t, deep) < 5 || to - from < 2 * deep ||
		    !try_bore(t, x, deep, wide))
			continue;
		if (left)
			from = deep;
		else
			to = length - deep;
	}
	if (try_bore(t, from, to - from, d))
		return true;
	scene->shape_count = bare;
	memcpy(scene->shapes, kept, (size_t)bare * sizeof(*kept));
	return try_bore(t, 0, length, d);
}

/* A blind bore, perhaps a wider one before it. */
bool turner_bore_blind(struct turner *t, int side, double most_mm)
{
	int64_t length = turner_face(t, 1), wall = turner_real(t, WALL_MM);
	double share = 0.4 + 0.25 * rng_unit(t->rng);
	int64_t deep = turner_length(t, min2(most_mm, turner_paper(t, length) * share));
	int64_t x = side == 0 ? 0 : length - deep;
	int64_t most_d = lowest_outside(t, x, x + deep) - 2 * wall;
	int64_t d = turner_diameter(t, most_d / 3, most_d);
	int64_t wide, mouth = turner_length(t, turner_paper(t, deep) * 0.4);

	if (!d || turner_paper(t, deep) < 8)
		return false;
	wide = turner_diameter(
		t, d + turner_real(t, SHOULDER_MM),
		lowest_outside(t, side == 0 ? 0 : length - mouth, side == 0 ? mouth : length) -
			2 * wall);
	if (!wide || turner_paper(t, mouth) < 5 || 2 * mouth > deep || rng_chance(t->rng, 0.5))
		return try_bore(t, x, deep, d);
	return try_bore(t, side == 0 ? 0 : length - mouth, mouth, wide) &&
	       try_bore(t, side == 0 ? mouth : x, deep - mouth, d);
}

/* Whether a quarter section ends clear of all edges but that of its shoulder. */
static bool quarter_ends_clear(const struct turner *t, const struct turned *part)
{
	struct turned_cut cut = turned_quarter(part);
	struct turned_line line;
	int first = 0;

	turned_outside(part, &line);
	for (int i = 0; i < line.count && !cut.at_shoulder; i++)
		if (fabs(turner_paper(t, line.corners[i].x - cut.x)) < BREAK_MM)
			return false;
	while (turned_next_hollow(part, &first, &line))
		for (int i = 0; i < line.count; i++)
			if (fabs(turner_paper(t, line.corners[i].x - cut.x)) < BREAK_MM)
				return false;
	return true;
}

/* Whether local and quarter sections end clear of all edges. */
bool turner_breaks_clear(const struct turner *t)
{
	struct turned part;
	struct turned_line line;

	turned_from_scene(&part, t->scene);
	if (t->scene->section == SECTION_QUARTER)
		return quarter_ends_clear(t, &part);
	turned_outside(&part, &line);
	for (int side = 0; side < 2; side++) {
		int64_t x = turned_mouth(&part, side) ? turned_break(&part, side) : 0;

		for (int i = 0; i < line.count && x; i++)
			if (fabs(turner_paper(t, line.corners[i].x - x)) < BREAK_MM)
				return false;
	}
	return true;
}
