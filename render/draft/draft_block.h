/* SPDX-License-Identifier: MIT */
/*
 * draft_block: several views of a part in columns and rows, each with room round it for rows of
 * dimensions and its title.
 *
 *	struct block block = {.count = 3, .views = {...}, .rows = ARENA_NEW(...)};
 *	for each view and side:
 *		block_lay_rows(d, &block, view, side, items, count);
 *	if (block_place(d, &block, &taken) < 0) ...	(the sheet is too small)
 *	block_draw_titles(d, &block);
 *
 * Origins of the views of a column lie on one upright line, those of a row on a level one.
 */
#ifndef RENDER_DRAFT_BLOCK_H
#define RENDER_DRAFT_BLOCK_H

#include "render/draft/draft_family.h"

enum block_side { BLOCK_LEFT, BLOCK_RIGHT, BLOCK_BELOW, BLOCK_ABOVE, BLOCK_SIDES };

#define BLOCK_COLUMNS 4
#define BLOCK_ROWS 3

/* Set by the family: name, title, column, row and box; mm on the sheet. */
struct block_view {
	const char *name, *title;    /* title: NULL, there is none */
	int column, row;             /* from the left, from below */
	struct box box;              /* of its outlines, from its origin */
	double margins[BLOCK_SIDES]; /* rows of dimensions, without the title */
	struct box reach;            /* the box with its margins and its title */
	struct vec origin;           /* on the sheet once it is placed */
};

struct block {
	int count;
	struct block_view views[DRAWING_VIEWS_MAX];
	int *rows; /* of the scene's dimensions, 0 nearest to the view */
	bool titles_below;
};

/* A dimension beside a view: from where to where it measures along its row, from the view's origin.
 * Lettering that has no room in between leaves it by that end; 1: the right or upper one. */
struct block_item {
	int dimension;
	double ends[2]; /* ends[0] < ends[1] */
	int leaving_end;
};

/* Gives each of the dimensions on that side of the view a row, and the view the margins that they
 * need. The items are sorted and widened. */
void block_lay_rows(const struct drafter *d, struct block *block, int view, enum block_side side,
		    struct block_item *items, int count);

/* The width of a view's title, and its height; 0 without one. */
struct vec block_title_size(const struct drafter *d, const struct block_view *view);

/* Lays the views out with as much room between them as the sheet has, and tells the drawing. -1 where
 * the free sheet is too small. */
int block_place(struct drafter *d, struct block *block, const struct sheet_taken *taken);

void block_draw_titles(struct drafter *d, const struct block *block);

#endif
