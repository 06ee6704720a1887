/* SPDX-License-Identifier: MIT */
/* Files are read in pieces of a MiB; what is left of one behind its last line end waits for the next. */
#include <config.h>

#include "tokenizer/cadtok_input_main.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "formats/dataset/converted_entries.h"
#include "formats/dataset/converted_read.h"
#include "formats/dataset/dataset_read.h"

#define PIECE_BYTES ((size_t)1 << 20)
#define WHOLE_BYTES_MAX (((size_t)1 << 31) - 1)

struct source {
	FILE *file;
	const char *name;
};

static int source_open(struct source *source, const char *path, struct err *err)
{
	if (strcmp(path, "-") == 0) {
		*source = (struct source){stdin, "standard input"};
		return 0;
	}
	*source = (struct source){fopen(path, "rb"), path};
	return source->file ? 0 : err_errno(err, "cannot open %s", path);
}

static void source_close(struct source *source)
{
	if (source->file && source->file != stdin)
		fclose(source->file);
}

/* Appends the next piece to *text; 0 at the end. */
static int source_read(struct source *source, struct buf *text, struct err *err)
{
	char *at = buf_reserve(text, PIECE_BYTES);
	size_t n = fread(at, 1, PIECE_BYTES, source->file);

	text->len += n;
	text->data[text->len] = '\0';
	if (n > 0)
		return 1;
	return ferror(source->file) ? err_errno(err, "cannot read %s", source->name) : 0;
}

/* Uses the lines that are whole, from *done on. */
static int use_lines(const struct buf *text, size_t *done, input_use *use, void *ctx,
		     struct err *err)
{
	const char *end;

	while ((end = memchr(text->data + *done, '\n', text->len - *done))) {
		size_t next = (size_t)(end + 1 - text->data);

		if (use(ctx, text->data + *done, next - *done, err) < 0)
			return -1;
		*done = next;
	}
	return 0;
}

static void drop_front(struct buf *text, size_t n)
{
	memmove(text->data, text->data + n, text->len - n);
	text->len -= n;
	text->data[text->len] = '\0';
}

static int read_lines(struct source *source, struct buf *text, input_use *use, void *ctx,
		      struct err *err)
{
	int rc;

	for (;;) {
		size_t done = 0, before = text->len;

		rc = source_read(source, text, err);
		if (rc <= 0)
			break;
		/* A line without end is not searched again. */
		if (!memchr(text->data + before, '\n', text->len - before))
			continue;
		if (use_lines(text, &done, use, ctx, err) < 0)
			return -1;
		drop_front(text, done);
	}
	if (rc == 0 && text->len)
		rc = use(ctx, text->data, text->len, err);
	return rc;
}

int input_lines(const char *path, input_use *use, void *ctx, struct err *err)
{
	struct source source;
	struct buf text = {0};
	int rc;

	if (source_open(&source, path, err) < 0)
		return -1;
	rc = read_lines(&source, &text, use, ctx, err);
	source_close(&source);
	buf_free(&text);
	return rc;
}

static int use_both(const char *prompt, const char *program, input_use *use, void *ctx,
		    struct err *err)
{
	if (use(ctx, prompt, strlen(prompt), err) < 0)
		return -1;
	return use(ctx, program, strlen(program), err);
}

/* A dataset of cadconv. */
static int input_entries(const char *dataset, input_use *use, void *ctx, struct err *err)
{
	struct converted_entries *entries = converted_entries_open(dataset, err);
	struct converted_entry entry;
	struct arena arena = {0};
	int rc = entries ? 1 : -1;

	while (rc > 0 && (rc = converted_entry(entries, &entry, &arena, err)) > 0) {
		if (use_both(entry.sample.prompt, entry.sample.program, use, ctx, err) < 0)
			rc = -1;
		arena_reset(&arena);
	}
	arena_free(&arena);
	converted_entries_close(entries);
	return rc;
}

static int input_drawings(const char *dataset, input_use *use, void *ctx, struct err *err)
{
	struct dataset_reader *reader = dataset_reader_open(dataset, err);
	struct dataset_sample sample;
	struct arena arena = {0};
	int rc;

	if (!reader)
		return -1;
	while ((rc = dataset_read(reader, &sample, &arena, err)) > 0) {
		if (use_both(sample.prompt, sample.program, use, ctx, err) < 0) {
			rc = -1;
			break;
		}
		arena_reset(&arena);
	}
	arena_free(&arena);
	dataset_reader_free(reader);
	return rc;
}

int input_samples(const char *dataset, input_use *use, void *ctx, struct err *err)
{
	int rc = converted_is_in(dataset, err);

	if (rc < 0)
		return -1;
	return rc ? input_entries(dataset, use, ctx, err) : input_drawings(dataset, use, ctx, err);
}

int input_texts(const char *path, input_use *use, void *ctx, struct err *err)
{
	struct stat st;

	if (strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return input_samples(path, use, ctx, err);
	return input_lines(path, use, ctx, err);
}

int input_whole(const char *path, struct buf *text, struct err *err)
{
	struct source source;
	int rc;

	if (source_open(&source, path, err) < 0)
		return -1;
	while ((rc = source_read(&source, text, err)) > 0)
		if (text->len > WHOLE_BYTES_MAX) {
			rc = err_set(err, ERR_LIMIT, "%s: more than %zu bytes", source.name,
				     WHOLE_BYTES_MAX);
			break;
		}
	source_close(&source);
	return rc;
}
