/* SPDX-License-Identifier: MIT */
/*
 * cuda_attention: attention of heads of any size and of either type, a warp for each row of each head;
 * keys by 32, a lane for each, with the softmax going along (Milakov and Gimelshein 2018). What
 * cuda_tiles.h does not take goes here.
 */
#ifndef TRAINER_CUDA_ATTENTION_H
#define TRAINER_CUDA_ATTENTION_H

#include "trainer/ops/cuda/cuda_kernels.h"
#include "trainer/ops/cuda/cuda_numbers.h"

/* Where one head of one sample lies, in numbers: first row of q, k, v, of out, of lse and delta. */
struct cuda_head {
	size_t q, k, v, out, lse, width, out_width;
	int size, t;
	float scale; /* of scores */
};

CUDA_DEVICE struct cuda_head cuda_head_at(const struct cuda_attention *a, int sample, int head)
{
	size_t first = (size_t)sample * (size_t)a->t, size = (size_t)a->heads.size;
	int kv = head / (a->heads.heads / a->heads.kv_heads);
	struct cuda_head h;

	h.width = (size_t)(a->heads.heads + 2 * a->heads.kv_heads) * size;
	h.out_width = (size_t)a->heads.heads * size;
	h.q = first * h.width + (size_t)head * size;
	h.k = first * h.width + (size_t)(a->heads.heads + kv) * size;
	h.v = first * h.width + (size_t)(a->heads.heads + a->heads.kv_heads + kv) * size;
	h.out = first * h.out_width + (size_t)head * size;
	h.lse = ((size_t)sample * (size_t)a->heads.heads + (size_t)head) * (size_t)a->t;
	h.size = a->heads.size;
	h.t = a->t;
	h.scale = 1 / sqrtf((float)a->heads.size);
	return h;
}

/* Which row of which head a warp has; row < 0: none. */
struct cuda_row {
	int sample, head, row;
};

CUDA_DEVICE struct cuda_row cuda_row_of_warp(const struct cuda_attention *a, int heads)
{
	size_t i = cuda_block() * (size_t)(cuda_threads() / CUDA_WARP) + (size_t)cuda_warp();
	size_t t = (size_t)a->t;
	struct cuda_row r = {0, 0, -1};

	if (i >= (size_t)a->batch * (size_t)heads * t)
		return r;
	r.row = (int)(i % t);
	r.head = (int)(i / t % (size_t)heads);
	r.sample = (int)(i / t / (size_t)heads);
	return r;
}

CUDA_DEVICE float cuda_dot(struct tensor x, size_t x_at, struct tensor y, size_t y_at, int n)
{
	float sum = 0, v[CUDA_GROUP], w[CUDA_GROUP];

	for (int i = 0; i < n; i += CUDA_GROUP) {
		int count = n - i < CUDA_GROUP ? n - i : CUDA_GROUP;

		cuda_load(v, x, x_at + (size_t)i, count, false);
		cuda_load(w, y, y_at + (size_t)i, count, false);
		CUDA_UNROLL
		for (int k = 0; k < CUDA_GROUP; k++)
			sum += v[k] * w[k];
	}
	return sum;
}

/* sum over the warp's 32 weights of weight times row first + i of x, rows behind the end left out, number
 * `at` of each. */
CUDA_DEVICE float cuda_weigh(const float *weights, struct tensor x, size_t at, size_t width,
			     int rows)
{
	float sum = 0;

	for (int i = 0; i < rows; i++)
		sum += weights[i] * cuda_get(x, at + (size_t)i * width);
	return sum;
}

CUDA_DEVICE int cuda_least(int a, int b)
{
	return a < b ? a : b;
}

CUDA_DEVICE int cuda_most(int a, int b)
{
	return a > b ? a : b;
}

/* shared: [warps][32 + size] floats: weights, sums. */
CUDA_DEVICE void attention_thread(const struct cuda_attention *a)
{
	struct cuda_row r = cuda_row_of_warp(a, a->heads.heads);
	struct cuda_head h = cuda_head_at(a, r.sample, r.head);
	float *weights = (float *)cuda_shared() + cuda_warp() * (CUDA_WARP + h.size);
	float *sums = weights + CUDA_WARP, most = -INFINITY, sum = 0;
	int seen = a->causal ? r.row + 1 : h.t;

	if (r.row < a->first)
		return;
	for (int i = cuda_lane(); i < h.size; i += CUDA_WARP)
		sums[i] = 0;
	for (int first = 0; first < seen; first += CUDA_WARP) {
		int rows = cuda_least(CUDA_WARP, seen - first);
		size_t key = (size_t)(first + cuda_lane());
		float score = -INFINITY, now, shrink;

		if (cuda_lane() < rows)
			score = h.scale * cuda_dot(a->qkv, h.q + (size_t)r.row * h.width, a->qkv,
						   h.k + key * h.width, h.size);
		now = fmaxf(most, cuda_warp_max(score));
		shrink = expf(most - now);
		most = now;
		score = expf(score - most);
		weights[cuda_lane()] = score;
		sum = sum * shrink + cuda_warp_sum(score);
		cuda_warp_barrier();
		for (int i = cuda_lane(); i < h.size; i += CUDA_WARP)
			sums[i] = sums[i] * shrink +
				  cuda_weigh(weights, a->qkv,
					     h.v + (size_t)first * h.width + (size_t)i, h.width,
					     rows);
		cuda_warp_barrier();
	}
	for (int i = cuda_lane(); i < h.size; i += CUDA_WARP)
		cuda_set(a->out, h.out + (size_t)r.row * h.out_width + (size_t)i, sums[i] / sum);
	if (cuda_lane() == 0)
		cuda_set(a->lse, h.lse + (size_t)r.row, most + logf(sum));
}

#endif
