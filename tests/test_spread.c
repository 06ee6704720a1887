/* SPDX-License-Identifier: MIT */
/* spread: percentiles beside those of a sorted list, means, merging, nothing at all. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/spread.h"
#include "tests/random_shapes.h"

enum { MOST = 400 };

static int compare(const void *a, const void *b)
{
	uint32_t p = *(const uint32_t *)a, q = *(const uint32_t *)b;

	return p < q ? -1 : p > q;
}

/* The value at the nearest rank, 1 the first. */
static uint32_t at_rank(const uint32_t *sorted, uint32_t n, int per_cent)
{
	uint32_t rank = (n * (uint32_t)per_cent + 99) / 100;

	return sorted[rank ? rank - 1 : 0];
}

static void test_against_a_sorted_list(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);

	(void)state;
	for (int round = 0; round < 200; round++) {
		uint32_t n = 1 + rng_below(&rng, MOST), limit = 1 + rng_below(&rng, 3000);
		uint32_t values[MOST];
		struct spread s = {0};
		uint64_t sum = 0;

		for (uint32_t i = 0; i < n; i++) {
			values[i] = rng_below(&rng, limit);
			sum += values[i];
			spread_add(&s, values[i], 1);
		}
		qsort(values, n, sizeof(*values), compare);
		assert_int_equal(s.count, n);
		assert_true(spread_mean(&s) == (double)sum / n);
		assert_int_equal(s.least, values[0]);
		assert_int_equal(s.most, values[n - 1]);
		for (int p = 0; p <= 100; p++)
			assert_int_equal(spread_at(&s, p), at_rank(values, n, p));
		spread_free(&s);
	}
}

static void test_times_and_merging(void **state)
{
	struct spread a = {0}, b = {0};

	(void)state;
	spread_add(&a, 7, 3);
	spread_add(&a, 5000, 0);
	assert_int_equal(a.most, 7);
	spread_add(&b, 1000, 1);
	spread_add(&b, 2, 96);
	spread_merge(&a, &b);
	assert_int_equal(a.count, 100);
	assert_int_equal(a.least, 2);
	assert_int_equal(a.most, 1000);
	assert_int_equal(spread_at(&a, 96), 2);
	assert_int_equal(spread_at(&a, 97), 7);
	assert_int_equal(spread_at(&a, 99), 7);
	assert_int_equal(spread_at(&a, 100), 1000);
	assert_int_equal(spread_between(&a, 2, 8), 99);
	assert_int_equal(spread_between(&a, 8, 1000), 0);
	assert_int_equal(spread_between(&a, 8, UINT64_MAX), 1);
	spread_free(&a);
	spread_free(&b);
}

static void test_nothing(void **state)
{
	struct spread s = {0}, other = {0};

	(void)state;
	spread_merge(&s, &other);
	assert_int_equal(spread_at(&s, 50), 0);
	assert_true(spread_mean(&s) == 0);
	assert_int_equal(spread_between(&s, 0, 10), 0);
	spread_free(&s);
}

/* Half of more than the product with 100 could hold. */
static void test_many(void **state)
{
	struct spread s = {0};

	(void)state;
	spread_add(&s, 1, UINT64_MAX / 4);
	spread_add(&s, 2, UINT64_MAX / 4);
	assert_int_equal(spread_at(&s, 50), 1);
	assert_int_equal(spread_at(&s, 51), 2);
	spread_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_a_sorted_list),
		cmocka_unit_test(test_times_and_merging),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_many),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
