/* SPDX-License-Identifier: MIT */
/* comparison: the table and its JSON, with figures that one of them lacks. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "formats/encoding/json.h"
#include "formats/metrics/solid_metrics.h"
#include "trainer/score/comparison.h"

static struct metrics_group groups[3];
static const char *const names[] = {"clean", "scans", "a|b"};

static void fill(void)
{
	memset(groups, 0, sizeof(groups));
	for (int i = 0; i < 3; i++)
		groups[i].count = 100 + i;
	groups[0].figures[METRICS_EXACT] = (struct metrics_value){100, 40, 30, 50};
	groups[1].figures[METRICS_EXACT] = (struct metrics_value){101, 12.346, 5, 29.99};
	groups[2].figures[METRICS_EXACT] = (struct metrics_value){102, 45.5, 35, 55};
	groups[1].figures[METRICS_F1] = (struct metrics_value){101, 20, 10, 30};
}

static struct comparison compared(uint32_t figures)
{
	return (struct comparison){.count = 3,
				   .names = names,
				   .groups = groups,
				   .words = &metrics_of_drawings,
				   .figures = figures};
}

static void test_table(void **state)
{
	struct comparison c = compared(COMPARISON_ALL);
	struct buf out = {0};

	(void)state;
	fill();
	comparison_print(&c, &out);
	assert_string_equal(out.data, "| figure | clean | scans | gain | a\\|b | gain |\n"
				      "|---|---:|---:|---:|---:|---:|\n"
				      "| drawings | 100 | 101 | | 102 | |\n"
				      "| exact | 40.00 (30.00 to 50.00) | 12.35 (5.00 to 29.99) | "
				      "**-27.65** | 45.50 (35.00 to 55.00) | +5.50 |\n"
				      "| f1 | - | 20.00 (10.00 to 30.00) | - | - | - |\n");
	buf_free(&out);
}

static void test_touching(void **state)
{
	struct comparison c = compared(1u << METRICS_EXACT);
	struct buf out = {0};

	(void)state;
	fill();
	groups[1].figures[METRICS_EXACT].high = 30;
	comparison_print(&c, &out);
	assert_non_null(strstr(out.data, "| -27.65 |"));
	assert_null(strstr(out.data, "f1"));
	buf_free(&out);
}

static void test_json(void **state)
{
	struct comparison c = compared(COMPARISON_ALL);
	struct buf out = {0};
	struct json_doc doc;
	struct err err = {0};
	const cJSON *figures, *exact, *f1;

	(void)state;
	fill();
	comparison_write(&c, &out);
	if (json_parse(&doc, "t.json", out.data, out.len, &err) < 0)
		fail_msg("%s", err.msg);
	assert_string_equal(cJSON_GetArrayItem(json_member(doc.root, "columns"), 2)->valuestring,
			    "a|b");
	assert_int_equal(cJSON_GetArrayItem(json_member(doc.root, "drawings"), 1)->valueint, 101);
	figures = json_member(doc.root, "figures");
	assert_int_equal(cJSON_GetArraySize(figures), 2);
	exact = json_member(figures, "exact");
	assert_null(json_member(cJSON_GetArrayItem(exact, 0), "gain"));
	assert_true(json_member(cJSON_GetArrayItem(exact, 1), "gain")->valuedouble == -27.654);
	assert_true(cJSON_IsTrue(json_member(cJSON_GetArrayItem(exact, 1), "apart")));
	assert_true(cJSON_IsFalse(json_member(cJSON_GetArrayItem(exact, 2), "apart")));
	f1 = json_member(figures, "f1");
	assert_true(cJSON_IsNull(cJSON_GetArrayItem(f1, 0)));
	assert_null(json_member(cJSON_GetArrayItem(f1, 1), "gain"));
	json_free(&doc);
	buf_free(&out);
}

static void test_solids(void **state)
{
	struct comparison c = compared(COMPARISON_ALL);
	struct buf out = {0};
	struct json_doc doc;
	struct err err = {0};
	const cJSON *chamfer;

	(void)state;
	memset(groups, 0, sizeof(groups));
	c.words = &metrics_of_solids;
	c.count = 2;
	groups[0].count = groups[1].count = 7;
	groups[0].figures[SOLID_METRICS_CHAMFER_MEAN] = (struct metrics_value){6, 250, 240, 260};
	groups[1].figures[SOLID_METRICS_CHAMFER_MEAN] = (struct metrics_value){7, 1, 0.5, 2};
	comparison_print(&c, &out);
	assert_string_equal(out.data, "| figure | clean | scans | gain |\n"
				      "|---|---:|---:|---:|\n"
				      "| solids | 7 | 7 | |\n"
				      "| chamfer_mean | 250.00 (240.00 to 260.00) | "
				      "1.00 (0.50 to 2.00) | **-249.00** |\n");
	buf_clear(&out);
	comparison_write(&c, &out);
	if (json_parse(&doc, "t.json", out.data, out.len, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(cJSON_GetArrayItem(json_member(doc.root, "solids"), 1)->valueint, 7);
	chamfer = json_member(json_member(doc.root, "figures"), "chamfer_mean");
	assert_int_equal(json_member(cJSON_GetArrayItem(chamfer, 0), "solids")->valueint, 6);
	assert_true(json_member(cJSON_GetArrayItem(chamfer, 1), "gain")->valuedouble == -249);
	json_free(&doc);
	buf_free(&out);
}

static void test_nothing(void **state)
{
	struct comparison c = {.count = 1,
			       .names = names,
			       .groups = groups,
			       .words = &metrics_of_drawings,
			       .figures = COMPARISON_ALL};
	struct buf out = {0};
	struct json_doc doc;
	struct err err = {0};

	(void)state;
	memset(groups, 0, sizeof(groups));
	comparison_print(&c, &out);
	assert_string_equal(out.data, "| figure | clean |\n|---|---:|\n| drawings | 0 |\n");
	buf_clear(&out);
	comparison_write(&c, &out);
	assert_int_equal(json_parse(&doc, "t.json", out.data, out.len, &err), 0);
	json_free(&doc);
	buf_free(&out);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),   cmocka_unit_test(test_touching),
		cmocka_unit_test(test_json),    cmocka_unit_test(test_solids),
		cmocka_unit_test(test_nothing),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
