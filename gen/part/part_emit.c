/* SPDX-License-Identifier: MIT */
/*
 * Prisms as sketches and extrudes, half sections as sketches and revolves. The same prism can be drawn in many ways, as designers do: in the face
 * that it stands on or goes into, in the plane through the origin, in its own middle. Planes have the
 * frames that CAD systems give to theirs: x to the right, and z or y up.
 */
#include <config.h>

#include <assert.h>
#include <math.h>
#include <stdio.h>

#include "gen/part/part_maker.h"

#define FACE_SHARE 0.62   /* of sketches that lie in the face that is there */
#define MIDDLE_SHARE 0.75 /* of prisms with the origin in their middle that are symmetric */
#define INSIDE_SHARE 0.05 /* of sketches in a plane somewhere within the prism */
#define OTHER_PLANE_SHARE 0.2
#define LOCAL_SHARE 0.3 /* of sketches with their origin at the first outline */

/* A plane across an axis, its normal along it or against it; each row has two of 0, 1, -1 other than
 * the normal's axis. */
struct frame {
	int axis[2], sign[2]; /* of x and y */
};

static struct frame frame_of(int axis, int sign)
{
	static const struct frame frames[PART_AXES][2] = {
		{{{1, 2}, {-1, 1}}, {{1, 2}, {1, 1}}},
		{{{0, 2}, {1, 1}}, {{0, 2}, {-1, 1}}},
		{{{0, 1}, {1, -1}}, {{0, 1}, {1, 1}}},
	};

	return frames[axis][sign > 0];
}

/* Where a sketch lies: a place on the prism's axis and the way its normal looks. */
struct seat {
	int axis, sign;
	int64_t at;
	struct part_point origin; /* u, v */
};

static double metres(int64_t um)
{
	return um == 0 ? 0 : (double)um / 1e6;
}

static double *part_of(struct vec3 *v, int axis)
{
	return axis == 0 ? &v->x : axis == 1 ? &v->y : &v->z;
}

static int64_t coordinate(const struct seat *seat, struct part_point p, int axis)
{
	bool is_u = axis == (seat->axis + 1) % PART_AXES;

	return is_u ? p.x - seat->origin.x : p.y - seat->origin.y;
}

static struct part_point local_um(const struct seat *seat, struct part_point p)
{
	struct frame f = frame_of(seat->axis, seat->sign);

	return (struct part_point){f.sign[0] * coordinate(seat, p, f.axis[0]),
				   f.sign[1] * coordinate(seat, p, f.axis[1])};
}

static struct vec to_metres(struct part_point p)
{
	return vec(metres(p.x), metres(p.y));
}

static struct deepcad_plane plane_of(const struct seat *seat)
{
	struct frame f = frame_of(seat->axis, seat->sign);
	struct deepcad_plane plane = {0};

	*part_of(&plane.x, f.axis[0]) = f.sign[0];
	*part_of(&plane.y, f.axis[1]) = f.sign[1];
	*part_of(&plane.z, seat->axis) = seat->sign;
	*part_of(&plane.origin, seat->axis) = metres(seat->at);
	*part_of(&plane.origin, (seat->axis + 1) % PART_AXES) = metres(seat->origin.x);
	*part_of(&plane.origin, (seat->axis + 2) % PART_AXES) = metres(seat->origin.y);
	return plane;
}

/* --- curves ---------------------------------------------------------------------------------- */

/* Quarters and halves of circles, counter-clockwise, are all the arcs there are. */
static void bend(struct deepcad_curve *curve, struct part_point from, struct part_point to,
		 struct part_point centre)
{
	int64_t ax = from.x - centre.x, ay = from.y - centre.y;
	int64_t bx = to.x - centre.x, by = to.y - centre.y;
	int64_t radius = ax != 0 ? ax : ay;

	assert((ax == 0) != (ay == 0) && (bx == 0) != (by == 0));
	radius = radius < 0 ? -radius : radius;
	curve->kind = DEEPCAD_ARC;
	curve->centre = to_metres(centre);
	curve->radius = metres(radius);
	curve->reference = vec((double)(ax / radius), (double)(ay / radius));
	curve->sweep = curve->end_angle = ax * by == ay * bx ? M_PI : M_PI / 2;
}

static double area_of(const struct deepcad_curve *c)
{
	double area = vec_cross(c->start, c->end) / 2;

	if (c->kind == DEEPCAD_CIRCLE)
		return M_PI * c->radius * c->radius;
	if (c->kind == DEEPCAD_LINE)
		return area;
	return area + c->radius * c->radius * (c->sweep - sin(c->sweep)) / 2;
}

static struct deepcad_loop circle_loop(struct part_maker *m, const struct part_loop *from,
				       const struct seat *seat)
{
	struct deepcad_loop loop = {ARENA_NEW(m->arena, struct deepcad_curve, 1), 1, 0};
	struct part_point centre = local_um(seat, from->centre);
	struct part_point left = {centre.x - from->radius, centre.y};
	struct deepcad_curve *c = &loop.curves[0];

	*c = (struct deepcad_curve){.kind = DEEPCAD_CIRCLE,
				    .start = to_metres(left),
				    .centre = to_metres(centre),
				    .radius = metres(from->radius),
				    .sweep = 2 * M_PI};
	/* As a reader has it. */
	c->start = c->end = vec(c->centre.x - c->radius, c->centre.y);
	loop.area = area_of(c);
	return loop;
}

/* Whether the frame mirrors u and v. */
static bool is_mirrored(const struct seat *seat)
{
	struct frame f = frame_of(seat->axis, seat->sign);
	bool swapped = f.axis[0] != (seat->axis + 1) % PART_AXES;

	return swapped != (f.sign[0] * f.sign[1] < 0);
}

/* Where a loop begins: at its lowest corner, the left one of several. */
static int first_edge(const struct part_loop *loop, const struct seat *seat)
{
	struct part_point best = local_um(seat, loop->edges[0].from);
	int first = 0;

	for (int i = 1; i < loop->count; i++) {
		struct part_point p = local_um(seat, loop->edges[i].from);

		if (p.y < best.y || (p.y == best.y && p.x < best.x)) {
			best = p;
			first = i;
		}
	}
	return first;
}

/* Counter-clockwise in the sketch: where the frame mirrors, edges come the other way round. */
static struct deepcad_loop edges_loop(struct part_maker *m, const struct part_loop *from,
				      const struct seat *seat)
{
	int n = from->count, first = first_edge(from, seat);
	struct deepcad_loop loop = {ARENA_NEW(m->arena, struct deepcad_curve, n), n, 0};
	bool mirrored = is_mirrored(seat);

	for (int i = 0; i < n; i++) {
		int start = (mirrored ? first + n - i : first + i) % n;
		int end = (mirrored ? start + n - 1 : start + 1) % n;
		const struct part_edge *edge = &from->edges[mirrored ? end : start];
		struct part_point a = local_um(seat, from->edges[start].from);
		struct part_point b = local_um(seat, from->edges[end].from);
		struct deepcad_curve *c = &loop.curves[i];

		*c = (struct deepcad_curve){
			.kind = DEEPCAD_LINE, .start = to_metres(a), .end = to_metres(b)};
		if (edge->is_arc)
			bend(c, a, b, local_um(seat, edge->centre));
		loop.area += area_of(c);
	}
	return loop;
}

static const char *named(struct part_maker *m, const char *what, int number)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%s_%d", what, number);

	return arena_strndup(m->arena, text, (size_t)n);
}

static void draw_profile(struct part_maker *m, const struct part_profile *from,
			 const struct seat *seat, struct vec3 normal, struct deepcad_profile *out)
{
	out->count = from->count;
	out->loops = ARENA_NEW(m->arena, struct deepcad_loop, from->count);
	for (int i = 0; i < from->count; i++) {
		const struct part_loop *loop = &from->loops[i];

		out->loops[i] =
			loop->count == 0 ? circle_loop(m, loop, seat) : edges_loop(m, loop, seat);
		for (int k = 0; k < out->loops[i].count; k++)
			if (out->loops[i].curves[k].kind != DEEPCAD_LINE)
				out->loops[i].curves[k].normal = normal;
	}
}

/* --- planes ---------------------------------------------------------------------------------- */

/* Right, front and top look along x, against y and along z. */
static int usual_sign(int axis)
{
	return axis == 1 ? -1 : 1;
}

/* The prism between two heights along the normal; which of the ways to say so is as the heights are. */
static void set_extent(struct deepcad_feature *extrude, int64_t low, int64_t high, bool symmetric)
{
	extrude->one = metres(low < 0 && high <= 0 ? low : high);
	if (low < 0 && high > 0) {
		extrude->extent = symmetric ? DEEPCAD_SYMMETRIC : DEEPCAD_TWO_SIDES;
		extrude->two = symmetric ? 0 : metres(-low);
	}
}

static struct seat throw_seat(struct part_maker *m, const struct part_prism *p)
{
	struct seat seat = {.axis = p->axis, .sign = usual_sign(p->axis)};
	int64_t middle = p->lo + (p->hi - p->lo) / 2, inside;
	bool in_face = rng_chance(m->rng, FACE_SHARE), other = rng_chance(m->rng, 0.5);
	bool centred = rng_chance(m->rng, MIDDLE_SHARE), within = rng_chance(m->rng, INSIDE_SHARE);
	bool found = part_place(m, p->lo + m->step, p->hi - m->step, &inside);
	bool has_middle = (p->hi - p->lo) % 2 == 0 && middle % m->step == 0;

	seat.at = other ? p->hi : p->lo;
	if (has_middle && middle == 0 && centred) {
		seat.at = 0;
	} else if (within && found) {
		seat.at = has_middle && other ? middle : inside;
	} else if (p->sign != 0 && in_face) {
		seat.sign = p->sign;
		seat.at = p->face;
	} else if (p->lo <= 0 && p->hi >= 0) {
		seat.at = 0;
	}
	return seat;
}

/* A sketch and its feature, which have no shapes yet. */
static struct deepcad_feature *append(struct part_maker *m, const char *name,
				      enum deepcad_operation operation, const struct seat *seat,
				      enum deepcad_feature_kind kind, int profiles)
{
	struct deepcad_model *model = m->model;
	int n = model->feature_count;
	struct deepcad_sketch *sketch = &model->sketches[model->sketch_count++];
	struct deepcad_feature *feature = &model->features[model->feature_count++];

	assert(m->left > 0);
	m->left--;
	sketch->id = named(m, "sketch", n);
	sketch->name = arena_strndup(m->arena, "Sketch", 6);
	sketch->plane = plane_of(seat);
	sketch->count = profiles;
	sketch->profiles = ARENA_NEW(m->arena, struct deepcad_profile, profiles);
	feature->kind = kind;
	feature->id = named(m, deepcad_feature_words[kind], n);
	feature->name = name;
	feature->operation = operation;
	feature->count = profiles;
	feature->regions = ARENA_NEW(m->arena, struct deepcad_region, profiles);
	for (int i = 0; i < profiles; i++) {
		sketch->profiles[i].id = named(m, "profile", i);
		feature->regions[i] = (struct deepcad_region){sketch, &sketch->profiles[i]};
	}
	model->steps[model->step_count++] = (struct deepcad_step){false, n};
	model->steps[model->step_count++] = (struct deepcad_step){true, n};
	return feature;
}

void part_emit(struct part_maker *m, const char *name, enum deepcad_operation operation,
	       const struct part_prism *prism)
{
	struct seat seat = throw_seat(m, prism);
	bool local = rng_chance(m->rng, LOCAL_SHARE);
	int64_t low = (prism->lo - seat.at) * seat.sign, high = (prism->hi - seat.at) * seat.sign;
	bool symmetric = low == -high && rng_chance(m->rng, 0.9);
	struct deepcad_feature *extrude;
	struct deepcad_sketch *sketch;

	assert(prism->lo < prism->hi);
	if (local && m->model->feature_count > 0 && prism->count == 1)
		seat.origin = part_profile_lo(&prism->profiles[0]);
	extrude = append(m, name, operation, &seat, DEEPCAD_EXTRUDE, prism->count);
	sketch = &m->model->sketches[m->model->sketch_count - 1];
	for (int i = 0; i < prism->count; i++)
		draw_profile(m, &prism->profiles[i], &seat, sketch->plane.z, &sketch->profiles[i]);
	set_extent(extrude, part_least(low, high), part_most(low, high), symmetric);
}

/* Of the two planes through the axis the one that is usual, mostly. */
static struct seat throw_half_plane(struct part_maker *m)
{
	static const int usual[PART_AXES] = {1, 2, 1};
	int axis = usual[m->base_axis];

	if (rng_chance(m->rng, OTHER_PLANE_SHARE))
		axis = 3 - m->base_axis - axis;
	return (struct seat){.axis = axis, .sign = usual_sign(axis)};
}

/* u and v, across the seat's axis, of a point along the base's axis and away from it. */
static struct part_point in_plane(const struct part_maker *m, const struct seat *seat,
				  struct part_point p)
{
	bool is_u = m->base_axis == (seat->axis + 1) % PART_AXES;

	return is_u ? p : (struct part_point){p.y, p.x};
}

void part_emit_turned(struct part_maker *m, const char *name, enum deepcad_operation operation,
		      const struct part_point *points, int count)
{
	struct seat seat = throw_half_plane(m);
	struct part_point *placed = ARENA_NEW(m->arena, struct part_point, count);
	bool is_u = m->base_axis == (seat.axis + 1) % PART_AXES;
	struct part_point start = points[0], end = points[0];
	struct deepcad_feature *revolve = append(m, name, operation, &seat, DEEPCAD_REVOLVE, 1);
	struct deepcad_sketch *sketch = &m->model->sketches[m->model->sketch_count - 1];
	struct part_profile profile;

	for (int i = 0; i < count; i++) {
		placed[i] = in_plane(m, &seat, points[is_u ? count - 1 - i : i]);
		start.x = part_least(start.x, points[i].x);
		end.x = part_most(end.x, points[i].x);
	}
	start.y = end.y = 0;
	profile = part_polygon(m, placed, count);
	draw_profile(m, &profile, &seat, sketch->plane.z, &sketch->profiles[0]);
	revolve->one = 2 * M_PI;
	revolve->axis = (struct deepcad_axis){to_metres(local_um(&seat, in_plane(m, &seat, start))),
					      to_metres(local_um(&seat, in_plane(m, &seat, end)))};
}

void part_emit_named(struct part_maker *m, const struct part_face *face, const char *name,
		     enum deepcad_operation operation, const struct part_profile *profiles,
		     int count, int64_t low, int64_t high)
{
	struct part_prism prism = {
		.axis = face->axis,
		.lo = face->at + (face->sign > 0 ? low : -high),
		.hi = face->at + (face->sign > 0 ? high : -low),
		.face = face->at,
		.sign = face->sign,
		.profiles = profiles,
		.count = count,
	};

	part_emit(m, name, operation, &prism);
}

void part_emit_at(struct part_maker *m, const struct part_face *face, enum part_feature feature,
		  enum deepcad_operation operation, const struct part_profile *profiles, int count,
		  int64_t low, int64_t high)
{
	m->made[feature]++;
	part_emit_named(m, face, part_feature_names[feature], operation, profiles, count, low,
			high);
}
