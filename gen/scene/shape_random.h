/* SPDX-License-Identifier: MIT */
/*
 * shape_random: one random primitive on a grid.
 *
 * Sizes are thought of in millimetres on paper and stored in real micrometres: a grid step is a
 * whole number of real micrometres that the label can write.
 */
#ifndef GEN_SHAPE_RANDOM_H
#define GEN_SHAPE_RANDOM_H

#include "base/rng.h"
#include "formats/scene/shape.h"

struct shape_grid {
	double paper_per_real; /* the scale */
	int64_t step_um;       /* real; even, so that radii may be half steps */
};

/* A random shape of about extent_mm on paper, at least large enough to be dimensioned, in canonical
 * form, with its anchor (or lowest left corner of its points) near the origin. */
struct shape shape_random(const struct shape_grid *grid, double extent_mm, struct rng *rng);

/* Nearest multiple of the grid step to a paper length. */
int64_t grid_from_paper(const struct shape_grid *grid, double paper_mm);

/* Millimetres on paper of a real length. */
double paper_from_real(const struct shape_grid *grid, int64_t um);

#endif
