/* SPDX-License-Identifier: MIT */
/* Figures are built outline by outline, in the scene's unit; at the end all is scaled. */
#include <config.h>

#include "trainer/score/figure.h"

#include <math.h>
#include <string.h>

#include "formats/scene/cabinet.h"
#include "formats/scene/plate.h"
#include "formats/scene/turned.h"

#define FLATTENED 1e-4 /* of the outline's diagonal */
#define RUN 12

struct sketch {
	struct figure f;
	struct arena *arena;
};

static double unit_of(int64_t thousandths)
{
	return (double)thousandths / 1000;
}

/* Room for one more in an array of the arena. */
static void *grow(struct arena *arena, void *list, int count, int *room, size_t size)
{
	void *more;

	if (count < *room)
		return list;
	*room = *room ? 2 * *room : 64;
	more = arena_alloc(arena, (size_t)*room, size);
	if (count > 0)
		memcpy(more, list, (size_t)count * size);
	return more;
}

static void add_edge(struct sketch *s, const double a[FIGURE_AXES], const double b[FIGURE_AXES])
{
	struct figure *f = &s->f;
	struct figure_edge *edge;

	f->edges = grow(s->arena, f->edges, f->edge_count, &f->edge_room, sizeof(*f->edges));
	edge = &f->edges[f->edge_count++];
	memcpy(edge->a, a, sizeof(edge->a));
	memcpy(edge->b, b, sizeof(edge->b));
}

static void stretch(struct figure_box *box, const double p[FIGURE_AXES])
{
	for (int i = 0; i < FIGURE_AXES; i++) {
		box->lo[i] = min2(box->lo[i], p[i]);
		box->hi[i] = max2(box->hi[i], p[i]);
	}
}

static struct figure_box box_of_edges(const struct figure *f, int first, int count)
{
	struct figure_box box = {{INFINITY, INFINITY, INFINITY}, {-INFINITY, -INFINITY, -INFINITY}};

	for (int i = first; i < first + count; i++) {
		stretch(&box, f->edges[i].a);
		stretch(&box, f->edges[i].b);
	}
	return box;
}

static void add_runs(struct sketch *s, int first, int count)
{
	struct figure *f = &s->f;

	for (int i = first; i < first + count; i += RUN) {
		int n = first + count - i < RUN ? first + count - i : RUN;

		f->runs = grow(s->arena, f->runs, f->run_count, &f->run_room, sizeof(*f->runs));
		f->runs[f->run_count++] = (struct figure_run){i, n, box_of_edges(f, i, n)};
	}
}

/* Makes the edges from `first` on a group. */
static void add_group(struct sketch *s, int first, bool is_filled)
{
	struct figure *f = &s->f;
	int count = f->edge_count - first;

	f->groups = grow(s->arena, f->groups, f->group_count, &f->group_room, sizeof(*f->groups));
	f->groups[f->group_count++] =
		(struct figure_group){first, count, is_filled, box_of_edges(f, first, count)};
	add_runs(s, first, count);
	f->has_area = f->has_area || is_filled;
}

static double path_diagonal(const struct path *path)
{
	struct box box = {INFINITY, INFINITY, -INFINITY, -INFINITY};

	for (int i = 0; i < path->count; i++) {
		const struct seg *seg = &path->segs[i];
		bool arc = seg->kind == SEG_ARC;
		double r = arc ? max2(seg->rx, seg->ry) : 0;
		struct vec a = arc ? seg->centre : seg->a, b = arc ? a : seg->b;

		box.x0 = min2(box.x0, min2(a.x, b.x) - r);
		box.y0 = min2(box.y0, min2(a.y, b.y) - r);
		box.x1 = max2(box.x1, max2(a.x, b.x) + r);
		box.y1 = max2(box.y1, max2(a.y, b.y) + r);
	}
	return hypot(box.x1 - box.x0, box.y1 - box.y0);
}

static void add_path(struct sketch *s, const struct path *path, bool is_filled)
{
	int first = s->f.edge_count;
	struct polyline line;

	if (path->count == 0)
		return;
	line = polyline_from_path(path, FLATTENED * path_diagonal(path), s->arena);
	for (int i = 0; i + !line.closed < line.count; i++) {
		struct vec a = line.points[i], b = line.points[(i + 1) % line.count];

		add_edge(s, (double[]){a.x, a.y, 0}, (double[]){b.x, b.y, 0});
	}
	add_group(s, first, is_filled);
}

static void draw_shapes(struct sketch *s, const struct scene *scene)
{
	for (int i = 0; i < scene->shape_count; i++) {
		struct path path = path_from_shape(&scene->shapes[i], s->arena);

		add_path(s, &path, path.closed);
	}
}

static void add_circle(struct sketch *s, struct vec centre, double d, bool is_filled)
{
	struct path path = {.closed = true};

	path_add_arc(&path, s->arena, centre, d / 2, d / 2, 0, 0, 2 * M_PI);
	add_path(s, &path, is_filled);
}

static void draw_cutout(struct sketch *s, const struct shape *shape)
{
	int holes = plate_hole_count(shape);

	for (int i = 0; i < holes; i++)
		add_circle(s, plate_hole(shape, i), unit_of(shape->value[PARAM_D]), true);
	if (shape->kind == SHAPE_COUNTERBORE)
		add_circle(s, plate_hole(shape, 0), unit_of(shape->value[PARAM_CBORE_D]), false);
	if (holes == 0) {
		struct path path = path_from_shape(shape, s->arena);

		add_path(s, &path, true);
	}
}

static void draw_plate(struct sketch *s, const struct scene *scene)
{
	struct path outline = plate_outline(scene, s->arena);
	int body = plate_body(scene);

	add_path(s, &outline, true);
	for (int i = 0; i < scene->shape_count; i++) {
		enum shape_kind kind = scene->shapes[i].kind;

		if (i != body && kind != SHAPE_FILLET && kind != SHAPE_CHAMFER)
			draw_cutout(s, &scene->shapes[i]);
	}
}

static void draw_profile(struct sketch *s, const struct turned *part,
			 const struct turned_line *line)
{
	struct path upper = path_from_turned_line(part, line, s->arena);
	struct path path = path_closed_with_mirror(&upper, s->arena);

	add_path(s, &path, true);
}

static void draw_keyway(struct sketch *s, const struct shape *keyway)
{
	double r = unit_of(keyway->value[PARAM_WIDTH]) / 2, x = unit_of(keyway->value[PARAM_X]);
	double left = x + r, right = x + unit_of(keyway->value[PARAM_LENGTH]) - r;
	struct path path = {.closed = true};

	path_add_line(&path, s->arena, vec(left, -r), vec(right, -r));
	path_add_arc(&path, s->arena, vec(right, 0), r, r, 0, -M_PI_2, M_PI);
	path_add_line(&path, s->arena, vec(right, r), vec(left, r));
	path_add_arc(&path, s->arena, vec(left, 0), r, r, 0, M_PI_2, M_PI);
	add_path(s, &path, false);
}

static void draw_turned(struct sketch *s, const struct scene *scene)
{
	struct turned part;
	struct turned_line line;
	int first = 0;

	turned_from_scene(&part, scene);
	turned_outside(&part, &line);
	draw_profile(s, &part, &line);
	while (turned_next_hollow(&part, &first, &line))
		draw_profile(s, &part, &line);
	for (int i = 0; i < scene->shape_count; i++)
		if (scene->shapes[i].kind == SHAPE_KEYWAY)
			draw_keyway(s, &scene->shapes[i]);
}

/* The twelve edges of a box: from each corner along the axes on which it lies low. */
static void add_box_edges(struct sketch *s, const struct figure_box *box)
{
	int first = s->f.edge_count;

	for (int corner = 0; corner < 8; corner++) {
		double a[FIGURE_AXES], b[FIGURE_AXES];

		for (int i = 0; i < FIGURE_AXES; i++)
			a[i] = corner >> i & 1 ? box->hi[i] : box->lo[i];
		for (int i = 0; i < FIGURE_AXES; i++) {
			if (corner >> i & 1)
				continue;
			memcpy(b, a, sizeof(b));
			b[i] = box->hi[i];
			add_edge(s, a, b);
		}
	}
	add_group(s, first, false);
}

static void add_board(struct sketch *s, const struct figure_box *board)
{
	struct figure *f = &s->f;

	f->boards = grow(s->arena, f->boards, f->board_count, &f->board_room, sizeof(*f->boards));
	f->boards[f->board_count++] = *board;
	f->has_area = true;
	add_box_edges(s, board);
}

static void add_board_between(struct sketch *s, const struct figure_box *box, int axis, double lo,
			      double hi)
{
	struct figure_box board = *box;

	board.lo[axis] = lo;
	board.hi[axis] = hi;
	add_board(s, &board);
}

static void draw_carcass(struct sketch *s, const struct shape *shape, const struct figure_box *box)
{
	double bt = unit_of(shape->value[PARAM_BT]), bp = unit_of(shape->value[PARAM_BP]);
	const double *lo = box->lo, *hi = box->hi;
	struct figure_box inside = *box;

	add_board_between(s, box, CABINET_X, lo[CABINET_X], lo[CABINET_X] + bt);
	add_board_between(s, box, CABINET_X, hi[CABINET_X] - bt, hi[CABINET_X]);
	inside.lo[CABINET_X] += bt;
	inside.hi[CABINET_X] -= bt;
	add_board_between(s, &inside, CABINET_Z, lo[CABINET_Z], lo[CABINET_Z] + bt);
	add_board_between(s, &inside, CABINET_Z, hi[CABINET_Z] - bt, hi[CABINET_Z]);
	inside.lo[CABINET_Z] += bt;
	inside.hi[CABINET_Z] -= bt;
	add_board_between(s, &inside, CABINET_Y, hi[CABINET_Y] - bp, hi[CABINET_Y]);
}

/* Shelves fill their box from front to back; of drawers only the fronts are told. */
static void draw_boards(struct sketch *s, const struct shape *shape, const struct figure_box *box)
{
	struct figure_box across = *box;

	if (shape->kind == SHAPE_DRAWERS)
		across.hi[CABINET_Y] = across.lo[CABINET_Y] + unit_of(shape->value[PARAM_BT]);
	for (int i = 0; i < shape->value[PARAM_N]; i++) {
		double z[2];

		cabinet_board(shape, i, z);
		add_board_between(s, &across, CABINET_Z, z[0] / 1000, z[1] / 1000);
	}
}

static void draw_cabinet(struct sketch *s, const struct scene *scene)
{
	for (int i = 0; i < scene->shape_count; i++) {
		const struct shape *shape = &scene->shapes[i];
		struct cabinet_box whole = cabinet_box(shape);
		struct figure_box box;

		for (int k = 0; k < FIGURE_AXES; k++) {
			box.lo[k] = unit_of(whole.lo[k]);
			box.hi[k] = unit_of(whole.hi[k]);
		}
		switch (shape->kind) {
		case SHAPE_CARCASS:
			draw_carcass(s, shape, &box);
			break;
		case SHAPE_SHELVES:
		case SHAPE_DRAWERS:
			draw_boards(s, shape, &box);
			break;
		default:
			add_board(s, &box);
			continue;
		}
		add_box_edges(s, &box);
	}
}

static void scale_box(struct figure_box *box, double k)
{
	for (int i = 0; i < FIGURE_AXES; i++) {
		box->lo[i] *= k;
		box->hi[i] *= k;
	}
}

/* To millimetres; the whole box, too. */
static void finish(struct figure *f, double k)
{
	for (int i = 0; i < f->edge_count; i++) {
		for (int axis = 0; axis < FIGURE_AXES; axis++) {
			f->edges[i].a[axis] *= k;
			f->edges[i].b[axis] *= k;
		}
	}
	for (int i = 0; i < f->board_count; i++)
		scale_box(&f->boards[i], k);
	for (int i = 0; i < f->run_count; i++)
		scale_box(&f->runs[i].box, k);
	for (int i = 0; i < f->group_count; i++) {
		scale_box(&f->groups[i].box, k);
		if (i == 0)
			f->box = f->groups[0].box;
		stretch(&f->box, f->groups[i].box.lo);
		stretch(&f->box, f->groups[i].box.hi);
	}
}

struct figure figure_from_scene(const struct scene *scene, struct arena *arena)
{
	struct sketch s = {.arena = arena};

	switch (scene->family) {
	case FAMILY_SHAPES:
		draw_shapes(&s, scene);
		break;
	case FAMILY_PLATE:
		draw_plate(&s, scene);
		break;
	case FAMILY_TURNED:
		draw_turned(&s, scene);
		break;
	case FAMILY_CABINET:
		draw_cabinet(&s, scene);
		break;
	case FAMILY_COUNT_:
		break;
	}
	finish(&s.f, unit_mm(scene->unit));
	return s.f;
}

double figure_diagonal(const struct figure *figure)
{
	double square = 0;

	for (int i = 0; i < FIGURE_AXES; i++)
		square += (figure->box.hi[i] - figure->box.lo[i]) *
			  (figure->box.hi[i] - figure->box.lo[i]);
	return sqrt(square);
}
