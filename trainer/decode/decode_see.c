/* SPDX-License-Identifier: MIT */
/*
 * Pictures to rows of the text: patches, positions, vision layers, features, projector.
 */
#include <config.h>

#include "trainer/decode/decode_private.h"

static void embed_patches(struct decode_model *m, int count)
{
	const struct model_vision *v = &m->config.vision;
	const struct decode_work *w = &m->prompt;
	struct ops *ops = m->ops;
	size_t d = m->vision.width, patches = (size_t)count * (size_t)m->patches;
	size_t n = patches + (size_t)count;

	ops->patches(ops, w->wide, m->pictures, count, v->side, v->patch, v->mean, v->std);
	decode_multiply(m, w->att, w->wide, &m->patch, patches, false);
	ops->add_positions(ops, w->x, w->att, decode_vector(m, m->at->class_w), m->positions, count,
			   m->patches, d);
	ops->layernorm(ops, w->h, w->stats, w->x, decode_vector(m, m->at->pre_norm_w),
		       decode_vector(m, m->at->pre_norm_b), n, d, v->eps);
	ops->convert(ops, w->x, w->h, n * d);
}

static void vision_layer(struct decode_model *m, int i, int count)
{
	const struct model_vision_layer *p = &m->at->vision[i];
	const struct decode_vision_layer *l = &m->vision_layers[i];
	const struct decode_work *w = &m->prompt;
	struct ops *ops = m->ops;
	int rows = 1 + m->patches;
	size_t n = (size_t)count * (size_t)rows, d = m->vision.width;
	double eps = m->config.vision.eps;

	ops->layernorm(ops, w->h, w->stats, w->x, decode_vector(m, p->norm1_w),
		       decode_vector(m, p->norm1_b), n, d, eps);
	decode_multiply(m, w->qkv, w->h, &l->qkv, n, false);
	ops->attention(ops, w->att, w->lse, w->qkv, m->vision.heads, count, rows, 0, false);
	decode_multiply(m, w->x, w->att, &l->out, n, true);
	ops->layernorm(ops, w->h, w->stats, w->x, decode_vector(m, p->norm2_w),
		       decode_vector(m, p->norm2_b), n, d, eps);
	decode_multiply(m, w->wide, w->h, &l->fc1, n, false);
	ops->quick_gelu(ops, w->post, w->wide, n * m->vision.mlp);
	decode_multiply(m, w->x, w->post, &l->fc2, n, true);
}

static void project(struct decode_model *m, int count)
{
	const struct decode_work *w = &m->prompt;
	size_t n = (size_t)count * (size_t)m->image_tokens;

	m->ops->gather_rows(m->ops, w->h, w->x, m->feature_rows, n, m->vision.width);
	decode_multiply(m, w->wide, w->h, &m->linear1, n, false);
	m->ops->quick_gelu(m->ops, w->post, w->wide, n * m->text.width);
	decode_multiply(m, m->image, w->post, &m->linear2, n, false);
}

void decode_see(struct decode_model *m, int count)
{
	embed_patches(m, count);
	for (int i = 0; i < m->vision.layers; i++)
		vision_layer(m, i, count);
	project(m, count);
}
