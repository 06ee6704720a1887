/* SPDX-License-Identifier: MIT */
/* metrics: JSON that reads back, and a table that keeps to its width. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "formats/encoding/json.h"
#include "formats/metrics/metrics.h"

#define WIDEST 100

static struct metrics_group groups[] = {
	{.by = "family", .is = "plate", .count = 7},
	{.by = "family", .is = "a \"name\"\twith more characters than a column has", .count = 1},
	{.by = "стандарт и ещё что-то длинное", .is = "ГОСТ 2.307-2011 с изменениями", .count = 8},
};

/* Numbers as wide as they come. */
static struct metrics made_metrics(void)
{
	struct metrics m = {
		.seed = UINT64_MAX, .resamples = 1000, .group_count = 3, .groups = groups};

	m.all.count = 999999999;
	for (int i = 0; i < METRICS_FIGURE_COUNT_; i++) {
		m.all.figures[i] = (struct metrics_value){999999999, 100, 0, 100};
		for (int k = 0; k < 3; k++)
			groups[k].figures[i] = (struct metrics_value){k, 100.0 / (k + 1), 0, 100};
	}
	for (int k = 0; k < SHAPE_COUNT_; k++)
		m.kinds[k] = (struct metrics_kind){999999999, 999999999, 999999999,
						   999999999, 99999999,  0};
	for (int i = 0; i < FATE_COUNT_; i++)
		m.errors.fates[i] = 999999999;
	for (int p = 0; p < PARAM_COUNT_; p++)
		m.errors.moved[p] = p;
	for (int i = 0; i < METRICS_CHARACTER_COUNT; i++)
		for (int k = 0; k < METRICS_CHARACTER_COUNT; k++)
			m.errors.characters[i][k] = i == k ? 1000 : (i + k) % 5;
	return m;
}

static const cJSON *at(const cJSON *node, const char *a, const char *b)
{
	const cJSON *found = json_member(json_member(node, a), b);

	if (!found)
		fail_msg("no \"%s\" in \"%s\"", b, a);
	return found;
}

static void test_json(void **state)
{
	struct metrics m = made_metrics();
	struct buf text = {0};
	struct json_doc doc;
	struct err err = {0};
	const cJSON *family;

	(void)state;
	metrics_write(&m, &text);
	assert_true(text.len > 0 && text.data[text.len - 1] == '\n');
	if (json_parse(&doc, "metrics.json", text.data, text.len, &err) < 0)
		fail_msg("%s", err.msg);
	assert_true(json_member(at(doc.root, "all", "f1"), "value")->valuedouble == 100);
	assert_true(at(doc.root, "bootstrap", "resamples")->valueint == 1000);
	family = at(doc.root, "groups", "family");
	assert_int_equal(cJSON_GetArraySize(family), 2);
	/* Nothing is known of group 0; of 1 the value has four decimals. */
	assert_int_equal(cJSON_GetArraySize(json_member(family, "plate")), 1);
	assert_int_equal(json_member(at(family, groups[1].is, "valid"), "drawings")->valueint, 1);
	assert_true(json_member(at(family, groups[1].is, "valid"), "value")->valuedouble == 50);
	assert_non_null(at(json_member(doc.root, "groups"), groups[2].by, groups[2].is));
	assert_int_equal(cJSON_GetArraySize(json_member(doc.root, "shapes")), SHAPE_COUNT_);
	assert_true(json_member(at(doc.root, "shapes", "hole"), "missed")->valuedouble == 99999999);
	assert_true(at(json_member(doc.root, "errors"), "numbers", "moved")->valuedouble ==
		    999999999);
	assert_true(at(json_member(doc.root, "errors"), "moved", "y")->valueint == PARAM_Y);
	assert_null(json_member(json_member(json_member(doc.root, "errors"), "moved"), "x"));
	assert_int_equal(
		json_member(at(json_member(doc.root, "errors"), "characters", "7"), "7")->valueint,
		1000);
	assert_int_equal(
		json_member(at(json_member(doc.root, "errors"), "characters", ""), "2")->valueint,
		(METRICS_NO_CHARACTER + 2) % 5);
	json_free(&doc);
	buf_free(&text);
}

static void test_empty(void **state)
{
	struct metrics m = {0};
	struct buf text = {0};
	struct json_doc doc;
	struct err err = {0};

	(void)state;
	metrics_write(&m, &text);
	if (json_parse(&doc, "metrics.json", text.data, text.len, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(cJSON_GetArraySize(json_member(doc.root, "all")), 1);
	json_free(&doc);
	buf_clear(&text);
	metrics_print(&m, &text);
	assert_true(text.len > 0);
	buf_free(&text);
}

/* Characters, in UTF-8. */
static int width_of(const char *line, size_t len)
{
	int width = 0;

	for (size_t i = 0; i < len; i++)
		width += ((unsigned char)line[i] & 0xc0) != 0x80;
	return width;
}

static void test_table(void **state)
{
	struct metrics m = made_metrics();
	struct buf text = {0};
	int lines = 0, widest = 0;

	(void)state;
	metrics_print(&m, &text);
	assert_int_equal(strlen(text.data), text.len);
	for (const char *line = text.data; *line; lines++) {
		size_t len = strcspn(line, "\n");
		int width = width_of(line, len);

		if (width > WIDEST)
			fail_msg("%d characters: %.*s", width, (int)len, line);
		widest = width > widest ? width : widest;
		assert_null(memchr(line, '\t', len));
		line += len + 1;
	}
	assert_true(lines > METRICS_FIGURE_COUNT_ + SHAPE_COUNT_ + FATE_COUNT_);
	assert_true(widest > 80);
	assert_non_null(
		strstr(text.data, "\nf1                100.00    0.00 to 100.00 999999999"));
	assert_non_null(strstr(text.data, "\nстандарт и ещё что-то дл\n"));
	assert_non_null(strstr(text.data, "\n  plate "));
	/* The most frequent confusion first, of equal ones the lower. */
	assert_non_null(strstr(text.data, "the most frequent\n  '0' as '4' 4\n  '0' as '9' 4\n"));
	buf_free(&text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_table),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
