/* SPDX-License-Identifier: MIT */
/*
 * assignment: which column each row goes to, so that the sum of costs is least.
 *
 *	int column_of_row[rows];
 *	assignment_solve(cost, rows, columns, column_of_row, &arena);
 */
#ifndef TRAINER_ASSIGNMENT_H
#define TRAINER_ASSIGNMENT_H

#include "base/arena.h"

/* cost: rows x columns, row after row, finite. As many pairs are made as the shorter side has; a row
 * that gets no column has -1. Takes min(rows, columns)^2 * max(rows, columns) steps; scratch memory is
 * the arena's. */
void assignment_solve(const double *cost, int rows, int columns, int *column_of_row,
		      struct arena *arena);

#endif
