/* SPDX-License-Identifier: MIT */
/*
 * decode_model: step by step the logits that model_forward has for the whole row, on ops_ref in double
 * and on ops_cpu; the same bits alone and among others, forked or not; and which rows are kept, against
 * a cache that copies.
 *
 * Bounds are of the greatest logit. In double 1e-9. In f32, sums of a dozen numbers in a dozen layers:
 * 1e-4. With act BF16, what goes through a product is rounded within 2^-9 of itself some thirty times on
 * the way, each time anew in one of the two: 0.1, where logits that have nothing to do with each other
 * differ by 1 and more.
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
#include "tests/random_shapes.h"
#include "tests/tiny_models.h"
#include "trainer/decode/decode_cache.h"
#include "trainer/ops/ops_cpu.h"

#define VOCAB 13
#define SEQUENCES 5
#define STEPS 6
#define ROUNDS 6

static const struct decode_limits limits = {SEQUENCES, SEQUENCES, SEQUENCES *TINY_POSITIONS};
static struct rng rng;

/* Rows of ids that begin with prompts, and the logits of the whole. */
struct rows {
	struct tiny_prompt prompts[SEQUENCES];
	uint8_t *pixels; /* [SEQUENCES, side, side] */
	double *logits[SEQUENCES];
};

static void make_rows(struct rows *r, struct tiny_model *tiny)
{
	size_t bytes = (size_t)(tiny->config.vision.side * tiny->config.vision.side);

	r->pixels = mem_alloc(SEQUENCES, bytes);
	for (int i = 0; i < SEQUENCES; i++) {
		struct tiny_prompt *p = &r->prompts[i];

		*p = tiny_prompt_new(&rng, &tiny->config, (int)rng_below(&rng, 9));
		for (int k = 0; k < STEPS; k++)
			p->ids[p->count + k] = (int32_t)rng_below(&rng, VOCAB - 5) + 5;
		memcpy(r->pixels + (size_t)i * bytes, p->pixels, bytes);
		r->logits[i] = mem_alloc(TINY_POSITIONS * VOCAB, sizeof(double));
		tiny_forward(tiny, p->pixels, p->ids, p->count + STEPS, r->logits[i]);
	}
}

static void free_rows(struct rows *r)
{
	free(r->pixels);
	for (int i = 0; i < SEQUENCES; i++) {
		tiny_prompt_free(&r->prompts[i]);
		free(r->logits[i]);
	}
}

static double greatest(const double *x, size_t n)
{
	double most = 0;

	for (size_t i = 0; i < n; i++)
		most = fmax(most, fabs(x[i]));
	return most;
}

/* Row `row` of the model's logits are those behind number `at` of the whole; and their log sum. */
static void check_logits(struct decode_model *model, int row, const double *logits, int at,
			 double bound)
{
	const double *want = logits + at * VOCAB;
	double most = greatest(logits, (size_t)(at + 1) * VOCAB), sum = 0;

	for (int k = 0; k < VOCAB; k++) {
		double got = tensor_get(decode_model_logits(model), (size_t)(row * VOCAB + k));

		sum += exp(got);
		if (!(fabs(got - want[k]) <= bound * most))
			fail_msg("row %d behind %d ids, token %d: %g, not %g; greatest %g", row,
				 at + 1, k, got, want[k], most);
	}
	assert_true(fabs(tensor_get(decode_model_log_sums(model), (size_t)row) - log(sum)) < 1e-5);
}

static void check_steps(struct ops *ops, double bound)
{
	struct tiny_model tiny = tiny_model_new(&rng, ops, VOCAB);
	struct decode_model *model = tiny_decode_model(&tiny, &limits);
	struct decode_prompt prompts[SEQUENCES];
	struct rows r;

	make_rows(&r, &tiny);
	for (int i = 0; i < SEQUENCES; i++)
		prompts[i] = (struct decode_prompt){SEQUENCES - 1 - i, r.prompts[i].ids,
						    r.prompts[i].count};
	decode_model_prompt(model, prompts, r.pixels, SEQUENCES);
	for (int i = 0; i < SEQUENCES; i++)
		check_logits(model, i, r.logits[i], r.prompts[i].count - 1, bound);
	for (int step = 0; step < STEPS; step++) {
		int slots[SEQUENCES], which[SEQUENCES], n = 0;
		int32_t ids[SEQUENCES];

		for (int i = 0; i < SEQUENCES; i++) /* the last ones drop out early */
			if (step + i < STEPS + 1) {
				slots[n] = prompts[i].slot;
				which[n] = i;
				ids[n++] = r.prompts[i].ids[r.prompts[i].count + step];
			}
		decode_model_step(model, slots, ids, n);
		for (int k = 0; k < n; k++)
			check_logits(model, k, r.logits[which[k]], r.prompts[which[k]].count + step,
				     bound);
	}
	free_rows(&r);
	decode_model_free(model);
	tiny_model_free(&tiny);
}

static void test_steps_in_double(void **state)
{
	struct ops *ops = ops_ref_new();

	(void)state;
	for (int i = 0; i < ROUNDS; i++)
		check_steps(ops, 1e-9);
	ops->free(ops);
}

static void each_act(void (*test)(struct ops *ops, double bound))
{
	static const double bounds[] = {1e-4, 0.1};
	static const enum dtype acts[] = {DTYPE_F32, DTYPE_BF16};
	struct err err = {0};
	int way = CPU_WAY_COUNT - 1;

	while (!cpu_way_works((enum cpu_way)way))
		way--;
	for (int i = 0; i < 2; i++) {
		struct ops *ops = ops_cpu_new_as(2, acts[i], (enum cpu_way)way, &err);

		assert_non_null(ops);
		for (int round = 0; round < ROUNDS; round++)
			test(ops, bounds[i]);
		ops->free(ops);
	}
}

static void test_steps(void **state)
{
	(void)state;
	each_act(check_steps);
}

/* --- alone and among others ----------------------------------------------------------------- */

static void save(struct decode_model *model, int row, float *to)
{
	memcpy(to, tensor_from(decode_model_logits(model), (size_t)row * VOCAB).at,
	       VOCAB * sizeof(*to));
}

/* All of a row of ids, alone: a prompt, then steps. */
static void go_alone(struct decode_model *model, const struct tiny_prompt *p, int slot,
		     float logits[][VOCAB])
{
	struct decode_prompt prompt = {slot, p->ids, p->count};

	decode_model_prompt(model, &prompt, p->pixels, 1);
	save(model, 0, logits[0]);
	for (int step = 0; step < STEPS; step++) {
		decode_model_step(model, &slot, &p->ids[p->count + step], 1);
		save(model, 0, logits[1 + step]);
	}
	decode_model_drop(model, slot);
}

static void check_bits(struct ops *ops, double bound)
{
	struct tiny_model tiny = tiny_model_new(&rng, ops, VOCAB);
	struct decode_model *model = tiny_decode_model(&tiny, &limits);
	static float alone[SEQUENCES][STEPS + 1][VOCAB], among[VOCAB];
	struct decode_prompt prompts[SEQUENCES];
	int slots[SEQUENCES];
	struct rows r;

	(void)bound;
	make_rows(&r, &tiny);
	for (int i = 0; i < SEQUENCES; i++) {
		go_alone(model, &r.prompts[i], i, alone[i]);
		prompts[i] = (struct decode_prompt){i, r.prompts[i].ids, r.prompts[i].count};
		slots[i] = i;
	}
	decode_model_prompt(model, prompts, r.pixels, SEQUENCES);
	for (int i = 0; i < SEQUENCES; i++) {
		save(model, i, among);
		assert_memory_equal(among, alone[i][0], sizeof(among));
	}
	for (int step = 0; step < STEPS; step++) {
		int32_t ids[SEQUENCES];

		for (int i = 0; i < SEQUENCES; i++)
			ids[i] = r.prompts[i].ids[r.prompts[i].count + step];
		decode_model_step(model, slots, ids, SEQUENCES);
		for (int i = 0; i < SEQUENCES; i++) {
			save(model, i, among);
			assert_memory_equal(among, alone[i][1 + step], sizeof(among));
		}
	}
	free_rows(&r);
	decode_model_free(model);
	tiny_model_free(&tiny);
}

static void test_bits(void **state)
{
	(void)state;
	each_act(check_bits);
}

/* Two ways on from a common beginning, which is dropped; rows come back. */
static void check_fork(struct ops *ops, double bound)
{
	struct tiny_model tiny = tiny_model_new(&rng, ops, VOCAB);
	struct decode_model *model = tiny_decode_model(&tiny, &limits);
	static float alone[2][STEPS + 1][VOCAB], forked[VOCAB];
	struct tiny_prompt one = tiny_prompt_new(&rng, &tiny.config, 4), other = one;
	int slots[2] = {3, 1};
	int32_t ids[2], own[TINY_POSITIONS];

	(void)bound;
	memcpy(own, one.ids, sizeof(own));
	other.ids = own;
	for (int i = 0; i < STEPS; i++) {
		one.ids[one.count + i] = (int32_t)rng_below(&rng, VOCAB - 5) + 5;
		other.ids[one.count + i] = i ? (int32_t)rng_below(&rng, VOCAB - 5) + 5 : 3;
	}
	go_alone(model, &one, 0, alone[0]);
	go_alone(model, &other, 0, alone[1]);
	decode_model_prompt(model, &(struct decode_prompt){0, one.ids, one.count}, one.pixels, 1);
	decode_model_fork(model, slots[0], 0);
	decode_model_fork(model, slots[1], 0);
	decode_model_drop(model, 0);
	assert_int_equal(decode_model_kept(model, 1), one.count);
	assert_int_equal(decode_model_rows_left(model), limits.rows - (size_t)one.count);
	for (int step = 0; step < STEPS; step++) {
		ids[0] = one.ids[one.count + step];
		ids[1] = other.ids[one.count + step];
		decode_model_step(model, slots, ids, 2);
		for (int i = 0; i < 2; i++) {
			save(model, i, forked);
			assert_memory_equal(forked, alone[i][1 + step], sizeof(forked));
		}
	}
	assert_int_equal(decode_model_rows_left(model),
			 limits.rows - (size_t)one.count - 2 * STEPS);
	decode_model_drop(model, slots[0]);
	decode_model_drop(model, slots[1]);
	assert_int_equal(decode_model_rows_left(model), limits.rows);
	tiny_prompt_free(&one);
	decode_model_free(model);
	tiny_model_free(&tiny);
}

static void test_fork(void **state)
{
	(void)state;
	each_act(check_fork);
}

/* --- the likeliest -------------------------------------------------------------------------- */

#define CHOSEN 3
#define NEVER 5

/* The likeliest of a row, whose set is `odd`: of odd tokens, or all; never NEVER. */
static void check_likeliest(struct decode_model *model, int row, bool odd)
{
	struct decode_likeliest got = decode_model_likeliest(model, (size_t)row);
	bool taken[VOCAB] = {false};

	for (int i = 0; i < CHOSEN; i++) {
		int best = -1;

		for (int k = 0; k < VOCAB; k++)
			if (!taken[k] && k != NEVER && (k % 2 || !odd) &&
			    (best < 0 ||
			     tensor_get(decode_model_logits(model), (size_t)(row * VOCAB + k)) >
				     tensor_get(decode_model_logits(model),
						(size_t)(row * VOCAB + best))))
				best = k;
		taken[best] = true;
		assert_int_equal(got.tokens[i], best);
		assert_true(tensor_get(got.logits, (size_t)i) ==
			    tensor_get(decode_model_logits(model), (size_t)(row * VOCAB + best)));
	}
}

/* Slots of odd numbers go on with odd tokens. */
static void check_choice(struct ops *ops, double bound)
{
	const uint64_t sets[] = {0xaaaaaaaaaaaaaaaau};
	struct decode_choice choice = {CHOSEN, VOCAB, NEVER, sets, 1, 1};
	struct tiny_model tiny = tiny_model_new(&rng, ops, VOCAB);
	struct decode_model *model = tiny_decode_model(&tiny, &limits);
	struct decode_prompt prompts[SEQUENCES];
	int slots[SEQUENCES];
	struct err err = {0};
	struct rows r;

	(void)bound;
	make_rows(&r, &tiny);
	assert_int_equal(decode_model_choose(model, &choice, &err), 0);
	assert_int_equal(decode_model_chosen(model), CHOSEN);
	for (int i = 0; i < SEQUENCES; i++) {
		slots[i] = SEQUENCES - 1 - i;
		prompts[i] = (struct decode_prompt){slots[i], r.prompts[i].ids, r.prompts[i].count};
		decode_model_restrict(model, slots[i], slots[i] % 2 ? 0 : -1);
	}
	decode_model_prompt(model, prompts, r.pixels, SEQUENCES);
	for (int step = 0; step < STEPS; step++) {
		int32_t ids[SEQUENCES];

		for (int i = 0; i < SEQUENCES; i++) {
			check_likeliest(model, i, slots[i] % 2);
			ids[i] = r.prompts[i].ids[r.prompts[i].count + step];
		}
		decode_model_step(model, slots, ids, SEQUENCES);
	}
	assert_int_equal(decode_model_choose(model, &(struct decode_choice){0}, &err), 0);
	assert_int_equal(decode_model_chosen(model), 0);
	free_rows(&r);
	decode_model_free(model);
	tiny_model_free(&tiny);
}

static void test_choice(void **state)
{
	(void)state;
	each_act(check_choice);
}

static void test_no_memory(void **state)
{
	struct ops *ops = ops_ref_new();
	struct tiny_model tiny = tiny_model_new(&rng, ops, VOCAB);
	struct err err = {0};

	(void)state;
	assert_null(decode_model_new(&tiny.config, ops,
				     &(struct decode_limits){1, 1, (size_t)1 << 31}, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	tiny_model_free(&tiny);
	ops->free(ops);
}

/* --- rows ----------------------------------------------------------------------------------- */

#define SLOTS 6
#define LONGEST 20
#define ROWS 60

/* Each slot's history as numbers that are written to rows: a row must never be written again while a
 * slot has it. */
static void test_cache(void **state)
{
	struct decode_cache *cache = decode_cache_new(SLOTS, LONGEST, ROWS);
	int content[ROWS] = {0}, history[SLOTS][LONGEST], counts[SLOTS] = {0}, written = 0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		int slot = (int)rng_below(&rng, SLOTS), other = (int)rng_below(&rng, SLOTS);
		struct kept_rows kept;

		if (rng_chance(&rng, 0.1)) {
			decode_cache_drop(cache, slot);
			counts[slot] = 0;
		} else if (rng_chance(&rng, 0.2) && !counts[slot]) {
			decode_cache_fork(cache, slot, other);
			counts[slot] = counts[other];
			memcpy(history[slot], history[other], sizeof(history[slot]));
		} else if (counts[slot] < LONGEST && decode_cache_left(cache)) {
			content[decode_cache_append(cache, slot)] = ++written;
			history[slot][counts[slot]++] = written;
		}
		kept = decode_cache_rows(cache, other);
		assert_int_equal(kept.count, counts[other]);
		for (size_t k = 0; k < kept.count; k++)
			assert_int_equal(content[kept.rows[k]], history[other][k]);
	}
	for (int slot = 0; slot < SLOTS; slot++)
		decode_cache_drop(cache, slot);
	assert_int_equal(decode_cache_left(cache), ROWS);
	decode_cache_free(cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps_in_double),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_bits),
		cmocka_unit_test(test_fork),
		cmocka_unit_test(test_choice),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_cache),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	rng = rng_stream(test_seed(), 0, "decode model", 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
