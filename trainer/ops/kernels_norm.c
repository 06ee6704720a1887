/* SPDX-License-Identifier: MIT */
/*
 * layernorm and rmsnorm, a row at a time, and their ways back. Gradients of w and b are summed within
 * chunks of rows that the number of rows alone decides; the caller adds the chunks up in order.
 * Statistics are sums of float lanes, each of at most d / LANES numbers.
 */
#include <config.h>

#include <math.h>

#include "trainer/ops/kernels_inside.h"
#include "trainer/ops/vec.h"

/* x - mean, zeros behind the row's end. */
VEC_INLINE vf minus_mean(struct tensor x, size_t row, size_t j, size_t d, float mean)
{
	vf v = vf_get_part(x, row + j, d - j) - mean;

	if (d - j < LANES)
		for (size_t i = d - j; i < LANES; i++)
			v[i] = 0;
	return v;
}

/* Rows may be of no numbers. */
static float mean_of(vf sum, size_t d)
{
	return d ? vf_sum(sum) / (float)d : 0;
}

static void layernorm_row(const struct norm_job *job, size_t row)
{
	size_t d = job->d, at = row * d;
	float *stats = (float *)job->stats.at + 2 * row;
	vf sum = {0}, squares = {0};

	for (size_t j = 0; j < d; j += LANES)
		sum += vf_get_part(job->x, at + j, d - j);
	stats[0] = mean_of(sum, d);
	for (size_t j = 0; j < d; j += LANES) {
		vf v = minus_mean(job->x, at, j, d, stats[0]);

		squares += v * v;
	}
	stats[1] = 1 / sqrtf(mean_of(squares, d) + (float)job->eps);
	for (size_t j = 0; j < d; j += LANES) {
		vf v = minus_mean(job->x, at, j, d, stats[0]) * stats[1];

		vf_put_part(job->out, at + j,
			    v * vf_get_part(job->w, j, d - j) + vf_get_part(job->b, j, d - j),
			    d - j);
	}
}

static void layernorm(void *ctx, int worker, size_t first, size_t last)
{
	(void)worker;
	for (size_t row = first; row < last; row++)
		layernorm_row(ctx, row);
}

static void rmsnorm_row(const struct norm_job *job, size_t row)
{
	size_t d = job->d, at = row * d;
	float *stats = (float *)job->stats.at + row;
	vf squares = {0};

	for (size_t j = 0; j < d; j += LANES) {
		vf v = vf_get_part(job->x, at + j, d - j);

		squares += v * v;
	}
	*stats = 1 / sqrtf(mean_of(squares, d) + (float)job->eps);
	for (size_t j = 0; j < d; j += LANES)
		vf_put_part(job->out, at + j,
			    vf_get_part(job->x, at + j, d - j) * *stats *
				    vf_get_part(job->w, j, d - j),
			    d - j);
}

static void rmsnorm(void *ctx, int worker, size_t first, size_t last)
{
	(void)worker;
	for (size_t row = first; row < last; row++)
		rmsnorm_row(ctx, row);
}

/* --- back ----------------------------------------------------------------------------------- */

VEC_INLINE void add_part(float *to, size_t j, vf v, size_t n)
{
	struct tensor t = {to, DTYPE_F32};

	vf_put_part(t, j, vf_get_part(t, j, n) + v, n);
}

/* db: NULL for rmsnorm, whose mean is taken to be 0. */
VEC_INLINE void norm_row_back(const struct norm_job *job, size_t row, float mean, float scale,
			      float *dw, float *db)
{
	size_t d = job->d, at = row * d;
	vf sum = {0}, sum_x = {0};
	float less, less_x;

	for (size_t j = 0; j < d; j += LANES) {
		vf dy = vf_get_part(job->dy, at + j, d - j);
		vf xhat = (vf_get_part(job->x, at + j, d - j) - mean) * scale;
		vf g = dy * vf_get_part(job->w, j, d - j);

		sum += g;
		sum_x += g * xhat;
		add_part(dw, j, dy * xhat, d - j);
		if (db)
			add_part(db, j, dy, d - j);
	}
	less = db ? mean_of(sum, d) : 0;
	less_x = mean_of(sum_x, d);
	for (size_t j = 0; j < d; j += LANES) {
		vf xhat = (vf_get_part(job->x, at + j, d - j) - mean) * scale;
		vf g = vf_get_part(job->dy, at + j, d - j) * vf_get_part(job->w, j, d - j);

		vf more = (g - less - xhat * less_x) * scale;
		vf sum_dx = vf_get_part(job->dx, at + j, d - j) + more;

		vf_put_part(job->dx, at + j, sum_dx, d - j);
		if (!tensor_is_none(job->copy))
			vf_put_part(job->copy, at + j, sum_dx, d - j);
	}
}

static void clear(float *sums, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sums[i] = 0;
}

static size_t end_of(const struct norm_job *job, size_t chunk)
{
	size_t end = (chunk + 1) * job->chunk;

	return end < job->m ? end : job->m;
}

static void layernorm_back(void *ctx, int worker, size_t first, size_t last)
{
	const struct norm_job *job = ctx;
	const float *stats = job->stats.at;

	(void)worker;
	for (size_t chunk = first; chunk < last; chunk++) {
		float *dw = job->sums + 2 * job->d * chunk;

		clear(dw, 2 * job->d);
		for (size_t row = chunk * job->chunk; row < end_of(job, chunk); row++)
			norm_row_back(job, row, stats[2 * row], stats[2 * row + 1], dw,
				      dw + job->d);
	}
}

static void rmsnorm_back(void *ctx, int worker, size_t first, size_t last)
{
	const struct norm_job *job = ctx;
	const float *stats = job->stats.at;

	(void)worker;
	for (size_t chunk = first; chunk < last; chunk++) {
		float *dw = job->sums + 2 * job->d * chunk;

		clear(dw, 2 * job->d);
		for (size_t row = chunk * job->chunk; row < end_of(job, chunk); row++)
			norm_row_back(job, row, 0, stats[row], dw, NULL);
	}
}

void KERNELS(fill_norms)(struct kernels *k)
{
	k->layernorm = layernorm;
	k->rmsnorm = rmsnorm;
	k->layernorm_back = layernorm_back;
	k->rmsnorm_back = rmsnorm_back;
}
