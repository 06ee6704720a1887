/* SPDX-License-Identifier: MIT */
/*
 * What is seen of a plate from above, and its centre lines: through a symmetric plate, through pitch
 * circles and slots, crosses in holes. A centre line that another one carries already is not drawn
 * again: two chains over each other make a line without gaps.
 *
 * Tapped holes after ISO 6410-1: the core circle wide, the nominal one narrow and a quarter open.
 */
#include <config.h>

#include <math.h>

#include "render/draft/draft_plate.h"

#define CORE_RATIO 0.85
#define THREAD_FROM_DEG 100.0 /* the quarter that is missing lies at the upper right */
#define COVERED_MM 0.02
#define JOINED_MM 7.0 /* holes with less between them share their centre line */
#define MAP_CHORD_MM 0.12
#define VIRTUAL_MM 1.5 /* lines past a corner that is not there */
#define SHORT_MM 12.0  /* shorter centre lines are unbroken */

struct vec plate_point(const struct drafter *d, struct vec p)
{
	return vec_add(d->drawing->datum, vec_scale(p, d->drawing->scale));
}

static void draw_circle(struct drafter *d, struct vec centre, double diameter, int shape)
{
	struct path path = {.closed = true};

	path_add_arc(&path, d->arena, centre, diameter / 2, diameter / 2, 0, 0, 2 * M_PI);
	drafter_stroke(d, &path, LAYER_OUTLINE, LINE_CONTINUOUS, shape);
}

static void draw_holes(struct drafter *d, int index)
{
	const struct shape *s = &d->scene->shapes[index];
	double diameter = drafter_mm(d, s->value[PARAM_D]);

	for (int i = 0; i < plate_hole_count(s); i++) {
		struct vec centre = plate_point(d, plate_hole(s, i));
		struct path thread = {0};

		if (s->kind == SHAPE_COUNTERBORE)
			draw_circle(d, centre, drafter_mm(d, s->value[PARAM_CBORE_D]), index);
		if (s->kind != SHAPE_TAPPED_HOLE) {
			draw_circle(d, centre, diameter, index);
			continue;
		}
		draw_circle(d, centre, CORE_RATIO * diameter, index);
		path_add_arc(&thread, d->arena, centre, diameter / 2, diameter / 2, 0,
			     THREAD_FROM_DEG * M_PI / 180, 1.5 * M_PI);
		drafter_stroke(d, &thread, LAYER_THIN, LINE_CONTINUOUS, index);
	}
}

void plate_draw(struct drafter *d)
{
	struct path outline = plate_outline(d->scene, d->arena);

	outline = path_place(&outline, d->drawing->datum, d->drawing->scale, d->arena);
	drafter_stroke(d, &outline, LAYER_OUTLINE, LINE_CONTINUOUS, plate_body(d->scene));
	for (int i = 0; i < d->scene->shape_count; i++) {
		const struct shape *s = &d->scene->shapes[i];

		if (plate_hole_count(s) > 0) {
			draw_holes(d, i);
		} else if (plate_core_count(s) > 0) {
			struct path path = path_from_shape(s, d->arena);

			path = path_place(&path, d->drawing->datum, d->drawing->scale, d->arena);
			drafter_stroke(d, &path, LAYER_OUTLINE, LINE_CONTINUOUS, i);
		}
	}
}

static bool on_line(struct vec p, struct vec a, struct vec along)
{
	return fabs(vec_cross(vec_sub(p, a), along)) < COVERED_MM;
}

static bool is_covered(const struct drawing *drawing, struct vec a, struct vec b)
{
	struct vec along = vec_unit(vec_sub(b, a));
	double end = vec_dot(vec_sub(b, a), along);

	for (int i = 0; i < drawing->stroke_count; i++) {
		const struct stroke *s = &drawing->strokes[i];
		const struct seg *seg = &s->path.segs[0];
		double from, to;

		if (s->layer != LAYER_CENTRE || seg->kind != SEG_LINE ||
		    !on_line(seg->a, a, along) || !on_line(seg->b, a, along))
			continue;
		from = vec_dot(vec_sub(seg->a, a), along);
		to = vec_dot(vec_sub(seg->b, a), along);
		if (min2(from, to) < COVERED_MM && max2(from, to) > end - COVERED_MM)
			return true;
	}
	return false;
}

/* A centre line of a figure that ends at a and b, drawn on past both. */
static void centre_line(struct drafter *d, struct vec a, struct vec b, int shape)
{
	struct vec over = vec_scale(vec_unit(vec_sub(b, a)), CENTRE_OVER_MM);
	bool is_short = vec_length(vec_sub(b, a)) <= SHORT_MM;

	a = vec_sub(a, over);
	b = vec_add(b, over);
	if (!is_covered(d->drawing, a, b))
		drafter_line(d, a, b, LAYER_CENTRE, is_short ? LINE_CONTINUOUS : LINE_CHAIN, shape,
			     DRAWING_NOBODY);
}

/* Two of them, crossing in the middle of a figure that reaches `arm` to all sides. */
static void centre_cross(struct drafter *d, struct vec centre, struct vec u, double arm, int shape)
{
	struct vec along = vec_scale(u, arm), across = vec_perp(along);

	centre_line(d, vec_sub(centre, along), vec_add(centre, along), shape);
	centre_line(d, vec_sub(centre, across), vec_add(centre, across), shape);
}

static void mark_body(struct drafter *d)
{
	struct plate_box box = plate_box(d->scene);
	double x0 = drafter_mm(d, box.x0), x1 = drafter_mm(d, box.x1);
	double y0 = drafter_mm(d, box.y0), y1 = drafter_mm(d, box.y1);
	struct vec datum = d->drawing->datum;
	int body = plate_body(d->scene);
	bool disc = d->scene->shapes[body].kind == SHAPE_DISC;

	if (disc || plate_is_symmetric(d->scene, true))
		centre_line(d, vec_add(datum, vec((x0 + x1) / 2, y0)),
			    vec_add(datum, vec((x0 + x1) / 2, y1)), body);
	if (disc || plate_is_symmetric(d->scene, false))
		centre_line(d, vec_add(datum, vec(x0, (y0 + y1) / 2)),
			    vec_add(datum, vec(x1, (y0 + y1) / 2)), body);
}

static bool has_angle(const struct scene *scene, int shape)
{
	for (int i = 0; i < scene->dimension_count; i++)
		if (scene->dimensions[i].shape == shape &&
		    scene->dimensions[i].param == PARAM_START)
			return true;
	return false;
}

/* The pitch circle, the axes through it, and a stroke through each hole towards the middle. */
static void mark_circle(struct drafter *d, int index)
{
	const struct shape *s = &d->scene->shapes[index];
	struct vec at = vec((double)s->value[PARAM_X] / 1000, (double)s->value[PARAM_Y] / 1000);
	double pitch = drafter_mm(d, s->value[PARAM_PCD]) / 2;
	double r = drafter_mm(d, s->value[PARAM_D]) / 2;
	struct vec centre = plate_point(d, at);

	drafter_pitch_circle(d, centre, pitch, index);
	centre_cross(d, centre, vec(1, 0), pitch + r, index);
	for (int i = 0; i < plate_hole_count(s); i++) {
		struct vec hole = plate_point(d, plate_hole(s, i));
		struct vec out = vec_unit(vec_sub(hole, centre));
		struct vec from = vec_sub(hole, vec_scale(out, r));
		bool side = i == 0 && has_angle(d->scene, index);

		/* The side of a dimensioned angle goes from the middle on. */
		if (side)
			from = vec_add(centre, vec_scale(out, CENTRE_OVER_MM));
		if (!side && !drafter_marks_centres(d))
			continue;
		centre_line(d, from, vec_add(hole, vec_scale(out, r)), index);
	}
}

static void mark_slot(struct drafter *d, int index)
{
	const struct shape *s = &d->scene->shapes[index];
	double r = drafter_mm(d, s->value[PARAM_R]), length = drafter_mm(d, s->value[PARAM_LENGTH]);
	struct vec u = vec_polar(1, (double)s->value[PARAM_ANGLE] / 1000 * M_PI / 180);
	struct vec first = plate_point(
		d, vec((double)s->value[PARAM_X] / 1000, (double)s->value[PARAM_Y] / 1000));
	struct vec across;

	/* Level and upright to the last bit. */
	if (s->value[PARAM_ANGLE] % 90000 == 0)
		u = s->value[PARAM_ANGLE] % 180000 == 0 ? vec(1, 0) : vec(0, 1);
	across = vec_scale(vec_perp(u), r);
	centre_line(d, vec_sub(first, vec_scale(u, r)), vec_add(first, vec_scale(u, length + r)),
		    index);
	for (int i = 0; i < 2; i++) {
		struct vec end = vec_add(first, vec_scale(u, i ? length : 0));

		centre_line(d, vec_sub(end, across), vec_add(end, across), index);
	}
}

/* Rows and columns of a grid whose holes lie close share a line. */
static void mark_grid_lines(struct drafter *d, int index)
{
	const struct shape *s = &d->scene->shapes[index];
	int columns = (int)s->value[PARAM_COLUMNS], rows = (int)s->value[PARAM_ROWS];
	double r = drafter_mm(d, s->value[PARAM_D]) / 2;

	for (int i = 0; i < rows && drafter_mm(d, s->value[PARAM_DX]) - 2 * r < JOINED_MM; i++) {
		struct vec a = plate_point(d, plate_hole(s, i * columns));
		struct vec b = plate_point(d, plate_hole(s, i * columns + columns - 1));

		if (columns > 1)
			centre_line(d, vec_sub(a, vec(r, 0)), vec_add(b, vec(r, 0)), index);
	}
	for (int i = 0; i < columns && drafter_mm(d, s->value[PARAM_DY]) - 2 * r < JOINED_MM; i++) {
		struct vec a = plate_point(d, plate_hole(s, i));
		struct vec b = plate_point(d, plate_hole(s, i + (rows - 1) * columns));

		if (rows > 1)
			centre_line(d, vec_sub(a, vec(0, r)), vec_add(b, vec(0, r)), index);
	}
}

static void mark_holes(struct drafter *d, int index)
{
	const struct shape *s = &d->scene->shapes[index];
	double r = drafter_mm(d, plate_hole_width(s)) / 2;

	if (s->kind == SHAPE_HOLE_GRID)
		mark_grid_lines(d, index);
	for (int i = 0; i < plate_hole_count(s); i++)
		centre_cross(d, plate_point(d, plate_hole(s, i)), vec(1, 0), r, index);
}

/* The edges that meet at a rounded corner that is not square, drawn on to where they would. */
static void mark_virtual_corners(struct drafter *d)
{
	struct plate_corner corners[SHAPE_POINTS_MAX];
	int body = plate_body(d->scene), n;

	if (d->scene->shapes[body].kind == SHAPE_DISC)
		return;
	n = plate_corners(d->scene, corners);
	for (int i = 0; i < n; i++) {
		const struct plate_corner *c = &corners[i];
		double off = fabs(fabs(c->turn) - M_PI / 2);
		struct vec at;

		if (c->cut < 0 || off < 1e-9)
			continue;
		at = plate_point(d, vec((double)c->at.x / 1000, (double)c->at.y / 1000));
		for (int k = 0; k < 2; k++) {
			struct point q = corners[(i + (k ? 1 : n - 1)) % n].at;
			struct vec to = plate_point(d, vec((double)q.x / 1000, (double)q.y / 1000));
			struct vec u = vec_unit(vec_sub(to, at));
			double setback = c->setback * d->drawing->scale;

			drafter_line(d, vec_add(at, vec_scale(u, setback)),
				     vec_sub(at, vec_scale(u, VIRTUAL_MM)), LAYER_EXTENSION,
				     LINE_CONTINUOUS, c->cut, DRAWING_NOBODY);
		}
	}
}

void plate_mark(struct drafter *d)
{
	const struct scene *scene = d->scene;

	mark_body(d);
	mark_virtual_corners(d);
	for (int i = 0; i < scene->shape_count; i++)
		if (scene->shapes[i].kind == SHAPE_HOLE_CIRCLE)
			mark_circle(d, i);
	for (int i = 0; i < scene->shape_count && drafter_marks_centres(d); i++) {
		if (scene->shapes[i].kind == SHAPE_SLOT)
			mark_slot(d, i);
		else if (scene->shapes[i].kind != SHAPE_HOLE_CIRCLE)
			mark_holes(d, i);
	}
}
