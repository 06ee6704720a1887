/* SPDX-License-Identifier: MIT */
/*
 * draft_solid_cut: what a section of a solid has that a view has not: the ends of its cutting plane in another view,
 * a title, and hatching.
 *
 *	struct solid_cut cut;
 *	solid_cut_lay(d, &cut, &block, counts);		(behind all block_lay_rows, before block_place)
 *	if (cut.view >= 0) {
 *		solid_cut_mark(d, &cut, &block);
 *		...
 *		solid_cut_hatch(d, &cut);		(once all dimensions stand)
 *	}
 */
#ifndef RENDER_DRAFT_SOLID_CUT_H
#define RENDER_DRAFT_SOLID_CUT_H

#include "formats/solid/part.h"
#include "render/draft/draft_block.h"
#include "render/draft/draft_cut.h"

struct solid_cut {
	int view; /* of d->scene->part; -1: there is none */
	int marked; /* the view in which the plane is a line; -1: there is none, and the section has no title */
	bool upright;         /* whichever way the line goes */
	double at;            /* mm on the sheet, from the origin of the marked view */
	struct vec sight;     /* there */
	double starts[2];     /* where its ends begin, from the view's box: low, high */
	enum cut_arrow arrow; /* how they are drawn */
};

/* Finds the section of the part, gives its view a title, and the view with fewest rows of dimensions in the way room
 * for the ends of the plane; counts are of its dimensions on each side. */
void solid_cut_lay(const struct drafter *d, struct solid_cut *cut, struct block *block,
		   const int counts[][BLOCK_SIDES]);

/* The ends of the plane, if another view shows them, and titles. */
void solid_cut_mark(struct drafter *d, const struct solid_cut *cut, const struct block *block);
void solid_cut_hatch(struct drafter *d, const struct solid_cut *cut);

/* The arrows of a style. */
enum cut_arrow solid_cut_arrow(const struct style *style);

/* How the plane of a section lies in another view. */
struct solid_cut_line {
	bool upright; /* else level */
	double at;    /* in the view, in the unit of the cut */
	struct vec sight;
};

/* The section is seen from that side and cut where the axis it looks along is at `cut`. False: its plane is no line in
 * the view. */
bool solid_cut_line(enum part_side section, double cut, enum part_side view,
		    struct solid_cut_line *line);

/* What bounds the cut faces of a section, in mm on the sheet, of lines and circular arcs, as hatch_lines has it; the
 * view's origin is at `origin`. A path for each loop, in the arena. */
struct path *solid_cut_paths(const struct solid_loop *loops, int count, struct vec origin,
			     double scale, struct arena *arena);

#endif
