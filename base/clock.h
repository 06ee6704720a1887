/* SPDX-License-Identifier: MIT */
/*
 * clock: seconds that pass, for rates, timeouts and intervals.
 *
 *	double began = clock_seconds();
 *	... clock_seconds() - began
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <time.h>

/* Since some moment; they never go back, whatever is done to the time of day. */
static inline double clock_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

#endif
