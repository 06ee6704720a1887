/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/train/muon.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "trainer/ops/ops_memory.h"

#define MOMENTUM 0.95
#define LENGTH 0.2 /* the root mean square of AdamW's steps, about */

/* Singular values s become linear s + cubic s^3 + quintic s^5, one iteration after the other: of all threes of such
 * polynomials those that take values of 0.01 to 1 nearest to 1, which is to between 0.73 and 1.27. */
static const struct polynomial {
	double linear, cubic, quintic;
} polynomials[] = {
	{8.0934, -23.6204, 17.4462},
	{3.6366, -2.7219, 0.5365},
	{2.6613, -1.9772, 0.4526},
};

struct muon {
	struct ops *ops;
	struct tensor wide;   /* acc: the gradient with momentum; products of columns */
	struct tensor x, y;   /* act: what becomes orthogonal, and a product */
	struct tensor gram;   /* act: [side, side], x x^T, or x^T x where that is smaller */
	struct tensor square; /* its polynomial */
	struct tensor sum;    /* [1], F64 */
};

struct muon *muon_new(struct ops *ops, size_t numbers, size_t side)
{
	struct muon *m = mem_alloc(1, sizeof(*m));
	size_t squares = mem_mul(side, side);

	m->ops = ops;
	m->wide = tensor_alloc(ops, numbers, ops->acc);
	m->sum = tensor_alloc(ops, 1, DTYPE_F64);
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
	tensor_release(muon->ops, muon->sum);
	free(muon);
}

/* wide = the gradient that has gone on with the mean. */
static void take_gradient(struct muon *m, struct tensor mean, struct tensor grad, size_t n,
			  double scale)
{
	double now = (1 - MOMENTUM) * scale;
	struct ops *ops = m->ops;

	ops->mix(ops, mean, grad, n, MOMENTUM, now);
	ops->convert(ops, m->wide, grad, n);
	ops->mix(ops, m->wide, mean, n, now, MOMENTUM);
}

/* x = wide, but of length 1. */
static void normalise(struct muon *m, size_t n)
{
	struct ops *ops = m->ops;

	ops->sum_squares(ops, m->sum, m->wide, n);
	ops->divide_by_root(ops, m->wide, n, m->sum, 1);
	ops->convert(ops, m->x, m->wide, n);
}

/* gram = x x^T; where there are more rows than columns x^T x, with which all from the right comes to the same. */
static void multiply_gram(struct muon *m, size_t rows, size_t cols)
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
}

/* By the fourth root of the sum of fourth powers of singular values, which none of them exceeds: it is nearer to the
 * greatest than their length is. */
static void shrink(struct muon *m, size_t n, size_t side)
{
	struct ops *ops = m->ops;

	ops->sum_squares(ops, m->sum, m->gram, side * side);
	ops->divide_by_root(ops, m->x, n, m->sum, 2);
	ops->divide_by_root(ops, m->gram, side * side, m->sum, 1);
}

/* x = linear x + (cubic g + quintic g^2) x, g being x x^T. */
static void apply(struct muon *m, size_t rows, size_t cols, const struct polynomial *p)
{
	const struct tensor none = {0};
	struct ops *ops = m->ops;
	size_t side = rows < cols ? rows : cols;

	ops->linear(ops, m->square, m->gram, m->gram, none, none, side, side, side);
	ops->mix(ops, m->square, m->gram, side * side, p->quintic, p->cubic);
	if (rows <= cols)
		ops->linear_dx(ops, m->y, m->square, m->x, rows, rows, cols, false);
	else
		ops->linear(ops, m->y, m->x, m->square, none, none, rows, cols, cols);
	ops->mix(ops, m->x, m->y, rows * cols, p->linear, 1);
}

/* x becomes orthogonal, about. */
static void orthogonalize(struct muon *m, size_t rows, size_t cols)
{
	for (size_t i = 0; i < sizeof(polynomials) / sizeof(*polynomials); i++) {
		multiply_gram(m, rows, cols);
		if (i == 0)
			shrink(m, rows * cols, rows < cols ? rows : cols);
		apply(m, rows, cols, &polynomials[i]);
	}
}

void muon_update(struct muon *muon, struct tensor param, struct tensor mean, struct tensor grad,
		 struct tensor copy, size_t rows, size_t cols, const struct muon_step *how)
{
	size_t n = rows * cols;
	double length = LENGTH * sqrt((double)(rows > cols ? rows : cols));
	struct ops *ops = muon->ops;

	take_gradient(muon, mean, grad, n, how->scale);
	ops->begin(ops); /* the same for all matrices of a shape */
	normalise(muon, n);
	orthogonalize(muon, rows, cols);
	ops->end(ops);
	ops->mix(ops, param, muon->x, n, 1 - how->rate * how->decay, -how->rate * length);
	if (!tensor_is_none(copy))
		ops->convert(ops, copy, param, n);
}
