/* SPDX-License-Identifier: MIT */
/*
 * A profile is a list of pieces, in which a groove splits its cylinder in two; a line is the list of
 * its corners, where chamfers and fillets are looked up by place. The path of a line goes from corner
 * to corner: a chamfer leaves out c of the edges on both sides, a fillet rounds with r.
 */
#include <config.h>

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "formats/scene/turned.h"

static bool is_step(enum shape_kind kind)
{
	return kind == SHAPE_CYLINDER || kind == SHAPE_CONE;
}

static void add_piece(struct turned *part, struct turned_piece piece)
{
	assert(part->count < TURNED_PIECES_MAX);
	if (piece.x1 > piece.x0)
		part->pieces[part->count++] = piece;
}

/* A cylinder or cone, in parts where grooves are cut in. */
static void add_step(struct turned *part, int index)
{
	const struct scene *scene = part->scene;
	const int64_t *v = scene->shapes[index].value;
	bool cone = scene->shapes[index].kind == SHAPE_CONE;
	struct turned_piece piece = {v[PARAM_X], v[PARAM_X] + v[PARAM_LENGTH], v[PARAM_D],
				     cone ? v[PARAM_D2] : v[PARAM_D], index};
	int64_t end = piece.x1;

	for (int i = 0; i < scene->shape_count && !cone; i++) {
		const int64_t *g = scene->shapes[i].value;

		if (scene->shapes[i].kind != SHAPE_GROOVE || g[PARAM_X] < piece.x0 ||
		    g[PARAM_X] >= end)
			continue;
		piece.x1 = g[PARAM_X];
		add_piece(part, piece);
		piece.x0 = g[PARAM_X] + g[PARAM_WIDTH];
		add_piece(part,
			  (struct turned_piece){piece.x1, piece.x0, g[PARAM_D], g[PARAM_D], i});
	}
	piece.x1 = end;
	add_piece(part, piece);
	part->length = end;
}

void turned_from_scene(struct turned *part, const struct scene *scene)
{
	part->scene = scene;
	part->length = 0;
	part->count = part->bore_count = 0;
	for (int i = 0; i < scene->shape_count; i++) {
		const int64_t *v = scene->shapes[i].value;

		if (is_step(scene->shapes[i].kind))
			add_step(part, i);
		else if (scene->shapes[i].kind == SHAPE_BORE)
			part->bores[part->bore_count++] =
				(struct turned_piece){v[PARAM_X], v[PARAM_X] + v[PARAM_LENGTH],
						      v[PARAM_D], v[PARAM_D], i};
	}
}

int64_t turned_widest(const struct turned *part)
{
	int64_t widest = 0;

	for (int i = 0; i < part->count; i++) {
		if (part->pieces[i].d0 > widest)
			widest = part->pieces[i].d0;
		if (part->pieces[i].d1 > widest)
			widest = part->pieces[i].d1;
	}
	return widest;
}

int64_t turned_mouth(const struct turned *part, int side)
{
	for (int i = 0; i < part->bore_count; i++)
		if (side == 0 ? part->bores[i].x0 == 0 : part->bores[i].x1 == part->length)
			return part->bores[i].d0;
	return 0;
}

bool turned_is_interrupted(const struct scene *scene)
{
	return scene->interrupted[0] != scene->interrupted[1];
}

int64_t turned_gap(const struct scene *scene)
{
	return (int64_t)ceil(1000 * TURNED_GAP_MM / scene_paper_per_unit(scene));
}

/* Takes `removed` out of the cylinder that reaches from `from` or before to `to` or beyond. */
static void shorten(struct scene *shown, int64_t from, int64_t to, int64_t removed)
{
	for (int i = 0; i < shown->shape_count; i++) {
		int64_t *v = shown->shapes[i].value;

		if (v[PARAM_X] >= to)
			v[PARAM_X] -= removed;
		else if (shown->shapes[i].kind == SHAPE_CYLINDER &&
			 v[PARAM_X] + v[PARAM_LENGTH] > from)
			v[PARAM_LENGTH] -= removed;
	}
}

struct scene turned_shown(const struct scene *scene, struct arena *arena)
{
	const int64_t *gone = scene->interrupted, *off = scene->off_scale;
	struct scene shown = *scene;

	if (!turned_is_interrupted(scene) && off[2] == 0)
		return shown;
	shown.shapes = ARENA_NEW(arena, struct shape, scene->shape_count);
	memcpy(shown.shapes, scene->shapes, (size_t)scene->shape_count * sizeof(*shown.shapes));
	if (off[2] != 0)
		shorten(&shown, off[0], off[1], off[1] - off[0] - off[2]);
	if (turned_is_interrupted(scene)) {
		shorten(&shown, gone[0], gone[1], gone[1] - gone[0] - turned_gap(scene));
		shown.interrupted[1] = gone[0] + turned_gap(scene);
	}
	return shown;
}

int turned_corner_shape(const struct scene *scene, int64_t x, int64_t d)
{
	for (int i = 0; i < scene->shape_count; i++) {
		const struct shape *s = &scene->shapes[i];

		if ((s->kind == SHAPE_CHAMFER || s->kind == SHAPE_FILLET) &&
		    s->value[PARAM_X] == x && 2 * s->value[PARAM_Y] == d)
			return i;
	}
	return -1;
}

static void add_corner(const struct turned *part, struct turned_line *line, int64_t x, int64_t d)
{
	const struct turned_corner *last = line->count ? &line->corners[line->count - 1] : NULL;

	if (last && last->x == x && last->d == d)
		return;
	line->corners[line->count++] =
		(struct turned_corner){x, d, turned_corner_shape(part->scene, x, d)};
}

static void add_corners(const struct turned *part, struct turned_line *line,
			const struct turned_piece *piece)
{
	add_corner(part, line, piece->x0, piece->d0);
	add_corner(part, line, piece->x1, piece->d1);
}

void turned_outside(const struct turned *part, struct turned_line *line)
{
	line->count = 0;
	line->opens[0] = line->opens[1] = false;
	for (int i = 0; i < part->count; i++)
		add_corners(part, line, &part->pieces[i]);
}

bool turned_next_hollow(const struct turned *part, int *first, struct turned_line *line)
{
	const struct turned_piece *bores = part->bores;
	int i = *first;

	if (i >= part->bore_count)
		return false;
	line->count = 0;
	line->opens[0] = bores[i].x0 == 0;
	do
		add_corners(part, line, &bores[i]);
	while (++i < part->bore_count && bores[i].x0 == bores[i - 1].x1);
	line->opens[1] = bores[i - 1].x1 == part->length;
	*first = i;
	return true;
}

int64_t turned_break(const struct turned *part, int side)
{
	struct turned_line line;
	int64_t x = 0;
	int first = 0;

	while (turned_next_hollow(part, &first, &line)) {
		const struct turned_corner *a = &line.corners[0],
					   *b = &line.corners[line.count - 1];

		if (side == 0 && line.opens[0])
			x = b->x + b->d / 2;
		if (side == 1 && line.opens[1])
			x = a->x - a->d / 2;
	}
	return x;
}

bool turned_is_halved(const struct scene *scene)
{
	return scene->section == SECTION_HALF || scene->section == SECTION_QUARTER;
}

bool turned_is_cut_along(const struct scene *scene)
{
	return scene->section == SECTION_FULL || turned_is_halved(scene);
}

/* Whether piece i ends at a plane wall whose foot is sharp, and neither side of it is a groove. */
static bool is_plain_shoulder(const struct turned *part, int i)
{
	const struct shape *shapes = part->scene->shapes;
	const struct turned_piece *p = &part->pieces[i], *next = p + 1;
	int64_t low = p->d1 < next->d0 ? p->d1 : next->d0;
	int foot = turned_corner_shape(part->scene, p->x1, low);

	return p->d1 != next->d0 && shapes[p->shape].kind != SHAPE_GROOVE &&
	       shapes[next->shape].kind != SHAPE_GROOVE &&
	       (foot < 0 || shapes[foot].kind != SHAPE_FILLET);
}

struct turned_cut turned_quarter(const struct turned *part)
{
	int64_t best = part->length / 4;
	struct turned_cut cut = {.side = turned_mouth(part, 1) > turned_mouth(part, 0)};

	for (int i = 0; i < part->count; i++) {
		const struct turned_piece *p = &part->pieces[i];

		if (2 * p->x0 <= part->length && part->length < 2 * p->x1 && !cut.at_shoulder) {
			cut.x = (p->x0 + p->x1) / 2;
			cut.d = (p->d0 + p->d1) / 2;
		}
		if (i + 1 == part->count || !is_plain_shoulder(part, i) ||
		    llabs(2 * p->x1 - part->length) >= 2 * best)
			continue;
		best = (llabs(2 * p->x1 - part->length) + 1) / 2;
		cut.at_shoulder = true;
		cut.x = p->x1;
		cut.d = cut.side == 0 ? p->d1 : p[1].d0;
	}
	return cut;
}

static struct vec corner_point(const struct turned_corner *corner)
{
	return vec((double)corner->x / 1000, (double)corner->d / 2000);
}

/* Unit vectors along the edges before and after a corner. */
static void edges_at(const struct turned_line *line, int i, struct vec *before, struct vec *after)
{
	struct vec at = corner_point(&line->corners[i]);

	*before = vec(0, line->opens[0] ? -1 : 1);
	*after = vec(0, line->opens[1] ? 1 : -1);
	if (i > 0)
		*before = vec_unit(vec_sub(at, corner_point(&line->corners[i - 1])));
	if (i + 1 < line->count)
		*after = vec_unit(vec_sub(corner_point(&line->corners[i + 1]), at));
}

struct path path_from_turned_line(const struct turned *part, const struct turned_line *line,
				  struct arena *arena)
{
	struct path path = {0};
	struct vec at = vec(0, 0);

	for (int i = 0; i < line->count; i++) {
		const struct turned_corner *corner = &line->corners[i];
		const struct shape *taken =
			corner->taken < 0 ? NULL : &part->scene->shapes[corner->taken];
		bool fillet = taken && taken->kind == SHAPE_FILLET;
		double size = !taken ? 0 : (double)taken->value[fillet ? PARAM_R : PARAM_C] / 1000;
		struct vec point = corner_point(corner), before, after, from, to;

		edges_at(line, i, &before, &after);
		from = vec_sub(point, vec_scale(before, size));
		to = vec_add(point, vec_scale(after, size));
		if (i > 0)
			path_add_line(&path, arena, at, from);
		if (fillet) {
			struct vec centre = vec_add(from, vec_scale(after, size));
			struct vec arm = vec_scale(after, -1);
			double sweep = vec_cross(before, after) > 0 ? M_PI / 2 : -M_PI / 2;

			path_add_arc(&path, arena, centre, size, size, 0, atan2(arm.y, arm.x),
				     sweep);
		} else if (taken) {
			path_add_line(&path, arena, from, to);
		}
		at = to;
	}
	return path;
}

void path_add_mirrored(struct path *path, const struct path *upper, struct arena *arena)
{
	for (int i = upper->count - 1; i >= 0; i--) {
		const struct seg *s = &upper->segs[i];

		if (s->kind == SEG_LINE)
			path_add_line(path, arena, vec(s->b.x, -s->b.y), vec(s->a.x, -s->a.y));
		else
			path_add_arc(path, arena, vec(s->centre.x, -s->centre.y), s->rx, s->ry, 0,
				     -s->from - s->sweep, s->sweep);
	}
}

struct path path_closed_with_mirror(const struct path *upper, struct arena *arena)
{
	struct path path = {.closed = true};
	struct vec first = upper->segs[0].a, last = upper->segs[upper->count - 1].b;

	for (int i = 0; i < upper->count; i++)
		path_add_seg(&path, arena, &upper->segs[i]);
	path_add_line(&path, arena, last, vec(last.x, -last.y));
	path_add_mirrored(&path, upper, arena);
	path_add_line(&path, arena, vec(first.x, -first.y), first);
	return path;
}
