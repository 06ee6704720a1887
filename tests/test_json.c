/* SPDX-License-Identifier: MIT */
/* json: strictness, positions of every kind of error, exact thousandths, limits. */
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

#include "base/fs.h"
#include "formats/encoding/json.h"

static void assert_refused(const char *text, size_t len, const char *message)
{
	struct json_doc doc;
	struct err err = {0};

	assert_int_equal(json_parse(&doc, "t", text, len, &err), -1);
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, ERR_FORMAT);
	json_free(&doc);
}

static void refuse(const char *text, const char *message)
{
	assert_refused(text, strlen(text), message);
}

static void accept(const char *text)
{
	struct json_doc doc;
	struct err err = {0};

	if (json_parse(&doc, "t", text, strlen(text), &err) < 0)
		fail_msg("%s refused: %s", text, err.msg);
	json_free(&doc);
}

static void test_accepts_rfc_8259(void **state)
{
	(void)state;
	accept("{}");
	accept(" \t\r\n[ ] \n");
	accept("0");
	accept("-0");
	accept("\xef\xbb\xbf{\"a\":1}");
	accept("\xef\xbb\xbf"
	       "1");
	accept("[1,-2.5,1e3,1E+3,1.25e-2,0.5,true,false,null,\"\"]");
	accept("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"");
	accept("\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\"");
	accept("{\"a\":{\"a\":1},\"b\":[{\"a\":1},{\"a\":1}]}");
}

static void test_numbers_are_strict(void **state)
{
	(void)state;
	refuse("01", "t:1: number with a leading zero");
	refuse("-", "t:1: number without digits");
	refuse("-.5", "t:1: number without digits");
	refuse(".5", "t:1: not a JSON value");
	refuse("+1", "t:1: not a JSON value");
	refuse("1.", "t:1: number without digits after its point");
	refuse("1e", "t:1: number without digits in its exponent");
	refuse("1e+", "t:1: number without digits in its exponent");
	refuse("1.2.3", "t:1: more text behind the JSON value");
	refuse("NaN", "t:1: not a JSON value");
	refuse("0x10", "t:1: more text behind the JSON value");
	accept("111111111111111111111111111111111111111111111111111111111111111");
	refuse("1111111111111111111111111111111111111111111111111111111111111111",
	       "t:1: number of more than 63 characters");
}

static void test_strings_are_strict(void **state)
{
	(void)state;
	refuse("\"a", "t:1: string without end");
	refuse("\"a\\", "t:1: unknown escape in a string");
	refuse("\"\\x\"", "t:1: unknown escape in a string");
	refuse("\"a\nb\"", "t:1: control character in a string");
	refuse("\"\\u00g0\"", "t:1: \\u needs four hexadecimal digits");
	refuse("\"\\u0000\"", "t:1: \\u0000 in a string");
	refuse("\"\\ud800\"", "t:1: first half of a surrogate pair without the second");
	refuse("\"\\ud800\\u0041\"", "t:1: first half of a surrogate pair without the second");
	refuse("\"\\ude00\"", "t:1: second half of a surrogate pair without the first");
	refuse("\"\xff\"", "t:1: not UTF-8");
	refuse("\"\xc0\xaf\"", "t:1: not UTF-8");         /* overlong */
	refuse("\"\xe0\x80\xaf\"", "t:1: not UTF-8");     /* overlong */
	refuse("\"\xf0\x80\x80\xaf\"", "t:1: not UTF-8"); /* overlong */
	refuse("\"\xed\xa0\x80\"", "t:1: not UTF-8");     /* surrogate */
	refuse("\"\xf4\x90\x80\x80\"", "t:1: not UTF-8"); /* over U+10FFFF */
	refuse("\"\xc3\"", "t:1: not UTF-8");
}

static void test_syntax_errors_have_lines(void **state)
{
	(void)state;
	refuse("", "t:1: a value is missing at the end");
	refuse("\n\n  ", "t:3: a value is missing at the end");
	refuse("{\"a\":\n", "t:2: a value is missing at the end");
	refuse("{\n\"a\" 1}", "t:2: expected ':' after a key");
	refuse("{\n\n a:1}", "t:3: expected a key in quotes");
	refuse("{\"a\":1,\n}", "t:2: expected a key in quotes");
	refuse("{\"a\":1\n\"b\":2}", "t:2: expected ',' or '}'");
	refuse("[1\n2]", "t:2: expected ',' or ']'");
	refuse("[1,\n]", "t:2: not a JSON value");
	refuse("{}\n\n{}", "t:3: more text behind the JSON value");
	refuse("tru", "t:1: not a JSON value");
	refuse("[\nnul]", "t:2: not a JSON value");
	assert_refused("[1]\0", 4, "t:1: more text behind the JSON value");
	assert_refused("[1,\n\"a\0b\"]", 10, "t:2: control character in a string");
}

static void test_doubled_keys(void **state)
{
	char text[1024] = "{\n";

	(void)state;
	refuse("{\"a\":1,\n\"b\":2,\n\"a\":3}", "t:3: key 'a' given twice");
	refuse("[{},\n{\"x\":{\"b\":1,\n\"b\":1}}]", "t:3: key 'b' given twice");
	refuse("{\"a\":1,\n\"\\u0061\":2}", "t:2: key 'a' given twice");
	refuse("{\"a\\nb\":1,\"a\\nb\":2}", "t:1: key 'a?b' given twice");
	accept("{\"a\":1,\"A\":2}");
	/* Many keys are sorted. */
	for (int i = 0; i < 40; i++)
		sprintf(text + strlen(text), "\"k%d\":%d,\n", i * 7 % 40, i);
	sprintf(text + strlen(text), "\"z\":0}");
	accept(text);
	sprintf(text + strlen(text) - 6, "\"k9\":0}");
	refuse(text, "t:42: key 'k9' given twice");
}

static void test_nesting(void **state)
{
	char text[200] = "";

	(void)state;
	memset(text, '[', 64);
	memset(text + 64, ']', 64);
	accept(text);
	memset(text, '[', 65);
	memset(text + 65, ']', 65);
	refuse(text, "t:1: nested deeper than 64");
	memset(text, '[', sizeof(text));
	assert_refused(text, sizeof(text), "t:1: nested deeper than 64");
}

static void test_errors_find_their_line(void **state)
{
	static const char text[] = "{\"a\": [1,\n{\"b\":\n\"]\\n\"},\n\n3],\n\"c\":\n4}";
	struct json_doc doc;
	struct err err = {0};
	const cJSON *a;

	(void)state;
	assert_int_equal(json_parse(&doc, "n", text, strlen(text), &err), 0);
	a = cJSON_GetObjectItemCaseSensitive(doc.root, "a");
	assert_int_equal(json_error(&doc, NULL, &err, "x %d", 1), -1);
	assert_string_equal(err.msg, "n:1: x 1");
	json_error(&doc, a->child, &err, "first");
	assert_string_equal(err.msg, "n:1: first");
	json_error(&doc, a->child->next, &err, "object");
	assert_string_equal(err.msg, "n:2: object");
	json_error(&doc, a->child->next->child, &err, "string");
	assert_string_equal(err.msg, "n:3: string");
	json_error(&doc, a->child->next->next, &err, "three");
	assert_string_equal(err.msg, "n:5: three");
	json_limit(&doc, a->next, &err, "four");
	assert_string_equal(err.msg, "n:7: four");
	assert_int_equal(err.code, ERR_LIMIT);
	json_error(&doc, a->next, NULL, "nobody listens");
	json_free(&doc);
}

static void test_columns(void **state)
{
	struct json_doc doc;
	struct err err = {0};

	(void)state;
	assert_int_equal(json_parse_columns(&doc, "n", "[1,\n 02]", 8, &err), -1);
	assert_string_equal(err.msg, "n:2:4: number with a leading zero");
	assert_int_equal(json_parse_columns(&doc, "n", "[1, [2]]", 8, &err), 0);
	json_error(&doc, doc.root->child->next, &err, "list");
	assert_string_equal(err.msg, "n:1:5: list");
	json_free(&doc);
}

static void test_one_value_a_line(void **state)
{
	struct json_doc doc;
	struct err err = {0};

	(void)state;
	assert_int_equal(json_parse_line(&doc, "n", 7, "[1, 02]", 7, &err), -1);
	assert_string_equal(err.msg, "n:7: number with a leading zero");
	assert_int_equal(json_parse_line(&doc, "n", 7, "[1,\n[2]]", 8, &err), 0);
	json_error(&doc, doc.root->child->next, &err, "list");
	assert_string_equal(err.msg, "n:8: list");
	json_free(&doc);
}

/* text as a number within -10..10000 */
static void milli_is(const char *text, int64_t expected)
{
	struct json_doc doc;
	struct err err = {0};
	int64_t v = -1;

	assert_int_equal(json_parse(&doc, "n", text, strlen(text), &err), 0);
	if (json_milli(&doc, doc.root, "v", -10000, 10000000, &v, &err) < 0)
		fail_msg("%s: %s", text, err.msg);
	assert_int_equal(v, expected);
	json_free(&doc);
}

static void milli_fails(const char *text, const char *message)
{
	struct json_doc doc;
	struct err err = {0};
	int64_t v;

	assert_int_equal(json_parse(&doc, "n", text, strlen(text), &err), 0);
	assert_int_equal(json_milli(&doc, doc.root, "v", -10000, 10000000, &v, &err), -1);
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, ERR_FORMAT);
	json_free(&doc);
}

static void test_milli(void **state)
{
	(void)state;
	milli_is("0", 0);
	milli_is("-0", 0);
	milli_is("-0.0", 0);
	milli_is("12.5", 12500);
	milli_is("-0.005", -5);
	milli_is("1.2300000", 1230);
	milli_is("1.25e1", 12500);
	milli_is("10000", 10000000);
	milli_is("\n9999.999", 9999999);
	milli_fails("\n1.23456", "n:2: 'v' is 1.23456; at most three decimals");
	milli_fails("1.0001", "n:1: 'v' is 1.0001; at most three decimals");
	milli_fails("1e-9", "n:1: 'v' is 1e-09; at most three decimals");
	milli_fails("9999.9999", "n:1: 'v' is 9999.9999; at most three decimals");
	milli_fails("10000.001", "n:1: 'v' is 10000.001; allowed -10 to 10000");
	milli_fails("-10.001", "n:1: 'v' is -10.001; allowed -10 to 10000");
	milli_fails("1e999", "n:1: 'v' is inf; allowed -10 to 10000");
	milli_fails("\"1\"", "n:1: 'v' must be a number");
	milli_fails("null", "n:1: 'v' must be a number");
}

/* Every thousandth of a range comes through a double unharmed. */
static void test_milli_is_exact(void **state)
{
	struct buf text = {0};

	(void)state;
	for (int64_t v = -10000; v <= 10000000; v += 997) {
		buf_clear(&text);
		buf_milli(&text, v);
		milli_is(text.data, v);
	}
	buf_free(&text);
}

static void test_read(void **state)
{
	struct json_doc doc;
	struct err err = {0};
	char path[] = "/tmp/test_json.XXXXXX", message[128];
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(fs_write(path, "{\"a\":\n}", 7, &err), 0);
	assert_int_equal(json_read(&doc, path, &err), -1);
	snprintf(message, sizeof(message), "%s:2: not a JSON value", path);
	assert_string_equal(err.msg, message);
	assert_int_equal(fs_write(path, "{\"a\":1}", 7, &err), 0);
	assert_int_equal(json_read(&doc, path, &err), 0);
	assert_int_equal(cJSON_GetArraySize(doc.root), 1);
	json_free(&doc);
	assert_int_equal(truncate(path, (64 << 20) + 1), 0);
	assert_int_equal(json_read(&doc, path, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	unlink(path);
	assert_int_equal(json_read(&doc, path, &err), -1);
	assert_int_equal(err.code, ERR_IO);
	json_free(&doc);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accepts_rfc_8259),
		cmocka_unit_test(test_numbers_are_strict),
		cmocka_unit_test(test_strings_are_strict),
		cmocka_unit_test(test_syntax_errors_have_lines),
		cmocka_unit_test(test_doubled_keys),
		cmocka_unit_test(test_nesting),
		cmocka_unit_test(test_errors_find_their_line),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_one_value_a_line),
		cmocka_unit_test(test_milli),
		cmocka_unit_test(test_milli_is_exact),
		cmocka_unit_test(test_read),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
