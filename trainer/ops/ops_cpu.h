/* SPDX-License-Identifier: MIT */
/*
 * ops_cpu: the arithmetic of ops.h on the processor, by the vector instructions that it has.
 *
 *	struct ops *ops = ops_cpu_new(2, &err);
 *	printf("%s\n", ops->name);	"cpu amx_bf16 avx512"
 *	ops->free(ops);
 *
 * act is BF16 where matrix products of bf16 are faster than those of f32 (AMX; AVX512_BF16 on AMD's
 * processors), else F32; acc is F32. Calls take tensors of these types only, and one call at a time. The
 * same processor gives the same bits for any number of threads. Products of bf16 by AVX512_BF16 and AMX
 * take numbers below 2^-126 for 0.
 */
#ifndef TRAINER_OPS_CPU_H
#define TRAINER_OPS_CPU_H

#include "base/err.h"
#include "trainer/ops/ops.h"

/* Ways to compute, slowest first. Each needs the processor's and the compiler's support. */
#define CPU_WAYS(X)                                                                                \
	X(PLAIN, "plain", "what every processor of the kind has")                                  \
	X(AVX2, "avx2", "AVX2 and FMA")                                                            \
	X(AVX512, "avx512", "AVX-512 F, BW, DQ and VL")                                            \
	X(AVX512_BF16, "avx512_bf16", "and bf16 products by AVX512_BF16")                          \
	X(AMX, "amx", "and bf16 products by AMX")

enum cpu_way {
#define X(name, text, about) CPU_##name,
	CPU_WAYS(X)
#undef X
		CPU_WAY_COUNT
};

/* Whether this processor can. AMX is tried in a child process: what CPUID and the kernel say is not
 * always so. */
bool cpu_way_works(enum cpu_way way);

/* The fastest. threads > 0. NULL with ERR_IO where no more threads can be had. */
struct ops *ops_cpu_new(int threads, struct err *err);

/* With act and way as given; BF16 goes with every way. ERR_UNSUPPORTED where the way does not work. */
struct ops *ops_cpu_new_as(int threads, enum dtype act, enum cpu_way way, struct err *err);

#endif
