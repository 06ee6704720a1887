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

#include "formats/dimension.h"
#include "render/draft_cabinet.h"

enum side { SIDE_LEFT, SIDE_RIGHT, SIDE_BELOW, SIDE_ABOVE, SIDES };

#define COUNT(list) ((int)(sizeof(list) / sizeof(*(list))))
#define RIM_MM 4.0       /* round a view without dimensions */
#define TAIL_MM 1.5      /* beyond the last row */
#define TITLE_GAP_MM 3.5 /* between a title and what it stands by */
#define TITLE_WIDER_MM 12.0
#define GAP_MM 14.0 /* between views where there is room, besides their margins */
#define STEPS 14    /* of the search for a place */
#define VIEW_ITEMS 64
#define SAME 1e-3 /* thousandths */
#define TOUCH_MM 1.5
#define SHELF_MM 3.0    /* longer than its lettering, and clear */
#define ASIDE_MM 1.5    /* between level lettering and the line of another row */
#define BEYOND_COST 1.0 /* of lettering that leaves its dimension on the inner side */

/* A view; mm on the sheet. */
struct laid_view {
	enum cabinet_view kind;
	struct cabinet_rects rects;
	struct box box;        /* of its outlines, from its origin */
	struct box reach;      /* the same with its margins and its title */
	double margins[SIDES]; /* rows of dimensions, without the title */
	struct vec origin;     /* from the lower left corner of the block of views */
};

/* drafter->family */
struct layout {
	int count;
	struct laid_view views[CABINET_VIEWS];
	int *rows;         /* of dimensions, 0 nearest to the view */
	int custom;        /* of titles */
	bool titles_below; /* the views */
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
	return dim->view < l->count ? dim->view : l->count - 1;
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

static enum side side_of(const struct drafter *d, const struct layout *l,
			 const struct dimension *dim)
{
	struct cabinet c = cabinet_from_shapes(d->scene->shapes, d->scene->shape_count);
	struct cabinet_box box = cabinet_box(&d->scene->shapes[dim->shape]);
	enum cabinet_view kind = l->views[view_of(l, dim)].kind;

	if (!is_level(dim))
		return kind == CABINET_FRONT && c.compartment_count > 1 &&
				       !is_of(d, dim, SHAPE_CARCASS) &&
				       cabinet_compartment(&c, &box) == c.compartment_count - 1
			       ? SIDE_RIGHT
			       : SIDE_LEFT;
	if (kind == CABINET_TOP)
		return d->style->projection == STYLE_PROJECTION_FIRST ? SIDE_BELOW : SIDE_ABOVE;
	if (is_of(d, dim, SHAPE_TOP_COVER))
		return SIDE_ABOVE;
	return kind == CABINET_SIDE && stands_above(d, dim, &c) ? SIDE_ABOVE : SIDE_BELOW;
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
		return twice < v->box.y0 + v->box.y1;
	return v->kind == CABINET_SIDE || twice > v->box.x0 + v->box.x1;
}

/* What a dimension takes up along its row. */
struct item {
	double ends[2], length;
	int dimension;
};

static struct item item_of(const struct drafter *d, const struct laid_view *v,
			   const struct dimension *dim, int dimension)
{
	const struct lettering_block *block = drafter_lettering(d, dimension);
	const struct style *style = block->style;
	struct feature to = {dim->shape, dim->param, dim->point};
	double way = is_level(dim) && cabinet_is_mirrored(d, v->kind) ? -1 : 1;
	double a = way * drafter_mm(d, 1) * end_of(d, &dim->from);
	double b = way * drafter_mm(d, 1) * end_of(d, &to);
	struct item item = {{min2(a, b), max2(a, b)}, fabs(b - a), dimension};
	bool in_line = style->layout == STYLE_LAYOUT_INLINE || style->layout == STYLE_LAYOUT_BROKEN;
	double arrow = style->arrow_mm, tail = 2 * arrow;
	double text = style->layout == STYLE_LAYOUT_INLINE && !is_level(dim)
			      ? style->text_mm + block->below + block->above
			      : block->width;
	double clear = in_line ? 2 * style->text_gap_mm + 3 : 2;
	int end = leaving_end(d, v, dim);

	if (item.length < 2 * arrow + 1 || (in_line && item.length < text + clear + 2 * arrow)) {
		item.ends[0] -= tail;
		item.ends[1] += tail;
	}
	if (item.length < text + clear)
		item.ends[end] += (end ? 1 : -1) * (text + clear + (in_line ? 0 : arrow));
	if (style->layout == STYLE_LAYOUT_REFERENCED && !is_level(dim))
		item.ends[1] += arrow + 4 + style->text_mm;
	return item;
}

/* Gives each a row: the shortest first, in the nearest row that is free over its length. Returns how
 * many rows there are. */
static int share_rows(struct layout *l, struct item *items, int count)
{
	int most = 0;

	for (int i = 1; i < count; i++) {
		struct item item = items[i];
		int at = i;

		for (; at > 0 && items[at - 1].length > item.length + SAME; at--)
			items[at] = items[at - 1];
		items[at] = item;
	}
	for (int i = 0; i < count; i++) {
		int *row = &l->rows[items[i].dimension];

		*row = 0;
		for (int k = 0; k < i; k++)
			if (items[k].ends[0] < items[i].ends[1] &&
			    items[i].ends[0] < items[k].ends[1] &&
			    l->rows[items[k].dimension] >= *row)
				*row = l->rows[items[k].dimension] + 1;
		most = *row + 1 > most ? *row + 1 : most;
	}
	return most;
}

/* How far a dimension reaches beyond its row: lettering above its line lies outside on some sides. */
static double height_over_row(const struct lettering_block *block, bool outside)
{
	double high = block->above + block->below;

	if (outside)
		high += block->style->text_mm + block->style->text_gap_mm;
	return max2(high, block->style->extension_over_mm);
}

/* Sets the rows of dimensions on a side of a view; returns the room for them. What of them reaches
 * beyond the view's ends gets room there. */
static double lay_rows(const struct drafter *d, struct layout *l, int view, enum side side)
{
	double first = d->style->first_offset_mm, spacing = draft_spacing(d->style);
	struct laid_view *v = &l->views[view];
	bool upright = side == SIDE_LEFT || side == SIDE_RIGHT;
	bool outside = side == SIDE_LEFT || side == SIDE_ABOVE;
	struct item items[VIEW_ITEMS];
	double shelves = 0, aside = 0, high = 0;
	int count = 0, rows, skipped = 0, pitch = 1;

	for (int i = 0; i < d->scene->dimension_count && count < VIEW_ITEMS; i++) {
		const struct dimension *dim = &d->scene->dimensions[i];
		const struct lettering_block *block = drafter_lettering(d, i);

		if (view_of(l, dim) != view || !is_drawn(d, l, i) || side_of(d, l, dim) != side)
			continue;
		items[count++] = item_of(d, v, dim, i);
		high = max2(high, height_over_row(block, outside));
		if (upright && block->style->layout == STYLE_LAYOUT_REFERENCED)
			shelves = max2(shelves, block->width + SHELF_MM);
		if (upright && block->style->layout == STYLE_LAYOUT_INLINE)
			aside = max2(aside, block->width / 2);
	}
	if (count == 0)
		return RIM_MM;
	for (int i = 0; i < count; i++) {
		double *low = &v->margins[upright ? SIDE_BELOW : SIDE_LEFT];
		double *high_end = &v->margins[upright ? SIDE_ABOVE : SIDE_RIGHT];

		*low = max2(*low, (upright ? v->box.y0 : v->box.x0) - items[i].ends[0]);
		*high_end = max2(*high_end, items[i].ends[1] - (upright ? v->box.y1 : v->box.x1));
	}
	rows = share_rows(l, items, count);
	/* Shelves of lettering lie between the nearest row and the view; level lettering lies across
	 * its row, and others keep off. */
	if (shelves > 0)
		skipped = (int)ceil(max2(0, shelves - first) / spacing);
	if (aside > 0)
		pitch = (int)ceil((aside + ASIDE_MM) / spacing);
	for (int i = 0; i < count; i++)
		l->rows[items[i].dimension] = l->rows[items[i].dimension] * pitch + skipped;
	return first + ((rows - 1) * pitch + skipped) * spacing + max2(high, aside) + TAIL_MM;
}

static struct vec title_size(const struct drafter *d, const struct layout *l,
			     const struct laid_view *v)
{
	const char *title = cabinet_view_title(l->custom, v->kind);

	return vec(font_text_width(d->font, title, d->style->text_mm), d->style->text_mm);
}

/* Titles in a custom in which none is much wider than its view. */
static void pick_titles(struct drafter *d, struct layout *l)
{
	bool russian = d->style->times == STYLE_TIMES_OTV;
	int first = (int)rng_below(d->rng, CABINET_CUSTOMS - 1);

	l->titles_below = rng_chance(d->rng, 0.4);
	for (int k = 0; k < CABINET_CUSTOMS - 1; k++) {
		bool fits = true;

		l->custom = russian ? CABINET_CUSTOMS - 1 : (first + k) % (CABINET_CUSTOMS - 1);
		for (int i = 0; i < l->count; i++)
			fits &= title_size(d, l, &l->views[i]).x <
				l->views[i].box.x1 - l->views[i].box.x0 + TITLE_WIDER_MM;
		if (fits)
			return;
	}
}

static void add_view(struct drafter *d, struct layout *l, enum cabinet_view kind)
{
	struct laid_view *v = &l->views[l->count++];
	struct vec corners[2];
	struct box extent;

	v->kind = kind;
	v->rects = cabinet_rects_of_view(d, kind);
	extent = cabinet_extent(&v->rects);
	corners[0] = cabinet_point(d, kind, vec(0, 0), extent.x0, extent.y0);
	corners[1] = cabinet_point(d, kind, vec(0, 0), extent.x1, extent.y1);
	v->box = box_of_points(corners, 2);
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
		top |= d->scene->dimensions[i].view >= l->count;
	if (top)
		add_view(d, l, CABINET_TOP);
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

/* How far over the origin of its view a title stands: those of one row of views in one line. */
static double title_rise(const struct drafter *d, const struct layout *l, int row)
{
	double y = l->titles_below ? INFINITY : -INFINITY;

	for (int i = 0; i < l->count; i++) {
		const struct laid_view *v = &l->views[i];
		double below =
			v->box.y0 - v->margins[SIDE_BELOW] - TITLE_GAP_MM - d->style->text_mm;
		double above = v->box.y1 + v->margins[SIDE_ABOVE] + TITLE_GAP_MM;

		if (row_of(d, v->kind) == row)
			y = l->titles_below ? min2(y, below) : max2(y, above);
	}
	return y;
}

/* A view with its margins and its title, from its origin. */
static struct box reach_of(const struct drafter *d, const struct layout *l,
			   const struct laid_view *v)
{
	double wider = (title_size(d, l, v).x - (v->box.x1 - v->box.x0)) / 2 + TITLE_GAP_MM;
	double title = title_rise(d, l, row_of(d, v->kind));
	struct box box = {v->box.x0 - max2(v->margins[SIDE_LEFT], wider),
			  v->box.y0 - v->margins[SIDE_BELOW],
			  v->box.x1 + max2(v->margins[SIDE_RIGHT], wider),
			  v->box.y1 + v->margins[SIDE_ABOVE]};

	if (l->titles_below)
		box.y0 = title;
	else
		box.y1 = title + d->style->text_mm;
	return box;
}

/* Lays the origins of the views of a column on one upright line and those of a row on a level one,
 * with further gaps between columns and rows. Returns the size of the whole block. */
static struct vec arrange(const struct drafter *d, struct layout *l, struct vec gaps)
{
	struct box columns[3] = {{0}}, rows[2] = {{0}};
	struct vec size = {0, 0};

	for (int i = 0; i < l->count; i++) {
		struct box *column = &columns[column_of(l->views[i].kind)];
		struct box *row = &rows[row_of(d, l->views[i].kind)];
		struct box *reach = &l->views[i].reach;

		*reach = reach_of(d, l, &l->views[i]);
		column->x0 = min2(column->x0, reach->x0);
		column->x1 = max2(column->x1, reach->x1);
		row->y0 = min2(row->y0, reach->y0);
		row->y1 = max2(row->y1, reach->y1);
	}
	for (int k = 0; k < 3; k++) {
		double wide = columns[k].x1 - columns[k].x0, gap = wide && size.x ? gaps.x : 0;

		for (int i = 0; i < l->count; i++)
			if (column_of(l->views[i].kind) == k)
				l->views[i].origin.x = size.x + gap - columns[k].x0;
		size.x += gap + wide;
	}
	for (int k = 0; k < 2; k++) {
		double high = rows[k].y1 - rows[k].y0, gap = high && size.y ? gaps.y : 0;

		for (int i = 0; i < l->count; i++)
			if (row_of(d, l->views[i].kind) == k)
				l->views[i].origin.y = size.y + gap - rows[k].y0;
		size.y += gap + high;
	}
	return size;
}

/* How far the views, moved so, keep off what is taken; negative where they meet it. */
static double room_at(const struct layout *l, const struct sheet_taken *taken, struct vec corner)
{
	double room = INFINITY;

	for (int i = 0; i < l->count; i++) {
		struct vec at = vec_add(corner, l->views[i].origin);
		struct box r = l->views[i].reach;

		for (int k = 0; k < taken->count; k++) {
			const struct box *b = &taken->boxes[k];
			double dx = max2(b->x0 - at.x - r.x1, at.x + r.x0 - b->x1);
			double dy = max2(b->y0 - at.y - r.y1, at.y + r.y0 - b->y1);

			room = min2(room, max2(dx, dy));
		}
	}
	return room;
}

/* Where the block of views has most room on all sides. */
static int find_corner(const struct layout *l, const struct sheet_taken *taken, struct vec size,
		       struct vec *corner)
{
	const struct box *f = &taken->field;
	double free_x = f->x1 - f->x0 - size.x, free_y = f->y1 - f->y0 - size.y, best = -1e-9;
	bool found = false;

	if (free_x < 0 || free_y < 0)
		return -1;
	for (int i = 0; i <= STEPS; i++) {
		for (int k = 0; k <= STEPS; k++) {
			double x = free_x * i / STEPS, y = free_y * k / STEPS;
			struct vec at = vec(f->x0 + x, f->y0 + y);
			double sides = min2(min2(x, free_x - x), min2(y, free_y - y));
			double room = min2(sides, room_at(l, taken, at));

			if (room > best) {
				best = room;
				*corner = at;
				found = true;
			}
		}
	}
	return found ? 0 : -1;
}

/* Lays the views out with as much room between them as the sheet has; returns as find_corner does. */
static int spread(const struct drafter *d, struct layout *l, const struct sheet_taken *taken,
		  struct vec *corner)
{
	static const double shares[] = {0.3, 0.1, 0};
	struct vec tight = arrange(d, l, vec(0, 0));
	double free_x = taken->field.x1 - taken->field.x0 - tight.x;
	double free_y = taken->field.y1 - taken->field.y0 - tight.y;

	if (free_x < 0 || free_y < 0)
		return -1;
	for (int i = 0; i < COUNT(shares); i++) {
		struct vec gaps = {min2(GAP_MM, shares[i] * free_x),
				   min2(GAP_MM, shares[i] * free_y)};

		if (find_corner(l, taken, arrange(d, l, gaps), corner) == 0)
			return 0;
	}
	return -1;
}

static int place(struct drafter *d, const struct sheet_taken *taken)
{
	struct layout *l = ARENA_NEW(d->arena, struct layout, 1);
	struct vec corner;

	d->family = l;
	l->rows = ARENA_NEW(d->arena, int, d->scene->dimension_count);
	add_views(d, l);
	pick_titles(d, l);
	for (int i = 0; i < l->count; i++)
		for (int side = 0; side < SIDES; side++)
			l->views[i].margins[side] =
				max2(l->views[i].margins[side], lay_rows(d, l, i, (enum side)side));
	if (spread(d, l, taken, &corner) < 0)
		return -1;
	for (int i = 0; i < l->count; i++) {
		struct laid_view *v = &l->views[i];
		struct vec origin = vec_add(corner, v->origin);
		struct view *view = &d->drawing->views[i];

		v->origin = origin;
		view->name = cabinet_view_name(v->kind);
		view->origin = origin;
		view->box = (struct box){origin.x + v->box.x0, origin.y + v->box.y0,
					 origin.x + v->box.x1, origin.y + v->box.y1};
	}
	d->drawing->view_count = l->count;
	d->drawing->datum = l->views[0].origin;
	return 0;
}

static void mark(struct drafter *d)
{
	const struct layout *l = d->family;

	for (int i = 0; i < l->count; i++) {
		const struct laid_view *v = &l->views[i];
		const char *title = cabinet_view_title(l->custom, v->kind);
		struct lettering_block block = lettering_of_text(d, title);
		struct drawing_progress before = drawing_progress(d->drawing);
		struct vec middle = {(v->box.x0 + v->box.x1) / 2,
				     title_rise(d, l, row_of(d, v->kind))};
		struct proposal p = {.cost = 0};

		proposal_set_text(&p, &block, vec_add(v->origin, middle), 0);
		proposal_draw(d, &p, DRAWING_NOBODY);
		drawing_add_symbol(d->drawing, d->arena, SYMBOL_VIEW_TITLE, title, &before);
	}
}

/* Where an extension line for the coordinate begins: the end of an edge there that lies nearest to
 * the side of the view. In mm from the view's origin, across the way that is measured. */
static double edge_end(const struct drafter *d, const struct laid_view *v, bool level,
		       double coordinate, enum side side)
{
	bool high = side == SIDE_RIGHT || side == SIDE_ABOVE;
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
	enum side side = side_of(d, l, dim);
	bool level = is_level(dim);
	int left = side == SIDE_LEFT || side == SIDE_ABOVE ? 0 : 1; /* of the way along */
	double edge = side == SIDE_LEFT    ? v->box.x0
		      : side == SIDE_RIGHT ? v->box.x1
		      : side == SIDE_BELOW ? v->box.y0
					   : v->box.y1;

	if (!is_drawn(d, l, dimension) || ends[0] == ends[1])
		return;
	m->kind = MEASURE_LINEAR;
	m->linear = (struct linear_spec){.along = level ? vec(1, 0) : vec(0, 1), .in_rows = true};
	m->linear.cost[!left] = INFINITY;
	m->linear.first_row = l->rows[dimension];
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
		m->linear.from[left][k] = vec_add(v->origin, at);
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
		spec->tips[spec->count] = cabinet_point(d, v->kind, v->origin, panel->u0, z);
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

		spec->tips[i] = cabinet_point(d, v->kind, v->origin,
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
