/* SPDX-License-Identifier: MIT */
/*
 * deepcad_samples: models from text, and DeepCAD's own files.
 *
 *	struct deepcad_model model = deepcad_sample(SIMPLE(LOOP(SQUARE), NEW, ONE(1)), &arena);
 *	each_deepcad_file(".json", check_file);
 */
#ifndef TESTS_DEEPCAD_SAMPLES_H
#define TESTS_DEEPCAD_SAMPLES_H

#include "formats/solid/deepcad.h"

/* Fails the test where the text is no model. */
struct deepcad_model deepcad_sample(const char *text, struct arena *arena);

/* Calls check for every file of that ending in CADGEN_SHARED/data/deepcad (or ../shared), in the order of
 * their names; skips the test where there is none. */
void each_deepcad_file(const char *ending, void (*check)(const char *path));

#endif
