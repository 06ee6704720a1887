/* SPDX-License-Identifier: MIT */
/* How large a part is, how fine its step, and which base it has. */
#include <config.h>

#include "gen/part/part_maker.h"

#define MM 1000
#define WALL_MM 2
#define WALL_PERCENT 4
#define GROWTH_PERCENT 125 /* of the longest side, where bosses lengthen it */

/* How often each comes. */
static const uint32_t weights[PART_BASE_COUNT_] = {
	[PART_BLOCK] = 20,  [PART_ROUNDED] = 11,  [PART_CHAMFERED] = 5, [PART_L] = 9,
	[PART_T] = 5,       [PART_U] = 7,         [PART_Z] = 3,         [PART_H] = 3,
	[PART_STEPPED] = 5, [PART_DISC] = 10,     [PART_RING] = 5,      [PART_HEXAGON] = 3,
	[PART_STADIUM] = 4, [PART_TRAPEZOID] = 3, [PART_WEDGE] = 3,     [PART_BRACKET] = 7,
};

/* Shares of 100 of steps, in tenths of a millimetre, for parts up to so many millimetres. */
static const struct {
	int up_to_mm;
	uint32_t share[5];
} fineness[] = {{50, {4, 36, 60, 0, 0}}, {120, {3, 14, 58, 10, 15}}, {1000, {1, 4, 35, 15, 45}}};
static const int64_t steps_um[5] = {100, 500, 1000, 2000, 5000};

static uint32_t throw_weighted(struct rng *rng, const uint32_t *weight, int count)
{
	uint32_t all = 0, at, i = 0;

	for (int k = 0; k < count; k++)
		all += weight[k];
	at = rng_below(rng, all);
	while (at >= weight[i])
		at -= weight[i++];
	return i;
}

void part_throw_sizes(struct part_maker *m)
{
	int row = 0;

	m->longest = part_pick(m, 20 * MM, 400 * MM, 5 * MM);
	while (m->longest > (int64_t)fineness[row].up_to_mm * MM)
		row++;
	m->step = steps_um[throw_weighted(m->rng, fineness[row].share, 5)];
	m->longest -= m->longest % (2 * m->step);
}

bool part_settle_walls(struct part_maker *m, const int64_t sides[PART_AXES], bool grows)
{
	m->longest = part_most(part_most(sides[0], sides[1]), sides[2]);
	m->wall = m->longest * WALL_PERCENT / 100;
	if (grows)
		m->wall = m->wall * GROWTH_PERCENT / 100;
	m->wall = part_most(m->wall, WALL_MM * MM);
	return part_least(part_least(sides[0], sides[1]), sides[2]) >= m->wall &&
	       m->longest >= 20 * MM && m->longest <= 400 * MM;
}

bool part_may_grow(const struct part_maker *m, const struct part_box *box)
{
	for (int axis = 0; axis < PART_AXES; axis++) {
		int64_t lo = part_least(m->box.lo[axis], box->lo[axis]);
		int64_t hi = part_most(m->box.hi[axis], box->hi[axis]);

		if ((hi - lo) * WALL_PERCENT > m->wall * 100 || hi - lo > 400 * MM)
			return false;
	}
	return true;
}

int part_throw_axis(struct part_maker *m, int x, int y)
{
	int at = (int)rng_below(m->rng, 100);

	return at < x ? 0 : at < x + y ? 1 : 2;
}

struct part_range part_throw_range(struct part_maker *m, int64_t length)
{
	bool centred = rng_chance(m->rng, 0.2), down = rng_chance(m->rng, 0.5);

	if (centred && length / 2 % m->step == 0)
		return (struct part_range){-length / 2, length / 2};
	/* Sketches on the front plane look against y, and so do extrudes there. */
	if (down && m->base_axis == 1)
		return (struct part_range){-length, 0};
	return (struct part_range){0, length};
}

struct part_point part_upright(const struct part_maker *m, struct part_point p)
{
	return m->base_axis == 1 ? (struct part_point){p.y, p.x} : p;
}

struct part_box part_base_box(const struct part_maker *m, struct part_point lo,
			      struct part_point hi, struct part_range range)
{
	int u = (m->base_axis + 1) % PART_AXES, v = (m->base_axis + 2) % PART_AXES;
	struct part_point a = part_upright(m, lo), b = part_upright(m, hi);
	struct part_box box;

	box.lo[u] = a.x;
	box.hi[u] = b.x;
	box.lo[v] = a.y;
	box.hi[v] = b.y;
	box.lo[m->base_axis] = range.lo;
	box.hi[m->base_axis] = range.hi;
	return box;
}

static void set_base_box(struct part_maker *m, const struct part_profile *profile,
			 struct part_range range)
{
	int u = (m->base_axis + 1) % PART_AXES, v = (m->base_axis + 2) % PART_AXES;
	const struct part_loop *loop = &profile->loops[0];
	struct part_box *box = &m->box;

	box->lo[m->base_axis] = range.lo;
	box->hi[m->base_axis] = range.hi;
	box->lo[u] = loop->centre.x - loop->radius;
	box->hi[u] = loop->centre.x + loop->radius;
	box->lo[v] = loop->centre.y - loop->radius;
	box->hi[v] = loop->centre.y + loop->radius;
	for (int i = 0; i < loop->count; i++) {
		const struct part_edge *edge = &loop->edges[i];
		const struct part_edge *next = &loop->edges[(i + 1) % loop->count];
		/* A half circle's outermost point lies as far from its middle as its ends do. */
		int64_t du = edge->is_arc ? edge->from.y - next->from.y : 0;
		int64_t dv = edge->is_arc ? next->from.x - edge->from.x : 0;
		bool half = edge->is_arc && (du == 0 || dv == 0);
		int64_t x = half ? edge->centre.x - du / 2 : edge->from.x;
		int64_t y = half ? edge->centre.y - dv / 2 : edge->from.y;

		box->lo[u] = i == 0 ? x : part_least(box->lo[u], x);
		box->hi[u] = i == 0 ? x : part_most(box->hi[u], x);
		box->lo[v] = i == 0 ? y : part_least(box->lo[v], y);
		box->hi[v] = i == 0 ? y : part_most(box->hi[v], y);
	}
}

void part_emit_base(struct part_maker *m, enum part_base base, struct part_profile *profile,
		    struct part_range range)
{
	struct part_prism prism = {.axis = m->base_axis,
				   .lo = range.lo,
				   .hi = range.hi,
				   .profiles = profile,
				   .count = 1};

	set_base_box(m, profile, range);
	part_add_sketched_holes(m, range, profile);
	part_emit(m, part_base_names[base], DEEPCAD_NEW_BODY, &prism);
}

static bool make(struct part_maker *m, enum part_base base)
{
	switch (base) {
	case PART_ROUNDED:
	case PART_CHAMFERED:
	case PART_STADIUM:
		return part_make_plate(m, base);
	case PART_DISC:
	case PART_RING:
	case PART_HEXAGON:
		return part_make_disc(m, base);
	case PART_TRAPEZOID:
	case PART_WEDGE:
		return part_make_slanted(m, base);
	case PART_BRACKET:
		return part_make_bracket(m);
	default:
		return part_make_profile(m, base);
	}
}

/* Some sizes leave no room for some bases, but there are blocks of all sizes: it ends. */
void part_make_base(struct part_maker *m)
{
	enum part_base base = (enum part_base)throw_weighted(m->rng, weights, PART_BASE_COUNT_);

	for (int i = 1;; i++) {
		part_throw_sizes(m);
		if (make(m, base))
			return;
		if (i % 50 == 0)
			base = PART_BLOCK;
	}
}
