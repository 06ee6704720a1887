/* SPDX-License-Identifier: MIT */
/*
 * Positions and attention. Heads of 32, 64 and 128 numbers in BF16 go to the tensor cores, where their tiles
 * fit into a block's shared memory; all others go warp by warp.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "trainer/ops/cuda.h"

#define TILE_THREADS 128
#define TILE_PAD 8              /* numbers behind a tile's row */
#define TURN_ROWS ((size_t)256) /* positions by which the table grows */
#define KEPT_THREADS 128
#define LANES ((size_t)32) /* of a warp: a float for each key that it has at once */

/* --- positions ------------------------------------------------------------------------------ */

/* Cosines and sines of at least so many positions, [rows, 2, half]. */
static struct tensor turns_for(struct cuda *c, size_t positions, int size, double theta)
{
	size_t rows = (positions + TURN_ROWS - 1) / TURN_ROWS * TURN_ROWS;
	size_t half = (size_t)size / 2, numbers = mem_mul(rows, 2 * half);
	struct tensor turns = {c->turns.at, DTYPE_F32};
	float *made;

	if (positions <= c->turn_rows && size == c->turn_size && theta == c->turn_theta)
		return turns;
	turns.at = cuda_room_for(c, &c->turns, mem_mul(numbers, sizeof(*made)));
	made = mem_alloc(numbers, sizeof(*made));
	for (size_t row = 0; row < rows; row++)
		for (size_t j = 0; j < half; j++) {
			double angle = (double)row * pow(theta, -2.0 * (double)j / size);

			made[2 * row * half + j] = (float)cos(angle);
			made[(2 * row + 1) * half + j] = (float)sin(angle);
		}
	if (turns.at)
		c->device->upload(c->device, turns.at, made, numbers * sizeof(*made));
	free(made);
	c->turn_rows = turns.at ? rows : 0;
	c->turn_size = size;
	c->turn_theta = theta;
	return turns;
}

/* All but the positions is there. */
static void turn(struct cuda *c, struct cuda_rope *args, size_t positions, double theta)
{
	size_t half = (size_t)args->heads.size / 2;

	args->turns = turns_for(c, positions, args->heads.size, theta);
	args->wide = cuda_is_wide(args->qkv, half) && args->heads.size % 8 == 0;
	cuda_launch_groups(c, CUDA_rope,
			   args->rows * (size_t)(args->heads.heads + args->heads.kv_heads), half,
			   args);
}

static void rope(struct ops *ops, struct tensor qkv, struct heads h, int batch, int t, int first,
		 double theta, int sense)
{
	struct cuda_rope args = {
		.qkv = qkv,
		.heads = h,
		.rows = (size_t)batch * (size_t)t,
		.t = t,
		.first = first,
		.sense = (float)sense,
	};

	if (args.rows > 0 && h.size > 1)
		turn(cuda_of(ops), &args, (size_t)(t + first), theta);
}

static void rope_at(struct ops *ops, struct tensor qkv, struct heads h, const int32_t *positions,
		    size_t m, int end, double theta)
{
	struct cuda_rope args = {
		.qkv = qkv, .positions = positions, .heads = h, .rows = m, .sense = 1};

	if (m > 0 && h.size > 1)
		turn(cuda_of(ops), &args, (size_t)end, theta);
}

/* --- attention ------------------------------------------------------------------------------ */

/* X(size): the sizes of heads that have kernels of their own. */
#define TILE_SIZES(X) X(32) X(64) X(128)

struct tile_kernels {
	int size;
	enum cuda_kernel forward, dq, dkv;
};

static const struct tile_kernels tile_kernels[] = {
#define X(size) {size, CUDA_tiles_##size, CUDA_tiles_dq_##size, CUDA_tiles_dkv_##size},
	TILE_SIZES(X)
#undef X
};

/* Shared memory of so many tiles, and of a tile's statistics. */
static size_t tile_bytes(int size, size_t tiles)
{
	size_t row = (size_t)(size + TILE_PAD) * sizeof(uint16_t);

	return CUDA_TILE * (tiles * row + 2 * sizeof(float));
}

/* NULL where it is for the others. */
static const struct tile_kernels *tiles_for(const struct cuda *c, const struct cuda_attention *a)
{
	bool wide = cuda_is_wide(a->qkv, 8) && cuda_is_wide(a->out, 8) &&
		    cuda_is_wide(a->dout, 8) && cuda_is_wide(a->dqkv, 8);

	for (size_t i = 0; i < sizeof(tile_kernels) / sizeof(*tile_kernels); i++) {
		const struct tile_kernels *k = &tile_kernels[i];

		if (k->size == a->heads.size && a->qkv.type == DTYPE_BF16 && wide &&
		    tile_bytes(k->size, 4) <= c->device->shared_most)
			return k;
	}
	return NULL;
}

/* Without the first `skipped` tiles. */
static void launch_tiles(struct cuda *c, enum cuda_kernel kernel, const struct cuda_attention *a,
			 int heads, size_t tiles, size_t skipped)
{
	size_t across = ((size_t)a->t + CUDA_TILE - 1) / CUDA_TILE - skipped;

	cuda_launch(c, kernel, across * (size_t)a->batch * (size_t)heads, TILE_THREADS,
		    tile_bytes(a->heads.size, tiles), a);
}

/* A warp for each row of each of so many heads, and floats for each warp. */
static void launch_rows(struct cuda *c, enum cuda_kernel kernel, const struct cuda_attention *a,
			int heads, size_t floats)
{
	cuda_launch_warps(c, kernel, (size_t)a->t * (size_t)a->batch * (size_t)heads,
			  floats * sizeof(float), a);
}

static void attention(struct ops *ops, struct tensor out, struct tensor lse, struct tensor qkv,
		      struct heads h, int batch, int t, int first, bool causal)
{
	struct cuda_attention args = {.out = out,
				      .lse = lse,
				      .qkv = qkv,
				      .heads = h,
				      .batch = batch,
				      .t = t,
				      .first = first,
				      .causal = causal};
	struct cuda *c = cuda_of(ops);
	const struct tile_kernels *tiles = tiles_for(c, &args);

	if (tiles)
		launch_tiles(c, tiles->forward, &args, h.heads, 3, (size_t)(first / CUDA_TILE));
	else
		launch_rows(c, CUDA_attention, &args, h.heads, LANES + (size_t)h.size);
}

static void attention_back(struct ops *ops, struct tensor dqkv, struct tensor dout,
			   struct tensor out, struct tensor lse, struct tensor qkv, struct heads h,
			   int batch, int t, int first, bool causal)
{
	struct cuda *c = cuda_of(ops);
	size_t rows = (size_t)batch * (size_t)t, size = (size_t)h.size;
	size_t deltas = mem_mul(mem_mul(rows, (size_t)h.heads), sizeof(float));
	struct cuda_attention args = {.out = out,
				      .lse = lse,
				      .qkv = qkv,
				      .dout = dout,
				      .dqkv = dqkv,
				      .delta = {cuda_scratch(c, deltas), DTYPE_F32},
				      .heads = h,
				      .batch = batch,
				      .t = t,
				      .first = first,
				      .causal = causal};
	const struct tile_kernels *tiles = tiles_for(c, &args);

	launch_rows(c, CUDA_attention_delta, &args, h.heads, 0);
	if (tiles) {
		launch_tiles(c, tiles->dq, &args, h.heads, 4, 0);
		launch_tiles(c, tiles->dkv, &args, h.kv_heads, 4, 0);
	} else {
		launch_rows(c, CUDA_attention_dq, &args, h.heads, LANES + size);
		launch_rows(c, CUDA_attention_dkv, &args, h.kv_heads, 2 * (LANES + size));
	}
}

/* --- decoding ------------------------------------------------------------------------------- */

static void keep_rows(struct ops *ops, struct tensor keys, struct tensor values, struct tensor qkv,
		      struct heads h, size_t room, const int32_t *rows, size_t m)
{
	size_t size = (size_t)h.size;
	struct cuda_keep args = {
		.keys = keys,
		.values = values,
		.qkv = qkv,
		.heads = h,
		.room = room,
		.rows = rows,
		.m = m,
		.wide = cuda_is_wide(keys, size) && cuda_is_wide(values, size) &&
			cuda_is_wide(qkv, size),
	};

	cuda_launch_groups(cuda_of(ops), CUDA_keep_rows, m * (size_t)h.kv_heads, size, &args);
}

static void attend_kept(struct ops *ops, struct tensor out, struct tensor qkv, struct tensor keys,
			struct tensor values, struct heads h, size_t room, const int32_t *firsts,
			const int32_t *seen, size_t m)
{
	struct cuda_kept args = {
		.out = out,
		.qkv = qkv,
		.keys = keys,
		.values = values,
		.heads = h,
		.room = room,
		.rows = seen,
		.firsts = firsts,
	};

	cuda_launch(cuda_of(ops), CUDA_attend_kept, m * (size_t)h.heads, KEPT_THREADS,
		    (2 * CUDA_KEPT_KEYS + (size_t)h.size) * sizeof(float), &args);
}

void cuda_fill_attention(struct ops *ops)
{
	ops->rope = rope;
	ops->rope_at = rope_at;
	ops->attention = attention;
	ops->attention_back = attention_back;
	ops->keep_rows = keep_rows;
	ops->attend_kept = attend_kept;
}
