/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "tests/ops_kinds.h"
#include "trainer/ops/ops_cuda.h"
#include "trainer/ops/ops_memory.h"

#define MUCH ((size_t)12 << 20) /* numbers */

const int ops_kind_count = 1;
const bool ops_kind_rounds_bias = true;

/* A GPU that is none (tests/fake_cuda.h) takes its time. */
int ops_kind_rounds(void)
{
	return getenv("CADGEN_FAKE_GPU") ? 5 : 100;
}

struct ops *ops_of_kind(int kind, int way_of_working, enum dtype act)
{
	struct err err = {0};
	struct ops *ops = ops_cuda_new(act, &err);

	(void)kind;
	(void)way_of_working;
	if (!ops)
		fail_msg("%s", err.msg);
	return ops;
}

/* More than is on its way at once. */
static void check_much(struct ops *ops)
{
	float *numbers = mem_alloc(MUCH, sizeof(*numbers)), *back = mem_alloc(MUCH, sizeof(*back));
	struct tensor t = tensor_alloc(ops, MUCH, DTYPE_F32);

	for (size_t i = 0; i < MUCH; i++)
		numbers[i] = (float)i;
	ops->upload(ops, t, numbers, MUCH);
	ops->download(ops, back, t, MUCH);
	assert_memory_equal(numbers, back, MUCH * sizeof(*numbers));
	tensor_release(ops, t);
	free(numbers);
	free(back);
}

void test_kinds(void **state)
{
	struct err err = {0};
	struct ops *ops = ops_cuda_new(DTYPE_BF16, &err);

	(void)state;
	assert_non_null(ops);
	print_message("# %s\n", ops->name);
	assert_int_equal(ops->act, DTYPE_BF16);
	assert_int_equal(ops->acc, DTYPE_F32);
	check_much(ops);
	assert_int_equal(ops->check(ops, &err), 0);
	ops->free(ops);
}
