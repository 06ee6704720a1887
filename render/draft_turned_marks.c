/* SPDX-License-Identifier: MIT */
/*
 * What explains the edges of a turned part: its axis, the cutting planes of sections with their
 * arrows and letters (ISO 128-3, ASME Y14.3), and hatching.
 */
#include <config.h>

#include <math.h>

#include "render/draft_turned.h"
#include "render/hatch.h"

#define CUT_GAP_MM 1.5 /* from the outline to the mark of a cutting plane */
#define CUT_MM (TURNED_MARK_MM - CUT_GAP_MM - 1)
#define CUT_TAIL_MM 2.5   /* of its arrow's line, behind the head */
#define LETTER_GAP_MM 1.2 /* from the mark to its letter */
#define NAME_GAP_MM 2.0   /* over centre lines */

/* A line of lettering on the given layer, its middle at `middle`. */
static void draw_name(struct drafter *d, const char *utf8, struct vec middle, enum layer layer)
{
	struct lettering_block *block = ARENA_NEW(d->arena, struct lettering_block, 1);
	struct proposal p = {0};

	*block = lettering_of_text(d, utf8);
	proposal_set_text_in_line(&p, block, middle, 0);
	proposal_draw(d, &p, DRAWING_NOBODY);
	d->drawing->texts[d->drawing->text_count - 1].layer = layer;
}

/* One end of a cutting plane: a thick stroke from `a` outwards, an arrow that points the way of sight,
 * to the right, and the letter. */
static void draw_cut_mark(struct drafter *d, struct vec a, double way, const char *letter)
{
	const struct style *style = d->style;
	struct vec b = vec_add(a, vec(0, way * CUT_MM)), tip = vec_sub(b, vec(0, way));
	struct vec tail = vec_sub(tip, vec(style->arrow_mm + CUT_TAIL_MM, 0));
	double wide = font_text_width(d->font, letter, style->text_mm);
	struct drawing_progress before = drawing_progress(d->drawing);
	struct proposal p = {0};
	struct path path = {0};

	path_add_line(&path, d->arena, a, b);
	drafter_stroke(d, &path, LAYER_SECTION, LINE_CONTINUOUS, DRAWING_NOBODY)->width_mm =
		style->thick_mm;
	proposal_add_line(&p, tail, tip, LAYER_SECTION);
	proposal_add_arrow(&p, style, tip, vec(1, 0));
	if (style->arrow >= STYLE_ARROW_TICK) /* it points, so it is a head */
		p.arrows[0].kind = ARROW_FILLED;
	proposal_draw(d, &p, DRAWING_NOBODY);
	draw_name(d, letter, vec_add(tip, vec(LETTER_GAP_MM + wide / 2, 0)), LAYER_SECTION);
	drawing_add_symbol(d->drawing, d->arena, SYMBOL_SECTION_MARK, letter, &before);
}

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
	double up = r + CENTRE_OVER_MM + NAME_GAP_MM + d->style->text_mm / 2;
	/* in the middle of arrow and letter, which so keep off extension lines at the keyway's ends */
	double off = (d->style->arrow_mm + CUT_TAIL_MM - LETTER_GAP_MM -
		      font_text_width(d->font, letter, d->style->text_mm)) /
		     2;
	struct vec at = vec_add(turned_at(d, v[PARAM_X], 0), vec(half + min2(off, half / 2), 0));

	if (drafter_marks_centres(d))
		drafter_centre_cross(d, o, vec(1, 0), r, r, keyway);
	draw_cut_mark(d, vec_add(at, vec(0, r + CUT_GAP_MM)), 1,
		      arena_strndup(d->arena, letter, 1));
	draw_cut_mark(d, vec_sub(at, vec(0, r + CUT_GAP_MM)), -1,
		      arena_strndup(d->arena, letter, 1));
	before = drawing_progress(d->drawing);
	draw_name(d, title, vec_add(o, vec(0, up)), LAYER_NOTE);
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
