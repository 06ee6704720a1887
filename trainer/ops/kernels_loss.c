/* SPDX-License-Identifier: MIT */
/*
 * The loss, the sum of squares, the update; and the table of all kernels of one set.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "trainer/ops/kernels_inside.h"
#include "trainer/ops/vec.h"

/* --- cross-entropy -------------------------------------------------------------------------- */

/* Lanes from the v-th on are `rest`. */
VEC_INLINE vf get_or(struct tensor t, size_t at, size_t n, float rest)
{
	vf x = vf_get_part(t, at, n);

	for (size_t i = n; i < LANES; i++)
		x[i] = rest;
	return x;
}

/* And the sum of the logits themselves, for smoothing. */
static float log_of_sum(struct tensor logits, size_t at, size_t v, float *sum_all)
{
	vf most = vf_all(-INFINITY), sum = {0}, all = {0};
	float greatest;

	for (size_t j = 0; j < v; j += LANES)
		most = vf_max(most, get_or(logits, at + j, v - j, -INFINITY));
	greatest = vf_greatest(most);
	for (size_t j = 0; j < v; j += LANES) {
		sum += vf_exp(get_or(logits, at + j, v - j, -INFINITY) - greatest);
		all += vf_get_part(logits, at + j, v - j);
	}
	*sum_all = vf_sum(all);
	return greatest + logf(vf_sum(sum));
}

/* As if there were no target. */
static void put_gradient(const struct loss_job *job, size_t at, float log_sum)
{
	size_t v = job->v;
	float scale = (float)job->scale, flat = (float)(job->smoothing / (double)v);

	for (size_t j = 0; j < v; j += LANES) {
		vf p = vf_exp(vf_get_part(job->logits, at + j, v - j) - log_sum);

		vf_put_part(job->dlogits, at + j, (p - flat) * scale, v - j);
	}
}

/* The loss of a row that has a target. */
static double lose(const struct loss_job *job, size_t row)
{
	size_t v = job->v, target = row * v + (size_t)job->targets[row];
	float all, log_sum = log_of_sum(job->logits, row * v, v, &all);
	double l = tensor_get(job->logits, target) - (double)log_sum;
	double smooth = job->smoothing / (double)v;

	if (!tensor_is_none(job->dlogits)) {
		put_gradient(job, row * v, log_sum);
		tensor_set(job->dlogits, target,
			   (exp(l) - smooth - (1 - job->smoothing)) * job->scale);
	}
	return -(1 - job->smoothing) * l - smooth * ((double)all - (double)v * (double)log_sum);
}

static void cross_entropy(void *ctx, int worker, size_t first, size_t last)
{
	const struct loss_job *job = ctx;
	size_t v = job->v;

	(void)worker;
	for (size_t i = first; i < last; i++) {
		job->losses[i] = job->targets[i] < 0 ? 0 : lose(job, i);
		if (job->targets[i] < 0 && !tensor_is_none(job->dlogits))
			memset(tensor_from(job->dlogits, i * v).at, 0,
			       v * dtype_bytes(job->dlogits.type));
	}
}

static void log_sum_exp(void *ctx, int worker, size_t first, size_t last)
{
	const struct loss_job *job = ctx;
	float all;

	(void)worker;
	for (size_t i = first; i < last; i++)
		((float *)job->dlogits.at)[i] = log_of_sum(job->logits, i * job->v, job->v, &all);
}

/* --- sums and updates ----------------------------------------------------------------------- */

/* Floats of 64 numbers a lane, then double. */
static double squares_of(struct tensor x, size_t first, size_t end)
{
	double total = 0;

	while (first < end) {
		size_t stop = first + 64 * LANES < end ? first + 64 * LANES : end;
		vf sum = {0};

		for (; first < stop; first += LANES) {
			vf v = vf_get_part(x, first, stop - first);

			sum += v * v;
		}
		first = stop;
		for (int i = 0; i < LANES; i++)
			total += (double)sum[i];
	}
	return total;
}

static void sum_squares(void *ctx, int worker, size_t first, size_t last)
{
	const struct squares_job *job = ctx;

	(void)worker;
	for (size_t i = first; i < last; i++) {
		size_t end = (i + 1) * KERNELS_PIECE;

		job->sums[i] = squares_of(job->x, i * KERNELS_PIECE, end < job->n ? end : job->n);
	}
}

VEC_INLINE vf square_root(vf v)
{
#if LANES == 16
	return (vf)_mm512_sqrt_ps((__m512)v);
#elif LANES == 8
	return (vf)_mm256_sqrt_ps((__m256)v);
#else
	for (int i = 0; i < LANES; i++)
		v[i] = sqrtf(v[i]);
	return v;
#endif
}

static void adamw(void *ctx, int worker, size_t first, size_t last)
{
	const struct adamw_job *job = ctx;
	const struct adamw *how = job->how;
	float b1 = (float)how->beta1, b2 = (float)how->beta2, rate = (float)how->rate;
	float rest1 = (float)(1 - how->beta1), rest2 = (float)(1 - how->beta2);
	float m_scale = (float)job->m_scale, v_scale = (float)job->v_scale;
	float eps = (float)how->eps, keep = (float)(1 - how->rate * how->decay);
	size_t end = last * KERNELS_PIECE < job->n ? last * KERNELS_PIECE : job->n;

	(void)worker;
	for (size_t i = first * KERNELS_PIECE; i < end; i += LANES) {
		size_t n = end - i;
		vf g = vf_get_part(job->grad, i, n) * (float)how->scale;
		vf m = vf_get_part(job->m, i, n) * b1 + g * rest1;
		vf v = vf_get_part(job->v, i, n) * b2 + g * g * rest2;
		vf step = m * m_scale / (square_root(v * v_scale) + eps);
		vf p = vf_get_part(job->param, i, n) * keep - step * rate;

		vf_put_part(job->m, i, m, n);
		vf_put_part(job->v, i, v, n);
		vf_put_part(job->param, i, p, n);
		if (!tensor_is_none(job->copy))
			vf_put_part(job->copy, i, p, n);
	}
}

void KERNELS(fill_loss)(struct kernels *k)
{
	k->cross_entropy = cross_entropy;
	k->log_sum_exp = log_sum_exp;
	k->sum_squares = sum_squares;
	k->adamw = adamw;
}

/* --- all ------------------------------------------------------------------------------------ */

#define TEXT2(x) #x
#define TEXT(x) TEXT2(x)

void KERNELS(kernels)(struct kernels *k)
{
	*k = (struct kernels){.name = TEXT(KERNELS_SET)};
	KERNELS(fill_products)(k);
	KERNELS(fill_attention)(k);
	KERNELS(fill_kept)(k);
	KERNELS(fill_norms)(k);
	KERNELS(fill_elements)(k);
	KERNELS(fill_rows)(k);
	KERNELS(fill_loss)(k);
}
