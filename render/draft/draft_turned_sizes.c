/* SPDX-License-Identifier: MIT */
/*
 * What the dimensions of a turned part measure. Extension lines begin at the drawn edge: where a
 * chamfer has cut a wall short, at what is left of it.
 */
#include <config.h>

#include <math.h>

#include "formats/drawing/dimension.h"
#include "render/draft/draft_turned.h"

#define OTHER_WAY_COST 3.0 /* where the plan did not put it */
#define THROUGH_COST 10.0  /* extension lines through the part, and one more ... */
#define THROUGH_MM 15.0    /* ... for each so many of their length */
#define STEP_RIM_MM 1.2    /* from a dimension line on a step to the step's ends */
#define SNUG_MM 4.0        /* steps this narrow have walls beside the arrowheads ... */
#define SNUG_RIM_MM 0.3    /* ... that keep at least this far */
#define BESIDE_AXIS_MM 5.0 /* how far half a dimension line passes the axis */
#define TANGENT_MM 1.0     /* an outline this far from its tangent has left it */

/* What the chamfer or fillet at a corner takes. */
static int64_t taken_at(const struct scene *scene, int64_t x, int64_t d)
{
	int i = turned_corner_shape(scene, x, d);

	if (i < 0)
		return 0;
	return scene->shapes[i].value[scene->shapes[i].kind == SHAPE_FILLET ? PARAM_R : PARAM_C];
}

static struct turned_reach reach_of_cylinder(const struct turned *part, int shape)
{
	struct turned_reach reach = {.x0 = -1};

	for (int i = 0; i < part->count; i++) {
		const struct turned_piece *p = &part->pieces[i];

		if (p->shape != shape)
			continue;
		if (reach.x0 < 0)
			reach.x0 = p->x0 + taken_at(part->scene, p->x0, p->d0);
		reach.x1 = p->x1 - taken_at(part->scene, p->x1, p->d0);
		reach.d = p->d0;
	}
	return reach;
}

struct turned_reach turned_reach_of(const struct turned *part, const struct dimension *dim)
{
	const struct shape *s = &part->scene->shapes[dim->shape];
	const int64_t *v = s->value;
	struct turned_reach reach = {v[PARAM_X], v[PARAM_X] + v[PARAM_LENGTH], v[PARAM_D], false};

	switch (s->kind) {
	case SHAPE_THREAD:
		return reach_of_cylinder(part, turned_cylinder_at(part->scene, v[PARAM_X]));
	case SHAPE_CONE:
		reach.x0 = reach.x1 = dim->param == PARAM_D ? reach.x0 : reach.x1;
		reach.d = v[dim->param];
		return reach;
	case SHAPE_GROOVE:
		reach.x1 = reach.x0 + v[PARAM_WIDTH];
		return reach;
	case SHAPE_BORE:
		reach.hollow = true;
		reach.x0 += taken_at(part->scene, reach.x0, reach.d);
		reach.x1 -= taken_at(part->scene, reach.x1, reach.d);
		return reach;
	default:
		return reach_of_cylinder(part, dim->shape);
	}
}

/* From a bore through wider ones to the face. */
static bool hollow_is_open(const struct turned *part, const struct turned_reach *reach, int side)
{
	int i = 0;

	while (i < part->bore_count &&
	       !(part->bores[i].x0 <= reach->x0 && reach->x1 <= part->bores[i].x1))
		i++;
	for (; i >= 0 && i < part->bore_count; i += side == 0 ? -1 : 1) {
		const struct turned_piece *b = &part->bores[i];

		if (b->d0 < reach->d)
			return false;
		if (side == 0 ? b->x0 == 0 : b->x1 == part->length)
			return true;
		if (side == 0 ? i == 0 || b[-1].x1 != b->x0
			      : i + 1 == part->bore_count || b[1].x0 != b->x1)
			return false;
	}
	return false;
}

bool turned_is_seen_from(const struct turned *part, const struct turned_reach *reach, int side)
{
	if (reach->hollow)
		return hollow_is_open(part, reach, side);
	for (int i = 0; i < part->count; i++) {
		const struct turned_piece *p = &part->pieces[i];
		int64_t near = side == 0 ? p->d1 : p->d0, far = side == 0 ? p->d0 : p->d1;
		bool touches = side == 0 ? p->x1 == reach->x0 : p->x0 == reach->x1;

		if (side == 0 ? p->x1 > reach->x0 : p->x0 < reach->x1)
			continue;
		/* a cone may rise to the very edge */
		if (far >= reach->d || near > reach->d || (near == reach->d && !touches))
			return false;
	}
	return true;
}

/* The diameter at which the outline is left at x, going outwards; for what lies inside, its own. */
static int64_t edge_at(const struct turned *part, int64_t x)
{
	struct turned_line line;
	int64_t d = -1;
	int first = 0;

	turned_outside(part, &line);
	for (int i = 0; i < line.count; i++) {
		const struct turned_corner *k = &line.corners[i];
		int64_t cut = k->taken < 0 ? 0 : part->scene->shapes[k->taken].value[PARAM_C];

		if (k->x == x && k->d - 2 * cut > d)
			d = k->d - 2 * cut;
	}
	while (d < 0 && turned_next_hollow(part, &first, &line))
		for (int i = 0; i < line.count; i++)
			if (line.corners[i].x == x && line.corners[i].d > d)
				d = line.corners[i].d;
	for (int i = 0; d < 0 && i < part->scene->shape_count; i++) {
		const struct shape *s = &part->scene->shapes[i];

		if (s->kind == SHAPE_THREAD &&
		    (s->value[PARAM_X] == x || s->value[PARAM_X] + s->value[PARAM_LENGTH] == x))
			d = s->value[PARAM_D];
	}
	return d < 0 ? 0 : d; /* a keyway's end lies on the axis */
}

/* Whether both places are on the outside. */
static bool is_outside(const struct turned_plan *plan, const int64_t x[2])
{
	struct turned_line line;
	bool found[2] = {false, false};

	turned_outside(&plan->part, &line);
	for (int i = 0; i < line.count; i++)
		for (int k = 0; k < 2; k++)
			found[k] |= line.corners[i].x == x[k];
	return found[0] && found[1];
}

/* How far the rows beside the side view may go out before they meet a section, its centre lines and
 * its name; 0: there is none. */
static double limit_of(const struct drafter *d, enum turned_way way)
{
	const struct box *front = &d->drawing->views[0].box;
	double name = CENTRE_OVER_MM + 2 * d->style->text_mm, limit = 0;

	for (int i = 1; i < d->drawing->view_count; i++) {
		const struct box *b = &d->drawing->views[i].box;
		double room = way == WAY_BELOW   ? front->y0 - b->y1 - name
			      : way == WAY_RIGHT ? b->x0 - front->x1 - CENTRE_OVER_MM
						 : 0;

		if (room > 0 && (limit == 0 || room < limit))
			limit = room;
	}
	return limit;
}

static void measure_length(const struct drafter *d, int index, struct measure *m)
{
	const struct turned_plan *plan = d->family;
	const struct dimension *dim = &d->scene->dimensions[index];
	struct feature to = {dim->shape, dim->param, dim->point};
	struct feature from = {dim->shape, PARAM_X, 0};
	struct linear_spec *spec = &m->linear;
	int64_t widest = turned_widest(&plan->part), x[2];
	int side = plan->ways[index] == WAY_ABOVE ? 0 : 1;

	x[0] = scene_coordinate(d->scene, dim->kind == DIM_LEVEL ? &from : &dim->from, true);
	x[1] = scene_coordinate(d->scene, &to, true);
	if (x[1] < x[0]) {
		int64_t swap = x[0];

		x[0] = x[1];
		x[1] = swap;
	}
	m->kind = MEASURE_LINEAR;
	*spec = (struct linear_spec){.along = vec(1, 0), .in_rows = true};
	for (int s = 0; s < 2; s++) {
		for (int k = 0; k < 2; k++) {
			int64_t edge = edge_at(&plan->part, x[k]);

			spec->from[s][k] = turned_at(d, x[k], s == 0 ? edge : -edge);
		}
		spec->reach[s] = drafter_mm(d, widest - edge_at(&plan->part, x[0])) / 2;
	}
	spec->cost[!side] = OTHER_WAY_COST;
	spec->limit[1] = limit_of(d, WAY_BELOW);
	if (turned_is_halved(d->scene) && !is_outside(plan, x)) /* seen below only */
		spec->cost[0] = INFINITY;
}

/* How far the part reaches over diameter d within `wide` mm of x. */
static double rise_beside(const struct drafter *d, const struct turned *part, int64_t x,
			  int64_t dia, double wide)
{
	double rise = 0;

	for (int i = 0; i < part->count; i++) {
		const struct turned_piece *p = &part->pieces[i];

		if (drafter_mm(d, p->x0 - x) > wide || drafter_mm(d, x - p->x1) > wide)
			continue;
		rise = max2(rise, drafter_mm(d, (p->d0 > p->d1 ? p->d0 : p->d1) - dia) / 2);
	}
	return rise;
}

/* Places for the dimension line on the step itself. */
static void add_inside(const struct drafter *d, const struct turned *part,
		       const struct turned_reach *reach, int index, struct linear_spec *spec)
{
	static const double shares[] = {0.5, 0.3, 0.7, 0.15, 0.85};
	double wide = drafter_mm(d, reach->x1 - reach->x0);
	const struct lettering_block *b = drafter_lettering(d, index);
	double half = b->style->layout == STYLE_LAYOUT_INLINE
			      ? b->width / 2 + 1
			      : b->style->text_mm + b->below + b->above + 2;
	int64_t middle = (reach->x0 + reach->x1) / 2;

	if (!reach->hollow)
		spec->clear[0] = spec->clear[1] = rise_beside(d, part, middle, reach->d, half);
	spec->snug = wide < SNUG_MM;
	if (spec->snug && wide < b->style->arrow_mm / b->style->arrow_ratio + 2 * SNUG_RIM_MM)
		return;
	for (size_t i = 0; i < sizeof(shares) / sizeof(*shares); i++) {
		double at = shares[i] * wide;

		if (i == 0 || (at > STEP_RIM_MM && wide - at > STEP_RIM_MM))
			spec->inside[spec->inside_count++] = -at;
	}
}

/* Below the axis alone, the line drawn on past it. */
static void halve(const struct drafter *d, const struct turned_reach *reach,
		  struct linear_spec *spec)
{
	double past = min2(BESIDE_AXIS_MM, 0.3 * drafter_mm(d, reach->d));
	struct linear_spec whole = *spec;
	int64_t x[2] = {reach->x1, reach->x0}; /* the right is left of a line that points down */

	spec->half = true;
	spec->along = vec(0, -1);
	for (int s = 0; s < 2; s++) {
		spec->from[s][0] = vec_add(turned_at(d, x[s], 0), vec(0, past));
		spec->from[s][1] = turned_at(d, x[s], -reach->d);
		spec->reach[s] = whole.reach[!s];
		spec->cost[s] = whole.cost[!s];
	}
}

/* How far from its end a taper is hard to tell from the line that goes on from there. */
static double taper_mm(const struct drafter *d, const struct shape *cone)
{
	double length = drafter_mm(d, cone->value[PARAM_LENGTH]);
	double rise = fabs(drafter_mm(d, cone->value[PARAM_D2] - cone->value[PARAM_D])) / 2;

	return rise > TANGENT_MM ? length * TANGENT_MM / rise : length;
}

static void measure_across(const struct drafter *d, int index, struct measure *m)
{
	const struct turned_plan *plan = d->family;
	const struct turned *part = &plan->part;
	struct turned_reach reach = turned_reach_of(part, &d->scene->dimensions[index]);
	struct linear_spec *spec = &m->linear;
	bool inside = plan->inside[index], seen[2];
	int side = plan->ways[index] == WAY_LEFT ? 0 : 1;

	m->kind = MEASURE_LINEAR;
	*spec = (struct linear_spec){.along = vec(0, 1), .in_rows = true};
	for (int s = 0; s < 2; s++) {
		int64_t x = s == 0 ? reach.x0 : reach.x1;

		seen[s] = turned_is_seen_from(part, &reach, s);
		spec->from[s][0] = turned_at(d, x, -reach.d);
		spec->from[s][1] = turned_at(d, x, reach.d);
		spec->reach[s] = drafter_mm(d, s == 0 ? x : part->length - x);
		spec->cost[s] = (inside ? OTHER_WAY_COST : 0) + (s == side ? 0 : OTHER_WAY_COST);
	}
	for (int s = 0; s < 2; s++)
		if (!seen[s])
			spec->cost[s] =
				seen[!s] ? INFINITY : THROUGH_COST + spec->reach[s] / THROUGH_MM;
	spec->limit[1] = limit_of(d, WAY_RIGHT);
	spec->inside_cost = inside ? 0 : OTHER_WAY_COST;
	if (!reach.hollow && (seen[0] || seen[1]) && turned_is_cut_along(d->scene))
		spec->inside_cost += OTHER_WAY_COST;
	spec->first = inside && !seen[0] && !seen[1];
	if (reach.x1 > reach.x0 &&
	    !(reach.hollow && (turned_is_halved(d->scene) || d->scene->section == SECTION_NONE)))
		add_inside(d, part, &reach, index, spec);
	if (d->scene->shapes[d->scene->dimensions[index].shape].kind == SHAPE_CONE)
		spec->skip_mm = taper_mm(d, &d->scene->shapes[d->scene->dimensions[index].shape]);
	if (reach.hollow && d->scene->section == SECTION_QUARTER)
		spec->cost[!turned_quarter(part).side] += OTHER_WAY_COST; /* hidden there */
	if (reach.hollow && turned_is_halved(d->scene))
		halve(d, &reach, spec);
}

/* Whether this dimension speaks for the shape: it is of it, or of one of equal size with a count. */
static bool speaks_for(const struct scene *scene, const struct dimension *dim, int shape)
{
	const struct shape *own = &scene->shapes[dim->shape], *other = &scene->shapes[shape];

	return shape == dim->shape || (dim->count > 1 && other->kind == own->kind &&
				       other->value[dim->param] == own->value[dim->param]);
}

/* The way out of the part at a corner: left -1 or right 1, up -1 (a mouth) or 1. */
static struct vec way_out(const struct turned *part, const struct shape *s)
{
	int64_t x = s->value[PARAM_X], d = 2 * s->value[PARAM_Y];
	struct turned_line line;
	int first = 0;

	while (turned_next_hollow(part, &first, &line)) {
		if (line.opens[0] && line.corners[0].x == x && line.corners[0].d == d)
			return vec(-1, -1);
		if (line.opens[1] && line.corners[line.count - 1].x == x &&
		    line.corners[line.count - 1].d == d)
			return vec(1, -1);
	}
	turned_outside(part, &line);
	for (int i = 0; i + 1 < line.count; i++)
		if (line.corners[i].x == x && line.corners[i].d == d && line.corners[i + 1].d == d)
			return vec(s->kind == SHAPE_FILLET ? 1 : -1, 1);
	return vec(s->kind == SHAPE_FILLET ? -1 : 1, 1);
}

static bool is_shown(const struct drafter *d, struct vec way, int half)
{
	return half == 1 || way.y > 0 || !turned_is_halved(d->scene);
}

/* Whether a chamfer is drawn in hidden lines: a mouth's that a quarter section leaves closed. */
static bool is_hidden(const struct turned *part, const struct shape *s, struct vec way)
{
	int64_t x = s->value[PARAM_X];
	struct turned_cut cut;

	if (part->scene->section != SECTION_QUARTER || way.y > 0)
		return false;
	cut = turned_quarter(part);
	return cut.side == 0 ? x > cut.x : x < cut.x;
}

/* Leaders to the chamfers that are hidden, or to the others. */
static void add_leaders(const struct drafter *d, const struct dimension *dim, bool hidden,
			struct leader_spec *spec)
{
	const struct turned_plan *plan = d->family;

	for (int i = 0; i < d->scene->shape_count; i++) {
		const struct shape *s = &d->scene->shapes[i];
		struct vec way = way_out(&plan->part, s);
		double c = drafter_mm(d, s->value[PARAM_C]);

		if (!speaks_for(d->scene, dim, i) || is_hidden(&plan->part, s, way) != hidden)
			continue;
		for (int half = 0; half < 2 && spec->count < LEADER_TIPS; half++) {
			double up = half ? -1 : 1;
			struct vec corner =
				turned_at(d, s->value[PARAM_X],
					  half ? -2 * s->value[PARAM_Y] : 2 * s->value[PARAM_Y]);

			if (!is_shown(d, way, half))
				continue;
			/* a mouth is cut into the wall round it, an outer corner towards the axis */
			spec->tips[spec->count] =
				vec_add(corner, vec(-way.x * c / 2, -up * way.y * c / 2));
			spec->outs[spec->count++] = vec_unit(vec(way.x, up * way.y));
		}
	}
}

static void measure_chamfer(const struct drafter *d, const struct dimension *dim, struct measure *m)
{
	m->kind = MEASURE_LEADER;
	m->leader = (struct leader_spec){.count = 0};
	add_leaders(d, dim, false, &m->leader);
	if (m->leader.count == 0)
		add_leaders(d, dim, true, &m->leader);
}

static void measure_fillet(const struct drafter *d, const struct dimension *dim, struct measure *m)
{
	const struct turned_plan *plan = d->family;
	struct radial_spec *spec = &m->radial;

	m->kind = MEASURE_RADIAL;
	*spec = (struct radial_spec){.hollow = true};
	for (int i = 0; i < d->scene->shape_count; i++) {
		const struct shape *s = &d->scene->shapes[i];
		struct vec way = way_out(&plan->part, s);
		double r = drafter_mm(d, s->value[PARAM_R]);

		if (!speaks_for(d->scene, dim, i))
			continue;
		for (int half = 0; half < 2 && spec->count < RADIAL_ARCS; half++) {
			double up = half ? -1 : 1;
			struct vec corner =
				turned_at(d, s->value[PARAM_X],
					  half ? -2 * s->value[PARAM_Y] : 2 * s->value[PARAM_Y]);
			double from = half ? (way.x > 0 ? M_PI / 2 : 0)
					   : (way.x > 0 ? M_PI : 3 * M_PI / 2);

			spec->arcs[spec->count++] = (struct proposal_arc){
				vec_add(corner, vec(way.x * r, up * r)), r, from, M_PI / 2};
		}
	}
}

/* Width and rest of a keyway in its section. */
static void measure_section(const struct drafter *d, const struct dimension *dim, struct measure *m)
{
	const int64_t *v = d->scene->shapes[dim->shape].value;
	int cylinder = turned_cylinder_at(d->scene, v[PARAM_X]);
	double r = drafter_mm(d, d->scene->shapes[cylinder].value[PARAM_D]) / 2;
	double half = drafter_mm(d, v[PARAM_WIDTH]) / 2, floor = r - drafter_mm(d, v[PARAM_DEPTH]);
	struct vec o = d->drawing->views[dim->view].origin;
	struct linear_spec *spec = &m->linear;
	double rest = 1 - TANGENT_MM / r, edge = sqrt(r * r - half * half);

	m->kind = MEASURE_LINEAR;
	*spec = (struct linear_spec){.cost = {INFINITY, 0}};
	if (dim->kind == DIM_UPRIGHT) {
		spec->along = vec(0, 1);
		spec->from[1][0] = vec_add(o, vec(edge, -half));
		spec->from[1][1] = vec_add(o, vec(edge, half));
		spec->reach[1] = r - edge;
		return;
	}
	spec->along = vec(1, 0);
	spec->from[1][0] = vec_add(o, vec(-r, 0));
	spec->from[1][1] = vec_add(o, vec(floor, -half));
	spec->reach[1] = r;
	spec->skip_mm = rest > 0 ? r * sqrt(1 - rest * rest) : r;
}

void turned_measure(struct drafter *d, int dimension, struct measure *m)
{
	const struct dimension *dim = &d->scene->dimensions[dimension];

	m->kind = MEASURE_NOTHING;
	if (dim->view > 0)
		measure_section(d, dim, m);
	else if (turned_is_length(dim))
		measure_length(d, dimension, m);
	else if (turned_is_across(dim))
		measure_across(d, dimension, m);
	else if (dim->kind == DIM_CHAMFER)
		measure_chamfer(d, dim, m);
	else if (dim->kind == DIM_RADIUS)
		measure_fillet(d, dim, m);
}
