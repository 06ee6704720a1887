/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <math.h>

#include "formats/solid/part.h"
#include "render/draft/draft_solid_cut.h"
#include "render/draft/hatch.h"

#define MARK_ROOM_MM 1.5 /* round the end of a cutting plane */
#define HATCH_CHORD_MM 0.01

static const char letter[] = "A";

/* To the right or upwards. */
static bool is_up(struct vec way)
{
	return way.x + way.y > 0;
}

static int section_of(const struct part *part)
{
	for (int i = 0; i < part->view_count; i++)
		if (part->views[i].section)
			return i;
	return -1;
}

enum cut_arrow solid_cut_arrow(const struct style *style)
{
	bool asme = style->times == STYLE_TIMES_CAPITAL || style->title_block == STYLE_TITLE_ASME;

	return asme ? CUT_ARROW_LEAVES : CUT_ARROW_ARRIVES;
}

bool solid_cut_line(enum part_side section, double cut, enum part_side view,
		    struct solid_cut_line *line)
{
	struct part_axes axes = part_axes(view);
	int across = part_axes(section).across;
	struct vec3 look = part_look(section);
	struct vec at;

	if (across < 0 || (axes.u != across && axes.v != across))
		return false;
	at = part_seen(view, vec3_sum(cut * vec3_at(look, across), look, 0, look));
	line->upright = axes.u == across;
	line->at = line->upright ? at.x : at.y;
	line->sight = part_seen(view, look);
	return true;
}

/* The sides of the marked view at which the plane ends, low and high. */
static void ends_of(bool upright, enum block_side sides[2])
{
	sides[0] = upright ? BLOCK_BELOW : BLOCK_LEFT;
	sides[1] = upright ? BLOCK_ABOVE : BLOCK_RIGHT;
}

/* Marks are nearest where there are fewest rows of dimensions to pass. */
static void choose_marked(const struct drafter *d, const struct block *b, struct solid_cut *cut)
{
	const struct part *part = d->scene->part;
	const struct part_view *section = &part->views[cut->view];
	double least = INFINITY;

	cut->marked = -1;
	for (int i = 0; i < part->view_count; i++) {
		struct solid_cut_line line;
		enum block_side sides[2];
		double rows;

		if (!solid_cut_line(section->side, section->cut, part->views[i].side, &line))
			continue;
		ends_of(line.upright, sides);
		rows = b->views[i].margins[sides[0]] + b->views[i].margins[sides[1]];
		if (rows < least) {
			least = rows;
			cut->marked = i;
			cut->upright = line.upright;
			cut->at = d->drawing->scale * line.at;
			cut->sight = line.sight;
		}
	}
}

/* Room beyond the rows of dimensions at the plane's ends; and where arrow and letter reach beyond the view. */
static void add_room(const struct drafter *d, struct solid_cut *cut, struct block_view *v,
		     const int counts[BLOCK_SIDES])
{
	double low = cut->at - (cut->upright ? v->box.x0 : v->box.y0);
	double high = (cut->upright ? v->box.x1 : v->box.y1) - cut->at, ahead, back;
	enum block_side sides[2];

	ends_of(cut->upright, sides);
	for (int i = 0; i < 2; i++) {
		double *margin = &v->margins[sides[i]];

		cut->starts[i] = CUT_GAP_MM + (counts[sides[i]] ? *margin : 0);
		*margin = max2(*margin, cut->starts[i] + CUT_MM + MARK_ROOM_MM);
	}
	drafter_cut_reach(d, cut->arrow, cut->upright, letter, &ahead, &back);
	ends_of(!cut->upright, sides);
	low = (is_up(cut->sight) ? back : ahead) - low;
	high = (is_up(cut->sight) ? ahead : back) - high;
	v->margins[sides[0]] = max2(v->margins[sides[0]], low);
	v->margins[sides[1]] = max2(v->margins[sides[1]], high);
}

void solid_cut_lay(const struct drafter *d, struct solid_cut *cut, struct block *block,
		   const int counts[][BLOCK_SIDES])
{
	bool asme;

	*cut = (struct solid_cut){.view = section_of(d->scene->part)};
	if (cut->view < 0)
		return;
	cut->arrow = solid_cut_arrow(d->style);
	asme = cut->arrow == CUT_ARROW_LEAVES;
	choose_marked(d, block, cut);
	if (cut->marked < 0)
		return;
	block->titles_below = asme;
	block->views[cut->view].title = asme ? "SECTION A-A" : "A-A";
	add_room(d, cut, &block->views[cut->marked], counts[cut->marked]);
}

void solid_cut_mark(struct drafter *d, const struct solid_cut *cut, const struct block *block)
{
	for (int i = 0; i < 2 && cut->marked >= 0; i++) {
		const struct block_view *v = &block->views[cut->marked];
		double way = i ? 1 : -1, start = way * cut->starts[i];
		struct vec at = cut->upright ? vec(cut->at, start + (i ? v->box.y1 : v->box.y0))
					     : vec(start + (i ? v->box.x1 : v->box.x0), cut->at);

		drafter_cut_mark(d, vec_add(v->origin, at),
				 cut->upright ? vec(0, way) : vec(way, 0), cut->sight, cut->arrow,
				 letter);
	}
	block_draw_titles(d, block);
}

/* Ellipses and splines become chords, which hatching knows. */
static void add_curve(const struct solid_curve *curve, double chord, struct path *path,
		      struct arena *arena)
{
	struct path one = {0};
	struct polyline line;

	solid_curve_path(curve, chord, arena, &one);
	if (!curve->poles && curve->seg.kind == SEG_ARC && curve->seg.rx != curve->seg.ry) {
		line = polyline_from_path(&one, chord, arena);
		for (int i = 0; i + 1 < line.count; i++)
			path_add_line(path, arena, line.points[i], line.points[i + 1]);
		return;
	}
	for (int i = 0; i < one.count; i++)
		path_add_seg(path, arena, &one.segs[i]);
}

struct path *solid_cut_paths(const struct solid_loop *loops, int count, struct vec origin,
			     double scale, struct arena *arena)
{
	struct path *paths = ARENA_NEW(arena, struct path, count);

	for (int i = 0; i < count; i++) {
		struct path path = {.closed = true};

		for (int k = 0; k < loops[i].count; k++)
			add_curve(&loops[i].curves[k], HATCH_CHORD_MM / scale, &path, arena);
		paths[i] = path_place(&path, origin, scale, arena);
	}
	return paths;
}

void solid_cut_hatch(struct drafter *d, const struct solid_cut *cut)
{
	const struct part_view *view = &d->scene->part->views[cut->view];
	struct path *paths =
		solid_cut_paths(view->loops, view->loop_count, d->drawing->views[cut->view].origin,
				d->drawing->scale, d->arena);

	drafter_hatch(d, paths, view->loop_count, DRAWING_NOBODY);
}
