/* SPDX-License-Identifier: MIT */
/* Sizes as designers choose them: round ones first (ISO 3 and its rounded series), and drills and
 * clearance holes (ISO 273) that are to be had. */
#include <config.h>

#include <math.h>

#include "gen/part/part_maker.h"

#define USUAL_SHARE 0.85

/* Tenths of a millimetre; rising. */
static const int preferred[] = {
	20,   25,   30,   40,   50,   60,   80,   100,  120,  140,  150,  160,  180,  200,  220,
	240,  250,  280,  300,  320,  350,  360,  400,  420,  450,  480,  500,  550,  560,  600,
	630,  640,  650,  700,  750,  800,  850,  900,  950,  1000, 1050, 1100, 1120, 1200, 1250,
	1300, 1400, 1500, 1600, 1700, 1750, 1800, 1900, 2000, 2100, 2200, 2250, 2400, 2500, 2600,
	2750, 2800, 3000, 3150, 3200, 3400, 3500, 3600, 3750, 3800, 4000,
};

static const int drills[] = {
	25,  30,  32,  34,  40,  42,  43,  45,  50,  53,  55,  60,  64,  66,  68,  70,   74,  80,
	84,  90,  100, 105, 110, 120, 130, 135, 140, 150, 155, 160, 175, 180, 200, 220,  240, 250,
	260, 280, 300, 320, 350, 400, 450, 500, 550, 600, 650, 700, 750, 800, 900, 1000,
};

#define COUNT(list) ((int)(sizeof(list) / sizeof(*(list))))

/* One of the list, of which the unit is a divisor, as micrometres * share; 0: there is none. */
static int64_t pick_of(struct part_maker *m, const int *list, int count, int64_t share, int64_t lo,
		       int64_t hi, int64_t unit)
{
	int64_t found[COUNT(preferred)];
	int n = 0;

	for (int i = 0; i < count; i++) {
		int64_t um = (int64_t)list[i] * share;

		if (um >= lo && um <= hi && um % unit == 0)
			found[n++] = um;
	}
	return n > 0 ? found[rng_below(m->rng, (uint32_t)n)] : 0;
}

int64_t part_pick(struct part_maker *m, int64_t lo, int64_t hi, int64_t unit)
{
	int64_t first = (lo + unit - 1) / unit, last = hi / unit, um = 0;

	if (lo <= 0 || hi < lo || first > last)
		return 0;
	if (rng_chance(m->rng, USUAL_SHARE))
		um = pick_of(m, preferred, COUNT(preferred), 100, lo, hi, unit);
	return um > 0 ? um : rng_range(m->rng, first, last) * unit;
}

int64_t part_pick_hole(struct part_maker *m, int64_t lo, int64_t hi)
{
	int64_t um = pick_of(m, drills, COUNT(drills), 50, lo, hi, m->step);

	return um > 0 ? um : part_pick(m, lo, hi, m->step);
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a >= 0 ? a / b : -((-a + b - 1) / b);
}

bool part_place(struct part_maker *m, int64_t lo, int64_t hi, int64_t *out)
{
	int64_t first = -floor_div(-lo, m->step), last = floor_div(hi, m->step), a, b;

	if (first > last)
		return false;
	a = rng_range(m->rng, first, last);
	b = rng_range(m->rng, first, last);
	*out = floor_div(a + b, 2) * m->step;
	return true;
}

int64_t part_snap(const struct part_maker *m, double um)
{
	int64_t steps = (int64_t)floor(um / (double)m->step + 0.5);

	return part_most(steps, 1) * m->step;
}

int64_t part_other_leg(struct part_maker *m, int64_t leg)
{
	/* Tangents of 60, 30 and 15 degrees. */
	static const double tangents[] = {1.7320508075688772, 0.57735026918962576,
					  0.26794919243112270};
	bool even = rng_chance(m->rng, 0.65);
	uint32_t i = rng_below(m->rng, 5);

	return even ? leg : part_snap(m, (double)leg * tangents[i / 2]);
}
