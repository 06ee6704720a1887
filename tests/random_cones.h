/* SPDX-License-Identifier: MIT */
/*
 * random_cones: solids with chamfers, countersinks, drill tips and tapers, for tests of what looks at them.
 *
 *	struct solid *solid = random_cones(&rng, &arena);
 *	...
 *	solid_free(solid);
 *
 * Plates with holes along z, flanges, shafts along any axis of the world. Sizes are multiples of 0.5 mm, but
 * the depths of countersinks and of the tips of blind holes, which follow from their angles.
 */
#ifndef TESTS_RANDOM_CONES_H
#define TESTS_RANDOM_CONES_H

#include "base/rng.h"
#include "formats/solid/solid.h"

/* What cannot be made fails the test. */
struct solid *random_cones(struct rng *rng, struct arena *arena);

#endif
