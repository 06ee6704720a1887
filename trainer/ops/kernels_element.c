/* SPDX-License-Identifier: MIT */
/*
 * Loops that treat each number, or each pair of a rotation, by itself.
 */
#include <config.h>

#include <math.h>

#include "trainer/ops/kernels_inside.h"
#include "trainer/ops/vec.h"

#define QUICK 1.702f

/* Where a range of pieces ends. */
static size_t end_of(size_t n, size_t last)
{
	return last * KERNELS_PIECE < n ? last * KERNELS_PIECE : n;
}

/* Loops over whole vectors, for constant types where these are what models have: a look at them for each
 * vector would take a third of the time. */
static bool all_bf16(struct tensor a, struct tensor b, struct tensor c)
{
	return a.type == DTYPE_BF16 && b.type == DTYPE_BF16 && c.type == DTYPE_BF16;
}

/* --- activations ---------------------------------------------------------------------------- */

VEC_INLINE vf gelu_of(vf v)
{
	return v * vf_sigmoid(v, QUICK);
}

VEC_INLINE void gelu_range(struct tensor out, struct tensor x, size_t i, size_t end)
{
	for (; i + LANES <= end; i += LANES)
		vf_put(out, i, gelu_of(vf_get(x, i)));
	if (i < end)
		vf_put_part(out, i, gelu_of(vf_get_part(x, i, end - i)), end - i);
}

static void quick_gelu(void *ctx, int worker, size_t first, size_t last)
{
	const struct element_job *job = ctx;
	size_t i = first * KERNELS_PIECE, end = end_of(job->n, last);

	(void)worker;
	if (all_bf16(job->out, job->x, job->x))
		gelu_range(tensor_as(job->out, DTYPE_BF16), tensor_as(job->x, DTYPE_BF16), i, end);
	else
		gelu_range(job->out, job->x, i, end);
}

VEC_INLINE vf gelu_back_of(vf v, vf dy)
{
	vf s = vf_sigmoid(v, QUICK);

	return dy * s * (1.0f + v * QUICK * (1.0f - s));
}

VEC_INLINE void gelu_back_range(struct tensor out, struct tensor x, struct tensor dout, size_t i,
				size_t end)
{
	for (; i + LANES <= end; i += LANES)
		vf_put(out, i, gelu_back_of(vf_get(x, i), vf_get(dout, i)));
	if (i < end)
		vf_put_part(out, i,
			    gelu_back_of(vf_get_part(x, i, end - i), vf_get_part(dout, i, end - i)),
			    end - i);
}

static void quick_gelu_back(void *ctx, int worker, size_t first, size_t last)
{
	const struct element_job *job = ctx;
	size_t i = first * KERNELS_PIECE, end = end_of(job->n, last);

	(void)worker;
	if (all_bf16(job->out, job->x, job->dout))
		gelu_back_range(tensor_as(job->out, DTYPE_BF16), tensor_as(job->x, DTYPE_BF16),
				tensor_as(job->dout, DTYPE_BF16), i, end);
	else
		gelu_back_range(job->out, job->x, job->dout, i, end);
}

VEC_INLINE vf swiglu_of(vf gate, vf up)
{
	return gate * vf_sigmoid(gate, 1) * up;
}

/* A row: f gates, f that they let through. */
VEC_INLINE void swiglu_row(struct tensor out, struct tensor x, size_t row, size_t f)
{
	size_t at = 2 * row * f, to = row * f, j = 0;

	for (; j + LANES <= f; j += LANES)
		vf_put(out, to + j, swiglu_of(vf_get(x, at + j), vf_get(x, at + f + j)));
	if (j < f)
		vf_put_part(
			out, to + j,
			swiglu_of(vf_get_part(x, at + j, f - j), vf_get_part(x, at + f + j, f - j)),
			f - j);
}

static void swiglu(void *ctx, int worker, size_t first, size_t last)
{
	const struct element_job *job = ctx;
	bool bf16 = all_bf16(job->out, job->x, job->x);

	(void)worker;
	for (size_t row = first; row < last; row++)
		if (bf16)
			swiglu_row(tensor_as(job->out, DTYPE_BF16), tensor_as(job->x, DTYPE_BF16),
				   row, job->f);
		else
			swiglu_row(job->out, job->x, row, job->f);
}

/* What n <= LANES numbers from j on of a row of gates, and those they let through, are to be changed by. */
VEC_INLINE void swiglu_back_of(struct tensor out, struct tensor x, struct tensor dout, size_t row,
			       size_t f, size_t j, size_t n)
{
	size_t at = 2 * row * f + j;
	vf gate = vf_get_part(x, at, n), up = vf_get_part(x, at + f, n);
	vf s = vf_sigmoid(gate, 1);
	vf through = s * vf_get_part(dout, row * f + j, n);

	vf_put_part(out, at, through * up * (1.0f + gate * (1.0f - s)), n);
	vf_put_part(out, at + f, through * gate, n);
}

VEC_INLINE void swiglu_back_row(struct tensor out, struct tensor x, struct tensor dout, size_t row,
				size_t f)
{
	size_t j = 0;

	for (; j + LANES <= f; j += LANES)
		swiglu_back_of(out, x, dout, row, f, j, LANES);
	if (j < f)
		swiglu_back_of(out, x, dout, row, f, j, f - j);
}

static void swiglu_back(void *ctx, int worker, size_t first, size_t last)
{
	const struct element_job *job = ctx;
	bool bf16 = all_bf16(job->out, job->x, job->dout);

	(void)worker;
	for (size_t row = first; row < last; row++)
		if (bf16)
			swiglu_back_row(tensor_as(job->out, DTYPE_BF16),
					tensor_as(job->x, DTYPE_BF16),
					tensor_as(job->dout, DTYPE_BF16), row, job->f);
		else
			swiglu_back_row(job->out, job->x, job->dout, row, job->f);
}

/* --- copies and sums ------------------------------------------------------------------------ */

VEC_INLINE void convert_range(struct tensor out, struct tensor x, size_t i, size_t end)
{
	for (; i + LANES <= end; i += LANES)
		vf_put(out, i, vf_get(x, i));
	if (i < end)
		vf_put_part(out, i, vf_get_part(x, i, end - i), end - i);
}

static void convert(void *ctx, int worker, size_t first, size_t last)
{
	const struct element_job *job = ctx;
	size_t i = first * KERNELS_PIECE, end = end_of(job->n, last);

	(void)worker;
	if (job->out.type == DTYPE_BF16 && job->x.type == DTYPE_F32)
		convert_range(tensor_as(job->out, DTYPE_BF16), tensor_as(job->x, DTYPE_F32), i,
			      end);
	else
		convert_range(job->out, job->x, i, end);
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

/* n <= LANES pairs (i, i + half) of qkv. */
VEC_INLINE void turn_pairs(struct tensor qkv, size_t i, size_t half, vf c, vf s, size_t n)
{
	vf a = vf_get_part(qkv, i, n), b = vf_get_part(qkv, i + half, n);

	vf_put_part(qkv, i, a * c - b * s, n);
	vf_put_part(qkv, i + half, b * c + a * s, n);
}

/* One head of one row, from number `at`; angles: its row's. */
VEC_INLINE void turn_head(struct tensor qkv, size_t at, size_t half, const float *angles,
			  float sense)
{
	struct tensor cosines = {(void *)(uintptr_t)angles, DTYPE_F32};
	size_t j = 0;

	for (; j + LANES <= half; j += LANES)
		turn_pairs(qkv, at + j, half, vf_load(angles + j),
			   vf_load(angles + half + j) * sense, LANES);
	if (j < half)
		turn_pairs(qkv, at + j, half, vf_get_part(cosines, j, half - j),
			   vf_get_part(cosines, half + j, half - j) * sense, half - j);
}

VEC_INLINE void rope_row(const struct rope_job *job, struct tensor qkv, size_t row)
{
	size_t size = (size_t)job->h.size, turned = (size_t)(job->h.heads + job->h.kv_heads);
	size_t width = (turned + (size_t)job->h.kv_heads) * size, half = size / 2;
	size_t position = job->positions ? (size_t)job->positions[row] : row % job->t;

	for (size_t head = 0; head < turned; head++)
		turn_head(qkv, row * width + head * size, half, job->angles + position * 2 * half,
			  (float)job->sense);
}

static void rope(void *ctx, int worker, size_t first, size_t last)
{
	const struct rope_job *job = ctx;

	(void)worker;
	for (size_t row = first; row < last; row++)
		if (job->qkv.type == DTYPE_BF16)
			rope_row(job, tensor_as(job->qkv, DTYPE_BF16), row);
		else
			rope_row(job, tensor_as(job->qkv, DTYPE_F32), row);
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
