/* SPDX-License-Identifier: MIT */
/*
 * Parameters lie in one allocation, what a batch leaves in another, which grows with the batches. A
 * plan is walked twice by the same code: once to add up, once to give places. With recomputation the
 * layers of a half share all they keep but x.
 */
#include <config.h>

#include <stdlib.h>

#include "base/mem.h"
#include "trainer/ops/ops_memory.h"
#include "trainer/train/model_private.h"

/* Everything of a layer but x; `wide` numbers before the activation. */
static struct layer_kept place_layer(struct plan *plan, const struct half *h, size_t rows,
				     size_t wide, const struct ops *ops)
{
	struct layer_kept k = {
		.h1 = plan_tensor(plan, rows * h->width, ops->act),
		.stats1 = plan_tensor(plan, 2 * rows, ops->acc),
		.qkv = plan_tensor(plan, rows * h->row, ops->act),
		.att = plan_tensor(plan, rows * h->inner, ops->act),
		.lse = plan_tensor(plan, rows * (size_t)h->heads.heads, ops->acc),
		.mid = plan_tensor(plan, rows * h->width, ops->acc),
		.h2 = plan_tensor(plan, rows * h->width, ops->act),
		.stats2 = plan_tensor(plan, 2 * rows, ops->acc),
		.pre = plan_tensor(plan, rows * wide, ops->act),
		.post = plan_tensor(plan, rows * h->mlp, ops->act),
	};

	return k;
}

static void place_layers(struct plan *plan, const struct model *m, struct layer_kept *kept,
			 const struct half *h, size_t rows, size_t wide)
{
	struct layer_kept shared = {0};

	for (int i = 0; i <= h->layers; i++) {
		struct tensor x = plan_tensor(plan, rows * h->width, m->ops->acc);

		if (i < h->layers && (i == 0 || !m->limits.recompute))
			shared = place_layer(plan, h, rows, wide, m->ops);
		kept[i] = shared;
		kept[i].x = x;
	}
}

/* What the way back takes along. */
static void place_gradients(struct plan *plan, struct model *m, size_t seen, size_t read)
{
	const struct half *v = &m->vision, *t = &m->text;
	enum dtype act = m->ops->act, acc = m->ops->acc;
	size_t width = size_most(seen * v->width, read * t->width);

	m->dx = plan_tensor(plan, width, acc);
	m->dy = plan_tensor(plan, width, act);
	m->dwide = plan_tensor(plan,
			       size_most(seen * size_most(v->mlp, v->inner),
					 read * size_most(2 * t->mlp, t->inner)),
			       act);
	m->dnarrow = plan_tensor(plan, read * t->mlp, act);
	m->dqkv = plan_tensor(plan, size_most(seen * v->row, read * t->row), act);
	m->dlast = plan_tensor(plan, read * t->width, acc);
}

static void place_parameters(struct plan *plan, struct model *m)
{
	enum dtype act = m->ops->act, acc = m->ops->acc;

	m->params = plan_tensor(plan, m->at->numbers, acc);
	m->grads = plan_tensor(plan, m->at->numbers, acc);
	m->copy = act == acc ? no_tensor() : plan_tensor(plan, m->at->numbers, act);
}

static void place_lists(struct plan *plan, struct model *m, struct model_lists *lists)
{
	size_t samples = (size_t)m->limits.samples, vocab = (size_t)m->config.text.vocab;
	size_t images = samples * (size_t)m->image_tokens;
	size_t read = samples * (size_t)m->limits.rows;

	lists->feature_rows = plan_place(plan, images, sizeof(int32_t));
	lists->image_rows = plan_place(plan, images, sizeof(int32_t));
	lists->text_ids = plan_place(plan, read, sizeof(int32_t));
	lists->id_firsts = plan_place(plan, vocab + 1, sizeof(int32_t));
	lists->id_uses = plan_place(plan, read, sizeof(int32_t));
	lists->told_rows = plan_place(plan, read, sizeof(int32_t));
	lists->targets = plan_place(plan, read, sizeof(int32_t));
	lists->back_rows = plan_place(plan, read, sizeof(int32_t));
}

/* All that grows with samples and rows. */
static void place_batch(struct plan *plan, struct model *m)
{
	const struct half *v = &m->vision, *t = &m->text;
	enum dtype act = m->ops->act, acc = m->ops->acc;
	size_t samples = (size_t)m->limits.samples, patches = samples * (size_t)m->patches;
	size_t images = samples * (size_t)m->image_tokens, patch = (size_t)m->config.vision.patch;
	size_t seen = patches + samples, read = samples * (size_t)m->limits.rows;

	place_lists(plan, m, &m->listed);
	m->pictures = plan_place(plan, patches * patch * patch, 1);
	m->loss = plan_tensor(plan, 1, DTYPE_F64);
	m->scale = plan_tensor(plan, 1, acc);
	m->pixels = plan_tensor(plan, patches * patch * patch, act);
	m->patch_out = plan_tensor(plan, patches * v->width, act);
	m->embedded = plan_tensor(plan, seen * v->width, acc);
	m->pre_stats = plan_tensor(plan, 2 * seen, acc);
	place_layers(plan, m, m->vision_kept, v, seen, v->mlp);
	m->features = plan_tensor(plan, images * v->width, act);
	m->pre = plan_tensor(plan, images * t->width, act);
	m->post = plan_tensor(plan, images * t->width, act);
	m->image = plan_tensor(plan, images * t->width, act);
	place_layers(plan, m, m->text_kept, t, read, 2 * t->mlp);
	m->told = plan_tensor(plan, read * t->inner, act);
	m->last_stats = plan_tensor(plan, read, acc);
	m->last_h = plan_tensor(plan, read * t->width, act);
	m->logits = plan_tensor(plan, read * (size_t)m->config.text.vocab, act);
	place_gradients(plan, m, seen, read);
}

static void plan_halves(struct model *m)
{
	const struct model_vision *v = &m->config.vision;

	m->vision = half_of_vision(&m->config);
	m->text = half_of_text(&m->config);
	m->patches = (v->side / v->patch) * (v->side / v->patch);
	m->image_tokens = model_image_tokens(&m->config);
}

/* Adds up, and gives places in *memory of ops, which what lay there before makes room for. */
static int allocate(struct model *m, void (*walk)(struct plan *plan, struct model *m),
		    const char *what, void **memory, size_t *bytes, struct err *err)
{
	struct plan plan = {0};

	m->ops->release(m->ops, *memory);
	walk(&plan, m);
	*bytes = plan.used;
	*memory = m->ops->alloc(m->ops, plan.used);
	if (!*memory)
		return memory_lacks(m->ops, plan.used, err, " of %s", what);
	plan = (struct plan){.memory = *memory};
	walk(&plan, m);
	return 0;
}

static int allocate_batch(struct model *m, struct err *err)
{
	for (int i = 0; i < 2; i++) {
		struct model_input *in = &m->inputs[i];
		struct plan plan = {0};

		free(in->memory);
		*in = (struct model_input){0};
		place_lists(&plan, m, &in->lists);
		m->list_bytes = plan.used;
		in->memory = mem_alloc(plan.used, 1);
		plan = (struct plan){.memory = in->memory};
		place_lists(&plan, m, &in->lists);
	}
	return allocate(m, place_batch, "a batch", &m->batch_memory, &m->batch_bytes, err);
}

int model_plan(struct model *m, struct err *err)
{
	plan_halves(m);
	m->in = &m->inputs[0];
	m->ahead = &m->inputs[1];
	m->vision_kept = mem_alloc((size_t)m->vision.layers + 1, sizeof(*m->vision_kept));
	m->text_kept = mem_alloc((size_t)m->text.layers + 1, sizeof(*m->text_kept));
	if (allocate(m, place_parameters, "parameters and gradients", &m->memory, &m->memory_bytes,
		     err) < 0)
		return -1;
	return allocate_batch(m, err);
}

int model_reserve(struct model *m, int samples, int rows, struct err *err)
{
	if (samples <= m->limits.samples && rows <= m->limits.rows)
		return 0;
	if (rows > m->config.text.positions)
		return err_set(err, ERR_LIMIT, "%d tokens at once; the model has %d positions",
			       rows, m->config.text.positions);
	m->limits.samples = samples > m->limits.samples ? samples : m->limits.samples;
	m->limits.rows = rows > m->limits.rows ? rows : m->limits.rows;
	return allocate_batch(m, err);
}
