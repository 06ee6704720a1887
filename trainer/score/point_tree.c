/* SPDX-License-Identifier: MIT */
/*
 * A k-d tree without pointers: of a stretch of nodes the middle one parts the others. Those before it are
 * not beyond it along its axis, those behind it not before it; both halves are parted in the same way.
 * The axis is the one along which the stretch is longest, so that thin plates are not cut into slices.
 */
#include <config.h>

#include "trainer/score/point_tree.h"

#include <math.h>

#define AXES 3

struct point_tree_node {
	double at[AXES];
	int axis;
};

static int longest_axis(const struct point_tree_node *nodes, int count)
{
	double longest = -1;
	int best = 0;

	for (int axis = 0; axis < AXES; axis++) {
		double lo = INFINITY, hi = -INFINITY;

		for (int i = 0; i < count; i++) {
			lo = min2(lo, nodes[i].at[axis]);
			hi = max2(hi, nodes[i].at[axis]);
		}
		if (hi - lo > longest) {
			longest = hi - lo;
			best = axis;
		}
	}
	return best;
}

static void swap(struct point_tree_node *a, struct point_tree_node *b)
{
	struct point_tree_node c = *a;

	*a = *b;
	*b = c;
}

/* Quickselect (Hoare 1961): puts in place `k` what sorting would, with none beyond it before it. */
static void select(struct point_tree_node *nodes, int count, int k, int axis)
{
	int lo = 0, hi = count - 1;

	while (lo < hi) {
		double pivot = nodes[lo + (hi - lo) / 2].at[axis];
		int i = lo, j = hi;

		while (i <= j) {
			while (nodes[i].at[axis] < pivot)
				i++;
			while (nodes[j].at[axis] > pivot)
				j--;
			if (i <= j)
				swap(&nodes[i++], &nodes[j--]);
		}
		if (k <= j)
			hi = j;
		else if (k >= i)
			lo = i;
		else
			return;
	}
}

static void part(struct point_tree_node *nodes, int count)
{
	while (count > 1) {
		int middle = count / 2, axis = longest_axis(nodes, count);

		select(nodes, count, middle, axis);
		nodes[middle].axis = axis;
		part(nodes, middle);
		nodes += middle + 1;
		count -= middle + 1;
	}
}

struct point_tree point_tree_from_points(const struct vec3 *points, int count, struct arena *arena)
{
	struct point_tree tree = {ARENA_NEW(arena, struct point_tree_node, count), count};

	for (int i = 0; i < count; i++)
		tree.nodes[i] =
			(struct point_tree_node){{points[i].x, points[i].y, points[i].z}, 0};
	part(tree.nodes, count);
	return tree;
}

static double square_between(const double a[AXES], const double b[AXES])
{
	double sum = 0;

	for (int i = 0; i < AXES; i++)
		sum += (a[i] - b[i]) * (a[i] - b[i]);
	return sum;
}

/* The half in which the point is comes first; the other is looked at where it may have a nearer one. */
static void search(const struct point_tree_node *nodes, int count, const double p[AXES],
		   double *least)
{
	while (count > 0) {
		int middle = count / 2;
		const struct point_tree_node *node = &nodes[middle], *behind = node + 1;
		double off = p[node->axis] - node->at[node->axis];
		int rest = count - middle - 1;

		*least = min2(*least, square_between(p, node->at));
		search(off < 0 ? nodes : behind, off < 0 ? middle : rest, p, least);
		if (off * off >= *least)
			return;
		nodes = off < 0 ? behind : nodes;
		count = off < 0 ? rest : middle;
	}
}

double point_tree_nearest(const struct point_tree *tree, struct vec3 p)
{
	double at[AXES] = {p.x, p.y, p.z}, least = INFINITY;

	search(tree->nodes, tree->count, at, &least);
	return least;
}
