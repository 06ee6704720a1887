/* SPDX-License-Identifier: MIT */
/*
 * score_summary: the figures of many drawings and of groups of them, with 95 % intervals.
 *
 *	struct score_summary *summary = score_summary_new(seed);
 *	struct score_key keys[] = {{"family", "plate"}, {"digit height", "8 to 11 px"}};
 *	score_summary_add(summary, &score, keys, 2);
 *	score_summary_finish(summary, &metrics);
 *	metrics.errors = *confusions; metrics_write(&metrics, &buf);
 *	score_summary_free(summary);
 *
 * A figure is a quotient of two sums over drawings (metrics(5)); a drawing that adds nothing to the
 * divisor does not count. Intervals are those of bootstrap.h. The same drawings in the same order give the
 * same intervals under the same seed, and those of a group do not depend on others.
 */
#ifndef TRAINER_SCORE_SUMMARY_H
#define TRAINER_SCORE_SUMMARY_H

#include "formats/metrics/metrics.h"
#include "trainer/score/score.h"
#include "trainer/score/score_groups.h"

struct score_summary;

struct score_summary *score_summary_new(uint64_t seed);
void score_summary_free(struct score_summary *summary);

/* Copies all. At most SCORE_KEYS_MAX keys, each with another `by`. */
void score_summary_add(struct score_summary *summary, const struct score *score,
		       const struct score_key *keys, int key_count);

/* Sets all of *metrics but its errors, which are zeroed. Groups come in the order of score_groups_sort; they are valid until the next call or
 * the summary is freed. */
void score_summary_finish(struct score_summary *summary, struct metrics *metrics);

#endif
