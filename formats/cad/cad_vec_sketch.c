/* SPDX-License-Identifier: MIT */
/*
 * Sketches as DeepCAD's cadlib has them, in its order of operations: sketches of whole and half numbers
 * are common, and then the last bit decides between two steps. That is also why an arc's box is found
 * by its method, which takes the ends' angles from arc sines of points drawn in by 1e-8.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>

#include "formats/cad/cad_vec_private.h"

#define INWARD 1e-8

struct cad_vec_row cad_vec_row_of(enum cad_vec_command command)
{
	struct cad_vec_row row;

	for (int i = 0; i < CAD_VEC_COLUMN_COUNT_; i++)
		row.at[i] = -1;
	row.at[CAD_VEC_COMMAND] = (int)command;
	return row;
}

int cad_vec_level(double v, int lo, int hi)
{
	return (int)min2(max2(rint(v), lo), hi);
}

/* --- boxes ---------------------------------------------------------------------------------- */

static void box_add(struct box *box, struct vec p)
{
	box->x0 = min2(box->x0, p.x);
	box->y0 = min2(box->y0, p.y);
	box->x1 = max2(box->x1, p.x);
	box->y1 = max2(box->y1, p.y);
}

/* The angle of a point on the circle, 0 to 2 pi. */
static double angle_of(struct vec point, struct vec centre)
{
	struct vec spoke = vec_sub(point, centre);
	double length = vec_length(spoke) + INWARD;
	double x = spoke.x / length, y = spoke.y / length;

	if (x >= 0)
		return y >= 0 ? asin(y) : 2 * M_PI - asin(-y);
	return y >= 0 ? M_PI - asin(y) : M_PI + asin(-y);
}

static bool between(double from, double angle, double to)
{
	return from < angle && angle < to;
}

static void arc_box(const struct vec_curve *arc, struct box *box)
{
	double start = angle_of(arc->start, arc->centre), end = angle_of(arc->end, arc->centre);
	double from = min2(start, end), to = max2(start, end), r = arc->radius;
	struct vec c = arc->centre;

	if (!between(from, angle_of(arc->middle, arc->centre), to)) {
		double lower = from;

		from = to - 2 * M_PI;
		to = lower;
	}
	if (between(from, 0, to))
		box_add(box, vec(c.x + r, c.y));
	if (between(from, M_PI / 2, to) || between(from, -M_PI / 2 * 3, to))
		box_add(box, vec(c.x, c.y + r));
	if (between(from, M_PI, to) || between(from, -M_PI, to))
		box_add(box, vec(c.x - r, c.y));
	if (between(from, M_PI / 2 * 3, to) || between(from, -M_PI / 2, to))
		box_add(box, vec(c.x, c.y - r));
}

static void curve_box(const struct vec_curve *curve, struct box *box)
{
	struct vec c = curve->centre;
	double r = curve->radius;

	if (curve->kind == DEEPCAD_CIRCLE) {
		box_add(box, vec(c.x - r, c.y - r));
		box_add(box, vec(c.x + r, c.y + r));
		return;
	}
	box_add(box, curve->start);
	box_add(box, curve->end);
	if (curve->kind == DEEPCAD_ARC)
		arc_box(curve, box);
}

/* --- order ---------------------------------------------------------------------------------- */

static void turn(struct vec_curve *curve)
{
	struct vec start = curve->start;

	curve->start = curve->end;
	curve->end = start;
	curve->is_ccw = !curve->is_ccw;
}

static void swap(struct vec_curve *a, struct vec_curve *b)
{
	struct vec_curve c = *a;

	*a = *b;
	*b = c;
}

static void reverse(struct vec_curve *curves, int count)
{
	for (int i = 0, k = count - 1; i < k; i++, k--)
		swap(&curves[i], &curves[k]);
}

/* The way a curve leaves its start, or comes to its end: an arc by its middle. */
static struct vec leaves(const struct vec_curve *curve)
{
	return vec_sub(curve->kind == DEEPCAD_ARC ? curve->middle : curve->end, curve->start);
}

static struct vec comes(const struct vec_curve *curve)
{
	return vec_sub(curve->end, curve->kind == DEEPCAD_ARC ? curve->middle : curve->start);
}

static int leftmost(const struct vec_loop *loop)
{
	int best = 0;

	for (int i = 1; i < loop->count; i++) {
		struct vec p = loop->curves[i].start, q = loop->curves[best].start;
		double x = cad_vec_round6(p.x), least = cad_vec_round6(q.x);

		if (x < least || (x == least && cad_vec_round6(p.y) < cad_vec_round6(q.y)))
			best = i;
	}
	return best;
}

static void order_loop(struct vec_loop *loop)
{
	int first = leftmost(loop);

	if (loop->count == 1)
		return;
	/* Turns the ring of curves round until `first` is in front. */
	reverse(loop->curves, first);
	reverse(loop->curves + first, loop->count - first);
	reverse(loop->curves, loop->count);
	if (vec_cross(comes(&loop->curves[loop->count - 1]), leaves(&loop->curves[0])) > 0)
		return;
	reverse(loop->curves, loop->count);
	for (int i = 0; i < loop->count; i++)
		turn(&loop->curves[i]);
}

static bool is_before(const struct vec_loop *a, const struct vec_loop *b)
{
	double x = cad_vec_round6(a->box.x0), other = cad_vec_round6(b->box.x0);

	return x < other || (x == other && cad_vec_round6(a->box.y0) < cad_vec_round6(b->box.y0));
}

/* A few loops; equal ones stay as they are. */
static void order_loops(struct vec_sketch *sketch)
{
	for (int i = 1; i < sketch->count; i++)
		for (int k = i; k > 0 && is_before(&sketch->loops[k], &sketch->loops[k - 1]); k--) {
			struct vec_loop loop = sketch->loops[k];

			sketch->loops[k] = sketch->loops[k - 1];
			sketch->loops[k - 1] = loop;
		}
}

/* --- a profile's loops ---------------------------------------------------------------------- */

static struct vec_curve curve_from_deepcad(const struct deepcad_curve *from)
{
	struct vec_curve curve = {
		.kind = from->kind,
		.start = from->start,
		.end = from->end,
		.centre = from->centre,
		.radius = from->radius,
		.start_angle = from->start_angle,
		.end_angle = from->end_angle,
		.is_ccw = from->sweep > 0,
	};
	double angle = (from->start_angle + from->end_angle) / 2;

	if (from->kind == DEEPCAD_ARC) {
		struct vec r = from->reference;
		double c = cos(angle), s = sin(angle);

		curve.middle.x = from->centre.x + (c * r.x + -s * r.y) * from->radius;
		curve.middle.y = from->centre.y + (s * r.x + c * r.y) * from->radius;
	}
	return curve;
}

static void loop_from_deepcad(struct vec_loop *loop, const struct deepcad_loop *from,
			      struct arena *arena)
{
	loop->count = from->count;
	loop->curves = ARENA_NEW(arena, struct vec_curve, from->count);
	loop->box = (struct box){INFINITY, INFINITY, -INFINITY, -INFINITY};
	for (int i = 0; i < from->count; i++) {
		loop->curves[i] = curve_from_deepcad(&from->curves[i]);
		curve_box(&loop->curves[i], &loop->box);
	}
	order_loop(loop);
}

void vec_sketch_from_profile(struct vec_sketch *sketch, const struct deepcad_profile *profile,
			     struct arena *arena)
{
	struct box all = {INFINITY, INFINITY, -INFINITY, -INFINITY};
	struct vec start;

	sketch->count = profile->count;
	sketch->loops = ARENA_NEW(arena, struct vec_loop, profile->count);
	for (int i = 0; i < profile->count; i++) {
		loop_from_deepcad(&sketch->loops[i], &profile->loops[i], arena);
		box_add(&all, vec(sketch->loops[i].box.x0, sketch->loops[i].box.y0));
		box_add(&all, vec(sketch->loops[i].box.x1, sketch->loops[i].box.y1));
	}
	order_loops(sketch);
	start = sketch->loops[0].curves[0].start;
	sketch->start = start;
	sketch->size = max2(max2(fabs(all.x1 - start.x), fabs(all.y1 - start.y)),
			    max2(fabs(all.x0 - start.x), fabs(all.y0 - start.y)));
}

/* --- rows ----------------------------------------------------------------------------------- */

static struct vec place(struct vec p, struct vec start, double scale)
{
	struct vec moved = vec_scale(vec_add(p, vec_scale(start, -1)), scale);

	return vec_add(moved, vec(CAD_VEC_LEVELS / 2, CAD_VEC_LEVELS / 2));
}

static void put_point(struct cad_vec_row *row, struct vec p)
{
	row->at[CAD_VEC_X] = cad_vec_level(p.x, 0, CAD_VEC_LEVELS - 1);
	row->at[CAD_VEC_Y] = cad_vec_level(p.y, 0, CAD_VEC_LEVELS - 1);
}

static struct vec rounded(struct vec p)
{
	return vec(cad_vec_level(p.x, 0, CAD_VEC_LEVELS - 1),
		   cad_vec_level(p.y, 0, CAD_VEC_LEVELS - 1));
}

/* The direction of what is left of the arc when its points are rounded. */
static bool is_ccw_rounded(const struct vec_curve *arc)
{
	struct vec start = rounded(arc->start);
	struct vec to_middle = vec_sub(rounded(arc->middle), start);

	return vec_cross(to_middle, vec_sub(rounded(arc->end), start)) >= 0;
}

static struct cad_vec_row arc_row(const struct vec_curve *arc, bool compat)
{
	struct cad_vec_row row = cad_vec_row_of(CAD_VEC_COMMAND_ARC);
	int from = cad_vec_level(arc->start_angle / (2 * M_PI) * CAD_VEC_LEVELS, 0,
				 CAD_VEC_LEVELS - 1);
	int to = cad_vec_level(arc->end_angle / (2 * M_PI) * CAD_VEC_LEVELS, 0, CAD_VEC_LEVELS - 1);

	if (!compat) {
		from = 0;
		to = cad_vec_level((arc->end_angle - arc->start_angle) / (2 * M_PI) *
					   CAD_VEC_LEVELS,
				   1, CAD_VEC_LEVELS - 1);
	}
	put_point(&row, arc->end);
	row.at[CAD_VEC_SWEEP] = abs(from - to) > 1 ? abs(from - to) : 1;
	row.at[CAD_VEC_CCW] = compat ? is_ccw_rounded(arc) : arc->is_ccw;
	return row;
}

static struct cad_vec_row curve_row(const struct vec_curve *curve, bool compat)
{
	struct cad_vec_row row;

	if (curve->kind == DEEPCAD_ARC)
		return arc_row(curve, compat);
	if (curve->kind == DEEPCAD_LINE) {
		row = cad_vec_row_of(CAD_VEC_COMMAND_LINE);
		put_point(&row, curve->end);
		return row;
	}
	row = cad_vec_row_of(CAD_VEC_COMMAND_CIRCLE);
	put_point(&row, curve->centre);
	row.at[CAD_VEC_RADIUS] = cad_vec_level(curve->radius, 1, CAD_VEC_LEVELS - 1);
	return row;
}

int vec_sketch_row_count(const struct vec_sketch *sketch)
{
	int count = sketch->count;

	for (int i = 0; i < sketch->count; i++)
		count += sketch->loops[i].count;
	return count;
}

void vec_sketch_rows(struct vec_sketch *sketch, bool compat, struct cad_vec_row *rows)
{
	double scale = CAD_VEC_SKETCH_STEPS / sketch->size;

	for (int i = 0; i < sketch->count; i++) {
		*rows++ = cad_vec_row_of(CAD_VEC_COMMAND_SOL);
		for (int k = 0; k < sketch->loops[i].count; k++) {
			struct vec_curve *curve = &sketch->loops[i].curves[k];

			curve->start = place(curve->start, sketch->start, scale);
			curve->middle = place(curve->middle, sketch->start, scale);
			curve->end = place(curve->end, sketch->start, scale);
			curve->centre = place(curve->centre, sketch->start, scale);
			curve->radius *= scale;
			*rows++ = curve_row(curve, compat);
		}
	}
}
