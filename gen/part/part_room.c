/* SPDX-License-Identifier: MIT */
/* What lies within what, and how far apart. */
#include <config.h>

#include <assert.h>
#include <math.h>

#include "gen/part/part_maker.h"

bool part_middle(const struct part_maker *m, const struct part_face *face, struct part_point *out)
{
	*out = (struct part_point){face->lo.x + part_span(face, 0) / 2,
				   face->lo.y + part_span(face, 1) / 2};
	return part_span(face, 0) % 2 == 0 && part_span(face, 1) % 2 == 0 &&
	       out->x % m->step == 0 && out->y % m->step == 0;
}

static double distance(double x, double y)
{
	return sqrt(x * x + y * y);
}

/* Of the nearer corner, along both axes. */
static struct part_point from_corner(const struct part_face *face, struct part_point p)
{
	return (struct part_point){part_least(p.x - face->lo.x, face->hi.x - p.x),
				   part_least(p.y - face->lo.y, face->hi.y - p.y)};
}

bool part_holds_disc(const struct part_face *face, struct part_point centre, int64_t radius,
		     int64_t margin)
{
	int64_t room = radius + margin, size = face->corner_size;
	struct part_point near = from_corner(face, centre);

	if (near.x < room || near.y < room)
		return false;
	if (face->radius > 0) {
		double x = (double)(2 * centre.x - face->lo.x - face->hi.x) / 2;
		double y = (double)(2 * centre.y - face->lo.y - face->hi.y) / 2;

		return distance(x, y) + (double)room <= (double)face->radius;
	}
	if (face->corner == PART_BEVEL)
		return (double)(near.x + near.y - size) >= (double)room * M_SQRT2;
	if (face->corner == PART_ROUND && near.x < size && near.y < size)
		return distance((double)(size - near.x), (double)(size - near.y)) + (double)room <=
		       (double)size;
	return true;
}

bool part_holds_rectangle(const struct part_face *face, struct part_point lo, struct part_point hi,
			  int64_t margin)
{
	const struct part_point corners[4] = {lo, {hi.x, lo.y}, hi, {lo.x, hi.y}};

	for (int i = 0; i < 4; i++)
		if (!part_holds_disc(face, corners[i], 0, margin))
			return false;
	return true;
}

struct part_taken part_box_at(const struct part_face *face, struct part_point lo,
			      struct part_point hi, int64_t low, int64_t high)
{
	int u = (face->axis + 1) % PART_AXES, v = (face->axis + 2) % PART_AXES;
	struct part_taken t = {.axis = face->axis};

	t.box.lo[face->axis] = face->at + (face->sign > 0 ? low : -high);
	t.box.hi[face->axis] = face->at + (face->sign > 0 ? high : -low);
	t.box.lo[u] = lo.x;
	t.box.hi[u] = hi.x;
	t.box.lo[v] = lo.y;
	t.box.hi[v] = hi.y;
	return t;
}

struct part_taken part_cylinder_at(const struct part_face *face, struct part_point centre,
				   int64_t radius, int64_t low, int64_t high)
{
	struct part_point lo = {centre.x - radius, centre.y - radius};
	struct part_point hi = {centre.x + radius, centre.y + radius};
	struct part_taken t = part_box_at(face, lo, hi, low, high);

	t.radius = radius;
	return t;
}

static int64_t gap_along(const struct part_box *a, const struct part_box *b, int axis)
{
	return part_most(a->lo[axis] - b->hi[axis], b->lo[axis] - a->hi[axis]);
}

/* From the middle of a cylinder across its axis to a box, or to the middle of another cylinder. */
static double gap_across(const struct part_taken *cylinder, const struct part_taken *other)
{
	double across[2], radius = (double)cylinder->radius;

	for (int i = 0; i < 2; i++) {
		int axis = (cylinder->axis + 1 + i) % PART_AXES;
		int64_t middle = (cylinder->box.lo[axis] + cylinder->box.hi[axis]) / 2;
		int64_t lo = other->box.lo[axis], hi = other->box.hi[axis];

		if (other->radius > 0)
			lo = hi = (lo + hi) / 2;
		across[i] = (double)part_most(0, part_most(lo - middle, middle - hi));
	}
	if (other->radius > 0)
		radius += (double)other->radius;
	return distance(across[0], across[1]) - radius;
}

/* Never more than it is, but where the walls of two boxes lie askew to each other. */
static bool keeps_wall(const struct part_taken *a, const struct part_taken *b, int64_t wall)
{
	for (int axis = 0; axis < PART_AXES; axis++)
		if (gap_along(&a->box, &b->box, axis) >= wall)
			return true;
	if (a->radius > 0 && (b->radius == 0 || b->axis == a->axis))
		return gap_across(a, b) >= (double)wall;
	if (b->radius > 0 && a->radius == 0)
		return gap_across(b, a) >= (double)wall;
	return false;
}

bool part_is_free(const struct part_maker *m, const struct part_taken *taken, uint64_t except)
{
	for (int i = 0; i < m->taken_count; i++)
		if (!(except >> i & 1) && !keeps_wall(taken, &m->taken[i], m->wall))
			return false;
	return true;
}

bool part_has_room(const struct part_maker *m, int count)
{
	return m->taken_count + count <= PART_TAKEN_MAX;
}

uint64_t part_take(struct part_maker *m, const struct part_taken *taken)
{
	assert(m->taken_count < PART_TAKEN_MAX);
	m->taken[m->taken_count] = *taken;
	return (uint64_t)1 << m->taken_count++;
}

struct part_face part_box_face(const struct part_box *box, int axis, int sign)
{
	int u = (axis + 1) % PART_AXES, v = (axis + 2) % PART_AXES;
	int64_t depth = box->hi[axis] - box->lo[axis];

	return (struct part_face){
		.axis = axis,
		.sign = sign,
		.at = sign > 0 ? box->hi[axis] : box->lo[axis],
		.lo = {box->lo[u], box->lo[v]},
		.hi = {box->hi[u], box->hi[v]},
		.depth = depth,
		.through = depth,
		.all = depth,
	};
}

/* A face more than there is room for just gets no features. */
void part_add_face(struct part_maker *m, const struct part_face *face)
{
	if (m->face_count < PART_FACES_MAX)
		m->faces[m->face_count++] = *face;
}

void part_grow(struct part_maker *m, const struct part_box *box)
{
	for (int axis = 0; axis < PART_AXES; axis++) {
		m->box.lo[axis] = part_least(m->box.lo[axis], box->lo[axis]);
		m->box.hi[axis] = part_most(m->box.hi[axis], box->hi[axis]);
	}
}
