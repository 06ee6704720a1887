/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/peak.h"

#include <stdlib.h>
#include <time.h>

#include "base/mem.h"

#define SIDE ((size_t)1024)
#define CALLS_LEAST 3

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static struct tensor matrix(enum dtype type, double v)
{
	struct tensor t = {mem_alloc(SIDE * SIDE, dtype_bytes(type)), type};

	for (size_t i = 0; i < SIDE * SIDE; i++)
		tensor_set(t, i, v);
	return t;
}

double peak_measure(struct ops *ops, double seconds)
{
	struct tensor x = matrix(ops->act, 0.5), w = matrix(ops->act, 0.25);
	struct tensor out = matrix(ops->act, 0);
	double start = now(), best = 0, flops = 2.0 * (double)(SIDE * SIDE * SIDE);

	for (int i = 0; i < CALLS_LEAST || now() - start < seconds; i++) {
		double began = now(), rate;

		ops->linear(ops, out, x, w, (struct tensor){0}, SIDE, SIDE, SIDE, false);
		rate = flops / (now() - began);
		best = rate > best ? rate : best;
	}
	free(x.at);
	free(w.at);
	free(out.at);
	return best;
}
