/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/ops_kinds.h"
#include "trainer/ops/ops_cpu.h"

const int ops_kind_count = CPU_WAY_COUNT;
const bool ops_kind_rounds_bias = false;

int ops_kind_rounds(void)
{
	return 10;
}

struct ops *ops_of_kind(int kind, int way_of_working, enum dtype act)
{
	struct err err;
	struct ops *ops;

	if (!cpu_way_works((enum cpu_way)kind))
		return NULL;
	ops = ops_cpu_new_as(way_of_working, act, (enum cpu_way)kind, &err);
	assert_non_null(ops);
	return ops;
}

/* AMX is tested where the processor has it, or in test_ops_tiles, whose emulator needs AVX-512 BF16. */
void test_kinds(void **state)
{
	static const char *const names[] = {
#define X(name, text, about) text,
		CPU_WAYS(X)
#undef X
	};
	struct err err = {0};
	struct ops *ops = ops_cpu_new(2, &err);

	(void)state;
	assert_non_null(ops);
	print_message("# %s\n", ops->name);
	assert_int_equal(ops->acc, DTYPE_F32);
	ops->free(ops);
	for (int way = 0; way < CPU_WAY_COUNT; way++)
		if (!cpu_way_works((enum cpu_way)way)) {
			print_message("# no %s here: not tested\n", names[way]);
			assert_null(ops_cpu_new_as(1, DTYPE_F32, (enum cpu_way)way, &err));
			assert_int_equal(err.code, ERR_UNSUPPORTED);
		}
	if (!cpu_way_works(CPU_AMX))
		skip();
}
