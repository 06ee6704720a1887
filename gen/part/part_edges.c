/* SPDX-License-Identifier: MIT */
/* What runs along an edge of a face: steps, corners cut off, gussets in corners that go in. Prisms along
 * the edge, so their sketches lie across it. */
#include <config.h>

#include "gen/part/part_maker.h"

#define TRIES 16

/* A side of a face, and the axes of the corner there. */
struct edge {
	const struct part_face *face;
	int side, across; /* the axis of the face that goes to the side: 0 or 1 for u or v */
	int along;        /* the world's axis along the edge */
	int sign;         /* of the way to the side */
	int64_t at;       /* of the side along that */
};

static struct edge edge_at(const struct part_face *face, int side)
{
	struct edge e = {face, side, side / 2, 0, side % 2 ? 1 : -1, 0};
	const struct part_point *p = e.sign > 0 ? &face->hi : &face->lo;

	e.along = (face->axis + 1 + !e.across) % PART_AXES;
	e.at = e.across == 0 ? p->x : p->y;
	return e;
}

/* A place over the face and away from the side, inwards positive, as u and v of the edge's axis. */
static struct part_point at_corner(const struct edge *e, int64_t inwards, int64_t height)
{
	int64_t over = e->face->at + e->face->sign * height, side = e->at - e->sign * inwards;
	bool face_is_u = (e->along + 1) % PART_AXES == e->face->axis;

	return face_is_u ? (struct part_point){over, side} : (struct part_point){side, over};
}

/* A triangle or rectangle at the corner with legs along both; the heights may be negative. */
static struct part_profile corner_profile(struct part_maker *m, const struct edge *e,
					  int64_t inwards, int64_t height, bool triangle)
{
	struct part_point a = at_corner(e, 0, 0), b = at_corner(e, inwards, 0);
	struct part_point c = at_corner(e, inwards, height), d = at_corner(e, 0, height);
	struct part_point points[4] = {a, b, c, d};
	int n = 4;
	int64_t turn;

	if (triangle) {
		points[2] = d;
		n = 3;
	}
	turn = (points[1].x - a.x) * (points[2].y - b.y) -
	       (points[1].y - a.y) * (points[2].x - b.x);
	if (turn < 0) {
		struct part_point last = points[n - 1];

		points[n - 1] = points[1];
		points[1] = last;
	}
	return part_polygon(m, points, n);
}

/* The box over the face from the side inwards, between two places along the edge. */
static struct part_taken corner_box(const struct edge *e, int64_t inwards, int64_t low,
				    int64_t high, struct part_range range)
{
	int64_t near = e->at, far = e->at - e->sign * inwards;
	struct part_point lo, hi;

	*(e->across == 0 ? &lo.x : &lo.y) = part_least(near, far);
	*(e->across == 0 ? &hi.x : &hi.y) = part_most(near, far);
	*(e->across == 0 ? &lo.y : &lo.x) = range.lo;
	*(e->across == 0 ? &hi.y : &hi.x) = range.hi;
	return part_box_at(e->face, lo, hi, low, high);
}

static struct part_range edge_range(const struct edge *e)
{
	const struct part_face *f = e->face;

	return e->across == 0 ? (struct part_range){f->lo.y, f->hi.y}
			      : (struct part_range){f->lo.x, f->hi.x};
}

/* --- cuts ------------------------------------------------------------------------------------ */

/* Open there and at both ends of the edge. */
static bool is_free_edge(const struct edge *e)
{
	const struct part_side *ends = &e->face->sides[e->across ? PART_U_LO : PART_V_LO];

	return e->face->sides[e->side].kind == PART_SIDE_OPEN && ends[0].kind == PART_SIDE_OPEN &&
	       ends[1].kind == PART_SIDE_OPEN;
}

static void add_step_face(struct part_maker *m, const struct edge *e, int64_t inwards,
			  int64_t depth, uint64_t owner)
{
	struct part_face face = *e->face;
	int64_t far = e->at - e->sign * inwards;
	int inner = e->side ^ 1;

	*(e->across == 0 ? (e->sign > 0 ? &face.lo.x : &face.hi.x)
			 : (e->sign > 0 ? &face.lo.y : &face.hi.y)) = far;
	face.at -= face.sign * depth;
	face.depth -= depth;
	face.through = part_most(face.through - depth, 0);
	face.all = face.through;
	face.clear = 0; /* what stands there would be flush with nothing */
	face.sides[inner] = (struct part_side){PART_SIDE_NONE, 0, 0};
	for (int side = 0; side < PART_SIDES; side++)
		face.sides[side].high = part_least(face.sides[side].high, face.depth);
	face.owners |= owner;
	part_add_face(m, &face);
}

/* How far the cut goes along the face and into it; false: it does not fit. */
static bool throw_legs(struct part_maker *m, const struct edge *edges, int count, bool triangle,
		       int64_t *inwards, int64_t *depth)
{
	const struct part_face *face = edges[0].face;
	int64_t span = part_span(face, edges[0].across), most = face->depth;

	for (int i = 0; i < count; i++)
		most = part_least(most, face->sides[edges[i].side].high);
	most -= m->wall;
	*inwards = part_pick(m, part_most(m->step, span / (triangle ? 12 : 8)), span * 4 / 10,
			     m->step);
	*depth = part_pick(m, part_most(m->step, m->wall / 2), most * 3 / 4, m->step);
	if (triangle && *inwards > 0)
		*depth = part_other_leg(m, *inwards);
	return *inwards > 0 && *depth > 0 && *depth <= most && span - count * *inwards >= m->wall;
}

static void emit_along(struct part_maker *m, const struct edge *e, enum part_feature feature,
		       enum deepcad_operation operation, const struct part_profile *profiles,
		       int count, struct part_range range, int sign)
{
	struct part_prism prism = {.axis = e->along,
				   .lo = range.lo,
				   .hi = range.hi,
				   .sign = sign,
				   .face = sign > 0 ? range.hi : range.lo,
				   .profiles = profiles,
				   .count = count};

	m->made[feature]++;
	part_emit(m, part_feature_names[feature], operation, &prism);
}

static bool try_edge_cut(struct part_maker *m, enum part_feature feature)
{
	const struct part_face *face = part_throw_face(m, true);
	bool triangle = feature == PART_CORNER_CUT, both = rng_chance(m->rng, 0.4);
	int side = (int)rng_below(m->rng, PART_SIDES), sign = rng_chance(m->rng, 0.5) ? 1 : -1;
	struct edge edges[2] = {edge_at(face, side), edge_at(face, side ^ 1)};
	int count = both && is_free_edge(&edges[1]) ? 2 : 1;
	struct part_range range = edge_range(&edges[0]);
	struct part_profile profiles[2];
	struct part_taken taken[2];
	int64_t inwards, depth;

	if (!is_free_edge(&edges[0]) || !part_has_room(m, count) ||
	    !throw_legs(m, edges, count, triangle, &inwards, &depth))
		return false;
	for (int i = 0; i < count; i++) {
		taken[i] = corner_box(&edges[i], inwards, -depth, 0, range);
		profiles[i] = corner_profile(m, &edges[i], inwards, -depth, triangle);
		if (!part_is_free(m, &taken[i], face->owners))
			return false;
	}
	for (int i = 0; i < count; i++) {
		uint64_t owner = part_take(m, &taken[i]);

		if (!triangle)
			add_step_face(m, &edges[i], inwards, depth, owner);
	}
	emit_along(m, &edges[0], feature, DEEPCAD_CUT, profiles, count, range, sign);
	return true;
}

bool part_make_edge_cut(struct part_maker *m, enum part_feature feature)
{
	for (int i = 0; i < TRIES; i++)
		if (try_edge_cut(m, feature))
			return true;
	return false;
}

/* --- gussets --------------------------------------------------------------------------------- */

static bool try_gusset(struct part_maker *m)
{
	const struct part_face *face = part_throw_face(m, false);
	int side = (int)rng_below(m->rng, PART_SIDES);
	struct edge e = edge_at(face, side);
	const struct part_side *wall = &face->sides[side];
	int64_t span = part_span(face, e.across), inwards, height, thickness, at[2];
	struct part_profile profile;
	struct part_range range;
	struct part_taken taken;

	if (wall->kind != PART_SIDE_WALL || face->clear == 0 || !part_has_room(m, 1))
		return false;
	inwards = part_pick(m, part_most(m->wall, span / 4), span * 3 / 4, m->step);
	if (inwards == 0 || part_throw_thin(m, face, !e.across, &thickness, at) == 0)
		return false;
	height = part_other_leg(m, inwards);
	if (span - inwards < m->wall || height < m->wall || wall->high - height < m->wall ||
	    (face->clear != INT64_MAX && face->clear - height < m->wall))
		return false;
	range = (struct part_range){at[0], at[0] + thickness};
	taken = corner_box(&e, inwards, 0, height, range);
	if (!part_is_free(m, &taken, face->owners | wall->owners))
		return false;
	part_take(m, &taken);
	profile = corner_profile(m, &e, inwards, height, true);
	emit_along(m, &e, PART_GUSSET, DEEPCAD_JOIN, &profile, 1, range, 0);
	return true;
}

bool part_make_gusset(struct part_maker *m, enum part_feature feature)
{
	(void)feature;
	for (int i = 0; i < TRIES; i++)
		if (try_gusset(m))
			return true;
	return false;
}
