/* SPDX-License-Identifier: MIT */
/*
 * The family "cabinet". Views lie in columns and rows, each with room round it for its rows of
 * dimensions and its title:
 *
 *	first angle	doors  front  side		third angle		top
 *			       top					doors	front  side
 *
 * Height dimensions stand left of the front view, those of the last of several compartments right of
 * it; widths below it, those of a cover above it.
 */
#include <config.h>

#include <math.h>

#include "formats/drawing/dimension.h"
#include "render/draft/draft_block.h"
#include "render/draft/draft_cabinet.h"

#define COUNT(list) ((int)(sizeof(list) / sizeof(*(list))))
#define TITLE_WIDER_MM 12.0
#define VIEW_ITEMS 64
#define SAME 1e-3 /* thousandths */
#define TOUCH_MM 1.5
#define BEYOND_COST 1.0 /* of lettering that leaves its dimension on the inner side */

struct laid_view {
	enum cabinet_view kind;
	struct cabinet_rects rects;
	struct block_view *at;
};

/* drafter->family */
struct layout {
	struct block block;
	struct laid_view views[DRAWING_VIEWS_MAX]; /* as many as the block has */
};

/* One end of a dimension as the view shows it: u or v, in thousandths. */
static double end_of(const struct drafter *d, const struct feature *f)
{
	return f->shape == SCENE_DATUM ? 0 : cabinet_face(&d->scene->shapes[f->shape], f->param).at;
}

static bool is_level(const struct dimension *dim)
{
	return dim->kind == DIM_POSITION_X;
}

static int view_of(const struct layout *l, const struct dimension *dim)
{
	return dim->view < l->block.count ? dim->view : l->block.count - 1;
}

/* Whether the dimension is drawn: in its view it measures along the axis that goes its way. */
static bool is_drawn(const struct drafter *d, const struct layout *l, int dimension)
{
	const struct dimension *dim = &d->scene->dimensions[dimension];
	const struct shape *shape = &d->scene->shapes[dim->shape];
	enum cabinet_view kind = l->views[view_of(l, dim)].kind;

	if ((!is_level(dim) && dim->kind != DIM_POSITION_Y) || (dim->reference && !d->references))
		return false;
	return cabinet_face(shape, dim->param).axis == cabinet_view_axis(kind, !is_level(dim)) &&
	       !drafter_is_repeated(d, dimension);
}

static bool is_of(const struct drafter *d, const struct dimension *dim, enum shape_kind kind)
{
	return d->scene->shapes[dim->shape].kind == kind ||
	       (dim->from.shape != SCENE_DATUM && d->scene->shapes[dim->from.shape].kind == kind);
}

/* In the view from the side: setbacks of shelves, where no cover's dimension is in the way, and the
 * depth of all where that of drawers stands below. */
static bool stands_above(const struct drafter *d, const struct dimension *dim,
			 const struct cabinet *c)
{
	if (is_of(d, dim, SHAPE_SHELVES))
		return c->top_cover < 0;
	for (int i = 0; i < d->scene->shape_count; i++)
		if (d->scene->shapes[i].kind == SHAPE_DRAWERS)
			return dim->shape == c->carcass && dim->param == PARAM_D;
	return false;
}

static enum block_side side_of(const struct drafter *d, const struct layout *l,
			       const struct dimension *dim)
{
	struct cabinet c = cabinet_from_shapes(d->scene->shapes, d->scene->shape_count);
	struct cabinet_box box = cabinet_box(&d->scene->shapes[dim->shape]);
	enum cabinet_view kind = l->views[view_of(l, dim)].kind;

	if (!is_level(dim))
		return kind == CABINET_FRONT && c.compartment_count > 1 &&
				       !is_of(d, dim, SHAPE_CARCASS) &&
				       cabinet_compartment(&c, &box) == c.compartment_count - 1
			       ? BLOCK_RIGHT
			       : BLOCK_LEFT;
	if (kind == CABINET_TOP)
		return d->style->projection == STYLE_PROJECTION_FIRST ? BLOCK_BELOW : BLOCK_ABOVE;
	if (is_of(d, dim, SHAPE_TOP_COVER))
		return BLOCK_ABOVE;
	return kind == CABINET_SIDE && stands_above(d, dim, &c) ? BLOCK_ABOVE : BLOCK_BELOW;
}

/* By which end lettering leaves a dimension that has no room for it: under and over a view the outer
 * one, of the view from the side the one away from the front view; beside a view the inner one, so
 * that none meet in the corner. 1: the right or upper end. */
static int leaving_end(const struct drafter *d, const struct laid_view *v,
		       const struct dimension *dim)
{
	struct feature to = {dim->shape, dim->param, dim->point};
	double twice = drafter_mm(d, 1) * (end_of(d, &dim->from) + end_of(d, &to));

	if (!is_level(dim))
		return twice < v->at->box.y0 + v->at->box.y1;
	return v->kind == CABINET_SIDE || twice > v->at->box.x0 + v->at->box.x1;
}

/* Sets the rows of dimensions on a side of a view. */
static void lay_rows(const struct drafter *d, struct layout *l, int view, enum block_side side)
{
	const struct laid_view *v = &l->views[view];
	struct block_item items[VIEW_ITEMS];
	int count = 0;

	for (int i = 0; i < d->scene->dimension_count && count < VIEW_ITEMS; i++) {
		const struct dimension *dim = &d->scene->dimensions[i];
		struct feature to = {dim->shape, dim->param, dim->point};
		double way, a, b;

		if (view_of(l, dim) != view || !is_drawn(d, l, i) || side_of(d, l, dim) != side)
			continue;
		way = is_level(dim) && cabinet_is_mirrored(d, v->kind) ? -1 : 1;
		a = way * drafter_mm(d, 1) * end_of(d, &dim->from);
		b = way * drafter_mm(d, 1) * end_of(d, &to);
		items[count++] =
			(struct block_item){i, {min2(a, b), max2(a, b)}, leaving_end(d, v, dim)};
	}
	block_lay_rows(d, &l->block, view, side, items, count);
}

/* Titles in a custom in which none is much wider than its view. */
static void pick_titles(struct drafter *d, struct layout *l)
{
	bool russian = d->style->times == STYLE_TIMES_OTV, fits = false;
	int first = (int)rng_below(d->rng, CABINET_CUSTOMS - 1);

	l->block.titles_below = rng_chance(d->rng, 0.4);
	for (int k = 0; k < CABINET_CUSTOMS - 1 && !fits; k++) {
		int custom = russian ? CABINET_CUSTOMS - 1 : (first + k) % (CABINET_CUSTOMS - 1);

		fits = true;
		for (int i = 0; i < l->block.count; i++) {
			struct block_view *v = l->views[i].at;

			v->title = cabinet_view_title(custom, l->views[i].kind);
			fits &= block_title_size(d, v).x < v->box.x1 - v->box.x0 + TITLE_WIDER_MM;
		}
	}
}

static int column_of(enum cabinet_view kind)
{
	return kind == CABINET_DOORS ? 0 : kind == CABINET_SIDE ? 2 : 1;
}

/* From below. */
static int row_of(const struct drafter *d, enum cabinet_view kind)
{
	bool first = d->style->projection == STYLE_PROJECTION_FIRST;

	return (kind == CABINET_TOP) != first;
}

static void add_view(struct drafter *d, struct layout *l, enum cabinet_view kind)
{
	struct laid_view *v = &l->views[l->block.count];
	struct vec corners[2];
	struct box extent;

	v->at = &l->block.views[l->block.count++];
	v->kind = kind;
	v->rects = cabinet_rects_of_view(d, kind);
	extent = cabinet_extent(&v->rects);
	corners[0] = cabinet_point(d, kind, vec(0, 0), extent.x0, extent.y0);
	corners[1] = cabinet_point(d, kind, vec(0, 0), extent.x1, extent.y1);
	*v->at = (struct block_view){.name = cabinet_view_name(kind),
				     .column = column_of(kind),
				     .row = row_of(d, kind),
				     .box = box_of_points(corners, 2)};
}

/* Front and side; doors where there are some; the top where a dimension stands there. */
static void add_views(struct drafter *d, struct layout *l)
{
	struct cabinet c = cabinet_from_shapes(d->scene->shapes, d->scene->shape_count);
	bool top = false;

	add_view(d, l, CABINET_FRONT);
	add_view(d, l, CABINET_SIDE);
	if (c.door >= 0)
		add_view(d, l, CABINET_DOORS);
	for (int i = 0; i < d->scene->dimension_count; i++)
		top |= d->scene->dimensions[i].view >= l->block.count;
	if (top)
		add_view(d, l, CABINET_TOP);
}

static int place(struct drafter *d, const struct sheet_taken *taken)
{
	struct layout *l = ARENA_NEW(d->arena, struct layout, 1);

	d->family = l;
	l->block.rows = ARENA_NEW(d->arena, int, d->scene->dimension_count);
	add_views(d, l);
	pick_titles(d, l);
	for (int i = 0; i < l->block.count; i++)
		for (int side = 0; side < BLOCK_SIDES; side++)
			lay_rows(d, l, i, (enum block_side)side);
	return block_place(d, &l->block, taken);
}

static void mark(struct drafter *d)
{
	const struct layout *l = d->family;

	block_draw_titles(d, &l->block);
}

/* Where an extension line for the coordinate begins: the end of an edge there that lies nearest to
 * the side of the view. In mm from the view's origin, across the way that is measured. */
static double edge_end(const struct drafter *d, const struct laid_view *v, bool level,
		       double coordinate, enum block_side side)
{
	bool high = side == BLOCK_RIGHT || side == BLOCK_ABOVE;
	double end = high ? -INFINITY : INFINITY;

	for (int i = 0; i < v->rects.count; i++) {
		const struct cabinet_rect *r = &v->rects.list[i];
		bool here =
			level ? fabs(r->u0 - coordinate) < SAME || fabs(r->u1 - coordinate) < SAME
			      : fabs(r->v0 - coordinate) < SAME || fabs(r->v1 - coordinate) < SAME;
		struct vec a = cabinet_point(d, v->kind, vec(0, 0), r->u0, r->v0);
		struct vec b = cabinet_point(d, v->kind, vec(0, 0), r->u1, r->v1);

		if (!here)
			continue;
		if (high)
			end = max2(end, level ? max2(a.y, b.y) : max2(a.x, b.x));
		else
			end = min2(end, level ? min2(a.y, b.y) : min2(a.x, b.x));
	}
	return end;
}

static void measure_position(struct drafter *d, int dimension, struct measure *m)
{
	const struct layout *l = d->family;
	const struct dimension *dim = &d->scene->dimensions[dimension];
	const struct laid_view *v = &l->views[view_of(l, dim)];
	struct feature to = {dim->shape, dim->param, dim->point};
	double ends[2] = {end_of(d, &dim->from), end_of(d, &to)};
	enum block_side side = side_of(d, l, dim);
	bool level = is_level(dim);
	int left = side == BLOCK_LEFT || side == BLOCK_ABOVE ? 0 : 1; /* of the way along */
	double edge = side == BLOCK_LEFT    ? v->at->box.x0
		      : side == BLOCK_RIGHT ? v->at->box.x1
		      : side == BLOCK_BELOW ? v->at->box.y0
					    : v->at->box.y1;

	if (!is_drawn(d, l, dimension) || ends[0] == ends[1])
		return;
	m->kind = MEASURE_LINEAR;
	m->linear = (struct linear_spec){.along = level ? vec(1, 0) : vec(0, 1), .in_rows = true};
	m->linear.cost[!left] = INFINITY;
	m->linear.first_row = l->block.rows[dimension];
	m->linear.beyond[!leaving_end(d, v, dim)] = BEYOND_COST;
	if ((ends[0] > ends[1]) != (level && cabinet_is_mirrored(d, v->kind))) {
		double kept = ends[0];

		ends[0] = ends[1];
		ends[1] = kept;
	}
	for (int k = 0; k < 2; k++) {
		double start = edge_end(d, v, level, ends[k], side);
		struct vec at = cabinet_point(d, v->kind, vec(0, 0), level ? ends[k] : 0,
					      level ? 0 : ends[k]);

		at = level ? vec(at.x, start) : vec(start, at.y);
		m->linear.from[left][k] = vec_add(v->at->origin, at);
		if (k == 0)
			m->linear.reach[left] = fabs(edge - start);
	}
}

/* Doors cover each other in the view from the side, whichever way they open. */
static bool is_alike(enum shape_kind a, enum shape_kind b)
{
	bool doors = (a == SHAPE_DOOR_LEFT || a == SHAPE_DOOR_RIGHT) &&
		     (b == SHAPE_DOOR_LEFT || b == SHAPE_DOOR_RIGHT);

	return a == b || doors;
}

/* The board whose thickness is told: the back panel, or the first one of the kind that is seen, or
 * else of those that are hidden. */
static const struct cabinet_rect *find_board(const struct drafter *d, const struct laid_view *v,
					     const struct dimension *dim)
{
	const struct scene *scene = d->scene;
	const struct cabinet_rect *hidden = NULL;
	double thick = (double)dimension_value(scene, dim);

	for (int i = 0; i < v->rects.count; i++) {
		const struct cabinet_rect *r = &v->rects.list[i];

		bool upright = fabs(r->u1 - r->u0 - thick) < SAME;
		bool level = fabs(r->v1 - r->v0 - thick) < SAME && dim->param != PARAM_BP;

		if (!is_alike(scene->shapes[r->shape].kind, scene->shapes[dim->shape].kind) ||
		    (!upright && !level))
			continue;
		if (r->layer == LAYER_OUTLINE)
			return r;
		hidden = hidden ? hidden : r;
	}
	return hidden;
}

/* Whether another board ends or lies at this height of the back panel's front. */
static bool is_touched(const struct drafter *d, const struct laid_view *v,
		       const struct cabinet_rect *panel, double z)
{
	double clear = TOUCH_MM / drafter_mm(d, 1);

	for (int i = 0; i < v->rects.count; i++) {
		const struct cabinet_rect *r = &v->rects.list[i];

		if (r->u1 == panel->u0 && r->v0 < z + clear && r->v1 > z - clear)
			return true;
	}
	return false;
}

/* On the front of the back panel, which is too thin for a dot, with an arrow. */
static void point_at_panel(const struct drafter *d, const struct laid_view *v,
			   const struct cabinet_rect *panel, struct leader_spec *spec)
{
	static const double shares[LEADER_TIPS] = {0.36, 0.64, 0.2, 0.8, 0.5, 0.1, 0.9, 0.28};
	double front = cabinet_is_mirrored(d, v->kind) ? 1 : -1;

	for (int i = 0; i < LEADER_TIPS; i++) {
		double z = panel->v0 + shares[i] * (panel->v1 - panel->v0);

		if (is_touched(d, v, panel, z))
			continue;
		spec->tips[spec->count] = cabinet_point(d, v->kind, v->at->origin, panel->u0, z);
		spec->outs[spec->count++] = vec(front, 0);
	}
}

/* With a dot inside a board, from either side. */
static void point_at_board(const struct drafter *d, const struct laid_view *v,
			   const struct cabinet_rect *board, struct leader_spec *spec)
{
	static const double shares[LEADER_TIPS / 2] = {0.36, 0.64, 0.2, 0.8};
	double u = board->u1 - board->u0, w = board->v1 - board->v0;
	bool upright = u < w;

	spec->dot = true;
	for (int i = 0; i < LEADER_TIPS; i++) {
		double share = shares[i / 2], way = i % 2 ? -1 : 1;

		spec->tips[i] = cabinet_point(d, v->kind, v->at->origin,
					      board->u0 + (upright ? 0.5 : share) * u,
					      board->v0 + (upright ? share : 0.5) * w);
		spec->outs[i] = upright ? vec(way, 0) : vec(0, way);
	}
	spec->count = LEADER_TIPS;
}

/* How thick a board is, on a leader. */
static void measure_thickness(struct drafter *d, int dimension, struct measure *m)
{
	const struct layout *l = d->family;
	const struct dimension *dim = &d->scene->dimensions[dimension];
	const struct laid_view *v = &l->views[view_of(l, dim)];
	const struct cabinet_rect *board = find_board(d, v, dim);

	if (!board)
		return;
	m->leader = (struct leader_spec){.dot = false};
	if (dim->param == PARAM_BP)
		point_at_panel(d, v, board, &m->leader);
	else
		point_at_board(d, v, board, &m->leader);
	m->kind = m->leader.count ? MEASURE_LEADER : MEASURE_NOTHING;
}

static void measure(struct drafter *d, int dimension, struct measure *m)
{
	m->kind = MEASURE_NOTHING;
	if (d->scene->dimensions[dimension].kind == DIM_THICKNESS)
		measure_thickness(d, dimension, m);
	else
		measure_position(d, dimension, m);
}

const struct draft_family draft_cabinet = {place, cabinet_draw, mark, measure, NULL, NULL};
