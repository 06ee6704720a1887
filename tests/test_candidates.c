/* SPDX-License-Identifier: MIT */
/*
 * candidates: sets, penalty and order against plain loops; top-k and top-p against a full sort; draws
 * against their probabilities by chi-square. CADGEN_TEST_SEED repeats a run.
 */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/random_shapes.h"
#include "trainer/decode/candidates.h"

#define MOST 200
#define ROUNDS 500

static struct rng rng;

/* Some of them equal. */
static size_t random_list(struct candidate *list)
{
	size_t n = 1 + rng_below(&rng, MOST);
	bool ties = rng_chance(&rng, 0.5);

	for (size_t i = 0; i < n; i++) {
		double score = 6 * rng_unit(&rng) - 3;

		list[i] = (struct candidate){ties ? floor(score) : score, (int32_t)i};
	}
	return n;
}

static int compare(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return (x->token > y->token) - (x->token < y->token);
}

static void sort(struct candidate *to, const struct candidate *from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = from[i];
	qsort(to, n, sizeof(*to), compare);
}

static void test_from_logits(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		float logits[2 * MOST];
		struct candidate list[MOST];
		uint64_t allowed[4] = {0}, seen[4] = {0};
		struct candidate_bounds bounds = {allowed, seen, 1.5, 0, 0.25};
		size_t width = 1 + rng_below(&rng, MOST), n, at = 0;
		size_t count = width - rng_below(&rng, (uint32_t)width);

		for (size_t i = 0; i < 2 * width; i++)
			logits[i] = (float)(4 * rng_unit(&rng) - 2);
		for (size_t i = 0; i < width; i++) {
			allowed[i / 64] |= (uint64_t)rng_chance(&rng, round % 3 * 0.4) << i % 64;
			seen[i / 64] |= (uint64_t)rng_chance(&rng, 0.5) << i % 64;
		}
		if (rng_chance(&rng, 0.3))
			bounds.allowed = NULL;
		bounds.never = (int32_t)rng_below(&rng, MOST) - 1;
		n = candidates_from_logits(list, (struct tensor){logits, DTYPE_F32}, 1, width,
					   count, &bounds);
		for (size_t i = 0; i < count; i++) {
			double score = (double)logits[width + i] - 0.25;

			if (bounds.allowed && !(allowed[i / 64] >> i % 64 & 1))
				continue;
			if ((int32_t)i == bounds.never)
				continue;
			if (seen[i / 64] >> i % 64 & 1)
				score = score < 0 ? score * 1.5 : score / 1.5;
			assert_true(at < n && list[at].score == score);
			assert_int_equal(list[at++].token, i);
		}
		assert_int_equal(at, n);
	}
}

static void test_order(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct candidate list[MOST], sorted[MOST];
		size_t n = random_list(list), k = rng_below(&rng, MOST), top;

		sort(sorted, list, n);
		assert_int_equal(candidates_best(list, n)->token, sorted[0].token);
		top = candidates_top(list, n, k);
		assert_int_equal(top, k < n ? k : n);
		for (size_t i = 0; i < top; i++)
			assert_int_equal(list[i].token, sorted[i].token);
	}
}

/* Which of sorted ones stay, by the definitions. */
static size_t stay(const struct candidate *sorted, size_t n, double temperature, size_t top_k,
		   double top_p)
{
	double total = 0, sum = 0;
	size_t kept = 0;

	if (top_k > 0)
		for (size_t k = top_k; k < n; k++)
			if (sorted[k].score < sorted[top_k - 1].score)
				n = k;
	for (size_t i = 0; i < n; i++)
		total += exp(sorted[i].score / temperature);
	while (kept < n && (kept == 0 || sum < top_p * total))
		sum += exp(sorted[kept++].score / temperature);
	return top_p < 1 ? kept : n;
}

static void test_soften(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct candidate list[MOST], sorted[MOST];
		size_t n = random_list(list), want, got, top_k = rng_below(&rng, 40);
		double temperature = 0.2 + rng_unit(&rng), top_p = 1;
		bool is_there[MOST] = {false};

		if (rng_chance(&rng, 0.3))
			top_k = 0;
		if (rng_chance(&rng, 0.7))
			top_p = 0.01 + 0.98 * rng_unit(&rng);
		sort(sorted, list, n);
		want = stay(sorted, n, temperature, top_k, top_p);
		got = candidates_soften(list, n, temperature, top_k, top_p);
		assert_int_equal(got, want);
		for (size_t i = 0; i < got; i++)
			is_there[list[i].token] = true;
		for (size_t i = 0; i < got; i++) {
			double weight = exp((sorted[i].score - sorted[0].score) / temperature);

			assert_true(is_there[sorted[i].token]);
			for (size_t k = 0; k < got; k++)
				if (list[k].token == sorted[i].token)
					assert_true(fabs(list[k].score - weight) <= 1e-12 * weight);
		}
	}
}

/* One stays, whatever the bounds; and a temperature near 0 is greedy. */
static void test_edges(void **state)
{
	struct candidate list[] = {{1, 0}, {3, 1}, {3, 2}, {2, 3}};

	(void)state;
	assert_int_equal(candidates_soften(list, 4, 1, 0, 1e-9), 1);
	assert_int_equal(list[0].token, 1);
	for (int i = 0; i < 4; i++)
		list[i] = (struct candidate){i == 2 ? 1e4 : -1e4, i};
	assert_int_equal(candidates_soften(list, 4, 1e-9, 0, 1), 4);
	assert_int_equal(candidates_draw(list, 4, 0)->token, 2);
	assert_int_equal(candidates_draw(list, 4, 0.999999)->token, 2);
	list[0] = (struct candidate){-1e300, 7};
	assert_int_equal(candidates_soften(list, 1, 0.5, 3, 0.5), 1);
	assert_int_equal(candidates_draw(list, 1, 0.3)->token, 7);
}

/* 20 tokens, 19 degrees of freedom: chi-square exceeds 19 + 8 sqrt(2 * 19) = 68 once in a million. */
static void test_draws(void **state)
{
	enum { TOKENS = 20, DRAWS = 100000 };
	struct candidate list[TOKENS];
	double total = 0, chi = 0;
	int counts[TOKENS] = {0};

	(void)state;
	for (int i = 0; i < TOKENS; i++)
		list[i] = (struct candidate){2 * rng_unit(&rng), i};
	assert_int_equal(candidates_soften(list, TOKENS, 0.7, 0, 1), TOKENS);
	for (int i = 0; i < TOKENS; i++)
		total += list[i].score;
	for (int i = 0; i < DRAWS; i++)
		counts[candidates_draw(list, TOKENS, rng_unit(&rng))->token]++;
	for (int i = 0; i < TOKENS; i++) {
		double want = DRAWS * list[i].score / total;

		chi += pow(counts[list[i].token] - want, 2) / want;
	}
	assert_true(chi < 68);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_from_logits), cmocka_unit_test(test_order),
		cmocka_unit_test(test_soften),      cmocka_unit_test(test_edges),
		cmocka_unit_test(test_draws),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	rng = rng_stream(test_seed(), 0, "candidates", 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
