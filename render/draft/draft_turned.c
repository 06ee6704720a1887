/* SPDX-License-Identifier: MIT */
/*
 * The family "turned": the edges of a body of revolution from the side, cut open or not, after ISO
 * 128-3, 6410-1 (threads) and ASME Y14.3.
 *
 * The outline is one closed figure, symmetrical about the axis. Rings are the edges seen from the side,
 * lines across it; where the part is cut, only those inside its hollows are seen. Bores are drawn as
 * the outline of the hollow: above and below the axis, in half and quarter sections below alone.
 */
#include <config.h>

#include <math.h>

#include "render/draft/draft_turned.h"

#define THREAD_ROOT 0.85  /* of the diameter: the thin line of ISO 6410-1 */
#define RUNOUT_GAP_MM 0.9 /* of the imaginary edge at a fillet, to the outline */
#define WAVE_MM 5.0       /* of a break line, about */
#define WAVE_DEPTH_MM 0.55

struct vec turned_at(const struct drafter *d, int64_t x, int64_t diameter)
{
	return vec_add(d->drawing->datum, vec(drafter_mm(d, x), drafter_mm(d, diameter) / 2));
}

int turned_keyway(const struct scene *scene, int n)
{
	for (int i = 0; i < scene->shape_count; i++)
		if (scene->shapes[i].kind == SHAPE_KEYWAY && n-- == 0)
			return i;
	return -1;
}

int turned_cylinder_at(const struct scene *scene, int64_t x)
{
	for (int i = 0; i < scene->shape_count; i++) {
		const struct shape *s = &scene->shapes[i];

		if (s->kind == SHAPE_CYLINDER && s->value[PARAM_X] <= x &&
		    x < s->value[PARAM_X] + s->value[PARAM_LENGTH])
			return i;
	}
	return -1;
}

static bool is_in_quarter(const struct turned *part, int64_t x)
{
	struct turned_cut cut = turned_quarter(part);

	return cut.side == 0 ? x < cut.x : x > cut.x;
}

/* Whether the half above (0) or below (1) the axis is cut open at x. */
static bool is_cut(const struct turned *part, int64_t x, int half)
{
	switch (part->scene->section) {
	case SECTION_FULL:
		return true;
	case SECTION_HALF:
		return half == 1;
	case SECTION_LOCAL:
		return (turned_mouth(part, 0) && x < turned_break(part, 0)) ||
		       (turned_mouth(part, 1) && x > turned_break(part, 1));
	case SECTION_QUARTER:
		return half == 1 && is_in_quarter(part, x);
	case SECTION_NONE:
	case SECTION_COUNT_:
		break;
	}
	return false;
}

static void draw_line(struct drafter *d, struct vec a, struct vec b, enum layer layer,
		      enum line_type type, int shape)
{
	struct path path = {0};

	path_add_line(&path, d->arena, a, b);
	drafter_stroke(d, &path, layer, type, shape);
}

/* A path in the drawing's unit, in view 0. */
struct path turned_on_sheet(const struct drafter *d, const struct path *path)
{
	return path_place(path, d->drawing->datum, d->drawing->scale, d->arena);
}

/* The halves of a line across the axis, each where it is wanted. */
static void draw_ring(struct drafter *d, int64_t x, int64_t diameter, bool above, bool below,
		      enum layer layer, enum line_type type, int shape)
{
	if (above || below)
		draw_line(d, turned_at(d, x, below ? -diameter : 0),
			  turned_at(d, x, above ? diameter : 0), layer, type, shape);
}

/* An edge of the outside, where it is not cut away. */
static void draw_edge(struct drafter *d, const struct turned *part, int64_t x, int64_t diameter,
		      int shape)
{
	draw_ring(d, x, diameter, !is_cut(part, x, 0), !is_cut(part, x, 1), LAYER_OUTLINE,
		  LINE_CONTINUOUS, shape);
}

/* The imaginary edge at a fillet, ISO 128-3: thin, off the outline. */
static void draw_runout(struct drafter *d, const struct turned *part, int64_t x, int64_t diameter,
			int shape)
{
	struct vec gap = vec(0, RUNOUT_GAP_MM), a = turned_at(d, x, diameter);
	struct vec b = turned_at(d, x, -diameter), axis = turned_at(d, x, 0);

	if (drafter_mm(d, diameter) / 2 < 3 * RUNOUT_GAP_MM || is_cut(part, x, 0))
		return;
	draw_line(d, vec_sub(a, gap), is_cut(part, x, 1) ? axis : vec_add(b, gap), LAYER_THIN,
		  LINE_CONTINUOUS, shape);
}

static bool is_fillet(const struct turned *part, const struct turned_corner *corner)
{
	return corner->taken >= 0 && part->scene->shapes[corner->taken].kind == SHAPE_FILLET;
}

/* Edges at corner i of the outside and on the wall to the next. */
static void draw_corner(struct drafter *d, const struct turned *part,
			const struct turned_line *line, int i)
{
	const struct turned_corner *k = &line->corners[i];
	bool last = i + 1 == line->count;
	bool wall = !last && k[1].x == k->x, wall_before = i > 0 && k[-1].x == k->x;

	if (k->taken >= 0 && !is_fillet(part, k)) {
		int64_t c = part->scene->shapes[k->taken].value[PARAM_C];
		bool level_after = !last && k[1].d == k->d;

		draw_edge(d, part, level_after ? k->x + c : k->x - c, k->d, k->taken);
	}
	if (wall) {
		const struct turned_corner *low = k[1].d < k->d ? &k[1] : k;

		if (is_fillet(part, low))
			draw_runout(d, part, k->x, low->d, low->taken);
		else
			draw_edge(d, part, k->x, low->d, DRAWING_NOBODY);
	} else if (i > 0 && !last && !wall_before) {
		draw_edge(d, part, k->x, k->d, DRAWING_NOBODY);
	}
}

/* The outside up to x from the left (side 0), or from x on: open there, from the lower edge to the upper
 * or back. */
static struct path outside_beside(const struct drafter *d, const struct turned *part, int side,
				  int64_t x)
{
	struct turned_corner at = {x, turned_outside_at(part, x), -1};
	struct turned_line all, line = {.count = 0};
	struct path upper, path = {0};
	struct vec face;

	turned_outside(part, &all);
	if (side == 1)
		line.corners[line.count++] = at;
	for (int i = 0; i < all.count; i++)
		if (side == 0 ? all.corners[i].x < x : all.corners[i].x > x)
			line.corners[line.count++] = all.corners[i];
	if (side == 0)
		line.corners[line.count++] = at;
	upper = path_from_turned_line(part, &line, d->arena);
	face = side == 0 ? upper.segs[0].a : upper.segs[upper.count - 1].b;
	if (side == 0) {
		path_add_mirrored(&path, &upper, d->arena);
		path_add_line(&path, d->arena, vec(face.x, -face.y), face);
	}
	for (int i = 0; i < upper.count; i++)
		path_add_seg(&path, d->arena, &upper.segs[i]);
	if (side == 1) {
		path_add_line(&path, d->arena, face, vec(face.x, -face.y));
		path_add_mirrored(&path, &upper, d->arena);
	}
	return path;
}

/* Nothing may be drawn where a piece of the part is left out. */
static void keep_gap_free(struct drafter *d, int64_t x0, int64_t x1, int64_t diameter)
{
	struct vec corners[4] = {turned_at(d, x0, -diameter), turned_at(d, x1, -diameter),
				 turned_at(d, x1, diameter), turned_at(d, x0, diameter)};

	if (d->map)
		draft_map_mark(d->map, MAP_SOLID, corners, 4);
}

/* Both ends of an interrupted view, each up to its break line. */
static void draw_ends(struct drafter *d, const struct turned *part)
{
	const int64_t *gap = d->scene->interrupted;
	int64_t diameter = turned_outside_at(part, gap[0]);
	double y = (double)diameter / 2000;

	for (int side = 0; side < 2; side++) {
		double x = (double)gap[side] / 1000;
		struct path path = outside_beside(d, part, side, gap[side]), waves = {0};

		path = turned_on_sheet(d, &path);
		drafter_stroke(d, &path, LAYER_OUTLINE, LINE_CONTINUOUS, 0);
		turned_add_waves(&waves, d->arena, vec(x, y), vec(x, -y), d->drawing->scale);
		waves = turned_on_sheet(d, &waves);
		drafter_stroke(d, &waves, LAYER_THIN, LINE_CONTINUOUS, DRAWING_NOBODY);
	}
	keep_gap_free(d, gap[0], gap[1], diameter);
}

static void draw_outside(struct drafter *d, const struct turned *part)
{
	struct turned_line line;
	struct path upper, path;

	turned_outside(part, &line);
	upper = path_from_turned_line(part, &line, d->arena);
	path = path_closed_with_mirror(&upper, d->arena);
	path = turned_on_sheet(d, &path);
	if (turned_is_interrupted(d->scene))
		draw_ends(d, part);
	else
		drafter_stroke(d, &path, LAYER_OUTLINE, LINE_CONTINUOUS, 0);
	for (int i = 0; i < line.count; i++)
		draw_corner(d, part, &line, i);
}

/* The outline of a hollow: for each half that is shown its own path, or one round a blind end. */
static void draw_hollow_outline(struct drafter *d, const struct turned_line *line,
				const struct path *upper, bool half, enum layer layer,
				enum line_type type, int shape)
{
	struct vec first = upper->segs[0].a, last = upper->segs[upper->count - 1].b;
	bool through = line->opens[0] && line->opens[1];
	struct path path = {0}, placed;

	if (half) {
		path = turned_lower_hollow(line, upper, d->arena);
		placed = turned_on_sheet(d, &path);
		drafter_stroke(d, &placed, layer, type, shape);
		return;
	}
	if (through || line->opens[0]) {
		for (int i = 0; i < upper->count; i++)
			path_add_seg(&path, d->arena, &upper->segs[i]);
		if (through) {
			placed = turned_on_sheet(d, &path);
			drafter_stroke(d, &placed, layer, type, shape);
			path = (struct path){0};
		}
	}
	if (!through && line->opens[0])
		path_add_line(&path, d->arena, last, vec(last.x, -last.y));
	path_add_mirrored(&path, upper, d->arena);
	if (!through && line->opens[1])
		path_add_line(&path, d->arena, vec(first.x, -first.y), first);
	if (!through && line->opens[1])
		for (int i = 0; i < upper->count; i++)
			path_add_seg(&path, d->arena, &upper->segs[i]);
	placed = turned_on_sheet(d, &path);
	drafter_stroke(d, &placed, layer, type, shape);
}

static void draw_hollow(struct drafter *d, const struct turned *part,
			const struct turned_line *line, int shape)
{
	bool hidden = part->scene->section == SECTION_NONE;
	bool half = part->scene->section == SECTION_HALF;
	enum layer layer = hidden ? LAYER_HIDDEN : LAYER_OUTLINE;
	enum line_type type = hidden ? LINE_DASHED : LINE_CONTINUOUS;
	struct path upper = path_from_turned_line(part, line, d->arena);

	draw_hollow_outline(d, line, &upper, half, layer, type, shape);
	for (int i = 0; i < line->count; i++) {
		const struct turned_corner *k = &line->corners[i];
		bool wall = i + 1 < line->count && k[1].x == k->x;

		if (wall)
			draw_ring(d, k->x, k[1].d < k->d ? k[1].d : k->d, !half, true, layer, type,
				  shape);
		if (k->taken >= 0) {
			int64_t c = part->scene->shapes[k->taken].value[PARAM_C];

			draw_ring(d, i == 0 ? k->x + c : k->x - c, k->d, !half, true, layer, type,
				  k->taken);
		}
	}
}

/* The diameter of the outside at x. */
int64_t turned_outside_at(const struct turned *part, int64_t x)
{
	for (int i = 0; i < part->count; i++) {
		const struct turned_piece *p = &part->pieces[i];

		if (x >= p->x0 && x <= p->x1)
			return p->d0 + (p->d1 - p->d0) * (x - p->x0) / (p->x1 - p->x0);
	}
	return 0;
}

/* Appends a wavy line from a straight down or up to b: an odd number of arcs that bulge right, left,
 * right, ... and so the same way round from b to a. */
void turned_add_waves(struct path *path, struct arena *arena, struct vec a, struct vec b,
		      double scale)
{
	double height = fabs(b.y - a.y), way = b.y > a.y ? 1 : -1;
	int n = 2 * (int)(height * scale / WAVE_MM / 2) + 3;
	double half = height / n / 2, depth = WAVE_DEPTH_MM / scale;
	double r = (half * half + depth * depth) / (2 * depth), angle = asin(min2(half / r, 1));

	for (int i = 0; i < n; i++) {
		double y = a.y + way * (2 * i + 1) * half, side = i % 2 ? -1 : 1;
		struct vec centre = vec(a.x - side * (r - depth), y);
		double middle = side > 0 ? 0 : M_PI;

		path_add_arc(path, arena, centre, r, r, 0, middle - side * way * angle,
			     side * way * 2 * angle);
	}
}

/* Where the local section on a side ends. */
void turned_break_points(const struct turned *part, int side, struct vec *top, struct vec *bottom)
{
	int64_t x = turned_break(part, side);
	double y = (double)turned_outside_at(part, x) / 2000;

	*top = vec((double)x / 1000, y);
	*bottom = vec(top->x, -y);
}

static void draw_breaks(struct drafter *d, const struct turned *part)
{
	for (int side = 0; side < 2; side++) {
		struct vec top, bottom;
		struct path path = {0};

		if (!turned_mouth(part, side))
			continue;
		turned_break_points(part, side, &top, &bottom);
		turned_add_waves(&path, d->arena, top, bottom, d->drawing->scale);
		path = turned_on_sheet(d, &path);
		drafter_stroke(d, &path, LAYER_THIN, LINE_CONTINUOUS, DRAWING_NOBODY);
	}
}

/* How far the thin line stays away from the end of its cylinder, behind a chamfer. */
static int64_t root_behind_chamfer(const struct scene *scene, int64_t x, int64_t d)
{
	int i = turned_corner_shape(scene, x, d);
	int64_t depth = (int64_t)((1 - THREAD_ROOT) / 2 * (double)d);

	if (i < 0 || scene->shapes[i].kind != SHAPE_CHAMFER)
		return 0;
	return scene->shapes[i].value[PARAM_C] > depth ? scene->shapes[i].value[PARAM_C] - depth
						       : 0;
}

static bool is_corner_at(const struct turned_line *line, int64_t x)
{
	for (int i = 0; i < line->count; i++)
		if (line->corners[i].x == x)
			return true;
	return false;
}

/* The thick line where a thread ends on its cylinder; in sections between crest and root. */
static void draw_thread_limit(struct drafter *d, const struct turned *part, int64_t x, int64_t dia,
			      int shape)
{
	int64_t root = (int64_t)(THREAD_ROOT * (double)dia);

	draw_edge(d, part, x, dia, shape);
	for (int half = 0; half < 2; half++)
		if (is_cut(part, x, half))
			draw_line(d, turned_at(d, x, half ? -dia : dia),
				  turned_at(d, x, half ? -root : root), LAYER_OUTLINE,
				  LINE_CONTINUOUS, shape);
}

static void draw_threads(struct drafter *d, const struct turned *part)
{
	const struct scene *scene = part->scene;
	struct turned_line line;

	turned_outside(part, &line);
	for (int i = 0; i < scene->shape_count; i++) {
		const int64_t *v = scene->shapes[i].value;
		int64_t x0 = v[PARAM_X], x1 = x0 + v[PARAM_LENGTH], dia = v[PARAM_D];
		int64_t root = (int64_t)(THREAD_ROOT * (double)dia);

		if (scene->shapes[i].kind != SHAPE_THREAD)
			continue;
		if (!is_corner_at(&line, x0))
			draw_thread_limit(d, part, x0, dia, i);
		if (!is_corner_at(&line, x1))
			draw_thread_limit(d, part, x1, dia, i);
		x0 += root_behind_chamfer(scene, x0, dia);
		x1 -= root_behind_chamfer(scene, x1, dia);
		for (int k = -1; k <= 1; k += 2)
			draw_line(d, turned_at(d, x0, k * root), turned_at(d, x1, k * root),
				  LAYER_THIN, LINE_CONTINUOUS, i);
	}
}

/* The keyway from above. */
static void draw_slot(struct drafter *d, const struct shape *s, int index)
{
	double r = drafter_mm(d, s->value[PARAM_WIDTH]) / 2;
	struct vec a = vec_add(turned_at(d, s->value[PARAM_X], 0), vec(r, 0));
	struct vec b =
		vec_sub(turned_at(d, s->value[PARAM_X] + s->value[PARAM_LENGTH], 0), vec(r, 0));
	struct path path = {.closed = true};

	path_add_line(&path, d->arena, vec_sub(a, vec(0, r)), vec_sub(b, vec(0, r)));
	path_add_arc(&path, d->arena, b, r, r, 0, -M_PI / 2, M_PI);
	path_add_line(&path, d->arena, vec_add(b, vec(0, r)), vec_add(a, vec(0, r)));
	path_add_arc(&path, d->arena, a, r, r, 0, M_PI / 2, M_PI);
	drafter_stroke(d, &path, LAYER_OUTLINE, LINE_CONTINUOUS, index);
}

/* What is cut through at the n-th keyway: seen from the left, the keyway is on the right. */
struct path turned_section_path(const struct drafter *d, int n, int keyway)
{
	const int64_t *v = d->scene->shapes[keyway].value;
	int cylinder = turned_cylinder_at(d->scene, v[PARAM_X]);
	double r = drafter_mm(d, d->scene->shapes[cylinder].value[PARAM_D]) / 2;
	double half = drafter_mm(d, v[PARAM_WIDTH]) / 2, floor = r - drafter_mm(d, v[PARAM_DEPTH]);
	struct vec o = d->drawing->views[n + 1].origin;
	double angle = asin(half / r);
	struct path path = {.closed = true};

	path_add_arc(&path, d->arena, o, r, r, 0, angle, 2 * M_PI - 2 * angle);
	path_add_line(&path, d->arena, vec_add(o, vec_polar(r, -angle)),
		      vec_add(o, vec(floor, -half)));
	path_add_line(&path, d->arena, vec_add(o, vec(floor, -half)), vec_add(o, vec(floor, half)));
	path_add_line(&path, d->arena, vec_add(o, vec(floor, half)),
		      vec_add(o, vec_polar(r, angle)));
	return path;
}

static void draw(struct drafter *d)
{
	struct turned *part = ARENA_NEW(d->arena, struct turned, 1);
	struct turned_line line;
	bool quarter = d->scene->section == SECTION_QUARTER;
	int first = 0, keyway;

	turned_from_scene(part, d->scene);
	draw_outside(d, part);
	for (int at = 0; turned_next_hollow(part, &first, &line); at = first)
		(quarter ? turned_draw_quarter_hollow : draw_hollow)(d, part, &line,
								     part->bores[at].shape);
	if (d->scene->section == SECTION_LOCAL)
		draw_breaks(d, part);
	if (quarter)
		turned_draw_quarter_edge(d, part);
	draw_threads(d, part);
	for (int n = 0; (keyway = turned_keyway(d->scene, n)) >= 0; n++) {
		struct path path = turned_section_path(d, n, keyway);

		draw_slot(d, &d->scene->shapes[keyway], keyway);
		drafter_stroke(d, &path, LAYER_OUTLINE, LINE_CONTINUOUS, keyway);
	}
}

const struct draft_family draft_turned = {turned_place,   draw, turned_mark,
					  turned_measure, NULL, turned_finish};
