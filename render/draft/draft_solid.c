/* SPDX-License-Identifier: MIT */
/*
 * Solids: views side by side, dimensions in rows round each where no other view is, call-outs on leaders.
 *
 *	third angle	top			first angle	front  left
 *			front  right				top
 *
 * A view that looks along no axis has no dimensions and stands in the free corner. One that is a section has its
 * cutting plane marked in another view, beyond the rows of dimensions there.
 */
#include <config.h>

#include <math.h>

#include "formats/solid/part.h"
#include "render/draft/draft_block.h"
#include "render/draft/draft_solid_cut.h"

#define VIEW_ITEMS 64
#define BEYOND_COST 1.0 /* of lettering that leaves its dimension on the inner side */
#define CLOSE_MM 1.0
#define SMALL_MARK_MM 0.5 /* half the cross of a centre without a circle, and CENTRE_OVER_MM */
#define BORE_SHARE 1e-6   /* of a view that extension lines are spared to cross; of a bore's, */
#define INNER_SHARE 0.5   /* of others */

/* drafter->family */
struct layout {
	struct block block;
	struct solid_cut cut; /* of the view that is a section */
};

static const struct part *part_of(const struct drafter *d)
{
	return d->scene->part;
}

static bool is_first_angle(const struct drafter *d)
{
	return d->style->projection == STYLE_PROJECTION_FIRST;
}

/* How far to the right of the front view and over it a view stands. */
static void cell_of(const struct drafter *d, enum part_side side, int *column, int *row)
{
	static const int places[PART_SIDE_COUNT_][2] = {
		[PART_FRONT] = {0, 0}, [PART_TOP] = {0, 1},  [PART_RIGHT] = {1, 0},
		[PART_LEFT] = {-1, 0}, [PART_BACK] = {2, 0}, [PART_BOTTOM] = {0, -1},
		[PART_ISO] = {1, 1},
	};
	bool turned = is_first_angle(d) && side != PART_BACK;

	*column = (turned && side != PART_ISO ? -1 : 1) * places[side][0];
	*row = (turned ? -1 : 1) * places[side][1];
}

static void add_views(const struct drafter *d, struct block *b)
{
	const struct part *part = part_of(d);
	int columns[PART_VIEWS_MAX], rows[PART_VIEWS_MAX], left = 0, low = 0;

	b->count = part->view_count;
	for (int i = 0; i < b->count; i++) {
		cell_of(d, part->views[i].side, &columns[i], &rows[i]);
		left = columns[i] < left ? columns[i] : left;
		low = rows[i] < low ? rows[i] : low;
	}
	for (int i = 0; i < b->count; i++) {
		double k = d->drawing->scale;
		struct box box = part->views[i].box;

		b->views[i] = (struct block_view){
			.name = part_side_names[part->views[i].side],
			.column = columns[i] - left,
			.row = rows[i] - low,
			.box = {k * box.x0, k * box.y0, k * box.x1, k * box.y1},
		};
	}
}

static bool is_linear(const struct dimension *dim)
{
	return dim->kind == DIM_POSITION_X || dim->kind == DIM_POSITION_Y ||
	       dim->kind == DIM_SIDE_DIAMETER;
}

static bool is_level(const struct drafter *d, const struct dimension *dim)
{
	const struct part *part = part_of(d);

	if (dim->kind != DIM_SIDE_DIAMETER)
		return dim->kind == DIM_POSITION_X;
	return part_axes(part->views[dim->view].side).u != part->rounds[dim->round].axis;
}

/* How far out the view shows something at that coordinate, on one side: where an extension line begins. */
struct search {
	double at; /* mm of the part */
	bool level, high;
	double end; /* the best so far */
};

static void find(struct search *s, struct vec p, double reach)
{
	double at = s->level ? p.x : p.y, out = s->level ? p.y : p.x;

	if (fabs(at - s->at) > PART_SAME_MM)
		return;
	out += s->high ? reach : -reach;
	s->end = s->high ? max2(s->end, out) : min2(s->end, out);
}

/* In mm of the part; the edge of the view where it shows nothing there. */
static double edge_end(const struct drafter *d, int v, bool level, int64_t at, enum block_side side)
{
	const struct part *part = part_of(d);
	const struct part_view *view = &part->views[v];
	bool high = side == BLOCK_RIGHT || side == BLOCK_ABOVE;
	struct search s = {(double)at / 1000, level, high, high ? -INFINITY : INFINITY};
	double over = drafter_marks_centres(d) ? CENTRE_OVER_MM / d->drawing->scale : 0;
	struct part_axes axes = part_axes(view->side);

	for (int i = 0; i < view->count; i++) {
		const struct solid_curve *curve = &view->curves[i];
		bool closed = curve->seg.kind == SEG_ARC && fabs(curve->seg.sweep) > 6.28;

		if (curve->edge == SOLID_SMOOTH || curve->poles || closed)
			continue;
		find(&s, curve->seg.a, 0);
		find(&s, curve->seg.b, 0);
	}
	for (int i = 0; i < part->round_count; i++) {
		const struct part_round *round = &part->rounds[i];
		double arm = part_is_marked(round) ? part_reach(round)
						   : SMALL_MARK_MM / d->drawing->scale;

		if (round->axis == axes.across && !round->pitch && round->on < 0 &&
		    (part_is_marked(round) || round->told))
			find(&s, part_seen(view->side, round->base), over > 0 ? arm + over : 0);
	}
	if (isfinite(s.end))
		return s.end;
	return level ? (high ? view->box.y1 : view->box.y0) : (high ? view->box.x1 : view->box.x0);
}

/* The side away from the other views. */
static enum block_side outer_side(const struct drafter *d, const struct dimension *dim)
{
	enum part_side side = part_of(d)->views[dim->view].side;
	int column, row;

	cell_of(d, side, &column, &row);
	if (!is_level(d, dim))
		return column > 0 ? BLOCK_RIGHT : BLOCK_LEFT;
	if (row == 0)
		return is_first_angle(d) ? BLOCK_ABOVE : BLOCK_BELOW;
	return row > 0 ? BLOCK_ABOVE : BLOCK_BELOW;
}

static enum block_side opposite(enum block_side side)
{
	static const enum block_side sides[] = {BLOCK_RIGHT, BLOCK_LEFT, BLOCK_ABOVE, BLOCK_BELOW};

	return sides[side];
}

/* How far extension lines run over the view to that side, as a share of its width. */
static double over_view(const struct drafter *d, const struct dimension *dim, enum block_side side)
{
	const struct box *box = &part_of(d)->views[dim->view].box;
	bool level = is_level(d, dim), high = side == BLOCK_RIGHT || side == BLOCK_ABOVE;
	double edge = level ? (high ? box->y1 : box->y0) : (high ? box->x1 : box->x0);
	double size = level ? box->y1 - box->y0 : box->x1 - box->x0, over = 0;

	for (int k = 0; k < 2; k++)
		over += fabs(edge - edge_end(d, dim->view, level, dim->at[k], side));
	return over / size;
}

/* The outer side, unless what is measured lies much nearer to the other one; of a bore where it opens. */
static enum block_side side_of(const struct drafter *d, const struct dimension *dim)
{
	enum block_side outer = outer_side(d, dim), inner = opposite(outer);
	bool bore = dim->kind == DIM_SIDE_DIAMETER && part_of(d)->rounds[dim->round].hollow;
	double spared = over_view(d, dim, outer) - over_view(d, dim, inner);

	return spared > (bore ? BORE_SHARE : INNER_SHARE) ? inner : outer;
}

static double on_paper(const struct drafter *d, int64_t at)
{
	return drafter_mm(d, 1) * (double)at;
}

static int leaving_end(const struct drafter *d, const struct block_view *v,
		       const struct dimension *dim)
{
	double twice = on_paper(d, dim->at[0] + dim->at[1]);

	return is_level(d, dim) ? twice > v->box.x0 + v->box.x1 : twice > v->box.y0 + v->box.y1;
}

/* Returns how many dimensions there are. */
static int lay_rows(const struct drafter *d, struct block *b, int view, enum block_side side)
{
	struct block_item items[VIEW_ITEMS];
	int count = 0;

	for (int i = 0; i < d->scene->dimension_count && count < VIEW_ITEMS; i++) {
		const struct dimension *dim = &d->scene->dimensions[i];
		double a = on_paper(d, dim->at[0]), e = on_paper(d, dim->at[1]);

		if (dim->view == view && is_linear(dim) && side_of(d, dim) == side)
			items[count++] = (struct block_item){
				i, {min2(a, e), max2(a, e)}, leaving_end(d, &b->views[view], dim)};
	}
	block_lay_rows(d, b, view, side, items, count);
	return count;
}

static int place(struct drafter *d, const struct sheet_taken *taken)
{
	struct layout *l = ARENA_NEW(d->arena, struct layout, 1);
	int counts[DRAWING_VIEWS_MAX][BLOCK_SIDES];

	d->family = l;
	l->block.rows = ARENA_NEW(d->arena, int, d->scene->dimension_count);
	add_views(d, &l->block);
	for (int i = 0; i < l->block.count; i++)
		for (int side = 0; side < BLOCK_SIDES; side++)
			counts[i][side] = lay_rows(d, &l->block, i, (enum block_side)side);
	solid_cut_lay(d, &l->cut, &l->block, counts);
	return block_place(d, &l->block, taken);
}

static void draw(struct drafter *d)
{
	const struct part *part = part_of(d);

	for (int v = 0; v < part->view_count; v++) {
		const struct part_view *view = &part->views[v];
		double k = d->drawing->scale;

		for (int i = 0; i < view->count; i++) {
			const struct solid_curve *curve = &view->curves[i];
			bool seen = curve->visible;
			struct path path = {0};

			if (curve->edge == SOLID_SMOOTH || (!seen && view->side == PART_ISO))
				continue;
			solid_curve_path(curve, 0.01 / k, d->arena, &path);
			path = path_place(&path, d->drawing->views[v].origin, k, d->arena);
			drafter_stroke(d, &path, seen ? LAYER_OUTLINE : LAYER_HIDDEN,
				       seen ? LINE_CONTINUOUS : LINE_DASHED, DRAWING_NOBODY);
		}
	}
}

static struct vec on_sheet(const struct drafter *d, int view, struct vec at)
{
	return vec_add(d->drawing->views[view].origin, vec_scale(at, d->drawing->scale));
}

static struct vec seen_at(const struct drafter *d, int view, struct vec3 point)
{
	return on_sheet(d, view, part_seen(part_of(d)->views[view].side, point));
}

/* Whether some round about the same axis in the view reaches farther. */
static bool is_within(const struct part *part, int index)
{
	const struct part_round *a = &part->rounds[index];

	for (int i = 0; i < part->round_count; i++) {
		const struct part_round *b = &part->rounds[i];
		double off = 0;

		if (i == index || b->pitch || b->axis != a->axis || !part_is_marked(b))
			continue;
		for (int k = 1; k <= 2; k++)
			off += fabs(vec3_at(a->base, (a->axis + k) % 3) -
				    vec3_at(b->base, (a->axis + k) % 3));
		if (off < PART_SAME_MM &&
		    (part_reach(b) > part_reach(a) + PART_SAME_MM ||
		     (part_reach(b) > part_reach(a) - PART_SAME_MM && i < index)))
			return true;
	}
	return false;
}

/* From the side, rounds about one axis have one line, as long as all of them. */
static void mark_axis(struct drafter *d, int view, int index)
{
	const struct part *part = part_of(d);
	const struct part_round *round = &part->rounds[index];
	struct vec3 ends[2] = {round->base, round->base};
	double *end[2] = {(double *)&ends[0] + round->axis, (double *)&ends[1] + round->axis};

	*end[1] += round->length;
	for (int i = 0; i < part->round_count; i++) {
		const struct part_round *other = &part->rounds[i];
		struct vec a, b;

		if (other->pitch || other->axis != round->axis || !part_is_whole(other) ||
		    !part_shows_axis(&part->views[view], other))
			continue;
		a = part_seen(part->views[view].side, round->base);
		b = part_seen(part->views[view].side, other->base);
		if (fabs(vec_cross(vec_sub(a, b),
				   vec_unit(vec_sub(part_seen(part->views[view].side, ends[1]),
						    part_seen(part->views[view].side, ends[0]))))) >
		    PART_SAME_MM)
			continue;
		if (i < index)
			return;
		*end[0] = min2(*end[0], vec3_at(other->base, round->axis));
		*end[1] = max2(*end[1], vec3_at(other->base, round->axis) + other->length);
	}
	drafter_centre_line(d, seen_at(d, view, ends[0]), seen_at(d, view, ends[1]),
			    DRAWING_NOBODY);
}

/* Of a round that the view looks along. A hole on a pitch circle has a line towards the middle of that. */
static void mark_centre(struct drafter *d, int view, int index)
{
	const struct part *part = part_of(d);
	const struct part_round *round = &part->rounds[index];
	double radius = drafter_mm(d, 1000) * part_reach(round);
	struct vec centre = seen_at(d, view, round->base);

	if (round->pitch) {
		drafter_pitch_circle(d, centre, radius, DRAWING_NOBODY);
	} else if (round->on >= 0) {
		struct vec middle = seen_at(d, view, part->rounds[round->on].base);
		struct vec out = vec_scale(vec_unit(vec_sub(centre, middle)), radius);

		drafter_centre_line(d, vec_sub(centre, out), vec_add(centre, out), DRAWING_NOBODY);
	} else if (!part_is_marked(round)) {
		if (round->told)
			drafter_centre_cross(d, centre, vec(1, 0), SMALL_MARK_MM, SMALL_MARK_MM,
					     DRAWING_NOBODY);
	} else if (!is_within(part, index)) {
		drafter_centre_cross(d, centre, vec(1, 0), radius, radius, DRAWING_NOBODY);
	}
}

/* Pitch circles are drawn whatever the style says of centre lines: they are dimensioned. */
static void mark(struct drafter *d)
{
	const struct layout *l = d->family;
	const struct part *part = part_of(d);

	for (int v = 0; v < part->view_count; v++) {
		struct part_axes axes = part_axes(part->views[v].side);

		for (int i = 0; i < part->round_count && axes.across >= 0; i++) {
			const struct part_round *round = &part->rounds[i];

			if (!drafter_marks_centres(d) && !round->pitch)
				continue;
			if (round->axis == axes.across)
				mark_centre(d, v, i);
			else if (part_is_whole(round) && !round->pitch &&
				 part_shows_axis(&part->views[v], round))
				mark_axis(d, v, i);
		}
	}
	if (l->cut.view >= 0)
		solid_cut_mark(d, &l->cut, &l->block);
}

static void measure_linear(const struct drafter *d, int dimension, struct measure *m)
{
	const struct layout *l = d->family;
	const struct dimension *dim = &d->scene->dimensions[dimension];
	const struct block_view *v = &l->block.views[dim->view];
	enum block_side side = side_of(d, dim);
	bool level = is_level(d, dim);
	int left = side == BLOCK_LEFT || side == BLOCK_ABOVE ? 0 : 1; /* of the way along */
	double edge = side == BLOCK_LEFT    ? v->box.x0
		      : side == BLOCK_RIGHT ? v->box.x1
		      : side == BLOCK_BELOW ? v->box.y0
					    : v->box.y1;
	int64_t ends[2] = {dim->at[0] < dim->at[1] ? dim->at[0] : dim->at[1],
			   dim->at[0] < dim->at[1] ? dim->at[1] : dim->at[0]};

	m->kind = MEASURE_LINEAR;
	m->linear = (struct linear_spec){.along = level ? vec(1, 0) : vec(0, 1), .in_rows = true};
	m->linear.cost[!left] = INFINITY;
	m->linear.first_row = l->block.rows[dimension];
	m->linear.beyond[!leaving_end(d, v, dim)] = BEYOND_COST;
	for (int k = 0; k < 2; k++) {
		double start = edge_end(d, dim->view, level, ends[k], side);
		double at = (double)ends[k] / 1000;

		m->linear.from[left][k] =
			on_sheet(d, dim->view, level ? vec(at, start) : vec(start, at));
		if (k == 0)
			m->linear.reach[left] = fabs(edge - d->drawing->scale * start);
	}
}

/* Whether another circle or arc about its centre is so near that an arrowhead would lie on it. */
static bool is_close(const struct drafter *d, const struct part_view *view,
		     const struct part_round *round, double radius)
{
	struct vec centre = part_seen(view->side, round->base);

	for (int i = 0; i < view->count; i++) {
		const struct seg *s = &view->curves[i].seg;
		double gap = fabs(s->rx - radius);

		if (view->curves[i].edge != SOLID_SMOOTH && !view->curves[i].poles &&
		    s->kind == SEG_ARC && vec_length(vec_sub(s->centre, centre)) < PART_SAME_MM &&
		    gap > PART_SAME_MM && gap * d->drawing->scale < d->style->arrow_mm + CLOSE_MM)
			return true;
	}
	return false;
}

/* The circles and arcs of a round and of those like it, as the view shows them: of a countersink its mouth. */
static void measure_round(const struct drafter *d, const struct dimension *dim, struct measure *m)
{
	const struct part *part = part_of(d);
	const struct part_view *view = &part->views[dim->view];
	const struct part_round *named = &part->rounds[dim->round];
	bool sink = dim->kind == DIM_COUNTERSINK;
	double radius = part_reach(named);

	m->kind = MEASURE_RADIAL;
	m->radial = (struct radial_spec){.diameter = dim->kind == DIM_DIAMETER || sink,
					 .outside = sink};
	if (named->pitch) {
		m->radial.count = 1;
		m->radial.arcs[0] =
			(struct proposal_arc){seen_at(d, dim->view, named->base),
					      named->radius * d->drawing->scale, 0, 2 * M_PI};
		return;
	}
	m->radial.snug = is_close(d, view, named, radius);
	m->radial.hollow = named->hollow && !part_is_marked(named);
	for (int i = 0; i < part->round_count; i++) {
		const struct part_round *round = &part->rounds[i];
		struct vec centre = part_seen(view->side, round->base);

		if (!part_is_alike(round, named))
			continue;
		for (int k = 0; k < view->count && m->radial.count < RADIAL_ARCS; k++) {
			const struct solid_curve *c = &view->curves[k];

			if (c->edge == SOLID_SMOOTH || c->poles || c->seg.kind != SEG_ARC ||
			    fabs(c->seg.rx - radius) > PART_SAME_MM ||
			    fabs(c->seg.ry - radius) > PART_SAME_MM ||
			    vec_length(vec_sub(c->seg.centre, centre)) > PART_SAME_MM)
				continue;
			m->radial.arcs[m->radial.count++] = (struct proposal_arc){
				on_sheet(d, dim->view, centre), radius * d->drawing->scale,
				c->seg.from, c->seg.sweep};
		}
	}
	if (m->radial.count == 0)
		m->kind = MEASURE_NOTHING;
}

static void add_tip(const struct drafter *d, int view, struct vec at, struct vec out,
		    struct leader_spec *spec)
{
	if (spec->count == LEADER_TIPS)
		return;
	spec->tips[spec->count] = on_sheet(d, view, at);
	spec->outs[spec->count++] = out;
}

/* Leaders to the planes that cut corners off by that much. */
static void measure_corners(const struct drafter *d, int dimension, struct measure *m)
{
	const struct part *part = part_of(d);
	int view = d->scene->dimensions[dimension].view;

	m->kind = MEASURE_LEADER;
	m->leader = (struct leader_spec){.count = 0};
	for (int i = 0; i < part->faces.face_count; i++) {
		enum part_side side = part->views[view].side;
		struct vec3 ends[2];

		if (part->chamfer[i] != dimension ||
		    part_axis_of_slant(&part->faces.faces[i], ends) < 0)
			continue;
		add_tip(d, view,
			vec_scale(vec_add(part_seen(side, ends[0]), part_seen(side, ends[1])), 0.5),
			part_seen(side, part->faces.faces[i].normal), &m->leader);
	}
}

/* Leaders to the outlines of cones that are chamfers of that size, of those that are seen if any is. */
static void measure_chamfer(const struct drafter *d, const struct dimension *dim, struct measure *m)
{
	const struct part *part = part_of(d);
	const struct part_view *view = &part->views[dim->view];
	const struct part_round *named = &part->rounds[dim->round];
	struct vec middles[2], outs[2];
	bool any, seen;

	part_cone_outline(view, named, middles, outs, &any);
	m->kind = MEASURE_LEADER;
	m->leader = (struct leader_spec){.count = 0};
	for (int i = 0; i < part->round_count; i++) {
		int lines;

		if (part->rounds[i].chamfer != named->chamfer)
			continue;
		lines = part_cone_outline(view, &part->rounds[i], middles, outs, &seen);
		for (int k = 0; k < lines && seen == any; k++)
			add_tip(d, dim->view, middles[k], outs[k], &m->leader);
	}
}

static void measure(struct drafter *d, int dimension, struct measure *m)
{
	const struct dimension *dim = &d->scene->dimensions[dimension];

	if (is_linear(dim))
		measure_linear(d, dimension, m);
	else if (dim->round < 0)
		measure_corners(d, dimension, m);
	else if (dim->kind == DIM_CHAMFER)
		measure_chamfer(d, dim, m);
	else
		measure_round(d, dim, m);
}

static void finish(struct drafter *d)
{
	const struct layout *l = d->family;

	if (l->cut.view >= 0)
		solid_cut_hatch(d, &l->cut);
}

const struct draft_family draft_solid = {place, draw, mark, measure, NULL, finish};
