/* SPDX-License-Identifier: MIT */
/* annotations_read: what cadgen verify and cadgen stats read; that it reads what annotations_write writes is tested
 * with the program. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "formats/drawing/annotations.h"
#include "formats/drawing/annotations_read.h"

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

/* --- dimensions ------------------------------------------------------------------------------- */

static int read_dimensions(struct dimension_annotation **all, const char *line, struct err *err)
{
	return annotations_read_dimensions(all, "notes:7", line, strlen(line), &arena, err);
}

/* Also where the class does not come first, and among other keys. */
static void test_dimensions_among_others(void **state)
{
	const char *line =
		" {\"id\":\"00000001\",\"items\":[{\"class\":\"shape\",\"polygon\":[1,2,[3]]},\n"
		"{\"class\":\"dimension\",\"value\":\"4x8 H7\",\"kind\":\"diameter\",\"number\":8,"
		"\"tolerance\":{\"kind\":\"fit\",\"fit\":\"H7\"},\"polygon\":[]},"
		"{\"kind\":\"radius\",\"status\":\"basic\",\"number\":2.5,\"value\":\"R2,5\","
		"\"class\":\"dimension\"} , {\"value\":\"7\",\"class\":\"text\"}],\"width\":7} ";
	struct dimension_annotation *all;
	struct err err = {0};

	(void)state;
	assert_int_equal(read_dimensions(&all, line, &err), 2);
	assert_int_equal(all[0].kind, DIM_DIAMETER);
	assert_int_equal(all[0].number, 8000);
	assert_int_equal(all[0].tolerance, TOLERANCE_FIT);
	assert_int_equal(all[0].status, CALLOUT_PLAIN);
	assert_string_equal(all[0].value, "4x8 H7");
	assert_int_equal(all[1].kind, DIM_RADIUS);
	assert_int_equal(all[1].number, 2500);
	assert_int_equal(all[1].tolerance, TOLERANCE_NONE);
	assert_int_equal(all[1].status, CALLOUT_BASIC);
	assert_int_equal(read_dimensions(&all, "{\"items\":[]}", &err), 0);
}

/* More than a list begins with. */
static void test_many_dimensions(void **state)
{
	struct dimension_annotation *all;
	struct buf line = {0};
	struct err err = {0};

	(void)state;
	buf_str(&line, "{\"items\":[");
	for (int i = 0; i < 100; i++) {
		buf_str(&line, i ? "," : "");
		buf_str(&line, "{\"class\":\"dimension\",\"value\":\"\",\"kind\":\"aligned\","
			       "\"number\":");
		buf_int(&line, i);
		buf_char(&line, '}');
	}
	buf_str(&line, "]}");
	assert_int_equal(read_dimensions(&all, line.data, &err), 100);
	for (int i = 0; i < 100; i++)
		assert_int_equal(all[i].number, 1000 * i);
	buf_free(&line);
}

static void test_refuses_dimensions(void **state)
{
#define DIMENSION "{\"items\":[{\"class\":\"dimension\","
	static const struct {
		const char *line, *part;
	} bad[] = {
		{"", ":1: "},
		{"{\"items\":[}", ":1: "},
		{"{\"items\":[]", ":1: "},
		{"{\"items\":[]}{", ":1: "},
		{"{\"items\":[],\"items\":[]}", "items"},
		{"{\"items\":[{\"class\":\"shape\",\"x\":01}]}", ":1: "},
		{"[]", "'items'"},
		{"{}", "'items'"},
		{"{\"items\":3}", "'items'"},
		{"{\"items\":[3]}", "'class'"},
		{"{\"items\":[{\"class\":3}]}", "'class'"},
		{DIMENSION "\"kind\":\"radius\",\"number\":2}]}", "'value'"},
		{DIMENSION "\"value\":\"2\",\"number\":2}]}", "'kind'"},
		{DIMENSION "\"value\":\"2\",\"kind\":\"radios\",\"number\":2}]}", "'kind'"},
		{DIMENSION "\"value\":\"2\",\"kind\":\"radius\"}]}", "'number'"},
		{DIMENSION "\"value\":\"2\",\"kind\":\"radius\",\"number\":1e30}]}", "'number'"},
		{DIMENSION
		 "\"value\":\"2\",\"kind\":\"radius\",\"number\":2,\"status\":\"plain\"}]}",
		 "'status'"},
		{DIMENSION "\"value\":\"2\",\"kind\":\"radius\",\"number\":2,\"tolerance\":3}]}",
		 "'tolerance'"},
	};
#undef DIMENSION
	struct dimension_annotation *all;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct err err = {0};

		assert_int_equal(read_dimensions(&all, bad[i].line, &err), -1);
		assert_int_equal(err.code, ERR_FORMAT);
		if (strncmp(err.msg, "notes:7:1: ", 11) != 0 || !strstr(err.msg, bad[i].part))
			fail_msg("'%s': %s", bad[i].line, err.msg);
	}
}

static void test_states(void **state)
{
	const char *line =
		"{\"items\":[{\"class\":\"text\",\"value\":\"\\\"legibility\\\":\\\"lost\\\"\","
		"\"legibility\":\"clear\"},{\"legibility\" : \"lost\",\"class\":\"text\"},"
		"{\"class\":\"text\",\"value\":\"legibility\"},{\"class\":\"text\","
		"\"legibility\":\"clear\"},{\"class\":\"text\",\"legibility\":\"clearly\"},"
		"{\"class\":\"text\",\"legibility\":3}]}";
	uint32_t counts[ANNOTATION_STATE_COUNT_] = {[ANNOTATION_LOST] = 5};
	struct dimension_annotation *all;
	struct err err = {0};

	(void)state;
	assert_int_equal(read_dimensions(&all, line, &err), 0);
	annotations_count_states(line, strlen(line), counts);
	assert_int_equal(counts[ANNOTATION_UNMEASURED], 0);
	assert_int_equal(counts[ANNOTATION_CLEAR], 2);
	assert_int_equal(counts[ANNOTATION_DEGRADED], 0);
	assert_int_equal(counts[ANNOTATION_LOST], 6);
}

static void test_digits(void **state)
{
	static const struct {
		const char *value;
		int64_t number;
		int digits;
	} all[] = {
		{"205,0", 205000, 4},
		{"4\u00d7\u23008 H7", 8000, 1},
		{"12X .312", 312, 3},
		{"R12.5", 12500, 3},
		{"45\u00b0", 45000, 2},
		{"-7", -7000, 1},
		{"24,9 25,15", 25025, 4}, /* limits */
		{"20x100", 100000, 3},
		{"1.2.3", 1200, 2},
		{"", 1000, 0},
		{"M", 1000, 0},
		{",", 1000, 0},
		{"1234567890123456789012345678901234567890", 1000, 40},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		struct dimension_annotation d = {.value = all[i].value, .number = all[i].number};

		if (dimension_annotation_digits(&d) != all[i].digits)
			fail_msg("'%s': %d digits", d.value, dimension_annotation_digits(&d));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts_among_others),
		cmocka_unit_test(test_a_bent_box_of_a_scan),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_dimensions_among_others),
		cmocka_unit_test(test_many_dimensions),
		cmocka_unit_test(test_refuses_dimensions),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_digits),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, teardown);
}
