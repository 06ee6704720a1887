/* SPDX-License-Identifier: MIT */
/*
 * llava_read; whatever samples it finds, written as entries, must be read back as the same. What it
 * refuses must leave a proper error.
 */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "formats/dataset/llava_read.h"
#include "tests/fuzz/memory_file.h"

static const char folder[] = "f";

static void put_sample(struct buf *b, const struct llava_sample *s)
{
	buf_str(b, s->index ? ",\n{\"id\":" : "{\"id\":");
	buf_json_str(b, s->id);
	buf_str(b, ",\"image\":");
	buf_json_str(b, s->image + sizeof(folder)); /* and the slash */
	buf_str(b, ",\"conversations\":[{\"from\":\"human\",\"value\":");
	buf_json_str(b, s->prompt);
	b->len -= 1; /* its quote, for <image>, which goes last: the prompt has none */
	buf_str(b, "<image>\"},{\"from\":\"gpt\",\"value\":");
	buf_json_str(b, s->program);
	buf_str(b, "}]}");
}

/* Reads all samples into *out, one JSON array; returns how many, or -1. */
static int read_all(const char *path, struct buf *out, struct err *err)
{
	struct llava_reader *reader = llava_reader_open(path, folder, err);
	struct arena arena = {0};
	struct llava_sample s;
	int n = 0, rc = reader ? 1 : -1;

	buf_str(out, "[");
	while (rc > 0 && (rc = llava_read(reader, &s, &arena, err)) > 0) {
		if (s.index != (size_t)n++ || s.line < 1)
			abort();
		put_sample(out, &s);
	}
	buf_str(out, "]");
	arena_free(&arena);
	llava_reader_free(reader);
	return rc < 0 ? -1 : n;
}

static void check_again(const struct buf *text, int n)
{
	struct memory_file file = memory_file_new(text->data, text->len);
	struct buf again = {0};
	struct err err = {0};

	if (read_all(file.path, &again, &err) != n || strcmp(text->data, again.data) != 0)
		abort();
	buf_free(&again);
	memory_file_free(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct memory_file file = memory_file_new(data, size);
	struct buf text = {0};
	struct err err = {0};
	int n = read_all(file.path, &text, &err);

	if (n >= 0)
		check_again(&text, n);
	else if ((err.code != ERR_FORMAT && err.code != ERR_LIMIT) ||
		 strncmp(err.msg, file.path, strlen(file.path)) != 0 || strchr(err.msg, '\n'))
		abort();
	buf_free(&text);
	memory_file_free(&file);
	return 0;
}
