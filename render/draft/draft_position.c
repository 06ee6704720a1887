/* SPDX-License-Identifier: MIT */
/*
 * Both axes are laid out by one piece of code in a frame of its own: `s` runs along the positions,
 * `t` away from the view. For x positions s is right and t is down; for y positions s is up and t is
 * left. Equal positions are drawn once, with an extension line from the farthest feature.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>

#include "formats/drawing/dimension.h"
#include "render/draft/draft_position.h"
#include "render/draft/draft_sizes.h"

#define RUNNING_TEXT 4.6      /* longest value beside a running dimension line, in heights */
#define ARROW_CLEAR_MM 1.1    /* from an arrowhead on the line to the value */
#define TICK_CLEAR_MM 1.7     /* the same from the end of a tick */
#define ARROW_APART_MM 0.4    /* from an arrowhead's end to the tip of the one before */
#define STACK_PITCH 1.39      /* text heights: no stack of limits is so wide */
#define RUNNING_MARGIN_MM 0.3 /* clear ring in these regular rows */
#define ORIGIN_RADIUS_MM 1.5
#define SCALE_MM 4.0   /* round the scale, in the corner under the values */
#define LEVEL_TEXT 2.0 /* how much farther level lettering reaches, in heights */
#define RIM_MM 2.0     /* round the lettering beyond the last line in rows */

struct position {
	int64_t value;
	double s;     /* along the axis, mm from the datum */
	double start; /* of the extension line, mm from the datum towards the view */
	int dimension;
};

struct axis {
	struct drafter *d;
	bool is_x;
	int count;
	struct position *positions;
};

/* From the line to the value at an arrowhead on it, or a tick, which reaches farther to the side. */
static double running_gap(const struct style *style)
{
	if (style->arrow == STYLE_ARROW_TICK)
		return style->arrow_mm / 2 * M_SQRT1_2 + TICK_CLEAR_MM;
	return style->arrow_mm / style->arrow_ratio / 2 + ARROW_CLEAR_MM;
}

/* The same at the circle round the origin. */
static double origin_gap(const struct style *style)
{
	return style->arrow_mm / style->arrow_ratio / 2 + ARROW_CLEAR_MM + ORIGIN_RADIUS_MM;
}

static int compare_positions(const void *a, const void *b)
{
	const struct position *p = a, *q = b;

	return p->value < q->value ? -1 : p->value > q->value;
}

/* Sheet point of (s, t). */
static struct vec at(const struct axis *axis, double s, double t)
{
	struct vec datum = axis->d->drawing->datum;

	return axis->is_x ? vec(datum.x + s, datum.y - t) : vec(datum.x - t, datum.y + s);
}

static struct vec axis_direction(const struct axis *axis)
{
	return axis->is_x ? vec(1, 0) : vec(0, 1);
}

/* Distinct values in rising order; each keeps its farthest start. */
static void merge_equal(struct axis *axis)
{
	int kept = 0;

	qsort(axis->positions, (size_t)axis->count, sizeof(*axis->positions), compare_positions);
	for (int i = 0; i < axis->count; i++) {
		struct position *p = &axis->positions[i];

		if (kept > 0 && axis->positions[kept - 1].value == p->value) {
			struct position *first = &axis->positions[kept - 1];

			first->start = max2(first->start, p->start);
			if (p->dimension < first->dimension)
				first->dimension = p->dimension;
		} else {
			axis->positions[kept++] = *p;
		}
	}
	axis->count = kept;
}

static struct axis collect(struct drafter *d, bool is_x, const double *starts)
{
	struct axis axis = {.d = d, .is_x = is_x};
	const struct scene *scene = d->scene;
	double mm = d->drawing->scale / 1000;

	axis.positions = ARENA_NEW(d->arena, struct position, scene->dimension_count);
	for (int i = 0; i < scene->dimension_count; i++) {
		const struct dimension *dim = &scene->dimensions[i];
		struct position *p;

		if (dim->kind != (is_x ? DIM_POSITION_X : DIM_POSITION_Y))
			continue;
		p = &axis.positions[axis.count++];
		p->value = dimension_value(scene, dim);
		p->dimension = i;
		p->s = (double)p->value * mm;
		p->start = starts[i];
	}
	merge_equal(&axis);
	return axis;
}

static int count_values(const struct scene *scene, enum dim_kind kind)
{
	int count = 0;

	for (int i = 0; i < scene->dimension_count; i++) {
		bool seen = scene->dimensions[i].kind != kind;

		for (int k = 0; k < i && !seen; k++)
			seen = scene->dimensions[k].kind == kind &&
			       dimension_value(scene, &scene->dimensions[k]) ==
				       dimension_value(scene, &scene->dimensions[i]);
		count += !seen;
	}
	return count;
}

/* What the lettering of a position needs beyond its line: a running one reads away from it, another
 * stands above it, or level across it. */
static double beyond_line(const struct drafter *d, enum dim_kind kind, const struct style *style,
			  const struct lettering_block *block)
{
	double width = RUNNING_TEXT * style->text_mm;

	bool level =
		style->layout == STYLE_LAYOUT_INLINE || style->layout == STYLE_LAYOUT_REFERENCED;
	double rim = style->text_gap_mm + style->text_mm + RIM_MM;

	if (d->scene->arrangement == ARRANGE_RUNNING)
		return running_gap(style) + (block ? max2(width, block->width + RIM_MM) : width);
	if (level && kind == DIM_POSITION_Y)
		rim += LEVEL_TEXT * style->text_mm;
	return rim;
}

/* The most that positions of a kind need. */
static double beyond_lines(const struct drafter *d, enum dim_kind kind)
{
	double beyond = beyond_line(d, kind, d->style, NULL);

	for (int i = 0; i < d->scene->dimension_count; i++)
		if (d->scene->dimensions[i].kind == kind)
			beyond = max2(beyond, beyond_line(d, kind, drafter_style(d, i),
							  drafter_lettering(d, i)));
	return beyond;
}

struct vec draft_position_margins(const struct drafter *d)
{
	const struct scene *scene = d->scene;
	double notes =
		scene->unit == UNIT_INCH ? 2.7 : 1; /* lines: the scale, and the unit over it */
	double scale = notes * d->style->text_mm + SCALE_MM, pitch = draft_spacing(d->style);
	struct vec margins = {d->style->first_offset_mm + beyond_lines(d, DIM_POSITION_Y),
			      d->style->first_offset_mm + beyond_lines(d, DIM_POSITION_X) + scale};

	if (scene->arrangement == ARRANGE_RUNNING)
		return margins;
	margins.x += (max2(1, count_values(scene, DIM_POSITION_Y)) - 1) * pitch;
	margins.y += (max2(1, count_values(scene, DIM_POSITION_X)) - 1) * pitch;
	return margins;
}

static void extension(struct axis *axis, double s, double start, double end, int dimension)
{
	int shape = dimension == DRAWING_NOBODY ? DRAWING_NOBODY
						: axis->d->scene->dimensions[dimension].shape;

	drafter_line(axis->d,
		     at(axis, s, -start + drafter_style(axis->d, dimension)->extension_gap_mm),
		     at(axis, s, end), LAYER_EXTENSION, LINE_CONTINUOUS, shape, dimension);
}

/* A value beyond the running line, reading along its extension line. */
static int running_value(struct axis *axis, double s, const struct lettering_block *block,
			 int dimension, bool arrow)
{
	struct drafter *d = axis->d;
	struct choice choice = choice_new(d, dimension);
	struct proposal p = {.cost = 0};
	double t = d->style->first_offset_mm;
	const struct style *style = block->style;
	double half = style->text_mm / 2;
	struct vec middle = at(
		axis, s, t + (arrow ? running_gap(style) : origin_gap(style)) + block->width / 2);

	if (arrow)
		proposal_add_arrow(&p, style, at(axis, s, t), axis_direction(axis));
	middle = axis->is_x ? vec(middle.x + half, middle.y) : vec(middle.x, middle.y - half);
	proposal_set_text(&p, block, middle, axis->is_x ? M_PI / 2 : 0);
	choice.text_margin_mm = RUNNING_MARGIN_MM;
	if (!choice_seats(&choice, &p))
		return -1;
	choice_offer(&choice, &p);
	return choice_draw(&choice);
}

static void origin_circle(struct axis *axis)
{
	struct drafter *d = axis->d;
	struct vec centre = at(axis, 0, d->style->first_offset_mm);
	struct stroke *stroke = drawing_add_stroke(d->drawing, d->arena);

	stroke->layer = LAYER_DIMENSION;
	stroke->shape = stroke->dimension = DRAWING_NOBODY;
	drafter_set_pen(d, stroke);
	stroke->line_type = LINE_CONTINUOUS;
	stroke->path.closed = true;
	path_add_arc(&stroke->path, d->arena, centre, ORIGIN_RADIUS_MM, ORIGIN_RADIUS_MM, 0, 0,
		     2 * M_PI);
	for (int i = 0; i < 8; i++) {
		struct vec ends[2] = {
			vec_add(centre, vec_polar(ORIGIN_RADIUS_MM, i * M_PI / 4)),
			vec_add(centre, vec_polar(ORIGIN_RADIUS_MM, (i + 1) * M_PI / 4))};

		draft_map_mark(d->map, MAP_LINE, ends, 2);
	}
}

/* Whether each arrowhead ends before the position behind it, and no two values look like the limits of
 * one size. */
static bool are_apart(const struct axis *axis)
{
	const struct style *style = axis->d->style;
	double before = 0;
	double needed = max2(style->arrow_mm + ARROW_APART_MM, STACK_PITCH * style->text_mm);

	for (int i = 0; i < axis->count; i++) {
		if (axis->positions[i].s > 0 && axis->positions[i].s - before < needed)
			return false;
		before = max2(before, axis->positions[i].s);
	}
	return true;
}

static int draw_running(struct axis *axis)
{
	struct drafter *d = axis->d;
	double t = d->style->first_offset_mm;
	struct lettering_block zero = lettering_of_text(d, "0");
	const struct position *last = &axis->positions[axis->count - 1];

	if (!are_apart(axis))
		return -1;
	extension(axis, 0, DATUM_RIM_MM, t - ORIGIN_RADIUS_MM, DRAWING_NOBODY);
	origin_circle(axis);
	if (running_value(axis, 0, &zero, DRAWING_NOBODY, false) < 0)
		return -1;
	for (int i = 0; i < axis->count; i++)
		extension(axis, axis->positions[i].s, axis->positions[i].start, t,
			  axis->positions[i].dimension);
	for (int i = 0; i < axis->count; i++) {
		const struct position *p = &axis->positions[i];

		if (running_value(axis, p->s, drafter_lettering(d, p->dimension), p->dimension,
				  true) < 0)
			return -1;
	}
	drafter_line(d, at(axis, ORIGIN_RADIUS_MM, t), at(axis, last->s, t), LAYER_DIMENSION,
		     LINE_CONTINUOUS, DRAWING_NOBODY, DRAWING_NOBODY);
	return 0;
}

int draft_running(struct drafter *d, const double *starts)
{
	for (int k = 0; k < 2; k++) {
		struct axis axis = collect(d, k == 0, starts);

		if (axis.count > 0 && draw_running(&axis) < 0)
			return -1;
	}
	return 0;
}
