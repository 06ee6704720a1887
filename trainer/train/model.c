/* SPDX-License-Identifier: MIT */
/*
 * The way through: patches, their positions and norm, vision layers, features, projector; embeddings of
 * the text with the pictures' rows put in, text layers; the rows that have targets, their norm, logits,
 * loss. And back.
 */
#include <config.h>

#include "trainer/train/model.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "trainer/ops/ops_memory.h"
#include "trainer/train/model_private.h"
#include "trainer/train/positions.h"

#define ROWS_AT_ONCE 256 /* of logits, that are counted */

struct model *model_new(const struct model_config *config, struct ops *ops,
			const struct model_limits *limits, struct err *err)
{
	struct model *m;

	if (limits->rows > config->text.positions) {
		err_set(err, ERR_LIMIT, "%d tokens at once; the model has %d positions",
			limits->rows, config->text.positions);
		return NULL;
	}
	m = mem_alloc(1, sizeof(*m));
	m->config = *config;
	m->ops = ops;
	m->limits = *limits;
	m->at = model_tensors_new(config);
	if (model_plan(m, err) < 0) {
		model_free(m);
		return NULL;
	}
	ops->clear(ops, m->params, m->at->numbers);
	model_clear_grads(m);
	return m;
}

void model_free(struct model *model)
{
	if (!model)
		return;
	model_tensors_free(model->at);
	model->ops->release(model->ops, model->memory);
	model->ops->release(model->ops, model->batch_memory);
	for (int i = 0; i < 2; i++)
		free(model->inputs[i].memory);
	free(model->vision_kept);
	free(model->text_kept);
	free(model);
}

struct tensor model_params(struct model *model)
{
	return model->params;
}

struct tensor model_grads(struct model *model)
{
	return model->grads;
}

struct tensor model_params_copy(struct model *model)
{
	return model->copy;
}

const struct model_tensors *model_layout(const struct model *model)
{
	return model->at;
}

const struct model_config *model_config_of(const struct model *model)
{
	return &model->config;
}

struct tensor model_features(struct model *model)
{
	return model->features;
}

void model_push_features(struct model *model, struct tensor gradient)
{
	model->pushed = gradient;
}

void model_params_changed(struct model *model)
{
	if (!tensor_is_none(model->copy))
		model->ops->convert(model->ops, model->copy, model->params, model->at->numbers);
}

void model_clear_grads(struct model *model)
{
	model->ops->clear(model->ops, model->grads, model->at->numbers);
}

struct tensor model_logits(struct model *model)
{
	return model->in->told_count ? model->logits : no_tensor();
}

size_t model_bytes(const struct model *model)
{
	return model->memory_bytes;
}

size_t model_batch_bytes(const struct model *model)
{
	return model->batch_bytes;
}

void model_freeze(struct model *model, unsigned parts)
{
	model->frozen = parts;
}

/* --- parameters to begin with --------------------------------------------------------------- */

/* What they are drawn into: memory of the processor's, all 0. */
struct start {
	struct tensor params;
	struct rng rng;
};

static void fill(struct start *s, size_t at, size_t n, double mean, double deviation)
{
	for (size_t i = 0; i < n; i++)
		tensor_set(s->params, at + i,
			   deviation > 0 ? mean + deviation * rng_normal(&s->rng) : mean);
}

/* The class has no place. */
static void init_positions(const struct model *m, struct start *s)
{
	size_t d = m->vision.width, at = m->at->position_w;
	int side = m->config.vision.side / m->config.vision.patch;

	fill(s, at, (size_t)(1 + m->patches) * d, 0, 0.02);
	for (int patch = 0; patch < m->patches; patch++)
		for (size_t i = 0; i < d / 4 * 4; i++)
			tensor_set(s->params, at + (size_t)(1 + patch) * d + i,
				   position_at(patch % side, patch / side, i, d));
}

static void init_vision(const struct model *m, struct start *s)
{
	size_t d = m->vision.width, f = m->vision.mlp, patch = (size_t)m->config.vision.patch;
	double in = pow((double)d, -0.5) * pow(2.0 * m->config.vision.layers, -0.5);
	double out = pow((double)d, -0.5);

	fill(s, m->at->class_w, d, 0, out);
	fill(s, m->at->patch_w, d * patch * patch, 0, 0.02);
	init_positions(m, s);
	fill(s, m->at->pre_norm_w, d, 1, 0);
	for (int i = 0; i < m->config.vision.layers; i++) {
		const struct model_vision_layer *l = &m->at->vision[i];

		fill(s, l->norm1_w, d, 1, 0);
		fill(s, l->norm2_w, d, 1, 0);
		fill(s, l->qkv_w, 3 * d * d, 0, in);
		fill(s, l->out_w, d * d, 0, out);
		fill(s, l->fc1_w, f * d, 0, pow(2.0 * (double)d, -0.5));
		fill(s, l->fc2_w, f * d, 0, in);
	}
}

/* Rows of pictures are about 1; what tokens are must not drown among them. */
#define EMBEDDING 0.5

/* Matrices keep the size of what goes through them, whatever their width; Llama's deviation of 0.02 does so
 * at widths of thousands. */
static void init_text(const struct model *m, struct start *s)
{
	size_t d = m->text.width, f = m->text.mlp, vocab = (size_t)m->config.text.vocab;
	double in = pow((double)d, -0.5);
	double into = pow(2.0 * m->text.layers, -0.5); /* what is added to the residual stream */

	fill(s, m->at->linear1_w, d * m->vision.width, 0, pow((double)m->vision.width, -0.5));
	fill(s, m->at->linear2_w, d * d, 0, pow((double)d, -0.5));
	fill(s, m->at->embed_w, vocab * d, 0, m->config.text.tied ? 0.02 : EMBEDDING);
	for (int i = 0; i < m->text.layers; i++) {
		const struct model_text_layer *l = &m->at->text[i];

		fill(s, l->norm1_w, d, 1, 0);
		fill(s, l->norm2_w, d, 1, 0);
		fill(s, l->qkv_w, m->text.row * d, 0, in);
		fill(s, l->out_w, m->text.inner * d, 0, into * pow((double)m->text.inner, -0.5));
		fill(s, l->gate_up_w, 2 * f * d, 0, in);
		fill(s, l->down_w, f * d, 0, into * pow((double)f, -0.5));
	}
	fill(s, m->at->norm_w, d, 1, 0);
	if (!m->config.text.tied)
		fill(s, m->at->head_w, vocab * d, 0, 0.02);
}

void model_init(struct model *model, uint64_t seed)
{
	enum dtype type = model->params.type;
	struct start s = {.params = {mem_alloc(model->at->numbers, dtype_bytes(type)), type},
			  .rng = rng_stream(seed, 0, "model", 0)};

	init_vision(model, &s);
	init_text(model, &s);
	model->ops->upload(model->ops, model->params, s.params.at, model->at->numbers);
	free(s.params.at);
	model_params_changed(model);
}

/* --- forward -------------------------------------------------------------------------------- */

static void see(struct model *m, const struct batch *b)
{
	const struct model_vision *v = &m->config.vision;
	struct ops *ops = m->ops;
	size_t patch = (size_t)(v->patch * v->patch), d = m->vision.width;
	size_t patches = (size_t)b->samples * (size_t)m->patches;
	size_t n = patches + (size_t)b->samples;

	ops->patches(ops, m->pixels, m->pictures, b->samples, v->side, v->patch, v->mean, v->std);
	ops->linear(ops, m->patch_out, m->pixels, weight(m, m->at->patch_w), no_tensor(),
		    no_tensor(), patches, d, patch);
	ops->add_positions(ops, m->embedded, m->patch_out, param(m, m->at->class_w),
			   param(m, m->at->position_w), b->samples, m->patches, d);
	ops->layernorm(ops, m->dy, m->pre_stats, m->embedded, param(m, m->at->pre_norm_w),
		       param(m, m->at->pre_norm_b), n, d, v->eps);
	ops->convert(ops, m->vision_kept[0].x, m->dy, n * d);
	for (int i = 0; i < m->vision.layers; i++)
		vision_layer(m, i, m->vision_kept[i + 1].x, b->samples);
	ops->gather_rows(ops, m->features, m->vision_kept[m->vision.layers].x,
			 m->listed.feature_rows, (size_t)b->samples * (size_t)m->image_tokens, d);
}

static void project(struct model *m, const struct batch *b)
{
	struct ops *ops = m->ops;
	size_t n = (size_t)b->samples * (size_t)m->image_tokens;
	size_t dv = m->vision.width, d = m->text.width;

	ops->linear(ops, m->pre, m->features, weight(m, m->at->linear1_w),
		    param(m, m->at->linear1_b), no_tensor(), n, d, dv);
	ops->quick_gelu(ops, m->post, m->pre, n * d);
	ops->linear(ops, m->image, m->post, weight(m, m->at->linear2_w), param(m, m->at->linear2_b),
		    no_tensor(), n, d, d);
}

static void read_text(struct model *m, const struct batch *b)
{
	struct ops *ops = m->ops;
	size_t n = (size_t)b->samples * (size_t)b->rows, d = m->text.width;
	size_t images = (size_t)b->samples * (size_t)m->image_tokens;

	ops->embed(ops, m->text_kept[0].x, weight(m, m->at->embed_w), m->listed.text_ids, n, d);
	ops->scatter_rows(ops, m->text_kept[0].x, m->image, m->listed.image_rows, images, d);
	for (int i = 0; i < m->text.layers; i++)
		text_layer(m, i, m->text_kept[i + 1].x, b->samples, b->rows);
}

static void say(struct model *m)
{
	struct ops *ops = m->ops;
	size_t n = (size_t)m->in->told_count, d = m->text.width,
	       vocab = (size_t)m->config.text.vocab;

	ops->rmsnorm(ops, m->last_h, m->last_stats, m->text_kept[m->text.layers].x,
		     param(m, m->at->norm_w), n, d, m->config.text.eps);
	ops->linear(ops, m->logits, m->last_h, weight(m, m->at->head_w), no_tensor(), no_tensor(),
		    n, vocab, d);
	ops->clear(ops, m->loss, 1);
	ops->cross_entropy(ops, m->loss, no_tensor(), m->logits, m->listed.targets, n, vocab,
			   m->smoothing, no_tensor());
}

void model_forward(struct model *model, const struct batch *batch, double smoothing)
{
	struct model *m = model;

	m->smoothing = smoothing;
	model_take_batch(m, batch);
	m->ops->begin(m->ops);
	see(m, batch);
	project(m, batch);
	read_text(m, batch);
	say(m);
	m->ops->end(m->ops);
}

double model_loss(struct model *model)
{
	double sum;

	if (!model->in->target_count)
		return 0;
	model->ops->download(model->ops, &sum, model->loss, 1);
	return sum / model->in->target_count;
}

static bool is_greatest(struct tensor logits, size_t vocab, size_t target)
{
	double said = tensor_get(logits, target);

	for (size_t i = 0; i < vocab; i++) {
		double other = tensor_get(logits, i);

		if (other > said || (other == said && i < target))
			return false;
	}
	return true;
}

/* Whether row `at` of the logits says its target; `piece` is room for ROWS_AT_ONCE of them, and `at` goes
 * up one by one. */
static bool is_right(struct model *m, struct tensor piece, int at)
{
	size_t vocab = (size_t)m->config.text.vocab;
	int rest = m->in->target_count - at, row = at % ROWS_AT_ONCE;

	if (row == 0)
		m->ops->download(m->ops, piece.at, tensor_from(m->logits, (size_t)at * vocab),
				 (size_t)(rest < ROWS_AT_ONCE ? rest : ROWS_AT_ONCE) * vocab);
	return is_greatest(tensor_from(piece, (size_t)row * vocab), vocab,
			   (size_t)m->in->lists.targets[at]);
}

struct model_right model_count_right(struct model *model, const struct batch *batch)
{
	size_t numbers = mem_mul(ROWS_AT_ONCE, (size_t)model->config.text.vocab);
	enum dtype type = model->logits.type;
	struct tensor piece = {mem_alloc(numbers, dtype_bytes(type)), type};
	struct model_right right = {0};
	int at = 0;

	for (int sample = 0; sample < batch->samples; sample++) {
		int first = at, before = right.targets;

		for (; at < model->in->target_count &&
		       model->in->lists.told_rows[at] < (sample + 1) * batch->rows;
		     at++)
			right.targets += is_right(model, piece, at);
		right.samples += at > first && right.targets - before == at - first;
	}
	free(piece.at);
	return right;
}

/* --- back ----------------------------------------------------------------------------------- */

static void say_back(struct model *m)
{
	struct ops *ops = m->ops;
	size_t n = (size_t)m->in->told_count, d = m->text.width,
	       vocab = (size_t)m->config.text.vocab;

	ops->cross_entropy(ops, no_tensor(), m->logits, m->logits, m->listed.targets, n, vocab,
			   m->smoothing, m->scale);
	if (is_trained(m, MODEL_PART_text))
		ops->linear_dw(ops, grad(m, m->at->head_w), no_tensor(), m->logits, m->last_h, n,
			       vocab, d);
	ops->linear_dx(ops, m->dy, m->logits, weight(m, m->at->head_w), n, vocab, d, false);
	ops->clear(ops, m->dx, n * d);
	ops->rmsnorm_back(ops, m->dx, m->dy, grad(m, m->at->norm_w), m->dy,
			  m->text_kept[m->text.layers].x, param(m, m->at->norm_w), m->last_stats, n,
			  d);
}

static void read_text_back(struct model *m, const struct batch *b)
{
	struct ops *ops = m->ops;
	size_t d = m->text.width, images = (size_t)b->samples * (size_t)m->image_tokens;

	for (int i = m->text.layers; i-- > 0;)
		text_layer_back(m, i, b->samples, b->rows);
	if (is_trained(m, MODEL_PART_text))
		ops->embed_back(ops, grad(m, m->at->embed_w), m->dx, m->listed.id_firsts,
				m->listed.id_uses, (size_t)m->config.text.vocab, d);
	ops->gather_rows(ops, m->image, m->dx, m->listed.image_rows, images, d);
}

static void project_back(struct model *m, const struct batch *b)
{
	struct ops *ops = m->ops;
	size_t n = (size_t)b->samples * (size_t)m->image_tokens;
	size_t dv = m->vision.width, d = m->text.width;
	bool trained = is_trained(m, MODEL_PART_projector);

	if (trained)
		ops->linear_dw(ops, grad(m, m->at->linear2_w), grad(m, m->at->linear2_b), m->image,
			       m->post, n, d, d);
	ops->linear_dx(ops, m->dy, m->image, weight(m, m->at->linear2_w), n, d, d, false);
	ops->quick_gelu_back(ops, m->dy, m->dy, m->pre, n * d);
	if (trained)
		ops->linear_dw(ops, grad(m, m->at->linear1_w), grad(m, m->at->linear1_b), m->dy,
			       m->features, n, d, dv);
	if (!is_trained(m, MODEL_PART_vision))
		return;
	ops->linear_dx(ops, m->features, m->dy, weight(m, m->at->linear1_w), n, d, dv, false);
	if (!tensor_is_none(m->pushed))
		ops->mix(ops, m->features, m->pushed, n * dv, 1, 1);
}

static void see_back(struct model *m, const struct batch *b)
{
	struct ops *ops = m->ops;
	size_t patch = (size_t)(m->config.vision.patch * m->config.vision.patch);
	size_t d = m->vision.width, patches = (size_t)b->samples * (size_t)m->patches;
	size_t n = patches + (size_t)b->samples;

	ops->clear(ops, m->dx, n * d);
	ops->scatter_rows(ops, m->dx, m->features, m->listed.feature_rows,
			  (size_t)b->samples * (size_t)m->image_tokens, d);
	ops->convert(ops, m->dy, m->dx, n * d);
	for (int i = m->vision.layers; i-- > 0;)
		vision_layer_back(m, i, b->samples);
	ops->clear(ops, m->dx, n * d);
	ops->layernorm_back(ops, m->dx, no_tensor(), grad(m, m->at->pre_norm_w),
			    grad(m, m->at->pre_norm_b), m->dy, m->embedded,
			    param(m, m->at->pre_norm_w), m->pre_stats, n, d);
	ops->add_positions_back(ops, m->patch_out, grad(m, m->at->class_w),
				grad(m, m->at->position_w), m->dx, b->samples, m->patches, d);
	ops->linear_dw(ops, grad(m, m->at->patch_w), no_tensor(), m->patch_out, m->pixels, patches,
		       d, patch);
}

void model_backward(struct model *model, const struct batch *batch, double scale)
{
	struct model *m = model;

	if (!m->in->told_count)
		return;
	tensor_upload_number(m->ops, m->scale, scale);
	m->ops->begin(m->ops);
	say_back(m);
	read_text_back(m, batch);
	if (is_trained(m, MODEL_PART_projector) || is_trained(m, MODEL_PART_vision))
		project_back(m, batch);
	if (is_trained(m, MODEL_PART_vision))
		see_back(m, batch);
	m->ops->end(m->ops);
	m->pushed = no_tensor();
	m->in->told_count = 0;
}

void model_look(struct model *model, const struct batch *batch)
{
	model_take_batch(model, batch);
	see(model, batch);
}

void model_look_back(struct model *model, const struct batch *batch)
{
	struct model *m = model;
	size_t n = (size_t)batch->samples * (size_t)m->image_tokens;

	m->ops->convert(m->ops, m->features, m->pushed, n * m->vision.width);
	see_back(m, batch);
	m->pushed = no_tensor();
	m->in->told_count = 0;
}

/* --- counting ------------------------------------------------------------------------------- */

/* Of matrices, and of attention to all rows of a sample. */
static double vision_flops(const struct model_config *config, double samples)
{
	const struct model_vision *v = &config->vision;
	double patches = (double)(v->side / v->patch) * (v->side / v->patch), d = v->width;
	double rows = patches + 1, matrices = 4 * d * d + 2 * d * v->mlp;

	return samples *
	       (2 * patches * v->patch * v->patch * d +
		model_vision_layers(config) * (2 * rows * matrices + 4 * rows * rows * d));
}

/* A causal attention needs half; of the last layer, what nobody reads is not made (trainer/train/model_layers.c). */
static double text_flops(const struct model_config *config, const struct batch *b)
{
	const struct model_text *t = &config->text;
	double d = t->width, inner = (double)t->heads * t->head_dim, rows = b->rows, all, first;
	double qkv = d * (t->heads + 2 * t->kv_heads) * t->head_dim;
	double behind = inner * d + 3 * d * t->mlp;

	all = b->samples * rows;
	first = model_first_target(b);
	return 2 * t->layers * all * qkv + 2 * (t->layers - 1) * all * behind +
	       2 * b->target_count * behind +
	       2 * b->samples * inner * (t->layers * rows * rows - first * first) +
	       2.0 * b->target_count * d * t->vocab;
}

struct model_flops model_flops(const struct model_config *config, const struct batch *batch)
{
	double images = (double)batch->samples * model_image_tokens(config);
	double d = config->text.width;
	struct model_flops f;

	f.part[MODEL_PART_vision] = vision_flops(config, batch->samples);
	f.part[MODEL_PART_projector] = 2 * images * (config->vision.width * d + d * d);
	f.part[MODEL_PART_text] = text_flops(config, batch);
	return f;
}

double model_step_flops(const struct model_flops *forward, unsigned frozen)
{
	double sum = 0;
	bool before = false; /* something before this part is trained */

	for (int i = 0; i < MODEL_PART_COUNT_; i++) {
		bool trained = !(frozen >> i & 1);

		before = before || trained;
		sum += forward->part[i] * (1 + before + trained);
	}
	return sum;
}
