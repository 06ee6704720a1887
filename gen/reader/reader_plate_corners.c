/* SPDX-License-Identifier: MIT */
/*
 * The outline: which of its pieces are edges and which stand for a corner. An arc is a fillet and must
 * touch both its neighbours; an edge at 45 degrees between two that are square to each other is a chamfer
 * if a chamfer's call-out points at its middle, or at the middle of an equal one and counts them all. The
 * corner is where the neighbours would meet. All else is an edge of the profile.
 */
#include <config.h>

#include <math.h>

#include "gen/reader/reader_plate.h"

enum piece { PIECE_EDGE, PIECE_FILLET, PIECE_CHAMFER };

struct corner {
	struct vec at;
	int cut; /* index of the piece that stands for it; -1: none */
};

struct corners {
	struct plate_reader *p;
	int piece_count;
	enum piece *kinds;
	const struct callout **call_outs; /* of fillets and chamfers */
	int count;
	struct corner list[SHAPE_POINTS_MAX];
};

static const struct seg *piece_at(const struct corners *c, int i)
{
	return &c->p->outline.segs[(i + c->piece_count) % c->piece_count];
}

static enum piece kind_at(const struct corners *c, int i)
{
	return c->kinds[(i + c->piece_count) % c->piece_count];
}

static struct vec way(const struct seg *seg)
{
	return vec_unit(vec_sub(seg->b, seg->a));
}

/* A line at 45 degrees between two that are square to each other. */
static bool may_be_chamfer(const struct corners *c, int i)
{
	const struct seg *s = piece_at(c, i), *before = piece_at(c, i - 1),
			 *next = piece_at(c, i + 1);

	return s->kind == SEG_LINE && before->kind == SEG_LINE && next->kind == SEG_LINE &&
	       fabs(vec_dot(way(before), way(next))) < READER_SAME_DIRECTION &&
	       fabs(vec_dot(way(before), way(s)) - M_SQRT1_2) < READER_SAME_DIRECTION;
}

/* Whether two pieces could share a call-out: as large, and of one kind. */
static bool equal_pieces(const struct corners *c, int i, int k)
{
	const struct seg *a = piece_at(c, i), *b = piece_at(c, k);

	if (a->kind != b->kind)
		return false;
	if (a->kind == SEG_ARC)
		return fabs(a->rx - b->rx) < READER_SAME_MM;
	return may_be_chamfer(c, i) && may_be_chamfer(c, k) &&
	       fabs(vec_length(vec_sub(a->b, a->a)) - vec_length(vec_sub(b->b, b->a))) <
		       READER_SAME_MM;
}

/* Finds the call-outs of all pieces equal to i, the first of them. */
static int read_group(struct corners *c, int i)
{
	const struct seg **pieces =
		ARENA_NEW(c->p->reader->arena, const struct seg *, c->piece_count);
	const struct callout **call_outs =
		ARENA_NEW(c->p->reader->arena, const struct callout *, c->piece_count);
	bool arc = piece_at(c, i)->kind == SEG_ARC, shared;
	int n = 0, found;

	for (int k = i; k < c->piece_count; k++)
		if (equal_pieces(c, i, k))
			pieces[n++] = piece_at(c, k);
	found = plate_call_outs(c->p, arc ? CALLOUT_RADIUS : CALLOUT_CHAMFER, pieces, n, call_outs,
				&shared);
	if (found < 0)
		return -1;
	if (found == 0 && !arc)
		return 0;
	if (found == 0)
		return err_set(c->p->err, ERR_FORMAT,
			       "fillet at (%.10g,%.10g) on the sheet: 'r': not printed",
			       piece_at(c, i)->a.x, piece_at(c, i)->a.y);
	n = 0;
	for (int k = i; k < c->piece_count; k++) {
		if (!equal_pieces(c, i, k))
			continue;
		c->kinds[k] = arc ? PIECE_FILLET : PIECE_CHAMFER;
		c->call_outs[k] = call_outs[n++];
	}
	return 0;
}

static int find_cuts(struct corners *c)
{
	for (int i = 0; i < c->piece_count; i++) {
		bool first = piece_at(c, i)->kind == SEG_ARC || may_be_chamfer(c, i);

		for (int k = 0; k < i && first; k++)
			first = !equal_pieces(c, i, k);
		if (first && read_group(c, i) < 0)
			return -1;
	}
	return 0;
}

static int blame(const struct corners *c, int i, const char *what)
{
	const struct seg *s = piece_at(c, i);

	return err_set(c->p->err, ERR_FORMAT, "the outline at (%.10g,%.10g) on the sheet %s",
		       s->a.x, s->a.y, what);
}

/* Where two edges, drawn on, meet. */
static struct vec meeting_point(const struct seg *before, const struct seg *next)
{
	struct vec u = way(before), v = way(next);
	double t = vec_cross(vec_sub(next->a, before->b), v) / vec_cross(u, v);

	return vec_add(before->b, vec_scale(u, t));
}

static bool is_tangent(const struct seg *arc, const struct seg *before, const struct seg *next)
{
	double side = arc->sweep > 0 ? arc->rx : -arc->rx;

	return same_point(arc->centre,
			  vec_add(before->b, vec_scale(vec_perp(way(before)), side))) &&
	       same_point(arc->centre, vec_add(next->a, vec_scale(vec_perp(way(next)), side)));
}

/* The corner behind edge i. */
static int find_corner(struct corners *c, int i)
{
	bool is_cut = kind_at(c, i + 1) != PIECE_EDGE;
	int next = is_cut ? i + 2 : i + 1;
	struct corner *corner;

	if (kind_at(c, next) != PIECE_EDGE)
		return blame(c, next, "has two rounded or cut corners without an edge between");
	if (piece_at(c, i)->kind != SEG_LINE || piece_at(c, next)->kind != SEG_LINE ||
	    c->count == SHAPE_POINTS_MAX)
		return blame(c, i, "is no profile of straight edges");
	if (is_cut && kind_at(c, i + 1) == PIECE_FILLET &&
	    !is_tangent(piece_at(c, i + 1), piece_at(c, i), piece_at(c, next)))
		return blame(c, i + 1, "is an arc that does not touch both edges");
	corner = &c->list[c->count++];
	corner->cut = is_cut ? (i + 1) % c->piece_count : -1;
	corner->at = is_cut ? meeting_point(piece_at(c, i), piece_at(c, next)) : piece_at(c, i)->b;
	return 0;
}

/* Begins with the lowest corner, of two the left one. */
static void rotate(struct corners *c)
{
	struct corner turned[SHAPE_POINTS_MAX];
	int first = 0;

	for (int i = 1; i < c->count; i++) {
		struct vec a = c->list[i].at, b = c->list[first].at;

		if (a.y < b.y - READER_SAME_MM || (a.y < b.y + READER_SAME_MM && a.x < b.x))
			first = i;
	}
	for (int i = 0; i < c->count; i++)
		turned[i] = c->list[(first + i) % c->count];
	for (int i = 0; i < c->count; i++)
		c->list[i] = turned[i];
}

static int find_corners(struct corners *c)
{
	struct vec points[SHAPE_POINTS_MAX];

	if (find_cuts(c) < 0)
		return -1;
	for (int i = 0; i < c->piece_count; i++)
		if (c->kinds[i] == PIECE_EDGE && find_corner(c, i) < 0)
			return -1;
	if (c->count < 3)
		return blame(c, 0, "has less than three edges");
	rotate(c);
	for (int i = 0; i < c->count; i++)
		points[i] = c->list[i].at;
	c->p->box = box_of_points(points, c->count);
	return 0;
}

static int add_cut(struct corners *c, const struct corner *corner, struct point at)
{
	const struct seg *s = piece_at(c, corner->cut);
	const struct callout *call_out = c->call_outs[corner->cut];
	bool arc = s->kind == SEG_ARC;
	struct shape shape = {.kind = arc ? SHAPE_FILLET : SHAPE_CHAMFER};
	double size = arc ? s->rx : vec_length(vec_sub(s->b, s->a)) * M_SQRT1_2;

	if (plate_check_size(c->p, call_out, call_out->value, size) < 0)
		return -1;
	shape.value[PARAM_X] = at.x;
	shape.value[PARAM_Y] = at.y;
	shape.value[arc ? PARAM_R : PARAM_C] = call_out->value;
	return plate_add_shape(c->p, &shape);
}

static int add_profile(struct corners *c, int64_t thickness)
{
	struct shape profile = {.kind = SHAPE_PROFILE, .point_count = c->count};

	profile.value[PARAM_THICKNESS] = thickness;
	for (int i = 0; i < c->count; i++) {
		struct vec at = c->list[i].at;

		if (plate_state(c->p, 0, at, SHAPE_PROFILE, "x of points", &profile.points[i].x) <
			    0 ||
		    plate_state(c->p, 1, at, SHAPE_PROFILE, "y of points", &profile.points[i].y) <
			    0)
			return -1;
	}
	if (plate_add_shape(c->p, &profile) < 0)
		return -1;
	for (int i = 0; i < c->count; i++)
		if (c->list[i].cut >= 0 && add_cut(c, &c->list[i], profile.points[i]) < 0)
			return -1;
	return 0;
}

static int add_disc(struct plate_reader *p, int64_t thickness)
{
	const struct seg *circle = &p->outline.segs[0];
	struct shape disc = {.kind = SHAPE_DISC};
	const struct callout *call_out;
	bool shared;
	int found = plate_call_outs(p, CALLOUT_DIAMETER, &circle, 1, &call_out, &shared);

	if (found < 0)
		return -1;
	if (found == 0)
		return err_set(p->err, ERR_FORMAT,
			       "disc at (%.10g,%.10g) on the sheet: 'd': not printed",
			       circle->centre.x, circle->centre.y);
	disc.value[PARAM_D] = call_out->value;
	disc.value[PARAM_THICKNESS] = thickness;
	if (plate_check_size(p, call_out, call_out->value, 2 * circle->rx) < 0)
		return -1;
	return plate_add_shape(p, &disc);
}

/* The one call-out of a thickness; its dot lies on the plate. */
static int read_thickness(struct plate_reader *p, int64_t *thickness)
{
	struct reader *reader = p->reader;
	int count = 0;

	*thickness = 0;
	for (int i = 0; i < reader->figure_count; i++) {
		struct figure *f = &reader->figures[i];
		struct vec tip = f->tip[0];

		if (f->kind != FIGURE_RADIAL || !f->reading ||
		    f->reading->callout.kind != CALLOUT_THICKNESS || tip.x < p->box.x0 ||
		    tip.x > p->box.x1 || tip.y < p->box.y0 || tip.y > p->box.y1)
			continue;
		*thickness = f->reading->callout.value;
		f->used = true;
		count++;
	}
	if (count == 1)
		return 0;
	return err_set(p->err, ERR_FORMAT, "'thickness' is printed %d times; allowed once", count);
}

/* A centre line through the middle, from edge to edge and beyond. */
static bool shows_symmetry(const struct plate_reader *p, int k)
{
	const struct drawing *d = p->reader->drawing;
	const struct box *b = &p->box;
	struct vec middle = vec((b->x0 + b->x1) / 2, (b->y0 + b->y1) / 2);
	struct vec half = k == 0 ? vec(0, (b->y1 - b->y0) / 2) : vec((b->x1 - b->x0) / 2, 0);

	for (int i = 0; i < d->stroke_count; i++) {
		const struct stroke *s = &d->strokes[i];
		const struct seg *seg = &s->path.segs[0];

		if (s->layer == LAYER_CENTRE && s->path.count == 1 && seg->kind == SEG_LINE &&
		    on_segment(vec_sub(middle, half), seg->a, seg->b) &&
		    on_segment(vec_add(middle, half), seg->a, seg->b))
			return true;
	}
	return false;
}

static int read_axes(struct plate_reader *p)
{
	for (int k = 0; k < 2; k++) {
		struct plate_axis *axis = &p->axes[k];

		axis->direction = k == 0 ? vec(1, 0) : vec(0, 1);
		axis->symmetric = shows_symmetry(p, k);
		axis->far_edge = k == 0 ? p->box.x1 - p->datum.x : p->box.y1 - p->datum.y;
		if (is_circle(&p->outline.segs[0]))
			axis->far_edge = 0;
		if (plate_axis_read(p, k) < 0)
			return -1;
	}
	return 0;
}

int plate_read_corners(struct plate_reader *p)
{
	struct corners c = {.p = p, .piece_count = p->outline.count};
	const struct seg *first = &p->outline.segs[0];
	int64_t thickness;

	c.kinds = ARENA_NEW(p->reader->arena, enum piece, c.piece_count);
	c.call_outs = ARENA_NEW(p->reader->arena, const struct callout *, c.piece_count);
	if (is_circle(first)) {
		struct vec half = vec(first->rx, first->rx);
		struct vec low = vec_sub(first->centre, half), high = vec_add(first->centre, half);

		p->datum = first->centre;
		p->box = (struct box){low.x, low.y, high.x, high.y};
	} else if (find_corners(&c) < 0) {
		return -1;
	} else {
		p->datum = vec(p->box.x0, p->box.y0);
	}
	if (!same_point(p->datum, p->reader->drawing->datum))
		return blame(&c, 0, "does not begin at the datum");
	if (read_axes(p) < 0 || read_thickness(p, &thickness) < 0)
		return -1;
	return is_circle(first) ? add_disc(p, thickness) : add_profile(&c, thickness);
}
