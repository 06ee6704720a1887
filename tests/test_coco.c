/* SPDX-License-Identifier: MIT */
/* coco: the file to the letter, strips for lines, and lines of annotations that are refused. */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "formats/dataset/coco.h"
#include "formats/drawing/annotations.h"
#include "formats/encoding/json.h"

static struct buf out;

static int teardown(void **state)
{
	(void)state;
	buf_free(&out);
	return 0;
}

static struct dataset_sample sample_of(const char *annotations, uint64_t index)
{
	return (struct dataset_sample){.index = index,
				       .image_name = "images/00/00000007.png",
				       .annotations = annotations,
				       .annotations_place = {"set/annotations.jsonl", index + 1}};
}

/* One item, with the rest of the line round it. */
static const char *line_of(const char *item)
{
	static char line[1024];

	snprintf(line, sizeof(line), "{\"id\":\"x\",\"width\":200,\"height\":100,\"items\":[%s]}",
		 item);
	return line;
}

/* What the item becomes as annotation 1 of image 7. */
static const char *written(const char *item)
{
	struct dataset_sample sample = sample_of(line_of(item), 7);
	struct coco coco = {0};
	struct err err = {0};

	buf_clear(&out);
	if (coco_write_annotations(&coco, &sample, &out, &err) < 0)
		fail_msg("%s: %s", item, err.msg);
	assert_int_equal(coco.annotations, 1);
	return out.data;
}

static int category_of(const char *item)
{
	const char *at = strstr(written(item), "\"category_id\":");

	return atoi(at + strlen("\"category_id\":"));
}

static void test_whole_file(void **state)
{
	struct dataset_sample first = sample_of(
		line_of("{\"class\":\"text\",\"value\":\"\\\"4\\\"\",\"shape\":0,\"dimension\":3,"
			"\"polygon\":[10,30,20.5,30,20.5,25,10,25]}"),
		0);
	struct dataset_sample second = sample_of("{\"width\":1,\"height\":20000,\"items\":[]}", 41);
	const char *lines;
	struct coco coco;
	struct json_doc doc;
	struct err err = {0};

	(void)state;
	coco_write_head(&coco, &out);
	assert_int_equal(coco_write_image(&coco, &first, &out, &err), 0);
	assert_int_equal(coco_write_image(&coco, &second, &out, &err), 0);
	coco_write_middle(&coco, &out);
	assert_int_equal(coco_write_annotations(&coco, &first, &out, &err), 0);
	assert_int_equal(coco_write_annotations(&coco, &second, &out, &err), 0);
	assert_int_equal(coco_write_annotations(&coco, &first, &out, &err), 0);
	coco_write_tail(&coco, &out);
	assert_int_equal(json_parse(&doc, "coco", out.data, out.len, &err), 0);
	json_free(&doc);
	lines = strstr(out.data, "\"images\"");
	assert_string_equal(
		lines, "\"images\":[\n"
		       "{\"id\":0,\"file_name\":\"images/00/00000007.png\",\"width\":200,"
		       "\"height\":100},\n"
		       "{\"id\":41,\"file_name\":\"images/00/00000007.png\",\"width\":1,"
		       "\"height\":20000}],\n"
		       "\"annotations\":[\n"
		       "{\"id\":1,\"image_id\":0,\"category_id\":2,\"bbox\":[10,25,10.5,5],"
		       "\"area\":52.5,\"iscrowd\":0,"
		       "\"segmentation\":[[10,30,20.5,30,20.5,25,10,25]],"
		       "\"attributes\":{\"value\":\"\\\"4\\\"\",\"shape\":0,\"dimension\":3}},\n"
		       "{\"id\":2,\"image_id\":0,\"category_id\":2,\"bbox\":[10,25,10.5,5],"
		       "\"area\":52.5,\"iscrowd\":0,"
		       "\"segmentation\":[[10,30,20.5,30,20.5,25,10,25]],"
		       "\"attributes\":{\"value\":\"\\\"4\\\"\",\"shape\":0,\"dimension\":3}}]}\n");
}

/* Every class and kind has one of its own, which the head names. */
static void test_categories(void **state)
{
	struct coco coco;
	struct buf head = {0};
	char item[256], wanted[256];

	(void)state;
	coco_write_head(&coco, &head);
	for (int i = 0; i < ANNOTATION_COUNT_; i++) {
		const char *name = annotation_class_name((enum annotation_class)i);

		if (i == ANNOTATION_DIMENSION)
			continue;
		snprintf(item, sizeof(item), "{\"class\":\"%s\",\"polygon\":[0,0,1,0,1,1]}", name);
		snprintf(wanted, sizeof(wanted),
			 "{\"id\":%d,\"name\":\"%s\",\"supercategory\":\"%s\"}", category_of(item),
			 name, name);
		assert_non_null(strstr(head.data, wanted));
	}
	for (int i = 0; i < DIM_COUNT_; i++) {
		const char *name = dim_kind_name((enum dim_kind)i);

		snprintf(item, sizeof(item),
			 "{\"class\":\"dimension\",\"kind\":\"%s\",\"polygon\":[0,0,1,0,1,1]}",
			 name);
		snprintf(wanted, sizeof(wanted),
			 "{\"id\":%d,\"name\":\"%s\",\"supercategory\":\"dimension\"}",
			 category_of(item), name);
		assert_non_null(strstr(head.data, wanted));
		assert_int_equal(category_of(item), 101 + i);
	}
	buf_free(&head);
}

static void test_attributes(void **state)
{
	(void)state;
	assert_non_null(strstr(
		written("{\"class\":\"dimension\",\"kind\":\"diameter\",\"value\":\"4\xc3\x97"
			"8\",\"number\":8.125,\"unit\":\"mm\",\"count\":4,"
			"\"tolerance\":{\"kind\":\"fit\"},\"status\":\"basic\","
			"\"states\":[],\"polygon\":[0,0,1,0,1,1]}"),
		"\"attributes\":{\"value\":\"4\xc3\x97"
		"8\",\"number\":8.125,\"unit\":\"mm\","
		"\"count\":4,\"status\":\"basic\"}}"));
	assert_non_null(strstr(written("{\"class\":\"view\",\"name\":\"A-A\","
				       "\"polygon\":[0,0,1,0,1,1]}"),
			       "\"attributes\":{\"name\":\"A-A\"}}"));
	assert_non_null(strstr(written("{\"class\":\"arrow\",\"polygon\":[0,0,1,0,1,1]}"),
			       "\"attributes\":{}}"));
}

static void assert_polygon(const char *item, const char *bbox_to_polygon)
{
	if (!strstr(written(item), bbox_to_polygon))
		fail_msg("%s\nhas no\n%s", out.data, bbox_to_polygon);
}

/* Two pixels wide: a level line, a right angle with its mitre, a line that turns straight back. */
static void test_lines_are_strips(void **state)
{
	(void)state;
	assert_polygon("{\"class\":\"shape\",\"open\":true,\"polygon\":[10,20,30,20]}",
		       "\"bbox\":[10,19,20,2],\"area\":40,\"iscrowd\":0,"
		       "\"segmentation\":[[10,21,30,21,30,19,10,19]]");
	assert_polygon("{\"class\":\"shape\",\"open\":true,\"polygon\":[10,20,30,20,30,40]}",
		       "\"bbox\":[10,19,21,21],\"area\":80,\"iscrowd\":0,"
		       "\"segmentation\":[[10,21,29,21,29,40,31,40,31,19,10,19]]");
	assert_polygon("{\"class\":\"shape\",\"open\":true,\"polygon\":[10,20,30,20,10,20]}",
		       "\"segmentation\":[[10,21,30,21,10,19,10,21,30,19,10,19]]");
}

/* Points that came together in rounding; what has no area for a tool to fill. */
static void test_flat_polygons_are_strips(void **state)
{
	(void)state;
	assert_polygon("{\"class\":\"shape\",\"polygon\":[10,20,10,20,20,20,20,30,20,30]}",
		       "\"segmentation\":[[10,20,20,20,20,30]]");
	assert_polygon("{\"class\":\"arrow\",\"polygon\":[10,20,30,20,30,20]}",
		       "\"segmentation\":[[10,21,30,21,30,19,10,19]]");
	assert_polygon("{\"class\":\"arrow\",\"polygon\":[5,5,5,5,5,5]}",
		       "\"bbox\":[4,4,2,2],\"area\":4,\"iscrowd\":0,"
		       "\"segmentation\":[[4,4,6,4,6,6,4,6]]");
	assert_polygon("{\"class\":\"shape\",\"open\":true,\"polygon\":[5,5,5,5]}",
		       "\"segmentation\":[[4,4,6,4,6,6,4,6]]");
}

static void test_area_is_that_of_the_box_at_most(void **state)
{
	(void)state;
	assert_polygon(
		"{\"class\":\"shape\",\"polygon\":[0,0,10,0,10,10,0,10,0,0,10,0,10,10,0,10]}",
		"\"bbox\":[0,0,10,10],\"area\":100,");
}

static void test_refuses_items(void **state)
{
	static const struct {
		const char *item, *part;
	} bad[] = {
		{"3", "'class'"},
		{"{}", "'class'"},
		{"{\"class\":\"circle\",\"polygon\":[0,0,1,0,1,1]}", "'class'"},
		{"{\"class\":\"dimension\",\"polygon\":[0,0,1,0,1,1]}", "'kind'"},
		{"{\"class\":\"dimension\",\"kind\":\"wide\",\"polygon\":[0,0,1,0,1,1]}", "'kind'"},
		{"{\"class\":\"text\"}", "'polygon'"},
		{"{\"class\":\"text\",\"polygon\":{\"x\":1}}", "'polygon'"},
		{"{\"class\":\"text\",\"polygon\":[]}", "'polygon'"},
		{"{\"class\":\"text\",\"polygon\":[0,0,1,0]}", "3 points"},
		{"{\"class\":\"text\",\"polygon\":[0,0,1,0,1]}", "'polygon'"},
		{"{\"class\":\"shape\",\"open\":true,\"polygon\":[0,0]}", "2 points"},
		{"{\"class\":\"text\",\"polygon\":[0,0,1,0,1,\"1\"]}", "pixels"},
		{"{\"class\":\"text\",\"polygon\":[0,0,1,0,1,100001]}", "pixels"},
		{"{\"class\":\"text\",\"polygon\":[0,0,1,0,1,1],\"number\":1e10}", "'number'"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct dataset_sample sample = sample_of(line_of(bad[i].item), 41);
		struct coco coco = {0};
		struct err err = {0};

		assert_int_equal(coco_write_annotations(&coco, &sample, &out, &err), -1);
		assert_int_equal(err.code, ERR_FORMAT);
		if (strncmp(err.msg, "set/annotations.jsonl:42: ", 26) != 0 ||
		    !strstr(err.msg, bad[i].part))
			fail_msg("'%s': %s", bad[i].item, err.msg);
	}
}

static void test_refuses_lines(void **state)
{
	static const char *const bad[] = {
		"",
		"[]",
		"{\"items\":[]}",
		"{\"width\":200,\"items\":[]}",
		"{\"width\":200,\"height\":0,\"items\":[]}",
		"{\"width\":200,\"height\":1.5,\"items\":[]}",
		"{\"width\":20001,\"height\":100,\"items\":[]}",
		"{\"width\":\"200\",\"height\":100,\"items\":[]}",
	};
	struct dataset_sample sample;
	struct coco coco = {0};
	struct err err = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		sample = sample_of(bad[i], 0);
		assert_int_equal(coco_write_image(&coco, &sample, &out, &err), -1);
		assert_int_equal(err.code, ERR_FORMAT);
		assert_true(strncmp(err.msg, "set/annotations.jsonl:1: ", 25) == 0);
	}
	sample = sample_of("{\"width\":200,\"height\":100}", 0);
	assert_int_equal(coco_write_annotations(&coco, &sample, &out, &err), -1);
	assert_non_null(strstr(err.msg, "'items'"));
	assert_int_equal(coco.images, 0);
	assert_int_equal(coco.annotations, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_whole_file, teardown),
		cmocka_unit_test_teardown(test_categories, teardown),
		cmocka_unit_test_teardown(test_attributes, teardown),
		cmocka_unit_test_teardown(test_lines_are_strips, teardown),
		cmocka_unit_test_teardown(test_flat_polygons_are_strips, teardown),
		cmocka_unit_test_teardown(test_area_is_that_of_the_box_at_most, teardown),
		cmocka_unit_test_teardown(test_refuses_items, teardown),
		cmocka_unit_test_teardown(test_refuses_lines, teardown),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
