/* SPDX-License-Identifier: MIT */
/*
 * Turned bodies: a half section, steps outside and bores inside, turned about the base's axis. What designers
 * turn in one sketch or cut with others later, bores and grooves, is in the first sketch or comes by itself.
 *
 * Each step is a taken volume, which its faces and its round own: holes and slots keep a wall to the
 * others, and come out where nothing is behind.
 */
#include <config.h>

#include "gen/part/part_maker.h"

#define MM 1000
#define STEPS_MAX 5
#define CUTS_MAX 2                            /* bores, and grooves */
#define PIECES_MAX (STEPS_MAX + 2 * CUTS_MAX) /* of the outside, between and in grooves */
#define CORNERS_MAX (2 * (PIECES_MAX + 2 * CUTS_MAX + 2))
#define LEAST_SHARE 60 /* of the longest side: what is shorter would be drawn as one line */

/* A length of the axis with its radius. */
struct stretch {
	int64_t lo, hi, radius;
};

struct turned {
	struct stretch steps[STEPS_MAX];
	int step_count;
	struct stretch bores[CUTS_MAX]; /* the wider one, at an end, is the second */
	int bore_count;
	struct stretch grooves[CUTS_MAX]; /* with the radius of their ground; rising */
	int groove_count;
};

/* --- sizes ----------------------------------------------------------------------------------- */

/* So that the diameter is a usual one. */
static int64_t pick_radius(struct part_maker *m, int64_t lo, int64_t hi)
{
	return part_pick(m, 2 * lo, 2 * hi, 2 * m->step) / 2;
}

static bool add_step(struct turned *t, int64_t length, int64_t radius)
{
	struct stretch *s = &t->steps[t->step_count];

	if (length <= 0 || radius <= 0)
		return false;
	s->lo = t->step_count > 0 ? s[-1].hi : 0;
	s->hi = s->lo + length;
	s->radius = radius;
	t->step_count++;
	return true;
}

static int64_t length_of(const struct turned *t)
{
	return t->steps[t->step_count - 1].hi - t->steps[0].lo;
}

static int64_t widest(const struct turned *t)
{
	int64_t most = 0;

	for (int i = 0; i < t->step_count; i++)
		most = part_most(most, t->steps[i].radius);
	return most;
}

/* The least radius outside between two places. */
static int64_t least_outside(const struct turned *t, int64_t lo, int64_t hi)
{
	int64_t least = INT64_MAX;

	for (int i = 0; i < t->step_count; i++)
		if (t->steps[i].lo < hi && t->steps[i].hi > lo)
			least = part_least(least, t->steps[i].radius);
	for (int i = 0; i < t->groove_count; i++)
		if (t->grooves[i].lo < hi && t->grooves[i].hi > lo)
			least = part_least(least, t->grooves[i].radius);
	return least;
}

/* The largest radius inside between two places; 0: it is solid. */
static int64_t most_inside(const struct turned *t, int64_t lo, int64_t hi)
{
	int64_t most = 0;

	for (int i = 0; i < t->bore_count; i++)
		if (t->bores[i].lo < hi && t->bores[i].hi > lo)
			most = part_most(most, t->bores[i].radius);
	return most;
}

/* --- bodies ---------------------------------------------------------------------------------- */

static bool make_shaft(struct part_maker *m, struct turned *t)
{
	int count = (int)rng_range(m->rng, 2, STEPS_MAX),
	    peak = (int)rng_range(m->rng, 0, count - 1);
	int64_t radius[STEPS_MAX], step = part_most(m->step, m->longest / 100);

	radius[peak] = pick_radius(m, m->longest / 16, m->longest / 6);
	for (int i = peak - 1; i >= 0; i--)
		radius[i] = pick_radius(m, radius[i + 1] * 6 / 10, radius[i + 1] - step);
	for (int i = peak + 1; i < count; i++)
		radius[i] = pick_radius(m, radius[i - 1] * 6 / 10, radius[i - 1] - step);
	for (int i = 0; i < count; i++)
		if (!add_step(t,
			      part_pick(m, m->longest / (2 * count), m->longest * 3 / (2 * count),
					m->step),
			      radius[i]))
			return false;
	return true;
}

static bool make_pin(struct part_maker *m, struct turned *t)
{
	int64_t radius = pick_radius(m, m->longest / 20, m->longest / 6);
	int64_t head = pick_radius(m, radius * 13 / 10, radius * 18 / 10);

	return add_step(t, part_pick(m, radius / 2, radius * 12 / 10, m->step), head) &&
	       add_step(t, part_pick(m, m->longest * 6 / 10, m->longest, m->step), radius);
}

static bool make_flange(struct part_maker *m, struct turned *t)
{
	int64_t radius = pick_radius(m, m->longest / 4, m->longest / 2);
	int64_t hub = pick_radius(m, radius * 35 / 100, radius * 60 / 100);
	int64_t register_radius = pick_radius(m, radius * 40 / 100, radius * 70 / 100);
	int64_t thickness = part_pick(m, radius / 8, radius / 3, m->step);
	int64_t high = part_pick(m, radius / 5, radius * 8 / 10, m->step);
	bool has_register = rng_chance(m->rng, 0.35), turned = rng_chance(m->rng, 0.3);
	int64_t low = part_pick(m, radius / 20, radius / 7, m->step);

	if (turned && !add_step(t, high, hub))
		return false;
	if (!turned && has_register && !add_step(t, low, register_radius))
		return false;
	if (!add_step(t, thickness, radius))
		return false;
	return turned || add_step(t, high, hub);
}

static bool make_hub(struct part_maker *m, struct turned *t)
{
	int64_t radius = pick_radius(m, m->longest / 4, m->longest / 2);
	int64_t left = pick_radius(m, radius * 40 / 100, radius * 65 / 100), right = left;
	int64_t long_side = part_pick(m, radius / 4, radius * 9 / 10, m->step);
	int64_t short_side = part_pick(m, radius / 8, radius / 3, m->step);

	if (rng_chance(m->rng, 0.4))
		right = pick_radius(m, radius * 40 / 100, radius * 65 / 100);
	return add_step(t, short_side, left) &&
	       add_step(t, part_pick(m, radius / 5, radius / 2, m->step), radius) &&
	       add_step(t, long_side, right);
}

static bool make_bushing(struct part_maker *m, struct turned *t)
{
	int64_t radius = pick_radius(m, m->longest / 8, m->longest / 3);
	int64_t length = part_pick(m, radius, radius * 4, m->step);
	int64_t collar = pick_radius(m, radius * 115 / 100, radius * 150 / 100);
	int64_t thickness = part_pick(m, radius / 5, radius / 2, m->step);
	bool has_collar = rng_chance(m->rng, 0.55);

	if (has_collar && !add_step(t, thickness, collar))
		return false;
	return add_step(t, length, radius);
}

/* --- bores ----------------------------------------------------------------------------------- */

static bool bore_through(struct part_maker *m, struct turned *t)
{
	int64_t length = length_of(t), most = least_outside(t, 0, length) - m->wall;
	int64_t radius = pick_radius(m, part_most(part_hole_least(m), most * 4 / 10), most), end;
	struct stretch wide;
	bool wider = rng_chance(m->rng, 0.35), at_hi = rng_chance(m->rng, 0.5);

	if (radius == 0)
		return false;
	t->bores[t->bore_count++] = (struct stretch){0, length, radius};
	end = part_pick(m, length / 8, length / 3, m->step);
	if (!wider || end == 0)
		return true;
	wide = (struct stretch){at_hi ? length - end : 0, at_hi ? length : end, 0};
	wide.radius = pick_radius(m, radius + part_most(m->step, m->longest / LEAST_SHARE),
				  least_outside(t, wide.lo - m->wall, wide.hi + m->wall) - m->wall);
	if (wide.radius > 0)
		t->bores[t->bore_count++] = wide;
	return true;
}

/* From an end. */
static bool bore_blind(struct part_maker *m, struct turned *t)
{
	bool at_hi = rng_chance(m->rng, 0.5);
	int64_t length = length_of(t), outside = t->steps[at_hi ? t->step_count - 1 : 0].radius;
	int64_t radius = pick_radius(m, part_most(part_hole_least(m), outside * 35 / 100),
				     outside - m->wall);
	int64_t depth = part_pick(
		m, radius * 3 / 2,
		part_least(radius * 6, part_least(length * 6 / 10, length - m->wall)), m->step);
	struct stretch bore = {at_hi ? length - depth : 0, at_hi ? length : depth, radius};

	if (radius == 0 || depth == 0 ||
	    least_outside(t, bore.lo - m->wall, bore.hi + m->wall) - radius < m->wall)
		return false;
	t->bores[t->bore_count++] = bore;
	return true;
}

/* --- grooves --------------------------------------------------------------------------------- */

/* At a shoulder, where a tool runs out, or anywhere for a ring. */
static void add_groove(struct part_maker *m, struct turned *t)
{
	const struct stretch *s = &t->steps[rng_below(m->rng, (uint32_t)t->step_count)];
	bool at_lo = s > t->steps && s[-1].radius > s->radius;
	bool at_hi = s < &t->steps[t->step_count - 1] && s[1].radius > s->radius;
	bool runs_out = rng_chance(m->rng, 0.55);
	int64_t least = part_most(m->step, m->longest / LEAST_SHARE);
	int64_t width = part_pick(m, part_most(2 * MM, least), (s->hi - s->lo) / 5, m->step);
	int64_t inside = most_inside(t, s->lo - m->wall, s->hi + m->wall);
	int64_t depth = part_pick(m, part_most(m->step, m->longest / 100),
				  part_least(s->radius / 6, s->radius - inside - m->wall), m->step);
	int64_t at;

	if (width == 0 || depth == 0 || s->hi - s->lo - width < 2 * m->wall)
		return;
	if (runs_out && (at_lo || at_hi))
		at = at_lo ? s->lo : s->hi - width;
	else if (!part_place(m, s->lo + m->wall, s->hi - m->wall - width, &at))
		return;
	t->grooves[t->groove_count++] = (struct stretch){at, at + width, s->radius - depth};
}

/* --- outlines -------------------------------------------------------------------------------- */

/* The outside, in order; with grooves or without. */
static int outside_of(const struct turned *t, bool with_grooves, struct stretch *out)
{
	int count = 0;

	for (int i = 0; i < t->step_count; i++) {
		const struct stretch *s = &t->steps[i];
		int64_t at = s->lo;

		for (int k = 0; k < t->groove_count && with_grooves; k++) {
			const struct stretch *g = &t->grooves[k];

			if (g->lo < s->lo || g->hi > s->hi)
				continue;
			if (g->lo > at)
				out[count++] = (struct stretch){at, g->lo, s->radius};
			out[count++] = *g;
			at = g->hi;
		}
		if (at < s->hi)
			out[count++] = (struct stretch){at, s->hi, s->radius};
	}
	return count;
}

/* Appends what is not empty. */
static int add_stretch(struct stretch *list, int count, int64_t lo, int64_t hi, int64_t radius)
{
	if (lo < hi)
		list[count++] = (struct stretch){lo, hi, radius};
	return count;
}

/* The inside from one end to the other; 0 where it is solid. The second bore lies over the first. */
static int inside_of(const struct turned *t, struct stretch *out)
{
	int64_t lo = t->steps[0].lo, hi = t->steps[t->step_count - 1].hi;
	const struct stretch *wide = &t->bores[1];
	bool two = t->bore_count == 2, wide_first = two && wide->lo == lo;
	struct stretch bore = {lo, lo, 0};
	int count = 0;

	if (t->bore_count > 0)
		bore = t->bores[0];
	if (wide_first) {
		count = add_stretch(out, count, lo, wide->hi, wide->radius);
		bore.lo = wide->hi;
	} else if (two) {
		bore.hi = wide->lo;
	}
	if (!wide_first)
		count = add_stretch(out, count, lo, bore.lo, 0);
	count = add_stretch(out, count, bore.lo, bore.hi, bore.radius);
	if (two && !wide_first)
		return add_stretch(out, count, wide->lo, hi, wide->radius);
	return add_stretch(out, count, bore.hi, hi, 0);
}

static int add_corner(struct part_point *out, int count, int64_t x, int64_t y)
{
	if (count > 0 && out[count - 1].x == x && out[count - 1].y == y)
		return count;
	if (count > 1 && ((out[count - 1].x == x && out[count - 2].x == x) ||
			  (out[count - 1].y == y && out[count - 2].y == y)))
		count--;
	out[count] = (struct part_point){x, y};
	return count + 1;
}

/* The half section, along the axis and away from it. */
static int section_of(const struct turned *t, bool with_bores, bool with_grooves,
		      struct part_point out[CORNERS_MAX])
{
	struct stretch outer[PIECES_MAX], inner[2 * CUTS_MAX] = {0};
	int outers = outside_of(t, with_grooves, outer), inners = 1, count = 0;

	inner[0] = (struct stretch){t->steps[0].lo, t->steps[t->step_count - 1].hi, 0};
	if (with_bores)
		inners = inside_of(t, inner);
	for (int i = 0; i < outers; i++) {
		count = add_corner(out, count, outer[i].lo, outer[i].radius);
		count = add_corner(out, count, outer[i].hi, outer[i].radius);
	}
	for (int i = inners - 1; i >= 0; i--) {
		count = add_corner(out, count, inner[i].hi, inner[i].radius);
		count = add_corner(out, count, inner[i].lo, inner[i].radius);
	}
	return count;
}

/* --- the part -------------------------------------------------------------------------------- */

static void shift(struct stretch *list, int count, int64_t by)
{
	for (int i = 0; i < count; i++) {
		list[i].lo += by;
		list[i].hi += by;
	}
}

static struct part_taken cylinder(const struct part_maker *m, const struct stretch *s)
{
	struct part_taken taken = {.axis = m->base_axis, .radius = s->radius};

	taken.box = part_base_box(m, (struct part_point){-s->radius, -s->radius},
				  (struct part_point){s->radius, s->radius},
				  (struct part_range){s->lo, s->hi});
	return taken;
}

/* A face that looks to one end of the step: all that is there, or a ring round the next one. */
static void add_end_face(struct part_maker *m, const struct stretch *s, int sign, uint64_t owner)
{
	struct part_taken all = cylinder(m, s);
	struct part_face face = part_box_face(&all.box, m->base_axis, sign);

	face.radius = s->radius;
	face.owners = owner;
	face.clear = 0;
	part_add_face(m, &face);
}

static void add_rounds(struct part_maker *m, const struct turned *t, const struct stretch *s,
		       uint64_t owner)
{
	struct stretch pieces[PIECES_MAX];
	int count = outside_of(t, true, pieces);

	for (int i = 0; i < count && m->round_count < PART_ROUNDS_MAX; i++)
		if (pieces[i].lo >= s->lo && pieces[i].hi <= s->hi && pieces[i].radius == s->radius)
			m->rounds[m->round_count++] = (struct part_round){
				m->base_axis, {0, 0}, s->radius, pieces[i].lo, pieces[i].hi, owner};
}

/* What features have to know. */
static void add_body(struct part_maker *m, const struct turned *t)
{
	struct stretch all = {t->steps[0].lo, t->steps[t->step_count - 1].hi, widest(t)};

	m->box = cylinder(m, &all).box;
	for (int i = 0; i < t->step_count; i++) {
		const struct stretch *s = &t->steps[i];
		struct part_taken taken = cylinder(m, s);
		uint64_t owner = part_take(m, &taken);

		m->body |= owner;
		if (i == 0 || s[-1].radius < s->radius)
			add_end_face(m, s, -1, owner);
		if (i == t->step_count - 1 || s[1].radius < s->radius)
			add_end_face(m, s, 1, owner);
		add_rounds(m, t, s, owner);
	}
	for (int i = 0; i < t->bore_count; i++) {
		struct part_taken taken = cylinder(m, &t->bores[i]);

		m->bores |= part_take(m, &taken);
	}
	for (int i = 0; i < t->groove_count; i++) {
		struct stretch air = t->grooves[i];
		struct part_taken taken;

		air.radius = widest(t);
		taken = cylinder(m, &air);
		part_take(m, &taken);
	}
}

/* A bore that goes through with one radius has room for a keyway up to there. */
static void set_keyed(struct part_maker *m, const struct turned *t)
{
	const struct stretch *bore = &t->bores[0];

	if (t->bore_count != 1 || bore->hi - bore->lo != length_of(t))
		return;
	m->bore_radius = bore->radius;
	m->bore_room = least_outside(t, bore->lo, bore->hi) - m->wall;
}

static void emit_cut(struct part_maker *m, const char *name, int64_t lo, int64_t hi, int64_t low,
		     int64_t high)
{
	const struct part_point points[4] = {{lo, high}, {hi, high}, {hi, low}, {lo, low}};

	part_emit_turned(m, name, DEEPCAD_CUT, points, 4);
}

static int64_t radius_at(const struct turned *t, const struct stretch *groove)
{
	int i = 0;

	while (t->steps[i].hi < groove->hi)
		i++;
	return t->steps[i].radius;
}

/* What is left out of the section is cut by itself. */
static void emit(struct part_maker *m, enum part_turned kind, const struct turned *t)
{
	struct part_point points[CORNERS_MAX];
	bool with_bores = m->left <= t->bore_count || rng_chance(m->rng, 0.55);
	bool with_grooves = m->left <= t->bore_count + t->groove_count || rng_chance(m->rng, 0.6);
	int count = section_of(t, with_bores, with_grooves, points);

	part_emit_turned(m, part_turned_names[kind], DEEPCAD_NEW_BODY, points, count);
	for (int i = 0; i < t->bore_count && !with_bores; i++) {
		const struct stretch *b = &t->bores[i];

		emit_cut(m, "bore", b->lo, b->hi, 0, b->radius);
	}
	for (int i = 0; i < t->groove_count && !with_grooves; i++) {
		const struct stretch *g = &t->grooves[i];

		emit_cut(m, "groove", g->lo, g->hi, g->radius, radius_at(t, g));
	}
}

static bool make_body(struct part_maker *m, enum part_turned kind, struct turned *t)
{
	switch (kind) {
	case PART_TURNED_SHAFT:
		return make_shaft(m, t);
	case PART_TURNED_PIN:
		return make_pin(m, t);
	case PART_TURNED_FLANGE:
		return make_flange(m, t);
	case PART_TURNED_HUB:
		return make_hub(m, t);
	case PART_TURNED_BUSHING:
	case PART_TURNED_COUNT_:
		break;
	}
	return make_bushing(m, t);
}

static bool make_bores(struct part_maker *m, enum part_turned kind, struct turned *t)
{
	static const double through[PART_TURNED_COUNT_] = {[PART_TURNED_SHAFT] = 0.1,
							   [PART_TURNED_PIN] = 0,
							   [PART_TURNED_FLANGE] = 0.85,
							   [PART_TURNED_HUB] = 1,
							   [PART_TURNED_BUSHING] = 1};
	bool wanted = rng_chance(m->rng, through[kind]), blind = rng_chance(m->rng, 0.25);

	if (wanted)
		return bore_through(m, t);
	return !blind || bore_blind(m, t);
}

/* What would be too small to be drawn, or to be made. */
static bool is_stout(const struct part_maker *m, const struct turned *t)
{
	int64_t least = part_most(MM, m->longest / LEAST_SHARE);

	for (int i = 0; i < t->step_count; i++) {
		const struct stretch *s = &t->steps[i];
		bool is_wall = (i == 0 || s[-1].radius < s->radius) &&
			       (i == t->step_count - 1 || s[1].radius < s->radius);

		if (s->radius < m->wall || s->hi - s->lo < (is_wall ? m->wall : least))
			return false;
		if (i > 0 && s[-1].radius == s->radius)
			return false;
	}
	return true;
}

static bool make(struct part_maker *m, enum part_turned kind)
{
	struct turned t = {.step_count = 0};
	struct part_range range;
	int64_t sides[PART_AXES];

	if (!make_body(m, kind, &t))
		return false;
	sides[0] = length_of(&t);
	sides[1] = sides[2] = 2 * widest(&t);
	if (!part_settle_walls(m, sides, false) || !is_stout(m, &t) || !make_bores(m, kind, &t))
		return false;
	if (rng_chance(m->rng, kind == PART_TURNED_SHAFT ? 0.5 : 0.15))
		add_groove(m, &t);
	/* Long ones lie: so do most others, as they are turned. */
	m->base_axis = sides[0] > 2 * sides[1] ? 0 : part_throw_axis(m, 80, 10);
	range = part_throw_range(m, sides[0]);
	shift(t.steps, t.step_count, range.lo);
	shift(t.bores, t.bore_count, range.lo);
	shift(t.grooves, t.groove_count, range.lo);
	emit(m, kind, &t);
	add_body(m, &t);
	set_keyed(m, &t);
	return true;
}

void part_make_turned(struct part_maker *m)
{
	static const uint32_t shares[PART_TURNED_COUNT_] = {[PART_TURNED_SHAFT] = 34,
							    [PART_TURNED_PIN] = 10,
							    [PART_TURNED_FLANGE] = 24,
							    [PART_TURNED_HUB] = 14,
							    [PART_TURNED_BUSHING] = 18};
	uint32_t at = rng_below(m->rng, 100);
	int kind = 0;

	while (at >= shares[kind])
		at -= shares[kind++];
	do
		part_throw_sizes(m);
	while (!make(m, (enum part_turned)kind));
}
