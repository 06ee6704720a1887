/* SPDX-License-Identifier: MIT */
/*
 * cuda_graphs: whatever is asked for, and however often, the numbers are those of a device without; what comes again is
 * played, and what differs in as much as a factor is not. CADGEN_TEST_SEED repeats a run.
 */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/cuda_host.h"
#include "tests/random_shapes.h"
#include "trainer/ops/cuda_graphs.h"
#include "trainer/ops/ops_cuda.h"
#include "trainer/ops/ops_memory.h"

#define NUMBERS 64 /* of a tensor */
#define TENSORS 4
#define CALLS 6 /* of a piece of work, at most */
#define WORKS 8
#define ROUNDS 400

static struct rng rng;

struct bench {
	struct cuda_device *host, *device;
	struct ops *ops;
	struct tensor tensors[TENSORS];
};

static struct bench open_bench(bool graphs)
{
	struct bench b = {.host = cuda_host_new_guarded(1)};
	float numbers[NUMBERS];

	b.device = graphs ? cuda_graphs_new(b.host) : b.host;
	b.ops = ops_cuda_new_on(b.device, DTYPE_F32);
	for (int i = 0; i < NUMBERS; i++)
		numbers[i] = (float)(i % 7) / 8;
	for (int i = 0; i < TENSORS; i++) {
		b.tensors[i] = tensor_alloc(b.ops, NUMBERS, DTYPE_F32);
		b.ops->upload(b.ops, b.tensors[i], numbers, NUMBERS);
	}
	return b;
}

static void close_bench(struct bench *b)
{
	for (int i = 0; i < TENSORS; i++)
		tensor_release(b->ops, b->tensors[i]);
	b->ops->free(b->ops);
}

static void assert_same(struct bench *a, struct bench *b)
{
	float x[NUMBERS], y[NUMBERS];
	struct err err = {0};

	for (int i = 0; i < TENSORS; i++) {
		a->ops->download(a->ops, x, a->tensors[i], NUMBERS);
		b->ops->download(b->ops, y, b->tensors[i], NUMBERS);
		assert_memory_equal(x, y, sizeof(x));
	}
	assert_int_equal(a->ops->check(a->ops, &err), 0);
	assert_int_equal(b->ops->check(b->ops, &err), 0);
}

/* --- work ----------------------------------------------------------------------------------- */

enum kind { MIX, GELU, PRODUCT, CLEAR, UPLOAD, SEND, DOWNLOAD, ALLOC, KINDS };

struct call {
	enum kind kind;
	int to, from;
	double share;
};

struct work {
	struct call calls[CALLS];
	int count;
};

/* `plain`: nothing that has what is held back done. */
static struct work random_work(bool plain)
{
	struct work w = {.count = (int)rng_range(&rng, 1, CALLS)};

	for (int i = 0; i < w.count; i++)
		w.calls[i] = (struct call){
			.kind = (enum kind)rng_below(&rng, plain ? UPLOAD : KINDS),
			.to = (int)rng_below(&rng, TENSORS),
			.from = (int)rng_below(&rng, TENSORS),
			.share = (double)rng_range(&rng, -8, 8) / 16,
		};
	return w;
}

static void do_call(struct bench *b, const struct call *c)
{
	struct tensor to = b->tensors[c->to], from = b->tensors[c->from], none = {0}, more;
	struct ops *ops = b->ops;
	float numbers[NUMBERS];

	switch (c->kind) {
	case MIX:
		ops->mix(ops, to, from, NUMBERS, 0.5, c->share);
		return;
	case GELU:
		ops->quick_gelu(ops, to, from, NUMBERS);
		return;
	case PRODUCT:
		if (c->to != c->from)
			ops->linear(ops, to, from, from, none, none, 8, 8, 8);
		return;
	case CLEAR:
		ops->clear(ops, to, NUMBERS / 2);
		return;
	case UPLOAD:
		for (int i = 0; i < NUMBERS; i++)
			numbers[i] = (float)c->share;
		ops->upload(ops, to, numbers, NUMBERS);
		return;
	case SEND: /* what is asked for before it arrives does without */
		for (int i = 0; i < NUMBERS; i++)
			numbers[i] = (float)c->share;
		ops->send(ops, to.at, numbers, sizeof(numbers));
		ops->mix(ops, from, to, NUMBERS, 0.5, 0.25);
		ops->arrive(ops);
		return;
	case DOWNLOAD:
		ops->download(ops, numbers, to, NUMBERS);
		return;
	case ALLOC:
		more = tensor_alloc(ops, NUMBERS, DTYPE_F32);
		ops->convert(ops, more, from, NUMBERS);
		ops->convert(ops, to, more, NUMBERS);
		tensor_release(ops, more);
		return;
	case KINDS:
		break;
	}
	fail();
}

static void do_work(struct bench *b, const struct work *w)
{
	b->ops->begin(b->ops);
	for (int i = 0; i < w->count; i++)
		do_call(b, &w->calls[i]);
	b->ops->end(b->ops);
}

static uint64_t played(const struct bench *b)
{
	return cuda_graphs_played(b->device);
}

/* --- tests ---------------------------------------------------------------------------------- */

static void test_numbers(void **state)
{
	struct bench with = open_bench(true), without = open_bench(false);
	struct work works[WORKS];

	(void)state;
	for (int i = 0; i < WORKS; i++)
		works[i] = random_work(false);
	for (int i = 0; i < ROUNDS; i++) {
		struct work *w = &works[rng_below(&rng, WORKS)];

		if (rng_chance(&rng, 0.1))
			*w = random_work(rng_chance(&rng, 0.5));
		if (rng_chance(&rng, 0.2))
			w->calls[0].share += 1.0 / 64;
		do_work(&with, w);
		do_work(&without, w);
		assert_same(&with, &without);
	}
	close_bench(&with);
	close_bench(&without);
}

static void need_sure(void)
{
	if (CUDA_GRAPHS_SURE)
		return;
	print_message("# the compiler does not clear what lies between members\n");
	skip();
}

/* The second time is the first of the graph's. */
static void test_again(void **state)
{
	struct work w = {{{MIX, 0, 1, 0.25}, {CLEAR, 2, 0, 0}, {PRODUCT, 3, 1, 0}}, 3};
	struct bench b;

	(void)state;
	need_sure();
	b = open_bench(true);
	for (uint64_t i = 0; i < 5; i++) {
		do_work(&b, &w);
		assert_int_equal(played(&b), i);
	}
	w.calls[0].share = 0.5;
	do_work(&b, &w);
	assert_int_equal(played(&b), 4);
	w.calls[0].share = 0.25;
	w.calls[2].from = 0;
	do_work(&b, &w);
	assert_int_equal(played(&b), 4);
	w.calls[2].from = 1;
	do_work(&b, &w);
	assert_int_equal(played(&b), 5);
	w.count = 2;
	do_work(&b, &w);
	assert_int_equal(played(&b), 5);
	close_bench(&b);
}

/* Nothing that was uploaded in the midst of work goes into a graph. */
static void test_held_back(void **state)
{
	struct work w = {{{MIX, 0, 1, 0.25}, {UPLOAD, 1, 0, 0.5}, {MIX, 0, 1, 0.25}}, 3};
	struct bench b = open_bench(true);

	(void)state;
	for (int i = 0; i < 4; i++)
		do_work(&b, &w);
	assert_int_equal(played(&b), 0);
	close_bench(&b);
}

/* Of more works than are kept, those that came last are known. */
static void test_forgetting(void **state)
{
	struct work w = {{{MIX, 0, 1, 0}}, 1};
	struct bench b;

	(void)state;
	need_sure();
	b = open_bench(true);
	for (int i = 0; i <= CUDA_GRAPHS_KEPT; i++) {
		w.calls[0].share = i;
		do_work(&b, &w);
		do_work(&b, &w);
	}
	assert_int_equal(played(&b), CUDA_GRAPHS_KEPT + 1);
	for (int i = 1; i <= CUDA_GRAPHS_KEPT; i++) {
		w.calls[0].share = i;
		do_work(&b, &w);
	}
	assert_int_equal(played(&b), 2 * CUDA_GRAPHS_KEPT + 1);
	w.calls[0].share = 0;
	do_work(&b, &w);
	assert_int_equal(played(&b), 2 * CUDA_GRAPHS_KEPT + 1);
	close_bench(&b);
}

static void test_no_graphs(void **state)
{
	struct bench with = open_bench(true), without = open_bench(false);
	struct work w = random_work(true);

	(void)state;
	cuda_host_make_no_graphs(with.host);
	for (int i = 0; i < 4; i++) {
		do_work(&with, &w);
		do_work(&without, &w);
		assert_same(&with, &without);
	}
	assert_int_equal(played(&with), 0);
	close_bench(&with);
	close_bench(&without);
}

static void test_failure(void **state)
{
	struct work w = random_work(true);
	struct bench b = open_bench(true);
	struct err err = {0};

	(void)state;
	do_work(&b, &w);
	cuda_host_fail(b.host, "host: gone");
	do_work(&b, &w);
	do_work(&b, &w);
	assert_int_equal(b.ops->check(b.ops, &err), -1);
	assert_string_equal(err.msg, "host: gone");
	close_bench(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),   cmocka_unit_test(test_again),
		cmocka_unit_test(test_held_back), cmocka_unit_test(test_forgetting),
		cmocka_unit_test(test_no_graphs), cmocka_unit_test(test_failure),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	rng = rng_stream(test_seed(), 0, "cuda_graphs", 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
