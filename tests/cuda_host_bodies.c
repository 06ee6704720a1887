/* SPDX-License-Identifier: MIT */
/* The kernels, compiled for the processor. */
#include <config.h>

#include "tests/cuda_host.h"
#include "trainer/ops/cuda/cuda_bodies.h"

#define X(name, arguments)                                                                         \
	static void run_##name(const void *args)                                                   \
	{                                                                                          \
		name##_thread((const struct arguments *)args);                                     \
	}
CUDA_KERNELS(X)
#undef X

cuda_host_body *const cuda_host_bodies[CUDA_KERNEL_COUNT] = {
#define X(name, arguments) run_##name,
	CUDA_KERNELS(X)
#undef X
};
