/* SPDX-License-Identifier: MIT */
/*
 * ops_calls: calls of ops on random tensors, with one thread and with three, which must give the
 * same bits, against ops_ref.
 *
 *	static void run_swiglu(struct ops *ops, const struct tensor *t, struct call *c)
 *	...
 *	struct call c = {.name = "swiglu", .run = run_swiglu, .m = 5, .n = some(100)};
 *	expect(&c, act, c.m * c.n, 1e-6);		t[0], [m,n]
 *	give(&c, act, 2 * c.m * c.n, 2, 0);		t[1], [m,2n]
 *	check_call(ops, &c);				(in a case, which each_ops calls)
 *
 * Inputs are rounded to their type first, so that the bounds are on arithmetic alone. A bound is
 * relative * |want| + absolute * size, size being the sum of magnitudes for sums over many numbers,
 * else the greatest |want| of the tensor, or 1, as inputs are about that.
 */
#ifndef TESTS_OPS_CALLS_H
#define TESTS_OPS_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rng.h"
#include "trainer/ops/ops.h"

#define SLOTS 8

/* One tensor of a call: as the ops tested have it (with one thread, with three), and ops_ref. */
struct slot {
	struct tensor one, three, want; /* [n]; want: F64 */
	size_t n;
	bool checked;
	double relative, absolute;
	double *sizes; /* of each number; NULL: the greatest of all */
};

/* Owns its slots, ids and pixels. What m to flag mean, `run` knows. */
struct call {
	const char *name;
	void (*run)(struct ops *ops, const struct tensor *t, struct call *c); /* t[SLOTS] */
	struct slot slots[SLOTS];
	int count;
	size_t m, n, k;
	int batch, t, first, sense;
	struct heads h;
	bool flag;
	int32_t *ids;
	uint8_t *pixels;
	double loss; /* what it returns */
};

/* What cases draw from; each_ops starts it anew from the seed, which main sets first. */
extern uint64_t call_seed;
extern struct rng call_rng;

/* 0, 1, edges of tiles, or anything up to most. */
size_t some(size_t most);

/* act or F32. */
enum dtype either(enum dtype act);

/* The next tensor, of n normal numbers times scale (plus shift). The slot is the call's. */
struct slot *give(struct call *c, enum dtype type, size_t n, double scale, double shift);
void give_none(struct call *c);

/* An output, with something in it already. Its relative bound is 1e-6; that of BF16, to which it is
 * rounded once, within 2^-9 of itself, 2^-8. */
struct slot *expect(struct call *c, enum dtype type, size_t n, double absolute);

/* Sizes of the sums in slot `which`: what the call gives for magnitudes. */
void measure(struct call *c, int which);

/* Makes the call, fails the test where a number is out of its bounds or has other bits with three
 * threads, and releases what the call owns. ops[0] has one thread and ops[1] three. */
void check_call(struct ops *const *ops, struct call *c);

/* Releases what the call owns, for one that is not made. */
void release_call(struct call *c);

/* Calls test, ops_kind_rounds times, with each kind and act that this machine has. */
void each_ops(void (*test)(struct ops *const *ops, enum dtype act));

#endif
