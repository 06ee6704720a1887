/* SPDX-License-Identifier: MIT */
/* sample_settings: what decides samples, for tests that make some. */
#ifndef TESTS_SAMPLE_SETTINGS_H
#define TESTS_SAMPLE_SETTINGS_H

#include "gen/sample_main.h"

/* One family in a style of samples/styles ("gost"; NULL: the built-in one), for pictures of size_px.
 * A style file that cannot be read fails the test. */
struct sample_settings test_sample_settings(uint64_t seed, enum family family, const char *style,
					    int64_t size_px);

/* Fewer than 2 scenes in 100 may be redrawn because no layout was found. Of RARE_SCENES scenes of fresh
 * seeds the number redrawn is binomial, or narrower where styles differ in their rates, and more
 * than RARE_MOST come with probability
 *
 *	8.1e-7 at a rate of 2 in 100 (9.9e-11 at 1.5), so chance does not fail a sound generator;
 *	1 - 6.8e-8 at 8 in 100, so one that lost its layouts is caught.
 *
 * Both are sums of C(1200, k) p^k (1 - p)^(1200 - k), over k > 50 and over k <= 50. Much fewer
 * scenes have no limit that keeps both under 1e-6: 1100 have 47, 1080 none. */
#define RARE_SCENES 1200
#define RARE_MOST 50

/* How many of the first `count` samples needed another scene than their first. */
int test_count_redrawn(const struct sample_settings *settings, int count);

#endif
