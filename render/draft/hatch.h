/* SPDX-License-Identifier: MIT */
/*
 * hatch: parallel lines that fill a region, ISO 128-3 and GOST 2.306.
 *
 *	struct hatch_spec spec = {.pitch_mm = 2.5, .angle_rad = M_PI / 4};
 *	struct hatch_line *lines;
 *	int n = hatch_lines(paths, count, &spec, arena, &lines);
 *
 *	hatch_draw(&drawing, paths, count, &spec, style.thin_mm, arena);
 *	drafter_hatch(d, paths, count, shape);		(as the style says, round all lettering)
 */
#ifndef RENDER_HATCH_H
#define RENDER_HATCH_H

#include "render/draft/draft_place.h"

struct hatch_line {
	struct vec a, b;
};

/* Four corners of a rectangle that stays free, in order round it. */
struct hatch_gap {
	struct vec corners[4];
};

struct hatch_spec {
	double pitch_mm, angle_rad;
	int gap_count;
	const struct hatch_gap *gaps;
};

/* The lines inside closed paths of lines and circular arcs, in mm on the sheet. A point is inside
 * where a ray from it crosses the paths an odd number of times: paths within paths are holes. All
 * lines of one angle and pitch lie on one grid, whose middle line goes through the sheet's origin
 * half a pitch off: regions of one part fit together. Ends are exact. Pieces shorter than 0.2 mm are
 * left out. Returns how many; *lines is in the arena. */
int hatch_lines(const struct path *paths, int count, const struct hatch_spec *spec,
		struct arena *arena, struct hatch_line **lines);

/* The same as strokes on LAYER_HATCH, one a line: strokes are joined end to end. */
void hatch_draw(struct drawing *drawing, const struct path *paths, int count,
		const struct hatch_spec *spec, double width_mm, struct arena *arena);

/* How metal is hatched in a style, without gaps. */
struct hatch_spec hatch_of_metal(const struct style *style);

/* Hatches a region on LAYER_HATCH at the style's pitch and angle, what is no metal at a wider pitch and
 * across that, too; keeping off the lettering that is on the drawing. Strokes are of the shape. */
void drafter_hatch(struct drafter *d, const struct path *paths, int count, int shape);

#endif
