/* SPDX-License-Identifier: MIT */
/* sha256: the examples of FIPS 180-4's companion (NIST CSRC, "SHA-256 example values"), and lengths
 * about a block. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/sha256.h"

static void assert_hash(const char *text, size_t len, const char *hash)
{
	char hex[SHA256_HEX_BYTES];

	sha256_hex(text, len, hex);
	assert_string_equal(hex, hash);
}

static void test_examples(void **state)
{
	static const char two_blocks[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

	(void)state;
	assert_hash("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_hash("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_hash(two_blocks, strlen(two_blocks),
		    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void test_million(void **state)
{
	size_t n = 1000000;
	char *text = mem_alloc(n, 1);

	(void)state;
	memset(text, 'a', n);
	assert_hash(text, n, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	free(text);
}

/* All lengths about the padding's seams differ from each other and from the same bytes changed. */
static void test_lengths(void **state)
{
	char text[130], seen[130][SHA256_HEX_BYTES], changed[SHA256_HEX_BYTES];

	(void)state;
	memset(text, 'x', sizeof(text));
	for (size_t n = 0; n < sizeof(text); n++) {
		sha256_hex(text, n, seen[n]);
		assert_int_equal(strspn(seen[n], "0123456789abcdef"), 64);
		for (size_t m = 0; m < n; m++)
			assert_string_not_equal(seen[n], seen[m]);
		if (n == 0)
			continue;
		text[n - 1] = 'y';
		sha256_hex(text, n, changed);
		text[n - 1] = 'x';
		assert_string_not_equal(seen[n], changed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_million),
		cmocka_unit_test(test_lengths),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
