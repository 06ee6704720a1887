/* SPDX-License-Identifier: MIT */
/*
 * team: threads that stay, for loops too short to start threads for.
 *
 *	struct team *team = team_new(2, &err);
 *	team_run(team, scale_rows, &job, rows);	scale_rows(&job, worker, first, last) on each thread
 *	team_free(team);
 *
 * The partition depends on the number of threads and of indices alone, never on timing; which thread does a piece
 * does: one that is busy elsewhere holds up none that it has not begun.
 */
#ifndef TRAINER_TEAM_H
#define TRAINER_TEAM_H

#include <stddef.h>

#include "base/err.h"

struct team;

/* Does indices first..last-1; worker, 0..threads-1, is the number of the piece, and no other thread's meanwhile. */
typedef void team_work(void *ctx, int worker, size_t first, size_t last);

/* threads > 0, the caller's own among them. NULL with ERR_IO where the system has no more. */
struct team *team_new(int threads, struct err *err);

int team_threads(const struct team *team);

/* Calls work for 0..n-1 in as many pieces as threads, in order and of equal size within one; not for empty ones.
 * Returns when all are done. One run at a time, and none within
 * another. */
void team_run(struct team *team, team_work *work, void *ctx, size_t n);

/* NULL is allowed. */
void team_free(struct team *team);

#endif
