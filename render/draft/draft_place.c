/* SPDX-License-Identifier: MIT */
/*
 * Judging: lettering must keep a margin from everything; arrowheads from lettering and from outlines
 * other than the one they point at; lines from lettering and arrowheads. Lines may cross lines and
 * outlines, at a cost per cell, but not run along them. A proposal's own parts are not on the map
 * yet, so its lettering is tested against its own lines by clipping.
 */
#include <config.h>

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "formats/solid/part.h"
#include "render/draft/draft_place.h"

#define TEXT_MARGIN_MM 1.2     /* clear ring round lettering: more than to its own line */
#define NEARER_MM 0.35         /* how much nearer lettering stands to its own line */
#define TEXT_MARKED_MM 0.4     /* part of the ring that is kept from all that is drawn later */
#define CROWDED_MM 2.5         /* other lettering or arrows nearer than this ... */
#define CROWDED_COST 1.5       /* ... cost this much: whose is it? */
#define OWN_MARGIN_MM 0.3      /* the same towards a dimension's own lines */
#define OUTLINE_CELL_COST 0.30 /* per half millimetre */
#define LINE_CELL_COST 0.12
#define ALONG_CELLS 16     /* more cells shared by two lines: they run along each other */
#define ARC_ALONG_CELLS 24 /* the same for a whole arc */
#define SAME_LINE_MM 1e-6
#define BESIDE_MM 0.3 /* dimension lines nearer than this are one to the eye */

#define SHORT_SHELF_MM 3.0  /* ASME Y14.2: about an eighth of an inch */
#define BEHIND_SHELF_MM 0.4 /* from its end to lettering, and text_gap_mm */

#define ARC_SAGITTA_MM 0.03 /* between an arc and the chords it is tested by */

/* From lettering to the middle of its own line. */
static double own_gap(const struct style *style)
{
	double over = style->thin_mm / 2;

	return style->text_gap_mm +
	       (style->shelf == STYLE_SHELF_UNDER ? over : max2(over, BEHIND_SHELF_MM));
}

/* The clear ring round lettering. */
static double text_margin(const struct style *style)
{
	return max2(TEXT_MARGIN_MM, own_gap(style) + NEARER_MM);
}

/* The same of a block: a line under a number keeps it off its own dimension line, and so all others. */
static double block_margin(const struct lettering_block *b)
{
	return text_margin(b->style) + (b->underlined ? b->below : 0);
}

const struct style *drafter_style(const struct drafter *d, int dimension)
{
	return dimension == DRAWING_NOBODY ? d->style : style_of_dimension(d->style, dimension);
}

struct choice choice_new(struct drafter *drafter, int dimension)
{
	return (struct choice){.drafter = drafter,
			       .dimension = dimension,
			       .best_cost = INFINITY,
			       .text_margin_mm =
				       dimension == DRAWING_NOBODY
					       ? text_margin(drafter->style)
					       : block_margin(&drafter->letterings[dimension])};
}

bool choice_is_open(const struct choice *choice, double cost)
{
	return cost < choice->best_cost;
}

void proposal_add_line(struct proposal *p, struct vec a, struct vec b, enum layer layer)
{
	assert(p->line_count < PROPOSAL_LINES);
	p->lines[p->line_count++] = (struct proposal_line){a, b, layer, 0, false};
}

void proposal_add_leader(struct proposal *p, struct vec a, struct vec b)
{
	proposal_add_line(p, a, b, LAYER_DIMENSION);
	p->lines[p->line_count - 1].leader = true;
}

void proposal_add_arc(struct proposal *p, struct vec centre, double radius, double from,
		      double sweep)
{
	assert(p->arc_count < PROPOSAL_ARCS);
	p->arcs[p->arc_count++] = (struct proposal_arc){centre, radius, from, sweep};
}

void proposal_add_arrow(struct proposal *p, const struct style *style, struct vec tip,
			struct vec direction)
{
	struct vec base = vec_sub(tip, vec_scale(direction, style->arrow_mm));
	struct vec half = vec_scale(vec_perp(direction), style->arrow_mm / style->arrow_ratio / 2);

	assert(p->arrow_count < 2);
	p->arrows[p->arrow_count++] = (struct arrow){.kind = (enum arrow_kind)style->arrow,
						     .tip = tip,
						     .left = vec_add(base, half),
						     .right = vec_sub(base, half),
						     .width_mm = style->thin_mm};
}

void proposal_set_text(struct proposal *p, const struct lettering_block *block, struct vec middle,
		       double angle)
{
	p->lettering = block;
	p->text_angle = angle;
	p->text_u = vec_polar(1, angle);
	p->text_at = vec_sub(middle, vec_scale(p->text_u, block->width / 2));
}

void proposal_set_text_in_line(struct proposal *p, const struct lettering_block *block,
			       struct vec middle, double angle)
{
	proposal_set_text(p, block, middle, angle);
	p->text_at = vec_sub(p->text_at, vec_scale(vec_perp(p->text_u), block->style->text_mm / 2));
}

double proposal_set_text_on_shelf(struct proposal *p, const struct lettering_block *block,
				  struct vec knee, double way)
{
	const struct style *style = block->style;
	double rise = style->text_gap_mm + style->thin_mm / 2 + block->below;
	double shelf = way * (block->width + 1);
	struct vec middle = vec_add(knee, vec(shelf / 2 + way * 0.4, rise));

	if (style->shelf == STYLE_SHELF_UNDER) {
		proposal_set_text(p, block, middle, 0);
		return shelf;
	}
	shelf = way * SHORT_SHELF_MM;
	middle = vec_add(
		knee,
		vec(shelf + way * (style->text_gap_mm + BEHIND_SHELF_MM + block->width / 2), 0));
	proposal_set_text_in_line(p, block, middle, 0);
	return shelf;
}

double reading_angle(double angle)
{
	angle = remainder(angle, 2 * M_PI);
	if (angle > M_PI / 2 + 1e-6)
		return angle - M_PI;
	if (angle <= -M_PI / 2 + 1e-6)
		return angle + M_PI;
	return angle;
}

/* The box of the proposal's lettering, widened by a margin. */
static void text_box(const struct proposal *p, double margin, struct vec corners[4])
{
	struct vec u = p->text_u, v = vec_perp(u);
	const struct lettering_block *b = p->lettering;
	double h = b->style->text_mm;
	struct vec low = vec_add(p->text_at,
				 vec_add(vec_scale(u, -margin), vec_scale(v, -margin - b->below)));
	struct vec along = vec_scale(u, b->width + 2 * margin);
	struct vec up = vec_scale(v, h + b->below + b->above + 2 * margin);

	corners[0] = low;
	corners[1] = vec_add(low, along);
	corners[2] = vec_add(corners[1], up);
	corners[3] = vec_add(low, up);
}

/* A walk along an arc, chord by chord. Each spoke is the last one turned: sine and cosine take long,
 * and the few roundings are far below what matters here. */
struct arc_walk {
	struct vec centre, spoke, turn;
	int left; /* chords to go */
};

static struct arc_walk arc_walk_new(const struct proposal_arc *arc)
{
	double step = 2 * acos(1 - ARC_SAGITTA_MM / arc->radius);
	int chords = (int)ceil(fabs(arc->sweep) / step);

	return (struct arc_walk){.centre = arc->centre,
				 .spoke = vec_polar(arc->radius, arc->from),
				 .turn = vec_polar(1, arc->sweep / max2(chords, 1)),
				 .left = chords};
}

/* The next chord's ends; false when there is none. */
static bool arc_walk_on(struct arc_walk *walk, struct vec ends[2])
{
	struct vec s = walk->spoke, t = walk->turn;

	if (walk->left-- <= 0)
		return false;
	walk->spoke = vec(s.x * t.x - s.y * t.y, s.x * t.y + s.y * t.x);
	ends[0] = vec_add(walk->centre, s);
	ends[1] = vec_add(walk->centre, walk->spoke);
	return true;
}

/* The ink of a tick or a dot of a style: its line, or two across it; how many ends that are. */
static int tick_ends(const struct arrow *arrow, struct vec ends[4])
{
	double r = arrow_dot_radius(arrow);

	if (arrow->kind == ARROW_TICK) {
		arrow_tick_ends(arrow, ends);
		return 2;
	}
	for (int i = 0; i < 4; i++)
		ends[i] = vec_add(arrow->tip, vec(i % 2 ? r : -r, i == 0 || i == 3 ? -r : r));
	return 4;
}

/* Ticks and dots reach farther to the sides than the head in whose place they stand. */
static bool tick_meets_box(const struct arrow *arrow, const struct vec box[4])
{
	struct vec ends[4];

	if (arrow->kind != ARROW_TICK && arrow->kind != ARROW_DOT)
		return false;
	for (int n = tick_ends(arrow, ends), i = 0; i < n; i += 2)
		if (line_meets_box(ends[i], ends[i + 1], box))
			return true;
	return false;
}

/* Its arcs are looked at last, when they are judged. */
static bool text_meets_own_lines(const struct proposal *p, const struct vec box[4])
{
	for (int i = 0; i < p->line_count; i++)
		if (line_meets_box(p->lines[i].a, p->lines[i].b, box))
			return true;
	for (int i = 0; i < p->arrow_count; i++) {
		const struct arrow *a = &p->arrows[i];

		if (line_meets_box(a->tip, a->left, box) || line_meets_box(a->tip, a->right, box) ||
		    line_meets_box(a->left, a->right, box) || tick_meets_box(a, box))
			return true;
	}
	return false;
}

/* The arrowhead without its point, which touches what it points at: lines that other dimensions share
 * with it may be drawn through there. Of a dot the square round it. */
static void arrow_body(const struct arrow *arrow, bool dot, struct vec corners[4])
{
	double r = arrow_dot_radius(arrow);

	if (dot) {
		for (int i = 0; i < 4; i++)
			corners[i] =
				vec_add(arrow->tip, vec(i == 1 || i == 2 ? r : -r, i < 2 ? -r : r));
		return;
	}
	corners[0] = arrow->left;
	corners[1] = arrow->right;
	corners[2] = vec_add(vec_scale(arrow->tip, 0.7), vec_scale(arrow->right, 0.3));
	corners[3] = vec_add(vec_scale(arrow->tip, 0.7), vec_scale(arrow->left, 0.3));
}

/* Whether some extension or centre line that is already drawn carries on a-b: then running along it
 * only lengthens it. */
static bool continues_a_line(const struct drawing *drawing, struct vec a, struct vec b)
{
	struct vec along = vec_unit(vec_sub(b, a));

	for (int i = 0; i < drawing->stroke_count; i++) {
		const struct stroke *s = &drawing->strokes[i];
		const struct seg *seg = &s->path.segs[0];

		if ((s->layer != LAYER_EXTENSION && s->layer != LAYER_CENTRE) ||
		    seg->kind != SEG_LINE)
			continue;
		if (fabs(vec_cross(vec_sub(seg->a, a), along)) < SAME_LINE_MM &&
		    fabs(vec_cross(vec_sub(seg->b, a), along)) < SAME_LINE_MM)
			return true;
	}
	return false;
}

/* Whether a-b runs along some dimension line that is already drawn. */
static bool overlaps_a_line(const struct drawing *drawing, struct vec a, struct vec b)
{
	struct vec along = vec_sub(b, a);
	double length = vec_length(along);

	if (length < SAME_LINE_MM)
		return false;
	along = vec_scale(along, 1 / length);
	for (int i = 0; i < drawing->stroke_count; i++) {
		const struct stroke *s = &drawing->strokes[i];
		const struct seg *seg = &s->path.segs[0];
		double from, to;

		if (s->layer != LAYER_DIMENSION || seg->kind != SEG_LINE ||
		    fabs(vec_cross(vec_sub(seg->a, a), along)) > BESIDE_MM ||
		    fabs(vec_cross(vec_sub(seg->b, a), along)) > BESIDE_MM)
			continue;
		from = vec_dot(vec_sub(seg->a, a), along);
		to = vec_dot(vec_sub(seg->b, a), along);
		if (min2(from, to) < length - BESIDE_MM && max2(from, to) > BESIDE_MM)
			return true;
	}
	return false;
}

static double crossing_cost(const struct map_counts *counts)
{
	return OUTLINE_CELL_COST * counts->outline + LINE_CELL_COST * counts->line;
}

/* Cost of a straight piece, INFINITY if it may not be drawn. */
static double line_cost(const struct drafter *d, const struct proposal_line *line)
{
	double length = vec_length(vec_sub(line->b, line->a));
	double skip = length > line->skip_mm ? line->skip_mm / length : 1;
	struct vec start = vec_add(line->a, vec_scale(vec_sub(line->b, line->a), skip));
	struct vec ends[2] = {start, line->b};
	struct map_counts counts = draft_map_count(d->map, ends, 2);
	struct vec skipped[2] = {line->a, start};

	if (skip > 0 && draft_map_hit(d->map, MAP_SOLID, skipped, 2))
		return INFINITY;
	if (counts.solid || counts.outline > ALONG_CELLS ||
	    (counts.ring && line->layer == LAYER_DIMENSION))
		return INFINITY;
	if (counts.line > 0 && line->layer == LAYER_DIMENSION &&
	    overlaps_a_line(d->drawing, line->a, line->b))
		return INFINITY;
	if (counts.line > ALONG_CELLS) {
		if (line->layer != LAYER_EXTENSION ||
		    !continues_a_line(d->drawing, line->a, line->b))
			return INFINITY;
		counts.line = ALONG_CELLS;
	}
	return crossing_cost(&counts);
}

/* The same of an arc; `box` is round its own lettering. */
static double arc_cost(const struct drafter *d, const struct proposal_arc *arc,
		       const struct vec box[4])
{
	struct arc_walk walk = arc_walk_new(arc);
	struct map_counts sum = {0};
	struct vec ends[2];

	while (arc_walk_on(&walk, ends)) {
		struct map_counts counts;

		if (line_meets_box(ends[0], ends[1], box))
			return INFINITY;
		counts = draft_map_count(d->map, ends, 2);
		if (counts.solid || counts.ring)
			return INFINITY;
		sum.outline += counts.outline;
		sum.line += counts.line;
	}
	if (sum.outline > ARC_ALONG_CELLS || sum.line > ARC_ALONG_CELLS)
		return INFINITY;
	return crossing_cost(&sum);
}

/* Stops, with a cost too low, once that reaches the limit. */
static double lines_cost(const struct drafter *d, const struct proposal *p, double limit)
{
	double cost = 0;
	struct vec box[4];

	for (int i = 0; i < p->line_count && cost < limit; i++)
		cost += line_cost(d, &p->lines[i]);
	text_box(p, OWN_MARGIN_MM, box);
	for (int i = 0; i < p->arc_count && cost < limit; i++)
		cost += arc_cost(d, &p->arcs[i], box);
	return cost;
}

bool choice_seats(const struct choice *choice, const struct proposal *p)
{
	struct vec corners[4];

	text_box(p, choice->text_margin_mm, corners);
	return !draft_map_hit(choice->drafter->map, MAP_ALL, corners, 4);
}

/* Ticks and dots of a chain lie on one another: on the map they are lines, which may. */
static bool is_tick(const struct arrow *arrow, bool dot)
{
	return (arrow->kind == ARROW_TICK || arrow->kind == ARROW_DOT) && !dot;
}

static bool arrow_hits(const struct drafter *d, const struct proposal *p, const struct arrow *arrow)
{
	/* A dot in a thin board covers its outline. */
	int inks = p->dot || p->snug ? MAP_SOLID : MAP_SOLID | MAP_OUTLINE;
	struct vec corners[4];

	if (is_tick(arrow, p->dot)) {
		for (int n = tick_ends(arrow, corners), i = 0; i < n; i += 2)
			if (draft_map_hit(d->map, MAP_SOLID, corners + i, 2))
				return true;
		return false;
	}
	arrow_body(arrow, p->dot, corners);
	return draft_map_hit(d->map, inks, corners, 4);
}

static void mark_arrow(const struct drafter *d, const struct arrow *arrow, bool dot)
{
	struct vec corners[4];

	if (is_tick(arrow, dot)) {
		for (int n = tick_ends(arrow, corners), i = 0; i < n; i += 2)
			draft_map_mark(d->map, MAP_LINE, corners + i, 2);
		return;
	}
	arrow_body(arrow, dot, corners);
	draft_map_mark(d->map, MAP_SOLID, corners, 4);
}

void choice_offer(struct choice *choice, const struct proposal *p)
{
	const struct drafter *d = choice->drafter;
	double cost = p->cost;
	struct vec corners[4];

	if (cost >= choice->best_cost)
		return;
	text_box(p, OWN_MARGIN_MM, corners);
	if (text_meets_own_lines(p, corners))
		return;
	for (int i = 0; i < p->arrow_count; i++)
		if (arrow_hits(d, p, &p->arrows[i]))
			return;
	text_box(p, CROWDED_MM, corners);
	if (draft_map_hit(d->map, MAP_SOLID, corners, 4))
		cost += CROWDED_COST;
	cost += lines_cost(d, p, choice->best_cost - cost);
	if (cost < choice->best_cost) {
		choice->best_cost = cost;
		choice->best = *p;
	}
}

static int shape_of(const struct drafter *d, int dimension)
{
	return dimension == DRAWING_NOBODY ? DRAWING_NOBODY : d->scene->dimensions[dimension].shape;
}

void drafter_set_pen(const struct drafter *d, struct stroke *stroke)
{
	const struct style *style = drafter_style(d, stroke->dimension);

	stroke->width_mm = style->thin_mm;
	stroke->line_type =
		style->dimension_line == STYLE_LINE_DASHED ? LINE_DASHED : LINE_CONTINUOUS;
}

void drafter_line(struct drafter *d, struct vec a, struct vec b, enum layer layer,
		  enum line_type line_type, int shape, int dimension)
{
	struct stroke *stroke = drawing_add_stroke(d->drawing, d->arena);
	struct vec ends[2] = {a, b};

	stroke->layer = layer;
	stroke->line_type = line_type;
	stroke->width_mm = d->style->thin_mm;
	stroke->shape = shape;
	stroke->dimension = dimension;
	if (layer == LAYER_DIMENSION || layer == LAYER_EXTENSION)
		drafter_set_pen(d, stroke);
	path_add_line(&stroke->path, d->arena, a, b);
	draft_map_mark(d->map, MAP_LINE, ends, 2);
}

static void draw_arc(struct drafter *d, const struct proposal_arc *arc, int shape, int dimension)
{
	struct stroke *stroke = drawing_add_stroke(d->drawing, d->arena);
	struct arc_walk walk = arc_walk_new(arc);
	struct vec ends[2];

	stroke->layer = LAYER_DIMENSION;
	stroke->shape = shape;
	stroke->dimension = dimension;
	drafter_set_pen(d, stroke);
	path_add_arc(&stroke->path, d->arena, arc->centre, arc->radius, arc->radius, 0, arc->from,
		     arc->sweep);
	while (arc_walk_on(&walk, ends))
		draft_map_mark(d->map, MAP_LINE, ends, 2);
}

/* One line of lettering, (x, y) from the left end of the block's baseline. */
static void draw_line_of_text(struct drafter *d, const struct proposal *p, const char *utf8,
			      double height, double x, double y, int dimension)
{
	struct vec u = p->text_u, v = vec_perp(u);
	struct text *text = drawing_add_text(d->drawing, d->arena);

	*text = (struct text){.utf8 = utf8,
			      .at = vec_add(p->text_at, vec_add(vec_scale(u, x), vec_scale(v, y))),
			      .height_mm = height,
			      .width_mm = font_text_width(d->font, utf8, height),
			      .angle_rad = p->text_angle,
			      .layer = dimension == DRAWING_NOBODY ? LAYER_NOTE : LAYER_DIMENSION,
			      .shape = shape_of(d, dimension),
			      .dimension = dimension};
}

/* The box of a theoretically exact dimension. */
static void draw_box(struct drafter *d, const struct proposal *p, int dimension)
{
	struct stroke *stroke = drawing_add_stroke(d->drawing, d->arena);
	struct vec corners[4];

	text_box(p, 0, corners);
	stroke->layer = LAYER_SYMBOL;
	stroke->width_mm = p->lettering->style->thin_mm;
	stroke->shape = shape_of(d, dimension);
	stroke->dimension = dimension;
	stroke->path.closed = true;
	for (int i = 0; i < 4; i++)
		path_add_line(&stroke->path, d->arena, corners[i], corners[(i + 1) % 4]);
}

/* The thick line under a number that is not to scale. */
static void draw_underline(struct drafter *d, const struct proposal *p, int dimension)
{
	struct stroke *stroke = drawing_add_stroke(d->drawing, d->arena);
	struct vec corners[4];

	text_box(p, 0, corners);
	stroke->layer = LAYER_SYMBOL;
	stroke->width_mm = p->lettering->style->thick_mm;
	stroke->shape = shape_of(d, dimension);
	stroke->dimension = dimension;
	path_add_line(&stroke->path, d->arena, corners[0], corners[1]);
}

static void draw_text(struct drafter *d, const struct proposal *p, int dimension)
{
	const struct lettering_block *b = p->lettering;
	double h = b->style->text_mm, x = b->boxed ? LETTERING_BOX_GAP * h : 0;
	struct vec corners[4];

	if (b->text_width > 0)
		draw_line_of_text(d, p, b->utf8, h, x, 0, dimension);
	if (b->upper) {
		double after =
			x + (b->text_width > 0 ? b->text_width + LETTERING_STACK_GAP * h : 0);
		double half = LETTERING_STACK_CLEAR * b->stack_height / 2;

		draw_line_of_text(d, p, b->upper, b->stack_height, after, h / 2 + half, dimension);
		draw_line_of_text(d, p, b->lower, b->stack_height, after,
				  h / 2 - half - b->stack_height, dimension);
	}
	if (b->boxed)
		draw_box(d, p, dimension);
	if (b->underlined)
		draw_underline(d, p, dimension);
	text_box(p, TEXT_MARKED_MM, corners);
	draft_map_mark(d->map, MAP_SOLID, corners, 4);
	text_box(p, block_margin(b), corners);
	draft_map_mark(d->map, MAP_RING, corners, 4);
}

/* Moves the start of an extension line to the end of one that is already drawn there; false where
 * that one reaches as far. Two dimensions from one feature share their line. */
static bool go_on_behind(const struct drawing *drawing, struct vec *a, struct vec b)
{
	struct vec along = vec_unit(vec_sub(b, *a));

	for (int i = 0; i < drawing->stroke_count; i++) {
		const struct stroke *s = &drawing->strokes[i];
		const struct seg *seg = &s->path.segs[0];
		double from, to, end = vec_dot(vec_sub(b, *a), along);

		if (s->layer != LAYER_EXTENSION || seg->kind != SEG_LINE ||
		    fabs(vec_cross(vec_sub(seg->a, *a), along)) > SAME_LINE_MM ||
		    fabs(vec_cross(vec_sub(seg->b, *a), along)) > SAME_LINE_MM)
			continue;
		from = min2(vec_dot(vec_sub(seg->a, *a), along),
			    vec_dot(vec_sub(seg->b, *a), along));
		to = max2(vec_dot(vec_sub(seg->a, *a), along), vec_dot(vec_sub(seg->b, *a), along));
		if (from > SAME_LINE_MM || to < SAME_LINE_MM)
			continue;
		if (to > end - SAME_LINE_MM)
			return false;
		*a = vec_add(*a, vec_scale(along, to));
	}
	return true;
}

static void draw_line(struct drafter *d, const struct proposal_line *line, int shape, int dimension)
{
	struct vec a = line->a;

	if (line->layer == LAYER_EXTENSION && !go_on_behind(d->drawing, &a, line->b))
		return;
	drafter_line(d, a, line->b, line->layer, LINE_CONTINUOUS, shape, dimension);
	if (line->leader)
		d->drawing->strokes[d->drawing->stroke_count - 1].line_type = LINE_CONTINUOUS;
}

void proposal_draw(struct drafter *d, const struct proposal *p, int dimension)
{
	int shape = shape_of(d, dimension);

	for (int i = 0; i < p->line_count; i++)
		draw_line(d, &p->lines[i], shape, dimension);
	for (int i = 0; i < p->arc_count; i++)
		draw_arc(d, &p->arcs[i], shape, dimension);
	for (int i = 0; i < p->arrow_count; i++) {
		struct arrow *arrow = drawing_add_arrow(d->drawing, d->arena);

		*arrow = p->arrows[i];
		if (p->dot)
			arrow->kind = ARROW_DOT;
		arrow->shape = shape;
		arrow->dimension = dimension;
		mark_arrow(d, arrow, p->dot);
	}
	if (p->lettering)
		draw_text(d, p, dimension);
}

bool choice_is_found(const struct choice *choice)
{
	return choice->best_cost < INFINITY;
}

int choice_draw(struct choice *choice)
{
	if (!choice_is_found(choice))
		return -1;
	choice->drafter->cost += choice->best_cost;
	proposal_draw(choice->drafter, &choice->best, choice->dimension);
	return 0;
}
