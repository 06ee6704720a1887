/* SPDX-License-Identifier: MIT */
/*
 * minutes_main: how many steps a run of so many minutes has, from a few that are tried.
 *
 *	struct minutes_trial trial = {0};
 *	if (minutes_try(training, seconds, &trial.step, &trial.check, &err) < 0) ...
 *	steps = minutes_steps(&trial, minutes, reading_first, check_every);
 *
 * The schedule of the rate has to know the number of steps before the first, and a run that is told it
 * instead of minutes is the same on any day.
 */
#ifndef TRAINER_MINUTES_MAIN_H
#define TRAINER_MINUTES_MAIN_H

#include <stdint.h>

#include "base/err.h"
#include "trainer/train/training.h"

struct minutes_trial {        /* all in seconds */
	double reading, step; /* a step that only reads, and any other; 0 where there are none */
	double check;         /* a validation; 0 without */
	double spent;         /* on trying */
};

/* Trains for that many seconds, by the clock of the machine, three steps at least, and validates. The
 * first steps, which ask for memory, are not counted. Errors as training_step's and training_check's. */
int minutes_try(struct training *training, double seconds, double *step, double *check,
		struct err *err);

/* The steps that fit into what trying has left: 1 to TRAIN_STEPS_MAX (train_options_main.h). reading_first is
 * the share of steps that only read; after every check_every a validation is due, and at the end. */
int64_t minutes_steps(const struct minutes_trial *trial, double minutes, double reading_first,
		      int64_t check_every);

#endif
