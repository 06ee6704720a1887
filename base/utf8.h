/* SPDX-License-Identifier: MIT */
/*
 * utf8: characters out of bytes that may be anything.
 *
 *	for (size_t i = 0, n; i < len; i += n) {
 *		uint32_t c;
 *		if ((n = utf8_char(text + i, len - i, &c)) == 0)
 *			... byte i is wrong
 *	}
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The length of the character at s[0..n), n > 0, its code point in *c; 0 if there is none (Unicode 15,
 * table 3-7: no overlong forms, no surrogates, nothing over U+10FFFF). */
size_t utf8_char(const char *s, size_t n, uint32_t *c);

/* Whether all of s is such characters. */
bool utf8_is_valid(const char *s);

#endif
