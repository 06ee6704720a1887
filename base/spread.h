/* SPDX-License-Identifier: MIT */
/*
 * spread: how whole numbers are spread: their mean and what part of them is how large, exactly.
 *
 *	struct spread s = {0};
 *	spread_add(&s, 3, 1);
 *	printf("mean %g, half of them up to %u\n", spread_mean(&s), spread_at(&s, 50));
 *	spread_free(&s);
 *
 * A zeroed struct is empty. It keeps how often each value came, so memory goes with the largest value, not
 * with how many there are, and the order in which they came tells nothing.
 */
#ifndef BASE_SPREAD_H
#define BASE_SPREAD_H

#include <stddef.h>
#include <stdint.h>

#define SPREAD_VALUE_MAX ((uint32_t)1 << 26)

struct spread {
	uint64_t *counts; /* of each value; owned */
	size_t room;
	uint64_t count, sum;
	uint32_t least, most; /* where count is not 0 */
};

/* The value came so many times more; 0 to SPREAD_VALUE_MAX. */
void spread_add(struct spread *s, uint32_t value, uint64_t times);

/* Adds all that another has. */
void spread_merge(struct spread *to, const struct spread *from);

/* The least value that at least so many per cent (0 to 100) of all do not exceed: the nearest rank; 0 of
 * none. */
uint32_t spread_at(const struct spread *s, int per_cent);

/* 0 of none. */
double spread_mean(const struct spread *s);

/* How often values from `from` up to `to`, excluded, came. */
uint64_t spread_between(const struct spread *s, uint64_t from, uint64_t to);

void spread_free(struct spread *s);

#endif
