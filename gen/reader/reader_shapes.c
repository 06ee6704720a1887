/* SPDX-License-Identifier: MIT */
/*
 * Which numbers a primitive needs, and what each of them measures.
 *
 * Not printed, and so taken from the lines: directions along the axes, the direction of a polygon
 * with a corner straight on an axis, the ends of an arc between axes, the count of sides. Of an
 * ellipse the whole axes are printed; a radius may be printed at any of the arcs that have it.
 */
#include <config.h>

#include <math.h>

#include "gen/reader/reader.h"

#define RIGHT_ANGLE 90000

static struct wanted wanted_number(struct reader *reader, const struct outline *outline,
				   const char *name, struct err *err)
{
	return (struct wanted){.reader = reader, .outline = outline, .name = name, .err = err};
}

/* Thousandths of a degree of a direction along an axis, which is not printed. */
static int64_t implied_angle(struct vec unit)
{
	if (fabs(unit.y) < 0.5)
		return unit.x > 0 ? 0 : 2 * RIGHT_ANGLE;
	return unit.y > 0 ? RIGHT_ANGLE : 3 * RIGHT_ANGLE;
}

/* Not printed where some corner stands straight on an axis and the pitch is a whole number. */
static bool implied_polygon_angle(const struct outline *o, int64_t *value)
{
	int64_t pitch = 4 * RIGHT_ANGLE / o->sides;

	if (is_level_or_upright(o->u)) {
		*value = implied_angle(o->u);
		return true;
	}
	for (int k = 1; k < o->sides && 4 * RIGHT_ANGLE % o->sides == 0; k++) {
		struct vec corner = vec_rotate(o->u, k * 2 * M_PI / o->sides);

		if (is_level_or_upright(corner)) {
			*value = (implied_angle(corner) + 4 * RIGHT_ANGLE - k * pitch) %
				 (4 * RIGHT_ANGLE);
			return true;
		}
	}
	return false;
}

static int state_direction(struct reader *reader, const struct outline *o, struct shape *shape,
			   struct err *err)
{
	struct wanted w = wanted_number(reader, o, param_name(PARAM_ANGLE), err);
	int64_t *angle = &shape->value[PARAM_ANGLE];

	if (o->kind == SHAPE_POLYGON ? implied_polygon_angle(o, angle)
				     : is_level_or_upright(o->u)) {
		if (o->kind != SHAPE_POLYGON)
			*angle = implied_angle(o->u);
		return 0;
	}
	return reader_state_angle(&w, o->anchor, vec(1, 0), o->u, angle);
}

/* The ends of an arc: where both lie on axes, nothing is printed. */
static int state_ends(struct reader *reader, const struct outline *o, struct shape *shape,
		      struct err *err)
{
	struct wanted start = wanted_number(reader, o, param_name(PARAM_START), err);
	struct wanted sweep = wanted_number(reader, o, param_name(PARAM_SWEEP), err);
	int64_t *value = shape->value;

	if (is_level_or_upright(o->ends[0]))
		value[PARAM_START] = implied_angle(o->ends[0]);
	else if (reader_state_angle(&start, o->anchor, vec(1, 0), o->ends[0], &value[PARAM_START]) <
		 0)
		return -1;
	if (is_level_or_upright(o->ends[0]) && is_level_or_upright(o->ends[1])) {
		value[PARAM_SWEEP] =
			(implied_angle(o->ends[1]) + 4 * RIGHT_ANGLE - value[PARAM_START]) %
			(4 * RIGHT_ANGLE);
		return 0;
	}
	return reader_state_angle(&sweep, o->anchor, o->ends[0], o->ends[1], &value[PARAM_SWEEP]);
}

static struct seg arc_at(struct vec centre, double r, struct vec first, double sweep)
{
	double from = atan2(first.y, first.x);

	return (struct seg){.kind = SEG_ARC,
			    .centre = centre,
			    .rx = r,
			    .ry = r,
			    .from = from,
			    .sweep = sweep,
			    .a = vec_add(centre, vec_scale(first, r)),
			    .b = vec_add(centre, vec_polar(r, from + sweep))};
}

/* The circular arcs of an outline, or the chain circle of a polygon; returns how many. */
static int arcs_of(const struct outline *o, struct seg arcs[4])
{
	struct vec u = o->u, v = o->v, end = vec_add(o->anchor, vec_scale(u, o->length));
	double w = o->width - o->r, h = o->height - o->r;
	double corners[4][2] = {{o->r, o->r}, {w, o->r}, {w, h}, {o->r, h}};

	switch (o->kind) {
	case SHAPE_ROUNDED_RECTANGLE:
		for (int i = 0; i < 4; i++) {
			struct vec centre =
				vec_add(vec_scale(u, corners[i][0]), vec_scale(v, corners[i][1]));
			struct vec first = vec_rotate(u, (i + 2) * M_PI / 2);

			arcs[i] = arc_at(vec_add(o->anchor, centre), o->r, first, M_PI / 2);
		}
		return 4;
	case SHAPE_SLOT:
		arcs[0] = arc_at(o->anchor, o->r, v, M_PI);
		arcs[1] = arc_at(end, o->r, vec_scale(v, -1), M_PI);
		return 2;
	case SHAPE_ARC:
		arcs[0] = arc_at(o->anchor, o->r, o->ends[0], turn_from(o->ends[0], o->ends[1]));
		return 1;
	default:
		arcs[0] = arc_at(o->anchor, o->r, vec(1, 0), 2 * M_PI);
		return 1;
	}
}

static int state_positions(struct reader *reader, const struct outline *o, struct shape *shape,
			   struct err *err)
{
	struct wanted x = wanted_number(reader, o, param_name(PARAM_X), err);
	struct wanted y = wanted_number(reader, o, param_name(PARAM_Y), err);

	if (o->point_count == 0) {
		if (reader_state_position(&x, vec(1, 0), o->anchor, &shape->value[PARAM_X]) < 0)
			return -1;
		return reader_state_position(&y, vec(0, 1), o->anchor, &shape->value[PARAM_Y]);
	}
	shape->point_count = o->point_count;
	for (int i = 0; i < o->point_count; i++) {
		char name[] = "x of points[0]";

		name[12] = (char)('0' + i);
		x = wanted_number(reader, o, name, err);
		if (reader_state_position(&x, vec(1, 0), o->points[i], &shape->points[i].x) < 0)
			return -1;
		name[0] = 'y';
		y = wanted_number(reader, o, name, err);
		if (reader_state_position(&y, vec(0, 1), o->points[i], &shape->points[i].y) < 0)
			return -1;
	}
	return 0;
}

static struct span span_of_points(struct vec a, struct vec b, struct vec along)
{
	return (struct span){along, {a, a}, {b, b}};
}

/* Between the two sides of a rectangle, corners rounded by r, that lie across u. */
static struct span span_of_sides(struct vec corner, struct vec u, double size, struct vec v,
				 double depth, double r)
{
	struct vec near = vec_add(corner, vec_scale(v, r));
	struct vec far = vec_add(corner, vec_scale(v, depth - r)), over = vec_scale(u, size);

	return (struct span){u, {near, far}, {vec_add(near, over), vec_add(far, over)}};
}

static struct span span_of_size(const struct outline *o, enum param param)
{
	struct vec rx = vec_scale(o->u, o->rx), ry = vec_scale(o->v, o->ry);

	switch (param) {
	case PARAM_WIDTH:
		return span_of_sides(o->anchor, o->u, o->width, o->v, o->height, o->r);
	case PARAM_HEIGHT:
		return span_of_sides(o->anchor, o->v, o->height, o->u, o->width, o->r);
	case PARAM_RX:
		return span_of_points(vec_sub(o->anchor, rx), vec_add(o->anchor, rx), o->u);
	case PARAM_RY:
		return span_of_points(vec_sub(o->anchor, ry), vec_add(o->anchor, ry), o->v);
	default:
		return span_of_points(o->anchor, vec_add(o->anchor, vec_scale(o->u, o->length)),
				      o->u);
	}
}

static int state_size(struct reader *reader, const struct outline *o, enum param param,
		      int64_t *value, struct err *err)
{
	struct wanted w = wanted_number(reader, o, param_name(param), err);
	struct span span = span_of_size(o, param);
	int times = param == PARAM_RX || param == PARAM_RY ? 2 : 1;

	return reader_state_linear(&w, &span, times, value);
}

/* One parameter that is neither a position nor an end of an arc. */
static int state_param(struct reader *reader, const struct outline *o, enum param param,
		       struct shape *shape, struct err *err)
{
	struct wanted w = wanted_number(reader, o, param_name(param), err);
	int64_t *value = &shape->value[param];
	struct seg arcs[4];
	int n;

	switch (param) {
	case PARAM_WIDTH:
	case PARAM_HEIGHT:
	case PARAM_LENGTH:
	case PARAM_RX:
	case PARAM_RY:
		return state_size(reader, o, param, value, err);
	case PARAM_R:
		n = arcs_of(o, arcs);
		return reader_state_radius(&w, arcs, n, value);
	case PARAM_ANGLE:
		return state_direction(reader, o, shape, err);
	case PARAM_START:
		return state_ends(reader, o, shape, err);
	case PARAM_SIDES:
		*value = o->sides;
		return 0;
	default:
		return 0;
	}
}

static int check_arc_length(struct reader *reader, const struct outline *o,
			    const struct shape *shape, struct err *err)
{
	struct wanted w = wanted_number(reader, o, "arc_length", err);
	struct seg arcs[4];

	arcs_of(o, arcs);
	return reader_check_arc_length(&w, &arcs[0], shape->value[PARAM_R],
				       shape->value[PARAM_SWEEP]);
}

int reader_state_shape(struct reader *reader, const struct outline *outline, struct shape *shape,
		       struct err *err)
{
	enum param params[PARAM_COUNT_];
	int n = shape_params(outline->kind, params);

	*shape = (struct shape){.kind = outline->kind};
	if (state_positions(reader, outline, shape, err) < 0)
		return -1;
	for (int i = 0; i < n; i++)
		if (state_param(reader, outline, params[i], shape, err) < 0)
			return -1;
	if (outline->kind == SHAPE_ARC && check_arc_length(reader, outline, shape, err) < 0)
		return -1;
	return shape_check(shape, err);
}
