/* SPDX-License-Identifier: MIT */
/* utf8: every code point there and back, and what is none. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"

static void put_char(char out[5], uint32_t c, size_t len)
{
	static const uint8_t first[] = {0, 0, 0xc0, 0xe0, 0xf0};

	memset(out, 0, 5);
	for (size_t i = len; --i > 0; c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)(first[len] | c);
}

static void test_every_code_point(void **state)
{
	(void)state;
	for (uint32_t c = 1; c <= 0x10ffff; c++) {
		size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
		uint32_t is = 0;
		char text[5];

		put_char(text, c, len);
		if (c >= 0xd800 && c < 0xe000) {
			assert_int_equal(utf8_char(text, 4, &is), 0);
			assert_false(utf8_is_valid(text));
			continue;
		}
		assert_int_equal(utf8_char(text, len, &is), len);
		assert_int_equal(is, c);
		assert_true(utf8_is_valid(text));
		if (len > 1)
			assert_int_equal(utf8_char(text, len - 1, &is), 0);
	}
}

static void test_broken(void **state)
{
	static const char *const bad[] = {
		"\x80",     "\xc3",         "\xc3(",        "\xc0\xaf",         "\xc1\x81",
		"\xe2\x82", "\xe2(\xa1",    "\xed\xa0\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80",
		"\xff",     "\xf0\x9f\x93", "\xe0\x80\x80", "\xf5\x80\x80\x80",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		char text[16];
		uint32_t c;

		assert_int_equal(utf8_char(bad[i], strlen(bad[i]), &c), 0);
		snprintf(text, sizeof(text), "ab%sc", bad[i]);
		assert_false(utf8_is_valid(text));
	}
	assert_true(utf8_is_valid(""));
	assert_true(utf8_is_valid("a\xc3\xa4\xe2\x82\xac\xf0\x9f\x93\x90"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_code_point),
		cmocka_unit_test(test_broken),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
