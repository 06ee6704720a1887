/* SPDX-License-Identifier: MIT */
/* annotations_move and coco_move: polygons go through the map, boxes and areas follow, all else is
 * kept; what is broken is refused with its place. */
#include <config.h>

#include <math.h>
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
#include "formats/dataset/coco_move.h"
#include "formats/drawing/annotations_move.h"

static struct arena arena;
static char file[300];

/* x' = 2 x + y + 3, y' = y - 1, and a point more between the first two of closed lines: areas
 * double. */
static struct polyline shear(const void *ctx, const struct polyline *line, struct arena *a)
{
	struct polyline out = {ARENA_NEW(a, struct vec, line->count + 1), 0, line->closed};

	assert_string_equal(ctx, "ctx");
	for (int i = 0; i < line->count; i++) {
		struct vec p = line->points[i];

		out.points[out.count++] = vec(2 * p.x + p.y + 3, p.y - 1);
		if (i == 0 && line->closed) {
			struct vec q = vec_scale(vec_add(p, line->points[1]), 0.5);

			out.points[out.count++] = vec(2 * q.x + q.y + 3, q.y - 1);
		}
	}
	return out;
}

static const struct point_map map = {"ctx", shear, false}, turning = {"ctx", shear, true};

static void assert_moved_by(const struct point_map *by, const char *line, const char *want)
{
	struct buf out = {0};
	struct err err = {0};
	struct annotations_head head;

	if (annotations_read_head(&head, "a", line, strlen(line), &arena, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(annotations_move("a", line, strlen(line), by, &arena, &out, &err), 0);
	assert_string_equal(out.data, want);
	buf_free(&out);
}

static void assert_moved(const char *line, const char *want)
{
	assert_moved_by(&map, line, want);
}

/* What a hand drew goes along, as open lines. */
static void test_drawn(void **state)
{
	(void)state;
	assert_moved("{\"id\":\"7\",\"width\":90,\"height\":60,\"items\":[{\"drawn\":[[0,0,10,0],"
		     "[10,0,10,5,1,1]],\"polygon\":[0,0,10,0,10,5]}]}",
		     "{\"id\":\"7\",\"width\":90,\"height\":60,\"items\":[{\"drawn\":[[3,-1,23,-1],"
		     "[23,-1,28,4,6,0]],\"polygon\":[3,-1,13,-1,23,-1,28,4]}]}");
}

/* A picture on its side is as wide as it was high. */
static void test_turned(void **state)
{
	(void)state;
	assert_moved_by(&turning, "{\"id\":\"7\",\"width\":90,\"height\":60,\"items\":[]}",
			"{\"id\":\"7\",\"width\":60,\"height\":90,\"items\":[]}");
}

static void test_lines(void **state)
{
	(void)state;
	assert_moved("{\"id\":\"7\",\"width\":90,\"height\":60,\"items\":[]}",
		     "{\"id\":\"7\",\"width\":90,\"height\":60,\"items\":[]}");
	/* closed, open, none; what is unknown stays, in its order */
	assert_moved("{\"mine\":{\"a\":[1,null,\"\xe2\x8c\x80\"]},\"id\":\"7\",\"width\":90,"
		     "\"height\":60,\"items\":[{\"polygon\":[0,0,10,0,10,5],\"class\":\"bolt\"},"
		     "{\"class\":\"shape\",\"open\":true,\"polygon\":[0.25,0.5,1,1]},{\"x\":0.1}],"
		     "\"scan\":0}",
		     "{\"mine\":{\"a\":[1,null,\"\xe2\x8c\x80\"]},\"id\":\"7\",\"width\":90,"
		     "\"height\":60,\"items\":[{\"polygon\":[3,-1,13,-1,23,-1,28,4],"
		     "\"class\":\"bolt\"},"
		     "{\"class\":\"shape\",\"open\":true,\"polygon\":[4,-0.5,6,0]},{\"x\":0.1}],"
		     "\"scan\":0}");
	/* what it said of the picture as it was */
	assert_moved("{\"id\":\"7\",\"width\":1,\"height\":1,\"items\":[{\"class\":\"text\","
		     "\"legibility\":\"clear\",\"value\":\"4\"}]}",
		     "{\"id\":\"7\",\"width\":1,\"height\":1,\"items\":[{\"class\":\"text\","
		     "\"value\":\"4\"}]}");
}

static void test_head(void **state)
{
	const char *line = "{\"id\":\"b/7\",\"width\":90,\"height\":60,\"items\":[]}";
	struct annotations_head head;
	struct err err = {0};

	(void)state;
	assert_int_equal(annotations_read_head(&head, "a", line, strlen(line), &arena, &err), 0);
	assert_string_equal(head.id, "b/7");
	assert_int_equal(head.width, 90);
	assert_int_equal(head.height, 60);
}

static void test_broken_lines(void **state)
{
	static const char *const lines[][2] = {
		{"{", "a:1: "},
		{"[]", "'id' must be a string"},
		{"{\"id\":7,\"width\":9,\"height\":6,\"items\":[]}", "'id' must be a string"},
		{"{\"id\":\"7\",\"height\":6,\"items\":[]}", "'width' must be a whole number"},
		{"{\"id\":\"7\",\"width\":9.5,\"height\":6,\"items\":[]}", "'width'"},
		{"{\"id\":\"7\",\"width\":9,\"height\":70000,\"items\":[]}", "'height'"},
		{"{\"id\":\"7\",\"width\":9,\"height\":6}", "'items' must be an array"},
		{"{\"id\":\"7\",\"width\":9,\"height\":6,\"items\":[1]}", "must be an object"},
		{"{\"id\":\"7\",\"width\":9,\"height\":6,\"items\":[{\"polygon\":[1,2,3,4]}]}",
		 "'polygon' must have an x and a y for each of 3"},
		{"{\"id\":\"7\",\"width\":9,\"height\":6,\"items\":[{\"drawn\":3}]}",
		 "'drawn' must be a list of lines"},
		{"{\"id\":\"7\",\"width\":9,\"height\":6,\"items\":[{\"drawn\":[[1,2]]}]}",
		 "'drawn' must have an x and a y for each of 2"},
		{"{\"id\":\"7\",\"width\":9,\"height\":6,\"items\":[{\"open\":true,"
		 "\"polygon\":[1,2,3]}]}",
		 "each of 2"},
		{"{\"id\":\"7\",\"width\":9,\"height\":6,\"items\":[{\"polygon\":[1,2,3,4,5,\"6\"]}"
		 "]}",
		 "within 1000000"},
		{"{\"id\":\"7\",\"width\":9,\"height\":6,\"items\":[{\"polygon\":[1,2,3,4,5,2e6]}]"
		 "}",
		 "within 1000000"},
		{"{\"id\":\"7\",\"width\":9,\"height\":6,\"items\":[],\"x\":9007199254740993e1}",
		 "2^53"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct annotations_head head;
		struct err err = {0};

		assert_int_equal(annotations_read_head(&head, "a", lines[i][0], strlen(lines[i][0]),
						       &arena, &err),
				 -1);
		assert_int_equal(err.code, ERR_FORMAT);
		if (!strstr(err.msg, lines[i][1]) || strncmp(err.msg, "a:1", 3) != 0)
			fail_msg("'%s' instead of '%s'", err.msg, lines[i][1]);
	}
}

/* --- a file of COCO --- */

static struct coco_file *read_text(const char *text, struct err *err)
{
	assert_int_equal(fs_write(file, text, strlen(text), err), 0);
	return coco_file_read(file, err);
}

#define IMAGES                                                                                     \
	"\"images\":[{\"id\":5,\"file_name\":\"b.jpg\",\"width\":90,\"height\":60,\"mine\":0.1},"  \
	"{\"id\":3,\"file_name\":\"a.jpg\",\"width\":80,\"height\":50}]"

/* Moves the image called b.jpg and drops the other. */
static void assert_coco(const char *annotations, const char *want)
{
	struct buf text = {0}, out = {0};
	struct err err = {0};
	struct coco_file *f;

	buf_str(&text, "{\"info\":{\"year\":2020}," IMAGES ",\"annotations\":[");
	buf_str(&text, annotations);
	buf_str(&text, "]}");
	f = read_text(text.data, &err);
	if (!f)
		fail_msg("%s", err.msg);
	assert_int_equal(coco_file_count(f), 2);
	for (size_t i = 0; i < 2; i++) {
		struct coco_image image = coco_file_image(f, i);

		if (strcmp(image.file_name, "b.jpg") == 0) {
			assert_int_equal(image.width, 90);
			assert_int_equal(image.height, 60);
			coco_file_move(f, i, "new/b.png", &map, &arena);
		} else {
			coco_file_drop(f, i);
		}
	}
	coco_file_write(f, &out);
	buf_clear(&text);
	buf_str(&text, "{\"info\":{\"year\":2020},\"images\":[{\"id\":5,\"file_name\":"
		       "\"new/b.png\",\"width\":90,\"height\":60,\"mine\":0.1}],"
		       "\"annotations\":[");
	buf_str(&text, want);
	buf_str(&text, "]}\n");
	assert_string_equal(out.data, text.data);
	coco_file_free(f);
	buf_free(&text);
	buf_free(&out);
}

static void test_coco(void **state)
{
	(void)state;
	/* polygons: the box is theirs, whatever it was; areas add up */
	assert_coco("{\"id\":1,\"image_id\":5,\"segmentation\":[[0,0,10,0,10,5],[20,0,30,0,30,10]],"
		    "\"bbox\":[1,2,3,4],\"area\":9,\"score\":0.75},"
		    "{\"id\":2,\"image_id\":3,\"bbox\":[1,2,3,4]}",
		    "{\"id\":1,\"image_id\":5,\"segmentation\":[[3,-1,13,-1,23,-1,28,4],"
		    "[43,-1,53,-1,63,-1,73,9]],\"bbox\":[3,-1,70,10],\"area\":150,"
		    "\"score\":0.75}");
	/* a box alone: what was annotated keeps its share of it */
	assert_coco("{\"image_id\":5,\"bbox\":[10,20,30,4],\"area\":60}",
		    "{\"image_id\":5,\"bbox\":[43,19,64,4],\"area\":120}");
	assert_coco("{\"image_id\":5,\"segmentation\":[],\"bbox\":[10,20,30,4]}",
		    "{\"image_id\":5,\"segmentation\":[],\"bbox\":[43,19,64,4],\"area\":240}");
	assert_coco("{\"image_id\":5,\"segmentation\":null,\"bbox\":[10,20,0,4],\"area\":7}",
		    "{\"image_id\":5,\"segmentation\":null,\"bbox\":[43,19,4,4],\"area\":0}");
	/* nothing to move; points that are not labelled stay */
	assert_coco("{\"image_id\":5,\"keypoints\":[1,2,2,0,0,0,5,5,1]}",
		    "{\"image_id\":5,\"keypoints\":[7,1,2,0,0,0,18,4,1]}");
}

static void test_broken_coco(void **state)
{
	static const char *const texts[][2] = {
		{"{", ":1:"},
		{"{\"annotations\":[]}", "'images' must be an array"},
		{"{" IMAGES "}", "'annotations' must be an array"},
		{"{\"images\":[1],\"annotations\":[]}", "'images' must hold objects"},
		{"{\"images\":[{\"id\":\"x\"}],\"annotations\":[]}", "'id' must be a whole number"},
		{"{\"images\":[{\"id\":1}],\"annotations\":[]}", "'file_name'"},
		{"{\"images\":[{\"id\":1,\"file_name\":\"a\",\"width\":0,\"height\":1}],"
		 "\"annotations\":[]}",
		 "'width' must be a whole number, 1 to 65535"},
		{"{\"images\":[{\"id\":1,\"file_name\":\"a\",\"width\":1,\"height\":1},{\"id\":1,"
		 "\"file_name\":\"b\",\"width\":1,\"height\":1}],\"annotations\":[]}",
		 "two images of one 'id'"},
		{"{" IMAGES ",\"annotations\":[{\"id\":1}]}", "'image_id' must be a whole number"},
		{"{" IMAGES ",\"annotations\":[{\"image_id\":2}]}", "'image_id' is the 'id' of no"},
		{"{" IMAGES ",\"annotations\":[{\"image_id\":4}]}", "'image_id' is the 'id' of no"},
		{"{" IMAGES ",\"annotations\":[{\"image_id\":6}]}", "'image_id' is the 'id' of no"},
		{"{" IMAGES
		 ",\"annotations\":[{\"image_id\":5,\"segmentation\":{\"counts\":[1]}}]}",
		 "run-length"},
		{"{" IMAGES ",\"annotations\":[{\"image_id\":5,\"segmentation\":[1,2,3,4,5,6]}]}",
		 "'segmentation' must have"},
		{"{" IMAGES ",\"annotations\":[{\"image_id\":5,\"segmentation\":\"\"}]}",
		 "must be an array of polygons"},
		{"{" IMAGES ",\"annotations\":[{\"image_id\":5,\"segmentation\":[[1,2,3,4]]}]}",
		 "each of 3"},
		{"{" IMAGES ",\"annotations\":[{\"image_id\":5,\"bbox\":[1,2,-3,4]}]}",
		 "'bbox' must be x, y, width, height"},
		{"{" IMAGES ",\"annotations\":[{\"image_id\":5,\"bbox\":[1,2]}]}", "'bbox'"},
		{"{" IMAGES ",\"annotations\":[{\"image_id\":5,\"bbox\":[1,2,3,4,5,6]}]}",
		 "'bbox' must be x, y"},
		{"{" IMAGES ",\"annotations\":[{\"image_id\":5,\"area\":\"1\"}]}", "'area'"},
		{"{" IMAGES ",\"annotations\":[{\"image_id\":5,\"keypoints\":[1,2]}]}",
		 "'keypoints'"},
		{"{" IMAGES ",\"annotations\":[],\"x\":1e300}", "2^53"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct err err = {0};

		assert_null(read_text(texts[i][0], &err));
		assert_int_equal(err.code, ERR_FORMAT);
		if (!strstr(err.msg, texts[i][1]) || strncmp(err.msg, file, strlen(file)) != 0)
			fail_msg("'%s' instead of '%s'", err.msg, texts[i][1]);
	}
}

static int setup(void **state)
{
	const char *tmp = getenv("TMPDIR");
	int fd;

	(void)state;
	snprintf(file, sizeof(file), "%s/cadgen-move.XXXXXX", tmp ? tmp : "/tmp");
	fd = mkstemp(file);
	return fd < 0 ? -1 : close(fd);
}

static int teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return unlink(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),        cmocka_unit_test(test_drawn),
		cmocka_unit_test(test_turned),       cmocka_unit_test(test_head),
		cmocka_unit_test(test_broken_lines), cmocka_unit_test(test_coco),
		cmocka_unit_test(test_broken_coco),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
