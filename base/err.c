/* SPDX-License-Identifier: MIT */
/*
 * Messages are formatted into a large buffer on the stack first and then fitted into err->msg, so
 * arguments may point into err->msg itself. A message that is too long loses its middle: where it
 * happened stands at its beginning, the system's reason at its end. Invariant: err->msg is one
 * line, whatever bytes a file name held, and a cut never splits a UTF-8 character.
 */
#include <config.h>

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

/* A path of PATH_MAX (4096) bytes, words around it and a reason. */
#define TEXT_BYTES 8192
#define REASON_BYTES 256

/* What a context keeps even when the message behind it is full. */
#define CONTEXT_BYTES 128

static const char cut_mark[] = "...";

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Copies s into dst[room], leaving out its middle where it does not fit; room > 8. */
static void fit(char *dst, size_t room, const char *s)
{
	size_t len = strlen(s);
	if (len < room) {
		memcpy(dst, s, len + 1);
		return;
	}
	size_t keep = room - sizeof(cut_mark);
	size_t head = keep / 2;
	size_t tail = len - (keep - keep / 2);
	while (head > 0 && is_continuation(s[head]))
		head--;
	while (is_continuation(s[tail]))
		tail++;
	memcpy(dst, s, head);
	memcpy(dst + head, cut_mark, sizeof(cut_mark) - 1);
	memcpy(dst + head + sizeof(cut_mark) - 1, s + tail, len - tail + 1);
}

static void replace_controls(char *s)
{
	for (; *s; s++) {
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = '?';
	}
}

static void store(struct err *err, enum err_code code, const char *text)
{
	err->code = code;
	fit(err->msg, sizeof(err->msg), text);
	replace_controls(err->msg);
}

int err_set(struct err *err, enum err_code code, const char *fmt, ...)
{
	if (!err)
		return -1;
	char text[TEXT_BYTES];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	store(err, code, text);
	return -1;
}

int err_errno(struct err *err, const char *fmt, ...)
{
	int number = errno;
	if (!err)
		return -1;
	char text[TEXT_BYTES];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text) - REASON_BYTES, fmt, args);
	va_end(args);
	size_t len = strlen(text);
	snprintf(text + len, sizeof(text) - len, ": %s", strerror(number));
	store(err, ERR_IO, text);
	return -1;
}

int err_context(struct err *err, const char *fmt, ...)
{
	if (!err)
		return -1;
	char text[TEXT_BYTES];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);

	/* The context gives way before the message does, down to CONTEXT_BYTES. */
	size_t msg_len = strlen(err->msg);
	size_t room = sizeof(err->msg) - msg_len;
	char joined[CONTEXT_BYTES + 2 * ERR_MSG_BYTES];
	fit(joined, room > 2 + CONTEXT_BYTES ? room - 2 : CONTEXT_BYTES, text);
	size_t len = strlen(joined);
	if (msg_len > 0) {
		memcpy(joined + len, ": ", 2);
		memcpy(joined + len + 2, err->msg, msg_len + 1);
	}
	store(err, err->code, joined);
	return -1;
}
