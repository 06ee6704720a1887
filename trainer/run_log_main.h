/* SPDX-License-Identifier: MIT */
/*
 * run_log_main: what a person sees of a run, RUN/metrics.jsonl, and the same for TensorBoard
 * (formats/metrics/event_file.h).
 *
 *	struct run_log *log = run_log_open("run", steps, false, &err);
 *	if (run_log_step(log, &report, seconds, &err) < 0) ...	(each step)
 *	if (run_log_check(log, step, &check, &err) < 0) ...
 *	run_log_close(log);
 *
 * A line of metrics.jsonl is one of
 *
 *	{"step":N,"loss":L,"reading":L,"rate":R,"gradient":G,"samples_per_s":S,"gflops":F,"peak_share":P,"busy":B}
 *	{"step":N,"validation_loss":L,"validation_tokens":T,"validation_exact":E}
 *
 * P is the share of settings.peak, B that of the time in which the model had samples to work on.
 *
 * The tags of TensorBoard are loss/train, rate, gradient, speed/samples_per_s, speed/gflops,
 * speed/peak_share, speed/busy; loss/reading, loss/validation, right/tokens, right/programs.
 */
#ifndef TRAINER_RUN_LOG_MAIN_H
#define TRAINER_RUN_LOG_MAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "formats/image/image.h"
#include "trainer/train/training.h"

struct run_log;

struct run_log_settings {
	const char *folder; /* of the run; it exists */
	int64_t steps;      /* of the whole run */
	int64_t show_every; /* steps from line to line */
	bool append;        /* to what a run before this one wrote */
	int64_t done;       /* steps of that */
	double peak; /* multiplications and additions a second that the machine is capable of; 0: not known */
};

/* Borrows the folder's name. NULL with ERR_IO. */
struct run_log *run_log_open(const struct run_log_settings *settings, struct err *err);

/* A step that took so long; every show_every-th is shown, with the mean of those since. */
int run_log_step(struct run_log *log, const struct training_report *report, double seconds,
		 struct err *err);

int run_log_check(struct run_log *log, int64_t step, const struct training_check *check,
		  struct err *err);

/* What the model says of validation sample n, for TensorBoard: a picture and a text. */
int run_log_preview(struct run_log *log, int64_t step, int n, const struct image *image,
		    const char *text, struct err *err);

/* NULL is allowed. */
void run_log_close(struct run_log *log);

#endif
