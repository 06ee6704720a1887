/* SPDX-License-Identifier: MIT */
/*
 * base64: bytes as text of 64 characters (RFC 4648, section 4).
 *
 *	base64_put(&out, png.data, png.len);
 *	if (base64_parse(&bytes, text, strlen(text), &err) < 0) ...
 */
#ifndef FORMATS_BASE64_H
#define FORMATS_BASE64_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Appends 4 characters for every 3 bytes begun, padded with '=', without line breaks. */
void base64_put(struct buf *out, const void *data, size_t n);

/* Appends the bytes that n characters stand for. Strict: only what base64_put writes is taken.
 * ERR_FORMAT, which says at which character, leaves *out as it was. */
int base64_parse(struct buf *out, const char *text, size_t n, struct err *err);

#endif
