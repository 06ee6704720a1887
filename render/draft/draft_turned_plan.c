/* SPDX-License-Identifier: MIT */
/*
 * Which way each dimension of the side view goes, and how much room the rows need that come of it.
 *
 * Lengths of the outside stand on one side of the view, those of bores and of what lies on the steps on
 * the other; in half and quarter sections bores where they are seen, below. Diameters stand left and right where
 * an extension line gets out, rather evenly; or on the step, where that is long and high enough.
 */
#include <config.h>

#include <math.h>

#include "formats/drawing/dimension.h"
#include "render/draft/draft_turned.h"

#define ROWS_MAX 64
#define ROW_REACH_MM 25.0 /* an extension line this much longer is as bad as one more row */
#define BESIDE_MM 2.0     /* from lettering outside its arrows to what is next in the row */
#define AXIS_ROOM_MM 3.0  /* from lettering on a step to the axis, and to the outline */

struct planner {
	struct drafter *d;
	struct turned_plan *plan;
	enum turned_way outer, inner; /* of lengths */
	bool on_steps;                /* diameters: on the steps rather than beside the view */
};

bool turned_is_length(const struct dimension *dim)
{
	return dim->view == 0 && (dim->kind == DIM_LEVEL || dim->kind == DIM_POSITION_X);
}

bool turned_is_across(const struct dimension *dim)
{
	return dim->view == 0 && (dim->kind == DIM_SIDE_DIAMETER || dim->kind == DIM_THREAD);
}

static bool is_of(const struct drafter *d, const struct dimension *dim, enum shape_kind kind)
{
	return d->scene->shapes[dim->shape].kind == kind ||
	       (dim->from.shape != SCENE_DATUM && d->scene->shapes[dim->from.shape].kind == kind);
}

static bool is_of_outside(const struct drafter *d, const struct dimension *dim)
{
	enum shape_kind kind = d->scene->shapes[dim->shape].kind;

	return kind == SHAPE_CYLINDER || kind == SHAPE_CONE;
}

/* How wide lettering is along the direction in which rows follow each other. */
double turned_row_height(const struct lettering_block *b, bool upright)
{
	const struct style *s = b->style;
	double height = s->text_mm + b->below + b->above;

	if (upright && s->layout == STYLE_LAYOUT_INLINE)
		return b->width / 2 + 1;
	if (upright && s->layout == STYLE_LAYOUT_REFERENCED)
		return b->width + 2;
	if (s->layout == STYLE_LAYOUT_INLINE || s->layout == STYLE_LAYOUT_BROKEN)
		return height / 2 + 1;
	return height + s->text_gap_mm + 1;
}

/* Rows stand on multiples of the spacing: how far apart lettering lets them. */
static double pitch_for(const struct drafter *d, double height)
{
	double spacing = draft_spacing(d->style);

	return spacing * ceil(height / spacing);
}

/* Room along a line for lettering between the arrows, and what it takes beyond one of them. */
static void text_needs(const struct lettering_block *b, double *between, double *beyond)
{
	const struct style *s = b->style;
	bool in_line = s->layout == STYLE_LAYOUT_INLINE || s->layout == STYLE_LAYOUT_BROKEN;

	*between = b->width + 2;
	*beyond = s->arrow_mm + b->width + BESIDE_MM;
	if (in_line) {
		*between = b->width + 2 * s->text_gap_mm + 3;
		*beyond = 2 * s->arrow_mm + b->width + BESIDE_MM;
	}
}

struct interval {
	double from, to, height;
};

/* Puts intervals, the shortest first, each into the lowest row where it has room. */
static double stack_rows(const struct drafter *d, struct interval *list, int count)
{
	struct interval *rows[ROWS_MAX] = {NULL};
	int in_row[ROWS_MAX] = {0}, used = 0;
	double height = 0;

	for (int i = 1; i < count; i++)
		for (int k = i;
		     k > 0 && list[k].to - list[k].from < list[k - 1].to - list[k - 1].from; k--) {
			struct interval swap = list[k];

			list[k] = list[k - 1];
			list[k - 1] = swap;
		}
	for (int i = 0; i < count; i++) {
		int row = 0;

		for (bool free = false; !free && row < ROWS_MAX; row += !free) {
			free = true;
			for (int k = 0; k < in_row[row]; k++)
				if (list[i].from < rows[row][k].to - 1e-6 &&
				    rows[row][k].from < list[i].to - 1e-6)
					free = false;
		}
		if (row == ROWS_MAX)
			break;
		if (!rows[row])
			rows[row] = ARENA_NEW(d->arena, struct interval, count);
		rows[row][in_row[row]++] = list[i];
		height = max2(height, list[i].height);
		used = row + 1 > used ? row + 1 : used;
	}
	return used == 0 ? 0
			 : d->style->first_offset_mm + (used - 1) * pitch_for(d, height) + height;
}

/* The interval of a length along the axis, with its lettering. */
static struct interval length_interval(const struct drafter *d, const struct dimension *dim,
				       int index)
{
	const struct lettering_block *b = drafter_lettering(d, index);
	struct feature to = {dim->shape, dim->param, dim->point};
	struct interval v = {.height = turned_row_height(b, false)};
	double between, beyond, a, z;

	if (dim->kind == DIM_LEVEL) {
		struct feature from = {dim->shape, PARAM_X, 0};

		a = drafter_mm(d, scene_coordinate(d->scene, &from, true));
	} else {
		a = drafter_mm(d, scene_coordinate(d->scene, &dim->from, true));
	}
	z = drafter_mm(d, scene_coordinate(d->scene, &to, true));
	v.from = min2(a, z);
	v.to = max2(a, z);
	text_needs(b, &between, &beyond);
	if (v.to - v.from < between) {
		v.to += beyond;
		v.from -= b->style->arrow_mm;
	}
	return v;
}

static double level_room(const struct planner *p, enum turned_way way)
{
	const struct drafter *d = p->d;
	struct interval *list = ARENA_NEW(d->arena, struct interval, d->scene->dimension_count);
	int count = 0;

	for (int i = 0; i < d->scene->dimension_count; i++) {
		const struct dimension *dim = &d->scene->dimensions[i];

		if (turned_is_length(dim) && p->plan->ways[i] == way &&
		    (!dim->reference || d->references))
			list[count++] = length_interval(d, dim, i);
	}
	return stack_rows(d, list, count);
}

static double upright_room(const struct planner *p, enum turned_way way)
{
	const struct drafter *d = p->d;
	double room = 0, height = 0, spacing = draft_spacing(d->style);

	for (int i = 0; i < d->scene->dimension_count; i++) {
		if (!turned_is_across(&d->scene->dimensions[i]) || p->plan->ways[i] != way ||
		    p->plan->inside[i])
			continue;
		room += room > 0 ? spacing * ceil(height / spacing) : d->style->first_offset_mm;
		height = turned_row_height(drafter_lettering(d, i), true);
	}
	return room + height;
}

/* Whether a diameter has room on its step. */
static bool has_room_inside(const struct drafter *d, const struct turned_reach *reach, int index)
{
	const struct lettering_block *b = drafter_lettering(d, index);
	double wide = drafter_mm(d, reach->x1 - reach->x0), r = drafter_mm(d, reach->d) / 2;
	double height = b->style->text_mm + b->below + b->above;

	switch (b->style->layout) {
	case STYLE_LAYOUT_REFERENCED:
		return false;
	case STYLE_LAYOUT_INLINE:
		return wide > b->width + 2 * AXIS_ROOM_MM &&
		       r > height + b->style->arrow_mm + 2 * AXIS_ROOM_MM;
	case STYLE_LAYOUT_BROKEN:
		return wide > height + 2 * AXIS_ROOM_MM &&
		       r > b->width + b->style->arrow_mm + 2 * AXIS_ROOM_MM;
	default:
		return wide > height + 2 * AXIS_ROOM_MM && r > b->width + AXIS_ROOM_MM;
	}
}

/* The nearer side, unless there is more in its rows. */
static int pick_side(struct planner *p, const struct turned_reach *reach, const int counts[2])
{
	const struct turned *part = &p->plan->part;
	double fancy = 0.5 * rng_unit(p->d->rng) - 0.25;
	double left = counts[0] + drafter_mm(p->d, reach->x0) / ROW_REACH_MM;
	double right = counts[1] + drafter_mm(p->d, part->length - reach->x1) / ROW_REACH_MM;

	return left + fancy < right ? 0 : 1;
}

static void plan_across(struct planner *p, int index, int counts[2])
{
	const struct turned *part = &p->plan->part;
	struct turned_reach reach = turned_reach_of(part, &p->d->scene->dimensions[index]);
	bool cut = turned_is_cut_along(part->scene), seen[2];
	int side = pick_side(p, &reach, counts);

	for (int k = 0; k < 2; k++)
		seen[k] = turned_is_seen_from(part, &reach, k);
	if (seen[0] != seen[1])
		side = seen[0] ? 0 : 1;
	p->plan->ways[index] = side == 0 ? WAY_LEFT : WAY_RIGHT;
	p->plan->inside[index] = !reach.hollow && reach.x1 > reach.x0 &&
				 ((!seen[0] && !seen[1]) ||
				  (p->on_steps && !cut && has_room_inside(p->d, &reach, index)));
	counts[side] += !p->plan->inside[index];
}

static void plan_length(struct planner *p, int index)
{
	const struct drafter *d = p->d;
	const struct dimension *dim = &d->scene->dimensions[index];
	bool beside = rng_chance(d->rng, 0.3);
	enum turned_way way = p->inner;

	if (is_of_outside(d, dim) || (beside && !is_of(d, dim, SHAPE_BORE)))
		way = p->outer;
	if (turned_is_halved(d->scene))
		way = is_of(d, dim, SHAPE_BORE) ? WAY_BELOW : WAY_ABOVE;
	p->plan->ways[index] = way;
}

static void plan_ways(struct planner *p)
{
	struct drafter *d = p->d;
	bool above = rng_chance(d->rng, 0.25);
	int counts[2] = {0, 0};

	p->outer = above ? WAY_ABOVE : WAY_BELOW;
	p->inner = above ? WAY_BELOW : WAY_ABOVE;
	p->on_steps = rng_chance(d->rng, 0.5);
	p->plan->ways = ARENA_NEW(d->arena, enum turned_way, d->scene->dimension_count);
	p->plan->inside = ARENA_NEW(d->arena, bool, d->scene->dimension_count);
	for (int i = 0; i < d->scene->dimension_count; i++) {
		if (turned_is_length(&d->scene->dimensions[i]))
			plan_length(p, i);
		if (turned_is_across(&d->scene->dimensions[i]))
			plan_across(p, i, counts);
	}
}

/* What lettering needs beyond the view where its line stands on a step that is too low for it: above or
 * below, whichever has more room. */
static void plan_overhang(struct planner *p)
{
	const struct drafter *d = p->d;
	double *margins = p->plan->margins, need = 0;
	int way = margins[WAY_ABOVE] > margins[WAY_BELOW] ? WAY_ABOVE : WAY_BELOW;

	for (int i = 0; i < d->scene->dimension_count; i++) {
		const struct dimension *dim = &d->scene->dimensions[i];
		const struct lettering_block *b = drafter_lettering(d, i);
		struct turned_reach reach;

		if (!turned_is_across(dim) || !p->plan->inside[i])
			continue;
		reach = turned_reach_of(&p->plan->part, dim);
		if (has_room_inside(d, &reach, i))
			continue;
		need = max2(need,
			    b->style->layout == STYLE_LAYOUT_ORIENTED
				    ? b->style->arrow_mm + 2.5 + b->width
				    : 2 * b->style->arrow_mm + 2 * turned_row_height(b, false));
	}
	margins[way] = max2(margins[way], need);
}

/* Leaders and centre lines need some room where there are no rows. */
static void plan_margins(struct planner *p)
{
	double least = CENTRE_OVER_MM + 2, leaders = 0;

	for (int i = 0; i < p->d->scene->dimension_count; i++) {
		enum dim_kind kind = p->d->scene->dimensions[i].kind;
		const struct style *s = drafter_style(p->d, i);

		if (kind == DIM_CHAMFER || kind == DIM_RADIUS)
			leaders = max2(leaders, 6 + s->text_mm + s->text_gap_mm);
	}
	for (int way = 0; way < WAYS; way++)
		p->plan->margins[way] =
			max2(way <= WAY_RIGHT ? upright_room(p, (enum turned_way)way)
					      : level_room(p, (enum turned_way)way),
			     way <= WAY_RIGHT ? least : max2(least, leaders));
	plan_overhang(p);
}

struct turned_plan *turned_plan_new(struct drafter *d)
{
	struct planner p = {.d = d, .plan = ARENA_NEW(d->arena, struct turned_plan, 1)};

	turned_from_scene(&p.plan->part, d->scene);
	plan_ways(&p);
	plan_margins(&p);
	return p.plan;
}
