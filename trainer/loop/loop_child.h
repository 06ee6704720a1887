/* SPDX-License-Identifier: MIT */
/*
 * loop_child: one program run as a child: what it says is shown as it comes and kept, an interrupt is
 * handed on once, and its last line is remembered.
 *
 *	struct loop_child child = {.argv = argv, .log = fd, .show = STDERR_FILENO, .stop = interrupt_catch()};
 *	if (loop_child_run(&child, &err) < 0) ...	(it could not be started)
 *	if (child.status || child.signal)
 *		... child.last
 */
#ifndef TRAINER_LOOP_CHILD_H
#define TRAINER_LOOP_CHILD_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

#define LOOP_LINE_BYTES 400

struct loop_child {
	char *const *argv; /* [0] is the program's path; ends with NULL */
	int log;           /* what it says goes here, bars of progress left out; -1: nowhere */
	int show;          /* and here as it is; -1: nowhere */
	const volatile sig_atomic_t *stop; /* NULL: nothing interrupts */

	/* What became of it. */
	int status;                 /* of its exit, 0 to 255; 0 where a signal ended it */
	int signal;                 /* that ended it; 0: none */
	bool interrupted;           /* *stop was set meanwhile */
	char last[LOOP_LINE_BYTES]; /* the last line that it said, cut; "": none */
};

/* Runs it to its end, with no standard input, and standard output and error both into log and show. Where
 * show is a terminal, so is its standard error, and a bar of progress works. When *stop is set the child
 * gets one SIGINT; it is waited for. If this process ends before it, it gets SIGTERM. */
int loop_child_run(struct loop_child *child, struct err *err);

/* Runs it for its standard output, at most max_bytes, appended to *out; standard error is dropped.
 * ERR_FORMAT where its status is not 0. */
int loop_child_output(char *const *argv, size_t max_bytes, struct buf *out, struct err *err);

#endif
