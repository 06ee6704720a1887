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
 * in the folder of the program and where cadgen was installed to.
 */
#ifndef TRAINER_OPS_CUDA_H
#define TRAINER_OPS_CUDA_H

#include "base/err.h"
#include "trainer/cuda_device.h"
#include "trainer/ops.h"

/* NULL with ERR_UNSUPPORTED where there is no plug-in, with ERR_DEVICE where there is no GPU or no driver
 * that it works with. */
struct ops *ops_cuda_new(enum dtype act, struct err *err);

/* The GPU, likewise. */
struct cuda_device *ops_cuda_device(struct err *err);

/* ops over a device, which it takes. */
struct ops *ops_cuda_new_on(struct cuda_device *device, enum dtype act);

#endif
