/* SPDX-License-Identifier: MIT */
/* prompts: the built-in tables, and every reason for which a file is refused. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/fs.h"
#include "formats/dataset/prompts.h"

static char file[300];

static void put_file(const void *data, size_t n)
{
	struct err err = {0};

	assert_int_equal(fs_write(file, data, n, &err), 0);
}

static void assert_read(const char *text, size_t n, int count, const char *const *expected)
{
	struct prompts prompts;
	struct err err = {0};

	put_file(text, n);
	assert_int_equal(prompts_read(&prompts, file, &err), 0);
	assert_int_equal(prompts.count, count);
	for (int i = 0; i < count; i++)
		assert_string_equal(prompts.text[i], expected[i]);
	prompts_free(&prompts);
	assert_int_equal(prompts.count, 0);
}

/* place is ":line:" or a part of the message. */
static void assert_refused(const char *text, size_t n, enum err_code code, const char *place)
{
	struct prompts prompts;
	struct err err = {0};

	put_file(text, n);
	assert_int_equal(prompts_read(&prompts, file, &err), -1);
	assert_int_equal(err.code, code);
	assert_non_null(strstr(err.msg, file));
	if (!strstr(err.msg, place))
		fail_msg("'%s' lacks '%s'", err.msg, place);
	assert_int_equal(prompts.count, 0);
	prompts_free(&prompts);
}

#define REFUSED(text, code, place) assert_refused(text, sizeof(text) - 1, code, place)

static void test_builtin(void **state)
{
	(void)state;
	assert_ptr_equal(prompts_builtin(FAMILY_SHAPES), prompts_table(2));
	for (int dimensions = 2; dimensions <= 3; dimensions++) {
		const struct prompts *p = prompts_table(dimensions);
		assert_int_equal(p->count, 5);
		assert_null(p->storage);
		for (int i = 0; i < p->count; i++) {
			assert_true(strlen(p->text[i]) > 20);
			assert_null(strstr(p->text[i], "<image>"));
			for (int k = 0; k < i; k++)
				assert_string_not_equal(p->text[i], p->text[k]);
		}
	}
	assert_string_equal(prompts_table(3)->text[0],
			    "Generate the CAD construction sequence for this design.");
	assert_string_equal(prompts_table(3)->text[4],
			    "Convert this image into a CAD construction sequence.");
}

/* What is built in can be put into a file. */
static void test_builtin_as_file(void **state)
{
	struct buf text = {0};

	(void)state;
	for (int i = 0; i < 5; i++) {
		buf_str(&text, prompts_table(2)->text[i]);
		buf_char(&text, '\n');
	}
	assert_read(text.data, text.len, 5, prompts_table(2)->text);
	buf_free(&text);
}

static void test_read(void **state)
{
	static const char text[] = "# Fragen\n\nErste Frage \xc3\xa4\xe2\x82\xac\xf0\x9f\x93\x90\n"
				   "#<image> in a remark\n\n  second, spaces kept \nlast # here";
	static const char *const expected[] = {"Erste Frage \xc3\xa4\xe2\x82\xac\xf0\x9f\x93\x90",
					       "  second, spaces kept ", "last # here"};

	(void)state;
	assert_read(text, sizeof(text) - 1, 3, expected);
	assert_read("\xef\xbb\xbfone\n", 7, 1, (const char *const[]){"one"});
	assert_read("a", 1, 1, (const char *const[]){"a"});
	assert_read("a\n", 2, 1, (const char *const[]){"a"});
}

static void test_nothing(void **state)
{
	(void)state;
	REFUSED("", ERR_FORMAT, ":1: no prompt");
	REFUSED("\xef\xbb\xbf", ERR_FORMAT, "no prompt");
	REFUSED("# a\n\n#b\n", ERR_FORMAT, ":3: no prompt");
}

static void test_utf8(void **state)
{
	static const char *const bad[] = {
		"\x80",
		"\xc3",
		"\xc3(",
		"\xc0\xaf",
		"\xc1\x81",
		"\xe0\x80\x80",
		"\xe2\x82",
		"\xe2(\xa1",
		"\xed\xa0\x80",
		"\xf0\x80\x80\x80",
		"\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80",
		"\xff",
		"\xf0\x9f\x93",
	};
	char text[32];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		snprintf(text, sizeof(text), "good\nab%s\n", bad[i]);
		assert_refused(text, strlen(text), ERR_FORMAT, ":2: byte 3 is not UTF-8");
		snprintf(text, sizeof(text), "ab%s", bad[i]);
		assert_refused(text, strlen(text), ERR_FORMAT, ":1: byte 3 is not UTF-8");
		snprintf(text, sizeof(text), "x\n# %s\n", bad[i]);
		assert_refused(text, strlen(text), ERR_FORMAT, ":2: byte 3 is not UTF-8");
	}
}

static void test_control_characters(void **state)
{
	(void)state;
	REFUSED("a\tb\n", ERR_FORMAT, ":1: control character U+0009");
	REFUSED("a\nb\r\n", ERR_FORMAT, ":2: control character U+000D (lines end in LF alone)");
	REFUSED("a\0b\n", ERR_FORMAT, ":1: control character U+0000");
	REFUSED("a\x7f", ERR_FORMAT, ":1: control character U+007F");
	REFUSED("a\xc2\x85", ERR_FORMAT, ":1: control character U+0085");
}

static void test_image_token(void **state)
{
	(void)state;
	REFUSED("good\nsee <image> here\n", ERR_FORMAT, ":2: <image>");
}

static void test_line_length(void **state)
{
	struct buf text = {0};
	const char *expected;

	(void)state;
	for (int i = 0; i < 4096; i++)
		buf_char(&text, 'x');
	expected = text.data;
	assert_read(text.data, text.len, 1, &expected);
	buf_char(&text, 'x');
	assert_refused(text.data, text.len, ERR_FORMAT, ":1: 4097 bytes");
	buf_free(&text);
}

static void test_count(void **state)
{
	struct buf text = {0};
	struct prompts prompts;
	struct err err = {0};

	(void)state;
	for (int i = 0; i < 10000; i++)
		buf_str(&text, "p\n");
	put_file(text.data, text.len);
	assert_int_equal(prompts_read(&prompts, file, &err), 0);
	assert_int_equal(prompts.count, 10000);
	prompts_free(&prompts);
	buf_str(&text, "#\n\np");
	assert_refused(text.data, text.len, ERR_LIMIT, ":10003: more than 10000");
	buf_free(&text);
}

static void test_file_size(void **state)
{
	struct buf text = {0};
	struct prompts prompts;
	struct err err = {0};

	(void)state;
	buf_str(&text, "p\n");
	while (text.len < 1 << 20)
		buf_str(&text, "# 4567\n\n");
	text.len = 1 << 20;
	put_file(text.data, text.len);
	assert_int_equal(prompts_read(&prompts, file, &err), 0);
	prompts_free(&prompts);
	buf_char(&text, '\n');
	assert_refused(text.data, text.len, ERR_LIMIT, "1048576");
	buf_free(&text);
}

static void test_missing_file(void **state)
{
	struct prompts prompts;
	struct err err = {0};

	(void)state;
	unlink(file);
	assert_int_equal(prompts_read(&prompts, file, &err), -1);
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.msg, file));
}

static int setup(void **state)
{
	const char *tmp = getenv("TMPDIR");
	int fd;

	(void)state;
	snprintf(file, sizeof(file), "%s/test_prompts.XXXXXX", tmp ? tmp : "/tmp");
	fd = mkstemp(file);
	return fd < 0 ? -1 : close(fd);
}

static int teardown(void **state)
{
	(void)state;
	unlink(file);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_builtin),      cmocka_unit_test(test_builtin_as_file),
		cmocka_unit_test(test_read),         cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_utf8),         cmocka_unit_test(test_control_characters),
		cmocka_unit_test(test_image_token),  cmocka_unit_test(test_line_length),
		cmocka_unit_test(test_count),        cmocka_unit_test(test_file_size),
		cmocka_unit_test(test_missing_file),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
