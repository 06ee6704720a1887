/* SPDX-License-Identifier: MIT */
/*
 * point_tree: the nearest of many points in space.
 *
 *	struct point_tree tree = point_tree_from_points(points, count, &arena);
 *	double square = point_tree_nearest(&tree, p);
 *
 * Source: Bentley 1975, "Multidimensional Binary Search Trees Used for Associative Searching".
 */
#ifndef TRAINER_POINT_TREE_H
#define TRAINER_POINT_TREE_H

#include "base/arena.h"
#include "formats/solid/deepcad.h"

struct point_tree {
	struct point_tree_node *nodes; /* in the arena */
	int count;
};

/* count >= 1. */
struct point_tree point_tree_from_points(const struct vec3 *points, int count, struct arena *arena);

/* The square of the distance to the nearest one. */
double point_tree_nearest(const struct point_tree *tree, struct vec3 p);

#endif
