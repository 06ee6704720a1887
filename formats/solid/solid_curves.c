/* SPDX-License-Identifier: MIT */
/*
 * Lines in one straight line, and arcs of one ellipse, share a carrier, on which each is an interval: of
 * lengths along the line, or of angles, counter-clockwise. On a carrier each class (kind of edge, visible or
 * hidden) is the union of its intervals less those of the classes that go before it. So pieces join,
 * and what is drawn twice goes, in one step. The longest curve of a carrier gives it its place.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "formats/solid/solid_curves.h"

#define TOLERANCE 1e-5 /* of the diagonal */
#define CLASSES 6      /* visible sharp, outline, smooth; then hidden */
#define OUT_MOST 16    /* two intervals of an arc, each in all classes, and at the end of a gap */
#define SAMPLES 8      /* of a Bezier curve */

struct interval {
	double lo, hi;
	int class;
};

struct intervals {
	struct interval *list;
	int count;
};

struct carrier {
	struct seg seg;   /* of the longest curve on it */
	struct vec along; /* of lines: unit vector, to the right or else up */
};

struct tidy {
	struct solid_curve *curves; /* longest first; those with a carrier done are taken */
	bool *taken;
	int count;
	double tolerance;
	struct solid_curve *out; /* room for OUT_MOST of each of them */
	int out_count;
	struct arena *arena;
};

static int class_of(const struct solid_curve *curve)
{
	return (curve->visible ? 0 : 3) + (int)curve->edge;
}

/* Whether what lies on a curve of class a need not be drawn when it is of class b. */
static bool goes_before(int a, int b)
{
	bool is_seen = a < 3 || b >= 3, is_drawn = a % 3 != SOLID_SMOOTH || b % 3 == SOLID_SMOOTH;

	return a < b && is_seen && is_drawn;
}

/* --- intervals ------------------------------------------------------------------------------- */

static int by_start(const void *a, const void *b)
{
	const struct interval *p = a, *q = b;

	return (p->lo > q->lo) - (p->lo < q->lo);
}

/* The union of the class's intervals, in order; gaps up to the tolerance are closed. */
static struct intervals union_of(struct intervals all, int class, double tolerance,
				 struct arena *arena)
{
	struct intervals out = {ARENA_NEW(arena, struct interval, all.count), 0};

	for (int i = 0; i < all.count; i++) {
		struct interval *last = out.count ? &out.list[out.count - 1] : NULL;

		if (all.list[i].class != class)
			continue;
		if (last && all.list[i].lo <= last->hi + tolerance)
			last->hi = max2(last->hi, all.list[i].hi);
		else
			out.list[out.count++] = all.list[i];
	}
	return out;
}

/* What of `from` is not in `less`; both in order, without overlaps. */
static struct intervals difference(struct intervals from, struct intervals less,
				   struct arena *arena)
{
	struct intervals out = {ARENA_NEW(arena, struct interval, from.count + less.count), 0};

	for (int i = 0; i < from.count; i++) {
		struct interval rest = from.list[i];

		for (int k = 0; k < less.count; k++) {
			struct interval cut = less.list[k];

			if (cut.hi <= rest.lo || cut.lo >= rest.hi)
				continue;
			if (cut.lo > rest.lo)
				out.list[out.count++] =
					(struct interval){rest.lo, cut.lo, rest.class};
			rest.lo = cut.hi;
		}
		if (rest.lo < rest.hi)
			out.list[out.count++] = rest;
	}
	return out;
}

static struct intervals left_of_class(struct intervals all, int class, double tolerance,
				      struct arena *arena)
{
	struct intervals left = union_of(all, class, tolerance, arena);

	for (int other = 0; other < CLASSES && left.count; other++)
		if (goes_before(other, class))
			left = difference(left, union_of(all, other, tolerance, arena), arena);
	return left;
}

/* --- carriers -------------------------------------------------------------------------------- */

/* Counter-clockwise, the longer axis first and turned by 0 to pi; circles by 0. */
static struct seg upright_arc(struct seg seg)
{
	if (seg.sweep < 0) {
		seg.from += seg.sweep;
		seg.sweep = -seg.sweep;
	}
	if (seg.rx < seg.ry) {
		double rx = seg.rx;

		seg.rx = seg.ry;
		seg.ry = rx;
		seg.rotation += M_PI / 2;
		seg.from -= M_PI / 2;
	}
	if (seg.rx == seg.ry) {
		seg.from += seg.rotation;
		seg.rotation = 0;
	}
	while (seg.rotation >= M_PI || seg.rotation < 0) {
		double turn = seg.rotation < 0 ? M_PI : -M_PI;

		seg.rotation += turn;
		seg.from -= turn;
	}
	return seg;
}

static struct vec pointing_right(struct vec v)
{
	return fabs(v.x) > 1e-9 * fabs(v.y) ? vec_scale(v, v.x < 0 ? -1 : 1)
					    : vec_scale(v, v.y < 0 ? -1 : 1);
}

static bool is_on_line(const struct carrier *carrier, const struct seg *seg, double tolerance)
{
	struct vec a = vec_sub(seg->a, carrier->seg.a), b = vec_sub(seg->b, carrier->seg.a);

	return fabs(vec_cross(carrier->along, a)) <= tolerance &&
	       fabs(vec_cross(carrier->along, b)) <= tolerance;
}

static bool is_on_ellipse(const struct seg *a, const struct seg *b, double tolerance)
{
	return vec_length(vec_sub(a->centre, b->centre)) <= tolerance &&
	       fabs(a->rx - b->rx) <= tolerance && fabs(a->ry - b->ry) <= tolerance &&
	       (a->rx - a->ry) * fabs(sin(a->rotation - b->rotation)) <= tolerance;
}

static bool is_carried(const struct carrier *carrier, const struct solid_curve *curve,
		       double tolerance)
{
	if (curve->poles || curve->seg.kind != carrier->seg.kind)
		return false;
	return curve->seg.kind == SEG_LINE ? is_on_line(carrier, &curve->seg, tolerance)
					   : is_on_ellipse(&carrier->seg, &curve->seg, tolerance);
}

static void add_interval(struct intervals *all, double lo, double hi, int class)
{
	all->list[all->count++] = (struct interval){lo, hi, class};
}

/* Angles lie in [0, 2 pi]: what goes on over 2 pi begins again at 0. */
static void add_angles(struct intervals *all, const struct carrier *carrier, const struct seg *seg,
		       int class)
{
	double off = fabs(seg->rotation - carrier->seg.rotation) > M_PI / 2 ? M_PI : 0;
	double from = fmod(seg->from + off, 2 * M_PI);

	from += from < 0 ? 2 * M_PI : 0;
	add_interval(all, from, min2(from + seg->sweep, 2 * M_PI), class);
	if (from + seg->sweep > 2 * M_PI)
		add_interval(all, 0, min2(from + seg->sweep - 2 * M_PI, 2 * M_PI), class);
}

static void add_lengths(struct intervals *all, const struct carrier *carrier, const struct seg *seg,
			int class)
{
	double a = vec_dot(carrier->along, vec_sub(seg->a, carrier->seg.a));
	double b = vec_dot(carrier->along, vec_sub(seg->b, carrier->seg.a));

	add_interval(all, min2(a, b), max2(a, b), class);
}

static void put(struct tidy *tidy, const struct carrier *carrier, double lo, double hi, int class)
{
	struct solid_curve curve = {
		.edge = (enum solid_edge)(class % 3), .visible = class < 3, .seg = carrier->seg};

	if (carrier->seg.kind == SEG_LINE) {
		curve.seg.a = vec_add(carrier->seg.a, vec_scale(carrier->along, lo));
		curve.seg.b = vec_add(carrier->seg.a, vec_scale(carrier->along, hi));
	} else {
		curve.seg.from = lo;
		curve.seg.sweep = hi - lo;
		curve.seg.a = seg_point(&curve.seg, 0);
		curve.seg.b = seg_point(&curve.seg, 1);
	}
	tidy->out[tidy->out_count++] = curve;
}

/* The last piece of an ellipse goes on in the first, over 2 pi. */
static void put_class(struct tidy *tidy, const struct carrier *carrier, struct intervals left,
		      int class, double tolerance)
{
	bool is_arc = carrier->seg.kind == SEG_ARC;
	struct interval *first = left.list, *last = left.list + left.count - 1;

	if (is_arc && left.count > 1 && first->lo <= tolerance &&
	    last->hi >= 2 * M_PI - tolerance) {
		last->hi = 2 * M_PI + first->hi;
		first->lo = first->hi;
	} else if (is_arc && left.count == 1 && last->hi - last->lo >= 2 * M_PI - tolerance) {
		*first = (struct interval){0, 2 * M_PI, class};
	}
	for (int i = 0; i < left.count; i++)
		if (left.list[i].hi - left.list[i].lo > tolerance)
			put(tidy, carrier, left.list[i].lo, left.list[i].hi, class);
}

/* All curves on the carrier of curve `first`, which is the longest of them. */
static void tidy_carrier(struct tidy *tidy, int first)
{
	const struct seg *seg = &tidy->curves[first].seg;
	struct arena_mark mark = arena_mark(tidy->arena);
	struct carrier carrier = {.seg = *seg};
	struct intervals all = {ARENA_NEW(tidy->arena, struct interval, 2 * tidy->count), 0};
	bool is_line = seg->kind == SEG_LINE;
	double tolerance = is_line ? tidy->tolerance : tidy->tolerance / seg->rx;

	if (is_line)
		carrier.along = pointing_right(vec_unit(vec_sub(seg->b, seg->a)));
	for (int i = first; i < tidy->count; i++) {
		const struct solid_curve *curve = &tidy->curves[i];

		if (tidy->taken[i] || !is_carried(&carrier, curve, tidy->tolerance))
			continue;
		tidy->taken[i] = true;
		if (is_line)
			add_lengths(&all, &carrier, &curve->seg, class_of(curve));
		else
			add_angles(&all, &carrier, &curve->seg, class_of(curve));
	}
	qsort(all.list, (size_t)all.count, sizeof(*all.list), by_start);
	for (int class = 0; class < CLASSES; class ++)
		put_class(tidy, &carrier, left_of_class(all, class, tolerance, tidy->arena), class,
			  tolerance);
	arena_release(tidy->arena, mark);
}

/* --- splines --------------------------------------------------------------------------------- */

static double distance_to_chord(struct vec p, struct vec a, struct vec b)
{
	struct vec u = vec_sub(b, a), v = vec_sub(p, a);
	double length2 = vec_dot(u, u);
	double t = length2 > 0 ? max2(0, min2(1, vec_dot(u, v) / length2)) : 0;

	return vec_length(vec_sub(v, vec_scale(u, t)));
}

static bool is_near(struct vec p, const struct path *path, double tolerance)
{
	for (int i = 0; i < path->count; i++)
		if (distance_to_chord(p, path->segs[i].a, path->segs[i].b) <= tolerance)
			return true;
	return false;
}

static bool lies_on(const struct solid_curve *curve, const struct path *other, double tolerance)
{
	int samples = SAMPLES * (curve->pole_count - 1) / 3;

	for (int i = 0; i <= samples; i++)
		if (!is_near(solid_curve_point(curve, (double)i / samples), other, tolerance))
			return false;
	return true;
}

/* A spline goes where all of it lies on one that is drawn anyway; of equals the first stays. */
static void tidy_splines(struct tidy *tidy)
{
	struct path *paths = ARENA_NEW(tidy->arena, struct path, tidy->count);

	for (int i = 0; i < tidy->count; i++)
		if (tidy->curves[i].poles)
			solid_curve_path(&tidy->curves[i], tidy->tolerance, tidy->arena, &paths[i]);
	for (int i = 0; i < tidy->count; i++) {
		const struct solid_curve *curve = &tidy->curves[i];
		bool is_drawn = false;

		for (int k = 0; curve->poles && !is_drawn && k < tidy->count; k++) {
			int a = class_of(&tidy->curves[k]), b = class_of(curve);

			is_drawn = k != i && tidy->curves[k].poles &&
				   (goes_before(a, b) || (a == b && k < i)) &&
				   lies_on(curve, &paths[k], 4 * tidy->tolerance);
		}
		if (curve->poles && !is_drawn)
			tidy->out[tidy->out_count++] = *curve;
	}
}

/* --- all ------------------------------------------------------------------------------------- */

static double length_of(const struct solid_curve *curve)
{
	double sum = 0;

	if (!curve->poles && curve->seg.kind == SEG_LINE)
		return vec_length(vec_sub(curve->seg.b, curve->seg.a));
	if (!curve->poles)
		return fabs(curve->seg.sweep) * curve->seg.rx;
	for (int i = 1; i < curve->pole_count; i++)
		sum += vec_length(vec_sub(curve->poles[i], curve->poles[i - 1]));
	return sum;
}

static double diagonal_of(const struct solid_curve *curves, int count)
{
	struct box box = {INFINITY, INFINITY, -INFINITY, -INFINITY};

	for (int i = 0; i < count; i++)
		for (int k = 0; k <= 4 * SAMPLES; k++) {
			struct vec p = solid_curve_point(&curves[i], (double)k / (4 * SAMPLES));

			box.x0 = min2(box.x0, p.x);
			box.y0 = min2(box.y0, p.y);
			box.x1 = max2(box.x1, p.x);
			box.y1 = max2(box.y1, p.y);
		}
	return count ? vec_length(vec(box.x1 - box.x0, box.y1 - box.y0)) : 0;
}

struct ranked {
	struct solid_curve curve;
	double key[7]; /* the first that differs decides */
};

static int by_key(const void *a, const void *b)
{
	const struct ranked *p = a, *q = b;

	for (size_t i = 0; i < sizeof(p->key) / sizeof(*p->key); i++)
		if (p->key[i] != q->key[i])
			return p->key[i] < q->key[i] ? -1 : 1;
	return 0;
}

static int kind_of(const struct solid_curve *curve)
{
	return curve->poles ? 2 : curve->seg.kind == SEG_ARC;
}

/* Places are told apart to a tenth of the tolerance, not by how they are rounded. */
static struct ranked rank(const struct solid_curve *curve, double tolerance)
{
	struct vec a = solid_curve_point(curve, 0), b = solid_curve_point(curve, 1);
	struct vec middle = solid_curve_point(curve, 0.5);
	double places[] = {a.x, a.y, middle.x, middle.y, b.x};
	struct ranked ranked = {.curve = *curve, .key = {class_of(curve), kind_of(curve)}};

	for (int i = 0; i < 5; i++)
		ranked.key[2 + i] = round(places[i] / (0.1 * tolerance));
	return ranked;
}

static struct ranked *ranked_copy(const struct solid_curve *curves, int count, double tolerance)
{
	struct ranked *list = mem_alloc((size_t)count, sizeof(*list));

	for (int i = 0; i < count; i++)
		list[i] = rank(&curves[i], tolerance);
	return list;
}

/* Longest first, those too short left out. */
static void take_in(struct tidy *tidy, const struct solid_curve *curves, int count)
{
	struct ranked *list = ranked_copy(curves, count, tidy->tolerance);

	for (int i = 0; i < count; i++) {
		memmove(list[i].key + 1, list[i].key, sizeof(list[i].key) - sizeof(double));
		list[i].key[0] = -round(length_of(&curves[i]) / tidy->tolerance);
	}
	qsort(list, (size_t)count, sizeof(*list), by_key);
	tidy->curves = ARENA_NEW(tidy->arena, struct solid_curve, count);
	for (int i = 0; i < count; i++) {
		struct solid_curve curve = list[i].curve;

		if (!(length_of(&curve) > tidy->tolerance))
			continue;
		if (!curve.poles && curve.seg.kind == SEG_ARC)
			curve.seg = upright_arc(curve.seg);
		tidy->curves[tidy->count++] = curve;
	}
	free(list);
}

int solid_curves_tidy(const struct solid_curve *curves, int count, struct arena *arena,
		      struct solid_curve **out)
{
	struct tidy tidy = {.tolerance = TOLERANCE * diagonal_of(curves, count), .arena = arena};
	struct ranked *list;

	take_in(&tidy, curves, count);
	tidy.taken = ARENA_NEW(arena, bool, tidy.count);
	tidy.out = ARENA_NEW(arena, struct solid_curve, OUT_MOST * tidy.count);
	for (int i = 0; i < tidy.count; i++)
		if (!tidy.taken[i] && !tidy.curves[i].poles)
			tidy_carrier(&tidy, i);
	tidy_splines(&tidy);
	list = ranked_copy(tidy.out, tidy.out_count, tidy.tolerance);
	qsort(list, (size_t)tidy.out_count, sizeof(*list), by_key);
	for (int i = 0; i < tidy.out_count; i++)
		tidy.out[i] = list[i].curve;
	free(list);
	*out = tidy.out;
	return tidy.out_count;
}
