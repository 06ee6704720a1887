/* SPDX-License-Identifier: MIT */
/*
 * Two convex figures are apart if a line along a side of one separates them (the separating axis
 * theorem; Ericson 2005, "Real-Time Collision Detection", 5.2.1). A stroke is a chain of chords,
 * none farther than CHORD_MM from its curve; instead of the chord the text's box is widened by half
 * the stroke's width and by that. The upright boxes round both go first: where they are apart, so
 * are the figures.
 */
#include <config.h>

#include <math.h>

#include "render/draft/drawing_overlap.h"

#define CHORD_MM 0.001

/* A convex polygon, or a line. */
struct figure {
	struct vec points[4];
	int count;
};

static bool separated_along(struct vec axis, const struct figure *a, const struct figure *b)
{
	double a0 = INFINITY, a1 = -INFINITY, b0 = INFINITY, b1 = -INFINITY;

	for (int i = 0; i < a->count; i++) {
		a0 = min2(a0, vec_dot(a->points[i], axis));
		a1 = max2(a1, vec_dot(a->points[i], axis));
	}
	for (int i = 0; i < b->count; i++) {
		b0 = min2(b0, vec_dot(b->points[i], axis));
		b1 = max2(b1, vec_dot(b->points[i], axis));
	}
	return a1 < b0 || b1 < a0;
}

static bool figures_meet(const struct figure *a, const struct figure *b)
{
	const struct figure *both[2] = {a, b};

	for (int k = 0; k < 2; k++) {
		for (int i = 0; i < both[k]->count; i++) {
			struct vec from = both[k]->points[i];
			struct vec to = both[k]->points[(i + 1) % both[k]->count];

			if (separated_along(vec_perp(vec_sub(to, from)), a, b))
				return false;
		}
	}
	return true;
}

static bool boxes_meet(const struct box *a, const struct box *b)
{
	return a->x0 <= b->x1 && b->x0 <= a->x1 && a->y0 <= b->y1 && b->y0 <= a->y1;
}

/* The lettering's box, `margin` wider all round. */
static struct figure text_figure(const struct text *text, double margin)
{
	struct figure f = {.count = 4};
	struct vec u = vec_polar(margin, text->angle_rad), v = vec_perp(u);

	text_corners(text, f.points);
	f.points[0] = vec_sub(f.points[0], vec_add(u, v));
	f.points[1] = vec_add(f.points[1], vec_sub(u, v));
	f.points[2] = vec_add(f.points[2], vec_add(u, v));
	f.points[3] = vec_sub(f.points[3], vec_sub(u, v));
	return f;
}

/* Of a tick its line, of a dot the square round it. */
static struct figure arrow_figure(const struct arrow *a)
{
	struct figure f = {.points = {a->tip, a->left, a->right}, .count = 3};
	double r = arrow_dot_radius(a);

	if (a->kind == ARROW_TICK) {
		arrow_tick_ends(a, f.points);
		f.count = 2;
	} else if (a->kind == ARROW_DOT) {
		f = (struct figure){
			.points = {vec_add(a->tip, vec(-r, -r)), vec_add(a->tip, vec(r, -r)),
				   vec_add(a->tip, vec(r, r)), vec_add(a->tip, vec(-r, r))},
			.count = 4};
	}
	return f;
}

/* A stroke's chords and the box round them. */
struct chain {
	struct polyline line;
	struct box box;
	double half_width_mm;
};

static struct chain chain_from_stroke(const struct stroke *stroke, struct arena *arena)
{
	struct chain c = {.line = polyline_from_path(&stroke->path, CHORD_MM, arena),
			  .half_width_mm = stroke->width_mm / 2};

	if (c.line.count > 0)
		c.box = box_of_points(c.line.points, c.line.count);
	return c;
}

/* As wide as it is anywhere. */
static struct chain chain_from_trace(const struct trace *trace, struct arena *arena)
{
	struct chain c = {
		.line = {ARENA_NEW(arena, struct vec, trace->count), trace->count, false}};

	for (int i = 0; i < trace->count; i++) {
		c.line.points[i] = trace->points[i].at;
		c.half_width_mm = max2(c.half_width_mm, trace->points[i].width_mm / 2);
	}
	c.box = box_of_points(c.line.points, c.line.count);
	return c;
}

static bool chain_meets(const struct chain *chain, const struct text *text)
{
	struct figure box = text_figure(text, chain->half_width_mm + CHORD_MM);
	const struct polyline *line = &chain->line;
	struct box upright = box_of_points(box.points, 4);

	if (line->count == 0 || !boxes_meet(&upright, &chain->box))
		return false;
	/* a dot is a chord of no length */
	for (int i = 0; i == 0 || i + 1 < line->count + line->closed; i++) {
		struct figure chord = {
			.points = {line->points[i], line->points[(i + 1) % line->count]},
			.count = 2};

		if (figures_meet(&box, &chord))
			return true;
	}
	return false;
}

static int check_sheet(const struct drawing *d, const struct text *text, const struct figure *box,
		       struct err *err)
{
	for (int i = 0; i < 4; i++)
		if (box->points[i].x < 0 || box->points[i].y < 0 ||
		    box->points[i].x > d->width_mm || box->points[i].y > d->height_mm)
			return err_set(err, ERR_FORMAT, "the text '%s' leaves the sheet",
				       text->utf8);
	return 0;
}

static int check_text(const struct drawing *d, int index, const struct chain *chains,
		      struct err *err)
{
	const struct text *text = &d->texts[index];
	struct figure box = text_figure(text, 0);

	if (check_sheet(d, text, &box, err) < 0)
		return -1;
	for (int i = 0; i < index; i++) {
		struct figure other = text_figure(&d->texts[i], 0);

		if (figures_meet(&box, &other))
			return err_set(err, ERR_FORMAT, "the texts '%s' and '%s' overlap",
				       d->texts[i].utf8, text->utf8);
	}
	for (int i = 0; i < d->arrow_count; i++) {
		struct figure head = arrow_figure(&d->arrows[i]);

		if (figures_meet(&box, &head))
			return err_set(err, ERR_FORMAT, "the text '%s' overlaps an arrowhead",
				       text->utf8);
	}
	for (int i = 0; i < d->stroke_count; i++)
		if (chain_meets(&chains[i], text))
			return err_set(err, ERR_FORMAT, "the text '%s' meets a line: %s",
				       text->utf8, layer_name(d->strokes[i].layer));
	for (int i = 0; i < d->trace_count; i++)
		if (chain_meets(&chains[d->stroke_count + i], text))
			return err_set(err, ERR_FORMAT, "the text '%s' meets a line by hand",
				       text->utf8);
	return 0;
}

int drawing_check_overlap(const struct drawing *drawing, struct arena *arena, struct err *err)
{
	struct chain *chains =
		ARENA_NEW(arena, struct chain, drawing->stroke_count + drawing->trace_count);

	for (int i = 0; i < drawing->stroke_count; i++)
		chains[i] = chain_from_stroke(&drawing->strokes[i], arena);
	for (int i = 0; i < drawing->trace_count; i++)
		chains[drawing->stroke_count + i] = chain_from_trace(&drawing->traces[i], arena);
	for (int i = 0; i < drawing->text_count; i++)
		if (check_text(drawing, i, chains, err) < 0)
			return -1;
	return 0;
}
