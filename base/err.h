/* SPDX-License-Identifier: MIT */
/*
 * err: the one error type of cadgen.
 *
 *	struct err err = {0};
 *	if (image_write_png(path, &image, &err) < 0) {
 *		err_context(&err, "sample %d", i);
 *		fprintf(stderr, "cadgen: %s\n", err.msg);
 *	}
 *
 * Functions that can fail take `struct err *err` last and return 0 or a count, or -1 with *err
 * filled. The message is one line without a newline, complete enough to print as it is.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

/* What a caller can do about it. */
enum err_code {
	ERR_NONE,
	ERR_USAGE,       /* the command line is wrong: exit status 2 */
	ERR_IO,          /* the operating system refused: message ends with its reason */
	ERR_FORMAT,      /* the input's bytes are wrong: message begins with file:line */
	ERR_LIMIT,       /* the input is well formed but over a documented bound */
	ERR_UNSUPPORTED, /* known, but not by this build */
	ERR_DEVICE,      /* an accelerator failed */
	ERR_MEMORY,      /* it would take more memory than there is, of an accelerator's, say */
	ERR_CRASHED,     /* a process that was to do it ended */
	ERR_INTERRUPTED, /* the user stopped it */
};

#define ERR_MSG_BYTES 512

struct err {
	enum err_code code;
	char msg[ERR_MSG_BYTES];
};

/* Fills *err, cutting an overlong message, and returns -1 so that `return err_set(...)` reads
 * well. err may be NULL. */
int err_set(struct err *err, enum err_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* As err_set with ERR_IO, and appends ": " and strerror(errno). */
int err_errno(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Puts "context: " in front of the message of *err; keeps the code. Returns -1. */
int err_context(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
