/* SPDX-License-Identifier: MIT */
/*
 * json: cJSON trees that know which line a node stands on.
 *
 *	struct json_doc doc;
 *	if (json_read(&doc, "style.json", err) < 0) ...
 *	const cJSON *node = cJSON_GetObjectItemCaseSensitive(doc.root, "text_mm");
 *	if (!cJSON_IsNumber(node))
 *		return json_error(&doc, node, err, "'text_mm' must be a number");
 *	json_free(&doc);
 *
 * cJSON keeps no positions, so json_error counts the nodes before the offending one in document
 * order and finds the same count in the text: slow, and only done once something is wrong.
 */
#ifndef FORMATS_JSON_H
#define FORMATS_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct json_doc {
	const char *name;  /* for messages; borrowed */
	struct buf text;   /* owned */
	cJSON *root;       /* owned */
	bool columns;      /* messages say name:line:column */
	long lines_before; /* the text, in messages */
};

/* Parses text[0..len) (copied) as one JSON value (RFC 8259, strictly; a byte order mark before it
 * is passed over) with nothing but white space behind it. name is borrowed until json_free. Nesting
 * over 64, duplicate keys in one object, NULs (also as \u0000), numbers of more than 63 characters,
 * bytes that are not UTF-8 and invalid JSON are ERR_FORMAT with name:line. After a failure there is
 * nothing to free, and json_free does no harm. */
int json_parse(struct json_doc *doc, const char *name, const char *text, size_t len,
	       struct err *err);

/* As json_parse, for text that may be one long line: this and every later message about the
 * document says name:line:column, the column in bytes from 1. */
int json_parse_columns(struct json_doc *doc, const char *name, const char *text, size_t len,
		       struct err *err);

/* As json_parse, for line `line`, from 1, of a file of one value a line: messages say that line. */
int json_parse_line(struct json_doc *doc, const char *name, long line, const char *text, size_t len,
		    struct err *err);

/* Reads and parses a file of at most 64 MiB; path is the name and borrowed until json_free. */
int json_read(struct json_doc *doc, const char *path, struct err *err);

void json_free(struct json_doc *doc);

/* The value of an object's key, or NULL: also of what is NULL or no object. */
static inline cJSON *json_member(const cJSON *object, const char *key)
{
	return cJSON_GetObjectItemCaseSensitive(object, key);
}

/* A whole number from lo to hi, within 2^53, under that key; ERR_FORMAT with the key and the range. */
int json_whole(const struct json_doc *doc, const cJSON *object, const char *key, double lo,
	       double hi, double *out, struct err *err);

/* Fills err with ERR_FORMAT and "name:line: message"; node NULL means the root. Returns -1. */
int json_error(const struct json_doc *doc, const cJSON *node, struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* As json_error, with ERR_LIMIT: well formed, but over a documented bound. */
int json_limit(const struct json_doc *doc, const cJSON *node, struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* As json_error, with ERR_UNSUPPORTED: well formed, but not what is read here. */
int json_unsupported(const struct json_doc *doc, const cJSON *node, struct err *err,
		     const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The number node as thousandths, exactly as written up to three decimals (more are ERR_FORMAT, and
 * so is what is no number); checks lo..hi (in thousandths, within +-1e15). label names it in
 * messages: "samples/x.json:3: 'text_mm' is 99; allowed 1.8 to 20". */
int json_milli(const struct json_doc *doc, const cJSON *node, const char *label, int64_t lo,
	       int64_t hi, int64_t *out, struct err *err);

#endif
