/* SPDX-License-Identifier: MIT */
/*
 * Loops that treat each number, or each pair of a rotation, by itself.
 */
#include <config.h>

#include <math.h>

#include "trainer/kernels_inside.h"
#include "trainer/vec.h"

#define QUICK 1.702f

/* Where a range of pieces ends. */
static size_t end_of(size_t n, size_t last)
{
	return last * KERNELS_PIECE < n ? last * KERNELS_PIECE : n;
}

/* --- activations ---------------------------------------------------------------------------- */

static void quick_gelu(void *ctx, int worker, size_t first, size_t last)
{
	const struct element_job *job = ctx;
	size_t end = end_of(job->n, last);

	(void)worker;
	for (size_t i = first * KERNELS_PIECE; i < end; i += LANES) {
		vf v = vf_get_part(job->x, i, end - i);

		vf_put_part(job->out, i, v * vf_sigmoid(v * QUICK), end - i);
	}
}

static void quick_gelu_back(void *ctx, int worker, size_t first, size_t last)
{
	const struct element_job *job = ctx;
	size_t end = end_of(job->n, last);

	(void)worker;
	for (size_t i = first * KERNELS_PIECE; i < end; i += LANES) {
		vf v = vf_get_part(job->x, i, end - i), s = vf_sigmoid(v * QUICK);
		vf dy = vf_get_part(job->dout, i, end - i);

		vf_put_part(job->out, i, dy * (s + v * QUICK * s * (1.0f - s)), end - i);
	}
}

static void swiglu(void *ctx, int worker, size_t first, size_t last)
{
	const struct element_job *job = ctx;
	size_t f = job->f;

	(void)worker;
	for (size_t row = first; row < last; row++)
		for (size_t j = 0; j < f; j += LANES) {
			vf gate = vf_get_part(job->x, 2 * row * f + j, f - j);
			vf up = vf_get_part(job->x, (2 * row + 1) * f + j, f - j);

			vf_put_part(job->out, row * f + j, gate * vf_sigmoid(gate) * up, f - j);
		}
}

static void swiglu_back(void *ctx, int worker, size_t first, size_t last)
{
	const struct element_job *job = ctx;
	size_t f = job->f;

	(void)worker;
	for (size_t row = first; row < last; row++)
		for (size_t j = 0; j < f; j += LANES) {
			size_t at = 2 * row * f + j;
			vf gate = vf_get_part(job->x, at, f - j), s = vf_sigmoid(gate);
			vf up = vf_get_part(job->x, at + f, f - j);
			vf d = vf_get_part(job->dout, row * f + j, f - j);

			vf_put_part(job->out, at, d * up * (s + gate * s * (1.0f - s)), f - j);
			vf_put_part(job->out, at + f, d * gate * s, f - j);
		}
}

/* --- copies and sums ------------------------------------------------------------------------ */

static void convert(void *ctx, int worker, size_t first, size_t last)
{
	const struct element_job *job = ctx;
	size_t end = end_of(job->n, last);

	(void)worker;
	for (size_t i = first * KERNELS_PIECE; i < end; i += LANES)
		vf_put_part(job->out, i, vf_get_part(job->x, i, end - i), end - i);
}

static void mix(void *ctx, int worker, size_t first, size_t last)
{
	const struct element_job *job = ctx;
	size_t end = end_of(job->n, last);
	float keep = (float)job->keep, share = (float)job->share;

	(void)worker;
	for (size_t i = first * KERNELS_PIECE; i < end; i += LANES)
		vf_put_part(job->out, i,
			    keep * vf_get_part(job->out, i, end - i) +
				    share * vf_get_part(job->x, i, end - i),
			    end - i);
}

/* --- rope ----------------------------------------------------------------------------------- */

/* One head of one row, from number `at`; angles: its row's. */
static void turn_head(const struct rope_job *job, size_t at, const float *angles)
{
	size_t half = (size_t)job->h.size / 2;
	struct tensor cosines = {(void *)(uintptr_t)angles, DTYPE_F32};
	struct tensor sines = tensor_from(cosines, half);
	float sense = (float)job->sense;

	for (size_t j = 0; j < half; j += LANES) {
		size_t n = half - j;
		vf c = vf_get_part(cosines, j, n), s = vf_get_part(sines, j, n) * sense;
		vf a = vf_get_part(job->qkv, at + j, n);
		vf b = vf_get_part(job->qkv, at + half + j, n);

		vf_put_part(job->qkv, at + j, a * c - b * s, n);
		vf_put_part(job->qkv, at + half + j, b * c + a * s, n);
	}
}

static void rope(void *ctx, int worker, size_t first, size_t last)
{
	const struct rope_job *job = ctx;
	size_t size = (size_t)job->h.size, turned = (size_t)(job->h.heads + job->h.kv_heads);
	size_t width = (turned + (size_t)job->h.kv_heads) * size;

	(void)worker;
	for (size_t row = first; row < last; row++) {
		size_t position = job->positions ? (size_t)job->positions[row] : row % job->t;

		for (size_t head = 0; head < turned; head++)
			turn_head(job, row * width + head * size,
				  job->angles + position * (size / 2 * 2));
	}
}

void KERNELS(fill_elements)(struct kernels *k)
{
	k->quick_gelu = quick_gelu;
	k->quick_gelu_back = quick_gelu_back;
	k->swiglu = swiglu;
	k->swiglu_back = swiglu_back;
	k->convert = convert;
	k->mix = mix;
	k->rope = rope;
}
