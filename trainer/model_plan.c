/* SPDX-License-Identifier: MIT */
/*
 * Parameters lie in one allocation, what a batch leaves in another, which grows with the batches. A
 * plan is walked twice by the same code: once to add up, once to give places. With recomputation the
 * layers of a half share all they keep but x.
 */
#include <config.h>

#include <stdlib.h>

#include "base/mem.h"
#include "trainer/model_private.h"

#define ALIGN 64

struct plan {
	char *memory; /* NULL while adding up */
	size_t used;
};

static void *place(struct plan *plan, size_t n, size_t size)
{
	size_t at = plan->used;

	plan->used = mem_add(at, mem_add(mem_mul(n, size), ALIGN - 1)) / ALIGN * ALIGN;
	return plan->memory ? plan->memory + at : NULL;
}

static struct tensor place_tensor(struct plan *plan, size_t n, enum dtype type)
{
	return (struct tensor){place(plan, n, dtype_bytes(type)), type};
}

/* Everything of a layer but x; `wide` numbers before the activation. */
static struct layer_kept place_layer(struct plan *plan, const struct half *h, size_t rows,
				     size_t wide, const struct ops *ops)
{
	struct layer_kept k = {
		.h1 = place_tensor(plan, rows * h->width, ops->act),
		.stats1 = place_tensor(plan, 2 * rows, ops->acc),
		.qkv = place_tensor(plan, rows * h->row, ops->act),
		.att = place_tensor(plan, rows * h->inner, ops->act),
		.lse = place_tensor(plan, rows * (size_t)h->heads.heads, ops->acc),
		.mid = place_tensor(plan, rows * h->width, ops->acc),
		.h2 = place_tensor(plan, rows * h->width, ops->act),
		.stats2 = place_tensor(plan, 2 * rows, ops->acc),
		.pre = place_tensor(plan, rows * wide, ops->act),
		.post = place_tensor(plan, rows * h->mlp, ops->act),
	};

	return k;
}

static void place_layers(struct plan *plan, const struct model *m, struct layer_kept *kept,
			 const struct half *h, size_t rows, size_t wide)
{
	struct layer_kept shared = {0};

	for (int i = 0; i <= h->layers; i++) {
		struct tensor x = place_tensor(plan, rows * h->width, m->ops->acc);

		if (i < h->layers && (i == 0 || !m->limits.recompute))
			shared = place_layer(plan, h, rows, wide, m->ops);
		kept[i] = shared;
		kept[i].x = x;
	}
}

static size_t most(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* What the way back takes along. */
static void place_gradients(struct plan *plan, struct model *m, size_t seen, size_t read)
{
	const struct half *v = &m->vision, *t = &m->text;
	enum dtype act = m->ops->act, acc = m->ops->acc;
	size_t width = most(seen * v->width, read * t->width);

	m->dx = place_tensor(plan, width, acc);
	m->dy = place_tensor(plan, width, act);
	m->dwide = place_tensor(
		plan, most(seen * most(v->mlp, v->inner), read * most(2 * t->mlp, t->inner)), act);
	m->dnarrow = place_tensor(plan, read * t->mlp, act);
	m->dqkv = place_tensor(plan, most(seen * v->row, read * t->row), act);
	m->dlast = place_tensor(plan, read * t->width, acc);
}

static void place_parameters(struct plan *plan, struct model *m)
{
	enum dtype act = m->ops->act, acc = m->ops->acc;

	m->params = place_tensor(plan, m->at->numbers, acc);
	m->grads = place_tensor(plan, m->at->numbers, acc);
	m->copy = act == acc ? no_tensor() : place_tensor(plan, m->at->numbers, act);
}

/* All that grows with samples and rows. */
static void place_batch(struct plan *plan, struct model *m)
{
	const struct half *v = &m->vision, *t = &m->text;
	enum dtype act = m->ops->act, acc = m->ops->acc;
	size_t samples = (size_t)m->limits.samples, patches = samples * (size_t)m->patches;
	size_t images = samples * (size_t)m->image_tokens, patch = (size_t)m->config.vision.patch;
	size_t seen = patches + samples, read = samples * (size_t)m->limits.rows;

	m->pixels = place_tensor(plan, patches * patch * patch, act);
	m->patch_out = place_tensor(plan, patches * v->width, act);
	m->embedded = place_tensor(plan, seen * v->width, acc);
	m->pre_stats = place_tensor(plan, 2 * seen, acc);
	place_layers(plan, m, m->vision_kept, v, seen, v->mlp);
	m->features = place_tensor(plan, images * v->width, act);
	m->pre = place_tensor(plan, images * t->width, act);
	m->post = place_tensor(plan, images * t->width, act);
	m->image = place_tensor(plan, images * t->width, act);
	place_layers(plan, m, m->text_kept, t, read, 2 * t->mlp);
	m->last = place_tensor(plan, read * t->width, acc);
	m->last_stats = place_tensor(plan, read, acc);
	m->last_h = place_tensor(plan, read * t->width, act);
	m->logits = place_tensor(plan, read * (size_t)m->config.text.vocab, act);
	place_gradients(plan, m, seen, read);
	m->feature_rows = place(plan, images, sizeof(int32_t));
	m->image_rows = place(plan, images, sizeof(int32_t));
	m->text_ids = place(plan, read, sizeof(int32_t));
	m->target_rows = place(plan, read, sizeof(int32_t));
	m->targets = place(plan, read, sizeof(int32_t));
}

static void plan_halves(struct model *m)
{
	const struct model_vision *v = &m->config.vision;
	const struct model_text *t = &m->config.text;

	m->vision = (struct half){.layers = model_vision_layers(&m->config),
				  .width = (size_t)v->width,
				  .mlp = (size_t)v->mlp,
				  .heads = {v->heads, v->heads, v->width / v->heads},
				  .row = 3 * (size_t)v->width,
				  .inner = (size_t)v->width};
	m->text = (struct half){.layers = t->layers,
				.width = (size_t)t->width,
				.mlp = (size_t)t->mlp,
				.heads = {t->heads, t->kv_heads, t->head_dim},
				.row = (size_t)(t->heads + 2 * t->kv_heads) * (size_t)t->head_dim,
				.inner = (size_t)t->heads * (size_t)t->head_dim};
	m->patches = (v->side / v->patch) * (v->side / v->patch);
	m->image_tokens = model_image_tokens(&m->config);
}

/* Adds up, and gives places in *memory, which what lay there before makes room for. */
static int allocate(struct model *m, void (*walk)(struct plan *plan, struct model *m),
		    void **memory, size_t *bytes, struct err *err)
{
	struct plan plan = {0};

	free(*memory);
	walk(&plan, m);
	*bytes = plan.used;
	*memory = aligned_alloc(ALIGN, most(plan.used, ALIGN));
	if (!*memory)
		return err_set(
			err, ERR_LIMIT,
			"no memory for %zu MiB: fewer samples at once, or recomputation, take "
			"less",
			plan.used >> 20);
	plan = (struct plan){.memory = *memory};
	walk(&plan, m);
	return 0;
}

int model_plan(struct model *m, struct err *err)
{
	plan_halves(m);
	m->vision_kept = mem_alloc((size_t)m->vision.layers + 1, sizeof(*m->vision_kept));
	m->text_kept = mem_alloc((size_t)m->text.layers + 1, sizeof(*m->text_kept));
	if (allocate(m, place_parameters, &m->memory, &m->memory_bytes, err) < 0)
		return -1;
	return allocate(m, place_batch, &m->batch_memory, &m->batch_bytes, err);
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
	m->target_count = 0;
	return allocate(m, place_batch, &m->batch_memory, &m->batch_bytes, err);
}
