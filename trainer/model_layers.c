/* SPDX-License-Identifier: MIT */
/*
 * The layers of both halves. On the way back m->dx holds the gradient of the residual stream: a branch
 * reads it, rounded to act for the products, and adds its own share by way of its norm.
 */
#include <config.h>

#include "trainer/model_private.h"

/* Where the part is trained. */
static void linear_dw(struct model *m, enum model_part part, struct tensor dw, struct tensor db,
		      struct tensor dy, struct tensor x, size_t rows, size_t n, size_t k)
{
	if (is_trained(m, part))
		m->ops->linear_dw(m->ops, dw, db, dy, x, rows, n, k);
}

/* --- vision: layernorms, biases, every row sees all of its sample -------------------------------- */

static void vision_attention(struct model *m, int i, int samples)
{
	const struct model_vision_layer *p = &m->at->vision[i];
	const struct layer_kept *k = &m->vision_kept[i];
	const struct half *v = &m->vision;
	struct ops *ops = m->ops;
	int rows = 1 + m->patches;
	size_t n = (size_t)samples * (size_t)rows, d = v->width;

	ops->layernorm(ops, k->h1, k->stats1, k->x, param(m, p->norm1_w), param(m, p->norm1_b), n,
		       d, m->config.vision.eps);
	ops->linear(ops, k->qkv, k->h1, weight(m, p->qkv_w), param(m, p->qkv_b), no_tensor(), n,
		    v->row, d);
	ops->attention(ops, k->att, k->lse, k->qkv, v->heads, samples, rows, false);
	ops->linear(ops, k->mid, k->att, weight(m, p->out_w), param(m, p->out_b), k->x, n, d, d);
}

/* Up to what the matrix down reads. */
static void vision_mlp(struct model *m, int i, int samples)
{
	const struct model_vision_layer *p = &m->at->vision[i];
	const struct layer_kept *k = &m->vision_kept[i];
	struct ops *ops = m->ops;
	size_t n = (size_t)samples * (size_t)(1 + m->patches), d = m->vision.width;
	size_t f = m->vision.mlp;

	ops->layernorm(ops, k->h2, k->stats2, k->mid, param(m, p->norm2_w), param(m, p->norm2_b), n,
		       d, m->config.vision.eps);
	ops->linear(ops, k->pre, k->h2, weight(m, p->fc1_w), param(m, p->fc1_b), no_tensor(), n, f,
		    d);
	ops->quick_gelu(ops, k->post, k->pre, n * f);
}

void vision_layer(struct model *m, int i, struct tensor out, int samples)
{
	const struct model_vision_layer *p = &m->at->vision[i];
	const struct layer_kept *k = &m->vision_kept[i];
	struct ops *ops = m->ops;
	size_t n = (size_t)samples * (size_t)(1 + m->patches), d = m->vision.width;

	vision_attention(m, i, samples);
	vision_mlp(m, i, samples);
	ops->linear(ops, out, k->post, weight(m, p->fc2_w), param(m, p->fc2_b), k->mid, n, d,
		    m->vision.mlp);
}

static void vision_mlp_back(struct model *m, int i, int samples)
{
	const struct model_vision_layer *p = &m->at->vision[i];
	const struct layer_kept *k = &m->vision_kept[i];
	struct ops *ops = m->ops;
	size_t n = (size_t)samples * (size_t)(1 + m->patches), d = m->vision.width;
	size_t f = m->vision.mlp;

	ops->convert(ops, m->dy, m->dx, n * d);
	linear_dw(m, MODEL_PART_vision, grad(m, p->fc2_w), grad(m, p->fc2_b), m->dy, k->post, n, d,
		  f);
	ops->linear_dx(ops, m->dwide, m->dy, weight(m, p->fc2_w), n, d, f, false);
	ops->quick_gelu_back(ops, m->dwide, m->dwide, k->pre, n * f);
	linear_dw(m, MODEL_PART_vision, grad(m, p->fc1_w), grad(m, p->fc1_b), m->dwide, k->h2, n, f,
		  d);
	ops->linear_dx(ops, m->dy, m->dwide, weight(m, p->fc1_w), n, f, d, false);
	ops->layernorm_back(ops, m->dx, grad(m, p->norm2_w), grad(m, p->norm2_b), m->dy, k->mid,
			    param(m, p->norm2_w), k->stats2, n, d);
}

static void vision_attention_back(struct model *m, int i, int samples)
{
	const struct model_vision_layer *p = &m->at->vision[i];
	const struct layer_kept *k = &m->vision_kept[i];
	const struct half *v = &m->vision;
	struct ops *ops = m->ops;
	int rows = 1 + m->patches;
	size_t n = (size_t)samples * (size_t)rows, d = v->width;

	ops->convert(ops, m->dy, m->dx, n * d);
	linear_dw(m, MODEL_PART_vision, grad(m, p->out_w), grad(m, p->out_b), m->dy, k->att, n, d,
		  d);
	ops->linear_dx(ops, m->dwide, m->dy, weight(m, p->out_w), n, d, d, false);
	ops->attention_back(ops, m->dqkv, m->dwide, k->att, k->lse, k->qkv, v->heads, samples, rows,
			    false);
	linear_dw(m, MODEL_PART_vision, grad(m, p->qkv_w), grad(m, p->qkv_b), m->dqkv, k->h1, n,
		  v->row, d);
	ops->linear_dx(ops, m->dy, m->dqkv, weight(m, p->qkv_w), n, v->row, d, false);
	ops->layernorm_back(ops, m->dx, grad(m, p->norm1_w), grad(m, p->norm1_b), m->dy, k->x,
			    param(m, p->norm1_w), k->stats1, n, d);
}

void vision_layer_back(struct model *m, int i, int samples)
{
	if (m->limits.recompute) {
		vision_attention(m, i, samples);
		vision_mlp(m, i, samples);
	}
	vision_mlp_back(m, i, samples);
	vision_attention_back(m, i, samples);
}

/* --- text: RMS norms, no biases, turned by positions, a row sees those before it ------------------ */

static void text_attention(struct model *m, int i, int samples, int rows)
{
	const struct model_text_layer *p = &m->at->text[i];
	const struct layer_kept *k = &m->text_kept[i];
	const struct half *t = &m->text;
	struct ops *ops = m->ops;
	size_t n = (size_t)samples * (size_t)rows, d = t->width;

	ops->rmsnorm(ops, k->h1, k->stats1, k->x, param(m, p->norm1_w), n, d, m->config.text.eps);
	ops->linear(ops, k->qkv, k->h1, weight(m, p->qkv_w), no_tensor(), no_tensor(), n, t->row,
		    d);
	ops->rope(ops, k->qkv, t->heads, samples, rows, 0, m->config.text.theta, 1);
	ops->attention(ops, k->att, k->lse, k->qkv, t->heads, samples, rows, true);
	ops->linear(ops, k->mid, k->att, weight(m, p->out_w), no_tensor(), k->x, n, d, t->inner);
}

static void text_mlp(struct model *m, int i, size_t n)
{
	const struct model_text_layer *p = &m->at->text[i];
	const struct layer_kept *k = &m->text_kept[i];
	struct ops *ops = m->ops;
	size_t d = m->text.width, f = m->text.mlp;

	ops->rmsnorm(ops, k->h2, k->stats2, k->mid, param(m, p->norm2_w), n, d, m->config.text.eps);
	ops->linear(ops, k->pre, k->h2, weight(m, p->gate_up_w), no_tensor(), no_tensor(), n, 2 * f,
		    d);
	ops->swiglu(ops, k->post, k->pre, n, f);
}

void text_layer(struct model *m, int i, struct tensor out, int samples, int rows)
{
	const struct model_text_layer *p = &m->at->text[i];
	const struct layer_kept *k = &m->text_kept[i];
	struct ops *ops = m->ops;
	size_t n = (size_t)samples * (size_t)rows, d = m->text.width;

	text_attention(m, i, samples, rows);
	text_mlp(m, i, n);
	ops->linear(ops, out, k->post, weight(m, p->down_w), no_tensor(), k->mid, n, d,
		    m->text.mlp);
}

static void text_mlp_back(struct model *m, int i, size_t n)
{
	const struct model_text_layer *p = &m->at->text[i];
	const struct layer_kept *k = &m->text_kept[i];
	struct ops *ops = m->ops;
	size_t d = m->text.width, f = m->text.mlp;

	ops->convert(ops, m->dy, m->dx, n * d);
	linear_dw(m, MODEL_PART_text, grad(m, p->down_w), no_tensor(), m->dy, k->post, n, d, f);
	ops->linear_dx(ops, m->dnarrow, m->dy, weight(m, p->down_w), n, d, f, false);
	ops->swiglu_back(ops, m->dwide, m->dnarrow, k->pre, n, f);
	linear_dw(m, MODEL_PART_text, grad(m, p->gate_up_w), no_tensor(), m->dwide, k->h2, n, 2 * f,
		  d);
	ops->linear_dx(ops, m->dy, m->dwide, weight(m, p->gate_up_w), n, 2 * f, d, false);
	ops->rmsnorm_back(ops, m->dx, grad(m, p->norm2_w), m->dy, k->mid, param(m, p->norm2_w),
			  k->stats2, n, d);
}

static void text_attention_back(struct model *m, int i, int samples, int rows)
{
	const struct model_text_layer *p = &m->at->text[i];
	const struct layer_kept *k = &m->text_kept[i];
	const struct half *t = &m->text;
	struct ops *ops = m->ops;
	size_t n = (size_t)samples * (size_t)rows, d = t->width;

	ops->convert(ops, m->dy, m->dx, n * d);
	linear_dw(m, MODEL_PART_text, grad(m, p->out_w), no_tensor(), m->dy, k->att, n, d,
		  t->inner);
	ops->linear_dx(ops, m->dwide, m->dy, weight(m, p->out_w), n, d, t->inner, false);
	ops->attention_back(ops, m->dqkv, m->dwide, k->att, k->lse, k->qkv, t->heads, samples, rows,
			    true);
	ops->rope(ops, m->dqkv, t->heads, samples, rows, 0, m->config.text.theta, -1);
	linear_dw(m, MODEL_PART_text, grad(m, p->qkv_w), no_tensor(), m->dqkv, k->h1, n, t->row, d);
	ops->linear_dx(ops, m->dy, m->dqkv, weight(m, p->qkv_w), n, t->row, d, false);
	ops->rmsnorm_back(ops, m->dx, grad(m, p->norm1_w), m->dy, k->x, param(m, p->norm1_w),
			  k->stats1, n, d);
}

void text_layer_back(struct model *m, int i, int samples, int rows)
{
	size_t n = (size_t)samples * (size_t)rows;

	if (m->limits.recompute) {
		text_attention(m, i, samples, rows);
		text_mlp(m, i, n);
	}
	text_mlp_back(m, i, n);
	text_attention_back(m, i, samples, rows);
}
