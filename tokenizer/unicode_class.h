/* SPDX-License-Identifier: MIT */
/*
 * unicode_class: what pre-tokenizers ask of a character: letter, number, white space or other.
 *
 *	struct code_point c = code_point_at(text, text + len);
 *	if (c.class == CLASS_LETTER)
 *		text += c.bytes;
 *
 * Letters are general category L, numbers N, white space the property White_Space, of Unicode 16.0.
 * Text need not be UTF-8: a byte that begins no character (RFC 3629) is one of class OTHER.
 */
#ifndef TOKENIZER_UNICODE_CLASS_H
#define TOKENIZER_UNICODE_CLASS_H

#include <stdint.h>

#define UNICODE_PAGE 256

enum char_class {
	CLASS_OTHER,
	CLASS_LETTER,
	CLASS_NUMBER,
	CLASS_SPACE,
};

/* Two bits a code point, four in a byte, the lowest first; equal pages stored once. */
extern const uint8_t unicode_page_of[0x110000 / UNICODE_PAGE];
extern const uint8_t unicode_pages[][UNICODE_PAGE / 4];

/* code below 0x110000. */
static inline enum char_class unicode_class(uint32_t code)
{
	uint32_t in_page = code % UNICODE_PAGE;

	return (enum char_class)(unicode_pages[unicode_page_of[code / UNICODE_PAGE]][in_page / 4] >>
					 (2 * (in_page % 4)) &
				 3);
}

struct code_point {
	uint32_t code; /* UINT32_MAX for a byte that begins no character */
	int bytes;     /* 1 to 4 */
	enum char_class class;
};

/* The character at p; p < end. */
struct code_point code_point_decode(const char *p, const char *end);

static inline struct code_point code_point_at(const char *p, const char *end)
{
	unsigned char c = (unsigned char)*p;

	if (c < 0x80)
		return (struct code_point){c, 1, unicode_class(c)};
	return code_point_decode(p, end);
}

/* Bytes of the longest beginning of p that is a whole character or begins one: 0 where p begins none,
 * -n where n bytes may go on to a character. What lossy decoders replace by one U+FFFD is a beginning
 * like that, or one byte. */
int utf8_extent(const char *p, const char *end);

#endif
