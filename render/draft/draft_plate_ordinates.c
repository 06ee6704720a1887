/* SPDX-License-Identifier: MIT */
/*
 * Ordinates: every coordinate of an axis at the end of its extension line, all ends on one line beside
 * the view, the datum's 0 among them (ASME Y14.5, rectangular coordinate dimensioning without dimension
 * lines; ISO 129-1). Values that lie nearer to each other than their lettering is high stand apart, and
 * their extension lines have jogs.
 *
 * Where they stand is the least square of all moves that keeps them apart in their order, found by
 * pooling neighbours that are too near (Ayer, Brunk, Ewing, Reid & Silverman 1955; Best & Chakravarti
 * 1990): with the distances taken off, the order is all that there is to keep. The datum weighs so much
 * that its line stays straight if it can. Jogs do not cross, for the order is kept.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>

#include "formats/drawing/dimension.h"
#include "render/draft/draft_plate.h"

#define APART_TEXT 1.5    /* from one value to the next, in text heights: no stack */
#define LEAST_TEXT 1.38   /* the same where that spares a jog ... */
#define LEAST_MM 1.4      /* ... and more than lettering by this much */
#define READ_ON_TEXT 0.95 /* between level values side by side, in text heights */
#define DATUM_WEIGHT 12.0
#define TINY_JOG_MM 0.7   /* smaller ones are left out where there is room */
#define UNSEEN_JOG_MM 0.1 /* smaller ones are always left out */
#define MOVED_MAX_MM 14.0 /* from what a value states to where it stands */
#define LEVEL_MOVED_MAX_MM 8.0
#define BEFORE_JOG_MM 0.8  /* straight, from the centre lines on */
#define STRAIGHT_MM 1.6    /* behind the jog */
#define JOG_SLOPE 0.75     /* depth of the longest jog, in its moves */
#define JOG_MM 2.0         /* depth at least */
#define TEXT_CLEAR_MM 0.9  /* from the extension line to the value */
#define SEAT_MARGIN_MM 0.3 /* clear ring in these regular rows */
#define USUAL_SIDE 0.65    /* of drawings: below and to the left */
#define ANY_SIDE 0.15      /* whatever the extension lines run through */
#define MUCH_LONGER 1.6
#define BEYOND_MM 1.5 /* clear round all of them */

static double height_of(const struct plate_ordinate *p)
{
	return p->lettering.style->text_mm;
}

static int compare_ordinates(const void *a, const void *b)
{
	const struct plate_ordinate *p = a, *q = b;

	if (p->from != q->from)
		return p->from < q->from ? -1 : 1;
	return p->dimension - q->dimension;
}

static void add_ordinate(struct drafter *d, struct plate_ordinates *o, bool is_x, int64_t value,
			 int dimension)
{
	struct plate_ordinate *p = &o->list[o->count++];

	*p = (struct plate_ordinate){.dimension = dimension, .from = drafter_mm(d, value)};
	p->start = plate_start(d, is_x, value, o->side);
	p->lettering = dimension == DRAWING_NOBODY ? lettering_of_text(d, "0")
						   : *drafter_lettering(d, dimension);
	p->width = p->lettering.width;
}

/* The values of an axis, each once, and the datum's. */
static void collect(struct drafter *d, struct plate_ordinates *o, bool is_x)
{
	const struct scene *scene = d->scene;
	int kept = 0;

	o->list = ARENA_NEW(d->arena, struct plate_ordinate, scene->dimension_count + 1);
	for (int i = 0; i < scene->dimension_count; i++) {
		const struct dimension *dim = &scene->dimensions[i];

		if (dim->kind == (is_x ? DIM_POSITION_X : DIM_POSITION_Y) &&
		    dim->from.shape == SCENE_DATUM && dimension_value(scene, dim) != 0)
			add_ordinate(d, o, is_x, dimension_value(scene, dim), i);
	}
	if (o->count == 0)
		return;
	add_ordinate(d, o, is_x, 0, DRAWING_NOBODY);
	qsort(o->list, (size_t)o->count, sizeof(*o->list), compare_ordinates);
	for (int i = 0; i < o->count; i++)
		if (kept == 0 || o->list[kept - 1].from != o->list[i].from)
			o->list[kept++] = o->list[i];
	o->count = kept;
}

/* From value i - 1 to value i at least; `least`: where a jog is spared. */
static double apart(const struct plate_ordinates *o, int i, bool least)
{
	double h = max2(height_of(&o->list[i - 1]), height_of(&o->list[i]));

	if (o->level)
		return (o->list[i - 1].width + o->list[i].width) / 2 + READ_ON_TEXT * h;
	return max2((least ? LEAST_TEXT : APART_TEXT) * h, h + LEAST_MM);
}

/* Neighbours that stand as near to each other as they may. */
struct pool {
	int count;
	double weight, sum; /* of the wanted places, less what keeps them apart */
};

static double place_of(const struct pool *pool)
{
	return pool->sum / pool->weight;
}

static void spread(const struct drafter *d, struct plate_ordinates *o)
{
	struct pool *pools = ARENA_NEW(d->arena, struct pool, o->count);
	double offset = 0;
	int n = 0, at = 0;

	for (int i = 0; i < o->count; i++) {
		double weight = o->list[i].dimension == DRAWING_NOBODY ? DATUM_WEIGHT : 1;

		offset += i > 0 ? apart(o, i, false) : 0;
		pools[n++] = (struct pool){1, weight, weight * (o->list[i].from - offset)};
		for (; n > 1 && place_of(&pools[n - 1]) <= place_of(&pools[n - 2]); n--) {
			pools[n - 2].count += pools[n - 1].count;
			pools[n - 2].weight += pools[n - 1].weight;
			pools[n - 2].sum += pools[n - 1].sum;
		}
	}
	offset = 0;
	for (int i = 0; i < n; i++) {
		for (int k = 0; k < pools[i].count; k++, at++) {
			offset += at > 0 ? apart(o, at, false) : 0;
			o->list[at].at = place_of(&pools[i]) + offset;
		}
	}
}

/* Straightens lines that would hardly be bent. */
static void straighten(struct plate_ordinates *o)
{
	for (int i = 0; i < o->count; i++) {
		struct plate_ordinate *p = &o->list[i];
		double jog = fabs(p->at - p->from);
		bool has_room = (i == 0 || p->from - p[-1].at >= apart(o, i, true)) &&
				(i + 1 == o->count || p[1].at - p->from >= apart(o, i + 1, true));

		if (jog < UNSEEN_JOG_MM || (jog < TINY_JOG_MM && has_room))
			p->at = p->from;
	}
}

static double widest_gap(const struct plate_ordinates *o)
{
	double widest = 0;

	for (int i = 0; i < o->count; i++)
		widest = max2(widest, o->list[i].lettering.style->extension_gap_mm);
	return widest;
}

static double longest_move(const struct plate_ordinates *o)
{
	double longest = 0;

	for (int i = 0; i < o->count; i++)
		longest = max2(longest, fabs(o->list[i].at - o->list[i].from));
	return longest;
}

/* Level lettering beside extension lines that stand needs more room than lettering along them. */
static bool lay_out(const struct drafter *d, struct plate_ordinates *o, bool is_x)
{
	const struct style *style = d->style;
	bool level =
		style->layout == STYLE_LAYOUT_INLINE || style->layout == STYLE_LAYOUT_REFERENCED;
	double moved;

	o->level = is_x && level;
	spread(d, o);
	if (o->level && longest_move(o) > LEVEL_MOVED_MAX_MM) {
		o->level = false;
		spread(d, o);
	}
	straighten(o);
	moved = longest_move(o);
	o->jog[0] = CENTRE_OVER_MM + widest_gap(o) + BEFORE_JOG_MM;
	o->jog[1] = o->jog[0] + max2(JOG_MM, JOG_SLOPE * moved);
	o->end = style->first_offset_mm;
	if (moved > 0)
		o->end = max2(o->end, o->jog[1] + STRAIGHT_MM);
	return moved <= MOVED_MAX_MM;
}

/* How far the lettering reaches beyond the view at both ends of the axis. */
static void note_overhang(struct plate_plan *plan, const struct plate_ordinates *o, bool is_x)
{
	const struct plate_ordinate *first = &o->list[0], *last = &o->list[o->count - 1];
	double before = (o->level ? first->width : height_of(first)) / 2 + BEYOND_MM;
	double after = (o->level ? last->width : height_of(last)) / 2 + BEYOND_MM;
	double *low = &plan->overhang[is_x ? SIDE_LEFT : SIDE_BELOW];
	double *high = &plan->overhang[is_x ? SIDE_RIGHT : SIDE_ABOVE];

	*low = max2(*low, (is_x ? plan->view.x0 : plan->view.y0) - first->at + before);
	*high = max2(*high, last->at + after - (is_x ? plan->view.x1 : plan->view.y1));
}

/* How far all extension lines would run through the view on that side. */
static double through_view(const struct drafter *d, bool is_x, enum plate_side side)
{
	const struct plate_plan *plan = d->family;
	const struct box *b = &plan->view;
	double edges[SIDES_OF_PLATE] = {b->x0, b->x1, b->y0, b->y1}, sum = 0;

	for (int i = 0; i < d->scene->dimension_count; i++) {
		const struct dimension *dim = &d->scene->dimensions[i];

		if (dim->kind == (is_x ? DIM_POSITION_X : DIM_POSITION_Y) &&
		    dim->from.shape == SCENE_DATUM)
			sum += fabs(edges[side] -
				    plate_start(d, is_x, dimension_value(d->scene, dim), side));
	}
	return sum;
}

/* Whether a pitch circle reaches beyond the view there, where the values would stand. */
static bool is_overhung(const struct drafter *d, enum plate_side side)
{
	struct plate_box box = plate_box(d->scene);

	for (int i = 0; i < d->scene->shape_count; i++) {
		const struct shape *s = &d->scene->shapes[i];
		int64_t r = s->value[PARAM_PCD] / 2, x = s->value[PARAM_X], y = s->value[PARAM_Y];
		bool over[SIDES_OF_PLATE] = {x - r<box.x0, x + r> box.x1,
					     y - r<box.y0, y + r> box.y1};

		if (s->kind == SHAPE_HOLE_CIRCLE && over[side])
			return true;
	}
	return false;
}

/* The usual side, unless extension lines would be much longer there; sometimes all the same. */
static enum plate_side pick_side(struct drafter *d, bool is_x)
{
	bool usual = rng_chance(d->rng, USUAL_SIDE), any = rng_chance(d->rng, ANY_SIDE);
	enum plate_side low = is_x ? SIDE_BELOW : SIDE_LEFT, high = plate_other_side(low);
	bool low_is_bad = is_overhung(d, low), high_is_bad = is_overhung(d, high);
	double longer = through_view(d, is_x, low) / (through_view(d, is_x, high) + 1);

	if (low_is_bad != high_is_bad)
		return low_is_bad ? high : low;
	if (!any && longer > MUCH_LONGER)
		return high;
	if (!any && longer < 1 / MUCH_LONGER)
		return low;
	return usual ? low : high;
}

int plate_plan_ordinates(struct drafter *d)
{
	struct plate_plan *plan = d->family;

	if (d->scene->arrangement != ARRANGE_ORDINATE)
		return 0;
	for (int i = 0; i < 2; i++) {
		struct plate_ordinates *o = &plan->ordinates[i];

		o->side = pick_side(d, i == 0);
		collect(d, o, i == 0);
		if (o->count == 0)
			continue;
		if (!lay_out(d, o, i == 0))
			return -1;
		note_overhang(plan, o, i == 0);
	}
	return 0;
}

double plate_ordinates_room(const struct plate_ordinates *o)
{
	double longest = 0;

	for (int i = 0; i < o->count; i++)
		longest = max2(longest, o->level ? height_of(&o->list[i]) : o->list[i].width);
	return o->end + TEXT_CLEAR_MM + longest + BEYOND_MM;
}

/* Sheet point `along` the axis from the datum, `out` from the edge of the view. */
static struct vec outside(const struct drafter *d, enum plate_side side, double along, double out)
{
	const struct plate_plan *plan = d->family;
	const struct box *b = &plan->view;
	double edges[SIDES_OF_PLATE] = {b->x0, b->x1, b->y0, b->y1};
	bool is_x = side == SIDE_BELOW || side == SIDE_ABOVE;
	double across = edges[side] + (side == SIDE_LEFT || side == SIDE_BELOW ? -out : out);

	return vec_add(d->drawing->datum, is_x ? vec(along, across) : vec(across, along));
}

/* Where its extension line begins. */
static struct vec beginning(const struct drafter *d, const struct plate_ordinates *o,
			    const struct plate_ordinate *p)
{
	bool is_x = o->side == SIDE_BELOW || o->side == SIDE_ABOVE;
	bool low = o->side == SIDE_LEFT || o->side == SIDE_BELOW;
	double gap = p->lettering.style->extension_gap_mm, start = p->start + (low ? -gap : gap);

	return vec_add(d->drawing->datum, is_x ? vec(p->from, start) : vec(start, p->from));
}

/* Whether it can go out from there to its jog: a centre line may reach as far, out of the view. */
static bool goes_out(const struct drafter *d, const struct plate_ordinates *o,
		     const struct plate_ordinate *p)
{
	struct vec bend = outside(d, o->side, p->from, o->jog[0]);
	struct vec out = vec_sub(outside(d, o->side, p->from, 1), outside(d, o->side, p->from, 0));

	return p->at == p->from || vec_dot(vec_sub(bend, beginning(d, o, p)), out) > 0;
}

static void draw_extension(struct drafter *d, const struct plate_ordinates *o,
			   const struct plate_ordinate *p)
{
	struct stroke *s = drawing_add_stroke(d->drawing, d->arena);
	struct vec points[4];
	int n = 0;

	points[n++] = beginning(d, o, p);
	if (p->at != p->from) {
		points[n++] = outside(d, o->side, p->from, o->jog[0]);
		points[n++] = outside(d, o->side, p->at, o->jog[1]);
	}
	points[n++] = outside(d, o->side, p->at, o->end);
	s->layer = LAYER_EXTENSION;
	s->dimension = p->dimension;
	drafter_set_pen(d, s);
	if (p->dimension != DRAWING_NOBODY)
		s->shape = d->scene->dimensions[p->dimension].shape;
	for (int i = 0; i + 1 < n; i++) {
		path_add_line(&s->path, d->arena, points[i], points[i + 1]);
		draft_map_mark(d->map, MAP_LINE, &points[i], 2);
	}
}

static int draw_value(struct drafter *d, const struct plate_ordinates *o,
		      const struct plate_ordinate *p)
{
	bool is_x = o->side == SIDE_BELOW || o->side == SIDE_ABOVE;
	bool across = is_x && o->level;
	struct choice choice = choice_new(d, p->dimension);
	struct proposal proposal = {.cost = 0};
	double out = o->end + TEXT_CLEAR_MM + (across ? height_of(p) : p->width) / 2;

	proposal_set_text_in_line(&proposal, &p->lettering, outside(d, o->side, p->at, out),
				  is_x && !across ? M_PI / 2 : 0);
	choice.text_margin_mm = SEAT_MARGIN_MM;
	if (!choice_seats(&choice, &proposal))
		return -1;
	choice_offer(&choice, &proposal);
	return choice_draw(&choice);
}

int plate_draw_ordinates(struct drafter *d)
{
	const struct plate_plan *plan = d->family;

	for (int i = 0; i < 2; i++) {
		const struct plate_ordinates *o = &plan->ordinates[i];

		for (int k = 0; k < o->count; k++) {
			if (!goes_out(d, o, &o->list[k]))
				return -1;
			draw_extension(d, o, &o->list[k]);
		}
		for (int k = 0; k < o->count; k++)
			if (draw_value(d, o, &o->list[k]) < 0)
				return -1;
	}
	return 0;
}
