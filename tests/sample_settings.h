/* SPDX-License-Identifier: MIT */
/* sample_settings: what decides samples, for tests that make some. */
#ifndef TESTS_SAMPLE_SETTINGS_H
#define TESTS_SAMPLE_SETTINGS_H

#include "gen/sample_main.h"

/* One family in a style of samples/styles ("gost"; NULL: the built-in one), for pictures of size_px.
 * A style file that cannot be read fails the test. */
struct sample_settings test_sample_settings(uint64_t seed, enum family family, const char *style,
					    int64_t size_px);

#endif
