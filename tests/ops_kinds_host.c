/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/cuda_host.h"
#include "tests/ops_kinds.h"
#include "trainer/ops/ops_cuda.h"
#include "trainer/ops/ops_memory.h"

const int ops_kind_count = 1;
const bool ops_kind_rounds_bias = true;

int ops_kind_rounds(void)
{
	return 10;
}

struct ops *ops_of_kind(int kind, int way_of_working, enum dtype act)
{
	(void)kind;
	return ops_cuda_new_on(cuda_host_new((uint64_t)way_of_working), act);
}

/* What fails is said once, and by its name. */
void test_kinds(void **state)
{
	struct cuda_device *device = cuda_host_new(1);
	struct ops *ops = ops_cuda_new_on(device, DTYPE_BF16);
	float numbers[8] = {3, 4};
	struct tensor x = {ops->alloc(ops, sizeof(numbers)), DTYPE_F32};
	struct tensor sum = tensor_alloc(ops, 1, DTYPE_F64);
	struct err err = {0};

	(void)state;
	assert_string_equal(ops->name, "cuda bf16 host");
	ops->upload(ops, x, numbers, 8);
	assert_true(tensor_squares(ops, sum, x, 8) == 25);
	assert_int_equal(ops->check(ops, &err), 0);
	cuda_host_fail(device, "host: an illegal address");
	ops->sum_squares(ops, sum, x, 8);
	assert_int_equal(ops->check(ops, &err), -1);
	assert_int_equal(err.code, ERR_DEVICE);
	assert_string_equal(err.msg, "host: an illegal address");
	ops->release(ops, x.at);
	tensor_release(ops, sum);
	ops->free(ops);
}
