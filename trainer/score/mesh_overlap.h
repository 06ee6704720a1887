/* SPDX-License-Identifier: MIT */
/*
 * mesh_overlap: how much of two solids is common, roughly, by lines through their meshes.
 *
 *	double iou = mesh_overlap(&a, &b);
 *
 * Slower and less exact than a boolean, but it does not go wrong: what two booleans of solids that are
 * almost the same say is to be held against it (solid_score.c).
 */
#ifndef TRAINER_MESH_OVERLAP_H
#define TRAINER_MESH_OVERLAP_H

#include "formats/solid/solid.h"

#define MESH_OVERLAP_SLACK 0.02 /* how far off it may be */

/* Intersection over union of the volumes. 16,384 lines along z, whose places are drawn from a fixed stream;
 * along them lengths are exact, so solids that stand side by side on them are some 0.005 off, and thin
 * walls along z more. Meshes have triangles, of which each edge has a neighbour. */
double mesh_overlap(const struct solid_mesh *a, const struct solid_mesh *b);

#endif
