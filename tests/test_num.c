/* SPDX-License-Identifier: MIT */
/* num: what is a number, what is not, bounds, and random ones against the C library. */
#include <config.h>

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/rng.h"

static uint64_t seed;

/* Reads text as thousandths; `used` is how much of it must be read. */
static void assert_milli(const char *text, size_t used, int64_t expected)
{
	const char *end = NULL;
	int64_t v = -1;
	assert_int_equal(num_milli(text, strlen(text), &v, &end), 0);
	assert_true(v == expected);
	assert_ptr_equal(end, text + used);
}

static void assert_no_milli(const char *text)
{
	const char *end = text;
	int64_t v = 77;
	assert_int_equal(num_milli(text, strlen(text), &v, &end), -1);
	assert_int_equal(v, 77);
	assert_ptr_equal(end, text);
}

static void test_milli(void **state)
{
	(void)state;
	assert_milli("12.5", 4, 12500);
	assert_milli("0", 1, 0);
	assert_milli("-0", 2, 0);
	assert_milli("-0.005", 6, -5);
	assert_milli("007.25", 6, 7250);
	assert_milli("1.0010000000000000000000000", 27, 1001);
	assert_milli("999999999999.999", 16, INT64_C(999999999999999));
	assert_milli("-999999999999.999", 17, -INT64_C(999999999999999));
	assert_milli("0000000000000000000000000000001", 31, 1000);
}

static void test_milli_reads_the_longest_prefix(void **state)
{
	(void)state;
	assert_milli("12.5]", 4, 12500);
	assert_milli("12.", 2, 12000);
	assert_milli("12.x", 2, 12000);
	assert_milli("3e5", 1, 3000);
	assert_milli("1.5.5", 3, 1500);
	assert_milli("1-2", 1, 1000);
	assert_milli("1,5", 1, 1000);
}

static void test_milli_stays_within_n(void **state)
{
	(void)state;
	const char *end;
	int64_t v;
	assert_int_equal(num_milli("123", 2, &v, &end), 0);
	assert_true(v == 12000);
	assert_int_equal(num_milli("1.5", 2, &v, &end), 0);
	assert_true(v == 1000);
	assert_int_equal(num_milli("1.55", 3, &v, &end), 0);
	assert_true(v == 1500);
	assert_int_equal(num_milli("1", 0, &v, &end), -1);
	assert_int_equal(num_milli("-1", 1, &v, &end), -1);
}

static void test_milli_refuses(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"",
		"-",
		"x",
		".5",
		"-.5",
		"+1",
		" 1",
		"--1",
		"1.0005",
		"0.12300001",
		"1000000000000",
		"-1000000000000",
		"1000000000000.5",
		"99999999999999999999999999999999999999",
		"18446744073709551617", /* 2^64 + 1 */
		"18446744073709552",    /* 2^64 / 1000, rounded up */
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_no_milli(bad[i]);
}

static void test_milli_round_trip(void **state)
{
	(void)state;
	struct buf b = {0};
	struct rng rng = rng_seed(seed, 1);
	for (int i = 0; i < 100000; i++) {
		int64_t v = (int64_t)rng_u32(&rng) * rng_range(&rng, -232830, 232830);
		v >>= rng_below(&rng, 40);
		buf_clear(&b);
		buf_milli(&b, v);
		assert_milli(b.data, b.len, v);
	}
	buf_free(&b);
}

static void assert_int(const char *text, int64_t lo, int64_t hi, int rc, int64_t expected)
{
	int64_t v = 77;
	assert_int_equal(num_int(text, lo, hi, &v), rc);
	assert_true(v == (rc == 0 ? expected : 77));
}

static void test_int(void **state)
{
	(void)state;
	assert_int("0", -5, 5, 0, 0);
	assert_int("-0", 0, 5, 0, 0);
	assert_int("5", -5, 5, 0, 5);
	assert_int("-5", -5, 5, 0, -5);
	assert_int("005", -5, 5, 0, 5);
	assert_int("6", -5, 5, -2, 0);
	assert_int("-6", -5, 5, -2, 0);
	assert_int("9223372036854775807", INT64_MIN, INT64_MAX, 0, INT64_MAX);
	assert_int("-9223372036854775808", INT64_MIN, INT64_MAX, 0, INT64_MIN);
	assert_int("9223372036854775808", INT64_MIN, INT64_MAX, -2, 0);
	assert_int("-9223372036854775809", INT64_MIN, INT64_MAX, -2, 0);
	assert_int("18446744073709551616", INT64_MIN, INT64_MAX, -2, 0);
	assert_int("-99999999999999999999999999", INT64_MIN, INT64_MAX, -2, 0);
}

static void test_int_refuses(void **state)
{
	(void)state;
	static const char *const bad[] = {"",    "-",   "abc", "1.0",
					  "1e3", " 1",  "1 ",  "0x1",
					  "+1",  "--1", "1-",  "99999999999999999999x"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int(bad[i], INT64_MIN, INT64_MAX, -1, 0);
}

static void test_uint64(void **state)
{
	(void)state;
	uint64_t v = 77;
	assert_int_equal(num_uint64("18446744073709551616", &v), -2);
	assert_int_equal(num_uint64("-1", &v), -2);
	assert_int_equal(num_uint64("", &v), -1);
	assert_int_equal(num_uint64("1.5", &v), -1);
	assert_int_equal(num_uint64("seed", &v), -1);
	assert_true(v == 77);
	assert_int_equal(num_uint64("18446744073709551615", &v), 0);
	assert_true(v == UINT64_MAX);
	assert_int_equal(num_uint64("-0", &v), 0);
	assert_true(v == 0);
}

static double real_of(const char *text)
{
	double v = NAN;
	assert_int_equal(num_real(text, -DBL_MAX, DBL_MAX, &v), 0);
	return v;
}

static void test_real(void **state)
{
	(void)state;
	assert_true(real_of("0") == 0.0);
	assert_true(real_of("-0.0e5") == 0.0);
	assert_true(real_of("0.1") == 0.1);
	assert_true(real_of("-12.50") == -12.5);
	assert_true(real_of("1e3") == 1000.0);
	assert_true(real_of("1E+3") == 1000.0);
	assert_true(real_of("25e-1") == 2.5);
	assert_true(real_of("1e22") == 1e22);
	assert_true(real_of("9007199254740993") == 9007199254740992.0); /* tie, to even */
	assert_true(real_of("0e999999999999999999999999") == 0.0);
	assert_true(real_of("1.7976931348623157e308") == DBL_MAX);
	assert_true(real_of("2.2250738585072014e-308") == DBL_MIN);
	assert_true(real_of("2.2250738585072011e-308") < DBL_MIN);
	assert_true(real_of("4.9406564584124654e-324") == 4.9406564584124654e-324);
	assert_true(real_of("1e-400") == 0.0);
	assert_true(real_of("1e-999999999999999999999999") == 0.0);
}

static void test_real_of_many_digits(void **state)
{
	(void)state;
	char text[2200];
	text[0] = '0';
	text[1] = '.';
	memset(text + 2, '0', 1000);
	strcpy(text + 1002, "25e1001");
	assert_true(real_of(text) == 2.5);
	text[0] = '7';
	memset(text + 1, '0', 2000);
	strcpy(text + 2001, "e-1999");
	assert_true(real_of(text) == 70.0);
	assert_true(real_of("3.14159265358979323846264338327950288419716939937510") ==
		    3.14159265358979323846);
}

static void test_real_range(void **state)
{
	(void)state;
	double v = 77.0;
	assert_int_equal(num_real("1.5", 0.0, 1.0, &v), -2);
	assert_int_equal(num_real("-0.1", 0.0, 1.0, &v), -2);
	assert_int_equal(num_real("1e309", -INFINITY, INFINITY, &v), -2);
	assert_int_equal(num_real("10e308", -INFINITY, INFINITY, &v), -2);
	assert_int_equal(num_real("1.7976931348623159e308", -INFINITY, INFINITY, &v), -2);
	assert_int_equal(num_real("-1e99999999999999999999", -INFINITY, INFINITY, &v), -2);
	assert_true(v == 77.0);
	assert_int_equal(num_real("1", 0.0, 1.0, &v), 0);
	assert_int_equal(num_real("0", 0.0, 1.0, &v), 0);
}

static void test_real_refuses(void **state)
{
	(void)state;
	static const char *const bad[] = {"",    "-",   "abc", ".5",   "5.",    "1e",   "1e+",
					  "e5",  "+1",  " 1",  "1 ",   "0x10",  "1e5x", "1.5.5",
					  "1,5", "nan", "inf", "-inf", "1e5.0", "1e--5"};
	double v = 77.0;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(num_real(bad[i], -INFINITY, INFINITY, &v), -1);
	assert_true(v == 77.0);
}

static int64_t ulps_between(double a, double b)
{
	int64_t x, y;
	assert_true((a < 0.0) == (b < 0.0));
	a = fabs(a);
	b = fabs(b);
	memcpy(&x, &a, sizeof(x));
	memcpy(&y, &b, sizeof(y));
	return x > y ? x - y : y - x;
}

/* Any finite double, printed with 1 to 20 digits, against strtod: within the promised ulp, and
 * nearly always the same. */
static void test_real_round_trip(void **state)
{
	(void)state;
	struct rng rng = rng_seed(seed, 2);
	int exact = 0, total = 0;
	for (int i = 0; i < 200000; i++) {
		uint64_t bits = (uint64_t)rng_u32(&rng) << 32;
		char text[400];
		double v;
		bits |= rng_u32(&rng);
		memcpy(&v, &bits, sizeof(v));
		if (!isfinite(v))
			continue;
		snprintf(text, sizeof(text), "%.*e", (int)rng_below(&rng, 20), v);
		double expected = strtod(text, NULL);
		if (!isfinite(expected)) /* rounded up past DBL_MAX */
			continue;
		double got = real_of(text);
		assert_true(ulps_between(got, expected) <= 1);
		exact += got == expected;
		total++;
	}
	assert_true(exact > total - total / 20);
}

/* What people write: short, without exponent. Exactly what strtod gives. */
static void test_real_everyday_numbers_are_exact(void **state)
{
	(void)state;
	struct rng rng = rng_seed(seed, 3);
	for (int i = 0; i < 100000; i++) {
		char text[64];
		snprintf(text, sizeof(text), "%" PRId64 ".%0*u", rng_range(&rng, -99999, 99999), 9,
			 rng_below(&rng, 1000000000));
		assert_true(real_of(text) == strtod(text, NULL));
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_milli),
		cmocka_unit_test(test_milli_reads_the_longest_prefix),
		cmocka_unit_test(test_milli_stays_within_n),
		cmocka_unit_test(test_milli_refuses),
		cmocka_unit_test(test_milli_round_trip),
		cmocka_unit_test(test_int),
		cmocka_unit_test(test_int_refuses),
		cmocka_unit_test(test_uint64),
		cmocka_unit_test(test_real),
		cmocka_unit_test(test_real_of_many_digits),
		cmocka_unit_test(test_real_range),
		cmocka_unit_test(test_real_refuses),
		cmocka_unit_test(test_real_round_trip),
		cmocka_unit_test(test_real_everyday_numbers_are_exact),
	};
	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	seed = (uint64_t)time(NULL);
	printf("# seed %" PRIu64 "\n", seed);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
