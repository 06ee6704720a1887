/* SPDX-License-Identifier: MIT */
/*
 * interrupt: SIGINT and SIGTERM as a flag, so that a run stops between two pieces of its work.
 *
 *	job.stop = interrupt_catch();
 */
#ifndef BASE_INTERRUPT_H
#define BASE_INTERRUPT_H

#include <signal.h>

/* From now on the first of either signal sets the flag and a second one ends the process. The flag
 * lives as long as the process. */
volatile sig_atomic_t *interrupt_catch(void);

#endif
