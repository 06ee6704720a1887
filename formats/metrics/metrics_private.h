/* SPDX-License-Identifier: MIT */
/* What metrics.c and solid_metrics.c share. */
#ifndef FORMATS_METRICS_PRIVATE_H
#define FORMATS_METRICS_PRIVATE_H

#include "formats/encoding/json_put.h"
#include "formats/metrics/metrics.h"

/* The object "bootstrap". */
void metrics_put_bootstrap(struct json_put *in, int resamples, uint64_t seed);

/* An object under the key: how many it is of, and the figures that any count for. */
void metrics_put_group(struct json_put *in, const char *key, const struct metrics_words *words,
		       const struct metrics_group *group);

/* The object "groups". Those of one `by` stand together. */
void metrics_put_groups(struct json_put *in, const struct metrics_words *words,
			const struct metrics_group *groups, int count);

#endif
