/* SPDX-License-Identifier: MIT */
/*
 * score_groups: which cases have something in common.
 *
 *	struct score_groups groups = {0};
 *	struct score_key keys[] = {{"family", "plate"}, {"digit height", "8 to 11 px"}};
 *	score_groups_add(&groups, keys, 2, number);
 *	score_groups_sort(&groups);
 *	... groups.all[i].by, groups.all[i].is, groups.all[i].cases
 *	score_groups_free(&groups);
 */
#ifndef TRAINER_SCORE_GROUPS_H
#define TRAINER_SCORE_GROUPS_H

#include <stdint.h>

#include "base/rng.h"

#define SCORE_KEYS_MAX 16

/* A group that a case is in: of those `by` the family, the one that `is` plate. */
struct score_key {
	const char *by, *is;
};

struct score_group {
	char *by, *is;
	int by_order; /* how many other `by` came before */
	uint32_t count, room;
	uint32_t *cases;
};

struct score_groups {
	int count, room, by_count;
	struct score_group *all;
};

/* Copies the keys: at most SCORE_KEYS_MAX, each with another `by`. */
void score_groups_add(struct score_groups *groups, const struct score_key *keys, int key_count,
		      uint32_t number);

/* In the order in which their `by` came first, within it by name, numbers in names by value. */
void score_groups_sort(struct score_groups *groups);

/* Of the group's resamples: hangs on its names, the seed and n alone. */
struct rng score_group_stream(const struct score_group *group, uint64_t seed, uint64_t n);

void score_groups_free(struct score_groups *groups);

#endif
