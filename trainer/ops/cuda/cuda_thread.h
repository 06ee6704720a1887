/* SPDX-License-Identifier: MIT */
/*
 * cuda_thread: what a kernel's body sees of where it runs, so that the same body is compiled by nvcc for
 * the device and by the C compiler for tests/cuda_host, which runs blocks of threads one after the
 * other.
 *
 *	CUDA_DEVICE void double_thread(const struct cuda_double *a)
 *	{
 *		size_t i = cuda_index();
 *
 *		if (i < a->n)
 *			a->out[i] *= 2;
 *	}
 *
 * A warp is 32 threads that follow each other. Barriers, shuffles and what works on matrices are called
 * by all threads of a block or of a warp. Bodies are written in what C11 and C++17 have in common.
 */
#ifndef TRAINER_CUDA_THREAD_H
#define TRAINER_CUDA_THREAD_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CUDA_WARP 32

/* Of a block, at most; kernels may use the registers that leaves. */
#define CUDA_THREADS_MAX 256

#ifdef __CUDACC__

#include <cuda_bf16.h>

#define CUDA_DEVICE static __device__ __forceinline__
#define CUDA_UNROLL _Pragma("unroll")

CUDA_DEVICE int cuda_thread(void)
{
	return (int)threadIdx.x;
}

CUDA_DEVICE int cuda_threads(void)
{
	return (int)blockDim.x;
}

CUDA_DEVICE size_t cuda_block(void)
{
	return blockIdx.x;
}

CUDA_DEVICE size_t cuda_blocks(void)
{
	return gridDim.x;
}

CUDA_DEVICE void *cuda_shared(void)
{
	extern __shared__ uint4 shared[];

	return shared;
}

CUDA_DEVICE void cuda_barrier(void)
{
	__syncthreads();
}

CUDA_DEVICE void cuda_warp_barrier(void)
{
	__syncwarp();
}

CUDA_DEVICE float cuda_shuffle_xor(float v, int mask)
{
	return __shfl_xor_sync(0xffffffffu, v, mask);
}

CUDA_DEVICE float cuda_shuffle_down(float v, int by)
{
	return __shfl_down_sync(0xffffffffu, v, (unsigned)by);
}

CUDA_DEVICE float cuda_float(uint32_t bits)
{
	return __uint_as_float(bits);
}

CUDA_DEVICE uint32_t cuda_bits(float v)
{
	return __float_as_uint(v);
}

/* To nearest, ties to even. */
CUDA_DEVICE uint16_t cuda_bf16(float v)
{
	return __bfloat16_as_ushort(__float2bfloat16_rn(v));
}

/* Two bf16 in a word, `low` in its lower half. */
CUDA_DEVICE uint32_t cuda_bf16_pair(float low, float high)
{
	uint32_t pair;

	asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(high), "f"(low));
	return pair;
}

CUDA_DEVICE float cuda_exp2(float v)
{
	return exp2f(v);
}

/* Four matrices of 8 x 8 bf16 in shared memory: lanes 8i..8i+7 give the rows of the i-th, 16 bytes each.
 * Of each, lane l gets numbers 2 (l % 4) and the next of row l / 4 in r[i]. */
CUDA_DEVICE void cuda_matrix_load(uint32_t r[4], const uint16_t *row)
{
	uint32_t at = (uint32_t)__cvta_generic_to_shared(row);

	asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
		     : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
		     : "r"(at)
		     : "memory");
}

/* The same of the matrices turned: of column l / 4, rows 2 (l % 4) and the next. */
CUDA_DEVICE void cuda_matrix_load_turned(uint32_t r[4], const uint16_t *row)
{
	uint32_t at = (uint32_t)__cvta_generic_to_shared(row);

	asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
		     : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
		     : "r"(at)
		     : "memory");
}

/* c[16,8] += a[16,16] b[16,8] of bf16, in parts that lanes hold (PTX ISA, mma.m16n8k16): with g = lane / 4
 * and i = 2 (lane % 4), a = rows g, g + 8 of columns i, then of columns i + 8, each with the next column;
 * b0, b1 = column g of rows i, i + 8, each with the next row; c = columns i, i + 1 of row g, then of row
 * g + 8. */
CUDA_DEVICE void cuda_matrix_multiply(float c[4], const uint32_t a[4], uint32_t b0, uint32_t b1)
{
	asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
		     "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
		     : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
		     : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

#else

#include "trainer/ops/tensor.h"

#define CUDA_DEVICE static inline
#define CUDA_UNROLL

/* Where the harness is, and what its threads do together (tests/cuda_host.c). */
struct cuda_host_place {
	int thread, threads;
	size_t block, blocks;
	void *shared;
};
extern struct cuda_host_place cuda_host_place;

void cuda_host_barrier(void);
void cuda_host_warp_barrier(void);
float cuda_host_shuffle(float v, int lane);
void cuda_host_matrix_load(uint32_t r[4], const uint16_t *row, bool turned);
void cuda_host_matrix_multiply(float c[4], const uint32_t a[4], uint32_t b0, uint32_t b1);

CUDA_DEVICE int cuda_thread(void)
{
	return cuda_host_place.thread;
}

CUDA_DEVICE int cuda_threads(void)
{
	return cuda_host_place.threads;
}

CUDA_DEVICE size_t cuda_block(void)
{
	return cuda_host_place.block;
}

CUDA_DEVICE size_t cuda_blocks(void)
{
	return cuda_host_place.blocks;
}

CUDA_DEVICE void *cuda_shared(void)
{
	return cuda_host_place.shared;
}

CUDA_DEVICE void cuda_barrier(void)
{
	cuda_host_barrier();
}

CUDA_DEVICE void cuda_warp_barrier(void)
{
	cuda_host_warp_barrier();
}

CUDA_DEVICE float cuda_shuffle_xor(float v, int mask)
{
	return cuda_host_shuffle(v, cuda_host_place.thread % CUDA_WARP ^ mask);
}

/* Lanes without one that far behind them get their own number. */
CUDA_DEVICE float cuda_shuffle_down(float v, int by)
{
	int lane = cuda_host_place.thread % CUDA_WARP;

	return cuda_host_shuffle(v, lane + by < CUDA_WARP ? lane + by : lane);
}

CUDA_DEVICE float cuda_float(uint32_t bits)
{
	float v;

	memcpy(&v, &bits, 4);
	return v;
}

CUDA_DEVICE uint32_t cuda_bits(float v)
{
	uint32_t bits;

	memcpy(&bits, &v, 4);
	return bits;
}

CUDA_DEVICE uint16_t cuda_bf16(float v)
{
	return bf16_from_float(v);
}

CUDA_DEVICE uint32_t cuda_bf16_pair(float low, float high)
{
	return (uint32_t)bf16_from_float(high) << 16 | bf16_from_float(low);
}

CUDA_DEVICE float cuda_exp2(float v)
{
	return exp2f(v);
}

CUDA_DEVICE void cuda_matrix_load(uint32_t r[4], const uint16_t *row)
{
	cuda_host_matrix_load(r, row, false);
}

CUDA_DEVICE void cuda_matrix_load_turned(uint32_t r[4], const uint16_t *row)
{
	cuda_host_matrix_load(r, row, true);
}

CUDA_DEVICE void cuda_matrix_multiply(float c[4], const uint32_t a[4], uint32_t b0, uint32_t b1)
{
	cuda_host_matrix_multiply(c, a, b0, b1);
}

#endif

/* --- of both */

CUDA_DEVICE size_t cuda_index(void)
{
	return cuda_block() * (size_t)cuda_threads() + (size_t)cuda_thread();
}

CUDA_DEVICE int cuda_lane(void)
{
	return cuda_thread() % CUDA_WARP;
}

CUDA_DEVICE int cuda_warp(void)
{
	return cuda_thread() / CUDA_WARP;
}

/* Of the warp's 32 numbers; every lane gets it, and all the same. */
CUDA_DEVICE float cuda_warp_sum(float v)
{
	for (int mask = CUDA_WARP / 2; mask > 0; mask /= 2)
		v += cuda_shuffle_xor(v, mask);
	return v;
}

CUDA_DEVICE float cuda_warp_max(float v)
{
	for (int mask = CUDA_WARP / 2; mask > 0; mask /= 2)
		v = fmaxf(v, cuda_shuffle_xor(v, mask));
	return v;
}

#endif
