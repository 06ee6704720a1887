/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "tests/ops_calls.h"
#include "tests/ops_kinds.h"

uint64_t call_seed;
struct rng call_rng;

size_t some(size_t most)
{
	static const size_t edges[] = {0, 1, 1, 2, 14, 15, 16, 17, 31, 32, 33, 64};
	size_t edge = edges[rng_below(&call_rng, 12)];

	if (rng_chance(&call_rng, 0.4) && edge <= most)
		return edge;
	return rng_below(&call_rng, (uint32_t)most) + 1;
}

enum dtype either(enum dtype act)
{
	return rng_chance(&call_rng, 0.5) ? act : DTYPE_F32;
}

static double normal(void)
{
	double sum = -6;

	for (int i = 0; i < 12; i++)
		sum += rng_unit(&call_rng);
	return sum;
}

static struct tensor tensor_new(enum dtype type, size_t n)
{
	return (struct tensor){mem_alloc(n, dtype_bytes(type)), type};
}

struct slot *give(struct call *c, enum dtype type, size_t n, double scale, double shift)
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

void give_none(struct call *c)
{
	c->slots[c->count++] = (struct slot){0};
}

struct slot *expect(struct call *c, enum dtype type, size_t n, double absolute)
{
	struct slot *s = give(c, type, n, 1, 0);

	s->checked = true;
	s->relative = type == DTYPE_BF16 ? 0x1p-8 : 1e-6;
	s->absolute = absolute;
	return s;
}

void measure(struct call *c, int which)
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

void release_call(struct call *c)
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

void check_call(struct ops *const *ops, struct call *c)
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
	release_call(c);
}

void each_ops(void (*test)(struct ops *const *ops, enum dtype act))
{
	static const enum dtype acts[] = {DTYPE_F32, DTYPE_BF16};

	call_rng = rng_stream(call_seed, 0, "ops", 0);
	for (int kind = 0; kind < ops_kind_count; kind++)
		for (int i = 0; i < 2; i++) {
			struct ops *ops[] = {ops_of_kind(kind, 1, acts[i]),
					     ops_of_kind(kind, 3, acts[i])};
			struct err err = {0};

			if (!ops[0])
				break;
			assert_non_null(ops[1]);
			assert_int_equal(ops[0]->act, acts[i]);
			for (int round = 0; round < ops_kind_rounds(); round++)
				test(ops, acts[i]);
			if (ops[0]->check(ops[0], &err) < 0 || ops[1]->check(ops[1], &err) < 0)
				fail_msg("%s: %s", ops[0]->name, err.msg);
			ops[0]->free(ops[0]);
			ops[1]->free(ops[1]);
		}
}
