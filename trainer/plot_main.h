/* SPDX-License-Identifier: MIT */
/*
 * plot_main: the curves of runs as a picture.
 *
 *	const char *const runs[] = {"run", "other"};
 *	if (plot_runs(runs, 2, &err) < 0) ...		(writes run/curves.png)
 */
#ifndef TRAINER_PLOT_MAIN_H
#define TRAINER_PLOT_MAIN_H

#include "base/buf.h"
#include "base/err.h"

#define PLOT_RUNS_MAX 16

/* Draws what metrics.jsonl of each run's folder has of the numbers that cadtrain writes, all runs in
 * the same axes, into curves.png in the first run's folder, and says so. ERR_USAGE for no run or more
 * than PLOT_RUNS_MAX; ERR_FORMAT where there is nothing to draw; what metrics_read reports. */
int plot_runs(const char *const *folders, int count, struct err *err);

/* The same of one run, appended as an SVG file. */
int plot_svg(const char *folder, struct buf *out, struct err *err);

#endif
