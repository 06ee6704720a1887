/* SPDX-License-Identifier: MIT */
/*
 * bootstrap: figures of many cases, with 95 % intervals.
 *
 *	struct bootstrap b = {.sums = sums, .figures = 3, .scale = 100};
 *	struct metrics_value values[3];
 *	bootstrap_measure(&b, NULL, count, rng, values);
 *
 * A figure is a quotient of two sums over cases; a case that adds nothing to the divisor does not count.
 * Its interval is that of the percentile bootstrap (Efron 1979, "Bootstrap Methods: Another Look at the
 * Jackknife"): cases are drawn again, with replacement, and of 1,000 such figures the 25 lowest and the 25
 * highest are left out.
 */
#ifndef TRAINER_BOOTSTRAP_H
#define TRAINER_BOOTSTRAP_H

#include <stdint.h>

#include "base/rng.h"
#include "formats/metrics/metrics.h"

#define BOOTSTRAP_RESAMPLES 1000

/* What a case adds to both sums of a figure. */
struct bootstrap_sum {
	double part, of;
};

struct bootstrap {
	const struct bootstrap_sum *sums; /* [cases][figures] */
	int figures;
	double scale; /* of the quotients: 100 for percentages */
};

/* out: [figures], of `count` cases: those of the list, or the first ones where that is NULL. All figures
 * are taken from the same draws, `count` of the rng for each resample. */
void bootstrap_measure(const struct bootstrap *b, const uint32_t *cases, uint32_t count,
		       struct rng rng, struct metrics_value *out);

/* Sets both ends by the values of so many resamples (>= 1), which are sorted. */
void bootstrap_interval(struct metrics_value *v, double *values, int count);

#endif
