/* SPDX-License-Identifier: MIT */
/*
 * Shapes are thrown one by one onto the view and kept where they stay readable:
 *
 *  - coordinates of anchors are equal to one already used or at least a text line away from it on
 *    paper, so that every position can be printed beside the next (a thrown coordinate that comes
 *    too near is moved onto the used one: features line up, as on real parts);
 *  - bounding boxes overlap by no more than the parameter allows;
 *  - no extension line of a position grazes the box of another shape;
 *  - outlines that meet cross at a clear angle, outlines that do not keep their distance, and no
 *    corner lies on another shape's outline.
 *
 * A shape that finds no place within a number of throws is left out; the first one always finds
 * one.
 */
#include <config.h>

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "formats/drawing/dimension.h"
#include "gen/scene/scene_families.h"
#include "gen/scene/shape_random.h"

#define SHAPES_MAX 8
#define COORDS_MAX (SHAPES_MAX * SHAPE_POINTS_MAX)
#define THROWS 40
#define FIRST_THROWS 1000 /* of the first shape; then it is put down anyhow */
#define ROOM_MM 26.0      /* a view that leaves the least extent room */
#define EXTENT_MM 16.0    /* the least */

/* Millimetres on paper. */
#define SCALE_MM 4.0     /* round the scale, which stands under them */
#define RIM_MM 5.0       /* of the sheet, right of and above the view */
#define RUNNING_MM 3.0   /* running dimensions: from their line to the longest value ... */
#define RUNNING_TEXT 4.6 /* ... which is this long, in text heights */
#define MARK_TEXT 0.35   /* and a decimal mark, where it has one, */
#define PLACE_TEXT 0.62  /* and each place behind it */
#define PARALLEL_MM 11.0 /* parallel dimension lines: below or left of the last */
#define PARALLEL_MAX 3
#define PARALLEL_SHEET_MM 90.0 /* smaller sheets have no room for parallel lines */
#define PITCH_MM 1.5           /* clear between printed positions, and ... */
#define PITCH 1.4              /* ... from one to the next in text heights: no stack is so wide */
#define PITCH_ARROW_MM 0.6     /* from an arrowhead to the next */
#define FIRST_MM 9.0           /* from the datum */
#define FIRST_PARALLEL_MM 16.0
#define CLEARANCE_MM 3.0  /* between outlines that do not cross */
#define CORNER_MM 2.5     /* between a corner and another outline */
#define BESIDE_MM 1.2     /* between an extension line and a box that it does not touch */
#define CROSSING_SIN 0.42 /* outlines cross at 25 degrees or more */
#define CHORD_MM 0.3
#define BOX_CHORD_MM 0.01
#define FEW 2.0             /* shapes on a sheet count as this many more when it is chosen */
#define SHEET_MIN_UM 100000 /* inside the frame */

struct placed {
	struct polyline poly; /* mm on paper from the datum */
	struct box box;
	struct shape shape;
};

struct thrower {
	struct rng *rng;
	struct arena *arena;
	const struct scene_params *params;
	struct shape_grid grid;
	double view_mm, first_mm, pitch_mm;
	int64_t xs[COORDS_MAX], ys[COORDS_MAX];
	int x_count, y_count;
	struct placed placed[SHAPES_MAX];
	int count;
};

static void pick_scale(struct thrower *t, struct scene *scene)
{
	static const struct steps {
		int paper, real, weight;
		int step[3]; /* of coordinates, in thousandths of the unit */
	} scales_mm[] =
		{
			{1, 1, 10, {500, 1000, 5000}},  {1, 2, 4, {1000, 2000, 5000}},
			{1, 5, 3, {5000, 5000, 10000}}, {1, 10, 1, {5000, 10000, 10000}},
			{2, 1, 3, {500, 500, 1000}},    {5, 1, 1, {100, 200, 500}},
		},
	  scales_inch[] = {
		  {1, 1, 10, {50, 100, 125}}, {1, 2, 4, {50, 125, 250}},
		  {1, 5, 3, {250, 250, 500}}, {1, 10, 1, {500, 500, 1000}},
		  {2, 1, 3, {25, 50, 50}},    {5, 1, 1, {5, 10, 20}},
	  };
	const struct steps *scales = t->params->unit == UNIT_INCH ? scales_inch : scales_mm;
	const size_t count = sizeof(scales_mm) / sizeof(*scales_mm);
	uint32_t total = 0, pick;
	size_t i = 0;

	for (size_t k = 0; k < count; k++)
		total += (uint32_t)scales[k].weight;
	pick = rng_below(t->rng, total);
	while (pick >= (uint32_t)scales[i].weight)
		pick -= (uint32_t)scales[i++].weight;
	scene->scale_paper = scales[i].paper;
	scene->scale_real = scales[i].real;
	t->grid.paper_per_real = scene_paper_per_unit(scene);
	t->grid.step_um = scales[i].step[rng_below(t->rng, 3)];
}

/* Moves a coordinate onto a used one within the pitch. */
static int64_t line_up(const struct thrower *t, const int64_t *used, int count, int64_t v)
{
	for (int i = 0; i < count; i++)
		if (fabs(paper_from_real(&t->grid, v - used[i])) < t->pitch_mm)
			return used[i];
	return v;
}

/* Whether the coordinate can be printed beside the used ones. */
static bool coord_fits(const struct thrower *t, const int64_t *used, int count, int64_t v)
{
	if (paper_from_real(&t->grid, v) < t->first_mm)
		return false;
	for (int i = 0; i < count; i++)
		if (v != used[i] && fabs(paper_from_real(&t->grid, v - used[i])) < t->pitch_mm)
			return false;
	return true;
}

static bool add_coord(struct thrower *t, int64_t *used, int *count, int64_t v)
{
	if (!coord_fits(t, used, *count, v))
		return false;
	for (int i = 0; i < *count; i++)
		if (used[i] == v)
			return true;
	assert(*count < COORDS_MAX);
	used[(*count)++] = v;
	return true;
}

/* Adds the shape's coordinates to the used ones; on failure the lists are as before. */
static bool add_coords(struct thrower *t, const struct shape *shape)
{
	int x_count = t->x_count, y_count = t->y_count;
	bool listed = shape_has_param(shape->kind, PARAM_POINTS);
	int n = listed ? shape->point_count : 1;

	for (int i = 0; i < n; i++) {
		struct point p = listed ? shape->points[i] : shape_anchor(shape);

		if (!add_coord(t, t->xs, &t->x_count, p.x) ||
		    !add_coord(t, t->ys, &t->y_count, p.y)) {
			t->x_count = x_count;
			t->y_count = y_count;
			return false;
		}
	}
	return true;
}

/* Moves the shape so that its box's corner comes to lie near the given place on paper, then lines
 * its coordinates up. */
static void move_shape(const struct thrower *t, struct shape *shape, double dx_mm, double dy_mm)
{
	int64_t dx = grid_from_paper(&t->grid, dx_mm), dy = grid_from_paper(&t->grid, dy_mm);

	if (!shape_has_param(shape->kind, PARAM_POINTS)) {
		shape->value[PARAM_X] = line_up(t, t->xs, t->x_count, shape->value[PARAM_X] + dx);
		shape->value[PARAM_Y] = line_up(t, t->ys, t->y_count, shape->value[PARAM_Y] + dy);
		return;
	}
	for (int i = 0; i < shape->point_count; i++) {
		shape->points[i].x = line_up(t, t->xs, t->x_count, shape->points[i].x + dx);
		shape->points[i].y = line_up(t, t->ys, t->y_count, shape->points[i].y + dy);
	}
}

static struct placed trace(const struct thrower *t, const struct shape *shape)
{
	struct placed placed = {.shape = *shape};
	struct path path = path_from_shape(shape, t->arena);
	struct path paper = path_place(&path, vec(0, 0), t->grid.paper_per_real, t->arena);
	struct polyline fine; /* flat arcs have flat boxes, of which little is much */

	fine = polyline_from_path(&paper, BOX_CHORD_MM, t->arena);
	placed.poly = polyline_from_path(&paper, CHORD_MM, t->arena);
	placed.box = box_of_points(fine.points, fine.count);
	return placed;
}

static double overlap(const struct box *a, const struct box *b)
{
	double w = min2(a->x1, b->x1) - max2(a->x0, b->x0);
	double h = min2(a->y1, b->y1) - max2(a->y0, b->y0);
	double area_a = (a->x1 - a->x0) * (a->y1 - a->y0);
	double area_b = (b->x1 - b->x0) * (b->y1 - b->y0);

	if (w <= 0 || h <= 0)
		return 0;
	return w * h / max2(min2(area_a, area_b), 1e-9);
}

static double point_to_chord(struct vec p, struct vec a, struct vec b)
{
	struct vec d = vec_sub(b, a);
	double length2 = vec_dot(d, d);
	double t = length2 > 0 ? vec_dot(vec_sub(p, a), d) / length2 : 0;

	return vec_length(vec_sub(p, vec_add(a, vec_scale(d, min2(1, max2(0, t))))));
}

/* 1 the chords cross, at a clear angle; -1 they cross flatly; 0 they do not cross. */
static int chords_cross(struct vec a, struct vec b, struct vec c, struct vec d)
{
	struct vec u = vec_sub(b, a), v = vec_sub(d, c), w = vec_sub(c, a);
	double cross = vec_cross(u, v), s, t;

	if (cross == 0)
		return 0;
	s = vec_cross(w, v) / cross;
	t = vec_cross(w, u) / cross;
	if (s < 0 || s > 1 || t < 0 || t > 1)
		return 0;
	return fabs(cross) < CROSSING_SIN * vec_length(u) * vec_length(v) ? -1 : 1;
}

static int chord_total(const struct polyline *poly)
{
	return poly->closed ? poly->count : poly->count - 1;
}

static struct vec chord_end(const struct polyline *poly, int i)
{
	return poly->points[(i + 1) % poly->count];
}

/* Whether the corners (not the points of flattened arcs) of a keep off the outline of b. */
static bool corners_clear(const struct placed *a, const struct polyline *b)
{
	if (a->shape.kind == SHAPE_CIRCLE || a->shape.kind == SHAPE_ELLIPSE ||
	    a->shape.kind == SHAPE_SLOT || a->shape.kind == SHAPE_ROUNDED_RECTANGLE)
		return true;
	for (int i = 0; i < a->poly.count; i++) {
		if (a->shape.kind == SHAPE_ARC && i > 0 && i < a->poly.count - 1)
			continue;
		for (int k = 0; k < chord_total(b); k++)
			if (point_to_chord(a->poly.points[i], b->points[k], chord_end(b, k)) <
			    CORNER_MM)
				return false;
	}
	return true;
}

static bool outlines_clear(const struct placed *a, const struct placed *b)
{
	const struct polyline *p = &a->poly, *q = &b->poly;
	bool crossing = false;
	double nearest = INFINITY;

	for (int i = 0; i < chord_total(p); i++) {
		for (int k = 0; k < chord_total(q); k++) {
			int cross = chords_cross(p->points[i], chord_end(p, i), q->points[k],
						 chord_end(q, k));

			if (cross < 0)
				return false;
			crossing |= cross > 0;
			nearest = min2(nearest,
				       point_to_chord(p->points[i], q->points[k], chord_end(q, k)));
			nearest = min2(nearest,
				       point_to_chord(q->points[k], p->points[i], chord_end(p, i)));
		}
	}
	if (crossing)
		return corners_clear(a, q) && corners_clear(b, p);
	return nearest >= CLEARANCE_MM;
}

/* Whether lines at these two places would run side by side, too near to be told apart. */
static bool side_by_side(double a_mm, double b_mm)
{
	double distance = fabs(a_mm - b_mm);

	return distance > 1e-6 && distance < BESIDE_MM;
}

/* Whether an extension line at one of the coordinates would graze lo or hi, the ends of a box. */
static bool grazes(const struct thrower *t, const int64_t *coords, int count, double lo, double hi)
{
	for (int i = 0; i < count; i++) {
		double mm = paper_from_real(&t->grid, coords[i]);

		if (side_by_side(mm, lo) || side_by_side(mm, hi))
			return true;
	}
	return false;
}

/* Extension lines of positions run across the view: none may graze the box of another shape. */
static bool extension_lines_clear(const struct thrower *t, const struct placed *new)
{
	bool listed = shape_has_param(new->shape.kind, PARAM_POINTS);
	int n = listed ? new->shape.point_count : 1;

	if (grazes(t, t->xs, t->x_count, new->box.x0, new->box.x1) ||
	    grazes(t, t->ys, t->y_count, new->box.y0, new->box.y1))
		return false;
	for (int i = 0; i < n; i++) {
		struct point p = listed ? new->shape.points[i] : shape_anchor(&new->shape);

		for (int k = 0; k < t->count; k++) {
			const struct box *old = &t->placed[k].box;

			if (grazes(t, &p.x, 1, old->x0, old->x1) ||
			    grazes(t, &p.y, 1, old->y0, old->y1))
				return false;
		}
	}
	return true;
}

static bool is_clear(const struct thrower *t, const struct placed *new)
{
	const struct box *box = &new->box;

	if (box->x0 < CLEARANCE_MM || box->y0 < CLEARANCE_MM || box->x1 > t->view_mm ||
	    box->y1 > t->view_mm || !extension_lines_clear(t, new))
		return false;
	for (int i = 0; i < t->count; i++) {
		const struct placed *old = &t->placed[i];

		if (overlap(box, &old->box) > t->params->max_overlap)
			return false;
		if (box->x0 - old->box.x1 > CLEARANCE_MM || old->box.x0 - box->x1 > CLEARANCE_MM ||
		    box->y0 - old->box.y1 > CLEARANCE_MM || old->box.y0 - box->y1 > CLEARANCE_MM)
			continue;
		if (!outlines_clear(new, old))
			return false;
	}
	return true;
}

/* Throws one shape; true if it found a place. */
static bool throw_shape(struct thrower *t, double extent_mm)
{
	struct shape shape = shape_random(&t->grid, extent_mm, t->rng);
	struct placed placed = trace(t, &shape);
	double free_x = t->view_mm - (placed.box.x1 - placed.box.x0) - 2 * CLEARANCE_MM;
	double free_y = t->view_mm - (placed.box.y1 - placed.box.y0) - 2 * CLEARANCE_MM;
	double share_x = rng_unit(t->rng);
	double share_y = rng_unit(t->rng);

	if (free_x < 0 || free_y < 0)
		return false;
	move_shape(t, &shape, CLEARANCE_MM - placed.box.x0 + free_x * share_x,
		   CLEARANCE_MM - placed.box.y0 + free_y * share_y);
	if (shape_check(&shape, NULL) < 0)
		return false;
	placed = trace(t, &shape);
	if (!is_clear(t, &placed) || !add_coords(t, &shape))
		return false;
	t->placed[t->count++] = placed;
	return true;
}

/* Where the view is too small for any shape: one in its corner, that reaches out of it. Whether such a
 * sheet can be laid out is for the drafter to say. */
static void put_shape(struct thrower *t)
{
	struct placed placed;
	struct shape shape;

	do {
		shape = shape_random(&t->grid, EXTENT_MM, t->rng);
		placed = trace(t, &shape);
		move_shape(t, &shape, CLEARANCE_MM - placed.box.x0, CLEARANCE_MM - placed.box.y0);
	} while (shape_check(&shape, NULL) < 0 || !add_coords(t, &shape));
	t->placed[t->count++] = trace(t, &shape);
}

/* Throws as many shapes as wanted; the first always finds a place, the others may not. */
static void throw_shapes(struct thrower *t, int wanted)
{
	for (int i = 0; i < wanted; i++) {
		double share = (0.45 + 0.45 * rng_unit(t->rng)) / sqrt(wanted);
		double extent = max2(EXTENT_MM, share * t->view_mm);
		int throws = t->count ? THROWS : FIRST_THROWS;

		while (throws-- > 0 && !throw_shape(t, extent))
			;
		if (t->count == 0)
			put_shape(t);
	}
}

static int compare_shapes(const void *a, const void *b)
{
	return shape_compare(a, b);
}

/* The length of an arc follows from its radius and sweep. */
static struct dimension reference_to_length(int arc)
{
	return (struct dimension){.kind = DIM_ARC_LENGTH,
				  .shape = arc,
				  .param = PARAM_SWEEP,
				  .from = {.shape = SCENE_DATUM},
				  .reference = true};
}

/* The shapes in canonical order, the dimensions they need, and references. */
static void finish_scene(const struct thrower *t, struct scene *scene)
{
	struct dimension list[DIMENSION_PER_SHAPE_MAX];
	int room = t->count * DIMENSION_PER_SHAPE_MAX;

	scene->shape_count = t->count;
	scene->shapes = ARENA_NEW(t->arena, struct shape, t->count);
	for (int i = 0; i < t->count; i++)
		scene->shapes[i] = t->placed[i].shape;
	qsort(scene->shapes, (size_t)t->count, sizeof(*scene->shapes), compare_shapes);
	scene->dimensions = ARENA_NEW(t->arena, struct dimension, room);
	for (int i = 0; i < t->count; i++) {
		int n = dimensions_of_shape(&scene->shapes[i], i, list);

		for (int k = 0; k < n; k++)
			scene->dimensions[scene->dimension_count++] = list[k];
		if (scene->shapes[i].kind == SHAPE_ARC)
			scene->dimensions[scene->dimension_count++] = reference_to_length(i);
	}
	if (t->x_count > PARALLEL_MAX || t->y_count > PARALLEL_MAX)
		scene->arrangement = ARRANGE_RUNNING;
}

/* The longest value of a position, in text heights. */
static double running_text(const struct scene_params *params)
{
	return RUNNING_TEXT + (params->places > 0 ? MARK_TEXT + PLACE_TEXT * params->places : 0);
}

/* Few shapes stand on a smaller sheet, which they fill. */
static int64_t pick_side(int64_t largest_um, int64_t frame_um, int wanted, int most,
			 struct rng *rng)
{
	double few = sqrt((wanted + FEW) / (double)(most + FEW)),
	       share = few + (1 - few) * rng_unit(rng);
	int64_t least_um = SHEET_MIN_UM + frame_um;
	int64_t um = (int64_t)(share * (double)largest_um) / 5000 * 5000;

	if (um < least_um)
		um = least_um;
	return um > largest_um ? largest_um : um;
}

void scene_shapes(struct scene *scene, const struct scene_params *params, struct rng *rng,
		  struct arena *arena)
{
	struct thrower t = {.rng = rng, .arena = arena, .params = params};
	int64_t side_um = scene_square_um(params);
	double largest_mm = (double)(side_um - params->frame_um) / 1000, sheet_mm;
	double offset_mm = (double)params->offset_um / 1000;
	double text_mm = (double)params->text_um / 1000;
	double scale_mm = (params->unit == UNIT_INCH ? 2.7 : 1) * text_mm + SCALE_MM;
	double spacing_mm = (double)params->spacing_um / 1000;
	double share_of_largest = largest_mm / 210;
	int wanted, most = (int)(SHAPES_MAX * share_of_largest * sqrt(share_of_largest) + 0.5);

	t.pitch_mm = max2(text_mm + PITCH_MM, PITCH * text_mm);
	t.pitch_mm = max2(t.pitch_mm, (double)params->arrow_um / 1000 + PITCH_ARROW_MM);
	most = most < 1 ? 1 : most > SHAPES_MAX ? SHAPES_MAX : most;
	wanted = (int)rng_range(rng, 1, most);
	side_um = pick_side(side_um, params->frame_um, wanted, most, rng);
	sheet_mm = (double)(side_um - params->frame_um) / 1000;
	*scene = (struct scene){
		.family = FAMILY_SHAPES, .unit = params->unit, .sheet_um = {side_um, side_um}};
	pick_scale(&t, scene);
	scene->arrangement = wanted <= 2 && sheet_mm >= PARALLEL_SHEET_MM && rng_chance(rng, 0.7)
				     ? ARRANGE_PARALLEL
				     : ARRANGE_RUNNING;
	if (scene->arrangement == ARRANGE_PARALLEL) {
		t.view_mm = sheet_mm - offset_mm - 2 * spacing_mm - 2.5 * text_mm - scale_mm -
			    PARALLEL_MM;
		t.first_mm = FIRST_PARALLEL_MM;
	} else {
		t.view_mm = sheet_mm - offset_mm - RUNNING_MM - running_text(params) * text_mm -
			    scale_mm - RIM_MM;
		t.first_mm = FIRST_MM;
	}
	if (t.view_mm < ROOM_MM) /* the drafter leaves out a frame that does not fit */
		t.view_mm += (double)params->frame_um / 1000;
	throw_shapes(&t, wanted);
	finish_scene(&t, scene);
}
