/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <math.h>

#include <cmocka.h>

#include "tests/made_solids.h"
#include "tests/random_cones.h"

#define MM 1e-3
#define POINTS 24
#define RAD (M_PI / 180)

/* Half of a section: x is the distance from the axis, y goes along it. */
struct profile {
	struct vec points[POINTS];
	int count;
};

static void to(struct profile *p, double r, double along)
{
	p->points[p->count++] = vec(MM * r, MM * along);
}

static struct solid *take(struct solid *solid, const struct err *err)
{
	if (!solid)
		fail_msg("%s", err->msg);
	return solid;
}

static struct solid *cut(struct solid *a, struct solid *b)
{
	struct err err = {0};
	struct solid *left = take(solid_cut(a, b, &err), &err);

	solid_free(a);
	solid_free(b);
	return left;
}

static struct solid *join(struct solid *a, struct solid *b)
{
	struct err err = {0};
	struct solid *both = take(solid_join(a, b, &err), &err);

	solid_free(a);
	solid_free(b);
	return both;
}

static double halves(struct rng *rng, double lo, double hi)
{
	return (double)rng_range(rng, (int64_t)(2 * lo), (int64_t)(2 * hi)) / 2;
}

/* From the top of a plate, at `high`, down: r is its radius; through, or blind with a tip of 118 degrees; at the
 * top a chamfer, or a countersink of 90 degrees. */
static struct solid *drill(struct rng *rng, struct vec at, double r, double room, double high,
			   struct arena *arena)
{
	struct vec3 middle = {MM * at.x, MM * at.y, 0};
	double wide = fmin(halves(rng, 0, room - r), high / 4), bottom = -1;
	bool blind = rng_chance(rng, 0.4) && high > 10;
	struct profile p = {.count = 0};

	if (blind)
		bottom = halves(rng, high / 3, high / 2);
	if (blind)
		to(&p, 0, bottom - r / tan(59 * RAD));
	else
		to(&p, 0, bottom);
	to(&p, r, bottom);
	if (wide > 0) {
		to(&p, r, high - wide);
		to(&p, r + wide, high);
		to(&p, r + wide, high + 1);
	} else {
		to(&p, r, high + 1);
	}
	to(&p, 0, high + 1);
	return made_turned(2, middle, p.points, p.count, arena);
}

static struct solid *plate(struct rng *rng, struct arena *arena)
{
	int columns = (int)rng_range(rng, 1, 3), rows = (int)rng_range(rng, 1, 2);
	double pitch = halves(rng, 20, 30), high = halves(rng, 5, 20);
	struct vec3 hi = {MM * pitch * columns, MM * pitch * rows, MM * high};
	struct solid *solid = made_box((struct vec3){0, 0, 0}, hi, arena);
	bool same = rng_chance(rng, 0.6);
	uint64_t seed = rng_below(rng, 1000);

	for (int i = 0; i < columns * rows; i++) {
		struct rng own = rng_seed(same ? seed : seed + (uint64_t)i, 1);
		struct vec at =
			vec((i % columns + 0.5) * pitch, ((double)(i / columns) + 0.5) * pitch);

		solid = cut(solid, drill(&own, at, halves(&own, 2, 5), 8, high, arena));
	}
	return solid;
}

/* A shaft's outside: steps with chamfered ends, one of them perhaps tapered. Returns how long it is. */
static double outside(struct rng *rng, struct profile *p)
{
	double c = halves(rng, 0.5, 2), r = halves(rng, 10, 15), at = 0;
	int steps = (int)rng_range(rng, 1, 3), tapered = (int)rng_below(rng, 4);

	to(p, 0, 0);
	to(p, r - c, 0);
	to(p, r, c);
	for (int i = 0; i < steps; i++) {
		double length = halves(rng, 8, 25), next = r + halves(rng, 3, 6);

		at += length;
		if (i == 0 && next - r == length - c) /* one cone with the chamfer */
			next++;
		if (i == tapered) {
			to(p, next, at);
			r = next;
			next += 3;
			at += 6;
		}
		if (i + 1 < steps) {
			to(p, r, at);
			to(p, next, at);
			r = next;
		}
	}
	if (rng_chance(rng, 0.7)) {
		to(p, r, at - c);
		to(p, r - c, at);
	} else {
		to(p, r, at);
	}
	to(p, 0, at);
	return at;
}

static struct solid *shaft(struct rng *rng, struct arena *arena)
{
	int axis = (int)rng_below(rng, 3);
	struct vec3 origin = {0, 0, 0};
	struct profile p = {.count = 0}, bore = {.count = 0};
	double length = outside(rng, &p), r = halves(rng, 2, 4), deep = halves(rng, 4, length / 2);
	struct solid *solid = made_turned(axis, origin, p.points, p.count, arena);

	if (rng_chance(rng, 0.3))
		return solid;
	to(&bore, 0, -1);
	to(&bore, r + 1, -1);
	to(&bore, r + 1, 0);
	to(&bore, r, rng_chance(rng, 0.5) ? 1 : 1.5);
	to(&bore, r, rng_chance(rng, 0.5) ? deep : length + 1);
	to(&bore, 0, bore.points[4].y / MM + (rng_chance(rng, 0.7) ? r / tan(60 * RAD) : 0));
	return cut(solid, made_turned(axis, origin, bore.points, bore.count, arena));
}

/* A boss on a plate, chamfered or tapered, with a bore through both. */
static struct solid *flange(struct rng *rng, struct arena *arena)
{
	double wide = halves(rng, 50, 80), high = halves(rng, 6, 12), up = halves(rng, 10, 25);
	double r = halves(rng, 10, 15), c = halves(rng, 1, 2), foot = r + halves(rng, 1, 4);
	struct vec3 hi = {MM * wide, MM * wide, MM * high};
	struct vec3 middle = {MM * wide / 2, MM * wide / 2, 0};
	struct solid *solid = made_box((struct vec3){0, 0, 0}, hi, arena);
	bool tapered = rng_chance(rng, 0.5);
	struct profile p = {.count = 0};

	to(&p, 0, high);
	to(&p, tapered ? foot : r, high);
	if (!tapered)
		to(&p, r, high + up - c);
	to(&p, tapered ? r : r - c, high + up);
	to(&p, 0, high + up);
	solid = join(solid, made_turned(2, middle, p.points, p.count, arena));
	return cut(solid,
		   drill(rng, vec(wide / 2, wide / 2), halves(rng, 3, 5), 7, high + up, arena));
}

struct solid *random_cones(struct rng *rng, struct arena *arena)
{
	switch (rng_below(rng, 3)) {
	case 0:
		return plate(rng, arena);
	case 1:
		return shaft(rng, arena);
	default:
		return flange(rng, arena);
	}
}
