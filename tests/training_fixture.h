/* SPDX-License-Identifier: MIT */
/*
 * training_fixture: a tokenizer, a tiny model's sizes, and a dataset of 22 pictures of 6 x 6 pixels, for
 * tests of what trains.
 *
 *	cmocka_run_group_tests(tests, training_fixture_setup, training_fixture_teardown)
 *	(fixture_clean after each that calls training_fixture_dataset)
 */
#ifndef TESTS_TRAINING_FIXTURE_H
#define TESTS_TRAINING_FIXTURE_H

#include "tests/dataset_fixture.h"
#include "tokenizer/tokenizer.h"
#include "trainer/ops/ops.h"
#include "trainer/train/source.h"

#define SIDE 8
#define IMAGES 4 /* tokens of a picture */

extern struct tokenizer *fixture_tokenizer;

struct model_config training_fixture_config(void);

/* Makes the dataset in fixture_out, a fifth of it for validation. */
void training_fixture_dataset(void);

/* Opens it, for so many calls at a time. */
struct source *training_fixture_source(int workers);

/* ops_ref in single precision. */
struct ops *training_fixture_ops(void);

int training_fixture_setup(void **state);
int training_fixture_teardown(void **state);

#endif
