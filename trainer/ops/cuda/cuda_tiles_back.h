/* SPDX-License-Identifier: MIT */
/*
 * cuda_tiles_back: the way back through cuda_tiles.h, twice through the scores: a block of query rows
 * for their gradients, a block of keys for theirs and those of the values. Nothing is added up between
 * blocks, so that sums come in the same order every time.
 */
#ifndef TRAINER_CUDA_TILES_BACK_H
#define TRAINER_CUDA_TILES_BACK_H

#include "trainer/ops/cuda/cuda_tiles.h"

/* c[16,16] = rows row.. of one tile times rows other.. of another, turned. */
CUDA_DEVICE void cuda_tile_scores(float c[2][4], const uint16_t *rows, int row,
				  const uint16_t *others, int other, const int size)
{
	uint32_t left[4], right[4];

	CUDA_UNROLL
	for (int i = 0; i < 8; i++)
		c[i / 4][i % 4] = 0;
	CUDA_UNROLL
	for (int k = 0; k < size; k += 16) {
		cuda_tile_left(left, rows, row, k, size);
		cuda_tile_right(right, others, other, k, size);
		cuda_multiply_pair(c, left, right);
	}
}

/* sums[16,size] += left[16,16] times rows row..row+15 of the tile. */
CUDA_DEVICE void cuda_tile_add(float sums[CUDA_SIZE_MAX / 8][4], float weights[2][4],
			       const uint16_t *tile, int row, const int size)
{
	uint32_t left[4], right[4];

	cuda_as_left(left, weights);
	CUDA_UNROLL
	for (int n = 0; n < size; n += 16) {
		cuda_tile_right_turned(right, tile, row, n, size);
		cuda_multiply_pair(&sums[n / 8], left, right);
	}
}

/* Rows of a product go to dqkv, the first of them, `row`, at row `row` from `at` on; those from the
 * sample's end on are left out. `row` is the lane's first. */
CUDA_DEVICE void cuda_tile_write(const struct cuda_attention *a, size_t at, size_t width, int row,
				 float sums[CUDA_SIZE_MAX / 8][4], const int size)
{
	size_t column = (size_t)(cuda_lane() % 4 * 2);

	CUDA_UNROLL
	for (int half = 0; half < 2; half++)
		CUDA_UNROLL
	for (int n = 0; n < size / 8; n++)
		if (row + 8 * half < a->t)
			cuda_set_pair(a->dqkv,
				      at + (size_t)(row + 8 * half) * width + column +
					      (size_t)(8 * n),
				      sums[n][2 * half], sums[n][2 * half + 1]);
}

/* --- queries */

/* The gradients of scores[16,16] of a strip of rows and of keys; lse and delta are of the lane's two rows,
 * `row` and `key` those of its first number. */
CUDA_DEVICE void cuda_row_pulls(const struct cuda_attention *a, float scores[2][4],
				float dweights[2][4], const float lse[2], const float delta[2],
				float scale, int row, int key)
{
	CUDA_UNROLL
	for (int n = 0; n < 2; n++)
		CUDA_UNROLL
	for (int i = 0; i < 4; i++) {
		int column = key + 8 * n + i % 2, at = row + i / 2 * 8;
		float weight = cuda_exp2((scores[n][i] * scale - lse[i / 2]) * CUDA_LOG2E);

		if (column >= a->t || at < a->first || (a->causal && column > at))
			weight = 0;
		scores[n][i] = weight * (dweights[n][i] - delta[i / 2]) * scale;
	}
}

/* shared: four tiles: queries, dout, keys, values. */
CUDA_DEVICE void cuda_tiles_dq(const struct cuda_attention *a, const int size)
{
	struct cuda_tile tile = cuda_tile_of_block(a, a->heads.heads, true);
	struct cuda_head h = cuda_head_at(a, tile.sample, tile.head);
	uint16_t *queries = (uint16_t *)cuda_shared(), *dout = queries + cuda_tile_numbers(size);
	uint16_t *keys = dout + cuda_tile_numbers(size), *values = keys + cuda_tile_numbers(size);
	int last = tile.first + CUDA_TILE, end = a->causal ? cuda_least(h.t, last) : h.t;
	int strip = cuda_warp() * CUDA_STRIP, row = tile.first + strip + cuda_lane() / 4;
	float sums[CUDA_SIZE_MAX / 8][4] = {{0}}, scores[2][4], dweights[2][4];
	float lse[2], delta[2];

	for (int half = 0; half < 2; half++) {
		bool inside = row + 8 * half < h.t && row + 8 * half >= a->first;
		size_t at = h.lse + (size_t)(row + 8 * half);

		lse[half] = inside ? cuda_get(a->lse, at) : 0;
		delta[half] = inside ? cuda_get(a->delta, at) : 0;
	}
	cuda_tile_load(queries, a->qkv, h.q, h.width, tile.first, h.t, size);
	cuda_tile_load(dout, a->dout, h.out, h.out_width, tile.first, h.t, size);
	for (int first = 0; first < end && last > a->first; first += CUDA_TILE) {
		cuda_tile_load(keys, a->qkv, h.k, h.width, first, h.t, size);
		cuda_tile_load(values, a->qkv, h.v, h.width, first, h.t, size);
		cuda_barrier();
		for (int n = 0; n < CUDA_TILE && first + n < end; n += 16) {
			cuda_tile_scores(scores, queries, strip, keys, n, size);
			cuda_tile_scores(dweights, dout, strip, values, n, size);
			cuda_row_pulls(a, scores, dweights, lse, delta, h.scale, row,
				       first + n + cuda_lane() % 4 * 2);
			cuda_tile_add(sums, scores, keys, n, size);
		}
		cuda_barrier();
	}
	cuda_tile_write(a, h.q, h.width, row, sums, size);
}

/* --- keys and values */

/* Of scores[16,16] of a strip of keys and of queries: they become weights, and dweights the gradients of
 * scores. lse and delta are of the 16 queries; `key` and `row` those of the lane's first number. */
CUDA_DEVICE void cuda_key_pulls(const struct cuda_attention *a, float scores[2][4],
				float dweights[2][4], const float *lse, const float *delta,
				float scale, int key, int row)
{
	CUDA_UNROLL
	for (int n = 0; n < 2; n++)
		CUDA_UNROLL
	for (int i = 0; i < 4; i++) {
		int column = 8 * n + cuda_lane() % 4 * 2 + i % 2, at = key + i / 2 * 8;
		float weight = cuda_exp2((scores[n][i] * scale - lse[column]) * CUDA_LOG2E);

		if (row + column >= a->t || row + column < a->first ||
		    (a->causal && at > row + column))
			weight = 0;
		scores[n][i] = weight;
		dweights[n][i] = weight * (dweights[n][i] - delta[column]) * scale;
	}
}

/* lse and delta of a tile's rows; 0 before the first that counts, and behind the sample's end. */
CUDA_DEVICE void cuda_load_rows(float *lse, float *delta, const struct cuda_attention *a,
				const struct cuda_head *h, int first)
{
	int i = cuda_thread(), row = first + i;
	bool counts = row < h->t && row >= a->first;

	if (i >= CUDA_TILE)
		return;
	lse[i] = counts ? cuda_get(a->lse, h->lse + (size_t)row) : 0;
	delta[i] = counts ? cuda_get(a->delta, h->lse + (size_t)row) : 0;
}

/* What a block has in shared memory: keys, values, queries, dout, and of the queries lse and delta. */
struct cuda_key_tiles {
	uint16_t *keys, *values, *queries, *dout;
	float *lse, *delta;
};

CUDA_DEVICE struct cuda_key_tiles cuda_key_tiles_at(void *shared, const int size)
{
	struct cuda_key_tiles t;

	t.keys = (uint16_t *)shared;
	t.values = t.keys + cuda_tile_numbers(size);
	t.queries = t.values + cuda_tile_numbers(size);
	t.dout = t.queries + cuda_tile_numbers(size);
	t.lse = (float *)(void *)(t.dout + cuda_tile_numbers(size));
	t.delta = t.lse + CUDA_TILE;
	return t;
}

/* What the queries of one head pull at the warp's 16 keys. `key` is the lane's first. */
CUDA_DEVICE void cuda_pull_keys(const struct cuda_attention *a, const struct cuda_head *h,
				const struct cuda_key_tiles *t, int from, int key,
				float dk[CUDA_SIZE_MAX / 8][4], float dv[CUDA_SIZE_MAX / 8][4],
				const int size)
{
	int strip = cuda_warp() * CUDA_STRIP;
	float scores[2][4], dweights[2][4];

	for (int first = from; first < h->t; first += CUDA_TILE) {
		cuda_tile_load(t->queries, a->qkv, h->q, h->width, first, h->t, size);
		cuda_tile_load(t->dout, a->dout, h->out, h->out_width, first, h->t, size);
		cuda_load_rows(t->lse, t->delta, a, h, first);
		cuda_barrier();
		for (int n = 0; n < CUDA_TILE && first + n < h->t; n += 16) {
			cuda_tile_scores(scores, t->keys, strip, t->queries, n, size);
			cuda_tile_scores(dweights, t->values, strip, t->dout, n, size);
			cuda_key_pulls(a, scores, dweights, t->lse + n, t->delta + n, h->scale, key,
				       first + n);
			cuda_tile_add(dv, scores, t->dout, n, size);
			cuda_tile_add(dk, dweights, t->queries, n, size);
		}
		cuda_barrier();
	}
}

/* A block has a tile of keys of one key head, whose query heads it goes through. */
CUDA_DEVICE void cuda_tiles_dkv(const struct cuda_attention *a, const int size)
{
	int group = a->heads.heads / a->heads.kv_heads;
	struct cuda_tile tile = cuda_tile_of_block(a, a->heads.kv_heads, false);
	struct cuda_head h = cuda_head_at(a, tile.sample, tile.head * group);
	struct cuda_key_tiles t = cuda_key_tiles_at(cuda_shared(), size);
	int key = tile.first + cuda_warp() * CUDA_STRIP + cuda_lane() / 4;
	int from = cuda_most(a->causal ? tile.first : 0, a->first / CUDA_TILE * CUDA_TILE);
	float dk[CUDA_SIZE_MAX / 8][4] = {{0}}, dv[CUDA_SIZE_MAX / 8][4] = {{0}};

	cuda_tile_load(t.keys, a->qkv, h.k, h.width, tile.first, h.t, size);
	cuda_tile_load(t.values, a->qkv, h.v, h.width, tile.first, h.t, size);
	for (int i = 0; i < group; i++) {
		struct cuda_head query = cuda_head_at(a, tile.sample, tile.head * group + i);

		cuda_pull_keys(a, &query, &t, from, key, dk, dv, size);
	}
	cuda_tile_write(a, h.k, h.width, key, dk, size);
	cuda_tile_write(a, h.v, h.width, key, dv, size);
}

#define CUDA_TILES_BACK(size)                                                                      \
	CUDA_DEVICE void tiles_dq_##size##_thread(const struct cuda_attention *a)                  \
	{                                                                                          \
		cuda_tiles_dq(a, size);                                                            \
	}                                                                                          \
	CUDA_DEVICE void tiles_dkv_##size##_thread(const struct cuda_attention *a)                 \
	{                                                                                          \
		cuda_tiles_dkv(a, size);                                                           \
	}

CUDA_TILES_BACK(32)
CUDA_TILES_BACK(64)
CUDA_TILES_BACK(128)

#endif
