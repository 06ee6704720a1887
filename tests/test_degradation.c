/* SPDX-License-Identifier: MIT */
/* degradation: what a style file may say, what it may not, and that it is written as it is read. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "formats/scene/degradation.h"
#include "formats/scene/style.h"

static int parse(struct style_sheet *sheet, const char *text, struct err *err)
{
	return style_parse(sheet, "s.json", text, strlen(text), err);
}

static struct degradation_sheet read_it(const char *text)
{
	struct style_sheet sheet;
	struct err err = {0};

	if (parse(&sheet, text, &err) < 0)
		fail_msg("%s", err.msg);
	return sheet.degradation;
}

static void test_the_table_is_sound(void **state)
{
	struct degradation_sheet none = degradation_none();
	static const struct {
		const char *entry, *name;
		int64_t lo, hi, least, most;
	} rows[] = {
#define E(name, phase, kind, legibility, source, about)
#define P(entry, name, lo, hi, least, most, about) {#entry, #name, lo, hi, least, most},
		DEGRADATIONS(E, P)
#undef E
#undef P
	};

	(void)state;
	assert_false(degradation_any(&none));
	for (int i = 0; i < DEGRADATION_PARAM_COUNT_; i++) {
		enum degradation which = degradation_of_param((enum degradation_param)i);

		assert_string_equal(rows[i].entry, degradation_name(which));
		assert_true(rows[i].least <= rows[i].lo && rows[i].lo <= rows[i].hi &&
			    rows[i].hi <= rows[i].most && rows[i].least < rows[i].most);
		assert_true(none.range[i].lo == rows[i].lo && none.range[i].hi == rows[i].hi);
		assert_string_not_equal(rows[i].name, "share");
	}
	for (int i = 0; i < DEGRADATION_COUNT_; i++)
		for (int k = 0; k < i; k++)
			assert_string_not_equal(degradation_name((enum degradation)i),
						degradation_name((enum degradation)k));
}

static void test_a_style_without_it_is_clean(void **state)
{
	struct degradation_sheet d = read_it("{\"text_mm\":4}");
	struct style_sheet iso = style_iso();
	struct buf out = {0};

	(void)state;
	assert_false(degradation_any(&d));
	style_write(&iso, &out);
	assert_null(strstr(out.data, "degradation"));
	buf_free(&out);
	d = read_it("{\"degradation\":{}}");
	assert_false(degradation_any(&d));
	d = read_it("{\"degradation\":{\"jpeg\":{\"share\":0}}}");
	assert_false(degradation_any(&d));
}

static void test_reads_shares_and_ranges(void **state)
{
	struct degradation_sheet d = read_it(
		"{\"degradation\":{\"skew\":{\"share\":0.8,\"angle_deg\":[-1,1.5]},"
		"\"jpeg\":{\"quality\":75},\"greyscale\":{},\"squared_paper\":{\"share\":0.25}}}");

	(void)state;
	assert_true(degradation_any(&d));
	assert_int_equal(d.share[DEGRADATION_skew], 800);
	assert_int_equal(d.range[DEGRADATION_skew_angle_deg].lo, -1000);
	assert_int_equal(d.range[DEGRADATION_skew_angle_deg].hi, 1500);
	assert_int_equal(d.share[DEGRADATION_jpeg], 1000);
	assert_int_equal(d.range[DEGRADATION_jpeg_quality].lo, 75000);
	assert_int_equal(d.range[DEGRADATION_jpeg_quality].hi, 75000);
	assert_int_equal(d.share[DEGRADATION_greyscale], 1000);
	assert_int_equal(d.share[DEGRADATION_squared_paper], 250);
	assert_int_equal(d.range[DEGRADATION_squared_paper_pitch_mm].lo, 5000);
	assert_int_equal(d.share[DEGRADATION_folds], 0);
}

static void test_is_written_as_it_is_read(void **state)
{
	struct style_sheet sheet, again;
	struct buf first = {0}, second = {0};
	struct err err = {0};

	(void)state;
	sheet = style_iso();
	for (int i = 0; i < DEGRADATION_COUNT_; i++)
		sheet.degradation.share[i] = 1 + i * 13 % 1000;
	sheet.degradation.range[DEGRADATION_skew_angle_deg] =
		(struct degradation_range){-250, -250};
	style_write(&sheet, &first);
	assert_int_equal(parse(&again, first.data, &err), 0);
	assert_memory_equal(&sheet.degradation, &again.degradation, sizeof(again.degradation));
	style_write(&again, &second);
	assert_string_equal(first.data, second.data);
	buf_free(&first);
	buf_free(&second);
}

static void test_refuses(void **state)
{
	static const struct {
		const char *value;
		int line;
		const char *says;
	} bad[] = {
		{"3", 2, "'degradation' must be an object"},
		{"[]", 2, "'degradation' must be an object"},
		{"{\n\"rust\":{}}", 3, "unknown degradation 'rust'; style(5) lists them"},
		{"{\n\"skew\":1}", 3, "'degradation.skew' must be an object of share"},
		{"{\"skew\":{\n\"angle\":1}}", 3,
		 "'degradation.skew' has 'angle'; allowed share, angle_deg"},
		{"{\"skew\":{\n\"share\":1.5}}", 3,
		 "'degradation.skew.share' is 1.5; allowed 0 to 1"},
		{"{\"skew\":{\n\"share\":\"x\"}}", 3, "'degradation.skew.share'"},
		{"{\"skew\":{\n\"angle_deg\":16}}", 3,
		 "'degradation.skew.angle_deg' is 16; allowed -15 to 15"},
		{"{\"skew\":{\n\"angle_deg\":[-16,2]}}", 3,
		 "'degradation.skew.angle_deg' is -16; allowed -15 to 15"},
		{"{\"skew\":{\n\"angle_deg\":[2,1]}}", 3,
		 "'degradation.skew.angle_deg' is upside down: lowest is 2, highest 1"},
		{"{\"skew\":{\n\"angle_deg\":[1,2,3]}}", 3,
		 "'degradation.skew.angle_deg' must be a number or [lowest, highest]; "
		 "allowed -15 to 15"},
		{"{\"skew\":{\n\"angle_deg\":\"left\"}}", 3, "must be a number or"},
		{"{\"skew\":{\n\"angle_deg\":0.12345}}", 3, "'degradation.skew.angle_deg'"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		char text[300], place[32];
		struct style_sheet sheet;
		struct err err = {0};

		snprintf(text, sizeof(text), "{\n\"degradation\":%s}", bad[i].value);
		snprintf(place, sizeof(place), "s.json:%d: ", bad[i].line);
		assert_int_equal(parse(&sheet, text, &err), -1);
		assert_int_equal(err.code, ERR_FORMAT);
		if (strncmp(err.msg, place, strlen(place)) != 0 || !strstr(err.msg, bad[i].says))
			fail_msg("%s: %s", bad[i].value, err.msg);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_table_is_sound),
		cmocka_unit_test(test_a_style_without_it_is_clean),
		cmocka_unit_test(test_reads_shares_and_ranges),
		cmocka_unit_test(test_is_written_as_it_is_read),
		cmocka_unit_test(test_refuses),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
