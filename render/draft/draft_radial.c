/* SPDX-License-Identifier: MIT */
/*
 * Radii and diameters, ISO 129-1: along a line through the centre with the lettering inside where
 * the circle has room, else on the shelf of a leader that points at the circle from outside.
 *
 * The line of a large radius, or of one whose centre is off the sheet or drawn over, may be
 * foreshortened: it points at the centre as far as a jog, and goes on beside that way without getting
 * there.
 */
#include <config.h>

#include <math.h>

#include "render/draft/draft_sizes.h"

#define DIRECTIONS 24
#define INSIDE_BONUS 1.5 /* a line across meets the circle twice and its centre lines */
#define INSIDE_LEADER_COST 0.8
#define THROUGH_COST 0.4
#define FAR_SIDE_MM 3.0

/* Of foreshortened radii. */
#define LARGE_MM 25.0
#define CENTRE_CLEAR_MM 0.8  /* round a centre that nothing is drawn over */
#define FORESHORTENED 0.85   /* of the radius, at most: else it would seem to end at the centre */
#define JOG_TEXT 1.1         /* sideways, in text heights */
#define JOG_REST_MM 5.0      /* of a piece without lettering, beside its arrow */
#define JOG_AT_TAIL_COST 0.3 /* lettering away from the arrow */
#define JOG_COST_MM 0.03     /* per mm */
#define SHORT_SWEEP 0.4      /* rad: few directions of a whole turn would meet the arc */
#define JOG_COST_LEAST -6.0
#define JOG_COST_MOST 5.0

struct radial {
	struct drafter *d;
	struct choice choice;
	const struct lettering_block *lettering;
	bool hollow, snug;
};

/* Lettering above the line from `start` to the arrow at distance radius from the centre. */
static void set_inside(struct radial *r, struct proposal *p, const struct proposal_arc *arc,
		       double angle, double start)
{
	const struct style *style = r->lettering->style;
	double reading = reading_angle(angle);
	struct vec up = vec_perp(vec_polar(1, reading));
	double middle = (start + arc->radius - style->arrow_mm * 0.5) / 2;
	struct vec at = vec_add(arc->centre, vec_polar(middle, angle));

	at = vec_add(at,
		     vec_scale(up, style->text_gap_mm + style->thin_mm / 2 + r->lettering->below));
	proposal_set_text(p, r->lettering, at, reading);
}

/* Across the whole circle, an arrow at either end. */
static void offer_across(struct radial *r, const struct proposal_arc *arc, double angle,
			 double cost)
{
	const struct style *style = r->lettering->style;
	struct vec out = vec_polar(1, angle);
	struct vec tip = vec_add(arc->centre, vec_scale(out, arc->radius));
	struct vec tail = vec_sub(arc->centre, vec_scale(out, arc->radius));
	struct proposal p = {.cost = cost, .snug = r->snug};

	if (arc->radius < r->lettering->width + 0.5 * style->arrow_mm + 2)
		return;
	set_inside(r, &p, arc, angle, 1.5);
	if (!choice_seats(&r->choice, &p))
		return;
	proposal_add_line(&p, tail, tip, LAYER_DIMENSION);
	proposal_add_arrow(&p, style, tip, out);
	proposal_add_arrow(&p, style, tail, vec_scale(out, -1));
	choice_offer(&r->choice, &p);
}

/* From the centre to the arc. */
static void offer_inside(struct radial *r, const struct proposal_arc *arc, double angle,
			 double cost)
{
	const struct style *style = r->lettering->style;
	struct vec out = vec_polar(1, angle);
	struct vec tip = vec_add(arc->centre, vec_scale(out, arc->radius));
	struct proposal p = {.cost = cost, .snug = r->snug};

	if (arc->radius < r->lettering->width + 0.5 * style->arrow_mm + 1.5)
		return;
	set_inside(r, &p, arc, angle, 0.5);
	if (!choice_seats(&r->choice, &p))
		return;
	proposal_add_line(&p, arc->centre, tip, LAYER_DIMENSION);
	proposal_add_arrow(&p, style, tip, out);
	choice_offer(&r->choice, &p);
}

static bool in_arc(const struct proposal_arc *arc, double angle)
{
	double margin = arc->sweep < 2 * M_PI - 1e-9 ? min2(0.1, arc->sweep / 4) : 0;
	double turn = fmod(angle - arc->from + 4 * M_PI, 2 * M_PI);

	return margin == 0 || (turn >= margin && turn <= arc->sweep - margin);
}

/* Whether it is usual not to draw the way to the arc's centre. */
static bool is_foreshortened(const struct drafter *d, const struct proposal_arc *arc)
{
	struct vec c = arc->centre, off = vec(CENTRE_CLEAR_MM, CENTRE_CLEAR_MM);
	struct vec low = vec_sub(c, off), high = vec_add(c, off);
	struct vec corners[4] = {low, {high.x, low.y}, high, {low.x, high.y}};

	return arc->radius > LARGE_MM || draft_map_hit(d->map, MAP_OUTLINE | MAP_SOLID, corners, 4);
}

/* Whether a point lies between the radii at the arc's ends. */
static bool in_sector(const struct proposal_arc *arc, struct vec p)
{
	struct vec out = vec_sub(p, arc->centre);

	return in_arc(arc, atan2(out.y, out.x));
}

/* How a foreshortened radius is drawn. */
struct jog {
	double near, far; /* the pieces from the arrow to the jog, and from there on */
	double side;      /* from the one to the other, to the left of the way to the centre */
	double advance;   /* of the jog along that way */
	bool at_tail;     /* the lettering stands over the second */
};

static void offer_jogged(struct radial *r, const struct proposal_arc *arc, double angle,
			 const struct jog *jog, double cost)
{
	const struct style *style = r->lettering->style;
	struct vec out = vec_polar(1, angle), in = vec_scale(out, -1);
	struct vec tip = vec_add(arc->centre, vec_scale(out, arc->radius));
	struct vec knee = vec_add(tip, vec_scale(in, jog->near));
	struct vec turn = vec_add(
		knee, vec_add(vec_scale(in, jog->advance), vec_scale(vec_perp(in), jog->side)));
	struct vec end = vec_add(turn, vec_scale(in, jog->far));
	double reading = reading_angle(angle);
	double rise = style->text_gap_mm + style->thin_mm / 2 + r->lettering->below;
	struct vec up = vec_scale(vec_perp(vec_polar(1, reading)), rise);
	struct vec from = jog->at_tail ? turn : vec_add(tip, vec_scale(in, style->arrow_mm));
	struct vec to = jog->at_tail ? end : knee;
	struct proposal p = {.cost = cost, .snug = r->snug};

	if (jog->near + jog->advance + jog->far > FORESHORTENED * arc->radius ||
	    !in_sector(arc, turn) || !in_sector(arc, end))
		return;
	proposal_set_text(&p, r->lettering, vec_add(vec_scale(vec_add(from, to), 0.5), up),
			  reading);
	if (!choice_seats(&r->choice, &p))
		return;
	proposal_add_line(&p, tip, knee, LAYER_DIMENSION);
	proposal_add_line(&p, knee, turn, LAYER_DIMENSION);
	proposal_add_line(&p, turn, end, LAYER_DIMENSION);
	proposal_add_arrow(&p, style, tip, out);
	choice_offer(&r->choice, &p);
}

/* All of them in one direction. lean: of the jog against the way to the centre. */
static void offer_foreshortened(struct radial *r, const struct proposal_arc *arc, double angle,
				double lean, double cost)
{
	static const double longer_mm[] = {0, 5, 11, 18};
	const struct style *style = r->lettering->style;
	double width = r->lettering->width + 2, side = JOG_TEXT * style->text_mm;

	for (int i = 0; i < 16; i++) {
		bool at_tail = i & 1;
		double more = longer_mm[i / 4], rest = JOG_REST_MM + more / 2;
		struct jog jog = {.near = style->arrow_mm + (at_tail ? rest : width + more),
				  .far = at_tail ? width : rest,
				  .side = i & 2 ? -side : side,
				  .advance = side / tan(lean),
				  .at_tail = at_tail};
		double this = cost + JOG_COST_MM * more + (at_tail ? JOG_AT_TAIL_COST : 0);

		if (choice_is_open(&r->choice, this))
			offer_jogged(r, arc, angle, &jog, this);
	}
}

/* A leader of the given length from outside (through the centre where that is outside), with a level
 * shelf under the lettering. */
static void offer_leader(struct radial *r, const struct proposal_arc *arc, struct vec out,
			 double length, double cost)
{
	const struct style *style = r->lettering->style;
	struct vec tip = vec_add(arc->centre, vec_scale(out, arc->radius));
	struct vec knee;
	struct proposal p = {.cost = cost, .snug = r->snug};
	double shelf, way;

	if (r->hollow)
		out = vec_scale(out, -1);
	way = out.x >= 0 ? 1 : -1;
	knee = vec_add(tip, vec_scale(out, length));
	shelf = proposal_set_text_on_shelf(&p, r->lettering, knee, way);
	if (!choice_seats(&r->choice, &p))
		return;
	proposal_add_leader(&p, tip, knee);
	proposal_add_leader(&p, knee, vec_add(knee, vec(shelf, 0)));
	proposal_add_arrow(&p, style, tip, vec_scale(out, -1));
	choice_offer(&r->choice, &p);
}

/* The same from inside, the shelf on the far side of the centre or before it: for arcs that are seen
 * from there, and circles with something close round them. */
static void offer_leader_inside(struct radial *r, const struct proposal_arc *arc, struct vec out,
				double length, double cost)
{
	const struct style *style = r->lettering->style;
	struct vec tip = vec_add(arc->centre, vec_scale(out, arc->radius));
	struct vec knee = vec_sub(tip, vec_scale(out, length));
	double shelf, way = out.x >= 0 ? -1 : 1;
	struct proposal p = {.cost = cost, .snug = r->snug};

	/* A line through all of a circle would seem to point at its other side, too. */
	if (arc->sweep > M_PI && length > 2 * arc->radius - FAR_SIDE_MM)
		return;
	shelf = proposal_set_text_on_shelf(&p, r->lettering, knee, way);
	if (!choice_seats(&r->choice, &p))
		return;
	proposal_add_leader(&p, tip, knee);
	proposal_add_leader(&p, knee, vec_add(knee, vec(shelf, 0)));
	proposal_add_arrow(&p, style, tip, out);
	choice_offer(&r->choice, &p);
}

/* Across the circle from inside and on to a shelf outside: a diameter whose own surroundings are
 * crowded, or too small for its lettering. */
static void offer_through(struct radial *r, const struct proposal_arc *arc, struct vec out,
			  double length, double cost)
{
	const struct style *style = r->lettering->style;
	struct vec tip = vec_add(arc->centre, vec_scale(out, arc->radius));
	struct vec tail = vec_sub(arc->centre, vec_scale(out, arc->radius));
	struct vec knee = vec_add(tip, vec_scale(out, length));
	double shelf, way = out.x >= 0 ? 1 : -1;
	struct proposal p = {.cost = cost, .snug = r->snug};

	if (arc->radius < style->arrow_mm + 1)
		return;
	shelf = proposal_set_text_on_shelf(&p, r->lettering, knee, way);
	if (!choice_seats(&r->choice, &p))
		return;
	proposal_add_leader(&p, tail, knee);
	proposal_add_leader(&p, knee, vec_add(knee, vec(shelf, 0)));
	proposal_add_arrow(&p, style, tip, out);
	proposal_add_arrow(&p, style, tail, vec_scale(out, -1));
	choice_offer(&r->choice, &p);
}

/* 0 for the usual 30..60 degrees of each quadrant, more towards the axes. */
static double direction_cost(double angle)
{
	double to_diagonal = fabs(remainder(angle - M_PI / 4, M_PI / 2));

	return to_diagonal <= M_PI / 11 ? 0 : 4 * (to_diagonal - M_PI / 11);
}

/* One way to point at one of the arcs. */
struct direction {
	const struct proposal_arc *arc;
	double angle, cost;
	struct vec out; /* unit */
};

/* All round, but over a short arc alone. */
static double angle_in(const struct proposal_arc *arc, double share)
{
	if (arc->sweep < SHORT_SWEEP)
		return arc->from + share * arc->sweep;
	return 2 * M_PI * share;
}

/* Throws the dice for all directions; returns how many point at their arc. They come in the order of
 * their costs: the sooner the best is found, the fewer of the others are judged. */
static int find_directions(const struct drafter *d, const struct radial_spec *spec,
			   struct direction *list, int *order)
{
	double turn = 0.1 * rng_unit(d->rng);
	int count = 0;

	for (int i = 0; i < spec->count * DIRECTIONS; i++) {
		struct direction *way = &list[count];
		int at = count;

		way->arc = &spec->arcs[i / DIRECTIONS];
		way->angle = angle_in(way->arc, (i % DIRECTIONS + 0.5) / DIRECTIONS) + turn;
		way->cost = direction_cost(way->angle) + 0.6 * rng_unit(d->rng);
		if (!in_arc(way->arc, way->angle))
			continue;
		way->out = vec_polar(1, way->angle);
		for (; at > 0 && list[order[at - 1]].cost > way->cost; at--)
			order[at] = order[at - 1];
		order[at] = count++;
	}
	return count;
}

static void offer_leaders(struct radial *r, const struct direction *way, double length, double cost,
			  bool through)
{
	if (choice_is_open(&r->choice, cost))
		offer_leader(r, way->arc, way->out, length, cost);
	if (through && choice_is_open(&r->choice, cost + THROUGH_COST))
		offer_through(r, way->arc, way->out, length, cost + THROUGH_COST);
	cost += INSIDE_LEADER_COST;
	if (choice_is_open(&r->choice, cost))
		offer_leader_inside(r, way->arc, way->out, length, cost);
}

int draft_radial(struct drafter *d, int dimension, const struct radial_spec *spec)
{
	static const struct {
		double length, cost;
	} leaders[] = {{8, 0},    {6, 0.3},  {11, 0.4}, {15, 1},  {20, 1.8}, {27, 3},
		       {36, 4.5}, {48, 6.5}, {62, 9},   {78, 12}, {96, 16}};
	struct radial r = {.d = d,
			   .choice = choice_new(d, dimension),
			   .hollow = spec->hollow,
			   .snug = spec->snug};
	int most = spec->count * DIRECTIONS;
	struct direction *list = ARENA_NEW(d->arena, struct direction, most);
	int *order = ARENA_NEW(d->arena, int, most);
	int count = find_directions(d, spec, list, order);
	double lean = 0, jog_cost = 0;
	bool jogged = false;

	for (int i = 0; i < spec->count && !spec->diameter; i++)
		jogged |= is_foreshortened(d, &spec->arcs[i]);
	if (jogged) {
		lean = (rng_chance(d->rng, 0.5) ? 60 : 45) * M_PI / 180;
		jog_cost = JOG_COST_LEAST + (JOG_COST_MOST - JOG_COST_LEAST) * rng_unit(d->rng);
	}
	r.lettering = drafter_lettering(d, dimension);
	for (int i = 0; i < count && !spec->outside; i++) {
		const struct direction *way = &list[order[i]];
		double cost = way->cost - INSIDE_BONUS;

		if (!choice_is_open(&r.choice, cost))
			break;
		if (spec->diameter)
			offer_across(&r, way->arc, way->angle, cost);
		else
			offer_inside(&r, way->arc, way->angle, cost);
	}
	for (int i = 0; i < count && jogged && !spec->outside; i++) {
		const struct direction *way = &list[order[i]];

		if (!choice_is_open(&r.choice, way->cost + jog_cost))
			break;
		if (is_foreshortened(d, way->arc))
			offer_foreshortened(&r, way->arc, way->angle, lean, way->cost + jog_cost);
	}
	for (size_t k = 0; k < sizeof(leaders) / sizeof(*leaders); k++) {
		for (int i = 0; i < count; i++) {
			const struct direction *way = &list[order[i]];
			double cost = way->cost + 0.8 + leaders[k].cost;

			if (!choice_is_open(&r.choice, cost))
				break;
			offer_leaders(&r, way, leaders[k].length, cost,
				      spec->diameter && !spec->outside);
		}
	}
	return choice_draw(&r.choice);
}
