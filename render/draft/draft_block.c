/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <math.h>

#include "render/draft/draft_block.h"

#define COUNT(list) ((int)(sizeof(list) / sizeof(*(list))))
#define RIM_MM 4.0       /* round a view without dimensions */
#define TAIL_MM 1.5      /* beyond the last row */
#define TITLE_GAP_MM 3.5 /* between a title and what it stands by */
#define GAP_MM 14.0      /* between views where there is room, besides their margins */
#define STEPS 14         /* of the search for a place */
#define SAME_MM 1e-3
#define SHELF_MM 3.0 /* longer than its lettering, and clear */
#define ASIDE_MM 1.5 /* between level lettering and the line of another row */

static bool is_upright(enum block_side side)
{
	return side == BLOCK_LEFT || side == BLOCK_RIGHT;
}

static double length_of(const struct block_item *item)
{
	return item->ends[1] - item->ends[0];
}

/* What a dimension takes up along its row, with what does not fit in between. */
static struct block_item widened(const struct drafter *d, const struct block_item *of, bool upright)
{
	const struct lettering_block *block = drafter_lettering(d, of->dimension);
	const struct style *style = block->style;
	struct block_item item = *of;
	bool in_line = style->layout == STYLE_LAYOUT_INLINE || style->layout == STYLE_LAYOUT_BROKEN;
	double arrow = style->arrow_mm, tail = 2 * arrow, length = length_of(of);
	double text = style->layout == STYLE_LAYOUT_INLINE && upright
			      ? style->text_mm + block->below + block->above
			      : block->width;
	double clear = in_line ? 2 * style->text_gap_mm + 3 : 2;

	if (length < 2 * arrow + 1 || (in_line && length < text + clear + 2 * arrow)) {
		item.ends[0] -= tail;
		item.ends[1] += tail;
	}
	if (length < text + clear)
		item.ends[of->leaving_end] +=
			(of->leaving_end ? 1 : -1) * (text + clear + (in_line ? 0 : arrow));
	if (style->layout == STYLE_LAYOUT_REFERENCED && upright)
		item.ends[1] += arrow + 4 + style->text_mm;
	return item;
}

static void sort_by_length(struct block_item *items, int count)
{
	for (int i = 1; i < count; i++) {
		struct block_item item = items[i];
		int at = i;

		for (; at > 0 && length_of(&items[at - 1]) > length_of(&item) + SAME_MM; at--)
			items[at] = items[at - 1];
		items[at] = item;
	}
}

/* Gives each a row: the nearest that is free over its length. Returns how many rows there are. */
static int share_rows(struct block *b, const struct block_item *items, int count)
{
	int most = 0;

	for (int i = 0; i < count; i++) {
		int *row = &b->rows[items[i].dimension];

		*row = 0;
		for (int k = 0; k < i; k++)
			if (items[k].ends[0] < items[i].ends[1] &&
			    items[i].ends[0] < items[k].ends[1] &&
			    b->rows[items[k].dimension] >= *row)
				*row = b->rows[items[k].dimension] + 1;
		most = *row + 1 > most ? *row + 1 : most;
	}
	return most;
}

/* How far a dimension reaches beyond its row: lettering above its line lies outside on some sides. */
static double height_over_row(const struct lettering_block *block, bool outside)
{
	double high = block->above + block->below;

	if (outside)
		high += block->style->text_mm + block->style->text_gap_mm;
	return max2(high, block->style->extension_over_mm);
}

/* What of the dimensions reaches beyond the view's ends gets room there. */
static void add_end_margins(struct block_view *v, bool upright, const struct block_item *items,
			    int count)
{
	double *low = &v->margins[upright ? BLOCK_BELOW : BLOCK_LEFT];
	double *high = &v->margins[upright ? BLOCK_ABOVE : BLOCK_RIGHT];

	for (int i = 0; i < count; i++) {
		*low = max2(*low, (upright ? v->box.y0 : v->box.x0) - items[i].ends[0]);
		*high = max2(*high, items[i].ends[1] - (upright ? v->box.y1 : v->box.x1));
	}
}

void block_lay_rows(const struct drafter *d, struct block *b, int view, enum block_side side,
		    struct block_item *items, int count)
{
	double first = d->style->first_offset_mm, spacing = draft_spacing(d->style);
	struct block_view *v = &b->views[view];
	bool upright = is_upright(side), outside = side == BLOCK_LEFT || side == BLOCK_ABOVE;
	double shelves = 0, aside = 0, high = 0, deep;
	int rows, skipped = 0, pitch = 1;

	v->margins[side] = max2(v->margins[side], RIM_MM);
	if (count == 0)
		return;
	sort_by_length(items, count);
	for (int i = 0; i < count; i++) {
		const struct lettering_block *block = drafter_lettering(d, items[i].dimension);

		items[i] = widened(d, &items[i], upright);
		high = max2(high, height_over_row(block, outside));
		if (upright && block->style->layout == STYLE_LAYOUT_REFERENCED)
			shelves = max2(shelves, block->width + SHELF_MM);
		if (upright && block->style->layout == STYLE_LAYOUT_INLINE)
			aside = max2(aside, block->width / 2);
	}
	add_end_margins(v, upright, items, count);
	rows = share_rows(b, items, count);
	/* Shelves of lettering lie between the nearest row and the view; level lettering lies across
	 * its row, and others keep off. */
	if (shelves > 0)
		skipped = (int)ceil(max2(0, shelves - first) / spacing);
	if (aside > 0)
		pitch = (int)ceil((aside + ASIDE_MM) / spacing);
	for (int i = 0; i < count; i++)
		b->rows[items[i].dimension] = b->rows[items[i].dimension] * pitch + skipped;
	deep = first + ((rows - 1) * pitch + skipped) * spacing + max2(high, aside) + TAIL_MM;
	v->margins[side] = max2(v->margins[side], deep);
}

struct vec block_title_size(const struct drafter *d, const struct block_view *v)
{
	if (!v->title)
		return vec(0, 0);
	return vec(font_text_width(d->font, v->title, d->style->text_mm), d->style->text_mm);
}

/* How far over the origin of its view a title stands: those of one row of views in one line, off their own rows of
 * dimensions. */
static double title_rise(const struct drafter *d, const struct block *b, int row)
{
	double y = b->titles_below ? INFINITY : -INFINITY;

	for (int i = 0; i < b->count; i++) {
		const struct block_view *v = &b->views[i];
		double below =
			v->box.y0 - v->margins[BLOCK_BELOW] - TITLE_GAP_MM - d->style->text_mm;
		double above = v->box.y1 + v->margins[BLOCK_ABOVE] + TITLE_GAP_MM;

		if (v->row == row && v->title)
			y = b->titles_below ? min2(y, below) : max2(y, above);
	}
	return y;
}

/* A view with its margins and its title, from its origin. */
static struct box reach_of(const struct drafter *d, const struct block *b,
			   const struct block_view *v)
{
	double wider = (block_title_size(d, v).x - (v->box.x1 - v->box.x0)) / 2 + TITLE_GAP_MM;
	struct box box = {v->box.x0 - max2(v->margins[BLOCK_LEFT], wider),
			  v->box.y0 - v->margins[BLOCK_BELOW],
			  v->box.x1 + max2(v->margins[BLOCK_RIGHT], wider),
			  v->box.y1 + v->margins[BLOCK_ABOVE]};

	if (v->title && b->titles_below)
		box.y0 = title_rise(d, b, v->row);
	else if (v->title)
		box.y1 = title_rise(d, b, v->row) + d->style->text_mm;
	return box;
}

/* Lays columns and rows side by side, with further gaps between them. Returns the size of the whole
 * block. */
static struct vec arrange(const struct drafter *d, struct block *b, struct vec gaps)
{
	struct box columns[BLOCK_COLUMNS] = {{0}}, rows[BLOCK_ROWS] = {{0}};
	struct vec size = {0, 0};

	for (int i = 0; i < b->count; i++) {
		struct block_view *v = &b->views[i];
		struct box *column = &columns[v->column], *row = &rows[v->row];

		v->reach = reach_of(d, b, v);
		column->x0 = min2(column->x0, v->reach.x0);
		column->x1 = max2(column->x1, v->reach.x1);
		row->y0 = min2(row->y0, v->reach.y0);
		row->y1 = max2(row->y1, v->reach.y1);
	}
	for (int k = 0; k < BLOCK_COLUMNS; k++) {
		double wide = columns[k].x1 - columns[k].x0;
		double gap = wide > 0 && size.x > 0 ? gaps.x : 0;

		for (int i = 0; i < b->count; i++)
			if (b->views[i].column == k)
				b->views[i].origin.x = size.x + gap - columns[k].x0;
		size.x += gap + wide;
	}
	for (int k = 0; k < BLOCK_ROWS; k++) {
		double high = rows[k].y1 - rows[k].y0;
		double gap = high > 0 && size.y > 0 ? gaps.y : 0;

		for (int i = 0; i < b->count; i++)
			if (b->views[i].row == k)
				b->views[i].origin.y = size.y + gap - rows[k].y0;
		size.y += gap + high;
	}
	return size;
}

/* How far the views, moved so, keep off what is taken; negative where they meet it. */
static double room_at(const struct block *b, const struct sheet_taken *taken, struct vec corner)
{
	double room = INFINITY;

	for (int i = 0; i < b->count; i++) {
		struct vec at = vec_add(corner, b->views[i].origin);
		struct box r = b->views[i].reach;

		for (int k = 0; k < taken->count; k++) {
			const struct box *t = &taken->boxes[k];
			double dx = max2(t->x0 - at.x - r.x1, at.x + r.x0 - t->x1);
			double dy = max2(t->y0 - at.y - r.y1, at.y + r.y0 - t->y1);

			room = min2(room, max2(dx, dy));
		}
	}
	return room;
}

/* Where the block of views has most room on all sides. */
static int find_corner(const struct block *b, const struct sheet_taken *taken, struct vec size,
		       struct vec *corner)
{
	const struct box *f = &taken->field;
	double free_x = f->x1 - f->x0 - size.x, free_y = f->y1 - f->y0 - size.y, best = -1e-9;
	bool found = false;

	if (free_x < 0 || free_y < 0)
		return -1;
	for (int i = 0; i <= STEPS; i++) {
		for (int k = 0; k <= STEPS; k++) {
			double x = free_x * i / STEPS, y = free_y * k / STEPS;
			struct vec at = vec(f->x0 + x, f->y0 + y);
			double sides = min2(min2(x, free_x - x), min2(y, free_y - y));
			double room = min2(sides, room_at(b, taken, at));

			if (room > best) {
				best = room;
				*corner = at;
				found = true;
			}
		}
	}
	return found ? 0 : -1;
}

/* Returns as find_corner does. */
static int spread(const struct drafter *d, struct block *b, const struct sheet_taken *taken,
		  struct vec *corner)
{
	static const double shares[] = {0.3, 0.1, 0};
	struct vec tight = arrange(d, b, vec(0, 0));
	double free_x = taken->field.x1 - taken->field.x0 - tight.x;
	double free_y = taken->field.y1 - taken->field.y0 - tight.y;

	if (free_x < 0 || free_y < 0)
		return -1;
	for (int i = 0; i < COUNT(shares); i++) {
		struct vec gaps = {min2(GAP_MM, shares[i] * free_x),
				   min2(GAP_MM, shares[i] * free_y)};

		if (find_corner(b, taken, arrange(d, b, gaps), corner) == 0)
			return 0;
	}
	return -1;
}

int block_place(struct drafter *d, struct block *b, const struct sheet_taken *taken)
{
	struct vec corner;

	if (spread(d, b, taken, &corner) < 0)
		return -1;
	for (int i = 0; i < b->count; i++) {
		struct block_view *v = &b->views[i];
		struct vec origin = vec_add(corner, v->origin);
		struct view *view = &d->drawing->views[i];

		v->origin = origin;
		view->name = v->name;
		view->origin = origin;
		view->box = (struct box){origin.x + v->box.x0, origin.y + v->box.y0,
					 origin.x + v->box.x1, origin.y + v->box.y1};
	}
	d->drawing->view_count = b->count;
	d->drawing->datum = b->views[0].origin;
	return 0;
}

void block_draw_titles(struct drafter *d, const struct block *b)
{
	for (int i = 0; i < b->count; i++) {
		const struct block_view *v = &b->views[i];
		struct lettering_block block;
		struct drawing_progress before = drawing_progress(d->drawing);
		struct proposal p = {.cost = 0};

		if (!v->title)
			continue;
		block = lettering_of_text(d, v->title);
		proposal_set_text(&p, &block,
				  vec_add(v->origin, vec((v->box.x0 + v->box.x1) / 2,
							 title_rise(d, b, v->row))),
				  0);
		proposal_draw(d, &p, DRAWING_NOBODY);
		drawing_add_symbol(d->drawing, d->arena, SYMBOL_VIEW_TITLE, v->title, &before);
	}
}
