/* SPDX-License-Identifier: MIT */
/*
 * run_metrics: the numbers of a run, RUN/metrics.jsonl, as series by step.
 *
 *	struct run_metrics metrics;
 *	if (run_metrics_read(&metrics, "run/metrics.jsonl", &err) < 0) ...
 *	const struct run_metric *loss = run_metrics_find(&metrics, "loss");
 *	for (size_t i = 0; loss && i < loss->count; i++)
 *		printf("%.0f %g\n", loss->steps[i], loss->values[i]);
 *	run_metrics_free(&metrics);
 *
 * The file, an object a line, with any numbers by name beside the step:
 *
 *	{"step":10,"loss":3.25,"rate":0.001}
 *	{"step":10,"validation_loss":3.5}
 *	{"step":20,"loss":null,"rate":0.001}
 */
#ifndef FORMATS_RUN_METRICS_H
#define FORMATS_RUN_METRICS_H

#include <stddef.h>

#include "base/err.h"

#define RUN_METRICS_SERIES_MAX 1024
#define RUN_METRICS_BYTES_MAX ((size_t)1 << 30)

struct run_metric {
	char *name;     /* owned, as all of it */
	double *steps;  /* whole, rising */
	double *values; /* NAN for null */
	size_t count, room;
};

struct run_metrics {
	struct run_metric *series; /* owned; by first appearance */
	size_t count, room;
};

/* Reads a file. What is neither number nor null under its key is left out, and so is a last line
 * without its end: the process that wrote it died. A step of a series that is not above its last one
 * is of a resumed run: it takes the place of all from there on. ERR_FORMAT with path:line for any
 * other line that is not such an object or lacks a whole "step" of 0 to 2^53; ERR_LIMIT for a file or
 * a number of series over the bounds above; ERR_IO. On failure there is nothing to free. */
int run_metrics_read(struct run_metrics *metrics, const char *path, struct err *err);

/* The same of text in memory, which messages call by name. */
int run_metrics_parse(struct run_metrics *metrics, const char *name, const char *text, size_t len,
		      struct err *err);

void run_metrics_free(struct run_metrics *metrics);

/* NULL if there is none. */
const struct run_metric *run_metrics_find(const struct run_metrics *metrics, const char *name);

/* Cuts a last line without its end off the file, so that lines may be added. Absent is fine, and what is
 * no file stays as it is. */
int run_metrics_mend(const char *path, struct err *err);

#endif
