/* SPDX-License-Identifier: MIT */
/* base64: the examples of RFC 4648, section 10; random bytes there and back; what is refused. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "formats/encoding/base64.h"
#include "tests/random_shapes.h"

static const char *const examples[][2] = {
	{"", ""},
	{"f", "Zg=="},
	{"fo", "Zm8="},
	{"foo", "Zm9v"},
	{"foob", "Zm9vYg=="},
	{"fooba", "Zm9vYmE="},
	{"foobar", "Zm9vYmFy"},
};

static void test_examples(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
		const char *bytes = examples[i][0], *text = examples[i][1];
		struct buf out = {0};
		struct err err = {0};

		buf_str(&out, "=");
		base64_put(&out, bytes, strlen(bytes));
		assert_string_equal(out.data + 1, text);
		assert_int_equal(out.len, 1 + strlen(text));
		assert_int_equal(base64_parse(&out, text, strlen(text), &err), 0);
		assert_string_equal(out.data + 1 + strlen(text), bytes);
		buf_free(&out);
	}
}

/* All 64 letters, which are the bytes of six bits each from 0 on. */
static void test_letters(void **state)
{
	static const char text[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	struct buf bytes = {0}, again = {0};
	struct err err = {0};

	(void)state;
	assert_int_equal(base64_parse(&bytes, text, 64, &err), 0);
	assert_int_equal(bytes.len, 48);
	for (int i = 0; i < 64; i++) {
		int bit = 6 * i, pair = (uint8_t)bytes.data[bit / 8] << 8;

		if (bit / 8 + 1 < 48)
			pair |= (uint8_t)bytes.data[bit / 8 + 1];
		assert_int_equal(pair >> (10 - bit % 8) & 63, i);
	}
	base64_put(&again, bytes.data, bytes.len);
	assert_string_equal(again.data, text);
	buf_free(&bytes);
	buf_free(&again);
}

static void test_random_bytes(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);
	uint8_t bytes[200];

	(void)state;
	for (int round = 0; round < 500; round++) {
		size_t n = rng_below(&rng, sizeof(bytes) + 1);
		struct buf text = {0}, back = {0};
		struct err err = {0};

		for (size_t i = 0; i < n; i++)
			bytes[i] = (uint8_t)rng_below(&rng, 256);
		base64_put(&text, bytes, n);
		assert_int_equal(text.len, (n + 2) / 3 * 4);
		if (base64_parse(&back, text.data, text.len, &err) < 0)
			fail_msg("%s", err.msg);
		assert_int_equal(back.len, n);
		assert_memory_equal(back.data, bytes, n);
		buf_free(&text);
		buf_free(&back);
	}
}

/* What is taken is what would be written, letter for letter. */
static void test_random_texts(void **state)
{
	static const char letters[] = "AQgw+/9z=-_ \n";
	struct rng rng = rng_seed(test_seed(), 2);
	int taken = 0;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct buf bytes = {0}, again = {0};
		char text[8];
		size_t n = rng_below(&rng, sizeof(text) + 1);

		for (size_t i = 0; i < n; i++)
			text[i] = letters[rng_below(&rng, i + 3 < n ? 8 : 13)];
		if (base64_parse(&bytes, text, n, NULL) == 0 && n > 0) {
			base64_put(&again, bytes.data, bytes.len);
			assert_int_equal(again.len, n);
			assert_memory_equal(again.data, text, n);
			taken++;
		}
		buf_free(&bytes);
		buf_free(&again);
	}
	assert_true(taken > 0);
}

static void refuse(const char *text, const char *why)
{
	struct buf out = {0};
	struct err err = {0};

	buf_str(&out, "before");
	assert_int_equal(base64_parse(&out, text, strlen(text), &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_string_equal(err.msg, why);
	assert_string_equal(out.data, "before");
	assert_int_equal(out.len, 6);
	buf_free(&out);
}

static void test_refused(void **state)
{
	(void)state;
	refuse("Zg", "base64 of 2 characters, which is no multiple of 4");
	refuse("Zm9vYg=", "base64 of 7 characters, which is no multiple of 4");
	refuse("Zg==Zg==", "character 3 is not base64's");
	refuse("Zm9v\n\n\n\n", "character 5 is not base64's");
	refuse("Z===", "character 2 is not base64's");
	refuse("====", "character 1 is not base64's");
	refuse("Zg=a", "character 3 is not base64's");
	refuse("Zm-_", "character 3 is not base64's");
	refuse("Zm\xc3\xa9", "character 3 is not base64's");
	refuse("Zh==", "character 2 is not base64's"); /* bits that belong to no byte */
	refuse("Zm9=", "character 3 is not base64's");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),     cmocka_unit_test(test_letters),
		cmocka_unit_test(test_random_bytes), cmocka_unit_test(test_random_texts),
		cmocka_unit_test(test_refused),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
