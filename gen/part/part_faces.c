/* SPDX-License-Identifier: MIT */
/*
 * Faces of prisms. A polygon's edge is cut up at all coordinates of the polygon's corners; behind each
 * piece the solid is equally deep all over, and pieces that are alike in that are one face. The ends of
 * the prism have the largest rectangles that the polygon holds as faces, which may overlap: what is
 * made on one of them is in the way on the other.
 */
#include <config.h>

#include "gen/part/part_maker.h"

struct prism {
	int axis;
	const struct part_point *points;
	int count;
	int64_t lo, hi;
};

/* Along the edges' direction `along` (0: u) and across it. */
static int64_t get(struct part_point p, int along)
{
	return along == 0 ? p.x : p.y;
}

static struct part_point make(int along, int64_t on, int64_t across)
{
	return along == 0 ? (struct part_point){on, across} : (struct part_point){across, on};
}

/* All coordinates of corners in a direction, sorted, each once. */
static int coordinates(const struct prism *p, int along, int64_t out[PART_POINTS_MAX])
{
	int n = 0;

	for (int i = 0; i < p->count; i++) {
		int64_t at = get(p->points[i], along);
		int k = n;

		while (k > 0 && out[k - 1] > at)
			k--;
		if (k > 0 && out[k - 1] == at)
			continue;
		for (int j = n++; j > k; j--)
			out[j] = out[j - 1];
		out[k] = at;
	}
	return n;
}

/* Where a line across `along` through a place that is no corner's meets edges, sorted. */
static int crossings(const struct prism *p, int along, double on, int64_t out[PART_POINTS_MAX])
{
	int n = 0;

	for (int i = 0; i < p->count; i++) {
		struct part_point a = p->points[i], b = p->points[(i + 1) % p->count];
		int64_t from = part_least(get(a, along), get(b, along));
		int64_t to = part_most(get(a, along), get(b, along)), at = get(a, !along);
		int k = n;

		if (!((double)from < on && on < (double)to))
			continue;
		for (; k > 0 && out[k - 1] > at; k--)
			out[k] = out[k - 1];
		out[k] = at;
		n++;
	}
	return n;
}

struct behind {
	int64_t depth, all, clear;
};

/* What is behind and before the edge that lies at `at` and looks up (sign > 0) or down. */
static struct behind look(const struct prism *p, int along, double on, int64_t at, int sign)
{
	int64_t list[PART_POINTS_MAX];
	int n = crossings(p, along, on, list), i = 0;
	struct behind b = {0};

	while (i < n && list[i] != at)
		i++;
	if (sign > 0) {
		b.depth = at - list[i - 1];
		b.all = at - list[0];
		b.clear = i + 1 < n ? list[i + 1] - at : INT64_MAX;
	} else {
		b.depth = list[i + 1] - at;
		b.all = list[n - 1] - at;
		b.clear = i > 0 ? at - list[i - 1] : INT64_MAX;
	}
	return b;
}

static int64_t edge_length(struct part_point a, struct part_point b)
{
	int64_t x = a.x - b.x, y = a.y - b.y;

	return (x < 0 ? -x : x) + (y < 0 ? -y : y);
}

/* What the end of edge i, or its start, is; the polygon is counter-clockwise. */
static struct part_side side_of(const struct prism *p, int i, bool at_end, int64_t depth)
{
	const struct part_point *points = p->points;
	int n = p->count, k = at_end ? (i + 1) % n : i;
	struct part_point before = points[(k + n - 1) % n], at = points[k],
			  after = points[(k + 1) % n];
	int64_t turn = (at.x - before.x) * (after.y - at.y) - (at.y - before.y) * (after.x - at.x);
	int64_t length = at_end ? edge_length(at, after) : edge_length(before, at);

	if (turn > 0)
		return (struct part_side){PART_SIDE_OPEN, part_least(length, depth), 0};
	return (struct part_side){PART_SIDE_WALL, length, 0};
}

static void add_piece(struct part_maker *m, const struct prism *p, int i, int64_t from, int64_t to,
		      struct behind behind)
{
	struct part_point a = p->points[i], b = p->points[(i + 1) % p->count];
	int along = a.y == b.y ? 0 : 1;
	bool rises = get(b, along) > get(a, along);
	/* Counter-clockwise, the solid is to the left. */
	int sign = (along == 0) == rises ? -1 : 1;
	struct part_face face = {
		.axis = (p->axis + 1 + !along) % PART_AXES,
		.sign = sign,
		.at = get(a, !along),
		.depth = behind.depth,
		.through = behind.depth,
		.all = behind.all,
		.clear = behind.clear,
	};
	/* Of the face, u or v is the prism's axis. */
	bool axis_is_u = (face.axis + 1) % PART_AXES == p->axis;
	int lo = axis_is_u ? PART_V_LO : PART_U_LO, ends = axis_is_u ? PART_U_LO : PART_V_LO;

	face.lo = axis_is_u ? (struct part_point){p->lo, from} : (struct part_point){from, p->lo};
	face.hi = axis_is_u ? (struct part_point){p->hi, to} : (struct part_point){to, p->hi};
	face.sides[ends] = face.sides[ends + 1] =
		(struct part_side){PART_SIDE_OPEN, behind.depth, 0};
	if (from == part_least(get(a, along), get(b, along)))
		face.sides[lo] = side_of(p, i, !rises, behind.depth);
	if (to == part_most(get(a, along), get(b, along)))
		face.sides[lo + 1] = side_of(p, i, rises, behind.depth);
	part_add_face(m, &face);
}

static void add_edge(struct part_maker *m, const struct prism *p, int i)
{
	struct part_point a = p->points[i], b = p->points[(i + 1) % p->count];
	int along = a.y == b.y ? 0 : 1, n, k = 0;
	int64_t from = part_least(get(a, along), get(b, along));
	int64_t to = part_most(get(a, along), get(b, along)), list[PART_POINTS_MAX];
	bool rises = get(b, along) > get(a, along);
	int sign = (along == 0) == rises ? -1 : 1;

	n = coordinates(p, along, list);
	while (list[k] != from)
		k++;
	while (k < n && list[k] < to) {
		int64_t at = get(a, !along);
		int first = k;
		struct behind b0 = look(p, along, (double)(list[k] + list[k + 1]) / 2, at, sign);
		bool alike = true;

		for (k++; list[k] < to && alike; k += alike) {
			struct behind b1 =
				look(p, along, (double)(list[k] + list[k + 1]) / 2, at, sign);

			alike = b1.depth == b0.depth && b1.all == b0.all && b1.clear == b0.clear;
		}
		add_piece(m, p, i, list[first], list[k], b0);
	}
}

/* Whether the solid fills the rectangle. */
static bool is_filled(const struct prism *p, struct part_point lo, struct part_point hi)
{
	int64_t xs[PART_POINTS_MAX], cross[PART_POINTS_MAX];
	int n = coordinates(p, 0, xs);

	for (int i = 0; i + 1 < n; i++) {
		bool filled = false;
		int count;

		if (xs[i] < lo.x || xs[i] >= hi.x)
			continue;
		count = crossings(p, 0, (double)(xs[i] + xs[i + 1]) / 2, cross);
		for (int k = 0; k + 1 < count; k += 2)
			filled = filled || (cross[k] <= lo.y && cross[k + 1] >= hi.y);
		if (!filled)
			return false;
	}
	return true;
}

void part_add_end_faces(struct part_maker *m, struct part_face like, int64_t lo, int64_t hi)
{
	like.depth = like.through = like.all = hi - lo;
	like.clear = INT64_MAX;
	for (int side = 0; side < PART_SIDES; side++)
		like.sides[side].high = hi - lo;
	like.sign = 1;
	like.at = hi;
	part_add_face(m, &like);
	like.sign = -1;
	like.at = lo;
	part_add_face(m, &like);
}

/* Whether one side of the rectangle lies on an edge of the polygon all along. */
static bool is_on_edge(const struct prism *p, int along, int64_t at, int64_t from, int64_t to)
{
	for (int i = 0; i < p->count; i++) {
		struct part_point a = p->points[i], b = p->points[(i + 1) % p->count];

		if (get(a, !along) == at && get(b, !along) == at &&
		    part_least(get(a, along), get(b, along)) <= from &&
		    part_most(get(a, along), get(b, along)) >= to)
			return true;
	}
	return false;
}

/* The largest one that begins with these columns and rows: in no other one. */
static bool is_largest(const struct prism *p, struct part_point lo, struct part_point hi)
{
	int64_t list[PART_POINTS_MAX];

	for (int along = 0; along < 2; along++) {
		int n = coordinates(p, along, list);

		for (int i = 0; i < n; i++) {
			int64_t at = list[i];

			if (at < get(lo, along) &&
			    is_filled(p, make(along, at, get(lo, !along)), hi))
				return false;
			if (at > get(hi, along) &&
			    is_filled(p, lo, make(along, at, get(hi, !along))))
				return false;
		}
	}
	return true;
}

static void add_rectangle(struct part_maker *m, const struct prism *p, struct part_point lo,
			  struct part_point hi)
{
	struct part_face face = {.axis = p->axis, .lo = lo, .hi = hi};
	const int64_t at[PART_SIDES] = {lo.x, hi.x, lo.y, hi.y};

	for (int side = 0; side < PART_SIDES; side++) {
		int along = side < PART_V_LO ? 1 : 0;

		if (is_on_edge(p, along, at[side], get(lo, along), get(hi, along)))
			face.sides[side].kind = PART_SIDE_OPEN;
	}
	part_add_end_faces(m, face, p->lo, p->hi);
}

static void add_ends(struct part_maker *m, const struct prism *p)
{
	int64_t xs[PART_POINTS_MAX], ys[PART_POINTS_MAX];
	int columns = coordinates(p, 0, xs), rows = coordinates(p, 1, ys);

	for (int a = 0; a < columns; a++)
		for (int b = a + 1; b < columns; b++)
			for (int c = 0; c < rows; c++)
				for (int d = c + 1; d < rows; d++) {
					struct part_point lo = {xs[a], ys[c]}, hi = {xs[b], ys[d]};

					if (is_filled(p, lo, hi) && is_largest(p, lo, hi))
						add_rectangle(m, p, lo, hi);
				}
}

void part_add_polygon_faces(struct part_maker *m, int axis, const struct part_point *points,
			    int count, int64_t lo, int64_t hi)
{
	struct prism p = {axis, points, count, lo, hi};

	add_ends(m, &p);
	for (int i = 0; i < count; i++)
		add_edge(m, &p, i);
}
