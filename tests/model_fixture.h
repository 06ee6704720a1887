/* SPDX-License-Identifier: MIT */
/*
 * model_fixture: a tiny model with random parameters in ops_ref, and a random batch, for tests of what
 * works on models.
 *
 *	struct model_config config = model_fixture_config();
 *	struct model_fixture f;
 *	model_fixture_start(&f, &config, false, test_seed());
 *	loss = model_fixture_loss(&f, 0);
 *	model_fixture_back(&f, 0);
 *	model_fixture_end(&f);
 */
#ifndef TESTS_MODEL_FIXTURE_H
#define TESTS_MODEL_FIXTURE_H

#include "trainer/train/model.h"

#define SAMPLES 2
#define TEXT_ROWS 6
#define VOCAB 11

struct model_config model_fixture_config(void);

struct model_fixture {
	struct model_config config;
	struct ops *ops;
	struct model *model;
	struct batch batch;
	uint8_t *pixels;
	int32_t *ids, *targets;
	int rows;
};

void model_fixture_start(struct model_fixture *f, const struct model_config *config, bool recompute,
			 uint64_t seed);
void model_fixture_end(struct model_fixture *f);

/* The sum of losses of the batch. */
double model_fixture_loss(struct model_fixture *f, double smoothing);

/* Forward and back: the gradients are those of that sum. */
void model_fixture_back(struct model_fixture *f, double smoothing);

/* That sum's slope along a parameter, by finite differences. */
double model_fixture_slope(struct model_fixture *f, size_t at, double smoothing);

#endif
