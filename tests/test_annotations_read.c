/* SPDX-License-Identifier: MIT */
/* annotations_read: what cadgen verify reads; that it reads what annotations_write writes is tested
 * with the program. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "formats/annotations.h"
#include "formats/annotations_read.h"

static struct arena arena;
static int scan;

static int teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static int read_line(struct text_annotation **texts, const char *line, struct err *err)
{
	return annotations_read_texts(texts, &scan, "notes:7", line, strlen(line), &arena, err);
}

static void test_texts_among_others(void **state)
{
	const char *line =
		"{\"id\":\"00000001\",\"items\":[{\"class\":\"shape\",\"polygon\":[1,2]},"
		"{\"class\":\"text\",\"value\":\"\xe2\x8c\x80"
		"40\",\"polygon\":[1,2,3.25,4,-5,6,7,8]},"
		"{\"class\":\"arrow\"},{\"class\":\"title_block_field\",\"value\":\"\",\"polygon\":"
		"[0,0,0,0,0,0,0,1e6]}]}";
	struct text_annotation *texts;
	struct err err = {0};

	(void)state;
	assert_int_equal(read_line(&texts, line, &err), 2);
	assert_string_equal(texts[0].value, "\xe2\x8c\x80"
					    "40");
	assert_true(texts[0].corners[0].x == 1 && texts[0].corners[0].y == 2);
	assert_true(texts[0].corners[1].x == 3.25 && texts[0].corners[2].x == -5);
	assert_string_equal(texts[1].value, "");
	assert_true(texts[1].corners[3].y == 1e6);
	assert_int_equal(texts[0].count, 4);
	assert_int_equal(scan, ANNOTATIONS_CLEAN);
	assert_int_equal(read_line(&texts, "{\"items\":[]}", &err), 0);
}

static void test_a_bent_box_of_a_scan(void **state)
{
	const char *line = "{\"scan\":3,\"items\":[{\"class\":\"text\",\"value\":\"4\","
			   "\"polygon\":[0,0,5,1,9,0,9,4,0,4]}]}";
	struct text_annotation *texts;
	struct err err = {0};

	(void)state;
	assert_int_equal(read_line(&texts, line, &err), 1);
	assert_int_equal(scan, 3);
	assert_int_equal(texts[0].count, 5);
	assert_true(texts[0].corners[1].x == 5 && texts[0].corners[4].y == 4);
}

static void test_refuses(void **state)
{
	static const struct {
		const char *line, *part;
	} bad[] = {
		{"", ":1: "},
		{"{\"items\":[}", ":1: "},
		{"[]", "'items'"},
		{"{}", "'items'"},
		{"{\"items\":3}", "'items'"},
		{"{\"scan\":-1,\"items\":[]}", "'scan'"},
		{"{\"scan\":0.5,\"items\":[]}", "'scan'"},
		{"{\"scan\":\"0\",\"items\":[]}", "'scan'"},
		{"{\"scan\":1e9,\"items\":[]}", "'scan'"},
		{"{\"items\":[3]}", "'class'"},
		{"{\"items\":[{\"class\":3}]}", "'class'"},
		{"{\"items\":[{\"class\":\"text\"}]}", "'value'"},
		{"{\"items\":[{\"class\":\"text\",\"value\":4}]}", "'value'"},
		{"{\"items\":[{\"class\":\"title_block_field\"}]}", "'value'"},
		{"{\"items\":[{\"class\":\"text\",\"value\":\"4\"}]}", "four corners"},
		{"{\"items\":[{\"class\":\"text\",\"value\":\"4\",\"polygon\":[1,2,3,4,5,6,7]}]}",
		 "four corners"},
		{"{\"items\":[{\"class\":\"text\",\"value\":\"4\",\"polygon\":[1,2,3,4,5,6,7,8,9]}]"
		 "}",
		 "four corners"},
		{"{\"items\":[{\"class\":\"text\",\"value\":\"4\",\"polygon\":[1,2,3,\"4\",5,6,7,8]"
		 "}]}",
		 "'polygon'"},
		{"{\"items\":[{\"class\":\"text\",\"value\":\"4\",\"polygon\":[1,2,3,1e7,5,6,7,8]}]"
		 "}",
		 "'polygon'"},
	};
	struct text_annotation *texts;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct err err = {0};

		assert_int_equal(read_line(&texts, bad[i].line, &err), -1);
		assert_int_equal(err.code, ERR_FORMAT);
		if (strncmp(err.msg, "notes:7:1: ", 11) != 0 || !strstr(err.msg, bad[i].part))
			fail_msg("'%s': %s", bad[i].line, err.msg);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts_among_others),
		cmocka_unit_test(test_a_bent_box_of_a_scan),
		cmocka_unit_test(test_refuses),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, teardown);
}
