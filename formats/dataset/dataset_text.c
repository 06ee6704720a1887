/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "formats/dataset/dataset_private.h"

#define LINE_BYTES_MAX ((size_t)16 << 20)

int dataset_place_error(const struct dataset_place *place, struct err *err)
{
	static const char nameless[] = ":1: ";
	size_t skipped = strlen(nameless);

	if (err && strncmp(err->msg, nameless, skipped) == 0)
		memmove(err->msg, err->msg + skipped, strlen(err->msg) - skipped + 1);
	return err_context(err, "%s:%" PRIu64, place->path, place->line);
}

int dataset_text_open(struct dataset_text *t, struct err *err)
{
	t->file = fopen(t->path, "re");
	if (!t->file)
		return err_errno(err, "cannot open %s", t->path);
	setvbuf(t->file, NULL, _IONBF, 0);
	return 0;
}

void dataset_text_close(struct dataset_text *t)
{
	if (t->file)
		fclose(t->file); /* only read */
	t->file = NULL;
	buf_free(&t->text);
}

struct dataset_place dataset_text_place(const struct dataset_text *t)
{
	return (struct dataset_place){t->path, t->line};
}

int dataset_text_error(const struct dataset_text *t, struct err *err, const char *fmt, ...)
{
	struct dataset_place place = dataset_text_place(t);
	char what[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	for (char *c = what; *c; c++) /* of a line that is quoted: a message is one line */
		if ((unsigned char)*c < ' ' || *c == '\x7f')
			*c = '?';
	err_set(err, ERR_FORMAT, "%s", what);
	return dataset_place_error(&place, err);
}

/* Reads on. Returns 1, 0 at the end of the file, -1 on error. */
static int fill_block(struct dataset_text *t, struct err *err)
{
	t->at = 0;
	t->filled = fread(t->block, 1, sizeof(t->block), t->file);
	if (t->filled == 0 && ferror(t->file))
		return err_errno(err, "cannot read %s", t->path);
	return t->filled > 0;
}

/* Adds to t->text what the block has of the line. Returns 1 where that is its end. */
static int take_text(struct dataset_text *t, struct err *err)
{
	const char *from = t->block + t->at, *end = memchr(from, '\n', t->filled - t->at);
	size_t n = end ? (size_t)(end - from) : t->filled - t->at;

	if (memchr(from, '\0', n))
		return dataset_text_error(t, err, "a byte of 0");
	if (t->text.len + n > LINE_BYTES_MAX)
		return dataset_text_error(t, err, "a line of more than %zu bytes", LINE_BYTES_MAX);
	buf_bytes(&t->text, from, n);
	t->at += n + (end ? 1 : 0);
	return end ? 1 : 0;
}

int dataset_text_next(struct dataset_text *t, struct err *err)
{
	int rc = 0;

	buf_clear(&t->text);
	t->line++;
	while (rc == 0) {
		if (t->at == t->filled && (rc = fill_block(t, err)) <= 0)
			break;
		rc = take_text(t, err);
	}
	if (rc == 0 && t->text.len)
		return dataset_text_error(t, err, "cut short: the last line has no end");
	if (rc > 0)
		buf_str(&t->text, "");
	return rc;
}
