/* SPDX-License-Identifier: MIT */
/*
 * scene_part: the dimensions that tell a solid completely, each once, and the sheet that they go on.
 *
 *	struct part part;			(front, top and a view from the side, or what scene_views leaves)
 *	if (scene_part(&scene, &part, &params, &rng, &arena, &err) < 0) ...
 *
 * Along each axis the faces have places: planes across it, axes of rounds that lie across it, ends of
 * planes aslant. Places that go on in each other by a radius are told by that; of the others each gets one
 * dimension, from the datum or from its neighbour, in the view where it is seen best. Rounds get their
 * diameter, or their radius where they go half way round or less, those of a pattern one together; holes about
 * another round, equally far apart and one of them level with it or over it, the diameter of their pitch circle.
 * Cones between a plane and a cylinder are chamfers (2x45) or countersinks, told with their hole; of others the ends
 * and their diameters are told, of drilled holes where the tip begins.
 * What lies level, upright, square or in line, and what touches, is not told (ISO 129-1, ASME Y14.5).
 */
#ifndef GEN_SCENE_PART_H
#define GEN_SCENE_PART_H

#include "formats/solid/part.h"
#include "gen/scene/scene_from_seed.h"

/* The scene borrows the part, in whose views each axis goes to the right or up, and marks the rounds whose centres it
 * tells and the chamfers, and adds pitch circles; so it is given a part but once. ERR_UNSUPPORTED for parts
 * that these dimensions do not tell: faces that are no planes, cylinders or cones, or lie across all axes;
 * rounds that are askew; tapers that go half way round or less. ERR_LIMIT for too many. */
int scene_part(struct scene *scene, struct part *part, const struct scene_params *params,
	       struct rng *rng, struct arena *arena, struct err *err);

#define SCENE_PART_SHEETS 7

/* Where the drafter finds no layout: the sheet and the scale to try next, for attempts 1 and up to
 * SCENE_PART_SHEETS; 0: what scene_part tried, for the views that there are now. */
void scene_part_sheet(struct scene *scene, const struct scene_params *params, int attempt);

#endif
