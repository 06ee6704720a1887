/* SPDX-License-Identifier: MIT */
/* crc32c: the examples of RFC 3720, appendix B.4, pieces, and a division bit by bit. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/crc32c.h"
#include "tests/random_shapes.h"

static void test_examples(void **state)
{
	static const uint8_t read_command[48] = {
		0x01, 0xc0, [16] = 0x14, [22] = 0x04, [27] = 0x14, [31] = 0x18, 0x28, [40] = 0x02};
	uint8_t bytes[32];

	(void)state;
	memset(bytes, 0, sizeof(bytes));
	assert_int_equal(crc32c(0, bytes, 32), 0x8a9136aa);
	memset(bytes, 0xff, sizeof(bytes));
	assert_int_equal(crc32c(0, bytes, 32), 0x62a8ab43);
	for (int i = 0; i < 32; i++)
		bytes[i] = (uint8_t)i;
	assert_int_equal(crc32c(0, bytes, 32), 0x46dd794e);
	for (int i = 0; i < 32; i++)
		bytes[i] = (uint8_t)(31 - i);
	assert_int_equal(crc32c(0, bytes, 32), 0x113fdb5c);
	assert_int_equal(crc32c(0, read_command, 48), 0xd9963a56);
	assert_int_equal(crc32c(0, "", 0), 0);
}

/* The remainder of the message, its bits mirrored, by x^32 + x^28 + ... (0x1edc6f41). */
static uint32_t divide(const uint8_t *bytes, size_t n)
{
	uint32_t rest = 0xffffffff, mirrored = 0;

	for (size_t i = 0; i < 8 * n; i++) {
		uint32_t bit = bytes[i / 8] >> i % 8 & 1;

		rest = (rest >> 31) != bit ? rest << 1 ^ 0x1edc6f41 : rest << 1;
	}
	for (int i = 0; i < 32; i++)
		mirrored |= (rest >> i & 1) << (31 - i);
	return ~mirrored;
}

static void test_random_pieces(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);
	uint8_t bytes[300];

	(void)state;
	for (int round = 0; round < 200; round++) {
		size_t n = rng_below(&rng, sizeof(bytes) + 1),
		       cut = rng_below(&rng, (uint32_t)n + 1);

		for (size_t i = 0; i < n; i++)
			bytes[i] = (uint8_t)rng_below(&rng, 256);
		assert_int_equal(crc32c(0, bytes, n), divide(bytes, n));
		assert_int_equal(crc32c(crc32c(0, bytes, cut), bytes + cut, n - cut),
				 divide(bytes, n));
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_random_pieces),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
