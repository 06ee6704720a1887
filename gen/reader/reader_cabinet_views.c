/* SPDX-License-Identifier: MIT */
/*
 * Views of a cabinet. Outlines that touch make a view; the title over or under it says which one it
 * is. All titles of a drawing stand on the same side of their views.
 *
 * The carcass is found in the front view: two equal uprights, and between them a board at their feet
 * and one at their heads, as thick as they are wide. The view from the side stands on the same level,
 * the one from above in line with it. Which way the front looks in the view from the side is told by
 * the back panel; where that of doors begins, by what the front view shows at its left end.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "gen/reader/reader_cabinet.h"

bool cabinet_same(double a, double b)
{
	return fabs(a - b) < READER_SAME_MM;
}

/* A stroke of straight edges along the axes, as far as views are made of them. */
struct edge_stroke {
	struct box box;
	const struct stroke *stroke;
	int view; /* the group it belongs to: the lowest index of a stroke in it */
};

static struct box box_of_path(const struct path *path)
{
	struct box box = box_of_points(&path->segs[0].a, 1);

	for (int i = 0; i < path->count; i++) {
		struct vec ends[2] = {path->segs[i].a, path->segs[i].b};
		struct box piece = box_of_points(ends, 2);

		box.x0 = min2(box.x0, piece.x0);
		box.y0 = min2(box.y0, piece.y0);
		box.x1 = max2(box.x1, piece.x1);
		box.y1 = max2(box.y1, piece.y1);
	}
	return box;
}

static bool is_upright_rectangle(const struct path *path)
{
	if (!path->closed || path->count != 4)
		return false;
	for (int i = 0; i < 4; i++) {
		const struct seg *seg = &path->segs[i];

		if (seg->kind != SEG_LINE ||
		    (!cabinet_same(seg->a.x, seg->b.x) && !cabinet_same(seg->a.y, seg->b.y)))
			return false;
	}
	return true;
}

static bool boxes_touch(const struct box *a, const struct box *b)
{
	return a->x0 < b->x1 + READER_SAME_MM && b->x0 < a->x1 + READER_SAME_MM &&
	       a->y0 < b->y1 + READER_SAME_MM && b->y0 < a->y1 + READER_SAME_MM;
}

/* Groups outlines that touch, and returns the boxes of the groups. */
static int group_outlines(struct cabinet_reader *c, struct box *groups, int most)
{
	const struct drawing *d = c->reader->drawing;
	struct box *boxes = ARENA_NEW(c->reader->arena, struct box, d->stroke_count);
	int count = 0;
	bool merged = true;

	for (int i = 0; i < d->stroke_count; i++)
		if (d->strokes[i].layer == LAYER_OUTLINE && d->strokes[i].path.count > 0)
			boxes[count++] = box_of_path(&d->strokes[i].path);
	while (merged) {
		merged = false;
		for (int i = 0; i < count; i++) {
			for (int k = count - 1; k > i; k--) {
				if (!boxes_touch(&boxes[i], &boxes[k]))
					continue;
				boxes[i].x0 = min2(boxes[i].x0, boxes[k].x0);
				boxes[i].y0 = min2(boxes[i].y0, boxes[k].y0);
				boxes[i].x1 = max2(boxes[i].x1, boxes[k].x1);
				boxes[i].y1 = max2(boxes[i].y1, boxes[k].y1);
				boxes[k] = boxes[--count];
				merged = true;
			}
		}
	}
	if (count > most)
		return err_set(c->err, ERR_FORMAT, "the drawing shows %d views; allowed %d", count,
			       most);
	memcpy(groups, boxes, (size_t)count * sizeof(*groups));
	return count;
}

/* The group that a title stands over, or under: the nearest one that reaches over its middle. */
static int nearest_group(const struct box *groups, int count, struct vec middle, bool over)
{
	double best = INFINITY;
	int found = -1;

	for (int i = 0; i < count; i++) {
		double gap = over ? middle.y - groups[i].y1 : groups[i].y0 - middle.y;

		if (middle.x > groups[i].x0 && middle.x < groups[i].x1 && gap > 0 && gap < best) {
			best = gap;
			found = i;
		}
	}
	return found;
}

static struct vec middle_of(const struct text *text)
{
	return vec_add(text->at,
		       vec_rotate(vec(text->width_mm / 2, text->height_mm / 2), text->angle_rad));
}

/* Gives each group its title, all of them over (or all under) their views. */
static bool name_groups(struct cabinet_reader *c, const struct box *groups, int count, bool over)
{
	const struct drawing *d = c->reader->drawing;
	int named = 0;

	memset(c->views, 0, sizeof(c->views));
	for (int i = 0; i < d->text_count; i++) {
		const struct text *text = &d->texts[i];
		enum cabinet_view kind = cabinet_view_from_title(text->utf8);
		int group;

		if (text->layer != LAYER_NOTE || kind == CABINET_VIEWS)
			continue;
		group = nearest_group(groups, count, middle_of(text), over);
		if (group < 0 || c->views[kind].is_there)
			return false;
		for (int k = 0; k < CABINET_VIEWS; k++)
			if (c->views[k].is_there && c->views[k].box.x0 == groups[group].x0 &&
			    c->views[k].box.y0 == groups[group].y0)
				return false;
		c->views[kind].is_there = true;
		c->views[kind].box = groups[group];
		named++;
	}
	return named == count;
}

static int find_groups(struct cabinet_reader *c)
{
	struct box groups[CABINET_VIEWS];
	int count = group_outlines(c, groups, CABINET_VIEWS);

	if (count < 0)
		return -1;
	if (!name_groups(c, groups, count, true) && !name_groups(c, groups, count, false))
		return err_set(c->err, ERR_FORMAT,
			       "the drawing shows %d views that are not all named by a title",
			       count);
	if (!c->views[CABINET_FRONT].is_there || !c->views[CABINET_SIDE].is_there)
		return err_set(c->err, ERR_FORMAT, "no view is named %s",
			       c->views[CABINET_FRONT].is_there ? "as that from the side"
								: "as the front");
	return 0;
}

static bool contains(const struct box *outer, const struct box *inner)
{
	return inner->x0 > outer->x0 - READER_SAME_MM && inner->x1 < outer->x1 + READER_SAME_MM &&
	       inner->y0 > outer->y0 - READER_SAME_MM && inner->y1 < outer->y1 + READER_SAME_MM;
}

/* All rectangles in views, still in sheet coordinates, and swings of doors. */
static void gather_boards(struct cabinet_reader *c)
{
	const struct drawing *d = c->reader->drawing;

	c->boards = ARENA_NEW(c->reader->arena, struct seen_board, d->stroke_count);
	c->swings = ARENA_NEW(c->reader->arena, struct seen_swing, d->stroke_count);
	for (int i = 0; i < d->stroke_count; i++) {
		const struct stroke *s = &d->strokes[i];
		struct box box;
		int view = 0;

		if (!layer_is_edge(s->layer) || s->path.count == 0)
			continue;
		box = box_of_path(&s->path);
		while (view < CABINET_VIEWS &&
		       !(c->views[view].is_there && contains(&c->views[view].box, &box)))
			view++;
		if (view == CABINET_VIEWS)
			continue;
		if (is_upright_rectangle(&s->path))
			c->boards[c->board_count++] =
				(struct seen_board){.u0 = box.x0,
						    .v0 = box.y0,
						    .u1 = box.x1,
						    .v1 = box.y1,
						    .view = (enum cabinet_view)view,
						    .layer = s->layer};
		else if (s->layer == LAYER_THIN && s->path.count == 2)
			c->swings[c->swing_count++] = (struct seen_swing){
				{s->path.segs[0].a, s->path.segs[1].b}, s->path.segs[0].b};
	}
}

/* A board of the view with these edges, as far as they are given (NAN: any). */
static struct seen_board *find_board(struct cabinet_reader *c, enum cabinet_view view,
				     enum layer layer, struct box wanted)
{
	for (int i = 0; i < c->board_count; i++) {
		struct seen_board *b = &c->boards[i];

		if (b->view == view && b->layer == layer &&
		    (isnan(wanted.x0) || cabinet_same(b->u0, wanted.x0)) &&
		    (isnan(wanted.y0) || cabinet_same(b->v0, wanted.y0)) &&
		    (isnan(wanted.x1) || cabinet_same(b->u1, wanted.x1)) &&
		    (isnan(wanted.y1) || cabinet_same(b->v1, wanted.y1)))
			return b;
	}
	return NULL;
}

static bool is_carcass(struct cabinet_reader *c, struct seen_board *left, struct seen_board *right)
{
	double t = left->u1 - left->u0;
	struct seen_board *bottom, *top;

	if (left->view != CABINET_FRONT || left->layer != LAYER_OUTLINE || left->u1 >= right->u0 ||
	    !cabinet_same(right->u1 - right->u0, t))
		return false;
	bottom = find_board(c, CABINET_FRONT, LAYER_OUTLINE,
			    (struct box){left->u1, left->v0, right->u0, left->v0 + t});
	top = find_board(c, CABINET_FRONT, LAYER_OUTLINE,
			 (struct box){left->u1, left->v1 - t, right->u0, left->v1});
	if (!bottom || !top)
		return false;
	left->explained = right->explained = bottom->explained = top->explained = true;
	c->views[CABINET_FRONT].origin = vec(left->u0, left->v0);
	c->wide = right->u1 - left->u0;
	c->high = left->v1 - left->v0;
	c->bt = t;
	return true;
}

static int find_carcass(struct cabinet_reader *c)
{
	for (int i = 0; i < c->board_count; i++) {
		struct seen_board *left = &c->boards[i], *right;

		for (int k = 0; k < c->board_count; k++) {
			right = &c->boards[k];
			if (right->view == left->view && right->layer == left->layer &&
			    cabinet_same(right->v0, left->v0) &&
			    cabinet_same(right->v1, left->v1) && is_carcass(c, left, right))
				return 0;
		}
	}
	return err_set(c->err, ERR_FORMAT, "no carcass is seen in the front view");
}

/* The side wall, as high as the carcass and as deep; the back panel at one of its ends. */
static int find_side(struct cabinet_reader *c)
{
	struct seen_view *view = &c->views[CABINET_SIDE];
	double z0 = c->views[CABINET_FRONT].origin.y, z1 = z0 + c->high;
	struct seen_board *wall = NULL, *panel;

	for (int i = 0; i < c->board_count; i++) {
		struct seen_board *b = &c->boards[i];

		if (b->view == CABINET_SIDE && b->layer == LAYER_OUTLINE &&
		    cabinet_same(b->v0, z0) && cabinet_same(b->v1, z1) &&
		    (!wall || b->u1 - b->u0 > wall->u1 - wall->u0))
			wall = b;
	}
	if (!wall)
		return err_set(c->err, ERR_FORMAT, "no carcass is seen from the side");
	panel = find_board(c, CABINET_SIDE, LAYER_OUTLINE,
			   (struct box){NAN, z0 + c->bt, wall->u1, z1 - c->bt});
	view->mirrored = !panel;
	if (!panel)
		panel = find_board(c, CABINET_SIDE, LAYER_OUTLINE,
				   (struct box){wall->u0, z0 + c->bt, NAN, z1 - c->bt});
	if (!panel)
		return err_set(c->err, ERR_FORMAT, "no back panel is seen from the side");
	wall->explained = panel->explained = true;
	view->origin = vec(view->mirrored ? wall->u1 : wall->u0, z0);
	c->deep = wall->u1 - wall->u0;
	c->bp = panel->u1 - panel->u0;
	return 0;
}

/* From above: the left side; under a cover the carcass, or the cover where it is as wide. */
static int find_top(struct cabinet_reader *c)
{
	double x0 = c->views[CABINET_FRONT].origin.x, x1 = x0 + c->wide;
	struct box all = {x0, NAN, x1, NAN}, side = {x0, NAN, x0 + c->bt, NAN};
	struct seen_board *b;

	if (!c->views[CABINET_TOP].is_there)
		return 0;
	b = find_board(c, CABINET_TOP, LAYER_OUTLINE, side);
	b = b ? b : find_board(c, CABINET_TOP, LAYER_HIDDEN, all);
	b = b ? b : find_board(c, CABINET_TOP, LAYER_OUTLINE, all);
	if (!b)
		return err_set(c->err, ERR_FORMAT, "no carcass is seen from above");
	c->views[CABINET_TOP].origin = vec(x0, b->v0);
	return 0;
}

static int find_doors(struct cabinet_reader *c)
{
	const struct seen_view *front = &c->views[CABINET_FRONT];
	struct seen_view *doors = &c->views[CABINET_DOORS];

	if (!doors->is_there)
		return 0;
	if (!cabinet_same(doors->box.x1 - doors->box.x0, front->box.x1 - front->box.x0) ||
	    !cabinet_same(doors->box.y0, front->box.y0))
		return err_set(c->err, ERR_FORMAT,
			       "the front with doors is not as wide as that "
			       "without, or stands higher");
	doors->origin = vec(doors->box.x0 - front->box.x0 + front->origin.x, front->origin.y);
	return 0;
}

/* From the sheet to the view's own coordinates. */
static void move_boards(struct cabinet_reader *c)
{
	for (int i = 0; i < c->board_count; i++) {
		struct seen_board *b = &c->boards[i];
		const struct seen_view *view = &c->views[b->view];
		double u0 = b->u0 - view->origin.x, u1 = b->u1 - view->origin.x;

		b->u0 = view->mirrored ? -u1 : u0;
		b->u1 = view->mirrored ? -u0 : u1;
		b->v0 -= view->origin.y;
		b->v1 -= view->origin.y;
	}
}

int cabinet_find_views(struct cabinet_reader *c)
{
	if (find_groups(c) < 0)
		return -1;
	gather_boards(c);
	if (find_carcass(c) < 0 || find_side(c) < 0 || find_top(c) < 0 || find_doors(c) < 0)
		return -1;
	move_boards(c);
	return 0;
}

struct seen_board *cabinet_board_at(struct cabinet_reader *c, enum cabinet_view view, double u,
				    double v)
{
	struct seen_board *found = NULL;
	double smallest = INFINITY;

	for (int i = 0; i < c->board_count; i++) {
		struct seen_board *b = &c->boards[i];
		double area = (b->u1 - b->u0) * (b->v1 - b->v0);

		if (b->view == view && b->layer != LAYER_THIN && area < smallest &&
		    u > b->u0 - READER_SAME_MM && u < b->u1 + READER_SAME_MM &&
		    v > b->v0 - READER_SAME_MM && v < b->v1 + READER_SAME_MM) {
			smallest = area;
			found = b;
		}
	}
	return found;
}
