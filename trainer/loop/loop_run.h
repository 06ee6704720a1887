/* SPDX-License-Identifier: MIT */
/*
 * loop_run: the steps of a plan that are not up to date, run one after the other.
 *
 *	struct loop_run_settings settings = {.show = STDERR_FILENO, .stop = interrupt_catch()};
 *	if (loop_run(&loop, &settings, &err) < 0) ...
 */
#ifndef TRAINER_LOOP_RUN_H
#define TRAINER_LOOP_RUN_H

#include <signal.h>
#include <stdbool.h>

#include "base/err.h"
#include "trainer/loop/loop.h"

struct loop_run_settings {
	int show;                            /* descriptor for lines of progress; -1: none */
	const volatile sig_atomic_t *stop;   /* NULL: nothing interrupts */
	const struct loop_recipe_step *last; /* end behind this one; NULL: run all */
};

/* Makes the folder, writes the recipe and the versions into it, and runs what is missing, going on where a
 * program can. What was made before stays until the new is complete. A step's state becomes LOOP_READY
 * as it is done. ERR_INTERRUPTED where *stop was set: the same again goes on. ERR_FORMAT with file:line
 * where a step failed, with its last line; *verdict is set, and else is not, where that was a verdict: a
 * status of 3. ERR_IO: the folder cannot be written, or another loop is at work in it. */
int loop_run(struct loop *loop, const struct loop_run_settings *settings, bool *verdict,
	     struct err *err);

#endif
