/* SPDX-License-Identifier: MIT */
/* Prints the name of the GPU that ops_cuda takes, or says why there is none and ends with status 1. */
#include <config.h>

#include <stdio.h>

#include "trainer/ops/ops_cuda.h"

int main(void)
{
	struct err err = {0};
	struct ops *ops = ops_cuda_new(DTYPE_BF16, &err);

	printf("%s\n", ops ? ops->name : err.msg);
	if (ops)
		ops->free(ops);
	return !ops;
}
