/* SPDX-License-Identifier: MIT */
/* Bases with a rectangular outline: blocks, rolled profiles, stairs. */
#include <config.h>

#include "gen/part/part_maker.h"

/* Across and up, as it will stand. */
struct outline {
	struct part_point points[PART_POINTS_MAX];
	int count;
	int64_t width, height;
};

static void add(struct outline *o, int64_t x, int64_t y)
{
	o->points[o->count++] = (struct part_point){x, y};
}

static int64_t share(int64_t of, int percent)
{
	return of * percent / 100;
}

/* A thickness for that size: a multiple of `unit`. */
static int64_t throw_thickness(struct part_maker *m, const struct outline *o, int64_t unit)
{
	int64_t size = part_least(o->width, o->height);

	return part_pick(m, part_most(m->wall, share(size, 9)), share(size, 28), unit);
}

static void make_l(struct outline *o, int64_t t, int64_t web)
{
	add(o, 0, 0);
	add(o, o->width, 0);
	add(o, o->width, t);
	add(o, web, t);
	add(o, web, o->height);
	add(o, 0, o->height);
}

static void make_t(struct outline *o, int64_t t, int64_t web)
{
	int64_t left = (o->width - web) / 2, right = left + web;

	add(o, 0, 0);
	add(o, o->width, 0);
	add(o, o->width, t);
	add(o, right, t);
	add(o, right, o->height);
	add(o, left, o->height);
	add(o, left, t);
	add(o, 0, t);
}

static void make_u(struct outline *o, int64_t t, int64_t web)
{
	add(o, 0, 0);
	add(o, o->width, 0);
	add(o, o->width, o->height);
	add(o, o->width - web, o->height);
	add(o, o->width - web, t);
	add(o, web, t);
	add(o, web, o->height);
	add(o, 0, o->height);
}

static void make_z(struct outline *o, int64_t t, int64_t web)
{
	int64_t left = (o->width - web) / 2, right = left + web;

	add(o, 0, 0);
	add(o, right, 0);
	add(o, right, o->height - t);
	add(o, o->width, o->height - t);
	add(o, o->width, o->height);
	add(o, left, o->height);
	add(o, left, t);
	add(o, 0, t);
}

static void make_h(struct outline *o, int64_t t, int64_t web)
{
	int64_t left = (o->width - web) / 2, right = left + web, top = o->height - t;

	add(o, 0, 0);
	add(o, o->width, 0);
	add(o, o->width, t);
	add(o, right, t);
	add(o, right, top);
	add(o, o->width, top);
	add(o, o->width, o->height);
	add(o, 0, o->height);
	add(o, 0, top);
	add(o, left, top);
	add(o, left, t);
	add(o, 0, t);
}

/* Two or three steps up to the left. */
static bool make_stairs(struct part_maker *m, struct outline *o)
{
	int steps = rng_chance(m->rng, 0.4) ? 3 : 2;
	int64_t x = o->width, y = 0;

	add(o, 0, 0);
	for (int i = 0; i < steps; i++) {
		int64_t rise = part_pick(m, part_most(m->wall, share(o->height, 20)),
					 share(o->height, 45), m->step);
		int64_t tread = part_pick(m, part_most(m->wall, share(o->width, 20)),
					  share(o->width, 45), m->step);

		y = i + 1 < steps ? y + rise : o->height;
		add(o, x, i == 0 ? 0 : o->points[o->count - 1].y);
		add(o, x, y);
		x -= tread;
		if (rise == 0 || tread == 0)
			return false;
	}
	add(o, 0, o->height);
	return o->points[o->count - 2].x >= m->wall &&
	       o->height - o->points[o->count - 4].y >= m->wall;
}

/* Mirrored, and counter-clockwise again. */
static void mirror(struct outline *o, bool across, bool up)
{
	bool reverse = across != up;
	struct outline old = *o;

	for (int i = 0; i < o->count; i++) {
		struct part_point p = old.points[reverse ? o->count - 1 - i : i];

		o->points[i].x = across ? o->width - p.x : p.x;
		o->points[i].y = up ? o->height - p.y : p.y;
	}
}

static bool make_outline(struct part_maker *m, enum part_base base, struct outline *o)
{
	bool even = base == PART_T || base == PART_Z || base == PART_H;
	int64_t t = throw_thickness(m, o, m->step);
	int64_t web = throw_thickness(m, o, even ? 2 * m->step : m->step);
	bool alike = rng_chance(m->rng, 0.6), across = rng_chance(m->rng, 0.4);
	bool up = rng_chance(m->rng, 0.25);

	if (t == 0 || web == 0)
		return false;
	if (alike && t % (2 * m->step) == 0)
		web = t;
	if (even && (o->width - web) % (2 * m->step) != 0) /* it lies in the middle */
		web += web - m->step >= m->wall ? -m->step : m->step;
	switch (base) {
	case PART_L:
		make_l(o, t, web);
		break;
	case PART_T:
		make_t(o, t, web);
		break;
	case PART_U:
		make_u(o, t, web);
		break;
	case PART_Z:
		make_z(o, t, web);
		break;
	case PART_H:
		make_h(o, t, web);
		break;
	case PART_STEPPED:
		if (!make_stairs(m, o))
			return false;
		break;
	default:
		add(o, 0, 0);
		add(o, o->width, 0);
		add(o, o->width, o->height);
		add(o, 0, o->height);
	}
	mirror(o, across, up && base != PART_STEPPED);
	return true;
}

/* Where the outline's lower left corner is: at the origin, or half the width to its left. */
static void move(struct part_maker *m, struct outline *o, bool symmetric)
{
	bool centred = rng_chance(m->rng, 0.5);

	if (!symmetric || !centred || o->width / 2 % m->step != 0)
		return;
	for (int i = 0; i < o->count; i++)
		o->points[i].x -= o->width / 2;
}

/* As u and v have it: counter-clockwise there too. */
static void stand(const struct part_maker *m, struct outline *o)
{
	struct outline old = *o;

	for (int i = 0; i < o->count && m->base_axis == 1; i++)
		o->points[i] = part_upright(m, old.points[o->count - 1 - i]);
}

static int64_t throw_side(struct part_maker *m, int from, int to)
{
	bool even = rng_chance(m->rng, 0.9);

	return part_pick(m, share(m->longest, from), share(m->longest, to),
			 even ? 2 * m->step : m->step);
}

static bool throw_size(struct part_maker *m, enum part_base base, struct outline *o,
		       int64_t *length)
{
	bool is_block = base == PART_BLOCK, flat = rng_chance(m->rng, 0.5);
	int64_t sides[PART_AXES];

	o->width = throw_side(m, is_block ? 90 : 50, 100);
	o->height = throw_side(m, is_block ? 35 : 40, 100);
	*length = is_block ? throw_side(m, flat ? 8 : 30, flat ? 30 : 80) : throw_side(m, 25, 100);
	/* Bars are long, and plates of those outlines flat. */
	if (!is_block && m->base_axis == 2)
		*length = throw_side(m, 8, flat ? 20 : 50);
	sides[0] = o->width;
	sides[1] = o->height;
	sides[2] = *length;
	return part_settle_walls(m, sides, false);
}

bool part_make_profile(struct part_maker *m, enum part_base base)
{
	struct outline o = {0};
	struct part_profile profile;
	struct part_range range;
	int64_t length;

	m->base_axis = base == PART_BLOCK ? part_throw_axis(m, 12, 20) : part_throw_axis(m, 28, 45);
	if (!throw_size(m, base, &o, &length) || !make_outline(m, base, &o))
		return false;
	move(m, &o, base == PART_T || base == PART_U || base == PART_H);
	stand(m, &o);
	range = part_throw_range(m, length);
	profile = part_polygon(m, o.points, o.count);
	part_add_polygon_faces(m, m->base_axis, o.points, o.count, range.lo, range.hi);
	m->is_base_box = base == PART_BLOCK;
	part_emit_base(m, base, &profile, range);
	return true;
}
