/* SPDX-License-Identifier: MIT */
/*
 * Paths keep arcs exact; flattening happens once, at the end, with the sagitta rule: a chord over an
 * angle t of a circle of radius r lies r (1 - cos(t / 2)) from its arc. For an ellipse the larger
 * radius bounds the error.
 */
#include <config.h>

#include <assert.h>
#include <math.h>
#include <string.h>

#include "formats/scene/path.h"

#define COS_90 6.123233995736766e-17 /* as cos gives it, M_PI / 2 being a little less */

double vec_length(struct vec a)
{
	return sqrt(a.x * a.x + a.y * a.y);
}

struct vec vec_unit(struct vec a)
{
	double length = vec_length(a);

	assert(length > 0);
	return vec_scale(a, 1 / length);
}

/* Most directions are those of the axes, and sine and cosine take long. */
struct vec vec_polar(double length, double angle_rad)
{
	if (angle_rad == 0)
		return vec(length, 0);
	if (angle_rad == M_PI / 2)
		return vec(length * COS_90, length);
	return vec(length * cos(angle_rad), length * sin(angle_rad));
}

struct vec vec_rotate(struct vec a, double angle_rad)
{
	double c = cos(angle_rad), s = sin(angle_rad);

	return vec(c * a.x - s * a.y, s * a.x + c * a.y);
}

static struct seg *path_add(struct path *path, struct arena *arena)
{
	if (path->count == path->room) {
		int room = path->room ? 2 * path->room : 8;
		struct seg *segs = ARENA_NEW(arena, struct seg, room);

		if (path->count)
			memcpy(segs, path->segs, (size_t)path->count * sizeof(*segs));
		path->segs = segs;
		path->room = room;
	}
	return &path->segs[path->count++];
}

void path_add_line(struct path *path, struct arena *arena, struct vec a, struct vec b)
{
	*path_add(path, arena) = (struct seg){.kind = SEG_LINE, .a = a, .b = b};
}

void path_add_arc(struct path *path, struct arena *arena, struct vec centre, double rx, double ry,
		  double rotation, double from, double sweep)
{
	struct seg *seg = path_add(path, arena);

	*seg = (struct seg){.kind = SEG_ARC,
			    .centre = centre,
			    .rx = rx,
			    .ry = ry,
			    .rotation = rotation,
			    .from = from,
			    .sweep = sweep};
	seg->a = seg_point(seg, 0);
	seg->b = seg_point(seg, 1);
}

void path_add_seg(struct path *path, struct arena *arena, const struct seg *seg)
{
	*path_add(path, arena) = *seg;
}

struct vec seg_point(const struct seg *seg, double t)
{
	double angle;

	if (seg->kind == SEG_LINE)
		return vec_add(seg->a, vec_scale(vec_sub(seg->b, seg->a), t));
	angle = seg->from + seg->sweep * t;
	return vec_add(seg->centre,
		       vec_rotate(vec(seg->rx * cos(angle), seg->ry * sin(angle)), seg->rotation));
}

static int chord_count(const struct seg *seg, double tolerance)
{
	double r = max2(seg->rx, seg->ry);
	double step;

	if (seg->kind == SEG_LINE)
		return 1;
	step = r > tolerance ? 2 * acos(1 - tolerance / r) : M_PI;
	return (int)max2(1, ceil(fabs(seg->sweep) / min2(step, M_PI / 4)));
}

struct polyline polyline_from_path(const struct path *path, double tolerance, struct arena *arena)
{
	struct polyline poly = {.closed = path->closed};
	int total = 1;

	for (int i = 0; i < path->count; i++)
		total += chord_count(&path->segs[i], tolerance);
	poly.points = ARENA_NEW(arena, struct vec, total);
	if (path->count)
		poly.points[poly.count++] = path->segs[0].a;
	for (int i = 0; i < path->count; i++) {
		int chords = chord_count(&path->segs[i], tolerance);

		for (int k = 1; k < chords; k++)
			poly.points[poly.count++] = seg_point(&path->segs[i], (double)k / chords);
		poly.points[poly.count++] = path->segs[i].b;
	}
	if (path->closed && poly.count > 1)
		poly.count--;
	return poly;
}

static double distance_to_line(struct vec p, struct vec a, struct vec b)
{
	struct vec u = vec_sub(b, a), v = vec_sub(p, a);
	double length2 = vec_dot(u, u), t = length2 > 0 ? vec_dot(u, v) / length2 : 0;

	return vec_length(vec_sub(v, vec_scale(u, max2(0, min2(1, t)))));
}

/* Appends to the first `kept` points those of first + 1 to last that are needed; returns how many
 * there are then. The points kept never overtake those still to be read. */
static int keep_needed(struct vec *points, int kept, int first, int last, struct vec a,
		       double tolerance)
{
	double farthest = tolerance;
	int middle = -1;

	for (int i = first + 1; i < last; i++) {
		double d = distance_to_line(points[i], a, points[last]);

		if (d > farthest) {
			farthest = d;
			middle = i;
		}
	}
	if (middle > 0) {
		struct vec m = points[middle];

		kept = keep_needed(points, kept, first, middle, a, tolerance);
		return keep_needed(points, kept, middle, last, m, tolerance);
	}
	points[kept] = points[last];
	return kept + 1;
}

void polyline_simplify(struct polyline *line, double tolerance)
{
	assert(!line->closed);
	if (line->count > 2)
		line->count = keep_needed(line->points, 1, 0, line->count - 1, line->points[0],
					  tolerance);
}

/* From the first point, which keeps the numbers small. */
double polygon_area(const struct polyline *p)
{
	double twice = 0;

	for (int i = 0; i < p->count; i++)
		twice += vec_cross(vec_sub(p->points[i], p->points[0]),
				   vec_sub(p->points[(i + 1) % p->count], p->points[0]));
	return fabs(twice) / 2;
}

/* Both are clipped in the rectangle's own frame: Liang and Barsky 1984. */
bool line_meets_box(struct vec a, struct vec b, const struct vec corners[4])
{
	struct vec axes[2] = {vec_sub(corners[1], corners[0]), vec_sub(corners[3], corners[0])};
	double t0 = 0, t1 = 1;

	for (int i = 0; i < 2; i++) {
		double size = vec_dot(axes[i], axes[i]);
		double pa = vec_dot(vec_sub(a, corners[0]), axes[i]);
		double pb = vec_dot(vec_sub(b, corners[0]), axes[i]);
		double step = pb - pa, enter, leave;

		if (fabs(step) < 1e-12) {
			if (pa < 0 || pa > size)
				return false;
			continue;
		}
		enter = ((step > 0 ? 0 : size) - pa) / step;
		leave = ((step > 0 ? size : 0) - pa) / step;
		t0 = max2(t0, enter);
		t1 = min2(t1, leave);
	}
	return t0 <= t1;
}

struct path path_place(const struct path *path, struct vec origin, double scale,
		       struct arena *arena)
{
	struct path placed = {.count = path->count, .room = path->count, .closed = path->closed};

	placed.segs = ARENA_NEW(arena, struct seg, path->count);
	for (int i = 0; i < path->count; i++) {
		struct seg seg = path->segs[i];

		seg.a = vec_add(origin, vec_scale(seg.a, scale));
		seg.b = vec_add(origin, vec_scale(seg.b, scale));
		seg.centre = vec_add(origin, vec_scale(seg.centre, scale));
		seg.rx *= scale;
		seg.ry *= scale;
		placed.segs[i] = seg;
	}
	return placed;
}

struct box box_of_points(const struct vec *points, int count)
{
	struct box box = {points[0].x, points[0].y, points[0].x, points[0].y};

	assert(count > 0);
	for (int i = 1; i < count; i++) {
		box.x0 = min2(box.x0, points[i].x);
		box.y0 = min2(box.y0, points[i].y);
		box.x1 = max2(box.x1, points[i].x);
		box.y1 = max2(box.y1, points[i].y);
	}
	return box;
}
