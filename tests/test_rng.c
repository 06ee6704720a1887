/* SPDX-License-Identifier: MIT */
/* rng: the reference's numbers, frozen streams, bounds and uniformity. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/rng.h"

/* pcg32-demo of the PCG reference implementation, round 1 */
static void test_known_answer(void **state)
{
	(void)state;
	static const uint32_t expected[] = {0xa15c02b7, 0x7b47f409, 0xba1d3330,
					    0x83d2f293, 0xbfa4784b, 0xcbed606e};
	struct rng rng = rng_seed(42, 54);
	for (int i = 0; i < 6; i++)
		assert_int_equal(rng_u32(&rng), expected[i]);
}

/* splitmix64 from state 0: the mixer at multiples of the golden gamma */
static void test_mix_known_answer(void **state)
{
	(void)state;
	assert_true(rng_mix64(UINT64_C(0x9e3779b97f4a7c15)) == UINT64_C(0xe220a8397b1dcdaf));
	assert_true(rng_mix64(UINT64_C(0x3c6ef372fe94f82a)) == UINT64_C(0x6e789e6aa1b965f4));
	assert_true(rng_mix64(0) == 0);
}

/* These must never change: every dataset depends on them. */
static void test_stream_is_frozen(void **state)
{
	(void)state;
	struct rng rng = rng_stream(1, 2, "scene", 3);
	assert_int_equal(rng_u32(&rng), 0x6f94cae4);
	assert_int_equal(rng_u32(&rng), 0xc2e28a51);
	assert_int_equal(rng_u32(&rng), 0x2dc87647);
}

static void assert_differ(struct rng a, struct rng b)
{
	uint64_t x = (uint64_t)rng_u32(&a) << 32;
	uint64_t y = (uint64_t)rng_u32(&b) << 32;
	x |= rng_u32(&a);
	y |= rng_u32(&b);
	assert_true(x != y);
}

static void test_streams_depend_on_every_key(void **state)
{
	(void)state;
	struct rng base = rng_stream(7, 8, "scene", 0);
	struct rng same = rng_stream(7, 8, "scene", 0);
	assert_int_equal(rng_u32(&same), rng_u32(&base));
	base = rng_stream(7, 8, "scene", 0);
	assert_differ(base, rng_stream(6, 8, "scene", 0));
	assert_differ(base, rng_stream(8, 7, "scene", 0));
	assert_differ(base, rng_stream(7, 9, "scene", 0));
	assert_differ(base, rng_stream(7, 8, "scen", 0));
	assert_differ(base, rng_stream(7, 8, "style", 0));
	assert_differ(base, rng_stream(7, 8, "scene", 1));
	assert_differ(rng_stream(7, 0, "scene", 1), rng_stream(7, 1, "scene", 0));
	assert_true(rng_stream(7, 8, "scene", 0).inc != rng_stream(7, 8, "style", 0).inc);
}

/* Chi-square over 10 cells and 100,000 draws; 9 degrees of freedom, 40 has p < 1e-5. The stream is
 * fixed, so this either always holds or never. */
static void test_below_is_uniform(void **state)
{
	(void)state;
	enum { CELLS = 10, DRAWS = 100000 };
	double chi = 0.0;
	int count[CELLS] = {0};
	struct rng rng = rng_seed(1, 1);
	for (int i = 0; i < DRAWS; i++) {
		uint32_t v = rng_below(&rng, CELLS);
		assert_true(v < CELLS);
		count[v]++;
	}
	for (int i = 0; i < CELLS; i++) {
		double d = count[i] - (double)DRAWS / CELLS;
		chi += d * d / ((double)DRAWS / CELLS);
	}
	assert_true(chi < 40.0);
}

/* For n = 3 * 2^30 a draw without rejection would give every third value twice as often. */
static void test_below_rejects_the_uneven_part(void **state)
{
	(void)state;
	int count[3] = {0};
	struct rng rng = rng_seed(2, 1);
	for (int i = 0; i < 30000; i++)
		count[rng_below(&rng, UINT32_C(3) << 30) % 3]++;
	for (int i = 0; i < 3; i++)
		assert_in_range(count[i], 9500, 10500);
}

static void test_below_extremes(void **state)
{
	(void)state;
	struct rng rng = rng_seed(3, 1);
	for (int i = 0; i < 100; i++) {
		assert_int_equal(rng_below(&rng, 1), 0);
		assert_true(rng_below(&rng, UINT32_MAX) < UINT32_MAX);
	}
}

static void test_range_reaches_both_ends(void **state)
{
	(void)state;
	struct rng rng = rng_seed(4, 1);
	int lo = 0, hi = 0;
	for (int i = 0; i < 1000; i++) {
		int64_t v = rng_range(&rng, -3, 3);
		assert_true(v >= -3 && v <= 3);
		lo += v == -3;
		hi += v == 3;
	}
	assert_true(lo > 0 && hi > 0);
	assert_true(rng_range(&rng, 5, 5) == 5);
	assert_true(rng_range(&rng, INT64_MIN, INT64_MIN + 1) <= INT64_MIN + 1);
	assert_true(rng_range(&rng, INT64_MAX - 1, INT64_MAX) >= INT64_MAX - 1);
}

static void test_widest_range(void **state)
{
	(void)state;
	struct rng rng = rng_seed(42, 54);
	assert_true(rng_range(&rng, -10, -10 + (int64_t)UINT32_MAX) ==
		    -10 + (int64_t)UINT32_C(0xa15c02b7));
}

static void test_unit(void **state)
{
	(void)state;
	struct rng rng = rng_seed(42, 54);
	assert_true(rng_unit(&rng) == 0xa15c02b7p-32);
	double least = 1.0, most = 0.0;
	for (int i = 0; i < 10000; i++) {
		double v = rng_unit(&rng);
		assert_true(v >= 0.0 && v < 1.0);
		least = v < least ? v : least;
		most = v > most ? v : most;
	}
	assert_true(least < 0.01 && most > 0.99);
}

static void test_chance(void **state)
{
	(void)state;
	struct rng rng = rng_seed(5, 1);
	struct rng other = rng;
	int hits = 0;
	for (int i = 0; i < 10000; i++) {
		assert_false(rng_chance(&rng, 0.0));
		assert_true(rng_chance(&rng, 1.0));
		hits += rng_chance(&rng, 0.25);
	}
	assert_in_range(hits, 2300, 2700);
	for (int i = 0; i < 30000; i++) /* one draw each, whatever p */
		rng_u32(&other);
	assert_int_equal(rng_u32(&rng), rng_u32(&other));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_answer),
		cmocka_unit_test(test_mix_known_answer),
		cmocka_unit_test(test_stream_is_frozen),
		cmocka_unit_test(test_streams_depend_on_every_key),
		cmocka_unit_test(test_below_is_uniform),
		cmocka_unit_test(test_below_rejects_the_uneven_part),
		cmocka_unit_test(test_below_extremes),
		cmocka_unit_test(test_range_reaches_both_ends),
		cmocka_unit_test(test_widest_range),
		cmocka_unit_test(test_unit),
		cmocka_unit_test(test_chance),
	};
	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
