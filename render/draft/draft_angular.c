/* SPDX-License-Identifier: MIT */
/*
 * Angles, ISO 129-1: an arc about the vertex between two sides, lengthened by thin lines where
 * nothing is drawn; the lettering level, outside or inside the arc. The length of an arc is drawn
 * alike, about its centre and beside it, its extension lines radial.
 */
#include <config.h>

#include <math.h>

#include "render/draft/draft_sizes.h"

#define CONCENTRIC_MM 3.0 /* between the dimension's arc and an outline about the same centre */
#define HOLLOW_SHARE 0.55 /* of an arc's radius: its length never stands nearer to the centre */
#define HOLLOW_COST 0.5   /* of an arc's length on its hollow side */

struct angular {
	struct drafter *d;
	const struct angular_spec *spec;
	struct choice choice;
	const struct lettering_block *lettering;
};

/* The thin line from end i of an outline about the vertex out, or in, to the arc beside it. */
static void add_end(const struct angular *g, struct proposal *p, int i, double radius)
{
	const struct style *style = g->lettering->style;
	double way = radius > g->spec->outline_radius ? 1 : -1;
	double from = g->spec->outline_radius + way * style->extension_gap_mm;
	double to = radius + way * style->extension_over_mm;
	struct vec out = vec_polar(1, g->spec->from + (i ? g->spec->sweep : 0));

	if (g->spec->drawn[i] >= radius)
		return;
	proposal_add_line(p, vec_add(g->spec->vertex, vec_scale(out, from)),
			  vec_add(g->spec->vertex, vec_scale(out, to)), LAYER_EXTENSION);
}

/* The thin line that carries side i (0 or 1) out to the arc, if the drawn part is too short. */
static void add_side(const struct angular *g, struct proposal *p, int i, double radius)
{
	const struct style *style = g->lettering->style;
	double drawn = g->spec->drawn[i];
	double from = drawn > 0 ? drawn + style->extension_gap_mm : 0;
	double to = radius + style->extension_over_mm;
	struct vec out = vec_polar(1, g->spec->from + (i ? g->spec->sweep : 0));

	if (drawn >= radius)
		return;
	proposal_add_line(p, vec_add(g->spec->vertex, vec_scale(out, from)),
			  vec_add(g->spec->vertex, vec_scale(out, to)), LAYER_EXTENSION);
}

/* Arrows at both ends of the arc; they lie along the chord of their own length. The arc runs on by
 * beyond[0] before the first side and beyond[1] past the second (radians), or as far as arrows that
 * point in from outside need. */
static void add_arc_and_arrows(const struct angular *g, struct proposal *p, double radius,
			       const double beyond[2])
{
	const struct style *style = g->lettering->style;
	double half = style->arrow_mm / radius / 2;
	double from = g->spec->from, to = from + g->spec->sweep;
	bool inside = radius * g->spec->sweep >= 2 * style->arrow_mm + 1.5;
	double tail = inside ? 0 : 1.8 * style->arrow_mm / radius;
	double before = max2(tail, beyond[0]), after = max2(tail, beyond[1]);
	double turn = inside ? half : -half;
	struct vec a = vec_polar(1, from + turn), b = vec_polar(1, to - turn);

	proposal_add_arc(p, g->spec->vertex, radius, from - before,
			 g->spec->sweep + before + after);
	proposal_add_arrow(p, style, vec_add(g->spec->vertex, vec_polar(radius, from)),
			   vec_scale(vec_perp(a), inside ? -1 : 1));
	proposal_add_arrow(p, style, vec_add(g->spec->vertex, vec_polar(radius, to)),
			   vec_scale(vec_perp(b), inside ? 1 : -1));
}

/* Half the extent of the level lettering along a direction. */
static double half_extent(const struct angular *g, struct vec along)
{
	const struct lettering_block *b = g->lettering;
	double height = g->lettering->style->text_mm + 2 * max2(b->below, b->above);

	return b->width / 2 * fabs(along.x) + height / 2 * fabs(along.y);
}

/* How far from the vertex the middle of the level lettering lies in direction `out`, if outside (1) or
 * inside (-1) it stands as near to the arc as style->text_gap_mm tells; 0: there is no room inside. */
static double middle_distance(const struct angular *g, double radius, struct vec out, int where)
{
	const struct style *style = g->lettering->style;
	double half_x = half_extent(g, vec(1, 0)), half_y = half_extent(g, vec(0, 1));
	double wanted = radius + where * (style->text_gap_mm + style->thin_mm / 2);
	double x = fabs(out.x), y = fabs(out.y);
	double along = where * (x * half_x + y * half_y);
	double square = along * along + wanted * wanted - half_x * half_x - half_y * half_y;

	/* A side of the box stands before the arc and not a corner, where the vertex is beside it. */
	if (where > 0 && y * (wanted + half_x) <= x * half_y)
		return (wanted + half_x) / x;
	if (where > 0 && x * (wanted + half_y) <= y * half_x)
		return (wanted + half_y) / y;
	return max2(along + sqrt(max2(square, 0)), 0);
}

/* Offers the dimension with its lettering in direction `angle`, outside (1) or inside (-1) the arc,
 * which runs on to there. */
static void offer(struct angular *g, double radius, double angle, int where, const double beyond[2],
		  double cost)
{
	struct vec out = vec_polar(1, angle);
	double half = half_extent(g, out);
	double distance = middle_distance(g, radius, out, where);
	struct vec middle = vec_add(g->spec->vertex, vec_scale(out, distance));
	struct proposal p = {.cost = cost};

	if (distance < half + 1 || g->spec->sweep + beyond[0] + beyond[1] > 2 * M_PI - 0.5)
		return;
	proposal_set_text_in_line(&p, g->lettering, middle, 0);
	if (!choice_seats(&g->choice, &p))
		return;
	for (int i = 0; i < 2; i++) {
		if (g->spec->beside_outline)
			add_end(g, &p, i, radius);
		else
			add_side(g, &p, i, radius);
	}
	add_arc_and_arrows(g, &p, radius, beyond);
	choice_offer(&g->choice, &p);
}

/* Lettering beside the arc where it runs on past one of its sides. */
static void offer_beyond(struct angular *g, double radius, int side, double cost)
{
	double towards = side ? 1 : -1;
	double end = g->spec->from + (side ? g->spec->sweep : 0);
	double clear = (g->lettering->style->arrow_mm + 1.2) / radius;
	struct vec tangent = vec_perp(vec_polar(1, end + towards * 2 * clear));
	double half = half_extent(g, tangent) / radius;
	double beyond[2] = {0, 0};

	beyond[side] = clear + 1.8 * half;
	offer(g, radius, end + towards * (clear + half), 1, beyond, cost);
}

/* All places of the lettering of an arc of this radius. */
static void offer_radius(struct angular *g, double radius, double base)
{
	static const struct {
		double at, cost; /* share of the sweep */
	} places[] = {{0.5, 0},  {0.36, 0.5}, {0.64, 0.5}, {0.22, 1},
		      {0.78, 1}, {0.1, 1.6},  {0.9, 1.6}};
	static const double nowhere[2] = {0, 0};

	for (size_t k = 0; k < sizeof(places) / sizeof(*places); k++) {
		double angle = g->spec->from + g->spec->sweep * places[k].at;
		double cost = base + places[k].cost;

		if (choice_is_open(&g->choice, cost))
			offer(g, radius, angle, 1, nowhere, cost);
		if (choice_is_open(&g->choice, cost + 0.4))
			offer(g, radius, angle, -1, nowhere, cost + 0.4);
	}
	for (int side = 0; side < 2; side++)
		if (choice_is_open(&g->choice, base + 1.5))
			offer_beyond(g, radius, side, base + 1.5);
}

/* About the vertex, wherever there is room. */
static void offer_about_vertex(struct angular *g)
{
	static const struct {
		double radius, cost;
	} radii[] = {{16, 0},    {12, 0.2}, {20, 0.2}, {14, 0.4}, {9.5, 0.8}, {25, 0.8},
		     {22, 0.8},  {28, 1.2}, {31, 1.6}, {35, 2},   {40, 2.6},  {46, 3.4},
		     {7.5, 2.4}, {18, 0.4}, {53, 4.4}, {61, 5.4}};

	for (size_t i = 0; i < sizeof(radii) / sizeof(*radii); i++) {
		double base = radii[i].cost + 0.4 * rng_unit(g->d->rng);

		if (g->spec->outline_radius > 0 &&
		    fabs(radii[i].radius - g->spec->outline_radius) < CONCENTRIC_MM)
			continue;
		offer_radius(g, radii[i].radius, base);
	}
}

/* On either side of the outline. */
static void offer_beside_outline(struct angular *g)
{
	static const struct {
		double offset, cost; /* in offsets of the first dimension line */
	} offsets[] = {{1, 0},     {0.8, 0.2}, {1.25, 0.3}, {0.65, 0.8},
		       {1.6, 0.8}, {2, 1.4},   {2.5, 2.2},  {3.2, 3.4}};

	for (size_t i = 0; i < sizeof(offsets) / sizeof(*offsets); i++) {
		double off = offsets[i].offset * g->lettering->style->first_offset_mm;
		double base = offsets[i].cost + 0.4 * rng_unit(g->d->rng);

		offer_radius(g, g->spec->outline_radius + off, base);
		if (off < (1 - HOLLOW_SHARE) * g->spec->outline_radius)
			offer_radius(g, g->spec->outline_radius - off, base + HOLLOW_COST);
	}
}

int draft_angular(struct drafter *d, int dimension, const struct angular_spec *spec)
{
	struct angular g = {.d = d, .spec = spec, .choice = choice_new(d, dimension)};

	g.lettering = drafter_lettering(d, dimension);
	if (spec->beside_outline)
		offer_beside_outline(&g);
	else
		offer_about_vertex(&g);
	return choice_draw(&g.choice);
}
