/* SPDX-License-Identifier: MIT */
/*
 * Points go on the grid first, and curves between them after: so loops stay closed. What is left of a line
 * or an arc without length is nothing; an arc that has become straight is a line.
 */
#include <config.h>

#include <math.h>

#include "formats/cad/cad_code_private.h"
#include "formats/solid/deepcad_private.h"

#define AXIS_SLACK 1e-6 /* of a unit vector along an axis */
#define TURN_SLACK 1e-6 /* radians: what is nearer to a full turn is a circle */
#define HALF_TURN 1e-3 /* by how much a half circle may be too wide for its radius, of the square */
#define AXIS_NOISE 1e-12
#define STRAIGHT 1e-9 /* of the square of an arc's chord */

struct maker {
	const struct code_frame *frame;
	struct arena *arena;
	struct err *err;
	const char *word; /* for messages: "extrude" 1 */
	int feature;
};

static double rounded(double v, double grid)
{
	return grid > 0 ? rint(v / grid) * grid : v;
}

static double on_grid(const struct maker *m, double v)
{
	return rounded(v, m->frame->grid);
}

static struct vec point_on_grid(const struct maker *m, struct vec v)
{
	return vec(on_grid(m, v.x), on_grid(m, v.y));
}

/* --- planes --------------------------------------------------------------------------------- */

static bool is_along(struct vec3 v, struct vec3 axis)
{
	return fabs(fabs(vec3_dot(v, axis)) - 1) < AXIS_SLACK;
}

/* The plane of that name which lies as this one does; false where none does. */
static bool named_plane(struct deepcad_plane *out, const struct deepcad_plane *plane)
{
	static const struct vec3 axes[] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};

	for (int i = 0; i < 3; i++) {
		if (!is_along(plane->z, axes[i]))
			continue;
		*out = (struct deepcad_plane){plane->origin, axes[(i + 1) % 3], axes[(i + 2) % 3],
					      axes[i]};
		return true;
	}
	return false;
}

/* The same for canonical frames: that of the front is seen from there. */
static bool canonical_plane(struct deepcad_plane *out, const struct deepcad_plane *plane)
{
	if (!named_plane(out, plane))
		return false;
	if (out->z.y == 1)
		*out = (struct deepcad_plane){out->origin, {1, 0, 0}, {0, 0, 1}, {0, -1, 0}};
	return true;
}

/* From a sketch to its region: where points come to. */
struct way {
	const struct deepcad_plane *from, *to;
	double scale;
	struct vec shift; /* behind the scale */
};

static struct vec go(const struct way *way, struct vec p)
{
	struct vec3 at = vec3_sum(p.x * way->scale, way->from->x, p.y * way->scale, way->from->y);

	if (way->from == way->to)
		return vec_scale(p, way->scale);
	return vec_add(vec(vec3_dot(at, way->to->x), vec3_dot(at, way->to->y)), way->shift);
}

/* --- loops ---------------------------------------------------------------------------------- */

static bool is_circle(const struct deepcad_curve *c)
{
	return c->kind == DEEPCAD_CIRCLE || fabs(c->sweep) > 2 * M_PI - TURN_SLACK;
}

static bool is_straight(const struct code_curve *c)
{
	struct vec chord = vec_sub(c->end, c->start), half = vec_sub(c->middle, c->start);

	return fabs(vec_cross(chord, half)) <= STRAIGHT * vec_dot(chord, chord);
}

static void make_circle(const struct maker *m, const struct way *way, struct code_loop *loop,
			const struct deepcad_curve *from)
{
	struct code_curve *c = &loop->curves[loop->count++];

	c->kind = DEEPCAD_CIRCLE;
	c->middle = point_on_grid(m, go(way, from->centre));
	c->radius = max2(on_grid(m, from->radius * way->scale), m->frame->grid);
	c->start = c->end = vec(c->middle.x - c->radius, c->middle.y);
}

/* Halfway along the arc between the curve's ends that has its radius on the grid, on the side where the middle
 * is; that middle where there is none. */
static struct vec middle_of(const struct maker *m, const struct code_curve *c, double radius)
{
	struct vec chord = vec_sub(c->end, c->start), half = vec_scale(chord, 0.5);
	struct vec way = vec_sub(c->middle, vec_add(c->start, half));
	double length = vec_length(way), square = vec_dot(half, half), rise, r;

	r = max2(on_grid(m, radius), m->frame->grid);
	if (square > r * r * (1 + HALF_TURN))
		return c->middle;
	rise = sqrt(max2(0, r * r - square));
	rise = length > r ? r + rise : r - rise;
	if (!(rise > 0) || !(length > 0))
		return c->middle;
	way = vec_perp(vec_unit(chord));
	if (vec_cross(chord, vec_sub(c->middle, c->start)) < 0)
		way = vec_scale(way, -1);
	return vec_add(vec_add(c->start, half), vec_scale(way, rise));
}

static void add_curve(const struct maker *m, const struct way *way, struct code_loop *loop,
		      const struct deepcad_curve *from, struct vec end)
{
	struct code_curve c = {from->kind, point_on_grid(m, go(way, from->start)), end,
			       .radius = 0};

	if (c.start.x == c.end.x && c.start.y == c.end.y)
		return;
	if (c.kind == DEEPCAD_ARC) {
		c.middle = go(way, deepcad_curve_middle(from));
		if (m->frame->canonical)
			c.middle = middle_of(m, &c, from->radius * way->scale);
		c.middle = vec(rounded(c.middle.x, m->frame->fine),
			       rounded(c.middle.y, m->frame->fine));
		if (is_straight(&c))
			c.kind = DEEPCAD_LINE;
	}
	loop->curves[loop->count++] = c;
}

/* Of the chain and of what lies between chords and middles of arcs. */
static double area_of(const struct code_loop *loop)
{
	struct vec first = loop->curves[0].start;
	double area = 0;

	for (int i = 0; i < loop->count; i++) {
		const struct code_curve *c = &loop->curves[i];
		struct vec a = vec_sub(c->start, first), b = vec_sub(c->end, first);

		area += vec_cross(a, b);
		if (c->kind == DEEPCAD_ARC)
			area += vec_cross(vec_sub(c->middle, c->start), vec_sub(c->end, c->middle));
	}
	return area;
}

static bool encloses(const struct code_loop *loop)
{
	return loop->curves[0].kind == DEEPCAD_CIRCLE || (loop->count > 1 && area_of(loop) != 0);
}

static int make_loop(const struct maker *m, const struct way *way, struct code_loop *loop,
		     const struct deepcad_loop *from)
{
	loop->curves = ARENA_NEW(m->arena, struct code_curve, from->count);
	for (int i = 0; i < from->count; i++) {
		const struct deepcad_curve *next = &from->curves[(i + 1) % from->count];

		if (is_circle(&from->curves[i]))
			make_circle(m, way, loop, &from->curves[i]);
		else
			add_curve(m, way, loop, &from->curves[i],
				  point_on_grid(m, go(way, next->start)));
	}
	if (loop->count > 0 && encloses(loop))
		return 0;
	return err_set(m->err, ERR_LIMIT, "%s %d: a loop vanishes on a grid of %g", m->word,
		       m->feature, m->frame->grid);
}

/* --- canonical order ------------------------------------------------------------------------ */

static bool is_before(struct vec a, struct vec b)
{
	return a.x < b.x || (a.x == b.x && a.y < b.y);
}

static void turn_round(struct code_loop *loop)
{
	for (int i = 0; i < loop->count; i++) {
		struct code_curve *c = &loop->curves[i];
		struct vec start = c->start;

		c->start = c->end;
		c->end = start;
	}
	for (int i = 0, k = loop->count - 1; i < k; i++, k--) {
		struct code_curve c = loop->curves[i];

		loop->curves[i] = loop->curves[k];
		loop->curves[k] = c;
	}
}

/* Counter-clockwise from the first of its points. */
static void order_loop(const struct maker *m, struct code_loop *loop)
{
	struct code_curve *turned;
	int first = 0;

	if (loop->curves[0].kind == DEEPCAD_CIRCLE)
		return;
	if (area_of(loop) < 0)
		turn_round(loop);
	for (int i = 1; i < loop->count; i++)
		if (is_before(loop->curves[i].start, loop->curves[first].start))
			first = i;
	turned = ARENA_NEW(m->arena, struct code_curve, loop->count);
	for (int i = 0; i < loop->count; i++)
		turned[i] = loop->curves[(first + i) % loop->count];
	loop->curves = turned;
}

/* The outer loop stays the first. */
static void order_loops(const struct maker *m, struct code_region *r)
{
	for (int i = 0; i < r->count; i++)
		order_loop(m, &r->loops[i]);
	for (int i = 2; i < r->count; i++)
		for (int k = i; k > 1 && is_before(r->loops[k].curves[0].start,
						   r->loops[k - 1].curves[0].start);
		     k--) {
			struct code_loop loop = r->loops[k];

			r->loops[k] = r->loops[k - 1];
			r->loops[k - 1] = loop;
		}
}

static void order_regions(struct code_feature *e)
{
	for (int i = 1; i < e->count; i++)
		for (int k = i; k > 0 && is_before(e->regions[k].loops[0].curves[0].start,
						   e->regions[k - 1].loops[0].curves[0].start);
		     k--) {
			struct code_region r = e->regions[k];

			e->regions[k] = e->regions[k - 1];
			e->regions[k - 1] = r;
		}
}

/* --- regions -------------------------------------------------------------------------------- */

static void set_box(struct code_region *r, const struct way *way, const struct deepcad_loop *outer)
{
	for (int i = 0; i < outer->count; i++) {
		struct box b = deepcad_curve_box(&outer->curves[i]);

		if (i == 0)
			r->box = b;
		r->box.x0 = min2(r->box.x0, b.x0);
		r->box.y0 = min2(r->box.y0, b.y0);
		r->box.x1 = max2(r->box.x1, b.x1);
		r->box.y1 = max2(r->box.y1, b.y1);
	}
	r->box.x0 *= way->scale;
	r->box.y0 *= way->scale;
	r->box.x1 *= way->scale;
	r->box.y1 *= way->scale;
}

/* Heights about the extrude's start. */
static void set_heights(const struct maker *m, struct code_region *r,
			const struct deepcad_feature *e, double sense)
{
	double scale = m->frame->scale, lo, hi;

	deepcad_heights(e, &lo, &hi);
	lo = (lo - e->offset) * scale;
	hi = (hi - e->offset) * scale;
	r->lo = sense > 0 ? lo : -hi;
	r->hi = sense > 0 ? hi : -lo;
}

static struct vec3 origin_on_grid(const struct maker *m, struct vec3 v)
{
	return (struct vec3){on_grid(m, v.x), on_grid(m, v.y), on_grid(m, v.z)};
}

static void place(const struct maker *m, struct code_region *r, enum deepcad_extent extent,
		  double offset)
{
	const struct code_frame *f = m->frame;
	struct vec3 at = vec3_sum(1, r->plane.origin, -1, f->centre);

	at = vec3_sum(f->scale, at, offset * f->scale, r->plane.z);
	if (r->lo < 0 && (f->canonical || (r->hi > 0 && !(f->extents >> extent & 1)))) {
		at = vec3_sum(1, at, r->lo, r->plane.z);
		r->hi -= r->lo;
		r->lo = 0;
	}
	r->plane.origin = at;
}

/* Something is left of every extrude. */
static void round_heights(const struct maker *m, struct code_region *r)
{
	double lo = r->lo, hi = r->hi;

	r->lo = on_grid(m, lo);
	r->hi = on_grid(m, hi);
	if (r->lo < r->hi)
		return;
	if (hi > -lo)
		r->hi = m->frame->grid;
	else
		r->lo = -m->frame->grid;
}

/* Onto the axis, on the grid as the other end of the extrude is; points say then what it said. */
static void move_origin(const struct maker *m, struct code_region *r, struct way *way)
{
	struct vec3 at = r->plane.origin, axis = r->plane.z;
	double low = vec3_dot(at, axis), end = on_grid(m, low + r->hi);

	low = on_grid(m, low);
	way->shift = vec(vec3_dot(at, r->plane.x), vec3_dot(at, r->plane.y));
	r->plane.origin = vec3_sum(low, axis, 0, axis);
	r->hi = end - low;
}

/* --- axes ----------------------------------------------------------------------------------- */

/* Of an axis that says nothing beside its line, as drawings show it. */
static void make_canonical(struct code_region *r)
{
	bool back = r->axis.x < 0 || (r->axis.x == 0 && r->axis.y < 0);
	double lo = r->lo;

	r->axis_at = vec_sub(r->axis_at, vec_scale(r->axis, vec_dot(r->axis_at, r->axis)));
	if (!back)
		return;
	r->axis = vec_scale(r->axis, -1);
	r->lo = -r->hi;
	r->hi = -lo;
}

static double without_noise(double v)
{
	return fabs(v) < AXIS_NOISE ? 0 : fabs(fabs(v) - 1) < AXIS_NOISE ? rint(v) : v;
}

static int make_axis(const struct maker *m, struct code_region *r, const struct way *way,
		     const struct deepcad_feature *e, int region)
{
	struct deepcad_axis axis;
	struct vec end;

	deepcad_axis_at(e, region, &axis);
	deepcad_angles(e, &r->lo, &r->hi);
	r->axis_at = go(way, axis.start);
	end = go(way, axis.end);
	r->axis = vec_unit(vec_sub(end, r->axis_at));
	r->axis = vec(without_noise(r->axis.x), without_noise(r->axis.y));
	if (m->frame->along_axes && r->axis.x != 0 && r->axis.y != 0)
		return err_set(m->err, ERR_UNSUPPORTED,
			       "%s %d: an axis that is along none of the plane's", m->word,
			       m->feature);
	if (m->frame->canonical)
		make_canonical(r);
	if (code_is_whole(r)) {
		r->lo = 0;
		r->hi = 2 * M_PI;
	}
	r->axis_at = point_on_grid(m, r->axis_at);
	return 0;
}

/* --- features ------------------------------------------------------------------------------- */

static int make_region(const struct maker *m, struct code_region *r,
		       const struct deepcad_feature *e, int region)
{
	const struct deepcad_region *from = &e->regions[region];
	const struct deepcad_plane *plane = &from->sketch->plane;
	const struct deepcad_profile *p = from->profile;
	struct deepcad_plane named;
	struct way way = {plane, plane, m->frame->scale, {0, 0}};
	double sense = 1;

	if (m->frame->along_axes || m->frame->canonical) {
		if (!(m->frame->canonical ? canonical_plane : named_plane)(&named, plane))
			return err_set(m->err, ERR_UNSUPPORTED,
				       "%s %d: a plane that is none of XY, YZ and ZX", m->word,
				       m->feature);
		way.to = &named;
		sense = vec3_dot(plane->z, named.z);
	}
	r->plane = *way.to;
	if (e->kind == DEEPCAD_EXTRUDE)
		set_heights(m, r, e, sense);
	place(m, r, e->extent, e->offset * sense);
	if (m->frame->canonical)
		move_origin(m, r, &way);
	r->plane.origin = origin_on_grid(m, r->plane.origin);
	if (e->kind == DEEPCAD_EXTRUDE)
		round_heights(m, r);
	else if (make_axis(m, r, &way, e, region) < 0)
		return -1;
	set_box(r, &way, &p->loops[p->outer]);
	r->loops = ARENA_NEW(m->arena, struct code_loop, p->count);
	for (int i = 0; i < p->count; i++) {
		int source = i == 0 ? p->outer : i <= p->outer ? i - 1 : i;

		if (make_loop(m, &way, &r->loops[r->count++], &p->loops[source]) < 0)
			return -1;
	}
	if (m->frame->canonical)
		order_loops(m, r);
	return 0;
}

int code_solid_from_model(struct code_solid *solid, const struct deepcad_model *model,
			  const struct code_frame *frame, struct arena *arena, struct err *err)
{
	struct maker m = {frame, arena, err, NULL, 0};

	*solid = (struct code_solid){ARENA_NEW(arena, struct code_feature, model->feature_count),
				     model->feature_count};
	for (int i = 0; i < model->feature_count; i++) {
		const struct deepcad_feature *from = &model->features[i];
		struct code_feature *e = &solid->features[i];

		m.word = deepcad_feature_words[from->kind];
		m.feature = i + 1;
		*e = (struct code_feature){
			.kind = from->kind,
			.regions = ARENA_NEW(arena, struct code_region, from->count),
			.count = from->count,
			.operation = i ? from->operation : DEEPCAD_NEW_BODY,
			.extent = from->extent,
			.taper_one = from->taper_one,
			.taper_two = from->taper_two};
		if (!frame->tapers && (e->taper_one != 0 || e->taper_two != 0))
			return err_set(err, ERR_UNSUPPORTED, "extrude %d: a taper", i + 1);
		if (!frame->revolves && from->kind == DEEPCAD_REVOLVE)
			return err_set(err, ERR_UNSUPPORTED,
				       "revolve %d: the language has no revolves", i + 1);
		for (int k = 0; k < from->count; k++)
			if (make_region(&m, &e->regions[k], from, k) < 0)
				return -1;
		if (frame->canonical)
			order_regions(e);
	}
	return 0;
}

/* --- scales --------------------------------------------------------------------------------- */

static int bounds_of(struct deepcad_bounds *b, const struct deepcad_model *model, struct err *err)
{
	*b = deepcad_bounds(model);
	if (b->lo.x > b->hi.x)
		return err_set(err, ERR_LIMIT, "nothing is left of the solid");
	return 0;
}

int code_scale_farthest(double *scale, const struct deepcad_model *model, double size,
			struct err *err)
{
	struct deepcad_bounds b;
	double far;

	if (bounds_of(&b, model, err) < 0)
		return -1;
	far = max2(max2(-b.lo.x, b.hi.x), max2(-b.lo.y, b.hi.y));
	far = max2(far, max2(-b.lo.z, b.hi.z));
	*scale = size / far;
	return 0;
}

int code_scale_longest(double *scale, struct vec3 *centre, const struct deepcad_model *model,
		       double size, struct err *err)
{
	struct deepcad_bounds b;

	if (bounds_of(&b, model, err) < 0)
		return -1;
	*centre = vec3_sum(0.5, b.lo, 0.5, b.hi);
	*scale = size / max2(b.hi.x - b.lo.x, max2(b.hi.y - b.lo.y, b.hi.z - b.lo.z));
	return 0;
}
