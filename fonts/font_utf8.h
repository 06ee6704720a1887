/* SPDX-License-Identifier: MIT */
/*
 * font_utf8: characters out of text that need not be valid.
 *
 *	while (*s) {
 *		uint32_t c = font_utf8_next(&s);
 *		...
 *	}
 */
#ifndef FONTS_FONT_UTF8_H
#define FONTS_FONT_UTF8_H

#include <stdint.h>

/* Takes the next character off *s, which must not be at its NUL. A byte that begins no well-formed
 * sequence (Unicode 15, table 3-7: no overlong forms, surrogates or values over U+10FFFF) counts as
 * U+FFFD by itself. */
uint32_t font_utf8_next(const char **s);

#endif
