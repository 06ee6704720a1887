/* SPDX-License-Identifier: MIT */
/*
 * On which side of the view each linear dimension stands, and how many rows that makes.
 *
 * Widths stand below or above, heights at the left or right: on the main side of the drawing, but
 * where the extension lines would run through much more of the plate than on the other. Chains stay
 * together, and running dimensions keep the sides that they lie on to themselves. Rows are counted as
 * the engine fills them: the shortest first, each in the nearest row that is free there.
 */
#include <config.h>

#include <math.h>

#include "formats/dimension.h"
#include "render/draft_plate.h"

#define NEARER_SHARE 0.3 /* of the view: shorter extension lines on the other side win */
#define ROWS_MAX 4       /* on the main side; more go to the other one */

/* The coordinates that a dimension in rows joins. */
static bool find_ends(const struct scene *scene, const struct dimension *dim, struct plate_row *row)
{
	struct feature a = {dim->shape, PARAM_X, 0}, b = {dim->shape, dim->param, dim->point};
	int64_t from, to;

	row->is_x =
		dim->kind == DIM_POSITION_X || dim->kind == DIM_LEVEL || dim->kind == DIM_SPACES_X;
	a.param = row->is_x ? PARAM_X : PARAM_Y;
	switch (dim->kind) {
	case DIM_POSITION_X:
	case DIM_POSITION_Y:
		if (scene->arrangement == ARRANGE_RUNNING && dim->from.shape == SCENE_DATUM)
			return false;
		a = dim->from;
		break;
	case DIM_LEVEL:
	case DIM_UPRIGHT:
	case DIM_SPACES_X:
	case DIM_SPACES_Y:
		break;
	default:
		return false;
	}
	from = scene_coordinate(scene, &a, row->is_x);
	to = scene_coordinate(scene, &b, row->is_x);
	row->at[0] = from < to ? from : to;
	row->at[1] = from < to ? to : from;
	return from != to;
}

/* How a feature's lines reach along the extension line: from lo to hi, mm from the datum. */
struct reach {
	double lo, hi;
};

/* A corner of the profile: where the edge that lies along the extension line begins, or the corner. */
static struct reach reach_of_corner(const struct drafter *d, const struct plate_corner *corners,
				    int n, int i, bool is_x)
{
	const struct plate_corner *c = &corners[i];
	double at = drafter_mm(d, is_x ? c->at.y : c->at.x);
	struct reach r = {at, at};

	for (int k = 0; k < 2; k++) {
		struct point q = corners[(i + (k ? 1 : n - 1)) % n].at;
		double to = drafter_mm(d, is_x ? q.y : q.x);
		double setback = c->setback * d->drawing->scale;

		if ((is_x ? q.x - c->at.x : q.y - c->at.y) != 0)
			continue;
		r.lo = r.hi = to > at ? at + setback : at - setback;
	}
	return r;
}

static struct reach reach_about(double middle, double half)
{
	return (struct reach){middle - half, middle + half};
}

/* Of a feature other than the outline that has the coordinate; false: it has not. */
static bool find_reach(const struct drafter *d, const struct shape *s, bool is_x, int64_t at,
		       struct reach *r)
{
	const int64_t *v = s->value;
	enum param axis = is_x ? PARAM_X : PARAM_Y, across = is_x ? PARAM_Y : PARAM_X;
	double start = drafter_mm(d, v[across]), half = drafter_mm(d, plate_hole_width(s)) / 2;
	int64_t far = v[axis];
	double length = 0;

	half += CENTRE_OVER_MM;
	switch (s->kind) {
	case SHAPE_RECTANGLE:
	case SHAPE_ROUNDED_RECTANGLE:
		far += v[is_x ? PARAM_WIDTH : PARAM_HEIGHT];
		length = drafter_mm(d, v[is_x ? PARAM_HEIGHT : PARAM_WIDTH]);
		half = -drafter_mm(d, v[PARAM_R]);
		break;
	case SHAPE_SLOT:
		if (v[PARAM_ANGLE] == (is_x ? 0 : 90000))
			far += v[PARAM_LENGTH];
		else if (v[PARAM_ANGLE] % 90000 == 0)
			length = drafter_mm(d, v[PARAM_LENGTH]);
		half = v[PARAM_ANGLE] % 90000 ? 0 : drafter_mm(d, v[PARAM_R]) + CENTRE_OVER_MM;
		break;
	case SHAPE_HOLE_GRID:
		far += v[is_x ? PARAM_DX : PARAM_DY] * (v[is_x ? PARAM_COLUMNS : PARAM_ROWS] - 1);
		length = drafter_mm(d, v[is_x ? PARAM_DY : PARAM_DX] *
					       (v[is_x ? PARAM_ROWS : PARAM_COLUMNS] - 1));
		break;
	case SHAPE_HOLE_CIRCLE:
		half += drafter_mm(d, v[PARAM_PCD]) / 2;
		break;
	case SHAPE_DISC:
	case SHAPE_HOLE:
	case SHAPE_COUNTERBORE:
	case SHAPE_TAPPED_HOLE:
		break;
	default:
		return false;
	}
	*r = reach_about(start + length / 2, length / 2 + half);
	return at == v[axis] || at == far;
}

double plate_start(const struct drafter *d, bool is_x, int64_t at, enum plate_side side)
{
	const struct scene *scene = d->scene;
	bool low = side == SIDE_LEFT || side == SIDE_BELOW;
	double start = low ? INFINITY : -INFINITY;
	struct plate_corner corners[SHAPE_POINTS_MAX];
	struct reach r;
	int n = 0;

	if (scene->shapes[plate_body(scene)].kind == SHAPE_PROFILE)
		n = plate_corners(scene, corners);
	for (int i = 0; i < n; i++) {
		if ((is_x ? corners[i].at.x : corners[i].at.y) != at)
			continue;
		r = reach_of_corner(d, corners, n, i, is_x);
		start = low ? min2(start, r.lo) : max2(start, r.hi);
	}
	for (int i = 0; i < scene->shape_count; i++)
		if (find_reach(d, &scene->shapes[i], is_x, at, &r))
			start = low ? min2(start, r.lo) : max2(start, r.hi);
	return start;
}

/* How far the extension lines run through the view on that side, in shares of the view. */
static double through_view(const struct drafter *d, const struct plate_plan *plan,
			   const struct plate_row *row, enum plate_side side)
{
	const struct box *b = &plan->view;
	double edges[SIDES_OF_PLATE] = {b->x0, b->x1, b->y0, b->y1};
	double across = row->is_x ? b->y1 - b->y0 : b->x1 - b->x0, sum = 0;

	for (int k = 0; k < 2; k++) {
		double start = plate_start(d, row->is_x, row->at[k], side);

		sum += fabs(start - edges[side]) / across;
	}
	return sum;
}

/* Rows of one side while they are filled. */
struct shelf {
	int count; /* of dimensions */
	int64_t (*spans)[2];
	int *rows;
	int row_count;
};

static int free_row(const struct shelf *s, const int64_t span[2])
{
	for (int row = 0;; row++) {
		bool taken = false;

		for (int i = 0; i < s->count && !taken; i++)
			taken = s->rows[i] == row && s->spans[i][0] < span[1] &&
				span[0] < s->spans[i][1];
		if (!taken)
			return row;
	}
}

static void put(struct shelf *s, const int64_t span[2])
{
	int row = free_row(s, span);

	s->spans[s->count][0] = span[0];
	s->spans[s->count][1] = span[1];
	s->rows[s->count++] = row;
	s->row_count = row + 1 > s->row_count ? row + 1 : s->row_count;
}

static enum plate_side other_side(enum plate_side side)
{
	static const enum plate_side other[] = {SIDE_RIGHT, SIDE_LEFT, SIDE_ABOVE, SIDE_BELOW};

	return other[side];
}

static enum plate_side pick_side(const struct drafter *d, const struct plate_plan *plan,
				 const struct plate_row *row, enum plate_side main,
				 const struct shelf *shelves)
{
	enum plate_side other = other_side(main);
	double gain = through_view(d, plan, row, main) - through_view(d, plan, row, other);

	if (d->scene->arrangement != ARRANGE_PARALLEL)
		return main;
	if (gain > NEARER_SHARE)
		return other;
	if (gain > -NEARER_SHARE && free_row(&shelves[main], row->at) >= ROWS_MAX &&
	    shelves[other].row_count < shelves[main].row_count)
		return other;
	return main;
}

/* The indices of the dimensions in rows, the shortest first. */
static int sort_rows(const struct drafter *d, const struct plate_plan *plan, int *order)
{
	int count = 0;

	for (int i = 0; i < d->scene->dimension_count; i++) {
		int at = count;
		int64_t length = plan->rows[i].at[1] - plan->rows[i].at[0];

		if (!plan->rows[i].in_rows)
			continue;
		for (; at > 0 &&
		       plan->rows[order[at - 1]].at[1] - plan->rows[order[at - 1]].at[0] > length;
		     at--)
			order[at] = order[at - 1];
		order[at] = i;
		count++;
	}
	return count;
}

static void fill_sides(struct drafter *d, struct plate_plan *plan)
{
	int n = d->scene->dimension_count, *order = ARENA_NEW(d->arena, int, n);
	bool running = d->scene->arrangement == ARRANGE_RUNNING;
	bool below = rng_chance(d->rng, 0.7), left = rng_chance(d->rng, 0.6);
	enum plate_side main_x = below && !running ? SIDE_BELOW : SIDE_ABOVE;
	enum plate_side main_y = left && !running ? SIDE_LEFT : SIDE_RIGHT;
	struct shelf shelves[SIDES_OF_PLATE];

	for (int i = 0; i < SIDES_OF_PLATE; i++) {
		shelves[i] = (struct shelf){.rows = ARENA_NEW(d->arena, int, n)};
		shelves[i].spans = arena_alloc(d->arena, (size_t)n, sizeof(*shelves[i].spans));
	}
	n = sort_rows(d, plan, order);
	for (int i = 0; i < n; i++) {
		struct plate_row *row = &plan->rows[order[i]];

		row->side = pick_side(d, plan, row, row->is_x ? main_x : main_y, shelves);
		put(&shelves[row->side], row->at);
	}
	for (int i = 0; i < SIDES_OF_PLATE; i++)
		plan->row_count[i] = shelves[i].row_count;
}

struct plate_plan *plate_plan_new(struct drafter *d)
{
	struct plate_plan *plan = ARENA_NEW(d->arena, struct plate_plan, 1);
	struct plate_box box = plate_box(d->scene);
	const struct scene *scene = d->scene;

	plan->view = (struct box){drafter_mm(d, box.x0), drafter_mm(d, box.y0),
				  drafter_mm(d, box.x1), drafter_mm(d, box.y1)};
	plan->rows = ARENA_NEW(d->arena, struct plate_row, scene->dimension_count);
	for (int i = 0; i < scene->dimension_count; i++)
		plan->rows[i].in_rows = (!scene->dimensions[i].reference || d->references) &&
					find_ends(scene, &scene->dimensions[i], &plan->rows[i]);
	fill_sides(d, plan);
	return plan;
}
