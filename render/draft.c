/* SPDX-License-Identifier: MIT */
/*
 * The order in which a drafter works: outlines, centre lines, positions from the datum; then angles
 * (tied to their vertex), linear dimensions, radii and diameters (free to move about). Each takes the
 * best place that is left. When one finds none, the sheet is cleared back to the positions and it
 * goes first in the next try.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "formats/dimension.h"
#include "render/draft.h"
#include "render/draft_position.h"
#include "render/draft_sizes.h"

#define TRIES 8
#define MARK_MM 2.5         /* centre lines beyond the outline */
#define SMALL_CIRCLE_MM 6.0 /* radius up to which centre lines are drawn unbroken */
#define TANGENT_MM 1.0      /* an outline this far from its tangent has left it */
#define MAP_CHORD_MM 0.12
#define DEGREE (M_PI / 180)

/* A shape as it lies on the sheet. */
struct laid {
	const struct shape *shape;
	int index;
	struct vec anchor;
	double angle;    /* radians */
	struct vec u, v; /* along and across angle */
};

struct laying {
	struct drafter d;
	struct laid *laid;
	struct position_stub *stubs;
};

static double mm(const struct drafter *d, int64_t um)
{
	return (double)um / 1000 * d->drawing->scale;
}

static double value_mm(const struct drafter *d, const struct laid *l, enum param param)
{
	return mm(d, l->shape->value[param]);
}

static double radians(int64_t thousandths)
{
	return (double)thousandths / 1000 * DEGREE;
}

static struct laid lay(const struct drafter *d, const struct shape *shape, int index)
{
	struct laid l = {.shape = shape, .index = index};
	struct point anchor = shape_anchor(shape);

	l.anchor = vec_add(d->drawing->datum, vec(mm(d, anchor.x), mm(d, anchor.y)));
	l.angle = radians(shape->value[PARAM_ANGLE]);
	l.u = vec_polar(1, l.angle);
	l.v = vec_perp(l.u);
	return l;
}

static void draw_outline(struct drawing *drawing, const struct shape *shape, int index,
			 double width_mm, struct arena *arena)
{
	struct stroke *stroke = drawing_add_stroke(drawing, arena);
	struct path path = path_from_shape(shape, arena);

	stroke->path = path_place(&path, drawing->datum, drawing->scale, arena);
	stroke->layer = LAYER_OUTLINE;
	stroke->line_type = LINE_CONTINUOUS;
	stroke->width_mm = width_mm;
	stroke->shape = index;
	stroke->dimension = DRAWING_NOBODY;
}

static void mark_outline(struct draft_map *map, const struct path *path, struct arena *arena)
{
	struct polyline poly = polyline_from_path(path, MAP_CHORD_MM, arena);

	for (int i = 0; i + 1 < poly.count + poly.closed; i++) {
		struct vec ends[2] = {poly.points[i], poly.points[(i + 1) % poly.count]};

		draft_map_mark(map, MAP_OUTLINE, ends, 2);
	}
}

void drawing_from_shapes(struct drawing *drawing, const struct shape *shapes, int count,
			 const struct drawing *like, double thick_mm, struct arena *arena)
{
	*drawing = (struct drawing){.width_mm = like->width_mm,
				    .height_mm = like->height_mm,
				    .datum = like->datum,
				    .scale = like->scale};
	for (int i = 0; i < count; i++)
		draw_outline(drawing, &shapes[i], i, thick_mm, arena);
}

/* A centre line through `centre` along `direction`, reaching `half` to both sides. */
static void centre_line(struct drafter *d, const struct laid *l, struct vec centre,
			struct vec direction, double half, enum line_type line_type)
{
	struct vec arm = vec_scale(direction, half);

	drafter_line(d, vec_sub(centre, arm), vec_add(centre, arm), LAYER_CENTRE, line_type,
		     l->index, DRAWING_NOBODY);
}

/* Crossing centre lines of a figure that reaches a and b along its axes u and v. */
static void centre_cross(struct drafter *d, const struct laid *l, double a, double b)
{
	enum line_type type = min2(a, b) <= SMALL_CIRCLE_MM ? LINE_CONTINUOUS : LINE_CHAIN;

	centre_line(d, l, l->anchor, l->u, a + MARK_MM, type);
	centre_line(d, l, l->anchor, l->v, b + MARK_MM, type);
}

static bool has_dimension(const struct scene *scene, int shape, enum param param)
{
	for (int i = 0; i < scene->dimension_count; i++)
		if (scene->dimensions[i].shape == shape && scene->dimensions[i].param == param)
			return true;
	return false;
}

static void draw_ray(struct drafter *d, const struct laid *l, double angle, double length)
{
	drafter_line(d, l->anchor, vec_add(l->anchor, vec_polar(length, angle)), LAYER_CENTRE,
		     LINE_CONTINUOUS, l->index, DRAWING_NOBODY);
}

static void draw_arc_centre(struct drafter *d, const struct laid *l)
{
	double r = value_mm(d, l, PARAM_R), start = radians(l->shape->value[PARAM_START]);

	centre_cross(d, l, 0, 0);
	if (!has_dimension(d->scene, l->index, PARAM_SWEEP))
		return;
	draw_ray(d, l, start, r);
	draw_ray(d, l, start + radians(l->shape->value[PARAM_SWEEP]), r);
}

static void draw_polygon_centre(struct drafter *d, const struct laid *l)
{
	double r = value_mm(d, l, PARAM_R);
	struct laid level = *l;
	struct stroke *circle = drawing_add_stroke(d->drawing, d->arena);

	circle->layer = LAYER_CENTRE;
	circle->line_type = LINE_CHAIN;
	circle->width_mm = d->style->thin_mm;
	circle->shape = l->index;
	circle->dimension = DRAWING_NOBODY;
	circle->path.closed = true;
	path_add_arc(&circle->path, d->arena, l->anchor, r, r, 0, 0, 2 * M_PI);
	mark_outline(d->map, &circle->path, d->arena);
	level.u = vec(1, 0);
	level.v = vec(0, 1);
	centre_cross(d, &level, r, r);
	if (has_dimension(d->scene, l->index, PARAM_ANGLE))
		draw_ray(d, l, l->angle, r);
}

static void draw_slot_centre(struct drafter *d, const struct laid *l)
{
	double r = value_mm(d, l, PARAM_R), length = value_mm(d, l, PARAM_LENGTH);
	struct vec end = vec_add(l->anchor, vec_scale(l->u, length));
	struct vec middle = vec_add(l->anchor, vec_scale(l->u, length / 2));
	enum line_type type = r <= SMALL_CIRCLE_MM ? LINE_CONTINUOUS : LINE_CHAIN;

	centre_line(d, l, middle, l->u, length / 2 + r + MARK_MM, LINE_CHAIN);
	centre_line(d, l, l->anchor, l->v, r + MARK_MM, type);
	centre_line(d, l, end, l->v, r + MARK_MM, type);
}

/* Draws the shape's centre lines and returns how far they reach below and left of the anchor. */
static struct position_stub draw_centre(struct drafter *d, const struct laid *l)
{
	bool level = l->shape->value[PARAM_ANGLE] % 90000 == 0;
	bool upright = level && l->shape->value[PARAM_ANGLE] != 0;
	double a = 0, b = 0;

	switch (l->shape->kind) {
	case SHAPE_CIRCLE:
		a = b = value_mm(d, l, PARAM_R);
		centre_cross(d, l, a, b);
		break;
	case SHAPE_ELLIPSE:
		a = value_mm(d, l, PARAM_RX);
		b = value_mm(d, l, PARAM_RY);
		centre_cross(d, l, a, b);
		break;
	case SHAPE_POLYGON:
		a = b = value_mm(d, l, PARAM_R);
		level = true;
		draw_polygon_centre(d, l);
		break;
	case SHAPE_SLOT:
		a = b = value_mm(d, l, PARAM_R);
		draw_slot_centre(d, l);
		break;
	case SHAPE_ARC:
		draw_arc_centre(d, l);
		break;
	default:
		return (struct position_stub){0, 0};
	}
	if (!level)
		return (struct position_stub){0, 0};
	return upright ? (struct position_stub){b + MARK_MM, a + MARK_MM}
		       : (struct position_stub){a + MARK_MM, b + MARK_MM};
}

/* Both ends of a linear dimension moved out by `stub` to either side, the figure reaching `reach`. */
static struct linear_spec linear_between(struct vec a, struct vec b, struct vec along, double stub,
					 double reach)
{
	struct vec out = vec_scale(vec_perp(along), stub);
	struct linear_spec spec = {.along = along};

	spec.from[0][0] = vec_add(a, out);
	spec.from[0][1] = vec_add(b, out);
	spec.from[1][0] = vec_sub(a, out);
	spec.from[1][1] = vec_sub(b, out);
	spec.reach[0] = spec.reach[1] = reach - stub;
	return spec;
}

/* A rectangle's side `size` along u; `depth` across it, its corners rounded by r. */
static struct linear_spec linear_side(struct vec corner, struct vec u, struct vec v, double size,
				      double depth, double r)
{
	struct linear_spec spec = {.along = u, .reach = {r, r}};
	struct vec far = vec_add(corner, vec_scale(v, depth - r));
	struct vec near = vec_add(corner, vec_scale(v, r));
	bool v_is_left = vec_dot(v, vec_perp(u)) > 0;
	int top = v_is_left ? 0 : 1;

	spec.from[top][0] = far;
	spec.from[top][1] = vec_add(far, vec_scale(u, size));
	spec.from[!top][0] = near;
	spec.from[!top][1] = vec_add(near, vec_scale(u, size));
	return spec;
}

static int draw_linear(struct drafter *d, const struct laid *l, int dimension)
{
	enum param param = d->scene->dimensions[dimension].param;
	double size = value_mm(d, l, param);
	struct vec end = vec_add(l->anchor, vec_scale(l->u, size));
	struct linear_spec spec;
	double r;

	switch (l->shape->kind) {
	case SHAPE_RECTANGLE:
	case SHAPE_ROUNDED_RECTANGLE:
		r = value_mm(d, l, PARAM_R);
		spec = param == PARAM_WIDTH ? linear_side(l->anchor, l->u, l->v, size,
							  value_mm(d, l, PARAM_HEIGHT), r)
					    : linear_side(l->anchor, l->v, l->u, size,
							  value_mm(d, l, PARAM_WIDTH), r);
		break;
	case SHAPE_ELLIPSE: {
		struct vec along = param == PARAM_RX ? l->u : l->v;
		struct vec half = vec_scale(along, size);
		double across = value_mm(d, l, param == PARAM_RX ? PARAM_RY : PARAM_RX);
		double rest = 1 - TANGENT_MM / size;

		spec = linear_between(vec_sub(l->anchor, half), vec_add(l->anchor, half), along, 0,
				      across);
		spec.skip_mm = rest > 0 ? across * sqrt(1 - rest * rest) : across;
		break;
	}
	case SHAPE_SLOT:
		r = value_mm(d, l, PARAM_R);
		spec = linear_between(l->anchor, end, l->u, r + MARK_MM, r);
		break;
	default:
		spec = linear_between(l->anchor, end, l->u, 0, 0);
		break;
	}
	return draft_linear(d, dimension, &spec);
}

static int draw_radial(struct drafter *d, const struct laid *l, int dimension)
{
	double r = value_mm(d, l, PARAM_R), length = value_mm(d, l, PARAM_LENGTH);
	double w = value_mm(d, l, PARAM_WIDTH), h = value_mm(d, l, PARAM_HEIGHT);
	struct radial_spec spec = {.diameter =
					   d->scene->dimensions[dimension].kind == DIM_DIAMETER};
	struct vec first = l->anchor, second = vec_add(first, vec_scale(l->u, length));
	double corners[4][2] = {{r, r}, {w - r, r}, {w - r, h - r}, {r, h - r}};

	switch (l->shape->kind) {
	case SHAPE_ROUNDED_RECTANGLE:
		for (int i = 0; i < 4; i++) {
			struct vec centre =
				vec_add(l->anchor, vec_add(vec_scale(l->u, corners[i][0]),
							   vec_scale(l->v, corners[i][1])));

			spec.arcs[spec.count++] = (struct proposal_arc){
				centre, r, l->angle + M_PI + i * M_PI / 2, M_PI / 2};
		}
		break;
	case SHAPE_SLOT:
		spec.arcs[0] = (struct proposal_arc){first, r, l->angle + M_PI / 2, M_PI};
		spec.arcs[1] = (struct proposal_arc){second, r, l->angle - M_PI / 2, M_PI};
		spec.count = 2;
		break;
	case SHAPE_ARC:
		spec.arcs[0] =
			(struct proposal_arc){first, r, radians(l->shape->value[PARAM_START]),
					      radians(l->shape->value[PARAM_SWEEP])};
		spec.count = 1;
		break;
	default:
		spec.arcs[0] = (struct proposal_arc){first, r, 0, 2 * M_PI};
		spec.count = 1;
		break;
	}
	return draft_radial(d, dimension, &spec);
}

static int draw_angular(struct drafter *d, const struct laid *l, int dimension)
{
	enum param param = d->scene->dimensions[dimension].param;
	double r = value_mm(d, l, PARAM_R);
	struct angular_spec spec = {.vertex = l->anchor, .sweep = radians(l->shape->value[param])};

	switch (l->shape->kind) {
	case SHAPE_RECTANGLE:
	case SHAPE_ROUNDED_RECTANGLE:
		spec.drawn[1] = value_mm(d, l, PARAM_WIDTH);
		break;
	case SHAPE_LINE:
		spec.drawn[1] = value_mm(d, l, PARAM_LENGTH);
		break;
	case SHAPE_ELLIPSE:
		spec.drawn[1] = value_mm(d, l, PARAM_RX) + MARK_MM;
		break;
	case SHAPE_SLOT:
		spec.drawn[1] = value_mm(d, l, PARAM_LENGTH) + r + MARK_MM;
		break;
	case SHAPE_POLYGON:
		spec.drawn[0] = r + MARK_MM;
		spec.drawn[1] = r;
		break;
	case SHAPE_ARC:
		spec.from = param == PARAM_SWEEP ? radians(l->shape->value[PARAM_START]) : 0;
		spec.outline_radius = r;
		spec.drawn[0] = param == PARAM_SWEEP ? r : 0;
		spec.drawn[1] = r;
		break;
	default:
		break;
	}
	return draft_angular(d, dimension, &spec);
}

static int draw_dimension(struct laying *laying, int i)
{
	const struct dimension *dim = &laying->d.scene->dimensions[i];
	const struct laid *l = &laying->laid[dim->shape];

	switch (dim->kind) {
	case DIM_LEVEL:
	case DIM_UPRIGHT:
	case DIM_ALIGNED:
		return draw_linear(&laying->d, l, i);
	case DIM_RADIUS:
	case DIM_DIAMETER:
		return draw_radial(&laying->d, l, i);
	case DIM_ANGULAR:
		return draw_angular(&laying->d, l, i);
	case DIM_POSITION_X:
	case DIM_POSITION_Y:
	case DIM_COUNT_:
		break;
	}
	return 0;
}

static int rank(enum dim_kind kind)
{
	switch (kind) {
	case DIM_ANGULAR:
		return 0;
	case DIM_LEVEL:
	case DIM_UPRIGHT:
	case DIM_ALIGNED:
		return 1;
	case DIM_RADIUS:
	case DIM_DIAMETER:
		return 2;
	default:
		return -1;
	}
}

/* The sizes and directions in the order they are tried; returns how many. */
static int order_dimensions(const struct scene *scene, int *order)
{
	int count = 0;

	for (int r = 0; r <= 2; r++)
		for (int i = 0; i < scene->dimension_count; i++)
			if (rank(scene->dimensions[i].kind) == r)
				order[count++] = i;
	return count;
}

/* Draws the dimensions in order; returns how many were drawn before one found no place. */
static int draw_sizes(struct laying *laying, const int *order, int count)
{
	for (int i = 0; i < count; i++)
		if (draw_dimension(laying, order[i]) < 0)
			return i;
	return count;
}

static int draw_sizes_with_retries(struct laying *laying)
{
	struct drafter *d = &laying->d;
	struct draft_map *clean = d->map, *work;
	struct drawing before = *d->drawing;
	int *order = ARENA_NEW(d->arena, int, d->scene->dimension_count);
	int count = order_dimensions(d->scene, order), drawn = 0;

	work = draft_map_new(before.width_mm, before.height_mm, d->arena);
	d->map = work;
	for (int try = 0; try < TRIES; try++) {
		int failed;

		draft_map_copy(work, clean);
		d->drawing->stroke_count = before.stroke_count;
		d->drawing->arrow_count = before.arrow_count;
		d->drawing->text_count = before.text_count;
		drawn = draw_sizes(laying, order, count);
		if (drawn == count)
			return 0;
		failed = order[drawn];
		memmove(order + 1, order, (size_t)drawn * sizeof(*order));
		order[0] = failed;
	}
	return -1;
}

/* The scale, in the corner that the positions leave free. */
static void draw_scale(struct drafter *d)
{
	struct proposal p = {.cost = 0};
	struct buf b = {0};
	double width;

	buf_int(&b, d->scene->scale_paper);
	buf_char(&b, ':');
	buf_int(&b, d->scene->scale_real);
	p.utf8 = arena_strndup(d->arena, b.data, b.len);
	buf_free(&b);
	width = font_text_width(d->font, p.utf8, d->style->text_mm);
	proposal_set_text(&p, p.utf8, width, vec(2.5 + width / 2, 2.5), 0);
	proposal_draw(d, &p, DRAWING_NOBODY);
}

static bool outlines_on_sheet(const struct drawing *drawing, struct arena *arena)
{
	for (int i = 0; i < drawing->stroke_count; i++) {
		struct polyline poly =
			polyline_from_path(&drawing->strokes[i].path, MAP_CHORD_MM, arena);
		struct box box = box_of_points(poly.points, poly.count);

		if (box.x0 < 1 || box.y0 < 1 || box.x1 > drawing->width_mm - 1 ||
		    box.y1 > drawing->height_mm - 1)
			return false;
	}
	return true;
}

int drawing_from_scene(struct drawing *drawing, const struct scene *scene,
		       const struct style *style, const struct font *font, struct rng *rng,
		       struct arena *arena)
{
	double side = (double)scene->sheet_um / 1000;
	struct laying laying = {.d = {drawing, scene, style, font, rng, arena, NULL}};
	struct drafter *d = &laying.d;

	*drawing = (struct drawing){.width_mm = side, .height_mm = side};
	drawing->scale = (double)scene->scale_paper / scene->scale_real;
	drawing->datum = draft_position_margins(scene, style);
	d->map = draft_map_new(side, side, arena);
	laying.laid = ARENA_NEW(arena, struct laid, scene->shape_count);
	laying.stubs = ARENA_NEW(arena, struct position_stub, scene->shape_count);
	for (int i = 0; i < scene->shape_count; i++) {
		draw_outline(drawing, &scene->shapes[i], i, style->thick_mm, arena);
		mark_outline(d->map, &drawing->strokes[i].path, arena);
		laying.laid[i] = lay(d, &scene->shapes[i], i);
	}
	if (!outlines_on_sheet(drawing, arena))
		return -1;
	for (int i = 0; i < scene->shape_count; i++)
		laying.stubs[i] = draw_centre(d, &laying.laid[i]);
	draw_scale(d);
	if (draft_positions(d, laying.stubs) < 0)
		return -1;
	return draw_sizes_with_retries(&laying);
}
