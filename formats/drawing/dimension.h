/* SPDX-License-Identifier: MIT */
/*
 * dimension: which dimensions a shape needs, and what each of them prints.
 *
 *	struct dimension list[DIMENSION_PER_SHAPE_MAX];
 *	int n = dimensions_of_shape(&shape, index, list);
 *	struct callout c = callout_from_dimension(&scene, &list[0]);	(callout_write: "⌀12,5")
 *
 * The rule behind both promises of the label: what a shape's label says is printed, is implied by a
 * line drawn level, upright or square to another (ISO 129-1, ASME Y14.5 1.4: right angles are not
 * dimensioned), or is counted (the sides of a polygon).
 */
#ifndef FORMATS_DIMENSION_H
#define FORMATS_DIMENSION_H

#include "formats/drawing/callout.h"
#include "formats/scene/scene.h"

#define DIMENSION_PER_SHAPE_MAX (2 * SHAPE_POINTS_MAX + 8)

/* Fills out with the dimensions that state the shape completely, positions first; returns how
 * many. `shape_index` goes into each. */
int dimensions_of_shape(const struct shape *shape, int shape_index,
			struct dimension out[DIMENSION_PER_SHAPE_MAX]);

/* The number the dimension prints, in thousandths: a diameter is twice its radius, as is the whole
 * axis of an ellipse; a position is the distance of two coordinates; of equal spaces, one; the length
 * of an arc rounded to a thousandth. */
int64_t dimension_value(const struct scene *scene, const struct dimension *dimension);

/* Whether the dimension has no room for a tolerance or a box: positions that share a line with others
 * (running, ordinate), and what stands in a table. */
bool dimension_is_bare(const struct scene *scene, const struct dimension *dimension);

/* The length of an arc, from its radius and sweep, in thousandths: rounded once, halves up, to so many
 * decimals (0 to 3) of the unit. */
int64_t dimension_arc_length(const struct shape *arc, int decimals);

/* To how many decimals a style prints the length of an arc: as many as it prints of all lengths, or,
 * where it prints as few as it can, one more than the radius has. */
int dimension_arc_decimals(const struct shape *arc, const struct style *style);

/* What the lettering says, without what a style adds (tolerances, boxes). */
struct callout callout_from_dimension(const struct scene *scene, const struct dimension *dimension);

#endif
