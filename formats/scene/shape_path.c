/* SPDX-License-Identifier: MIT */
/*
 * The outlines of the primitives as paths in millimetres.
 *
 * Each primitive is built in a frame of its own, origin at (x, y) and first axis along its angle,
 * and every point goes through frame_point. Multiples of a right angle turn exactly, without the
 * 6e-17 that cos(pi / 2) leaves, so a level line stays level to the last bit. Closed outlines run
 * counter-clockwise.
 */
#include <config.h>

#include "formats/scene/shape.h"

#include <math.h>

struct frame {
	struct vec origin; /* mm */
	struct vec axis;   /* unit vector */
	double angle_rad;
};

static double mm(int64_t um)
{
	return (double)um / 1000.0;
}

static double rad(int64_t millidegrees)
{
	return (double)millidegrees * (M_PI / 180000.0);
}

static struct vec direction(int64_t millidegrees)
{
	static const struct vec quarter[4] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};

	if (millidegrees % 90000 == 0)
		return quarter[millidegrees / 90000 % 4];
	return vec(cos(rad(millidegrees)), sin(rad(millidegrees)));
}

static struct frame frame_of(const struct shape *shape)
{
	struct frame f;

	f.origin = vec(mm(shape->value[PARAM_X]), mm(shape->value[PARAM_Y]));
	f.axis = direction(shape->value[PARAM_ANGLE]);
	f.angle_rad = rad(shape->value[PARAM_ANGLE]);
	return f;
}

static struct vec frame_point(const struct frame *f, double x, double y)
{
	struct vec turned = vec_add(vec_scale(f->axis, x), vec_scale(vec_perp(f->axis), y));

	return vec_add(f->origin, turned);
}

/* A line in the frame; one without length is left out. */
static void add_line(struct path *path, struct arena *arena, const struct frame *f, struct vec a,
		     struct vec b)
{
	if (a.x == b.x && a.y == b.y)
		return;
	path_add_line(path, arena, frame_point(f, a.x, a.y), frame_point(f, b.x, b.y));
}

/* A circular arc in the frame, its angles counted from the frame's axis. */
static void add_arc(struct path *path, struct arena *arena, const struct frame *f,
		    struct vec centre, double r, double from, double sweep)
{
	path_add_arc(path, arena, frame_point(f, centre.x, centre.y), r, r, f->angle_rad, from,
		     sweep);
}

static void add_rectangle(struct path *path, struct arena *arena, const struct frame *f, double w,
			  double h)
{
	const struct vec corner[4] = {{0, 0}, {w, 0}, {w, h}, {0, h}};

	for (int i = 0; i < 4; i++)
		add_line(path, arena, f, corner[i], corner[(i + 1) % 4]);
}

/* Four times an edge, then the quarter of a circle after it. The ends are computed in um, where
 * width - r is exact: an edge of no length shows as equal numbers. */
static void add_rounded_rectangle(struct path *path, struct arena *arena, const struct frame *f,
				  const struct shape *shape)
{
	double r = mm(shape->value[PARAM_R]);
	double w = mm(shape->value[PARAM_WIDTH]), h = mm(shape->value[PARAM_HEIGHT]);
	double right = mm(shape->value[PARAM_WIDTH] - shape->value[PARAM_R]);
	double top = mm(shape->value[PARAM_HEIGHT] - shape->value[PARAM_R]);
	const struct vec edge[4][2] = {
		{{r, 0}, {right, 0}},
		{{w, r}, {w, top}},
		{{right, h}, {r, h}},
		{{0, top}, {0, r}},
	};
	const struct vec centre[4] = {{right, r}, {right, top}, {r, top}, {r, r}};

	for (int i = 0; i < 4; i++) {
		add_line(path, arena, f, edge[i][0], edge[i][1]);
		add_arc(path, arena, f, centre[i], r, (i - 1) * M_PI_2, M_PI_2);
	}
}

static void add_slot(struct path *path, struct arena *arena, const struct frame *f, double length,
		     double r)
{
	add_line(path, arena, f, vec(0, -r), vec(length, -r));
	add_arc(path, arena, f, vec(length, 0), r, -M_PI_2, M_PI);
	add_line(path, arena, f, vec(length, r), vec(0, r));
	add_arc(path, arena, f, vec(0, 0), r, M_PI_2, M_PI);
}

static struct vec polygon_corner(const struct shape *shape, int64_t k)
{
	int64_t sides = shape->value[PARAM_SIDES], turn = k * 360000;
	struct vec centre = vec(mm(shape->value[PARAM_X]), mm(shape->value[PARAM_Y]));
	struct vec dir;

	if (turn % sides == 0) {
		dir = direction(shape->value[PARAM_ANGLE] + turn / sides);
	} else {
		double a = rad(shape->value[PARAM_ANGLE]) + 2 * M_PI * (double)k / (double)sides;

		dir = vec(cos(a), sin(a));
	}
	return vec_add(centre, vec_scale(dir, mm(shape->value[PARAM_R])));
}

static void add_polygon(struct path *path, struct arena *arena, const struct shape *shape)
{
	int64_t sides = shape->value[PARAM_SIDES];

	for (int64_t k = 0; k < sides; k++)
		path_add_line(path, arena, polygon_corner(shape, k),
			      polygon_corner(shape, (k + 1) % sides));
}

static void add_points(struct path *path, struct arena *arena, const struct shape *shape,
		       bool closed)
{
	int n = shape->point_count;

	for (int i = 0; i < n - !closed; i++) {
		struct point a = shape->points[i], b = shape->points[(i + 1) % n];

		path_add_line(path, arena, vec(mm(a.x), mm(a.y)), vec(mm(b.x), mm(b.y)));
	}
}

struct path path_from_shape(const struct shape *shape, struct arena *arena)
{
	struct path path = {0};
	struct frame f = frame_of(shape);
	const int64_t *v = shape->value;

	path.closed = true;
	switch (shape->kind) {
	case SHAPE_RECTANGLE:
		add_rectangle(&path, arena, &f, mm(v[PARAM_WIDTH]), mm(v[PARAM_HEIGHT]));
		break;
	case SHAPE_ROUNDED_RECTANGLE:
		add_rounded_rectangle(&path, arena, &f, shape);
		break;
	case SHAPE_CIRCLE:
		add_arc(&path, arena, &f, vec(0, 0), mm(v[PARAM_R]), 0, 2 * M_PI);
		break;
	case SHAPE_ELLIPSE:
		path_add_arc(&path, arena, f.origin, mm(v[PARAM_RX]), mm(v[PARAM_RY]), f.angle_rad,
			     0, 2 * M_PI);
		break;
	case SHAPE_ARC:
		add_arc(&path, arena, &f, vec(0, 0), mm(v[PARAM_R]), rad(v[PARAM_START]),
			rad(v[PARAM_SWEEP]));
		path.closed = false;
		break;
	case SHAPE_LINE:
		add_line(&path, arena, &f, vec(0, 0), vec(mm(v[PARAM_LENGTH]), 0));
		path.closed = false;
		break;
	case SHAPE_POLYLINE:
		add_points(&path, arena, shape, false);
		path.closed = false;
		break;
	case SHAPE_POLYGON:
		add_polygon(&path, arena, shape);
		break;
	case SHAPE_SLOT:
		add_slot(&path, arena, &f, mm(v[PARAM_LENGTH]), mm(v[PARAM_R]));
		break;
	case SHAPE_TRIANGLE:
	case SHAPE_PROFILE:
		add_points(&path, arena, shape, true);
		break;
	case SHAPE_DISC:
	case SHAPE_HOLE:
	case SHAPE_COUNTERBORE:
	case SHAPE_TAPPED_HOLE:
		add_arc(&path, arena, &f, vec(0, 0), mm(v[PARAM_D]) / 2, 0, 2 * M_PI);
		break;
	default:
		break;
	}
	return path;
}
