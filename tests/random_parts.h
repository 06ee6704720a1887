/* SPDX-License-Identifier: MIT */
/*
 * random_parts: parts of every family that can exist as wholes, for tests of what writes, reads and
 * builds them.
 *
 *	struct shape shapes[PART_SHAPES_MAX];
 *	int n = random_part(&rng, FAMILY_PLATE, UNIT_MM, shapes);
 *
 * Unlike the scenes of gen/ they know no drafting: positions and sizes are all round numbers, and
 * nothing is dimensioned.
 */
#ifndef TESTS_RANDOM_PARTS_H
#define TESTS_RANDOM_PARTS_H

#include "base/rng.h"
#include "formats/scene/shape.h"

#define PART_SHAPES_MAX 48

/* Shapes of the family that scene_check accepts, in canonical order; returns how many. Of the family
 * shapes: any, 1 to 8. */
int random_part(struct rng *rng, enum family family, enum unit unit,
		struct shape shapes[PART_SHAPES_MAX]);

#endif
