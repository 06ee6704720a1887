/* SPDX-License-Identifier: MIT */
/*
 * disk_faults: disks that fill up and processes that die, at a moment of the test's choice.
 *
 *	disk_fault = DISK_FULL;
 *	disk_steps_left = 17;		(17 more calls that change a disk succeed)
 *
 * Who links this has the system calls that write taken from libc, in the archives too, and a clock
 * in their place that runs four seconds with each look, so that even small datasets are committed
 * several times. Nothing is synced really; what syncs are for, power cuts, no test can see.
 */
#ifndef TESTS_DISK_FAULTS_H
#define TESTS_DISK_FAULTS_H

enum { DISK_CRASHED = 77 }; /* exit status */

enum disk_fault {
	DISK_GOOD,
	DISK_CRASH, /* the process ends with DISK_CRASHED, half of the bytes of a write written */
	DISK_FULL,  /* ENOSPC, except where something is removed */
};

extern enum disk_fault disk_fault;
extern long disk_steps_left; /* calls that still succeed */
extern long disk_syncs;      /* how often fsync was called */

#endif
