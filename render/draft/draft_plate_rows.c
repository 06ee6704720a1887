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

#include "formats/drawing/dimension.h"
#include "render/draft/draft_plate.h"

#define NEARER_SHARE 0.3 /* of the view: shorter extension lines on the other side win */
#define ROWS_MAX 4       /* on the main side; more go to the other one */
#define ROWS_TRIED 10
#define TOUCH_MM 0.01     /* links of a chain touch */
#define HALF_SHARE 0.05   /* of sizes across a centre line: half of the line is drawn */
#define HALF_LEAST_MM 9.0 /* from the centre line to the arrow */
#define HALF_TEXT_MM 3.0  /* clear beside lettering on it, both ends together */

/* Whether positions from the datum stand on one line for each axis, in no rows. */
static bool stands_in_line(const struct scene *scene)
{
	return scene->arrangement == ARRANGE_RUNNING || scene->arrangement == ARRANGE_ORDINATE;
}

/* The coordinates that a dimension in rows joins. */
static bool find_ends(const struct scene *scene, const struct dimension *dim, struct plate_row *row)
{
	struct feature a = {dim->shape, PARAM_X, 0}, b = {dim->shape, dim->param, dim->point};
	int64_t from, to;

	if (plate_is_tabled(scene, dim))
		return false;
	row->is_x =
		dim->kind == DIM_POSITION_X || dim->kind == DIM_LEVEL || dim->kind == DIM_SPACES_X;
	a.param = row->is_x ? PARAM_X : PARAM_Y;
	switch (dim->kind) {
	case DIM_POSITION_X:
	case DIM_POSITION_Y:
		if (stands_in_line(scene) && dim->from.shape == SCENE_DATUM)
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
	double mark = drafter_marks_centres(d) ? CENTRE_OVER_MM : 0;
	int64_t far = v[axis];
	double length = 0;

	half = mark > 0 ? half + mark : 0;
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
		half = v[PARAM_ANGLE] % 90000 || mark == 0 ? 0 : drafter_mm(d, v[PARAM_R]) + mark;
		break;
	case SHAPE_HOLE_GRID:
		far += v[is_x ? PARAM_DX : PARAM_DY] * (v[is_x ? PARAM_COLUMNS : PARAM_ROWS] - 1);
		length = drafter_mm(d, v[is_x ? PARAM_DY : PARAM_DX] *
					       (v[is_x ? PARAM_ROWS : PARAM_COLUMNS] - 1));
		break;
	case SHAPE_HOLE_CIRCLE: /* always has axes */
		half = drafter_mm(d, plate_hole_width(s) + v[PARAM_PCD]) / 2 + CENTRE_OVER_MM;
		break;
	case SHAPE_DISC: /* likewise */
		half = drafter_mm(d, plate_hole_width(s)) / 2 + CENTRE_OVER_MM;
		break;
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
	const struct plate_plan *plan = d->family;
	struct plate_box box = plate_box(scene);
	bool low = side == SIDE_LEFT || side == SIDE_BELOW;
	double start = low ? INFINITY : -INFINITY;
	struct plate_corner corners[SHAPE_POINTS_MAX];
	struct reach r;
	int n = 0;

	if (plan->symmetric[!is_x] && 2 * at == (is_x ? box.x0 + box.x1 : box.y0 + box.y1))
		return drafter_mm(d, is_x ? (low ? box.y0 : box.y1) : (low ? box.x0 : box.x1)) +
		       (low ? -CENTRE_OVER_MM : CENTRE_OVER_MM);
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

/* How far the lines and the lettering of a dimension reach beyond its ends. */
struct overhang {
	double tail;     /* at both ends: arrows that point inwards from outside */
	double lettered; /* at the end beyond which the lettering stands; 0: it stands between */
};

static struct overhang find_overhang(const struct drafter *d, int dimension,
				     const struct plate_row *row)
{
	const struct lettering_block *b = drafter_lettering(d, dimension);
	const struct style *style = b->style;
	bool broken = style->layout == STYLE_LAYOUT_INLINE || style->layout == STYLE_LAYOUT_BROKEN;
	bool across = !row->is_x && style->layout == STYLE_LAYOUT_INLINE;
	double extent = across ? style->text_mm + b->below + b->above : b->width;
	double length = drafter_mm(d, row->at[1] - row->at[0]);
	double needed = extent + (broken ? 2 * style->text_gap_mm + 3 : 2);
	struct overhang o = {0, 0};

	if (style->layout == STYLE_LAYOUT_REFERENCED && !row->is_x) {
		o.lettered = style->arrow_mm + 3 + style->text_mm;
		needed = 0;
	}
	if (length < 2 * style->arrow_mm + (broken ? needed : 1))
		o.tail = 2 * style->arrow_mm;
	if (length < needed)
		o.lettered = (broken ? 2 : 1) * style->arrow_mm + 2 + extent;
	return o;
}

/* What of a row is taken by a dimension: mm from the datum along the axis. */
struct span {
	double lo, hi;
	int row;
};

/* Rows of one side while they are filled. */
struct shelf {
	int count; /* of dimensions */
	struct span *spans;
	int row_count;
};

static bool is_free(const struct shelf *s, const struct span *span)
{
	for (int i = 0; i < s->count; i++)
		if (s->spans[i].row == span->row && s->spans[i].lo < span->hi - TOUCH_MM &&
		    span->lo < s->spans[i].hi - TOUCH_MM)
			return false;
	return true;
}

/* Whether extension lines of longer dimensions, which stand farther out, would cut the part of the
 * span that lies beyond the dimension's own ends. */
static bool is_cut(const struct drafter *d, const struct plate_plan *plan,
		   const struct plate_row *row, const struct span *span)
{
	for (int i = 0; i < d->scene->dimension_count; i++) {
		const struct plate_row *other = &plan->rows[i];

		if (!other->in_rows || other->is_x != row->is_x ||
		    other->at[1] - other->at[0] <= row->at[1] - row->at[0])
			continue;
		for (int k = 0; k < 2; k++) {
			double at = drafter_mm(d, other->at[k]);

			if (other->at[k] != row->at[0] && other->at[k] != row->at[1] &&
			    at > span->lo && at < span->hi)
				return true;
		}
	}
	return false;
}

/* The nearest row with room, and what the dimension takes of it: its lettering beyond one end or the
 * other, off extension lines if that can be. */
static struct span find_row(const struct drafter *d, const struct plate_plan *plan, int dimension,
			    const struct shelf *shelf)
{
	const struct plate_row *row = &plan->rows[dimension];
	struct overhang o = find_overhang(d, dimension, row);
	struct span span;

	for (int i = 0; i < 4 * ROWS_TRIED; i++) {
		double before = i % 2 ? o.lettered : 0, after = i % 2 ? 0 : o.lettered;

		span = (struct span){drafter_mm(d, row->at[0]) - max2(o.tail, before),
				     drafter_mm(d, row->at[1]) + max2(o.tail, after),
				     i / 2 % ROWS_TRIED};
		if (is_free(shelf, &span) &&
		    (i >= 2 * ROWS_TRIED || o.lettered == 0 || !is_cut(d, plan, row, &span)))
			break;
	}
	return span;
}

enum plate_side plate_other_side(enum plate_side side)
{
	static const enum plate_side other[] = {SIDE_RIGHT, SIDE_LEFT, SIDE_ABOVE, SIDE_BELOW};

	return other[side];
}

enum plate_side plate_line_side(const struct drafter *d, bool is_x)
{
	const struct plate_plan *plan = d->family;

	if (d->scene->arrangement == ARRANGE_ORDINATE)
		return plan->ordinates[is_x ? 0 : 1].side;
	return is_x ? SIDE_BELOW : SIDE_LEFT;
}

static enum plate_side pick_side(const struct drafter *d, const struct plate_plan *plan,
				 int dimension, enum plate_side main, const struct shelf *shelves)
{
	const struct plate_row *row = &plan->rows[dimension];
	enum plate_side other = plate_other_side(main);
	double gain = through_view(d, plan, row, main) - through_view(d, plan, row, other);

	if (d->scene->arrangement != ARRANGE_PARALLEL && d->scene->arrangement != ARRANGE_TABLE)
		return main;
	if (gain > NEARER_SHARE)
		return other;
	if (gain > -NEARER_SHARE && shelves[other].row_count < shelves[main].row_count &&
	    find_row(d, plan, dimension, &shelves[main]).row >= ROWS_MAX)
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
		for (; at > 0; at--) {
			const struct plate_row *before = &plan->rows[order[at - 1]];

			if (before->at[1] - before->at[0] <= length)
				break;
			order[at] = order[at - 1];
		}
		order[at] = i;
		count++;
	}
	return count;
}

static void note_overhang(struct plate_plan *plan, bool is_x, const struct span *span)
{
	const struct box *b = &plan->view;
	double *low = &plan->overhang[is_x ? SIDE_LEFT : SIDE_BELOW];
	double *high = &plan->overhang[is_x ? SIDE_RIGHT : SIDE_ABOVE];

	*low = max2(*low, (is_x ? b->x0 : b->y0) - span->lo);
	*high = max2(*high, span->hi - (is_x ? b->x1 : b->y1));
}

static void fill_sides(struct drafter *d, struct plate_plan *plan)
{
	int n = d->scene->dimension_count, *order = ARENA_NEW(d->arena, int, n);
	bool below = rng_chance(d->rng, 0.7), left = rng_chance(d->rng, 0.6);
	enum plate_side main_x = below ? SIDE_BELOW : SIDE_ABOVE;
	enum plate_side main_y = left ? SIDE_LEFT : SIDE_RIGHT;
	struct shelf shelves[SIDES_OF_PLATE];

	if (stands_in_line(d->scene)) {
		main_x = plate_other_side(plate_line_side(d, true));
		main_y = plate_other_side(plate_line_side(d, false));
	} else if (d->scene->arrangement == ARRANGE_TABLE) {
		main_x = SIDE_BELOW;
		main_y = SIDE_LEFT;
	}
	for (int i = 0; i < SIDES_OF_PLATE; i++)
		shelves[i] = (struct shelf){.spans = ARENA_NEW(d->arena, struct span, n)};
	n = sort_rows(d, plan, order);
	for (int i = 0; i < n; i++) {
		struct plate_row *row = &plan->rows[order[i]];
		const struct span *span;
		struct shelf *shelf;

		row->side = pick_side(d, plan, order[i], row->is_x ? main_x : main_y, shelves);
		shelf = &shelves[row->side];
		span = &shelf->spans[shelf->count];
		shelf->spans[shelf->count++] = find_row(d, plan, order[i], shelf);
		row->row = span->row + 1;
		shelf->row_count = row->row > shelf->row_count ? row->row : shelf->row_count;
		note_overhang(plan, row->is_x, span);
	}
	for (int i = 0; i < SIDES_OF_PLATE; i++)
		plan->row_count[i] = shelves[i].row_count;
}

/* Whether half of the line would say as much: a centre line shows the other half to be the same. */
static bool may_be_half(const struct drafter *d, const struct plate_plan *plan, int dimension)
{
	const struct plate_row *row = &plan->rows[dimension];
	const struct dimension *dim = &d->scene->dimensions[dimension];
	const struct lettering_block *b = drafter_lettering(d, dimension);
	struct plate_box box = plate_box(d->scene);
	int64_t both = row->is_x ? box.x0 + box.x1 : box.y0 + box.y1;
	double half = drafter_mm(d, row->at[1] - row->at[0]) / 2;
	bool on_shelf = b->style->layout == STYLE_LAYOUT_REFERENCED && !row->is_x;

	return row->in_rows && !dim->reference && dim->kind != DIM_SPACES_X &&
	       dim->kind != DIM_SPACES_Y && plan->symmetric[row->is_x ? 0 : 1] &&
	       row->at[0] + row->at[1] == both && half >= HALF_LEAST_MM && !on_shelf &&
	       half + PAST_AXIS_MM >= b->width + b->style->arrow_mm + HALF_TEXT_MM;
}

static void pick_halves(const struct drafter *d, struct plate_plan *plan)
{
	for (int i = 0; i < d->scene->dimension_count; i++) {
		if (!may_be_half(d, plan, i) || !rng_chance(d->rng, HALF_SHARE))
			continue;
		plan->rows[i].half = rng_chance(d->rng, 0.5) ? HALF_LOW : HALF_HIGH;
	}
}

int plate_plan_sides(struct drafter *d)
{
	struct plate_plan *plan = ARENA_NEW(d->arena, struct plate_plan, 1);
	struct plate_box box = plate_box(d->scene);
	const struct scene *scene = d->scene;

	plan->view = (struct box){drafter_mm(d, box.x0), drafter_mm(d, box.y0),
				  drafter_mm(d, box.x1), drafter_mm(d, box.y1)};
	plan->symmetric[0] = plate_is_symmetric(scene, true);
	plan->symmetric[1] = plate_is_symmetric(scene, false);
	plan->rows = ARENA_NEW(d->arena, struct plate_row, scene->dimension_count);
	for (int i = 0; i < scene->dimension_count; i++)
		plan->rows[i].in_rows = (!scene->dimensions[i].reference || d->references) &&
					find_ends(scene, &scene->dimensions[i], &plan->rows[i]);
	d->family = plan;
	if (plate_plan_ordinates(d) < 0)
		return -1;
	plate_plan_table(d);
	pick_halves(d, plan);
	fill_sides(d, plan);
	return 0;
}
