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
static void fill(struct ops *ops, struct tensor matrix, size_t side)
{
	float *numbers = mem_alloc(side * side, sizeof(*numbers));
	struct rng rng = rng_seed(1, 1);

	for (size_t i = 0; i < side * side; i++)
		numbers[i] = i < NOISE ? (float)rng_normal(&rng) : numbers[i - NOISE];
	tensor_upload_floats(ops, matrix, numbers, side * side);
	free(numbers);
}

/* The least time of a call on matrices of memory that holds three. */
static double measure_in(struct ops *ops, void *memory, size_t side, double seconds)
{
	struct tensor x = {memory, ops->act};
	struct tensor w = tensor_from(x, side * side), out = tensor_from(w, side * side);
	double start = clock_seconds(), least = INFINITY;
	float done;

	fill(ops, x, side);
	fill(ops, w, side);
	for (int i = 0; i < CALLS_LEAST || clock_seconds() - start < seconds; i++) {
		double began = clock_seconds();

		ops->linear(ops, out, x, w, (struct tensor){0}, (struct tensor){0}, side, side,
			    side);
		tensor_download_floats(ops, &done, out, 1); /* waits for it */
		least = fmin(least, clock_seconds() - began);
	}
	return least;
}

/* Likewise; infinite where there is no memory for them. */
static double measure(struct ops *ops, size_t side, double seconds)
{
	void *memory = ops->alloc(ops, 3 * side * side * dtype_bytes(ops->act));
	double least = memory ? measure_in(ops, memory, side, seconds) : INFINITY;

	ops->release(ops, memory);
	return least;
}

double peak_measure(struct ops *ops, double seconds)
{
	double most = 0, time = 0;

	for (size_t side = SIDE_LEAST; time < TIME_LEAST && side <= SIDE_MOST; side *= 2) {
		time = measure(ops, side, seconds);
		most = isinf(time) ? most : 2 * pow((double)side, 3) / time;
	}
	return most;
}
