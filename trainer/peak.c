/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/peak.h"

#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "trainer/ops_memory.h"

#define SIDE ((size_t)1024)
#define CALLS_LEAST 3

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static struct tensor matrix(struct ops *ops, float v)
{
	struct tensor t = tensor_alloc(ops, SIDE * SIDE, ops->act);
	float *numbers = mem_alloc(SIDE * SIDE, sizeof(*numbers));

	for (size_t i = 0; i < SIDE * SIDE; i++)
		numbers[i] = v;
	tensor_upload_floats(ops, t, numbers, SIDE * SIDE);
	free(numbers);
	return t;
}

double peak_measure(struct ops *ops, double seconds)
{
	struct tensor x = matrix(ops, 0.5f), w = matrix(ops, 0.25f), out = matrix(ops, 0);
	float done;
	double start = now(), best = 0, flops = 2.0 * (double)(SIDE * SIDE * SIDE);

	for (int i = 0; i < CALLS_LEAST || now() - start < seconds; i++) {
		double began = now(), rate;

		ops->linear(ops, out, x, w, (struct tensor){0}, SIDE, SIDE, SIDE, false);
		tensor_download_floats(ops, &done, out, 1);
		rate = flops / (now() - began);
		best = rate > best ? rate : best;
	}
	tensor_release(ops, x);
	tensor_release(ops, w);
	tensor_release(ops, out);
	return best;
}
