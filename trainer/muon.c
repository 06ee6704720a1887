/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/muon.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "trainer/ops_memory.h"

#define MOMENTUM 0.95
#define ITERATIONS 5
#define LENGTH 0.2 /* the root mean square of AdamW's steps, about */

/* Singular values s become LINEAR s + CUBIC s^3 + QUINTIC s^5, which takes those of 0.002 to 1 to between
 * 0.7 and 1.2 in five iterations. */
#define LINEAR 3.4445
#define CUBIC (-4.7750)
#define QUINTIC 2.0315

struct muon {
	struct ops *ops;
	struct tensor wide;   /* acc: the gradient with momentum; products of columns */
	struct tensor x, y;   /* act: what becomes orthogonal, and a product */
	struct tensor gram;   /* act: [side, side], x x^T, or x^T x where that is smaller */
	struct tensor square; /* its polynomial */
};

struct muon *muon_new(struct ops *ops, size_t numbers, size_t side)
{
	struct muon *m = mem_alloc(1, sizeof(*m));
	size_t squares = mem_mul(side, side);

	m->ops = ops;
	m->wide = tensor_alloc(ops, numbers, ops->acc);
	m->x = tensor_alloc(ops, numbers, ops->act);
	m->y = tensor_alloc(ops, numbers, ops->act);
	m->gram = tensor_alloc(ops, squares, ops->act);
	m->square = tensor_alloc(ops, squares, ops->act);
	return m;
}

void muon_free(struct muon *muon)
{
	if (!muon)
		return;
	tensor_release(muon->ops, muon->wide);
	tensor_release(muon->ops, muon->x);
	tensor_release(muon->ops, muon->y);
	tensor_release(muon->ops, muon->gram);
	tensor_release(muon->ops, muon->square);
	free(muon);
}

/* x = the gradient that has gone on with the mean, of length 1. */
static void take_gradient(struct muon *m, struct tensor mean, struct tensor grad, size_t n,
			  double scale)
{
	double now = (1 - MOMENTUM) * scale, length;
	struct ops *ops = m->ops;

	ops->mix(ops, mean, grad, n, MOMENTUM, now);
	ops->convert(ops, m->wide, grad, n);
	ops->mix(ops, m->wide, mean, n, now, MOMENTUM);
	length = sqrt(ops->sum_squares(ops, m->wide, n));
	ops->mix(ops, m->wide, m->wide, n, length > 0 ? 1 / length : 0, 0);
	ops->convert(ops, m->x, m->wide, n);
}

/* One iteration: x = LINEAR x + (CUBIC g + QUINTIC g^2) x, g being x x^T; where there are more rows than
 * columns the same from the right, with x^T x, which comes to the same. */
static void iterate(struct muon *m, size_t rows, size_t cols)
{
	const struct tensor none = {0};
	struct ops *ops = m->ops;
	size_t side = rows < cols ? rows : cols;

	if (rows <= cols) {
		ops->linear(ops, m->gram, m->x, m->x, none, none, side, side, cols);
	} else {
		ops->clear(ops, m->wide, side * side);
		ops->linear_dw(ops, m->wide, none, m->x, m->x, rows, side, side);
		ops->convert(ops, m->gram, m->wide, side * side);
	}
	ops->linear(ops, m->square, m->gram, m->gram, none, none, side, side, side);
	ops->mix(ops, m->square, m->gram, side * side, QUINTIC, CUBIC);
	if (rows <= cols)
		ops->linear_dx(ops, m->y, m->square, m->x, rows, rows, cols, false);
	else
		ops->linear(ops, m->y, m->x, m->square, none, none, rows, cols, cols);
	ops->mix(ops, m->x, m->y, rows * cols, LINEAR, 1);
}

void muon_update(struct muon *muon, struct tensor param, struct tensor mean, struct tensor grad,
		 struct tensor copy, size_t rows, size_t cols, const struct muon_step *how)
{
	size_t n = rows * cols;
	double length = LENGTH * sqrt((double)(rows > cols ? rows : cols));
	struct ops *ops = muon->ops;

	take_gradient(muon, mean, grad, n, how->scale);
	for (int i = 0; i < ITERATIONS; i++)
		iterate(muon, rows, cols);
	ops->mix(ops, param, muon->x, n, 1 - how->rate * how->decay, -how->rate * length);
	if (!tensor_is_none(copy))
		ops->convert(ops, copy, param, n);
}
