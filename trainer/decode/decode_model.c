/* SPDX-License-Identifier: MIT */
/*
 * Prompts go through the text's layers side by side, the shorter ones followed by rows that nobody reads;
 * keys and values of the others are kept. Of the last layer no more is wanted than the last row of each
 * prompt, which from its keys and values on is treated as a step's row is.
 */
#include <config.h>

#include "trainer/decode/decode_model.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "trainer/decode/decode_private.h"
#include "trainer/ops/ops_memory.h"

struct decode_model *decode_model_new(const struct model_config *config, struct ops *ops,
				      const struct decode_limits *limits, struct err *err)
{
	struct decode_model *m = mem_alloc(1, sizeof(*m));

	m->config = *config;
	m->ops = ops;
	m->limits = *limits;
	m->at = model_tensors_new(config);
	if (decode_plan(m, err) < 0) {
		decode_model_free(m);
		return NULL;
	}
	m->set_of = mem_alloc((size_t)limits->sequences, sizeof(*m->set_of));
	m->cache =
		decode_cache_new(limits->sequences, (size_t)config->text.positions, limits->rows);
	return m;
}

void decode_model_free(struct decode_model *model)
{
	if (!model)
		return;
	model_tensors_free(model->at);
	decode_cache_free(model->cache);
	decode_forget_choice(model);
	free(model->set_of);
	model->ops->release(model->ops, model->memory);
	free(model->said_memory);
	free(model->vision_layers);
	free(model->text_layers);
	free(model);
}

/* --- parameters ----------------------------------------------------------------------------- */

/* Where parameters come from: memory of ops, or of the caller, from which they go through `room`, which
 * holds the largest piece. */
struct params {
	struct tensor all;
	const float *numbers; /* NULL: all */
	struct tensor room;
};

static struct tensor fetch(struct decode_model *m, const struct params *p, size_t at, size_t n)
{
	if (!p->numbers)
		return tensor_from(p->all, at);
	m->ops->upload(m->ops, p->room, p->numbers + at, n);
	return p->room;
}

static void load_matrix(struct decode_model *m, const struct params *p, const struct prepared *w)
{
	m->ops->prepare(m->ops, w->at, fetch(m, p, w->from, w->n * w->k), w->n, w->k);
}

static void load_numbers(struct decode_model *m, struct tensor to, const struct params *p,
			 size_t at, size_t n)
{
	m->ops->convert(m->ops, to, fetch(m, p, at, n), n);
}

static void load_layers(struct decode_model *m, const struct params *params)
{
	for (int i = 0; i < m->vision.layers; i++) {
		const struct decode_vision_layer *l = &m->vision_layers[i];

		load_matrix(m, params, &l->qkv);
		load_matrix(m, params, &l->out);
		load_matrix(m, params, &l->fc1);
		load_matrix(m, params, &l->fc2);
	}
	for (int i = 0; i < m->text.layers; i++) {
		const struct decode_text_layer *l = &m->text_layers[i];

		load_matrix(m, params, &l->qkv);
		load_matrix(m, params, &l->out);
		load_matrix(m, params, &l->gate_up);
		load_matrix(m, params, &l->down);
	}
}

static void load(struct decode_model *m, const struct params *params)
{
	const struct model_tensors *at = m->at;

	load_numbers(m, m->vectors, params, at->matrices, at->numbers - at->matrices);
	load_numbers(m, m->positions, params, at->position_w,
		     (size_t)(1 + m->patches) * m->vision.width);
	load_numbers(m, m->embed, params, at->embed_w,
		     (size_t)m->config.text.vocab * m->text.width);
	load_matrix(m, params, &m->patch);
	load_matrix(m, params, &m->linear1);
	load_matrix(m, params, &m->linear2);
	load_matrix(m, params, &m->head);
	load_layers(m, params);
}

void decode_model_load(struct decode_model *model, struct tensor params)
{
	load(model, &(struct params){.all = params});
}

/* Numbers of the largest matrix of a half. */
static size_t largest_of(const struct half *h)
{
	return h->width * size_most(h->row, size_most(2 * h->mlp, h->inner));
}

/* Numbers of the largest piece that load fetches. */
static size_t largest_piece(const struct decode_model *m)
{
	size_t patch = (size_t)(m->config.vision.patch * m->config.vision.patch);
	size_t dv = m->vision.width, d = m->text.width, vocab = (size_t)m->config.text.vocab;
	size_t n = size_most(largest_of(&m->vision), largest_of(&m->text));

	n = size_most(n, m->at->numbers - m->at->matrices);
	n = size_most(n, dv * size_most((size_t)(1 + m->patches), patch));
	return size_most(n, d * size_most(vocab, size_most(d, dv)));
}

int decode_model_load_numbers(struct decode_model *model, const float *numbers, struct err *err)
{
	struct ops *ops = model->ops;
	size_t n = largest_piece(model);
	struct params params = {.numbers = numbers};

	params.room = (struct tensor){ops->alloc(ops, mem_mul(n, sizeof(float))), DTYPE_F32};
	if (tensor_is_none(params.room))
		return memory_lacks(ops, n * sizeof(float), err, " more, to load the model");
	load(model, &params);
	tensor_release(ops, params.room);
	return ops->check(ops, err);
}

/* --- lists ---------------------------------------------------------------------------------- */

/* Room for n numbers more. */
static struct decode_list list_room(struct decode_model *m, size_t n)
{
	struct decode_list list = {m->all.here + m->listed, m->all.there + m->listed};

	m->listed += n;
	return list;
}

/* Of the i-th sequence of the last lists: its set, and what it sees, behind that of those before. */
static void list_sequence(struct decode_model *m, int i, int slot)
{
	struct kept_rows kept = decode_cache_rows(m->cache, slot);
	int32_t first = i ? m->firsts.here[i] : 0;

	memcpy(m->seen.here + first, kept.rows, kept.count * sizeof(*kept.rows));
	m->sets.here[i] = m->set_of[slot];
	m->firsts.here[0] = 0;
	m->firsts.here[i + 1] = first + (int32_t)kept.count;
}

static void send_lists(struct decode_model *m, int sequences)
{
	list_room(m, (size_t)m->firsts.here[sequences]); /* `seen` comes last */
	m->ops->upload_bytes(m->ops, (void *)(uintptr_t)m->all.there, m->all.here,
			     m->listed * sizeof(*m->all.here));
}

/* --- layers of the text --------------------------------------------------------------------- */

static void make_qkv(struct decode_model *m, int i, const struct decode_work *w, size_t n)
{
	m->ops->rmsnorm(m->ops, w->h, w->stats, w->x, decode_vector(m, m->at->text[i].norm1_w), n,
			m->text.width, m->config.text.eps);
	decode_multiply(m, w->qkv, w->h, &m->text_layers[i].qkv, n, false);
}

static void keep(struct decode_model *m, int i, const struct decode_work *w, size_t n)
{
	const struct decode_text_layer *l = &m->text_layers[i];

	m->ops->keep_rows(m->ops, l->keys, l->values, w->qkv, m->text.heads, m->limits.rows,
			  m->places.there, n);
}

static void attend(struct decode_model *m, int i, const struct decode_work *w, size_t n)
{
	const struct decode_text_layer *l = &m->text_layers[i];

	m->ops->attend_kept(m->ops, w->att, w->qkv, l->keys, l->values, m->text.heads,
			    m->limits.rows, m->firsts.there, m->seen.there, n);
}

/* From what attention gives to the layer's end. */
static void finish_layer(struct decode_model *m, int i, const struct decode_work *w, size_t n)
{
	const struct decode_text_layer *l = &m->text_layers[i];

	decode_multiply(m, w->x, w->att, &l->out, n, true);
	m->ops->rmsnorm(m->ops, w->h, w->stats, w->x, decode_vector(m, m->at->text[i].norm2_w), n,
			m->text.width, m->config.text.eps);
	decode_multiply(m, w->wide, w->h, &l->gate_up, n, false);
	m->ops->swiglu(m->ops, w->post, w->wide, n, m->text.mlp);
	decode_multiply(m, w->x, w->post, &l->down, n, true);
}

static void say(struct decode_model *m, size_t n)
{
	const struct decode_work *w = &m->step;
	size_t vocab = (size_t)m->config.text.vocab;

	m->ops->rmsnorm(m->ops, w->h, w->stats, w->x, decode_vector(m, m->at->norm_w), n,
			m->text.width, m->config.text.eps);
	decode_multiply(m, m->logits, w->h, &m->head, n, false);
	m->ops->log_sum_exp(m->ops, m->log_sums, m->logits, n, vocab);
	decode_find_likeliest(m, n);
}

/* --- prompts -------------------------------------------------------------------------------- */

/* Which rows are what; t rows for each prompt. */
static void read_prompts(struct decode_model *m, const struct decode_prompt *prompts, int count,
			 int t)
{
	size_t n = (size_t)count * (size_t)t;
	int images = 0;

	m->listed = 0;
	m->ids = list_room(m, n);
	m->places = list_room(m, n);
	m->last_rows = list_room(m, (size_t)count);
	m->image_rows = list_room(m, (size_t)count * (size_t)m->image_tokens);
	m->sets = list_room(m, (size_t)count);
	m->firsts = list_room(m, (size_t)count + 1);
	m->seen = list_room(m, 0);
	for (int i = 0; i < count; i++)
		for (int row = 0; row < t; row++) {
			int at = i * t + row;
			bool inside = row < prompts[i].count;
			/* rows behind the end hold something that is a number */
			int32_t id = inside ? prompts[i].ids[row] : m->config.bos;

			m->places.here[at] =
				inside ? decode_cache_append(m->cache, prompts[i].slot) : -1;
			m->ids.here[at] = id == m->config.image ? -1 : id;
			if (id == m->config.image) {
				assert(images < (i + 1) * m->image_tokens);
				m->image_rows.here[images++] = at;
			}
		}
	assert(images == count * m->image_tokens);
	for (int i = 0; i < count; i++) {
		m->last_rows.here[i] = i * t + prompts[i].count - 1;
		list_sequence(m, i, prompts[i].slot);
	}
	send_lists(m, count);
}

static void attend_prompts(struct decode_model *m, int i, int count, int t)
{
	const struct decode_work *w = &m->prompt;
	size_t n = (size_t)count * (size_t)t;

	make_qkv(m, i, w, n);
	m->ops->rope(m->ops, w->qkv, m->text.heads, count, t, 0, m->config.text.theta, 1);
	keep(m, i, w, n);
}

void decode_model_prompt(struct decode_model *model, const struct decode_prompt *prompts,
			 const uint8_t *pixels, int count)
{
	struct decode_model *m = model;
	struct ops *ops = m->ops;
	const struct decode_work *w = &m->prompt;
	size_t images = (size_t)count * (size_t)m->image_tokens;
	size_t side = (size_t)m->config.vision.side;
	int t = 0, last = m->text.layers - 1;

	assert(count <= m->limits.prompts);
	for (int i = 0; i < count; i++)
		t = prompts[i].count > t ? prompts[i].count : t;
	read_prompts(m, prompts, count, t);
	ops->upload_bytes(ops, m->pictures, pixels, (size_t)count * side * side);
	decode_see(m, count);
	ops->embed(ops, w->x, m->embed, m->ids.there, (size_t)(count * t), m->text.width);
	ops->scatter_rows(ops, w->x, m->image, m->image_rows.there, images, m->text.width);
	for (int i = 0; i < last; i++) {
		attend_prompts(m, i, count, t);
		ops->attention(ops, w->att, w->lse, w->qkv, m->text.heads, count, t, 0, true);
		finish_layer(m, i, w, (size_t)count * (size_t)t);
	}
	attend_prompts(m, last, count, t);
	ops->gather_rows(ops, m->step.x, w->x, m->last_rows.there, (size_t)count, m->text.width);
	ops->gather_rows(ops, m->step.qkv, w->qkv, m->last_rows.there, (size_t)count, m->text.row);
	attend(m, last, &m->step, (size_t)count);
	finish_layer(m, last, &m->step, (size_t)count);
	say(m, (size_t)count);
	decode_fetch_said(m, (size_t)count);
}

/* --- steps ---------------------------------------------------------------------------------- */

static void list_step(struct decode_model *m, const int *slots, const int32_t *ids, int count)
{
	size_t n = (size_t)count;

	m->listed = 0;
	m->ids = list_room(m, n);
	m->row_positions = list_room(m, n);
	m->places = list_room(m, n);
	m->sets = list_room(m, n);
	m->firsts = list_room(m, n + 1);
	m->seen = list_room(m, 0);
	for (int i = 0; i < count; i++) {
		m->ids.here[i] = ids[i];
		m->row_positions.here[i] = (int32_t)decode_cache_rows(m->cache, slots[i]).count;
		m->places.here[i] = decode_cache_append(m->cache, slots[i]);
		list_sequence(m, i, slots[i]);
	}
	send_lists(m, count);
}

void decode_model_step(struct decode_model *model, const int *slots, const int32_t *ids, int count)
{
	struct decode_model *m = model;
	const struct decode_work *w = &m->step;
	size_t n = (size_t)count;

	assert(count <= m->limits.sequences);
	list_step(m, slots, ids, count);
	m->ops->begin(m->ops);
	m->ops->embed(m->ops, w->x, m->embed, m->ids.there, n, m->text.width);
	for (int i = 0; i < m->text.layers; i++) {
		make_qkv(m, i, w, n);
		m->ops->rope_at(m->ops, w->qkv, m->text.heads, m->row_positions.there, n,
				m->config.text.positions, m->config.text.theta);
		keep(m, i, w, n);
		attend(m, i, w, n);
		finish_layer(m, i, w, n);
	}
	say(m, n);
	m->ops->end(m->ops);
	decode_fetch_said(m, n);
}

/* --- the rest ------------------------------------------------------------------------------- */

void decode_model_fork(struct decode_model *model, int to, int from)
{
	decode_cache_fork(model->cache, to, from);
}

void decode_model_drop(struct decode_model *model, int slot)
{
	decode_cache_drop(model->cache, slot);
}

int decode_model_check(struct decode_model *model, struct err *err)
{
	return model->ops->check(model->ops, err);
}

const struct model_config *decode_model_config(const struct decode_model *model)
{
	return &model->config;
}

const struct decode_limits *decode_model_limits(const struct decode_model *model)
{
	return &model->limits;
}

size_t decode_model_kept(const struct decode_model *model, int slot)
{
	return decode_cache_rows(model->cache, slot).count;
}

size_t decode_model_rows_left(const struct decode_model *model)
{
	return decode_cache_left(model->cache);
}

size_t decode_model_bytes(const struct decode_model *model)
{
	return model->memory_bytes;
}
