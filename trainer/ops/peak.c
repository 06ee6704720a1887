/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/ops/peak.h"

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/rng.h"
#include "trainer/ops/ops_memory.h"

#define SIDE_LEAST ((size_t)1024)
#define SIDE_MOST ((size_t)8192)
#define TIME_LEAST 2e-4 /* of a call: below, what goes with a call counts too much */
#define CALLS_LEAST 3
#define NOISE ((size_t)10007) /* numbers: no multiple of a side */

/* Of noise, the same again and again: numbers that are all alike go faster on some devices. */
static struct tensor matrix(struct ops *ops, size_t side)
{
	struct tensor t = tensor_alloc(ops, side * side, ops->act);
	float *numbers = mem_alloc(side * side, sizeof(*numbers));
	struct rng rng = rng_seed(1, 1);

	for (size_t i = 0; i < side * side; i++)
		numbers[i] = i < NOISE ? (float)rng_normal(&rng) : numbers[i - NOISE];
	tensor_upload_floats(ops, t, numbers, side * side);
	free(numbers);
	return t;
}

/* The least time of a call. */
static double measure(struct ops *ops, size_t side, double seconds)
{
	struct tensor x = matrix(ops, side), w = matrix(ops, side), out = matrix(ops, side);
	double start = clock_seconds(), least = INFINITY;
	float done;

	for (int i = 0; i < CALLS_LEAST || clock_seconds() - start < seconds; i++) {
		double began = clock_seconds();

		ops->linear(ops, out, x, w, (struct tensor){0}, (struct tensor){0}, side, side,
			    side);
		tensor_download_floats(ops, &done, out, 1); /* waits for it */
		least = fmin(least, clock_seconds() - began);
	}
	tensor_release(ops, x);
	tensor_release(ops, w);
	tensor_release(ops, out);
	return least;
}

double peak_measure(struct ops *ops, double seconds)
{
	size_t side = SIDE_LEAST;
	double time = measure(ops, side, seconds);

	while (time < TIME_LEAST && side < SIDE_MOST) {
		side *= 2;
		time = measure(ops, side, seconds);
	}
	return 2 * (double)side * (double)side * (double)side / time;
}
