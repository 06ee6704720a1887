/* SPDX-License-Identifier: MIT */
/*
 * ops_kinds: which ops test_ops and test_ops_decode are about; each program has one of these.
 *
 *	ops_kinds_cpu.c		ops_cpu by each way of this processor
 *	ops_kinds_host.c	ops_cuda over tests/cuda_host.h
 *	ops_kinds_gpu.c		ops_cuda over a GPU
 *
 *	for (int kind = 0; kind < ops_kind_count; kind++) {
 *		struct ops *ops = ops_of_kind(kind, 3, DTYPE_BF16);
 */
#ifndef TESTS_OPS_KINDS_H
#define TESTS_OPS_KINDS_H

#include "trainer/ops/ops.h"

extern const int ops_kind_count;

/* Cases of each test for each of them. */
int ops_kind_rounds(void);

/* Whether products whose result is BF16 round their bias. */
extern const bool ops_kind_rounds_bias;

/* NULL where this machine has none; two of one kind give the same bits, whatever `way_of_working`: the
 * number of threads, or what order they run in. */
struct ops *ops_of_kind(int kind, int way_of_working, enum dtype act);

/* What else there is to test: cmocka's. Skips where part of it cannot be. */
void test_kinds(void **state);

#endif
