/* SPDX-License-Identifier: MIT */
/*
 * Plates: one view, all linear dimensions in rows round it, call-outs on leaders at what they name.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "formats/drawing/dimension.h"
#include "render/draft/draft_plate.h"
#include "render/draft/draft_position.h"

#define BEYOND_ROWS_MM 1.5  /* from the lettering of the last row on */
#define OTHER_SIDE_COST 2.5 /* of rows that were planned elsewhere */
#define THICKNESS_STEPS 12  /* places for the dot, across and up */

/* What lettering needs beyond the last row of a side: above its line, and where it is level beside
 * upright lines some of its width. */
static double beyond_rows(const struct drafter *d, const struct plate_plan *plan, int side)
{
	double beyond = 0;

	for (int i = 0; i < d->scene->dimension_count; i++) {
		const struct style *style = drafter_style(d, i);
		double lines = 1;

		if (!plan->rows[i].in_rows || (int)plan->rows[i].side != side)
			continue;
		if (side <= SIDE_RIGHT && (style->layout == STYLE_LAYOUT_INLINE ||
					   style->layout == STYLE_LAYOUT_REFERENCED))
			lines = 2.5;
		beyond = max2(beyond, lines * style->text_mm + style->text_gap_mm);
	}
	return beyond;
}

/* What sides without rows get, where leaders find room; and how much there is of what rows need: those
 * that find no room may find it elsewhere. */
struct spare {
	double mm, share;
};

/* What each side needs for its rows, and for what stands in one place alone. */
static void find_margins(const struct drafter *d, const struct plate_plan *plan,
			 const struct spare *spare, double margins[SIDES_OF_PLATE])
{
	const struct style *style = d->style;

	for (int i = 0; i < SIDES_OF_PLATE; i++) {
		int rows = plan->row_count[i];

		margins[i] = max2(spare->mm, plan->overhang[i] + BEYOND_ROWS_MM);
		if (rows > 0)
			margins[i] = max2(margins[i], style->first_offset_mm +
							      (rows - 1) * draft_spacing(style) +
							      beyond_rows(d, plan, i) +
							      BEYOND_ROWS_MM + spare->mm / 4);
		margins[i] *= spare->share;
	}
	if (plan->table.count > 0)
		for (int i = 0; i < 2; i++) {
			enum plate_side side = i ? SIDE_ABOVE : SIDE_RIGHT;
			double axis = plate_axis_mm(d, i == 0);

			margins[side] = max2(margins[side], axis + BEYOND_ROWS_MM);
		}
	for (int i = 0; i < 2; i++) {
		const struct plate_ordinates *o = &plan->ordinates[i];

		if (o->count > 0)
			margins[o->side] = max2(margins[o->side], plate_ordinates_room(o));
	}
	if (d->scene->arrangement == ARRANGE_RUNNING) {
		struct vec running = draft_position_margins(d);

		margins[SIDE_LEFT] = max2(margins[SIDE_LEFT], running.x);
		margins[SIDE_BELOW] = max2(margins[SIDE_BELOW], running.y);
	}
}

/* Places the view beside what is taken. */
static int place_view(struct drafter *d, const struct sheet_taken *taken, const struct spare *spare)
{
	struct view *view = &d->drawing->views[0];
	const struct plate_plan *plan = d->family;
	double width = plan->view.x1 - plan->view.x0, height = plan->view.y1 - plan->view.y0;
	double margins[SIDES_OF_PLATE];
	struct vec corner;

	find_margins(d, plan, spare, margins);
	if (drafter_find_room(taken, width, height, margins, &corner) < 0)
		return -1;
	d->drawing->datum = vec_sub(corner, vec(plan->view.x0, plan->view.y0));
	d->drawing->view_count = 1;
	*view = (struct view){.name = "front", .origin = d->drawing->datum};
	view->box = (struct box){corner.x, corner.y, corner.x + width, corner.y + height};
	return 0;
}

/* Places the table, then the view. */
static int place_both(struct drafter *d, const struct sheet_taken *taken, const struct spare *spare,
		      bool low)
{
	struct sheet_taken with_table = *taken;

	for (int i = 0; plate_place_table(d, &with_table, i, low); i++) {
		if (place_view(d, &with_table, spare) == 0)
			return 0;
		with_table = *taken;
	}
	return -1;
}

static int place(struct drafter *d, const struct sheet_taken *taken)
{
	static const struct spare spares[] = {{24, 1},  {16, 1},  {9, 1},  {5, 1},
					      {0, 0.9}, {0, 0.8}, {0, 0.7}};
	const int count = (int)(sizeof(spares) / sizeof(*spares));
	const struct plate_plan *plan;

	if (plate_plan_sides(d) < 0)
		return -1;
	plan = d->family;
	for (int i = 0; i < 2 * count; i++) {
		const struct spare *spare = &spares[i % count];

		if (plan->table.count > 0 ? place_both(d, taken, spare, i >= count) == 0
					  : i < count && place_view(d, taken, spare) == 0)
			return 0;
	}
	return -1;
}

/* Running dimensions begin where others would. */
static int draw_running(struct drafter *d)
{
	const struct scene *scene = d->scene;
	double *starts;

	starts = ARENA_NEW(d->arena, double, scene->dimension_count);
	for (int i = 0; i < scene->dimension_count; i++) {
		const struct dimension *dim = &scene->dimensions[i];
		bool is_x = dim->kind == DIM_POSITION_X;

		if (is_x || dim->kind == DIM_POSITION_Y)
			starts[i] = plate_start(d, is_x, dimension_value(scene, dim),
						is_x ? SIDE_BELOW : SIDE_LEFT);
	}
	return draft_running(d, starts);
}

static int rows(struct drafter *d)
{
	switch (d->scene->arrangement) {
	case ARRANGE_RUNNING:
		return draw_running(d);
	case ARRANGE_ORDINATE:
		return plate_draw_ordinates(d);
	case ARRANGE_TABLE:
		return plate_draw_table(d);
	default:
		return 0;
	}
}

/* Turns the dimension round: b is a, left is right. */
static void turn_round(struct linear_spec *spec)
{
	struct linear_spec s = *spec;

	spec->along = vec_scale(s.along, -1);
	for (int side = 0; side < 2; side++) {
		for (int k = 0; k < 2; k++)
			spec->from[side][k] = s.from[1 - side][1 - k];
		spec->reach[side] = s.reach[1 - side];
		spec->row[side] = s.row[1 - side];
		spec->cost[side] = s.cost[1 - side];
	}
}

/* Only one arrow: the line ends a little past the centre line. Lettering stands before that end, which
 * would else seem to be far from the centre line. */
static void show_half(struct linear_spec *spec, enum plate_half half)
{
	if (half == HALF_LOW)
		turn_round(spec);
	spec->half = true;
	spec->beyond[0] = INFINITY;
	for (int side = 0; side < 2; side++) {
		double whole = vec_length(vec_sub(spec->from[side][1], spec->from[side][0]));

		spec->from[side][0] = vec_sub(spec->from[side][1],
					      vec_scale(spec->along, whole / 2 + PAST_AXIS_MM));
	}
}

static void measure_in_rows(const struct drafter *d, int dimension, struct measure *m)
{
	const struct plate_row *row = &((const struct plate_plan *)d->family)->rows[dimension];
	const struct plate_plan *plan = d->family;
	const struct box *b = &plan->view;
	double edges[SIDES_OF_PLATE] = {b->x0, b->x1, b->y0, b->y1};
	/* To the left of the way along x lies what is above. */
	enum plate_side sides[2] = {row->is_x ? SIDE_ABOVE : SIDE_LEFT,
				    row->is_x ? SIDE_BELOW : SIDE_RIGHT};
	struct linear_spec *spec = &m->linear;
	enum arrangement arrangement = d->scene->arrangement;
	bool kept = arrangement == ARRANGE_RUNNING || arrangement == ARRANGE_ORDINATE;
	bool chain = arrangement == ARRANGE_CHAIN;
	bool wide = drafter_style(d, dimension)->layout == STYLE_LAYOUT_INLINE && !row->is_x;

	m->kind = MEASURE_LINEAR;
	*spec = (struct linear_spec){.along = row->is_x ? vec(1, 0) : vec(0, 1), .in_rows = true};
	/* Level lettering of heights is wider than the rows are apart. */
	spec->stagger = wide && row->row % 2 == 0;
	for (int s = 0; s < 2; s++) {
		for (int k = 0; k < 2; k++) {
			double at = drafter_mm(d, row->at[k]);
			double start = plate_start(d, row->is_x, row->at[k], sides[s]);

			spec->from[s][k] = vec_add(d->drawing->datum,
						   row->is_x ? vec(at, start) : vec(start, at));
			if (k == 0)
				spec->reach[s] = fabs(edges[sides[s]] - start);
		}
		spec->row[s] = row->row;
		spec->cost[s] = 0;
		if (sides[s] != row->side) {
			spec->row[s] = plan->row_count[sides[s]] + 1;
			spec->cost[s] = chain ? 2 * OTHER_SIDE_COST : OTHER_SIDE_COST;
		}
		if (sides[s] != row->side && kept)
			spec->cost[s] = INFINITY;
	}
	if (row->half)
		show_half(spec, row->half);
}

/* Whether two shapes are named by one call-out with a count. */
static bool same_group(const struct shape *a, const struct shape *b)
{
	static const enum param params[] = {PARAM_R,       PARAM_C,           PARAM_D,
					    PARAM_CBORE_D, PARAM_CBORE_DEPTH, PARAM_PITCH};

	for (size_t i = 0; i < sizeof(params) / sizeof(*params); i++)
		if (a->value[params[i]] != b->value[params[i]])
			return false;
	return a->kind == b->kind;
}

/* The shapes that a dimension names, all with a count, else one. */
static bool names(const struct drafter *d, const struct dimension *dim, int shape)
{
	const struct shape *list = d->scene->shapes;

	if (shape == dim->shape)
		return true;
	return dim->count > 1 && plate_hole_count(&list[dim->shape]) < 2 &&
	       same_group(&list[shape], &list[dim->shape]);
}

/* Keeps the arcs that lie farthest out: their leaders get away most easily. */
static void add_arc(const struct drafter *d, struct radial_spec *spec,
		    const struct proposal_arc *arc)
{
	const struct plate_plan *plan = d->family;
	struct vec middle =
		vec((plan->view.x0 + plan->view.x1) / 2, (plan->view.y0 + plan->view.y1) / 2);
	int nearest = 0;
	double shortest = INFINITY;

	if (spec->count < RADIAL_ARCS) {
		spec->arcs[spec->count++] = *arc;
		return;
	}
	middle = vec_add(middle, d->drawing->datum);
	for (int i = 0; i < spec->count; i++) {
		double off = vec_length(vec_sub(spec->arcs[i].centre, middle));

		if (off < shortest) {
			shortest = off;
			nearest = i;
		}
	}
	if (vec_length(vec_sub(arc->centre, middle)) > shortest)
		spec->arcs[nearest] = *arc;
}

static void measure_holes(const struct drafter *d, const struct dimension *dim, struct measure *m)
{
	m->kind = MEASURE_RADIAL;
	m->radial = (struct radial_spec){.diameter = true, .outside = dim->kind != DIM_DIAMETER};
	for (int i = 0; i < d->scene->shape_count; i++) {
		const struct shape *s = &d->scene->shapes[i];
		bool thread = s->kind == SHAPE_TAPPED_HOLE;

		if (!names(d, dim, i))
			continue;
		for (int k = 0; k < plate_hole_count(s); k++)
			add_arc(d, &m->radial,
				&(struct proposal_arc){plate_point(d, plate_hole(s, k)),
						       drafter_mm(d, plate_hole_width(s)) / 2,
						       thread ? 100 * M_PI / 180 : 0,
						       thread ? 1.5 * M_PI : 2 * M_PI});
	}
}

/* A disc, or the pitch circle of a pattern. */
static void measure_circle(const struct drafter *d, const struct dimension *dim, struct measure *m)
{
	const struct shape *s = &d->scene->shapes[dim->shape];
	struct vec at = vec((double)s->value[PARAM_X] / 1000, (double)s->value[PARAM_Y] / 1000);

	m->kind = MEASURE_RADIAL;
	m->radial = (struct radial_spec){.diameter = true, .count = 1};
	m->radial.arcs[0] = (struct proposal_arc){
		plate_point(d, at), drafter_mm(d, s->value[dim->param]) / 2, 0, 2 * M_PI};
}

/* The pieces of the outline that stand for the corners which a dimension names. */
static void measure_corners(const struct drafter *d, const struct dimension *dim, struct measure *m)
{
	struct path path = plate_outline(d->scene, d->arena);
	struct plate_corner corners[SHAPE_POINTS_MAX];
	int n = plate_corners(d->scene, corners), at = 0;

	m->kind = dim->kind == DIM_RADIUS ? MEASURE_RADIAL : MEASURE_LEADER;
	if (dim->kind == DIM_RADIUS)
		m->radial = (struct radial_spec){.count = 0};
	else
		m->leader = (struct leader_spec){.count = 0};
	path = path_place(&path, d->drawing->datum, d->drawing->scale, d->arena);
	for (int i = 0; i < n; i++) {
		const struct seg *seg = &path.segs[at];

		at += corners[i].cut >= 0 ? 2 : 1;
		if (corners[i].cut < 0 || !names(d, dim, corners[i].cut))
			continue;
		if (dim->kind == DIM_RADIUS) {
			double from = seg->sweep > 0 ? seg->from : seg->from + seg->sweep;

			add_arc(d, &m->radial,
				&(struct proposal_arc){seg->centre, seg->rx, from,
						       fabs(seg->sweep)});
		} else if (m->leader.count < LEADER_TIPS) {
			struct vec way = vec_unit(vec_sub(seg->b, seg->a));

			m->leader.tips[m->leader.count] = vec_scale(vec_add(seg->a, seg->b), 0.5);
			m->leader.outs[m->leader.count++] = vec(way.y, -way.x);
		}
	}
}

/* How far a point is from the outline and all that is cut out of the plate, in units. */
static double solid_round(struct vec p, const struct polyline *outline,
			  const struct plate_core *cores, int count)
{
	struct plate_core dot = {.count = 1, .points = {p}};
	double nearest = plate_wall_to_outline(&dot, outline);

	for (int i = 0; i < count; i++)
		nearest = min2(nearest, plate_wall(&dot, &cores[i]));
	return nearest;
}

static int gather_cores(const struct drafter *d, struct plate_core **cores)
{
	int count = 0;

	for (int i = 0; i < d->scene->shape_count; i++)
		count += plate_core_count(&d->scene->shapes[i]);
	*cores = ARENA_NEW(d->arena, struct plate_core, count);
	count = 0;
	for (int i = 0; i < d->scene->shape_count; i++)
		count += plate_cores(&d->scene->shapes[i], *cores + count);
	return count;
}

/* Places on a grid over the view whose surroundings are solid for `wall` mm. */
static void add_dots(const struct drafter *d, struct leader_spec *spec, int turn, double wall)
{
	const struct plate_plan *plan = d->family;
	const int places = THICKNESS_STEPS * THICKNESS_STEPS;
	double scale = d->drawing->scale, x0 = plan->view.x0, y0 = plan->view.y0;
	double w = plan->view.x1 - x0, h = plan->view.y1 - y0;
	struct path path = plate_outline(d->scene, d->arena);
	struct polyline outline = polyline_from_path(&path, 0.1 / scale, d->arena);
	struct plate_core *cores;
	int count = gather_cores(d, &cores);

	for (int i = 0; i < places && spec->count < LEADER_TIPS; i++) {
		/* A step of 55 meets every place once, and places far from each other in turn. */
		int k = (turn + 55 * i) % places, column = k % THICKNESS_STEPS;
		double x = x0 + w * (column + 0.5) / THICKNESS_STEPS;
		double y = y0 + h * (k / THICKNESS_STEPS + 0.5) / THICKNESS_STEPS;
		struct vec p = vec_scale(vec(x, y), 1 / scale);
		struct vec out = vec(x < x0 + w / 2 ? -1 : 1, y < y0 + h / 2 ? -1 : 1);

		if (solid_round(p, &outline, cores, count) * scale < wall)
			continue;
		spec->tips[spec->count] = plate_point(d, p);
		spec->outs[spec->count++] = vec_unit(out);
	}
}

/* A dot on the surface; where little of it is free, nearer to edges. */
static void measure_thickness(struct drafter *d, struct measure *m)
{
	static const double walls[] = {3, 2, 1.2};
	int turn = (int)rng_below(d->rng, THICKNESS_STEPS * THICKNESS_STEPS);

	m->kind = MEASURE_LEADER;
	m->leader = (struct leader_spec){.dot = true};
	for (size_t i = 0; i < sizeof(walls) / sizeof(*walls) && m->leader.count == 0; i++)
		add_dots(d, &m->leader, turn, walls[i]);
}

static void measure_start(const struct drafter *d, const struct shape *s, struct measure *m)
{
	struct vec at = vec((double)s->value[PARAM_X] / 1000, (double)s->value[PARAM_Y] / 1000);
	double reach = drafter_mm(d, s->value[PARAM_PCD] + s->value[PARAM_D]) / 2 + CENTRE_OVER_MM;

	m->kind = MEASURE_ANGULAR;
	m->angular =
		(struct angular_spec){.vertex = plate_point(d, at),
				      .sweep = (double)s->value[PARAM_START] / 1000 * M_PI / 180,
				      .drawn = {reach, reach}};
}

/* Whether an earlier dimension joins the same coordinates. */
static bool is_repeated(const struct plate_plan *plan, int dimension)
{
	const struct plate_row *row = &plan->rows[dimension];

	for (int i = 0; i < dimension; i++) {
		const struct plate_row *old = &plan->rows[i];

		if (old->in_rows && old->is_x == row->is_x && old->at[0] == row->at[0] &&
		    old->at[1] == row->at[1])
			return true;
	}
	return false;
}

static void measure(struct drafter *d, int dimension, struct measure *m)
{
	const struct dimension *dim = &d->scene->dimensions[dimension];
	const struct shape *s = &d->scene->shapes[dim->shape];
	const struct plate_plan *plan = d->family;

	m->kind = MEASURE_NOTHING;
	if (plate_is_tabled(d->scene, dim))
		return;
	if (plan->rows[dimension].in_rows) {
		if (!is_repeated(plan, dimension))
			measure_in_rows(d, dimension, m);
	} else if (s->kind == SHAPE_FILLET || s->kind == SHAPE_CHAMFER) {
		measure_corners(d, dim, m);
	} else if (dim->kind == DIM_THICKNESS) {
		measure_thickness(d, m);
	} else if (dim->param == PARAM_PCD || s->kind == SHAPE_DISC) {
		measure_circle(d, dim, m);
	} else if (dim->param == PARAM_START) {
		measure_start(d, s, m);
	} else if (plate_hole_count(s) > 0 && dim->param == PARAM_D) {
		measure_holes(d, dim, m);
	} else if (dim->kind != DIM_POSITION_X && dim->kind != DIM_POSITION_Y) {
		draft_shapes.measure(d, dimension, m); /* slots and windows */
	}
}

const struct draft_family draft_plate = {place, plate_draw, plate_mark, measure, rows, NULL};
