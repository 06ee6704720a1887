/* SPDX-License-Identifier: MIT */
/*
 * What explains the edges of a turned part: its axis, the cutting planes of sections with their
 * arrows and letters, and hatching.
 */
#include <config.h>

#include <math.h>

#include "render/draft/draft_cut.h"
#include "render/draft/draft_turned.h"
#include "render/draft/hatch.h"

#define NAME_GAP_MM 2.0 /* over centre lines */

static void mark_section(struct drafter *d, int n, int keyway)
{
	const int64_t *v = d->scene->shapes[keyway].value;
	int cylinder = turned_cylinder_at(d->scene, v[PARAM_X]);
	int64_t dia = d->scene->shapes[cylinder].value[PARAM_D];
	double r = drafter_mm(d, dia) / 2, half = drafter_mm(d, v[PARAM_LENGTH]) / 2;
	struct vec o = d->drawing->views[n + 1].origin;
	char letter[2] = {(char)('A' + n), '\0'};
	char name[4] = {letter[0], '-', letter[0], '\0'};
	const char *title = arena_strndup(d->arena, name, 3);
	struct drawing_progress before;
	double up = r + CENTRE_OVER_MM + NAME_GAP_MM + d->style->text_mm / 2, ahead, back, off;
	const char *one = arena_strndup(d->arena, letter, 1);
	struct vec at;

	/* in the middle of arrow and letter, which so keep off extension lines at the keyway's ends */
	drafter_cut_reach(d, CUT_ARROW_ARRIVES, true, one, &ahead, &back);
	off = (back - ahead) / 2;
	at = vec_add(turned_at(d, v[PARAM_X], 0), vec(half + min2(off, half / 2), 0));
	if (drafter_marks_centres(d))
		drafter_centre_cross(d, o, vec(1, 0), r, r, keyway);
	for (int way = 1; way >= -1; way -= 2)
		drafter_cut_mark(d, vec_add(at, vec(0, way * (r + CUT_GAP_MM))), vec(0, way),
				 vec(1, 0), CUT_ARROW_ARRIVES, one);
	before = drawing_progress(d->drawing);
	drafter_name(d, title, vec_add(o, vec(0, up)), LAYER_NOTE);
	drawing_add_symbol(d->drawing, d->arena, SYMBOL_VIEW_TITLE, title, &before);
}

void turned_mark(struct drafter *d)
{
	const struct turned_plan *plan = d->family;
	int keyway;

	drafter_centre_line(d, turned_at(d, 0, 0), turned_at(d, plan->part.length, 0),
			    DRAWING_NOBODY);
	for (int n = 0; (keyway = turned_keyway(d->scene, n)) >= 0; n++)
		mark_section(d, n, keyway);
}

/* The region between the axis and the mirror image of a path above it. */
static struct path lower_half(const struct path *upper, struct arena *arena)
{
	struct vec first = upper->segs[0].a, last = upper->segs[upper->count - 1].b;
	struct path path = {.closed = true};

	path_add_line(&path, arena, vec(last.x, 0), vec(last.x, -last.y));
	path_add_mirrored(&path, upper, arena);
	path_add_line(&path, arena, vec(first.x, -first.y), vec(first.x, 0));
	path_add_line(&path, arena, vec(first.x, 0), vec(last.x, 0));
	return path;
}

static struct vec mirrored(struct vec v)
{
	return vec(v.x, -v.y);
}

/* The outside up to the break on a side, closed along it. */
static struct path broken_end(const struct drafter *d, const struct turned *part, int side)
{
	int64_t x = turned_break(part, side);
	struct turned_corner at = {x, turned_outside_at(part, x), -1};
	struct turned_line all, line = {.count = 0};
	struct path upper, path = {.closed = true};
	struct vec top, bottom;

	turned_outside(part, &all);
	turned_break_points(part, side, &top, &bottom);
	if (side == 1)
		line.corners[line.count++] = at;
	for (int i = 0; i < all.count; i++)
		if (side == 0 ? all.corners[i].x < x : all.corners[i].x > x)
			line.corners[line.count++] = all.corners[i];
	if (side == 0)
		line.corners[line.count++] = at;
	upper = path_from_turned_line(part, &line, d->arena);
	for (int i = 0; i < upper.count; i++)
		path_add_seg(&path, d->arena, &upper.segs[i]);
	if (side == 0)
		turned_add_waves(&path, d->arena, top, bottom, d->drawing->scale);
	else
		path_add_line(&path, d->arena, path.segs[path.count - 1].b,
			      mirrored(path.segs[path.count - 1].b));
	path_add_mirrored(&path, &upper, d->arena);
	if (side == 0)
		path_add_line(&path, d->arena, mirrored(upper.segs[0].a), upper.segs[0].a);
	else
		turned_add_waves(&path, d->arena, bottom, top, d->drawing->scale);
	return path;
}

static void hatch_front(struct drafter *d, const struct turned *part)
{
	struct path *paths = ARENA_NEW(d->arena, struct path, part->bore_count + 2);
	bool half = d->scene->section == SECTION_HALF;
	struct turned_line line;
	int count = 0, first = 0;
	struct path upper;

	turned_outside(part, &line);
	upper = path_from_turned_line(part, &line, d->arena);
	if (d->scene->section == SECTION_QUARTER) {
		count = turned_quarter_paths(d, part, paths);
		first = part->bore_count;
	} else if (d->scene->section == SECTION_LOCAL) {
		for (int side = 0; side < 2; side++)
			if (turned_mouth(part, side))
				paths[count++] = broken_end(d, part, side);
	} else {
		paths[count++] = half ? lower_half(&upper, d->arena)
				      : path_closed_with_mirror(&upper, d->arena);
	}
	while (turned_next_hollow(part, &first, &line)) {
		upper = path_from_turned_line(part, &line, d->arena);
		paths[count++] = half ? lower_half(&upper, d->arena)
				      : path_closed_with_mirror(&upper, d->arena);
	}
	for (int i = 0; i < count; i++)
		paths[i] = turned_on_sheet(d, &paths[i]);
	drafter_hatch(d, paths, count, DRAWING_NOBODY);
}

void turned_finish(struct drafter *d)
{
	const struct turned_plan *plan = d->family;
	int keyway;

	if (d->scene->section != SECTION_NONE)
		hatch_front(d, &plan->part);
	for (int n = 0; (keyway = turned_keyway(d->scene, n)) >= 0; n++) {
		struct path path = turned_section_path(d, n, keyway);

		drafter_hatch(d, &path, 1, keyway);
	}
}
