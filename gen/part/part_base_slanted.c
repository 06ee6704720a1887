/* SPDX-License-Identifier: MIT */
/* Bases with slanted sides, and brackets of two plates. What is square in them is a box, and its faces
 * that lie on the outside get features. */
#include <config.h>

#include "gen/part/part_maker.h"

/* Axes as the base stands. */
static int axis_across(const struct part_maker *m)
{
	return m->base_axis == 0 ? 1 : 0;
}

static int axis_up(const struct part_maker *m)
{
	return m->base_axis == 2 ? 1 : 2;
}

static int64_t pick_share(struct part_maker *m, int64_t of, int from, int to, int64_t unit)
{
	return part_pick(m, of * from / 100, of * to / 100, unit);
}

static struct part_face open_face(const struct part_box *box, int axis, int sign)
{
	struct part_face face = part_box_face(box, axis, sign);

	face.clear = INT64_MAX;
	return face;
}

static void add_ends(struct part_maker *m, const struct part_box *box)
{
	struct part_face face = part_box_face(box, m->base_axis, 1);

	part_add_end_faces(m, face, box->lo[m->base_axis], box->hi[m->base_axis]);
}

static struct part_profile standing_polygon(struct part_maker *m, const struct part_point points[4],
					    bool mirrored, int64_t width)
{
	struct part_point out[4];
	bool turned = mirrored != (m->base_axis == 1);

	for (int i = 0; i < 4; i++) {
		struct part_point p = points[turned ? 3 - i : i];

		if (mirrored)
			p.x = width - p.x;
		out[i] = part_upright(m, p);
	}
	return part_polygon(m, out, 4);
}

static bool make_trapezoid(struct part_maker *m, int64_t width, int64_t height, int64_t length)
{
	int64_t run = part_other_leg(m, height), left = -(width / 2 - width / 2 % m->step);
	const struct part_point points[4] = {
		{left, 0}, {left + width, 0}, {left + width - run, height}, {left + run, height}};
	struct part_range range = part_throw_range(m, length);
	struct part_box box;
	struct part_profile profile;

	if (width - 2 * run < width / 3 || width - 2 * run < 2 * m->wall || run < m->step)
		return false;
	profile = standing_polygon(m, points, false, width);
	box = part_base_box(m, (struct part_point){left + run, 0}, points[2], range);
	add_ends(m, &box);
	for (int sign = -1; sign <= 1; sign += 2) {
		struct part_face face = open_face(&box, axis_up(m), sign);

		part_add_face(m, &face);
	}
	part_emit_base(m, PART_TRAPEZOID, &profile, range);
	return true;
}

static bool make_wedge(struct part_maker *m, int64_t width, int64_t height, int64_t length)
{
	int64_t low = height - part_other_leg(m, width),
		other = pick_share(m, height, 20, 60, m->step);
	bool mirrored = rng_chance(m->rng, 0.5);
	struct part_range range = part_throw_range(m, length);
	struct part_point lo = {0, 0}, hi = {width, 0};
	struct part_profile profile;
	struct part_face face;
	struct part_box box;

	/* A usual angle where that leaves a side to stand. */
	hi.y = low >= m->wall && low < height ? low : other;
	if (hi.y < m->wall || height - hi.y < m->step)
		return false;
	profile = standing_polygon(m,
				   (const struct part_point[]){{0, 0}, {width, 0}, hi, {0, height}},
				   mirrored, width);
	box = part_base_box(m, lo, hi, range);
	add_ends(m, &box);
	face = open_face(&box, axis_up(m), -1);
	face.through = face.all = height;
	part_add_face(m, &face);
	for (int sign = -1; sign <= 1; sign += 2) {
		face = open_face(&box, axis_across(m), sign);
		part_add_face(m, &face);
	}
	part_emit_base(m, PART_WEDGE, &profile, range);
	return true;
}

bool part_make_slanted(struct part_maker *m, enum part_base base)
{
	int64_t width, height, length, sides[PART_AXES];

	m->base_axis = part_throw_axis(m, 30, 45);
	width = pick_share(m, m->longest, 60, 100, 2 * m->step);
	height = pick_share(m, m->longest, 20, 70, m->step);
	length = pick_share(m, m->longest, 15, 90, 2 * m->step);
	sides[0] = width;
	sides[1] = height;
	sides[2] = length;
	if (!part_settle_walls(m, sides, false))
		return false;
	return base == PART_TRAPEZOID ? make_trapezoid(m, width, height, length)
				      : make_wedge(m, width, height, length);
}

/* --- brackets -------------------------------------------------------------------------------- */

/* The upright plate's outline in y and z, and as a box: as wide as the foot and square, with bevelled or
 * with rounded upper corners, or narrower with a half circle on top. */
static struct part_profile make_upright(struct part_maker *m, struct part_box *box,
					struct part_face *face)
{
	int64_t width = box->hi[1] - box->lo[1], high = box->hi[2] - box->lo[2];
	struct part_point lo = {box->lo[1], box->lo[2]}, hi = {box->hi[1], box->hi[2]};
	int64_t size = part_pick(m, width / 8, part_least(width / 3, high / 2), m->step);
	bool arched = rng_chance(m->rng, 0.4), bevelled = rng_chance(m->rng, 0.4);
	struct part_point points[6] = {lo,
				       {hi.x, lo.y},
				       {hi.x, hi.y - size},
				       {hi.x - size, hi.y},
				       {lo.x + size, hi.y},
				       {lo.x, hi.y - size}};

	if (arched && width / 2 % m->step == 0 && high >= width * 3 / 4) {
		face->corner = PART_ROUND;
		face->corner_size = width / 2;
		return part_stadium(m, lo, hi, 1, false, true);
	}
	if (bevelled && size > 0) {
		face->corner = PART_BEVEL;
		face->corner_size = size;
		return part_polygon(m, points, 6);
	}
	return part_rectangle(m, lo, hi, PART_SHARP, 0);
}

/* The foot lies on the ground, the upright stands at its end x = 0. */
static void add_foot_faces(struct part_maker *m, int64_t thickness, int64_t high, uint64_t upright)
{
	struct part_box box = m->box;
	int64_t t = box.hi[2] - box.lo[2];
	struct part_face face;

	box.lo[0] += thickness;
	for (int sign = -1; sign <= 1; sign += 2) {
		face = open_face(&box, 2, sign);
		face.sides[PART_U_LO] = (struct part_side){PART_SIDE_WALL, high, upright};
		if (sign < 0)
			face.sides[PART_U_LO].kind = PART_SIDE_NONE;
		face.sides[PART_U_HI] = face.sides[PART_V_LO] = face.sides[PART_V_HI] =
			(struct part_side){PART_SIDE_OPEN, t, 0};
		part_add_face(m, &face);
	}
}

static void add_upright(struct part_maker *m, struct part_box box)
{
	struct part_face face = {.lo = {box.lo[1], box.lo[2]}, .hi = {box.hi[1], box.hi[2]}};
	struct part_profile profile = make_upright(m, &box, &face);
	struct part_prism prism = {.axis = 0,
				   .lo = box.lo[0],
				   .hi = box.hi[0],
				   .sign = -1,
				   .profiles = &profile,
				   .count = 1};
	struct part_taken taken = {.box = box};
	int64_t high = box.hi[2] - box.lo[2] - (face.corner ? face.corner_size : 0);

	prism.face = box.lo[0];
	face.owners = part_take(m, &taken);
	add_foot_faces(m, box.hi[0] - box.lo[0], high, face.owners);
	face.axis = 0;
	part_add_end_faces(m, face, box.lo[0], box.hi[0]);
	part_emit(m, "upright", DEEPCAD_JOIN, &prism);
	part_grow(m, &box);
}

bool part_make_bracket(struct part_maker *m)
{
	int64_t length = pick_share(m, m->longest, 50, 100, 2 * m->step);
	int64_t width = pick_share(m, m->longest, 35, 80, 2 * m->step);
	int64_t high = pick_share(m, m->longest, 50, 100, m->step), t, t2;
	bool alike = rng_chance(m->rng, 0.6);
	int64_t sides[PART_AXES] = {length, width, high};
	struct part_box box = {{0, 0, 0}, {length, width, high}};
	struct part_profile foot;

	m->base_axis = 2;
	if (m->left < 2 || !part_settle_walls(m, sides, false))
		return false;
	t = part_pick(m, part_most(m->wall, high / 12), high / 4, m->step);
	t2 = part_pick(m, part_most(m->wall, length / 12), length / 4, m->step);
	if (alike && t <= length / 3)
		t2 = t;
	if (t == 0 || t2 == 0)
		return false;
	foot = part_rectangle(m, (struct part_point){0, 0}, (struct part_point){length, width},
			      PART_SHARP, 0);
	part_emit_base(m, PART_BRACKET, &foot, (struct part_range){0, t});
	box.lo[2] = t;
	box.hi[0] = t2;
	add_upright(m, box);
	return true;
}
