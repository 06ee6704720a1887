/* SPDX-License-Identifier: MIT */
/*
 * solid_summary: the figures of many solids, with 95 % intervals.
 *
 *	struct solid_summary *summary = solid_summary_new(seed);
 *	solid_summary_add(summary, &score);
 *	solid_summary_finish(summary, &metrics);
 *	solid_metrics_write(&metrics, &buf);
 *	solid_summary_free(summary);
 *
 * All but the median are means over solids, as the papers have them: DeepCAD's accuracies too are means of
 * each solid's share. A solid without the figure does not count for it: one that could not be measured
 * counts neither as valid nor as invalid; chamfer and what ends in _valid are of valid ones alone; a solid
 * of which no command is right has no share of right parameters. Intervals are those of bootstrap.h; the
 * same solids in the same order have the same ones under the same seed.
 */
#ifndef TRAINER_SOLID_SUMMARY_H
#define TRAINER_SOLID_SUMMARY_H

#include <stdint.h>

#include "formats/solid_metrics.h"
#include "trainer/solid_score.h"

struct solid_summary;

struct solid_summary *solid_summary_new(uint64_t seed);
void solid_summary_free(struct solid_summary *summary); /* NULL may be freed */

void solid_summary_add(struct solid_summary *summary, const struct solid_score *score);

/* Sets all of *metrics. More may be added after it. */
void solid_summary_finish(const struct solid_summary *summary, struct solid_metrics *metrics);

#endif
