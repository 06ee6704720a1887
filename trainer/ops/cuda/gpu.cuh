/* SPDX-License-Identifier: MIT */
/*
 * gpu: what the files of the plug-in share.
 *
 *	struct gpu *g = gpu_of(device);
 *	if (gpu_failed(g, cudaMemsetAsync(at, 0, bytes, g->stream), "clearing memory"))
 *		return;
 */
#ifndef TRAINER_CUDA_GPU_CUH
#define TRAINER_CUDA_GPU_CUH

#include <cublasLt.h>
#include <cuda_runtime.h>

#include "trainer/ops/cuda_device.h"

struct ncclComm;

/* What of a product decides how it is done. Without holes, to be compared byte by byte. */
struct gpu_product_kind {
	size_t m, n, k;
	int32_t type, out_type;
	int32_t a_turned, b_turned, bias, any_m, sums, unused;
	int32_t a_align, b_align, out_align, bias_align, base_align; /* bytes, 16 at most */
};

struct gpu_way {
	struct gpu_product_kind kind;
	cublasLtMatmulAlgo_t algo;
	bool none; /* there is no way */
};

/* Sent, and waiting on the device until it arrives. */
struct gpu_waiting {
	void *to, *at;
	size_t bytes, room; /* there */
};

struct gpu {
	struct cuda_device device; /* first: the two are the same address */
	char name[256];
	char failure[CUDA_MESSAGE_BYTES]; /* "": none */
	cudaStream_t stream, aside; /* aside: of what is sent, */
	cudaEvent_t sent, left;     /* and when it waits on the device, and no longer does */
	struct gpu_waiting waiting[CUDA_SENT_MOST];
	int waiting_count;
	cudaEvent_t lap_begin, lap_end;
	bool lap_begun;
	char *stage; /* pinned: what is on its way to the device */
	size_t staged;
	cublasLtHandle_t blas;
	void *workspace;
	struct gpu_way *ways; /* a table by open addressing; n == 0: unused */
	size_t way_count;
	struct ncclComm *joined; /* NULL: no ranks */
};

static inline struct gpu *gpu_of(struct cuda_device *d)
{
	return (struct gpu *)d;
}

/* Whether it is no success, or something failed before; notes the first failure. */
bool gpu_failed(struct gpu *g, cudaError_t error, const char *doing);
bool gpu_blas_failed(struct gpu *g, cublasStatus_t status, const char *doing);
/* Notes it, unless something failed before. */
void gpu_note_failure(struct gpu *g, const char *doing, const char *reason);

/* The part that cuBLASLt does. False after a failure. */
bool gpu_products_open(struct gpu *g);
void gpu_products_close(struct gpu *g);
void gpu_multiply(struct cuda_device *d, const struct cuda_product *p);
bool gpu_can_sum(struct cuda_device *d, const struct cuda_product *p);

#ifdef HAVE_NCCL
/* The part that NCCL does: sets its functions; leaves the ranks joined. */
void gpu_ranks_open(struct gpu *g);
void gpu_ranks_close(struct gpu *g);
#endif

#endif
