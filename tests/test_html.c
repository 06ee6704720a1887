/* SPDX-License-Identifier: MIT */
/* html: nothing that text holds ends it or is unseen; base64 by the examples of RFC 4648 and back. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "formats/encoding/html.h"
#include "tests/random_shapes.h"

static uint64_t seed;

static void assert_text(const char *bytes, size_t n, const char *html)
{
	struct buf out = {0};

	buf_str(&out, "");
	html_text(&out, bytes, n);
	assert_string_equal(out.data ? out.data : "", html);
	buf_free(&out);
}

static void test_text(void **state)
{
	(void)state;
	assert_text("", 0, "");
	assert_text("hole(x=1)\n\t", 11, "hole(x=1)\n\t");
	assert_text("</script><script>alert(1)", 25, "&lt;/script&gt;&lt;script&gt;alert(1)");
	assert_text("\" onload='a' &lt;", 17, "&quot; onload=&#39;a&#39; &amp;lt;");
	assert_text("a\0b", 3, "a\\u{0}b");
	assert_text("\xff\xc3", 2, "\\xff\\xc3");
	assert_text("\xc3\xa9 \xe2\x82\xac", 6, "\xc3\xa9 \xe2\x82\xac");
	assert_text("a\xe2\x80\xae", 4, "a\\u{202e}");
	assert_text("\xef\xbb\xbf", 3, "\\u{feff}");
	assert_text("\xf0\x9f\xbf\xbe", 4, "\\u{1fffe}");
	assert_text("\r", 1, "\\u{d}");
}

static void test_any_bytes(void **state)
{
	struct rng rng = rng_seed(seed, 1);
	struct buf out = {0};

	(void)state;
	for (int round = 0; round < 5000; round++) {
		char bytes[40];
		size_t n = rng_below(&rng, sizeof(bytes));

		for (size_t i = 0; i < n; i++)
			bytes[i] = (char)rng_u32(&rng);
		buf_clear(&out);
		buf_char(&out, ' ');
		html_text(&out, bytes, n);
		assert_int_equal(strlen(out.data), out.len);
		assert_true(utf8_is_valid(out.data));
		assert_null(strpbrk(out.data, "<>\"'"));
	}
	buf_free(&out);
}

static void assert_base64(const char *bytes, const char *text)
{
	struct buf out = {0};

	html_base64(&out, bytes, strlen(bytes));
	assert_string_equal(out.data, text);
	assert_int_equal(out.len, strlen(text));
	buf_free(&out);
}

static void test_base64(void **state)
{
	(void)state;
	assert_base64("", "");
	assert_base64("f", "Zg==");
	assert_base64("fo", "Zm8=");
	assert_base64("foo", "Zm9v");
	assert_base64("foob", "Zm9vYg==");
	assert_base64("fooba", "Zm9vYmE=");
	assert_base64("foobar", "Zm9vYmFy");
	assert_base64("\xfb\xff\xbe", "+/++");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_any_bytes),
		cmocka_unit_test(test_base64),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
