/* SPDX-License-Identifier: MIT */
/*
 * dataset_fixture: small datasets in a folder of their own, for the tests of datasets.
 *
 *	struct dataset_settings settings = fixture_settings();
 *	assert_made(&settings, DATASET_NEW, 7);		(as if interrupted after 7 samples)
 *	assert_made(&settings, DATASET_RESUME, COUNT);
 *	assert_whole();
 *	cmocka_run_group_tests(tests, fixture_setup, fixture_teardown)	(fixture_clean after each)
 *
 * The samples' pixels, programs and lines depend on their index alone. tests/disk_faults.h is part
 * of it.
 */
#ifndef TESTS_DATASET_FIXTURE_H
#define TESTS_DATASET_FIXTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "formats/dataset/dataset.h"
#include "formats/image/image.h"
#include "tests/disk_faults.h"

enum { COUNT = 22, SIDE_PX = 6 };

extern char fixture_folder[256]; /* of all tests */
extern char fixture_out[300];    /* the dataset, gone before each test */
extern char fixture_whole[300];  /* one made without disturbance */

/* Has datasets made in that layout from here on; fixture_whole too. NULL: the usual one. */
void fixture_use(const struct dataset_layout *layout);

/* Of a dataset of COUNT samples in fixture_out; with shards, of seven numbers each. */
struct dataset_settings fixture_settings(void);

/* Adds the lines of sample i. */
void fixture_describe(struct dataset_lines *lines, const struct dataset_settings *settings,
		      uint64_t i);

/* Draws and appends samples up to `end`. */
int fixture_grow(struct dataset *ds, const struct dataset_settings *settings, uint64_t end,
		 struct png_encoder *encoder, struct dataset_lines *lines, struct err *err);

/* Opens, makes samples up to `end` and closes. Returns -1 with the first error. */
int fixture_make(const struct dataset_settings *settings, enum dataset_mode mode, uint64_t end,
		 struct err *err);

/* fixture_make must succeed; dataset_open must fail with the code and the part of a message. */
void assert_made(const struct dataset_settings *settings, enum dataset_mode mode, uint64_t end);
void assert_refused(const struct dataset_settings *settings, enum dataset_mode mode,
		    enum err_code code, const char *part);

/* dataset/name, valid until the next call. */
const char *fixture_path(const char *dataset, const char *name);

/* Whether fixture_out has the file, and writing it. */
bool fixture_has(const char *name);
void fixture_put(const char *name, const char *text);

/* The text of a file of a dataset, to be freed. */
struct buf fixture_text(const char *dataset, const char *name);

/* Names and contents of all files of a dataset, lock file left out; to be freed. */
struct buf fixture_tree(const char *dataset);
bool fixture_same_trees(const char *a, const char *b);

/* fixture_out is, byte for byte, what an undisturbed run makes. */
void assert_whole(void);

/* Ends faults and removes fixture_out. */
int fixture_clean(void **state);
int fixture_setup(void **state);
int fixture_teardown(void **state);

#endif
