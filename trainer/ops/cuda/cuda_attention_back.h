/* SPDX-License-Identifier: MIT */
/*
 * cuda_attention_back: the way back through attention, as cuda_attention.h. Gradients of queries and those
 * of keys and values come from kernels of their own, so that no two threads add to one number. Of rows before
 * `first`, out, lse and delta may be anything, NaN too, and are not read.
 */
#ifndef TRAINER_CUDA_ATTENTION_BACK_H
#define TRAINER_CUDA_ATTENTION_BACK_H

#include "trainer/ops/cuda/cuda_attention.h"

/* A warp for each row of each head: lanes share its numbers out. */
CUDA_DEVICE void attention_delta_thread(const struct cuda_attention *a)
{
	struct cuda_row r = cuda_row_of_warp(a, a->heads.heads);
	struct cuda_head h = cuda_head_at(a, r.sample, r.head);
	size_t at = h.out + (size_t)r.row * h.out_width;
	float sum = 0;

	if (r.row < a->first)
		return;
	for (int i = cuda_lane(); i < h.size; i += CUDA_WARP)
		sum += cuda_get(a->dout, at + (size_t)i) * cuda_get(a->out, at + (size_t)i);
	sum = cuda_warp_sum(sum);
	if (cuda_lane() == 0)
		cuda_set(a->delta, h.lse + (size_t)r.row, sum);
}

/* The weight that query row `row` gives to a key, and the gradient of its score. */
struct cuda_pull {
	float weight, score;
};

CUDA_DEVICE struct cuda_pull cuda_pull_of(const struct cuda_attention *a, const struct cuda_head *h,
					  int row, int key)
{
	size_t at_out = h->out + (size_t)row * h->out_width;
	float score = h->scale * cuda_dot(a->qkv, h->q + (size_t)row * h->width, a->qkv,
					  h->k + (size_t)key * h->width, h->size);
	float dweight = cuda_dot(a->dout, at_out, a->qkv, h->v + (size_t)key * h->width, h->size);
	struct cuda_pull p;

	p.weight = expf(score - cuda_get(a->lse, h->lse + (size_t)row));
	p.score = p.weight * (dweight - cuda_get(a->delta, h->lse + (size_t)row)) * h->scale;
	return p;
}

/* shared: [warps][32 + size] floats: gradients of scores, sums. */
CUDA_DEVICE void attention_dq_thread(const struct cuda_attention *a)
{
	struct cuda_row r = cuda_row_of_warp(a, a->heads.heads);
	struct cuda_head h = cuda_head_at(a, r.sample, r.head);
	float *pulls = (float *)cuda_shared() + cuda_warp() * (CUDA_WARP + h.size);
	float *sums = pulls + CUDA_WARP;
	int seen = r.row < a->first ? 0 : a->causal ? r.row + 1 : h.t;

	if (r.row < 0)
		return;
	for (int i = cuda_lane(); i < h.size; i += CUDA_WARP)
		sums[i] = 0;
	for (int first = 0; first < seen; first += CUDA_WARP) {
		int rows = cuda_least(CUDA_WARP, seen - first);

		if (cuda_lane() < rows)
			pulls[cuda_lane()] = cuda_pull_of(a, &h, r.row, first + cuda_lane()).score;
		cuda_warp_barrier();
		for (int i = cuda_lane(); i < h.size; i += CUDA_WARP)
			sums[i] +=
				cuda_weigh(pulls, a->qkv, h.k + (size_t)first * h.width + (size_t)i,
					   h.width, rows);
		cuda_warp_barrier();
	}
	for (int i = cuda_lane(); i < h.size; i += CUDA_WARP)
		cuda_set(a->dqkv, h.q + (size_t)r.row * h.width + (size_t)i, sums[i]);
}

/* What the queries of one head pull at the key of the warp's row. */
CUDA_DEVICE void cuda_pull_key(const struct cuda_attention *a, const struct cuda_head *h, int key,
			       float *weights, float *dk, float *dv)
{
	float *pulls = weights + CUDA_WARP;
	int from = cuda_most(a->first, a->causal ? key : 0);

	for (int first = from; first < h->t; first += CUDA_WARP) {
		int rows = cuda_least(CUDA_WARP, h->t - first);
		size_t at_q = h->q + (size_t)first * h->width;
		size_t at_out = h->out + (size_t)first * h->out_width;

		if (cuda_lane() < rows) {
			struct cuda_pull p = cuda_pull_of(a, h, first + cuda_lane(), key);

			weights[cuda_lane()] = p.weight;
			pulls[cuda_lane()] = p.score;
		}
		cuda_warp_barrier();
		for (int i = cuda_lane(); i < h->size; i += CUDA_WARP) {
			dv[i] += cuda_weigh(weights, a->dout, at_out + (size_t)i, h->out_width,
					    rows);
			dk[i] += cuda_weigh(pulls, a->qkv, at_q + (size_t)i, h->width, rows);
		}
		cuda_warp_barrier();
	}
}

/* A warp for each row of each key head, whose query heads it goes through. shared: [warps][64 + 2 size]
 * floats: weights, gradients of scores, sums of dk, of dv. */
CUDA_DEVICE void attention_dkv_thread(const struct cuda_attention *a)
{
	struct cuda_row r = cuda_row_of_warp(a, a->heads.kv_heads);
	int group = a->heads.heads / a->heads.kv_heads;
	struct cuda_head h = cuda_head_at(a, r.sample, r.head * group);
	float *weights = (float *)cuda_shared() + cuda_warp() * 2 * (CUDA_WARP + h.size);
	float *dk = weights + 2 * CUDA_WARP, *dv = dk + h.size;

	if (r.row < 0)
		return;
	for (int i = cuda_lane(); i < h.size; i += CUDA_WARP)
		dk[i] = dv[i] = 0;
	for (int i = 0; i < group; i++) {
		struct cuda_head query = cuda_head_at(a, r.sample, r.head * group + i);

		cuda_pull_key(a, &query, r.row, weights, dk, dv);
	}
	for (int i = cuda_lane(); i < h.size; i += CUDA_WARP) {
		cuda_set(a->dqkv, h.k + (size_t)r.row * h.width + (size_t)i, dk[i]);
		cuda_set(a->dqkv, h.v + (size_t)r.row * h.width + (size_t)i, dv[i]);
	}
}

#endif
