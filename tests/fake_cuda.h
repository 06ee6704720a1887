/* SPDX-License-Identifier: MIT */
/*
 * fake_cuda: CUDA's runtime, cuBLASLt's products and NCCL's sums without a GPU, as far as the plug-in calls them, so
 * that its object files run as nvcc made them. Kernels run as tests/cuda_host runs them.
 *
 *	fake_cuda.c		the GPU: what CADGEN_FAKE_GPU says of it, memory, failures
 *	fake_cuda_streams.c	streams, events, graphs, copies, launches
 *	fake_cublaslt.c		products; what needs no GPU of cuBLASLt is its own
 *	fake_nccl.c		sums over processes of one machine
 *
 * Where CUDA promises little, little is given. Work goes on when it is waited for, or at another time that the seed
 * decides, streams in any order that events allow. Memory of the GPU can be touched by what it does and by nothing
 * else, and not once it is given back. What copies from pinned memory reads that when it is done.
 *
 *	CADGEN_FAKE_GPU="seed=3,driver=12040,devices=1,capability=90,mib=8192,fail=cudaMalloc:7"
 *
 * Each of them may be left out. fail: that call of the function, and all after it, of whatever function, fail.
 */
#ifndef TESTS_FAKE_CUDA_H
#define TESTS_FAKE_CUDA_H

#include <cuda_runtime_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rng.h"

struct fake_settings {
	int driver, devices, capability, fail_at;
	size_t bytes;
	uint64_t seed;
	char fail[64];
};

const struct fake_settings *fake_settings(void);

/* Random numbers of this process. */
struct rng *fake_rng(void);

/* Each function calls it first, by its name: what it has to return, unless that is cudaSuccess. */
cudaError_t fake_call(const char *function);

/* Bytes of shared memory that a block may have at most. */
size_t fake_shared_most(void);

/* Whether so many bytes there are memory of the GPU that was reserved at once. */
bool fake_is_reserved(const void *at, size_t bytes);
bool fake_is_pinned(const void *at, size_t bytes);

/* What a piece of work does between the two touches memory of the GPU. */
void fake_memory_open(void);
void fake_memory_close(void);

/* Waits for all streams. */
void fake_finish(void);

/* Whether a stream is being made into a graph, of which then nothing comes. */
bool fake_spoil_graphs(void);

/* Has the stream, or the graph that it is being made into, run the work with its own copy of the arguments. */
typedef void fake_work(const void *arguments);
cudaError_t fake_enqueue(cudaStream_t stream, fake_work *work, const void *arguments, size_t bytes);

#endif
