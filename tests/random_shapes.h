/* SPDX-License-Identifier: MIT */
/*
 * random_shapes: valid shapes for tests, and what tests of parsers share.
 *
 *	struct rng rng = rng_seed(test_seed(), 1);
 *	struct shape shape = random_shape(&rng);
 */
#ifndef TESTS_RANDOM_SHAPES_H
#define TESTS_RANDOM_SHAPES_H

#include <stdint.h>

#include "base/rng.h"
#include "formats/scene/shape.h"

/* CADGEN_TEST_SEED, or the time; printed as a TAP comment. */
uint64_t test_seed(void);

/* The same, or 1: where a share of few samples is bounded, which a seed by chance may miss. */
uint64_t test_seed_of_shares(void);

/* Name of a file of the source tree: $CADGEN_SRCDIR/rest, or rest. Valid until the next call. */
const char *source_file(const char *rest);

/* Any kind; values from whole millimetres to thousandths, the bounds themselves now and then. */
struct shape random_shape(struct rng *rng);

struct shape random_shape_of(struct rng *rng, enum family family);
struct shape random_shape_of_kind(struct rng *rng, enum shape_kind kind);

#endif
