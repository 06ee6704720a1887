/* SPDX-License-Identifier: MIT */
/*
 * cuda_numbers: how kernels read and write numbers of either type: eight at a time, by 16 bytes where
 * that is allowed.
 *
 *	struct cuda_group g = cuda_group_at(cuda_index(), rows, width);
 *	float v[CUDA_GROUP];
 *	cuda_load(v, x, g.row * width + g.column, g.count, wide);
 *	cuda_store(out, g.row * width + g.column, v, g.count, wide);
 *
 * `wide`: the tensor begins at a multiple of 16 bytes, and where there are rows, their width is a
 * multiple of eight. A number comes out the same wide or not.
 */
#ifndef TRAINER_CUDA_NUMBERS_H
#define TRAINER_CUDA_NUMBERS_H

#include "trainer/ops/cuda/cuda_thread.h"
#include "trainer/ops/tensor.h"

#define CUDA_GROUP 8

struct __attribute__((aligned(16), may_alias)) cuda_words {
	uint32_t at[4];
};

/* Two bf16. */
struct __attribute__((aligned(4), may_alias)) cuda_pair {
	uint32_t bits;
};

/* Up to eight numbers that follow each other in a row; count 0: none. */
struct cuda_group {
	size_t row, column;
	int count;
};

/* The index-th group, row by row. width > 0. */
CUDA_DEVICE struct cuda_group cuda_group_at(size_t index, size_t rows, size_t width)
{
	size_t across = (width + CUDA_GROUP - 1) / CUDA_GROUP;
	struct cuda_group g = {0, 0, 0};

	if (index <= UINT32_MAX && across <= UINT32_MAX) /* a division of 64 bits takes long */
		g.row = (uint32_t)index / (uint32_t)across;
	else
		g.row = index / across;
	g.column = (index - g.row * across) * CUDA_GROUP;
	if (g.row < rows)
		g.count = width - g.column < CUDA_GROUP ? (int)(width - g.column) : CUDA_GROUP;
	return g;
}

/* One number, F32 or BF16. */
CUDA_DEVICE float cuda_get(struct tensor t, size_t i)
{
	if (t.type == DTYPE_F32)
		return ((const float *)t.at)[i];
	return cuda_float((uint32_t)((const uint16_t *)t.at)[i] << 16);
}

CUDA_DEVICE void cuda_set(struct tensor t, size_t i, float v)
{
	if (t.type == DTYPE_F32)
		((float *)t.at)[i] = v;
	else
		((uint16_t *)t.at)[i] = cuda_bf16(v);
}

/* t[at], t[at + 1] = low, high, of bf16; `at` is even. */
CUDA_DEVICE void cuda_set_pair(struct tensor t, size_t at, float low, float high)
{
	struct cuda_pair *to = (struct cuda_pair *)(void *)((uint16_t *)t.at + at);

	to->bits = cuda_bf16_pair(low, high);
}

CUDA_DEVICE void cuda_load_words(float v[4], struct cuda_words w)
{
	CUDA_UNROLL
	for (int i = 0; i < 4; i++)
		v[i] = cuda_float(w.at[i]);
}

/* v = t[at..at+count), and 0 behind. */
CUDA_DEVICE void cuda_load(float v[CUDA_GROUP], struct tensor t, size_t at, int count, bool wide)
{
	if (wide && count == CUDA_GROUP && t.type == DTYPE_F32) {
		const struct cuda_words *from =
			(const struct cuda_words *)(const void *)((const float *)t.at + at);

		cuda_load_words(v, from[0]);
		cuda_load_words(v + 4, from[1]);
	} else if (wide && count == CUDA_GROUP) {
		struct cuda_words w =
			*(const struct cuda_words *)(const void *)((const uint16_t *)t.at + at);

		CUDA_UNROLL
		for (int i = 0; i < 4; i++) {
			v[2 * i] = cuda_float(w.at[i] << 16);
			v[2 * i + 1] = cuda_float(w.at[i] & 0xffff0000);
		}
	} else {
		CUDA_UNROLL
		for (int i = 0; i < CUDA_GROUP; i++)
			v[i] = i < count ? cuda_get(t, at + (size_t)i) : 0;
	}
}

/* t[at..at+count) = v. */
CUDA_DEVICE void cuda_store(struct tensor t, size_t at, const float v[CUDA_GROUP], int count,
			    bool wide)
{
	struct cuda_words w;

	if (wide && count == CUDA_GROUP && t.type == DTYPE_F32) {
		struct cuda_words *to = (struct cuda_words *)(void *)((float *)t.at + at);

		for (int half = 0; half < 2; half++) {
			CUDA_UNROLL
			for (int i = 0; i < 4; i++)
				w.at[i] = cuda_bits(v[4 * half + i]);
			to[half] = w;
		}
	} else if (wide && count == CUDA_GROUP) {
		CUDA_UNROLL
		for (int i = 0; i < 4; i++)
			w.at[i] = cuda_bf16_pair(v[2 * i], v[2 * i + 1]);
		*(struct cuda_words *)(void *)((uint16_t *)t.at + at) = w;
	} else {
		CUDA_UNROLL
		for (int i = 0; i < CUDA_GROUP; i++)
			if (i < count)
				cuda_set(t, at + (size_t)i, v[i]);
	}
}

#endif
