/* SPDX-License-Identifier: MIT */
/*
 * prompts_read; whatever it accepts, written one prompt per line, must be read back as the same
 * prompts. What it refuses must leave a proper error.
 */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "formats/dataset/prompts.h"
#include "tests/fuzz/memory_file.h"

/* Begins with an empty line, since a first prompt's own U+FEFF would be taken for a byte order
 * mark. */
static void write_lines(const struct prompts *prompts, struct buf *out)
{
	for (int i = 0; i < prompts->count; i++) {
		buf_char(out, '\n');
		buf_str(out, prompts->text[i]);
	}
}

static void check_round_trip(const struct prompts *prompts)
{
	struct buf out = {0};
	struct memory_file file;
	struct prompts again;
	struct err err;

	write_lines(prompts, &out);
	file = memory_file_new(out.data, out.len);
	if (prompts_read(&again, file.path, &err) < 0)
		abort();
	if (again.count != prompts->count)
		abort();
	for (int i = 0; i < again.count; i++)
		if (strcmp(again.text[i], prompts->text[i]) != 0)
			abort();
	prompts_free(&again);
	memory_file_free(&file);
	buf_free(&out);
}

static void check_refused(const struct prompts *prompts, const char *path, const struct err *err)
{
	if (prompts->count || prompts->text || prompts->storage)
		abort();
	if (err->code != ERR_FORMAT && err->code != ERR_LIMIT)
		abort();
	if (strncmp(err->msg, path, strlen(path)) != 0 || strchr(err->msg, '\n'))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct memory_file file = memory_file_new(data, size);
	struct prompts prompts;
	struct err err = {0};

	if (prompts_read(&prompts, file.path, &err) == 0)
		check_round_trip(&prompts);
	else
		check_refused(&prompts, file.path, &err);
	prompts_free(&prompts);
	memory_file_free(&file);
	return 0;
}
