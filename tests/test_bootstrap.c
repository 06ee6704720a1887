/* SPDX-License-Identifier: MIT */
/* bootstrap: which values make an interval, and quotients of the sums of some cases. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "trainer/score/bootstrap.h"

static void check_interval(int count, double low, double high)
{
	double values[BOOTSTRAP_RESAMPLES];
	struct metrics_value v = {0};

	for (int i = 0; i < count; i++)
		values[i] = i * 7 % count;
	bootstrap_interval(&v, values, count);
	assert_true(v.low == low);
	assert_true(v.high == high);
	assert_true(v.value == 0 && v.drawings == 0);
}

static void test_interval(void **state)
{
	(void)state;
	check_interval(1000, 25, 974);
	check_interval(500, 12, 487);
	check_interval(40, 1, 38);
	check_interval(39, 0, 38);
	check_interval(1, 0, 0);
}

/* Two figures of three cases; the second counts for one of them. */
static void test_measure(void **state)
{
	static const struct bootstrap_sum sums[3][2] = {
		{{1, 2}, {0, 0}}, {{2, 2}, {3, 4}}, {{1, 4}, {0, 0}}};
	static const uint32_t chosen[] = {2, 0};
	const struct bootstrap b = {sums[0], 2, 10};
	struct metrics_value v[2];

	(void)state;
	bootstrap_measure(&b, NULL, 3, rng_seed(1, 1), v);
	assert_true(v[0].value == 10 * 4.0 / 8);
	assert_true(v[0].low == 2.5 && v[0].high == 10);
	assert_int_equal(v[0].drawings, 3);
	assert_true(v[1].value == 7.5 && v[1].low == 7.5 && v[1].high == 7.5);
	assert_int_equal(v[1].drawings, 1);
	bootstrap_measure(&b, chosen, 2, rng_seed(1, 1), v);
	assert_true(v[0].value == 10 * 2.0 / 6);
	assert_true(v[0].low == 2.5 && v[0].high == 5);
	assert_int_equal(v[0].drawings, 2);
	assert_int_equal(v[1].drawings, 0);
	bootstrap_measure(&b, NULL, 0, rng_seed(1, 1), v);
	assert_int_equal(v[0].drawings, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_interval),
		cmocka_unit_test(test_measure),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
