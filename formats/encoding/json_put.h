/* SPDX-License-Identifier: MIT */
/*
 * json_put: JSON as people like to read it: a key a line, objects indented by tabs.
 *
 *	struct json_put root = json_put_begin(&buf), of;
 *	json_put_count(&root, "drawings", 3);
 *	of = json_put_open(&root, "shapes");
 *	json_put_key(&of, "line");
 *	buf_str(&buf, "[1, 2]");
 *	json_put_close(&of);
 *	json_put_end(&root);
 */
#ifndef FORMATS_JSON_PUT_H
#define FORMATS_JSON_PUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* An object that is being written: where a comma is due. */
struct json_put {
	struct buf *out;
	int depth;
	bool begun;
};

/* The whole text, and its end with a newline. */
struct json_put json_put_begin(struct buf *out);
void json_put_end(struct json_put *root);

/* What the caller puts next is the value. */
void json_put_key(struct json_put *o, const char *key);
void json_put_count(struct json_put *o, const char *key, int64_t count);

/* An object under that key, of which the one around it is not written to until it is closed. */
struct json_put json_put_open(struct json_put *in, const char *key);
void json_put_close(struct json_put *o);

#endif
