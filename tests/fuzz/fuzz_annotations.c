/* SPDX-License-Identifier: MIT */
/*
 * A line of annotations.jsonl for those who read it: annotations_read_texts and _dimensions, and coco and
 * annotations_move, which must make JSON of whatever they accept. What is refused must leave a proper
 * error.
 */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "formats/dataset/coco.h"
#include "formats/drawing/annotations_move.h"
#include "formats/drawing/annotations_read.h"
#include "formats/encoding/json.h"

static void check_refused(const struct err *err, const char *place)
{
	if (err->code != ERR_FORMAT && err->code != ERR_LIMIT)
		abort();
	if (strncmp(err->msg, place, strlen(place)) != 0)
		abort();
}

static void check_texts(const char *line, size_t size)
{
	struct text_annotation *texts;
	struct arena arena = {0};
	struct err err = {0};
	int scan;
	int n = annotations_read_texts(&texts, &scan, "line", line, size, &arena, &err);

	if (n < 0)
		check_refused(&err, "line:");
	for (int i = 0; i < n; i++)
		if (!texts[i].value || texts[i].count < 4)
			abort();
	arena_free(&arena);
}

static void check_dimensions(const char *line, size_t size)
{
	uint32_t states[ANNOTATION_STATE_COUNT_] = {0};
	struct dimension_annotation *all;
	struct arena arena = {0};
	struct err err = {0};
	int n = annotations_read_dimensions(&all, "line", line, size, &arena, &err);

	if (n < 0)
		check_refused(&err, "line:");
	for (int i = 0; i < n; i++)
		if (dimension_annotation_digits(&all[i]) > (int)strlen(all[i].value))
			abort();
	annotations_count_states(line, n < 0 ? 0 : size, states);
	arena_free(&arena);
}

/* A polygon of fewer than three points would be read as a box. */
static void check_polygons(const cJSON *root)
{
	const cJSON *all = cJSON_GetObjectItemCaseSensitive(root, "annotations"), *one;

	cJSON_ArrayForEach(one, all)
	{
		const cJSON *s = cJSON_GetObjectItemCaseSensitive(one, "segmentation");
		int numbers = cJSON_GetArraySize(cJSON_GetArrayItem(s, 0));

		if (numbers < 6 || numbers % 2)
			abort();
	}
}

static void check_coco(const char *line)
{
	struct dataset_sample sample = {.image_name = "images/00/00000000.png",
					.annotations = line,
					.annotations_place = {"line", 7}};
	struct json_doc doc;
	struct buf out = {0};
	struct coco coco;
	struct err err = {0};
	int rc;

	coco_write_head(&coco, &out);
	rc = coco_write_image(&coco, &sample, &out, &err);
	coco_write_middle(&coco, &out);
	if (rc == 0)
		rc = coco_write_annotations(&coco, &sample, &out, &err);
	coco_write_tail(&coco, &out);
	if (rc < 0) {
		check_refused(&err, "line:7: ");
	} else {
		if (json_parse(&doc, "coco", out.data, out.len, &err) < 0)
			abort();
		check_polygons(doc.root);
		json_free(&doc);
	}
	buf_free(&out);
}

static struct polyline stay(const void *ctx, const struct polyline *line, struct arena *arena)
{
	(void)ctx;
	(void)arena;
	return *line;
}

/* What is moved by nothing can be read again. */
static void check_moved(const char *line, size_t size)
{
	const struct point_map map = {NULL, stay, false};
	struct annotations_head head, again;
	struct arena arena = {0};
	struct buf out = {0};
	struct err err = {0};

	if (annotations_read_head(&head, "line", line, size, &arena, &err) < 0) {
		check_refused(&err, "line:");
	} else if (annotations_move("line", line, size, &map, &arena, &out, &err) < 0 ||
		   annotations_read_head(&again, "line", out.data, out.len, &arena, &err) < 0 ||
		   strcmp(head.id, again.id) != 0 || head.width != again.width) {
		abort();
	}
	buf_free(&out);
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf line = {0};

	buf_bytes(&line, data, size);
	buf_str(&line, "");
	check_texts(line.data, size);
	check_dimensions(line.data, size);
	check_moved(line.data, size);
	check_coco(line.data); /* up to a NUL, as dataset_read's lines */
	buf_free(&line);
	return 0;
}
