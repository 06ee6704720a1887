/* SPDX-License-Identifier: MIT */
/*
 * ops_cuda: the arithmetic of ops.h on a GPU.
 *
 *	struct ops *ops = ops_cuda_new(DTYPE_BF16, &err);
 *	printf("%s\n", ops->name);	"cuda bf16 NVIDIA H100"
 *	ops->free(ops);
 *
 * act is BF16 or F32, acc is F32. The same GPU gives the same bits every time. Products whose result is
 * BF16 take a bias rounded to BF16. What the GPU fails in is found by ops->check.
 *
 * GPUs are reached through a plug-in, libcadgen-cuda.so, which is looked for when the first is asked for:
 * in the folder of the program and where cadgen was installed to. Of the processes that a launcher (mpirun,
 * srun) starts on one machine each takes the next of its GPUs.
 */
#ifndef TRAINER_OPS_CUDA_H
#define TRAINER_OPS_CUDA_H

#include "base/err.h"
#include "trainer/ops/cuda_device.h"
#include "trainer/ops/ops.h"
#include "trainer/ops/ranks.h"

/* NULL with ERR_UNSUPPORTED where there is no plug-in, with ERR_DEVICE where there is no GPU or no driver
 * that it works with. */
struct ops *ops_cuda_new(enum dtype act, struct err *err);

/* The GPU, likewise. */
struct cuda_device *ops_cuda_device(struct err *err);

/* ops over a device, which it takes. */
struct ops *ops_cuda_new_on(struct cuda_device *device, enum dtype act);

/* The ranks of processes with a GPU each, all started by one launcher; returns when all `count` of them are
 * there. They find each other by a file in the folder, which all see: rank 0 makes the folder where there is none,
 * and no such file stays; others wait so many seconds for it. ops are of this header's and stay the caller's: whoever
 * asks again for the same ops leaves the ranks of before. NULL with ERR_UNSUPPORTED where the plug-in was built without
 * NCCL, with ERR_IO where the file cannot be written or read or has not come, with ERR_FORMAT where it is none of ours,
 * with ERR_DEVICE where the devices do not join. */
struct ranks *ops_cuda_ranks(struct ops *ops, int rank, int count, const char *folder,
			     double seconds, struct err *err);

#endif
