/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/train/lora.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "trainer/ops/ops_memory.h"

/* A [rank, columns] and B [rows, rank] of a matrix. */
struct adapter {
	size_t rows, columns;
	size_t at;   /* of the matrix in the model */
	size_t base; /* of it in the copy */
	size_t a, b; /* in params */
};

struct lora {
	struct model *model;
	struct ops *ops;
	size_t rank;
	struct adapter *adapters;
	int count;
	struct tensor base, params, grads, copy; /* copy: params in act */
	struct tensor wide;                      /* the gradient of the largest matrix, in act */
	size_t base_numbers, widest;
	struct param_set set;
	struct param_range ranges[2]; /* all A, all B */
};

static bool is_adapted(const struct model_tensor *t, const struct lora_settings *settings)
{
	return t->is_matrix && t->in_layer && settings->parts >> t->part & 1;
}

/* Finds the matrices and where all lies: A one behind the other, then B. */
static int place(struct lora *l, const struct lora_settings *settings, struct err *err)
{
	const struct model_tensors *layout = model_layout(l->model);
	size_t at = 0;

	l->adapters = mem_alloc((size_t)layout->count, sizeof(*l->adapters));
	for (int i = 0; i < layout->count; i++) {
		const struct model_tensor *t = &layout->all[i];
		struct adapter *a = &l->adapters[l->count];

		if (!is_adapted(t, settings))
			continue;
		*a = (struct adapter){.rows = t->shape[0],
				      .columns = t->shape[1],
				      .at = t->offset,
				      .base = l->base_numbers,
				      .a = at};
		if (l->rank > a->rows || l->rank > a->columns)
			return err_set(err, ERR_USAGE, "rank %zu: %s has %zu rows and %zu columns",
				       l->rank, t->name, a->rows, a->columns);
		at += l->rank * a->columns;
		l->base_numbers += t->count;
		l->widest = t->count > l->widest ? t->count : l->widest;
		l->count++;
	}
	l->ranges[0] = (struct param_range){.count = at, .decays = true, .rate = 1};
	for (int i = 0; i < l->count; i++) {
		l->adapters[i].b = at;
		at += l->rank * l->adapters[i].rows;
	}
	l->ranges[1] = (struct param_range){.offset = l->ranges[0].count,
					    .count = at - l->ranges[0].count,
					    .decays = true,
					    .rate = settings->alpha / settings->rank};
	l->set.numbers = at;
	return 0;
}

static void allocate(struct lora *l)
{
	enum dtype act = l->ops->act, acc = l->ops->acc;

	l->base = tensor_alloc(l->ops, l->base_numbers, acc);
	l->params = tensor_alloc(l->ops, l->set.numbers, acc);
	l->grads = tensor_alloc(l->ops, l->set.numbers, acc);
	l->copy = tensor_alloc(l->ops, l->set.numbers, act);
	l->wide = tensor_alloc(l->ops, l->widest, act);
	l->set = (struct param_set){.params = l->params,
				    .grads = l->grads,
				    .copy = act == acc ? (struct tensor){0} : l->copy,
				    .numbers = l->set.numbers,
				    .ranges = l->ranges,
				    .range_count = 2};
}

static void fill(struct lora *l, uint64_t seed)
{
	struct rng rng = rng_stream(seed, 0, "lora", 0);
	enum dtype type = l->params.type;

	for (int i = 0; i < l->count; i++) {
		const struct adapter *a = &l->adapters[i];
		size_t n = l->rank * a->columns;
		struct tensor numbers = {mem_alloc(n, dtype_bytes(type)), type};
		double reach = 1 / sqrt((double)a->columns);

		for (size_t k = 0; k < n; k++)
			tensor_set(numbers, k, reach * (2 * rng_unit(&rng) - 1));
		l->ops->upload(l->ops, tensor_from(l->params, a->a), numbers.at, n);
		free(numbers.at);
		l->ops->convert(l->ops, tensor_from(l->base, a->base),
				tensor_from(model_params(l->model), a->at), a->rows * a->columns);
	}
}

struct lora *lora_new(struct model *model, struct ops *ops, const struct lora_settings *settings,
		      struct err *err)
{
	struct lora *l = mem_alloc(1, sizeof(*l));

	l->model = model;
	l->ops = ops;
	l->rank = (size_t)settings->rank;
	if (place(l, settings, err) < 0) {
		lora_free(l);
		return NULL;
	}
	allocate(l);
	fill(l, settings->seed);
	return l;
}

void lora_free(struct lora *lora)
{
	if (!lora)
		return;
	free(lora->adapters);
	tensor_release(lora->ops, lora->base);
	tensor_release(lora->ops, lora->params);
	tensor_release(lora->ops, lora->grads);
	tensor_release(lora->ops, lora->copy);
	tensor_release(lora->ops, lora->wide);
	free(lora);
}

const struct param_set *lora_params(const struct lora *lora)
{
	return &lora->set;
}

struct tensor lora_base(struct lora *lora, size_t *numbers)
{
	*numbers = lora->base_numbers;
	return lora->base;
}

static void copy_params(struct lora *l)
{
	l->ops->convert(l->ops, l->copy, l->params, l->set.numbers);
}

void lora_gradients(struct lora *l)
{
	struct ops *ops = l->ops;

	copy_params(l);
	for (int i = 0; i < l->count; i++) {
		const struct adapter *a = &l->adapters[i];
		struct tensor da = tensor_from(l->grads, a->a), db = tensor_from(l->grads, a->b);

		ops->convert(ops, l->wide, tensor_from(model_grads(l->model), a->at),
			     a->rows * a->columns);
		ops->clear(ops, da, l->rank * a->columns);
		ops->linear_dw(ops, da, (struct tensor){0}, tensor_from(l->copy, a->b), l->wide,
			       a->rows, l->rank, a->columns);
		ops->linear(ops, db, l->wide, tensor_from(l->copy, a->a), (struct tensor){0},
			    (struct tensor){0}, a->rows, l->rank, a->columns);
	}
}

void lora_apply(struct lora *l)
{
	struct ops *ops = l->ops;

	copy_params(l);
	for (int i = 0; i < l->count; i++) {
		const struct adapter *a = &l->adapters[i];
		struct tensor w = tensor_from(model_params(l->model), a->at);

		ops->convert(ops, w, tensor_from(l->base, a->base), a->rows * a->columns);
		ops->linear_dx(ops, w, tensor_from(l->copy, a->b), tensor_from(l->copy, a->a),
			       a->rows, l->rank, a->columns, true);
	}
	model_params_changed(l->model);
}
