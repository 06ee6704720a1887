/* SPDX-License-Identifier: MIT */
/*
 * cuda_tiles: attention of heads of 32, 64 or 128 bf16 by tensor cores. A block has CUDA_TILE query rows of
 * one head, a warp 16 of them; keys and values pass through shared memory by tiles. Scores stay in
 * registers: what a product leaves in a warp's lanes is laid out as the next one wants its left factor
 * (Dao 2023, "FlashAttention-2").
 *
 *	lane l, with g = l / 4 and i = 2 (l % 4), has of a product's 16 rows g and g + 8, and of every 8
 *	columns i and i + 1 (cuda_matrix_multiply)
 *
 * Tiles lie in shared memory with CUDA_PAD numbers behind each row, so that the eight rows that are read
 * at once begin in different banks.
 */
#ifndef TRAINER_CUDA_TILES_H
#define TRAINER_CUDA_TILES_H

#include "trainer/ops/cuda/cuda_attention.h"

#define CUDA_PAD 8
#define CUDA_TILE_THREADS 128
#define CUDA_STRIP 16     /* rows of a warp */
#define CUDA_SIZE_MAX 128 /* of a head */
#define CUDA_LOG2E 1.4426950408889634f
#define CUDA_LN2 0.6931471805599453f

/* A tile in shared memory: rows of `size` numbers. */
CUDA_DEVICE size_t cuda_tile_numbers(int size)
{
	return (size_t)CUDA_TILE * (size_t)(size + CUDA_PAD);
}

/* tile = rows [first, first + CUDA_TILE) of x, which begin at `at` and lie `width` numbers apart; rows from
 * `end` on are 0. */
CUDA_DEVICE void cuda_tile_load(uint16_t *tile, struct tensor x, size_t at, size_t width, int first,
				int end, const int size)
{
	const uint16_t *from = (const uint16_t *)x.at + at;

	for (int i = cuda_thread(); i < CUDA_TILE * size / CUDA_GROUP; i += CUDA_TILE_THREADS) {
		int row = i / (size / CUDA_GROUP), column = i % (size / CUDA_GROUP) * CUDA_GROUP;
		struct cuda_words w = {{0, 0, 0, 0}};

		if (first + row < end)
			w = *(const struct cuda_words *)(const void *)(from +
								       (size_t)(first + row) *
									       width +
								       (size_t)column);
		*(struct cuda_words *)(void *)(tile + row * (size + CUDA_PAD) + column) = w;
	}
}

/* The left factor from a tile: rows row..row+15, columns column..column+15. */
CUDA_DEVICE void cuda_tile_left(uint32_t r[4], const uint16_t *tile, int row, int column,
				const int size)
{
	int lane = cuda_lane();

	cuda_matrix_load(r, tile + (row + lane % 16) * (size + CUDA_PAD) + column + lane / 16 * 8);
}

/* The right factor is the tile turned: its rows row..row+15 are columns of the product, in two parts of
 * eight: b[0], b[1] and b[2], b[3]. */
CUDA_DEVICE void cuda_tile_right(uint32_t b[4], const uint16_t *tile, int row, int column,
				 const int size)
{
	int lane = cuda_lane(), of = lane / 16 * 8 + lane % 8;

	cuda_matrix_load(b, tile + (row + of) * (size + CUDA_PAD) + column + lane / 8 % 2 * 8);
}

/* The right factor is the tile: its columns column..column+15 are those of the product, as above. */
CUDA_DEVICE void cuda_tile_right_turned(uint32_t b[4], const uint16_t *tile, int row, int column,
					const int size)
{
	int lane = cuda_lane();

	cuda_matrix_load_turned(b, tile + (row + lane % 16) * (size + CUDA_PAD) + column +
					   lane / 16 * 8);
}

/* c[16,16], in two parts of eight columns, += left[16,16] right[16,16]. */
CUDA_DEVICE void cuda_multiply_pair(float c[2][4], const uint32_t left[4], const uint32_t b[4])
{
	cuda_matrix_multiply(c[0], left, b[0], b[1]);
	cuda_matrix_multiply(c[1], left, b[2], b[3]);
}

/* A product's [16,16] as the left factor of the next. */
CUDA_DEVICE void cuda_as_left(uint32_t left[4], float c[2][4])
{
	left[0] = cuda_bf16_pair(c[0][0], c[0][1]);
	left[1] = cuda_bf16_pair(c[0][2], c[0][3]);
	left[2] = cuda_bf16_pair(c[1][0], c[1][1]);
	left[3] = cuda_bf16_pair(c[1][2], c[1][3]);
}

/* Over the four lanes that have a row between them. */
CUDA_DEVICE float cuda_quad_sum(float v)
{
	v += cuda_shuffle_xor(v, 1);
	return v + cuda_shuffle_xor(v, 2);
}

CUDA_DEVICE float cuda_quad_max(float v)
{
	v = fmaxf(v, cuda_shuffle_xor(v, 1));
	return fmaxf(v, cuda_shuffle_xor(v, 2));
}

/* Which tile of which head a block has: all last tiles first, or all first ones, whichever of a causal
 * attention have the most to do. */
struct cuda_tile {
	int sample, head, first; /* row */
};

CUDA_DEVICE struct cuda_tile cuda_tile_of_block(const struct cuda_attention *a, int heads,
						bool last_first)
{
	size_t per_tile = (size_t)a->batch * (size_t)heads;
	size_t tiles = (size_t)((a->t + CUDA_TILE - 1) / CUDA_TILE);
	size_t index = cuda_block() / per_tile, rest = cuda_block() - index * per_tile;
	struct cuda_tile tile;

	tile.sample = (int)(rest / (size_t)heads);
	tile.head = (int)(rest % (size_t)heads);
	tile.first = (int)(last_first ? tiles - 1 - index : index) * CUDA_TILE;
	return tile;
}

/* What a warp has of its 16 rows: of each of a lane's two the greatest score so far (in units of log 2) and
 * the sum of weights; and out. */
struct cuda_strip {
	float most[2], sum[2];
	float out[CUDA_SIZE_MAX / 8][4];
};

/* scores[16, CUDA_TILE] of the warp's rows and the keys of the tile. */
CUDA_DEVICE void cuda_strip_scores(float scores[CUDA_TILE / 8][4], const uint16_t *queries,
				   const uint16_t *keys, const int size)
{
	uint32_t left[4], right[4];

	CUDA_UNROLL
	for (int n = 0; n < CUDA_TILE / 8; n++)
		for (int i = 0; i < 4; i++)
			scores[n][i] = 0;
	CUDA_UNROLL
	for (int k = 0; k < size; k += 16) {
		cuda_tile_left(left, queries, cuda_warp() * CUDA_STRIP, k, size);
		CUDA_UNROLL
		for (int n = 0; n < CUDA_TILE; n += 16) {
			cuda_tile_right(right, keys, n, k, size);
			cuda_multiply_pair(&scores[n / 8], left, right);
		}
	}
}

/* Scores in units of log 2; those of keys that a row does not see are -inf. `row` and `key` are those of
 * the lane's first number. */
CUDA_DEVICE void cuda_strip_mask(float scores[CUDA_TILE / 8][4], float scale, int row, int key,
				 int t, bool causal)
{
	CUDA_UNROLL
	for (int n = 0; n < CUDA_TILE / 8; n++)
		CUDA_UNROLL
	for (int i = 0; i < 4; i++) {
		int column = key + 8 * n + i % 2, seen = row + i / 2 * 8 + 1;

		scores[n][i] *= scale;
		if (column >= t || (causal && column >= seen))
			scores[n][i] = -INFINITY;
	}
}

/* Scores become weights, and what was summed so far shrinks to the new greatest score. */
CUDA_DEVICE void cuda_strip_soften(struct cuda_strip *s, float scores[CUDA_TILE / 8][4],
				   const int size)
{
	CUDA_UNROLL
	for (int half = 0; half < 2; half++) {
		float most = s->most[half], sum = 0, shrink;

		CUDA_UNROLL
		for (int n = 0; n < CUDA_TILE / 8; n++)
			most = fmaxf(most, fmaxf(scores[n][2 * half], scores[n][2 * half + 1]));
		most = cuda_quad_max(most);
		shrink = cuda_exp2(s->most[half] - most);
		s->most[half] = most;
		CUDA_UNROLL
		for (int n = 0; n < CUDA_TILE / 8; n++)
			CUDA_UNROLL
		for (int i = 2 * half; i < 2 * half + 2; i++) {
			scores[n][i] = cuda_exp2(scores[n][i] - most);
			sum += scores[n][i];
		}
		s->sum[half] = s->sum[half] * shrink + sum;
		CUDA_UNROLL
		for (int n = 0; n < size / 8; n++) {
			s->out[n][2 * half] *= shrink;
			s->out[n][2 * half + 1] *= shrink;
		}
	}
}

/* out[16,size] += weights[16,CUDA_TILE] values[CUDA_TILE,size]. */
CUDA_DEVICE void cuda_strip_values(struct cuda_strip *s, float weights[CUDA_TILE / 8][4],
				   const uint16_t *values, const int size)
{
	uint32_t left[4], right[4];

	CUDA_UNROLL
	for (int k = 0; k < CUDA_TILE; k += 16) {
		cuda_as_left(left, &weights[k / 8]);
		CUDA_UNROLL
		for (int n = 0; n < size; n += 16) {
			cuda_tile_right_turned(right, values, k, n, size);
			cuda_multiply_pair(&s->out[n / 8], left, right);
		}
	}
}

/* Rows from the sample's end on are left out. `row` is the lane's first. */
CUDA_DEVICE void cuda_strip_write(const struct cuda_attention *a, const struct cuda_head *h,
				  struct cuda_strip *s, int row, const int size)
{
	int column = cuda_lane() % 4 * 2;

	CUDA_UNROLL
	for (int half = 0; half < 2; half++) {
		int at = row + 8 * half;
		float sum = cuda_quad_sum(s->sum[half]);

		if (at >= h->t)
			continue;
		CUDA_UNROLL
		for (int n = 0; n < size / 8; n++)
			cuda_set_pair(a->out,
				      h->out + (size_t)at * h->out_width + (size_t)(8 * n + column),
				      s->out[n][2 * half] / sum, s->out[n][2 * half + 1] / sum);
		if (column == 0)
			cuda_set(a->lse, h->lse + (size_t)at,
				 (s->most[half] + log2f(sum)) * CUDA_LN2);
	}
}

/* shared: three tiles: queries, keys, values. */
CUDA_DEVICE void cuda_tiles_forward(const struct cuda_attention *a, const int size)
{
	struct cuda_tile tile = cuda_tile_of_block(a, a->heads.heads, true);
	struct cuda_head h = cuda_head_at(a, tile.sample, tile.head);
	uint16_t *queries = (uint16_t *)cuda_shared(), *keys = queries + cuda_tile_numbers(size);
	uint16_t *values = keys + cuda_tile_numbers(size);
	int end = a->causal ? cuda_least(h.t, tile.first + CUDA_TILE) : h.t;
	int row = tile.first + cuda_warp() * CUDA_STRIP + cuda_lane() / 4;
	struct cuda_strip s = {{-INFINITY, -INFINITY}, {0, 0}, {{0}}};
	float scores[CUDA_TILE / 8][4];

	cuda_tile_load(queries, a->qkv, h.q, h.width, tile.first, h.t, size);
	for (int first = 0; first < end; first += CUDA_TILE) {
		cuda_tile_load(keys, a->qkv, h.k, h.width, first, h.t, size);
		cuda_tile_load(values, a->qkv, h.v, h.width, first, h.t, size);
		cuda_barrier();
		cuda_strip_scores(scores, queries, keys, size);
		cuda_strip_mask(scores, h.scale * CUDA_LOG2E, row, first + cuda_lane() % 4 * 2, h.t,
				a->causal);
		cuda_strip_soften(&s, scores, size);
		cuda_strip_values(&s, scores, values, size);
		cuda_barrier();
	}
	cuda_strip_write(a, &h, &s, row, size);
}

CUDA_DEVICE void tiles_32_thread(const struct cuda_attention *a)
{
	cuda_tiles_forward(a, 32);
}

CUDA_DEVICE void tiles_64_thread(const struct cuda_attention *a)
{
	cuda_tiles_forward(a, 64);
}

CUDA_DEVICE void tiles_128_thread(const struct cuda_attention *a)
{
	cuda_tiles_forward(a, 128);
}

#endif
