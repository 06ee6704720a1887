/* SPDX-License-Identifier: MIT */
/*
 * Smoothing is that of TensorBoard: a mean whose weights would begin with a value of 0 is divided by
 * what the weights so far add up to (Kingma and Ba 2015, section 3, call it bias correction).
 *
 * Thinning is that of Jugel et al. 2014, "M4: A Visualization-Oriented Time Series Data Aggregation":
 * with these four points of every column the line covers the same pixels.
 */
#include <config.h>

#include "render/chart/chart_line.h"

#include <math.h>

void chart_smooth(const double *y, size_t count, double weight, double *out)
{
	double mean = 0, weights = 0;

	for (size_t i = 0; i < count; i++) {
		out[i] = y[i];
		if (!isfinite(y[i]))
			continue;
		mean = mean * weight + (1 - weight) * y[i];
		weights = weights * weight + (1 - weight);
		out[i] = mean / weights;
	}
}

/* Keeps the four points of points[from..to), of one column. Returns how many. */
static size_t keep_four(const struct vec *points, size_t from, size_t to, struct vec *out)
{
	size_t kept[4] = {from, from, from, to - 1}, count = 0;

	for (size_t i = from; i < to; i++) {
		kept[1] = points[i].y < points[kept[1]].y ? i : kept[1];
		kept[2] = points[i].y > points[kept[2]].y ? i : kept[2];
	}
	if (kept[1] > kept[2]) {
		size_t swap = kept[1];

		kept[1] = kept[2];
		kept[2] = swap;
	}
	for (int i = 0; i < 4; i++)
		if (i == 0 || kept[i] != kept[i - 1])
			out[count++] = points[kept[i]];
	return count;
}

/* Where what lies in the column of points[from], or the gap there, ends. */
static size_t column_end(const struct vec *points, size_t from, size_t count)
{
	size_t to = from + 1;

	if (isnan(points[from].y)) {
		while (to < count && isnan(points[to].y))
			to++;
		return to;
	}
	while (to < count && !isnan(points[to].y) && floor(points[to].x) == floor(points[from].x))
		to++;
	return to;
}

/* In place: what is kept of a column never comes to lie beyond it. */
size_t chart_thin(struct vec *points, size_t count)
{
	size_t kept = 0, to;

	for (size_t from = 0; from < count; from = to) {
		to = column_end(points, from, count);
		if (isnan(points[from].y))
			points[kept++] = points[from];
		else
			kept += keep_four(points, from, to, points + kept);
	}
	return kept;
}
