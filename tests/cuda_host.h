/* SPDX-License-Identifier: MIT */
/*
 * cuda_host: runs the kernels of trainer/cuda on the processor: a cuda_device whose blocks go one after the
 * other, and whose threads are fibres that take turns at barriers, shuffles and matrix operations.
 *
 *	struct cuda_device *d = cuda_host_new(seed);
 *	struct ops *ops = ops_cuda_new_on(d, DTYPE_BF16);	(takes d)
 *	cuda_host_lack(d, 3);		the fourth alloc from now on finds no memory
 *	cuda_host_fail(d, "gone");	nothing works any more
 *
 * Between two barriers threads run in an order drawn from the seed, so that what hangs on their order comes
 * out differently now and then. Shared memory holds NaNs to begin with, and is as large as the launch says:
 * AddressSanitizer sees what goes over it. A barrier that not all threads of the block, or of the warp,
 * come to ends the process. One device works at a time.
 *
 * Devices of several threads may be ranks: they meet by an id that one of them has made, and sum in the order of
 * ranks. What they do at the same time may be to allocate, upload, sum and download, and no more: blocks have
 * one place in the process. As on GPUs, one that fails before a sum leaves the others waiting.
 */
#ifndef TESTS_CUDA_HOST_H
#define TESTS_CUDA_HOST_H

#include <stdint.h>

#include "base/rng.h"
#include "trainer/ops/cuda_device.h"

struct cuda_device *cuda_host_new(uint64_t seed);

/* Who touches its memory but through the device ends by SIGSEGV. A gibibyte, and none of it comes back. */
struct cuda_device *cuda_host_new_guarded(uint64_t seed);

void cuda_host_lack(struct cuda_device *device, int allocs);
void cuda_host_fail(struct cuda_device *device, const char *failure); /* a literal */
void cuda_host_make_no_graphs(struct cuda_device *device);            /* from now on */

/* The body of a kernel, as the table of CUDA_KERNELS has it. */
typedef void cuda_host_body(const void *args);
extern cuda_host_body *const cuda_host_bodies[CUDA_KERNEL_COUNT];

/* All blocks of a launch. */
void cuda_host_run(cuda_host_body *body, const struct cuda_grid *grid, const void *args,
		   struct rng *rng);

#endif
