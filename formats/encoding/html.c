/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "formats/encoding/html.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

static const char *reference_of(uint32_t c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

/* First and last of what is not printed. */
static const uint32_t unseen[][2] = {
	{0, 8},           {11, 31},         {0x7f, 0x9f},     {0xad, 0xad},     {0x61c, 0x61c},
	{0x180e, 0x180e}, {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, {0xfdd0, 0xfdef},
	{0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xfffe, 0xffff}, {0xe000, 0xf8ff}, {0xe0000, 0x10ffff},
};

static bool is_unseen(uint32_t c)
{
	for (size_t i = 0; i < sizeof(unseen) / sizeof(*unseen); i++)
		if (c >= unseen[i][0] && c <= unseen[i][1])
			return true;
	return (c & 0xfffe) == 0xfffe;
}

static void put_code(struct buf *out, const char *format, unsigned code)
{
	char text[16];

	snprintf(text, sizeof(text), format, code);
	buf_str(out, text);
}

void html_text(struct buf *out, const char *s, size_t n)
{
	for (size_t i = 0, len; i < n; i += len) {
		const char *reference;
		uint32_t c;

		len = utf8_char(s + i, n - i, &c);
		if (len == 0) {
			put_code(out, "\\x%02x", (unsigned char)s[i]);
			len = 1;
			continue;
		}
		reference = reference_of(c);
		if (reference)
			buf_str(out, reference);
		else if (is_unseen(c))
			put_code(out, "\\u{%x}", c);
		else
			buf_bytes(out, s + i, len);
	}
}

void html_string(struct buf *out, const char *s)
{
	html_text(out, s, strlen(s));
}

void html_base64(struct buf *out, const void *data, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				     "0123456789+/";
	const unsigned char *p = data;
	char *to = buf_reserve(out, (n / 3 + 1) * 4);

	for (size_t i = 0; i < n; i += 3) {
		size_t left = n - i;
		uint32_t v = (uint32_t)p[i] << 16;

		v |= left > 1 ? (uint32_t)p[i + 1] << 8 : 0;
		v |= left > 2 ? p[i + 2] : 0;
		*to++ = digits[v >> 18];
		*to++ = digits[v >> 12 & 63];
		*to++ = left > 1 ? digits[v >> 6 & 63] : '=';
		*to++ = left > 2 ? digits[v & 63] : '=';
	}
	*to = '\0';
	out->len = (size_t)(to - out->data);
}
