/* SPDX-License-Identifier: MIT */
/* Holes: through or blind, counterbored, from the side. */
#include <config.h>

#include "gen/part/part_maker.h"

#define TRIES 12
#define SLENDER 20 /* the deepest hole, in radii */

int64_t part_hole_least(const struct part_maker *m)
{
	return part_most(1500, m->longest * 12 / 1000);
}

/* How deep; 0: none fits. */
static int64_t throw_depth(struct part_maker *m, const struct part_face *face, int64_t radius)
{
	bool through = rng_chance(m->rng, 0.72), all = rng_chance(m->rng, 0.6);
	int64_t most = part_least(face->depth - m->wall, 8 * radius);

	if (through && face->all > face->through && face->through > 0 && all)
		return face->all;
	if (through && face->through > 0 && face->through <= SLENDER * radius)
		return face->through;
	return part_pick(m, part_most(radius * 3 / 2, m->step), most, m->step);
}

/* All the cylinders, or none. */
static bool take_all(struct part_maker *m, const struct part_face *face,
		     const struct part_point *points, int count, int64_t radius, int64_t depth)
{
	int before = m->taken_count;

	if (count == 0 || !part_has_room(m, count))
		return false;
	for (int i = 0; i < count; i++) {
		struct part_taken taken = part_cylinder_at(face, points[i], radius, -depth, 0);

		if (!part_is_free(m, &taken, face->owners)) {
			m->taken_count = before;
			return false;
		}
		part_take(m, &taken);
	}
	return true;
}

static void emit_holes(struct part_maker *m, const struct part_face *face,
		       enum part_feature feature, const struct part_point *points, int count,
		       int64_t radius, int64_t depth)
{
	struct part_profile profiles[PART_POINTS_MAX];

	for (int i = 0; i < count; i++)
		profiles[i] = part_circle(m, points[i], radius);
	if (feature != PART_COUNTERBORE)
		m->drill = radius;
	part_emit_at(m, face, feature, DEEPCAD_CUT, profiles, count, -depth, 0);
}

/* Mostly that of the holes before, if it is of use here. */
static int64_t throw_radius(struct part_maker *m, const struct part_face *face,
			    enum part_feature feature)
{
	int64_t span = part_least(part_span(face, 0), part_span(face, 1));
	bool large = rng_chance(m->rng, 0.35), again = rng_chance(m->rng, 0.65);
	int64_t least = part_hole_least(m), most = span / 8;

	if (feature == PART_HOLE && large)
		most = span * 3 / 8;
	most = part_most(most, part_least(least * 2, span / 4));
	if (again && !(feature == PART_HOLE && large) && m->drill >= least && m->drill <= most)
		return m->drill;
	return part_pick_hole(m, least, most);
}

bool part_make_holes(struct part_maker *m, enum part_feature feature)
{
	struct part_point points[PART_POINTS_MAX];

	for (int i = 0; i < TRIES; i++) {
		const struct part_face *face = part_throw_face(m, false);
		int64_t radius = throw_radius(m, face, feature), depth;
		int count;

		depth = radius > 0 ? throw_depth(m, face, radius) : 0;
		if (depth == 0)
			continue;
		count = part_throw_pattern(m, face, feature, radius, false, points);
		if (!take_all(m, face, points, count, radius, depth))
			continue;
		emit_holes(m, face, feature, points, count, radius, depth);
		return true;
	}
	return false;
}

void part_add_sketched_holes(struct part_maker *m, struct part_range range,
			     struct part_profile *profile)
{
	static const enum part_feature kinds[4] = {PART_HOLE, PART_HOLE_ROW, PART_HOLE_GRID,
						   PART_BOLT_CIRCLE};
	bool wanted = rng_chance(m->rng, 0.2);
	enum part_feature feature = kinds[rng_below(m->rng, 4)];
	struct part_point points[PART_POINTS_MAX];
	int64_t depth = range.hi - range.lo;

	for (int i = 0; i < m->face_count && wanted; i++) {
		const struct part_face *face = &m->faces[i];
		int64_t radius = throw_radius(m, face, feature);
		int count;

		if (face->axis != m->base_axis || face->depth != depth || radius == 0 ||
		    depth > SLENDER * radius)
			continue;
		count = part_throw_pattern(m, face, feature, radius, true, points);
		if (!take_all(m, face, points, count, radius, depth))
			continue;
		for (int k = 0; k < count; k++)
			part_add_hole(profile, points[k], radius);
		wanted = false;
	}
}

/* --- counterbores ---------------------------------------------------------------------------- */

static bool try_counterbore(struct part_maker *m)
{
	static const enum part_feature kinds[4] = {PART_HOLE, PART_HOLE_ROW, PART_HOLE_GRID,
						   PART_BOLT_CIRCLE};
	const struct part_face *face = part_throw_face(m, true);
	enum part_feature feature = kinds[rng_below(m->rng, 4)];
	int64_t span = part_least(part_span(face, 0), part_span(face, 1));
	int64_t radius = part_pick_hole(m, part_hole_least(m), span / 12), wide, deep;
	struct part_point points[PART_POINTS_MAX];
	bool bored_first = rng_chance(m->rng, 0.3);
	int count;

	if (radius == 0 || face->through == 0 || face->through > SLENDER * radius)
		return false;
	wide = part_pick_hole(m, part_most(radius * 3 / 2, radius + m->step), radius * 2);
	deep = part_pick(
		m, radius,
		part_least(part_least(radius * 5 / 2, face->depth * 6 / 10), face->depth - m->wall),
		m->step);
	if (wide == 0 || deep == 0)
		return false;
	count = part_throw_pattern(m, face, feature, wide, false, points);
	if (!take_all(m, face, points, count, wide, face->through))
		return false;
	if (bored_first)
		emit_holes(m, face, PART_COUNTERBORE, points, count, wide, deep);
	emit_holes(m, face, feature, points, count, radius, face->through);
	if (!bored_first)
		emit_holes(m, face, PART_COUNTERBORE, points, count, wide, deep);
	return true;
}

bool part_make_counterbore(struct part_maker *m, enum part_feature feature)
{
	(void)feature;
	for (int i = 0; i < TRIES && m->left >= 2; i++)
		if (try_counterbore(m))
			return true;
	return false;
}

/* --- from the side --------------------------------------------------------------------------- */

/* Bores along the axis of a round body that a thinner hole at that place crosses in the middle: a wall
 * away from where they end. */
static uint64_t find_bores(const struct part_maker *m, const struct part_round *r, int64_t at,
			   int64_t radius)
{
	int u = (r->axis + 1) % PART_AXES, v = (r->axis + 2) % PART_AXES;
	int64_t room = radius + m->wall;
	uint64_t found = 0;

	for (int i = 0; i < m->taken_count; i++) {
		const struct part_taken *t = &m->taken[i];

		if (t->radius >= radius * 5 / 4 && t->axis == r->axis && t->radius < r->radius &&
		    t->box.lo[u] + t->box.hi[u] == 2 * r->centre.x &&
		    t->box.lo[v] + t->box.hi[v] == 2 * r->centre.y &&
		    t->box.lo[r->axis] <= at - room && t->box.hi[r->axis] >= at + room)
			found |= (uint64_t)1 << i;
	}
	return found;
}

/* A face through the middle of the body, across the hole. */
static struct part_face across_round(const struct part_round *r, int axis)
{
	int u = (r->axis + 1) % PART_AXES;
	int other = 3 - r->axis - axis;
	int64_t middle[PART_AXES], half = r->radius, lo[PART_AXES], hi[PART_AXES];
	struct part_face face = {.axis = axis, .sign = 1};

	middle[u] = r->centre.x;
	middle[(u + 1) % PART_AXES] = r->centre.y;
	lo[r->axis] = r->lo;
	hi[r->axis] = r->hi;
	lo[other] = middle[other] - half;
	hi[other] = middle[other] + half;
	face.at = middle[axis];
	face.lo = (struct part_point){lo[(axis + 1) % PART_AXES], lo[(axis + 2) % PART_AXES]};
	face.hi = (struct part_point){hi[(axis + 1) % PART_AXES], hi[(axis + 2) % PART_AXES]};
	return face;
}

static bool cross_round(struct part_maker *m)
{
	const struct part_round *r = &m->rounds[rng_below(m->rng, (uint32_t)m->round_count)];
	int axis = (r->axis + 1 + (int)rng_below(m->rng, 2)) % PART_AXES;
	struct part_face face = across_round(r, axis);
	bool central = rng_chance(m->rng, 0.5);
	int64_t radius = part_pick_hole(m, part_hole_least(m), r->radius * 4 / 10);
	int64_t half = r->radius + m->step, at, middle = r->lo + (r->hi - r->lo) / 2;
	struct part_taken taken;
	struct part_point centre = r->centre;
	struct part_profile profile;
	struct part_prism prism;
	int u = (axis + 1) % PART_AXES;

	if (radius == 0 || (m->body && r->radius - radius < m->wall) || m->step > m->wall ||
	    !part_has_room(m, 1) ||
	    !part_place(m, r->lo + radius + m->wall, r->hi - radius - m->wall, &at))
		return false;
	if (central && (r->hi - r->lo) % 2 == 0 && middle % m->step == 0)
		at = middle;
	/* The middle of the face in the direction across both axes, and `at` along the body's. */
	centre = (struct part_point){face.lo.x + part_span(&face, 0) / 2,
				     face.lo.y + part_span(&face, 1) / 2};
	*(u == r->axis ? &centre.x : &centre.y) = at;
	taken = part_cylinder_at(&face, centre, radius, -half, half);
	if (!part_is_free(m, &taken, r->owners | find_bores(m, r, at, radius)))
		return false;
	part_take(m, &taken);
	profile = part_circle(m, centre, radius);
	prism = (struct part_prism){.axis = axis,
				    .lo = face.at - half,
				    .hi = face.at + half,
				    .profiles = &profile,
				    .count = 1};
	m->made[PART_CROSS_HOLE]++;
	part_emit(m, part_feature_names[PART_CROSS_HOLE], DEEPCAD_CUT, &prism);
	return true;
}

static bool cross_flat(struct part_maker *m, const struct part_face *face)
{
	struct part_point points[PART_POINTS_MAX];
	bool row = rng_chance(m->rng, 0.25), all = rng_chance(m->rng, 0.8);
	int64_t span = part_least(part_span(face, 0), part_span(face, 1));
	int64_t radius = part_pick_hole(m, part_hole_least(m), span * 3 / 10);
	int64_t depth = all ? face->all : face->through;
	int count;

	if (radius == 0 || depth == 0 || depth > 2 * SLENDER * radius)
		return false;
	count = part_throw_pattern(m, face, row ? PART_HOLE_ROW : PART_HOLE, radius, false, points);
	if (!take_all(m, face, points, count, radius, depth))
		return false;
	emit_holes(m, face, PART_CROSS_HOLE, points, count, radius, depth);
	return true;
}

bool part_make_cross_hole(struct part_maker *m, enum part_feature feature)
{
	(void)feature;
	for (int i = 0; i < TRIES; i++) {
		bool round = rng_chance(m->rng, 0.5);
		const struct part_face *face = part_throw_face(m, false);

		if (m->round_count > 0 && round && cross_round(m))
			return true;
		if (face->axis != m->base_axis && cross_flat(m, face))
			return true;
	}
	return false;
}
