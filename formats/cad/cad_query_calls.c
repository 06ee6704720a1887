/* SPDX-License-Identifier: MIT */
/*
 * The calls of CadQuery that sweep sketches: those that formats/cad/cad_code_cadquery.c and cad_code_recode.c write, and
 * what models of CAD-Recode write besides: boxes, cylinders, rectangles, workplanes off others.
 */
#include <config.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "formats/cad/cad_code_private.h"
#include "formats/cad/cad_query.h"
#include "formats/solid/deepcad_private.h"

#define DEGREE (M_PI / 180)
#define FRAME_SLACK 1e-6

/* --- arguments -------------------------------------------------------------------------------- */

static struct query_argument *find(struct query_call *call, int i, const char *name)
{
	int place = 0;

	for (int k = 0; k < call->count; k++) {
		struct query_argument *a = &call->arguments[k];

		if (a->name ? name && word_is(a->name, a->len, name) : place++ == i)
			return a;
	}
	return NULL;
}

const struct query_value *query_take(struct query_call *call, int i, const char *name,
				     enum query_kind kind)
{
	struct query_argument *a = find(call, i, name);

	if (!a || a->value.kind != kind)
		return NULL;
	a->is_used = true;
	return &a->value;
}

static int missing(struct query *q, const struct query_call *call, const char *what,
		   const char *name)
{
	return reader_error(&q->r, call->where, "%.*s needs %s '%s'", (int)call->len, call->name,
			    what, name);
}

static int take_number(struct query *q, struct query_call *call, int i, const char *name,
		       double *out)
{
	const struct query_value *v = query_take(call, i, name, QUERY_NUMBER);

	*out = 0;
	if (!v)
		return missing(q, call, "a number", name);
	*out = v->number[0];
	return 0;
}

int query_take_length(struct query *q, struct query_call *call, int i, const char *name,
		      double *out)
{
	if (take_number(q, call, i, name, out) < 0)
		return -1;
	*out *= q->unit;
	return 0;
}

/* A size of a shape: more than nothing. */
static int take_size(struct query *q, struct query_call *call, int i, const char *name, double *out)
{
	if (query_take_length(q, call, i, name, out) < 0)
		return -1;
	if (*out <= DEEPCAD_LENGTH_MIN)
		return reader_error(&q->r, call->where, "a %s of %g", name, *out / q->unit);
	return 0;
}

static const struct query_value *take_tuple(struct query_call *call, int i, const char *name,
					    int numbers)
{
	const struct query_value *v = query_take(call, i, name, QUERY_TUPLE);

	return v && v->numbers == numbers ? v : NULL;
}

int query_take_point(struct query *q, struct query_call *call, int i, const char *name,
		     struct vec *out)
{
	const struct query_value *v = take_tuple(call, i, name, 2);

	*out = vec(0, 0);
	if (!v)
		return missing(q, call, "a point", name);
	*out = vec_scale(vec(v->number[0], v->number[1]), q->unit);
	return 0;
}

static struct vec3 triple_of(const struct query_value *v)
{
	return (struct vec3){v->number[0], v->number[1], v->number[2]};
}

int query_taken(struct query *q, struct query_call *call)
{
	for (int i = 0; i < call->count; i++)
		if (!call->arguments[i].is_used)
			return reader_error(&q->r, call->arguments[i].where,
					    "no argument that %.*s has here", (int)call->len,
					    call->name);
	return 0;
}

/* --- planes ----------------------------------------------------------------------------------- */

static int take_named_plane(struct query *q, struct query_call *call, struct deepcad_plane *plane)
{
	static const struct {
		const char *name;
		struct vec3 x, z;
	} planes[] = {
		{"XY", {1, 0, 0}, {0, 0, 1}},  {"YZ", {0, 1, 0}, {1, 0, 0}},
		{"ZX", {0, 0, 1}, {0, 1, 0}},  {"XZ", {1, 0, 0}, {0, -1, 0}},
		{"YX", {0, 1, 0}, {0, 0, -1}}, {"ZY", {0, 0, 1}, {-1, 0, 0}},
	};
	const struct query_value *name = query_take(call, 0, "inPlane", QUERY_TEXT), *origin;

	for (size_t i = 0; name && i < sizeof(planes) / sizeof(*planes); i++)
		if (strcmp(planes[i].name, name->text) == 0) {
			*plane = (struct deepcad_plane){.x = planes[i].x, .z = planes[i].z};
			plane->y = vec3_cross(plane->z, plane->x);
			origin = take_tuple(call, 1, "origin", 3);
			if (origin)
				plane->origin = vec3_sum(q->unit, triple_of(origin), 0, plane->x);
			return 0;
		}
	return missing(q, call, "the name of a plane or", "cq.Plane");
}

static int take_plane(struct query *q, struct query_call *call, struct deepcad_plane *plane)
{
	const struct query_value *origin = take_tuple(call, 0, "origin", 3);
	const struct query_value *x = take_tuple(call, 1, "xDir", 3);
	const struct query_value *normal = take_tuple(call, 2, "normal", 3);
	struct vec3 across;
	double length, up;

	if (!origin || !x || !normal)
		return missing(q, call, "three of", "origin, xDir, normal");
	length = sqrt(vec3_dot(triple_of(x), triple_of(x)));
	up = sqrt(vec3_dot(triple_of(normal), triple_of(normal)));
	across = triple_of(x);
	if (!(length > FRAME_SLACK && up > FRAME_SLACK) ||
	    fabs(vec3_dot(across, triple_of(normal))) > FRAME_SLACK * length * up)
		return reader_error(&q->r, call->where, "xDir and normal are at no right angle");
	*plane = (struct deepcad_plane){.origin = vec3_sum(q->unit, triple_of(origin), 0, across),
					.x = vec3_sum(1 / length, across, 0, across),
					.z = vec3_sum(1 / up, triple_of(normal), 0, across)};
	plane->y = vec3_cross(plane->z, plane->x);
	return 0;
}

int query_construct(struct query *q, struct query_call *call, struct query_value *out)
{
	const struct query_value *plane = query_take(call, 0, "inPlane", QUERY_PLANE);
	int rc = 0;

	*out = (struct query_value){.kind = QUERY_WORK};
	if (word_is(call->name, call->len, "Workplane")) {
		if (plane)
			out->plane = plane->plane;
		else
			rc = take_named_plane(q, call, &out->plane);
	} else if (word_is(call->name, call->len, "Plane")) {
		out->kind = QUERY_PLANE;
		rc = take_plane(q, call, &out->plane);
	} else if (word_is(call->name, call->len, "Vector")) {
		out->kind = QUERY_TUPLE;
		out->numbers = 3;
		for (int i = 0; i < 3 && rc == 0; i++)
			rc = take_number(q, call, i, "x, y, z", &out->number[i]);
	} else {
		return reader_error(&q->r, call->name, "'%.*s' is none of Workplane, Plane, Vector",
				    (int)call->len, call->name);
	}
	return rc < 0 ? -1 : query_taken(q, call);
}

/* --- curves ----------------------------------------------------------------------------------- */

static int add_curve(struct query *q, struct query_value *v, struct deepcad_curve curve,
		     const char *where)
{
	struct query_curve *c;

	if (deepcad_distance(curve.start, curve.end) <= DEEPCAD_LENGTH_MIN)
		return reader_error(&q->r, where, "a curve of no length");
	if (v->chain && v->chain->count >= DEEPCAD_CURVES_MAX)
		return reader_error(&q->r, where, "more than %d curves", DEEPCAD_CURVES_MAX);
	if (query_count(q, 1) < 0)
		return -1;
	c = ARENA_NEW(q->arena, struct query_curve, 1);
	curve.normal = v->plane.z;
	*c = (struct query_curve){v->chain, curve, v->chain ? v->chain->count + 1 : 1};
	v->chain = c;
	v->at = curve.end;
	return 0;
}

static int add_line(struct query *q, struct query_value *v, struct vec from, struct vec to,
		    const char *where)
{
	return add_curve(q, v,
			 (struct deepcad_curve){.kind = DEEPCAD_LINE, .start = from, .end = to},
			 where);
}

static int add_arc(struct query *q, struct query_value *v, struct vec from, struct vec middle,
		   struct vec to, const char *where)
{
	struct deepcad_curve c = {.start = from, .end = to};

	if (deepcad_curve_arc(&c, middle) < 0)
		return reader_error(&q->r, where, "an arc whose three points lie in one line");
	return add_curve(q, v, c, where);
}

static struct box curves_box(const struct deepcad_loop *loop)
{
	struct box all = deepcad_curve_box(&loop->curves[0]);

	for (int i = 1; i < loop->count; i++) {
		struct box b = deepcad_curve_box(&loop->curves[i]);

		all = (struct box){min2(all.x0, b.x0), min2(all.y0, b.y0), max2(all.x1, b.x1),
				   max2(all.y1, b.y1)};
	}
	return all;
}

static int add_loop(struct query *q, struct query_value *v, const struct deepcad_loop *loop,
		    bool is_hole, const char *where)
{
	struct query_loop *l;

	if (v->loops && v->loops->count >= DEEPCAD_CURVES_MAX)
		return reader_error(&q->r, where, "more than %d loops", DEEPCAD_CURVES_MAX);
	if (query_count(q, 1) < 0)
		return -1;
	l = ARENA_NEW(q->arena, struct query_loop, 1);
	*l = (struct query_loop){.before = v->loops,
				 .loop = *loop,
				 .box = curves_box(loop),
				 .is_hole = is_hole,
				 .count = v->loops ? v->loops->count + 1 : 1};
	v->loops = l;
	return 0;
}

/* The chain as a loop. */
static int end_chain(struct query *q, struct query_value *v, bool is_hole, const char *where)
{
	const struct query_curve *c = v->chain;
	struct deepcad_loop loop = {0};
	int open;

	if (!c)
		return reader_error(&q->r, where, "there is no curve to be closed");
	if (query_count(q, c->count) < 0)
		return -1;
	loop.curves = ARENA_NEW(q->arena, struct deepcad_curve, c->count);
	loop.count = c->count;
	for (; c; c = c->before)
		loop.curves[c->count - 1] = c->curve;
	if (deepcad_loop_close(&loop, &open) < 0)
		return reader_error(&q->r, where, "an open loop: no curve goes on from (%g,%g)",
				    loop.curves[open].end.x / q->unit,
				    loop.curves[open].end.y / q->unit);
	v->chain = NULL;
	return add_loop(q, v, &loop, is_hole, where);
}

static struct vec chain_start(const struct query_curve *c)
{
	while (c->before)
		c = c->before;
	return c->curve.start;
}

/* A line back to where the chain began, if it is not there. */
static int close_chain(struct query *q, struct query_value *v, const char *where)
{
	struct vec start;

	if (!v->chain)
		return reader_error(&q->r, where, "there is no curve to be closed");
	start = chain_start(v->chain);
	if (deepcad_distance(start, v->at) <= DEEPCAD_LENGTH_MIN)
		return 0;
	return add_line(q, v, v->at, start, where);
}

static int add_circle(struct query *q, struct query_value *v, struct vec centre, double radius,
		      bool is_hole, const char *where)
{
	struct deepcad_curve *c = ARENA_NEW(q->arena, struct deepcad_curve, 1);
	struct deepcad_loop loop = {.curves = c, .count = 1};
	int open;

	*c = (struct deepcad_curve){.kind = DEEPCAD_CIRCLE,
				    .centre = centre,
				    .radius = radius,
				    .start = vec(centre.x - radius, centre.y),
				    .end = vec(centre.x - radius, centre.y),
				    .sweep = 2 * M_PI,
				    .normal = v->plane.z};
	deepcad_loop_close(&loop, &open);
	return add_loop(q, v, &loop, is_hole, where);
}

static int add_rectangle(struct query *q, struct query_value *v, struct vec centre, struct vec size,
			 bool is_hole, const char *where)
{
	struct query_value drawn = *v;
	double x = size.x / 2, y = size.y / 2;
	const struct vec corners[] = {
		vec(centre.x - x, centre.y - y), vec(centre.x + x, centre.y - y),
		vec(centre.x + x, centre.y + y), vec(centre.x - x, centre.y + y)};

	drawn.chain = NULL;
	for (int i = 0; i < 4; i++)
		if (add_line(q, &drawn, corners[i], corners[(i + 1) % 4], where) < 0)
			return -1;
	if (end_chain(q, &drawn, is_hole, where) < 0)
		return -1;
	v->loops = drawn.loops;
	return 0;
}

/* --- workplanes ------------------------------------------------------------------------------- */

static int take_xy(struct query *q, struct query_call *call, struct vec *out)
{
	*out = vec(0, 0);
	if (query_take_length(q, call, 0, "x", &out->x) < 0)
		return -1;
	return query_take_length(q, call, 1, "y", &out->y);
}

static int work_move_to(struct query *q, struct query_value *v, struct query_call *call)
{
	return take_xy(q, call, &v->at);
}

static int work_line_to(struct query *q, struct query_value *v, struct query_call *call)
{
	struct vec to;

	return take_xy(q, call, &to) < 0 ? -1 : add_line(q, v, v->at, to, call->where);
}

static int work_arc(struct query *q, struct query_value *v, struct query_call *call)
{
	struct vec middle, to;

	if (query_take_point(q, call, 0, "point1", &middle) < 0 ||
	    query_take_point(q, call, 1, "point2", &to) < 0)
		return -1;
	return add_arc(q, v, v->at, middle, to, call->where);
}

static int work_close(struct query *q, struct query_value *v, struct query_call *call)
{
	if (close_chain(q, v, call->where) < 0)
		return -1;
	return end_chain(q, v, false, call->where);
}

static int work_circle(struct query *q, struct query_value *v, struct query_call *call)
{
	double radius;

	if (take_size(q, call, 0, "radius", &radius) < 0)
		return -1;
	return add_circle(q, v, v->at, radius, false, call->where);
}

static int work_rectangle(struct query *q, struct query_value *v, struct query_call *call)
{
	struct vec size;

	if (take_size(q, call, 0, "xLen", &size.x) < 0 ||
	    take_size(q, call, 1, "yLen", &size.y) < 0)
		return -1;
	return add_rectangle(q, v, v->at, size, false, call->where);
}

/* The wires of another, which GenCAD-Code draws on the same plane. */
static int work_add(struct query *q, struct query_value *v, struct query_call *call)
{
	const struct query_value *other = query_take(call, 0, "obj", QUERY_WORK);
	const struct query_loop **all;

	if (!other || !other->loops)
		return missing(q, call, "closed wires as", "obj");
	all = ARENA_NEW(q->arena, const struct query_loop *, other->loops->count);
	for (const struct query_loop *l = other->loops; l; l = l->before)
		all[l->count - 1] = l;
	for (int i = 0; i < other->loops->count; i++)
		if (add_loop(q, v, &all[i]->loop, all[i]->is_hole, call->where) < 0)
			return -1;
	return 0;
}

static int work_workplane(struct query *q, struct query_value *v, struct query_call *call)
{
	double offset;

	if (query_take_length(q, call, 0, "offset", &offset) < 0)
		return -1;
	v->plane.origin = vec3_sum(1, v->plane.origin, offset, v->plane.z);
	return 0;
}

static int work_sketch(struct query *q, struct query_value *v, struct query_call *call)
{
	(void)q, (void)call;
	*v = (struct query_value){.kind = QUERY_SKETCH, .plane = v->plane};
	return 0;
}

/* A feature of all wires. */
static int sweep(struct query *q, struct query_value *v, struct deepcad_feature *feature,
		 struct query_call *call)
{
	const struct query_value work = *v;

	return query_sweep(q, &work, feature, call->where, v);
}

static int work_extrude(struct query *q, struct query_value *v, struct query_call *call)
{
	struct deepcad_feature e = {.kind = DEEPCAD_EXTRUDE};
	const struct query_value *both = query_take(call, -1, "both", QUERY_FLAG);

	if (query_take_length(q, call, 0, "until", &e.one) < 0)
		return -1;
	if (fabs(e.one) <= DEEPCAD_LENGTH_MIN)
		return reader_error(&q->r, call->where, "an extrude of no length");
	if (both && both->number[0] != 0)
		e.extent = DEEPCAD_SYMMETRIC;
	return sweep(q, v, &e, call);
}

static int work_revolve(struct query *q, struct query_value *v, struct query_call *call)
{
	struct deepcad_feature e = {.kind = DEEPCAD_REVOLVE};

	if (take_number(q, call, 0, "angleDegrees", &e.one) < 0 ||
	    query_take_point(q, call, 1, "axisStart", &e.axis.start) < 0 ||
	    query_take_point(q, call, 2, "axisEnd", &e.axis.end) < 0)
		return -1;
	e.one *= DEGREE;
	return sweep(q, v, &e, call);
}

/* Around the plane's origin, as high to one side as to the other. */
static int work_box(struct query *q, struct query_value *v, struct query_call *call)
{
	struct deepcad_feature e = {.kind = DEEPCAD_EXTRUDE, .extent = DEEPCAD_SYMMETRIC};
	struct vec size;

	if (take_size(q, call, 0, "length", &size.x) < 0 ||
	    take_size(q, call, 1, "width", &size.y) < 0 ||
	    take_size(q, call, 2, "height", &e.one) < 0 ||
	    add_rectangle(q, v, v->at, size, false, call->where) < 0)
		return -1;
	e.one /= 2;
	return sweep(q, v, &e, call);
}

static int work_cylinder(struct query *q, struct query_value *v, struct query_call *call)
{
	struct deepcad_feature e = {.kind = DEEPCAD_EXTRUDE, .extent = DEEPCAD_SYMMETRIC};
	double radius;

	if (take_size(q, call, 0, "height", &e.one) < 0 ||
	    take_size(q, call, 1, "radius", &radius) < 0 ||
	    add_circle(q, v, v->at, radius, false, call->where) < 0)
		return -1;
	e.one /= 2;
	return sweep(q, v, &e, call);
}

/* --- sketches --------------------------------------------------------------------------------- */

/* mode='s': what is drawn is taken away. */
static int take_mode(struct query *q, struct query_call *call, bool *is_hole)
{
	const struct query_value *mode = query_take(call, -1, "mode", QUERY_TEXT);

	*is_hole = mode && strcmp(mode->text, "s") == 0;
	if (mode && !*is_hole && strcmp(mode->text, "a") != 0)
		return reader_error(&q->r, call->where, "a mode '%s', which is neither 'a' nor 's'",
				    mode->text);
	return 0;
}

static int sketch_segment(struct query *q, struct query_value *v, struct query_call *call)
{
	struct vec from = v->at, to;
	bool two = call->count > 1;

	if ((two && query_take_point(q, call, 0, "p1", &from) < 0) ||
	    query_take_point(q, call, two, "p2", &to) < 0)
		return -1;
	return add_line(q, v, from, to, call->where);
}

static int sketch_arc(struct query *q, struct query_value *v, struct query_call *call)
{
	struct vec from = v->at, middle, to;
	bool three = call->count > 2;

	if ((three && query_take_point(q, call, 0, "p1", &from) < 0) ||
	    query_take_point(q, call, three, "p2", &middle) < 0 ||
	    query_take_point(q, call, three + 1, "p3", &to) < 0)
		return -1;
	return add_arc(q, v, from, middle, to, call->where);
}

static int sketch_close(struct query *q, struct query_value *v, struct query_call *call)
{
	return close_chain(q, v, call->where);
}

static int sketch_assemble(struct query *q, struct query_value *v, struct query_call *call)
{
	bool is_hole;

	return take_mode(q, call, &is_hole) < 0 ? -1 : end_chain(q, v, is_hole, call->where);
}

static int sketch_reset(struct query *q, struct query_value *v, struct query_call *call)
{
	(void)q, (void)call;
	v->points = NULL;
	return 0;
}

static int sketch_push(struct query *q, struct query_value *v, struct query_call *call)
{
	const struct query_value *points = query_take(call, 0, "locs", QUERY_POINTS);

	if (!points)
		return missing(q, call, "points as", "locs");
	v->points = points->points;
	return 0;
}

/* A shape at each of the points that were pushed, or at the origin. */
static int put_shapes(struct query *q, struct query_value *v, struct query_call *call,
		      double radius, struct vec size)
{
	static const struct query_point origin;
	bool is_hole;

	if (take_mode(q, call, &is_hole) < 0)
		return -1;
	for (const struct query_point *p = v->points ? v->points : &origin; p; p = p->before) {
		struct vec at = vec_scale(p->at, q->unit);

		if ((radius > 0 ? add_circle(q, v, at, radius, is_hole, call->where)
				: add_rectangle(q, v, at, size, is_hole, call->where)) < 0)
			return -1;
	}
	return 0;
}

static int sketch_circle(struct query *q, struct query_value *v, struct query_call *call)
{
	double radius;

	if (take_size(q, call, 0, "r", &radius) < 0)
		return -1;
	return put_shapes(q, v, call, radius, vec(0, 0));
}

static int sketch_rectangle(struct query *q, struct query_value *v, struct query_call *call)
{
	struct vec size;

	if (take_size(q, call, 0, "w", &size.x) < 0 || take_size(q, call, 1, "h", &size.y) < 0)
		return -1;
	return put_shapes(q, v, call, 0, size);
}

/* Another sketch's faces. */
static int sketch_face(struct query *q, struct query_value *v, struct query_call *call)
{
	const struct query_value *other = query_take(call, 0, "b", QUERY_SKETCH);
	bool is_hole;

	if (!other || !other->loops)
		return missing(q, call, "a sketch with a face as", "b");
	if (take_mode(q, call, &is_hole) < 0)
		return -1;
	if (is_hole && other->loops->count > 1)
		return reader_error(&q->r, call->where,
				    "a face of several loops that is taken away");
	for (const struct query_loop *l = other->loops; l; l = l->before)
		if (add_loop(q, v, &l->loop, is_hole || l->is_hole, call->where) < 0)
			return -1;
	return 0;
}

static int sketch_finalize(struct query *q, struct query_value *v, struct query_call *call)
{
	if (!v->loops)
		return reader_error(&q->r, call->where, "a sketch without a face");
	v->kind = QUERY_WORK;
	return 0;
}

/* --- solids ----------------------------------------------------------------------------------- */

static int combine(struct query *q, struct query_value *v, struct query_call *call,
		   enum deepcad_operation operation)
{
	const struct query_value *other = query_take(call, 0, "toUnion", QUERY_SOLID), self = *v;

	other = other ? other : query_take(call, 0, "toCut", QUERY_SOLID);
	other = other ? other : query_take(call, 0, "toIntersect", QUERY_SOLID);
	if (!other)
		return missing(q, call, "another solid as", "its first");
	return query_combine(q, &self, other, operation, call->where, v);
}

static int solid_union(struct query *q, struct query_value *v, struct query_call *call)
{
	return combine(q, v, call, DEEPCAD_JOIN);
}

static int solid_cut(struct query *q, struct query_value *v, struct query_call *call)
{
	return combine(q, v, call, DEEPCAD_CUT);
}

static int solid_intersect(struct query *q, struct query_value *v, struct query_call *call)
{
	return combine(q, v, call, DEEPCAD_INTERSECT);
}

static int solid_rotate(struct query *q, struct query_value *v, struct query_call *call)
{
	const struct query_value *from = take_tuple(call, 0, "axisStartPoint", 3);
	const struct query_value *to = take_tuple(call, 1, "axisEndPoint", 3), self = *v;
	double angle;

	if (!from || !to)
		return missing(q, call, "two points in space,", "axisStartPoint, axisEndPoint");
	if (take_number(q, call, 2, "angleDegrees", &angle) < 0)
		return -1;
	return query_turn(q, &self, vec3_sum(q->unit, triple_of(from), 0, triple_of(from)),
			  vec3_sum(q->unit, triple_of(to), 0, triple_of(to)), angle * DEGREE,
			  call->where, v);
}

/* M(what it is called on, name, function): which changes the value into the next. */
#define METHODS(M)                                                                                 \
	M(WORK, "moveTo", work_move_to)                                                            \
	M(WORK, "lineTo", work_line_to)                                                            \
	M(WORK, "threePointArc", work_arc)                                                         \
	M(WORK, "close", work_close)                                                               \
	M(WORK, "circle", work_circle)                                                             \
	M(WORK, "rect", work_rectangle)                                                            \
	M(WORK, "add", work_add)                                                                   \
	M(WORK, "workplane", work_workplane)                                                       \
	M(WORK, "sketch", work_sketch)                                                             \
	M(WORK, "extrude", work_extrude)                                                           \
	M(WORK, "revolve", work_revolve)                                                           \
	M(WORK, "box", work_box)                                                                   \
	M(WORK, "cylinder", work_cylinder)                                                         \
	M(SKETCH, "segment", sketch_segment)                                                       \
	M(SKETCH, "arc", sketch_arc)                                                               \
	M(SKETCH, "close", sketch_close)                                                           \
	M(SKETCH, "assemble", sketch_assemble)                                                     \
	M(SKETCH, "reset", sketch_reset)                                                           \
	M(SKETCH, "push", sketch_push)                                                             \
	M(SKETCH, "circle", sketch_circle)                                                         \
	M(SKETCH, "rect", sketch_rectangle)                                                        \
	M(SKETCH, "face", sketch_face)                                                             \
	M(SKETCH, "finalize", sketch_finalize)                                                     \
	M(SOLID, "union", solid_union)                                                             \
	M(SOLID, "cut", solid_cut)                                                                 \
	M(SOLID, "intersect", solid_intersect)                                                     \
	M(SOLID, "rotate", solid_rotate)

static const struct {
	enum query_kind kind;
	const char *name;
	int (*run)(struct query *q, struct query_value *v, struct query_call *call);
} methods[] = {
#define M(kind, name, run) {QUERY_##kind, name, run},
	METHODS(M)
#undef M
};

int query_method(struct query *q, const struct query_value *self, struct query_call *call,
		 struct query_value *out)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
		if (methods[i].kind != self->kind ||
		    !word_is(call->name, call->len, methods[i].name))
			continue;
		*out = *self;
		return methods[i].run(q, out, call) < 0 ? -1 : query_taken(q, call);
	}
	return reader_error(&q->r, call->name, "there is no '%.*s' here", (int)call->len,
			    call->name);
}
