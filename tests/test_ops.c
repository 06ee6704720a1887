/* SPDX-License-Identifier: MIT */
/*
 * The ops of ops_kinds.h against ops_ref, with act F32 and BF16, over random shapes; and the same bits
 * with one thread and with three. CADGEN_TEST_SEED repeats a run.
 *
 * How far numbers may be off, beside what expect of ops_calls.h allows:
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
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "tests/ops_calls.h"
#include "tests/ops_kinds.h"
#include "tests/random_shapes.h"
#include "trainer/ops/ops_memory.h"

/* --- matrix products ------------------------------------------------------------------------ */

static void run_linear(struct ops *ops, const struct tensor *t, struct call *c)
{
	ops->linear(ops, t[0], t[1], t[2], t[3], c->flag ? t[0] : t[4], c->m, c->n, c->k);
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
	bool prepared = rng_chance(&call_rng, 0.5);
	struct call c = {.name = prepared ? "linear_prepared" : "linear",
			 .run = prepared ? run_linear_prepared : run_linear};
	enum dtype out = either(act);

	c.m = some(prepared ? 300 : 100);
	c.n = some(150);
	c.k = some(300);
	c.flag = rng_chance(&call_rng, 0.5);
	expect(&c, out, c.m * c.n, 1e-5);
	give(&c, act, c.m * c.k, 1, 0);
	give(&c, act, c.n * c.k, 1, 0);
	if (rng_chance(&call_rng, 0.5)) {
		struct slot *bias = give(&c, DTYPE_F32, c.n, 1, 0);

		if (ops_kind_rounds_bias)
			round_numbers(bias);
	} else {
		give_none(&c);
	}
	if (!prepared && !c.flag && rng_chance(&call_rng, 0.7))
		give(&c, out, c.m * c.n, 1, 0);
	measure(&c, 0);
	check_call(ops, &c);
}

static void linear_dx_case(struct ops *const *ops, enum dtype act)
{
	struct call c = {.name = "linear_dx", .run = run_linear_dx};

	c.m = some(100);
	c.n = some(300);
	c.k = some(150);
	c.flag = rng_chance(&call_rng, 0.5);
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

	c.m = rng_chance(&call_rng, 0.2) ? 1000 + some(100) : some(300);
	c.n = some(70);
	c.k = some(70);
	expect(&c, DTYPE_F32, c.n * c.k, 1e-5);
	give(&c, act, c.m * c.n, 1, 0);
	give(&c, act, c.m * c.k, 1, 0);
	if (rng_chance(&call_rng, 0.7))
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
	size_t first = (size_t)c->first, rows = (size_t)c->t;

	ops->attention(ops, t[0], t[1], t[2], c->h, c->batch, c->t, c->first, c->flag);
	/* What lies before the first row may be anything. */
	for (size_t i = 0; i < (size_t)c->batch; i++)
		ops->clear(ops, tensor_from(t[0], i * rows * c->k), first * c->k);
	for (size_t i = 0; i < (size_t)(c->batch * c->h.heads); i++)
		ops->clear(ops, tensor_from(t[1], i * rows), first);
}

static void run_attention_back(struct ops *ops, const struct tensor *t, struct call *c)
{
	ops->attention_back(ops, t[0], t[1], t[2], t[3], t[4], c->h, c->batch, c->t, c->first,
			    c->flag);
}

static void run_rope(struct ops *ops, const struct tensor *t, struct call *c)
{
	ops->rope(ops, t[0], c->h, c->batch, c->t, c->first, 10000, c->sense);
}

static void choose_heads(struct call *c)
{
	static const int sizes[] = {64, 32, 128, 1, 6, 17, 80};
	int group = (int)rng_range(&call_rng, 1, 3);

	c->h.kv_heads = (int)rng_range(&call_rng, 1, 2);
	c->h.heads = c->h.kv_heads * group;
	c->h.size = sizes[rng_below(&call_rng, 7)];
	c->batch = (int)rng_range(&call_rng, 1, 2);
	c->t = (int)some(rng_chance(&call_rng, 0.1) ? 280 : 70);
	c->first = rng_chance(&call_rng, 0.5) ? (int)rng_below(&call_rng, (uint32_t)c->t + 1) : 0;
	c->flag = rng_chance(&call_rng, 0.5);
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

/* Numbers `at` and after. */
static void set_numbers(struct slot *s, size_t at, size_t n, double v)
{
	for (size_t i = at; i < at + n; i++) {
		tensor_set(s->one, i, v);
		tensor_set(s->three, i, v);
		tensor_set(s->want, i, v);
	}
}

static void attention_back_case(struct ops *const *ops, enum dtype act)
{
	struct call c = {.name = "attention_back", .run = run_attention_back};
	struct ops *ref = ops_ref_new();
	struct slot *dout, *out, *lse, *qkv;

	choose_heads(&c);
	expect(&c, act, c.m * c.n, act == DTYPE_BF16 ? 0x1p-6 : 2e-5);
	dout = give(&c, act, c.m * c.k, 1, 0);
	for (int i = 0; i < c.batch; i++)
		set_numbers(dout, (size_t)(i * c.t) * c.k, (size_t)c.first * c.k, 0);
	out = give(&c, act, c.m * c.k, 0, 0);
	lse = give(&c, DTYPE_F32, c.m * (size_t)c.h.heads, 0, 0);
	qkv = give(&c, act, c.m * c.n, 1, 0);
	ref->attention(ref, out->one, lse->one, qkv->one, c.h, c.batch, c.t, c.first, c.flag);
	ref->convert(ref, out->three, out->one, out->n);
	ref->convert(ref, out->want, out->one, out->n);
	ref->convert(ref, lse->three, lse->one, lse->n);
	ref->convert(ref, lse->want, lse->one, lse->n);
	ref->free(ref);
	for (int i = 0; i < c.batch; i++)
		set_numbers(out, (size_t)(i * c.t) * c.k, (size_t)c.first * c.k, NAN);
	for (int i = 0; i < c.batch * c.h.heads; i++)
		set_numbers(lse, (size_t)(i * c.t), (size_t)c.first, NAN);
	check_call(ops, &c);
}

static void rope_case(struct ops *const *ops, enum dtype act)
{
	struct call c = {.name = "rope", .run = run_rope};

	choose_heads(&c);
	c.first = (int)rng_below(&call_rng, 50);
	c.sense = rng_chance(&call_rng, 0.5) ? 1 : -1;
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

/* Into t[1], into dy, or none. */
static struct tensor choose_copy(const struct tensor *t, struct tensor dy, const struct call *c)
{
	return c->sense > 0 ? t[1] : c->sense < 0 ? dy : (struct tensor){0};
}

/* t[1], whatever there was. */
static void fetch_copy(struct ops *ops, const struct tensor *t, struct tensor copy,
		       const struct call *c)
{
	if (copy.at != t[1].at)
		ops->convert(ops, t[1], copy.at ? copy : t[0], c->m * c->n);
}

static void run_layernorm_back(struct ops *ops, const struct tensor *t, struct call *c)
{
	struct tensor copy = choose_copy(t, t[4], c);

	ops->layernorm_back(ops, t[0], copy, t[2], t[3], t[4], t[5], t[6], t[7], c->m, c->n);
	fetch_copy(ops, t, copy, c);
}

static void run_rmsnorm_back(struct ops *ops, const struct tensor *t, struct call *c)
{
	struct tensor copy = choose_copy(t, t[3], c);

	ops->rmsnorm_back(ops, t[0], copy, t[2], t[3], t[4], t[5], t[6], c->m, c->n);
	fetch_copy(ops, t, copy, c);
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
	bool layer = rng_chance(&call_rng, 0.5);
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
		release_call(&c);
}

/* Sizes of the sums over rows: which is 2 (dw, of dy * xhat) or 3 (db, of dy). */
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
		double xhat = which == 2 ? (fabs(tensor_get(x->want, i)) + fabs(mean)) * scale : 1;

		s->sizes[i % c->n] += fabs(tensor_get(dy->want, i) * xhat);
	}
}

static void norm_back_case(struct ops *const *ops, enum dtype act)
{
	bool layer = rng_chance(&call_rng, 0.5);
	struct call c = {.name = layer ? "layernorm_back" : "rmsnorm_back",
			 .run = layer ? run_layernorm_back : run_rmsnorm_back};
	struct slot *dy, *x, *stats;

	c.m = some(200);
	c.n = rng_chance(&call_rng, 0.3) ? 256 * (size_t)rng_range(&call_rng, 1, 5) : some(300);
	c.sense = (int)rng_range(&call_rng, -1, 1);
	expect(&c, DTYPE_F32, c.m * c.n, 1e-5);
	expect(&c, act, c.m * c.n, 1e-5);
	expect(&c, DTYPE_F32, c.n, 1e-5);
	if (layer)
		expect(&c, DTYPE_F32, c.n, 1e-5);
	dy = give(&c, act, c.m * c.n, 1, 0);
	x = give(&c, DTYPE_F32, c.m * c.n, 2, 0.5);
	give(&c, DTYPE_F32, c.n, 0.5, 1);
	stats = give(&c, DTYPE_F32, layer ? 2 * c.m : c.m, 0.1, 0.5);
	measure_columns(&c, 2, dy, x, stats);
	if (layer)
		measure_columns(&c, 3, dy, x, stats);
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
	struct tensor sum = tensor_alloc(ops, 1, DTYPE_F64);

	ops->convert(ops, t[0], t[1], c->n);
	ops->convert(ops, t[2], t[3], c->n);
	ops->mix(ops, t[4], t[1], c->n, 1, 1);
	ops->mix(ops, t[5], t[3], c->n, 1, 1);
	ops->mix(ops, t[6], t[1], c->n, 0.75, -0.25);
	ops->mix(ops, t[7], t[3], c->n, 0.75, -0.25);
	ops->mix(ops, t[6], t[6], c->n, 0.5, 0);
	c->loss = tensor_squares(ops, sum, t[3], c->n);
	tensor_release(ops, sum);
}

static void run_roots(struct ops *ops, const struct tensor *t, struct call *c)
{
	struct tensor sum = tensor_alloc(ops, 1, DTYPE_F64);

	ops->sum_squares(ops, sum, t[2], c->n);
	ops->divide_by_root(ops, t[0], c->n, sum, c->flag ? 2 : 1);
	ops->divide_by_root(ops, t[1], c->n, sum, c->flag ? 0 : 2);
	tensor_release(ops, sum);
}

static void root_case(struct ops *const *ops, enum dtype act)
{
	struct call c = {.name = "divide_by_root", .run = run_roots};

	c.n = some(3000);
	c.flag = rng_chance(&call_rng, 0.5);
	expect(&c, act, c.n, 1e-6);
	expect(&c, DTYPE_F32, c.n, 1e-6);
	give(&c, DTYPE_F32, c.n, rng_chance(&call_rng, 0.2) ? 0 : 1, 0);
	check_call(ops, &c);
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
	each_ops(root_case);
}

/* --- rows ----------------------------------------------------------------------------------- */

static void run_patches(struct ops *ops, const struct tensor *t, struct call *c)
{
	size_t bytes = (size_t)(c->batch * c->t * c->t);
	uint8_t *pixels = ops->alloc(ops, bytes);

	assert_non_null(pixels);
	ops->upload_bytes(ops, pixels, c->pixels, bytes);
	ops->patches(ops, t[0], pixels, c->batch, c->t, c->first, 0.9, 0.2);
	ops->release(ops, pixels);
}

static void run_positions(struct ops *ops, const struct tensor *t, struct call *c)
{
	ops->add_positions(ops, t[0], t[1], t[2], t[3], c->batch, c->t, c->n);
	ops->add_positions_back(ops, t[4], t[5], t[6], t[0], c->batch, c->t, c->n);
}

static void run_moves(struct ops *ops, const struct tensor *t, struct call *c)
{
	int32_t *rows = list_upload(ops, c->ids, c->m);

	ops->scatter_rows(ops, t[0], t[1], rows, c->m, c->n);
	ops->gather_rows(ops, t[2], t[3], rows, c->m, c->n);
	ops->release(ops, rows);
}

#define EMBEDDINGS 20

static void run_embed(struct ops *ops, const struct tensor *t, struct call *c)
{
	int32_t firsts[EMBEDDINGS + 1], *uses = mem_alloc(c->m, sizeof(*uses));
	int32_t *ids = list_upload(ops, c->ids, c->m), *listed_firsts, *listed_uses;

	uses_list(firsts, uses, c->ids, c->m, EMBEDDINGS);
	listed_firsts = list_upload(ops, firsts, EMBEDDINGS + 1);
	listed_uses = list_upload(ops, uses, c->m);
	ops->embed(ops, t[0], t[1], ids, c->m, c->n);
	ops->embed_back(ops, t[2], t[0], listed_firsts, listed_uses, EMBEDDINGS, c->n);
	ops->release(ops, ids);
	ops->release(ops, listed_firsts);
	ops->release(ops, listed_uses);
	free(uses);
}

static void patch_case(struct ops *const *ops, enum dtype act)
{
	struct call c = {.name = "patches", .run = run_patches};
	size_t bytes;

	c.batch = (int)rng_range(&call_rng, 0, 5);
	c.first = (int)rng_range(&call_rng, 1, 9);
	c.t = c.first * (int)rng_range(&call_rng, 1, 5);
	bytes = (size_t)(c.batch * c.t * c.t);
	c.pixels = mem_alloc(bytes, 1);
	for (size_t i = 0; i < bytes; i++)
		c.pixels[i] = (uint8_t)rng_below(&call_rng, 256);
	expect(&c, act, bytes, 1e-6);
	check_call(ops, &c);
}

static void position_case(struct ops *const *ops, enum dtype act)
{
	struct call c = {.name = "add_positions", .run = run_positions};
	size_t rows;

	c.batch = (int)rng_range(&call_rng, 0, 5);
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
		c.ids[i] = rng_chance(&call_rng, 0.1)
				   ? -1
				   : (int32_t)(2 * ((i + 5) % c.m) + rng_below(&call_rng, 2));
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
		c.ids[i] = (int32_t)rng_range(&call_rng, -2, EMBEDDINGS - 1);
	expect(&c, DTYPE_F32, c.m * c.n, 0);
	give(&c, either(act), EMBEDDINGS * c.n, 1, 0);
	expect(&c, DTYPE_F32, EMBEDDINGS * c.n, 1e-5);
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
	const float numbers[] = {0.5f, 1};
	struct tensor none = {0}, loss = tensor_alloc(ops, 1, DTYPE_F64);
	struct tensor scales = tensor_alloc(ops, 2, ops->acc), one = tensor_from(scales, 1);
	int32_t *targets = list_upload(ops, c->ids, c->m);

	tensor_upload_floats(ops, scales, numbers, 2);
	ops->cross_entropy(ops, loss, t[0], t[1], targets, c->m, c->n, smoothing, scales);
	ops->cross_entropy(ops, loss, none, t[2], targets, c->m, c->n, smoothing, none);
	ops->cross_entropy(ops, none, t[2], t[2], targets, c->m, c->n, smoothing, one);
	ops->download(ops, &c->loss, loss, 1);
	ops->release(ops, targets);
	tensor_release(ops, loss);
	tensor_release(ops, scales);
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
	c.flag = rng_chance(&call_rng, 0.5);
	c.ids = mem_alloc(c.m, sizeof(*c.ids));
	for (size_t i = 0; i < c.m; i++)
		c.ids[i] = (int32_t)rng_range(&call_rng, -1, (int64_t)c.n - 1);
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
	if (rng_chance(&call_rng, 0.8))
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

	call_seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
