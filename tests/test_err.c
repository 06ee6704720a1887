/* SPDX-License-Identifier: MIT */
/* err: messages are one line, fit, and keep what matters when they are cut. */
#include <config.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"

static void test_set(void **state)
{
	(void)state;
	struct err err = {0};
	assert_int_equal(err_set(&err, ERR_FORMAT, "%s:%d: no brace", "a.json", 7), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_string_equal(err.msg, "a.json:7: no brace");
}

static void test_null_is_accepted(void **state)
{
	(void)state;
	assert_int_equal(err_set(NULL, ERR_IO, "x"), -1);
	assert_int_equal(err_errno(NULL, "x"), -1);
	assert_int_equal(err_context(NULL, "x"), -1);
}

static void test_errno_reason(void **state)
{
	(void)state;
	struct err err = {0};
	errno = ENOSPC;
	assert_int_equal(err_errno(&err, "cannot write %s", "a.png"), -1);
	assert_int_equal(err.code, ERR_IO);
	assert_string_equal(err.msg, "cannot write a.png: No space left on device");
}

static void test_context_keeps_code(void **state)
{
	(void)state;
	struct err err = {0};
	err_set(&err, ERR_LIMIT, "too many lines");
	assert_int_equal(err_context(&err, "sample %d", 12), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_string_equal(err.msg, "sample 12: too many lines");
	err_context(&err, "run");
	assert_string_equal(err.msg, "run: sample 12: too many lines");
}

static void test_context_of_empty_message(void **state)
{
	(void)state;
	struct err err = {0};
	err_context(&err, "run");
	assert_string_equal(err.msg, "run");
}

static void test_message_may_quote_itself(void **state)
{
	(void)state;
	struct err err = {0};
	err_set(&err, ERR_IO, "inner");
	err_set(&err, ERR_FORMAT, "outer (%s)", err.msg);
	assert_string_equal(err.msg, "outer (inner)");
	err_context(&err, "<%s>", err.msg);
	assert_string_equal(err.msg, "<outer (inner)>: outer (inner)");
}

static void test_one_line(void **state)
{
	(void)state;
	struct err err = {0};
	err_set(&err, ERR_IO, "cannot open a\nb\tc\x7f");
	assert_string_equal(err.msg, "cannot open a?b?c?");
	err_context(&err, "x\ry");
	assert_string_equal(err.msg, "x?y: cannot open a?b?c?");
}

/* A message of exactly the room is whole; one byte more loses its middle. */
static void test_cut_at_the_limit(void **state)
{
	(void)state;
	struct err err = {0};
	char text[ERR_MSG_BYTES + 1];
	memset(text, 'm', sizeof(text));
	text[ERR_MSG_BYTES - 1] = '\0';
	err_set(&err, ERR_IO, "%s", text);
	assert_string_equal(err.msg, text);

	memset(text, 'm', sizeof(text));
	text[0] = 'A';
	text[ERR_MSG_BYTES - 1] = 'Z';
	text[ERR_MSG_BYTES] = '\0';
	err_set(&err, ERR_IO, "%s", text);
	assert_int_equal(strlen(err.msg), ERR_MSG_BYTES - 1);
	assert_int_equal(err.msg[0], 'A');
	assert_int_equal(err.msg[ERR_MSG_BYTES - 2], 'Z');
	assert_non_null(strstr(err.msg, "m...m"));
}

static void test_reason_survives_a_long_path(void **state)
{
	(void)state;
	struct err err = {0};
	static char path[20000];
	memset(path, 'p', sizeof(path) - 1);
	errno = ENAMETOOLONG;
	err_errno(&err, "cannot open %s", path);
	assert_int_equal(strlen(err.msg), ERR_MSG_BYTES - 1);
	assert_memory_equal(err.msg, "cannot open ppp", 15);
	assert_non_null(strstr(err.msg, "ppp: File name too long"));
}

static void test_long_context_gives_way(void **state)
{
	(void)state;
	struct err err = {0};
	char context[ERR_MSG_BYTES];
	memset(context, 'c', sizeof(context));
	context[sizeof(context) - 1] = '\0';
	err_set(&err, ERR_FORMAT, "a.json:7: no brace");
	err_context(&err, "begin %s", context);
	assert_int_equal(strlen(err.msg), ERR_MSG_BYTES - 1);
	assert_memory_equal(err.msg, "begin cc", 8);
	const char *end = err.msg + strlen(err.msg) - strlen("c: a.json:7: no brace");
	assert_string_equal(end, "c: a.json:7: no brace");
}

static void test_context_of_a_full_message(void **state)
{
	(void)state;
	struct err err = {0};
	char text[ERR_MSG_BYTES];
	memset(text, 'm', sizeof(text));
	memcpy(text, "a.json:7: ", 10);
	strcpy(text + sizeof(text) - 5, "/end");
	err_set(&err, ERR_FORMAT, "%s", text);
	err_context(&err, "sample 3");
	assert_int_equal(strlen(err.msg), ERR_MSG_BYTES - 1);
	assert_memory_equal(err.msg, "sample 3: a.json:7: mm", 22);
	assert_string_equal(err.msg + ERR_MSG_BYTES - 1 - 4, "/end");
	assert_non_null(strstr(err.msg, "m...m"));
}

/* Whatever the length before it, a cut leaves whole characters of two bytes. */
static void test_cut_keeps_characters_whole(void **state)
{
	(void)state;
	static const char letter[] = "\xc3\xa9";
	for (int shift = 0; shift < 4; shift++) { /* x before the letters, and y behind them */
		struct err err = {0};
		char text[2 * ERR_MSG_BYTES + 8] = "";
		memset(text, 'x', (size_t)shift);
		for (size_t at = (size_t)shift; at + 3 < sizeof(text); at += 2)
			memcpy(text + at, letter, 3);
		strcat(text, shift >= 2 ? "y" : "");
		err_set(&err, ERR_IO, "%s", text);
		const char *p = err.msg + shift;
		size_t letters = 0;
		for (; *p && *p != 'y'; p += *p == '.' ? 3 : 2) {
			if (*p != '.') {
				assert_memory_equal(p, letter, 2);
				letters++;
			} else {
				assert_memory_equal(p, "...", 3);
			}
		}
		assert_true(letters > ERR_MSG_BYTES / 2 - 8);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_null_is_accepted),
		cmocka_unit_test(test_errno_reason),
		cmocka_unit_test(test_context_keeps_code),
		cmocka_unit_test(test_context_of_empty_message),
		cmocka_unit_test(test_message_may_quote_itself),
		cmocka_unit_test(test_one_line),
		cmocka_unit_test(test_cut_at_the_limit),
		cmocka_unit_test(test_reason_survives_a_long_path),
		cmocka_unit_test(test_long_context_gives_way),
		cmocka_unit_test(test_context_of_a_full_message),
		cmocka_unit_test(test_cut_keeps_characters_whole),
	};
	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
