/* SPDX-License-Identifier: MIT */
/*
 * crew: worker processes, for work that may crash, hang or eat memory: what one index does costs that index.
 *
 *	struct crew_job job = {.begin = 0, .end = n, .workers = 2, .seconds = 20, .bytes = (size_t)2 << 30,
 *			       .ctx = &run, .work = convert, .done = note, .stop = interrupt_catch()};
 *	if (crew_run(&job, &err) < 0) ...
 *
 * Workers are copies of the process as it is when crew_run is called, which must have no other threads
 * then; what work() changes in memory stays in its worker, one index after the other. A worker that does
 * not come back from an index is replaced.
 */
#ifndef BASE_CREW_H
#define BASE_CREW_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define CREW_RESULT_MAX ((size_t)1 << 30) /* bytes of one index */

struct crew_job {
	uint64_t begin, end; /* index range, end excluded */
	int workers;         /* > 0 */
	double seconds;      /* that an index may take; 0: any */
	size_t bytes;        /* of address space that a worker may have; 0, and under ASan: any */
	void *ctx;

	/* In a worker: appends what becomes of the index. */
	int (*work)(void *ctx, uint64_t index, struct buf *out, struct err *err);
	/* In this process, once an index, as they come: failed is NULL and bytes[len] is what was appended, or
	 * failed is the error of work(), or of the worker: ERR_LIMIT where it took too long, ERR_CRASHED where
	 * it ended. -1 ends the run with that error. */
	int (*done)(void *ctx, uint64_t index, const struct err *failed, const char *bytes,
		    size_t len, struct err *err);

	const volatile sig_atomic_t
		*stop; /* set: workers are stopped where they are; may be NULL */
};

/* 0 when done() has had every index; else -1: done()'s error, ERR_INTERRUPTED, or ERR_IO where there are no
 * more processes. No worker is left behind. */
int crew_run(const struct crew_job *job, struct err *err);

#endif
