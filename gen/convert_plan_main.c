/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "gen/convert_plan_main.h"

#define TWO_TO_64 18446744073709551616.0

struct ordered {
	uint64_t key;
	size_t model;
};

static int by_key(const void *a, const void *b)
{
	const struct ordered *p = a, *q = b;

	if (p->key != q->key)
		return p->key < q->key ? -1 : 1;
	return (p->model > q->model) - (p->model < q->model);
}

static uint64_t key_of(uint64_t seed, const char *id)
{
	struct rng rng = rng_stream(seed, model_id_hash(id), "order", 0);
	uint64_t high = rng_u32(&rng);

	return high << 32 | rng_u32(&rng);
}

/* Puts the models in order; returns how many lie in the share of it that is for validation. */
static size_t put_in_order(struct convert_plan *plan, const struct convert_options *o)
{
	struct ordered *all = mem_alloc(plan->count, sizeof(*all));
	size_t val = 0;

	for (size_t i = 0; i < plan->count; i++)
		all[i] = (struct ordered){key_of(o->seed, plan->models[i].id), i};
	qsort(all, plan->count, sizeof(*all), by_key);
	for (size_t i = 0; i < plan->count; i++) {
		plan->order[i] = all[i].model;
		val += (double)all[i].key < o->val_fraction * TWO_TO_64;
	}
	free(all);
	return val;
}

static size_t wanted(int64_t size)
{
	return size == CONVERT_ALL ? SIZE_MAX : (size_t)size;
}

void convert_plan_new(struct convert_plan *plan, const struct convert_options *o,
		      const struct model_list *list, bool split)
{
	size_t share;

	*plan = (struct convert_plan){.count = list->count, .split = split, .list = list};
	plan->models = mem_alloc(plan->count, sizeof(*plan->models));
	plan->order = mem_alloc(plan->count, sizeof(*plan->order));
	plan->batch = mem_alloc(plan->count, sizeof(*plan->batch));
	for (size_t i = 0; i < plan->count; i++)
		plan->models[i] = (struct converted_model){.id = list->models[i].id,
							   .file = list->models[i].file,
							   .part = MODEL_NEITHER};
	share = put_in_order(plan, o);
	for (int part = 0; part < 2; part++) {
		struct part_plan *p = &plan->parts[part];

		p->wanted = wanted(part == MODEL_TRAIN ? o->train_size : o->val_size);
		p->items = mem_alloc(plan->count, sizeof(*p->items));
	}
	for (size_t i = 0; i < plan->count; i++) {
		struct part_plan *val = &plan->parts[MODEL_VAL];
		size_t model = plan->order[i];

		if (split ? list->models[model].part == MODEL_VAL
			  : i < share || o->val_size != CONVERT_ALL)
			val->items[val->count++] = model;
	}
}

void convert_plan_free(struct convert_plan *plan)
{
	free(plan->models);
	free(plan->order);
	free(plan->batch);
	for (int part = 0; part < 2; part++)
		free(plan->parts[part].items);
	*plan = (struct convert_plan){.models = NULL};
}

/* What is not taken for validation, from the end of the order. */
static void collect_train(struct convert_plan *plan)
{
	struct part_plan *train = &plan->parts[MODEL_TRAIN];

	for (size_t i = plan->count; i-- > 0;) {
		size_t model = plan->order[i];

		if (plan->split ? plan->list->models[model].part == MODEL_TRAIN
				: plan->models[model].part == MODEL_NEITHER)
			train->items[train->count++] = model;
	}
}

static size_t successes(const struct convert_plan *plan, const struct part_plan *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->taken; i++)
		n += plan->models[p->items[i]].ok;
	return n;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Takes as many as are still wanted; returns how many of these are to be made. */
static size_t take(struct convert_plan *plan, enum model_part part)
{
	struct part_plan *p = &plan->parts[part];
	size_t n = least(p->wanted - successes(plan, p), p->count - p->taken), to_make = 0;

	for (size_t i = 0; i < n; i++) {
		size_t model = p->items[p->taken++];

		plan->models[model].part = part;
		if (!plan->models[model].is_done)
			plan->batch[to_make++] = model;
	}
	return to_make;
}

static bool is_short(const struct convert_plan *plan, enum model_part part)
{
	const struct part_plan *p = &plan->parts[part];

	return p->taken < p->count && successes(plan, p) < p->wanted;
}

struct convert_batch convert_plan_next(struct convert_plan *plan)
{
	size_t n = 0;

	while (n == 0 && is_short(plan, MODEL_VAL))
		n = take(plan, MODEL_VAL);
	if (n == 0 && plan->parts[MODEL_TRAIN].count == 0)
		collect_train(plan);
	while (n == 0 && is_short(plan, MODEL_TRAIN))
		n = take(plan, MODEL_TRAIN);
	return (struct convert_batch){plan->batch, n};
}

size_t convert_plan_total(const struct convert_plan *plan)
{
	const struct part_plan *val = &plan->parts[MODEL_VAL];
	size_t n = least(val->wanted, val->count), left = plan->count - n;

	if (plan->split) {
		left = 0;
		for (size_t i = 0; i < plan->count; i++)
			left += plan->list->models[i].part == MODEL_TRAIN;
	}
	return n + least(plan->parts[MODEL_TRAIN].wanted, left);
}

size_t convert_plan_missing(const struct convert_plan *plan)
{
	size_t n = 0;

	for (int part = 0; part < 2; part++) {
		const struct part_plan *p = &plan->parts[part];

		if (p->wanted != SIZE_MAX)
			n += p->wanted - successes(plan, p);
	}
	return n;
}
