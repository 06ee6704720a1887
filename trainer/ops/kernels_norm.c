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

/* What models have: whole vectors, and act as BF16. A look at both for each vector would take half of the time;
 * `usual` is a constant below, and so is the type of acc. */
static bool is_usual(const struct norm_job *job, struct tensor act)
{
	return job->d % LANES == 0 && act.type == DTYPE_BF16;
}

VEC_INLINE struct tensor as_acc(struct tensor t)
{
	return tensor_as(t, DTYPE_F32);
}

VEC_INLINE struct tensor as_act(struct tensor t, bool usual)
{
	return tensor_as(t, usual ? DTYPE_BF16 : t.type);
}

/* x - mean, zeros behind the row's end. */
VEC_INLINE vf minus_mean(struct tensor x, size_t row, size_t j, size_t d, float mean, bool usual)
{
	vf v = vf_get_row(as_acc(x), row + j, d - j, usual) - mean;

	if (!usual && d - j < LANES)
		for (size_t i = d - j; i < LANES; i++)
			v[i] = 0;
	return v;
}

/* Rows may be of no numbers. */
static float mean_of(vf sum, size_t d)
{
	return d ? vf_sum(sum) / (float)d : 0;
}

VEC_INLINE void layernorm_row(const struct norm_job *job, size_t row, bool usual)
{
	size_t d = job->d, at = row * d;
	float *stats = (float *)job->stats.at + 2 * row, mean, scale;
	vf sum = {0}, squares = {0};

	for (size_t j = 0; j < d; j += LANES)
		sum += vf_get_row(as_acc(job->x), at + j, d - j, usual);
	mean = mean_of(sum, d);
	for (size_t j = 0; j < d; j += LANES) {
		vf v = minus_mean(job->x, at, j, d, mean, usual);

		squares += v * v;
	}
	scale = 1 / sqrtf(mean_of(squares, d) + (float)job->eps);
	stats[0] = mean;
	stats[1] = scale;
	for (size_t j = 0; j < d; j += LANES) {
		vf v = minus_mean(job->x, at, j, d, mean, usual) * scale;

		vf_put_row(as_act(job->out, usual), at + j,
			   v * vf_get_row(as_acc(job->w), j, d - j, usual) +
				   vf_get_row(as_acc(job->b), j, d - j, usual),
			   d - j, usual);
	}
}

static void layernorm(void *ctx, int worker, size_t first, size_t last)
{
	const struct norm_job *job = ctx;
	bool usual = is_usual(job, job->out);

	(void)worker;
	for (size_t row = first; row < last; row++)
		if (usual)
			layernorm_row(job, row, true);
		else
			layernorm_row(job, row, false);
}

VEC_INLINE void rmsnorm_row(const struct norm_job *job, size_t row, bool usual)
{
	size_t d = job->d, at = row * d;
	vf squares = {0};
	float scale;

	for (size_t j = 0; j < d; j += LANES) {
		vf v = vf_get_row(as_acc(job->x), at + j, d - j, usual);

		squares += v * v;
	}
	scale = 1 / sqrtf(mean_of(squares, d) + (float)job->eps);
	((float *)job->stats.at)[row] = scale;
	for (size_t j = 0; j < d; j += LANES)
		vf_put_row(as_act(job->out, usual), at + j,
			   vf_get_row(as_acc(job->x), at + j, d - j, usual) * scale *
				   vf_get_row(as_acc(job->w), j, d - j, usual),
			   d - j, usual);
}

static void rmsnorm(void *ctx, int worker, size_t first, size_t last)
{
	const struct norm_job *job = ctx;
	bool usual = is_usual(job, job->out);

	(void)worker;
	for (size_t row = first; row < last; row++)
		if (usual)
			rmsnorm_row(job, row, true);
		else
			rmsnorm_row(job, row, false);
}

/* --- back ----------------------------------------------------------------------------------- */

VEC_INLINE void add_acc(float *to, size_t j, vf v, size_t n, bool usual)
{
	struct tensor t = {to, DTYPE_F32};

	vf_put_row(t, j, vf_get_row(t, j, n, usual) + v, n, usual);
}

/* db: NULL for rmsnorm, whose mean is taken to be 0. */
VEC_INLINE void norm_row_back(const struct norm_job *job, size_t row, float mean, float scale,
			      float *dw, float *db, bool usual)
{
	size_t d = job->d, at = row * d;
	vf sum = {0}, sum_x = {0};
	float less, less_x;

	for (size_t j = 0; j < d; j += LANES) {
		vf dy = vf_get_row(as_act(job->dy, usual), at + j, d - j, usual);
		vf xhat = (vf_get_row(as_acc(job->x), at + j, d - j, usual) - mean) * scale;
		vf g = dy * vf_get_row(as_acc(job->w), j, d - j, usual);

		sum += g;
		sum_x += g * xhat;
		add_acc(dw, j, dy * xhat, d - j, usual);
		if (db)
			add_acc(db, j, dy, d - j, usual);
	}
	less = db ? mean_of(sum, d) : 0;
	less_x = mean_of(sum_x, d);
	for (size_t j = 0; j < d; j += LANES) {
		vf xhat = (vf_get_row(as_acc(job->x), at + j, d - j, usual) - mean) * scale;
		vf g = vf_get_row(as_act(job->dy, usual), at + j, d - j, usual) *
		       vf_get_row(as_acc(job->w), j, d - j, usual);

		vf more = (g - less - xhat * less_x) * scale;
		vf sum_dx = vf_get_row(as_acc(job->dx), at + j, d - j, usual) + more;

		vf_put_row(as_acc(job->dx), at + j, sum_dx, d - j, usual);
		if (!tensor_is_none(job->copy))
			vf_put_row(as_act(job->copy, usual), at + j, sum_dx, d - j, usual);
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

/* A chunk of rows; of layernorm where `means`. */
VEC_INLINE void chunk_back(const struct norm_job *job, size_t chunk, bool means, bool usual)
{
	const float *stats = job->stats.at;
	float *dw = job->sums + 2 * job->d * chunk;

	clear(dw, 2 * job->d);
	for (size_t row = chunk * job->chunk; row < end_of(job, chunk); row++)
		if (means)
			norm_row_back(job, row, stats[2 * row], stats[2 * row + 1], dw, dw + job->d,
				      usual);
		else
			norm_row_back(job, row, 0, stats[row], dw, NULL, usual);
}

static void layernorm_back(void *ctx, int worker, size_t first, size_t last)
{
	const struct norm_job *job = ctx;
	bool usual = is_usual(job, job->dy);

	(void)worker;
	for (size_t chunk = first; chunk < last; chunk++)
		if (usual)
			chunk_back(job, chunk, true, true);
		else
			chunk_back(job, chunk, true, false);
}

static void rmsnorm_back(void *ctx, int worker, size_t first, size_t last)
{
	const struct norm_job *job = ctx;
	bool usual = is_usual(job, job->dy);

	(void)worker;
	for (size_t chunk = first; chunk < last; chunk++)
		if (usual)
			chunk_back(job, chunk, false, true);
		else
			chunk_back(job, chunk, false, false);
}

void KERNELS(fill_norms)(struct kernels *k)
{
	k->layernorm = layernorm;
	k->rmsnorm = rmsnorm;
	k->layernorm_back = layernorm_back;
	k->rmsnorm_back = rmsnorm_back;
}
