/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/ops_kinds.h"
#include "trainer/ops/ops_cuda.h"

const int ops_kind_count = 1;
const int ops_kind_rounds = 100;
const bool ops_kind_rounds_bias = true;

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

void test_kinds(void **state)
{
	struct err err = {0};
	struct ops *ops = ops_cuda_new(DTYPE_BF16, &err);

	(void)state;
	assert_non_null(ops);
	print_message("# %s\n", ops->name);
	assert_int_equal(ops->act, DTYPE_BF16);
	assert_int_equal(ops->acc, DTYPE_F32);
	assert_int_equal(ops->check(ops, &err), 0);
	ops->free(ops);
}
