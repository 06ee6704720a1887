/* SPDX-License-Identifier: MIT */
/*
 * cuda_times: a device that is another one, and takes the time of all that it is asked for.
 *
 *	struct cuda_device *d = cuda_times_new(device);		(takes device)
 *	struct ops *ops = ops_cuda_new_on(d, DTYPE_BF16);	(takes d)
 *	cuda_times_clear(d);
 *	... what is to be measured
 *	cuda_times_print(d, stdout);
 *
 * Each thing is waited for, so the whole takes longer than without; of one that takes microseconds, the way
 * to the device is part of its time.
 */
#ifndef TRAINER_CUDA_TIMES_H
#define TRAINER_CUDA_TIMES_H

#include <stdint.h>
#include <stdio.h>

#include "trainer/ops/cuda_device.h"

struct cuda_device *cuda_times_new(struct cuda_device *device);

/* Forgets what was measured. */
void cuda_times_clear(struct cuda_device *times);

struct cuda_time {
	const char *name; /* of a kernel, or "products", "copies", "clearing" */
	uint64_t calls;
	double seconds;
	double flops; /* of products: 2 m n k each */
};

/* The i-th of what has been called at all, the longest first; NULL behind the last. Until the next call. */
const struct cuda_time *cuda_times_at(struct cuda_device *times, int i);

/* A table: share, milliseconds, calls, and rates of products. */
void cuda_times_print(struct cuda_device *times, FILE *out);

#endif
