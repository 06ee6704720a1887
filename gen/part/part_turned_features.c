/* SPDX-License-Identifier: MIT */
/*
 * What is milled and drilled into turned bodies: bolt circles in flanges, holes across, keyways outside and
 * in bores, flats, sockets.
 *
 * Keyways are cut from the side that a view looks at: from above, or from the front of what stands.
 */
#include <config.h>

#include "gen/part/part_maker.h"

#define THROWS 24
#define TRIES 12

static int keyway_axis(const struct part_maker *m)
{
	return m->base_axis == 2 ? 1 : 2;
}

static int keyway_sign(const struct part_maker *m)
{
	return m->base_axis == 2 ? -1 : 1;
}

static const struct part_round *throw_round(struct part_maker *m)
{
	return &m->rounds[rng_below(m->rng, (uint32_t)m->round_count)];
}

/* From along the base's axis and across it to u and v of the axis of a face. */
static struct part_point across(const struct part_maker *m, int axis, int64_t along, int64_t aside)
{
	bool is_u = m->base_axis == (axis + 1) % PART_AXES;

	return is_u ? (struct part_point){along, aside} : (struct part_point){aside, along};
}

static bool is_end(const struct part_maker *m, int64_t at)
{
	return at == m->box.lo[m->base_axis] || at == m->box.hi[m->base_axis];
}

/* --- keyways --------------------------------------------------------------------------------- */

/* A slot with half circles for its ends, or open at the end of the shaft. */
static struct part_profile keyway_profile(struct part_maker *m, const struct part_face *face,
					  int64_t lo, int64_t hi, int64_t half, bool open_lo,
					  bool open_hi)
{
	bool along_v = m->base_axis != (face->axis + 1) % PART_AXES;

	return part_stadium(m, across(m, face->axis, lo, -half), across(m, face->axis, hi, half),
			    along_v, !open_lo, !open_hi);
}

static bool try_keyway(struct part_maker *m)
{
	const struct part_round *r = throw_round(m);
	int64_t span = r->hi - r->lo, wall = m->wall;
	int64_t width = part_pick(m, r->radius * 4 / 10, r->radius * 6 / 10, 2 * m->step);
	int64_t depth = part_pick(m, width * 4 / 10, width * 6 / 10, m->step);
	int64_t length =
		part_pick(m, width * 3 / 2, part_least(span - 2 * wall, 8 * width), m->step);
	struct part_face face = {.axis = keyway_axis(m), .sign = keyway_sign(m)};
	bool open = rng_chance(m->rng, 0.2), open_lo, open_hi;
	struct part_taken taken;
	struct part_profile profile;
	int64_t lo;

	if (width == 0 || depth == 0 || length == 0 || !part_has_room(m, 1) ||
	    !part_place(m, r->lo + wall, r->hi - wall - length, &lo))
		return false;
	open_lo = open && is_end(m, r->lo);
	open_hi = open && !open_lo && is_end(m, r->hi);
	lo = open_lo ? r->lo : open_hi ? r->hi - length : lo;
	face.at = face.sign * r->radius;
	taken = part_box_at(&face, across(m, face.axis, lo, -width / 2),
			    across(m, face.axis, lo + length, width / 2), -depth, depth);
	if (!part_is_free(m, &taken, r->owners))
		return false;
	part_take(m, &taken);
	profile = keyway_profile(m, &face, lo, lo + length, width / 2, open_lo, open_hi);
	part_emit_named(m, &face, "keyway", DEEPCAD_CUT, &profile, 1, -depth, depth);
	return true;
}

static bool make_keyway(struct part_maker *m, enum part_feature feature)
{
	(void)feature;
	for (int i = 0; i < TRIES; i++)
		if (try_keyway(m))
			return true;
	return false;
}

/* --- along the axis -------------------------------------------------------------------------- */

static struct part_profile rectangle_at(struct part_maker *m, int64_t half, int64_t low,
					int64_t high)
{
	int up = keyway_axis(m);
	bool up_is_u = up == (m->base_axis + 1) % PART_AXES;
	int64_t lo = keyway_sign(m) > 0 ? low : -high, hi = keyway_sign(m) > 0 ? high : -low;
	struct part_point a =
		up_is_u ? (struct part_point){lo, -half} : (struct part_point){-half, lo};
	struct part_point b =
		up_is_u ? (struct part_point){hi, half} : (struct part_point){half, hi};

	return part_rectangle(m, a, b, PART_SHARP, 0);
}

static struct part_taken taken_at(const struct part_maker *m, int64_t lo, int64_t hi, int64_t half,
				  int64_t low, int64_t high)
{
	struct part_face face = {.axis = keyway_axis(m), .sign = keyway_sign(m)};

	return part_box_at(&face, across(m, face.axis, lo, -half), across(m, face.axis, hi, half),
			   low, high);
}

static void emit_along(struct part_maker *m, const char *name, const struct part_profile *profiles,
		       int count, int64_t lo, int64_t hi)
{
	const struct part_prism prism = {
		.axis = m->base_axis, .lo = lo, .hi = hi, .profiles = profiles, .count = count};

	part_emit(m, name, DEEPCAD_CUT, &prism);
}

/* Whether the corners of a keyway leave the wall around them. */
static bool is_within(int64_t half, int64_t high, int64_t radius)
{
	return half * half + high * high <= radius * radius;
}

/* As wide and as deep as a key that fits. */
static bool make_bore_keyway(struct part_maker *m, enum part_feature feature)
{
	int64_t bore = m->bore_radius, lo = m->box.lo[m->base_axis], hi = m->box.hi[m->base_axis];
	int64_t width = part_pick(m, bore * 4 / 10, bore * 6 / 10, 2 * m->step);
	int64_t deep = part_pick(m, width * 3 / 10, width * 5 / 10, m->step);
	struct part_taken taken;
	struct part_profile profile;

	(void)feature;
	if (width == 0 || deep == 0 || !is_within(width / 2, bore + deep, m->bore_room) ||
	    !part_has_room(m, 1))
		return false;
	taken = taken_at(m, lo, hi, width / 2, 0, bore + deep);
	if (!part_is_free(m, &taken, m->body | m->bores))
		return false;
	part_take(m, &taken);
	m->bore_radius = 0; /* one will do */
	profile = rectangle_at(m, width / 2, 0, bore + deep);
	emit_along(m, "bore keyway", &profile, 1, lo, hi);
	return true;
}

/* One flat, or two that a spanner fits; most at an end. */
static bool try_flats(struct part_maker *m)
{
	const struct part_round *r = throw_round(m);
	int64_t across_flat = part_pick(m, r->radius * 70 / 100, r->radius * 88 / 100, m->step);
	int64_t length = part_pick(m, part_most(m->wall, r->radius / 2),
				   part_least(r->hi - r->lo - m->wall, r->radius * 3), m->step);
	bool two = rng_chance(m->rng, 0.6), end_lo = is_end(m, r->lo), end_hi = is_end(m, r->hi);
	int64_t lo, beyond = r->radius + m->step;
	struct part_profile profiles[2];
	struct part_taken taken[2];

	if (across_flat == 0 || length == 0 || !part_has_room(m, 2) ||
	    !part_place(m, r->lo + m->wall, r->hi - m->wall - length, &lo))
		lo = INT64_MAX;
	if (end_lo)
		lo = r->lo;
	else if (end_hi)
		lo = r->hi - length;
	if (across_flat == 0 || length == 0 || lo == INT64_MAX || !part_has_room(m, 2))
		return false;
	for (int i = 0; i < 2; i++) {
		taken[i] = taken_at(m, lo, lo + length, r->radius, i ? -r->radius : across_flat,
				    i ? -across_flat : r->radius);
		profiles[i] = rectangle_at(m, beyond, i ? -beyond : across_flat,
					   i ? -across_flat : beyond);
		if (!part_is_free(m, &taken[i], r->owners))
			return false;
	}
	for (int i = 0; i < 1 + two; i++)
		part_take(m, &taken[i]);
	emit_along(m, two ? "flats" : "flat", profiles, 1 + two, lo, lo + length);
	return true;
}

static bool make_flats(struct part_maker *m, enum part_feature feature)
{
	(void)feature;
	for (int i = 0; i < TRIES; i++)
		if (try_flats(m))
			return true;
	return false;
}

/* A square hole in the middle of a solid end, as for a key. */
static bool make_socket(struct part_maker *m, enum part_feature feature)
{
	bool at_hi = rng_chance(m->rng, 0.5);
	int64_t end = at_hi ? m->box.hi[m->base_axis] : m->box.lo[m->base_axis], half, depth, lo;

	(void)feature;
	for (int i = 0; i < m->round_count; i++) {
		const struct part_round *r = &m->rounds[i];
		struct part_profile profile;
		struct part_taken taken;

		if ((at_hi ? r->hi : r->lo) != end)
			continue;
		half = part_pick(m, r->radius * 3 / 10,
				 part_least(r->radius * 6 / 10, (r->radius - m->wall) * 7 / 10),
				 m->step);
		depth = part_pick(m, half, part_least(2 * half, r->hi - r->lo - m->wall), m->step);
		lo = at_hi ? end - depth : end;
		if (half == 0 || depth == 0 || !part_has_room(m, 1))
			return false;
		taken = taken_at(m, lo, lo + depth, half, -half, half);
		if (!part_is_free(m, &taken, r->owners))
			return false;
		part_take(m, &taken);
		profile = rectangle_at(m, half, -half, half);
		emit_along(m, "socket", &profile, 1, lo, lo + depth);
		return true;
	}
	return false;
}

/* --- all ------------------------------------------------------------------------------------- */

/* How often each is tried first; of the same kind, half as often each time, or never again. */
static const struct {
	bool (*make)(struct part_maker *m, enum part_feature feature);
	enum part_feature feature;
	uint32_t weight;
	bool once;
} kinds[PART_TURNED_KINDS] = {
	{part_make_holes, PART_BOLT_CIRCLE, 260, true},
	{part_make_counterbore, PART_COUNTERBORE, 40, true},
	{part_make_cross_hole, PART_CROSS_HOLE, 90, false},
	{make_socket, PART_FEATURE_COUNT_, 45, true},
	{make_keyway, PART_FEATURE_COUNT_, 150, false},
	{make_bore_keyway, PART_FEATURE_COUNT_, 200, true},
	{make_flats, PART_FEATURE_COUNT_, 90, true},
};

static int throw_kind(struct part_maker *m)
{
	uint32_t all = 0, weight[PART_TURNED_KINDS], at;
	int i = 0;

	for (int k = 0; k < PART_TURNED_KINDS; k++) {
		int made = m->turned[k] < 6 ? m->turned[k] : 6;

		weight[k] = made > 0 && kinds[k].once ? 0 : kinds[k].weight >> made;
		all += weight[k];
	}
	at = rng_below(m->rng, all);
	while (at >= weight[i])
		at -= weight[i++];
	return i;
}

bool part_make_turned_feature(struct part_maker *m)
{
	for (int i = 0; i < THROWS; i++) {
		int kind = throw_kind(m);

		if (kinds[kind].make(m, kinds[kind].feature)) {
			m->turned[kind]++;
			return true;
		}
	}
	return false;
}
