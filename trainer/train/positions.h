/* SPDX-License-Identifier: MIT */
/*
 * positions: what positions of patches begin with: sines and cosines of column and row, as strong as what
 * a patch with some ink gives, for where ink lies matters as much as what it is.
 *
 * Source: Vaswani et al. 2017, "Attention Is All You Need"; in two dimensions He et al. 2022, "Masked
 * Autoencoders Are Scalable Vision Learners".
 */
#ifndef TRAINER_POSITIONS_H
#define TRAINER_POSITIONS_H

#include <math.h>
#include <stddef.h>

#define POSITION_AMPLITUDE 0.4

/* Number i of `width`, at a column and row that may be negative: quarters of sin x, cos x, sin y, cos y,
 * each of falling frequency. What is left over behind four equal quarters is 0. */
static inline double position_at(int column, int row, size_t i, size_t width)
{
	size_t quarter = width / 4, part = quarter ? i / quarter : 4;
	double turn;

	if (part > 3)
		return 0;
	turn = pow(10000, -(double)(i % quarter) / (double)quarter) * (part < 2 ? column : row);
	return POSITION_AMPLITUDE * (part % 2 ? cos(turn) : sin(turn));
}

#endif
