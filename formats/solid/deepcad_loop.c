/* SPDX-License-Identifier: MIT */
/*
 * Loops out of curves. The one that is next in the file is taken if it goes on from where the last one
 * ended, as it does in all files seen; else the nearest of the others. What is in order stays as it
 * is, so a file that was written is read as it was.
 *
 * The area is Green's: of a line the triangle with the loop's first point, of an arc that of its chord
 * and the segment between both.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>

#include "formats/solid/deepcad_private.h"

#define ROUNDED_M 3e-8 /* more than two points rounded to 1e-8 m can lie apart */
#define ROUNDED_PART 1e-5
#define STRAIGHT 1e-12 /* of the square of an arc's chord */
#define FULL_TURN (2 * M_PI - 1e-6)
#define NOTHING_PART 1e-9 /* of the square of a loop's size */

double deepcad_tolerance(double size)
{
	return ROUNDED_M + ROUNDED_PART * size;
}

static void turn(struct deepcad_curve *curve)
{
	struct vec start = curve->start;

	curve->start = curve->end;
	curve->end = start;
	curve->sweep = -curve->sweep;
}

static double turn_from(double from, double to)
{
	double turn = fmod(to - from, 2 * M_PI);

	return turn < 0 ? turn + 2 * M_PI : turn;
}

int deepcad_curve_arc(struct deepcad_curve *c, struct vec middle)
{
	struct vec b = vec_sub(middle, c->start), e = vec_sub(c->end, c->start), from, to;
	double twice = 2 * vec_cross(b, e), bb = vec_dot(b, b), ee = vec_dot(e, e);
	bool ccw = twice > 0;

	if (fabs(twice) <= STRAIGHT * ee)
		return -1;
	c->kind = DEEPCAD_ARC;
	c->centre = vec_add(c->start,
			    vec((e.y * bb - b.y * ee) / twice, (b.x * ee - e.x * bb) / twice));
	from = vec_sub(ccw ? c->start : c->end, c->centre);
	to = vec_sub(ccw ? c->end : c->start, c->centre);
	c->radius = vec_length(from);
	c->reference = vec_unit(from);
	c->end_angle = turn_from(atan2(from.y, from.x), atan2(to.y, to.x));
	c->sweep = ccw ? c->end_angle : -c->end_angle;
	return 0;
}

struct box deepcad_curve_box(const struct deepcad_curve *curve)
{
	return (struct box){
		-deepcad_curve_reach(curve, vec(-1, 0)),
		-deepcad_curve_reach(curve, vec(0, -1)),
		deepcad_curve_reach(curve, vec(1, 0)),
		deepcad_curve_reach(curve, vec(0, 1)),
	};
}

static struct box loop_box(const struct deepcad_loop *loop)
{
	struct box all = deepcad_curve_box(&loop->curves[0]);

	for (int i = 1; i < loop->count; i++) {
		struct box b = deepcad_curve_box(&loop->curves[i]);

		all.x0 = min2(all.x0, b.x0);
		all.y0 = min2(all.y0, b.y0);
		all.x1 = max2(all.x1, b.x1);
		all.y1 = max2(all.y1, b.y1);
	}
	return all;
}

static double box_size(struct box b)
{
	return max2(b.x1 - b.x0, b.y1 - b.y0);
}

/* How far the nearer end of a curve is from a point. */
static double gap(const struct deepcad_curve *curve, struct vec point)
{
	return min2(deepcad_distance(curve->start, point), deepcad_distance(curve->end, point));
}

/* Puts the curve that goes on from curves[last] behind it; false where there is none. */
static bool put_next(struct deepcad_loop *loop, int last, double tolerance)
{
	struct vec from = loop->curves[last].end;
	int next = last + 1, best = next;
	double least = gap(&loop->curves[next], from);
	bool in_order = least <= tolerance;
	struct deepcad_curve found;

	for (int i = next + 1; i < loop->count && !in_order; i++)
		if (gap(&loop->curves[i], from) < least) {
			best = i;
			least = gap(&loop->curves[i], from);
		}
	if (least > tolerance)
		return false;
	found = loop->curves[best];
	if (deepcad_distance(found.end, from) < deepcad_distance(found.start, from))
		turn(&found);
	loop->curves[best] = loop->curves[next];
	loop->curves[next] = found;
	return true;
}

static double curve_area(const struct deepcad_curve *curve, struct vec origin)
{
	struct vec a = vec_sub(curve->start, origin), b = vec_sub(curve->end, origin);
	double area = vec_cross(a, b) / 2;

	if (curve->kind == DEEPCAD_LINE)
		return area;
	return area + curve->radius * curve->radius * (curve->sweep - sin(curve->sweep)) / 2;
}

/* Whether the first curve is to be turned: what is next in the file goes on from its start, and what is
 * last comes to its end where both are next to both. */
static bool begins_backwards(const struct deepcad_loop *loop, double tolerance)
{
	const struct deepcad_curve *first = &loop->curves[0], *last = &first[loop->count - 1];

	if (loop->count == 1 || gap(&first[1], first->start) > tolerance)
		return false;
	return gap(&first[1], first->end) > tolerance ||
	       (gap(last, first->start) > tolerance && gap(last, first->end) <= tolerance);
}

int deepcad_loop_close(struct deepcad_loop *loop, int *open)
{
	double tolerance = deepcad_tolerance(box_size(loop_box(loop)));
	struct vec start;

	if (begins_backwards(loop, tolerance))
		turn(&loop->curves[0]);
	start = loop->curves[0].start;
	for (*open = 0; *open < loop->count - 1; ++*open)
		if (!put_next(loop, *open, tolerance))
			return -1;
	if (deepcad_distance(loop->curves[*open].end, start) > tolerance)
		return -1;
	loop->area = 0;
	for (int i = 0; i < loop->count; i++)
		loop->area += curve_area(&loop->curves[i], start);
	return 0;
}

void deepcad_profile_settle(struct deepcad_profile *profile)
{
	profile->outer = 0;
	for (int i = 1; i < profile->count; i++)
		if (fabs(profile->loops[i].area) > fabs(profile->loops[profile->outer].area))
			profile->outer = i;
}

/* --- what is no region ---------------------------------------------------------------------- */

/* How far a curve turns round a point, seen from it. From within its circle an arc turns one way all
 * along. */
static double turn_around(const struct deepcad_curve *curve, struct vec point)
{
	struct vec a = vec_sub(curve->start, point), b = vec_sub(curve->end, point);
	double angle = atan2(vec_cross(a, b), vec_dot(a, b));

	if (curve->kind == DEEPCAD_LINE)
		return angle;
	if (deepcad_distance(point, curve->centre) >= curve->radius)
		return fabs(curve->sweep) > FULL_TURN ? 0 : angle;
	if (fabs(curve->sweep) > FULL_TURN)
		return curve->sweep;
	if (curve->sweep > 0)
		return angle > 0 ? angle : angle + 2 * M_PI;
	return angle < 0 ? angle : angle - 2 * M_PI;
}

static bool is_inside(const struct deepcad_loop *loop, struct vec point)
{
	double angle = 0;

	for (int i = 0; i < loop->count; i++)
		angle += turn_around(&loop->curves[i], point);
	return fabs(angle) > M_PI;
}

/* Loops that do not cross: one is within the other if most of its curves are; some may touch. */
static bool lies_within(const struct deepcad_loop *inner, const struct deepcad_loop *outer)
{
	int inside = 0;

	for (int i = 0; i < inner->count; i++) {
		const struct deepcad_curve *curve = &inner->curves[i];
		bool is_circle = curve->kind == DEEPCAD_CIRCLE;

		inside += is_inside(outer, is_circle ? curve->centre : deepcad_curve_middle(curve));
	}
	return 2 * inside > inner->count;
}

/* A curve of a profile, for sorting. */
struct placed {
	struct box box;
	int loop, curve;
};

static int by_left_side(const void *a, const void *b)
{
	const struct placed *p = a, *q = b;

	if (p->box.x0 != q->box.x0)
		return p->box.x0 < q->box.x0 ? -1 : 1;
	if (p->loop != q->loop)
		return p->loop < q->loop ? -1 : 1;
	return p->curve < q->curve ? -1 : p->curve > q->curve;
}

static struct placed *place_curves(const struct deepcad_profile *profile, struct arena *arena,
				   int *count)
{
	struct placed *all;
	int n = 0;

	for (int i = 0; i < profile->count; i++)
		n += profile->loops[i].count;
	all = ARENA_NEW(arena, struct placed, n);
	*count = 0;
	for (int i = 0; i < profile->count; i++)
		for (int k = 0; k < profile->loops[i].count; k++)
			all[(*count)++] = (struct placed){
				deepcad_curve_box(&profile->loops[i].curves[k]), i, k};
	qsort(all, (size_t)n, sizeof(*all), by_left_side);
	return all;
}

static bool find_crossing(const struct deepcad_profile *profile, double size, struct arena *arena,
			  struct deepcad_fault *fault)
{
	int n;
	struct placed *all = place_curves(profile, arena, &n);

	for (int i = 0; i < n; i++)
		for (int k = i + 1; k < n && all[k].box.x0 <= all[i].box.x1; k++) {
			const struct placed *a = &all[i], *b = &all[k];

			if (a->box.y0 > b->box.y1 || b->box.y0 > a->box.y1 ||
			    !deepcad_curves_cross(&profile->loops[a->loop].curves[a->curve],
						  &profile->loops[b->loop].curves[b->curve], size))
				continue;
			*fault = (struct deepcad_fault){b->loop, b->curve,
							a->loop == b->loop
								? "a loop that crosses itself"
								: "a loop that crosses another"};
			return true;
		}
	return false;
}

bool deepcad_profile_fault(const struct deepcad_profile *profile, struct arena *arena,
			   struct deepcad_fault *fault)
{
	const struct deepcad_loop *outer = &profile->loops[profile->outer];
	struct arena_mark mark = arena_mark(arena);
	bool crosses;

	for (int i = 0; i < profile->count; i++) {
		double size = box_size(loop_box(&profile->loops[i]));

		*fault = (struct deepcad_fault){i, 0, "a loop that encloses nothing"};
		if (fabs(profile->loops[i].area) <= NOTHING_PART * size * size)
			return true;
	}
	crosses = find_crossing(profile, box_size(loop_box(outer)), arena, fault);
	arena_release(arena, mark);
	if (crosses)
		return true;
	for (int i = 0; i < profile->count; i++) {
		*fault = (struct deepcad_fault){i, 0, "a loop outside the outer one"};
		if (i != profile->outer && !lies_within(&profile->loops[i], outer))
			return true;
	}
	return false;
}
