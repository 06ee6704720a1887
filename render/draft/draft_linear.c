/* SPDX-License-Identifier: MIT */
/*
 * Linear dimensions, ISO 129-1 and ASME Y14.5: the line stands first_offset from the outline,
 * farther or (short of room) nearer. Where the lettering goes is the style's layout:
 *
 *	oriented     |<---- 40 ---->|	above the line and along it, between the arrows or outside
 *	referenced   the same where the line is level; else level, on a shelf at the line's end
 *	inline       |<--- 40 --->|	level, in a gap of the line; or in line with it, outside
 *	broken       the same, along the line
 */
#include <config.h>

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "render/draft/draft_sizes.h"

/* Places of the lettering along the line. */
enum seat { SEAT_MIDDLE, SEAT_TOWARDS_A, SEAT_TOWARDS_B, SEAT_BEYOND_A, SEAT_BEYOND_B, SEATS };

static const double seat_costs[SEATS] = {0, 0.8, 0.8, 2.0, 2.0};

#define ROW_COST 1.5       /* of every row off the planned one */
#define STAGGER_COST 0.4   /* of lettering in the middle that had better not be there */
#define SPACING_TEXT 1.6   /* rows, in text heights: lettering of two is no stack */
#define BESIDE_TEXT_MM 0.1 /* from an end of the line to lettering, and text_gap_mm */
#define STUB_MM 1.0        /* of a broken line beside its arrow, at least */
#define FOREIGN_MM 1.5     /* more than its own line is: from lettering to others' */
#define READ_ON 0.6        /* between lettering of two dimensions in a row, in text heights */
#define STACK_PITCHES 1.65 /* lettering over lettering looks like limits up to this many heights */
#define SAME_ANGLE 1e-6    /* of lettering, in radians */
#define SAME_ROW_MM 0.3    /* lines this near to each other are taken for one */
#define AXIS_CLEAR_MM 1.9  /* from lettering to the centre line that it stands beside */

struct linear {
	struct drafter *d;
	const struct linear_spec *spec;
	struct choice choice;
	double text_margin_mm; /* clear ring where it is not in regular rows */
	const struct lettering_block *lettering;
	double angle; /* of the lettering */
	double half;  /* of its extent along the line, with the clear space round it */
	double seat_costs[SEATS];
};

/* One line that is being thought out. */
struct trial {
	struct vec a, b; /* where the arrows point */
	bool inside;     /* on the figure itself */
	double clear[2]; /* of lettering beyond a and b */
	struct vec along, out;
	double offset;         /* from the edge of the view */
	double length, middle; /* of the lettering, from a */
	double before, after;  /* how far the line runs on past a and b */
	bool arrows_inside;
	struct proposal p;
};

static struct vec on_line(const struct trial *t, double at)
{
	return vec_add(t->a, vec_scale(t->along, at));
}

/* Lettering on one half of a line that a centre line crosses in the middle; `half` of it lies along
 * the line, and it ends `rim` before the tip. */
static bool seat_beside_axis(const struct linear *l, struct trial *t, enum seat seat, double half,
			     double rim)
{
	double off =
		max2(half + AXIS_CLEAR_MM, (t->length / 2 - l->lettering->style->arrow_mm) / 2);

	if (seat == SEAT_MIDDLE || off + half > t->length / 2 - rim)
		return false;
	t->middle = t->length / 2 + (seat == SEAT_TOWARDS_A ? -off : off);
	return true;
}

/* Seats lettering above the line; false where there is no room. */
static bool seat_above(const struct linear *l, struct trial *t, enum seat seat)
{
	const struct style *style = l->lettering->style;
	double width = l->lettering->width;
	double beyond = style->arrow_mm + 1.2 + width;
	double slack = (t->length - width) / 2 - 1;
	struct vec up = vec_perp(vec_polar(1, l->angle));

	t->middle = t->length / 2;
	if (seat <= SEAT_TOWARDS_B && slack < 0)
		return false;
	if (t->inside && seat <= SEAT_TOWARDS_B) {
		if (!seat_beside_axis(l, t, seat, width / 2, 1))
			return false;
	} else if (seat == SEAT_TOWARDS_A || seat == SEAT_TOWARDS_B) {
		if (slack < 1.5)
			return false;
		t->middle += (seat == SEAT_TOWARDS_A ? -0.8 : 0.8) * slack;
	}
	if (seat == SEAT_BEYOND_A) {
		t->before = beyond + t->clear[0];
		t->middle = -t->before + width / 2;
	}
	if (seat == SEAT_BEYOND_B) {
		t->after = beyond + t->clear[1];
		t->middle = t->length + t->after - width / 2;
	}
	proposal_set_text(&t->p, l->lettering,
			  vec_add(on_line(t, t->middle),
				  vec_scale(up, style->text_gap_mm + style->thin_mm / 2 +
							l->lettering->below)),
			  l->angle);
	return true;
}

/* Level lettering on a shelf that goes on from the line's end, to the right or to the left. */
static bool seat_on_shelf(const struct linear *l, struct trial *t, enum seat seat)
{
	const struct style *style = l->lettering->style;
	bool at_b = seat == SEAT_MIDDLE || seat == SEAT_BEYOND_B;
	double way = seat == SEAT_TOWARDS_A || seat == SEAT_TOWARDS_B ? -1 : 1;
	double shelf = way * (l->lettering->width + 1);
	struct vec knee;

	if (seat == SEAT_TOWARDS_B)
		at_b = true;
	*(at_b ? &t->after : &t->before) = style->arrow_mm + 3 + t->clear[at_b];
	knee = on_line(t, at_b ? t->length + t->after : -t->before);
	proposal_set_text(
		&t->p, l->lettering,
		vec_add(knee, vec(shelf / 2 + way * 0.4,
				  style->text_gap_mm + style->thin_mm / 2 + l->lettering->below)),
		0);
	proposal_add_leader(&t->p, knee, vec_add(knee, vec(shelf, 0)));
	return true;
}

/* Lettering in a gap of the line, or in line with it. */
static bool seat_in_line(const struct linear *l, struct trial *t, enum seat seat)
{
	const struct style *style = l->lettering->style;
	double beyond = 2 * style->arrow_mm;
	double slack = t->length / 2 - l->half - (t->arrows_inside ? style->arrow_mm : 0) - STUB_MM;

	t->middle = t->length / 2;
	if (t->arrows_inside && slack < 0) {
		t->arrows_inside = false;
		t->before = t->after = beyond;
		slack += style->arrow_mm;
	}
	if (seat <= SEAT_TOWARDS_B && slack < 0)
		return false;
	if (t->inside && seat <= SEAT_TOWARDS_B) {
		if (!t->arrows_inside ||
		    !seat_beside_axis(l, t, seat, l->half, style->arrow_mm + STUB_MM))
			return false;
	} else if (seat == SEAT_TOWARDS_A || seat == SEAT_TOWARDS_B) {
		if (slack < 1.5)
			return false;
		t->middle += (seat == SEAT_TOWARDS_A ? -0.8 : 0.8) * slack;
	}
	if (seat == SEAT_BEYOND_A) {
		t->before = max2(t->before, beyond + t->clear[0]);
		t->middle = -t->before - l->half;
	}
	if (seat == SEAT_BEYOND_B) {
		t->after = max2(t->after, beyond + t->clear[1]);
		t->middle = t->length + t->after + l->half;
	}
	proposal_set_text_in_line(&t->p, l->lettering, on_line(t, t->middle), l->angle);
	return true;
}

static bool is_level(const struct linear *l)
{
	return fabs(l->spec->along.y) < 1e-9;
}

/* Half a line has no second arrow that would tell where it goes on behind a gap. */
static bool stands_in_line(const struct linear *l)
{
	enum { IN_LINE = 1 << STYLE_LAYOUT_INLINE | 1 << STYLE_LAYOUT_BROKEN };

	return !l->spec->half && IN_LINE >> l->lettering->style->layout & 1;
}

/* Whether the line runs on past b: half a line ends at its arrow. */
static bool passes_b(const struct linear *l, enum seat seat)
{
	bool on_shelf = l->lettering->style->layout == STYLE_LAYOUT_REFERENCED && !is_level(l);

	return seat == SEAT_BEYOND_B ||
	       (on_shelf && (seat == SEAT_MIDDLE || seat == SEAT_TOWARDS_B));
}

static bool seat_lettering(const struct linear *l, struct trial *t, enum seat seat)
{
	if (stands_in_line(l))
		return seat_in_line(l, t, seat);
	if (l->lettering->style->layout == STYLE_LAYOUT_REFERENCED && !is_level(l))
		return seat_on_shelf(l, t, seat);
	return seat_above(l, t, seat);
}

/* The dimension line: whole, or in two pieces round lettering that stands in it. */
static void add_line(const struct linear *l, struct trial *t, enum seat seat)
{
	if (!stands_in_line(l) || seat >= SEAT_BEYOND_A) {
		proposal_add_line(&t->p, on_line(t, -t->before), on_line(t, t->length + t->after),
				  LAYER_DIMENSION);
		return;
	}
	if (!t->arrows_inside) {
		proposal_add_line(&t->p, on_line(t, -t->before), t->a, LAYER_DIMENSION);
		proposal_add_line(&t->p, t->b, on_line(t, t->length + t->after), LAYER_DIMENSION);
		return;
	}
	proposal_add_line(&t->p, t->a, on_line(t, t->middle - l->half), LAYER_DIMENSION);
	proposal_add_line(&t->p, on_line(t, t->middle + l->half), t->b, LAYER_DIMENSION);
}

static void add_extension_lines(struct linear *l, struct trial *t, int side)
{
	const struct style *style = l->lettering->style;
	struct proposal *p = &t->p;

	for (int k = 0; k < 2; k++) {
		struct vec from = l->spec->from[side][k], to = k ? t->b : t->a;

		if (l->spec->bare[side][k] || (l->spec->half && k == 0))
			continue;
		proposal_add_line(p, vec_add(from, vec_scale(t->out, style->extension_gap_mm)),
				  vec_add(to, vec_scale(t->out, style->extension_over_mm)),
				  LAYER_EXTENSION);
		p->lines[p->line_count - 1].skip_mm =
			l->spec->in_rows ? vec_dot(vec_sub(to, from), t->out) -
						   style->extension_gap_mm - t->offset
					 : l->spec->skip_mm;
	}
}

/* Whether a reader could take lettering for that of a line: it stands on the line, or in line with it
 * beyond an end. The lettering is `height` high and `width` wide from `at` on. */
static bool stands_by(struct vec at, struct vec u, double width, double height, double near,
		      struct vec a, struct vec b)
{
	struct vec v = vec_perp(u), along;
	struct vec middle = vec_add(at, vec_add(vec_scale(u, width / 2), vec_scale(v, height / 2)));
	double reach = width + height + near, half, from, to, off;

	/* Most lines are far away. */
	if (middle.x < min2(a.x, b.x) - reach || middle.x > max2(a.x, b.x) + reach ||
	    middle.y < min2(a.y, b.y) - reach || middle.y > max2(a.y, b.y) + reach)
		return false;
	along = vec_unit(vec_sub(b, a));
	half = width / 2 * fabs(vec_dot(u, along)) + height / 2 * fabs(vec_dot(v, along));
	from = vec_dot(vec_sub(a, middle), along);
	to = vec_dot(vec_sub(b, middle), along);
	off = vec_dot(vec_sub(a, middle), v);
	if (fabs(vec_cross(along, u)) < 1e-9 && off < -height / 2 && -off - height / 2 < near)
		return from < half && to > -half;
	if (fabs(vec_cross(vec_sub(a, middle), along)) > SAME_ROW_MM)
		return false;
	return (from > 0 && from - half < near) || (to < 0 && -to - half < near);
}

/* From the trial's lettering to another, along and across the trial's. */
static struct vec way_to(const struct trial *t, const struct text *text)
{
	struct vec way = vec_sub(text->at, t->p.text_at), u = t->p.text_u;

	return vec(vec_dot(way, u), vec_cross(u, way));
}

/* Whether the trial's lettering and another begin in one line, as near as the two of a stack. */
static bool looks_stacked(const struct trial *t, double height, const struct text *text)
{
	struct vec way = way_to(t, text);

	return fabs(way.x) < SAME_ROW_MM &&
	       fabs(way.y) < STACK_PITCHES * max2(height, text->height_mm);
}

/* Whether two lines in one row overlap. */
static bool overlap(struct vec a, struct vec b, struct vec c, struct vec d)
{
	struct vec along;
	double length, from, to;

	/* Most lines are far away. */
	if (max2(c.x, d.x) < min2(a.x, b.x) - SAME_ROW_MM ||
	    min2(c.x, d.x) > max2(a.x, b.x) + SAME_ROW_MM ||
	    max2(c.y, d.y) < min2(a.y, b.y) - SAME_ROW_MM ||
	    min2(c.y, d.y) > max2(a.y, b.y) + SAME_ROW_MM)
		return false;
	along = vec_unit(vec_sub(b, a));
	length = vec_dot(vec_sub(b, a), along);
	from = vec_dot(vec_sub(c, a), along);
	to = vec_dot(vec_sub(d, a), along);
	return fabs(vec_cross(vec_sub(c, a), along)) < SAME_ROW_MM &&
	       fabs(vec_cross(vec_sub(d, a), along)) < SAME_ROW_MM &&
	       min2(length, max2(from, to)) - max2(0, min2(from, to)) > SAME_ROW_MM;
}

/* Whether lettering reads on from other lettering, or that from it: as a number and its tolerance. */
static bool reads_on(const struct linear *l, const struct trial *t, const struct text *text)
{
	double h = l->lettering->style->text_mm;
	struct vec at = way_to(t, text);

	return at.x < l->lettering->width + READ_ON * h && at.x + text->width_mm > -READ_ON * h &&
	       at.y < h + l->lettering->above && at.y + text->height_mm > -l->lettering->below;
}

/* Whether the text's lettering comes near the box. */
static bool reaches(const struct text *text, const struct box *box, double near)
{
	double reach = 1.5 * (text->width_mm + text->height_mm) + near;

	return text->at.x > box->x0 - reach && text->at.x < box->x1 + reach &&
	       text->at.y > box->y0 - reach && text->at.y < box->y1 + reach;
}

/* The box round the trial's lines and the beginning of its lettering. */
static struct box box_of_trial(const struct proposal *p)
{
	struct vec points[2 * PROPOSAL_LINES + 1];
	int count = 0;

	points[count++] = p->text_at;
	for (int k = 0; k < p->line_count; k++) {
		if (p->lines[k].layer != LAYER_DIMENSION)
			continue;
		points[count++] = p->lines[k].a;
		points[count++] = p->lines[k].b;
	}
	return box_of_points(points, count);
}

/* Whether the trial's lettering stands by a line of another dimension, its line by the lettering of
 * another, or both lines run into each other. */
static bool is_mistakable(const struct linear *l, const struct trial *t)
{
	const struct drawing *drawing = l->d->drawing;
	const struct proposal *p = &t->p;
	double near = l->lettering->style->text_gap_mm + FOREIGN_MM;
	double below = l->lettering->below,
	       high = l->lettering->style->text_mm + l->lettering->above;
	struct vec at = vec_sub(p->text_at, vec_scale(vec_perp(p->text_u), below));
	struct box box = box_of_trial(p);
	double own = 1.5 * (l->lettering->width + high + STACK_PITCHES * (below + high));

	for (int i = 0; i < drawing->stroke_count; i++) {
		const struct stroke *s = &drawing->strokes[i];
		const struct seg *seg = &s->path.segs[0];

		if (s->layer != LAYER_DIMENSION || s->path.count != 1 || seg->kind != SEG_LINE)
			continue;
		if (stands_by(at, p->text_u, l->lettering->width, below + high, near, seg->a,
			      seg->b))
			return true;
		for (int k = 0; k < p->line_count; k++)
			if (p->lines[k].layer == LAYER_DIMENSION &&
			    overlap(p->lines[k].a, p->lines[k].b, seg->a, seg->b))
				return true;
	}
	for (int i = 0; i < drawing->text_count; i++) {
		const struct text *text = &drawing->texts[i];
		const struct style *style = drafter_style(l->d, text->dimension);
		double its_near = style->text_gap_mm + FOREIGN_MM;
		struct vec u;

		if (text->layer != LAYER_DIMENSION ||
		    !reaches(text, &box, max2(near, its_near) + own))
			continue;
		u = vec_polar(1, text->angle_rad);
		if (fabs(text->angle_rad - p->text_angle) < SAME_ANGLE &&
		    (reads_on(l, t, text) || looks_stacked(t, l->lettering->style->text_mm, text)))
			return true;
		for (int k = 0; k < p->line_count; k++)
			if (p->lines[k].layer == LAYER_DIMENSION &&
			    stands_by(text->at, u, text->width_mm, text->height_mm, its_near,
				      p->lines[k].a, p->lines[k].b))
				return true;
	}
	return false;
}

/* In rows lettering may stand near what is beside them; a line under a number keeps it off its own
 * dimension line, and so all else. */
static double row_margin(const struct lettering_block *b)
{
	return ROW_MARGIN_MM + (b->underlined ? b->below : 0);
}

/* Completes a trial whose line is in place, and offers it. */
static void offer_trial(struct linear *l, struct trial *t, int side, enum seat seat, double cost)
{
	const struct style *style = l->lettering->style;
	bool half = l->spec->half;

	t->length = vec_dot(vec_sub(t->b, t->a), t->along);
	t->arrows_inside = half || t->length >= 2 * style->arrow_mm + 1;
	t->before = t->after = t->arrows_inside ? 0 : 2 * style->arrow_mm;
	/* Beyond its line it could be taken for the next one's. */
	l->choice.text_margin_mm = l->spec->in_rows && (t->inside || seat < SEAT_BEYOND_A)
					   ? row_margin(l->lettering)
					   : l->text_margin_mm;
	if ((half && passes_b(l, seat)) || !seat_lettering(l, t, seat) ||
	    !choice_seats(&l->choice, &t->p))
		return;
	t->p.cost = cost;
	if (!t->inside)
		add_extension_lines(l, t, side);
	add_line(l, t, seat);
	if (!half)
		proposal_add_arrow(&t->p, style, t->a,
				   vec_scale(t->along, t->arrows_inside ? -1 : 1));
	proposal_add_arrow(&t->p, style, t->b, vec_scale(t->along, t->arrows_inside ? 1 : -1));
	if (!is_mistakable(l, t))
		choice_offer(&l->choice, &t->p);
}

/* Builds and offers one proposal: line at `height` on `side`, lettering in `seat`. */
static void offer(struct linear *l, int side, double height, enum seat seat, double cost)
{
	struct vec along = l->spec->along;
	struct vec out = side == 0 ? vec_perp(along) : vec_scale(vec_perp(along), -1);
	struct vec fa = l->spec->from[side][0], fb = l->spec->from[side][1];
	struct trial t = {.a = vec_add(fa, vec_scale(out, height)),
			  .along = along,
			  .out = out,
			  .offset = height - l->spec->reach[side]};

	t.b = vec_add(t.a, vec_scale(along, vec_dot(vec_sub(fb, fa), along)));
	if (vec_dot(vec_sub(t.b, fb), out) >= 0)
		offer_trial(l, &t, side, seat, cost);
}

/* The same on the figure. */
static void offer_inside(struct linear *l, double height, enum seat seat, double cost)
{
	const struct linear_spec *spec = l->spec;
	struct vec out = vec_perp(spec->along), up = vec_scale(out, height);
	struct trial t = {.a = vec_add(spec->from[0][0], up),
			  .b = vec_add(spec->from[0][1], up),
			  .along = spec->along,
			  .out = out,
			  .inside = true,
			  .clear = {spec->clear[0], spec->clear[1]},
			  .p = {.snug = spec->snug}};

	offer_trial(l, &t, 0, seat, cost);
}

static void offer_all_inside(struct linear *l)
{
	const struct linear_spec *spec = l->spec;

	for (int i = 0; i < spec->inside_count; i++) {
		double fancy = 0.3 * rng_unit(l->d->rng);

		for (int seat = 0; seat < SEATS; seat++) {
			double cost = spec->inside_cost + fancy + l->seat_costs[seat] -
				      (seat == SEAT_TOWARDS_A || seat == SEAT_TOWARDS_B ? 0.8 : 0);

			if (choice_is_open(&l->choice, cost))
				offer_inside(l, spec->inside[i], (enum seat)seat, cost);
		}
	}
}

/* Half the lettering's extent along the line. */
static double half_extent(const struct linear *l)
{
	const struct style *style = l->lettering->style;
	double turn = l->angle - atan2(l->spec->along.y, l->spec->along.x);
	double height = style->text_mm + 2 * max2(l->lettering->below, l->lettering->above);

	return l->lettering->width / 2 * fabs(cos(turn)) + height / 2 * fabs(sin(turn)) +
	       style->text_gap_mm + BESIDE_TEXT_MM;
}

double draft_spacing(const struct style *style)
{
	return max2(style->spacing_mm, SPACING_TEXT * style->text_mm);
}

int draft_linear(struct drafter *d, int dimension, const struct linear_spec *spec)
{
	static const struct {
		double factor, steps, cost; /* offset = factor * first_offset + steps * spacing */
	} offsets[] = {{1, 0, 0},     {0.8, 0, 0.4}, {1.3, 0, 0.6}, {1, 1, 1.2},   {0.62, 0, 1.6},
		       {1.3, 1, 1.9}, {1, 2, 2.6},   {1, 3, 4},     {1.3, 3, 5.4}, {1, 5, 7.5}},
	  rows[] = {{1, 0, 0},   {1, 1, 0.3}, {1, 2, 0.6}, {1, 3, 0.9}, {1, 4, 1.2},
		    {1, 5, 1.5}, {1, 6, 1.8}, {1, 7, 2.1}, {1, 8, 2.4}, {1, 9, 2.7}};
	static_assert(sizeof(rows) == sizeof(offsets), "one loop goes through either");
	struct linear l = {.d = d, .spec = spec, .choice = choice_new(d, dimension)};
	double direction = atan2(spec->along.y, spec->along.x);
	double side_cost[2];

	for (int side = 0; side < 2; side++)
		side_cost[side] = 0.5 * rng_unit(d->rng) + spec->cost[side];
	for (int seat = 0; seat < SEATS; seat++)
		l.seat_costs[seat] =
			seat_costs[seat] + (d->unrest > 0 ? d->unrest * rng_unit(d->rng) : 0);
	l.lettering = drafter_lettering(d, dimension);
	l.angle = l.lettering->style->layout == STYLE_LAYOUT_INLINE && !spec->half
			  ? 0
			  : reading_angle(direction);
	l.half = half_extent(&l);
	l.text_margin_mm = l.choice.text_margin_mm;
	offer_all_inside(&l);
	for (size_t i = 0; i < sizeof(offsets) / sizeof(*offsets); i++) {
		double factor = spec->in_rows ? rows[i].factor : offsets[i].factor;
		double steps = spec->in_rows ? rows[i].steps + spec->first_row : offsets[i].steps;
		double row_cost = spec->in_rows ? rows[i].cost : offsets[i].cost;
		double offset =
			factor * d->style->first_offset_mm + steps * draft_spacing(d->style);
		double needs = offset + l.lettering->style->text_mm;

		for (int k = 0; k < 2 * SEATS; k++) {
			enum seat seat = (enum seat)(k / 2);
			int side = k % 2;
			double cost = row_cost + l.seat_costs[seat] + side_cost[side] +
				      (spec->in_rows ? 0 : 0.03 * spec->reach[side]);

			if (seat >= SEAT_BEYOND_A)
				cost += spec->beyond[seat == SEAT_BEYOND_B];
			if (spec->row[side] > 0)
				cost += ROW_COST * abs((int)i + 1 - spec->row[side]) - row_cost;
			if (spec->stagger && seat <= SEAT_TOWARDS_B)
				cost += seat == SEAT_MIDDLE ? STAGGER_COST : -seat_costs[seat];
			if (spec->limit[side] > 0 && needs > spec->limit[side])
				continue;
			if (spec->cost[side] < INFINITY && choice_is_open(&l.choice, cost))
				offer(&l, side, spec->reach[side] + offset, seat, cost);
		}
	}
	return choice_draw(&l.choice);
}
