/* SPDX-License-Identifier: MIT */
/*
 * Curves that meet end to end become one stroke, so that their corners are whole: pens end their lines
 * square. Hidden lines stay single, and each begins with a dash.
 */
#include <config.h>

#include <assert.h>
#include <math.h>

#include "render/draft/draft_solid_cut.h"
#include "render/draft/draft_views.h"
#include "render/draft/hatch.h"

#define FILL 0.8               /* of the sheet by one view */
#define CHORD_MM 0.01          /* how far chords lie from a spline */
#define SHORTEST_DASHED_MM 0.6 /* in shorter ones no gap could be seen */
#define MEETING_MM 0.01        /* what ends no farther apart meets */
#define SPLINE_POINTS 16       /* of each of its curves, for its box */

/* --- boxes ---------------------------------------------------------------------------------- */

static const struct box nothing = {INFINITY, INFINITY, -INFINITY, -INFINITY};

static bool is_empty(const struct box *box)
{
	return box->x0 > box->x1;
}

static void include(struct box *box, struct vec p)
{
	box->x0 = min2(box->x0, p.x);
	box->y0 = min2(box->y0, p.y);
	box->x1 = max2(box->x1, p.x);
	box->y1 = max2(box->y1, p.y);
}

/* Where an arc reaches farthest to one side, if it comes there: at that angle and the opposite one. */
static void include_turn(struct box *box, const struct seg *seg, double angle)
{
	for (int i = 0; i < 2; i++) {
		double past = fmod(angle + i * M_PI - seg->from, 2 * M_PI);
		double t;

		past += past < 0 ? 2 * M_PI : 0;
		past -= seg->sweep < 0 ? 2 * M_PI : 0;
		t = past / seg->sweep;
		if (t <= 1)
			include(box, seg_point(seg, t));
	}
}

static void include_curve(struct box *box, const struct solid_curve *curve)
{
	const struct seg *seg = &curve->seg;

	int points = curve->poles ? SPLINE_POINTS * (curve->pole_count - 1) / 3 : 0;

	for (int i = 0; i <= points && curve->poles; i++)
		include(box, solid_curve_point(curve, (double)i / points));
	if (curve->poles)
		return;
	include(box, seg->a);
	include(box, seg->b);
	if (seg->kind == SEG_LINE)
		return;
	include_turn(box, seg, atan2(-seg->ry * sin(seg->rotation), seg->rx * cos(seg->rotation)));
	include_turn(box, seg, atan2(seg->ry * cos(seg->rotation), seg->rx * sin(seg->rotation)));
}

struct box draft_view_box(const struct draft_view *view)
{
	struct box box = nothing;

	for (int i = 0; i < view->count; i++)
		include_curve(&box, &view->curves[i]);
	return box;
}

double draft_views_scale(const struct draft_view *views, int count, double side_mm)
{
	double longest = 0;

	for (int i = 0; i < count; i++) {
		struct box box = draft_view_box(&views[i]);

		if (!is_empty(&box))
			longest = max2(longest, max2(box.x1 - box.x0, box.y1 - box.y0));
	}
	return longest > 0 ? FILL * side_mm / longest : 0;
}

/* --- strokes -------------------------------------------------------------------------------- */

/* Draws one view, its origin at `origin`. */
struct placed {
	struct drawing *drawing;
	const struct draft_view *view;
	const struct draft_sheet_of_views *sheet;
	struct vec origin;
	double scale;
	bool *done; /* curves that are in a stroke */
	struct arena *arena;
};

static bool is_drawn(const struct solid_curve *curve, bool visible)
{
	return curve->edge != SOLID_SMOOTH && curve->visible == visible;
}

static struct path path_of(const struct placed *p, const struct solid_curve *curve)
{
	struct path path = {0};

	solid_curve_path(curve, CHORD_MM / p->scale, p->arena, &path);
	return path_place(&path, p->origin, p->scale, p->arena);
}

static struct vec first_point(const struct path *path)
{
	return path->segs[0].a;
}

static struct vec last_point(const struct path *path)
{
	return path->segs[path->count - 1].b;
}

static bool do_meet(struct vec a, struct vec b)
{
	return vec_length(vec_sub(a, b)) <= MEETING_MM;
}

static struct seg reversed(struct seg seg)
{
	struct vec a = seg.a;

	seg.a = seg.b;
	seg.b = a;
	seg.from += seg.sweep;
	seg.sweep = -seg.sweep;
	return seg;
}

/* Adds the curve behind the path, from whichever of its ends meets it. */
static bool go_on(struct path *path, const struct path *next, struct arena *arena)
{
	if (do_meet(last_point(path), first_point(next))) {
		for (int i = 0; i < next->count; i++)
			path_add_seg(path, arena, &next->segs[i]);
		return true;
	}
	if (!do_meet(last_point(path), last_point(next)))
		return false;
	for (int i = next->count - 1; i >= 0; i--) {
		struct seg seg = reversed(next->segs[i]);

		path_add_seg(path, arena, &seg);
	}
	return true;
}

static void turn_round(struct path *path)
{
	for (int i = 0, k = path->count - 1; i <= k; i++, k--) {
		struct seg seg = reversed(path->segs[i]);

		path->segs[i] = reversed(path->segs[k]);
		path->segs[k] = seg;
	}
}

/* Takes a visible curve that goes on from the path's end. */
static bool lengthen(struct placed *p, struct path *path, const struct path *paths)
{
	for (int i = 0; i < p->view->count; i++)
		if (!p->done[i] && go_on(path, &paths[i], p->arena)) {
			p->done[i] = true;
			return true;
		}
	return false;
}

static bool is_closed(const struct path *path)
{
	return do_meet(first_point(path), last_point(path));
}

/* From its last point, then from its first one. */
static void chain(struct placed *p, struct path *path, const struct path *paths)
{
	for (int end = 0; end < 2; end++) {
		while (!is_closed(path) && lengthen(p, path, paths))
			;
		if (is_closed(path))
			break;
		turn_round(path);
	}
	path->closed = is_closed(path);
}

static void add_stroke(struct placed *p, const struct path *path, bool visible)
{
	const struct style *style = p->sheet->style;
	struct stroke *s = drawing_add_stroke(p->drawing, p->arena);

	*s = (struct stroke){.path = *path,
			     .layer = visible ? LAYER_OUTLINE : LAYER_HIDDEN,
			     .line_type = visible ? LINE_CONTINUOUS : LINE_DASHED,
			     .width_mm = visible ? style->thick_mm : style->thin_mm,
			     .shape = DRAWING_NOBODY,
			     .dimension = DRAWING_NOBODY};
}

static struct seg part_of_seg(const struct seg *seg, double t0, double t1)
{
	struct seg part = *seg;

	part.a = seg_point(seg, t0);
	part.b = seg_point(seg, t1);
	part.from = seg->from + seg->sweep * t0;
	part.sweep = seg->sweep * (t1 - t0);
	return part;
}

static double seg_length(const struct seg *seg)
{
	return seg->kind == SEG_LINE ? vec_length(vec_sub(seg->b, seg->a))
				     : fabs(seg->sweep) * (seg->rx + seg->ry) / 2;
}

/* A line that would be one dash and some more looks as if it were seen: such a one becomes shorter dashes, a
 * stroke each. */
static void add_hidden_seg(struct placed *p, const struct seg *seg)
{
	int count, pieces = seg->kind == SEG_ARC && do_meet(seg->a, seg->b) ? 4 : 2;
	const double *dashes = line_type_dashes(LINE_DASHED, &count);
	double dash = dashes[0] * p->sheet->style->thin_mm;
	double gap = dashes[1] * p->sheet->style->thin_mm;
	double length = seg_length(seg), t, share;
	struct path path = {0};

	assert(count == 2);
	if (length >= 2 * dash + gap || length < SHORTEST_DASHED_MM) {
		path_add_seg(&path, p->arena, seg);
		path.closed = is_closed(&path);
		add_stroke(p, &path, false);
		return;
	}
	t = min2(gap, length / (2 * pieces)) / length;
	share = pieces == 2 ? (1 - t) / 2 : 1.0 / pieces - t;
	for (int i = 0; i < pieces; i++) {
		struct seg part = part_of_seg(seg, i * (share + t), i * (share + t) + share);

		path = (struct path){0};
		path_add_seg(&path, p->arena, &part);
		add_stroke(p, &path, false);
	}
}

static void add_hidden(struct placed *p)
{
	for (int i = 0; i < p->view->count; i++) {
		struct path path;

		if (!is_drawn(&p->view->curves[i], false))
			continue;
		path = path_of(p, &p->view->curves[i]);
		if (path.count == 1) {
			add_hidden_seg(p, &path.segs[0]);
			continue;
		}
		path.closed = is_closed(&path);
		add_stroke(p, &path, false);
	}
}

static void add_visible(struct placed *p)
{
	struct path *paths = ARENA_NEW(p->arena, struct path, p->view->count);

	p->done = ARENA_NEW(p->arena, bool, p->view->count);
	for (int i = 0; i < p->view->count; i++) {
		p->done[i] = !is_drawn(&p->view->curves[i], true);
		if (!p->done[i])
			paths[i] = path_of(p, &p->view->curves[i]);
	}
	for (int i = 0; i < p->view->count; i++) {
		struct path path = {0};

		if (p->done[i])
			continue;
		p->done[i] = true;
		for (int k = 0; k < paths[i].count; k++)
			path_add_seg(&path, p->arena, &paths[i].segs[k]);
		chain(p, &path, paths);
		add_stroke(p, &path, true);
	}
}

/* Under the outlines, as a drafter's pen has it. */
static void add_hatching(struct placed *p)
{
	struct hatch_spec spec = hatch_of_metal(p->sheet->style);
	struct path *paths =
		solid_cut_paths(p->view->loops, p->view->loop_count, p->origin, p->scale, p->arena);

	hatch_draw(p->drawing, paths, p->view->loop_count, &spec, p->sheet->style->thin_mm,
		   p->arena);
}

void draft_view_add(struct drawing *drawing, const struct draft_view *view, struct vec origin,
		    double scale, const struct draft_sheet_of_views *sheet, struct arena *arena)
{
	struct placed p = {drawing, view, sheet, origin, scale, NULL, arena};
	struct box box = draft_view_box(view);
	struct view *named = &drawing->views[drawing->view_count++];

	assert(drawing->view_count <= DRAWING_VIEWS_MAX);
	*named = (struct view){view->section ? DRAFT_SECTION_NAME : part_side_names[view->side],
			       origin,
			       {origin.x, origin.y, origin.x, origin.y}};
	if (is_empty(&box))
		return;
	named->box = (struct box){origin.x + scale * box.x0, origin.y + scale * box.y0,
				  origin.x + scale * box.x1, origin.y + scale * box.y1};
	if (sheet->hidden && view->side != PART_ISO)
		add_hidden(&p);
	add_hatching(&p);
	add_visible(&p);
}

bool draft_view_mark(struct drawing *drawing, const struct draft_view *section,
		     const struct draft_view *view, const struct view *drawn,
		     const struct draft_sheet_of_views *sheet, struct arena *arena)
{
	struct drafter d = {.drawing = drawing, .style = sheet->style, .arena = arena};
	const struct box *box = &drawn->box;
	struct solid_cut_line line;

	if (!solid_cut_line(section->side, section->cut, view->side, &line))
		return false;
	d.map = draft_map_new(drawing->width_mm, drawing->height_mm, arena);
	for (int i = 0; i < 2; i++) {
		double way = i ? 1 : -1, out = way * CUT_GAP_MM, at = drawing->scale * line.at;
		struct vec end = line.upright
					 ? vec(drawn->origin.x + at, (i ? box->y1 : box->y0) + out)
					 : vec((i ? box->x1 : box->x0) + out, drawn->origin.y + at);

		drafter_cut_mark(&d, end, line.upright ? vec(0, way) : vec(way, 0), line.sight,
				 solid_cut_arrow(sheet->style), NULL);
	}
	return true;
}

struct drawing draft_views_sheet(const struct draft_sheet_of_views *sheet, double scale,
				 struct vec datum)
{
	return (struct drawing){.width_mm = sheet->side_mm,
				.height_mm = sheet->side_mm,
				.datum = datum,
				.scale = scale,
				.unit_mm = 1};
}

void drawing_of_view(struct drawing *drawing, const struct draft_view *view, double scale,
		     const struct draft_sheet_of_views *sheet, struct arena *arena)
{
	struct box box = draft_view_box(view);
	double middle = sheet->side_mm / 2;
	struct vec origin = vec(middle, middle);

	if (!is_empty(&box))
		origin = vec(middle - scale * (box.x0 + box.x1) / 2,
			     middle - scale * (box.y0 + box.y1) / 2);
	*drawing = draft_views_sheet(sheet, scale, origin);
	draft_view_add(drawing, view, origin, scale, sheet, arena);
}
