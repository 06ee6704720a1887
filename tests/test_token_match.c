/* SPDX-License-Identifier: MIT */
/* token_match: against the plain table of dynamic programming, over ends of words. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/random_shapes.h"
#include "trainer/score/token_match.h"

#define MOST 300

static uint64_t seed;

static size_t plain_count(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count)
{
	size_t rows[2][MOST + 1] = {0};

	for (size_t i = 1; i <= a_count; i++) {
		size_t *now = rows[i % 2];
		const size_t *before = rows[(i + 1) % 2];

		for (size_t k = 1; k <= b_count; k++) {
			now[k] = before[k] > now[k - 1] ? before[k] : now[k - 1];
			if (a[i - 1] == b[k - 1])
				now[k] = before[k - 1] + 1;
		}
	}
	return rows[a_count % 2][b_count];
}

static void test_examples(void **state)
{
	const uint32_t a[] = {1, 2, 3, 4, 5}, b[] = {9, 1, 3, 9, 5, 4};
	struct arena arena = {0};

	(void)state;
	assert_int_equal(token_match_count(a, 5, a, 5, &arena), 5);
	assert_int_equal(token_match_count(a, 5, b, 6, &arena), 3);
	assert_int_equal(token_match_count(a, 5, b, 0, &arena), 0);
	assert_int_equal(token_match_count(NULL, 0, b, 6, &arena), 0);
	assert_int_equal(token_match_count(NULL, 0, NULL, 0, &arena), 0);
	arena_free(&arena);
}

static void test_against_the_plain_table(void **state)
{
	struct rng rng = rng_seed(seed, 1);
	struct arena arena = {0};

	(void)state;
	for (int round = 0; round < 1500; round++) {
		uint32_t a[MOST], b[MOST], kinds = (uint32_t)rng_range(&rng, 1, 100);
		size_t n = rng_below(&rng, MOST + 1), m = rng_below(&rng, MOST + 1);

		if (round % 3 == 0)
			n = 64 * rng_below(&rng, 5);
		for (size_t i = 0; i < n; i++)
			a[i] = UINT32_MAX - rng_below(&rng, kinds);
		for (size_t i = 0; i < m; i++)
			b[i] = i < n && rng_chance(&rng, 0.7) ? a[i]
							      : UINT32_MAX - rng_below(&rng, kinds);
		assert_int_equal(token_match_count(a, n, b, m, &arena), plain_count(a, n, b, m));
		arena_reset(&arena);
	}
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_against_the_plain_table),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
