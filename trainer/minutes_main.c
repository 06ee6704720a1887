/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/minutes_main.h"

#include <math.h>

#include "base/clock.h"
#include "trainer/train_options_main.h"

#define STEPS_FIRST 2 /* not counted */
#define STEPS_LEAST 3

static int try_steps(struct training *training, double seconds, double *step, struct err *err)
{
	struct training_report report;
	double start = 0, now = 0;
	int count = -STEPS_FIRST;

	for (; count < STEPS_LEAST || now - start < seconds; count++) {
		if (count == 0)
			start = clock_seconds();
		if (training_step(training, &report, err) < 0)
			return -1;
		now = clock_seconds();
	}
	*step = (now - start) / count;
	return 0;
}

int minutes_try(struct training *training, double seconds, double *step, double *check,
		struct err *err)
{
	struct training_check result;
	double start;

	if (try_steps(training, seconds, step, err) < 0)
		return -1;
	start = clock_seconds();
	if (training_check(training, &result, err) < 0)
		return -1;
	*check = clock_seconds() - start;
	return 0;
}

int64_t minutes_steps(const struct minutes_trial *trial, double minutes, double reading_first,
		      int64_t check_every)
{
	double left = minutes * 60 - trial->spent - trial->check;
	double each = reading_first * trial->reading + (1 - reading_first) * trial->step +
		      trial->check / (double)check_every;

	return (int64_t)fmax(1, fmin(floor(left / each), TRAIN_STEPS_MAX));
}
