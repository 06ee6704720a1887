/* SPDX-License-Identifier: MIT */
/*
 * The ops of ops_kinds.h against ops_ref, with act F32 and BF16, over random shapes; and the same bits
 * with one thread and with three. CADGEN_TEST_SEED repeats a run.
 *
 * Inputs are rounded to their type first, so that the bounds are on arithmetic alone. A bound is
 * relative * |want| + absolute * size, size being the sum of magnitudes for sums over many numbers, else
 * the greatest |want| of the tensor, or 1, as inputs are about that:
 *   outputs in BF16 are rounded once, within 2^-9 of themselves: relative is 2^-8;
 *   sums of up to 700 floats of 24 bits, each order of them, stay within 700 * 2^-24 < 5e-5 of the sum of
 *   magnitudes at worst and within a tenth of it in practice: absolute is 1e-5;
 *   weights and their gradients within attention are rounded to BF16 where act is: each within 2^-9, and
 *   up to three of them in a chain: absolute is 2^-6 of the greatest, against errors of its own size when
 *   anything is wrong.
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

#define SLOTS 8

static uint64_t seed;
static struct rng rng;

/* --- calls ---------------------------------------------------------------------------------- */

/* One tensor of a call: as the ops tested have it (with one thread, with three) and as ops_ref has it. */
struct slot {
	struct tensor one, three, want;
	size_t n;
	bool checked;
	double relative, absolute;
	double *sizes; /* of each number; NULL: the greatest of all */
};

struct call {
	const char *name;
	void (*run)(struct ops *ops, const struct tensor *t, struct call *c);
	struct slot slots[SLOTS];
	int count;
	size_t m, n, k;
	int batch, t, first, sense;
	struct heads h;
	bool flag;
	int32_t *ids;
	uint8_t *pixels;
	double loss; /* what it returns */
	enum dtype act;
};

static double normal(void)
{
	double sum = -6;

	for (int i = 0; i < 12; i++)
		sum += rng_unit(&rng);
	return sum;
}

static struct tensor tensor_new(enum dtype type, size_t n)
{
	return (struct tensor){mem_alloc(n, dtype_bytes(type)), type};
}

/* A tensor of normal numbers times scale (plus shift). */
static struct slot *give(struct call *c, enum dtype type, size_t n, double scale, double shift)
{
	struct slot *s = &c->slots[c->count++];

	assert_in_range(c->count, 1, SLOTS);
	*s = (struct slot){tensor_new(type, n),
			   tensor_new(type, n),
			   tensor_new(DTYPE_F64, n),
			   n,
			   false,
			   0,
			   0,
			   NULL};
	for (size_t i = 0; i < n; i++) {
		tensor_set(s->one, i, normal() * scale + shift);
		tensor_set(s->three, i, tensor_get(s->one, i));
		tensor_set(s->want, i, tensor_get(s->one, i));
	}
	return s;
}

static void give_none(struct call *c)
{
	c->slots[c->count++] = (struct slot){0};
}

/* An output, with something in it already. */
static struct slot *expect(struct call *c, enum dtype type, size_t n, double absolute)
{
	struct slot *s = give(c, type, n, 1, 0);

	s->checked = true;
	s->relative = type == DTYPE_BF16 ? 0x1p-8 : 1e-6;
	s->absolute = absolute;
	return s;
}

static double greatest(const struct slot *s)
{
	double most = 1;

	for (size_t i = 0; i < s->n; i++)
		most = fmax(most, fabs(tensor_get(s->want, i)));
	return most;
}

static void check_slot(const struct ops *ops, const struct call *c, int which)
{
	const struct slot *s = &c->slots[which];
	double most = greatest(s);

	for (size_t i = 0; i < s->n; i++) {
		double want = tensor_get(s->want, i), got = tensor_get(s->one, i);
		double size = s->sizes ? s->sizes[i] : most;
		double bound = s->relative * fabs(want) + s->absolute * size + 1e-30;

		if (!(fabs(got - want) <= bound))
			fail_msg("%s of %s, tensor %d, number %zu of %zu: %g, not %g +- %g "
				 "(m %zu n %zu k %zu, heads %d %d %d, batch %d t %d, flag %d)",
				 c->name, ops->name, which, i, s->n, got, want, bound, c->m, c->n,
				 c->k, c->h.heads, c->h.kv_heads, c->h.size, c->batch, c->t,
				 c->flag);
	}
}

/* In memory of ops, from and to that of the slots. */
static void run_with(struct ops *ops, struct call *c, size_t member)
{
	struct tensor t[SLOTS], own[SLOTS];

	for (int i = 0; i < SLOTS; i++) {
		size_t n = c->slots[i].n;

		memcpy(&own[i], (const char *)&c->slots[i] + member, sizeof(own[i]));
		t[i] = own[i];
		if (tensor_is_none(own[i]))
			continue;
		t[i].at = ops->alloc(ops, n * dtype_bytes(own[i].type));
		assert_non_null(t[i].at);
		ops->upload(ops, t[i], own[i].at, n);
	}
	c->run(ops, t, c);
	for (int i = 0; i < SLOTS; i++)
		if (!tensor_is_none(own[i])) {
			ops->download(ops, own[i].at, t[i], c->slots[i].n);
			ops->release(ops, t[i].at);
		}
}

static void release(struct call *c)
{
	for (int i = 0; i < c->count; i++) {
		free(c->slots[i].one.at);
		free(c->slots[i].three.at);
		free(c->slots[i].want.at);
		free(c->slots[i].sizes);
	}
	free(c->ids);
	free(c->pixels);
}

/* ops[0] has one thread and ops[1] three. */
static void check_call(struct ops *const *ops, struct call *c)
{
	struct ops *ref = ops_ref_new();
	double want, one;

	run_with(ref, c, offsetof(struct slot, want));
	want = c->loss;
	run_with(ops[0], c, offsetof(struct slot, one));
	one = c->loss;
	run_with(ops[1], c, offsetof(struct slot, three));
	if (!(fabs(one - want) <= 1e-5 * fabs(want) + 1e-6) || one != c->loss)
		fail_msg("%s of %s: %.9g with one thread, %.9g with three, not %.9g", c->name,
			 ops[0]->name, one, c->loss, want);
	for (int i = 0; i < c->count; i++) {
		struct slot *s = &c->slots[i];

		if (s->checked)
			check_slot(ops[0], c, i);
		if (s->n && memcmp(s->one.at, s->three.at, s->n * dtype_bytes(s->one.type)))
			fail_msg("%s of %s: other bits with three threads", c->name, ops[0]->name);
	}
	ref->free(ref);
	release(c);
}

/* Calls test with each kind and act that this machine has. */
static void each_ops(void (*test)(struct ops *const *ops, enum dtype act))
{
	static const enum dtype acts[] = {DTYPE_F32, DTYPE_BF16};

	rng = rng_stream(seed, 0, "ops", 0);
	for (int kind = 0; kind < ops_kind_count; kind++)
		for (int i = 0; i < 2; i++) {
			struct ops *ops[] = {ops_of_kind(kind, 1, acts[i]),
					     ops_of_kind(kind, 3, acts[i])};
			struct err err = {0};

			if (!ops[0])
				break;
			assert_non_null(ops[1]);
			assert_int_equal(ops[0]->act, acts[i]);
			for (int round = 0; round < ops_kind_rounds; round++)
				test(ops, acts[i]);
			if (ops[0]->check(ops[0], &err) < 0 || ops[1]->check(ops[1], &err) < 0)
				fail_msg("%s: %s", ops[0]->name, err.msg);
			ops[0]->free(ops[0]);
			ops[1]->free(ops[1]);
		}
}

/* 0, 1, edges of tiles, or anything up to most. */
static size_t some(size_t most)
{
	static const size_t edges[] = {0, 1, 1, 2, 14, 15, 16, 17, 31, 32, 33, 64};
	size_t edge = edges[rng_below(&rng, 12)];

	if (rng_chance(&rng, 0.4) && edge <= most)
		return edge;
	return rng_below(&rng, (uint32_t)most) + 1;
}

static enum dtype either(enum dtype act)
{
	return rng_chance(&rng, 0.5) ? act : DTYPE_F32;
}

/* --- matrix products ------------------------------------------------------------------------ */

static void run_linear(struct ops *ops, const struct tensor *t, struct call *c)
{
	ops->linear(ops, t[0], t[1], t[2], t[3], c->m, c->n, c->k, c->flag);
}

static void run_linear_prepared(struct ops *ops, const struct tensor *t, struct call *c)
{
	void *w = ops->alloc(ops, ops->prepared_bytes(ops, c->n, c->k));

	assert_non_null(w);
	ops->prepare(ops, w, t[2], c->n, c->k);
	ops->linear_prepared(ops, t[0], t[1], w, t[3], c->m, c->n, c->k, c->flag);
	ops->release(ops, w);
}

static void run_linear_dx(struct ops *ops, const struct tensor *t, struct call *c)
{
	ops->linear_dx(ops, t[0], t[1], t[2], c->m, c->n, c->k, c->flag);
}

static void run_linear_dw(struct ops *ops, const struct tensor *t, struct call *c)
{
	ops->linear_dw(ops, t[0], t[3], t[1], t[2], c->m, c->n, c->k);
}

/* Sizes of the sums: what the call gives for magnitudes. */
static void measure(struct call *c, int which)
{
	struct ops *ref = ops_ref_new();
	struct tensor t[SLOTS] = {{0}};

	for (int i = 0; i < c->count; i++) {
		struct slot *s = &c->slots[i];

		if (!s->n)
			continue;
		t[i] = tensor_new(DTYPE_F64, s->n);
		for (size_t j = 0; j < s->n; j++)
			tensor_set(t[i], j, fabs(tensor_get(s->want, j)));
	}
	c->run(ref, t, c);
	for (int i = 0; i < c->count; i++)
		if (i == which)
			c->slots[i].sizes = t[i].at;
		else
			free(t[i].at);
	ref->free(ref);
}

/* To numbers that BF16 holds. */
static void round_numbers(struct slot *s)
{
	for (size_t i = 0; i < s->n; i++) {
		double v = (double)bf16_to_float(bf16_from_float((float)tensor_get(s->one, i)));

		tensor_set(s->one, i, v);
		tensor_set(s->three, i, v);
		tensor_set(s->want, i, v);
	}
}

static void linear_case(struct ops *const *ops, enum dtype act)
{
	bool prepared = rng_chance(&rng, 0.5);
	struct call c = {.name = prepared ? "linear_prepared" : "linear",
			 .run = prepared ? run_linear_prepared : run_linear};

	c.m = some(prepared ? 300 : 100);
	c.n = some(150);
	c.k = some(300);
	c.flag = rng_chance(&rng, 0.5);
	expect(&c, either(act), c.m * c.n, 1e-5);
	give(&c, act, c.m * c.k, 1, 0);
	give(&c, act, c.n * c.k, 1, 0);
	if (rng_chance(&rng, 0.5)) {
		struct slot *bias = give(&c, DTYPE_F32, c.n, 1, 0);

		if (ops_kind_rounds_bias)
			round_numbers(bias);
	} else {
		give_none(&c);
	}
	measure(&c, 0);
	check_call(ops, &c);
}

static void linear_dx_case(struct ops *const *ops, enum dtype act)
{
	struct call c = {.name = "linear_dx", .run = run_linear_dx};

	c.m = some(100);
	c.n = some(300);
	c.k = some(150);
	c.flag = rng_chance(&rng, 0.5);
	expect(&c, either(act), c.m * c.k, 1e-5);
	give(&c, act, c.m * c.n, 1, 0);
	give(&c, act, c.n * c.k, 1, 0);
	measure(&c, 0);
	check_call(ops, &c);
}

/* m over a chunk of either type, now and then. */
static void linear_dw_case(struct ops *const *ops, enum dtype act)
{
	struct call c = {.name = "linear_dw", .run = run_linear_dw};

	c.m = rng_chance(&rng, 0.2) ? 1000 + some(100) : some(300);
	c.n = some(70);
	c.k = some(70);
	expect(&c, DTYPE_F32, c.n * c.k, 1e-5);
	give(&c, act, c.m * c.n, 1, 0);
	give(&c, act, c.m * c.k, 1, 0);
	if (rng_chance(&rng, 0.7))
		expect(&c, DTYPE_F32, c.n, 1e-5)->relative = 1e-4;
	else
		give_none(&c);
	measure(&c, 0);
	check_call(ops, &c);
}

static void test_products(void **state)
{
	(void)state;
	each_ops(linear_case);
	each_ops(linear_dx_case);
	each_ops(linear_dw_case);
}

/* --- attention ------------------------------------------------------------------------------ */

static void run_attention(struct ops *ops, const struct tensor *t, struct call *c)
{
	ops->attention(ops, t[0], t[1], t[2], c->h, c->batch, c->t, c->flag);
}

static void run_attention_back(struct ops *ops, const struct tensor *t, struct call *c)
{
	ops->attention_back(ops, t[0], t[1], t[2], t[3], t[4], c->h, c->batch, c->t, c->flag);
}

static void run_rope(struct ops *ops, const struct tensor *t, struct call *c)
{
	ops->rope(ops, t[0], c->h, c->batch, c->t, c->first, 10000, c->sense);
}

static void choose_heads(struct call *c)
{
	static const int sizes[] = {64, 32, 128, 1, 6, 17, 80};
	int group = (int)rng_range(&rng, 1, 3);

	c->h.kv_heads = (int)rng_range(&rng, 1, 2);
	c->h.heads = c->h.kv_heads * group;
	c->h.size = sizes[rng_below(&rng, 7)];
	c->batch = (int)rng_range(&rng, 1, 2);
	c->t = (int)some(rng_chance(&rng, 0.1) ? 280 : 70);
	c->flag = rng_chance(&rng, 0.5);
	c->m = (size_t)(c->batch * c->t);
	c->k = (size_t)(c->h.heads * c->h.size);
	c->n = c->k + (size_t)(2 * c->h.kv_heads * c->h.size);
}

static void attention_case(struct ops *const *ops, enum dtype act)
{
	struct call c = {.name = "attention", .run = run_attention};
	double loose = act == DTYPE_BF16 ? 0x1p-6 : 1e-5;

	choose_heads(&c);
	expect(&c, act, c.m * c.k, loose);
	expect(&c, DTYPE_F32, c.m * (size_t)c.h.heads, 1e-5);
	give(&c, act, c.m * c.n, 1, 0);
	check_call(ops, &c);
}

static void attention_back_case(struct ops *const *ops, enum dtype act)
{
	struct call c = {.name = "attention_back", .run = run_attention_back};
	struct ops *ref = ops_ref_new();
	struct slot *out, *lse, *qkv;

	choose_heads(&c);
	expect(&c, act, c.m * c.n, act == DTYPE_BF16 ? 0x1p-6 : 2e-5);
	give(&c, act, c.m * c.k, 1, 0);
	out = give(&c, act, c.m * c.k, 0, 0);
	lse = give(&c, DTYPE_F32, c.m * (size_t)c.h.heads, 0, 0);
	qkv = give(&c, act, c.m * c.n, 1, 0);
	ref->attention(ref, out->one, lse->one, qkv->one, c.h, c.batch, c.t, c.flag);
	ref->convert(ref, out->three, out->one, out->n);
	ref->convert(ref, out->want, out->one, out->n);
	ref->convert(ref, lse->three, lse->one, lse->n);
	ref->convert(ref, lse->want, lse->one, lse->n);
	ref->free(ref);
	check_call(ops, &c);
}

static void rope_case(struct ops *const *ops, enum dtype act)
{
	struct call c = {.name = "rope", .run = run_rope};

	choose_heads(&c);
	c.first = (int)rng_below(&rng, 50);
	c.sense = rng_chance(&rng, 0.5) ? 1 : -1;
	expect(&c, act, c.m * c.n, 1e-6);
	check_call(ops, &c);
}

static void test_attention(void **state)
{
	(void)state;
	each_ops(attention_case);
	each_ops(attention_back_case);
	each_ops(rope_case);
}

/* --- norms ---------------------------------------------------------------------------------- */

static void run_layernorm(struct ops *ops, const struct tensor *t, struct call *c)
{
	ops->layernorm(ops, t[0], t[1], t[2], t[3], t[4], c->m, c->n, 1e-5);
}

static void run_rmsnorm(struct ops *ops, const struct tensor *t, struct call *c)
{
	ops->rmsnorm(ops, t[0], t[1], t[2], t[3], c->m, c->n, 1e-5);
}

static void run_layernorm_back(struct ops *ops, const struct tensor *t, struct call *c)
{
	ops->layernorm_back(ops, t[0], t[1], t[2], t[3], t[4], t[5], t[6], c->m, c->n);
}

static void run_rmsnorm_back(struct ops *ops, const struct tensor *t, struct call *c)
{
	ops->rmsnorm_back(ops, t[0], t[1], t[2], t[3], t[4], t[5], c->m, c->n);
}

/* What is rounded in a row are its numbers, which the norm divides by their deviation: in a row of two that
 * are near each other much is left of it. */
static void measure_rows(const struct call *c, struct slot *out, const struct slot *x)
{
	out->sizes = mem_alloc(out->n, sizeof(double));
	for (size_t row = 0; row < c->m; row++) {
		double mean = 0, squares = 0, most = 0;

		for (size_t j = 0; j < c->n; j++)
			mean += tensor_get(x->want, row * c->n + j) / (double)c->n;
		for (size_t j = 0; j < c->n; j++) {
			double v = tensor_get(x->want, row * c->n + j);

			squares += (v - mean) * (v - mean) / (double)c->n;
			most = fmax(most, fabs(v));
		}
		for (size_t j = 0; j < c->n; j++)
			out->sizes[row * c->n + j] = 2 + most / sqrt(squares + 1e-6);
	}
}

static void norm_case(struct ops *const *ops, enum dtype act)
{
	bool layer = rng_chance(&rng, 0.5);
	struct call c = {.name = layer ? "layernorm" : "rmsnorm",
			 .run = layer ? run_layernorm : run_rmsnorm};
	struct slot *out;

	c.m = some(40);
	c.n = some(300);
	out = expect(&c, act, c.m * c.n, 1e-5);
	expect(&c, DTYPE_F32, layer ? 2 * c.m : c.m, 1e-5);
	measure_rows(&c, out, give(&c, DTYPE_F32, c.m * c.n, 2, 0.5));
	give(&c, DTYPE_F32, c.n, 0.5, 1);
	give(&c, DTYPE_F32, c.n, 0.5, 0);
	if (c.n != 1) /* a row of one number is its mean: nothing but rounding is left */
		check_call(ops, &c);
	else
		release(&c);
}

/* Sizes of the sums over rows: which is 1 (dw, of dy * xhat) or 2 (db, of dy). */
static void measure_columns(struct call *c, int which, const struct slot *dy, const struct slot *x,
			    const struct slot *stats)
{
	struct slot *s = &c->slots[which];
	bool layer = stats->n == 2 * c->m;

	s->sizes = mem_alloc(c->n, sizeof(double));
	for (size_t j = 0; j < c->n; j++)
		s->sizes[j] = fabs(tensor_get(s->want, j));
	for (size_t i = 0; i < c->m * c->n; i++) {
		size_t row = i / c->n;
		double mean = layer ? tensor_get(stats->want, 2 * row) : 0;
		double scale = tensor_get(stats->want, layer ? 2 * row + 1 : row);
		double xhat = which == 1 ? (fabs(tensor_get(x->want, i)) + fabs(mean)) * scale : 1;

		s->sizes[i % c->n] += fabs(tensor_get(dy->want, i) * xhat);
	}
}

static void norm_back_case(struct ops *const *ops, enum dtype act)
{
	bool layer = rng_chance(&rng, 0.5);
	struct call c = {.name = layer ? "layernorm_back" : "rmsnorm_back",
			 .run = layer ? run_layernorm_back : run_rmsnorm_back};
	struct slot *dy, *x, *stats;

	c.m = some(200);
	c.n = some(300);
	expect(&c, DTYPE_F32, c.m * c.n, 1e-5);
	expect(&c, DTYPE_F32, c.n, 1e-5);
	if (layer)
		expect(&c, DTYPE_F32, c.n, 1e-5);
	dy = give(&c, act, c.m * c.n, 1, 0);
	x = give(&c, DTYPE_F32, c.m * c.n, 2, 0.5);
	give(&c, DTYPE_F32, c.n, 0.5, 1);
	stats = give(&c, DTYPE_F32, layer ? 2 * c.m : c.m, 0.1, 0.5);
	measure_columns(&c, 1, dy, x, stats);
	if (layer)
		measure_columns(&c, 2, dy, x, stats);
	check_call(ops, &c);
}

static void test_norms(void **state)
{
	(void)state;
	each_ops(norm_case);
	each_ops(norm_back_case);
}

/* --- elements ------------------------------------------------------------------------------- */

static void run_quick_gelu(struct ops *ops, const struct tensor *t, struct call *c)
{
	ops->quick_gelu(ops, t[0], t[1], c->n);
	ops->quick_gelu_back(ops, t[2], t[3], t[1], c->n);
	ops->quick_gelu_back(ops, t[4], t[4], t[1], c->n);
}

static void run_swiglu(struct ops *ops, const struct tensor *t, struct call *c)
{
	ops->swiglu(ops, t[0], t[1], c->m, c->n);
	ops->swiglu_back(ops, t[2], t[3], t[1], c->m, c->n);
}

static void run_copies(struct ops *ops, const struct tensor *t, struct call *c)
{
	ops->convert(ops, t[0], t[1], c->n);
	ops->convert(ops, t[2], t[3], c->n);
	ops->mix(ops, t[4], t[1], c->n, 1, 1);
	ops->mix(ops, t[5], t[3], c->n, 1, 1);
	ops->mix(ops, t[6], t[1], c->n, 0.75, -0.25);
	ops->mix(ops, t[7], t[3], c->n, 0.75, -0.25);
	ops->mix(ops, t[6], t[6], c->n, 0.5, 0);
	c->loss = ops->sum_squares(ops, t[3], c->n);
}

static void element_case(struct ops *const *ops, enum dtype act)
{
	struct call c = {.name = "quick_gelu", .run = run_quick_gelu};

	c.n = some(12000);
	expect(&c, act, c.n, 1e-6);
	give(&c, act, c.n, 3, 0);
	expect(&c, act, c.n, 1e-6);
	give(&c, act, c.n, 1, 0);
	expect(&c, act, c.n, 1e-6);
	check_call(ops, &c);
}

static void swiglu_case(struct ops *const *ops, enum dtype act)
{
	struct call c = {.name = "swiglu", .run = run_swiglu};

	c.m = some(40);
	c.n = some(100);
	expect(&c, act, c.m * c.n, 1e-6);
	give(&c, act, 2 * c.m * c.n, 2, 0);
	expect(&c, act, 2 * c.m * c.n, 1e-6);
	give(&c, act, c.m * c.n, 1, 0);
	check_call(ops, &c);
}

static void copy_case(struct ops *const *ops, enum dtype act)
{
	struct call c = {.name = "convert and mix", .run = run_copies};

	c.n = some(12000);
	expect(&c, act, c.n, 0);
	give(&c, DTYPE_F32, c.n, 1, 0);
	expect(&c, DTYPE_F32, c.n, 0);
	give(&c, act, c.n, 1, 0);
	for (int i = 0; i < 2; i++) {
		expect(&c, act, c.n, 1e-6);
		expect(&c, DTYPE_F32, c.n, 1e-6);
	}
	check_call(ops, &c);
}

static void test_elements(void **state)
{
	(void)state;
	each_ops(element_case);
	each_ops(swiglu_case);
	each_ops(copy_case);
}

/* --- rows ----------------------------------------------------------------------------------- */

static void run_patches(struct ops *ops, const struct tensor *t, struct call *c)
{
	ops->patches(ops, t[0], c->pixels, c->batch, c->t, c->first, 0.9, 0.2);
}

static void run_positions(struct ops *ops, const struct tensor *t, struct call *c)
{
	ops->add_positions(ops, t[0], t[1], t[2], t[3], c->batch, c->t, c->n);
	ops->add_positions_back(ops, t[4], t[5], t[6], t[0], c->batch, c->t, c->n);
}

static void run_moves(struct ops *ops, const struct tensor *t, struct call *c)
{
	ops->scatter_rows(ops, t[0], t[1], c->ids, c->m, c->n);
	ops->gather_rows(ops, t[2], t[3], c->ids, c->m, c->n);
}

static void run_embed(struct ops *ops, const struct tensor *t, struct call *c)
{
	ops->embed(ops, t[0], t[1], c->ids, c->m, c->n);
	ops->embed_back(ops, t[2], t[0], c->ids, c->m, c->n);
}

static void patch_case(struct ops *const *ops, enum dtype act)
{
	struct call c = {.name = "patches", .run = run_patches};
	size_t bytes;

	c.batch = (int)rng_range(&rng, 0, 5);
	c.first = (int)rng_range(&rng, 1, 9);
	c.t = c.first * (int)rng_range(&rng, 1, 5);
	bytes = (size_t)(c.batch * c.t * c.t);
	c.pixels = mem_alloc(bytes, 1);
	for (size_t i = 0; i < bytes; i++)
		c.pixels[i] = (uint8_t)rng_below(&rng, 256);
	expect(&c, act, bytes, 1e-6);
	check_call(ops, &c);
}

static void position_case(struct ops *const *ops, enum dtype act)
{
	struct call c = {.name = "add_positions", .run = run_positions};
	size_t rows;

	c.batch = (int)rng_range(&rng, 0, 5);
	c.t = (int)some(40);
	c.n = some(80);
	rows = (size_t)(c.batch * c.t);
	expect(&c, DTYPE_F32, (size_t)(c.batch * (c.t + 1)) * c.n, 1e-6);
	give(&c, either(act), rows * c.n, 1, 0);
	give(&c, DTYPE_F32, c.n, 1, 0);
	give(&c, DTYPE_F32, (size_t)(c.t + 1) * c.n, 1, 0);
	expect(&c, act, rows * c.n, 1e-6);
	expect(&c, DTYPE_F32, c.n, 1e-5);
	expect(&c, DTYPE_F32, (size_t)(c.t + 1) * c.n, 1e-5);
	check_call(ops, &c);
}

static void move_case(struct ops *const *ops, enum dtype act)
{
	struct call c = {.name = "scatter and gather", .run = run_moves};
	size_t all;

	c.m = some(60);
	c.n = some(80);
	all = 2 * c.m;
	c.ids = mem_alloc(c.m, sizeof(*c.ids));
	for (size_t i = 0; i < c.m; i++)
		c.ids[i] = (int32_t)(2 * ((i + 5) % c.m) + rng_below(&rng, 2));
	expect(&c, either(act), all * c.n, 0);
	give(&c, either(act), c.m * c.n, 1, 0);
	expect(&c, either(act), c.m * c.n, 0);
	give(&c, either(act), all * c.n, 1, 0);
	check_call(ops, &c);
}

static void embed_case(struct ops *const *ops, enum dtype act)
{
	struct call c = {.name = "embed", .run = run_embed};

	c.m = some(60);
	c.n = some(150);
	c.ids = mem_alloc(c.m, sizeof(*c.ids));
	for (size_t i = 0; i < c.m; i++)
		c.ids[i] = (int32_t)rng_range(&rng, -2, 19);
	expect(&c, DTYPE_F32, c.m * c.n, 0);
	give(&c, either(act), 20 * c.n, 1, 0);
	expect(&c, DTYPE_F32, 20 * c.n, 1e-5);
	check_call(ops, &c);
}

static void test_rows(void **state)
{
	(void)state;
	each_ops(patch_case);
	each_ops(position_case);
	each_ops(move_case);
	each_ops(embed_case);
}

/* --- loss and update ------------------------------------------------------------------------ */

static void run_loss(struct ops *ops, const struct tensor *t, struct call *c)
{
	double smoothing = c->flag ? 0.1 : 0;

	c->loss = ops->cross_entropy(ops, t[0], t[1], c->ids, c->m, c->n, smoothing, 0.5);
	c->loss +=
		ops->cross_entropy(ops, (struct tensor){0}, t[2], c->ids, c->m, c->n, smoothing, 1);
	c->loss += ops->cross_entropy(ops, t[2], t[2], c->ids, c->m, c->n, smoothing, 1);
}

static void run_adamw(struct ops *ops, const struct tensor *t, struct call *c)
{
	struct adamw how = {1e-3, 0.9, 0.95, 1e-8, 0.1, 0.5, 3};

	ops->adamw(ops, t[0], t[1], t[2], t[3], t[4], c->n, &how);
}

static void loss_case(struct ops *const *ops, enum dtype act)
{
	struct call c = {.name = "cross_entropy", .run = run_loss};

	c.m = some(50);
	c.n = some(800) + 1;
	c.flag = rng_chance(&rng, 0.5);
	c.ids = mem_alloc(c.m, sizeof(*c.ids));
	for (size_t i = 0; i < c.m; i++)
		c.ids[i] = (int32_t)rng_below(&rng, (uint32_t)c.n);
	expect(&c, act, c.m * c.n, 1e-6);
	give(&c, either(act), c.m * c.n, 3, 0);
	expect(&c, act, c.m * c.n, 1e-6);
	check_call(ops, &c);
}

static void adamw_case(struct ops *const *ops, enum dtype act)
{
	struct call c = {.name = "adamw", .run = run_adamw};
	struct slot *v;

	c.n = some(12000);
	expect(&c, DTYPE_F32, c.n, 1e-6);
	expect(&c, DTYPE_F32, c.n, 1e-6);
	v = expect(&c, DTYPE_F32, c.n, 1e-6);
	for (size_t i = 0; i < v->n; i++) {
		tensor_set(v->one, i, fabs(tensor_get(v->one, i)));
		tensor_set(v->three, i, fabs(tensor_get(v->three, i)));
		tensor_set(v->want, i, fabs(tensor_get(v->want, i)));
	}
	give(&c, DTYPE_F32, c.n, 1, 0);
	if (rng_chance(&rng, 0.8))
		expect(&c, act, c.n, 1e-6);
	else
		give_none(&c);
	check_call(ops, &c);
}

static void test_update(void **state)
{
	(void)state;
	each_ops(loss_case);
	each_ops(adamw_case);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_products), cmocka_unit_test(test_elements),
		cmocka_unit_test(test_norms),    cmocka_unit_test(test_rows),
		cmocka_unit_test(test_update),   cmocka_unit_test(test_attention),
		cmocka_unit_test(test_kinds),
	};

	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
