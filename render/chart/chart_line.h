/* SPDX-License-Identifier: MIT */
/*
 * chart_line: what becomes of a series before it is drawn.
 *
 *	chart_smooth(y, count, 0.9, smooth);
 *	count = chart_thin(points, count);
 *
 * Private to charts.
 */
#ifndef RENDER_CHART_LINE_H
#define RENDER_CHART_LINE_H

#include <stddef.h>

#include "formats/scene/path.h"

/* out[i] = the exponential mean of y[0..i], each value `weight` (0 to below 1) times as heavy as the
 * one behind it. What is not finite stays as it is and counts for nothing. y may be out. */
void chart_smooth(const double *y, size_t count, double weight, double *out);

/* Leaves out of a line in pixels what does not show: of points that follow each other in one column of
 * pixels, the first, the last, a lowest and a highest stay, in their order. A point with a NAN in y is
 * a gap, of which one stays. Returns how many points are left, at the beginning of the array. */
size_t chart_thin(struct vec *points, size_t count);

#endif
