/* SPDX-License-Identifier: MIT */
/*
 * launcher: which of several processes this is: mpirun of Open MPI, one of MPICH's kind, and srun say it in the
 * environment.
 *
 *	struct launched place;
 *	if (launcher_place(&place, 4096, &err) < 0) ...
 *	if (place.rank == 0) ...
 */
#ifndef BASE_LAUNCHER_H
#define BASE_LAUNCHER_H

#include "base/err.h"

struct launched {
	int rank, count; /* 0 <= rank < count */
};

/* I/N, N at most `most`. ERR_USAGE. */
int launcher_parse(struct launched *out, const char *text, int most, struct err *err);

/* 0 of 1 without a launcher. ERR_USAGE where its numbers are none, or more than `most`. */
int launcher_place(struct launched *out, int most, struct err *err);

#endif
