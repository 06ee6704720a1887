/* SPDX-License-Identifier: MIT */
/*
 * cuda_norm: norms, a warp for each row; sums over rows by chunks of them, whose partial sums are added
 * in an order that does not depend on when blocks run.
 */
#ifndef TRAINER_CUDA_NORM_H
#define TRAINER_CUDA_NORM_H

#include "trainer/ops/cuda/cuda_kernels.h"
#include "trainer/ops/cuda/cuda_numbers.h"

/* How many numbers of its row lane's group from `column` on has. */
CUDA_DEVICE int cuda_row_count(size_t d, size_t column)
{
	return d - column < CUDA_GROUP ? (int)(d - column) : CUDA_GROUP;
}

/* The sum over a row of x - shift, or of its square; every lane of the warp gets it. */
CUDA_DEVICE float cuda_row_sum(const struct cuda_norm *a, size_t row, float shift, bool square)
{
	float sum = 0, v[CUDA_GROUP];

	for (size_t column = (size_t)cuda_lane() * CUDA_GROUP; column < a->d;
	     column += CUDA_WARP * CUDA_GROUP) {
		int count = cuda_row_count(a->d, column);

		cuda_load(v, a->x, row * a->d + column, count, a->wide);
		for (int i = 0; i < count; i++) {
			float x = v[i] - shift;

			sum += square ? x * x : x;
		}
	}
	return cuda_warp_sum(sum);
}

CUDA_DEVICE void norm_thread(const struct cuda_norm *a)
{
	size_t row = cuda_block() * (size_t)(cuda_threads() / CUDA_WARP) + (size_t)cuda_warp();
	float mean = 0, scale, v[CUDA_GROUP], w[CUDA_GROUP], b[CUDA_GROUP] = {0};
	float width = a->d ? (float)a->d : 1;

	if (row >= a->rows)
		return;
	if (a->layer)
		mean = cuda_row_sum(a, row, 0, false) / width;
	scale = 1 / sqrtf(cuda_row_sum(a, row, mean, true) / width + a->eps);
	for (size_t column = (size_t)cuda_lane() * CUDA_GROUP; column < a->d;
	     column += CUDA_WARP * CUDA_GROUP) {
		int count = cuda_row_count(a->d, column);

		cuda_load(v, a->x, row * a->d + column, count, a->wide);
		cuda_load(w, a->w, column, count, a->wide);
		if (a->layer)
			cuda_load(b, a->b, column, count, a->wide);
		CUDA_UNROLL
		for (int i = 0; i < CUDA_GROUP; i++)
			v[i] = (v[i] - mean) * scale * w[i] + b[i];
		cuda_store(a->out, row * a->d + column, v, count, a->wide);
	}
	if (cuda_lane() == 0 && a->layer) {
		cuda_set(a->stats, 2 * row, mean);
		cuda_set(a->stats, 2 * row + 1, scale);
	} else if (cuda_lane() == 0) {
		cuda_set(a->stats, row, scale);
	}
}

/* --- back */

CUDA_DEVICE float cuda_norm_mean(const struct cuda_norm_back *a, size_t row)
{
	return a->layer ? cuda_get(a->stats, 2 * row) : 0;
}

CUDA_DEVICE float cuda_norm_scale(const struct cuda_norm_back *a, size_t row)
{
	return cuda_get(a->stats, a->layer ? 2 * row + 1 : row);
}

CUDA_DEVICE void norm_sums_thread(const struct cuda_norm_back *a)
{
	size_t row = cuda_block() * (size_t)(cuda_threads() / CUDA_WARP) + (size_t)cuda_warp();
	float sum = 0, sum_x = 0, x[CUDA_GROUP], dy[CUDA_GROUP], w[CUDA_GROUP], mean, scale;

	if (row >= a->rows)
		return;
	mean = cuda_norm_mean(a, row);
	scale = cuda_norm_scale(a, row);
	for (size_t column = (size_t)cuda_lane() * CUDA_GROUP; column < a->d;
	     column += CUDA_WARP * CUDA_GROUP) {
		int count = cuda_row_count(a->d, column);

		cuda_load(x, a->x, row * a->d + column, count, a->wide);
		cuda_load(dy, a->dy, row * a->d + column, count, a->wide);
		cuda_load(w, a->w, column, count, a->wide);
		CUDA_UNROLL
		for (int i = 0; i < CUDA_GROUP; i++) {
			sum += dy[i] * w[i];
			sum_x += dy[i] * w[i] * ((x[i] - mean) * scale);
		}
	}
	sum = cuda_warp_sum(sum);
	sum_x = cuda_warp_sum(sum_x);
	if (cuda_lane() == 0) {
		cuda_set(a->sums, 2 * row, a->layer ? sum / (float)a->d : 0);
		cuda_set(a->sums, 2 * row + 1, sum_x / (float)a->d);
	}
}

/* The groups' rows are chunks of rows: a thread goes down its eight columns. */
CUDA_DEVICE void norm_back_thread(const struct cuda_norm_back *a)
{
	size_t chunks = (a->rows + CUDA_CHUNK - 1) / CUDA_CHUNK;
	struct cuda_group g = cuda_group_at(cuda_index(), chunks, a->d);
	size_t end = (g.row + 1) * CUDA_CHUNK < a->rows ? (g.row + 1) * CUDA_CHUNK : a->rows;
	size_t at = g.row * (a->layer ? 2 : 1) * a->d + g.column;
	float dw[CUDA_GROUP] = {0}, db[CUDA_GROUP] = {0};
	float x[CUDA_GROUP], dy[CUDA_GROUP], dx[CUDA_GROUP], w[CUDA_GROUP];

	if (g.count == 0)
		return;
	cuda_load(w, a->w, g.column, g.count, a->wide);
	for (size_t row = g.row * CUDA_CHUNK; row < end; row++) {
		float mean = cuda_norm_mean(a, row), scale = cuda_norm_scale(a, row);
		float sum = cuda_get(a->sums, 2 * row), sum_x = cuda_get(a->sums, 2 * row + 1);

		cuda_load(x, a->x, row * a->d + g.column, g.count, a->wide);
		cuda_load(dy, a->dy, row * a->d + g.column, g.count, a->wide);
		cuda_load(dx, a->dx, row * a->d + g.column, g.count, a->wide);
		CUDA_UNROLL
		for (int i = 0; i < CUDA_GROUP; i++) {
			float xhat = (x[i] - mean) * scale;

			dw[i] += dy[i] * xhat;
			db[i] += dy[i];
			dx[i] += (dy[i] * w[i] - sum - xhat * sum_x) * scale;
		}
		cuda_store(a->dx, row * a->d + g.column, dx, g.count, a->wide);
		if (a->copy.at)
			cuda_store(a->copy, row * a->d + g.column, dx, g.count, a->wide);
	}
	cuda_store(a->partial, at, dw, g.count, a->wide);
	if (a->layer)
		cuda_store(a->partial, at + a->d, db, g.count, a->wide);
}

/* A warp's row of `groups` times 256 numbers, eight of each 256 in a lane, is read once. */
#define CUDA_ROW_GROUPS 4

CUDA_DEVICE size_t cuda_row_column(int group)
{
	return (size_t)((group * CUDA_WARP + cuda_lane()) * CUDA_GROUP);
}

CUDA_DEVICE void cuda_row_load(float v[CUDA_ROW_GROUPS][CUDA_GROUP], struct tensor x, size_t at,
			       const int groups)
{
	CUDA_UNROLL
	for (int g = 0; g < groups; g++)
		cuda_load(v[g], x, at + cuda_row_column(g), CUDA_GROUP, true);
}

/* dx of a row += what comes by way of its norm. */
CUDA_DEVICE void cuda_row_add(const struct cuda_norm_back *a, size_t at,
			      float v[CUDA_ROW_GROUPS][CUDA_GROUP], const int groups)
{
	float dx[CUDA_GROUP];

	CUDA_UNROLL
	for (int g = 0; g < groups; g++) {
		size_t here = at + cuda_row_column(g);

		cuda_load(dx, a->dx, here, CUDA_GROUP, true);
		CUDA_UNROLL
		for (int i = 0; i < CUDA_GROUP; i++)
			dx[i] += v[g][i];
		cuda_store(a->dx, here, dx, CUDA_GROUP, true);
		if (a->copy.at)
			cuda_store(a->copy, here, dx, CUDA_GROUP, true);
	}
}

CUDA_DEVICE void cuda_row_store(struct tensor out, size_t at, float v[CUDA_ROW_GROUPS][CUDA_GROUP],
				const int groups)
{
	CUDA_UNROLL
	for (int g = 0; g < groups; g++)
		cuda_store(out, at + cuda_row_column(g), v[g], CUDA_GROUP, true);
}

/* One row: dw and db grow by its share, and dx becomes what it is with it. */
CUDA_DEVICE void cuda_norm_row_back(const struct cuda_norm_back *a, size_t row,
				    float w[CUDA_ROW_GROUPS][CUDA_GROUP],
				    float dw[CUDA_ROW_GROUPS][CUDA_GROUP],
				    float db[CUDA_ROW_GROUPS][CUDA_GROUP], const int groups)
{
	float x[CUDA_ROW_GROUPS][CUDA_GROUP], dy[CUDA_ROW_GROUPS][CUDA_GROUP];
	float mean = cuda_norm_mean(a, row), scale = cuda_norm_scale(a, row), sum = 0, sum_x = 0;

	cuda_row_load(x, a->x, row * a->d, groups);
	cuda_row_load(dy, a->dy, row * a->d, groups);
	CUDA_UNROLL
	for (int g = 0; g < groups; g++)
		CUDA_UNROLL
	for (int i = 0; i < CUDA_GROUP; i++) {
		x[g][i] = (x[g][i] - mean) * scale;
		dw[g][i] += dy[g][i] * x[g][i];
		db[g][i] += dy[g][i];
		dy[g][i] *= w[g][i];
		sum += dy[g][i];
		sum_x += dy[g][i] * x[g][i];
	}
	sum = a->layer ? cuda_warp_sum(sum) / (float)a->d : 0;
	sum_x = cuda_warp_sum(sum_x) / (float)a->d;
	CUDA_UNROLL
	for (int g = 0; g < groups; g++)
		CUDA_UNROLL
	for (int i = 0; i < CUDA_GROUP; i++)
		dy[g][i] = (dy[g][i] - sum - x[g][i] * sum_x) * scale;
	cuda_row_add(a, row * a->d, dy, groups);
}

CUDA_DEVICE void cuda_norm_rows(const struct cuda_norm_back *a, const int groups)
{
	size_t chunk = cuda_block() * (size_t)(cuda_threads() / CUDA_WARP) + (size_t)cuda_warp();
	size_t row = chunk * CUDA_CHUNK, at = chunk * (a->layer ? 2 : 1) * a->d;
	size_t end = row + CUDA_CHUNK < a->rows ? row + CUDA_CHUNK : a->rows;
	float w[CUDA_ROW_GROUPS][CUDA_GROUP];
	float dw[CUDA_ROW_GROUPS][CUDA_GROUP] = {{0}}, db[CUDA_ROW_GROUPS][CUDA_GROUP] = {{0}};

	if (row >= a->rows)
		return;
	cuda_row_load(w, a->w, 0, groups);
	for (; row < end; row++)
		cuda_norm_row_back(a, row, w, dw, db, groups);
	cuda_row_store(a->partial, at, dw, groups);
	if (a->layer)
		cuda_row_store(a->partial, at + a->d, db, groups);
}

#define CUDA_NORM_ROWS(width)                                                                      \
	CUDA_DEVICE void norm_rows_##width##_thread(const struct cuda_norm_back *a)                \
	{                                                                                          \
		cuda_norm_rows(a, width / (CUDA_WARP * CUDA_GROUP));                               \
	}

CUDA_NORM_ROWS(256)
CUDA_NORM_ROWS(512)
CUDA_NORM_ROWS(768)
CUDA_NORM_ROWS(1024)

/* --- sums over rows */

CUDA_DEVICE void column_sums_thread(const struct cuda_columns *a)
{
	size_t chunks = (a->rows + CUDA_CHUNK - 1) / CUDA_CHUNK;
	struct cuda_group g = cuda_group_at(cuda_index(), chunks, a->width);
	size_t end = (g.row + 1) * CUDA_CHUNK < a->rows ? (g.row + 1) * CUDA_CHUNK : a->rows;
	float sum[CUDA_GROUP] = {0}, x[CUDA_GROUP];

	for (size_t row = g.row * CUDA_CHUNK; row < end && g.count > 0; row++) {
		cuda_load(x, a->x, row * a->width + g.column, g.count, a->wide);
		CUDA_UNROLL
		for (int i = 0; i < CUDA_GROUP; i++)
			sum[i] += x[i];
	}
	cuda_store(a->partial, g.row * a->width + g.column, sum, g.count, a->wide);
}

/* A block has a few columns; of each, thread row r adds every so-many-th partial sum from r on, and the
 * first thread row adds these. */
CUDA_DEVICE void add_partials_thread(const struct cuda_partials *a)
{
	float *sums = (float *)cuda_shared();
	int column = cuda_thread() % CUDA_PARTIAL_COLUMNS,
	    rows = cuda_threads() / CUDA_PARTIAL_COLUMNS;
	size_t at = cuda_block() * CUDA_PARTIAL_COLUMNS + (size_t)column;
	float sum = 0;

	if (at < a->width)
		for (size_t i = (size_t)(cuda_thread() / CUDA_PARTIAL_COLUMNS); i < a->count;
		     i += (size_t)rows)
			sum += cuda_get(a->partial, i * a->stride + at);
	sums[cuda_thread()] = sum;
	cuda_barrier();
	if (cuda_thread() >= CUDA_PARTIAL_COLUMNS || at >= a->width)
		return;
	for (int row = 1; row < rows; row++)
		sum += sums[row * CUDA_PARTIAL_COLUMNS + column];
	cuda_set(a->out, at, cuda_get(a->out, at) + sum);
}

#endif
