/* SPDX-License-Identifier: MIT */
/* training_private: a training's parts, for training.c and training_files.c. */
#ifndef TRAINER_TRAINING_PRIVATE_H
#define TRAINER_TRAINING_PRIVATE_H

#include "trainer/train/lora.h"
#include "trainer/train/reading_head.h"
#include "trainer/train/training.h"

#define TRAINING_SETS 3 /* of the model itself, adapters, and the head that reads */

struct training {
	struct training_settings settings;
	struct model_config config;
	struct ops *ops;
	struct model *model;
	struct lora *lora;           /* NULL without */
	struct reading_head *reader; /* likewise */
	struct param_set own;        /* of the model itself */
	struct param_set sets[TRAINING_SETS];
	struct tensor shared; /* with ranks: a few numbers that are summed over them */
	bool asked_to_stop;
	int set_count;
	struct optimizer *optimizer;
	struct tensor average;      /* as the parameters, or none */
	struct tensor swapped;      /* where it is: room to swap the two piece by piece */
	struct feed *train, *val;   /* val: NULL where there are no samples */
	struct feed_batch *batches; /* of a step */
	struct feed_batch ahead;    /* the next step's first, */
	bool has_ahead;             /* where it was there in time */
	struct feed_batch checked;  /* of a check */
	int64_t cells;              /* of a step's batches, that say something */
	int64_t steps, since_best;
	double best;
};

#endif
