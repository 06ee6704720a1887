/* SPDX-License-Identifier: MIT */
/*
 * All tensors of a decode_model lie in one allocation, and what the processor reads in another. A plan is
 * walked twice by the same code: once to add up, once to give places.
 */
#include <config.h>

#include <stdlib.h>

#include "base/mem.h"
#include "trainer/decode/decode_private.h"
#include "trainer/ops/ops_memory.h"

/* bias: its place in the parameters, or 0, where a matrix lies. */
static struct prepared place_matrix(struct plan *plan, const struct decode_model *m, size_t from,
				    size_t bias, size_t n, size_t k)
{
	return (struct prepared){.from = from,
				 .n = n,
				 .k = k,
				 .bias = bias ? decode_vector(m, bias) : (struct tensor){0},
				 .at = plan_place(plan, m->ops->prepared_bytes(m->ops, n, k), 1)};
}

static void place_vision(struct plan *plan, struct decode_model *m)
{
	const struct half *v = &m->vision;

	for (int i = 0; i < v->layers; i++) {
		const struct model_vision_layer *l = &m->at->vision[i];

		m->vision_layers[i] = (struct decode_vision_layer){
			place_matrix(plan, m, l->qkv_w, l->qkv_b, v->row, v->width),
			place_matrix(plan, m, l->out_w, l->out_b, v->width, v->width),
			place_matrix(plan, m, l->fc1_w, l->fc1_b, v->mlp, v->width),
			place_matrix(plan, m, l->fc2_w, l->fc2_b, v->width, v->mlp)};
	}
}

static void place_text(struct plan *plan, struct decode_model *m)
{
	const struct half *t = &m->text;
	size_t kept = mem_mul(m->limits.rows, (size_t)(t->heads.kv_heads * t->heads.size));

	for (int i = 0; i < t->layers; i++) {
		const struct model_text_layer *l = &m->at->text[i];

		m->text_layers[i] = (struct decode_text_layer){
			place_matrix(plan, m, l->qkv_w, 0, t->row, t->width),
			place_matrix(plan, m, l->out_w, 0, t->width, t->inner),
			place_matrix(plan, m, l->gate_up_w, 0, 2 * t->mlp, t->width),
			place_matrix(plan, m, l->down_w, 0, t->width, t->mlp),
			plan_tensor(plan, kept, m->ops->act),
			plan_tensor(plan, kept, m->ops->act)};
	}
}

static void place_parameters(struct plan *plan, struct decode_model *m)
{
	const struct model_tensors *at = m->at;
	size_t dv = m->vision.width, d = m->text.width, vocab = (size_t)m->config.text.vocab;
	size_t patch = (size_t)(m->config.vision.patch * m->config.vision.patch);

	m->vectors = plan_tensor(plan, at->numbers - at->matrices, m->ops->acc);
	m->positions = plan_tensor(plan, (size_t)(1 + m->patches) * dv, m->ops->acc);
	m->embed = plan_tensor(plan, vocab * d, m->ops->act);
	m->patch = place_matrix(plan, m, at->patch_w, 0, dv, patch);
	place_vision(plan, m);
	m->linear1 = place_matrix(plan, m, at->linear1_w, at->linear1_b, d, dv);
	m->linear2 = place_matrix(plan, m, at->linear2_w, at->linear2_b, d, d);
	place_text(plan, m);
	m->head = place_matrix(plan, m, at->head_w, 0, vocab, d);
}

/* For `seen` rows of the vision or `read` rows of the text. */
static void place_work(struct plan *plan, const struct decode_model *m, struct decode_work *w,
		       size_t seen, size_t read)
{
	const struct half *v = &m->vision, *t = &m->text;
	enum dtype act = m->ops->act, acc = m->ops->acc;
	size_t patch = (size_t)(m->config.vision.patch * m->config.vision.patch);

	w->x = plan_tensor(plan, size_most(seen * v->width, read * t->width), acc);
	w->h = plan_tensor(plan, size_most(seen * v->width, read * t->width), act);
	w->qkv = plan_tensor(plan, size_most(seen * v->row, read * t->row), act);
	w->att = plan_tensor(plan, size_most(seen * v->width, read * t->inner), act);
	w->wide = plan_tensor(
		plan,
		size_most(seen * size_most(patch, size_most(v->mlp, t->width)), read * 2 * t->mlp),
		act);
	w->post = plan_tensor(plan, size_most(seen * size_most(v->mlp, t->width), read * t->mlp),
			      act);
	w->stats = plan_tensor(plan, 2 * size_most(seen, read), acc);
	w->lse = plan_tensor(
		plan, size_most(seen * (size_t)v->heads.heads, read * (size_t)t->heads.heads), acc);
}

/* Numbers in the lists of a step, or of prompts, at most. */
static size_t list_numbers(const struct decode_model *m)
{
	size_t prompts = (size_t)m->limits.prompts, positions = (size_t)m->config.text.positions;
	size_t rows = size_most((size_t)m->limits.sequences, prompts);

	return 3 * size_most(prompts * positions, rows) + prompts * (size_t)(1 + m->image_tokens) +
	       rows * (positions + 2) + 1;
}

static void place_all(struct plan *plan, struct decode_model *m)
{
	size_t side = (size_t)m->config.vision.side;
	size_t prompts = (size_t)m->limits.prompts, images = prompts * (size_t)m->image_tokens;
	size_t read = prompts * (size_t)m->config.text.positions;
	size_t rows = size_most((size_t)m->limits.sequences, prompts);

	place_parameters(plan, m);
	place_work(plan, m, &m->prompt, prompts * (size_t)(1 + m->patches), read);
	place_work(plan, m, &m->step, 0, rows);
	m->image = plan_tensor(plan, images * m->text.width, m->ops->act);
	m->logits = plan_tensor(plan, rows * (size_t)m->config.text.vocab, m->ops->acc);
	m->log_sums = plan_tensor(plan, rows, m->ops->acc);
	m->all.there = plan_place(plan, list_numbers(m), sizeof(int32_t));
	m->feature_rows = plan_place(plan, images, sizeof(int32_t));
	m->pictures = plan_place(plan, prompts * side * side, 1);
}

static void place_here(struct plan *plan, struct decode_model *m)
{
	size_t rows = (size_t)size_most((size_t)m->limits.sequences, (size_t)m->limits.prompts);

	m->said_logits = plan_tensor(plan, rows * (size_t)m->config.text.vocab, m->ops->acc);
	m->said_log_sums = plan_tensor(plan, rows, m->ops->acc);
	m->all.here = plan_place(plan, list_numbers(m), sizeof(int32_t));
}

static void plan_halves(struct decode_model *m)
{
	const struct model_vision *v = &m->config.vision;

	m->vision = half_of_vision(&m->config);
	m->text = half_of_text(&m->config);
	m->patches = (v->side / v->patch) * (v->side / v->patch);
	m->image_tokens = model_image_tokens(&m->config);
}

static void upload_features(struct decode_model *m)
{
	size_t n = (size_t)m->limits.prompts * (size_t)m->image_tokens;
	int32_t *rows = mem_alloc(n, sizeof(*rows));

	list_features(rows, m->limits.prompts, m->patches, m->image_tokens);
	m->ops->upload_bytes(m->ops, m->feature_rows, rows, n * sizeof(*rows));
	free(rows);
}

int decode_plan(struct decode_model *m, struct err *err)
{
	struct plan plan = {0};

	if (m->limits.rows > INT32_MAX)
		return err_set(err, ERR_LIMIT, "%zu rows of keys and values: more than 2^31 - 1",
			       m->limits.rows);
	plan_halves(m);
	m->vision_layers = mem_alloc((size_t)m->vision.layers, sizeof(*m->vision_layers));
	m->text_layers = mem_alloc((size_t)m->text.layers, sizeof(*m->text_layers));
	place_all(&plan, m);
	m->memory_bytes = plan.used;
	m->memory = m->ops->alloc(m->ops, plan.used);
	if (!m->memory)
		return memory_lacks(m->ops, plan.used, err,
				    ": fewer drawings at once, fewer beams or fewer tokens take "
				    "less");
	plan = (struct plan){.memory = m->memory};
	place_all(&plan, m);
	plan = (struct plan){0};
	place_here(&plan, m);
	m->said_memory = mem_alloc(plan.used, 1);
	plan = (struct plan){.memory = m->said_memory};
	place_here(&plan, m);
	upload_features(m);
	return 0;
}
