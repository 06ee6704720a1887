/* SPDX-License-Identifier: MIT */
/* Milled cuts: pockets and windows, slots, channels and notches, corners rounded by a disc. */
#include <config.h>

#include <math.h>

#include "gen/part/part_maker.h"

#define TRIES 14
#define DEEP 4 /* the deepest narrow cut, in widths */

/* How deep a cut of that width goes; 0: none fits. */
static int64_t throw_depth(struct part_maker *m, const struct part_face *face, int64_t width,
			   double through_share)
{
	bool through = rng_chance(m->rng, through_share);
	int64_t most = part_least(face->depth - m->wall, width * 2);

	if (through && face->through > 0 && face->through <= width * DEEP)
		return face->through;
	return part_pick(m, part_most(m->step, part_least(m->wall / 2, most / 3)),
			 part_least(most, face->depth * 7 / 10), m->step);
}

/* The bottom of a cut that is not through; `like` has its rectangle, radius and corners. */
static void add_bottom(struct part_maker *m, const struct part_face *face, struct part_face like,
		       int64_t depth, uint64_t owner)
{
	if (depth >= face->depth)
		return;
	like.axis = face->axis;
	like.sign = face->sign;
	like.at = face->at - face->sign * depth;
	like.depth = face->depth - depth;
	like.through = part_most(face->through - depth, 0);
	like.all = like.through;
	like.clear = 0;
	like.owners = face->owners | owner;
	part_add_face(m, &like);
}

/* A stretch of at least `least`, a wall from both ends, mostly in the middle. */
static bool throw_stretch(struct part_maker *m, int64_t lo, int64_t hi, int64_t least, int64_t most,
			  int64_t unit, int64_t *from, int64_t *to)
{
	int64_t size = part_pick(m, part_most(least, (hi - lo) / 8), most, unit);
	int64_t rest = hi - lo - size;
	bool central = rng_chance(m->rng, 0.7);

	if (size == 0 || !part_place(m, lo + m->wall, hi - m->wall - size, from))
		return false;
	if (central && rest % 2 == 0 && (lo + rest / 2) % m->step == 0)
		*from = lo + rest / 2;
	*to = *from + size;
	return true;
}

/* --- pockets --------------------------------------------------------------------------------- */

static bool try_round_pocket(struct part_maker *m, const struct part_face *face)
{
	int64_t span = part_least(part_span(face, 0), part_span(face, 1));
	int64_t radius = part_pick(m, part_most(span / 8, m->wall), span * 4 / 10, m->step), depth;
	struct part_point found[PART_POINTS_MAX], centre;
	struct part_taken taken;
	struct part_profile profile;
	struct part_face bottom = {.radius = radius};

	depth = radius > 0 ? throw_depth(m, face, 2 * radius, 0.2) : 0;
	if (depth == 0 || part_throw_pattern(m, face, PART_HOLE, radius, true, found) != 1)
		return false;
	centre = found[0];
	taken = part_cylinder_at(face, centre, radius, -depth, 0);
	if (!part_is_free(m, &taken, face->owners))
		return false;
	bottom.lo = (struct part_point){centre.x - radius, centre.y - radius};
	bottom.hi = (struct part_point){centre.x + radius, centre.y + radius};
	profile = part_circle(m, centre, radius);
	part_emit_at(m, face, PART_POCKET, DEEPCAD_CUT, &profile, 1, -depth, 0);
	add_bottom(m, face, bottom, depth, part_take(m, &taken));
	return true;
}

static bool try_pocket(struct part_maker *m, const struct part_face *face)
{
	int64_t u = part_span(face, 0), v = part_span(face, 1), depth, least, size;
	struct part_face bottom = {0};
	struct part_taken taken;
	struct part_profile profile;
	bool rounded = rng_chance(m->rng, 0.65);

	if (!throw_stretch(m, face->lo.x, face->hi.x, 2 * m->wall, u * 8 / 10, m->step,
			   &bottom.lo.x, &bottom.hi.x) ||
	    !throw_stretch(m, face->lo.y, face->hi.y, 2 * m->wall, v * 8 / 10, m->step,
			   &bottom.lo.y, &bottom.hi.y))
		return false;
	least = part_least(bottom.hi.x - bottom.lo.x, bottom.hi.y - bottom.lo.y);
	depth = throw_depth(m, face, least, 0.25);
	size = part_pick(m, part_most(m->step, least / 12), least * 3 / 10, m->step);
	if (depth == 0 || !part_holds_rectangle(face, bottom.lo, bottom.hi, m->wall))
		return false;
	if (rounded && size > 0) {
		bottom.corner = PART_ROUND;
		bottom.corner_size = size;
	}
	taken = part_box_at(face, bottom.lo, bottom.hi, -depth, 0);
	if (!part_is_free(m, &taken, face->owners))
		return false;
	profile = part_rectangle(m, bottom.lo, bottom.hi, bottom.corner, bottom.corner_size);
	part_emit_at(m, face, PART_POCKET, DEEPCAD_CUT, &profile, 1, -depth, 0);
	add_bottom(m, face, bottom, depth, part_take(m, &taken));
	return true;
}

bool part_make_pocket(struct part_maker *m, enum part_feature feature)
{
	(void)feature;
	for (int i = 0; i < TRIES && part_has_room(m, 1); i++) {
		const struct part_face *face = part_throw_face(m, true);
		bool round = rng_chance(m->rng, face->radius > 0 ? 0.85 : 0.2);

		if (round ? try_round_pocket(m, face) : try_pocket(m, face))
			return true;
	}
	return false;
}

/* --- slots ----------------------------------------------------------------------------------- */

static struct part_point point_of(int along, int64_t on, int64_t across)
{
	return along == 0 ? (struct part_point){on, across} : (struct part_point){across, on};
}

struct slot {
	struct part_point lo, hi;
	int along;
};

/* Where it lies and how deep it goes; 0: nowhere. */
static int64_t throw_slot(struct part_maker *m, const struct part_face *face, struct slot *slot)
{
	bool turned = rng_chance(m->rng, 0.2);
	int along = (part_span(face, 1) > part_span(face, 0)) != turned ? 1 : 0;
	int64_t on0 = along ? face->lo.y : face->lo.x, on1 = along ? face->hi.y : face->hi.x;
	int64_t across0 = along ? face->lo.x : face->lo.y,
		across1 = along ? face->hi.x : face->hi.y;
	int64_t width = 2 * part_pick_hole(m, part_hole_least(m), (across1 - across0) / 6);

	if (width == 0 ||
	    !throw_stretch(m, on0, on1, width * 3 / 2, (on1 - on0) * 7 / 10, m->step, &on0, &on1) ||
	    !throw_stretch(m, across0, across1, width, width, m->step, &across0, &across1) ||
	    on1 - on0 <= width)
		return 0;
	*slot = (struct slot){point_of(along, on0, across0), point_of(along, on1, across1), along};
	if (!part_holds_rectangle(face, slot->lo, slot->hi, m->wall))
		return 0;
	return throw_depth(m, face, width, 0.7);
}

/* The same on the other side of the middle; false: they are too near, or there is none. */
static bool mirror_slot(const struct part_maker *m, const struct part_face *face,
			const struct slot *slot, struct slot *out)
{
	struct part_point middle;

	*out = *slot;
	if (!part_middle(m, face, &middle))
		return false;
	if (slot->along == 0) {
		out->lo.x = 2 * middle.x - slot->hi.x;
		out->hi.x = 2 * middle.x - slot->lo.x;
		return part_most(out->lo.x - slot->hi.x, slot->lo.x - out->hi.x) >= m->wall;
	}
	out->lo.y = 2 * middle.y - slot->hi.y;
	out->hi.y = 2 * middle.y - slot->lo.y;
	return part_most(out->lo.y - slot->hi.y, slot->lo.y - out->hi.y) >= m->wall;
}

static bool try_slot(struct part_maker *m)
{
	const struct part_face *face = part_throw_face(m, true);
	bool two = rng_chance(m->rng, 0.4);
	struct part_profile profiles[2];
	struct part_taken taken[2];
	struct slot slots[2];
	int64_t depth = throw_slot(m, face, &slots[0]);
	int count;

	if (depth == 0 || !part_has_room(m, 2))
		return false;
	count = two && mirror_slot(m, face, &slots[0], &slots[1]) ? 2 : 1;
	for (int i = 0; i < count; i++) {
		taken[i] = part_box_at(face, slots[i].lo, slots[i].hi, -depth, 0);
		profiles[i] = part_stadium(m, slots[i].lo, slots[i].hi, slots[i].along, true, true);
		if (!part_is_free(m, &taken[i], face->owners))
			return false;
	}
	for (int i = 0; i < count; i++)
		part_take(m, &taken[i]);
	part_emit_at(m, face, PART_SLOT, DEEPCAD_CUT, profiles, count, -depth, 0);
	return true;
}

bool part_make_slot(struct part_maker *m, enum part_feature feature)
{
	(void)feature;
	for (int i = 0; i < TRIES; i++)
		if (try_slot(m))
			return true;
	return false;
}

/* --- channels and notches -------------------------------------------------------------------- */

static bool is_open(const struct part_face *face, int side, int64_t depth)
{
	return face->sides[side].kind == PART_SIDE_OPEN && face->sides[side].high >= depth;
}

/* The rectangle and how deep it goes, from `side` inwards; 0: it does not fit. */
static int64_t throw_open_slot(struct part_maker *m, const struct part_face *face, int side,
			       bool channel, struct part_face *bottom)
{
	int along = side / 2;
	int64_t on0 = along ? face->lo.y : face->lo.x, on1 = along ? face->hi.y : face->hi.x;
	int64_t from = along ? face->lo.x : face->lo.y, to = along ? face->hi.x : face->hi.y;
	int64_t most = (to - from) * (channel ? 45 : 35) / 100, length, depth;
	bool round_end = rng_chance(m->rng, 0.5) && !channel;

	if (!throw_stretch(m, from, to, m->wall, most, round_end ? 2 * m->step : m->step, &from,
			   &to))
		return 0;
	length = part_pick(m, part_most(to - from, (on1 - on0) / 8), (on1 - on0) * 6 / 10, m->step);
	depth = throw_depth(m, face, to - from, channel ? 0 : 0.65);
	if (length == 0 || on1 - on0 - length < m->wall || !is_open(face, side, depth) ||
	    (channel && !is_open(face, side ^ 1, depth)))
		return 0;
	if (!channel && side % 2)
		on0 = on1 - length;
	else if (!channel)
		on1 = on0 + length;
	bottom->lo = point_of(along, on0, from);
	bottom->hi = point_of(along, on1, to);
	if (round_end) {
		bottom->corner = PART_ROUND;
		bottom->corner_size = (to - from) / 2;
	}
	return depth;
}

static bool try_open_slot(struct part_maker *m, enum part_feature feature)
{
	const struct part_face *face = part_throw_face(m, true);
	int side = (int)rng_below(m->rng, PART_SIDES);
	struct part_face bottom = {0};
	int64_t depth = throw_open_slot(m, face, side, feature == PART_CHANNEL, &bottom);
	struct part_profile profile;
	struct part_taken taken;

	if (depth == 0 || !part_has_room(m, 1))
		return false;
	taken = part_box_at(face, bottom.lo, bottom.hi, -depth, 0);
	if (!part_is_free(m, &taken, face->owners))
		return false;
	if (bottom.corner == PART_ROUND)
		profile = part_stadium(m, bottom.lo, bottom.hi, side / 2, side % 2 == 1,
				       side % 2 == 0);
	else
		profile = part_rectangle(m, bottom.lo, bottom.hi, PART_SHARP, 0);
	part_emit_at(m, face, feature, DEEPCAD_CUT, &profile, 1, -depth, 0);
	add_bottom(m, face, bottom, depth, part_take(m, &taken));
	return true;
}

bool part_make_open_slot(struct part_maker *m, enum part_feature feature)
{
	for (int i = 0; i < TRIES; i++)
		if (try_open_slot(m, feature))
			return true;
	return false;
}

/* --- rounding -------------------------------------------------------------------------------- */

/* What a disc of that radius leaves of half a side at that distance from its middle. */
static int64_t chord(int64_t radius, int64_t distance)
{
	double r = (double)radius, d = (double)distance;

	return (int64_t)sqrt(r * r - d * d);
}

/* Faces of the block end where the disc takes the corners off. */
static void cut_faces(struct part_maker *m, int64_t half_u, int64_t half_v)
{
	int u = (m->base_axis + 1) % PART_AXES;

	for (int i = 0; i < m->face_count; i++) {
		struct part_face *f = &m->faces[i];
		int64_t less = f->axis == u ? half_v : half_u;
		/* Of a side, where the prism's axis is not u is what gets shorter. */
		bool axis_is_u = (f->axis + 1) % PART_AXES == m->base_axis;

		for (int side = 0; side < PART_SIDES; side++)
			f->sides[side] = (struct part_side){0};
		if (f->axis == m->base_axis) {
			f->corner = PART_BEVEL;
			f->corner_size = part_most(half_u, half_v);
			continue;
		}
		*(axis_is_u ? &f->lo.y : &f->lo.x) += less;
		*(axis_is_u ? &f->hi.y : &f->hi.x) -= less;
	}
}

/* The block's sides keep half of their length at least, and its ends are of one size about. */
bool part_make_rounding(struct part_maker *m, enum part_feature feature)
{
	int u = (m->base_axis + 1) % PART_AXES, v = (m->base_axis + 2) % PART_AXES;
	const int64_t *lo = m->box.lo, *hi = m->box.hi;
	int64_t a = (hi[u] - lo[u]) / 2, b = (hi[v] - lo[v]) / 2, radius;
	struct part_point centre = {lo[u] + a, lo[v] + b};
	double diagonal = sqrt((double)a * (double)a + (double)b * (double)b);
	struct part_profile profile;
	struct part_prism prism;

	if (!m->is_base_box || m->model->feature_count != 1 || m->taken_count > 0 ||
	    (a + lo[u]) % m->step != 0 || (b + lo[v]) % m->step != 0 || (hi[u] - lo[u]) % 2 != 0 ||
	    (hi[v] - lo[v]) % 2 != 0)
		return false;
	radius = part_pick(m, part_most(a, b) * 107 / 100, (int64_t)(diagonal * 0.95), m->step);
	if (radius == 0 || chord(radius, a) < b / 3 || chord(radius, b) < a / 3 ||
	    chord(radius, a) < m->wall || chord(radius, b) < m->wall)
		return false;
	profile = part_circle(m, centre, radius);
	prism = (struct part_prism){.axis = m->base_axis,
				    .lo = lo[m->base_axis],
				    .hi = hi[m->base_axis],
				    .profiles = &profile,
				    .count = 1};
	m->made[feature]++;
	cut_faces(m, a - chord(radius, b), b - chord(radius, a));
	part_emit(m, part_feature_names[feature], DEEPCAD_INTERSECT, &prism);
	return true;
}
