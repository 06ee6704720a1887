/* SPDX-License-Identifier: MIT */
/*
 * The likeliest tokens are found where the logits are, which are many times as many numbers.
 */
#include <config.h>

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "trainer/decode/decode_private.h"
#include "trainer/ops/ops_memory.h"

static size_t rows_of(const struct decode_model *m)
{
	return size_most((size_t)m->limits.sequences, (size_t)m->limits.prompts);
}

static size_t numbers_of(const struct decode_model *m)
{
	return mem_mul(rows_of(m), (size_t)m->choice.count);
}

void decode_forget_choice(struct decode_model *m)
{
	m->ops->release(m->ops, (void *)(uintptr_t)m->choice.sets);
	m->ops->release(m->ops, m->likeliest);
	m->ops->release(m->ops, m->likeliest_logits.at);
	free(m->said_likeliest);
	free(m->said_likeliest_logits.at);
	m->likeliest = m->said_likeliest = NULL;
	m->likeliest_logits = m->said_likeliest_logits = (struct tensor){0};
	m->choice = (struct decode_choice){0};
}

static bool copy_sets(struct decode_model *m, const struct decode_choice *choice)
{
	size_t words = mem_mul((size_t)choice->set_count, choice->set_words);
	size_t bytes = mem_mul(words, sizeof(uint64_t));
	uint64_t *sets = m->ops->alloc(m->ops, bytes);

	m->choice.sets = sets;
	if (sets)
		m->ops->upload_bytes(m->ops, sets, choice->sets, bytes);
	return sets;
}

static bool make_room(struct decode_model *m)
{
	size_t n = numbers_of(m), wide = dtype_bytes(m->ops->acc);

	m->likeliest = m->ops->alloc(m->ops, mem_mul(n, sizeof(*m->likeliest)));
	m->likeliest_logits = (struct tensor){m->ops->alloc(m->ops, mem_mul(n, wide)), m->ops->acc};
	m->said_likeliest = mem_alloc(n, sizeof(*m->said_likeliest));
	m->said_likeliest_logits = (struct tensor){mem_alloc(n, wide), m->ops->acc};
	return m->likeliest && m->likeliest_logits.at;
}

int decode_model_choose(struct decode_model *model, const struct decode_choice *choice,
			struct err *err)
{
	struct decode_model *m = model;
	size_t bytes;

	assert(choice->tokens <= m->config.text.vocab);
	decode_forget_choice(m);
	for (int i = 0; i < m->limits.sequences; i++)
		m->set_of[i] = -1;
	if (!choice->count)
		return 0;
	m->choice = *choice;
	m->choice.sets = NULL;
	bytes = mem_add(mem_mul((size_t)choice->set_count, choice->set_words * sizeof(uint64_t)),
			mem_mul(numbers_of(m), sizeof(int32_t) + dtype_bytes(m->ops->acc)));
	if ((!choice->sets || copy_sets(m, choice)) && make_room(m))
		return 0;
	decode_forget_choice(m);
	return memory_lacks(
		m->ops, bytes, err,
		" of the likeliest tokens: fewer drawings at once, or fewer beams, take "
		"less");
}

void decode_model_restrict(struct decode_model *model, int slot, int set)
{
	assert(set < model->choice.set_count || set < 0);
	model->set_of[slot] = set;
}

void decode_find_likeliest(struct decode_model *m, size_t n)
{
	struct allowed_ids allowed = {.count = (size_t)m->choice.tokens,
				      .never = m->choice.never,
				      .sets = m->choice.sets,
				      .words = m->choice.set_words,
				      .of_rows = m->choice.sets ? m->sets.there : NULL};

	if (m->choice.count)
		m->ops->greatest(m->ops, m->likeliest, m->likeliest_logits, m->logits, &allowed, n,
				 (size_t)m->config.text.vocab, (size_t)m->choice.count);
}

static void fetch_logits(struct decode_model *m)
{
	m->ops->download(m->ops, m->said_logits.at, m->logits,
			 m->said * (size_t)m->config.text.vocab);
	m->said_here = true;
}

void decode_fetch_said(struct decode_model *m, size_t n)
{
	size_t chosen = n * (size_t)m->choice.count;

	m->said = n;
	m->said_here = false;
	m->ops->download(m->ops, m->said_log_sums.at, m->log_sums, n);
	if (!m->choice.count) {
		fetch_logits(m);
		return;
	}
	m->ops->download_bytes(m->ops, m->said_likeliest, m->likeliest,
			       chosen * sizeof(*m->likeliest));
	m->ops->download(m->ops, m->said_likeliest_logits.at, m->likeliest_logits, chosen);
}

struct tensor decode_model_logits(struct decode_model *model)
{
	if (!model->said_here)
		fetch_logits(model);
	return model->said_logits;
}

struct tensor decode_model_log_sums(struct decode_model *model)
{
	return model->said_log_sums;
}

struct decode_likeliest decode_model_likeliest(const struct decode_model *model, size_t row)
{
	size_t at = row * (size_t)model->choice.count;

	return (struct decode_likeliest){model->said_likeliest + at,
					 tensor_from(model->said_likeliest_logits, at)};
}

int decode_model_chosen(const struct decode_model *model)
{
	return model->choice.count;
}
