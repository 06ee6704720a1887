/* SPDX-License-Identifier: MIT */
/*
 * source: where samples come from: a dataset on disk, or the generator as it runs.
 *
 *	if (source->read(source, worker, SOURCE_TRAIN, 42, &conversation, pixels, &err) < 0) ...
 *	source->free(source);
 */
#ifndef TRAINER_SOURCE_H
#define TRAINER_SOURCE_H

#include <stdint.h>

#include "base/err.h"
#include "trainer/train/conversation.h"

enum source_split { SOURCE_TRAIN, SOURCE_VAL, SOURCE_SPLITS };

#define SOURCE_ENDLESS INT64_MAX

struct source {
	int64_t count
		[SOURCE_SPLITS]; /* of samples, from 0 on; SOURCE_ENDLESS: one for every number */
	int rows;                /* tokens of the longest sample; 0: not known */
	int workers;             /* calls of read at a time */

	/* Sample n of a split: its conversation, and its picture in grey, [side, side] of the model's
	 * side; and, unless cells is NULL, what reading_label says of it. Depends on split and n alone. worker is below `workers`, each in one call at a time.
	 * ERR_LIMIT, with the sample, for more tokens than the model has positions. */
	int (*read)(struct source *source, int worker, enum source_split split, int64_t n,
		    struct conversation *conversation, uint8_t *pixels, int8_t *cells,
		    struct err *err);

	void (*free)(struct source *source);
};

/* Training samples of one, those for validation of another; takes both. */
struct source *source_join(struct source *train, struct source *val);

#endif
