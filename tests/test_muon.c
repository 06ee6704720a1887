/* SPDX-License-Identifier: MIT */
/*
 * Muon against matrices whose singular vectors and values are known: it must leave the vectors as they are
 * and put the values through its polynomial. For ops_ref and for all ops_kinds.
 */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "tests/ops_kinds.h"
#include "tests/random_shapes.h"
#include "trainer/ops/ops_memory.h"
#include "trainer/train/muon.h"

#define MOST 70 /* rows or columns */
#define STEPS 3

/* sum of value[i] left[i] right[i]^T, i < k; the vectors are orthonormal. */
struct spectrum {
	int rows, cols, k;
	double left[MOST][MOST], right[MOST][MOST];
};

/* k orthonormal vectors of n numbers. */
static void fill_vectors(double v[MOST][MOST], int k, int n, struct rng *rng)
{
	for (int i = 0; i < k; i++) {
		double length = 0;

		for (int j = 0; j < n; j++)
			v[i][j] = rng_normal(rng);
		for (int twice = 0; twice < 2; twice++)
			for (int other = 0; other < i; other++) {
				double dot = 0;

				for (int j = 0; j < n; j++)
					dot += v[i][j] * v[other][j];
				for (int j = 0; j < n; j++)
					v[i][j] -= dot * v[other][j];
			}
		for (int j = 0; j < n; j++)
			length += v[i][j] * v[i][j];
		for (int j = 0; j < n; j++)
			v[i][j] /= sqrt(length);
	}
}

static struct spectrum *random_spectrum(int rows, int cols, struct rng *rng)
{
	struct spectrum *s = mem_alloc(1, sizeof(*s));

	s->rows = rows;
	s->cols = cols;
	s->k = rows < cols ? rows : cols;
	fill_vectors(s->left, s->k, rows, rng);
	fill_vectors(s->right, s->k, cols, rng);
	return s;
}

static void matrix_of(double *out, const struct spectrum *s, const double *values)
{
	memset(out, 0, (size_t)(s->rows * s->cols) * sizeof(*out));
	for (int k = 0; k < s->k; k++)
		for (int i = 0; i < s->rows; i++)
			for (int j = 0; j < s->cols; j++)
				out[i * s->cols + j] += values[k] * s->left[k][i] * s->right[k][j];
}

/* What becomes of a singular value where the terms of one polynomial, if any, are off by so much. */
static double through(double s, int polynomial, double off)
{
	static const double a[][3] = {
		{8.0934, -23.6204, 17.4462}, {3.6366, -2.7219, 0.5365}, {2.6613, -1.9772, 0.4526}};

	for (int n = 0; n < 3; n++) {
		double first = a[n][0] * s, third = a[n][1] * pow(s, 3);
		double fifth = a[n][2] * pow(s, 5), all = fabs(first) + fabs(third) + fabs(fifth);

		s = first + third + fifth + (n == polynomial ? off * all : 0);
	}
	return s;
}

/* What becomes of singular values: fourth powers add up to 1, then the polynomials. Returns how far rounding by such a
 * share may take them, as root mean square. */
static double put_through(double *values, int k, double rounding)
{
	double sum = 0, squares = 0;

	for (int i = 0; i < k; i++)
		sum += pow(values[i], 4);
	for (int i = 0; i < k; i++) {
		double s = values[i] / pow(sum, 0.25), far = 0;

		values[i] = through(s, -1, 0);
		for (int n = 0; n < 3; n++)
			far += fmax(fabs(through(s, n, rounding) - values[i]),
				    fabs(through(s, n, -rounding) - values[i]));
		squares += far * far;
	}
	return sqrt(squares / k);
}

/* Tensors of ops. */
struct bench {
	struct ops *ops;
	struct muon *muon;
	struct tensor param, mean, grad, copy;
	size_t n;
};

static void give(struct bench *b, struct tensor to, const double *numbers)
{
	float *floats = mem_alloc(b->n, sizeof(*floats));

	for (size_t i = 0; i < b->n; i++)
		floats[i] = (float)numbers[i];
	tensor_upload_floats(b->ops, to, floats, b->n);
	free(floats);
}

static struct bench new_bench(struct ops *ops, int rows, int cols, const double *param)
{
	struct bench b = {.ops = ops, .n = (size_t)(rows * cols)};

	b.muon = muon_new(ops, b.n + 3, (size_t)(rows < cols ? rows : cols) + 1);
	b.param = tensor_alloc(ops, b.n, ops->acc);
	b.mean = tensor_alloc(ops, b.n, ops->acc);
	b.grad = tensor_alloc(ops, b.n, ops->acc);
	b.copy = tensor_alloc(ops, b.n, ops->act);
	give(&b, b.param, param);
	return b;
}

static void free_bench(struct bench *b)
{
	muon_free(b->muon);
	tensor_release(b->ops, b->param);
	tensor_release(b->ops, b->mean);
	tensor_release(b->ops, b->grad);
	tensor_release(b->ops, b->copy);
}

static double root_mean_square(const double *a, const double *b, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (a[i] - b[i]) * (a[i] - b[i]);
	return sqrt(sum / (double)n);
}

/* How far the parameters are from these, in parts of the last step's length: as root mean square. */
static double distance(struct bench *b, const double *expected, double step)
{
	float *floats = mem_alloc(b->n, sizeof(*floats));
	double *numbers = mem_alloc(b->n, sizeof(*numbers)), far;

	tensor_download_floats(b->ops, floats, b->param, b->n);
	for (size_t i = 0; i < b->n; i++)
		numbers[i] = (double)floats[i];
	far = root_mean_square(numbers, expected, b->n) / step;
	free(floats);
	free(numbers);
	return far;
}

/* What may be off: of each step, of its length; and of numbers where they are rounded. */
struct tolerance {
	double step, rounding;
};

/* Steps along gradients of one set of singular vectors, with momentum, decay and clipping. */
static void check_matrix(struct ops *ops, int rows, int cols, struct rng *rng,
			 struct tolerance tolerance)
{
	const struct muon_step how = {.rate = 0.25, .decay = 0.125, .scale = 0.5};
	struct spectrum *s = random_spectrum(rows, cols, rng);
	size_t n = (size_t)(rows * cols);
	double *param = mem_alloc(n, sizeof(*param)), *matrix = mem_alloc(n, sizeof(*matrix));
	double mean[MOST] = {0}, length = 0.2 * sqrt(rows > cols ? rows : cols), bound = 0;
	struct bench b;

	for (size_t i = 0; i < n; i++)
		param[i] = (double)(float)rng_normal(rng);
	b = new_bench(ops, rows, cols, param);
	for (int step = 0; step < STEPS; step++) {
		double values[MOST];

		for (int k = 0; k < s->k; k++)
			values[k] = 0.4 + 0.6 * rng_unit(rng);
		matrix_of(matrix, s, values);
		give(&b, b.grad, matrix);
		muon_update(b.muon, b.param, b.mean, b.grad, b.copy, (size_t)rows, (size_t)cols,
			    &how);
		for (int k = 0; k < s->k; k++) {
			mean[k] = 0.95 * mean[k] + values[k];
			values[k] += 0.95 * mean[k];
		}
		bound += tolerance.step + put_through(values, s->k, tolerance.rounding);
		matrix_of(matrix, s, values);
		for (size_t i = 0; i < n; i++)
			param[i] = param[i] * (1 - 0.25 * 0.125) - 0.25 * length * matrix[i];
		if (!(distance(&b, param, 0.25 * 0.2) < bound))
			fail_msg("%s, [%d, %d], step %d: %g off, not %g", ops->name, rows, cols,
				 step, distance(&b, param, 0.25 * 0.2), bound);
	}
	free_bench(&b);
	free(s);
	free(param);
	free(matrix);
}

static void check_ops(struct ops *ops, struct rng *rng, int rounds, struct tolerance tolerance)
{
	static const int shapes[][2] = {{1, 1}, {1, 40}, {40, 1}, {64, 16}, {16, 64}, {32, 32}};

	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++)
		check_matrix(ops, shapes[i][0], shapes[i][1], rng, tolerance);
	for (int i = 0; i < rounds; i++)
		check_matrix(ops, (int)rng_range(rng, 1, MOST), (int)rng_range(rng, 1, MOST), rng,
			     tolerance);
}

static void test_exact(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);
	struct ops *ops = ops_ref_new();

	(void)state;
	/* parameters and gradients are given as floats */
	check_ops(ops, &rng, 20, (struct tolerance){1e-5, 0});
	ops->free(ops);
}

static void test_all_kinds(void **state)
{
	struct rng rng = rng_seed(test_seed(), 2);

	(void)state;
	for (int kind = 0; kind < ops_kind_count; kind++)
		for (int act = 0; act < 2; act++) {
			struct ops *ops = ops_of_kind(kind, 2, act ? DTYPE_BF16 : DTYPE_F32);

			if (!ops)
				continue;
			check_ops(ops, &rng, ops_kind_rounds(),
				  act ? (struct tolerance){0.02, 0x1p-9}
				      : (struct tolerance){1e-3, 0x1p-23});
			ops->free(ops);
		}
}

/* The polynomials take all but the smallest singular values near 1. */
static void test_band(void **state)
{
	double least = 2, most = 0;

	(void)state;
	for (double s = 0.01; s <= 1; s += 1e-5) {
		double to = through(s, -1, 0);

		least = fmin(least, to);
		most = fmax(most, to);
	}
	assert_true(least > 0.729 && least < 0.735 && most > 1.265 && most < 1.271);
}

/* Without a gradient parameters decay, and no more. */
static void test_no_gradient(void **state)
{
	static const double param[6] = {1, -2, 3, 4, -5, 6};
	double expected[6];
	struct ops *ops = ops_ref_new();
	struct bench b = new_bench(ops, 2, 3, param);

	(void)state;
	muon_update(b.muon, b.param, b.mean, b.grad, b.copy, 2, 3,
		    &(struct muon_step){.rate = 0.5, .decay = 0.5, .scale = 1});
	for (int i = 0; i < 6; i++)
		expected[i] = 0.75 * param[i];
	assert_true(distance(&b, expected, 1) == 0);
	for (size_t i = 0; i < 6; i++)
		assert_true(tensor_get(b.copy, i) == expected[i]);
	free_bench(&b);
	ops->free(ops);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exact),
		cmocka_unit_test(test_all_kinds),
		cmocka_unit_test(test_band),
		cmocka_unit_test(test_no_gradient),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
