/* SPDX-License-Identifier: MIT */
/*
 * draft_views_grid: several views on one sheet, each in a cell of a grid.
 *
 * The origins of a column are one above the other, those of a row level with each other; so a column is as
 * wide as all its views together. iso lines up with nothing, nor does a section beside the view from its own
 * side: they lie in the middle of cells where they make as few new rows and columns as can be.
 */
#include <config.h>

#include <assert.h>
#include <math.h>

#include "render/draft/draft_views.h"

#define GAP 0.08 /* of the sheet between views, and round all of them */
#define REACH 2  /* columns and rows each way from the front */
#define CELLS (2 * REACH + 2)

/* In third angle, to the right of the front and over it. */
static const struct {
	int column, row;
} places[PART_SIDE_COUNT_] = {
	[PART_FRONT] = {0, 0}, [PART_TOP] = {0, 1},  [PART_RIGHT] = {1, 0},
	[PART_LEFT] = {-1, 0}, [PART_BACK] = {2, 0}, [PART_BOTTOM] = {0, -1},
};

static bool is_empty(const struct box *box)
{
	return box->x0 > box->x1;
}

/* Along one axis; index REACH is the front's. */
struct bands {
	bool used[CELLS];
	double lo[CELLS], hi[CELLS]; /* about the origins of what lines up */
	double length[CELLS];        /* with what does not */
	double at[CELLS];            /* of the origins, on the sheet */
};

struct grid {
	const struct draft_view *views;
	int count;
	const struct box *boxes;
	int *columns, *rows; /* of each view */
	bool taken[CELLS][CELLS];
	struct bands x, y;
};

/* Whether a view stands where its side has it. */
static bool lines_up(const struct grid *g, int view)
{
	const struct draft_view *v = &g->views[view];

	for (int i = 0; i < g->count && v->section; i++)
		if (i != view && g->views[i].side == v->side)
			return false;
	return v->side != PART_ISO;
}

static void take(struct grid *g, int view, int column, int row)
{
	g->columns[view] = column;
	g->rows[view] = row;
	g->taken[column][row] = true;
	g->x.used[column] = g->y.used[row] = true;
}

/* In first angle what is seen from one side lies on the other; the back stays where it is. */
static void take_side(struct grid *g, int view, bool first_angle)
{
	enum part_side side = g->views[view].side;
	int way = first_angle && side != PART_BACK ? -1 : 1;

	take(g, view, REACH + way * places[side].column, REACH + way * places[side].row);
}

/* A corner of what is there; else beside it. */
static void take_free_cell(struct grid *g, int view)
{
	static const int cells[][2] = {{1, 1}, {1, -1}, {-1, 1}, {-1, -1}, {1, 0}, {0, 1}, {0, 0}};
	int best = 0, least = 3;

	for (size_t i = 0; i < sizeof(cells) / sizeof(*cells); i++) {
		int column = REACH + cells[i][0], row = REACH + cells[i][1];
		int more = !g->x.used[column] + !g->y.used[row];

		if (!g->taken[column][row] && more < least) {
			least = more;
			best = (int)i;
		}
	}
	take(g, view, REACH + cells[best][0], REACH + cells[best][1]);
}

static void measure_bands(struct grid *g, struct bands *b, const int *cells, bool along_x)
{
	for (int i = 0; i < CELLS; i++) {
		b->lo[i] = INFINITY;
		b->hi[i] = -INFINITY;
	}
	for (int i = 0; i < g->count; i++) {
		const struct box *box = &g->boxes[i];
		double lo = along_x ? box->x0 : box->y0, hi = along_x ? box->x1 : box->y1;

		if (is_empty(box))
			continue;
		b->length[cells[i]] = max2(b->length[cells[i]], hi - lo);
		if (!lines_up(g, i))
			continue;
		b->lo[cells[i]] = min2(b->lo[cells[i]], lo);
		b->hi[cells[i]] = max2(b->hi[cells[i]], hi);
	}
	for (int i = 0; i < CELLS; i++)
		if (b->lo[i] <= b->hi[i])
			b->length[i] = max2(b->length[i], b->hi[i] - b->lo[i]);
}

static int bands_used(const struct bands *b)
{
	int n = 0;

	for (int i = 0; i < CELLS; i++)
		n += b->used[i];
	return n;
}

/* The scale in which the bands and the gaps round them are as long as the sheet. */
static double scale_of_bands(const struct bands *b, double side_mm)
{
	double sum = 0;

	for (int i = 0; i < CELLS; i++)
		sum += b->length[i];
	return side_mm * (1 - GAP * (bands_used(b) + 1)) / sum;
}

/* From the sheet's edge on, all of them in the middle of it. */
static void place_bands(struct bands *b, double scale, double side_mm)
{
	double gap = GAP * side_mm, all = gap * (bands_used(b) - 1), at;

	for (int i = 0; i < CELLS; i++)
		all += scale * b->length[i];
	at = (side_mm - all) / 2;
	for (int i = 0; i < CELLS; i++) {
		double middle = at + scale * b->length[i] / 2;

		b->at[i] =
			b->lo[i] <= b->hi[i] ? middle - scale * (b->lo[i] + b->hi[i]) / 2 : middle;
		at += b->used[i] ? scale * b->length[i] + gap : 0;
	}
}

/* The middle of a band on the sheet. */
static double band_middle(const struct bands *b, int i, double scale)
{
	return b->lo[i] <= b->hi[i] ? b->at[i] + scale * (b->lo[i] + b->hi[i]) / 2 : b->at[i];
}

static struct vec origin_of(const struct grid *g, int view, double scale)
{
	const struct box *box = &g->boxes[view];
	int column = g->columns[view], row = g->rows[view];

	if (lines_up(g, view))
		return vec(g->x.at[column], g->y.at[row]);
	return vec(band_middle(&g->x, column, scale) - scale * (box->x0 + box->x1) / 2,
		   band_middle(&g->y, row, scale) - scale * (box->y0 + box->y1) / 2);
}

static void fill_grid(struct grid *g, bool first_angle)
{
	for (int i = 0; i < g->count; i++)
		if (lines_up(g, i))
			take_side(g, i, first_angle);
	for (int i = 0; i < g->count; i++)
		if (!lines_up(g, i))
			take_free_cell(g, i);
	measure_bands(g, &g->x, g->columns, true);
	measure_bands(g, &g->y, g->rows, false);
}

/* In the first view that shows where it is. */
static void mark_section(struct drawing *drawing, const struct grid *g, int section,
			 const struct draft_sheet_of_views *sheet, struct arena *arena)
{
	for (int i = 0; i < g->count; i++)
		if (draft_view_mark(drawing, &g->views[section], &g->views[i], &drawing->views[i],
				    sheet, arena))
			return;
}

double drawing_of_views(struct drawing *drawing, const struct draft_view *views, int count,
			const struct draft_sheet_of_views *sheet, struct arena *arena)
{
	struct box boxes[DRAWING_VIEWS_MAX];
	int columns[DRAWING_VIEWS_MAX], rows[DRAWING_VIEWS_MAX];
	struct grid grid = {
		.views = views, .count = count, .boxes = boxes, .columns = columns, .rows = rows};
	double scale;

	assert(count >= 1 && count <= DRAWING_VIEWS_MAX);
	for (int i = 0; i < count; i++)
		boxes[i] = draft_view_box(&views[i]);
	fill_grid(&grid, sheet->style->projection == STYLE_PROJECTION_FIRST);
	scale = min2(scale_of_bands(&grid.x, sheet->side_mm),
		     scale_of_bands(&grid.y, sheet->side_mm));
	scale = isfinite(scale) ? scale : 0;
	place_bands(&grid.x, scale, sheet->side_mm);
	place_bands(&grid.y, scale, sheet->side_mm);
	*drawing = draft_views_sheet(sheet, scale, origin_of(&grid, 0, scale));
	for (int i = 0; i < count; i++)
		draft_view_add(drawing, &views[i], origin_of(&grid, i, scale), scale, sheet, arena);
	for (int i = 0; i < count; i++)
		if (views[i].section)
			mark_section(drawing, &grid, i, sheet, arena);
	return scale;
}
