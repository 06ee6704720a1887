/* SPDX-License-Identifier: MIT */
/* What metrics.c and solid_metrics.c share. */
#ifndef FORMATS_METRICS_PRIVATE_H
#define FORMATS_METRICS_PRIVATE_H

#include "formats/json_put.h"
#include "formats/metrics.h"

/* {"value", "low", "high", and how many count, under the key `of`}, in a line. */
void metrics_put_value(struct buf *out, const struct metrics_value *v, const char *of);

/* The object "bootstrap". */
void metrics_put_bootstrap(struct json_put *in, int resamples, uint64_t seed);

#endif
