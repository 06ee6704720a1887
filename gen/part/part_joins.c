/* SPDX-License-Identifier: MIT */
/* What is put onto faces: bosses, pads, ribs. Each keeps what is below it free of cuts for the depth of a
 * wall. */
#include <config.h>

#include "gen/part/part_maker.h"

#define TRIES 12

/* How much higher the part may get there. */
static int64_t throw_height(struct part_maker *m, const struct part_face *face, int64_t least,
			    int64_t most)
{
	int64_t air = face->clear == INT64_MAX ? most : face->clear - m->wall;

	return part_pick(m, part_most(least, m->step), part_least(most, air), m->step);
}

/* Whether what stands there keeps clear of all and lets the part grow no more than it may. */
static bool fits(const struct part_maker *m, const struct part_taken *taken, uint64_t except)
{
	return part_has_room(m, 1) && part_is_free(m, taken, except) &&
	       part_may_grow(m, &taken->box);
}

/* The same volume with the wall below. */
static struct part_taken with_foot(const struct part_maker *m, const struct part_face *face,
				   struct part_taken taken)
{
	if (face->sign > 0)
		taken.box.lo[face->axis] -= m->wall;
	else
		taken.box.hi[face->axis] += m->wall;
	return taken;
}

/* The face on top; `like` has its rectangle and corners. */
static void add_top(struct part_maker *m, const struct part_face *face, struct part_face like,
		    int64_t height, uint64_t owner)
{
	like.axis = face->axis;
	like.sign = face->sign;
	like.at = face->at + face->sign * height;
	like.depth = face->depth + height;
	like.through = face->through > 0 ? face->through + height : 0;
	like.all = like.through;
	like.clear = face->clear == INT64_MAX ? INT64_MAX : face->clear - height;
	like.owners = face->owners | owner;
	part_add_face(m, &like);
}

/* --- bosses ---------------------------------------------------------------------------------- */

/* Holes down through all of them. */
static void drill_bosses(struct part_maker *m, const struct part_face *face,
			 enum part_feature pattern, const struct part_point *points, int count,
			 int64_t radius, int64_t height, uint64_t owners)
{
	int64_t bore = part_pick_hole(m, part_hole_least(m), radius - m->wall);
	int64_t depth = face->through;
	struct part_profile profiles[PART_POINTS_MAX];

	if (bore == 0 || depth == 0 || !part_has_room(m, count))
		return;
	for (int i = 0; i < count; i++) {
		struct part_taken taken = part_cylinder_at(face, points[i], bore, -depth, height);

		if (!part_is_free(m, &taken, face->owners | owners))
			return;
		profiles[i] = part_circle(m, points[i], bore);
	}
	for (int i = 0; i < count; i++) {
		struct part_taken taken = part_cylinder_at(face, points[i], bore, -depth, height);

		part_take(m, &taken);
	}
	part_emit_at(m, face, pattern, DEEPCAD_CUT, profiles, count, -depth, height);
}

/* One boss gets more done to it later. */
static void add_boss(struct part_maker *m, const struct part_face *face, struct part_point centre,
		     int64_t radius, int64_t height, uint64_t owner)
{
	int64_t end = face->at + face->sign * height;
	struct part_face top = {
		.lo = {centre.x - radius, centre.y - radius},
		.hi = {centre.x + radius, centre.y + radius},
		.radius = radius,
	};

	add_top(m, face, top, height, owner);
	if (m->round_count == PART_ROUNDS_MAX)
		return;
	m->rounds[m->round_count++] = (struct part_round){
		.axis = face->axis,
		.centre = centre,
		.radius = radius,
		.lo = part_least(face->at, end),
		.hi = part_most(face->at, end),
		.owners = owner,
	};
}

static void put_bosses(struct part_maker *m, const struct part_face *face,
		       enum part_feature pattern, const struct part_point *points, int count,
		       int64_t radius, int64_t height)
{
	struct part_profile profiles[PART_POINTS_MAX];
	bool drilled = rng_chance(m->rng, 0.7);
	uint64_t owners = 0;

	for (int i = 0; i < count; i++) {
		struct part_taken taken = part_cylinder_at(face, points[i], radius, 0, height);

		part_grow(m, &taken.box);
		taken = with_foot(m, face, taken);
		owners |= part_take(m, &taken);
		profiles[i] = part_circle(m, points[i], radius);
	}
	part_emit_at(m, face, PART_ROUND_BOSS, DEEPCAD_JOIN, profiles, count, 0, height);
	if (count == 1)
		add_boss(m, face, points[0], radius, height, owners);
	else if (drilled && m->left > 0)
		drill_bosses(m, face, pattern, points, count, radius, height, owners);
}

static bool try_boss(struct part_maker *m)
{
	const struct part_face *face = part_throw_face(m, true);
	int64_t span = part_least(part_span(face, 0), part_span(face, 1));
	bool several = rng_chance(m->rng, 0.2), row = rng_chance(m->rng, 0.5);
	enum part_feature pattern = !several ? PART_HOLE : row ? PART_HOLE_ROW : PART_HOLE_GRID;
	int64_t radius = part_pick(m, part_most(m->wall, span / 10),
				   several ? span / 5 : span * 4 / 10, m->step);
	struct part_point points[PART_POINTS_MAX];
	int64_t height;
	int count;

	if (radius == 0 || face->clear == 0)
		return false;
	height = throw_height(m, face, part_most(m->wall / 2, radius / 3), radius * 5 / 2);
	count = height > 0 ? part_throw_pattern(m, face, pattern, radius, true, points) : 0;
	if (count == 0 || !part_has_room(m, 2 * count))
		return false;
	for (int i = 0; i < count; i++) {
		struct part_taken taken = part_cylinder_at(face, points[i], radius, 0, height);

		if (!fits(m, &taken, face->owners))
			return false;
	}
	put_bosses(m, face, pattern, points, count, radius, height);
	return true;
}

bool part_make_boss(struct part_maker *m, enum part_feature feature)
{
	(void)feature;
	for (int i = 0; i < TRIES; i++)
		if (try_boss(m))
			return true;
	return false;
}

/* --- pads ------------------------------------------------------------------------------------ */

/* A stretch of the face: in its middle, anywhere, or up to an open side. Whether it is at one is told. */
static bool throw_stretch(struct part_maker *m, const struct part_face *face, int axis,
			  int64_t *from, int64_t *to, bool *flush)
{
	int64_t lo = axis ? face->lo.y : face->lo.x, hi = axis ? face->hi.y : face->hi.x;
	const struct part_side *sides = &face->sides[axis ? PART_V_LO : PART_U_LO];
	int64_t size = part_pick(m, part_most(m->wall, (hi - lo) / 6), (hi - lo) * 7 / 10, m->step);
	bool at_lo = rng_chance(m->rng, 0.2) && sides[0].kind == PART_SIDE_OPEN;
	bool at_hi = rng_chance(m->rng, 0.2) && sides[1].kind == PART_SIDE_OPEN;
	bool central = rng_chance(m->rng, 0.7);

	*flush = at_lo || at_hi;
	if (size == 0 || !part_place(m, lo + m->wall, hi - m->wall - size, from))
		return false;
	if (central && (hi - lo - size) % 2 == 0 && (lo + (hi - lo - size) / 2) % m->step == 0)
		*from = lo + (hi - lo - size) / 2;
	*to = *from + size;
	if (at_lo) {
		*from = lo;
		*to = lo + size;
	}
	if (at_hi) {
		*from = at_lo ? lo : hi - size;
		*to = hi;
	}
	return *from % m->step == 0 && *to % m->step == 0;
}

/* The face on top of a pad, but for where it lies; false: nothing is there. */
static bool throw_pad(struct part_maker *m, const struct part_face *face, struct part_face *top)
{
	bool flush_u, flush_v, round = rng_chance(m->rng, 0.35);
	int64_t least, size;

	if (face->clear == 0 || face->radius > 0 ||
	    !throw_stretch(m, face, 0, &top->lo.x, &top->hi.x, &flush_u) ||
	    !throw_stretch(m, face, 1, &top->lo.y, &top->hi.y, &flush_v))
		return false;
	least = part_least(part_span(top, 0), part_span(top, 1));
	size = part_pick(m, least / 8, least * 3 / 8, m->step);
	if (round && !flush_u && !flush_v && size > 0) {
		top->corner = PART_ROUND;
		top->corner_size = size;
	}
	/* A face with corners taken off has no open sides to be flush with. */
	if (!flush_u && !flush_v)
		return part_holds_rectangle(face, top->lo, top->hi, m->wall);
	return part_span(top, 0) < part_span(face, 0) || part_span(top, 1) < part_span(face, 1);
}

/* The sides of a pad, which holes may go into. */
static void add_pad_sides(struct part_maker *m, const struct part_face *face,
			  const struct part_box *box, uint64_t owners)
{
	for (int axis = 0; axis < PART_AXES; axis++)
		for (int sign = -1; sign <= 1; sign += 2) {
			struct part_face side = part_box_face(box, axis, sign);

			side.owners = owners;
			if (axis != face->axis)
				part_add_face(m, &side);
		}
}

static bool try_pad(struct part_maker *m)
{
	const struct part_face *face = part_throw_face(m, true);
	struct part_face top = {0};
	struct part_taken taken, foot;
	struct part_profile profile;
	int64_t height, least;
	uint64_t owner;

	if (!throw_pad(m, face, &top))
		return false;
	least = part_least(part_span(&top, 0), part_span(&top, 1));
	height = throw_height(m, face, part_most(m->wall / 2, least / 4), least * 3 / 2);
	taken = part_box_at(face, top.lo, top.hi, 0, height);
	if (height == 0 || !fits(m, &taken, face->owners))
		return false;
	foot = with_foot(m, face, taken);
	owner = part_take(m, &foot);
	part_grow(m, &taken.box);
	profile = part_rectangle(m, top.lo, top.hi, top.corner, top.corner_size);
	part_emit_at(m, face, PART_PAD, DEEPCAD_JOIN, &profile, 1, 0, height);
	for (int side = 0; side < PART_SIDES && top.corner == PART_SHARP; side++)
		top.sides[side] = (struct part_side){PART_SIDE_OPEN, height, 0};
	add_top(m, face, top, height, owner);
	if (top.corner == PART_SHARP)
		add_pad_sides(m, face, &taken.box, owner | face->owners);
	return true;
}

bool part_make_pad(struct part_maker *m, enum part_feature feature)
{
	(void)feature;
	for (int i = 0; i < TRIES; i++)
		if (try_pad(m))
			return true;
	return false;
}

/* --- ribs and gussets ------------------------------------------------------------------------ */

int part_throw_thin(struct part_maker *m, const struct part_face *face, int axis,
		    int64_t *thickness, int64_t at[2])
{
	int64_t lo = axis ? face->lo.y : face->lo.x, hi = axis ? face->hi.y : face->hi.x;
	int64_t from, rest;
	int64_t most = part_most(part_least((hi - lo) / 5, m->wall * 3), m->wall);
	bool two = rng_chance(m->rng, 0.3);

	*thickness = part_pick(m, m->wall, most, m->step);
	if (*thickness == 0 || !part_place(m, lo + m->wall, lo + (hi - lo) / 3, &from))
		return 0;
	rest = hi - lo - *thickness;
	if (two) {
		at[0] = from;
		at[1] = hi - (from - lo) - *thickness;
		return at[1] % m->step == 0 && at[1] - at[0] >= *thickness + m->wall ? 2 : 0;
	}
	at[0] = lo + rest / 2;
	return rest % 2 == 0 && at[0] % m->step == 0 && rest / 2 >= m->wall ? 1 : 0;
}

/* How high a rib along the axis may be: lower than the walls at its ends; 0: it has no ends. */
static int64_t rib_height(const struct part_maker *m, const struct part_face *face, int axis)
{
	const struct part_side *ends = &face->sides[axis ? PART_V_LO : PART_U_LO];
	int64_t most = part_span(face, !axis) / 2;

	for (int i = 0; i < 2; i++) {
		if (ends[i].kind == PART_SIDE_NONE)
			return 0;
		if (ends[i].kind == PART_SIDE_WALL)
			most = part_least(most, ends[i].high - m->wall);
	}
	return most;
}

static bool try_rib(struct part_maker *m)
{
	const struct part_face *face = part_throw_face(m, true);
	int axis = (int)rng_below(m->rng, 2), count; /* along which it runs */
	const struct part_side *ends = &face->sides[axis ? PART_V_LO : PART_U_LO];
	int64_t thickness, at[2], height, most = rib_height(m, face, axis);
	uint64_t except = face->owners | ends[0].owners | ends[1].owners;
	struct part_profile profiles[2];
	struct part_taken taken[2];

	count = part_throw_thin(m, face, !axis, &thickness, at);
	height = throw_height(m, face, part_most(m->wall, most / 4), most);
	if (count == 0 || height == 0 || face->clear == 0 || !part_has_room(m, 2))
		return false;
	for (int i = 0; i < count; i++) {
		struct part_point lo = face->lo, hi = face->hi;

		*(axis ? &lo.x : &lo.y) = at[i];
		*(axis ? &hi.x : &hi.y) = at[i] + thickness;
		taken[i] = part_box_at(face, lo, hi, 0, height);
		profiles[i] = part_rectangle(m, lo, hi, PART_SHARP, 0);
		if (!fits(m, &taken[i], except))
			return false;
	}
	for (int i = 0; i < count; i++) {
		struct part_taken foot = with_foot(m, face, taken[i]);

		part_grow(m, &taken[i].box);
		part_take(m, &foot);
	}
	part_emit_at(m, face, PART_RIB, DEEPCAD_JOIN, profiles, count, 0, height);
	return true;
}

bool part_make_rib(struct part_maker *m, enum part_feature feature)
{
	(void)feature;
	for (int i = 0; i < TRIES; i++)
		if (try_rib(m))
			return true;
	return false;
}
