/* SPDX-License-Identifier: MIT */
/*
 * What decoding asks of the ops of ops_kinds.h, with both types of act: its own operations against ops_ref
 * on random shapes, with one thread and with three; and of every operation of a forward pass, that a row
 * comes out with the same bits alone and among others. CADGEN_TEST_SEED repeats a run.
 *
 * Bounds: an output in BF16 is rounded once, 2^-8 of itself at most; the rest is float arithmetic on sums
 * of up to 700 numbers of about 1, within 1e-5 of the greatest.
 */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "tests/ops_kinds.h"
#include "tests/random_shapes.h"
#include "trainer/ops/ops_memory.h"

static struct rng rng;

static struct tensor tensor_new(enum dtype type, size_t n)
{
	return (struct tensor){mem_alloc(n, dtype_bytes(type)), type};
}

static struct tensor random_tensor(enum dtype type, size_t n)
{
	struct tensor t = tensor_new(type, n);

	for (size_t i = 0; i < n; i++)
		tensor_set(t, i, 4 * rng_unit(&rng) - 2);
	return t;
}

static struct tensor copy_as(struct tensor from, enum dtype type, size_t n)
{
	struct tensor t = tensor_new(type, n);

	for (size_t i = 0; i < n; i++)
		tensor_set(t, i, tensor_get(from, i));
	return t;
}

/* A copy in memory of ops. */
static struct tensor lent(struct ops *ops, struct tensor own, size_t n)
{
	struct tensor t = {ops->alloc(ops, n * dtype_bytes(own.type)), own.type};

	assert_non_null(t.at);
	ops->upload(ops, t, own.at, n);
	return t;
}

/* The same, and the original is gone; none stays none. */
static struct tensor moved(struct ops *ops, struct tensor own, size_t n)
{
	struct tensor t = tensor_is_none(own) ? own : lent(ops, own, n);

	free(own.at);
	return t;
}

static struct tensor random_on(struct ops *ops, enum dtype type, size_t n)
{
	return moved(ops, random_tensor(type, n), n);
}

/* What the copy holds comes back, and the copy is gone. */
static void give_back(struct ops *ops, struct tensor t, struct tensor own, size_t n)
{
	ops->download(ops, own.at, t, n);
	ops->release(ops, t.at);
}

static void check_close(const char *what, const struct ops *ops, struct tensor got,
			struct tensor want, size_t n)
{
	double most = 1, relative = got.type == DTYPE_BF16 ? 0x1p-8 : 1e-6;

	for (size_t i = 0; i < n; i++)
		most = fmax(most, fabs(tensor_get(want, i)));
	for (size_t i = 0; i < n; i++) {
		double w = tensor_get(want, i), g = tensor_get(got, i);

		if (!(fabs(g - w) <= relative * fabs(w) + 1e-5 * most))
			fail_msg("%s of %s, number %zu of %zu: %g, not %g", what, ops->name, i, n,
				 g, w);
	}
}

static void each_ops(void (*test)(struct ops *ops))
{
	static const enum dtype acts[] = {DTYPE_F32, DTYPE_BF16};

	for (int kind = 0; kind < ops_kind_count; kind++)
		for (int i = 0; i < 4; i++) {
			struct ops *ops = ops_of_kind(kind, i / 2 ? 3 : 1, acts[i % 2]);
			struct err err = {0};

			if (!ops)
				break;
			for (int round = 0; round < ops_kind_rounds(); round++)
				test(ops);
			if (ops->check(ops, &err) < 0)
				fail_msg("%s: %s", ops->name, err.msg);
			ops->free(ops);
		}
}

static struct heads random_heads(void)
{
	static const int sizes[] = {64, 32, 1, 6, 17, 80, 128};
	int kv_heads = (int)rng_range(&rng, 1, 3), group = (int)rng_range(&rng, 1, 3);

	return (struct heads){kv_heads * group, kv_heads, sizes[rng_below(&rng, 7)]};
}

static size_t row_numbers(struct heads h)
{
	return (size_t)((h.heads + 2 * h.kv_heads) * h.size);
}

static size_t some(uint32_t most)
{
	return rng_below(&rng, most + 1);
}

/* --- against ops_ref ------------------------------------------------------------------------ */

static void rope_case(struct ops *ops)
{
	struct ops *ref = ops_ref_new();
	struct heads h = random_heads();
	size_t m = some(40), n = m * row_numbers(h);
	struct tensor got = random_tensor(ops->act, n), want = copy_as(got, DTYPE_F64, n);
	struct tensor turned = lent(ops, got, n);
	int32_t *positions = mem_alloc(m, sizeof(*positions)), *listed, end = 0;

	for (size_t i = 0; i < m; i++) {
		positions[i] = (int32_t)rng_below(&rng, rng_chance(&rng, 0.5) ? 10 : 2000);
		end = positions[i] >= end ? positions[i] + 1 : end;
	}
	end += rng_chance(&rng, 0.5) ? 100 : 0;
	listed = list_upload(ops, positions, m);
	ops->rope_at(ops, turned, h, listed, m, end, 10000);
	give_back(ops, turned, got, n);
	ops->release(ops, listed);
	ref->rope_at(ref, want, h, positions, m, end, 10000);
	check_close("rope_at", ops, got, want, n);
	free(got.at);
	free(want.at);
	free(positions);
	ref->free(ref);
}

/* Rows of a pool, some of them of several queries, in any order. */
static int32_t *random_rows(size_t count, size_t room)
{
	int32_t *rows = mem_alloc(count, sizeof(*rows));

	for (size_t i = 0; i < count; i++)
		rows[i] = (int32_t)rng_below(&rng, (uint32_t)room);
	return rows;
}

static void attend_case(struct ops *ops)
{
	struct ops *ref = ops_ref_new();
	struct heads h = random_heads();
	size_t m = some(9), room = some(300) + 1, n = m * row_numbers(h);
	size_t out_n = m * (size_t)(h.heads * h.size), kept = room * (size_t)(h.kv_heads * h.size);
	struct tensor qkv = random_tensor(ops->act, n), qkv64 = copy_as(qkv, DTYPE_F64, n);
	struct tensor keys = random_tensor(ops->act, kept), k64 = copy_as(keys, DTYPE_F64, kept);
	struct tensor values = random_tensor(ops->act, kept);
	struct tensor v64 = copy_as(values, DTYPE_F64, kept);
	struct tensor got = tensor_new(ops->act, out_n), want = tensor_new(DTYPE_F64, out_n);
	struct tensor out = lent(ops, got, out_n), q = lent(ops, qkv, n);
	struct tensor k = lent(ops, keys, kept), v = lent(ops, values, kept);
	int32_t *firsts = mem_alloc(m + 1, sizeof(*firsts)), *seen, *firsts_there, *seen_there;

	for (size_t i = 0; i < m; i++)
		firsts[i + 1] = firsts[i] + 1 + (int32_t)some(rng_chance(&rng, 0.2) ? 700 : 40);
	seen = random_rows((size_t)firsts[m], room);
	firsts_there = list_upload(ops, firsts, m + 1);
	seen_there = list_upload(ops, seen, (size_t)firsts[m]);
	ops->attend_kept(ops, out, q, k, v, h, room, firsts_there, seen_there, m);
	ops->release(ops, firsts_there);
	ops->release(ops, seen_there);
	give_back(ops, out, got, out_n);
	give_back(ops, q, qkv, n);
	give_back(ops, k, keys, kept);
	give_back(ops, v, values, kept);
	ref->attend_kept(ref, want, qkv64, k64, v64, h, room, firsts, seen, m);
	check_close("attend_kept", ops, got, want, out_n);
	free(firsts);
	free(seen);
	free(qkv.at);
	free(qkv64.at);
	free(keys.at);
	free(k64.at);
	free(values.at);
	free(v64.at);
	free(got.at);
	free(want.at);
	ref->free(ref);
}

static void keep_case(struct ops *ops)
{
	struct ops *ref = ops_ref_new();
	struct heads h = random_heads();
	size_t m = some(20), room = 2 * m + 1, n = m * row_numbers(h);
	size_t kept = room * (size_t)(h.kv_heads * h.size);
	struct tensor qkv = random_tensor(ops->act, n);
	struct tensor keys = random_tensor(ops->act, kept), k2 = copy_as(keys, ops->act, kept);
	struct tensor values = random_tensor(ops->act, kept), v2 = copy_as(values, ops->act, kept);
	struct tensor q = lent(ops, qkv, n), k = lent(ops, keys, kept), v = lent(ops, values, kept);
	int32_t *rows = mem_alloc(m, sizeof(*rows)), *listed;

	for (size_t i = 0; i < m; i++)
		rows[i] = rng_chance(&rng, 0.2) ? -1 : (int32_t)(2 * i + rng_below(&rng, 2));
	listed = list_upload(ops, rows, m);
	ops->keep_rows(ops, k, v, q, h, room, listed, m);
	ops->release(ops, listed);
	give_back(ops, k, keys, kept);
	give_back(ops, v, values, kept);
	give_back(ops, q, qkv, n);
	ref->keep_rows(ref, k2, v2, qkv, h, room, rows, m);
	assert_memory_equal(keys.at, k2.at, kept * dtype_bytes(ops->act));
	assert_memory_equal(values.at, v2.at, kept * dtype_bytes(ops->act));
	free(qkv.at);
	free(keys.at);
	free(k2.at);
	free(values.at);
	free(v2.at);
	free(rows);
	ref->free(ref);
}

static void log_sum_case(struct ops *ops)
{
	struct ops *ref = ops_ref_new();
	size_t m = some(20), v = some(700) + 1;
	struct tensor x = random_tensor(rng_chance(&rng, 0.5) ? ops->act : DTYPE_F32, m * v);
	struct tensor got = tensor_new(DTYPE_F32, m), want = tensor_new(DTYPE_F64, m);
	struct tensor out, logits;

	for (size_t i = 0; i < m * v; i++) /* far more than exp of a float holds */
		tensor_set(x, i, 60 * tensor_get(x, i));
	out = lent(ops, got, m);
	logits = lent(ops, x, m * v);
	ops->log_sum_exp(ops, out, logits, m, v);
	give_back(ops, out, got, m);
	give_back(ops, logits, x, m * v);
	ref->log_sum_exp(ref, want, x, m, v);
	check_close("log_sum_exp", ops, got, want, m);
	free(x.at);
	free(got.at);
	free(want.at);
	ref->free(ref);
}

/* Logits of few values, so that many are equal, some of them NaN. */
static struct tensor random_logits(enum dtype type, size_t n)
{
	struct tensor t = tensor_new(type, n);
	bool nans = rng_chance(&rng, 0.3);

	for (size_t i = 0; i < n; i++)
		tensor_set(t, i,
			   nans && rng_chance(&rng, 0.3) ? NAN
							 : (double)rng_range(&rng, -20, 20) / 4);
	return t;
}

/* [count, words]: some have few ids, some all. */
static uint64_t *random_sets(size_t count, size_t words)
{
	uint64_t *sets = mem_alloc(count * words, sizeof(*sets));

	for (size_t i = 0; i < count; i++) {
		double share = rng_unit(&rng);

		for (size_t bit = 0; bit < 64 * words; bit++)
			if (rng_chance(&rng, share * share))
				sets[i * words + bit / 64] |= (uint64_t)1 << bit % 64;
	}
	return sets;
}

static void greatest_case(struct ops *ops)
{
	struct ops *ref = ops_ref_new();
	size_t m = some(12), v = some(900) + 1, k = some(rng_chance(&rng, 0.3) ? 40 : 5);
	size_t count = v - some((uint32_t)v - 1), words = (count + 63) / 64, n = m * k;
	struct tensor x = random_logits(rng_chance(&rng, 0.5) ? ops->act : DTYPE_F32, m * v);
	struct tensor numbers = tensor_new(DTYPE_F32, n), want_numbers = tensor_new(DTYPE_F64, n);
	struct tensor logits = lent(ops, x, m * v), got = lent(ops, numbers, n);
	int32_t *ids = mem_alloc(n, sizeof(*ids)), *want = mem_alloc(n, sizeof(*want));
	int32_t *there, *ids_there;
	uint64_t *sets = random_sets(3, words), *sets_there = ops->alloc(ops, 3 * words * 8);
	int32_t *of_rows = mem_alloc(m, sizeof(*of_rows));
	struct allowed_ids allowed = {count, (int32_t)some((uint32_t)v) - 1, sets, words, NULL};

	for (size_t i = 0; i < m; i++)
		of_rows[i] = (int32_t)rng_range(&rng, -1, 2);
	if (rng_chance(&rng, 0.8))
		allowed.of_rows = of_rows;
	ref->greatest(ref, want, want_numbers, x, &allowed, m, v, k);
	assert_non_null(sets_there);
	ops->upload_bytes(ops, sets_there, sets, 3 * words * 8);
	allowed.sets = sets_there;
	there = list_upload(ops, of_rows, m);
	if (allowed.of_rows)
		allowed.of_rows = there;
	ids_there = list_upload(ops, ids, n);
	ops->greatest(ops, ids_there, got, logits, &allowed, m, v, k);
	ops->download_bytes(ops, ids, ids_there, n * sizeof(*ids));
	give_back(ops, got, numbers, n);
	assert_memory_equal(ids, want, n * sizeof(*ids));
	for (size_t i = 0; i < n; i++)
		assert_true(want[i] < 0 || tensor_get(numbers, i) == tensor_get(want_numbers, i));
	ops->release(ops, ids_there);
	ops->release(ops, there);
	ops->release(ops, sets_there);
	ops->release(ops, logits.at);
	free(x.at);
	free(numbers.at);
	free(want_numbers.at);
	free(ids);
	free(want);
	free(sets);
	free(of_rows);
	ref->free(ref);
}

static void test_operations(void **state)
{
	(void)state;
	each_ops(rope_case);
	each_ops(attend_case);
	each_ops(keep_case);
	each_ops(log_sum_case);
	each_ops(greatest_case);
}

/* --- prepared weights ----------------------------------------------------------------------- */

/* Weights of any type become what those of act become. */
static void prepare_case(struct ops *ops)
{
	size_t n = some(70), k = some(70), bytes = ops->prepared_bytes(ops, n, k);
	struct tensor from = random_tensor(DTYPE_F32, n * k);
	struct tensor narrow = moved(ops, copy_as(from, ops->act, n * k), n * k);
	struct tensor wide = moved(ops, from, n * k), a = tensor_new(DTYPE_BF16, bytes / 2);
	struct tensor b = tensor_new(DTYPE_BF16, bytes / 2);
	struct tensor by_wide = lent(ops, a, bytes / 2), by_narrow = lent(ops, b, bytes / 2);

	assert_int_equal(bytes % 64, 0);
	ops->prepare(ops, by_wide.at, wide, n, k);
	ops->prepare(ops, by_narrow.at, narrow, n, k);
	give_back(ops, by_wide, a, bytes / 2);
	give_back(ops, by_narrow, b, bytes / 2);
	assert_memory_equal(a.at, b.at, bytes);
	free(a.at);
	free(b.at);
	ops->release(ops, wide.at);
	ops->release(ops, narrow.at);
}

static void test_prepare(void **state)
{
	(void)state;
	each_ops(prepare_case);
}

/* --- rows alone ----------------------------------------------------------------------------- */

/* One operation from x[m, in] to out[m, width]; all in memory of ops. */
struct by_rows {
	const char *name;
	struct ops *ops;
	struct tensor x, out, w, bias, stats;
	void *prepared;
	size_t in, width;
	bool add;
	void (*run)(struct by_rows *b, struct tensor out, struct tensor x, size_t m);
};

static void run_linear(struct by_rows *b, struct tensor out, struct tensor x, size_t m)
{
	b->ops->linear(b->ops, out, x, b->w, b->bias, b->add ? out : (struct tensor){0}, m,
		       b->width, b->in);
}

static void run_prepared(struct by_rows *b, struct tensor out, struct tensor x, size_t m)
{
	b->ops->linear_prepared(b->ops, out, x, b->prepared, b->bias, m, b->width, b->in, b->add);
}

static void run_layernorm(struct by_rows *b, struct tensor out, struct tensor x, size_t m)
{
	b->ops->layernorm(b->ops, out, b->stats, x, b->w, b->bias, m, b->in, 1e-5);
}

static void run_rmsnorm(struct by_rows *b, struct tensor out, struct tensor x, size_t m)
{
	b->ops->rmsnorm(b->ops, out, b->stats, x, b->w, m, b->in, 1e-5);
}

static void run_quick_gelu(struct by_rows *b, struct tensor out, struct tensor x, size_t m)
{
	b->ops->quick_gelu(b->ops, out, x, m * b->in);
}

static void run_swiglu(struct by_rows *b, struct tensor out, struct tensor x, size_t m)
{
	b->ops->swiglu(b->ops, out, x, m, b->width);
}

/* All m rows at once, then pieces of them. */
static void check_rows(struct by_rows *b, size_t m)
{
	size_t numbers = m * b->width, bytes = numbers * dtype_bytes(b->out.type);
	struct tensor whole = tensor_new(b->out.type, numbers);
	struct tensor pieces = tensor_new(b->out.type, numbers), part;
	struct ops *ops = b->ops;

	ops->download(ops, whole.at, b->out, numbers);
	part = lent(ops, whole, numbers);
	b->run(b, b->out, b->x, m);
	for (size_t row = 0, n; row < m; row += n) {
		n = rng_chance(&rng, 0.5) ? 1 : some(40) + 1;
		n = n < m - row ? n : m - row;
		b->run(b, tensor_from(part, row * b->width), tensor_from(b->x, row * b->in), n);
	}
	ops->download(ops, whole.at, b->out, numbers);
	ops->download(ops, pieces.at, part, numbers);
	if (bytes > 0 && memcmp(whole.at, pieces.at, bytes) != 0)
		fail_msg("%s of %s: rows differ alone and among %zu (in %zu, out %zu, add %d)",
			 b->name, b->ops->name, m, b->in, b->width, b->add);
	free(whole.at);
	free(pieces.at);
	ops->release(ops, part.at);
	ops->release(ops, b->x.at);
	ops->release(ops, b->out.at);
	ops->release(ops, b->w.at);
	ops->release(ops, b->bias.at);
	ops->release(ops, b->stats.at);
	ops->release(ops, b->prepared);
}

static void linear_rows_case(struct ops *ops)
{
	bool prepared = rng_chance(&rng, 0.7);
	struct by_rows b = {.name = prepared ? "linear_prepared" : "linear",
			    .ops = ops,
			    .in = 32 * some(8) + (rng_chance(&rng, 0.3) ? some(31) : 0),
			    .width = some(150),
			    .run = prepared ? run_prepared : run_linear};
	size_t m = some(300);

	b.add = rng_chance(&rng, 0.5);
	b.x = random_on(ops, ops->act, m * b.in);
	b.w = random_on(ops, ops->act, b.width * b.in);
	b.out = random_on(ops, rng_chance(&rng, 0.5) ? ops->act : DTYPE_F32, m * b.width);
	if (rng_chance(&rng, 0.5))
		b.bias = random_on(ops, DTYPE_F32, b.width);
	b.prepared = ops->alloc(ops, ops->prepared_bytes(ops, b.width, b.in));
	assert_non_null(b.prepared);
	ops->prepare(ops, b.prepared, b.w, b.width, b.in);
	check_rows(&b, m);
}

static void norm_rows_case(struct ops *ops)
{
	bool layer = rng_chance(&rng, 0.5);
	size_t m = some(100), d = some(200) + 2;
	struct by_rows b = {.name = layer ? "layernorm" : "rmsnorm",
			    .ops = ops,
			    .x = random_on(ops, DTYPE_F32, m * d),
			    .out = random_on(ops, ops->act, m * d),
			    .w = random_on(ops, DTYPE_F32, d),
			    .bias = random_on(ops, DTYPE_F32, d),
			    .stats = random_on(ops, DTYPE_F32, 2 * m),
			    .in = d,
			    .width = d,
			    .run = layer ? run_layernorm : run_rmsnorm};

	check_rows(&b, m);
}

static void element_rows_case(struct ops *ops)
{
	bool gelu = rng_chance(&rng, 0.5);
	size_t m = some(100), d = some(200) + 1;
	struct by_rows b = {.name = gelu ? "quick_gelu" : "swiglu",
			    .ops = ops,
			    .x = random_on(ops, ops->act, 2 * m * d),
			    .out = random_on(ops, ops->act, m * d),
			    .in = gelu ? d : 2 * d,
			    .width = d,
			    .run = gelu ? run_quick_gelu : run_swiglu};

	check_rows(&b, m);
}

/* A causal row does not see how long its sample is. */
static void length_case(struct ops *ops)
{
	struct heads h = random_heads();
	int t = (int)some(300) + 1, less = (int)rng_range(&rng, 1, t);
	size_t n = (size_t)t * row_numbers(h), out_n = (size_t)(t * h.heads * h.size);
	struct tensor qkv = random_on(ops, ops->act, n), lse = random_on(ops, DTYPE_F32, out_n);
	struct tensor whole = tensor_new(ops->act, out_n), part = tensor_new(ops->act, out_n);
	struct tensor a = lent(ops, whole, out_n), b = lent(ops, part, out_n);

	ops->attention(ops, a, lse, qkv, h, 1, t, 0, true);
	ops->attention(ops, b, lse, qkv, h, 1, less, 0, true);
	give_back(ops, a, whole, out_n);
	give_back(ops, b, part, out_n);
	assert_memory_equal(whole.at, part.at,
			    (size_t)(less * h.heads * h.size) * dtype_bytes(ops->act));
	ops->release(ops, qkv.at);
	ops->release(ops, lse.at);
	free(whole.at);
	free(part.at);
}

static void test_rows_alone(void **state)
{
	(void)state;
	each_ops(linear_rows_case);
	each_ops(norm_rows_case);
	each_ops(element_rows_case);
	each_ops(length_case);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_operations),
		cmocka_unit_test(test_prepare),
		cmocka_unit_test(test_rows_alone),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	rng = rng_stream(test_seed(), 0, "decoding", 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
