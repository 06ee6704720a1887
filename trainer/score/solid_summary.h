/* SPDX-License-Identifier: MIT */
/*
 * solid_summary: the figures of many solids, with 95 % intervals.
 *
 *	struct solid_summary *summary = solid_summary_new(seed);
 *	solid_summary_add(summary, &score, keys, key_count);
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

#include "formats/metrics/solid_metrics.h"
#include "trainer/score/score_groups.h"
#include "trainer/score/solid_score.h"

struct solid_summary;

struct solid_summary *solid_summary_new(uint64_t seed);
void solid_summary_free(struct solid_summary *summary); /* NULL may be freed */

/* With the groups that it is in, as score_groups_add. */
void solid_summary_add(struct solid_summary *summary, const struct solid_score *score,
		       const struct score_key *keys, int key_count);

/* Sets all of *metrics; its groups, in the order of score_groups_sort, are valid until the next call or the summary
 * is freed. More may be added after it. */
void solid_summary_finish(struct solid_summary *summary, struct solid_metrics *metrics);

#endif
