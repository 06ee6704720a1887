/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "formats/dataset_private.h"

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
	return t->file ? 0 : err_errno(err, "cannot open %s", t->path);
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

int dataset_text_next(struct dataset_text *t, struct err *err)
{
	int c;

	buf_clear(&t->text);
	t->line++;
	while ((c = getc_unlocked(t->file)) != EOF && c != '\n') {
		if (c == '\0')
			return dataset_text_error(t, err, "a byte of 0");
		if (t->text.len == LINE_BYTES_MAX)
			return dataset_text_error(t, err, "a line of more than %zu bytes",
						  LINE_BYTES_MAX);
		buf_char(&t->text, (char)c);
	}
	if (ferror(t->file))
		return err_errno(err, "cannot read %s", t->path);
	if (c == '\n') {
		buf_str(&t->text, "");
		return 1;
	}
	return t->text.len ? dataset_text_error(t, err, "cut short: the last line has no end") : 0;
}
