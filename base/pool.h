/* SPDX-License-Identifier: MIT */
/*
 * pool: worker threads over an index range, with results committed in order.
 *
 *	struct pool_job job = {.begin = 0, .end = n, .chunk = 16, .jobs = 8, .ctx = &run,
 *			       .work = make, .commit = append, .stop = &interrupted};
 *	if (pool_run(&job, &err) < 0) ...
 *
 * The range is cut into chunks. work() runs in any order on any thread; commit() runs once per
 * chunk, in order, never twice at a time. A chunk lives in one of job->slots result slots from its
 * claim to its commit: a worker waits when all are taken, so memory stays flat however uneven the
 * work is.
 */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <signal.h>
#include <stdint.h>

#include "base/err.h"

struct pool_job {
	uint64_t begin, end; /* index range, end excluded */
	uint32_t chunk;      /* indices per chunk, > 0; chunks start at begin + k * chunk */
	int jobs;            /* threads, > 0 */
	void *ctx;

	/* Does indices first..last-1; worker is 0..jobs-1, slot 0..pool_slots(job)-1. */
	int (*work)(void *ctx, int worker, int slot, uint64_t first, uint64_t last,
		    struct err *err);
	/* Takes over the results in slot; may run on any worker's thread. NULL: there is nothing to do. */
	int (*commit)(void *ctx, int slot, uint64_t first, uint64_t last, struct err *err);

	const volatile sig_atomic_t *stop; /* set: no new chunk is claimed; may be NULL */
};

/* Number of result slots the pool uses: a few per thread. */
int pool_slots(const struct pool_job *job);

/* Runs the job. Returns 0 when all chunks are committed; -1 with the first error, or with
 * ERR_INTERRUPTED when *stop was set; then every chunk before the failed or unclaimed one has been
 * committed and none after it. */
int pool_run(const struct pool_job *job, struct err *err);

/* Number of usable processors, at least 1. */
int pool_processors(void);

#endif
