/* SPDX-License-Identifier: MIT */
/*
 * html: any bytes as text of an HTML page.
 *
 *	buf_str(&page, "<td title=\"");
 *	html_text(&page, name, strlen(name));
 *	buf_str(&page, "\"><img src=\"data:image/png;base64,");
 *	html_base64(&page, png.data, png.len);
 */
#ifndef FORMATS_HTML_H
#define FORMATS_HTML_H

#include <stddef.h>

#include "base/buf.h"

/* As the text of an element or of an attribute in quotes of either kind: & < > " ' as references.
 * Nothing in it is unseen or changes what stands around it: bytes that are no UTF-8 become \xff,
 * characters that are not printed (controls but line end and tab, directions of writing, joiners, what
 * is no character) become \u{202e}. */
void html_text(struct buf *out, const char *s, size_t n);

/* The same of a string. */
void html_string(struct buf *out, const char *s);

/* RFC 4648, section 4, with padding. */
void html_base64(struct buf *out, const void *data, size_t n);

#endif
