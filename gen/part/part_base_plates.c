/* SPDX-License-Identifier: MIT */
/* Plates with corners taken off, stadiums, discs, rings, hexagons. */
#include <config.h>

#include <math.h>

#include "gen/part/part_maker.h"

#define SQRT3 1.7320508075688772

/* --- plates ---------------------------------------------------------------------------------- */

/* The four sides, as far as they are flat. */
static void add_flat_sides(struct part_maker *m, struct part_point lo, struct part_point hi,
			   struct part_range range, int64_t size)
{
	struct part_box all = part_base_box(m, lo, hi, range);

	for (int i = 1; i <= 2; i++)
		for (int sign = -1; sign <= 1; sign += 2) {
			int axis = (m->base_axis + i) % PART_AXES;
			int other = (m->base_axis + 3 - i) % PART_AXES;
			struct part_box box = all;
			struct part_face face;

			box.lo[other] += size;
			box.hi[other] -= size;
			if (box.hi[other] - box.lo[other] < 2 * m->wall)
				continue;
			face = part_box_face(&box, axis, sign);
			face.clear = INT64_MAX;
			part_add_face(m, &face);
		}
}

static void add_ends(struct part_maker *m, struct part_point lo, struct part_point hi,
		     struct part_range range, enum part_corner corner, int64_t size)
{
	struct part_face face = {.axis = m->base_axis,
				 .lo = part_upright(m, lo),
				 .hi = part_upright(m, hi),
				 .corner = corner,
				 .corner_size = size};

	part_add_end_faces(m, face, range.lo, range.hi);
}

static struct part_profile plate_profile(struct part_maker *m, enum part_base base,
					 struct part_point lo, struct part_point hi, int64_t size)
{
	struct part_point a = part_upright(m, lo), b = part_upright(m, hi);
	int along = m->base_axis == 1 ? 1 : 0;

	if (base == PART_STADIUM)
		return part_stadium(m, a, b, along, true, true);
	return part_rectangle(m, a, b, base == PART_ROUNDED ? PART_ROUND : PART_BEVEL, size);
}

bool part_make_plate(struct part_maker *m, enum part_base base)
{
	int64_t width = part_pick(m, m->longest * 9 / 10, m->longest, 2 * m->step);
	int64_t height = part_pick(m, m->longest / 4,
				   m->longest * (base == PART_STADIUM ? 7 : 10) / 10, 2 * m->step);
	int64_t thickness = part_pick(m, m->longest / 25, m->longest / 4, m->step), size;
	bool centred = rng_chance(m->rng, 0.5);
	const int64_t sides[PART_AXES] = {width, height, thickness};
	struct part_point lo = {0, 0}, hi = {width, height};
	struct part_range range;
	struct part_profile profile;

	m->base_axis = part_throw_axis(m, 15, 25);
	if (!part_settle_walls(m, sides, false))
		return false;
	size = part_pick(m, height / 12, height / 3, m->step);
	if (base == PART_STADIUM)
		size = height / 2;
	if (size == 0 || size % m->step != 0 || width - 2 * size < m->wall)
		return false;
	if (centred && width / 2 % m->step == 0 && height / 2 % m->step == 0) {
		lo = (struct part_point){-width / 2, -height / 2};
		hi = (struct part_point){width / 2, height / 2};
	}
	range = part_throw_range(m, thickness);
	add_ends(m, lo, hi, range, base == PART_CHAMFERED ? PART_BEVEL : PART_ROUND, size);
	add_flat_sides(m, lo, hi, range, size);
	profile = plate_profile(m, base, lo, hi, size);
	part_emit_base(m, base, &profile, range);
	return true;
}

/* --- round ones ------------------------------------------------------------------------------ */

/* Of a hexagon, from its middle, where the flats are at `flat`; half of it is a whole number too. */
static int64_t corner_of(int64_t flat)
{
	int64_t corner = (int64_t)floor((double)flat * 2 / SQRT3 + 0.5);

	return corner + corner % 2;
}

/* Flats below and above. */
static struct part_profile hexagon_profile(struct part_maker *m, int64_t flat, int64_t corner)
{
	int64_t half = corner / 2;
	const struct part_point points[6] = {{-half, -flat}, {half, -flat}, {corner, 0},
					     {half, flat},   {-half, flat}, {-corner, 0}};
	struct part_point out[6];

	for (int i = 0; i < 6; i++)
		out[i] = part_upright(m, points[m->base_axis == 1 ? 5 - i : i]);
	return part_polygon(m, out, 6);
}

static void add_hexagon_faces(struct part_maker *m, int64_t flat, int64_t corner,
			      struct part_range range)
{
	int64_t half = corner / 2 - corner / 2 % m->step;
	struct part_box box = part_base_box(m, (struct part_point){-half, -flat},
					    (struct part_point){half, flat}, range);
	int up = m->base_axis == 2 ? 1 : 2;

	for (int sign = -1; sign <= 1; sign += 2) {
		struct part_face face = part_box_face(&box, up, sign);

		face.clear = INT64_MAX;
		part_add_face(m, &face);
	}
}

static void add_bore(struct part_maker *m, struct part_profile *profile, int64_t radius,
		     struct part_range range)
{
	const struct part_point middle = {0, 0};
	struct part_taken taken = {.axis = m->base_axis, .radius = radius};

	taken.box = part_base_box(m, (struct part_point){-radius, -radius},
				  (struct part_point){radius, radius}, range);
	part_take(m, &taken);
	part_add_hole(profile, middle, radius);
}

static int64_t throw_length(struct part_maker *m, int64_t radius)
{
	bool is_shaft = rng_chance(m->rng, 0.25);
	int64_t diameter = 2 * radius;

	if (is_shaft)
		return part_pick(m, diameter, 4 * diameter, 2 * m->step);
	return part_pick(m, diameter / 10, diameter * 6 / 10, m->step);
}

bool part_make_disc(struct part_maker *m, enum part_base base)
{
	int64_t radius = part_pick(m, m->longest / 8, m->longest / 2, m->step);
	int64_t length = throw_length(m, radius), corner = corner_of(radius), bore;
	int64_t wide = base == PART_HEXAGON ? 2 * corner : 2 * radius;
	const int64_t sides[PART_AXES] = {wide, 2 * radius, length};
	struct part_face face = {
		.radius = radius, .lo = {-radius, -radius}, .hi = {radius, radius}};
	struct part_profile profile;
	struct part_range range;

	m->base_axis = face.axis = part_throw_axis(m, 18, 22);
	if (radius == 0 || length == 0 || !part_settle_walls(m, sides, true))
		return false;
	bore = part_pick(m, radius / 4, part_least(radius * 8 / 10, radius - m->wall), m->step);
	if (base == PART_RING && bore == 0)
		return false;
	range = part_throw_range(m, length);
	profile = base == PART_HEXAGON ? hexagon_profile(m, radius, corner)
				       : part_circle(m, (struct part_point){0, 0}, radius);
	part_add_end_faces(m, face, range.lo, range.hi);
	if (base == PART_HEXAGON)
		add_hexagon_faces(m, radius, corner, range);
	else
		m->rounds[m->round_count++] =
			(struct part_round){m->base_axis, {0, 0}, radius, range.lo, range.hi, 0};
	if (base == PART_RING)
		add_bore(m, &profile, bore, range);
	part_emit_base(m, base, &profile, range);
	return true;
}
