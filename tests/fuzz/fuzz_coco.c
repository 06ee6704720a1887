/* SPDX-License-Identifier: MIT */
/*
 * coco_file_read. What it accepts is moved by nothing, written and read again: all images are there
 * under their names, and what is written then is the same once more. What it refuses must leave a
 * proper error.
 */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "formats/dataset/coco_move.h"
#include "tests/fuzz/memory_file.h"

static struct polyline stay(const void *ctx, const struct polyline *line, struct arena *arena)
{
	(void)ctx;
	(void)arena;
	return *line;
}

/* NULL where it is refused. */
static struct coco_file *read_text(const char *text, size_t size)
{
	struct memory_file file = memory_file_new(text, size);
	struct err err = {0};
	struct coco_file *f = coco_file_read(file.path, &err);

	if (!f && err.code != ERR_FORMAT && err.code != ERR_LIMIT)
		abort();
	if (!f && (strncmp(err.msg, file.path, strlen(file.path)) != 0 || strchr(err.msg, '\n')))
		abort();
	memory_file_free(&file);
	return f;
}

/* Moves all images and writes the file; returns how many there are. */
static size_t move_all(struct coco_file *f, struct buf *out)
{
	const struct point_map map = {NULL, stay, false};
	size_t count = coco_file_count(f);
	struct arena arena = {0};

	for (size_t i = 0; i < count; i++) {
		struct coco_image image = coco_file_image(f, i);
		char *name = strdup(image.file_name);

		if (!name || image.width < 1 || image.height < 1)
			abort();
		coco_file_move(f, i, name, &map, &arena);
		free(name);
	}
	coco_file_write(f, out);
	arena_free(&arena);
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct coco_file *f = read_text((const char *)data, size), *again, *last;
	struct buf once = {0}, twice = {0}, thrice = {0};
	size_t count;

	if (!f)
		return 0;
	count = move_all(f, &once);
	again = read_text(once.data, once.len);
	if (!again || move_all(again, &twice) != count)
		abort();
	/* Rounding to 0.01 px, once. */
	last = read_text(twice.data, twice.len);
	if (!last)
		abort();
	coco_file_write(last, &thrice);
	if (strcmp(twice.data, thrice.data) != 0)
		abort();
	coco_file_free(f);
	coco_file_free(again);
	coco_file_free(last);
	buf_free(&once);
	buf_free(&twice);
	buf_free(&thrice);
	return 0;
}
