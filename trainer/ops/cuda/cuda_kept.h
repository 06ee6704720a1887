/* SPDX-License-Identifier: MIT */
/*
 * cuda_kept: attention of single queries to kept rows, a block for each query and head. Keys by
 * CUDA_KEPT_KEYS: first a warp for each score, its lanes sharing the key's numbers out; then a thread for
 * each number of the values. What a query gets depends on its own rows alone.
 */
#ifndef TRAINER_CUDA_KEPT_H
#define TRAINER_CUDA_KEPT_H

#include "trainer/ops/cuda/cuda_attention.h"

/* One head of one query: where it begins in qkv, and its key head in keys and values. */
struct cuda_query {
	size_t q, kept;
	const int32_t *rows;
	int count, size;
	float scale;
};

CUDA_DEVICE struct cuda_query cuda_query_of_block(const struct cuda_kept *a)
{
	size_t heads = (size_t)a->heads.heads, size = (size_t)a->heads.size;
	size_t i = cuda_block() / heads, head = cuda_block() - i * heads;
	size_t width = (heads + 2 * (size_t)a->heads.kv_heads) * size;
	struct cuda_query c;

	c.q = i * width + head * size;
	c.kept = head / (heads / (size_t)a->heads.kv_heads) * a->room * size;
	c.rows = a->rows + a->firsts[i];
	c.count = a->firsts[i + 1] - a->firsts[i];
	c.size = a->heads.size;
	c.scale = 1 / sqrtf((float)a->heads.size);
	return c;
}

/* scores[0..n) of rows[first..first + n). */
CUDA_DEVICE void cuda_kept_scores(const struct cuda_kept *a, const struct cuda_query *c, int first,
				  int n, float *scores)
{
	for (int i = cuda_warp(); i < n; i += cuda_threads() / CUDA_WARP) {
		size_t at = c->kept + (size_t)c->rows[first + i] * (size_t)c->size;
		float sum = 0;

		for (int j = cuda_lane(); j < c->size; j += CUDA_WARP)
			sum += cuda_get(a->qkv, c->q + (size_t)j) *
			       cuda_get(a->keys, at + (size_t)j);
		sum = cuda_warp_sum(sum);
		if (cuda_lane() == 0)
			scores[i] = sum * c->scale;
	}
}

/* sums[size] = shrink * sums + what the values weigh. */
CUDA_DEVICE void cuda_kept_values(const struct cuda_kept *a, const struct cuda_query *c, int first,
				  int n, const float *weights, float shrink, float *sums)
{
	for (int j = cuda_thread(); j < c->size; j += cuda_threads()) {
		float sum = sums[j] * shrink;

		for (int i = 0; i < n; i++) {
			size_t row = (size_t)c->rows[first + i];

			sum += weights[i] *
			       cuda_get(a->values, c->kept + row * (size_t)c->size + (size_t)j);
		}
		sums[j] = sum;
	}
}

/* shared: [CUDA_KEPT_KEYS] scores, then weights, and [size] sums; floats. Every thread adds up the weights
 * by itself, in the same order. */
CUDA_DEVICE void attend_kept_thread(const struct cuda_kept *a)
{
	struct cuda_query c = cuda_query_of_block(a);
	float *scores = (float *)cuda_shared(), *weights = scores + CUDA_KEPT_KEYS;
	float *sums = weights + CUDA_KEPT_KEYS, most = -INFINITY, total = 0;

	for (int j = cuda_thread(); j < c.size; j += cuda_threads())
		sums[j] = 0;
	for (int first = 0; first < c.count; first += CUDA_KEPT_KEYS) {
		int n = cuda_least(CUDA_KEPT_KEYS, c.count - first);
		float now = most, shrink, sum = 0;

		cuda_kept_scores(a, &c, first, n, scores);
		cuda_barrier();
		for (int i = 0; i < n; i++)
			now = fmaxf(now, scores[i]);
		for (int i = cuda_thread(); i < n; i += cuda_threads())
			weights[i] = expf(scores[i] - now);
		cuda_barrier();
		for (int i = 0; i < n; i++)
			sum += weights[i];
		shrink = expf(most - now);
		most = now;
		total = total * shrink + sum;
		cuda_kept_values(a, &c, first, n, weights, shrink, sums);
	}
	for (int j = cuda_thread(); j < c.size; j += cuda_threads())
		cuda_set(a->out, cuda_block() * (size_t)c.size + (size_t)j, sums[j] / total);
}

#endif
