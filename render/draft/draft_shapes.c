/* SPDX-License-Identifier: MIT */
/*
 * The family "shapes": each shape is one outline; positions are measured from a datum at the lower
 * left.
 */
#include <config.h>

#include <math.h>

#include "formats/drawing/dimension.h"
#include "render/draft/draft_family.h"
#include "render/draft/draft_position.h"

#define SMALL_CIRCLE_MM 6.0 /* radius up to which centre lines are drawn unbroken */
#define TANGENT_MM 1.0      /* an outline this far from its tangent has left it */
#define VIEW_CHORD_MM 0.05  /* between an outline and the chords by which it is measured */
#define DEGREE (M_PI / 180)

/* A shape as it lies on the sheet. */
struct laid {
	const struct shape *shape;
	int index;
	struct vec anchor;
	double angle;    /* radians */
	struct vec u, v; /* along and across angle */
};

static double value_mm(const struct drafter *d, const struct laid *l, enum param param)
{
	return drafter_mm(d, l->shape->value[param]);
}

static double radians(int64_t thousandths)
{
	return (double)thousandths / 1000 * DEGREE;
}

static struct laid lay(const struct drafter *d, int index)
{
	const struct shape *shape = &d->scene->shapes[index];
	struct laid l = {.shape = shape, .index = index};
	struct point anchor = shape_anchor(shape);

	l.anchor =
		vec_add(d->drawing->datum, vec(drafter_mm(d, anchor.x), drafter_mm(d, anchor.y)));
	l.angle = radians(shape->value[PARAM_ANGLE]);
	l.u = vec_polar(1, l.angle);
	l.v = vec_perp(l.u);
	return l;
}

static struct path outline(const struct drafter *d, int shape)
{
	struct path path = path_from_shape(&d->scene->shapes[shape], d->arena);

	return path_place(&path, d->drawing->datum, d->drawing->scale, d->arena);
}

/* The only view is as large as all outlines are. */
static struct box outlines_box(const struct drafter *d)
{
	struct box all = {INFINITY, INFINITY, -INFINITY, -INFINITY};

	for (int i = 0; i < d->scene->shape_count; i++) {
		struct path path = outline(d, i);
		struct polyline line = polyline_from_path(&path, VIEW_CHORD_MM, d->arena);
		struct box box = box_of_points(line.points, line.count);

		all.x0 = min2(all.x0, box.x0);
		all.y0 = min2(all.y0, box.y0);
		all.x1 = max2(all.x1, box.x1);
		all.y1 = max2(all.y1, box.y1);
	}
	return all;
}

/* Where nothing is measured from the datum, the shapes lie in the middle of the field, wherever it is. */
static int place(struct drafter *d, const struct sheet_taken *taken)
{
	const struct box *f = &taken->field;
	struct vec margins = draft_position_margins(d);

	d->drawing->datum = vec_add(vec(f->x0, f->y0), margins);
	if (d->scene->dimension_count == 0) {
		struct box box = outlines_box(d);
		struct vec off = vec((f->x0 + f->x1 - box.x0 - box.x1) / 2,
				     (f->y0 + f->y1 - box.y0 - box.y1) / 2);

		d->drawing->datum = vec_add(d->drawing->datum, off);
	}
	d->drawing->view_count = 1;
	d->drawing->views[0] = (struct view){.name = "front", .origin = d->drawing->datum};
	return 0;
}

static void draw(struct drafter *d)
{
	for (int i = 0; i < d->scene->shape_count; i++) {
		struct path path = outline(d, i);

		drafter_stroke(d, &path, LAYER_OUTLINE, LINE_CONTINUOUS, i);
	}
}

static bool has_angle(const struct scene *scene, int shape, enum param param)
{
	for (int i = 0; i < scene->dimension_count; i++) {
		const struct dimension *dim = &scene->dimensions[i];

		if (dim->kind == DIM_ANGULAR && dim->shape == shape && dim->param == param)
			return true;
	}
	return false;
}

static void draw_ray(struct drafter *d, const struct laid *l, double angle, double length)
{
	drafter_line(d, l->anchor, vec_add(l->anchor, vec_polar(length, angle)), LAYER_CENTRE,
		     LINE_CONTINUOUS, l->index, DRAWING_NOBODY);
}

static void draw_arc_centre(struct drafter *d, const struct laid *l)
{
	double r = value_mm(d, l, PARAM_R), start = radians(l->shape->value[PARAM_START]);

	if (drafter_marks_centres(d))
		drafter_centre_cross(d, l->anchor, l->u, 0, 0, l->index);
	if (!has_angle(d->scene, l->index, PARAM_SWEEP))
		return;
	draw_ray(d, l, start, r);
	draw_ray(d, l, start + radians(l->shape->value[PARAM_SWEEP]), r);
}

static void draw_polygon_centre(struct drafter *d, const struct laid *l)
{
	double r = value_mm(d, l, PARAM_R);
	struct path circle = {.closed = true};

	path_add_arc(&circle, d->arena, l->anchor, r, r, 0, 0, 2 * M_PI);
	drafter_stroke(d, &circle, LAYER_CENTRE, LINE_CHAIN, l->index);
	drafter_centre_cross(d, l->anchor, vec(1, 0), r, r, l->index);
	if (has_angle(d->scene, l->index, PARAM_ANGLE))
		draw_ray(d, l, l->angle, r);
}

static void draw_slot_centre(struct drafter *d, const struct laid *l)
{
	double r = value_mm(d, l, PARAM_R);
	struct vec end = vec_add(l->anchor, vec_scale(l->u, value_mm(d, l, PARAM_LENGTH)));
	struct vec before = vec_scale(l->u, r + CENTRE_OVER_MM);
	struct vec across = vec_scale(l->v, r + CENTRE_OVER_MM);
	enum line_type type = r <= SMALL_CIRCLE_MM ? LINE_CONTINUOUS : LINE_CHAIN;

	drafter_line(d, vec_sub(l->anchor, before), vec_add(end, before), LAYER_CENTRE, LINE_CHAIN,
		     l->index, DRAWING_NOBODY);
	drafter_line(d, vec_sub(l->anchor, across), vec_add(l->anchor, across), LAYER_CENTRE, type,
		     l->index, DRAWING_NOBODY);
	drafter_line(d, vec_sub(end, across), vec_add(end, across), LAYER_CENTRE, type, l->index,
		     DRAWING_NOBODY);
}

/* Whether the shape has centre lines that reach beyond it. */
static bool has_centre_lines(const struct drafter *d, const struct laid *l)
{
	switch (l->shape->kind) {
	case SHAPE_POLYGON: /* the circle through its corners, which its radius is of, and its axes */
		return true;
	case SHAPE_CIRCLE:
	case SHAPE_ELLIPSE:
	case SHAPE_SLOT:
		return drafter_marks_centres(d);
	default:
		return false;
	}
}

static void mark(struct drafter *d)
{
	d->drawing->views[0].box = outlines_box(d);
	for (int i = 0; i < d->scene->shape_count; i++) {
		struct laid l = lay(d, i);
		double r = value_mm(d, &l, PARAM_R);
		bool marked = has_centre_lines(d, &l);

		switch (l.shape->kind) {
		case SHAPE_CIRCLE:
			if (marked)
				drafter_centre_cross(d, l.anchor, l.u, r, r, i);
			break;
		case SHAPE_ELLIPSE:
			if (marked)
				drafter_centre_cross(d, l.anchor, l.u, value_mm(d, &l, PARAM_RX),
						     value_mm(d, &l, PARAM_RY), i);
			break;
		case SHAPE_POLYGON:
			draw_polygon_centre(d, &l);
			break;
		case SHAPE_SLOT:
			if (marked)
				draw_slot_centre(d, &l);
			break;
		case SHAPE_ARC:
			draw_arc_centre(d, &l);
			break;
		default:
			break;
		}
	}
}

/* How far a shape's centre lines reach left of (x) and below (y) its anchor. */
static struct vec stub_of(const struct drafter *d, const struct laid *l)
{
	bool level = l->shape->value[PARAM_ANGLE] % 90000 == 0;
	bool upright = level && l->shape->value[PARAM_ANGLE] % 180000 != 0;
	double a = value_mm(d, l, PARAM_R), b = a;

	switch (l->shape->kind) {
	case SHAPE_ELLIPSE:
		a = value_mm(d, l, PARAM_RX);
		b = value_mm(d, l, PARAM_RY);
		break;
	case SHAPE_POLYGON:
		level = true;
		upright = false;
		break;
	default:
		break;
	}
	if (!level || !has_centre_lines(d, l))
		return vec(0, 0);
	a += CENTRE_OVER_MM;
	b += CENTRE_OVER_MM;
	return upright ? vec(b, a) : vec(a, b);
}

/* Extension lines of running dimensions begin behind the centre mark. */
static int rows(struct drafter *d)
{
	const struct scene *scene = d->scene;
	double *starts;

	if (scene->arrangement != ARRANGE_RUNNING)
		return 0;
	starts = ARENA_NEW(d->arena, double, scene->dimension_count);
	for (int i = 0; i < scene->dimension_count; i++) {
		const struct dimension *dim = &scene->dimensions[i];
		struct laid l = lay(d, dim->shape);
		struct vec at = l.anchor, stub = stub_of(d, &l);

		if (dim->param == PARAM_POINTS) {
			struct point p = l.shape->points[dim->point];

			at = vec_add(d->drawing->datum,
				     vec(drafter_mm(d, p.x), drafter_mm(d, p.y)));
		}
		at = vec_sub(vec_sub(at, stub), d->drawing->datum);
		starts[i] = dim->kind == DIM_POSITION_X ? at.y : at.x;
	}
	return draft_running(d, starts);
}

/* Both ends of a linear dimension moved out by `stub` to either side, the figure reaching `reach`. */
static struct linear_spec linear_between(struct vec a, struct vec b, struct vec along, double stub,
					 double reach)
{
	struct vec out = vec_scale(vec_perp(along), stub);
	struct linear_spec spec = {.along = along};

	spec.from[0][0] = vec_add(a, out);
	spec.from[0][1] = vec_add(b, out);
	spec.from[1][0] = vec_sub(a, out);
	spec.from[1][1] = vec_sub(b, out);
	spec.reach[0] = spec.reach[1] = reach - stub;
	return spec;
}

/* A rectangle's side `size` along u; `depth` across it, its corners rounded by r. */
static struct linear_spec linear_side(struct vec corner, struct vec u, struct vec v, double size,
				      double depth, double r)
{
	struct linear_spec spec = {.along = u, .reach = {r, r}};
	struct vec far = vec_add(corner, vec_scale(v, depth - r));
	struct vec near = vec_add(corner, vec_scale(v, r));
	bool v_is_left = vec_dot(v, vec_perp(u)) > 0;
	int top = v_is_left ? 0 : 1;

	spec.from[top][0] = far;
	spec.from[top][1] = vec_add(far, vec_scale(u, size));
	spec.from[!top][0] = near;
	spec.from[!top][1] = vec_add(near, vec_scale(u, size));
	return spec;
}

static void measure_linear(const struct drafter *d, const struct laid *l, enum param param,
			   struct measure *m)
{
	double size = value_mm(d, l, param), r = value_mm(d, l, PARAM_R);
	struct vec end = vec_add(l->anchor, vec_scale(l->u, size));
	double w = value_mm(d, l, PARAM_WIDTH), h = value_mm(d, l, PARAM_HEIGHT);
	struct linear_spec *spec = &m->linear;

	m->kind = MEASURE_LINEAR;
	switch (l->shape->kind) {
	case SHAPE_RECTANGLE:
	case SHAPE_ROUNDED_RECTANGLE:
		*spec = param == PARAM_WIDTH ? linear_side(l->anchor, l->u, l->v, size, h, r)
					     : linear_side(l->anchor, l->v, l->u, size, w, r);
		break;
	case SHAPE_ELLIPSE: {
		struct vec along = param == PARAM_RX ? l->u : l->v;
		struct vec half = vec_scale(along, size);
		double across = value_mm(d, l, param == PARAM_RX ? PARAM_RY : PARAM_RX);
		double rest = 1 - TANGENT_MM / size;

		*spec = linear_between(vec_sub(l->anchor, half), vec_add(l->anchor, half), along, 0,
				       across);
		spec->skip_mm = rest > 0 ? across * sqrt(1 - rest * rest) : across;
		break;
	}
	case SHAPE_SLOT:
		*spec = linear_between(l->anchor, end, l->u,
				       drafter_marks_centres(d) ? r + CENTRE_OVER_MM : 0, r);
		break;
	default:
		*spec = linear_between(l->anchor, end, l->u, 0, 0);
		break;
	}
}

static void measure_radial(const struct drafter *d, const struct laid *l, bool diameter,
			   struct measure *m)
{
	double r = value_mm(d, l, PARAM_R), length = value_mm(d, l, PARAM_LENGTH);
	double w = value_mm(d, l, PARAM_WIDTH), h = value_mm(d, l, PARAM_HEIGHT);
	struct radial_spec *spec = &m->radial;
	struct vec first = l->anchor, second = vec_add(first, vec_scale(l->u, length));
	double corners[4][2] = {{r, r}, {w - r, r}, {w - r, h - r}, {r, h - r}};

	m->kind = MEASURE_RADIAL;
	*spec = (struct radial_spec){.diameter = diameter};
	switch (l->shape->kind) {
	case SHAPE_ROUNDED_RECTANGLE:
		for (int i = 0; i < 4; i++) {
			struct vec centre =
				vec_add(l->anchor, vec_add(vec_scale(l->u, corners[i][0]),
							   vec_scale(l->v, corners[i][1])));

			spec->arcs[spec->count++] = (struct proposal_arc){
				centre, r, l->angle + M_PI + i * M_PI / 2, M_PI / 2};
		}
		break;
	case SHAPE_SLOT:
		spec->arcs[0] = (struct proposal_arc){first, r, l->angle + M_PI / 2, M_PI};
		spec->arcs[1] = (struct proposal_arc){second, r, l->angle - M_PI / 2, M_PI};
		spec->count = 2;
		break;
	case SHAPE_ARC:
		spec->arcs[0] =
			(struct proposal_arc){first, r, radians(l->shape->value[PARAM_START]),
					      radians(l->shape->value[PARAM_SWEEP])};
		spec->count = 1;
		break;
	default:
		spec->arcs[0] = (struct proposal_arc){first, r, 0, 2 * M_PI};
		spec->count = 1;
		break;
	}
}

static void measure_angular(const struct drafter *d, const struct laid *l, enum param param,
			    struct measure *m)
{
	double r = value_mm(d, l, PARAM_R);
	struct angular_spec *spec = &m->angular;

	m->kind = MEASURE_ANGULAR;
	*spec = (struct angular_spec){.vertex = l->anchor,
				      .sweep = radians(l->shape->value[param])};
	switch (l->shape->kind) {
	case SHAPE_RECTANGLE:
	case SHAPE_ROUNDED_RECTANGLE:
		spec->drawn[1] = value_mm(d, l, PARAM_WIDTH);
		break;
	case SHAPE_LINE:
		spec->drawn[1] = value_mm(d, l, PARAM_LENGTH);
		break;
	case SHAPE_ELLIPSE:
		if (drafter_marks_centres(d))
			spec->drawn[1] = value_mm(d, l, PARAM_RX) + CENTRE_OVER_MM;
		break;
	case SHAPE_SLOT:
		if (drafter_marks_centres(d))
			spec->drawn[1] = value_mm(d, l, PARAM_LENGTH) + r + CENTRE_OVER_MM;
		break;
	case SHAPE_POLYGON:
		spec->drawn[0] = r + CENTRE_OVER_MM;
		spec->drawn[1] = r;
		break;
	case SHAPE_ARC:
		spec->from = param == PARAM_SWEEP ? radians(l->shape->value[PARAM_START]) : 0;
		spec->outline_radius = r;
		spec->drawn[0] = param == PARAM_SWEEP ? r : 0;
		spec->drawn[1] = r;
		break;
	default:
		break;
	}
}

static void measure_arc_length(const struct drafter *d, const struct laid *l, struct measure *m)
{
	double r = value_mm(d, l, PARAM_R);
	double rays = has_angle(d->scene, l->index, PARAM_SWEEP) ? r : 0;

	m->kind = MEASURE_ANGULAR;
	m->angular = (struct angular_spec){.vertex = l->anchor,
					   .from = radians(l->shape->value[PARAM_START]),
					   .sweep = radians(l->shape->value[PARAM_SWEEP]),
					   .drawn = {rays, rays},
					   .outline_radius = r,
					   .beside_outline = true};
}

/* The farthest of the features at the same coordinate, where the extension line begins. */
static double farthest_start(const struct drafter *d, const struct dimension *dim, bool is_x)
{
	int64_t value = dimension_value(d->scene, dim);
	double farthest = 0;

	for (int i = 0; i < d->scene->dimension_count; i++) {
		const struct dimension *other = &d->scene->dimensions[i];
		struct feature to = {other->shape, other->param, other->point};
		struct vec stub;
		struct laid l;

		if (other->kind != dim->kind || dimension_value(d->scene, other) != value)
			continue;
		l = lay(d, other->shape);
		stub = stub_of(d, &l);
		if (to.param != PARAM_POINTS)
			to.param = is_x ? PARAM_Y : PARAM_X;
		farthest = max2(farthest, drafter_mm(d, scene_coordinate(d->scene, &to, !is_x)) -
						  (is_x ? stub.y : stub.x));
	}
	return farthest;
}

/* From the datum, below or left of the view. */
static void measure_position(struct drafter *d, int dimension, struct measure *m)
{
	const struct dimension *dim = &d->scene->dimensions[dimension];
	bool is_x = dim->kind == DIM_POSITION_X;
	double s = drafter_mm(d, dimension_value(d->scene, dim));
	double start = farthest_start(d, dim, is_x);
	struct vec datum = d->drawing->datum;
	int side = is_x ? 1 : 0; /* right of x is below, left of y is left */

	if (d->scene->arrangement == ARRANGE_RUNNING || drafter_is_repeated(d, dimension))
		return;
	m->kind = MEASURE_LINEAR;
	m->linear = (struct linear_spec){.along = is_x ? vec(1, 0) : vec(0, 1), .in_rows = true};
	m->linear.cost[!side] = INFINITY;
	m->linear.from[side][0] =
		vec_add(datum, is_x ? vec(0, DATUM_RIM_MM) : vec(DATUM_RIM_MM, 0));
	m->linear.from[side][1] = vec_add(datum, is_x ? vec(s, start) : vec(start, s));
	m->linear.reach[side] = DATUM_RIM_MM;
}

static void measure(struct drafter *d, int dimension, struct measure *m)
{
	const struct dimension *dim = &d->scene->dimensions[dimension];
	struct laid l = lay(d, dim->shape);

	m->kind = MEASURE_NOTHING;
	switch (dim->kind) {
	case DIM_LEVEL:
	case DIM_UPRIGHT:
	case DIM_ALIGNED:
		measure_linear(d, &l, dim->param, m);
		break;
	case DIM_RADIUS:
	case DIM_DIAMETER:
		measure_radial(d, &l, dim->kind == DIM_DIAMETER, m);
		break;
	case DIM_ANGULAR:
		measure_angular(d, &l, dim->param, m);
		break;
	case DIM_ARC_LENGTH:
		measure_arc_length(d, &l, m);
		break;
	case DIM_POSITION_X:
	case DIM_POSITION_Y:
		measure_position(d, dimension, m);
		break;
	default:
		break;
	}
}

const struct draft_family draft_shapes = {place, draw, mark, measure, rows, NULL};
