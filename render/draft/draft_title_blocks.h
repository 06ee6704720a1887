/* SPDX-License-Identifier: MIT */
/*
 * draft_title_blocks: title blocks as tables of cells, in mm from the lower left corner.
 *
 *	const struct title_block *block = title_block_for(kind, variant, 0, width_mm, height_mm);
 *	for (int i = 0; i < block->cell_count; i++) ...
 *
 * Private to the sheet. Sources: ISO 7200 (fields), ASME Y14.1 and common CAD templates (rows and
 * columns), GOST 2.104 form 1 (all measures).
 */
#ifndef RENDER_DRAFT_TITLE_BLOCKS_H
#define RENDER_DRAFT_TITLE_BLOCKS_H

#include "render/draft/draft_values.h"

enum cell_kind {
	CELL_VALUE, /* a caption and what is written for it */
	CELL_TEXT,  /* its caption alone; lines parted by \n */
	CELL_SIGNATURE,
	CELL_PROJECTION, /* the truncated cone */
	CELL_LIMITS,     /* unit and general tolerances, line by line */
	CELL_EMPTY
};

struct title_cell {
	double x, y, w, h;
	enum cell_kind kind;
	enum title_field field;
	double mm;              /* height of the value, or of a CELL_TEXT */
	char align;             /* of the text: 'l', 'c' or 'r' */
	const char *caption[2]; /* English, Russian; NULL: none */
};

struct title_rule {
	double x0, y0, x1, y1;
	bool thick;
};

/* Cells cover the block without gaps; where rules is NULL, every side between two is a thin line. */
struct title_block {
	double w, h;
	bool elastic; /* w is 100, in percent of the width that there is */
	const struct title_cell *cells;
	int cell_count;
	const struct title_rule *rules;
	int rule_count;
};

/* The block asked for (STYLE_TITLE_...) in one of its variants (any number), or the smaller one that
 * fits into a frame of this size; `smaller` times the next smaller one. NULL: there is none. */
const struct title_block *title_block_for(int kind, unsigned variant, int smaller, double width_mm,
					  double height_mm);

/* The table of revisions above, of one line. */
extern const struct title_block title_block_revisions;

#endif
