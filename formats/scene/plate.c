/* SPDX-License-Identifier: MIT */
/*
 * Corners: a fillet of radius r between edges that meet at the angle t takes r / tan(t / 2) of each;
 * with unit vectors u and v along the edges, tan(t / 2) is |u x v| / (1 + u . v), exactly 1 at square
 * corners. A chamfer takes c of each.
 *
 * Walls: every cut-out is all that is within r of a convex figure, so a wall is the distance of two
 * such figures less both radii (the sum of Minkowski; Ericson 2005, "Real-Time Collision Detection",
 * 4.4).
 */
#include <config.h>

#include <math.h>

#include "formats/scene/plate.h"

static double unit_of(int64_t thousandths)
{
	return (double)thousandths / 1000;
}

static struct vec vec_of(struct point p)
{
	return vec(unit_of(p.x), unit_of(p.y));
}

int plate_body(const struct scene *scene)
{
	for (int i = 0; i < scene->shape_count; i++)
		if (scene->shapes[i].kind == SHAPE_PROFILE || scene->shapes[i].kind == SHAPE_DISC)
			return i;
	return -1;
}

struct plate_box plate_box(const struct scene *scene)
{
	const struct shape *body = &scene->shapes[plate_body(scene)];
	const int64_t *v = body->value;
	struct plate_box box;

	/* Half of an odd diameter is no thousandth; the box is a hair smaller then. */
	if (body->kind == SHAPE_DISC)
		return (struct plate_box){v[PARAM_X] - v[PARAM_D] / 2, v[PARAM_Y] - v[PARAM_D] / 2,
					  v[PARAM_X] + v[PARAM_D] / 2, v[PARAM_Y] + v[PARAM_D] / 2};
	box = (struct plate_box){body->points[0].x, body->points[0].y, body->points[0].x,
				 body->points[0].y};
	for (int i = 1; i < body->point_count; i++) {
		struct point p = body->points[i];

		box.x0 = p.x < box.x0 ? p.x : box.x0;
		box.x1 = p.x > box.x1 ? p.x : box.x1;
		box.y0 = p.y < box.y0 ? p.y : box.y0;
		box.y1 = p.y > box.y1 ? p.y : box.y1;
	}
	return box;
}

static int cut_at(const struct scene *scene, struct point p)
{
	for (int i = 0; i < scene->shape_count; i++) {
		const struct shape *s = &scene->shapes[i];

		if ((s->kind == SHAPE_FILLET || s->kind == SHAPE_CHAMFER) &&
		    s->value[PARAM_X] == p.x && s->value[PARAM_Y] == p.y)
			return i;
	}
	return -1;
}

/* Along the edge from corner i to the next one. */
static struct vec edge_direction(const struct shape *profile, int i)
{
	int n = profile->point_count;

	return vec_unit(
		vec_sub(vec_of(profile->points[(i + 1) % n]), vec_of(profile->points[i % n])));
}

int plate_corners(const struct scene *scene, struct plate_corner out[SHAPE_POINTS_MAX])
{
	const struct shape *body = &scene->shapes[plate_body(scene)];
	int n = body->point_count;

	for (int i = 0; i < n; i++) {
		struct vec in = edge_direction(body, i + n - 1), on = edge_direction(body, i);
		double cross = vec_cross(in, on), dot = vec_dot(in, on);
		struct plate_corner *c = &out[i];

		*c = (struct plate_corner){.at = body->points[i],
					   .cut = cut_at(scene, body->points[i]),
					   .turn = atan2(cross, dot)};
		if (c->cut < 0)
			continue;
		c->setback = unit_of(scene->shapes[c->cut].value[PARAM_C]);
		if (scene->shapes[c->cut].kind == SHAPE_FILLET)
			c->setback = unit_of(scene->shapes[c->cut].value[PARAM_R]) * fabs(cross) /
				     (1 + dot);
	}
	return n;
}

/* What stands for a corner in the outline: nothing, the cut edge, or the arc from tangent point a to
 * tangent point b. */
static void add_corner(struct path *path, struct arena *arena, const struct scene *scene,
		       const struct plate_corner *c, struct vec in, struct vec a, struct vec b)
{
	struct vec side = vec_perp(in), centre;
	double r, from;

	if (c->cut < 0)
		return;
	if (scene->shapes[c->cut].kind == SHAPE_CHAMFER) {
		path_add_line(path, arena, a, b);
		return;
	}
	r = unit_of(scene->shapes[c->cut].value[PARAM_R]);
	centre = vec_add(a, vec_scale(side, c->turn > 0 ? r : -r));
	from = atan2(a.y - centre.y, a.x - centre.x);
	path_add_arc(path, arena, centre, r, r, 0, from, c->turn);
}

struct path plate_outline(const struct scene *scene, struct arena *arena)
{
	const struct shape *body = &scene->shapes[plate_body(scene)];
	struct plate_corner corners[SHAPE_POINTS_MAX];
	struct path path = {.closed = true};
	int n;

	if (body->kind == SHAPE_DISC)
		return path_from_shape(body, arena);
	n = plate_corners(scene, corners);
	for (int i = 0; i < n; i++) {
		const struct plate_corner *c = &corners[i], *next = &corners[(i + 1) % n];
		struct vec in = edge_direction(body, i + n - 1), on = edge_direction(body, i);
		struct vec at = vec_of(c->at);
		struct vec a = vec_sub(at, vec_scale(in, c->setback));
		struct vec b = vec_add(at, vec_scale(on, c->setback));

		add_corner(&path, arena, scene, c, in, a, b);
		path_add_line(&path, arena, b,
			      vec_sub(vec_of(next->at), vec_scale(on, next->setback)));
	}
	return path;
}

int plate_hole_count(const struct shape *shape)
{
	switch (shape->kind) {
	case SHAPE_HOLE:
	case SHAPE_COUNTERBORE:
	case SHAPE_TAPPED_HOLE:
		return 1;
	case SHAPE_HOLE_GRID:
		return (int)(shape->value[PARAM_COLUMNS] * shape->value[PARAM_ROWS]);
	case SHAPE_HOLE_CIRCLE:
		return (int)shape->value[PARAM_COUNT];
	default:
		return 0;
	}
}

struct vec plate_hole(const struct shape *shape, int i)
{
	const int64_t *v = shape->value;
	struct vec at = vec(unit_of(v[PARAM_X]), unit_of(v[PARAM_Y]));
	double angle;

	if (shape->kind == SHAPE_HOLE_GRID)
		return vec_add(at, vec(unit_of(i % v[PARAM_COLUMNS] * v[PARAM_DX]),
				       unit_of(i / v[PARAM_COLUMNS] * v[PARAM_DY])));
	if (shape->kind != SHAPE_HOLE_CIRCLE)
		return at;
	angle = unit_of(v[PARAM_START]) + 360.0 * i / (double)v[PARAM_COUNT];
	return vec_add(at, vec_polar(unit_of(v[PARAM_PCD]) / 2, angle * M_PI / 180));
}

int64_t plate_hole_width(const struct shape *shape)
{
	return shape->value[shape->kind == SHAPE_COUNTERBORE ? PARAM_CBORE_D : PARAM_D];
}

static struct plate_core core_of_slot(const struct shape *shape)
{
	const int64_t *v = shape->value;
	struct vec a = vec(unit_of(v[PARAM_X]), unit_of(v[PARAM_Y]));
	double angle = unit_of(v[PARAM_ANGLE]) * M_PI / 180;

	return (struct plate_core){
		.count = 2,
		.points = {a, vec_add(a, vec_polar(unit_of(v[PARAM_LENGTH]), angle))},
		.r = unit_of(v[PARAM_R])};
}

static struct plate_core core_of_window(const struct shape *shape)
{
	const int64_t *v = shape->value;
	double r = unit_of(v[PARAM_R]), angle = unit_of(v[PARAM_ANGLE]) * M_PI / 180;
	double w = unit_of(v[PARAM_WIDTH]) - r, h = unit_of(v[PARAM_HEIGHT]) - r;
	struct vec corners[4] = {{r, r}, {w, r}, {w, h}, {r, h}};
	struct plate_core core = {.count = 4, .r = r};

	for (int i = 0; i < 4; i++)
		core.points[i] = vec_add(vec(unit_of(v[PARAM_X]), unit_of(v[PARAM_Y])),
					 vec_rotate(corners[i], angle));
	return core;
}

int plate_core_count(const struct shape *shape)
{
	switch (shape->kind) {
	case SHAPE_SLOT:
	case SHAPE_RECTANGLE:
	case SHAPE_ROUNDED_RECTANGLE:
		return 1;
	default:
		return plate_hole_count(shape);
	}
}

int plate_cores(const struct shape *shape, struct plate_core *out)
{
	int n = plate_core_count(shape);

	if (shape->kind == SHAPE_SLOT)
		out[0] = core_of_slot(shape);
	else if (n > 0 && plate_hole_count(shape) == 0)
		out[0] = core_of_window(shape);
	else
		for (int i = 0; i < n; i++)
			out[i] = (struct plate_core){.count = 1,
						     .points = {plate_hole(shape, i)},
						     .r = unit_of(plate_hole_width(shape)) / 2};
	return n;
}

/* Squares of distances: one root at the end will do. */
static double point_to_edge(struct vec p, struct vec a, struct vec b)
{
	struct vec ab = vec_sub(b, a), off;
	double size = vec_dot(ab, ab);
	double t = size > 0 ? vec_dot(vec_sub(p, a), ab) / size : 0;

	t = max2(0, min2(1, t));
	off = vec_sub(p, vec_add(a, vec_scale(ab, t)));
	return vec_dot(off, off);
}

static bool edges_cross(struct vec a, struct vec b, struct vec c, struct vec d)
{
	struct vec u = vec_sub(b, a), v = vec_sub(d, c);

	return vec_cross(u, vec_sub(c, a)) * vec_cross(u, vec_sub(d, a)) < 0 &&
	       vec_cross(v, vec_sub(a, c)) * vec_cross(v, vec_sub(b, c)) < 0;
}

static double edge_to_edge(struct vec a, struct vec b, struct vec c, struct vec d)
{
	if (edges_cross(a, b, c, d))
		return 0;
	return min2(min2(point_to_edge(a, c, d), point_to_edge(b, c, d)),
		    min2(point_to_edge(c, a, b), point_to_edge(d, a, b)));
}

/* Edges of a core: a point counts as one without length. */
static int edge_count(const struct plate_core *core)
{
	return core->count > 2 ? core->count : 1;
}

static struct vec core_point(const struct plate_core *core, int i)
{
	return core->points[i % core->count];
}

/* The same from a core's edge k; a single point's has no length. */
static double edge_to_core(struct vec a, struct vec b, const struct plate_core *core, int k)
{
	if (core->count == 1)
		return point_to_edge(core->points[0], a, b);
	return edge_to_edge(a, b, core_point(core, k), core_point(core, k + 1));
}

/* The figure is convex and runs counter-clockwise. */
static bool core_holds(const struct plate_core *core, struct vec p)
{
	for (int i = 0; i < core->count; i++) {
		struct vec a = core_point(core, i), b = core_point(core, i + 1);

		if (vec_cross(vec_sub(b, a), vec_sub(p, a)) < 0)
			return false;
	}
	return core->count > 2;
}

double plate_wall(const struct plate_core *a, const struct plate_core *b)
{
	double nearest = INFINITY;

	if (core_holds(a, b->points[0]) || core_holds(b, a->points[0]))
		return -a->r - b->r;
	for (int i = 0; i < edge_count(a); i++)
		for (int k = 0; k < edge_count(b); k++)
			nearest = min2(nearest,
				       edge_to_core(core_point(a, i), core_point(a, i + 1), b, k));
	return sqrt(nearest) - a->r - b->r;
}

bool plate_contains(const struct polyline *outline, struct vec p)
{
	bool inside = false;

	for (int i = 0; i < outline->count; i++) {
		struct vec a = outline->points[i], b = outline->points[(i + 1) % outline->count];

		if ((a.y > p.y) != (b.y > p.y) &&
		    p.x < a.x + (b.x - a.x) * (p.y - a.y) / (b.y - a.y))
			inside = !inside;
	}
	return inside;
}

double plate_wall_to_outline(const struct plate_core *core, const struct polyline *outline)
{
	double nearest = INFINITY;

	if (!plate_contains(outline, core->points[0]))
		return -INFINITY;
	for (int i = 0; i < outline->count; i++) {
		struct vec a = outline->points[i], b = outline->points[(i + 1) % outline->count];

		for (int k = 0; k < edge_count(core); k++)
			nearest = min2(nearest, edge_to_core(a, b, core, k));
	}
	return sqrt(nearest) - core->r;
}

static void mirror_profile(const struct shape *shape, bool is_x, int64_t extent,
			   struct shape *image)
{
	int n = shape->point_count, first = 0;

	for (int i = 0; i < n; i++) {
		struct point p = shape->points[n - 1 - i];

		image->points[i] =
			(struct point){is_x ? extent - p.x : p.x, is_x ? p.y : extent - p.y};
	}
	for (int i = 1; i < n; i++) {
		struct point p = image->points[i], q = image->points[first];

		if (p.y < q.y || (p.y == q.y && p.x < q.x))
			first = i;
	}
	for (int i = 0; i < n; i++) {
		struct point p = shape->points[n - 1 - (first + i) % n];

		/* From its own first corner on, as a profile is listed. */
		image->points[i] =
			(struct point){is_x ? extent - p.x : p.x, is_x ? p.y : extent - p.y};
	}
}

/* How far the shape's own coordinate lies from its other end along the axis; -1: not along it. */
static int64_t extent_along(const struct shape *shape, bool is_x)
{
	const int64_t *v = shape->value;

	switch (shape->kind) {
	case SHAPE_RECTANGLE:
	case SHAPE_ROUNDED_RECTANGLE:
		return v[PARAM_ANGLE] ? -1 : v[is_x ? PARAM_WIDTH : PARAM_HEIGHT];
	case SHAPE_SLOT:
		if (v[PARAM_ANGLE] % 90000 != 0 || v[PARAM_ANGLE] > 90000)
			return -1;
		return (v[PARAM_ANGLE] == 0) == is_x ? v[PARAM_LENGTH] : 0;
	case SHAPE_HOLE_GRID:
		return is_x ? v[PARAM_DX] * (v[PARAM_COLUMNS] - 1)
			    : v[PARAM_DY] * (v[PARAM_ROWS] - 1);
	default:
		return 0;
	}
}

int plate_mirror(const struct shape *shape, bool is_x, int64_t extent, struct shape *image)
{
	int64_t *v = image->value, along = extent_along(shape, is_x);
	enum param axis = is_x ? PARAM_X : PARAM_Y;

	*image = *shape;
	if (shape->kind == SHAPE_PROFILE) {
		mirror_profile(shape, is_x, extent, image);
		return 0;
	}
	if (along < 0)
		return -1;
	v[axis] = extent - v[axis] - along;
	if (shape->kind == SHAPE_HOLE_CIRCLE) {
		int64_t turned = v[PARAM_COUNT] * ((is_x ? 540000 : 360000) - v[PARAM_START]);

		/* Counted in steps of 1/count, so that a pitch that is no thousandth stays exact. */
		turned %= 360000;
		if (turned % v[PARAM_COUNT] != 0)
			return -1;
		v[PARAM_START] = turned / v[PARAM_COUNT];
	}
	return 0;
}

bool plate_is_symmetric(const struct scene *scene, bool is_x)
{
	struct plate_box box = plate_box(scene);
	int64_t extent = is_x ? box.x0 + box.x1 : box.y0 + box.y1;

	for (int i = 0; i < scene->shape_count; i++) {
		struct shape image;
		bool found = false;

		if (plate_mirror(&scene->shapes[i], is_x, extent, &image) < 0)
			return false;
		for (int k = 0; k < scene->shape_count && !found; k++)
			found = shape_compare(&scene->shapes[k], &image) == 0;
		if (!found)
			return false;
	}
	return true;
}

static bool is_single_hole(enum shape_kind kind)
{
	return kind == SHAPE_HOLE || kind == SHAPE_COUNTERBORE || kind == SHAPE_TAPPED_HOLE;
}

/* Where in a row the dimension stands; NULL: in none. */
static int *cell_of(struct plate_row_of_table *row, const struct dimension *dim)
{
	if (dim->reference || dim->count > 1)
		return NULL;
	switch (dim->kind) {
	case DIM_POSITION_X:
		return dim->from.shape == SCENE_DATUM ? &row->x : NULL;
	case DIM_POSITION_Y:
		return dim->from.shape == SCENE_DATUM ? &row->y : NULL;
	case DIM_DIAMETER:
	case DIM_THREAD:
	case DIM_COUNTERBORE:
		return &row->size;
	default:
		return NULL;
	}
}

bool plate_in_table(const struct scene *scene, int shape, struct plate_row_of_table *row)
{
	struct plate_row_of_table r = {-1, -1, -1};

	if (scene->arrangement != ARRANGE_TABLE || !is_single_hole(scene->shapes[shape].kind))
		return false;
	for (int i = 0; i < scene->dimension_count; i++) {
		const struct dimension *dim = &scene->dimensions[i];
		int *cell = dim->shape == shape ? cell_of(&r, dim) : NULL;

		if (dim->shape == shape && (!cell || *cell >= 0))
			return false;
		if (cell)
			*cell = i;
	}
	if (row)
		*row = r;
	return r.x >= 0 && r.y >= 0 && r.size >= 0;
}

bool plate_is_tabled(const struct scene *scene, const struct dimension *dim)
{
	return plate_in_table(scene, dim->shape, NULL);
}
