/* SPDX-License-Identifier: MIT */
/*
 * The layers of both halves. On the way back m->dx holds the gradient of the residual stream, and m->dy the same
 * rounded to act: a branch begins with that, and adds its own share to both by way of its norm.
 */
#include <config.h>

#include "trainer/train/model_private.h"

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
	ops->attention(ops, k->att, k->lse, k->qkv, v->heads, samples, rows, 0, false);
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

	linear_dw(m, MODEL_PART_vision, grad(m, p->fc2_w), grad(m, p->fc2_b), m->dy, k->post, n, d,
		  f);
	ops->linear_dx(ops, m->dwide, m->dy, weight(m, p->fc2_w), n, d, f, false);
	ops->quick_gelu_back(ops, m->dwide, m->dwide, k->pre, n * f);
	linear_dw(m, MODEL_PART_vision, grad(m, p->fc1_w), grad(m, p->fc1_b), m->dwide, k->h2, n, f,
		  d);
	ops->linear_dx(ops, m->dy, m->dwide, weight(m, p->fc1_w), n, f, d, false);
	ops->layernorm_back(ops, m->dx, m->dy, grad(m, p->norm2_w), grad(m, p->norm2_b), m->dy,
			    k->mid, param(m, p->norm2_w), k->stats2, n, d);
}

static void vision_attention_back(struct model *m, int i, int samples)
{
	const struct model_vision_layer *p = &m->at->vision[i];
	const struct layer_kept *k = &m->vision_kept[i];
	const struct half *v = &m->vision;
	struct ops *ops = m->ops;
	int rows = 1 + m->patches;
	size_t n = (size_t)samples * (size_t)rows, d = v->width;

	linear_dw(m, MODEL_PART_vision, grad(m, p->out_w), grad(m, p->out_b), m->dy, k->att, n, d,
		  d);
	ops->linear_dx(ops, m->dwide, m->dy, weight(m, p->out_w), n, d, d, false);
	ops->attention_back(ops, m->dqkv, m->dwide, k->att, k->lse, k->qkv, v->heads, samples, rows,
			    0, false);
	linear_dw(m, MODEL_PART_vision, grad(m, p->qkv_w), grad(m, p->qkv_b), m->dqkv, k->h1, n,
		  v->row, d);
	ops->linear_dx(ops, m->dy, m->dqkv, weight(m, p->qkv_w), n, v->row, d, false);
	ops->layernorm_back(ops, m->dx, m->dy, grad(m, p->norm1_w), grad(m, p->norm1_b), m->dy,
			    k->x, param(m, p->norm1_w), k->stats1, n, d);
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

/* --- text: RMS norms, no biases, turned by positions, a row sees those before it ------------------
 *
 * Of the last layer nobody reads more than the rows that have targets. Keys and values it makes of all rows;
 * queries of those from the first target on; and what comes behind attention, of the told rows alone.
 */

static bool is_last(const struct model *m, int i)
{
	return i == m->text.layers - 1;
}

static int first_query(const struct model *m, int i)
{
	return is_last(m, i) ? m->in->target_first : 0;
}

/* Rows of the batch behind attention. */
static size_t rows_behind(const struct model *m, int i, int samples, int rows)
{
	return is_last(m, i) ? (size_t)m->in->told_count : (size_t)samples * (size_t)rows;
}

/* What attention gives, and what it is added to. */
static void text_attend(struct model *m, int i, int samples, int rows)
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
	ops->attention(ops, k->att, k->lse, k->qkv, t->heads, samples, rows, first_query(m, i),
		       true);
}

static void text_attention(struct model *m, int i, int samples, int rows)
{
	const struct layer_kept *k = &m->text_kept[i];
	struct ops *ops = m->ops;
	size_t n = rows_behind(m, i, samples, rows), d = m->text.width, inner = m->text.inner;
	struct tensor att = k->att, x = k->x;

	text_attend(m, i, samples, rows);
	if (is_last(m, i)) {
		ops->gather_rows(ops, m->told, k->att, m->listed.told_rows, n, inner);
		ops->gather_rows(ops, k->mid, k->x, m->listed.told_rows, n, d);
		att = m->told;
		x = k->mid;
	}
	ops->linear(ops, k->mid, att, weight(m, m->at->text[i].out_w), no_tensor(), x, n, d, inner);
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
	size_t n = rows_behind(m, i, samples, rows), d = m->text.width;

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

	linear_dw(m, MODEL_PART_text, grad(m, p->down_w), no_tensor(), m->dy, k->post, n, d, f);
	ops->linear_dx(ops, m->dnarrow, m->dy, weight(m, p->down_w), n, d, f, false);
	ops->swiglu_back(ops, m->dwide, m->dnarrow, k->pre, n, f);
	linear_dw(m, MODEL_PART_text, grad(m, p->gate_up_w), no_tensor(), m->dwide, k->h2, n, 2 * f,
		  d);
	ops->linear_dx(ops, m->dy, m->dwide, weight(m, p->gate_up_w), n, 2 * f, d, false);
	ops->rmsnorm_back(ops, m->dx, m->dy, grad(m, p->norm2_w), m->dy, k->mid,
			  param(m, p->norm2_w), k->stats2, n, d);
}

/* Where the rows behind attention came from: m->dx and m->dwide, which is their gradient, become those of all
 * rows. */
static void spread_told(struct model *m, size_t all)
{
	struct ops *ops = m->ops;
	size_t n = (size_t)m->in->told_count, d = m->text.width, inner = m->text.inner;

	ops->convert(ops, m->dlast, m->dx, n * d);
	ops->clear(ops, m->dx, all * d);
	ops->scatter_rows(ops, m->dx, m->dlast, m->listed.back_rows, n, d);
	ops->convert(ops, m->told, m->dwide, n * inner);
	ops->clear(ops, m->dwide, all * inner);
	ops->scatter_rows(ops, m->dwide, m->told, m->listed.back_rows, n, inner);
}

static void text_attention_back(struct model *m, int i, int samples, int rows)
{
	const struct model_text_layer *p = &m->at->text[i];
	const struct layer_kept *k = &m->text_kept[i];
	const struct half *t = &m->text;
	struct ops *ops = m->ops;
	size_t all = (size_t)samples * (size_t)rows, d = t->width;
	size_t n = rows_behind(m, i, samples, rows);

	linear_dw(m, MODEL_PART_text, grad(m, p->out_w), no_tensor(), m->dy,
		  is_last(m, i) ? m->told : k->att, n, d, t->inner);
	ops->linear_dx(ops, m->dwide, m->dy, weight(m, p->out_w), n, d, t->inner, false);
	if (is_last(m, i))
		spread_told(m, all);
	ops->attention_back(ops, m->dqkv, m->dwide, k->att, k->lse, k->qkv, t->heads, samples, rows,
			    first_query(m, i), true);
	ops->rope(ops, m->dqkv, t->heads, samples, rows, 0, m->config.text.theta, -1);
	linear_dw(m, MODEL_PART_text, grad(m, p->qkv_w), no_tensor(), m->dqkv, k->h1, all, t->row,
		  d);
	ops->linear_dx(ops, m->dy, m->dqkv, weight(m, p->qkv_w), all, t->row, d, false);
	ops->rmsnorm_back(ops, m->dx, m->dy, grad(m, p->norm1_w), m->dy, k->x, param(m, p->norm1_w),
			  k->stats1, all, d);
}

void text_layer_back(struct model *m, int i, int samples, int rows)
{
	size_t n = rows_behind(m, i, samples, rows);

	if (m->limits.recompute && !is_last(m, i)) {
		text_attention(m, i, samples, rows);
		text_mlp(m, i, n);
	}
	text_mlp_back(m, i, n);
	text_attention_back(m, i, samples, rows);
}
