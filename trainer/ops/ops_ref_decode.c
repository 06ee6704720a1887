/* SPDX-License-Identifier: MIT */
/*
 * The truth of decoding's operations, as their formulas say. Prepared weights are a plain copy of type
 * act.
 */
#include <config.h>

#include "trainer/ops/ops_ref_decode.h"

#include <math.h>

static size_t row_numbers(struct heads h)
{
	return (size_t)(h.heads + 2 * h.kv_heads) * (size_t)h.size;
}

static size_t prepared_bytes(struct ops *ops, size_t n, size_t k)
{
	return (n * k * dtype_bytes(ops->act) + 63) / 64 * 64;
}

static void prepare(struct ops *ops, void *to, struct tensor w, size_t n, size_t k)
{
	ops->convert(ops, (struct tensor){to, ops->act}, w, n * k);
}

static void linear_prepared(struct ops *ops, struct tensor out, struct tensor x, const void *w,
			    struct tensor bias, size_t m, size_t n, size_t k, bool add)
{
	struct tensor weights = {(void *)(uintptr_t)w, ops->act};

	ops->linear(ops, out, x, weights, bias, add ? out : (struct tensor){0}, m, n, k);
}

static void rope_at(struct ops *ops, struct tensor qkv, struct heads h, const int32_t *positions,
		    size_t m, int end, double theta)
{
	(void)end;
	for (size_t i = 0; i < m; i++)
		ops->rope(ops, tensor_from(qkv, i * row_numbers(h)), h, 1, 1, positions[i], theta,
			  1);
}

static void keep_rows(struct ops *ops, struct tensor keys, struct tensor values, struct tensor qkv,
		      struct heads h, size_t room, const int32_t *rows, size_t m)
{
	size_t size = (size_t)h.size, kv_heads = (size_t)h.kv_heads;

	(void)ops;
	for (size_t i = 0; i < m; i++)
		for (size_t j = 0; j < kv_heads * size && rows[i] >= 0; j++) {
			size_t from = i * row_numbers(h) + (size_t)h.heads * size + j;
			size_t to = (j / size * room + (size_t)rows[i]) * size + j % size;

			tensor_set(keys, to, tensor_get(qkv, from));
			tensor_set(values, to, tensor_get(qkv, from + kv_heads * size));
		}
}

/* One head of one query, which begins at q; kept: where the first row of its key head begins. */
struct query {
	struct tensor qkv, keys, values;
	size_t q, kept, size;
	const int32_t *seen;
	size_t count;
};

static double score(const struct query *c, size_t i)
{
	double sum = 0;

	for (size_t j = 0; j < c->size; j++)
		sum += tensor_get(c->qkv, c->q + j) *
		       tensor_get(c->keys, c->kept + (size_t)c->seen[i] * c->size + j);
	return sum / sqrt((double)c->size);
}

static void attend_head(const struct query *c, struct tensor out, size_t at)
{
	double most = -INFINITY, sum = 0;

	for (size_t i = 0; i < c->count; i++)
		most = fmax(most, score(c, i));
	for (size_t i = 0; i < c->count; i++)
		sum += exp(score(c, i) - most);
	for (size_t j = 0; j < c->size; j++) {
		double v = 0;

		for (size_t i = 0; i < c->count; i++)
			v += exp(score(c, i) - most) / sum *
			     tensor_get(c->values, c->kept + (size_t)c->seen[i] * c->size + j);
		tensor_set(out, at + j, v);
	}
}

static void attend_kept(struct ops *ops, struct tensor out, struct tensor qkv, struct tensor keys,
			struct tensor values, struct heads h, size_t room, const int32_t *firsts,
			const int32_t *seen, size_t m)
{
	size_t heads = (size_t)h.heads, group = heads / (size_t)h.kv_heads, size = (size_t)h.size;

	(void)ops;
	for (size_t i = 0; i < m; i++)
		for (size_t head = 0; head < heads; head++) {
			struct query c = {qkv,
					  keys,
					  values,
					  i * row_numbers(h) + head * size,
					  head / group * room * size,
					  size,
					  seen + firsts[i],
					  (size_t)(firsts[i + 1] - firsts[i])};

			attend_head(&c, out, (i * heads + head) * size);
		}
}

static void log_sum_exp(struct ops *ops, struct tensor out, struct tensor logits, size_t m,
			size_t v)
{
	(void)ops;
	for (size_t i = 0; i < m; i++) {
		double most = -INFINITY, sum = 0;

		for (size_t j = 0; j < v; j++)
			most = fmax(most, tensor_get(logits, i * v + j));
		for (size_t j = 0; j < v; j++)
			sum += exp(tensor_get(logits, i * v + j) - most);
		tensor_set(out, i, most + log(sum));
	}
}

/* The greatest that comes behind `last`, which is -1 for the first; -1 where none does. */
static int32_t next_greatest(struct tensor row, const struct allowed_ids *allowed, size_t i,
			     int32_t last)
{
	int32_t found = -1;

	for (size_t id = 0; id < allowed->count; id++) {
		double v = tensor_get(row, id),
		       before = last < 0 ? 0 : tensor_get(row, (size_t)last);
		bool behind = last < 0 || v < before || (v == before && (int32_t)id > last);

		if (is_allowed(allowed, i, id) && behind && !isnan(v) &&
		    (found < 0 || v > tensor_get(row, (size_t)found)))
			found = (int32_t)id;
	}
	return found;
}

static void greatest(struct ops *ops, int32_t *ids, struct tensor numbers, struct tensor logits,
		     const struct allowed_ids *allowed, size_t m, size_t v, size_t k)
{
	(void)ops;
	for (size_t i = 0; i < m; i++) {
		struct tensor row = tensor_from(logits, i * v);
		int32_t last = -1;

		for (size_t j = 0; j < k; j++) {
			bool more = j == 0 || last >= 0;

			last = more ? next_greatest(row, allowed, i, last) : -1;
			ids[i * k + j] = last;
			if (last >= 0)
				tensor_set(numbers, i * k + j, tensor_get(row, (size_t)last));
		}
	}
}

void ops_ref_fill_decoding(struct ops *ops)
{
	ops->prepared_bytes = prepared_bytes;
	ops->prepare = prepare;
	ops->linear_prepared = linear_prepared;
	ops->rope_at = rope_at;
	ops->keep_rows = keep_rows;
	ops->attend_kept = attend_kept;
	ops->log_sum_exp = log_sum_exp;
	ops->greatest = greatest;
}
