/* SPDX-License-Identifier: MIT */
/* buf: growth, and numbers and strings exactly as the contracts spell them. */
#include <config.h>

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

static void test_empty(void **state)
{
	(void)state;
	struct buf b = {0};
	buf_clear(&b);
	assert_null(b.data);
	buf_free(&b);
	buf_str(&b, "");
	assert_string_equal(b.data, "");
	assert_int_equal(b.len, 0);
	buf_free(&b);
	assert_null(b.data);
	assert_int_equal(b.cap, 0);
}

static void test_growth_keeps_bytes_and_nul(void **state)
{
	(void)state;
	struct buf b = {0};
	for (size_t i = 0; i < 5000; i++) {
		assert_int_equal(b.len, i);
		buf_char(&b, (char)(i % 251));
		assert_true(b.cap > b.len);
		assert_int_equal(b.data[b.len], 0);
	}
	for (size_t i = 0; i < 5000; i++)
		assert_int_equal((unsigned char)b.data[i], i % 251);
	size_t cap = b.cap;
	buf_clear(&b);
	assert_int_equal(b.len, 0);
	assert_string_equal(b.data, "");
	assert_int_equal(b.cap, cap);
	buf_bytes(&b, "a\0b", 3);
	buf_bytes(&b, NULL, 0);
	assert_int_equal(b.len, 3);
	assert_memory_equal(b.data, "a\0b", 4);
	buf_free(&b);
}

static void test_reserve(void **state)
{
	(void)state;
	struct buf b = {0};
	buf_str(&b, "head");
	char *to = buf_reserve(&b, 100000);
	assert_ptr_equal(to, b.data + 4);
	assert_int_equal(b.len, 4);
	assert_true(b.cap >= 100005);
	assert_string_equal(b.data, "head");
	memset(to, 'x', 100000);
	b.len += 100000;
	buf_char(&b, '!');
	assert_int_equal(b.len, 100005);
	assert_memory_equal(b.data, "headxx", 6);
	assert_string_equal(b.data + 100002, "xx!");
	buf_free(&b);
}

static const char *int_text(struct buf *b, int64_t v)
{
	buf_clear(b);
	buf_int(b, v);
	return b->data;
}

static void test_int(void **state)
{
	(void)state;
	struct buf b = {0};
	assert_string_equal(int_text(&b, 0), "0");
	assert_string_equal(int_text(&b, 7), "7");
	assert_string_equal(int_text(&b, -10), "-10");
	assert_string_equal(int_text(&b, INT64_MAX), "9223372036854775807");
	assert_string_equal(int_text(&b, INT64_MIN), "-9223372036854775808");
	buf_free(&b);
}

static const char *milli_text(struct buf *b, int64_t v)
{
	buf_clear(b);
	buf_milli(b, v);
	return b->data;
}

static void test_milli(void **state)
{
	(void)state;
	struct buf b = {0};
	assert_string_equal(milli_text(&b, 12500), "12.5");
	assert_string_equal(milli_text(&b, 12000), "12");
	assert_string_equal(milli_text(&b, -5), "-0.005");
	assert_string_equal(milli_text(&b, 0), "0");
	assert_string_equal(milli_text(&b, 10), "0.01");
	assert_string_equal(milli_text(&b, 1001), "1.001");
	assert_string_equal(milli_text(&b, -1100), "-1.1");
	assert_string_equal(milli_text(&b, INT64_MIN), "-9223372036854775.808");
	assert_string_equal(milli_text(&b, INT64_MAX), "9223372036854775.807");
	buf_free(&b);
}

static const char *fixed_text(struct buf *b, double v, int decimals)
{
	buf_clear(b);
	buf_fixed(b, v, decimals);
	return b->data;
}

static void test_fixed(void **state)
{
	(void)state;
	struct buf b = {0};
	assert_string_equal(fixed_text(&b, 0.0, 0), "0");
	assert_string_equal(fixed_text(&b, 1.5, 3), "1.5");
	assert_string_equal(fixed_text(&b, -1.25, 2), "-1.25");
	assert_string_equal(fixed_text(&b, 100.0, 6), "100");
	assert_string_equal(fixed_text(&b, 0.0625, 6), "0.0625");
	assert_string_equal(fixed_text(&b, 999999999999.0, 0), "999999999999");
	assert_string_equal(fixed_text(&b, -999999999999.75, 6), "-999999999999.75");
	assert_string_equal(fixed_text(&b, 9.9996, 3), "10");
	buf_free(&b);
}

static void test_fixed_halves_away_from_zero(void **state)
{
	(void)state;
	struct buf b = {0};
	assert_string_equal(fixed_text(&b, 0.5, 0), "1");
	assert_string_equal(fixed_text(&b, -0.5, 0), "-1");
	assert_string_equal(fixed_text(&b, 2.5, 0), "3");
	assert_string_equal(fixed_text(&b, 0.125, 2), "0.13");
	assert_string_equal(fixed_text(&b, -0.375, 2), "-0.38");
	assert_string_equal(fixed_text(&b, 0.49999999999999994, 0), "0");
	/* no halves: the doubles lie just below and just above */
	assert_string_equal(fixed_text(&b, 2.675, 2), "2.67");
	assert_string_equal(fixed_text(&b, 8.345, 2), "8.35");
	buf_free(&b);
}

static void test_fixed_never_minus_zero(void **state)
{
	(void)state;
	struct buf b = {0};
	assert_string_equal(fixed_text(&b, -0.0, 3), "0");
	assert_string_equal(fixed_text(&b, -0.0004, 3), "0");
	assert_string_equal(fixed_text(&b, -1e-300, 6), "0");
	assert_string_equal(fixed_text(&b, 4.9e-324, 6), "0");
	buf_free(&b);
}

/* Against printf, which rounds the exact value too (ties aside: random bits hit none). */
static void test_fixed_like_printf(void **state)
{
	(void)state;
	struct buf b = {0};
	uint64_t seed = (uint64_t)time(NULL);
	struct rng rng = rng_seed(seed, 1);
	printf("# seed %llu\n", (unsigned long long)seed);
	for (int i = 0; i < 100000; i++) {
		double v = (rng_unit(&rng) + rng_unit(&rng) * 0x1p-32) * 2.0 - 1.0;
		int decimals = (int)rng_below(&rng, 7);
		char text[64];
		for (uint32_t k = rng_below(&rng, 20); k > 0; k--)
			v = k > 8 ? v * 3.7 : v / 3.7;
		snprintf(text, sizeof(text), "%.*f", decimals, v);
		char *end = text + strlen(text);
		while (decimals > 0 && end[-1] == '0')
			*--end = '\0';
		if (end[-1] == '.')
			*--end = '\0';
		const char *expected = strcmp(text, "-0") == 0 ? "0" : text;
		assert_string_equal(fixed_text(&b, v, decimals), expected);
	}
	buf_free(&b);
}

static void test_uint(void **state)
{
	(void)state;
	struct buf b = {0};
	buf_uint(&b, 0);
	buf_char(&b, ' ');
	buf_uint(&b, UINT64_MAX);
	assert_string_equal(b.data, "0 18446744073709551615");
	buf_free(&b);
}

static const char *real_text(struct buf *b, double v)
{
	buf_clear(b);
	buf_real(b, v);
	return b->data;
}

static void test_real(void **state)
{
	(void)state;
	struct buf b = {0};
	assert_string_equal(real_text(&b, 0), "0");
	assert_string_equal(real_text(&b, -0.0), "-0");
	assert_string_equal(real_text(&b, 1), "1");
	assert_string_equal(real_text(&b, -150), "-150");
	assert_string_equal(real_text(&b, 0.0001), "0.0001");
	assert_string_equal(real_text(&b, 12.625), "12.625");
	assert_string_equal(real_text(&b, 0.1), "0.1");
	assert_string_equal(real_text(&b, 0.1 + 0.2), "0.30000000000000004");
	assert_string_equal(real_text(&b, 0.00001), "0.00001");
	assert_string_equal(real_text(&b, 0.0000015), "1.5e-06");
	assert_string_equal(real_text(&b, 1e-7), "1e-07");
	assert_string_equal(real_text(&b, 1e16), "10000000000000000");
	assert_string_equal(real_text(&b, 1e17), "1e+17");
	assert_string_equal(real_text(&b, 5e-324), "5e-324");
	assert_string_equal(real_text(&b, 1.7976931348623157e308), "1.7976931348623157e+308");
	buf_str(&b, ",");
	buf_real(&b, 2.5);
	assert_string_equal(b.data, "1.7976931348623157e+308,2.5");
	buf_free(&b);
}

/* Doubles of any bits: read back the same by strtod, which is exact, and by num_real. */
static void test_real_comes_back(void **state)
{
	(void)state;
	struct buf b = {0};
	uint64_t seed = (uint64_t)time(NULL);
	struct rng rng = rng_seed(seed, 2);
	printf("# seed %llu\n", (unsigned long long)seed);
	for (int i = 0; i < 100000; i++) {
		uint64_t bits = (uint64_t)rng_u32(&rng) << 32 | rng_u32(&rng);
		double v, again;
		memcpy(&v, &bits, sizeof(v));
		if (i % 2)
			v = (double)rng_below(&rng, 100000) / 1000 *
			    pow(10, -(int)rng_below(&rng, 9));
		if (!isfinite(v))
			continue;
		real_text(&b, v);
		assert_true(strtod(b.data, NULL) == v);
		assert_int_equal(num_real(b.data, v, v, &again), 0);
		assert_memory_equal(&again, &v, sizeof(v));
		assert_true(b.len <= 25);
	}
	buf_free(&b);
}

static const char *json_text(struct buf *b, const char *s)
{
	buf_clear(b);
	buf_json_str(b, s);
	return b->data;
}

static void test_json_str(void **state)
{
	(void)state;
	struct buf b = {0};
	assert_string_equal(json_text(&b, ""), "\"\"");
	assert_string_equal(json_text(&b, "a/b 'c'"), "\"a/b 'c'\"");
	assert_string_equal(json_text(&b, "\"\\"), "\"\\\"\\\\\"");
	assert_string_equal(json_text(&b, "\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"");
	assert_string_equal(json_text(&b, "\x01\x1f\x7f"), "\"\\u0001\\u001f\\u007f\"");
	assert_string_equal(json_text(&b, "\xc3\x98 45\xc2\xb0"), "\"\xc3\x98 45\xc2\xb0\"");
	assert_string_equal(json_text(&b, "a\xc3"), "\"a\xef\xbf\xbd\"");
	assert_string_equal(json_text(&b, "\xb0"
					  "b\xed\xa0\x80"),
			    "\"\xef\xbf\xbd"
			    "b\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
	buf_free(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_growth_keeps_bytes_and_nul),
		cmocka_unit_test(test_reserve),
		cmocka_unit_test(test_int),
		cmocka_unit_test(test_milli),
		cmocka_unit_test(test_fixed),
		cmocka_unit_test(test_fixed_halves_away_from_zero),
		cmocka_unit_test(test_fixed_never_minus_zero),
		cmocka_unit_test(test_fixed_like_printf),
		cmocka_unit_test(test_uint),
		cmocka_unit_test(test_real),
		cmocka_unit_test(test_real_comes_back),
		cmocka_unit_test(test_json_str),
	};
	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
