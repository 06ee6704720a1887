/* SPDX-License-Identifier: MIT */
/*
 * Each edge is cut into pieces of one length, at most 1/2048 of all edges together, and the middle of a
 * piece stands for it. Its distance to the other figure's edges is exact; runs of them whose box is
 * farther than what was found already are passed over.
 */
#include <config.h>

#include "trainer/score/figure.h"

#include <math.h>

#define POINTS 2048

static double edge_length(const struct figure_edge *edge)
{
	double square = 0;

	for (int i = 0; i < FIGURE_AXES; i++)
		square += (edge->b[i] - edge->a[i]) * (edge->b[i] - edge->a[i]);
	return sqrt(square);
}

static double total_length(const struct figure *f)
{
	double sum = 0;

	for (int i = 0; i < f->edge_count; i++)
		sum += edge_length(&f->edges[i]);
	return sum;
}

/* Squares of distances: one root at the end will do. */
static double to_box(const double p[FIGURE_AXES], const struct figure_box *box)
{
	double square = 0;

	for (int i = 0; i < FIGURE_AXES; i++) {
		double off = max2(0, max2(box->lo[i] - p[i], p[i] - box->hi[i]));

		square += off * off;
	}
	return square;
}

static double to_edge(const double p[FIGURE_AXES], const struct figure_edge *e)
{
	double along = 0, size = 0, square = 0, t;

	for (int i = 0; i < FIGURE_AXES; i++) {
		double d = e->b[i] - e->a[i];

		along += (p[i] - e->a[i]) * d;
		size += d * d;
	}
	t = size > 0 ? max2(0, min2(1, along / size)) : 0;
	for (int i = 0; i < FIGURE_AXES; i++) {
		double off = p[i] - e->a[i] - t * (e->b[i] - e->a[i]);

		square += off * off;
	}
	return square;
}

/* The run that was nearest to the point before comes first. */
static double to_figure(const double p[FIGURE_AXES], const struct figure *f, int *nearest)
{
	double least = INFINITY;
	int begin = *nearest;

	for (int k = 0; k < f->run_count; k++) {
		int r = begin + k < f->run_count ? begin + k : begin + k - f->run_count;
		const struct figure_run *run = &f->runs[r];

		if (to_box(p, &run->box) >= least)
			continue;
		for (int i = run->first; i < run->first + run->count; i++) {
			double d = to_edge(p, &f->edges[i]);

			if (d < least) {
				least = d;
				*nearest = r;
			}
		}
	}
	return sqrt(least);
}

static double mean_distance(const struct figure *from, const struct figure *to)
{
	double total = total_length(from), step = total / POINTS, sum = 0;
	int nearest = 0;

	for (int i = 0; i < from->edge_count; i++) {
		const struct figure_edge *e = &from->edges[i];
		double length = edge_length(e);
		int pieces = (int)ceil(length / step);

		for (int k = 0; k < pieces; k++) {
			double t = (k + 0.5) / pieces, p[FIGURE_AXES];

			for (int axis = 0; axis < FIGURE_AXES; axis++)
				p[axis] = e->a[axis] + t * (e->b[axis] - e->a[axis]);
			sum += length / pieces * to_figure(p, to, &nearest);
		}
	}
	return sum / total;
}

double figure_chamfer(const struct figure *a, const struct figure *b)
{
	return (mean_distance(a, b) + mean_distance(b, a)) / 2;
}
