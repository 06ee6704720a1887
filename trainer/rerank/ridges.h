/* SPDX-License-Identifier: MIT */
/*
 * ridges: the middles of the lines of a picture, to fractions of a pixel.
 *
 *	struct ridges ridges = ridges_from_picture(pixels, side, &arena);
 *	for (int i = 0; i < ridges.count; i++)
 *		... ridges.list[i].x, .y, .width
 *	double off = ridges_distance(&ridges, x, y);
 *
 * Pictures may be grey, unevenly lit and noisy: darkness is what paper near by reflects less. Places are
 * in pixels, y down, and the middle of the first pixel is (0, 0).
 */
#ifndef TRAINER_RIDGES_H
#define TRAINER_RIDGES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

#define RIDGES_REACH 5.0    /* px: what is farther from all lines is this far */
#define RIDGES_END 1.5      /* px: lines are found so much too short at most */
#define RIDGES_THIN_OFF 0.5 /* px: how much farther thin lines count, so that thick ones attract */

/* A point of a line: about one for each pixel of its length. */
struct ridge {
	float x, y;
	float nx, ny; /* across the line, of length 1 */
	float width;  /* px of full black across it, whatever the picture's sharpness */
	bool is_thick;
	bool goes_on; /* to both sides: of a line, and neither of lettering nor of an end */
};

/* A straight line along an axis, chain and dashed ones too. */
struct ridge_line {
	double at;       /* its x, of a level line its y */
	double from, to; /* along the other axis */
};

struct ridge_lines {
	int count, room;
	struct ridge_line *list;
};

struct ridges {
	int side;
	int count, room;
	struct ridge *list;
	struct ridge_lines upright, level;
	int32_t *near_thick, *near_any; /* [side, side]: which ridge is next, or -1 out of reach */
};

/* Of pixels [side, side], 0 black. Lines are thick from the width on that parts widths best in two (Otsu),
 * of lines that go on: lettering and crossings are wider. Outlines are, next to dimension lines. All lives in the
 * arena. */
struct ridges ridges_from_picture(const uint8_t *pixels, int side, struct arena *arena);

/* From the point to the nearest line, RIDGES_REACH at most. */
double ridges_distance(const struct ridges *ridges, double x, double y);

/* From a coordinate to the nearest of the lines, of which one goes past `along`, or ends RIDGES_END before
 * it; RIDGES_REACH at most. NAN: any line. */
double ridge_lines_distance(const struct ridge_lines *lines, double at, double along);

/* Whether the line goes past `along`, or so. */
bool ridge_line_passes(const struct ridge_line *line, double along);

#endif
