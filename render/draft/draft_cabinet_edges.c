/* SPDX-License-Identifier: MIT */
/*
 * Edges. Boards are rectangles, and each that is seen whole is one closed stroke. With doors on, what
 * lies behind them is left out: their rectangles are taken from the edges of all others.
 *
 * Symbols: the free corners of a door joined to the middle of its hinged side by thin lines, dashed in
 * third angle; a bar for a handle on doors and drawer fronts, one size on paper.
 */
#include <config.h>

#include <math.h>

#include "render/draft/draft_cabinet.h"

#define HANDLE_MM 1.1        /* across a handle */
#define HANDLE_LENGTH_MM 9.0 /* along it, at most */
#define HANDLE_SHARE 0.3     /* of the front's side along it */
#define HANDLE_RIM_MM 1.6    /* from a door's edge */
#define BOX_SHARE 0.15       /* of a drawer front's height: above and below its box */

static void add(struct cabinet_rects *r, double u0, double v0, double u1, double v1, int shape,
		enum layer layer)
{
	for (int i = 0; i < r->count; i++) {
		const struct cabinet_rect *old = &r->list[i];

		if (old->u0 == u0 && old->v0 == v0 && old->u1 == u1 && old->v1 == v1)
			return;
	}
	r->list[r->count++] = (struct cabinet_rect){u0, v0, u1, v1, shape, layer};
}

/* A box as the view shows it. */
static void add_box(struct cabinet_rects *r, enum cabinet_view view, const struct cabinet_box *box,
		    int shape, enum layer layer)
{
	enum cabinet_axis u = cabinet_view_axis(view, false), v = cabinet_view_axis(view, true);

	add(r, (double)box->lo[u], (double)box->lo[v], (double)box->hi[u], (double)box->hi[v],
	    shape, layer);
}

static bool is_door(enum shape_kind kind)
{
	return kind == SHAPE_DOOR_LEFT || kind == SHAPE_DOOR_RIGHT;
}

/* Two sides of full height, bottom and top between them. */
static void add_carcass_front(struct cabinet_rects *r, const struct cabinet *c)
{
	double w = (double)c->box.hi[CABINET_X], h = (double)c->box.hi[CABINET_Z];
	double x0 = (double)c->box.lo[CABINET_X], z0 = (double)c->box.lo[CABINET_Z];
	double bt = (double)c->bt;

	add(r, x0, z0, x0 + bt, h, c->carcass, LAYER_OUTLINE);
	add(r, w - bt, z0, w, h, c->carcass, LAYER_OUTLINE);
	add(r, x0 + bt, z0, w - bt, z0 + bt, c->carcass, LAYER_OUTLINE);
	add(r, x0 + bt, h - bt, w - bt, h, c->carcass, LAYER_OUTLINE);
}

static void add_front(struct cabinet_rects *r, const struct drafter *d, const struct cabinet *c)
{
	add_carcass_front(r, c);
	for (int i = 0; i < d->scene->shape_count; i++) {
		const struct shape *s = &d->scene->shapes[i];
		struct cabinet_box box = cabinet_box(s);
		int boards = (int)s->value[PARAM_N];
		double z[2];

		if (s->kind == SHAPE_CARCASS || is_door(s->kind))
			continue;
		if (boards == 0)
			add_box(r, CABINET_FRONT, &box, i, LAYER_OUTLINE);
		for (int k = 0; k < boards; k++) {
			cabinet_board(s, k, z);
			add(r, (double)box.lo[CABINET_X], z[0], (double)box.hi[CABINET_X], z[1], i,
			    LAYER_OUTLINE);
		}
	}
}

/* The cut compartment's side wall beyond, bottom, top and back panel. */
static void add_carcass_side(struct cabinet_rects *r, const struct cabinet *c)
{
	double d = (double)c->box.hi[CABINET_Y], h = (double)c->box.hi[CABINET_Z];
	double y0 = (double)c->box.lo[CABINET_Y], z0 = (double)c->box.lo[CABINET_Z];
	double bt = (double)c->bt, bp = (double)c->bp;

	add(r, y0, z0, d, h, c->carcass, LAYER_OUTLINE);
	add(r, y0, z0, d, z0 + bt, c->carcass, LAYER_OUTLINE);
	add(r, y0, h - bt, d, h, c->carcass, LAYER_OUTLINE);
	add(r, d - bp, z0 + bt, d, h - bt, c->carcass, LAYER_OUTLINE);
}

/* Shelves, or drawer fronts with the boxes behind them. */
static void add_boards_side(struct cabinet_rects *r, const struct shape *s, int shape,
			    enum layer layer)
{
	struct cabinet_box box = cabinet_box(s);
	double y0 = (double)box.lo[CABINET_Y], y1 = (double)box.hi[CABINET_Y], z[2];
	double back = y0 + (double)s->value[PARAM_BT];

	for (int k = 0; k < s->value[PARAM_N]; k++) {
		double inset;

		cabinet_board(s, k, z);
		if (s->kind == SHAPE_SHELVES) {
			add(r, y0, z[0], y1, z[1], shape, layer);
			continue;
		}
		inset = BOX_SHARE * (z[1] - z[0]);
		add(r, y0, z[0], back, z[1], shape, layer);
		add(r, back, z[0] + inset, y1, z[1] - inset, shape, layer);
	}
}

/* Cut through the compartment nearest to the viewer; what stands in the others is hidden by its
 * wall. */
static void add_side(struct cabinet_rects *r, const struct drafter *d, const struct cabinet *c)
{
	int cut = cabinet_is_mirrored(d, CABINET_SIDE) ? 0 : c->compartment_count - 1;

	add_carcass_side(r, c);
	for (int hidden = 0; hidden < 2; hidden++) {
		for (int i = 0; i < d->scene->shape_count; i++) {
			const struct shape *s = &d->scene->shapes[i];
			struct cabinet_box box = cabinet_box(s);
			bool is_hidden = cabinet_compartment(c, &box) != cut;

			if ((s->kind == SHAPE_SHELVES || s->kind == SHAPE_DRAWERS) &&
			    is_hidden == (hidden == 1))
				add_boards_side(r, s, i, hidden ? LAYER_HIDDEN : LAYER_OUTLINE);
			else if (!hidden && (is_door(s->kind) || s->kind == SHAPE_PLINTH ||
					     s->kind == SHAPE_TOP_COVER))
				add_box(r, CABINET_SIDE, &box, i, LAYER_OUTLINE);
		}
	}
}

/* Sides and top, or the cover over them; partitions and back panel are hidden below. */
static void add_top(struct cabinet_rects *r, const struct drafter *d, const struct cabinet *c)
{
	struct cabinet_box panel = c->box, board = c->box;

	if (c->top_cover >= 0) {
		struct cabinet_box cover = cabinet_box(&d->scene->shapes[c->top_cover]);

		add_box(r, CABINET_TOP, &cover, c->top_cover, LAYER_OUTLINE);
		add_box(r, CABINET_TOP, &c->box, c->carcass, LAYER_HIDDEN);
	} else {
		board.hi[CABINET_X] = c->bt;
		add_box(r, CABINET_TOP, &board, c->carcass, LAYER_OUTLINE);
		board.lo[CABINET_X] = c->bt;
		board.hi[CABINET_X] = c->box.hi[CABINET_X] - c->bt;
		add_box(r, CABINET_TOP, &board, c->carcass, LAYER_OUTLINE);
		board.lo[CABINET_X] = board.hi[CABINET_X];
		board.hi[CABINET_X] = c->box.hi[CABINET_X];
		add_box(r, CABINET_TOP, &board, c->carcass, LAYER_OUTLINE);
	}
	panel.lo[CABINET_X] += c->bt;
	panel.hi[CABINET_X] -= c->bt;
	panel.lo[CABINET_Y] = panel.hi[CABINET_Y] - c->bp;
	add_box(r, CABINET_TOP, &panel, c->carcass, LAYER_HIDDEN);
	for (int i = 0; i < d->scene->shape_count; i++) {
		enum shape_kind kind = d->scene->shapes[i].kind;
		struct cabinet_box box = cabinet_box(&d->scene->shapes[i]);

		if (kind == SHAPE_PARTITION)
			add_box(r, CABINET_TOP, &box, i, LAYER_HIDDEN);
		else if (is_door(kind) && c->top_cover < 0)
			add_box(r, CABINET_TOP, &box, i, LAYER_OUTLINE);
	}
}

struct cabinet_rects cabinet_rects_of_view(const struct drafter *d, enum cabinet_view view)
{
	const struct scene *scene = d->scene;
	struct cabinet c = cabinet_from_shapes(scene->shapes, scene->shape_count);
	struct cabinet_rects r = {.room = 8};

	if (c.carcass < 0)
		return r;
	for (int i = 0; i < scene->shape_count; i++)
		r.room += 1 + 2 * (int)scene->shapes[i].value[PARAM_N];
	r.list = ARENA_NEW(d->arena, struct cabinet_rect, r.room);
	switch (view) {
	case CABINET_SIDE:
		add_side(&r, d, &c);
		break;
	case CABINET_TOP:
		add_top(&r, d, &c);
		break;
	default:
		add_front(&r, d, &c);
		break;
	}
	for (int i = 0; view == CABINET_DOORS && i < scene->shape_count; i++) {
		struct cabinet_box box = cabinet_box(&scene->shapes[i]);

		if (is_door(scene->shapes[i].kind))
			add_box(&r, view, &box, i, LAYER_OUTLINE);
	}
	return r;
}

struct box cabinet_extent(const struct cabinet_rects *rects)
{
	struct box box = {0, 0, 0, 0};

	for (int i = 0; i < rects->count; i++) {
		const struct cabinet_rect *r = &rects->list[i];

		if (i == 0)
			box = (struct box){r->u0, r->v0, r->u1, r->v1};
		box.x0 = min2(box.x0, r->u0);
		box.y0 = min2(box.y0, r->v0);
		box.x1 = max2(box.x1, r->u1);
		box.y1 = max2(box.y1, r->v1);
	}
	return box;
}

bool cabinet_is_mirrored(const struct drafter *d, enum cabinet_view view)
{
	return view == CABINET_SIDE && d->style->projection == STYLE_PROJECTION_FIRST;
}

struct vec cabinet_point(const struct drafter *d, enum cabinet_view view, struct vec origin,
			 double u, double v)
{
	double mm = d->drawing->scale / 1000;

	return vec_add(origin, vec(cabinet_is_mirrored(d, view) ? -u * mm : u * mm, v * mm));
}

/* Where a view is drawn. */
struct pen {
	struct drafter *d;
	enum cabinet_view view;
	struct vec origin;
	struct cabinet_rects rects;
};

static struct vec point(const struct pen *pen, double u, double v)
{
	return cabinet_point(pen->d, pen->view, pen->origin, u, v);
}

static void draw_closed(struct pen *pen, struct vec a, struct vec b, enum layer layer, int shape)
{
	struct vec corners[4] = {a, {b.x, a.y}, b, {a.x, b.y}};
	struct path path = {.closed = true};

	for (int i = 0; i < 4; i++)
		path_add_line(&path, pen->d->arena, corners[i], corners[(i + 1) % 4]);
	drafter_stroke(pen->d, &path, layer, layer == LAYER_HIDDEN ? LINE_DASHED : LINE_CONTINUOUS,
		       shape);
}

static bool is_doors_rect(const struct pen *pen, const struct cabinet_rect *r)
{
	return is_door(pen->d->scene->shapes[r->shape].kind);
}

/* The next piece of the edge from a to b, from *at on along it, that no door covers; moves *at
 * behind it. */
static bool next_piece(const struct pen *pen, struct vec a, struct vec b, double *at,
		       double piece[2])
{
	bool level = a.y == b.y;
	double across = level ? a.y : a.x, end = level ? b.x : b.y;
	bool moved = true;

	while (moved) {
		moved = false;
		piece[1] = end;
		for (int i = 0; i < pen->rects.count; i++) {
			const struct cabinet_rect *r = &pen->rects.list[i];
			double lo = level ? r->u0 : r->v0, hi = level ? r->u1 : r->v1;

			if (!is_doors_rect(pen, r) || across < (level ? r->v0 : r->u0) ||
			    across > (level ? r->v1 : r->u1) || hi <= *at)
				continue;
			if (lo > *at) {
				piece[1] = min2(piece[1], lo);
				continue;
			}
			*at = hi;
			moved = true;
		}
	}
	piece[0] = *at;
	*at = piece[1];
	return piece[0] < piece[1];
}

static bool is_whole(const struct pen *pen, struct vec a, struct vec b)
{
	double at = a.y == b.y ? a.x : a.y, length = (b.x - a.x) + (b.y - a.y), piece[2];

	return next_piece(pen, a, b, &at, piece) && piece[1] - piece[0] == length;
}

/* Pieces of edges in the order of a walk round a board. */
struct walk {
	struct vec (*pieces)[2];
	int count, room;
};

/* What is seen of the edge from a to b; backwards: the walk goes from b to a. */
static void add_pieces(const struct pen *pen, struct walk *walk, struct vec a, struct vec b,
		       bool backwards)
{
	bool level = a.y == b.y;
	double at = level ? a.x : a.y, piece[2];
	int first = walk->count;

	while (walk->count < walk->room && next_piece(pen, a, b, &at, piece)) {
		int i = walk->count++;

		/* Backwards the pieces are found last first. */
		for (; backwards && i > first; i--) {
			walk->pieces[i][0] = walk->pieces[i - 1][0];
			walk->pieces[i][1] = walk->pieces[i - 1][1];
		}
		for (int k = 0; k < 2; k++)
			walk->pieces[i][backwards ? !k : k] =
				level ? vec(piece[k], a.y) : vec(a.x, piece[k]);
	}
}

static bool follows(const struct walk *walk, int i, int next)
{
	return walk->pieces[i][1].x == walk->pieces[next][0].x &&
	       walk->pieces[i][1].y == walk->pieces[next][0].y;
}

/* Draws pieces that follow each other round a corner as one stroke. */
static void draw_walk(struct pen *pen, const struct walk *walk, int shape)
{
	int first = 0, n = walk->count;

	while (first < n && follows(walk, (first + n - 1) % n, first))
		first++;
	for (int k = 0; k < n;) {
		struct path path = {.closed = false};
		int i;

		do {
			i = (first + k++) % n;
			path_add_line(&path, pen->d->arena,
				      point(pen, walk->pieces[i][0].x, walk->pieces[i][0].y),
				      point(pen, walk->pieces[i][1].x, walk->pieces[i][1].y));
		} while (k < n && follows(walk, i, (first + k) % n));
		drafter_stroke(pen->d, &path, LAYER_OUTLINE, LINE_CONTINUOUS, shape);
	}
}

static void draw_rect(struct pen *pen, const struct cabinet_rect *r)
{
	/* Round the board counter-clockwise; the last two run backwards. */
	struct vec edges[4][2] = {{{r->u0, r->v0}, {r->u1, r->v0}},
				  {{r->u1, r->v0}, {r->u1, r->v1}},
				  {{r->u0, r->v1}, {r->u1, r->v1}},
				  {{r->u0, r->v0}, {r->u0, r->v1}}};
	bool behind = pen->view == CABINET_DOORS && !is_doors_rect(pen, r), whole = true;
	struct walk walk = {.room = 4 * (pen->rects.count + 1)};

	for (int i = 0; i < 4 && behind; i++)
		whole = whole && is_whole(pen, edges[i][0], edges[i][1]);
	if (whole) {
		draw_closed(pen, point(pen, r->u0, r->v0), point(pen, r->u1, r->v1), r->layer,
			    r->shape);
		return;
	}
	walk.pieces = arena_alloc(pen->d->arena, (size_t)walk.room, sizeof(*walk.pieces));
	for (int i = 0; i < 4; i++)
		add_pieces(pen, &walk, edges[i][0], edges[i][1], i >= 2);
	draw_walk(pen, &walk, r->shape);
}

static void draw_bar(struct pen *pen, struct vec middle, double width, double height, int shape)
{
	struct vec half = vec(width / 2, height / 2);

	draw_closed(pen, vec_sub(middle, half), vec_add(middle, half), LAYER_THIN, shape);
}

static double handle_length(const struct pen *pen, double side)
{
	return min2(HANDLE_LENGTH_MM, HANDLE_SHARE * side * pen->d->drawing->scale / 1000);
}

static void draw_drawer_symbol(struct pen *pen, const struct cabinet_rect *r)
{
	draw_bar(pen, point(pen, (r->u0 + r->u1) / 2, (r->v0 + r->v1) / 2),
		 handle_length(pen, r->u1 - r->u0), HANDLE_MM, r->shape);
}

/* The swing, and a handle near the free side. */
static void draw_door_symbol(struct pen *pen, const struct cabinet_rect *r)
{
	bool left = pen->d->scene->shapes[r->shape].kind == SHAPE_DOOR_LEFT;
	bool dashed = pen->d->style->projection == STYLE_PROJECTION_THIRD;
	double hinged = left ? r->u0 : r->u1, free_side = left ? r->u1 : r->u0;
	double middle = (r->v0 + r->v1) / 2;
	struct vec apex = point(pen, hinged, middle), handle = point(pen, free_side, middle);
	struct path path = {.closed = false};

	path_add_line(&path, pen->d->arena, point(pen, free_side, r->v0), apex);
	path_add_line(&path, pen->d->arena, apex, point(pen, free_side, r->v1));
	drafter_stroke(pen->d, &path, LAYER_THIN, dashed ? LINE_DASHED : LINE_CONTINUOUS, r->shape);
	handle.x += left ? -HANDLE_RIM_MM : HANDLE_RIM_MM;
	draw_bar(pen, handle, HANDLE_MM, handle_length(pen, r->v1 - r->v0), r->shape);
}

/* Whether a door covers some of the rectangle's inside. */
static bool is_covered(const struct pen *pen, const struct cabinet_rect *r)
{
	for (int i = 0; i < pen->rects.count; i++) {
		const struct cabinet_rect *door = &pen->rects.list[i];

		if (is_doors_rect(pen, door) && door->u0 < r->u1 && r->u0 < door->u1 &&
		    door->v0 < r->v1 && r->v0 < door->v1)
			return true;
	}
	return false;
}

static void draw_symbols(struct pen *pen)
{
	for (int i = 0; i < pen->rects.count; i++) {
		const struct cabinet_rect *r = &pen->rects.list[i];
		enum shape_kind kind = pen->d->scene->shapes[r->shape].kind;

		if (kind == SHAPE_DRAWERS && (pen->view != CABINET_DOORS || !is_covered(pen, r)))
			draw_drawer_symbol(pen, r);
		else if (is_door(kind))
			draw_door_symbol(pen, r);
	}
}

void cabinet_draw(struct drafter *d)
{
	for (int i = 0; i < d->drawing->view_count; i++) {
		const struct view *view = &d->drawing->views[i];
		struct pen pen = {d, cabinet_view_from_name(view->name), view->origin, {0}};

		if (pen.view == CABINET_VIEWS)
			continue;
		pen.rects = cabinet_rects_of_view(d, pen.view);
		for (int k = 0; k < pen.rects.count; k++)
			draw_rect(&pen, &pen.rects.list[k]);
		if (pen.view == CABINET_FRONT || pen.view == CABINET_DOORS)
			draw_symbols(&pen);
	}
}
