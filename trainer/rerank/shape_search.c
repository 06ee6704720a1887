/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/rerank/shape_search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "formats/scene/path.h"
#include "trainer/score/label_number.h"

#define ON_LINE 1.5      /* px: outlines that are a bit off are refined later */
#define CORNER_OFF 2.5   /* px */
#define LINE_OFF 8       /* one in so many points of a line need not be on it */
#define STEP 0.7         /* px: between points of an outline */
#define CHORD 0.2        /* px */
#define SHARE_LEAST 0.88 /* of the outline on thick lines */
#define SIZE_LEAST 4.0   /* px: smaller ones lie on any line */
#define ANGLE_STEP 5000
#define GAP_MOST 2
#define ARC_LEAST 12.0  /* px of it */
#define CORNERS_MOST 48 /* anchors on lines that may be points of triangles and polylines */
#define POINTS_MOST 5   /* of polylines */
#define SWEEP_LEAST 4   /* steps of an arc */
#define SIDES_MOST 8

/* --- numbers -------------------------------------------------------------------------------- */

static void add_number(int64_t list[SHAPE_NUMBERS_MAX], int *count, int64_t value)
{
	for (int i = 0; i < *count; i++)
		if (list[i] == value)
			return;
	if (*count < SHAPE_NUMBERS_MAX)
		list[(*count)++] = value;
}

/* What is printed across may be said from the middle, and the other way round. */
void shape_numbers_add(struct shape_numbers *numbers, const struct shape *shape)
{
	struct label_number all[LABEL_NUMBERS_MAX];
	int n = label_numbers_of_shape(shape, all);

	for (int i = 0; i < n; i++) {
		int64_t v = all[i].value;

		switch (label_number_kind(&all[i])) {
		case KIND_COORD:
		case KIND_POINT_LIST:
			add_number(numbers->coords, &numbers->coord_count, v);
			break;
		case KIND_LENGTH:
			add_number(numbers->lengths, &numbers->length_count, v);
			add_number(numbers->lengths, &numbers->length_count, 2 * v);
			if (v % 2 == 0)
				add_number(numbers->lengths, &numbers->length_count, v / 2);
			break;
		default:
			break;
		}
	}
}

void shape_numbers_step(struct shape_numbers *numbers, int64_t from, int64_t to, int64_t step)
{
	for (int64_t v = from; v <= to; v += step)
		add_number(numbers->lengths, &numbers->length_count, v);
}

/* --- points --------------------------------------------------------------------------------- */

/* Round each ridge of a thick line. */
static uint8_t *thick_pixels(const struct ridges *r, struct arena *arena)
{
	size_t side = (size_t)r->side;
	uint8_t *near = ARENA_NEW(arena, uint8_t, side * side);
	int reach = (int)ON_LINE + 1;

	for (int i = 0; i < r->count; i++) {
		const struct ridge *ridge = &r->list[i];
		int x = (int)lround(ridge->x), y = (int)lround(ridge->y);

		for (int v = y - reach; v <= y + reach && ridge->is_thick; v++)
			for (int u = x - reach; u <= x + reach; u++)
				if (u >= 0 && v >= 0 && u < r->side && v < r->side &&
				    hypot(u - ridge->x, v - ridge->y) <= ON_LINE)
					near[(size_t)v * side + (size_t)u] = 1;
	}
	return near;
}

struct shape_search shape_search_at(const struct ridges *ridges, const struct placing *placing,
				    enum unit unit, struct arena *arena)
{
	double mm = unit_mm(unit) / 1000, scale = placing->scale * mm;

	struct shape_search s = {.ridges = ridges,
				 .placing = *placing,
				 .mm = mm,
				 .near = thick_pixels(ridges, arena),
				 .words = (ridges->count + 63) / 64,
				 .cos = scale * cos(placing->turn),
				 .sin = scale * sin(placing->turn),
				 .arena = arena};

	for (int i = 0; i < SHAPE_DIRECTIONS; i++) {
		double angle = i * (2 * M_PI / SHAPE_DIRECTIONS);

		s.directions[i] = vec(cos(angle), sin(angle));
	}
	return s;
}

static double px_of(const struct shape_search *s, double length)
{
	return length * s->mm * s->placing.scale;
}

/* v in thousandths of the unit. */
static struct vec on_picture(const struct shape_search *s, struct vec v)
{
	return vec(s->placing.x + s->cos * v.x - s->sin * v.y,
		   s->placing.y - s->sin * v.x - s->cos * v.y);
}

static bool is_near(const struct shape_search *s, struct vec at)
{
	int side = s->ridges->side;

	return at.x >= 0 && at.y >= 0 && at.x < side - 0.5 && at.y < side - 0.5 &&
	       s->near[(size_t)(at.y + 0.5) * (size_t)side + (size_t)(at.x + 0.5)];
}

static bool is_on(const struct shape_search *s, struct vec v)
{
	return is_near(s, on_picture(s, v));
}

/* The middles of lines pass by sharp corners. */
static bool is_corner(const struct shape_search *s, struct vec v)
{
	struct vec at = on_picture(s, v);

	return is_near(s, at) || is_near(s, vec(at.x - CORNER_OFF, at.y)) ||
	       is_near(s, vec(at.x + CORNER_OFF, at.y)) ||
	       is_near(s, vec(at.x, at.y - CORNER_OFF)) || is_near(s, vec(at.x, at.y + CORNER_OFF));
}

/* Whether points between both are, nearly all of them. */
static bool is_line(const struct shape_search *s, struct vec a, struct vec b)
{
	struct vec d = vec_sub(b, a);
	int n = (int)(px_of(s, vec_length(d)) / 2) + 2, off = 0;

	for (int i = 1; i < n; i++) {
		off += !is_on(s, vec_add(a, vec_scale(d, (double)i / n)));
		if (off > n / LINE_OFF)
			return false;
	}
	return true;
}

static struct vec off_by(struct vec from, struct vec along, double length)
{
	return vec_add(from, vec_scale(along, length));
}

/* --- a shape on the picture ----------------------------------------------------------------- */

/* Takes the ridge next to a point on a thick line into the set, if it goes on. */
static void take_line(const struct shape_search *s, struct vec at, uint64_t *lines)
{
	const struct ridges *r = s->ridges;
	int32_t i = r->near_thick[(size_t)(at.y + 0.5) * (size_t)r->side + (size_t)(at.x + 0.5)];

	if (i >= 0)
		lines[i / 64] |= (uint64_t)1 << i % 64;
}

/* Along one piece, from its first point on by `first`; returns by how much the next piece goes on. */
static double look_along(const struct shape_search *s, struct vec a, struct vec b, double first,
			 struct found_shape *out, int counts[2])
{
	double length = hypot(b.x - a.x, b.y - a.y), at = first;

	for (; at < length; at += STEP) {
		struct vec point = vec_add(a, vec_scale(vec_sub(b, a), at / length));
		double off = ridges_distance(s->ridges, point.x, point.y);

		out->off += STEP * (off > RIDGES_THIN_OFF ? off - RIDGES_THIN_OFF : off);
		counts[0]++;
		if (!is_near(s, point))
			continue;
		counts[1]++;
		take_line(s, point, out->lines);
	}
	return at - length;
}

double shape_search_look(const struct shape_search *s, const struct shape *shape,
			 struct found_shape *out)
{
	struct arena_mark mark = arena_mark(s->arena);
	struct path path = path_from_shape(shape, s->arena);
	struct polyline line = polyline_from_path(&path, CHORD / px_of(s, 1000), s->arena);
	int counts[2] = {0}, pieces = line.closed ? line.count : line.count - 1;
	double first = STEP / 2;

	out->shape = *shape;
	out->off = out->cost = 0;
	memset(out->lines, 0, (size_t)s->words * sizeof(*out->lines));
	for (int i = 0; i < pieces; i++) {
		struct vec a = vec_scale(line.points[i], 1000);
		struct vec b = vec_scale(line.points[(i + 1) % line.count], 1000);

		first = look_along(s, on_picture(s, a), on_picture(s, b), first, out, counts);
	}
	arena_release(s->arena, mark);
	return counts[0] ? (double)counts[1] / counts[0] : 0;
}

static void add(struct shape_search *s, const struct shape *shape)
{
	struct found_shape *one = &s->found[s->count];

	if (s->count == SHAPES_FOUND_MAX || shape_check(shape, NULL) < 0)
		return;
	if (shape_search_look(s, shape, one) >= SHARE_LEAST)
		s->count++;
}

/* --- kinds ---------------------------------------------------------------------------------- */

/* Where a shape may be, and what sizes it may have. */
struct anchor {
	int64_t x, y;
	struct vec at;
	bool is_on; /* a thick line */
	const struct shape_numbers *numbers;
};

static struct shape at_anchor(const struct anchor *a, enum shape_kind kind, int step)
{
	struct shape shape = {.kind = kind};

	shape.value[PARAM_X] = a->x;
	shape.value[PARAM_Y] = a->y;
	if (shape_has_param(kind, PARAM_ANGLE))
		shape.value[PARAM_ANGLE] = (int64_t)step * ANGLE_STEP;
	return shape;
}

static void find_lines(struct shape_search *s, const struct anchor *a, int step)
{
	struct vec d = s->directions[step];
	struct shape shape = at_anchor(a, SHAPE_LINE, step);

	for (int i = 0; i < a->numbers->length_count; i++) {
		int64_t length = a->numbers->lengths[i];

		shape.value[PARAM_LENGTH] = length;
		if (is_on(s, off_by(a->at, d, (double)length)) &&
		    is_line(s, a->at, off_by(a->at, d, (double)length)))
			add(s, &shape);
	}
}

static void find_rectangles(struct shape_search *s, const struct anchor *a, int step)
{
	struct vec d = s->directions[step], n = vec_perp(d);
	struct shape shape = at_anchor(a, SHAPE_RECTANGLE, step);
	const struct shape_numbers *numbers = a->numbers;

	for (int i = 0; i < numbers->length_count; i++) {
		double w = (double)numbers->lengths[i];
		struct vec right = off_by(a->at, d, w);

		if (!is_on(s, right) || !is_line(s, a->at, right))
			continue;
		for (int k = 0; k < numbers->length_count; k++) {
			double h = (double)numbers->lengths[k];

			if (!is_on(s, off_by(a->at, n, h)) || !is_on(s, off_by(right, n, h)) ||
			    !is_on(s, off_by(right, n, h / 2)))
				continue;
			shape.value[PARAM_WIDTH] = numbers->lengths[i];
			shape.value[PARAM_HEIGHT] = numbers->lengths[k];
			add(s, &shape);
		}
	}
}

static void round_corners(struct shape_search *s, struct shape *shape,
			  const struct shape_numbers *numbers)
{
	int64_t w = shape->value[PARAM_WIDTH], h = shape->value[PARAM_HEIGHT];

	for (int i = 0; i < numbers->length_count; i++) {
		int64_t r = numbers->lengths[i];

		shape->value[PARAM_R] = r;
		if (2 * r <= w && 2 * r <= h && px_of(s, (double)r) >= SIZE_LEAST / 2)
			add(s, shape);
	}
}

static void find_rounded(struct shape_search *s, const struct anchor *a, int step)
{
	struct vec d = s->directions[step], n = vec_perp(d);
	struct shape shape = at_anchor(a, SHAPE_ROUNDED_RECTANGLE, step);
	const struct shape_numbers *numbers = a->numbers;

	for (int i = 0; i < numbers->length_count; i++) {
		double w = (double)numbers->lengths[i];
		struct vec low = off_by(a->at, d, w / 2), right = off_by(a->at, d, w);

		if (!is_on(s, low))
			continue;
		for (int k = 0; k < numbers->length_count; k++) {
			double h = (double)numbers->lengths[k];

			if (!is_on(s, off_by(low, n, h)) || !is_on(s, off_by(right, n, h / 2)) ||
			    !is_on(s, off_by(a->at, n, h / 2)))
				continue;
			shape.value[PARAM_WIDTH] = numbers->lengths[i];
			shape.value[PARAM_HEIGHT] = numbers->lengths[k];
			round_corners(s, &shape, numbers);
		}
	}
}

static void find_slots(struct shape_search *s, const struct anchor *a, int step)
{
	struct vec d = s->directions[step], n = vec_perp(d);
	struct shape shape = at_anchor(a, SHAPE_SLOT, step);
	const struct shape_numbers *numbers = a->numbers;

	for (int i = 0; i < numbers->length_count; i++) {
		double r = (double)numbers->lengths[i];

		if (!is_on(s, off_by(a->at, d, -r)) || !is_on(s, off_by(a->at, n, r)) ||
		    !is_on(s, off_by(a->at, n, -r)))
			continue;
		for (int k = 0; k < numbers->length_count; k++) {
			double length = (double)numbers->lengths[k];

			if (!is_on(s, off_by(a->at, d, length + r)) ||
			    !is_on(s, off_by(off_by(a->at, d, length / 2), n, r)))
				continue;
			shape.value[PARAM_R] = numbers->lengths[i];
			shape.value[PARAM_LENGTH] = numbers->lengths[k];
			add(s, &shape);
		}
	}
}

/* A turned one has its longer axis first. */
static void find_ellipses(struct shape_search *s, const struct anchor *a, int step)
{
	struct vec d = s->directions[step], n = vec_perp(d);
	struct shape shape = at_anchor(a, SHAPE_ELLIPSE, step);
	const struct shape_numbers *numbers = a->numbers;

	for (int i = 0; i < numbers->length_count; i++) {
		double rx = (double)numbers->lengths[i];

		if (!is_on(s, off_by(a->at, d, rx)) || !is_on(s, off_by(a->at, d, -rx)))
			continue;
		for (int k = 0; k < numbers->length_count; k++) {
			double ry = (double)numbers->lengths[k];

			if ((step ? ry >= rx : ry == rx) || !is_on(s, off_by(a->at, n, ry)) ||
			    !is_on(s, off_by(a->at, n, -ry)))
				continue;
			shape.value[PARAM_RX] = numbers->lengths[i];
			shape.value[PARAM_RY] = numbers->lengths[k];
			add(s, &shape);
		}
	}
}

/* One corner in the direction, which is the first one from 0. */
static void find_polygons(struct shape_search *s, const struct anchor *a, int step)
{
	struct shape shape = at_anchor(a, SHAPE_POLYGON, step);
	double angle = step * (2 * M_PI / SHAPE_DIRECTIONS);

	for (int i = 0; i < a->numbers->length_count; i++) {
		double r = (double)a->numbers->lengths[i];

		if (!is_on(s, off_by(a->at, s->directions[step], r)))
			continue;
		shape.value[PARAM_R] = a->numbers->lengths[i];
		for (int sides = 3; sides <= SIDES_MOST && sides * step < SHAPE_DIRECTIONS;
		     sides++) {
			double next = angle + 2 * M_PI / sides;

			shape.value[PARAM_SIDES] = sides;
			if (is_on(s, off_by(a->at, vec(cos(next), sin(next)), r)))
				add(s, &shape);
		}
	}
}

/* Lines that cross it leave gaps. */
static void fill_gaps(bool on[SHAPE_DIRECTIONS])
{
	for (int i = 0; i < SHAPE_DIRECTIONS; i++)
		for (int gap = 1; gap <= GAP_MOST && on[i]; gap++)
			if (on[(i + gap + 1) % SHAPE_DIRECTIONS])
				for (int k = 1; k <= gap; k++)
					on[(i + k) % SHAPE_DIRECTIONS] = true;
}

/* The longest run of directions in which a circle is drawn: an arc, or all of it. */
static void find_arc(struct shape_search *s, const struct anchor *a, int64_t r)
{
	struct shape shape = at_anchor(a, SHAPE_ARC, 0);
	bool on[SHAPE_DIRECTIONS];
	int start = 0, longest = 0;

	shape.value[PARAM_R] = r;
	for (int i = 0; i < SHAPE_DIRECTIONS; i++)
		on[i] = is_on(s, off_by(a->at, s->directions[i], (double)r));
	fill_gaps(on);
	for (int i = 0; i < SHAPE_DIRECTIONS; i++) {
		int n = 0;

		while (n < SHAPE_DIRECTIONS && on[(i + n) % SHAPE_DIRECTIONS])
			n++;
		if (n > longest) {
			longest = n;
			start = i;
		}
	}
	if (longest == SHAPE_DIRECTIONS) {
		shape.kind = SHAPE_CIRCLE;
		add(s, &shape);
	} else if (longest > SWEEP_LEAST &&
		   px_of(s, (double)r) * longest * 2 * M_PI / SHAPE_DIRECTIONS >= ARC_LEAST) {
		shape.value[PARAM_START] = (int64_t)start * ANGLE_STEP;
		shape.value[PARAM_SWEEP] = (int64_t)(longest - 1) * ANGLE_STEP;
		add(s, &shape);
	}
}

static void find_round(struct shape_search *s, const struct anchor *a)
{
	for (int i = 0; i < a->numbers->length_count; i++)
		if (px_of(s, (double)a->numbers->lengths[i]) >= SIZE_LEAST)
			find_arc(s, a, a->numbers->lengths[i]);
}

static void find_at(struct shape_search *s, const struct anchor *a)
{
	for (int step = 0; step < SHAPE_DIRECTIONS; step++) {
		if (a->is_on && step < SHAPE_DIRECTIONS / 2)
			find_lines(s, a, step);
		if (a->is_on && step < SHAPE_DIRECTIONS / 4)
			find_rectangles(s, a, step);
		if (step < SHAPE_DIRECTIONS / 4)
			find_rounded(s, a, step);
		if (step < SHAPE_DIRECTIONS / 2) {
			find_slots(s, a, step);
			find_ellipses(s, a, step);
		}
		if (3 * step < SHAPE_DIRECTIONS)
			find_polygons(s, a, step);
	}
	find_round(s, a);
}

/* --- points --------------------------------------------------------------------------------- */

struct corners {
	struct point at[CORNERS_MOST];
	int count;
	bool joined[CORNERS_MOST][CORNERS_MOST]; /* by a thick line */
};

static struct vec corner(const struct corners *c, int i)
{
	return vec((double)c->at[i].x, (double)c->at[i].y);
}

static void join(const struct shape_search *s, struct corners *c)
{
	for (int i = 0; i < c->count; i++)
		for (int k = 0; k < i; k++)
			c->joined[i][k] = c->joined[k][i] =
				px_of(s, vec_length(vec_sub(corner(c, i), corner(c, k)))) >=
					SIZE_LEAST &&
				is_line(s, corner(c, i), corner(c, k));
}

/* From the lowest corner, the left one of two, counter-clockwise. */
static void find_triangles(struct shape_search *s, const struct corners *c)
{
	for (int i = 0; i < c->count; i++)
		for (int k = 0; k < c->count; k++)
			for (int l = 0; l < c->count; l++) {
				const struct point *p = &c->at[i], *q = &c->at[k], *t = &c->at[l];
				struct shape shape = {.kind = SHAPE_TRIANGLE,
						      .point_count = 3,
						      .points = {*p, *q, *t}};

				if (!c->joined[i][k] || !c->joined[k][l] || !c->joined[l][i] ||
				    p->y > q->y || p->y > t->y || (p->y == q->y && p->x > q->x) ||
				    (p->y == t->y && p->x > t->x))
					continue;
				add(s, &shape);
			}
}

/* On from the last two points. */
static bool goes_straight(const struct shape *shape, const struct point *next)
{
	const struct point *b = &shape->points[shape->point_count - 1], *a = b - 1;

	return shape->point_count > 1 &&
	       (b->x - a->x) * (next->y - b->y) == (b->y - a->y) * (next->x - b->x);
}

/* Goes on to the right, or straight up or down, from the last point. */
static void find_polylines(struct shape_search *s, const struct corners *c, struct shape *shape,
			   int last)
{
	if (shape->point_count >= 3)
		add(s, shape);
	if (shape->point_count == POINTS_MOST)
		return;
	for (int i = 0; i < c->count; i++) {
		if (!c->joined[last][i] || c->at[i].x < c->at[last].x ||
		    goes_straight(shape, &c->at[i]))
			continue;
		shape->points[shape->point_count++] = c->at[i];
		find_polylines(s, c, shape, i);
		shape->point_count--;
	}
}

static void find_of_points(struct shape_search *s, struct corners *c)
{
	join(s, c);
	find_triangles(s, c);
	for (int i = 0; i < c->count; i++) {
		struct shape shape = {
			.kind = SHAPE_POLYLINE, .point_count = 1, .points = {c->at[i]}};

		find_polylines(s, c, &shape, i);
	}
}

void shape_search_all(struct shape_search *s, const struct shape_numbers *numbers)
{
	struct corners corners = {.count = 0};
	uint64_t *sets = ARENA_NEW(s->arena, uint64_t, (size_t)s->words * (SHAPES_FOUND_MAX + 1));

	s->found = ARENA_NEW(s->arena, struct found_shape, SHAPES_FOUND_MAX + 1);
	for (int i = 0; i <= SHAPES_FOUND_MAX; i++)
		s->found[i].lines = sets + (size_t)i * (size_t)s->words;
	for (int i = 0; i < numbers->coord_count; i++)
		for (int k = 0; k < numbers->coord_count; k++) {
			struct anchor a = {.x = numbers->coords[i],
					   .y = numbers->coords[k],
					   .numbers = numbers};

			a.at = vec((double)a.x, (double)a.y);
			a.is_on = is_corner(s, a.at);
			find_at(s, &a);
			if (a.is_on && corners.count < CORNERS_MOST)
				corners.at[corners.count++] = (struct point){a.x, a.y};
		}
	find_of_points(s, &corners);
}
