/* SPDX-License-Identifier: MIT */
/*
 * cuda_rows: kernels that bring rows from one place to another, a thread for eight numbers of a row.
 */
#ifndef TRAINER_CUDA_ROWS_H
#define TRAINER_CUDA_ROWS_H

#include "trainer/ops/cuda/cuda_kernels.h"
#include "trainer/ops/cuda/cuda_numbers.h"

CUDA_DEVICE void patches_thread(const struct cuda_patches *a)
{
	size_t width = (size_t)(a->p * a->p);
	struct cuda_group g = cuda_group_at(cuda_index(), a->rows, width);
	int across = a->side / a->p, column = (int)g.column;
	size_t sample = g.row / (size_t)(across * across);
	int patch = (int)(g.row - sample * (size_t)(across * across));
	const uint8_t *corner = a->pixels + sample * (size_t)a->side * (size_t)a->side +
				(size_t)(patch / across * a->p * a->side + patch % across * a->p);
	float v[CUDA_GROUP];

	for (int i = 0; i < g.count; i++) {
		int y = (column + i) / a->p, x = (column + i) % a->p;

		v[i] = (corner[(size_t)(y * a->side + x)] / 255.0f - a->mean) / a->std;
	}
	cuda_store(a->out, g.row * width + g.column, v, g.count, a->wide);
}

/* Row 0 of a sample is the class's. */
CUDA_DEVICE void add_positions_thread(const struct cuda_positions *a)
{
	size_t rows = (size_t)a->n + 1;
	struct cuda_group g = cuda_group_at(cuda_index(), (size_t)a->batch * rows, a->d);
	size_t sample = g.row / rows, row = g.row - sample * rows;
	float v[CUDA_GROUP], pos[CUDA_GROUP];

	if (row == 0)
		cuda_load(v, a->cls, g.column, g.count, a->wide);
	else
		cuda_load(v, a->x, (sample * (rows - 1) + row - 1) * a->d + g.column, g.count,
			  a->wide);
	cuda_load(pos, a->pos, row * a->d + g.column, g.count, a->wide);
	CUDA_UNROLL
	for (int i = 0; i < CUDA_GROUP; i++)
		v[i] += pos[i];
	cuda_store(a->joined, g.row * a->d + g.column, v, g.count, a->wide);
}

CUDA_DEVICE void cuda_add_to(struct tensor t, size_t at, const float v[CUDA_GROUP], int count,
			     bool wide)
{
	float sum[CUDA_GROUP];

	cuda_load(sum, t, at, count, wide);
	CUDA_UNROLL
	for (int i = 0; i < CUDA_GROUP; i++)
		sum[i] += v[i];
	cuda_store(t, at, sum, count, wide);
}

/* A thread has a position's numbers of all samples: sums are in their order. */
CUDA_DEVICE void add_positions_back_thread(const struct cuda_positions *a)
{
	size_t rows = (size_t)a->n + 1;
	struct cuda_group g = cuda_group_at(cuda_index(), rows, a->d);
	float sum[CUDA_GROUP] = {0}, v[CUDA_GROUP];

	for (size_t sample = 0; sample < (size_t)a->batch; sample++) {
		cuda_load(v, a->joined, (sample * rows + g.row) * a->d + g.column, g.count,
			  a->wide);
		CUDA_UNROLL
		for (int i = 0; i < CUDA_GROUP; i++)
			sum[i] += v[i];
		if (g.row > 0)
			cuda_store(a->x, (sample * (rows - 1) + g.row - 1) * a->d + g.column, v,
				   g.count, a->wide);
	}
	cuda_add_to(a->pos, g.row * a->d + g.column, sum, g.count, a->wide);
	if (g.row == 0)
		cuda_add_to(a->cls, g.column, sum, g.count, a->wide);
}

CUDA_DEVICE void move_rows_thread(const struct cuda_move *a)
{
	struct cuda_group g = cuda_group_at(cuda_index(), a->m, a->d);
	size_t from, to;
	float v[CUDA_GROUP];

	if (g.count == 0 || a->rows[g.row] < 0)
		return;
	from = a->scatter ? g.row : (size_t)a->rows[g.row];
	to = a->scatter ? (size_t)a->rows[g.row] : g.row;
	cuda_load(v, a->x, from * a->d + g.column, g.count, a->wide);
	cuda_store(a->out, to * a->d + g.column, v, g.count, a->wide);
}

/* Some rows have thousands of sums: the loads of four of them go at once. */
#define CUDA_EMBED_AHEAD 4

CUDA_DEVICE void embed_back_thread(const struct cuda_embed_back *a)
{
	struct cuda_group g = cuda_group_at(cuda_index(), a->rows, a->d);
	float sum[CUDA_GROUP], v[CUDA_EMBED_AHEAD][CUDA_GROUP];
	int32_t i, end;

	if (g.count == 0)
		return;
	i = a->firsts[g.row];
	end = a->firsts[g.row + 1];
	if (i == end)
		return;
	cuda_load(sum, a->dtable, g.row * a->d + g.column, g.count, a->wide);
	for (; i < end; i += CUDA_EMBED_AHEAD) {
		CUDA_UNROLL
		for (int k = 0; k < CUDA_EMBED_AHEAD; k++) {
			int32_t row = i + k < end ? a->uses[i + k] : 0;

			cuda_load(v[k], a->dout, (size_t)row * a->d + g.column,
				  i + k < end ? g.count : 0, a->wide);
		}
		CUDA_UNROLL
		for (int k = 0; k < CUDA_EMBED_AHEAD; k++)
			CUDA_UNROLL
		for (int j = 0; j < CUDA_GROUP; j++)
			sum[j] += v[k][j];
	}
	cuda_store(a->dtable, g.row * a->d + g.column, sum, g.count, a->wide);
}

CUDA_DEVICE size_t cuda_row_numbers(struct heads h)
{
	return (size_t)(h.heads + 2 * h.kv_heads) * (size_t)h.size;
}

/* Rows of the groups are heads: query and key heads of all rows. */
CUDA_DEVICE void rope_thread(const struct cuda_rope *a)
{
	size_t heads = (size_t)(a->heads.heads + a->heads.kv_heads);
	size_t half = (size_t)a->heads.size / 2;
	struct cuda_group g = cuda_group_at(cuda_index(), a->rows * heads, half);
	size_t row = g.row / heads, head = g.row - row * heads, at, turn;
	float x[CUDA_GROUP], y[CUDA_GROUP], c[CUDA_GROUP], s[CUDA_GROUP];

	if (g.count == 0)
		return;
	at = row * cuda_row_numbers(a->heads) + head * (size_t)a->heads.size + g.column;
	turn = a->positions ? (size_t)a->positions[row] : row % (size_t)a->t + (size_t)a->first;
	cuda_load(x, a->qkv, at, g.count, a->wide);
	cuda_load(y, a->qkv, at + half, g.count, a->wide);
	cuda_load(c, a->turns, 2 * turn * half + g.column, g.count, a->wide);
	cuda_load(s, a->turns, (2 * turn + 1) * half + g.column, g.count, a->wide);
	CUDA_UNROLL
	for (int i = 0; i < CUDA_GROUP; i++) {
		float before = x[i];

		x[i] = before * c[i] - y[i] * (a->sense * s[i]);
		y[i] = y[i] * c[i] + before * (a->sense * s[i]);
	}
	cuda_store(a->qkv, at, x, g.count, a->wide);
	cuda_store(a->qkv, at + half, y, g.count, a->wide);
}

/* Rows of the groups are key heads of all rows. */
CUDA_DEVICE void keep_rows_thread(const struct cuda_keep *a)
{
	size_t size = (size_t)a->heads.size, kv_heads = (size_t)a->heads.kv_heads;
	struct cuda_group g = cuda_group_at(cuda_index(), a->m * kv_heads, size);
	size_t row = g.row / kv_heads, head = g.row - row * kv_heads, from, to;
	float v[CUDA_GROUP];

	if (g.count == 0 || a->rows[row] < 0)
		return;
	from = row * cuda_row_numbers(a->heads) + ((size_t)a->heads.heads + head) * size + g.column;
	to = (head * a->room + (size_t)a->rows[row]) * size + g.column;
	cuda_load(v, a->qkv, from, g.count, a->wide);
	cuda_store(a->keys, to, v, g.count, a->wide);
	cuda_load(v, a->qkv, from + kv_heads * size, g.count, a->wide);
	cuda_store(a->values, to, v, g.count, a->wide);
}

#endif
