/* SPDX-License-Identifier: MIT */
/*
 * meeting: threads that are ranks, and sum numbers over all of them.
 *
 *	struct meeting *m = meeting_new(2);
 *	meeting_sum(m, rank, numbers, n);	in each of two threads
 *	meeting_free(m);
 */
#ifndef TESTS_MEETING_H
#define TESTS_MEETING_H

#include <stddef.h>

#define MEETING_MOST 16 /* ranks */

struct meeting;

struct meeting *meeting_new(int count);
void meeting_free(struct meeting *meeting); /* NULL is allowed */

/* Waits until all ranks have come here. */
void meeting_wait(struct meeting *meeting);

/* numbers[n] become their sum over all ranks, added up in the order of ranks. Waits for all. */
void meeting_sum(struct meeting *meeting, int rank, float *numbers, size_t n);

#endif
