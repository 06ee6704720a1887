/* SPDX-License-Identifier: MIT */
/*
 * UTF-8 by table 3-7 of the Unicode Standard: the second byte's range depends on the first, so that
 * overlong forms, surrogates and codes above 0x10ffff begin no character.
 */
#include <config.h>

#include "tokenizer/unicode_class.h"

#include <stdbool.h>
#include <stddef.h>

/* Bytes of a character that begins with c; 0 if none does. */
static int length_from_first(unsigned char c)
{
	if (c < 0x80)
		return 1;
	if (c < 0xc2 || c > 0xf4)
		return 0;
	return c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

static bool is_second(unsigned char first, unsigned char c)
{
	unsigned char lo = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
	unsigned char hi = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;

	return c >= lo && c <= hi;
}

int utf8_extent(const char *p, const char *end)
{
	unsigned char first = (unsigned char)*p;
	int length = length_from_first(first), i = 1;

	for (; i < length && p + i < end; i++) {
		unsigned char c = (unsigned char)p[i];

		if (!(i == 1 ? is_second(first, c) : (c & 0xc0) == 0x80))
			break;
	}
	return i < length ? -i : length;
}

struct code_point code_point_decode(const char *p, const char *end)
{
	int bytes = utf8_extent(p, end);
	uint32_t code;

	if (bytes <= 0)
		return (struct code_point){UINT32_MAX, 1, CLASS_OTHER};
	code = (unsigned char)*p & (bytes == 1 ? 0x7f : 0x7f >> bytes);
	for (int i = 1; i < bytes; i++)
		code = code << 6 | ((unsigned char)p[i] & 0x3f);
	return (struct code_point){code, bytes, unicode_class(code)};
}
