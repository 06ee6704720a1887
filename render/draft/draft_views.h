/* SPDX-License-Identifier: MIT */
/*
 * draft_views: orthographic views of a solid as a drawing, without dimensions.
 *
 *	for (int i = 0; i < 3; i++)
 *		solid_project(solid, part_look(sides[i]), part_up(sides[i]), &arena, ...);
 *	scale = draft_views_scale(views, 3, 100);
 *	drawing_of_view(&drawing, &views[0], scale, &sheet, &arena);	(one on a sheet of its own)
 *	drawing_of_views(&drawing, views, 3, &sheet, &arena);		(all on one)
 *
 * Visible sharp edges and outlines are thick, hidden ones thin and dashed, short ones in short dashes; smooth
 * edges are left out, as drafters do: ISO 128-3. Where views lie: ISO 128-3, first and third angle projection.
 * What a section cuts is hatched.
 */
#ifndef RENDER_DRAFT_VIEWS_H
#define RENDER_DRAFT_VIEWS_H

#include <stdbool.h>

#include "base/arena.h"
#include "formats/drawing/drawing.h"
#include "formats/scene/style.h"
#include "formats/solid/part.h"

/* A view as solid_project makes it: in any unit, all of one model in the same, their origins the world's. */
struct draft_view {
	enum part_side side;
	const struct solid_curve *curves;
	int count;

	/* A full section seen from that side, as struct part_view has it; its name is "section". */
	bool section;
	double cut;
	const struct solid_loop *loops;
	int loop_count;
};

#define DRAFT_SECTION_NAME "section"

struct draft_sheet_of_views {
	double side_mm;            /* the sheet is square */
	const struct style *style; /* its thick_mm, thin_mm and projection count */
	bool hidden;               /* hidden lines are drawn; never in iso, see ISO 5456-3 */
};

/* What makes the longest side of the boxes round the views 0.8 of the sheet's: mm to a unit of theirs. 0
 * where there is nothing to see. */
double draft_views_scale(const struct draft_view *views, int count, double side_mm);

/* The box round a view, in its own unit; x0 > x1 where there is nothing. */
struct box draft_view_box(const struct draft_view *view);

/* An empty sheet. */
struct drawing draft_views_sheet(const struct draft_sheet_of_views *sheet, double scale,
				 struct vec datum);

/* Adds a view, its origin at `origin`. */
void draft_view_add(struct drawing *drawing, const struct draft_view *view, struct vec origin,
		    double scale, const struct draft_sheet_of_views *sheet, struct arena *arena);

/* Draws the ends of a section's plane in a view that is drawn there, where it is a line. False: it is none. */
bool draft_view_mark(struct drawing *drawing, const struct draft_view *section,
		     const struct draft_view *view, const struct view *drawn,
		     const struct draft_sheet_of_views *sheet, struct arena *arena);

/* One view in the middle of its sheet. */
void drawing_of_view(struct drawing *drawing, const struct draft_view *view, double scale,
		     const struct draft_sheet_of_views *sheet, struct arena *arena);

/* All views on one sheet, of different sides, in one scale, as large as fits: in rows and columns whose
 * origins line up, as the style's projection has them. A section stands where the view from its side would; where that
 * is there too, in a corner. Another view has the ends of its plane, without letters. Returns the scale. */
double drawing_of_views(struct drawing *drawing, const struct draft_view *views, int count,
			const struct draft_sheet_of_views *sheet, struct arena *arena);

#endif
