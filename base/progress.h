/* SPDX-License-Identifier: MIT */
/*
 * progress: how far, how fast, how long still; on stderr.
 *
 *	struct progress p;
 *	progress_start(&p, "drawings", done_before, total);
 *	progress_update(&p, done);
 *	progress_end(&p);
 *
 * A bar rewritten at most ten times a second on a terminal; elsewhere one line per ten seconds.
 * Calls must come from one thread at a time.
 */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	const char *what;
	uint64_t first, total; /* done before this run, done at the end */
	double started_s, shown_s;
	bool terminal;
	bool shown;
};

void progress_start(struct progress *p, const char *what, uint64_t first, uint64_t total);
void progress_update(struct progress *p, uint64_t done);

/* Clears the bar, so that the next line of output starts clean. */
void progress_end(struct progress *p);

#endif
