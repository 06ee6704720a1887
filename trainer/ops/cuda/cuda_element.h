/* SPDX-License-Identifier: MIT */
/*
 * cuda_element: kernels that take each number by itself, a thread for eight of them.
 */
#ifndef TRAINER_CUDA_ELEMENT_H
#define TRAINER_CUDA_ELEMENT_H

#include "trainer/ops/cuda/cuda_kernels.h"
#include "trainer/ops/cuda/cuda_numbers.h"

CUDA_DEVICE void convert_thread(const struct cuda_flat *a)
{
	struct cuda_group g = cuda_group_at(cuda_index(), 1, a->n);
	float v[CUDA_GROUP];

	cuda_load(v, a->x, g.column, g.count, a->wide);
	cuda_store(a->out, g.column, v, g.count, a->wide);
}

CUDA_DEVICE void mix_thread(const struct cuda_flat *a)
{
	struct cuda_group g = cuda_group_at(cuda_index(), 1, a->n);
	float v[CUDA_GROUP], x[CUDA_GROUP];

	cuda_load(v, a->out, g.column, g.count, a->wide);
	cuda_load(x, a->x, g.column, g.count, a->wide);
	CUDA_UNROLL
	for (int i = 0; i < CUDA_GROUP; i++)
		v[i] = a->keep * v[i] + a->share * x[i];
	cuda_store(a->out, g.column, v, g.count, a->wide);
}

CUDA_DEVICE void divide_by_root_thread(const struct cuda_root *a)
{
	struct cuda_group g = cuda_group_at(cuda_index(), 1, a->n);
	double root = *a->sum;
	float v[CUDA_GROUP], factor;

	for (int i = 0; i < a->roots; i++)
		root = sqrt(root);
	factor = root > 0 ? (float)(1 / root) : 0;
	cuda_load(v, a->x, g.column, g.count, a->wide);
	CUDA_UNROLL
	for (int i = 0; i < CUDA_GROUP; i++)
		v[i] *= factor;
	cuda_store(a->x, g.column, v, g.count, a->wide);
}

/* --- activations */

#define CUDA_QUICK 1.702f

CUDA_DEVICE float cuda_sigmoid(float x)
{
	return 1 / (1 + expf(-x));
}

CUDA_DEVICE void quick_gelu_thread(const struct cuda_flat *a)
{
	struct cuda_group g = cuda_group_at(cuda_index(), 1, a->n);
	float v[CUDA_GROUP];

	cuda_load(v, a->x, g.column, g.count, a->wide);
	CUDA_UNROLL
	for (int i = 0; i < CUDA_GROUP; i++)
		v[i] *= cuda_sigmoid(CUDA_QUICK * v[i]);
	cuda_store(a->out, g.column, v, g.count, a->wide);
}

CUDA_DEVICE void quick_gelu_back_thread(const struct cuda_flat *a)
{
	struct cuda_group g = cuda_group_at(cuda_index(), 1, a->n);
	float v[CUDA_GROUP], dy[CUDA_GROUP];

	cuda_load(v, a->x, g.column, g.count, a->wide);
	cuda_load(dy, a->y, g.column, g.count, a->wide);
	CUDA_UNROLL
	for (int i = 0; i < CUDA_GROUP; i++) {
		float s = cuda_sigmoid(CUDA_QUICK * v[i]);

		v[i] = dy[i] * (s + CUDA_QUICK * v[i] * s * (1 - s));
	}
	cuda_store(a->out, g.column, v, g.count, a->wide);
}

CUDA_DEVICE void swiglu_thread(const struct cuda_gated *a)
{
	struct cuda_group g = cuda_group_at(cuda_index(), a->rows, a->width);
	size_t at = 2 * g.row * a->width + g.column;
	float gate[CUDA_GROUP], up[CUDA_GROUP];

	cuda_load(gate, a->gate_up, at, g.count, a->wide);
	cuda_load(up, a->gate_up, at + a->width, g.count, a->wide);
	CUDA_UNROLL
	for (int i = 0; i < CUDA_GROUP; i++)
		gate[i] *= cuda_sigmoid(gate[i]) * up[i];
	cuda_store(a->out, g.row * a->width + g.column, gate, g.count, a->wide);
}

CUDA_DEVICE void swiglu_back_thread(const struct cuda_gated *a)
{
	struct cuda_group g = cuda_group_at(cuda_index(), a->rows, a->width);
	size_t at = 2 * g.row * a->width + g.column;
	float gate[CUDA_GROUP], up[CUDA_GROUP], d[CUDA_GROUP];

	cuda_load(gate, a->gate_up, at, g.count, a->wide);
	cuda_load(up, a->gate_up, at + a->width, g.count, a->wide);
	cuda_load(d, a->dout, g.row * a->width + g.column, g.count, a->wide);
	CUDA_UNROLL
	for (int i = 0; i < CUDA_GROUP; i++) {
		float s = cuda_sigmoid(gate[i]), dgate = d[i] * up[i] * (s + gate[i] * s * (1 - s));

		up[i] = d[i] * gate[i] * s;
		gate[i] = dgate;
	}
	cuda_store(a->out, at, gate, g.count, a->wide);
	cuda_store(a->out, at + a->width, up, g.count, a->wide);
}

/* --- the rest */

CUDA_DEVICE void adamw_thread(const struct cuda_adamw *a)
{
	struct cuda_group g = cuda_group_at(cuda_index(), 1, a->n);
	float p[CUDA_GROUP], m[CUDA_GROUP], v[CUDA_GROUP], grad[CUDA_GROUP];

	cuda_load(p, a->param, g.column, g.count, a->wide);
	cuda_load(m, a->m, g.column, g.count, a->wide);
	cuda_load(v, a->v, g.column, g.count, a->wide);
	cuda_load(grad, a->grad, g.column, g.count, a->wide);
	CUDA_UNROLL
	for (int i = 0; i < CUDA_GROUP; i++) {
		float s = grad[i] * a->scale;

		m[i] = a->beta1 * m[i] + a->rest1 * s;
		v[i] = a->beta2 * v[i] + a->rest2 * s * s;
		p[i] -= a->rate *
			(m[i] * a->m_scale / (sqrtf(v[i] * a->v_scale) + a->eps) + a->decay * p[i]);
	}
	cuda_store(a->param, g.column, p, g.count, a->wide);
	cuda_store(a->m, g.column, m, g.count, a->wide);
	cuda_store(a->v, g.column, v, g.count, a->wide);
	if (a->copy.at)
		cuda_store(a->copy, g.column, p, g.count, a->wide);
}

CUDA_DEVICE void fill_rows_thread(const struct cuda_bias *a)
{
	struct cuda_group g = cuda_group_at(cuda_index(), a->rows, a->width);
	size_t at = g.row * a->width + g.column;
	float v[CUDA_GROUP] = {0}, b[CUDA_GROUP] = {0};

	if (a->add)
		cuda_load(v, a->out, at, g.count, a->wide);
	if (a->bias.at)
		cuda_load(b, a->bias, g.column, g.count, a->wide);
	CUDA_UNROLL
	for (int i = 0; i < CUDA_GROUP; i++)
		v[i] += b[i];
	cuda_store(a->out, at, v, g.count, a->wide);
}

#endif
