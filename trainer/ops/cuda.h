/* SPDX-License-Identifier: MIT */
/*
 * cuda: what the ops_cuda_*.c files share.
 *
 *	struct cuda *cuda = cuda_of(ops);
 *	float *sums = cuda_scratch(cuda, bytes);
 *	cuda_launch_groups(cuda, CUDA_move_rows, m, d, &args);
 *
 * The device works in the order of calls, so what a call leaves in scratch memory may be overwritten by the
 * next. It is NULL, and calls then do nothing, where memory is out: ops->check says so.
 */
#ifndef TRAINER_CUDA_H
#define TRAINER_CUDA_H

#include "trainer/ops/cuda_device.h"
#include "trainer/ops/ops.h"

/* Memory of the device's that grows to the largest need and stays. */
struct cuda_room {
	void *at;
	size_t bytes;
};

struct cuda {
	struct ops ops; /* first: the two are the same address */
	char name[96];
	struct cuda_device *device;
	struct cuda_room scratch, turns;
	size_t turn_rows; /* rope's: of positions, for this size and theta */
	int turn_size;
	double turn_theta;
	size_t lacking; /* bytes that could not be had; 0: none */
};

static inline struct cuda *cuda_of(struct ops *ops)
{
	return (struct cuda *)ops;
}

/* At least so many bytes, at a multiple of 256; what was there may be lost. */
void *cuda_room_for(struct cuda *c, struct cuda_room *room, size_t bytes);

static inline void *cuda_scratch(struct cuda *c, size_t bytes)
{
	return cuda_room_for(c, &c->scratch, bytes);
}

/* A kernel over some blocks, of which there may be none. */
void cuda_launch(struct cuda *c, enum cuda_kernel kernel, size_t blocks, int threads, size_t shared,
		 const void *args);

/* A thread for each eight numbers of a row. */
void cuda_launch_groups(struct cuda *c, enum cuda_kernel kernel, size_t rows, size_t width,
			const void *args);

/* A warp for each of so many things, and shared memory for each. */
void cuda_launch_warps(struct cuda *c, enum cuda_kernel kernel, size_t count, size_t shared,
		       const void *args);

/* out[width] += the partial sums of `rows` rows that norm_back or column_sums left `stride` apart. */
void cuda_add_partials(struct cuda *c, struct tensor out, struct tensor partial, size_t rows,
		       size_t stride, size_t width);

static inline size_t cuda_chunks(size_t rows)
{
	return (rows + CUDA_CHUNK - 1) / CUDA_CHUNK;
}

/* Whether kernels may take the tensor's rows by 16 bytes; none may be. */
static inline bool cuda_is_wide(struct tensor t, size_t width)
{
	return (uintptr_t)t.at % 16 == 0 && width % 8 == 0;
}

/* Set the functions of the file's part. */
void cuda_fill_products(struct ops *ops);
void cuda_fill_attention(struct ops *ops);
void cuda_fill_elements(struct ops *ops);
void cuda_fill_rows(struct ops *ops);

#endif
