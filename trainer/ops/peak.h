/* SPDX-License-Identifier: MIT */
/*
 * peak: how fast this machine multiplies matrices, to hold a training's speed against.
 *
 *	double flops = peak_measure(ops, 0.3);
 */
#ifndef TRAINER_PEAK_H
#define TRAINER_PEAK_H

#include "trainer/ops/ops.h"

/* Multiplications and additions a second of ops->linear, square, 1024 a side, or up to 8192 where that
 * takes less than a fifth of a millisecond: the best of all calls of a side within so many seconds, of which
 * there are at least three. 0 where there is no memory for it. */
double peak_measure(struct ops *ops, double seconds);

#endif
