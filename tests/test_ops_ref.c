/* SPDX-License-Identifier: MIT */
/*
 * The gradients of ops_ref against differences of its forward operations, in F64: for random g, the
 * derivative of the sum of g * out by each number of each input, (f(x + h) - f(x - h)) / 2h. With h of
 * 1e-4 the error is about h^2 = 1e-8 of the third derivative and 1e-16 / h = 1e-12 of rounding; the bound
 * is 1e-6 of the greatest derivative.
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
#include "tests/random_shapes.h"
#include "trainer/ops/ops_memory.h"

#define INPUTS 3
#define STEP 1e-4
#define ROUNDS 8

static struct rng rng;
static struct ops *ops;

/* One operation: inputs x, output out; back fills dx from dout. */
struct formula {
	struct tensor x[INPUTS], dx[INPUTS], out, dout, more; /* more: statistics */
	size_t count[INPUTS], out_count;
	size_t m, n, k;
	struct heads h;
	int batch, t;
	bool flag;
	int32_t ids[8];
	void (*forward)(struct formula *f);
	void (*back)(struct formula *f);
};

static struct tensor random_tensor(size_t n, double shift)
{
	struct tensor t = {mem_alloc(n, sizeof(double)), DTYPE_F64};

	for (size_t i = 0; i < n; i++)
		tensor_set(t, i, 2 * rng_unit(&rng) - 1 + shift);
	return t;
}

static struct tensor zeros(size_t n)
{
	return (struct tensor){mem_alloc(n, sizeof(double)), DTYPE_F64};
}

static double weighted(struct formula *f)
{
	double sum = 0;

	f->forward(f);
	for (size_t i = 0; i < f->out_count; i++)
		sum += tensor_get(f->out, i) * tensor_get(f->dout, i);
	return sum;
}

static double slope(struct formula *f, int which, size_t i)
{
	double x = tensor_get(f->x[which], i), up, down;

	tensor_set(f->x[which], i, x + STEP);
	up = weighted(f);
	tensor_set(f->x[which], i, x - STEP);
	down = weighted(f);
	tensor_set(f->x[which], i, x);
	return (up - down) / (2 * STEP);
}

static void check_formula(struct formula *f, const char *name)
{
	f->forward(f);
	f->back(f);
	for (int which = 0; which < INPUTS; which++) {
		double most = 1e-2;

		for (size_t i = 0; i < f->count[which]; i++)
			most = fmax(most, fabs(tensor_get(f->dx[which], i)));
		for (size_t i = 0; i < f->count[which]; i++) {
			double got = tensor_get(f->dx[which], i), want = slope(f, which, i);

			if (!(fabs(got - want) <= 1e-6 * most))
				fail_msg("%s, input %d, number %zu: %.12g, not %.12g", name, which,
					 i, got, want);
		}
	}
}

static void prepare(struct formula *f)
{
	for (int i = 0; i < INPUTS; i++) {
		if (!f->x[i].at)
			f->x[i] = random_tensor(f->count[i], 0);
		f->dx[i] = zeros(f->count[i]);
	}
	f->out = zeros(f->out_count);
	f->dout = random_tensor(f->out_count, 0);
	if (!f->more.at)
		f->more = zeros(2 * f->m + 1);
}

static void release(struct formula *f)
{
	for (int i = 0; i < INPUTS; i++) {
		free(f->x[i].at);
		free(f->dx[i].at);
	}
	free(f->out.at);
	free(f->dout.at);
	free(f->more.at);
}

static void check(struct formula f, const char *name)
{
	prepare(&f);
	check_formula(&f, name);
	release(&f);
}

static size_t small(void)
{
	return rng_below(&rng, 5) + 1;
}

/* --- matrix products ------------------------------------------------------------------------ */

static void linear(struct formula *f)
{
	ops->linear(ops, f->out, f->x[0], f->x[1], f->x[2], (struct tensor){0}, f->m, f->n, f->k);
}

static void linear_back(struct formula *f)
{
	ops->linear_dx(ops, f->dx[0], f->dout, f->x[1], f->m, f->n, f->k, false);
	ops->linear_dw(ops, f->dx[1], f->dx[2], f->dout, f->x[0], f->m, f->n, f->k);
}

static void test_linear(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct formula f = {.forward = linear, .back = linear_back};

		f.m = small();
		f.n = small();
		f.k = small();
		f.count[0] = f.m * f.k;
		f.count[1] = f.n * f.k;
		f.count[2] = f.n;
		f.out_count = f.m * f.n;
		check(f, "linear");
	}
}

/* --- attention ------------------------------------------------------------------------------ */

static void attention(struct formula *f)
{
	ops->attention(ops, f->out, f->more, f->x[0], f->h, f->batch, f->t, 0, f->flag);
}

static void attention_back(struct formula *f)
{
	ops->attention_back(ops, f->dx[0], f->dout, f->out, f->more, f->x[0], f->h, f->batch, f->t,
			    0, f->flag);
}

/* Turning is linear: its way back turns dout the other way. */
static void rope(struct formula *f)
{
	ops->convert(ops, f->out, f->x[0], f->out_count);
	ops->rope(ops, f->out, f->h, f->batch, f->t, 3, 100, 1);
}

static void rope_back(struct formula *f)
{
	ops->convert(ops, f->dx[0], f->dout, f->out_count);
	ops->rope(ops, f->dx[0], f->h, f->batch, f->t, 3, 100, -1);
}

static void test_attention(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct formula f = {.forward = attention, .back = attention_back};
		size_t rows;

		f.h.kv_heads = (int)rng_range(&rng, 1, 2);
		f.h.heads = f.h.kv_heads * (int)rng_range(&rng, 1, 2);
		f.h.size = (int)rng_range(&rng, 1, 4);
		f.batch = 2;
		f.t = (int)small();
		f.flag = rng_chance(&rng, 0.5);
		rows = (size_t)(f.batch * f.t);
		f.count[0] = rows * (size_t)((f.h.heads + 2 * f.h.kv_heads) * f.h.size);
		f.out_count = rows * (size_t)(f.h.heads * f.h.size);
		f.m = rows * (size_t)f.h.heads;
		check(f, "attention");
		f.forward = rope;
		f.back = rope_back;
		f.out_count = f.count[0];
		check(f, "rope");
	}
}

/* --- norms ---------------------------------------------------------------------------------- */

static void layernorm(struct formula *f)
{
	ops->layernorm(ops, f->out, f->more, f->x[0], f->x[1], f->x[2], f->m, f->n, 0.1);
}

static void layernorm_back(struct formula *f)
{
	ops->layernorm_back(ops, f->dx[0], (struct tensor){0}, f->dx[1], f->dx[2], f->dout, f->x[0],
			    f->x[1], f->more, f->m, f->n);
}

static void rmsnorm(struct formula *f)
{
	ops->rmsnorm(ops, f->out, f->more, f->x[0], f->x[1], f->m, f->n, 0.1);
}

static void rmsnorm_back(struct formula *f)
{
	ops->rmsnorm_back(ops, f->dx[0], (struct tensor){0}, f->dx[1], f->dout, f->x[0], f->x[1],
			  f->more, f->m, f->n);
}

static void test_norms(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct formula f = {.forward = layernorm, .back = layernorm_back};

		f.m = small();
		f.n = small() + 1;
		f.count[0] = f.out_count = f.m * f.n;
		f.count[1] = f.count[2] = f.n;
		check(f, "layernorm");
		f.forward = rmsnorm;
		f.back = rmsnorm_back;
		f.count[2] = 0;
		check(f, "rmsnorm");
	}
}

/* --- activations and rows ------------------------------------------------------------------- */

static void quick_gelu(struct formula *f)
{
	ops->quick_gelu(ops, f->out, f->x[0], f->out_count);
}

static void quick_gelu_back(struct formula *f)
{
	ops->quick_gelu_back(ops, f->dx[0], f->dout, f->x[0], f->out_count);
}

static void swiglu(struct formula *f)
{
	ops->swiglu(ops, f->out, f->x[0], f->m, f->n);
}

static void swiglu_back(struct formula *f)
{
	ops->swiglu_back(ops, f->dx[0], f->dout, f->x[0], f->m, f->n);
}

static void positions(struct formula *f)
{
	ops->add_positions(ops, f->out, f->x[0], f->x[1], f->x[2], f->batch, f->t, f->n);
}

static void positions_back(struct formula *f)
{
	ops->add_positions_back(ops, f->dx[0], f->dx[1], f->dx[2], f->dout, f->batch, f->t, f->n);
}

static void embed(struct formula *f)
{
	ops->embed(ops, f->out, f->x[0], f->ids, 8, f->n);
}

static void embed_back(struct formula *f)
{
	int32_t firsts[7], uses[8];

	uses_list(firsts, uses, f->ids, 8, 6);
	ops->embed_back(ops, f->dx[0], f->dout, firsts, uses, 6, f->n);
}

static void test_elements(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct formula f = {.forward = quick_gelu, .back = quick_gelu_back};

		f.m = small();
		f.n = small();
		f.out_count = f.count[0] = f.m * f.n;
		check(f, "quick_gelu");
		f.forward = swiglu;
		f.back = swiglu_back;
		f.count[0] *= 2;
		check(f, "swiglu");
	}
}

static void test_rows(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct formula f = {.forward = positions, .back = positions_back};

		f.batch = (int)small();
		f.t = (int)small();
		f.n = small();
		f.count[0] = (size_t)(f.batch * f.t) * f.n;
		f.count[1] = f.n;
		f.count[2] = (size_t)(f.t + 1) * f.n;
		f.out_count = (size_t)f.batch * f.count[2];
		check(f, "add_positions");
		f.forward = embed;
		f.back = embed_back;
		f.count[0] = 6 * f.n;
		f.count[1] = f.count[2] = 0;
		f.out_count = 8 * f.n;
		for (int i = 0; i < 8; i++)
			f.ids[i] = (int32_t)rng_range(&rng, -1, 5);
		check(f, "embed");
	}
}

/* --- loss ----------------------------------------------------------------------------------- */

static void loss(struct formula *f)
{
	struct tensor none = {0};

	tensor_set(f->out, 0, 0);
	ops->cross_entropy(ops, f->out, none, f->x[0], f->ids, f->m, f->n, f->flag ? 0.1 : 0, none);
}

static void loss_back(struct formula *f)
{
	ops->cross_entropy(ops, (struct tensor){0}, f->dx[0], f->x[0], f->ids, f->m, f->n,
			   f->flag ? 0.1 : 0, f->dout);
}

static void test_loss(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct formula f = {.forward = loss, .back = loss_back};

		f.m = small();
		f.n = small();
		f.flag = rng_chance(&rng, 0.5);
		f.count[0] = f.m * f.n;
		f.out_count = 1;
		for (size_t i = 0; i < f.m; i++)
			f.ids[i] = (int32_t)rng_range(&rng, -1, (int64_t)f.n - 1);
		check(f, "cross_entropy");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_linear), cmocka_unit_test(test_attention),
		cmocka_unit_test(test_norms),  cmocka_unit_test(test_elements),
		cmocka_unit_test(test_rows),   cmocka_unit_test(test_loss),
	};
	int failed;

	rng = rng_stream(test_seed(), 0, "ops_ref", 0);
	ops = ops_ref_new();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	ops->free(ops);
	return failed;
}
